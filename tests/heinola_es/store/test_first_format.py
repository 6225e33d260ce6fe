"""A store that was made before opens as it is, stays true, and is brought to this format by the next command."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from attrs import evolve

from events.store import StoreUpgraded
from heinola_es.domain.chart import DEFAULT_CHART
from heinola_es.domain.periods import parse_period
from heinola_es.errors import HeinolaError, Refused
from heinola_es.handlers.figures import post_actual
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store.clock import ClockInDoubt
from heinola_es.store.command_keys import KeysNotSound
from heinola_es.store.leaves import leaf_hashes
from heinola_es.store.location import NoStoreHere
from heinola_es.store.log import EventLog, KeyUsedBefore, Request, StoreNotSound
from heinola_es.store.proofs import consistency_path, proves_consistency
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import FORMAT
from heinola_es.store.settings import SettingsChanged, UnknownFormat
from heinola_es.store.transfer import exported, import_into
from heinola_es.store.transfer_lines import NotThatLog
from tests.city import CITY, FOUNDED, FOUNDED_AT, MADE
from tests.first_format import in_the_first_format
from tests.specification import NOW, events_in
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.handlers.session import Session
    from heinola_es.store.head import TreeHead
    from heinola_es.store.log import Receipt

MARCH = parse_period("3/2020")
ASKED = Request("controller", clock_is_right=True)
KEYED = Request("controller", key="tosite-1", digest="two postings", clock_is_right=True)
OTHER = evolve(KEYED, key="tosite-2", digest="one name")
SIZE = 17
"""13 facts of the small city, one command without a key, and three events of two commands with keys."""


def post_two(session: Session) -> None:
    """Post in two units."""
    for unit in ("4100", "4160"):
        post_actual(session, unit, "sales", MARCH, 100, also=True)


def rename(log: EventLog, request: Request = ASKED, name: str = "Lukiot") -> Receipt:
    """Give a unit a name."""
    return run(log, NOW, request, lambda session: rename_unit(session, "4160", FOUNDED, name))


@pytest.fixture
def old(store: EventLog, tmp_path: Path) -> Path:
    """Give a store of the first format with the small city and some commands, two of them with keys."""
    run(store, NOW, KEYED, post_two)
    rename(store)
    rename(store, OTHER, "Lukio ja lukiolaiset")
    return in_the_first_format(store.location, tmp_path / "old.db")


def head(path: Path) -> TreeHead:
    """Return the head of a store."""
    with LogReader.open(str(path)) as reader:
        return reader.head()


def lines_of(path: Path) -> list[bytes]:
    """Return a store's log as it is exported."""
    with LogReader.open(str(path)) as reader:
        return list(exported(reader))


