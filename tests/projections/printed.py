"""What the report of the second quarter of 2020 prints, taken from its text by position: nothing of our reader's."""

from __future__ import annotations

import re

from attrs import frozen

SECTOR_LINES = (
    "sales",
    "fees",
    "grants_received",
    "rents_received",
    "other_income",
    "operating_income",
    "personnel",
    "services",
    "materials",
    "grants_given",
    "rents_paid",
    "other_expenses",
    "operating_expenses",
    "operating_margin",
    "financial_items",
    "annual_margin",
    "depreciation",
    "result",
)
AREAS = {
    "400": ("4000", "4030"),
    "410": ("4100", "4160", "4170"),
    "420": ("4200", "4240", "4250"),
    "430": ("4300", "4600", "4700", "4400"),
}
"""The service areas and their units, in the order in which their tables are printed."""

UNITS = [code for area, units in AREAS.items() for code in (area, *units)]

INVESTMENTS = ("841-1", "841", "844-1", "844", "847-1", "847-2", "847-3", "847", "HYV-INV")
"""The investments in the order in which their tables are printed: items before their sum."""

PARENTS = {
    **dict.fromkeys(AREAS, "HYV"),
    **{unit: area for area, units in AREAS.items() for unit in units},
    **dict.fromkeys(("841", "844", "847"), "HYV-INV"),
    **{item: item.partition("-")[0] for item in INVESTMENTS if item.startswith("84") and "-" in item},
}
"""Which unit is part of which, each in its own book: investments are no part of the sector's operations."""

PLACES = (
    *(("HYV", line) for line in SECTOR_LINES),
    *((unit, line) for unit in UNITS for line in ("income", "expenses", "net")),
    *((unit, line) for unit in INVESTMENTS for line in ("expenses", "net")),
)
"""Unit and line of each row of figures, in the order of the document."""

_ROW = re.compile(r"([^\t]+)\t(-?[\d ]+)\t(-?[\d ]+)\t(-?[\d ]+)\t(-?[\d ]+)\t(-?\d+,\d\d)")
_MONEY = re.compile(r"([\d.]+)\s*€")


@frozen
class PrintedRow:
    """One row of figures: amounts in cents, the per cent as decimal text."""

    label: str
    final_accounts: int
    prior_actual: int
    budget: int
    actual: int
    percent: str


@frozen
class PrintedProject:
    """The money of one project, in cents."""

    name: str
    income: int
    expense: int
    city_share: int


def printed_rows(text: str) -> dict[tuple[str, str], PrintedRow]:
    """Return the rows of figures by unit and line."""
    rows = [_row(found) for line in text.splitlines() if (found := _ROW.fullmatch(line))]
    return dict(zip(PLACES, rows, strict=True))


def printed_projects(text: str) -> list[PrintedProject]:
    """Return the projects in the order of the document."""
    found: dict[str, list[str]] = {"Hankkeen nimi": [], "Bruttotulot": [], "Bruttomenot": [], "Kaupungin rahoitus": []}
    for line in text.splitlines():
        for start, values in found.items():
            if line.startswith(start):
                values.append(line.partition("\t")[2])
    names, incomes, expenses, shares = found.values()
    return [
        PrintedProject(name.strip(), _euros(income), _euros(expense), _euros(share))
        for name, income, expense, share in zip(names, incomes, expenses, shares, strict=True)
    ]


def _row(found: re.Match[str]) -> PrintedRow:
    label, *amounts, percent = found.groups()
    thousands, months, budget, actual = (int(amount.replace(" ", "")) for amount in amounts)
    return PrintedRow(
        label.strip(), thousands * 100_000, months * 100_000, budget * 100, actual * 100, percent.replace(",", ".")
    )


def _euros(cell: str) -> int:
    """Return the first amount of a cell, whose points part thousands, in cents."""
    found = _MONEY.search(cell)
    assert found, cell
    return int(found[1].replace(".", "")) * 100
