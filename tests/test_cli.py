"""The door: what starts fast, which store and who, exit codes, and errors in one plain sentence."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
from getpass import getuser
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click import Command, Context

import cli
from heinola_es.commands.record.group import FAMILIES, record
from tests.terminal import ROOT, Terminal, environment, started

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

HEAVY = frozenset(
    {"eventsourcing", "rich", "msgspec", "babel", "orjson", "sqlite3", "attr", "cryptography", "importlib.metadata"}
)
HEAVIEST = frozenset({"eventsourcing", "rich", "babel"})
POST = ("record", "actual", "4100", "personnel", "6/2020")
RECORDING = {
    name: command
    for name in record.list_commands(Context(record))
    if (command := record.get_command(Context(record), name))
}


def loaded_by(*words: str) -> set[str]:
    """Return the modules that a command line loads."""
    tell = (
        "import sys, atexit, cli; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); cli.main(sys.argv[1:])"
    )
    ended = subprocess.run(
        [sys.executable, "-c", tell, *words],
        cwd=ROOT,
        env=environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    return set(ended.stderr.split())


@pytest.fixture
def city(store: EventLog) -> Path:
    """Give the path of a store that holds the small city."""
    return store.path


# ---------------------------------------------------------------- it starts fast


def test_importing_the_door_loads_nothing_heavy() -> None:
    """`import cli` loads neither the persistence library nor anything that prints."""
    tell = "import cli, sys; print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", tell], cwd=ROOT, capture_output=True, text=True, check=True)
    assert HEAVY.intersection(ended.stdout.split()) == set()


def test_help_loads_nothing_heavy_and_no_verb() -> None:
    """`heinola --help` lists every verb and loads none of them."""
    loaded = loaded_by("--help")
    assert HEAVY & loaded == set()
    assert not {target.partition(":")[0] for target, _line in cli.VERBS.values()} & loaded


@pytest.mark.parametrize("words", [("record", "--help"), ("record", "actual", "--help"), ("init", "--help")])
def test_the_help_of_a_verb_does_not_load_what_does_the_work(words: tuple[str, ...]) -> None:
    """The help of a command that records loads neither the library that records nor one that prints."""
    assert HEAVIEST & loaded_by(*words) == set()


def test_every_verb_is_where_the_table_says() -> None:
    """Each verb of the table can be loaded, answers to its name and has a help text."""
    for name in cli.VERBS:
        with cli.main.make_context("heinola", [name, "--help"], resilient_parsing=True) as ctx:
            command = cli.main.get_command(ctx, name)
        assert command is not None
        assert (command.name, bool(command.help)) == (name, True)


def test_each_command_that_records_is_listed_with_its_family() -> None:
    """The list by which a family is found and loaded has all commands of each."""
    for family, names in FAMILIES.items():
        there = vars(import_module(f"heinola_es.commands.record.{family}")).values()
        assert {one.name for one in there if isinstance(one, Command)} == set(names.split())


@pytest.mark.parametrize("name", RECORDING)
def test_every_command_that_records_is_documented(name: str) -> None:
    """The help of every command that records says what it does, shows an example as it is typed, and all options."""
    shown = Terminal(Path("nowhere.db")).done(f"record {name} --help")
    assert f"    heinola record {name} " in shown
    assert "\\b" not in shown
    assert all(option in shown for option in ("--source", "--reason", "--dry-run", "--once"))
    when = ("--on DATE", "--period YEAR", "--from YEAR")
    assert any(option in shown for option in when) or name in {"city", "translation", "role"}  # always, or from now
    assert [parameter.name for parameter in RECORDING[name].params if not parameter.help] == []


# ---------------------------------------------------------------- which store, and who


def test_without_a_store_init_is_named(tmp_path: Path) -> None:
    """Where there is no store, the way to make one is told, and none is made."""
    ended = started(*POST, "-5", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == ("heinola: no store here (heinola.db), run `heinola init` first or name one with --store\n")
    assert list(tmp_path.iterdir()) == []


def test_the_store_here_is_used_by_itself(tmp_path: Path) -> None:
    """Without --store, the store is heinola.db in the working directory."""
    assert started("init", cwd=tmp_path).stdout.startswith("created heinola.db for Heinola")
    assert (tmp_path / "heinola.db").is_file()


def test_the_environment_names_the_store_and_the_actor(city: Path, tmp_path: Path) -> None:
    """HEINOLA_STORE and HEINOLA_ACTOR stand for --store and --actor."""
    ended = started(*POST, "-5", cwd=tmp_path, HEINOLA_STORE=str(city), HEINOLA_ACTOR="talouspäällikkö")
    assert (ended.returncode, ended.stderr) == (0, "")
    assert Terminal(city).events()[-1].recorded_by == "talouspäällikkö"


def test_the_command_line_goes_before_the_environment(city: Path) -> None:
    """--store and --actor hold where both are given."""
    words = ("--store", str(city), "--actor", "rehtori", *POST, "-5")
    ended = started(*words, HEINOLA_STORE="/nowhere.db", HEINOLA_ACTOR="joku")
    assert ended.returncode == 0
    assert Terminal(city).events()[-1].recorded_by == "rehtori"


def test_the_actor_is_the_login_name_unless_said(city: Path) -> None:
    """Without --actor, who is logged in records."""
    started("--store", str(city), *POST, "-5")
    assert Terminal(city).events()[-1].recorded_by == getuser()


def test_a_nobody_is_asked_who_they_are(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where there is no login name, as in a container, recording is refused and reading is not."""
    monkeypatch.setattr("getpass.getuser", _no_login_name)
    result = Terminal(city).run("--actor '' record actual 4100 personnel 6/2020 -5")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "heinola: nobody knows who you are; say it with --actor NAME or HEINOLA_ACTOR\n"


