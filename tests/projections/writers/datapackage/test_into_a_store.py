"""What is given away as open data can be taken in again: figures.csv by the mapping among the examples."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.conftest import ROOT
from tests.projections.asking import snapshot_of
from tests.projections.writers.datapackage.packages import package_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog


def cents_of(snapshot: dict[str, Any]) -> dict[tuple[str, str, str], int]:
    """Return every amount that is shown, by unit, line and column."""
    return {
        (unit["code"], row["line"], column): row[column]["cents"]
        for unit in snapshot["units"]
        for row in unit["figures"]
        for column in ("final_accounts", "prior_actual", "budget", "actual")
        if row[column]
    }


def test_figures_are_taken_in_again(sample_log: EventLog, tmp_path: Path) -> None:
    """Every row is a statement of its measure and period, and the report shows what it showed."""
    before = cents_of(snapshot_of(sample_log.location, "2020Q2"))
    figures = tmp_path / "figures.csv"
    figures.write_bytes(package_of(sample_log.path, "2020Q2")["figures.csv"])
    mapping = ROOT / "examples" / "figures-csv.toml"
    result = Terminal(sample_log.location).run(f"import figures {figures} --mapping {mapping}")
    assert result.exit_code == 0, result.stderr
    assert before
    assert cents_of(snapshot_of(sample_log.location, "2020Q2")) == before
