"""What reaches a terminal can do nothing there: nothing in any recorded text moves, hides, recolours or adds a line."""

from __future__ import annotations

import ast
import os
import pty
import re
import subprocess
import sys
import tty
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.table import Table

import cli
from heinola_es.commands.printing import console
from heinola_es.inert import inert_line, inert_page, inert_toml
from heinola_es.store.reading import LogReader
from projections.writers.terminal.printable import cut, left, one_line, right, width_of, wrapped
from tests.projections.audit.tampering import unguarded
from tests.terminal import ROOT, Terminal, environment

if TYPE_CHECKING:
    from collections.abc import Iterator

EVIL = (
    *("\x1b[2K\x1b[1Gforged", "\x1b]0;title\x07", "\x1b]8;;http://evil\x1b\\link\x1b]8;;\x1b\\", "\x9b2J", "\x90q\x9c"),
    *("a\rforged", "a\bforged", "a\x7f", "a\x0bb", "a\x0cb", "a\x85b", "\x0e", "\x1b(0"),
    *("\u202eforged", "\u2066a\u2069", "\u200f", "\u061c", "\u200bx", "a\u2028b", "a\u2029b", "\ufeff", "\u00ad"),
    *("\U000e0041\U000e0042", "a\u034f\u3164", "\ufe01", "e" + "\u0301" * 30, "\u115f"),
)
"""Texts that would overwrite, reorder or hide what stands around them."""
FORGED = "a\n#1        2020-01-01T00:00:00.000000Z  forged"
UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}
anything = st.text(st.characters(), max_size=40) | st.text(
    st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Mn"])
)
told = settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))


def unseen(text: str) -> set[str]:
    """Return the characters of a text that drive a terminal, or are not drawn; line ends are left out."""
    return {char for char in text if unicodedata.category(char) in UNSEEN and char != "\n"}


# ---------------------------------------------------------------- one character, one text


@pytest.mark.parametrize("text", EVIL)
def test_what_drives_a_terminal_is_written_out(text: str) -> None:
    """An escape sequence, a change of direction, an unseen character: each is shown as what it is."""
    assert not unseen(inert_line(text))
    assert inert_line(text) != text
    assert "\\" in inert_line(text)


@pytest.mark.parametrize(
    "text",
    [
        "Hyvinvointilautakunta – 1 234,50 €, −5 % “äöåÄÖÅ” šžéü",
        "Grundläggande utbildning åk 1–6",
        "e\u0301, a\u0308\u0304",
        "😀 ✅ ❤\ufe0f 👍🏽 §",
        "Здравствуйте 学校 مدرسة",
        "1\u00a0234\u202f567",
    ],
)
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    """Letters with their marks, figures with their spaces, emoji and other scripts are nobody's tools."""
    assert inert_line(text) == inert_page(text) == text


def test_a_line_is_one_line() -> None:
    """An end of line inside a text is written out; on a page it ends a line."""
    assert inert_line("a\nb\tc\r\n") == "a\\nb\\tc\\r\\n"
    assert inert_page("a\nb\tc\r\n") == "a\nb\tc\\r\n"


@given(st.characters())
def test_every_character_is_seen_or_written_out(char: str) -> None:
    """Whatever Unicode calls a control, a format character, a surrogate or a separator of lines."""
    assert (inert_line(char) == char) is not (unicodedata.category(char) in UNSEEN) or char in IGNORABLE
    assert inert_line(inert_line(char)) == inert_line(char)


IGNORABLE = {
    *map(chr, (0x34F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x180B, 0x180C, 0x180D, 0x180F, 0x3164, 0xFFA0)),
    *map(chr, range(0xFE00, 0xFE0E)),
    *map(chr, range(0x206A, 0x2070)),
    *map(chr, range(0x2065, 0x2066)),
    *map(chr, range(0xFFF0, 0xFFF9)),
    *map(chr, range(0xE0000, 0xE1000)),
}
"""No control characters, but not drawn either (Default_Ignorable_Code_Point)."""


