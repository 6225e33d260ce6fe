"""A server that dies: what it had acknowledged is there when it comes back; in unlogged tables it would be gone."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

from tests.databases import POSTGRES
from tests.faults.series import Series, run_here
from tests.faults.stage import Copy
from tests.faults.test_schema_changes import DEFENCES
from tests.faults.whole import TRIED
from tests.servers import SUPERUSER, as_somebody, programs, started_server, unprivileged_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.postgres
ACKNOWLEDGED = 3


@pytest.fixture
def data() -> Iterator[Path]:
    """Give the data of a server that is not running."""
    with unprivileged_folder() as folder:
        made = ["-D", f"{folder}/data", "-U", SUPERUSER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"]
        subprocess.run([*as_somebody(), f"{programs()}/initdb", *made], cwd="/", capture_output=True, check=True)
        yield folder / "data"


def said_after_a_crash(data: Path, folder: Path, change: str = "") -> list[tuple[str, str]]:
    """Record, let the server die at once, start it again, and return what the log then says."""
    with started_server(data) as address:
        copy = Copy(address, folder)
        assert run_here(Series("init --city Heinola"), copy).code == 0
        if change:
            with copy.raw() as raw:
                raw(change)
        for number in range(ACKNOWLEDGED):
            done = run_here(Series(f"record unit {number} Uusi --kind sector --on 1.1.2019"), copy)
            assert done.code == 0, done
    with started_server(data) as address:  # it was ended without a word, and recovers
        again = Copy(address, folder)
        assert change or again.problems() == []
        return again.said() or []


def test_what_a_server_acknowledged_survives_it(data: Path, tmp_path: Path) -> None:
    """Everything that was told is there after the crash, and is whole."""
    TRIED["crashes of a server"] += 1
    assert len(said_after_a_crash(data, tmp_path)) == 1 + ACKNOWLEDGED


def test_in_an_unlogged_table_it_would_not(data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the log in an unlogged table and the check of the schema taken out, it is all gone."""
    monkeypatch.setattr(DEFENCES[POSTGRES][0], lambda *_args: ())
    assert said_after_a_crash(data, tmp_path, "ALTER TABLE stored_events SET UNLOGGED") == []
