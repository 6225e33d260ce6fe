"""What is written as a report is read back into an empty store, and gives the same report again, or is refused."""

from __future__ import annotations

import os
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from events.imports import FileImported
from heinola_es.domain.periods import parse_reporting_period
from heinola_es.store.reading import LogReader
from projections.report.language.languages import LANGUAGES
from projections.report.theme.theme import Theme
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from projections.writers.formats.written import written
from tests.city import CITY
from tests.projections.histories import HISTORIES, Given, live_through, living_city
from tests.projections.report.built import report_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from projections.snapshot.model import Snapshot

FORMATS = (("pdf", "fi"), ("docx", "sv"), ("xlsx", "en"), ("html", "sv"), ("md", "en"))
"""Each format, and each language."""

EXAMPLES = int(os.environ.get("HEINOLA_ROUND_TRIP_EXAMPLES", "8"))
"""How many cities are tried; many more after a change to what a report carries."""


def snapshot_of(store: Path | str, period: str = "2020Q2") -> Snapshot:
    """Return the report of a period as data."""
    with LogReader.open(str(store)) as reader:
        return take_snapshot(reader, SnapshotQuery(period=parse_reporting_period(period)))


def cells(snapshot: Snapshot) -> dict[tuple[str, str, str], object]:
    """Return every cell that is whole, also those that are worked out from others."""
    return {
        (unit.code, row.line, name): cell
        for unit in snapshot.units
        for row in unit.figures
        for name, cell in (*row.cells.items(), *row.percents.items())
        if cell is not None
    }


def words(snapshot: Snapshot) -> list[object]:
    """Return all that is said of units and projects beside figures."""
    units = [
        (
            *(unit.code, unit.name, unit.kind, unit.parent, unit.responsible),
            *(unit.goals, unit.priorities, unit.narratives, unit.indicators, unit.outlook, unit.translations),
        )
        for unit in snapshot.units
    ]
    return [*units, *snapshot.projects]


@pytest.mark.parametrize(("form", "language"), FORMATS)
def test_a_report_is_its_own_data_in_every_format(read_by_all: Path, tmp_path: Path, form: str, language: str) -> None:
    """Every figure, goal, status, text, statistic and project of the sample comes back; each event says from where."""
    file = tmp_path / f"q2.{form}"
    file.write_bytes(written(report_of(read_by_all, language=language), Theme(), form))
    terminal = Terminal(tmp_path / "new.db")
    terminal.done("init --city Heinola")
    told = terminal.done(f"import report {file}")
    assert "336 figures, 24 goals, 13 priorities, 49 narratives, 5 outlooks, 13 indicators, 15 projects" in told
    first, second = snapshot_of(read_by_all), snapshot_of(terminal.store)
    assert cells(second) == cells(first)
    assert words(second) == words(first)
    sources = [one.source for one in terminal.events() if not isinstance(one, FileImported)]
    assert all(source.startswith(f"q2.{form}") for source in sources)
    where = "sheet " if form == "xlsx" else "table "
    assert sum(f"q2.{form}, {where}" in source and ", row " in source for source in sources) > 200


@given(history=HISTORIES, language=st.sampled_from(LANGUAGES))
@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_city_comes_out_the_same_or_is_refused(founded: Path, history: list[Given], language: str) -> None:
    """Whatever a city recorded: no cell and no word comes out otherwise, and what was not whole is not whole again."""
    with living_city(founded) as log, TemporaryDirectory() as folder:
        live_through(log, history)
        first = snapshot_of(log.location)
        file = Path(folder, "q2.md")
        file.write_bytes(written(report_of(log, language=language), Theme(), "md"))
        terminal = Terminal(Path(folder, "new.db"))
        terminal.done(f"init --city {CITY}")
        result = terminal.run(f"import report {file}")
        assert result.exit_code in {0, 1, 2}, result.output
        event(f"exit code {result.exit_code}")
        if result.exit_code:
            assert terminal.events() == []
            assert "report" in result.stderr
            assert "unforeseen" not in result.stderr
            return
        second = snapshot_of(terminal.store)
        assert cells(second) == cells(first)
        assert words(second) == words(first)
