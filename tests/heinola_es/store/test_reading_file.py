"""An auditor with no more than the right to read reads everything, leaves nothing, and is told what is in the way."""

from __future__ import annotations

import os
import shlex
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.store import reading_file
from heinola_es.store.location import NoStoreHere
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from heinola_es.store.reading_file import require_ours
from heinola_es.store.trouble import StoreTrouble
from tests.city import CITY, FOUNDED, FOUNDED_AT, found_city
from tests.servers import as_somebody, readable_product, unprivileged_folder
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

READERS = (
    "snapshot 2020Q2 --format json",
    "report 2020Q2 --format md -o -",
    "audit log",
    "audit show 3",
    "audit actors",
    "audit explain 4160 net 2020Q2",
    "audit diff 2020Q2 --from 3",
    "audit verify",
    "projections status",
    "export events",
)
"""What an auditor does; each answers as it answers the owner."""

SOME = ("snapshot 2020Q2 --format json", "audit explain 4160 net 2020Q2", "audit verify")
"""Those that open a store in different ways."""


@pytest.fixture
def folder() -> Iterator[Path]:
    """Give a folder that others can reach."""
    with unprivileged_folder() as made:
        (made / "a?b #c%d").mkdir(mode=0o755)
        yield made / "a?b #c%d"


@pytest.fixture
def path(folder: Path) -> Path:
    """Give the file of a store with the small city, which its owner alone may write; nobody read it yet."""
    path = folder / "heinola.db"
    with EventLog.create(str(path), CITY, now=FOUNDED_AT, by="controller") as log:
        found_city(log)
    path.chmod(0o644)
    return path


def rename(log: EventLog, name: str = "Lukio ja muut") -> int:
    """Record one more event, and return its position."""
    work = lambda session: rename_unit(session, "4160", FOUNDED, name)  # noqa: E731
    return run(log, FOUNDED_AT + timedelta(hours=1), Request("controller"), work).last


Told = subprocess.CompletedProcess[str]


def auditor(path: Path, line: str, *, root: bool = False, first: Sequence[str] = ()) -> Told:
    """Run a command on a store as somebody who owns nothing of it."""
    somebody = [] if root else as_somebody()
    words = [*first, *somebody, sys.executable, "-m", "cli", "--store", str(path), "--actor", "a", *shlex.split(line)]
    product = readable_product()
    kept = environment(PYTHONPATH=str(product))
    return subprocess.run(words, cwd=product, env=kept, capture_output=True, text=True, check=False, timeout=60)


def seen(folder: Path) -> dict[str, tuple[object, ...]]:
    """Return what is in a folder: names, owners, rights, instants and contents."""
    told: dict[str, tuple[object, ...]] = {}
    for one in sorted(folder.iterdir()):
        stat = one.lstat()
        content = one.read_bytes() if one.is_file() else b""
        told[one.name] = (stat.st_uid, stat.st_mode, stat.st_mtime_ns, content)
    return told


def files_only(folder: Path) -> dict[str, tuple[object, ...]]:
    """Return what is in a folder of a store in use, without the memory that its readers share."""
    return {name: what for name, what in seen(folder).items() if not name.endswith("-shm")}


def require_answers(path: Path, owners: Path, lines: Sequence[str] = SOME) -> None:
    """Demand that an auditor of a store is answered as the owner of a copy is."""
    for line in lines:
        told, expected = auditor(path, line), Terminal(owners).run(line)
        assert told.returncode == 0, (line, told.stderr)
        if "status" not in line:  # an owner who reads brings the read models up to date
            assert told.stdout == expected.stdout, line


def test_every_command_that_reads(path: Path) -> None:
    """An auditor is answered as the owner is, whatever is asked."""
    models_behind(path)
    owner = owners_copy(path)
    path.chmod(0o444)
    require_answers(path, owner, READERS)


@pytest.mark.parametrize("line", READERS)
def test_who_may_write_leaves_nothing_beside_it(path: Path, line: str) -> None:
    """Nor does an auditor who may write the file: what is left would be theirs, and lock others out of the store."""
    models_behind(path)
    assert Terminal(path).run(line).exit_code == 0
    assert [one.name for one in path.parent.iterdir()] == [path.name]


