"""Bars of percentages, each with a mark to compare it with: the use of budgets, and the progress of projects."""

from __future__ import annotations

from decimal import Decimal
from math import ceil, floor
from typing import TYPE_CHECKING

from attrs import frozen

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
from projections.report.pictures.drawing import SMALL, STRONG, Drawing, at, axis, of
from projections.report.pictures.legend import Entry, draw_legend, place
from projections.report.pictures.lettering import text_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.report.content.picture_data import ProjectProgress, UseOfBudget
    from projections.report.pictures.bar_rows import Rows
    from projections.report.pictures.drawing import Row, Spec
    from projections.report.theme.palette import Palette

WHOLE = Decimal(100)
CAP = Decimal(200)
"""The axis goes no further, so that one figure out of all proportion leaves the others readable; an arrow tells."""
_THICK = 16
_TICK = 24
_MANY = 150
_ROUND = 25
_ARROW = "M-0.5,-1L0.5,0L-0.5,1Z"
_ARROW_ROOM = 10


@frozen(slots=True, kw_only=True)
class Percentages:
    """Bars of percentages.

    Attributes:
        bars: label, per cent (None where unknown), and what it is compared with.
        bar_name, mark_name: legend.
        line: where a line runs through all bars, and what it says; or None.
        axis: what the percentages are of.
        track: whether the whole is drawn behind each bar.
        decimals: of the percentages; None for those that each has, as somebody told it.
        locale: how numbers are written.
    """

    bars: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    bar_name: str
    mark_name: str
    line: tuple[Decimal, str] | None
    axis: str
    track: bool
    decimals: int | None
    locale: str


def use_of_budget(chart: UseOfBudget, palette: Palette, width: int) -> Spec:
    """Return the use of budgets, with the line of even use."""
    return _drawn(
        Percentages(
            bars=chart.bars,
            bar_name=chart.used_label,
            mark_name=chart.last_year_label,
            line=(chart.expected, chart.expected_label),
            axis=chart.axis,
            track=False,
            decimals=1,
            locale=chart.locale,
        ),
        palette,
        width,
    )


def project_progress(chart: ProjectProgress, palette: Palette, width: int) -> Spec:
    """Return the progress of projects, each on a track that is the whole project."""
    return _drawn(
        Percentages(
            bars=chart.bars,
            bar_name=chart.progress_label,
            mark_name=chart.time_label,
            line=None,
            axis=chart.axis,
            track=True,
            decimals=None,
            locale=chart.locale,
        ),
        palette,
        width,
    )


def _drawn(chart: Percentages, palette: Palette, width: int) -> Spec:
    legend = place(_entries(chart, palette), width)
    low, high = _domain(chart)
    labels, lowest = [label for label, _value, _mark in chart.bars], Numbers(chart.locale).plain(Decimal(low))
    rows = lay_out(labels, width, thickness=_THICK, beside=chart.axis, lowest=lowest)
    top = legend.height + (26 if chart.line else 6)
    frame = frame_of(rows, width, right=value_room(_texts(chart)), top=top, bottom=axis_room(rows))
    span = Span(low, high, frame.width)
    drawing = Drawing(frame=frame, palette=palette)
    drawing.scales.append({"name": "x", "type": "linear", "domain": span.domain, "range": "width", "zero": False})
    drawing.axes.append(
        axis(palette, "x", orient="bottom", values=_steps(low, high), format=",~f", grid=not rows.above)
    )
    draw_legend(drawing, legend)
    draw_labels(drawing, rows)
    draw_axis_title(drawing, chart.axis, rows)
    bars = [_bar(chart, number, span, rows.middle(number)) for number in range(len(chart.bars))]
    _draw_bars(drawing, chart, bars)
    draw_baseline(drawing, rows, span.place(0), _THICK)
    _draw_line(drawing, chart, span, rows)
    _draw_marks(drawing, [bar for bar in bars if bar["mark"] is not None])
    _draw_values(drawing, bars)
    return drawing.spec()


def _entries(chart: Percentages, palette: Palette) -> list[Entry]:
    entries = [Entry(form="area", name=chart.bar_name, fill=palette.series_1)]
    if any(mark is not None for _label, _value, mark in chart.bars):
        entries.append(Entry(form="tick", name=chart.mark_name, fill=palette.ink))
    return entries


def _texts(chart: Percentages) -> list[str]:
    return [_text(value, chart) for _label, value, _mark in chart.bars]


def _text(value: Decimal | None, chart: Percentages) -> str:
    return UNKNOWN if value is None else Numbers(chart.locale).percent(value, chart.decimals)


def _domain(chart: Percentages) -> tuple[float, float]:
    """Return where the axis begins and ends: at 0 and 100, or further out in whole steps where figures do, to a cap."""
    known = [number for bar in chart.bars for number in bar[1:] if number is not None]
    low = max(-WHOLE, min((Decimal(0), *known)))
    high = min(CAP, max((WHOLE, *known)))
    return float(floor(low / _ROUND) * _ROUND), float(ceil(high / _ROUND) * _ROUND)


