"""The workbook of an imported report: its lists hold the figures of the snapshot, each once, in each language."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.domain.chart import load_chart
from projections.report.content.document import Paragraph
from projections.report.language.languages import LANGUAGES
from projections.snapshot.columns import default_amounts
from projections.writers.xlsx.workbook import workbook
from tests.projections.asking import snapshot_of
from tests.projections.report.built import report_of
from tests.projections.report.opened import opened, values

if TYPE_CHECKING:
    from tests.projections.conftest import ImportedReport

_WIDTH = len(default_amounts()) + 1

RATHER_ROUNDED = 1_000
"""Euros: half of what a figure in thousands may be off by, and more."""


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_lists_hold_every_figure_of_the_snapshot_once(sample: ImportedReport, language: str) -> None:
    """Unit by unit and line by line in euros to the cent, whatever the page rounds to; unknown is an empty cell."""
    snapshot = snapshot_of(sample.path, "2020Q2")
    book = opened(workbook(report_of(sample.path, language=language)))
    listed = [row for sheet in book.worksheets for row in values(sheet) if lists_figures(sheet)]
    told = [(row[0], [as_told(cell) for cell in row[-_WIDTH:]]) for row in listed if row[0] is not None]
    expected = [
        (unit["code"], [*(euros(row[name]) for name in default_amounts()), fraction(row["percent"])])
        for unit in snapshot["units"]
        for row in unit["figures"]
    ]
    headers = [row for row in told if not isinstance(row[1][0], Decimal | None)]
    rows = [row for row in told if row not in headers]
    assert len(rows) == len(expected) > 20
    assert sorted(rows, key=repr) == sorted(expected, key=repr)
    assert {tuple(header[1]) for header in headers} == {tuple(headers[0][1])}
    assert all("€" in title and "000" not in title for title in headers[0][1][:-1])


def lists_figures(sheet: Any) -> bool:  # noqa: ANN401 - openpyxl has no types
    """Return whether a sheet has the columns of figures, which end in the per cent."""
    titles = [cell.value for cell in sheet[1]]
    return len(titles) > _WIDTH + 2 and str(titles[-1]).endswith("%") and str(titles[-2]).endswith("€")


def as_told(cell: Any) -> Any:  # noqa: ANN401 - what openpyxl reads
    """Return a number exactly as it is written, and anything else as it is."""
    return Decimal(repr(cell)).normalize() if isinstance(cell, int | float) else cell


def euros(cell: dict[str, int] | None) -> Decimal | None:
    """Return an amount of the snapshot in euros."""
    return None if cell is None else (Decimal(cell["cents"]) / 100).normalize()


def fraction(percent: str | None) -> Decimal | None:
    """Return a per cent of the snapshot as a fraction."""
    return None if percent is None else (Decimal(percent) / 100).normalize()


def test_what_is_filtered_by_its_group_adds_up(sample: ImportedReport) -> None:
    """A filter on a group gives the components of its total: financial items and depreciation stand in none."""
    (sector,) = [unit for unit in snapshot_of(sample.path, "2020Q2")["units"] if unit["kind"] == "sector"]
    shown = {row["line"]: euros(row["actual"]) for row in sector["figures"]}
    lines = load_chart().lines
    book = opened(workbook(report_of(sample.path, language="fi")))
    (sheet,) = [sheet for sheet in book.worksheets if lists_figures(sheet) and sheet["A2"].value == sector["code"]]
    header, *rows = values(sheet)
    group, actual = header.index("Ryhmä"), len(header) - 2
    filtered: dict[str | None, list[Decimal]] = defaultdict(list)
    for row in rows:
        if row[0] == sector["code"]:
            filtered[row[group]].append(Decimal(repr(row[actual])))
    assert set(filtered) == {None, "Toimintatuotot", "Toimintakulut"}
    for name, total in (("Toimintatuotot", "operating_income"), ("Toimintakulut", "operating_expenses")):
        parts = [shown[part] for part in lines[total].components if part in shown]
        assert sum(filtered[name]) == sum(part for part in parts if part is not None)


def test_what_is_filtered_by_parts_adds_up_to_the_result(sample: ImportedReport) -> None:
    """A pivot over the rows that are parts counts no euro twice, whatever units and lines stand below each other.

    The report itself is off by some euros: its figures are printed rounded, unit by unit.
    """
    book = opened(workbook(report_of(sample.path)))
    header, *rows = values(book["Luvut"])
    kind, line, unit = header.index("Rivi on"), header.index("Erä"), header.index("Yksikön tunnus")
    assert {row[kind] for row in rows if row[kind]} == {"summa", "osa"}
    for title in (title for title in header if str(title).endswith("€")):
        column = header.index(title)
        parts = sum(row[column] or 0 for row in rows if row[kind] == "osa")
        (result,) = (row[column] for row in rows if row[unit] == "HYV" and row[line] == "Tilikauden tulos")
        assert abs(parts - result) < RATHER_ROUNDED * len(rows)


def test_the_workbook_has_what_the_report_says_outside_its_tables(sample: ImportedReport) -> None:
    """Narratives, estimates, texts of projects, notes and how it was made, each with its unit and its part."""
    document = report_of(sample.path)
    header, *rows = values(opened(workbook(document))["Tekstit"])
    assert header == ["Yksikön tunnus", "Yksikön nimi", "Raportin osa", "Otsikko", "Teksti"]
    told = {row[4] for row in rows}
    said = {
        "".join(run.text for run in block.runs)
        for section in document.sections
        for _level, each in section.walk()
        for block in each.blocks
        if isinstance(block, Paragraph)
    }
    assert len(said) > 50
    assert said <= told
    assert {row[2] for row in rows} >= {section.title for section in document.sections[-2:]}