@given(anything)
@example("".join(EVIL))
def test_any_text_is_inert(text: str) -> None:
    """No text has anything left in it that is not drawn, and a second look changes nothing."""
    for inert in (inert_line, inert_page, inert_toml, one_line):
        assert not unseen(inert(text)) - ({"\t"} if inert is not inert_line else set())
        assert inert(inert(text)) == inert(text)


@given(anything, st.integers(2, 30))
def test_columns_stand_in_line(text: str, width: int) -> None:
    """What is set in a column takes as many cells as the column has, whatever stands in it."""
    line = one_line(text)
    assert width_of(line) == cell_len(line)
    assert cell_len(cut(line, width)) <= width
    if cell_len(line) <= width:
        assert cell_len(left(line, width)) == cell_len(right(line, width)) == width
    assert all(cell_len(part) <= width for part in wrapped(line, width))


@pytest.mark.parametrize("colour", [False, True])
@given(text=anything)
def test_a_drawing_holds_no_code_but_its_own(text: str, *, colour: bool) -> None:
    """A table drawn with any text in it, which nobody made inert before, has Rich's own colours in it and no markup."""
    from io import StringIO

    page = StringIO()
    table = Table()
    table.add_column("x")
    table.add_row(f"[red]{text}")
    console(page, width=500, colour=colour).print(table)
    drawn = re.sub("\x1b\\[[0-9;]*m", "", page.getvalue()) if colour else page.getvalue()
    assert not unseen(drawn)
    assert "[red]" in drawn


# ---------------------------------------------------------------- every command


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Give a terminal in front of a store with a sector, a service area and a unit."""
    terminal = Terminal(tmp_path_factory.mktemp("inert") / "heinola.db")
    terminal.done("init")
    terminal.done("record unit HYV Hyvinvointi --kind sector --on 1.1.2020")
    terminal.done("record unit 410 Koulutus --kind service_area --parent HYV --on 1.1.2020")
    return terminal


def run(terminal: Terminal, *words: str, actor: str = "controller") -> str:
    """Run a command line given as words, and return all that it said."""
    result = CliRunner().invoke(cli.main, ["--store", terminal.location, "--actor", actor, *words])
    assert result.exit_code in {0, 1, 2, 3}, result.output
    return result.output


def readings() -> Iterator[tuple[str, ...]]:
    """Yield every command that shows what was recorded to people."""
    yield from (("audit", "log"), ("audit", "actors"), ("audit", "verify"), ("projections", "status"))
    yield from (("snapshot", "2020Q2"), ("snapshot", "2020Q2", "--texts", "--findings", "all"), ("snapshot", "2021Q2"))
    yield ("audit", "diff", "2020Q2", "--from", "1", "--to", "now")
    for unit, line in (("410", "fees"), ("410", "net"), ("HYV", "net")):
        yield ("audit", "explain", unit, line, "2020Q2")


def recordings(text: str) -> Iterator[tuple[str, ...]]:
    """Yield command lines that record a text in every field that takes one."""
    carried = ("--source", text, "--reason", text)
    yield ("record", "rename", "410", text, "--on", "1.2.2020", *carried)
    yield ("record", "responsible", "410", text, "--on", "1.1.2020", *carried)
    yield ("record", "unit", text, text, "--parent", "410", "--on", "1.1.2020", *carried)
    yield ("record", "actual", "410", "fees", "6/2020", "5", "--account", text, *carried)
    yield ("record", "correction", "410", "fees", "6/2020", "5", *carried)
    yield ("record", "statement", "410", "income", "1-6/2020", "1 000", *carried)
    yield ("record", "goal", "410", text, "2020", "--binding-goal", text, "--metric", text, *carried)
    yield ("record", "goal-status", "410", text, "2020Q2", "achieved", text)
    yield ("record", "priority", "410", "1", "2020Q2", text, "--title", text)
    yield ("record", "narrative", "410", "2020Q2", text, text, "--programme", text)
    yield ("record", "outlook", "410", "2020Q2", text)
    yield ("record", "indicator", "410", "2020Q2", text, "5")
    described = ("--description", text, "--responsible", text, "--phase", text, "--funder", text)
    yield ("record", "project", text, "410", "1.1.2020", *described, *carried)


KEPT_BEFORE = "KEPT_BEFORE"
"""Stands for a text that a store may have been given before names were checked."""


def kept_before(store: str, text: str) -> None:
    """Record facts whose texts, names too, are as nobody could record them today."""
    there = Terminal(store)
    there.done("init")
    for unit in ("HYV Ylin --kind sector", "410 Koulutus --kind service_area --parent HYV"):
        there.done(f"record unit {unit} --on 1.1.2020")
    for words in list(recordings(KEPT_BEFORE))[:-1]:
        assert CliRunner().invoke(cli.main, ["--store", store, "--actor", KEPT_BEFORE, *words]).exit_code == 0, words
    with unguarded(Path(store)) as connection:
        given = orjson.dumps(text)[1:-1].decode()
        connection.execute("UPDATE stored_events SET state = CAST(replace(state, ?, ?) AS BLOB)", (KEPT_BEFORE, given))


@pytest.mark.parametrize("text", ["".join(EVIL[:7]), "".join(EVIL[7:15]), "".join(EVIL[15:]), FORGED], ids=range(4))
def test_no_text_of_an_older_store_drives_the_terminal(tmp_path: Path, text: str) -> None:
    """Also where it stands in a name, a code's goal or a title, and whatever recorded it."""
    terminal = Terminal(tmp_path / "older.db")
    kept_before(terminal.location, text)
    with LogReader.open(terminal.location) as reader:
        size = reader.size()
    shown = [("audit", "show", str(position)) for position in range(1, size + 1)]
    for words in (*readings(), *shown, ("publish", "2020Q2", "--key", "none"), ("snapshot", "2020Q2", "--unit", text)):
        assert not unseen(run(terminal, *words)), words
    assert len(run(terminal, "audit", "log").splitlines()) == size