def attacked(path: Path, *statements: str) -> None:
    """Change a store behind the back of the program."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


# ---------------------------------------------------------------- as it is


def test_it_opens_and_is_read_as_it_is(old: Path) -> None:
    """Settings and events are there, it verifies, and reading leaves it as it was."""
    before = head(old)
    assert before.size == SIZE
    for opened in (EventLog.open(str(old)), LogReader.open(str(old))):
        with opened:
            assert [opened.setting(name) for name in ("city", "chart", "format")] == [CITY, DEFAULT_CHART, "1"]
    terminal = Terminal(old)
    verified = terminal.run("audit verify")
    assert (verified.exit_code, verified.stdout) == (0, whole(SIZE))
    assert "stand beside the log, unprotected, until `heinola store upgrade`" in verified.stderr
    terminal.done("snapshot 2020Q1 --format json")
    assert len(terminal.events()) == SIZE
    assert head(old) == before


def test_it_is_exported_with_its_keys(old: Path) -> None:
    """The lines after the events are the keys, in the order of what they stand for."""
    keys = [orjson.loads(line) for line in lines_of(old)[SIZE + 1 :]]
    assert keys == [
        {"key": "tosite-1", "digest": "two postings", "first": 14, "last": 15},
        {"key": "tosite-2", "digest": "one name", "first": 17, "last": 17},
    ]


# ---------------------------------------------------------------- brought to this format


def upgraded(path: Path) -> StoreUpgraded:
    """Return the event that brought a store to this format, of which there is one."""
    with EventLog.open(str(path)) as log:
        (event,) = (event for event in events_in(log) if isinstance(event, StoreUpgraded))
    return event


def whole(size: int) -> str:
    """Return what a verification says of a store in which all is as it must be."""
    return f"all is as it was recorded: {size} events, 0 published reports, 0 seals\n"


def require_upgraded(path: Path, before: TreeHead) -> None:
    """Demand that a store is of this format, that its log continues the one it had, and that it verifies."""
    event = upgraded(path)
    assert (event.city, event.chart, event.format) == (CITY, DEFAULT_CHART, FORMAT)
    assert event.keys == (
        ("tosite-1", "two postings", "14", "15"),
        ("tosite-2", "one name", "17", "17"),
    )
    with LogReader.open(str(path)) as reader:
        assert reader.setting("format") == FORMAT
        assert "command_keys" not in reader.tables()
        after = reader.head()
        leaves = list(leaf_hashes(reader, after.size))
    path_between = consistency_path(leaves, before.size)
    assert proves_consistency(before.size, before.root, after.size, after.root, path_between)
    verified = Terminal(path).run("audit verify")
    assert (verified.exit_code, verified.stdout) == (0, whole(after.size))
    assert f"from event {before.size + 1} on" in verified.stderr


def test_the_next_command_brings_it(old: Path) -> None:
    """Its first event takes in what stood beside the log; the receipt says where, and what the command recorded."""
    before = head(old)
    with EventLog.open(str(old)) as log:
        receipt = rename(log, name="Lukio")
        assert (receipt.upgraded, receipt.first, receipt.last) == (SIZE + 1, SIZE + 2, SIZE + 2)
        assert rename(log, name="Lukiot").upgraded == 0
        assert log.setting("format") == FORMAT
    event = upgraded(old)
    assert (event.recorded.replace(microsecond=0), event.recorded_by) == (NOW, "controller")
    require_upgraded(old, before)


def test_a_command_of_its_own_brings_it(old: Path) -> None:
    """`heinola store upgrade` says where, and is content to have nothing to do."""
    before = head(old)
    with EventLog.open(str(old)) as log:
        assert log.upgrade(NOW, ASKED) == SIZE + 1
        assert log.upgrade(NOW, ASKED) == 0
    require_upgraded(old, before)
    said = Terminal(old).done("store upgrade --clock-is-right")
    assert said == f"{old} is of format {FORMAT} already; nothing was recorded"


def test_the_command_line_brings_it(tmp_path: Path, store: EventLog) -> None:
    """At a terminal it is told as any event is."""
    old = in_the_first_format(store.location, tmp_path / "old.db")
    assert Terminal(old).done("store upgrade --clock-is-right") == f"#14 {old} is of format {FORMAT} now"
    assert upgraded(old).keys == ()


@pytest.mark.parametrize("first", [True, False], ids=["by the retry itself", "before it"])
def test_keys_of_before_are_recognised(old: Path, *, first: bool) -> None:
    """A retry of a command of before records nothing, and the key stands for no other command."""
    with EventLog.open(str(old)) as log:
        if not first:
            log.upgrade(NOW, ASKED)
        receipt = run(log, NOW, KEYED, post_two)
        assert (receipt.events, receipt.first, receipt.last, receipt.repeated) == ((), 14, 15, True)
        with pytest.raises(KeyUsedBefore, match=r"'tosite-2' was used for another command \(positions 17–17\)"):
            run(log, NOW, evolve(OTHER, digest="another"), post_two)
        new = evolve(KEYED, key="tosite-3")
        assert not run(log, NOW, new, post_two).repeated
        assert run(log, NOW, new, post_two).repeated


def test_a_dry_run_or_a_refusal_leaves_it_as_it_is(old: Path) -> None:
    """Only what is recorded brings a store to this format."""
    before = old.read_bytes(), head(old)
    with EventLog.open(str(old)) as log:
        run(log, NOW, ASKED, post_two, dry_run=True)
        with pytest.raises(HeinolaError):
            run(log, NOW, ASKED, lambda session: rename_unit(session, "9999", FOUNDED, "x"))
        with pytest.raises(ClockInDoubt):
            log.upgrade(FOUNDED_AT, Request("controller"))
        assert log.setting("format") == "1"
    assert head(old) == before[1]
    with LogReader.open(str(old)) as reader:
        assert "command_keys" in reader.tables()


def test_of_several_at_once_one_brings_it(old: Path) -> None:
    """Four processes that record at once: there is one such event, and nobody's command is lost."""
    words = [sys.executable, "-m", "cli", "--store", str(old), "--actor"]
    post = ["record", "actual", "4100", "sales", "4/2020", "1", "--also", "--clock-is-right"]
    processes = [
        subprocess.Popen([*words, f"a{number}", *post], cwd=ROOT, env=environment(), stdout=subprocess.PIPE)
        for number in range(4)
    ]
    assert [(process.communicate(timeout=60), process.returncode)[1] for process in processes] == [0] * 4
    assert upgraded(old).originator_version == 1
    assert head(old).size == SIZE + 1 + 4


