"""The mutation run: hundreds of tamperings with a published store, every one found and named, none on a clean log."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING
from unittest.mock import patch

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from heinola_es.sealing.keys import Signer
from heinola_es.store.reading import LogReader
from projections.read_models import running_totals
from projections.read_models.catching_up import rebuild
from projections.read_models.models import ALL
from projections.verifying.problems import number
from projections.verifying.seals import SealFile
from projections.verifying.verification import verify
from tests.faults.whole import WHOLE
from tests.projections.audit import tampering
from tests.projections.audit.conftest import copied
from tests.projections.audit.tampering import byte_of, changed_value, unguarded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from projections.verifying.problems import Problem
    from projections.verifying.verification import Verdict
    from tests.projections.audit.conftest import PublishedStore
    from tests.projections.audit.tampering import Tampering

TRIES = 30 if WHOLE else 4
"""How often each tampering is tried, each time at another place."""
FOUND: Counter[str] = Counter()

WITHOUT_SEALS: dict[str, Tampering] = {
    "a byte of the body": byte_of("state"),
    "a byte of the topic": byte_of("topic"),
    "a byte of the stream": byte_of("originator_id"),
    "the version": byte_of("originator_version"),
    "a byte of the leaf hash": byte_of("leaf_hash"),
    "a byte of the file": tampering.byte_of_the_file,
    "the type of the body": tampering.type_of_the_body,
    "a body and its hash": tampering.body_with_its_hash,
    "deleted": tampering.deleted,
    "deleted, the gap closed": tampering.deleted_and_closed,
    "inserted": tampering.inserted,
    "added at the end": tampering.added,
    "reordered": tampering.reordered,
    "moved": tampering.rotated,
    "swapped": tampering.swapped,
    "swapped with their hashes": tampering.swapped_with_hashes,
    "cut off": tampering.cut,
}
"""What a verification finds by the store alone."""

ONLY_WITH_SEALS: dict[str, Tampering] = {
    "rewritten, all hashes recomputed": tampering.rewritten,
    "rewritten without an event": tampering.rewritten_without_an_event,
    "cut off cleanly": tampering.cut_cleanly,
}
"""What agrees with itself in every way; only a seal that was kept elsewhere tells."""


def verified(store: PublishedStore, *, sealed: bool) -> Verdict:
    """Verify a store, with its seals or without."""
    return verify(store.path, store.seals, store.verifier) if sealed else verify(store.path)


def require_named(verdict: Verdict, positions: set[int]) -> None:
    """Demand that every position is covered by a problem, whose sentence says where and what rests on it."""
    assert verdict.problems
    for position in positions:
        covering = [problem for problem in verdict.problems if problem.covers(position)]
        assert covering, (position, [str(problem) for problem in verdict.problems])
        told = " ".join(str(problem) for problem in covering)
        assert any(number(edge) in told for problem in covering for edge in (problem.first, problem.last))
        assert any(problem.consequence for problem in covering)


@pytest.mark.parametrize("what", WITHOUT_SEALS)
def test_every_tampering_is_found_and_named(
    published_once: PublishedStore, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Tampered at random in the file, the store is found out without any seal, by position and consequence."""
    for seed in range(TRIES):
        store = copied(published_once, tmp_path)
        positions = WITHOUT_SEALS[what](store.path, Random(f"{what}/{seed}"), store.size)
        require_named(verified(store, sealed=seed % 2 == 1), positions)
        FOUND[what] += 1
    tell(capsys, what)