def owners_copy(path: Path, name: str = "owner.db") -> Path:
    """Return a copy of a store, with all its commits, for its owner."""
    copy = path.parent.parent / name
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def no_models(_path: Path) -> None:
    """Leave the read models away."""


def whole_models(path: Path) -> None:
    """Bring the read models up to date."""
    Terminal(path).run("snapshot 2020Q2")


def models_behind(path: Path) -> None:
    """Bring the read models up to date, and record something after it."""
    whole_models(path)
    with EventLog.open(str(path)) as log:
        rename(log)


MODELS = (no_models, whole_models, models_behind)


@pytest.mark.parametrize("models", MODELS)
@pytest.mark.parametrize(("of_file", "of_folder"), [(0o444, 0o755), (0o644, 0o777), (0o444, 0o555)])
def test_who_may_not_write_reads_all(path: Path, models: Callable[[Path], None], of_file: int, of_folder: int) -> None:
    """A file or a folder for reading alone: every command answers as it does the owner, and nothing is left behind."""
    models(path)
    owner = owners_copy(path)
    path.chmod(of_file)
    path.parent.chmod(of_folder)
    before = seen(path.parent)
    require_answers(path, owner)
    assert seen(path.parent) == before
    path.chmod(0o644)
    path.parent.chmod(0o755)
    with EventLog.open(str(path)) as log:
        rename(log, "Lukio vielä kerran")  # its owner is not locked out


@pytest.mark.parametrize("models", MODELS)
@pytest.mark.parametrize("shared", [True, False], ids=["with -shm", "without -shm"])
def test_a_store_in_use_is_read(path: Path, models: Callable[[Path], None], *, shared: bool) -> None:
    """While its owner records, with commits that are in the -wal alone: none of them is missing."""
    models(path)
    with EventLog.open(str(path)) as log:
        position = rename(log, "Viimeisin nimi")
        assert Path(f"{path}-wal").stat().st_size > 0
        owner = owners_copy(path)
        if not shared:
            Path(f"{path}-shm").unlink()
        before = files_only(path.parent)
        require_answers(path, owner)
        assert f'"position": {position},' in auditor(path, READERS[0]).stdout
        assert files_only(path.parent) == before


@pytest.mark.parametrize("models", MODELS)
@pytest.mark.parametrize("left", [("-wal",), ("-wal", "-shm")])
def test_what_a_crashed_writer_left_is_read(path: Path, models: Callable[[Path], None], left: tuple[str, ...]) -> None:
    """The commits of a writer that was killed are in a -wal in a folder for reading alone: they are read."""
    models(path)
    crashed = path.parent.parent / "crashed"
    crashed.mkdir()
    with EventLog.open(str(path)) as log:
        position = rename(log, "Viimeisin nimi")
        for suffix in ("", *left):
            shutil.copy2(f"{path}{suffix}", crashed / f"heinola.db{suffix}")
        owner = owners_copy(path)
    for one in crashed.iterdir():
        one.chmod(0o444)
    crashed.chmod(0o555)
    before = seen(crashed)
    require_answers(crashed / "heinola.db", owner)
    assert f'"position": {position},' in auditor(crashed / "heinola.db", READERS[0]).stdout
    assert seen(crashed) == before


@pytest.mark.parametrize("root", [True, False], ids=["root", "somebody"])
@pytest.mark.parametrize("models", MODELS)
def test_a_disk_that_is_mounted_for_reading_alone(path: Path, models: Callable[[Path], None], *, root: bool) -> None:
    """Nobody may write there, not even root: every command answers, and recording is refused in a sentence."""
    require_mounts()
    models(path)
    owner = owners_copy(path)
    mount = mounted(path.parent, "mount --bind {0} {0} && mount -o remount,ro,bind {0}")
    for line in SOME:
        told = auditor(path, line, root=root, first=mount)
        assert told.returncode == 0, (line, told.stderr)
        assert told.stdout == Terminal(owner).run(line).stdout
    refused = auditor(path, "record rename 4160 X --on 1.1.2020", root=root, first=mount)
    assert refused.returncode == 1
    assert "but not write it" in refused.stderr
    assert "mounted for reading alone" in refused.stderr