# ---------------------------------------------------------------- moved


def test_its_log_makes_a_store_of_this_format(old: Path, tmp_path: Path) -> None:
    """What is imported continues the log with one more event, and its keys are known."""
    before, lines = head(old), lines_of(old)
    new = tmp_path / "new.db"
    assert import_into(str(new), lambda: lines, now=NOW, by="importer") == SIZE
    assert (upgraded(new).recorded.replace(microsecond=0), upgraded(new).recorded_by) == (NOW, "importer")
    require_upgraded(new, before)
    with EventLog.open(str(new)) as log:
        assert run(log, NOW, KEYED, post_two).repeated


def _set(**values: Any) -> dict[str, Any]:  # noqa: ANN401 - as told, or not
    return {"key": "k", "digest": "d", "first": 1, "last": 1} | values


NO_TEXT: tuple[object, ...] = (None, 7, [], {})
NO_POSITION: tuple[object, ...] = ("1", None, [], {}, 1.5, True, 0, -1, SIZE + 1, 2**63)


@pytest.mark.parametrize(
    "told",
    [
        *({name: value for name, value in _set().items() if name != left} for left in _set()),
        *(_set(first=value) for value in (*NO_POSITION, 2)),
        *(_set(last=value) for value in NO_POSITION),
        *(_set(key=value) for value in NO_TEXT),
        *(_set(digest=value) for value in NO_TEXT),
    ],
    ids=str,
)
def test_a_key_that_is_none_is_not_taken(old: Path, tmp_path: Path, told: dict[str, Any]) -> None:
    """A line that is no key is named, and no store is made."""
    lines = [*lines_of(old), orjson.dumps(told)]
    with pytest.raises(NotThatLog, match=f"line {SIZE + 4}"):
        import_into(str(tmp_path / "new.db"), lambda: lines, now=MADE, by="controller")
    with pytest.raises(NoStoreHere):
        EventLog.open(str(tmp_path / "new.db"))


# ---------------------------------------------------------------- what is not as it was made


PLANTED = (
    *("'k', 'd', 0, 1", "'k', 'd', -1, 3", "'k', 'd', 5, 4", "'k', 'd', 1, 99", "'k', 'd', 15, 16"),
    *("'k', 'd', 'x', 3", "'k', 'd', 3, 'x'", "'k', 'd', NULL, NULL", "'k', 'd', 1.5, 3", "'k', 'd', x'00', 3"),
    *("x'00', 'd', 1, 1", "'k', x'00', 1, 1"),
)


