"""`heinola undo`: what is told, how it ends, and that what was recorded by mistake can be put right and done anew."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from events.codec import encode_body
from events.period import Period
from events.streams import unit_year_stream
from events.undoing import FactsUndone
from heinola_es.store.log import Request
from projections.verifying.undoings import undoing_problems
from projections.verifying.verification import verify
from tests.heinola_es.importing.ledger.ledgers import PLAIN, lined, written
from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

WHY = "--reason 'väärä tiedosto'"


@pytest.fixture
def empty(new_store: EventLog) -> Terminal:
    """Give a terminal in front of an empty store, on either database."""
    return Terminal(new_store.location)


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store, on either database; its last event is #14."""
    return Terminal(store.location)


def files(folder: Path, *rows: str) -> str:
    """Write a ledger and its mapping, and return the command that imports it."""
    file, mapping = written(folder, lined(*rows), "ledger.csv"), written(folder, PLAIN, "plain.toml")
    return f"import figures {file} --mapping {mapping}"


def told(terminal: Terminal) -> list[Any]:
    """Return what is told of a store, without the positions of the log."""
    snapshot = orjson.loads(terminal.done("snapshot 2020-03 --format json --lines all"))
    lists = [terminal.done(f"list {kind} --format json") for kind in ("units", "lines", "goals", "imports", "projects")]
    return [{name: value for name, value in snapshot.items() if name != "position"}, *lists]


def test_an_import_is_undone_whole_and_the_file_imported_again(empty: Terminal, tmp_path: Path) -> None:
    """Units, postings and the import itself: the store is as if it had not been, and takes the file as a new one."""
    command = files(tmp_path, "4000 1/2020 -1,00", "4100 2/2020 -2,00")
    before = told(empty)
    first = empty.done(command)
    imported = told(empty)

    said = empty.done(f"undo '#5' {WHY}").splitlines()

    assert said == [
        "#8–#12 undid 6 events, #2–#7: 3 UnitEstablished, 2 ActualPosted, 1 FileImported",
        "  of HYV, 410, 4100, ledger.csv",
        "  in all actual -3,00 €",
        "  no published report comes out differently",
    ]
    assert told(empty) == before
    again = empty.done(command)
    assert again.replace("#13–#18", "#2–#7") == first
    assert [*told(empty)[1:4], told(empty)[0]["units"]] == [*imported[1:4], imported[0]["units"]]


def test_a_report_is_undone_whole_and_imported_again(empty: Terminal) -> None:
    """Its content is new again: goals, texts and projects come back as they were told, once."""
    command = f"import report {ROOT}/tests/documents/pieni-2021-q3.txt"
    before = told(empty)
    first = empty.run(command)
    imported = told(empty)
    assert "already imported" in empty.run(command).stderr

    assert "1 FileImported" in empty.done(f"undo 2 {WHY}").splitlines()[0]

    assert told(empty) == before
    second = empty.run(command)
    assert (second.exit_code, second.stderr) == (first.exit_code, first.stderr) == (0, first.stderr)
    again = told(empty)
    assert again[0]["units"] == imported[0]["units"]
    assert again[1:4] == imported[1:4]
    assert empty.done("audit verify").startswith("all is as it was recorded")


def test_a_dry_run_tells_the_same_and_records_nothing(terminal: Terminal) -> None:
    """What it would undo, by kind, unit and sum."""
    terminal.done("record actual 4160 fees 7/2020 1000")
    tried = terminal.done(f"undo 15 {WHY} --dry-run").splitlines()
    assert tried == [
        "would undo 1 event, #15: 1 ActualPosted",
        "  of 4160",
        "  in all actual 1 000,00 €",
        "  no published report comes out differently; nothing was recorded",
    ]
    assert len(terminal.events()) == 14  # and the making of the store
    assert terminal.done(f"undo 15 {WHY}").splitlines()[0] == "#16 undid 1 event, #15: 1 ActualPosted"