def _no_login_name() -> str:
    raise OSError("no such user")


def test_a_store_of_another_kind_is_refused() -> None:
    """A location of a kind that is not supported is told those that are, and no password is shown."""
    ended = started("--store", "mysql://liisa:salasana@host/db", *POST, "-5")
    kinds = "give a path, sqlite:///PATH or postgresql://USER@HOST/DATABASE"
    assert (ended.returncode, ended.stderr) == (
        2,
        f"heinola: cannot open the store 'mysql://liisa:***@host/db'; {kinds}\n",
    )


# ---------------------------------------------------------------- as typed into a shell


@pytest.mark.parametrize("amount", ["-1234,50", "-1 234,50", "'-1 234,50 €'", "\u22121234,50", "-1.234,50"])
def test_negative_amounts_need_no_quoting_tricks(city: Path, amount: str) -> None:
    """A negative amount typed into a real shell is recorded, in whatever way it is written."""
    line = f"{sys.executable} -m cli --store '{city}' {' '.join(POST)} {amount}"
    ended = subprocess.run(["sh", "-c", line], cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert ended.stdout == "#15 ActualPosted 4100 personnel 1.6.–30.6.2020 -1 234,50 €\n"


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ((*POST, "-5"), 0),
        ((*POST, "5"), 1),
        (("record", "actual", "4100", "net", "6/2020", "5"), 1),
        ((*POST, "paljon"), 2),
        ((*POST, "-5", "--dryrun"), 2),
        (("record", "actual"), 2),
        (("record",), 2),
        ((), 2),
        (("--help",), 0),
    ],
)
def test_the_exit_code_says_how_it_ended(city: Path, words: tuple[str, ...], code: int) -> None:
    """0 is done, 1 refused by a rule, 2 usage; what is not done says so on stderr alone."""
    ended = started(*words, HEINOLA_STORE=str(city))
    assert ended.returncode == code
    assert bool(ended.stdout) is (code == 0)
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("recrd",), "heinola: there is no command 'recrd'; did you mean record? See `heinola --help`."),
        (("--acter", "x"), "heinola: No such option '--acter'. Did you mean '--actor'? See `heinola --help`."),
        (
            ("record", "actul"),
            "heinola: there is no command 'actul'; did you mean actual? See `heinola record --help`.",
        ),
        (
            (*POST, "-5", "--dryrun"),
            "heinola: No such option '--dryrun'. Did you mean '--dry-run'? See `heinola record actual --help`.",
        ),
        (POST, "heinola: Missing argument 'AMOUNT'. See `heinola record actual --help`."),
    ],
)
def test_a_slip_of_the_hand_is_met_with_what_was_meant(words: tuple[str, ...], sentence: str) -> None:
    """A misspelt verb or option is told the nearest, in one sentence, with where to read on."""
    assert started(*words).stderr == f"{sentence}\n"


def test_the_version_is_told() -> None:
    """--version names the program."""
    ended = started("--version")
    assert (ended.returncode, ended.stdout.split()[0].strip(",")) == (0, "heinola")


def test_there_is_no_colour_away_from_a_terminal(city: Path) -> None:
    """What goes into a pipe or a file holds no escape codes."""
    ended = started(*POST, "-5", HEINOLA_STORE=str(city))
    assert "\x1b" not in ended.stdout + ended.stderr


# ---------------------------------------------------------------- what the world does


def test_a_file_that_is_no_store_is_told_as_such(tmp_path: Path) -> None:
    """A file of another kind is refused in a sentence, and left as it was."""
    file = tmp_path / "kirje.txt"
    file.write_text("Hyvä lautakunta! " * 100, encoding="utf-8")
    before = file.read_bytes()
    ended = started("--store", str(file), *POST, "-5")
    assert ended.returncode == 1
    assert ended.stderr == f"heinola: {file} is not a store of ours; run `heinola init` or check --store\n"
    assert file.read_bytes() == before