def _steps(low: float, high: float) -> list[int]:
    step = _ROUND if high - low <= _MANY else 2 * _ROUND
    return [value for value in range(-100, 201, step) if low <= value <= high]


def _bar(chart: Percentages, number: int, span: Span, middle: float) -> Row:
    """Return a bar as the marks take it; what lies beyond the axis ends at its edge, with an arrow."""
    _label, value, mark = chart.bars[number]
    text, zero, beyond = _text(value, chart), span.place(0), _beyond(value, span)
    end = zero if value is None else span.place(float(value))
    marked = None if mark is None else span.place(float(mark))
    obstacles = [] if marked is None else [marked]
    if chart.line:
        obstacles.append(span.place(float(chart.line[0])))
    return {
        "y": middle,
        "from": min(end, zero) + (_ARROW_ROOM if beyond < 0 else 0),
        "to": max(end, zero) - (_ARROW_ROOM if beyond > 0 else 0),
        "beyond": beyond,
        "mark": marked,
        "mark_beyond": _beyond(mark, span),
        "text": text,
        "text_x": value_place(max(end, zero), text, obstacles),
    }


def _beyond(value: Decimal | None, span: Span) -> int:
    """Return 1 for a value beyond the axis's end, -1 for one before its beginning, else 0."""
    if value is None:
        return 0
    return int(value > Decimal(span.high)) - int(value < Decimal(span.low))


def _draw_bars(drawing: Drawing, chart: Percentages, bars: Sequence[Row]) -> None:
    palette = drawing.palette
    if chart.track:
        drawing.add("rect", bars, x=at(0, "x"), x2=at(100, "x"), yc=of("y"), height=_THICK, fill=palette.series_3)
    drawing.add("rect", bars, x=of("from"), x2=of("to"), yc=of("y"), height=_THICK, fill=palette.series_1)
    _draw_arrows(drawing, [bar for bar in bars if bar["beyond"]])


def _draw_marks(drawing: Drawing, marked: Sequence[Row]) -> None:
    """Add what bars are compared with: an upright line, or at the edge of the axis a point that shows further out."""
    palette = drawing.palette
    inside = [bar for bar in marked if not bar["mark_beyond"]]
    edge = {"stroke": palette.paper, "strokeWidth": 1.5}
    drawing.add("rect", inside, xc=of("mark"), width=4, yc=of("y"), height=_TICK, fill=palette.ink, **edge)
    outside = [bar | {"angle": 90 * bar["mark_beyond"]} for bar in marked if bar["mark_beyond"]]
    drawing.add(
        "symbol",
        outside,
        shape="triangle-up",
        angle=of("angle"),
        x=of("mark"),
        y=of("y"),
        size=90,
        fill=palette.ink,
        **edge,
    )


def _draw_arrows(drawing: Drawing, bars: Sequence[Row]) -> None:
    """Let bars that go further than the axis end in an arrow."""
    arrows = [
        {"y": bar["y"], "x": bar["to"] + 5 if bar["beyond"] > 0 else bar["from"] - 5, "angle": 90 - 90 * bar["beyond"]}
        for bar in bars
        if bar["beyond"]
    ]
    fill = drawing.palette.series_1
    drawing.add("symbol", arrows, shape=_ARROW, angle=of("angle"), x=of("x"), y=of("y"), size=_THICK**2, fill=fill)


def _draw_line(drawing: Drawing, chart: Percentages, span: Span, rows: Rows) -> None:
    """Add the line through all bars, edged so that it can be seen on them, and what it says above it."""
    if not chart.line:
        return
    value, name = chart.line
    palette, x = drawing.palette, span.place(float(value))
    pieces = rows.uprights(_TICK)
    pieces[0]["from"] -= 6
    for colour, thick in ((palette.paper, 3.5), (palette.reference, 1.5)):
        drawing.add("rule", pieces, x=x, y=of("from"), y2=of("to"), stroke=colour, strokeWidth=thick)
    text = wrapped(name, SMALL, drawing.frame.left + drawing.frame.width + drawing.frame.right, lines=1)[0]
    half = text_width(text, SMALL) / 2
    middle = min(max(x, half - drawing.frame.left), drawing.frame.width + drawing.frame.right - half)
    where: dict[str, object] = {"x": middle, "y": -8, "align": "center", "baseline": "bottom"}
    drawing.add_text([{"text": text}], fill=palette.reference, fontSize=SMALL, fontWeight=STRONG, **where)


def _draw_values(drawing: Drawing, bars: Sequence[Row]) -> None:
    drawing.add_text(bars, x=of("text_x"), y=of("y"), fontWeight=STRONG)
