"""`heinola snapshot`: what is asked for, in which form, and where it goes."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import pty
import sqlite3
import struct
import subprocess
import sys
import termios
from contextlib import closing
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.domain.chart import load_chart
from projections.commands.snapshot import form_of
from projections.snapshot.encoding import encoded
from projections.writers.terminal.table import snapshot_table
from tests.projections.asking import snapshot_of, snapshot_taken
from tests.terminal import ROOT, Terminal, environment, started

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

PERIOD = "1.4.–30.6.2020"


def asked(reading: Terminal, line: str) -> dict[str, Any]:
    """Return the JSON snapshot that a command line gives."""
    data: dict[str, Any] = json.loads(reading.done(f"snapshot {line} --format json"))
    return data


def on_a_terminal(reading: Terminal, columns: int = 100, variables: dict[str, str] | None = None) -> str:
    """Return what `heinola snapshot` prints on a real terminal of this width."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    kept = {name: value for name, value in environment().items() if name not in {"NO_COLOR", "COLUMNS", "TERM"}}
    command = [sys.executable, "-m", "cli", "--store", reading.location, "snapshot", "2020Q2"]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=theirs, env=kept | {"TERM": "xterm-256color"} | (variables or {})
    ) as process:
        os.close(theirs)
        printed = read_all(ours)
    assert process.returncode == 0
    return printed


def read_all(terminal: int) -> str:
    """Return everything that is written to a terminal until its last writer leaves."""
    chunks = []
    with os.fdopen(terminal, "rb", buffering=0) as file:
        while True:
            try:
                chunk = file.read(65536)
            except OSError:  # how Linux says that nobody writes any more
                break
            if not chunk:
                break
            chunks.append(chunk)
    return b"".join(chunks).decode().replace("\r\n", "\n")


# ---------------------------------------------------------------- the forms


def test_the_table_is_what_is_shown(reading: Terminal) -> None:
    """Without options the period is shown as a table, 100 columns wide where there is no terminal."""
    taken = snapshot_taken(reading.location, PERIOD)
    assert reading.done(f"snapshot {PERIOD}") + "\n" == snapshot_table(taken, load_chart())


def test_json_on_stdout_is_the_canonical_form_alone(reading: Terminal) -> None:
    """Standard output holds the snapshot as data and nothing else; standard error is empty."""
    result = reading.run("snapshot 2020Q2 --format json")
    assert result.stdout_bytes == encoded(snapshot_taken(reading.location, "2020Q2"))
    assert (result.stderr, result.exit_code) == ("", 0)


def test_csv_on_stdout_is_read_by_any_reader(reading: Terminal) -> None:
    """Every figure of the snapshot is a row."""
    result = reading.run("snapshot 2020Q2 --format csv")
    rows = list(csv.DictReader(StringIO(result.stdout_bytes.decode(), newline="")))
    units = snapshot_of(reading.location, "2020Q2")["units"]
    assert [(row["unit"], row["line"]) for row in rows] == [
        (unit["code"], figure["line"]) for unit in units for figure in unit["figures"]
    ]
    assert (result.stderr, result.exit_code) == ("", 0)


def test_texts_and_all_findings_can_be_asked_for(reading: Terminal) -> None:
    """A table shows the texts and the rounding differences when it is told to."""
    short = reading.done("snapshot 2020Q2")
    full = reading.done("snapshot 2020Q2 --texts --findings all")
    assert "--texts" in short
    assert "--texts" not in full
    assert len(full) > 2 * len(short)


# ---------------------------------------------------------------- the question


def test_a_single_date_is_the_year_up_to_it(reading: Terminal) -> None:
    """A snapshot can be had for any day."""
    assert asked(reading, "30.6.2020")["period"] == {
        "start": "2020-01-01",
        "end": "2020-06-30",
        "label": "1.1.–30.6.2020",
    }


