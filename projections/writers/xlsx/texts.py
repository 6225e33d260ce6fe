"""What a report says outside its tables, as one list: narratives, estimates, notes, and how it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.content.document import Bullets, Callout, Cell, Column, Facts, Paragraph, Picture, Row, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.report.content.document import Block, Document, Run, Section

_Line = tuple[str, str]
"""What a text is called, where it is called something, and the text."""


def texts_of(document: Document) -> Iterator[Table]:
    """Yield the list of texts of a report, part by part as they are read; nothing where it has none.

    The summary stands on a sheet of its own. What a picture shows is said in words.
    """
    rows = [row for part in document.sections for row in _rows_of(part, part.title)]
    words = document.interface
    if rows:
        yield Table(
            key="texts",
            caption=words.texts,
            columns=tuple(Column(title=title) for title in (words.part_of_report, words.heading, words.text)),
            rows=tuple(rows),
            sheet=words.texts,
        )


def _rows_of(section: Section, part: str) -> Iterator[Row]:
    place: tuple[str, str] | None = next((block.place for block in section.blocks if isinstance(block, Table)), None)
    for name, text in (line for block in section.blocks for line in _lines(block)):
        heading = f"{section.title}: {name}" if name else section.title
        cells = (Cell(text=part), Cell(text=heading), Cell(text=text))
        yield Row(cells=cells, place=place)
    for below in section.sections:
        yield from _rows_of(below, part)


def _lines(block: Block) -> Iterator[_Line]:
    if isinstance(block, Paragraph):
        yield "", _plain(block.runs)
    elif isinstance(block, Bullets):
        yield from (("", _plain(item)) for item in block.items)
    elif isinstance(block, Facts):
        yield from ((fact.name, fact.value) for fact in block.facts)
    elif isinstance(block, Picture):
        yield block.caption, block.alternative
    elif isinstance(block, Callout):
        yield from ((name or block.title, text) for each in block.blocks for name, text in _lines(each))


def _plain(runs: Iterable[Run]) -> str:
    return "".join(run.text for run in runs)
