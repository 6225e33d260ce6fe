"""Moving a log from the command line: export, import, copy; on either database."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heinola_es.store.location import is_on_server, server_store
from heinola_es.store.log import EventLog
from tests.city import CITY, MADE
from tests.projections.asking import canonical, import_text, snapshot_of
from tests.terminal import Terminal, environment, started

if TYPE_CHECKING:
    from tests.databases import Database

ROOT = Path(__file__).resolve().parents[3]
SAMPLE = ROOT / "examples" / "hyvinvointi-2020-q2.txt"


SIZE = 532
"""How many events the sample report is, with the one that makes the store."""


@pytest.fixture
def original(kept_in: Database) -> str:
    """Give the location of a store with the sample report."""
    location = kept_in.new("original")
    with EventLog.create(location, CITY, now=MADE, by="controller") as log:
        import_text(log, SAMPLE.read_text(encoding="utf-8"), SAMPLE.name)
    return location


def test_a_log_goes_through_a_file(original: str, kept_in: Database, tmp_path: Path) -> None:
    """Exported, imported into a new store, exported again: the same bytes, the same snapshot, and whole."""
    first, second, copy = tmp_path / "first.jsonl", tmp_path / "second.jsonl", kept_in.new("copy")
    assert Terminal(original).run(f"export events -o {first}").stderr == f"wrote {SIZE} events to {first}\n"
    assert Terminal(copy).done(f"import events {first}") == f"recorded {SIZE} events as they were exported from {first}"
    assert Terminal(copy).run(f"export events -o {second}").exit_code == 0
    assert first.read_bytes() == second.read_bytes()
    for period in ("2020Q2", "2019"):
        assert canonical(snapshot_of(copy, period)) == canonical(snapshot_of(original, period))
    assert sorted(path.name for path in tmp_path.glob("*.jsonl*")) == ["first.jsonl", "second.jsonl"]


def test_a_log_goes_through_a_pipe(original: str, kept_in: Database) -> None:
    """The standard output of one is the standard input of the other."""
    copy = kept_in.new("copy")
    exporting = [sys.executable, "-m", "cli", "--store", original, "export", "events"]
    exported = subprocess.run(exporting, cwd=ROOT, env=environment(), capture_output=True, check=True)
    assert exported.stderr == b""
    imported = started("--store", copy, "import", "events", "-", stdin=exported.stdout.decode())
    assert (imported.returncode, imported.stdout) == (0, f"recorded {SIZE} events as they were exported from -\n")
    assert Terminal(copy).events() == Terminal(original).events()


def test_a_store_is_copied(original: str, kept_in: Database) -> None:
    """One command from store to store; a second time it is refused, and the copy is left as it is."""
    copy = kept_in.new("copy")
    said = Terminal("nowhere.db").done(f"store copy {original} {copy}")
    assert said == f"copied {SIZE} events from {original} to {copy}"
    assert Terminal(copy).events() == Terminal(original).events()
    again = Terminal("nowhere.db").run(f"store copy {original} {copy}")
    assert (again.exit_code, again.stdout) == (1, "")
    assert re.fullmatch(
        rf"heinola: {re.escape(copy)} is initialised already.*; choose another place with --store\n", again.stderr
    )
    assert Terminal(copy).events() == Terminal(original).events()


def test_the_store_itself_is_never_written_over(tmp_path: Path) -> None:
    """-o with the store's own file is refused."""
    path = tmp_path / "heinola.db"
    EventLog.create(str(path), CITY, now=MADE, by="controller").close()
    before = path.read_bytes()
    refused = Terminal(path).run(f"export events -o {tmp_path}/../{tmp_path.name}/heinola.db")
    assert refused.exit_code == 2
    assert "is the store itself; name another file" in refused.stderr
    assert path.read_bytes() == before


def test_an_export_that_breaks_off_leaves_the_older_file(original: str, tmp_path: Path) -> None:
    """A damaged log is not exported, and the file of yesterday is still there."""
    on_server = is_on_server(original)
    head = f"{server_store(original).schema}.tree_head" if on_server else "tree_head"
    with EventLog.open(original) as log, log._recorder.datastore.transaction(commit=True) as cursor:
        cursor.execute("DROP TRIGGER " + (f"tree_head_moves ON {head}" if on_server else "tree_head_grows"))
        cursor.execute(f"UPDATE {head} SET root = frontier")
    file = tmp_path / "log.jsonl"
    file.write_text("yesterday", encoding="utf-8")
    refused = Terminal(original).run(f"export events -o {file}")
    assert (refused.exit_code, refused.stdout) == (1, "")
    assert "the log is not what its tree says, so it is not exported" in refused.stderr
    assert file.read_text(encoding="utf-8") == "yesterday"
    assert [path.name for path in tmp_path.glob("log.jsonl*")] == ["log.jsonl"]
