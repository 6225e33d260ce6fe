"""A store is made whole or not at all: whatever happens on the way, nothing bears its name that is none."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heinola_es.store.location import NoStoreHere, StoreExists, is_on_server
from heinola_es.store.log import EventLog
from heinola_es.store.opening import BESIDE
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported, import_into
from heinola_es.store.transfer_lines import NotThatLog
from tests.city import CITY, MADE
from tests.faults.whole import WHOLE
from tests.servers import as_somebody, readable_product, unprivileged_folder
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.databases import Database

PROCESSES, ROUNDS = 4, 8 if WHOLE else 4
LOST = ("is initialised already", "was made by somebody else meanwhile; nothing was changed")
"""What the others are told."""


@pytest.fixture(params=["init", "import"])
def log(request: pytest.FixtureRequest, store: EventLog, tmp_path: Path) -> Path | None:
    """Give no log, for a store that is initialised, or an exported one, for a store that is made of it."""
    if request.param == "init":
        return None
    path = tmp_path / "events.jsonl"
    with LogReader.open(store.location) as reader:
        path.write_bytes(b"".join(exported(reader)))
    return path


def make(location: str, log: Path | None) -> None:
    """Initialise a store, or make it of an exported log."""
    if log is None:
        EventLog.create(location, CITY, now=MADE, by="controller").close()
    else:
        lines = log.read_bytes().splitlines()
        import_into(location, lambda: lines, now=MADE, by="controller")


def made_by(what: str, location: str, log: Path | None) -> list[str]:
    """Let a process make stores, as `maker` does, and return what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.heinola_es.store.maker", what, location, str(log or "")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout.splitlines()


def is_there(location: str) -> bool:
    """Return whether something stands at the place of a store."""
    if not is_on_server(location):
        return os.path.lexists(location)
    try:
        EventLog.open(location).close()
    except NoStoreHere:
        return False
    return True


def require_whole(location: str, log: Path | None) -> None:
    """Demand that a store is whole and verifies."""
    size = 1 if log is None else len(log.read_bytes().splitlines()) - 1
    said = Terminal(location).done("audit verify")
    assert said == f"all is as it was recorded: {size} event{'s' * (size > 1)}, 0 published reports, 0 seals"
    with EventLog.open(location) as made:
        assert made.setting("city") == CITY


def numbered(kept_in: Database) -> str:
    """Return the location of stores that are to be made, with {} for their number."""
    location = kept_in.new("killed")
    return f"{location}_{{}}" if is_on_server(location) else str(Path(location).with_name("killed-{}.db"))


def test_killed_before_any_step_it_is_there_whole_or_not(kept_in: Database, log: Path | None) -> None:
    """Before each statement and each step on files in turn: nothing has the name until the store is whole."""
    location = numbered(kept_in)
    (told,) = made_by("killed", location, log)
    steps, _, code = told.partition(" ended with ")
    assert code == "0"
    there = [is_there(location.format(step)) for step in range(1, int(steps) + 1)]
    assert there == sorted(there), "a store that was there is gone again"
    assert there.count(False) > 10
    assert there[-1]
    for step in (there.index(True) + 1, len(there)):
        require_whole(location.format(step), log)
    for step in (1, there.count(False) // 2, there.count(False)):  # what was left holds nobody up
        make(location.format(step), log)
        require_whole(location.format(step), log)


@pytest.mark.in_a_file
def test_out_of_room_nothing_is_left(kept_in: Database, log: Path | None, tmp_path: Path) -> None:
    """However little room there is, the refusal is a sentence, nothing has the name, and nothing is left beside it."""
    location = str(tmp_path / "cramped" / "{}.db")
    *refusals, last = made_by("cramped", location, log)
    pages, _, code = last.partition(" ended with ")
    assert code == "0"
    assert len(refusals) == int(pages) > 3
    for refusal in refusals:
        assert refusal.startswith("refused: the d")  # the disk
        assert refusal.endswith("; nothing was recorded")
    assert [path.name for path in (tmp_path / "cramped").iterdir()] == [f"{pages}.db"]
    require_whole(location.format(pages), log)


def test_of_four_at_once_one_wins(kept_in: Database) -> None:
    """The others are told in one sentence, and the store is that of the one who won."""
    processes = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.heinola_es.store.maker", "race"],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        for _number in range(PROCESSES)
    ]
    try:
        assert [heard(process) for process in processes] == ["ready"] * PROCESSES
        for number in range(ROUNDS):
            location = kept_in.new(f"raced-{number}")
            for process in processes:
                assert process.stdin
                process.stdin.write(f"{location}\n")
                process.stdin.flush()
            said = sorted(heard(process) for process in processes)
            assert said.count("made") == 1, said
            said.remove("made")
            assert [one for one in said if not any(words in one for words in LOST)] == []
            require_whole(location, None)
    finally:
        for process in processes:
            process.kill()
            process.communicate()
    assert list(kept_in.folder.glob("*.new*")) == []


def heard(process: subprocess.Popen[str]) -> str:
    """Wait for the next line of a process."""
    assert process.stdout
    return process.stdout.readline().rstrip("\n")


# ---------------------------------------------------------------- what is in the way


def seen(folder: Path) -> dict[str, bytes | str]:
    """Return what is in a folder, with what it holds."""
    return {
        path.name: str(path.readlink()) if path.is_symlink() else path.read_bytes() if path.is_file() else "a folder"
        for path in folder.iterdir()
    }


