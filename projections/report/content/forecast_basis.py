"""What the forecasts in a table of figures rest on: the lines of one way of forecasting in one sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.content.document import Bullets, Paragraph, Run
from projections.report.content.figure_tables import stands_in_table_above
from projections.report.content.prose import paragraph
from projections.report.language.sentences import note_sentence
from projections.report.language.words import msgid
from projections.snapshot.columns import FORECAST, FORECAST_DEVIATION
from projections.snapshot.forecasts import GIVEN, SUM, basis_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.report.content.document import Block
    from projections.report.content.snapshot_material import SnapshotMaterial, Unit
    from projections.snapshot.model import FigureRow, Note

_OF_GIVEN, _OF_BOTH, _OF_COMPUTED = "sum of given", "sum of both", "sum of computed"
WAYS = {
    _OF_GIVEN: msgid("A sum of forecasts that units gave: {lines}"),
    _OF_BOTH: msgid("A sum of given and computed forecasts (given + computed): {lines}"),
    _OF_COMPUTED: msgid("A sum of computed forecasts: {lines}"),
    "budget": msgid("Computed, the budget as it stands: {lines}"),
    "share": msgid("Computed by the share of earlier years by then: {lines}"),
    "last_year": msgid("Computed as the rest of the year before: {lines}"),
    "evenly": msgid("Computed as if the rest of the year went on alike: {lines}"),
    "actual": msgid("The year has ended, the actual: {lines}"),
}
"""Each way of forecasting, in the order in which they are told."""
BESIDE_THE_BUDGET = {
    "better_than_budget": msgid("Better than the budget: {lines}"),
    "worse_than_budget": msgid("Worse than the budget: {lines}"),
}


def below_figures(material: SnapshotMaterial, unit: Unit) -> Iterator[Block]:
    """Tell how the forecasts in the table of a unit's figures were come by, and whether they are better or worse."""
    told = list(_told(unit))
    if not told:
        return
    heading = material.words.say("What the forecasts rest on")
    items = (*_given(material, told), *_by_way(material, told), *_beside_the_budget(material, told))
    if len(items) == 1:
        yield Paragraph(runs=(Run(heading, strong=True), Run(f": {items[0][0].text}")))
    else:
        yield paragraph(heading, style="label")
        yield Bullets(items=items)
    if _is_first(material, unit):
        yield paragraph(_of_errors(material), style="note")


def is_told_below(note: Note) -> bool:
    """Return whether what a note says of a cell is told below the table, with that of the other forecasts."""
    return bool(basis_in(note)) or note.code in BESIDE_THE_BUDGET


def _told(unit: Unit) -> Iterator[tuple[FigureRow, Note]]:
    """Yield the rows of a unit that have a forecast of which is known how it was come by."""
    for row in unit.figures:
        note = row.notes.get(FORECAST.name)
        if note is not None and row.cell(FORECAST.name) is not None:
            yield row, note


def _errors(unit: Unit) -> list[Note]:
    """Return what is known of the forecasts of a unit of which is known how wrong such ones were."""
    return [note for _row, note in _told(unit) if "error_cents" in note.parameters]


def _is_first(material: SnapshotMaterial, unit: Unit) -> bool:
    """Return whether a unit is the first in the report with such a forecast: there it is said once what ± means."""
    told_apart = (each for each in material.snapshot.units if not stands_in_table_above(material, each))
    return next((each.code for each in told_apart if _errors(each)), None) == unit.code


def _given(material: SnapshotMaterial, told: Iterable[tuple[FigureRow, Note]]) -> Iterator[tuple[Run, ...]]:
    """Yield what a unit gave and said of it, a line at a time, since it was said of that line."""
    for row, note in told:
        if basis_in(note) == GIVEN:
            yield (Run(f"{material.label(row.line)}: {note_sentence(material.words, note, material.label)}"),)


def _by_way(material: SnapshotMaterial, told: Iterable[tuple[FigureRow, Note]]) -> Iterator[tuple[Run, ...]]:
    """Yield for each way of forecasting the lines that were so forecast."""
    lines: dict[str, list[str]] = {way: [] for way in WAYS}
    for row, note in told:
        if (way := _way(note)) in lines:
            lines[way].append(_line(material, row, note))
    for way, sentence in WAYS.items():
        if lines[way]:
            yield (Run(material.words.say(sentence, lines=", ".join(lines[way]))),)


def _way(note: Note) -> str:
    basis = basis_in(note)
    if basis != SUM:
        return basis
    if not note.parameters.get("computed"):
        return _OF_GIVEN
    return _OF_BOTH if note.parameters.get("given") else _OF_COMPUTED


def _line(material: SnapshotMaterial, row: FigureRow, note: Note) -> str:
    """Return a line, and in brackets of how many of both kinds it is a sum, and how wrong such a forecast was."""
    numbers, of = material.words.numbers, note.parameters
    known = []
    if _way(note) == _OF_BOTH:
        known.append(f"{of['given']} + {of['computed']}")
    if isinstance(error := of.get("error_cents"), int):
        known.append(f"±{numbers.exact_euros(error)}")
    label = material.label(row.line)
    return f"{label} ({'; '.join(known)})" if known else label


def _beside_the_budget(material: SnapshotMaterial, told: Iterable[tuple[FigureRow, Note]]) -> Iterator[tuple[Run, ...]]:
    for code, sentence in BESIDE_THE_BUDGET.items():
        lines = [
            material.label(row.line)
            for row, _note in told
            if (beside := row.notes.get(FORECAST_DEVIATION.name)) is not None and beside.code == code
        ]
        if lines:
            yield (Run(material.words.say(sentence, lines=", ".join(lines))),)


def _of_errors(material: SnapshotMaterial) -> str:
    """Return what ± means in the report, and how many earlier years it is of, where that is told."""
    words = material.words
    notes = [note for unit in material.snapshot.units for note in _errors(unit)]
    years = sorted({of for note in notes if isinstance(of := note.parameters.get("years"), int)})
    if not years:
        return words.say("± is how wrong such a forecast was on average in earlier years; of a sum, at most.")
    count = str(years[0]) if len(years) == 1 else f"{years[0]}–{years[-1]}"
    return words.say(
        "± is how wrong such a forecast was on average in earlier years (number of them: {years}); of a sum, at most.",
        years=count,
    )
