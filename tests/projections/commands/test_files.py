"""Files are written as a whole or not at all, and never over the store, a key or another database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from stat import S_IMODE
from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from heinola_es.files.output_files import NotWritten, Writer, write_new_file
from tests.terminal import ROOT, environment

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.terminal import Terminal

WRITERS = ("report 2020Q2 --format md", "snapshot 2020Q2 --format json", "export events", "audit prove 3 --key {key}")


@pytest.fixture
def key(reading: Terminal, tmp_path: Path) -> Path:
    """Give a key, which the environment names."""
    path = tmp_path / "seal.key"
    assert reading.run(f"keys init --key {path}").exit_code == 0
    return path


def _spellings(path: Path, folder: Path) -> Iterator[Path]:
    """Yield the names by which a file can be reached: itself, round about, by links, and in another case."""
    yield path
    yield path.parent / ".." / path.parent.name / path.name
    (folder / "symbolic").symlink_to(path)
    yield folder / "symbolic"
    (folder / "folder").symlink_to(path.parent)
    yield folder / "folder" / path.name
    path.touch()  # the database takes away its files when the last reader leaves
    (folder / "hard").hardlink_to(path)
    yield folder / "hard"
    yield path.with_name(path.name.upper())


@pytest.mark.in_a_file
@pytest.mark.parametrize("command", WRITERS)
@pytest.mark.parametrize("end", ["", "-wal", "-shm", "-journal"])
def test_the_store_and_what_is_beside_it_are_never_written_over(
    reading: Terminal, key: Path, tmp_path: Path, command: str, end: str
) -> None:
    """By whatever name -o reaches the store, or a file that the database keeps beside it, the command is refused."""
    path = reading.store.with_name(reading.store.name + end)
    made = not path.exists()
    path.touch()
    (tmp_path / "links").mkdir()
    before = reading.store.read_bytes()
    for target in _spellings(path, tmp_path / "links"):
        result = reading.run(f"{command.format(key=key)} -o '{target}'")
        assert (result.exit_code, result.stdout) == (2, "")
        assert "is the store itself; name another file with -o" in result.stderr
    assert reading.store.read_bytes() == before
    if made:
        path.unlink()


@pytest.mark.parametrize("command", [*WRITERS, "export datapackage 2020Q2"])
def test_a_key_is_never_written_over(reading: Terminal, key: Path, tmp_path: Path, command: str) -> None:
    """The key that the environment names, and any other, stays as it is by whatever name it is reached."""
    before = key.read_bytes()
    (tmp_path / "links").mkdir()
    for target in _spellings(key, tmp_path / "links"):
        result = reading.run(f"{command.format(key=key)} -o '{target}'", HEINOLA_KEY=str(key))
        assert result.exit_code == 2
        assert "is the key that seals are signed with" in result.stderr
    result = reading.run(f"{command.format(key=tmp_path / 'no.key')} -o {key}")
    assert (result.exit_code, key.read_bytes()) == (2, before)


def test_another_database_is_never_written_over(reading: Terminal, tmp_path: Path) -> None:
    """A store of another city is as precious."""
    other = tmp_path / "other.db"
    other.write_bytes(b"SQLite format 3\0" + bytes(84))
    assert "is a database, perhaps a store" in reading.refused(f"export events -o {other}", code=2)
    assert len(other.read_bytes()) == 100


@pytest.mark.parametrize("end", ["-wal", "-shm", "-journal"])
def test_nothing_is_written_beside_another_database(reading: Terminal, tmp_path: Path, end: str) -> None:
    """A file that it would take for its own journal would damage it; beside any other file the name is free."""
    (tmp_path / "other.db").write_bytes(b"SQLite format 3\0" + bytes(84))
    (tmp_path / "text").write_text("x", encoding="utf-8")
    refused = reading.refused(f"export events -o {tmp_path / 'other.db'}{end}", code=2)
    assert "would be taken for what belongs to a database" in refused
    assert reading.run(f"export events -o {tmp_path / 'text'}{end}").exit_code == 0
    assert not (tmp_path / f"other.db{end}").exists()


def test_the_key_is_not_made_in_the_place_of_the_store(reading: Terminal) -> None:
    """Nor is a key made where the database keeps its journal."""
    result = reading.run(f"keys init --key {reading.location}-journal")
    assert result.exit_code == 2 or reading.location.startswith("postgresql")


# ---------------------------------------------------------------- modes and links


def test_an_older_file_keeps_its_mode_and_a_link_its_target(tmp_path: Path) -> None:
    """What a link leads to is written, with the mode that it had; the link stays."""
    file, link = tmp_path / "file", tmp_path / "link"
    file.write_text("old")
    file.chmod(0o604)
    link.symlink_to(file)
    Writer().write([b"new"], link)
    assert (file.read_text(), S_IMODE(file.stat().st_mode), link.is_symlink()) == ("new", 0o604, True)
    (tmp_path / "dangling").symlink_to(tmp_path / "made")
    Writer().write([b"new"], tmp_path / "dangling")
    assert (tmp_path / "made").read_text() == "new"


@pytest.mark.parametrize(("mode", "expected"), [(None, 0o600), ("640", 0o640), ("0664", 0o664)])
def test_exports_are_private_unless_a_setting_says_otherwise(
    reading: Terminal, tmp_path: Path, mode: str | None, expected: int
) -> None:
    """HEINOLA_FILE_MODE says who reads exports; a report is for all whom the umask lets."""
    setting = {} if mode is None else {"HEINOLA_FILE_MODE": mode}
    assert reading.run(f"export events -o {tmp_path / 'log.jsonl'}", **setting).exit_code == 0
    assert S_IMODE((tmp_path / "log.jsonl").stat().st_mode) == expected
    assert reading.run(f"snapshot 2020Q2 -o {tmp_path / 'q2.json'}", **setting).exit_code == 0
    (tmp_path / "plain").touch()
    assert (tmp_path / "q2.json").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize("mode", ["", "7", "400", "0777", "666", "rw-------", "1600"])
def test_a_mode_that_is_none_is_refused(reading: Terminal, mode: str) -> None:
    """The owner reads and writes; nobody runs it, and not everybody writes."""
    result = reading.run("projections status", HEINOLA_FILE_MODE=mode)
    assert result.exit_code == (2 if mode else 0)


def test_a_new_file_is_made_where_nothing_is(tmp_path: Path) -> None:
    """Whatever the umask, its mode is as asked; what is there, a link to nowhere included, is not followed."""
    write_new_file(b"", tmp_path / "store", 0o640)
    assert S_IMODE((tmp_path / "store").stat().st_mode) == 0o640
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    for place in (tmp_path / "store", tmp_path / "link"):
        with pytest.raises(FileExistsError):
            write_new_file(b"x", place)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["link", "store"]


# ---------------------------------------------------------------- what cannot be written


@pytest.mark.parametrize("place", ["", "missing/x", "file/x", "x" * 300])
def test_what_cannot_be_written_is_told_in_one_sentence(tmp_path: Path, place: str) -> None:
    """A folder, a missing one, a file in the place of one, a name too long: refused before any work is done."""
    (tmp_path / "file").write_text("old")
    with pytest.raises(BadInput, match=r"cannot write .*; name another file with -o"):
        Writer().require_place(tmp_path / place)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_devices_are_written_as_they_stand(reading: Terminal, tmp_path: Path) -> None:
    """/dev/null takes all, /dev/full nothing, and a pipe that nobody reads is not waited for."""
    assert reading.run("export events -o /dev/null").exit_code == 0
    assert "No space left" in reading.refused("export events -o /dev/full")
    os.mkfifo(tmp_path / "pipe")
    reading.refused(f"export events -o {tmp_path / 'pipe'}")


def test_nothing_is_written_to_a_terminal_as_it_stands(reading: Terminal) -> None:
    """A screen that what is recorded could steer takes no file: neither by its own name nor as an open stream."""
    master, terminal = os.openpty()
    try:
        for name in (os.ttyname(terminal), f"/dev/fd/{terminal}"):
            assert f"{name} is a terminal" in reading.refused(f"export events -o {name}", code=2)
        os.set_blocking(master, False)
        with pytest.raises(BlockingIOError):
            os.read(master, 1)
    finally:
        os.close(terminal)
        os.close(master)


def test_what_breaks_off_leaves_the_older_file(tmp_path: Path) -> None:
    """An error, an interrupt and a full disk leave the file as it was, and nothing beside it."""

    def breaking(error: BaseException) -> Iterator[bytes]:
        yield b"new"
        raise error

    file = tmp_path / "file"
    file.write_text("old")
    for error, raised in ((KeyboardInterrupt(), KeyboardInterrupt), (OSError(28, "No space left"), NotWritten)):
        with pytest.raises(raised):
            Writer().write(breaking(error), file)
        assert [path.name for path in tmp_path.iterdir()] == ["file"]
        assert file.read_text() == "old"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
def test_a_signal_leaves_nothing(tmp_path: Path, number: signal.Signals) -> None:
    """Ended in the middle of writing, a program takes away what it began."""
    writing = (
        "import sys, time\nfrom pathlib import Path\nfrom heinola_es.files.output_files import Writer\n"
        "def slow():\n    yield b'new'\n    print('begun', flush=True)\n    time.sleep(60)\n"
        "Writer().write(slow(), Path(sys.argv[1]))"
    )
    (tmp_path / "file").write_text("old")
    with subprocess.Popen(
        [sys.executable, "-c", writing, str(tmp_path / "file")],
        cwd=ROOT,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(timeout=60) != 0
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
    assert (tmp_path / "file").read_text() == "old"


def test_a_name_that_was_laid_out_is_not_followed(reading: Terminal, tmp_path: Path) -> None:
    """A link under the name that a file had while it was written leads nowhere."""
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "q2.json.part").symlink_to(victim)
    assert reading.run(f"snapshot 2020Q2 -o {tmp_path / 'q2.json'}").exit_code == 0
    assert victim.read_text() == "precious"
    assert (tmp_path / "q2.json.part").is_symlink()
