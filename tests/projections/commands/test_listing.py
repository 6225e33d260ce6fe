"""`heinola list`: every kind, as of a day and as known at a moment, as a table, JSON and CSV."""

from __future__ import annotations

import csv
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import amend_budget, close_period, post_actual
from heinola_es.handlers.organisation import close_unit, establish_unit, move_unit, rename_unit
from projections.audit.listing import KINDS as MADE
from projections.commands.listing import KINDS
from tests.projections.asking import complete, record
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog
    from tests.projections.conftest import ImportedReport


def listed(terminal: Terminal, words: str) -> list[dict[str, Any]]:
    """Return a list as JSON, which its CSV must say too."""
    rows: list[dict[str, Any]] = orjson.loads(terminal.done(f"list {words} --format json"))
    written = list(csv.DictReader(StringIO(terminal.done(f"list {words} --format csv"))))
    assert written == [{name: "" if value is None else str(value) for name, value in row.items()} for row in rows]
    return rows


def column(rows: list[dict[str, Any]], *names: str) -> list[Any]:
    """Return some columns of rows."""
    return [tuple(row[name] for name in names) if len(names) > 1 else row[names[0]] for row in rows]


def test_what_can_be_listed_is_what_is_made() -> None:
    """The command offers every list there is, and no other."""
    assert tuple(MADE) == KINDS


