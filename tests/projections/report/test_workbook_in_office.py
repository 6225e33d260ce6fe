"""The workbook in LibreOffice: it opens without a complaint, and shows what the document says."""

from __future__ import annotations

import re
import subprocess
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest

from projections.report.content.document import Cell, Picture, Table
from projections.writers.xlsx.workbook import workbook
from tests.office import convert
from tests.programs import pdftotext
from tests.projections.report.opened import opened, values
from tests.projections.report.samples import DANGEROUS, LONG_NAME, sample_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the Finnish sample as a workbook on disk."""
    path = tmp_path_factory.mktemp("workbook") / "raportti.xlsx"
    path.write_bytes(workbook(sample_document("fi")))
    return path


class _Shown(HTMLParser):
    """What LibreOffice shows in its cells: the texts, and the numbers behind them."""

    def __init__(self) -> None:
        super().__init__()
        self.cells: list[tuple[str, str | None]] = []
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "td":
            self.cells.append(("", dict(attrs).get("sdval")))
        self._inside = tag == "td" or (self._inside and tag != "table")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag != "td"

    def handle_data(self, data: str) -> None:
        if self._inside:
            text, number = self.cells[-1]
            self.cells[-1] = (text + data.replace("\n", " "), number)


def numbers_told() -> Iterator[tuple[str, Decimal]]:
    """Yield every number of the tables, as a spreadsheet with English settings shows it, and as it counts with it."""
    blocks = [block.table if isinstance(block, Picture) else block for block in sample_document("fi").blocks()]
    for table in blocks:
        if isinstance(table, Table):
            yield from (told(cell) for row in table.rows for cell in row.cells if isinstance(cell.value, int | Decimal))


def told(cell: Cell) -> tuple[str, Decimal]:
    """Return how a number is shown, and what it is."""
    value = Decimal(cell.value)  # type: ignore[arg-type]
    if cell.form == "percent":
        return f"{value:.2f}%", value / 100
    if cell.form == "plain":
        return f"{value}", value
    decimals = Decimal("0.01") if cell.form == "cents" else Decimal(1)
    rounded = value.quantize(decimals, ROUND_HALF_UP)
    return f"{rounded:,}", value


def test_every_number_is_shown_as_the_document_has_it(written: Path) -> None:
    """Each number of each table, with its digits and what is behind them: none missing, none more."""
    page = _Shown()
    page.feed(convert(written, "html:HTML (StarCalc)").read_text("utf-8"))
    shown = [(text.strip(), Decimal(number)) for text, number in page.cells if number is not None]
    dates = [text for text, _number in shown if re.fullmatch(r"\d+\.\d+\.\d{4}", text)]
    assert sorted(dates) == ["1.1.2019", "1.3.2020", "29.2.2020", "31.12.2021"]
    assert sorted(each for each in shown if each[0] not in dates) == sorted(numbers_told())


def test_what_libreoffice_saves_again_is_the_same(written: Path) -> None:
    """Read and written by another program, every cell of every sheet is what it was: text, number, date or nothing."""
    before, after = opened(written.read_bytes()), opened(convert(written, "xlsx").read_bytes())
    assert after.sheetnames == before.sheetnames
    for sheet in before.sheetnames:
        assert values(after[sheet]) == values(before[sheet])
    cells = after["Solut kaikki muut"]["A"][1:]
    assert [cell.value for cell in cells] == list(DANGEROUS)
    assert {cell.data_type for cell in cells} == {"s"}
    assert isinstance(after["Hankkeet"]["B2"].value, date)


def test_it_prints_on_sheets_of_a4_with_header_and_footer(written: Path) -> None:
    """As PDF: one sheet wide, numbered; what a list says is there in full."""
    paper = convert(written, "pdf")
    said = subprocess.run([pdftotext(), "-layout", paper, "-"], capture_output=True, text=True, check=True).stdout
    pages = said.split("\f")[:-1]
    assert len(pages) == 7
    for number, page in enumerate(pages, 1):
        assert re.search(rf"Mallikylä – Osavuosikatsaus 1\.4\.–30\.6\.2020 +Sivu {number} / 7\s*$", page)
    assert "948,252" in pages[2]
    assert LONG_NAME.split()[-1] in pages[2]
    told_sizes = subprocess.run(["pdfinfo", "-l", "99", paper], capture_output=True, text=True, check=True).stdout
    assert re.findall(r"size: +([\d.]+) x ([\d.]+)", told_sizes) == [
        ("595.304", "841.89"),
        *[("841.89", "595.304")] * 6,
    ]
