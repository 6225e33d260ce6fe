"""The trail, one event in full, who recorded, and what changed between two moments."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.store.reading import LogReader
from projections.audit.diff import Change, difference, word_diff
from projections.audit.show import Moved, show
from projections.audit.trail import TrailFilter, trail
from projections.read_models.catching_up import catch_up
from projections.read_models.models import ALL
from projections.snapshot.taking import SnapshotQuery
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.projections.conftest import ImportedReport

QUARTER = SnapshotQuery(period=parse_period("2020Q2"))
REPORT = 532
"""The position of the last event of the report; the first one makes the store."""
CORRECTION, STATUS, _OUTLOOK, PROGRESS = range(REPORT + 1, REPORT + 5)
"""Those of what is recorded after it."""


@pytest.fixture
def corrected(sample: ImportedReport) -> Terminal:
    """Give a terminal in front of the report, with a correction, a goal status, a text and a progress after it."""
    terminal = Terminal(sample.path)
    terminal.done('record correction 4100 income 6/2020 1000,00 --reason "Lasku kirjattu kahdesti"')
    terminal.done('record goal-status 410 410-1 2020Q2 in_progress "Etenee suunnitellusti"')
    terminal.done('record outlook 410 2020Q2 "Vuosi toteutuu suunnitellulla tavalla"')
    terminal.done("record progress Koulukerhot 2020Q2 Jatkuu --percent 25")
    return terminal


def changes(store: Path, older: int) -> dict[tuple[str, ...], Change]:
    """Return what changed in the report of the quarter since a position."""
    with LogReader.open(str(store)) as reader:
        return {change.key: change for change in difference(reader, QUARTER, older, reader.size()).changes}


# ---------------------------------------------------------------- what changed


def test_every_cell_that_moved_is_named_with_the_event(corrected: Terminal) -> None:
    """The correction moved eight cells by 1 000 €, each told with old, new and that one event."""
    moved = {key[1:3]: change for key, change in changes(corrected.store, REPORT).items() if key[0] == "figure"}

    assert set(moved) == {
        ("4100", "income"),
        ("4100", "net"),
        ("410", "income"),
        ("410", "net"),
        *(("HYV", line) for line in ("operating_income", "operating_margin", "annual_margin", "result")),
    }
    assert {change.new["cents"] - change.old["cents"] for change in moved.values()} == {100_000}
    assert {entry.position for change in moved.values() for entry in change.entries} == {CORRECTION}


def test_goals_texts_and_projects_are_compared_too(corrected: Terminal) -> None:
    """A status, an outlook and a project's progress are told with the event behind each."""
    changed = changes(corrected.store, REPORT)

    assert changed["goal", "410", "410-1", "status"].new == "in_progress"
    assert [entry.position for entry in changed["goal", "410", "410-1", "status"].entries] == [STATUS]
    assert changed["outlook", "410", ""].new == "Vuosi toteutuu suunnitellulla tavalla"
    assert changed["project", "Koulukerhot", "percent"].new == "25"
    assert {entry.position for entry in changed["project", "Koulukerhot", "percent"].entries} == {PROGRESS}


def test_nothing_changed_is_said(corrected: Terminal) -> None:
    """Between one moment and itself there is nothing, and the sentence says so."""
    said = corrected.done(f"audit diff 2020Q2 --from {PROGRESS} --to now")
    assert said == f"Mikään ei muuttunut tapahtumien #{PROGRESS} ja #{PROGRESS} välillä."


def test_a_changed_text_is_told_word_by_word() -> None:
    """What stayed, what went and what came are told apart, in order."""
    assert list(word_diff("Talous toteutuu suunnitellusti tänä vuonna", "Talous ei toteudu tänä vuonna")) == [
        ("same", "Talous"),
        ("removed", "toteutuu suunnitellusti"),
        ("added", "ei toteudu"),
        ("same", "tänä vuonna"),
    ]


def test_the_words_of_a_text_are_marked_without_colour(corrected: Terminal) -> None:
    """Where there is no colour, brackets show what went and what came."""
    corrected.done('record outlook 410 2020Q2 "Vuosi ei toteudu suunnitellulla tavalla"')

    said = corrected.done(f"audit diff 2020Q2 --from {PROGRESS}")
    assert "Vuosi [-toteutuu-] {+ei toteudu+} suunnitellulla tavalla" in said