def test_another_database_is_told_as_such(tmp_path: Path) -> None:
    """A database that is no store of ours is refused in a sentence."""
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE other (x)")
    connection.close()
    ended = started("--store", str(tmp_path / "other.db"), *POST, "-5")
    assert (ended.returncode, ended.stderr) == (
        1,
        f"heinola: {tmp_path}/other.db is not a store of ours; run `heinola init` or check --store\n",
    )


def test_a_folder_that_cannot_be_made_is_told_as_such(tmp_path: Path) -> None:
    """`init` under a file instead of a folder is refused in a sentence."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    store = tmp_path / "file" / "heinola.db"
    ended = started("--store", str(store), "init")
    assert ended.returncode == 1
    assert ended.stderr == (
        f"heinola: no store can be made at {store} (File exists); choose another place with --store\n"
    )


def test_an_unforeseen_database_error_is_a_sentence(city: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error of the database that no rule foresaw ends as one sentence with exit code 1."""
    monkeypatch.setattr("heinola_es.handlers.session.run", _full_disk)
    result = Terminal(city).run("record actual 4100 personnel 6/2020 -5")
    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == "heinola: the disk is full; make room and try again\n"


def _full_disk(*_args: object, **_values: object) -> None:
    raise sqlite3.OperationalError("database or disk is full")


def test_a_defect_is_one_sentence_and_a_report(city: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An error that nobody foresaw ends with 70 and a sentence; its traceback is in a file for its owner alone."""
    monkeypatch.setattr("heinola_es.handlers.session.run", _defect)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    result = Terminal(city).run("record actual 4100 personnel 6/2020 -5 --source Kassa")
    (report,) = tmp_path.glob("heinola-*.txt")
    assert (result.exit_code, result.stdout) == (70, "")
    assert result.stderr == (
        f"heinola: something unforeseen happened (ZeroDivisionError); a report for the developers is in {report}; "
        "nothing was recorded\n"
    )
    assert report.stat().st_mode & 0o777 == 0o600
    told = report.read_text("utf-8")
    assert "Traceback" in told
    assert "'record', 'actual', '4100'" in told


def _defect(*_args: object, **_values: object) -> None:
    raise ZeroDivisionError


@pytest.mark.parametrize(
    "location",
    [
        "postgresql://liisa:sala/sana@nowhere.invalid/db",
        "postgresql://liisa:sala@sana@nowhere.invalid/db?schema=UPPER",
        "postgresql://liisa:sala:sana%zz@nowhere.invalid/db",
        "postgresql://liisa@nowhere.invalid/db?password=salasana&x=1",
        "postgresql://liisa@nowhere.invalid/db?pass%77ord=salasana&x=1",
        "postgresql://liisa@[::1/db?sslpassword=salasana",
        "POSTGRESQL://liisa:salasana@host/db",
        "postgresql:/liisa:salasana@host/db",
        "host=x password=salasana",
        "mysql://liisa:sala/sa@na@host/db",
    ],
)
@pytest.mark.parametrize("words", [("snapshot", "2020Q2"), (*POST, "-5"), ("init",), ("store", "copy", "{}", "x.db")])
def test_no_password_is_shown(location: str, words: tuple[str, ...], tmp_path: Path) -> None:
    """Whatever is in a password and wherever it stands, nothing that is told has it, in whole or in part."""
    ended = started("--store", location, *(word.format(location) for word in words), cwd=tmp_path)
    assert ended.returncode in {1, 2}
    assert len(ended.stderr.splitlines()) == 1
    assert not {piece for piece in ("sala", "sana", "na@") if piece in ended.stdout + ended.stderr}


def test_an_interrupted_command_records_nothing(city: Path) -> None:
    """Ctrl-C ends the program with 130 and a word, and nothing is recorded."""
    before = Terminal(city).events()
    waiting = subprocess.Popen(
        [sys.executable, "-m", "cli", "--store", str(city), "record", "outlook", "4100", "2020Q2", "-"],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert waiting.stdin
    waiting.stdin.write("Pitää. " * 20_000)  # more than a pipe holds: it is written once the program has come to read
    waiting.stdin.flush()
    waiting.send_signal(signal.SIGINT)
    said, complained = waiting.communicate(timeout=60)
    assert (waiting.returncode, said, complained) == (130, "", "heinola: interrupted\n")
    assert Terminal(city).events() == before


@pytest.mark.parametrize("words", [("record", "actual", "--help"), ("audit", "log"), ("snapshot", "2020Q2")])
def test_a_reader_that_goes_away_is_no_error(city: Path, words: tuple[str, ...]) -> None:
    """Writing into a closed pipe ends quietly, as a program that SIGPIPE ended."""
    reading, writing = os.pipe()
    os.close(reading)
    ended = subprocess.run(
        [sys.executable, "-m", "cli", "--store", str(city), *words],
        cwd=ROOT,
        env=environment(),
        stdout=writing,
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (141, "")