@pytest.mark.parametrize("text", ["".join(EVIL[:7]), "".join(EVIL[7:15]), "".join(EVIL[15:]), FORGED], ids=range(4))
def test_no_recorded_text_drives_the_terminal(city: Terminal, text: str) -> None:
    """In every field of every event, by every actor: neither what records nor what reads lets it through."""
    before = len(city.events())
    for words in recordings(text):
        assert not unseen(run(city, *words, actor=text)), words
    assert len(city.events()) > before + 4  # names are refused, texts are not
    for words in readings():
        assert not unseen(run(city, *words)), words
    for position in range(before + 1, len(city.events()) + 1):
        assert not unseen(run(city, "audit", "show", str(position)))


@told
@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12))
def test_no_text_at_all_drives_the_terminal(city: Terminal, text: str) -> None:
    """The same for any text, by the commands that show most of it."""
    said = [run(city, *words, actor=text) for words in list(recordings(text))[:5]]
    said += [run(city, *words) for words in (("audit", "log"), ("audit", "actors"))]
    assert not unseen("".join(said))


def test_no_text_adds_a_line_to_the_trail(city: Terminal) -> None:
    """An end of line in who recorded, from what and why stands in the line of its event."""
    run(city, "record", "actual", "410", "fees", "6/2020", "5", "--reason", FORGED, "--source", FORGED, actor=FORGED)
    lines = run(city, "audit", "log").splitlines()
    assert len(lines) == len(city.events()) + 1  # the store was made by the first
    assert [line.split()[0] for line in lines] == [f"#{at}" for at in range(1, len(lines) + 1)]


