"""A report is published with the columns that were asked for, and shown with them ever after."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
import pytest

from events.publications import ReportPublished

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal

COUNCIL = ("original_budget", "amendments", "budget", "actual", "percent", "deviation")


@pytest.fixture
def publish(reading: Terminal, tmp_path: Path) -> str:
    """Give the beginning of a command that publishes the sample report."""
    assert reading.run(f"keys init --key {tmp_path}/k").exit_code == 0
    return f"publish 2020Q2 --incomplete --key {tmp_path}/k -o {tmp_path}"


def publication(terminal: Terminal) -> ReportPublished:
    """Return the last publication."""
    last = terminal.events()[-1]
    assert isinstance(last, ReportPublished)
    return last


def test_a_published_report_has_its_columns(reading: Terminal, publish: str) -> None:
    """A set of them, in its order; in the snapshot, in tables and in the report, whatever is asked for later."""
    reading.done(f"{publish}/1.seal --columns council")
    assert (publication(reading).columns, publication(reading).years) == (COUNCIL, 1)
    row = orjson.loads(reading.done("snapshot 2020Q2 --published --format json"))["units"][0]["figures"][0]
    assert set(COUNCIL) < row.keys()
    header = reading.done("snapshot 2020Q2 --published --format csv").splitlines()[0]
    assert [name.removesuffix("_eur") for name in header.split(",") if name.removesuffix("_eur") in COUNCIL] == list(
        COUNCIL
    )
    told = reading.done("report 2020Q2 --published --format md --lang en -o -").replace("\u00a0", " ")
    headers = {line.replace("<br>", " ") for line in told.splitlines() if line.startswith("| Line |")}
    assert all("Original budget 2020" in header and "Accounts 2019" not in header for header in headers)
    assert headers


def test_a_published_report_has_its_prior_years(reading: Terminal, publish: str) -> None:
    """As many as were asked for."""
    reading.done(f"{publish}/1.seal --years 2")
    row = orjson.loads(reading.done("snapshot 2020Q2 --published --format json"))["units"][0]["figures"][0]
    assert [prior["year"] for prior in row["prior_years"]] == [2018]


def test_other_columns_are_a_revision(reading: Terminal, publish: str) -> None:
    """The same columns once more are refused; others, or another order, are published; no figure has changed."""
    reading.done(f"{publish}/1.seal --columns budget,actual")
    assert "nothing in it has changed" in reading.refused(f"{publish}/2.seal --columns budget,actual")
    assert "only findings or notes changed" in reading.done(f"{publish}/2.seal --columns actual,budget")
    assert "only findings or notes changed" in reading.done(f"{publish}/3.seal --columns council")
    assert publication(reading).revision == 3
    assert reading.run("audit verify").exit_code == 0
    assert orjson.loads(reading.done("audit diff 2020Q2 --from published:3 --format json"))["changes"] == []


def test_a_seal_has_no_columns(reading: Terminal, publish: str) -> None:
    """What is sealed again was published as it was; a column that is none is named."""
    reading.done(f"{publish}/1.seal")
    asked = f"{publish}/2.seal --seal-again --columns council"
    assert "leave out --columns and --years" in reading.refused(asked, code=2)
    assert "there is no column 'budgt'" in reading.refused(f"{publish}/2.seal --columns budgt", code=2)