def _link(path: Path, to: str) -> None:
    path.symlink_to(path.parent / to)


def _leave(suffix: str, path: Path) -> None:
    Path(f"{path}{suffix}").write_bytes(b"left")


IN_THE_WAY: dict[str, tuple[Callable[[Path], object], str]] = {
    "an empty file": (lambda path: path.write_bytes(b""), "is an empty file; remove it, or choose another place"),
    "a file": (lambda path: path.write_bytes(b"kunta;luku\n"), "is initialised already, or is another file; choose"),
    "a folder": (lambda path: path.mkdir(), "is initialised already, or is another file; choose another place"),
    "a link to nothing": (lambda path: _link(path, "nothing"), "or is another file; choose another place"),
    "a link to a file": (lambda path: _link(path, "file.txt"), "or is another file; choose another place"),
    "a link to itself": (lambda path: _link(path, path.name), "or is another file; choose another place"),
    **{
        f"a file {suffix}": (
            partial(_leave, suffix),
            f"{suffix} is left of a store that was there; move it away, or choose another place",
        )
        for suffix in BESIDE
    },
}
"""What makes a place unfit for a store, and what is said of it."""


@pytest.mark.in_a_file
@pytest.mark.parametrize(("prepare", "words"), IN_THE_WAY.values(), ids=IN_THE_WAY)
def test_what_is_there_is_left_alone(
    tmp_path: Path, log: Path | None, prepare: Callable[[Path], object], words: str
) -> None:
    """Nothing that has the name, or belongs to what had it, is opened, changed or taken over."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file.txt").write_text("Hyvä lautakunta!", encoding="utf-8")
    prepare(folder / "heinola.db")
    before = seen(folder)
    with pytest.raises(StoreExists) as refusal:
        make(str(folder / "heinola.db"), log)
    assert words in str(refusal.value)
    assert seen(folder) == before


@pytest.mark.in_a_file
@pytest.mark.parametrize("suffix", BESIDE)
def test_no_store_is_made_under_the_name_of_anothers_journal(store: EventLog, log: Path | None, suffix: str) -> None:
    """The other one would take it for its own, and be damaged by it."""
    store.close()
    path = Path(f"{store.location}{suffix}")
    path.unlink(missing_ok=True)
    with pytest.raises(StoreExists, match="would be taken for what belongs to"):
        make(str(path), log)
    assert not path.exists()


@pytest.mark.in_a_file
def test_a_store_takes_nothing_over(store: EventLog, log: Path | None) -> None:
    """Not even a store that its own writer keeps open."""
    before = store.head()
    with pytest.raises(StoreExists, match=r"is initialised already.*; choose another place with --store"):
        make(store.location, log)
    assert store.head() == before


@pytest.mark.in_a_file
def test_a_folder_that_may_not_be_written_is_told() -> None:
    """Whoever may not write in the folder is told so, and nothing is made."""
    with unprivileged_folder() as folder:
        (folder / "closed").mkdir(mode=0o555)
        store = folder / "closed" / "heinola.db"
        words = [*as_somebody(), sys.executable, "-m", "cli", "--store", str(store), "--actor", "a", "init"]
        product = readable_product()
        kept = environment(PYTHONPATH=str(product))
        done = subprocess.run(words, cwd=product, env=kept, capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == (
            f"heinola: no store can be made at {store} (Permission denied); choose another place with --store\n"
        )
        assert list((folder / "closed").iterdir()) == []


@pytest.mark.in_a_file
def test_a_refusal_on_the_way_leaves_nothing(tmp_path: Path, store: EventLog) -> None:
    """A log that cannot be taken in leaves neither a store nor what it was begun with."""
    with LogReader.open(store.location) as reader:
        lines = list(exported(reader))
    readings = iter([lines, lines, [*lines[:-1], b"{}"]])
    folder = tmp_path / "folder"
    with pytest.raises(NotThatLog, match="is not an event as it is exported"):
        import_into(str(folder / "heinola.db"), lambda: next(readings), now=MADE, by="controller")
    assert list(folder.iterdir()) == []


@pytest.mark.in_a_file
@pytest.mark.parametrize("broken", ["", "killed", "an error"])
def test_on_a_disk_without_second_names_it_is_told_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, broken: str
) -> None:
    """A store is made there, too; killed at the last step it may leave an empty file, and the next says what to do."""

    def no_links(*_names: object, **_options: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    def not_moved(*_names: object) -> None:
        raise KeyboardInterrupt if broken == "killed" else OSError(errno.EIO, os.strerror(errno.EIO))

    path = tmp_path / "heinola.db"
    monkeypatch.setattr(os, "link", no_links)
    with monkeypatch.context() as meanwhile:
        if broken:
            meanwhile.setattr(Path, "replace", not_moved)
        Terminal(path).run("init")
    assert path.exists() == (broken != "an error")
    if broken == "killed":
        again = Terminal(path).run("init")
        assert again.exit_code == 1
        assert again.stderr == f"heinola: {path} is an empty file; remove it, or choose another place with --store\n"
        path.unlink()
    if broken:
        assert Terminal(path).run("init").exit_code == 0
    assert Terminal(path).run("audit verify").exit_code == 0
    assert sorted(one.name for one in tmp_path.iterdir() if not one.name.startswith("heinola.db-")) == ["heinola.db"]
