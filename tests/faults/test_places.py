"""Places where a store is made by several at once, and places where something stands that is no store of ours."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from tests.faults.series import SERIES, Series, run, run_here
from tests.faults.stage import POSTED
from tests.faults.whole import TRIED, WHOLE, told

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.faults.series import Ended
    from tests.faults.stage import Copy, Stage

MAKING = ("init", "import events into a new store", "copy into a new store")
AT_ONCE = 4
FOUND = 3


def refused_in_a_sentence(ended: Ended) -> bool:
    """Return whether a command was refused, and said so in one sentence and nothing more."""
    lines = ended.stderr.strip().splitlines()
    return ended.code in {1, 2} and len(lines) == 1 and lines[0].startswith("heinola: ")


@pytest.mark.parametrize("name", MAKING if WHOLE else MAKING[:1])
def test_of_several_who_make_a_store_one_wins(stage: Stage, name: str) -> None:
    """Four at once: one is told that it made the store, the others in a sentence that they did not; it is whole."""
    with stage.copied(city=False) as copy, ThreadPoolExecutor(AT_ONCE) as pool:
        ended = list(pool.map(lambda number: run(SERIES[name], copy, stdout=f"said{number}"), range(AT_ONCE)))
        TRIED["stores made by several at once"] += 1
        assert sorted(one.code for one in ended) == [0, 1, 1, 1], ended
        assert all(refused_in_a_sentence(one) for one in ended if one.code), ended
        assert copy.problems() == []
        assert run_here(Series("record unit 1 Uusi --kind sector --on 1.1.2019"), copy).code == 0


def _database(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE tree_head (size)")
        connection.commit()


def _truncated(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE stored_events (position)")
        connection.commit()
    path.write_bytes(path.read_bytes()[:4096])


STRANGERS: dict[str, Callable[[Path], object]] = {
    "another database": _database,
    "half a database": _truncated,
    "a text": lambda path: path.write_text("Hyvä päivä!\n", encoding="utf-8"),
    "an empty file": lambda path: path.touch(),
    "noise": lambda path: path.write_bytes(bytes(range(256)) * 64),
}


@pytest.mark.in_a_file
@pytest.mark.parametrize("what", STRANGERS)
def test_a_file_that_is_not_ours_stays_as_it_is(stage: Stage, what: str) -> None:
    """Every command says in a sentence that it is no store, and leaves each byte and the folder as they were."""
    found = []
    for name, series in SERIES.items():
        with stage.copied(city=False) as copy:
            file = copy.folder / "heinola.db"
            STRANGERS[what](file)
            before, beside = file.read_bytes(), {path.name for path in copy.folder.iterdir()}
            ended = run_here(series, copy)
            TRIED["commands on what is not ours"] += 1
            verified = ended.code == FOUND and "audit verify" in series.line  # a store of which nothing is left
            if not verified and not refused_in_a_sentence(ended):
                found.append(f"{name} on {what} ends with {ended.code}: {ended.stderr[-160:]!r}")
            if file.read_bytes() != before or {path.name for path in copy.folder.iterdir()} != beside:
                found.append(f"{name} on {what} left something behind, or changed it")
    assert not found, told(found)


STRANGE_SCHEMAS = {
    "an empty schema": "CREATE SCHEMA heinola",
    "another table": "CREATE SCHEMA heinola; CREATE TABLE heinola.odd (a int)",
    "a head of theirs": "CREATE SCHEMA heinola; CREATE TABLE heinola.tree_head (size int)",
    "a log of theirs": "CREATE SCHEMA heinola; CREATE TABLE heinola.stored_events (position int)",
}


@pytest.mark.parametrize("what", STRANGE_SCHEMAS)
def test_a_schema_that_is_not_ours_stays_as_it_is(on_a_server: Stage, what: str) -> None:
    """Every command but one that makes a store says in a sentence that there is none; the schema stays as it was."""
    found = []
    for name, series in SERIES.items():
        with on_a_server.copied(city=False) as copy:
            with copy.raw() as raw:
                raw(STRANGE_SCHEMAS[what])
            before = _objects(copy)
            ended = run_here(series, copy)
            TRIED["commands on what is not ours"] += 1
            made = ended.code == 0 and name in MAKING and what == "an empty schema"
            if not made and not refused_in_a_sentence(ended):
                found.append(f"{name} on {what} ends with {ended.code}: {ended.stderr[-160:]!r}")
            if not made and _objects(copy) != before:
                found.append(f"{name} on {what} left something behind, or changed it")
    assert not found, told(found)


def _objects(copy: Copy) -> list[tuple[object, ...]]:
    with copy.raw() as raw:
        return raw(
            "SELECT relname, relkind, relnamespace::regnamespace::text FROM pg_class WHERE oid > 16383 ORDER BY 1"
        )


def test_a_store_of_ours_is_none_of_these(stage: Stage) -> None:
    """The control: in the city's store the same command is done."""
    with stage.copied() as copy:
        assert not refused_in_a_sentence(run_here(Series(POSTED), copy))