@pytest.mark.parametrize("models", MODELS)
def test_a_disk_without_room(path: Path, models: Callable[[Path], None]) -> None:
    """The disk is full: who only reads needs no room on it."""
    require_mounts()
    models(path)
    owner = owners_copy(path)
    full = path.parent.parent / "full"
    full.mkdir()
    fill = "mount -t tmpfs -o size=1m none {0} && cp {1} {0}/heinola.db && (cat /dev/zero > {0}/more 2>&1 || true)"
    mount = mounted(full, fill.replace("{1}", shlex.quote(str(path))))
    for line in SOME:
        told = auditor(full / "heinola.db", line, root=True, first=mount)
        assert told.returncode == 0, (line, told.stderr)
        assert told.stdout == Terminal(owner).run(line).stdout


def require_mounts() -> None:
    """Skip where nothing may be mounted: then there is no such disk to read from."""
    if shutil.which("unshare") is None or subprocess.run(["unshare", "-m", "true"], check=False).returncode:
        pytest.skip("nothing may be mounted here; run as root")


def mounted(folder: Path, command: str) -> list[str]:
    """Return what begins a command that runs after another has mounted something at a folder, seen by nobody else."""
    where = shlex.quote(str(folder))
    return ["unshare", "-m", "sh", "-ec", f'{command.format(where)}\nexec "$@"', "sh"]


# ---------------------------------------------------------------- what is in the way


def test_no_right_to_read(path: Path) -> None:
    """A file, or a folder, of somebody else: said as it is."""
    path.chmod(0o600)
    for line in READERS:
        told = auditor(path, line)
        assert told.returncode == 1
        assert told.stderr == f"heinola: you may not read {path}; ask whoever looks after it for the right to\n"
    path.chmod(0o644)
    path.parent.chmod(0o700)
    assert "Permission denied" in auditor(path, "snapshot 2020Q2").stderr or "may not read" in (
        auditor(path, "snapshot 2020Q2").stderr
    )


def test_commits_that_may_not_be_read_are_not_left_out(path: Path) -> None:
    """The file may be read, and the -wal with the last commits not: nothing is answered without them."""
    with EventLog.open(str(path)) as log:
        rename(log)
        Path(f"{path}-wal").chmod(0o600)
        told = auditor(path, "snapshot 2020Q2")
    assert told.returncode == 1
    assert f"you may not read {path}-wal, which holds the last events of {path}" in told.stderr


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold a store for oneself alone."""
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        yield


def test_a_store_that_another_holds(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is locked, and not damaged, nor somebody else's."""
    monkeypatch.setattr(reading_file, "BUSY_SECONDS", 0.1)
    with locked(path):
        for line in READERS:
            told = Terminal(path).run(line)
            assert told.exit_code == 1, line
            assert told.stderr == (
                f"heinola: {path} is locked by another program for more than 10 seconds; try again when that is done\n"
            ), line


def test_a_disk_that_does_not_answer() -> None:
    """A file that gives an I/O error: it is the disk, and nothing is said of damage."""
    with pytest.raises(StoreTrouble, match=r"/proc/self/mem could not be read \(Input/output error\); check the disk"):
        LogReader.open("/proc/self/mem")