def test_the_options_reach_the_question(reading: Terminal) -> None:
    """Unit, moment, structure and years are those asked for."""
    data = asked(reading, "2020Q2 --unit 410 --known-at 2030-01-01 --structure 30.6.2021 --years 3")
    assert {unit["code"] for unit in data["units"]} >= {"410", "4100"}
    assert "HYV" not in {unit["code"] for unit in data["units"]}
    assert (data["known_at"], data["structure"]) == ("2030-01-01T00:00:00Z", "2021-06-30")
    assert [prior["year"] for prior in data["units"][0]["figures"][0]["prior_years"]] == [2018, 2017]


def test_before_anything_was_recorded_nothing_was_known(reading: Terminal) -> None:
    """A moment before the first event, or before the first fact, gives an empty snapshot, told in a sentence."""
    for moment, position in (("1999-01-01", 0), ("2019-01-01", 1)):
        assert "Yhtään yksikköä ei tunneta 30.6.2020" in reading.done(f"snapshot 2020Q2 --known-at {moment}")
        assert asked(reading, f"2020Q2 --known-at {moment}")["position"] == position


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("snapshot 2020Q5", "2020Q5"),
        ("snapshot 2020Q2 --unit 4101", "unknown unit '4101'; did you mean 41"),
        ("snapshot 2020Q2 --known-at soon", "'soon' is not a moment"),
        ("snapshot 2020Q2 --structure 31.6.2020", "there is no such day"),
        ("snapshot 2020Q2 --years 0", "--years"),
        ("snapshot 2020Q2 --format pdf", "--format"),
        ("snapshot", "PERIOD"),
    ],
)
def test_what_cannot_be_understood_is_told_in_one_sentence(reading: Terminal, line: str, sentence: str) -> None:
    """A usage error exits with 2, says what is wrong, and prints nothing on standard output."""
    assert sentence in reading.refused(line, code=2)


# ---------------------------------------------------------------- where it goes


@pytest.mark.parametrize(
    ("name", "begins"),
    [("q2.json", b"{\n"), ("q2.csv", b"unit,name"), ("Q2.CSV", b"unit,name"), ("q2.txt", "Heinola · ".encode())],
)
def test_a_file_has_the_form_its_ending_says(reading: Terminal, tmp_path: Path, name: str, begins: bytes) -> None:
    """`-o` writes the file; what it tells about that goes to standard error."""
    result = reading.run(f"snapshot 2020Q2 -o {tmp_path / name}")
    assert (tmp_path / name).read_bytes().startswith(begins)
    assert (result.stdout, result.stderr, result.exit_code) == ("", f"wrote {tmp_path / name}\n", 0)


def test_a_format_that_was_named_goes_before_the_ending(reading: Terminal, tmp_path: Path) -> None:
    """`--format` decides where both are given."""
    reading.run(f"snapshot 2020Q2 --format csv -o {tmp_path / 'figures.dat'}")
    assert (tmp_path / "figures.dat").read_bytes().startswith(b"unit,name")


@pytest.mark.parametrize("name", ["q2.pdf", "q2", "q2.json.gz"])
def test_an_ending_that_says_nothing_is_refused(reading: Terminal, tmp_path: Path, name: str) -> None:
    """The sentence names the endings there are; no file is made."""
    sentence = reading.refused(f"snapshot 2020Q2 -o {tmp_path / name}", code=2)
    assert "end it in .json, .csv or .txt, or give --format" in sentence
    assert not (tmp_path / name).exists()


def test_a_dash_is_standard_output(reading: Terminal) -> None:
    """`-o -` writes to standard output alone, in the named form; a table where none is named."""
    assert (
        reading.run("snapshot 2020Q2 --format json -o -").stdout == reading.run("snapshot 2020Q2 --format json").stdout
    )
    assert form_of("-") == form_of(None) == "table"


def test_a_file_that_cannot_be_written_is_told(reading: Terminal, tmp_path: Path) -> None:
    """A folder that is not there is a sentence, not a traceback."""
    sentence = reading.refused(f"snapshot 2020Q2 -o {tmp_path / 'nowhere' / 'q2.json'}", code=2)
    assert "cannot write" in sentence


