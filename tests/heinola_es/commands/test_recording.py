"""How commands record: --dry-run, --once, who and when, and what is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from events.store import CommandKeyed
from heinola_es.commands.parameters import Amount
from heinola_es.commands.told import euros
from tests.command_line.lines import LEAVES

if TYPE_CHECKING:
    from tests.terminal import Terminal

ASKED_FOR = [
    (
        "record actual 4100 fees 1/2020 5 --source tosite",
        "1cfcb307da7b9fc20ad988c4b1f2c79c6d35028ab02d17631068ed79c25a0517",
    ),
    ("record outlook 4100 2020Q2 Pitää.", "a21da79c635dd47a5a36d9ff075c771bb40b68e29bc9cbbec6aeda66daa639fb"),
    (
        "record goal 4100 g1 2020 --binding-goal Hyvä",
        "761e8c1d9c4fbed62fa0dc81f63dce45913f3d35f1a44394a688a94a8ba7d9b8",
    ),
    ("record progress Tutor 2020Q2 Etenee.", "7b3d83f34629af801c082e1abbd35a4e932828bf0ae26c23dd839622864741a6"),
    (
        "record priority 4100 1 2020Q2 Tehty --title Laitteet",
        "67bedefbbae4695dc0bd89fbbb67bdfdc1df9092beb93840e610132722a28961",
    ),
]
"""Command lines, and the digests under which the first version kept what they ask for."""
POST = "record actual 4100 personnel 6/2020 -1 234,50"


def test_a_dry_run_tells_and_records_nothing(terminal: Terminal) -> None:
    """--dry-run checks everything, says what would be recorded, and leaves the log as it was."""
    before = terminal.events()
    assert terminal.done(f"{POST} --dry-run") == (
        "would record ActualPosted 4100 personnel 1.6.–30.6.2020 -1 234,50 €, nothing was recorded"
    )
    assert terminal.events() == before


def test_a_dry_run_of_several_events_tells_them_all(terminal: Terminal) -> None:
    """A command of several events tells each in a line of its own."""
    before = terminal.events()
    assert terminal.done("record close 2020Q2 --unit 410 --dry-run").splitlines() == [
        "would record PeriodClosed 410 1.4.–30.6.2020",
        "would record PeriodClosed 4100 1.4.–30.6.2020",
        "would record PeriodClosed 4160 1.4.–30.6.2020, nothing was recorded",
    ]
    assert terminal.events() == before


def test_a_dry_run_is_refused_like_the_run(terminal: Terminal) -> None:
    """What a rule refuses is refused in a dry run, too."""
    assert terminal.refused("record correction 4100 fees 6/2020 5 --dry-run").startswith("heinola: a correction needs")


def test_a_dry_run_does_not_use_up_its_key(terminal: Terminal) -> None:
    """A key tried in a dry run is free for the run itself."""
    terminal.done(f"{POST} --once tosite-17 --dry-run")
    assert terminal.done(f"{POST} --once tosite-17").startswith("#15 ")


def test_a_retried_key_records_once(terminal: Terminal) -> None:
    """The same command with the same key, again: it says where it stands and adds nothing."""
    terminal.done(f"{POST} --once tosite-17")
    before = terminal.events()
    assert terminal.done(f"{POST} --once tosite-17") == "recorded before as #15, nothing was added"
    assert terminal.events() == before


@pytest.mark.parametrize(("line", "digest"), ASKED_FOR)
def test_a_key_stands_for_the_same_in_every_version(terminal: Terminal, line: str, digest: str) -> None:
    """A retry after an upgrade is known as one: what a command line asks for has the digest that it always had."""
    terminal.done("record project Tutor 4100 1.8.2019-31.7.2020")
    terminal.done(f"{line} --once tosite-17")
    keyed = terminal.events()[-1]
    assert isinstance(keyed, CommandKeyed)
    assert keyed.digest == digest


def test_a_retried_key_of_several_events_tells_them_all(terminal: Terminal) -> None:
    """Several events are told from the first to the last."""
    terminal.done("record close 2020Q2 --unit 410 --once sulku")
    assert (
        terminal.done("record close 2020Q2 --unit 410 --once sulku") == "recorded before as #15–#17, nothing was added"
    )


def test_the_same_thing_said_otherwise_is_the_same_command(terminal: Terminal) -> None:
    """A retry is recognised by what it asks, however it is written."""
    terminal.done(f"{POST} --once tosite-17")
    again = "record actual 4100 personnel -1234.50 --period 2020-06 --once tosite-17"
    assert terminal.done(again) == "recorded before as #15, nothing was added"


@pytest.mark.parametrize("other", ["-1 234,51", "-1 234,50 --detail", "-1 234,50 --source Kv", "-1 234,50 --reason x"])
def test_a_key_is_not_used_for_two_things(terminal: Terminal, other: str) -> None:
    """Another command with a used key is refused."""
    terminal.done(f"{POST} --once tosite-17")
    assert terminal.refused(f"record actual 4100 personnel 6/2020 {other} --once tosite-17") == (
        "heinola: the key 'tosite-17' was used for another command (positions 15–15); choose a new one"
    )


def test_every_event_says_who_and_when(terminal: Terminal) -> None:
    """An event carries the actor of the command line and the instant at which it was recorded."""
    event = terminal.recorded(POST)
    assert event.recorded_by == "controller"
    assert abs(datetime.now(UTC) - event.recorded) < timedelta(minutes=1)


@pytest.mark.parametrize(
    ("cents", "plain", "signed"),
    [
        (0, "0,00 €", "+0,00 €"),
        (5, "0,05 €", "+0,05 €"),
        (-123_450, "-1 234,50 €", "-1 234,50 €"),
        (123_456_789_00, "123 456 789,00 €", "+123 456 789,00 €"),
    ],
)
def test_amounts_are_told_with_both_decimals(cents: int, plain: str, signed: str) -> None:
    """An amount is told in groups of three with two decimals; a difference always with its sign."""
    assert (euros(cents), euros(cents, signed=True)) == (plain, signed)


@pytest.mark.parametrize(
    ("words", "given"), [("--key tosite-17", "tosite-17"), ("--key=tosite-17", "tosite-17"), ("--key 'a b'", "'a b'")]
)
def test_the_old_name_of_the_retry_key_is_told(terminal: Terminal, words: str, given: str) -> None:
    """`--key` names the file of the seal key alone; who gives it a retry key learns the name that it has now."""
    assert terminal.refused(f"{POST} {words}", code=2) == (
        f"heinola: the retry key is now given as --once {given}; --key names the file of the seal key"
    )


def test_every_command_that_records_can_be_told_that_its_clock_is_right() -> None:
    """--clock-is-right stands on each of them, and --large on each that takes an amount."""
    for path, command in LEAVES:
        options = {name for parameter in command.params for name in parameter.opts}
        records = path[0] in {"record", "publish"} or path in {
            ("store", "upgrade"),
            ("keys", "require"),
            ("undo",),
            ("import", "report"),
            ("import", "figures"),
            ("import", "facts"),
            ("import", "form"),
            *(("round", step) for step in ("open", "submit", "return", "accept", "close")),
        }
        amounts = any(isinstance(parameter.type, Amount) for parameter in command.params)
        assert ("--clock-is-right" in options) is records, path
        assert ("--large" in options) is (amounts or (path[0] == "import" and path != ("import", "events"))), path
