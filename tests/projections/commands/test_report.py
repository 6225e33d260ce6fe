"""`heinola report`: every format, where it is written, and what is refused."""

from __future__ import annotations

import os
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from time import sleep
from typing import TYPE_CHECKING, Any
from zipfile import ZipFile

import pytest

from heinola_es.domain.periods import parse_instant
from projections.commands.report import FORMATS, form_of
from projections.report.theme.theme import Theme
from projections.writers.markdown import markdown
from projections.writers.page.html import page
from tests.projections.report.built import report_of
from tests.terminal import ROOT, Terminal, started

if TYPE_CHECKING:
    from tests.projections.conftest import ImportedReport

BEGINNINGS = {"html": b"<!", "pdf": b"%PDF-", "docx": b"PK", "xlsx": b"PK", "md": b"# "}
INSIDE = {"docx": "word/document.xml", "xlsx": "xl/workbook.xml"}
NAME = "osavuosikatsaus-heinola-2020-04-01_2020-06-30"

in_each_format = pytest.mark.parametrize("form", FORMATS)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give an empty folder, in which the command runs."""
    place = tmp_path / "folder"
    place.mkdir()
    monkeypatch.chdir(place)
    return place


def written(reading: Terminal, line: str) -> str:
    """Run a command that must write a file, and return what it said."""
    result = reading.run(line)
    assert (result.exit_code, result.stdout) == (0, ""), result.stderr
    return result.stderr


# ---------------------------------------------------------------- formats


@in_each_format
def test_each_format_is_written_by_its_ending(reading: Terminal, folder: Path, form: str) -> None:
    """The ending of -o decides; the file is of the kind that its ending says, the same bytes each time."""
    assert written(reading, f"report 2020Q2 --unit 410 -o one.{form}") == f"wrote one.{form}\n"
    assert written(reading, f"report 1.4.–30.6.2020 --unit 410 -o two.{form}") == f"wrote two.{form}\n"
    content = (folder / f"one.{form}").read_bytes()
    assert content == (folder / f"two.{form}").read_bytes()
    assert content.lower().startswith(BEGINNINGS[form].lower())
    if form in INSIDE:
        assert INSIDE[form] in ZipFile(BytesIO(content)).namelist()


def test_without_a_file_the_report_is_named_for_what_it_is(reading: Terminal, folder: Path) -> None:
    """City, unit, period and revision, and the language where it is another than Finnish; a page by default."""
    assert written(reading, "report 2020Q2") == f"wrote {NAME}.html\n"
    written(reading, "report 2020Q2 --unit 410 --lang sv --format md")
    assert {file.name for file in folder.iterdir()} == {
        f"{NAME}.html",
        "osavuosikatsaus-heinola-410-2020-04-01_2020-06-30-sv.md",
    }
    assert (folder / f"{NAME}.html").read_bytes() == page(report_of(reading.location), Theme())


def test_the_report_on_stdout_is_the_report_alone(reading: Terminal) -> None:
    """`-o -` writes the bytes to the standard output and says nothing."""
    result = reading.run("report 2020Q2 --lang en --format md -o -")
    assert result.stdout_bytes == markdown(report_of(reading.location, language="en"))
    assert (result.stderr, result.exit_code) == ("", 0)


@pytest.mark.parametrize(
    ("output", "form"), [(None, "html"), ("-", "html"), ("a.PDF", "pdf"), ("x/b.docx", "docx"), ("c.d.md", "md")]
)
def test_the_ending_stands_for_the_format(output: str | None, form: str) -> None:
    """In any case of letters; a page where there is no file."""
    assert form_of(output) == form


def test_a_format_loads_no_library_of_another(reading: Terminal, folder: Path) -> None:
    """Whoever wants text waits for no library that makes documents, workbooks or pictures."""
    program = (
        "import sys, cli\n"
        f"sys.argv = ['heinola', '--store', {reading.location!r}, 'report', '2020Q2', '-o', 'a.md']\n"
        "try:\n    cli.main(sys.argv[1:])\nexcept SystemExit as done:\n    assert not done.code, done.code\n"
        "print(*sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", program],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "projections.writers.markdown" in told.stdout.split()
    assert not {"babel", "jinja2", "typst", "docx", "xlsxwriter", "vl_convert"} & set(told.stdout.split())


# ---------------------------------------------------------------- the question


def test_the_options_reach_the_question(reading: Terminal) -> None:
    """Unit, moment, language and unit of amounts are those asked for."""
    result = reading.run("report 2020Q2 --unit 410 --known-at 2030-01-01 --lang sv --euros --format md -o -")
    asked: dict[str, Any] = {"unit": "410", "known_at": parse_instant("2030-01-01"), "language": "sv", "euros": True}
    assert result.stdout_bytes == markdown(report_of(reading.location, **asked))


def test_a_published_report_is_the_same_file_for_ever(
    reading: Terminal, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever is recorded afterwards, `--published` writes the bytes that were handed out."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("HEINOLA_KEY", raising=False)
    assert reading.run("keys init").exit_code == 0
    reading.done("publish 2020Q2")
    written(reading, "report 2020Q2 --published -o first.md")
    reading.done('record correction 4160 expenses 1-6/2020 -12 500,00 --reason "lasku puuttui"')
    assert written(reading, "report 2020Q2 --published --format md") == f"wrote {NAME}-published.md\n"
    written(reading, "report 2020Q2 --published 1 -o again.md")
    contents = [(folder / name).read_bytes() for name in ("first.md", f"{NAME}-published.md", "again.md")]
    assert len(set(contents)) == 1
    written(reading, "report 2020Q2 -o now.md")
    assert (folder / "now.md").read_bytes() not in contents


def test_the_theme_decides_what_is_told(reading: Terminal, folder: Path) -> None:
    """A theme's thresholds reach the summary."""
    (folder / "theme.toml").write_text("[thresholds]\npoints = 98\neuros = 1000000\n")
    result = reading.run("report 2020Q2 --lang en --theme theme.toml --format md -o -")
    assert "No unit is both more than 98 percentage points and at least €1,000,000 from even." in result.stdout


