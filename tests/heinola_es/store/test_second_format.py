"""A store that kept nothing of its reports but their digests opens as it is, and the next command brings it along."""

from __future__ import annotations

import gzip
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from attrs import evolve

from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store.kinds import IN_A_FILE
from heinola_es.store.log import EventLog, Request, StoreNotSound
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import FORMAT, SCHEMA
from heinola_es.store.settings import SettingsChanged
from tests.heinola_es.store.test_first_format import attacked
from tests.specification import NOW, events_in
from tests.terminal import Terminal

GOLDEN = Path(__file__).resolve().parents[2] / "golden" / "0.1.0-format-2"
SPRING = date(2020, 3, 1)
ASKED = Request("controller", clock_is_right=True)
SIZE = 537
KEEPING = [statement for statement in SCHEMA if "kept_" in statement.split(" ON ")[0] or "published_" in statement]


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """Give a store of the second format, as its version made it."""
    path = tmp_path / "old.db"
    path.write_bytes(gzip.decompress((GOLDEN / "heinola.db.gz").read_bytes()))
    return path


def rename(path: Path) -> int:
    """Record something, and return the position of the event that brought the store to this format."""
    with EventLog.open(str(path)) as log:
        name = f"Lukio {log.head().size}"
        return run(log, NOW, ASKED, lambda session: rename_unit(session, "4160", SPRING, name)).upgraded


def test_the_next_command_brings_it(old: Path) -> None:
    """Its first event says so, once; settings, and from where they are protected, stay what they were."""
    with EventLog.open(str(old)) as log:
        before = [log.setting(name) for name in ("city", "chart")]
    assert rename(old) == SIZE + 1
    assert rename(old) == 0
    with EventLog.open(str(old)) as log:
        assert [log.setting(name) for name in ("city", "chart", "format")] == [*before, FORMAT]
        said = [event.format for event in events_in(log) if event.TOPIC in {"StoreInitialised", "StoreUpgraded"}]  # type: ignore[attr-defined]
    assert said == ["2", FORMAT]
    verified = Terminal(old).run("audit verify")
    assert verified.exit_code == 0
    assert verified.stderr.startswith("note: no bytes of 3 published reports were kept then")


@pytest.mark.parametrize("before", ["", f"CREATE INDEX {IN_A_FILE.made}"], ids=["as it was made", "with an index"])
def test_it_is_made_like_one_of_this_format(old: Path, tmp_path: Path, before: str) -> None:
    """Brought along, it has every table, index and trigger of a store that is made now, to the letter.

    Some stores of the second format have an index more than others.
    """
    attacked(old, before)
    assert Terminal(old).run("audit verify").exit_code == 0
    rename(old)
    EventLog.create(str(tmp_path / "new.db"), "Heinola", now=NOW, by="controller").close()

    def made(path: Path) -> set[tuple[object, ...]]:
        with closing(sqlite3.connect(path)) as connection:
            rows = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
            return {row for row in rows if not row[2].startswith("rm_")}

    assert made(old) == made(tmp_path / "new.db")


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE kept_names (digest)",
        "CREATE TABLE kept_reports (digest)",
        "CREATE TABLE notes (text)",
        "DROP TRIGGER stored_events_continues",
        "CREATE TRIGGER sqlitexstat1 BEFORE INSERT ON stored_events BEGIN SELECT RAISE(IGNORE); END",
    ],
)
def test_one_that_was_changed_is_not_brought(old: Path, statement: str) -> None:
    """What is not as a store of the second format was made stays as it is, and nothing is recorded."""
    attacked(old, statement)
    with pytest.raises(StoreNotSound, match="nothing was recorded"):
        rename(old)
    with LogReader.open(str(old)) as reader:
        assert (reader.size(), reader.setting("format")) == (SIZE, "2")


def test_it_does_not_pass_for_one_of_this_format(old: Path) -> None:
    """Neither the setting nor the tables make it one: its log says what it is."""
    attacked(old, *KEEPING)
    with pytest.raises(StoreNotSound, match="nothing was recorded"):
        rename(old)
    attacked(
        old, "DROP TRIGGER store_settings_UPDATE", f"UPDATE store_settings SET value = '{FORMAT}' WHERE value = '2'"
    )
    with pytest.raises(SettingsChanged, match=f"the setting 'format' is '{FORMAT}', and the log says '2'"):
        LogReader.open(str(old))


def test_a_second_upgrade_is_told(old: Path) -> None:
    """An event that brings a store to a format that it has already is planted, and a verification says so."""
    rename(old)
    with EventLog.open(str(old)) as log:
        log.upgrade(NOW, ASKED)
        with log.command(NOW, ASKED) as command:
            (event,) = (event for event in events_in(log) if event.TOPIC == "StoreUpgraded")
            command.append([evolve(event, originator_version=3)])
    verified = Terminal(old).run("audit verify")
    assert verified.exit_code == 3
    assert f"event {SIZE + 3} (StoreUpgraded) says that the store was upgraded, and it had no need to be" in (
        verified.stdout
    )
