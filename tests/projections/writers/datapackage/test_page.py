"""docs/open-data.md names every table, column and licence of a package, and no other."""

from __future__ import annotations

import re

import pytest

from projections.writers.datapackage.licences import LICENCES
from projections.writers.datapackage.tables import TABLES, Table
from tests.terminal import ROOT

PAGE = (ROOT / "docs" / "open-data.md").read_text("utf-8")


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_page_names_every_column(table: Table) -> None:
    """The table under a heading lists the columns of the file, in their order."""
    found = re.search(rf"^## `{table.name}`\n(.*?)(?=^##|\Z)", PAGE, re.DOTALL | re.MULTILINE)
    assert found, f"the page has no heading {table.name}"
    first_cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", found[1], re.MULTILINE)
    named = [name for cell in first_cells for name in re.findall(r"\w+", cell)]
    assert named == [field.name for field in table.fields]


def test_the_page_names_no_other_table() -> None:
    """Every heading that names a table names one that there is."""
    assert re.findall(r"^## `(\w+)`$", PAGE, re.MULTILINE) == [table.name for table in TABLES]


def test_the_page_names_every_licence() -> None:
    """The licences that it lists are those that there are."""
    (section,) = re.findall(r"^## Licences\n(.*?)^##", PAGE, re.DOTALL | re.MULTILINE)
    named = re.findall(r"`([A-Z]\S+)`", section)
    assert sorted(named) == sorted(licence.name for licence in LICENCES)
