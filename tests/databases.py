"""The databases that a test's stores are kept in: files in its own folder, or schemas on a server for the tests."""

from __future__ import annotations

import os
import shutil
from contextlib import closing
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from attrs import field, frozen

if TYPE_CHECKING:
    from collections.abc import Callable

SQLITE, POSTGRES = "sqlite", "postgres"

ON_BOTH = (
    "tests/heinola_es/domain/aggregates/test_counted_twice.py",
    "tests/heinola_es/domain/aggregates/test_figures_of_a_year.py",
    "tests/heinola_es/importing/ledger/test_cases.py",
    "tests/heinola_es/importing/ledger/test_first_days.py",
    "tests/heinola_es/domain/aggregates/test_file_import.py",
    "tests/heinola_es/domain/aggregates/test_forecasts.py",
    "tests/heinola_es/domain/aggregates/test_goals_of_a_year.py",
    "tests/projections/test_forecasts.py",
    "tests/heinola_es/domain/aggregates/test_project.py",
    "tests/heinola_es/domain/aggregates/test_publication.py",
    "tests/heinola_es/domain/aggregates/test_undoing.py",
    "tests/heinola_es/domain/aggregates/test_unit.py",
    "tests/heinola_es/commands/test_import_figures.py",
    "tests/heinola_es/commands/test_large_amounts.py",
    "tests/heinola_es/lake",
    "tests/heinola_es/store/test_clock.py",
    "tests/heinola_es/store/test_later_kinds.py",
    "tests/projections/test_lasting_totals.py",
    "tests/heinola_es/store/test_log.py",
    "tests/heinola_es/store/test_many_writers.py",
    "tests/heinola_es/store/test_misplaced.py",
    "tests/heinola_es/store/test_processes.py",
    "tests/heinola_es/store/test_signed_heads.py",
    "tests/heinola_es/store/test_transfer.py",
    "tests/heinola_es/store/test_whole_or_nothing.py",
    "tests/heinola_es/commands/test_put_right.py",
    "tests/heinola_es/commands/test_restating.py",
    "tests/heinola_es/importing/facts",
    "tests/projections/forms/test_importing.py",
    "tests/heinola_es/commands/test_record_figures.py",
    "tests/heinola_es/commands/test_record_goals.py",
    "tests/heinola_es/commands/test_record_organisation.py",
    "tests/heinola_es/commands/test_record_projects.py",
    "tests/heinola_es/importing/test_recorder.py",
    "tests/projections/commands/test_codes_of_others.py",
    "tests/projections/commands/test_moving.py",
    "tests/projections/commands/test_projections.py",
    "tests/projections/commands/test_snapshot.py",
    "tests/projections/commands/test_undo.py",
    "tests/projections/commands/test_impossible_facts.py",
    "tests/projections/commands/test_unread_amounts.py",
    "tests/projections/writers/datapackage/test_command.py",
    "tests/projections/writers/datapackage/test_package.py",
    "tests/projections/report/test_build.py",
    "tests/projections/report/test_monthly.py",
    "tests/projections/test_catching_up.py",
    "tests/projections/test_corrections.py",
    "tests/projections/test_dates.py",
    "tests/projections/test_kept_reports.py",
    "tests/projections/test_known_at.py",
    "tests/projections/test_checked_reads.py",
    "tests/projections/test_one_moment.py",
    "tests/projections/test_undoing.py",
    "tests/projections/test_unknown_events.py",
    "tests/projections/test_percent.py",
    "tests/projections/test_printed_amounts.py",
    "tests/projections/test_projects.py",
    "tests/projections/test_readers_and_writers.py",
    "tests/projections/test_reconciliation.py",
    "tests/projections/test_snapshot.py",
    "tests/projections/test_whole_or_not.py",
    "tests/projections/test_whole_values.py",
    "tests/projections/test_words.py",
)
"""The modules whose tests run on either database, as far as they ask for a store."""

_number = count()
_made: dict[tuple[str, str], str] = {}
"""Where the stores are that are copied, by name and server."""


STORES_OF_A_DATABASE = 50
"""So many are made in one: the more tables it knows, the longer the server looks for those of a store."""


_newest: dict[str, tuple[int, str]] = {}
"""The number of the first store in the newest database of a server, and that database's address."""


@frozen
class Database:
    """Where new stores go.

    Attributes:
        folder: for files.
        server: the address of the server; empty where stores are files.
        copies: the addresses of databases that were made for copies of stores; `close` takes them away.
    """

    folder: Path
    server: str = ""
    copies: list[str] = field(factory=list)

    def new(self, name: str) -> str:
        """Return the location of a store that is not there yet."""
        if not self.server:
            return str(self.folder / f"{name}.db")
        number = next(_number)
        first, address = _newest.get(self.server, (number, ""))
        if not address or number - first >= STORES_OF_A_DATABASE:
            first, address = _newest[self.server] = number, new_database(self.server)
        return f"{address}?schema=test_{os.getpid()}_{number}"

    def copy_of(self, name: str, make: Callable[[str], object]) -> str:
        """Return the location of a copy of a store that is made once, by `make` at a location, for all who ask for it.

        `make` has to close it.
        """
        key = (name, self.server)
        if key not in _made:
            _made[key] = self._place_of(name)
            make(_made[key])
        if not self.server:
            copy = self.folder / f"{name}.db"
            if copy.exists():
                copy = copy.with_stem(f"{name}-{next(_number)}")
            return str(shutil.copyfile(_made[key], copy))
        made = urlsplit(_made[key])
        self.copies.append(new_database(self.server, made.path[1:]))
        return made._replace(path=urlsplit(self.copies[-1]).path).geturl()

    def _place_of(self, name: str) -> str:
        if self.server:
            return f"{new_database(self.server)}?schema=test_{os.getpid()}_{next(_number)}"
        folder = self.folder.parent / "made"
        folder.mkdir(exist_ok=True)
        return str(folder / f"{name}.db")

    def close(self) -> None:
        """Take away the databases that were made for copies, whoever still uses them."""
        for copy in self.copies:
            drop_database(self.server, copy)


def new_database(server: str, template: str = "template1") -> str:
    """Return the address of a new database on a server, made like another one that nobody is connected to."""
    name = f"tests_{os.getpid()}_{next(_number)}"
    _execute(server, f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY FILE_COPY")
    return urlsplit(server)._replace(path=f"/{name}").geturl()


def drop_database(server: str, address: str) -> None:
    """Take a database away, whoever still uses it."""
    _execute(server, f"DROP DATABASE {urlsplit(address).path[1:]} WITH (FORCE)")


def _execute(server: str, statement: str) -> None:
    import psycopg

    with closing(psycopg.connect(urlsplit(server)._replace(path="/postgres").geturl(), autocommit=True)) as connection:
        connection.execute(statement.encode())
