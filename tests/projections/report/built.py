"""Reports as these tests build them and look at them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heinola_es.domain.periods import parse_reporting_period
from heinola_es.store.log import EventLog
from heinola_es.store.reading import LogReader
from projections.report.content.build import build_report
from projections.report.content.document import Bullets, Facts, Paragraph, Picture, Table
from projections.report.content.query import ReportQuery
from projections.report.theme.theme import Theme

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from projections.report.content.document import Block, Document, Row, Section


def report_of(
    store: EventLog | Path | str,
    period: str = "2020Q2",
    theme: Theme | None = None,
    **query: Any,  # noqa: ANN401 - fields of the query
) -> Document:
    """Return the report of a period, written as people write it."""
    location = store.location if isinstance(store, EventLog) else str(store)
    with LogReader.open(location) as reader:
        asked = ReportQuery(period=parse_reporting_period(period), **query)
        return build_report(reader, asked, theme or Theme())


def tables_in(document: Document) -> list[Table]:
    """Return all tables, those of the pictures too, in the order of reading."""
    return [table for block in document.blocks() for table in _tables(block)]


def _tables(block: Block) -> Iterator[Table]:
    if isinstance(block, Table):
        yield block
    elif isinstance(block, Picture) and block.table is not None:
        yield block.table


def table_of(document: Document, key: str) -> Table:
    """Return the table with a key."""
    (found,) = [table for table in tables_in(document) if table.key == key]
    return found


def section_of(document: Document, key: str) -> Section:
    """Return the part with a key."""
    (found,) = [section for _level, section in document.walk() if section.key == key]
    return found


def facts_of(section: Section) -> dict[str, str]:
    """Return the facts of a part, by name."""
    return {fact.name: fact.value for block in section.blocks if isinstance(block, Facts) for fact in block.facts}


def texts_in(blocks: Sequence[Block]) -> list[str]:
    """Return the paragraphs and the items of lists, one text each."""
    found = []
    for block in blocks:
        if isinstance(block, Paragraph):
            found.append("".join(run.text for run in block.runs))
        elif isinstance(block, Bullets):
            found += ["".join(run.text for run in item) for item in block.items]
    return found


def below_label(blocks: Sequence[Block], label: str) -> list[str]:
    """Return the texts between a label and the next one."""
    found: list[str] | None = None
    for block in blocks:
        if isinstance(block, Paragraph) and block.style == "label":
            if found is not None:
                break
            if texts_in([block]) == [label]:
                found = []
        elif found is not None:
            found += texts_in([block])
    assert found is not None, f"there is no label {label!r}"
    return found


def sentences(text: str) -> str:
    """Return a text with ordinary spaces, to be compared with one that was typed."""
    return text.replace("\u00a0", " ")


def plain_text(rows: Sequence[Row]) -> list[list[str]]:
    """Return the texts of rows with ordinary spaces."""
    return [[sentences(cell.text) for cell in row.cells] for row in rows]
