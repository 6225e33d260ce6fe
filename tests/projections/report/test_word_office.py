"""LibreOffice opens the Word document without a complaint, and shows what the report says."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from events.period import Period
from heinola_es.store.reading import LogReader
from projections.report.content.build import build_report
from projections.report.content.document import Cell, Column, Row, Section, Table
from projections.report.content.query import ReportQuery
from projections.report.theme.theme import Theme
from projections.writers.word.word import word
from tests.office import convert
from tests.programs import pdftotext
from tests.projections.report.samples import sample_document
from tests.projections.report.word_files import tables_of

if TYPE_CHECKING:
    from pathlib import Path

    from projections.report.content.document import Document

QUARTER = Period(date(2020, 4, 1), date(2020, 6, 30))
A_PAGE_AND_MORE = 150


@pytest.fixture(scope="module")
def report(read_by_all: Path) -> Document:
    """Give the example's report, from a log."""
    with LogReader.open(str(read_by_all)) as reader:
        return build_report(reader, ReportQuery(period=QUARTER), Theme())


def _written(document: Document, folder: Path) -> Path:
    path = folder / "katsaus.docx"
    path.write_bytes(word(document, Theme()))
    return path


def _pages(path: Path) -> list[str]:
    """Return the text of each page of a PDF, cells beside each other on a line."""
    text = subprocess.run([pdftotext(), "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    return text.split("\f")[:-1]


def _lines(table: Table) -> str:
    """Return a table as a program for texts shows it: a line for each cell."""
    rows = [row.cells[:1] if row.kind == "group" else row.cells for row in table.rows]
    cells = [column.title for column in table.columns] + [cell.text for row in rows for cell in row]
    return "\n".join(cells).replace("\t", "�")


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_table_is_shown_whole(language: str, tmp_path: Path) -> None:
    """Opened elsewhere, each table has the same cells in the same order: no figure is lost, doubled or changed."""
    document = sample_document(language)
    text = convert(_written(document, tmp_path), "txt:Text").read_text("utf-8-sig")
    tables = tables_of(document)
    assert len(tables) > 5
    for table in tables:
        assert f"\n{_lines(table)}\n" in text


def test_a_report_from_a_log_is_shown_whole(report: Document, tmp_path: Path) -> None:
    """The example's report keeps every figure on the way from the log to what another program shows."""
    text = convert(_written(report, tmp_path), "txt:Text").read_text("utf-8-sig")
    tables = tables_of(report)
    assert len(tables) > 5
    for table in tables:
        assert f"\n{_lines(table)}\n" in text


def test_every_figure_is_on_paper(report: Document, tmp_path: Path) -> None:
    """Printed, no figure breaks over two lines: a row's figures stand beside each other, as often as there are such."""
    text = "\f".join(_pages(convert(_written(report, tmp_path), "pdf")))
    rows = Counter(_figures(table, row) for table in tables_of(report) for row in table.rows if row.kind != "group")
    several = {figures: count for figures, count in rows.items() if len(figures) > 1}
    assert len(several) > 20
    assert {row: count for row, count in several.items() if len(_beside_each_other(row).findall(text)) < count} == {}


def _figures(table: Table, row: Row) -> tuple[str, ...]:
    return tuple(cell.text for column, cell in zip(table.columns, row.cells, strict=True) if column.numeric)


def _beside_each_other(figures: tuple[str, ...]) -> re.Pattern[str]:
    """Return the pattern of figures on one line: pdftotext may leave out a narrow space inside one."""
    return re.compile(" +".join("[ \u00a0]?".join(map(re.escape, figure.split("\u00a0"))) for figure in figures))


def test_pages_are_numbered_but_the_first(report: Document, tmp_path: Path) -> None:
    """LibreOffice works the fields out: `Sivu 2 / 9` of as many pages as there are."""
    first, *others = _pages(convert(_written(report, tmp_path), "pdf"))
    assert "Sivu" not in first
    for number, page in enumerate(others, 2):
        assert f"Sivu {number} / {len(others) + 1}" in page
        assert report.title in page


def test_a_long_table_repeats_its_header(tmp_path: Path) -> None:
    """On each page that a table runs over, its columns have their titles."""
    rows = tuple(Row(cells=(Cell(text=f"Rivi {at}"), Cell(text=str(at)))) for at in range(A_PAGE_AND_MORE))
    columns = (Column(title="Otsake"), Column(title="Lukema", numeric=True))
    section = Section(key="a", title="Osa", blocks=(Table(key="b", caption="Pitkä", columns=columns, rows=rows),))
    pages = _pages(convert(_written(evolve(sample_document("fi"), sections=(section,)), tmp_path), "pdf"))
    with_rows = [page for page in pages if "Rivi" in page]
    assert len(with_rows) > 2
    assert all("Otsake" in page and "Lukema" in page for page in with_rows)