@pytest.mark.parametrize("what", ONLY_WITH_SEALS)
def test_a_log_that_was_rewritten_is_found_by_a_seal(
    published_once: PublishedStore, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A store that was made to agree with itself again deceives the store alone, and no seal made before."""
    for seed in range(TRIES):
        store = copied(published_once, tmp_path)
        positions = ONLY_WITH_SEALS[what](store.path, Random(f"{what}/{seed}"), store.sizes[-1])
        assert verified(store, sealed=False).problems == ()
        verdict = verified(store, sealed=True)
        require_named(verdict, positions)
        broken = sum(size >= min(positions) for size in store.sizes)
        assert len([problem for problem in verdict.problems if problem.kind == "seal"]) == broken
        any_one = Random(seed).choice(
            [seal for seal, size in zip(store.seals, store.sizes, strict=True) if size >= min(positions)]
        )
        assert verify(store.path, [any_one], store.verifier).problems != ()
        FOUND[what] += 1
    tell(capsys, what)


@pytest.mark.parametrize("sealed", [False, True])
def test_a_clean_log_is_clean(published_once: PublishedStore, tmp_path: Path, *, sealed: bool) -> None:
    """Nothing is found where nothing was done: neither before nor after the read models are caught up or built anew."""
    store = copied(published_once, tmp_path)
    verdict = verified(store, sealed=sealed)
    assert verdict.problems == ()
    assert (verdict.size, verdict.reports, verdict.seals) == (store.size, 3, 3 if sealed else 0)
    with closing(sqlite3.connect(store.path)) as connection:
        connection.execute("DROP TABLE rm_positions")
    assert verified(store, sealed=sealed).problems == ()


def test_a_verification_writes_nothing(published_once: PublishedStore, tmp_path: Path) -> None:
    """The store is the evidence: its file is the same to the byte afterwards."""
    store = copied(published_once, tmp_path)
    before = store.path.read_bytes()
    verified(store, sealed=True)
    assert store.path.read_bytes() == before


def tampered_seals(store: PublishedStore, chance: Random) -> dict[str, SealFile]:
    """Return seals that are forged or damaged, each in its own way."""
    from heinola_es.sealing.seals import parse_seal

    file = chance.choice(store.seals)
    honest = parse_seal(file.content.decode(), store.verifier)
    stranger = Signer(store.signer.name, Ed25519PrivateKey.generate())
    other_root = changed_value(honest.root, chance)
    other_digest = changed_value(bytes.fromhex(honest.snapshot_sha256), chance).hex()
    return {
        "a byte of a seal": SealFile(file.name, changed_value(file.content, chance)),
        "a seal cut short": SealFile(file.name, file.content[: chance.randrange(len(file.content))]),
        "a seal with more behind it": SealFile(file.name, file.content + b"\n"),
        "a seal by another key": SealFile(file.name, honest.signed_by(stranger).encode()),
        "a seal of another root": SealFile(file.name, evolve(honest, root=other_root).signed_by(store.signer).encode()),
        "a seal of another report": SealFile(
            file.name, evolve(honest, snapshot_sha256=other_digest).signed_by(store.signer).encode()
        ),
        "a seal of another size": SealFile(
            file.name, evolve(honest, size=honest.size + chance.choice((-1, 1))).signed_by(store.signer).encode()
        ),
        "a seal of another city": SealFile(
            file.name, evolve(honest, origin="heinola-es/lahti").signed_by(store.signer).encode()
        ),
    }


@pytest.mark.parametrize("seed", range(6 if WHOLE else 2))
def test_every_forged_or_damaged_seal_is_found(published: PublishedStore, seed: int) -> None:
    """A seal of which a byte was changed, by a stranger, or of what the log does not hold, is named by its file."""
    for what, forged in tampered_seals(published, Random(seed)).items():
        problems = verify(published.path, [forged], published.verifier).problems
        assert [problem.kind for problem in problems] == ["seal"], (what, [str(problem) for problem in problems])
        assert forged.name in problems[0].message
        FOUND[what] += 1


READ_MODEL_TABLES = [table for model in ALL for table in model.tables]


@pytest.mark.parametrize("table", READ_MODEL_TABLES)
def test_every_changed_read_model_is_found(
    published_once: PublishedStore, tmp_path: Path, table: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """A changed cell in any column of any table, a row that was lost or planted: a problem of that read model."""
    with closing(sqlite3.connect(published_once.path)) as connection:
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
    chance = Random(table)
    ways = {"planted": plant_row(table, len(columns))}
    if table not in {"rm_unread", "rm_internal", "rm_undone", "rm_rounds"}:  # in which this log has nothing
        ways |= {column: change_cell(chance, table, column) for column in columns} | {"lost": lose_row(table)}
    (built := tmp_path / "built").mkdir()
    with patch.object(running_totals, "LARGE_CENTS", 0 if table == "rm_large" else running_totals.LARGE_CENTS):
        whole = copied(published_once, built)
        with LogReader.open(str(whole.path)) as reader:
            rebuild(reader, ALL)
        found = {what: _problems_after(way, copied(whole, tmp_path)) for what, way in ways.items()}
    for what, problems in found.items():
        assert {problem.kind for problem in problems} == {"read_model"}, what
        assert "projections rebuild" in problems[0].consequence
        FOUND[f"read model {table}"] += 1
    tell(capsys, f"read model {table}")


def _problems_after(way: Callable[[sqlite3.Connection], object], store: PublishedStore) -> tuple[Problem, ...]:
    with unguarded(store.path) as connection:
        way(connection)
    return verify(store.path).problems


def plant_row(table: str, columns: int) -> Callable[[sqlite3.Connection], object]:
    """Return a way to plant a row of nines."""
    values = ", ".join(["999"] * columns)
    return lambda connection: connection.execute(f"INSERT INTO {table} VALUES ({values})")


def lose_row(table: str) -> Callable[[sqlite3.Connection], object]:
    """Return a way to lose one row of a table."""
    last = f"SELECT max(rowid) FROM {table}"
    return lambda connection: connection.execute(f"DELETE FROM {table} WHERE rowid = ({last})")


def change_cell(chance: Random, table: str, column: str) -> Callable[[sqlite3.Connection], object]:
    """Return a way to change one cell of a column."""

    def change(connection: sqlite3.Connection) -> None:
        rows = connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
        row, value = chance.choice(rows)
        changed = changed_value(value, chance)
        if column in {"position", "cell"}:
            changed = max(position for _row, position in rows) + 1
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (changed, row))

    return change


AROUND_THE_LOG = {
    "the head's size": ("UPDATE tree_head SET size = size + 1", "cut off the end"),
    "the head's root": ("UPDATE tree_head SET root = zeroblob(32)", "root in the head"),
    "the head's frontier": ("UPDATE tree_head SET frontier = zeroblob(length(frontier))", "frontier in the head"),
    "the head's instant": ("UPDATE tree_head SET recorded = '2019-01-01T00:00:00.000000Z'", "instant in the head"),
    "the head": ("DELETE FROM tree_head", "the head of the log's tree is missing"),
    "the head's type": ("UPDATE tree_head SET root = 'x'", "the head of the log's tree is missing, is none"),
    "the city": ("DELETE FROM store_settings WHERE name = 'city'", "the setting 'city' of the store was lost"),
    "another city": (
        "UPDATE store_settings SET value = 'Lahti' WHERE name = 'city'",
        "'Lahti', the log says 'Heinola'",
    ),
    "another format": ("UPDATE store_settings SET value = '4' WHERE name = 'format'", "is of format '4'"),
    "the first format": ("UPDATE store_settings SET value = '1' WHERE name = 'format'", "the setting 'format'"),
    "another setting": ("INSERT INTO store_settings VALUES ('more', 'x')", "a setting 'more' was added"),
    "a view": ("CREATE VIEW stored_event AS SELECT * FROM stored_events", "a view stored_event was added"),
    "a table": ("CREATE TABLE rn_words (x)", "a table rn_words was added"),
    "a unique index": ("CREATE UNIQUE INDEX one ON stored_events (topic, position)", "an index one was added"),
    "a trigger named like SQLite's own": (
        "CREATE TRIGGER sqlitexstat1 BEFORE INSERT ON stored_events BEGIN SELECT RAISE(IGNORE); END",
        "a trigger sqlitexstat1 was added",
    ),
    "a read model ahead": ("UPDATE rm_positions SET position = 99999", "claim to know more than the log"),
    "a read model's table": ("ALTER TABLE rm_words ADD COLUMN more TEXT", "rm_words"),
    "a read model's index": ("DROP INDEX rm_words_1", "rm_words"),
    "an index": ("DROP INDEX established_units", "the index established_units was dropped"),
    "a trigger of a stranger": (
        "CREATE TRIGGER theirs AFTER INSERT ON stored_events BEGIN SELECT 1; END",
        "a trigger theirs was added",
    ),
}


@pytest.mark.parametrize("what", AROUND_THE_LOG)
def test_what_stands_around_the_log_is_checked(published: PublishedStore, what: str) -> None:
    """The head, settings, command keys, indexes, triggers and read models' own records are held against the log."""
    statement, words = AROUND_THE_LOG[what]
    with unguarded(published.path) as connection:
        connection.execute(statement)
    problems = verify(published.path).problems
    assert any(words in str(problem) for problem in problems), [str(problem) for problem in problems]
    FOUND["around the log"] += 1


def test_a_dropped_guard_is_named(published_once: PublishedStore, tmp_path: Path) -> None:
    """Every trigger of the store is missed when it is gone, and when it was replaced by one that lets all pass."""
    with closing(sqlite3.connect(published_once.path)) as connection:
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
        triggers = connection.execute(query).fetchall()
    assert len(triggers) >= 10
    for name, table in triggers:
        for again in (None, f"CREATE TRIGGER {name} BEFORE UPDATE ON {table} BEGIN SELECT 1; END"):
            store = copied(published_once, tmp_path)
            with closing(sqlite3.connect(store.path)) as connection:
                connection.execute(f"DROP TRIGGER {name}")
                if again:
                    connection.execute(again)
            (problem,) = verify(store.path).problems
            assert problem.message == f"the trigger {name} was {'changed' if again else 'dropped'}"
            FOUND["a guard"] += 1


@pytest.mark.parametrize("seed", range(10 if WHOLE else 4))
def test_a_damaged_file_is_told_and_not_raised(published: PublishedStore, seed: int) -> None:
    """Whole pages overwritten with noise: the verification says what it can, and ends."""
    chance = Random(seed)
    content = bytearray(published.path.read_bytes())
    page = chance.randrange(0 if seed == 0 else 1, len(content) // 4096) * 4096
    content[page : page + 4096] = chance.randbytes(4096)
    published.path.write_bytes(content)
    assert verified(published, sealed=True).problems


def tell(capsys: pytest.CaptureFixture[str], *names: str) -> None:
    """Print how many tamperings of a class were found; `pytest -s` or the report of a failure shows it."""
    with capsys.disabled():
        for name in names:
            print(f"\n{name}: {FOUND[name]} found", end="")  # noqa: T201 - the count is the result
