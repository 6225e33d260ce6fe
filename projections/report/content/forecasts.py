"""What the report says of forecasts: how they were come by, a summary of them, and how last year's held."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from heinola_es.domain.periods import parse_period
from projections.audit.forecasts import TrackQuery, is_forecast_in, track_record
from projections.report.content.charts import IncomeAndExpenses
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
from projections.report.content.pictures_of import MOST_BARS
from projections.report.content.prose import naming, paragraph
from projections.report.language.sentences import note_sentence
from projections.snapshot.columns import FORECAST, FORECAST_DEVIATION

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.audit.listing import Row as Listed
    from projections.report.content.document import Block
    from projections.report.content.material import Material, Unit

TRACK_KEY = "forecasts-held"
_TRACK_TABLE = "forecasts-held-table"


def in_the_summary(material: Material) -> Iterator[Block]:
    """Tell what each part of the report is forecast to end the year at, and how that is beside its budget."""
    told = [(unit, text) for unit in material.operating if (text := _of_net(material, unit))]
    if len(told) == 1:
        unit, text = told[0]
        yield Paragraph(runs=naming(text, material.name(unit), material.words.content), style="body")
    elif told:
        content = material.words.content
        yield Bullets(items=tuple(naming(text, material.name(unit), content) for unit, text in told))


def _of_net(material: Material, unit: Unit) -> str:
    row = material.row(unit, material.chart.net)
    cell = None if row is None else row.cell(FORECAST.name)
    if row is None or cell is None:
        return ""
    words, numbers = material.words, material.words.numbers
    said = {
        "name": material.name(unit),
        "line": material.label(row.line).lower(),
        "year": str(material.end.year),
        "forecast": numbers.euros(Decimal(cell.cents) / 100),
    }
    deviation = row.cell(FORECAST_DEVIATION.name)
    if deviation is None:
        return words.say("{name}: {line} of {year} is forecast at {forecast}.", **said)
    said["amount"] = numbers.euros(abs(Decimal(deviation.cents)) / 100)
    if not deviation.cents:
        return words.say("{name}: {line} of {year} is forecast at {forecast}, exactly the budget.", **said)
    if deviation.cents > 0:
        return words.say("{name}: {line} of {year} is forecast at {forecast}, {amount} better than the budget.", **said)
    return words.say("{name}: {line} of {year} is forecast at {forecast}, {amount} worse than the budget.", **said)


def below_figures(material: Material, unit: Unit) -> Iterator[Block]:
    """Tell how the forecasts in the table of a unit's figures were come by, and whether they are better or worse."""
    items = []
    for row in unit.figures:
        notes = [row.notes.get(column.name) for column in (FORECAST, FORECAST_DEVIATION)]
        told = [note_sentence(material.words, note, material.label) for note in notes if note is not None]
        if told and notes[0] is not None and row.cell(FORECAST.name) is not None:
            items.append((Run(f"{material.label(row.line)}: {'; '.join(told)}"),))
    if items:
        yield paragraph(material.words.say("How the forecasts were come by"), style="label")
        yield Bullets(items=tuple(items))


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
