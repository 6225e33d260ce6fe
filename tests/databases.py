"""The databases that a test's stores are kept in: files in its own folder, or schemas on a server for the tests."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path

from attrs import frozen

SQLITE, POSTGRES = "sqlite", "postgres"

ON_BOTH = (
    "tests/heinola_es/aggregates/test_figures_of_a_year.py",
    "tests/heinola_es/aggregates/test_file_import.py",
    "tests/heinola_es/aggregates/test_goals_of_a_year.py",
    "tests/heinola_es/aggregates/test_project.py",
    "tests/heinola_es/aggregates/test_publication.py",
    "tests/heinola_es/aggregates/test_unit.py",
    "tests/heinola_es/commands/test_import_figures.py",
    "tests/heinola_es/commands/test_large_amounts.py",
    "tests/heinola_es/store/test_clock.py",
    "tests/heinola_es/store/test_later_kinds.py",
    "tests/heinola_es/store/test_log.py",
    "tests/heinola_es/store/test_many_writers.py",
    "tests/heinola_es/store/test_misplaced.py",
    "tests/heinola_es/store/test_processes.py",
    "tests/heinola_es/store/test_transfer.py",
    "tests/heinola_es/store/test_whole_or_nothing.py",
    "tests/heinola_es/commands/test_record_figures.py",
    "tests/heinola_es/commands/test_record_goals.py",
    "tests/heinola_es/commands/test_record_organisation.py",
    "tests/heinola_es/commands/test_record_projects.py",
    "tests/heinola_es/importing/test_recorder.py",
    "tests/projections/commands/test_codes_of_others.py",
    "tests/projections/commands/test_moving.py",
    "tests/projections/commands/test_projections.py",
    "tests/projections/commands/test_snapshot.py",
    "tests/projections/commands/test_unread_amounts.py",
    "tests/projections/datapackage/test_command.py",
    "tests/projections/datapackage/test_package.py",
    "tests/projections/report/test_build.py",
    "tests/projections/report/test_monthly.py",
    "tests/projections/test_catching_up.py",
    "tests/projections/test_corrections.py",
    "tests/projections/test_dates.py",
    "tests/projections/test_kept_reports.py",
    "tests/projections/test_known_at.py",
    "tests/projections/test_checked_reads.py",
    "tests/projections/test_one_moment.py",
    "tests/projections/test_unknown_events.py",
    "tests/projections/test_percent.py",
    "tests/projections/test_printed_amounts.py",
    "tests/projections/test_projects.py",
    "tests/projections/test_readers_and_writers.py",
    "tests/projections/test_reconciliation.py",
    "tests/projections/test_snapshot.py",
    "tests/projections/test_words.py",
)
"""The modules whose tests run on either database, as far as they ask for a store."""

_number = count()


@frozen
class Database:
    """Where new stores go.

    Attributes:
        folder: for files.
        server: the address of the server; empty where stores are files.
    """

    folder: Path
    server: str = ""

    def new(self, name: str) -> str:
        """Return the location of a store that is not there yet."""
        if not self.server:
            return str(self.folder / f"{name}.db")
        return f"{self.server}?schema=test_{os.getpid()}_{next(_number)}"
