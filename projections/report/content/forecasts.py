"""What the report says of the forecast of the year's end: how it was come by, and a sentence of the summary."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from projections.report.content.document import Bullets, Paragraph, Run
from projections.report.content.prose import naming, paragraph
from projections.report.language.sentences import note_sentence
from projections.snapshot.columns import FORECAST, FORECAST_DEVIATION

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.report.content.document import Block
    from projections.report.content.material import Material, Unit


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