@pytest.mark.parametrize("code", ["SQLITE_IOERR_READ", "SQLITE_IOERR_FSTAT", "SQLITE_IOERR_LOCK"])
def test_a_disk_that_gives_up_meanwhile(path: Path, monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """An I/O error in the middle: a verification does not take it for damage."""
    from projections.verifying import verification

    def failing(*_args: object, **_options: object) -> object:
        error = sqlite3.OperationalError("disk I/O error")
        error.sqlite_errorcode = getattr(sqlite3, code)
        raise error

    monkeypatch.setattr(verification, "pass_over", failing)
    told = Terminal(path).run("audit verify")
    assert told.exit_code == 1
    assert (
        told.stderr == f"heinola: {path} could not be read (I/O error); check the disk that it is on, and try again\n"
    )


# ---------------------------------------------------------------- what is no store of ours


def another_database(path: Path) -> None:
    """Make a database of something else."""
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE stored_events (name TEXT)")
        other.execute("CREATE VIEW tree_head AS SELECT 1 AS size")


NO_STORES: dict[str, Callable[[Path], object]] = {
    "another database": another_database,
    "a text": lambda path: path.write_text("kunta;luku\n4100;12\n" * 100, encoding="utf-8"),
    "a short text": lambda path: path.write_bytes(b"SQLite"),
    "an empty file": Path.touch,
    "a folder": Path.mkdir,
    "a pipe": os.mkfifo,
    "a device": lambda path: path.symlink_to("/dev/zero"),
    "a link to nothing": lambda path: path.symlink_to("nowhere.db"),
    "nothing": lambda _path: None,
}
WRITERS = (
    "record unit 1 X --on 1.1.2020",
    "record actual 4160 fees 6/2020 100",
    "import report {root}/examples/hyvinvointi-2020-q2.txt",
    "import figures {root}/examples/paakirja-2020-q2.csv --mapping {root}/examples/paakirja-2020-q2.toml",
    "publish 2020Q2 --key {key} -o {folder}/x.seal",
    "projections rebuild",
    "store copy {path} {folder}/copy.db",
)


@pytest.mark.parametrize("make", NO_STORES.values(), ids=NO_STORES)
def test_what_is_no_store_of_ours_stays_as_it_is(tmp_path: Path, make: Callable[[Path], object], key: Path) -> None:
    """No command that writes changes a byte or an instant of it, or leaves anything beside it; one sentence says so."""
    path = tmp_path / "other" / "heinola.db"
    path.parent.mkdir()
    make(path)
    before = seen(path.parent)
    for line in (*WRITERS, *READERS):
        told = Terminal(path).run(line.format(root=ROOT, key=key, folder=tmp_path, path=path))
        if line != "audit verify":  # which tells what there is, a damaged store as it may be
            assert told.exit_code in {1, 2}, (line, told.stdout)
            (sentence,) = told.stderr.splitlines()
            assert "store" in sentence or "link" in sentence, sentence
        assert seen(path.parent) == before, line
    with pytest.raises(NoStoreHere):
        require_ours(path)
    assert seen(path.parent) == before


@pytest.mark.parametrize("make", [make for name, make in NO_STORES.items() if name != "nothing"])
def test_no_store_is_copied_over_something_else(tmp_path: Path, path: Path, make: Callable[[Path], object]) -> None:
    """What has the name of the copy already is left alone."""
    target = tmp_path / "other" / "copy.db"
    target.parent.mkdir()
    make(target)
    before = seen(target.parent)
    assert Terminal(target).run(f"store copy {shlex.quote(str(path))} {target}").exit_code in {1, 2}
    assert Terminal(target).run("init").exit_code in {1, 2}
    assert seen(target.parent) == before


def test_a_store_of_ours_is_opened_for_writing(path: Path) -> None:
    """A store is one, in use or not, and looking leaves nothing beside it."""
    before = seen(path.parent)
    require_ours(path)
    assert seen(path.parent) == before
    with EventLog.open(str(path)) as log:
        rename(log)
        require_ours(path)


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Give a key to seal with."""
    from heinola_es.sealing.keys import create_key

    create_key(tmp_path / "key", CITY)
    return tmp_path / "key"


@pytest.mark.parametrize("name", ["file:x.db", "file:x?cache=shared", "a%20b.db", "a?b.db", "a#b.db", "ää.db", ":x"])
def test_any_name_is_a_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """What a name has in it means nothing to whoever opens it."""
    with EventLog.create(str(tmp_path / "plain.db"), CITY, now=FOUNDED_AT, by="controller") as log:
        found_city(log)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "plain.db").rename(tmp_path / name)
    assert Terminal(name).run("snapshot 2020Q2").exit_code == 0
    assert Terminal(name).run("audit verify").exit_code == 0
    assert [one.name for one in tmp_path.iterdir() if not one.name.startswith(name)] == []
