"""A workbook with every difficulty that exports have, and the mapping it is read by."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import xlsxwriter

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = """
version = 1
sign = "expenses_positive"

[file]
sheet = "Toteuma"
header = [5, 6]
decimal = ","

[[units]]
kind = "sector"
column = "Toimiala"
split = true
fill = true

[[units]]
kind = "service_area"
column = "Palvelualue"
split = true
fill = true

[[units]]
kind = "unit"
column = "Yksikkö"
strip = ["KP"]
split = true
fill = true

[account]
column = "Tili"
split = true

[[account.ranges]]
first = "3990"
last = "3999"
line = "fees"

[[amounts]]
is = "final_accounts"
as = "statement"
column = "TP 2019"
period = "2019"

[[amounts]]
is = "budget"
column = "Talousarvio 2020 Alkuperäinen"
period = "2020"
decided = "11.11.2019"

[[amounts]]
is = "amendment"
column = "Talousarvio 2020 Muutokset"
period = "2020"
decided = "15.6.2020"

[[amounts]]
is = "actual"
columns = ["Tammi", "Helmi", 10]
year = 2020

[skip]
rows = [20]
accounts = ["9000-9999"]
"""

NBSP = "\u00a0"
MARCH = datetime(2020, 3, 1)  # noqa: DTZ001 - as a workbook has it
# sector, area, unit, account, TP 2019, TA, changes, January, February, March; a code is written where its cells begin
ROWS: list[list[Any]] = [
    [
        "HYV Hyvinvointi",
        "410 Koulutus",
        "KP4100 Perusopetus",
        "3000 Myyntituotot",
        9000,
        f"12{NBSP}000,00",
        "",
        1000,
        "",
        1000,
    ],
    ["", "", "", "3995 Kopiomaksut", 100, 200.0, "", 10.5, 20, ""],
    ["", "", "", "4000 Palkat", "1 200 000,00", 1250000, "50 000,00-", "104 000,10", f"105{NBSP}000,20", 106000.3],
    ["", "", "", "4300 Palvelut", 48000, 50000, "(1 000,00)", 4000, "-", ""],
    ["", "", "", "9100 Laskennalliset", 1, 1, 1, 1, 1, 1],
    ["Perusopetus yhteensä", "", "", "", None, None, None, None, None, None],
    ["", "", "KP4160 Lukio", "4000 Palkat", 300000, 310000, "", "26 000", 26000, "26000,00"],
    ["Koulutus yhteensä", "", "", "", None, None, None, None, None, None],
    [
        "Toimiala",
        "Palvelualue",
        "Yksikkö",
        "Tili",
        "TP 2019",
        "Alkuperäinen",
        "Muutokset",
        "Tammi",
        "Helmi",
        MARCH,
    ],
    ["", "400 Hyvinvoinnin edistäminen", "KP4000 Liikunta", "3200 Maksut", 5000, 6000, 500, 400, 400, 400],
    ["", "", "", "4500 Aineet", 7000, 7000, "", 600, "(12,50)", 600],
    ["", "", "", "6200 Korot", 10, 12, "", 1, 1, 1],
    ["Kaikki yhteensä", "", "", "", None, None, None, None, None, None],
    ["Tarkistettu 14.7.2020 / TK", "", "", "", 99, 99, 99, 99, 99, 99],
]
FIRST_ROW = 7


def messy_workbook(path: Path) -> Path:
    """Write the workbook; totals are formulas with stored values."""
    book = xlsxwriter.Workbook(path)
    guide = book.add_worksheet("Ohje")
    guide.write(0, 0, "Luvut sarakkeissa E–J ovat euroja.")
    sheet = book.add_worksheet("Toteuma")
    for at, text in enumerate(("Heinolan kaupunki", "Toteumavertailu", "Kaudet 1–3/2020", "")):
        sheet.write(at, 0, text)
    sheet.merge_range("F5:G5", "Talousarvio 2020")
    sheet.merge_range("H5:J5", "Toteuma 2020")
    sheet.write_row(
        "A6", ["Toimiala", "Palvelualue", "Yksikkö", "Tili", "TP 2019", "Alkuperäinen", "Muutokset", "Tammi", "Helmi"]
    )
    sheet.write_datetime("J6", MARCH, book.add_format({"num_format": "mmm yyyy"}))
    sheet.merge_range("A7:A11", "")
    sheet.merge_range("C7:C11", "")
    for number, row in enumerate(ROWS, FIRST_ROW):
        for at, cell in enumerate(row):
            if cell is None:
                total = totals()[row[0]][at - 4]
                sheet.write_formula(number - 1, at, f"=SUM({chr(65 + at)}7:{chr(65 + at)}{number - 1})", None, total)
            elif isinstance(cell, datetime):
                sheet.write_datetime(number - 1, at, cell, book.add_format({"num_format": "mmm yyyy"}))
            elif cell != "":
                sheet.write(number - 1, at, cell)
    book.close()
    return path


def totals() -> dict[str, list[float]]:
    """Return the sums of the columns down to each totals row, as the workbook's own formulas have them."""
    found: dict[str, list[float]] = {}
    sums = [0.0] * 6
    for row in ROWS:
        if row[4] is None:
            found[row[0]] = [round(total, 2) for total in sums]
        elif row[3] and not row[3].startswith(("9", "Tili")):
            sums = [total + value(cell) for total, cell in zip(sums, row[4:], strict=True)]
    return found


def value(cell: Any) -> float:  # noqa: ANN401 - a number or a text
    """Return what a cell stands for, worked out with as little cleverness as possible."""
    if not isinstance(cell, str):
        return float(cell)
    text = cell.replace(NBSP, "").replace(" ", "").replace(",", ".")
    if text in {"", "-"}:
        return 0.0
    if text.startswith("(") or text.endswith("-"):
        return -float(text.strip("()-"))
    return float(text)
