"""What is recorded is told as recorded: whatever takes no output, and whatever comes between commit and word."""

from __future__ import annotations

import errno
import os
import shutil
import signal
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import cli
from heinola_es.errors import Refused
from heinola_es.handlers import session
from heinola_es.importing.ledger.recording import recording as ledger_recording
from heinola_es.store import log as log_module
from heinola_es.store import transfer
from heinola_es.store.location import NoStoreHere
from heinola_es.store.reading import LogReader
from projections import publishing
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FULL = "/dev/full"
POST = ("record", "actual", "4160", "fees", "6/2020", "5")
_LEDGER = str(ROOT / "examples" / "paakirja-2020-q2")
LEDGER = ("import", "figures", f"{_LEDGER}.csv", "--mapping", f"{_LEDGER}.toml")
REPORT = ("import", "report", str(ROOT / "examples/hyvinvointi-2020-q2.txt"))
PUBLISH = ("publish", "2020Q2", "--incomplete", "--key", "seal.key", "-o", "q2.seal")


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with the store of a small city, an export of it, an empty store and a key."""
    tmp_path = tmp_path_factory.mktemp("prepared")
    city = Terminal(tmp_path / "heinola.db")
    city.done("init")
    city.done("record unit HYV Hyvinvointi --kind sector --on 1.1.2020")
    city.done("record unit 4160 Lukio --parent HYV --on 1.1.2020")
    city.done("record actual 4160 personnel 6/2020 -100")
    assert city.run(f"export events -o {tmp_path / 'log.jsonl'}").exit_code == 0
    Terminal(tmp_path / "empty.db").done("init")
    assert city.run(f"keys init --key {tmp_path / 'seal.key'}").exit_code == 0
    return tmp_path


@pytest.fixture
def folder(prepared: Path, tmp_path: Path) -> Path:
    """Give a copy of that folder."""
    return shutil.copytree(prepared, tmp_path / "folder")


def recorded(store: Path) -> int:
    """Return how many events a store has; -1 where there is none."""
    try:
        with LogReader.open(str(store)) as reader:
            return reader.size()
    except NoStoreHere:
        return -1


# ---------------------------------------------------------------- the standard output takes nothing


def run(folder: Path, *words: str, out: str = "", err: str = "") -> tuple[int, str, str]:
    """Run the program with streams that are `full`, `closed`, a `pipe` that nobody reads, or kept ("")."""
    kept = {"out": folder / "said", "err": folder / "complained"}

    def streams() -> None:
        for number, how, name in ((1, out, "out"), (2, err, "err")):
            target = os.open(FULL if how == "full" else kept[name], os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            os.dup2(target, number)
            if how == "pipe":
                reading, writing = os.pipe()
                os.dup2(writing, number)
                os.close(reading)
                os.close(writing)
            if how == "closed":
                os.close(number)

    ended = subprocess.run(
        [sys.executable, "-m", "cli", *words],
        cwd=folder,
        env=environment(HEINOLA_ACTOR="controller"),
        stdin=subprocess.DEVNULL,
        check=False,
        timeout=60,
        preexec_fn=streams,
    )
    said, complained = (path.read_text("utf-8") if path.exists() else "" for path in kept.values())
    return ended.returncode, said, complained


OUTPUTS = pytest.mark.parametrize(
    ("out", "err"), [("full", ""), ("closed", ""), ("pipe", ""), ("", "closed"), ("closed", "closed")]
)
COMMANDS: dict[str, tuple[tuple[str, ...], str, str]] = {
    "record": (POST, "heinola.db", "ActualPosted 4160 fees"),
    "init": (("--store", "new.db", "init", "--city", "Lahti"), "new.db", "created new.db for Lahti"),
    "import report": (("--store", "empty.db", *REPORT), "empty.db", "recorded 531 events"),
    "import figures": (("--store", "empty.db", *LEDGER), "empty.db", "recorded 120 events"),
    "import events": (("--store", "new.db", "import", "events", "log.jsonl"), "new.db", "events as they were exported"),
    "store copy": (("store", "copy", "heinola.db", "new.db"), "new.db", "events from heinola.db to new.db"),
    "publish": (PUBLISH, "heinola.db", "published 1.4.–30.6.2020"),
    "keys require": (("keys", "require", "--key", "seal.key"), "heinola.db", "#5 from here on the head of the log is"),
}


@OUTPUTS
@pytest.mark.parametrize("name", COMMANDS)
def test_what_is_recorded_is_told_on_the_stream_that_is_left(folder: Path, name: str, out: str, err: str) -> None:
    """Exit code 0: all was done but the printing; and who reads either stream learns what was recorded."""
    words, store, told = COMMANDS[name]
    before = recorded(folder / store)
    code, said, complained = run(folder, *words, out=out, err=err)
    assert code == 0, complained
    assert recorded(folder / store) > before
    assert "nothing was recorded" not in complained
    assert "Traceback" not in complained
    if not out:
        assert told in said
    elif not err:
        assert told in complained
        assert complained.startswith("heinola: this was done, but the standard output ")
    if name == "publish":
        assert (folder / "q2.seal").is_file()
        assert out or "sealed in q2.seal" in said
        assert not out or err or "sealed in q2.seal" in complained


@OUTPUTS
def test_a_key_is_made_and_told(folder: Path, out: str, err: str) -> None:
    """The public side of a new key is told on whatever stream is left."""
    code, said, complained = run(folder, "keys", "init", "--key", "new.key", "--name", "testi", out=out, err=err)
    assert code == 0
    assert (folder / "new.key").is_file()
    assert (out and err) or "testi+" in said + complained


@pytest.mark.parametrize("words", [("snapshot", "2020Q2"), ("audit", "log"), ("audit", "log", "--format", "json")])
@pytest.mark.parametrize(("out", "code"), [("full", 1), ("closed", 1), ("pipe", 141)])
def test_what_only_reads_and_cannot_tell_says_so(folder: Path, words: tuple[str, ...], out: str, code: int) -> None:
    """Nothing was done: a full disk and a closed stream are errors, in a sentence; a reader that leaves is none."""
    ended, _said, complained = run(folder, *words, out=out)
    assert ended == code
    assert complained == "" if out == "pipe" else complained.startswith("heinola: the standard output ")
    assert len(complained.splitlines()) <= 1


def test_a_refusal_is_a_refusal_without_streams(folder: Path) -> None:
    """With nobody to tell, the exit code still does."""
    assert run(folder, *POST[:-1], "paljon", out="closed", err="closed")[0] == 2
    assert run(folder, "record", "actual", "4160", "net", "6/2020", "5", out="full", err="full")[0] == 1


def test_no_file_takes_the_place_of_a_closed_stream(folder: Path) -> None:
    """What is written to the standard output never lands in a file that was opened in its place."""
    assert run(folder, "snapshot", "2020Q2", "-o", "q2.json", out="closed", err="closed")[0] == 0
    assert (folder / "q2.json").read_text("utf-8").startswith("{")
    assert recorded(folder / "heinola.db") > 0


# ---------------------------------------------------------------- something comes between the commit and the word


AFTER: dict[str, tuple[tuple[str, ...], str, tuple[Any, str], str]] = {
    "record": (POST, "heinola.db", (session, "run"), "ActualPosted 4160 fees"),
    "init": (("init", "--city", "Lahti"), "new.db", (log_module.EventLog, "create"), "created "),
    "import report": (REPORT, "empty.db", (session, "run"), "recorded 531 events"),
    "import figures": (LEDGER, "empty.db", (ledger_recording, "record_ledger"), "recorded 120 events"),
    "import events": (("import", "events", "log.jsonl"), "new.db", (transfer, "import_into"), "recorded "),
    "publish": (PUBLISH, "heinola.db", (publishing, "run"), "published 1.4.–30.6.2020"),
}


def closed_connection() -> BaseException:
    """Return what is raised where a server takes a commit and closes the connection before it says so."""
    error = Refused("the server closed the connection; try again; nothing was recorded")
    error.__cause__ = OSError("closed")
    return error


INTERRUPTIONS: dict[str, Callable[[], BaseException]] = {
    "interrupt": KeyboardInterrupt,
    "connection": closed_connection,
    "defect": lambda: ZeroDivisionError("x"),
    "rollback": lambda: OSError(28, "No space left on device"),
}


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
@pytest.mark.parametrize("name", AFTER)
def test_what_was_committed_is_told_as_recorded(
    folder: Path, name: str, interruption: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An interrupt, an error of the database, a defect right after the commit: the store has it, and so it is told."""
    words, store, (owner, function), told = AFTER[name]
    monkeypatch.chdir(folder)
    terminal = Terminal(folder / store)
    before = recorded(folder / store)
    real = getattr(owner, function)

    def broken_off(*args: Any, **values: Any) -> None:  # noqa: ANN401 - whatever the function takes
        done = real(*args, **values)
        if isinstance(done, log_module.EventLog):
            done.close()
        error = INTERRUPTIONS[interruption]()
        raise error

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(owner, function, broken_off)
        result = terminal.run(" ".join(words))
    assert (result.exit_code, "nothing was recorded" in result.output) == (0, False), result.output
    assert told in result.stdout
    assert recorded(folder / store) > before