@pytest.mark.parametrize("kind", KINDS)
def test_every_list_is_printed_at_any_width(reading: Terminal, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """No line is longer than the terminal is wide; JSON, CSV and the table have as many rows or more lines."""
    rows = listed(reading, kind)
    for columns in (60, 80, 120):
        monkeypatch.setenv("COLUMNS", str(columns))
        lines = reading.done(f"list {kind}").splitlines()
        assert max(map(len, lines)) <= columns
        assert len(lines) >= len(rows)


def test_units_are_a_tree_of_the_day(store: EventLog) -> None:
    """Who stood where, under which name, and who was there at all."""
    record(store, establish_unit, "420", date(2021, 1, 1), name="Kulttuuri", kind="service_area", parent="HYV")
    record(store, move_unit, "4160", date(2021, 1, 1), "420")
    record(store, rename_unit, "4100", date(2021, 1, 1), "Koulut")
    record(store, close_unit, "4100", date(2021, 12, 31))
    terminal = Terminal(store.location)
    assert column(listed(terminal, "units --on 1.6.2020"), "unit", "parent") == [
        ("HYV", None),
        ("400", "HYV"),
        ("4000", "400"),
        ("4030", "400"),
        ("410", "HYV"),
        ("4100", "410"),
        ("4160", "410"),
        ("HYV-INV", "HYV"),
        ("INV-RAK", "HYV-INV"),
        ("INV-1", "INV-RAK"),
    ]
    later = listed(terminal, "units --on 1.6.2021 --unit 410")
    assert column(later, "unit", "name", "last_day") == [
        ("410", "Koulutuspalvelut", None),
        ("4100", "Koulut", "2021-12-31"),
    ]
    assert column(listed(terminal, "units --on 1.6.2022 --unit 410"), "unit") == ["410"]
    assert column(listed(terminal, "units --on 1.6.2021 --unit 420"), "unit") == ["420", "4160"]
    (line,) = (line for line in terminal.done("list units --on 1.6.2021").splitlines() if "Koulut " in line)
    assert line.startswith("    4100 ")


def test_goals_have_their_last_status(reading: Terminal) -> None:
    """Of every year, or of that of a day; what was known before a moment has no more than was told by then."""
    goals = listed(reading, "goals --unit 410")
    assert column(goals, "goal") == ["410-1", "410-2", "410-3"]
    assert {goal["unit"] for goal in goals} == {"410"}
    reading.done("record goal-status 410 410-1 2020Q2 achieved")
    (first, *_others) = listed(reading, "goals --unit 410 --on 30.6.2020")
    assert (first["status"], first["period"]) == ("achieved", "1.4.–30.6.2020")
    assert not listed(reading, "goals --on 30.6.2021")
    assert not listed(reading, "goals --known-at 2020-01-01")
    assert reading.done("list goals --on 30.6.2021") == "Luettelossa ei ole mitään."


def test_periods_say_what_covers_them(store: EventLog) -> None:
    """Through which month each unit is covered, and by what; of the latest year where no day is given."""
    complete(store, "2020Q1")
    record(store, post_actual, "4100", "personnel", parse_period("4/2020"), -1_00)
    record(store, close_period, parse_period("5/2020"), "4160")
    rows = listed(Terminal(store.location), "periods --unit 410")
    assert column(rows, "unit", "year", "through", "declared", "posted", "closed") == [
        ("410", 2020, "2020-03-31", "1–3", None, None),
        ("4100", 2020, "2020-04-30", "1–3", "4", None),
        ("4160", 2020, "2020-03-31", "1–3", None, "5"),
    ]


def test_amendments_imports_and_publications(reading: Terminal, sample_log: EventLog, tmp_path: Path) -> None:
    """Decisions with their euros, files with what they gave, reports with their revision."""
    record(sample_log, amend_budget, "4160", "personnel", 2020, -5_00, day=date(2020, 7, 4), source="kv 4.7.2020 § 12")
    (amendment,) = listed(reading, "amendments")
    assert (amendment["unit"], amendment["cents"], amendment["decided"]) == ("4160", -500, "2020-07-04")
    assert "−5\u00a0€" in reading.done("list amendments")
    (file,) = listed(reading, "imports")
    assert file["file"] == "hyvinvointi-2020-q2.txt"
    assert "figures=84" in file["gave"]
    key = tmp_path / "heinola.key"
    assert reading.run(f"keys init --key {key}").exit_code == 0
    assert reading.run(f"publish 2020Q2 --incomplete --key {key} -o {tmp_path}/city.seal").exit_code == 0
    assert column(listed(reading, "publications"), "period", "unit", "revision") == [("1.4.–30.6.2020", None, 1)]
    assert not listed(reading, "publications --on 1.1.2021")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("list", "Missing argument 'WHAT'"),
        ("list units --unit 9999", "there is no unit 9999"),
        ("list lines --unit 410", "lines are not those of a unit; leave out --unit"),
        ("list imports --unit 410", "imports are not those of a unit; leave out --unit"),
        ("list unit", "unknown list 'unit'; did you mean units?; it is one of units, lines,"),
    ],
)
def test_what_cannot_be_listed_is_told(reading: Terminal, words: str, sentence: str) -> None:
    """One sentence, that leads on."""
    assert sentence in reading.refused(words, code=2)


def test_what_lacks_a_translation(sample: ImportedReport) -> None:
    """Every word that the year's reports show, once for each unit or project, and what it reads elsewhere."""
    terminal = Terminal(sample.path)
    terminal.done('record rename 410 "Utbildningstjänster" --lang sv')
    rows = listed(terminal, "translations --on 30.6.2020")
    named = {row["original"]: row for row in rows if row["unit"] == "410" and row["project"] is None}
    assert named["Opetus- ja koulutuspalvelut"]["sv"] == "Utbildningstjänster"
    assert [row["original"] for row in rows if row["sv"] is not None] == ["Opetus- ja koulutuspalvelut"]
    keys = [(row["unit"], row["project"], row["original"]) for row in rows]
    assert len(keys) == len(set(keys))
    taken = orjson.loads(terminal.done("snapshot 2020Q2 --format json"))
    shown = {text["text"] for unit in taken["units"] for text in unit["narratives"]}
    shown |= {goal["binding_goal"] for unit in taken["units"] for goal in unit["goals"]}
    shown |= {project["name"] for project in taken["projects"]}
    assert shown <= {row["original"] for row in rows}
    assert "Utbildningstjänster" in terminal.done("list translations --unit 410 --on 30.6.2020")