@pytest.mark.parametrize("planted", PLANTED)
def test_keys_that_cannot_be_are_not_taken_in(old: Path, planted: str) -> None:
    """A key that is none, or stands for events that are not there, or for those of another, is not made an event."""
    before = head(old)
    attacked(old, f"INSERT INTO command_keys VALUES ({planted})")
    with EventLog.open(str(old)) as log, pytest.raises(KeysNotSound, match="which cannot be; nothing was recorded"):
        rename(log)
    assert head(old) == before


SCHEMA_CHANGES = (
    "CREATE TRIGGER sqlitexstat1 BEFORE INSERT ON stored_events BEGIN SELECT RAISE(IGNORE); END",
    "CREATE UNIQUE INDEX rm_x ON stored_events (topic, originator_id, position)",
    "DROP TRIGGER command_keys_UPDATE",
    "DROP TRIGGER stored_events_once",
    "DROP INDEX launched_projects",
    "CREATE TABLE notes (text)",
    "ALTER TABLE command_keys ADD COLUMN note TEXT",
)


@pytest.mark.parametrize("statement", SCHEMA_CHANGES)
def test_one_that_was_changed_is_not_brought(old: Path, statement: str) -> None:
    """What is not as a store of the first format was made takes nothing in."""
    attacked(old, statement)
    before = head(old)
    with EventLog.open(str(old)) as log, pytest.raises(StoreNotSound, match="nothing was recorded"):
        rename(log)
    assert head(old) == before


@pytest.mark.parametrize("there", ["4", "", "0", "2.0", "one"])
def test_a_format_that_is_not_known_is_refused(old: Path, there: str) -> None:
    """Reading and recording say so, before anything else is looked at."""
    attacked(
        old,
        "DROP TRIGGER store_settings_UPDATE",
        f"UPDATE store_settings SET value = '{there}' WHERE name = 'format'",
    )
    with pytest.raises(UnknownFormat, match=r"the store is of format .*, and this version knows 1, 2 and 3; use"):
        LogReader.open(str(old))
    with EventLog.open(str(old)) as log, pytest.raises(UnknownFormat):
        rename(log)


@pytest.mark.parametrize("later", ["2", "3"])
def test_it_does_not_pass_for_one_of_a_later_format(old: Path, later: str) -> None:
    """A marker alone makes no store of a later format: its log would have to say so."""
    before = head(old)
    attacked(
        old,
        "DROP TRIGGER store_settings_UPDATE",
        f"UPDATE store_settings SET value = '{later}' WHERE name = 'format'",
    )
    with pytest.raises(SettingsChanged, match=f"the store is of format {later}, and its log does not say so"):
        LogReader.open(str(old))
    with EventLog.open(str(old)) as log, pytest.raises(Refused):
        rename(log)
    attacked(old, "UPDATE store_settings SET value = '1' WHERE name = 'format'")
    assert head(old) == before


@pytest.mark.parametrize("name", ["city", "chart", "format"])
def test_settings_beside_the_log_say_what_it_says(old: Path, name: str) -> None:
    """Once they are in the log, a changed setting is refused by every command, until it is as it was."""
    with EventLog.open(str(old)) as log:
        log.upgrade(NOW, ASKED)
        kept = log.setting(name)
    change = f"UPDATE store_settings SET value = '{{}}' WHERE name = '{name}'"
    attacked(old, "DROP TRIGGER store_settings_UPDATE", change.format("1"))
    with pytest.raises(SettingsChanged, match=f"the setting '{name}' is '1', and the log says '{kept}'"):
        LogReader.open(str(old))
    with EventLog.open(str(old)) as log, pytest.raises(SettingsChanged):
        rename(log)
    attacked(old, change.format(kept))
    with LogReader.open(str(old)) as reader:
        assert reader.setting(name) == kept