# ---------------------------------------------------------------- where it goes


@pytest.mark.in_a_file
@pytest.mark.parametrize("store", ["here.html", "osavuosikatsaus-heinola-2020-04-01_2020-06-30.html"])
def test_the_store_is_never_written_over(sample: ImportedReport, folder: Path, store: str) -> None:
    """Neither where -o names it, nor where the report's own name does."""
    path = folder / store
    path.write_bytes(Path(sample.path).read_bytes())
    before = Terminal(path).events()
    option = f" -o {path}" if store == "here.html" else ""
    sentence = Terminal(path).refused(f"report 2020Q2{option}", code=2)
    assert sentence == f"heinola: {path if option else store} is the store itself; name another file with -o"
    assert Terminal(path).events() == before


def test_what_cannot_be_written_leaves_nothing(reading: Terminal, folder: Path) -> None:
    """A folder that is not there is told in one sentence; no part of a file is left anywhere."""
    assert reading.refused("report 2020Q2 -o nowhere/q2.md", code=2) == (
        "heinola: cannot write nowhere/q2.md: No such file or directory; name another file with -o"
    )
    assert list(folder.iterdir()) == []


def test_an_older_file_is_replaced_as_a_whole(reading: Terminal, folder: Path) -> None:
    """The new report takes the place of the old one, and no other file is left."""
    (folder / "q2.md").write_text("x" * 1_000_000)
    written(reading, "report 2020Q2 -o q2.md")
    assert (folder / "q2.md").read_bytes() == markdown(report_of(reading.location))
    assert [file.name for file in folder.iterdir()] == ["q2.md"]


def test_the_file_is_opened_when_it_is_asked_for(reading: Terminal, folder: Path) -> None:
    """`--open` hands the written file to the program that the desktop opens such files with, and only then."""
    opener, opened = folder / "xdg-open", folder / "opened"
    opener.write_text(f'#!/bin/sh\ncp "$1" {opened}.part && mv {opened}.part {opened}\n')
    opener.chmod(0o755)
    words = ("--store", reading.location, "report", "2020Q2", "-o", "q2.md")
    path = f"{folder}{os.pathsep}{os.environ['PATH']}"
    assert started(*words, cwd=folder, PATH=path).stderr == "wrote q2.md\n"
    assert not opened.exists()
    assert started(*words, "--open", cwd=folder, PATH=path).returncode == 0
    for _ in range(100):
        if opened.exists():
            break
        sleep(0.05)
    assert opened.read_bytes() == (folder / "q2.md").read_bytes()


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("line", "code", "words"),
    [
        ("report 2020Q2 -o q2.odt", 2, "cannot tell the format of 'q2.odt' from its ending; end it in .html, .pdf"),
        ("report 1.7.2019–30.6.2020", 2, "crosses the turn of a year"),
        ("report 2020Q2 --unit 4161", 2, "unknown unit '4161'; did you mean 4160?"),
        ("report 2020Q2 --published", 1, "was never published; publish it with `heinola publish"),
        ("report 2020Q2 --published --known-at 2020-08-15", 2, "leave out --known-at"),
        ("report 2020Q2 --published --structure 2020-08-15", 2, "leave out --known-at, --structure"),
        ("report 2020Q2 --open -o -", 2, "leave out --open"),
        ("report 2020Q2 --theme nothing.toml", 2, "nothing.toml"),
        ("report 2020Q5", 2, "2020Q5"),
        ("report 2020Q2 --lang de", 2, "'de' is not one of"),
    ],
)
def test_bad_questions_get_one_sentence(reading: Terminal, folder: Path, line: str, code: int, words: str) -> None:
    """What is wrong and what to do; nothing is written."""
    assert words in reading.refused(line, code=code)
    assert list(folder.iterdir()) == []


def test_without_a_store_the_command_says_how_to_make_one(folder: Path) -> None:
    """As every command does."""
    result = started("report", "2020Q2", cwd=folder)
    assert (result.returncode, result.stdout) == (1, "")
    assert "no store here" in result.stderr