def test_without_a_reason_or_a_position_nothing_is_undone(terminal: Terminal) -> None:
    """Each gets its sentence."""
    assert "undoing something needs a reason" in terminal.run("undo 14").stderr
    for line, words in (
        ("undo --reason x", "Missing argument 'POSITION...'"),
        ("undo 99 --reason x", "there is no event #99; the log has #1 to #14"),
        ("undo abc --reason x", "'abc' is not a position in the log"),
        ("undo 3-2 --reason x", "#3–#2 runs backwards"),
        ("undo 2-3 --reason x", "#2–#3 cuts what was recorded by one command, #2–#14"),
    ):
        result = terminal.run(line)
        assert words in result.stderr
        assert result.exit_code in {1, 2}
    assert len(terminal.events()) == 13


def test_a_range_is_undone_and_its_undoing_brings_all_back(terminal: Terminal) -> None:
    """Whole commands, in as many streams as they are in; undone again, the report is the one of before."""
    terminal.done("record actual 4160 fees 1/2020 1000")
    terminal.done("record goal 4100 4100-1 2020 --binding-goal Hyvä")
    terminal.done("record narrative 4100 2020Q1 Tiivistelmä Sujui.")
    before = told(terminal)

    terminal.done(f"undo '#15-#17' {WHY}")
    gone = told(terminal)
    terminal.done(f"undo 18 {WHY}")

    assert gone[0]["units"] != before[0]["units"]
    assert told(terminal) == before


def test_a_key_makes_it_happen_once(terminal: Terminal) -> None:
    """A retry of the same command records nothing; and the key of a command is no fact that could be undone."""
    terminal.done("record actual 4160 fees 1/2020 1000 --once a")
    assert terminal.done(f"undo 15 {WHY} --once b").splitlines()[0].startswith("#17 undid 1 event, #15")
    assert terminal.done(f"undo 15 {WHY} --once b") == "recorded before as #17, nothing was added"
    result = terminal.run(f"undo 16 {WHY}")
    assert result.stderr == ("heinola: #16 is the key of a command, which stays; what the command recorded is #15\n")


def test_the_log_and_an_event_say_what_was_undone(terminal: Terminal) -> None:
    """Both of the pair, in words and as data."""
    terminal.done("record actual 4160 fees 7/2020 1000")
    terminal.done(f"undo 15 {WHY}")

    fact, undoing = terminal.done("audit log --since 2026-01-01").splitlines()
    assert fact.endswith("4160  Maksutuotot 1\u00a0000\u00a0€ · kumottu: #16  1.7.–31.7.2020")
    assert undoing.endswith("kumoaminen  4160 2020  kumoaa #15  1.7.–31.7.2020  syy: väärä tiedosto")
    assert terminal.done("audit log --unit 4160 --correction").splitlines() == [undoing]
    assert orjson.loads(terminal.done("audit show 15 --format json"))["undone_by"] == 16
    assert ["Kumonnut", "#16"] in [row.split() for row in terminal.done("audit show 15").splitlines()]
    shown = orjson.loads(terminal.done("audit show 16 --format json"))
    assert shown["said"] == {"stream": "unit-year/4160/2020", "undoes": [[1, 1]], "positions": [[15, 15]]}


def test_a_difference_names_the_undoing(terminal: Terminal) -> None:
    """What was undone is told of between the moments, and a pair that came and went is not."""
    for month in (1, 2, 3):
        terminal.done(f"record actual 4160 fees {month}/2020 1000")
    terminal.done("record actual 4160 personnel 3/2020 -50")
    terminal.done(f"undo 18 {WHY}")
    terminal.done(f"undo 17 {WHY}")

    found = orjson.loads(terminal.done("audit diff 2020Q1 --from 17 --to now --format json"))

    assert {tuple(change["positions"]) for change in found["changes"]} == {(20,)}
    assert "Mikään ei muuttunut" in terminal.done("audit diff 2020Q1 --from 17 --to 19")


