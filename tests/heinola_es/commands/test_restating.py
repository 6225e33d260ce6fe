"""What was closed or published is changed knowingly: units that move in it, and words that are told of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from events.goals import GoalStatusUpdated
from events.organisation import UnitMoved

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal


def shown(terminal: Terminal) -> dict[tuple[str, str, str], Any]:
    """Return every cell of the report of the second quarter."""
    report = json.loads(terminal.done("snapshot 2020Q2 --format json"))
    columns = ("final_accounts", "prior_actual", "budget", "actual")
    return {
        (unit["code"], row["line"], column): row[column]
        for unit in report["units"]
        for row in unit["figures"]
        for column in columns
        if column in row
    }


@pytest.fixture
def published(terminal: Terminal, tmp_path: Path) -> Terminal:
    """Give a terminal in front of a store whose report of the second quarter was published."""
    for unit, amount in (("4100", "-100"), ("4160", "-20"), ("4000", "-3")):
        terminal.done(f"record actual {unit} personnel 6/2020 {amount}")
    terminal.done("record complete 1-6/2020")
    assert terminal.run(f"keys init --key {tmp_path}/k").exit_code == 0
    terminal.done(f"publish 2020Q2 --incomplete --key {tmp_path}/k -o {tmp_path}/1.seal")
    return terminal


REPORT = "the report 1.4.–30.6.2020 of the whole city (revision 1)"
MOVE = "record move 4160 400 --on 1.6.2020"


class TestAPublishedReport:
    """Where units stand in it."""

    def test_a_move_inside_it_is_asked_about(self, published: Terminal) -> None:
        """The sentence tells how many cells of which report change; with --restates it is recorded, and told again."""
        before = shown(published)
        said = published.refused(MOVE)
        assert said.startswith("heinola: this changes what was closed or published: ")
        assert said.endswith(
            "of the report 1.4.–30.6.2020 of the whole city (revision 1); add --restates where it is meant"
        )
        told = published.done(f"{MOVE} --restates").splitlines()
        after = shown(published)
        cells = sum(before.get(at) != after.get(at) for at in {**before, **after})
        assert cells
        assert f"published: {cells} cells of the report" in said
        assert told[1:] == [f"changes {cells} cells of {REPORT}"]
        assert isinstance(published.events()[-1], UnitMoved)

    def test_a_dry_run_tells_it_too(self, published: Terminal) -> None:
        """And records nothing."""
        before = published.events()
        assert "cells of the report 1.4.–30.6.2020" in published.done(f"{MOVE} --restates --dry-run")
        assert published.events() == before

    @pytest.mark.parametrize(
        "line",
        [
            "record merge 4160 4100 --on 31.5.2020",
            "record unit-end 4160 --on 31.5.2020",
            "record unit HYV --on 1.1.2014 --correcting --reason x",
            "record unit 4160 --on 1.6.2020 --correcting --reason x",
        ],
    )
    def test_ends_and_first_days_are_asked_about(self, published: Terminal, line: str) -> None:
        """Each of them is a change of where units stand."""
        assert published.refused(line).endswith(f" cells of {REPORT}; add --restates where it is meant")
        published.recorded(f"{line} --restates")

    @pytest.mark.parametrize("line", ["record move 4160 400 --on 1.7.2020", "record unit-end 4160 --on 30.6.2020"])
    def test_what_begins_after_it_is_not(self, published: Terminal, line: str) -> None:
        """A report shows the organisation of its last day."""
        published.done(line)

    def test_a_report_of_other_units_is_not(self, terminal: Terminal, tmp_path: Path) -> None:
        """The report of an area is changed by what moves in it, into it or out of it."""
        assert terminal.run(f"keys init --key {tmp_path}/k").exit_code == 0
        terminal.done(f"publish 2020Q2 --unit HYV-INV --incomplete --key {tmp_path}/k -o {tmp_path}/1.seal")
        terminal.done(MOVE)
        terminal.done(f"publish 2020Q2 --unit 410 --incomplete --key {tmp_path}/k -o {tmp_path}/2.seal")
        assert "of unit 410 (revision 1)" in terminal.refused("record move 4160 410 --on 2.6.2020")


class TestClosedBooks:
    """Where units stand in them, and what is told of them in words."""

    def test_a_move_inside_them_is_asked_about(self, terminal: Terminal) -> None:
        """Books of the unit, or of one above it before or after."""
        terminal.done("record close 2020Q2 --unit 400")
        assert terminal.refused(MOVE) == (
            "heinola: this changes what was closed or published: the closed books of unit 400 for 1.4.–30.6.2020; "
            "add --restates where it is meant"
        )
        terminal.done(f"{MOVE} --restates")

    @pytest.mark.parametrize(
        "line",
        [
            "record goal-status 410 410-1 2020Q2 achieved",
            "record goal-status 410 410-1 5/2020 achieved",
            "record goal-withdrawal 410 410-1 --on 15.6.2020 --reason x",
            "record goal 410 410-1 2020 --revising --metric Kysely --on 15.6.2020 --reason x",
            "record priority 410 1 2020Q2 'Hyvin.'",
            "record narrative 410 2020Q2 essentials 'Hyvin.'",
            "record outlook 410 2020Q2 'Hyvin.'",
            "record indicator 410 2020Q2 Oppilaat 12",
            "record progress Digitutor 2020Q2 'Hyvin.'",
        ],
    )
    def test_words_are_asked_about(self, terminal: Terminal, line: str) -> None:
        """Refused until the books are reopened, or with --restates where it is meant."""
        terminal.done("record goal 410 410-1 2020 --binding-goal Hyvinvointi")
        terminal.done("record priority 410 1 2020 --title Laitteet")
        terminal.done("record project Digitutor 410 2020")
        terminal.done("record close 2020Q2 --unit 410")
        assert "the closed books of unit 410 for 1.4.–30.6.2020; add --restates" in terminal.refused(line)
        terminal.recorded(f"{line} --restates")
        terminal.done("record reopen 2020Q2 --unit 410 --reason x")
        terminal.run(line)
        assert "--restates" not in terminal.run(line).stderr

    @pytest.mark.parametrize("period", ["2020Q3", "2020H1", "2020"])
    def test_other_periods_are_not_asked_about(self, terminal: Terminal, period: str) -> None:
        """What is about longer than was closed is not of the closed period."""
        terminal.done("record goal 410 410-1 2020 --binding-goal Hyvinvointi")
        terminal.done("record close 2020Q2 --unit 410")
        event = terminal.recorded(f"record goal-status 410 410-1 {period} achieved")
        assert isinstance(event, GoalStatusUpdated)