def test_a_moment_before_the_log_is_an_empty_report(corrected: Terminal) -> None:
    """Compared with a time before anything was recorded, everything is new."""
    assert json.loads(corrected.done("audit diff 2020Q2 --from 2000-01-01 --format json"))["from"] == 0


# ---------------------------------------------------------------- one event


def test_an_event_shows_what_it_moved(corrected: Terminal) -> None:
    """The correction moved 410's net result of the half-year from −6 790 938 to −6 789 938."""
    with LogReader.open(str(corrected.store)) as reader:
        event = show(reader, CORRECTION)

    assert Moved("1.1.–30.6.2020", "410", "net", "actual", -679_093_800, -678_993_800) in event.moved
    assert event.entry.reason == "Lasku kirjattu kahdesti"
    assert event.before is not None
    assert event.before.topic == "FigureStated"
    assert event.after is None
    assert len(bytes.fromhex(event.leaf_hash)) == 32


def test_a_position_that_is_not_there_is_told(corrected: Terminal) -> None:
    """The sentence says which positions there are."""
    result = corrected.run("audit show 9999")

    assert result.exit_code == 2
    assert result.stderr == f"heinola: there is no event #9999; the log has #1 to #{PROGRESS}\n"


# ---------------------------------------------------------------- the trail


@pytest.mark.parametrize(
    ("options", "wanted"),
    [
        ("--unit 410 --correction", lambda e: e["position"] == CORRECTION),
        ("--unit HYV --type goalstatusupdated", lambda e: e["type"] == "GoalStatusUpdated"),
        ("--unit 4160 --since 2100-01-01", lambda _entry: False),
        ("--actor CONTROLLER --unit 4160", lambda e: "4160" in (e["said"].get("unit"), e["said"].get("code"))),
        ("--source :1 --type FigureStated", lambda e: e["type"] == "FigureStated" and ":1" in e["source"]),
        ("--effective 2019", lambda e: e["effective"][:4] <= "2019" <= e["effective"][11:15]),
        ("--until 2020-08-10T09:00:00Z", lambda e: e["recorded"] <= "2020-08-10T09:00:00.000000Z"),
    ],
)
def test_the_trail_is_filtered(corrected: Terminal, options: str, wanted: Callable[[dict[str, Any]], bool]) -> None:
    """Each filter keeps what it names and no more, in the order of the log; together they narrow."""
    everything = json.loads(corrected.done("audit log --format json"))

    assert json.loads(corrected.done(f"audit log {options} --format json")) == [e for e in everything if wanted(e)]
    assert [entry["position"] for entry in everything] == list(range(1, PROGRESS + 1))


def test_time_bounds_are_inclusive(corrected: Terminal) -> None:
    """What was recorded at the very instant that bounds the trail is in it, at both ends."""
    with LogReader.open(str(corrected.store)) as reader:
        catch_up(reader, ALL)
        entries = list(trail(reader, TrailFilter()))
        instant = datetime.fromisoformat(entries[CORRECTION - 1].recorded).astimezone(UTC)
        assert [e.position for e in trail(reader, TrailFilter(since=instant, until=instant))] == [CORRECTION]


def test_the_trail_comes_as_csv_that_no_spreadsheet_runs(corrected: Terminal) -> None:
    """A reason that begins like a formula is text, and every field survives."""
    corrected.done("record correction 4100 income 6/2020 1,00 --reason '=HYPERLINK(\"x\")'")

    rows = list(csv.DictReader(StringIO(corrected.done("audit log --correction --format csv"))))

    assert [row["position"] for row in rows] == [str(CORRECTION), str(PROGRESS + 1)]
    assert rows[1]["reason"] == '\'=HYPERLINK("x")'


def test_an_unknown_kind_or_unit_suggests_the_nearest(corrected: Terminal) -> None:
    """A slip of the pen is answered with what was probably meant, never with an empty list."""
    assert "did you mean ActualCorrected?" in corrected.run("audit log --type ActualCorected").stderr
    assert "unknown unit" in corrected.run("audit log --unit 41000").stderr


def test_everyone_who_recorded_is_listed(corrected: Terminal) -> None:
    """Who, how many events, from when to when."""
    Terminal.run(corrected, "record outlook 420 2020Q2 Toteutuu")

    (actor,) = json.loads(corrected.done("audit actors --format json"))

    assert (actor["actor"], actor["events"]) == ("controller", PROGRESS + 1)
    assert actor["first"] < actor["last"]