@pytest.mark.in_a_file
def test_the_store_is_never_written_over(reading: Terminal) -> None:
    """Naming the store as the file to write to is refused: it is the only truth there is."""
    assert "is the store itself" in reading.refused(f"snapshot 2020Q2 --format json -o {reading.location}", code=2)


# ---------------------------------------------------------------- strict


def test_findings_are_no_error_unless_asked_to_be(reading: Terminal) -> None:
    """With findings the exit code is 0; under --strict it is 3, the snapshot as whole as before."""
    usual, strict = reading.run("snapshot 2020Q2 --format json"), reading.run("snapshot 2020Q2 --format json --strict")
    assert (usual.exit_code, strict.exit_code) == (0, 3)
    assert usual.stdout == strict.stdout
    number = len(json.loads(usual.stdout)["findings"])
    assert strict.stderr.startswith(f"heinola: {number} findings (")


def test_strict_is_content_where_there_is_nothing_to_find(store: EventLog) -> None:
    """Without findings --strict exits with 0."""
    assert Terminal(store.location).run("snapshot 2020Q2 --strict").exit_code == 0


# ---------------------------------------------------------------- the terminal


def test_a_terminal_gets_colour_and_its_own_width(reading: Terminal) -> None:
    """On a terminal the page is styled and as wide as the terminal."""
    printed = on_a_terminal(reading, columns=80)
    assert "\x1b[1m" in printed
    assert "━" * 80 in printed
    assert "━" * 81 not in printed


@pytest.mark.parametrize("variables", [{"NO_COLOR": "1"}, {"TERM": "dumb"}])
def test_a_terminal_that_wants_no_colour_gets_none(reading: Terminal, variables: dict[str, str]) -> None:
    """NO_COLOR, and a terminal without styles, are honoured: not one escape sequence."""
    printed = on_a_terminal(reading, variables=variables)
    assert "\x1b" not in printed
    assert "Hyvinvointilautakunnan toimiala" in printed


@pytest.mark.parametrize("variables", [{}, {"FORCE_COLOR": "1", "TERM": "xterm-256color"}])
def test_what_is_no_terminal_gets_no_colour(reading: Terminal, variables: dict[str, Any]) -> None:
    """A pipe gets plain text, whatever the environment says."""
    result = started("--store", reading.location, "snapshot", "2020Q2", **variables)
    assert (result.returncode, result.stderr) == (0, "")
    assert "\x1b" not in result.stdout


# ---------------------------------------------------------------- the cost


@pytest.mark.in_a_file
@pytest.mark.parametrize("form", ["json", "csv"])
def test_a_machine_readable_snapshot_loads_no_heavy_library(reading: Terminal, form: str) -> None:
    """JSON and CSV need neither the persistence library nor what tables are made with."""
    script = "import sys, cli\ntry:\n    cli.main(sys.argv[1:])\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    words = ["--store", reading.location, "snapshot", "2020Q2", "--format", form]
    result = subprocess.run(
        [sys.executable, "-c", script, *words], cwd=ROOT, env=environment(), capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in result.stderr.split()}
    assert "projections" in loaded
    assert loaded.isdisjoint({"eventsourcing", "rich", "babel", "sqlalchemy", "psycopg"})


@pytest.mark.in_a_file
def test_a_body_that_nobody_can_read_is_told(reading: Terminal) -> None:
    """Where somebody took the triggers away and cut a body short, every read says where to look for it."""
    with closing(sqlite3.connect(reading.store)) as tampering:
        tampering.execute("DROP TRIGGER stored_events_UPDATE")
        tampering.execute("UPDATE stored_events SET state = substr(state, 1, length(state) - 1) WHERE position = 5")
        tampering.commit()
    for asked in ("snapshot 2020Q2", "projections rebuild", "report 2020Q2 -o -"):
        said = reading.run(asked)
        assert (said.exit_code, said.stdout) == (1, "")
        (sentence,) = said.stderr.splitlines()
        assert sentence.startswith("heinola: event 5 cannot be read (unexpected end of data")
        assert sentence.endswith("; see `heinola audit verify`, and restore a copy")
