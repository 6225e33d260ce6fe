"""Whatever is written on the command line: a foreseen exit code, one sentence, and nothing that drives the terminal."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings

import cli
from tests.command_line.lines import LEAVES, NASTY, lines
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projections.web.serving import Serving

KEPT = {"heinola.db", "heinola.db-wal", "heinola.db-shm", "seal.key"}
FORESEEN = {0, 1, 2, 3, 4}
EXAMPLES = int(os.environ.get("HEINOLA_FUZZ_EXAMPLES", "250"))
"""About ten seconds; HEINOLA_FUZZ_EXAMPLES=20000 for a night."""
UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\xad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff]")
MACHINE = ("json", "csv", "export", "html", "md", "--suggest")
"""What is handed to other programs keeps what was recorded as it is."""

fuzzed = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture, HealthCheck.data_too_large],
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a store that has a unit, figures and a publication, and a key."""
    folder = tmp_path_factory.mktemp("fuzz")
    terminal = Terminal(folder / "heinola.db")
    terminal.done("init")
    terminal.done("record unit HYV Hyvinvointi --kind sector --on 1.1.2020")
    terminal.done("record unit 410 Koulutus --kind service_area --parent HYV --on 1.1.2020")
    terminal.done("record unit 4100 Perusopetus --parent 410 --on 1.1.2020")
    terminal.done("record actual 4100 personnel 6/2020 -1 234,50")
    terminal.done("record goal 410 410-1 2020 --binding-goal Parempi")
    assert terminal.run(f"keys init --key {folder / 'seal.key'}").exit_code == 0
    return folder


@pytest.fixture(autouse=True)
def _in_the_folder(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Stand in the folder: what is written by a name of chance lands there."""
    monkeypatch.chdir(folder)
    monkeypatch.setenv("HEINOLA_KEY", "seal.key")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(folder / "config"))
    monkeypatch.delenv("HEINOLA_STORE", raising=False)
    monkeypatch.setattr("tempfile.tempdir", str(folder))
    monkeypatch.setattr("projections.web.serving.Serving.run", _served_for_no_time)
    yield
    for path in folder.iterdir():
        if path.name not in KEPT and path.is_file():
            path.unlink()


def _served_for_no_time(serving: Serving, started: Callable[[], None]) -> None:
    """Start as a server does, and end at once."""
    started()
    serving.bound.close()


def asked(words: list[str], **variables: str) -> None:
    """Run a command line and hold what comes of it against what must."""
    result = CliRunner(env=variables).invoke(cli.main, words, input="")
    told = f"{words!r}\n{result.stdout[-2000:]!r}\n{result.stderr[-2000:]!r}"
    assert result.exit_code in FORESEEN, told + reports()
    assert "Traceback" not in result.stderr, told
    assert not UNSEEN.search(result.stderr), told
    if result.exit_code in {1, 2} and not is_help(result.stderr):
        assert result.stderr.startswith("heinola: ") or result.stderr.startswith("  "), told
        assert sum(line.startswith("heinola: ") for line in result.stderr.splitlines()) <= 1, told
    if not any(word in text for text in words for word in MACHINE):
        assert not UNSEEN.search(result.stdout), told


def possible(value: str) -> bool:
    """Return whether a variable of the environment can have a value."""
    try:
        return b"\0" not in os.fsencode(value)
    except UnicodeEncodeError:
        return False


def reports() -> str:
    """Return the reports on what nobody foresaw."""
    return "\n".join(path.read_text("utf-8") for path in Path().glob("heinola-*.txt"))


def is_help(text: str) -> bool:
    """Return whether a text is the help, which a group shows that is given no command."""
    return text.startswith("Usage:")


@fuzzed
@given(words=lines())
def test_any_command_line_ends_in_a_foreseen_way(words: list[str]) -> None:
    """Any command with any values: no traceback, a known exit code, a sentence, an inert terminal."""
    asked(words)


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value[:20]))
def test_a_nasty_value_in_every_argument(value: str) -> None:
    """Each of the values, in the place of every argument of every command that reads."""
    for path, command in LEAVES:
        if path[0] in {"record", "import"}:
            continue
        asked([*path, *(value for parameter in command.params if parameter.param_type_name == "argument")])


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value[:20]))
def test_a_nasty_store(value: str) -> None:
    """Each of the values as the store, by the option and by the environment, to read and to record."""
    for words in (
        ["snapshot", "2020Q2"],
        ["record", "close", "2020Q2"],
        ["audit", "verify"],
        ["projections", "rebuild"],
    ):
        asked(["--store", value, *words])
        if possible(value):
            asked(words, HEINOLA_STORE=value)


@pytest.mark.parametrize("value", NASTY, ids=lambda value: ascii(value[:20]))
def test_a_nasty_actor(value: str) -> None:
    """Each of the values as who records, by the option and by the environment; then the trail is read."""
    words = ["record", "actual", "4100", "fees", "6/2020", "5"]
    asked(["--actor", value, *words])
    if possible(value):
        asked(words, HEINOLA_ACTOR=value)
    for reading in (["audit", "log"], ["audit", "actors"], ["audit", "explain", "4100", "fees", "2020Q2"]):
        asked(reading)


def test_the_tree_is_walked() -> None:
    """The commands that are tried are all there are."""
    assert {path[0] for path, _command in LEAVES} == set(cli.VERBS)
    assert len(LEAVES) > 40