@pytest.mark.parametrize("interruption", INTERRUPTIONS)
@pytest.mark.parametrize("name", AFTER)
def test_what_was_not_committed_is_not_told(
    folder: Path, name: str, interruption: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The same before the commit: it ends as what it was, and the store is as before."""
    words, store, (owner, function), told = AFTER[name]
    monkeypatch.chdir(folder)
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    before = recorded(folder / store)

    def broken_off(*_args: Any, **_values: Any) -> None:  # noqa: ANN401 - whatever the function takes
        error = INTERRUPTIONS[interruption]()
        raise error

    monkeypatch.setattr(owner, function, broken_off)
    result = Terminal(folder / store).run(" ".join(words))
    assert result.exit_code == {"interrupt": 130, "defect": 70}.get(interruption, 1)
    assert told not in result.output
    assert recorded(folder / store) == before
    assert interruption != "defect" or result.stderr.endswith("; nothing was recorded\n")


def test_what_cannot_be_found_out_is_told_as_that(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the store cannot be asked any more, nobody says that nothing was recorded."""
    real = session.run

    def broken_off(*args: Any, **values: Any) -> None:  # noqa: ANN401 - whatever the function takes
        real(*args, **values)
        monkeypatch.setattr(LogReader, "open", unreachable)
        raise closed_connection()

    def unreachable(_location: str) -> LogReader:
        raise Refused("the server does not answer")

    monkeypatch.setattr(session, "run", broken_off)
    result = Terminal(folder / "heinola.db").run(" ".join(POST))
    assert result.exit_code == 1
    assert "it is not known whether anything was recorded; look with `heinola audit log`" in result.stderr
    assert "nothing was recorded" not in result.stderr


def test_a_seal_that_is_interrupted_is_told_with_the_way_to_it(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 4: the publication is recorded, its seal is not there, and the sentence says how to get it."""
    monkeypatch.chdir(folder)
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr("projections.publishing.seal_of", _interrupted)
        result = Terminal(folder / "heinola.db").run(" ".join(PUBLISH))
    assert result.exit_code == cli.UNFINISHED == 4
    assert "the report is published (#" in result.stderr
    assert (
        "(interrupted); write it with `heinola publish 2020-04-01/2020-06-30 --seal-again 1 -o FILE`" in result.stderr
    )
    again = Terminal(folder / "heinola.db").run(
        "publish 2020-04-01..2020-06-30 --seal-again 1 --key seal.key -o again.seal"
    )
    assert (again.exit_code, again.stdout) == (0, "sealed in again.seal\n")


def test_all_that_is_missing_is_told_in_one_sentence(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A revision of which neither the changes could be told nor the seal made: one sentence has the way to both."""
    monkeypatch.chdir(folder)
    terminal = Terminal(folder / "heinola.db")
    assert terminal.run(" ".join(PUBLISH)).exit_code == 0
    terminal.done(" ".join(POST))

    def fails(*_args: object, **_values: object) -> None:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(publishing, "difference", fails)
    monkeypatch.setattr(publishing, "seal_of", fails)
    result = terminal.run("publish 2020Q2 --incomplete --key seal.key -o second.seal")
    (sentence,) = result.stderr.splitlines()
    assert (result.exit_code, "(revision 2)" in result.stdout) == (4, True)
    assert "its seal second.seal could not be written (Input/output error)" in sentence
    assert "what changed since 1.4.–30.6.2020 is not told here; see `heinola audit diff " in sentence


def _interrupted(*_args: object) -> None:
    raise KeyboardInterrupt


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_process_that_is_asked_to_end_says_so(folder: Path, number: signal.Signals) -> None:
    """It ends in order, with the code of the signal, and nothing was recorded."""
    before = recorded(folder / "heinola.db")
    waiting = subprocess.Popen(
        [sys.executable, "-m", "cli", *("record", "outlook", "4160", "2020Q2", "--text-file", "-")],
        cwd=folder,
        env=environment(HEINOLA_ACTOR="controller"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert waiting.stdin is not None
    waiting.stdin.write(b"x" * 200_000)  # more than a pipe holds: written once the program has come to read it
    waiting.send_signal(number)
    said, complained = waiting.communicate(timeout=60)
    assert (waiting.returncode, said, complained) == (128 + number, b"", b"heinola: interrupted\n")
    assert recorded(folder / "heinola.db") == before
