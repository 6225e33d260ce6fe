"""What the report says of its comparison: what moved, merged and ended, and what earlier years are without."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from projections.report.content.document import Bullets, Cell, Column, Row, Table
from projections.report.content.figure_tables import figure_cells, figure_columns
from projections.report.content.prose import naming, paragraph, plain
from projections.report.language.comparison import WHAT, change_sentence, comparison, excluded_sentence
from projections.report.language.scale import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.report.content.document import Block
    from projections.report.content.snapshot_material import SnapshotMaterial
    from projections.snapshot.model import Excluded, UnitChange

_LONGEST_LIST = 6


def in_the_summary(material: SnapshotMaterial, most: int | None = _LONGEST_LIST) -> Iterator[Block]:
    """Say which comparison is made, and what it is about; of more than `most`, how much more the notes tell."""
    words, snapshot = material.words, material.snapshot
    sentences = comparison(words, snapshot)
    if not sentences:
        return
    yield paragraph(words.say("How years are compared"), style="label")
    yield paragraph(" ".join(sentences))
    told = [(change.unit, change.name, change_sentence(words, change, material.titled)) for change in snapshot.changes]
    told += [
        (one.unit, one.name, excluded_sentence(words, snapshot, one, material.chart, material.titled))
        for one in snapshot.excluded
    ]
    shown = told[:most]
    if shown:
        items = (naming(text, material.titled(unit, name), words.content) for unit, name, text in shown)
        yield Bullets(items=tuple(items))
    if more := len(told) - len(shown):
        yield paragraph(words.say("And {count} more.", count=words.numbers.plain(more)))


def in_the_notes(material: SnapshotMaterial) -> Iterator[Block]:
    """Say the same with all that it is about, as tables."""
    words, snapshot = material.words, material.snapshot
    sentences = comparison(words, snapshot)
    if not sentences:
        return
    yield paragraph(words.say("How years are compared"), style="label")
    yield paragraph(" ".join(sentences))
    if snapshot.changes:
        yield _changes(material)
    shown = [column for column in material.in_tables if column.column.years_back]
    if snapshot.excluded and shown:
        yield _excluded(material)


def _changes(material: SnapshotMaterial) -> Table:
    words = material.words
    headings = (words.say("Unit"), words.say("Change"), words.say("Day"), words.say("From"), words.say("To"))
    return Table(
        key="reorganised",
        caption=words.say("Units that moved, merged or ended in the years compared"),
        columns=tuple(
            Column(title=heading, share=share) for heading, share in zip(headings, (4, 2, 2, 4, 4), strict=True)
        ),
        rows=tuple(_change(material, change) for change in material.snapshot.changes),
        sheet=words.say("Organisation"),
    )


def _change(material: SnapshotMaterial, change: UnitChange) -> Row:
    words, content = material.words, material.words.content
    ended = change.what == "ended"
    above = [
        UNKNOWN if code is None else material.titled(code, name or code)
        for code, name in ((change.before, change.before_name), (change.after, change.after_name))
    ]
    return Row(
        cells=(
            Cell(text=material.titled(change.unit, change.name), language=content),
            Cell(text=words.say(WHAT[change.what])),
            Cell(text=words.numbers.day(change.day), value=change.day, form="date"),
            Cell(text=above[0], language=content),
            Cell(text=UNKNOWN if ended else above[1], language=content),
        ),
        place=(plain(change.unit), plain(change.name)),
    )


def _excluded(material: SnapshotMaterial) -> Table:
    """Return what earlier years are without, by unit and line, in the columns of earlier years."""
    words = material.words
    first, *others = figure_columns(material)
    kept = [number for number, shown in enumerate(material.in_tables) if shown.column.years_back]
    word = words.say("comparable")
    columns = [evolve(others[n], title=others[n].title.replace(f"\n{word}", "", 1)) for n in kept]
    columns = [evolve(c, sheet_title=c.sheet_title.replace(f" {word}", "", 1)) for c in columns]
    return Table(
        key="excluded",
        caption=words.say("What earlier years are shown without"),
        columns=(first, *columns),
        rows=tuple(row for one in material.snapshot.excluded for row in _rows(material, one, kept)),
        sheet=words.say("Left the city"),
        note=words.say("With what is shown of earlier years, these make up the accounts as they were."),
        group_titles=(words.say("Group"),),
    )


def _rows(material: SnapshotMaterial, one: Excluded, kept: list[int]) -> Iterator[Row]:
    words, place = material.words, (plain(one.unit), plain(one.name))
    until = words.say(
        "{unit}, until {day}", unit=material.titled(one.unit, one.name), day=words.numbers.day(one.last_day)
    )
    empty = (Cell(text=""),) * len(kept)
    yield Row(cells=(Cell(text=until, language=words.content), *empty), kind="group", place=place)
    for row in one.figures:
        cells = list(figure_cells(material, row.as_row()))
        yield Row(cells=(Cell(text=material.label(row.line)), *(cells[n] for n in kept)), place=place)