def test_a_published_report_that_changes_is_named_and_stays(
    terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bytes are those that were published; today's report is another, and the dry run says so before."""
    monkeypatch.chdir(tmp_path)
    for month in (1, 2, 3):
        terminal.done(f"record actual 4160 fees {month}/2020 1000")
    terminal.done("record actual 4100 fees 7/2020 1000")
    assert terminal.run("keys init --key k").exit_code == 0
    terminal.run("publish 2020Q1 --unit 4160 --incomplete --key k")
    published = terminal.done("snapshot 2020Q1 --unit 4160 --published --format json")

    named = "  published and now otherwise: 1.1.–31.3.2020 of 4160; what was published stays as it was"
    assert terminal.done(f"undo 17 {WHY} --dry-run").splitlines()[-1].startswith(named)
    assert "no published report" in terminal.done(f"undo 18 {WHY}").splitlines()[-1]
    assert terminal.done(f"undo 17 {WHY}").splitlines()[-1].startswith(named)

    assert terminal.done("snapshot 2020Q1 --unit 4160 --published --format json") == published
    assert (
        orjson.loads(terminal.done("snapshot 2020Q1 --unit 4160 --format json"))["units"]
        != (orjson.loads(published)["units"])
    )
    assert terminal.run(f"undo 19 {WHY}").stderr.startswith("heinola: #19 published a report, which stays published")
    assert terminal.done("audit verify").startswith("all is as it was recorded")


@pytest.mark.in_a_file
@pytest.mark.parametrize(
    ("undoes", "positions", "flaw"),
    [
        (((2, 2),), ((17, 17),), "undoes what does not stand before it"),
        (((1, 9**17),), ((15, 9**18),), "undoes what does not stand before it"),
        (((1, 1),), ((14, 14),), "undoes other events than those at the positions that it names"),
        (((1, 1),), ((15, 16),), "undoes other events than those at the positions that it names"),
    ],
)
def test_an_undoing_that_cannot_be_is_found(
    store: EventLog, undoes: tuple[tuple[int, int]], positions: tuple[tuple[int, int]], flaw: str
) -> None:
    """Whoever plants one past the rules is told, with its position."""
    terminal = Terminal(store.location)
    terminal.done("record actual 4160 fees 7/2020 1000")
    now = datetime.now(UTC) + timedelta(seconds=1)
    planted = FactsUndone(
        originator_id=unit_year_stream("4160", 2020),
        originator_version=2,
        recorded=now,
        recorded_by="nobody",
        effective=Period.of_year(2020),
        reason="x",
        stream="unit-year/4160/2020",
        undoes=undoes,
        positions=positions,
    )
    with store.command(now, Request("nobody")) as command:
        command.append([planted])
    assert encode_body(planted)["undoes"]
    problems = verify(terminal.store).problems
    assert [problem.message for problem in problems if problem.kind == "order"][-1] == f"event 16 (FactsUndone) {flaw}"


def test_a_verification_goes_through_nothing_that_an_undoing_says() -> None:
    """Also where it stands so far away itself that what it undoes stands before it: told by what is there."""
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("ATTACH ':memory:' AS store")
        connection.execute(
            "CREATE TABLE store.stored_events (originator_id, originator_version, position, topic, state)"
        )
        for version, undoes in ((10**12, [[1, 10**12 - 1]]), (10**12 + 1, [[10**13, 1], [1, 10**12]])):
            state = orjson.dumps({"undoes": undoes, "positions": undoes})
            row = ("a", version, version, "FactsUndone", state)
            connection.execute("INSERT INTO store.stored_events VALUES (?, ?, ?, ?, ?)", row)
        found = [problem.message.partition(") ")[2] for problem in undoing_problems(connection)]
    assert found == ["undoes what cannot be undone"] * 2
