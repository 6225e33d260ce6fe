"""Income and expenses by line: what was earned and spent, inside what was budgeted, beside last year's."""

from __future__ import annotations

from decimal import Decimal
from math import ceil
from typing import TYPE_CHECKING

from projections.report.language.numbers import Numbers
from projections.report.language.scale import UNKNOWN
from projections.report.pictures.bar_rows import (
    Span,
    axis_room,
    draw_axis_title,
    draw_baseline,
    draw_labels,
    frame_of,
    lay_out,
    value_place,
    value_room,
)
from projections.report.pictures.drawing import SMALL, STRONG, Drawing, axis, of
from projections.report.pictures.legend import Entry, draw_legend, place
from projections.report.pictures.lettering import text_width
from projections.report.pictures.scales import decimals_of, ends, steps_within

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.report.content.picture_data import IncomeAndExpenses
    from projections.report.pictures.drawing import Row, Spec
    from projections.report.theme.palette import Palette

Bar = tuple[str, Decimal | None, Decimal | None, Decimal | None]

_BUDGET = 20
_ACTUAL = 10
_TICK = 26


def income_and_expenses(chart: IncomeAndExpenses, palette: Palette, width: int) -> Spec:
    """Return the lines of income and of expenses on one scale, so that what weighs more looks so."""
    bars = [bar for _heading, group in chart.groups for bar in group]
    legend = place(_entries(chart, bars, palette), width)
    amounts = [amount for bar in bars for amount in bar[1:] if amount is not None]
    numbers, (low, high) = Numbers(chart.locale), ends(map(float, amounts))
    texts = [UNKNOWN if bar[2] is None else numbers.plain(bar[2], decimals_of(amounts)) for bar in bars]
    lowest, highest = (numbers.plain(Decimal(end), 1) for end in (low, high))
    groups = [(heading, len(group)) for heading, group in chart.groups]
    labels = [bar[0] for bar in bars]
    rows = lay_out(labels, width, thickness=_BUDGET, beside=chart.axis, lowest=lowest, groups=groups)
    right = max(value_room(texts), ceil(text_width(highest, SMALL) / 2))
    frame = frame_of(rows, width, right=right, top=legend.height + 6, bottom=axis_room(rows))
    span = Span(low, high, frame.width)
    drawing = Drawing(frame=frame, palette=palette)
    drawing.scales.append({"name": "x", "type": "linear", "domain": span.domain, "range": "width", "zero": False})
    steps = steps_within(low, high, frame.width, max(text_width(text, SMALL) for text in (lowest, highest)))
    drawing.axes.append(axis(palette, "x", orient="bottom", values=steps, format=",~f", grid=not rows.above))
    draw_legend(drawing, legend)
    draw_labels(drawing, rows)
    draw_axis_title(drawing, chart.axis, rows)
    placed = [_bar(bar, text, span) for bar, text in zip(bars, texts, strict=True)]
    _draw_bars(drawing, [bar | {"y": rows.middle(place)} for place, bar in enumerate(placed)])
    draw_baseline(drawing, rows, span.place(0), _BUDGET)
    return drawing.spec()


def _entries(chart: IncomeAndExpenses, bars: Sequence[Bar], palette: Palette) -> list[Entry]:
    """Return what the marks mean, of those that occur."""
    entries = [Entry(form="thin", name=chart.actual_label, fill=palette.series_1)]
    if any(budget is not None for _label, budget, _actual, _last in bars):
        entries.append(Entry(form="area", name=chart.budget_label, fill=palette.series_3, edge=palette.series_2))
    if any(last is not None for _label, _budget, _actual, last in bars):
        entries.append(Entry(form="tick", name=chart.last_year_label, fill=palette.ink))
    return entries


def _bar(bar: Bar, text: str, span: Span) -> Row:
    """Return where a bar's parts end and where its value begins, in pixels."""
    zero = span.place(0)
    budget, actual, last = (None if amount is None else span.place(float(amount)) for amount in bar[1:])
    end = zero if actual is None else max(actual, zero)
    text_x = value_place(end, text, [x for x in (budget, last) if x is not None])
    return {"zero": zero, "budget": budget, "actual": actual, "last": last, "text": text, "text_x": text_x}


def _draw_bars(drawing: Drawing, bars: Sequence[Row]) -> None:
    palette = drawing.palette
    ticks = {"fill": palette.ink, "stroke": palette.paper, "strokeWidth": 1.5}
    for field, thickness, colours in (
        ("budget", _BUDGET, {"fill": palette.series_3, "stroke": palette.series_2}),
        ("actual", _ACTUAL, {"fill": palette.series_1}),
    ):
        known = [bar for bar in bars if bar[field] is not None]
        drawing.add("rect", known, x=of("zero"), x2=of(field), yc=of("y"), height=thickness, **colours)
    compared = [bar for bar in bars if bar["last"] is not None]
    drawing.add("rect", compared, xc=of("last"), width=4, yc=of("y"), height=_TICK, **ticks)
    drawing.add_text(bars, x=of("text_x"), y=of("y"), fontWeight=STRONG)