def test_what_quotes_the_command_line_is_inert(city: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command, an option, a value that cannot be read: quoted without what would drive the terminal."""
    monkeypatch.chdir(tmp_path)
    for text in EVIL[::3]:
        for words in ((text,), ("snapshot", text), ("snapshot", "2020Q2", f"--{text}"), ("record", "unit", text)):
            told = run(city, *words)
            assert not unseen(told), words
        assert not unseen(run(city, "snapshot", "2020Q2", "--unit", text))
        assert not unseen(run(city, "snapshot", "2020Q2", "-o", f"{text}.json"))


def on_a_terminal(*words: str) -> str:
    """Run the program with a terminal for its standard output, and return what reached that."""
    ours, theirs = pty.openpty()
    tty.setraw(theirs)
    command = [sys.executable, "-m", "cli", *words]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=theirs, env=environment(), cwd=ROOT) as process:
        os.close(theirs)
        shown = bytearray()
        with suppress(OSError):  # EIO: the other end is closed
            while part := os.read(ours, 1 << 16):
                shown += part
    os.close(ours)
    assert process.returncode == 0
    return shown.decode()


@pytest.mark.parametrize(
    "words",
    [
        "audit log --format csv",
        "audit log --format json",
        "snapshot 2020Q2 --format json",
        "report 2020Q2 --format md -o -",
        "export datapackage 2020Q2 -o -",
    ],
)
def test_what_is_for_programs_does_nothing_on_a_terminal_either(tmp_path: Path, words: str) -> None:
    """Asked for without a file, by somebody who looks at it; into a pipe every byte goes as it is."""
    terminal = Terminal(tmp_path / "heinola.db")
    kept_before(terminal.location, "".join(EVIL[:15]))
    shown = on_a_terminal("--store", terminal.location, *words.split())
    assert not unseen(shown) - {"\t"}
    assert "forged" in shown
    if words == "audit log --format csv":
        assert unseen(terminal.run(words).stdout)


# ---------------------------------------------------------------- there is one way


PRINTERS = {"echo", "secho", "print", "echo_via_pager", "prompt", "confirm", "progressbar", "pager"}
THE_WAY = ROOT / "heinola_es" / "commands" / "printing.py"


def printing(source: str) -> list[str]:
    """List what a source text prints with, or takes the standard streams for."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            name = ast.unparse(node.func)
            last = name.rpartition(".")[2]
            if (last in PRINTERS and name.partition(".")[0] in {"click", last}) or last in {"Console", "get_console"}:
                found.append(name)
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {
            "sys.stdout.write",
            "sys.stderr.write",
            "os.write",
        }:
            found.append(ast.unparse(node))
        if isinstance(node, ast.Attribute) and ast.unparse(node) in {"sys.stdout.buffer", "sys.stderr.buffer"}:
            found.append(ast.unparse(node))
    return found


def test_nothing_prints_but_by_the_one_way() -> None:
    """No module of the product prints, or makes a console, but the one through which everything goes."""
    modules = [
        ROOT / "cli.py",
        *(path for name in ("events", "heinola_es", "projections") for path in (ROOT / name).rglob("*.py")),
    ]
    assert THE_WAY in modules
    wrong = {str(path.relative_to(ROOT)): printing(path.read_text("utf-8")) for path in modules if path != THE_WAY}
    assert {path: found for path, found in wrong.items() if found} == {}


@pytest.mark.parametrize(
    "source",
    [
        "import click\nclick.echo('x')",
        "from click import echo\necho('x')",
        "print('x')",
        "import sys\nsys.stdout.write('x')",
        "sys.stdout.buffer.write(b'x')",
        "from rich.console import Console\nConsole(stderr=True)",
        "click.echo_via_pager(x)",
        "import rich.console\nrich.console.Console()",
    ],
)
def test_printing_is_found(source: str) -> None:
    """Every other way to print is found: a check that cannot fail proves nothing."""
    assert printing(source)


def test_a_suggested_mapping_is_inert_and_means_the_same(tmp_path: Path) -> None:
    """What stands in a file's header is written in TOML's own escapes, and read back as it was."""
    import tomllib

    file = tmp_path / "kirja.csv"
    file.write_text("yksikkö\u202e;tili\x9b;6/2020\n4100;4000;-1,00\n4160;4000;-2,00\n", encoding="utf-8")
    told = CliRunner().invoke(cli.main, ["import", "figures", str(file), "--suggest"])
    assert told.exit_code == 0
    assert not unseen(told.stdout)
    assert tomllib.loads(told.stdout)["account"]["column"] == "tili\x9b"
