"""What the report says of forecasts: a summary of them, and how last year's held."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from heinola_es.domain.periods import parse_period
from projections.audit.forecasts import TrackQuery, is_forecast_in, track_record
from projections.report.content.document import (
    Bullets,
    Cell,
    Column,
    Paragraph,
    Picture,
    Row,
    Run,
    Section,
    Table,
)
from projections.report.content.figure_tables import exact_cell, percent_cell
from projections.report.content.picture_data import IncomeAndExpenses
from projections.report.content.pictures_of import MOST_BARS
from projections.report.content.prose import naming
from projections.report.language.line_labels import in_sentence
from projections.report.language.words import msgid
from projections.snapshot.columns import FORECAST, FORECAST_DEVIATION
from projections.snapshot.forecasts import GIVEN, basis_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.audit.listing import Row as Listed
    from projections.report.content.document import Block
    from projections.report.content.material import Material
    from projections.report.content.snapshot_material import Unit
    from projections.snapshot.model import FigureRow

TRACK_KEY = "forecasts-held"
_MOST_GIVEN = 5
"""So many given forecasts of a part are told in the summary, where its net has none."""
_TRACK_TABLE = "forecasts-held-table"


def in_the_summary(material: Material) -> Iterator[Block]:
    """Tell what each part of the report is forecast to end the year at, and how that is beside its budget.

    Where the net of a part has no forecast, or none that what was given is part of, those are told that units gave of
    its lines, and of those below it.
    """
    told: list[tuple[Unit, str]] = []
    more = 0
    for part in material.operating:
        net = material.row(part, material.chart.net)
        if net is not None and (text := _of_row(material, part, net)):
            told.append((part, text))
            if _rests_on_given(net):
                continue
        given = list(_given(material, part))
        told += [(unit, _of_row(material, unit, row)) for unit, row in given[:_MOST_GIVEN]]
        more += len(given[_MOST_GIVEN:])
    content = material.words.content
    if len(told) == 1:
        ((unit, text),) = told
        yield Paragraph(runs=naming(text, material.name(unit), content), style="body")
    elif told:
        items = [naming(text, material.name(unit), content) for unit, text in told]
        if more:
            further = material.words.say_of(
                "{count} further forecast was given; it stands in the tables.",
                "{count} further forecasts were given; they stand in the tables.",
                more,
            )
            items.append((Run(further),))
        yield Bullets(items=tuple(items))


def _rests_on_given(row: FigureRow) -> bool:
    """Return whether a forecast was given, or what was given is a part of it."""
    note = row.notes.get(FORECAST.name)
    return note is not None and (basis_in(note) == GIVEN or bool(note.parameters.get("given")))


def _given(material: Material, part: Unit) -> Iterator[tuple[Unit, FigureRow]]:
    """Yield the rows of a part, and of what is below it, whose forecast the unit itself gave, in report order."""
    for unit in (part, *material.all_below(part)):
        for row in unit.figures:
            note = row.notes.get(FORECAST.name)
            if note is not None and basis_in(note) == GIVEN and row.cell(FORECAST.name) is not None:
                yield unit, row


def _of_row(material: Material, unit: Unit, row: FigureRow) -> str:
    cell = row.cell(FORECAST.name)
    if cell is None:
        return ""
    words, numbers = material.words, material.words.numbers
    said = {
        "name": material.name(unit),
        "line": in_sentence(material.label(row.line)),
        "year": str(material.end.year),
        "forecast": numbers.euros(Decimal(cell.cents) / 100),
    }
    deviation = row.cell(FORECAST_DEVIATION.name)
    if deviation is None:
        return words.say("{name}: {line} for {year} is forecast at {forecast}.", **said)
    said["amount"] = numbers.euros(abs(Decimal(deviation.cents)) / 100)
    if not deviation.cents:
        sentence = msgid("{name}: {line} for {year} is forecast at {forecast}, exactly the budget.")
    elif deviation.cents > 0:
        sentence = msgid("{name}: {line} for {year} is forecast at {forecast}, {amount} better than the budget.")
    else:
        sentence = msgid("{name}: {line} for {year} is forecast at {forecast}, {amount} worse than the budget.")
    return words.say(sentence, **said)


# ---------------------------------------------------------------- how those of the year before held


def track_sections(material: Material) -> list[Section]:
    """Return the part about how the forecasts of the year before held; none where none has an end to stand beside."""
    year = material.end.year - 1
    reader, upto = material.view.reader, material.view.upto
    if year < 1 or not is_forecast_in(reader, year, upto):
        return []
    query = TrackQuery(year=year, unit=material.query.unit, position=upto)
    rows = [row for row in track_record(reader, query).forecasts.rows if row["error_cents"] is not None]
    if not rows:
        return []
    words = material.words
    return [
        Section(
            key=TRACK_KEY,
            title=words.say("How the forecasts of {year} held", year=str(year)),
            blocks=(_track_table(material, rows), *_track_picture(material, rows)),
            new_page=True,
        )
    ]


def _track_table(material: Material, rows: Sequence[Listed]) -> Table:
    words = material.words
    amounts = ("computed_cents", "forecast_cents", "final_cents", "error_cents")
    headings = (words.say("Computed"), words.say("Forecast"), words.say("Ended at"), words.say("Error"))
    return Table(
        key=_TRACK_TABLE,
        caption=words.say("Forecasts of {year} and how it ended", year=str(material.end.year - 1)),
        columns=(
            Column(title=words.say("Forecast of"), share=3),
            *(Column(title=f"{heading}\n€", numeric=True) for heading in headings),
            Column(title=words.say("Error, %"), numeric=True),
        ),
        rows=tuple(
            Row(
                cells=(
                    Cell(text=_of(material, row), language=words.content),
                    *(exact_cell(material, _cents(row[name])) for name in amounts),
                    percent_cell(
                        material, None if row["error_percent"] is None else Decimal(str(row["error_percent"]))
                    ),
                )
            )
            for row in rows
        ),
    )


def _track_picture(material: Material, rows: Sequence[Listed]) -> Iterator[Picture]:
    """Yield each forecast beside how the year ended, and beside what would have been computed; of few alone."""
    bars = []
    for row in rows[:MOST_BARS]:
        sign = material.chart.lines[str(row["line"])].sign or 1
        values = (_cents(row[name]) for name in ("forecast_cents", "final_cents", "computed_cents"))
        said, ended, computed = (None if cents is None else Decimal(cents) * sign / 100_000 for cents in values)
        bars.append((_of(material, row), said, ended, computed))
    words, numbers = material.words, material.words.numbers
    worst = max(rows, key=lambda row: abs(_cents(row["error_cents"]) or 0))
    yield Picture(
        key="forecasts-held-picture",
        caption=words.say("Forecasts of {year} beside how it ended", year=str(material.end.year - 1)),
        alternative=words.say(
            "The largest error is {error}: {name}.",
            error=numbers.euros(Decimal(_cents(worst["error_cents"]) or 0) / 100),
            name=_of(material, worst),
        ),
        chart=IncomeAndExpenses(
            locale=words.language,
            axis=words.say("€1,000"),
            budget_label=words.say("Forecast"),
            actual_label=words.say("Ended at"),
            last_year_label=words.say("Computed"),
            groups=((words.say("Forecasts"), tuple(bars)),),
        ),
        table_key=_TRACK_TABLE,
    )


def _of(material: Material, row: Listed) -> str:
    """Return what a forecast is of, and from which day it is seen."""
    unit, line, day = str(row["unit"]), str(row["line"]), str(row["period"])
    seen = material.words.numbers.day(parse_period(day).end)
    return f"{unit} {material.label(line)}, {seen}"


def _cents(value: object) -> int | None:
    return value if isinstance(value, int) else None
