"""What was recorded wrong of a unit, a goal, a project or the city, and is put right with all that hangs on it."""

from __future__ import annotations

import json
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from events.city import CityNamed
from events.goals import GoalRevised
from events.organisation import UnitFirstDayCorrected, UnitNameCorrected
from events.period import Period
from events.projects import ProjectRevised

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal

WHY = "--reason kirjoitusvirhe"


def report(terminal: Terminal, line: str) -> Any:  # noqa: ANN401 - a JSON document
    """Return a snapshot as JSON."""
    return json.loads(terminal.done(f"snapshot {line} --format json"))


def unit_in(terminal: Terminal, code: str, line: str) -> dict[str, Any]:
    """Return what a snapshot has of a unit."""
    (found,) = [unit for unit in report(terminal, line)["units"] if unit["code"] == code]
    return dict(found)


def moment(terminal: Terminal) -> str:
    """Return when the last event was recorded."""
    return f"{terminal.events()[-1].recorded:%Y-%m-%dT%H:%M:%S.%fZ}"


class TestAUnitsName:
    """A name that was always wrong, as against a new one."""

    def test_it_is_corrected_for_all_the_time_it_held(self, terminal: Terminal) -> None:
        """Every report of a time when it was called so has the right name; later names stay."""
        terminal.done("record rename 4160 Lukiopalvelut --on 1.7.2020")
        event = terminal.recorded(f"record rename 4160 'Heinolan lukio' --correcting --on 1.3.2020 {WHY}")
        assert isinstance(event, UnitNameCorrected)
        assert (event.code, event.name, event.effective.start) == ("4160", "Heinolan lukio", date(2015, 1, 1))
        assert unit_in(terminal, "4160", "2019Q1")["name"] == "Heinolan lukio"
        assert unit_in(terminal, "4160", "2020Q2")["name"] == "Heinolan lukio"
        assert unit_in(terminal, "4160", "2020Q3")["name"] == "Lukiopalvelut"

    def test_without_a_day_it_is_the_last_name(self, terminal: Terminal) -> None:
        """The name that the unit has now is the one that is usually found to be wrong."""
        terminal.done("record rename 4160 Lukiopalvelt --on 1.7.2020")
        terminal.done(f"record rename 4160 Lukiopalvelut --correcting {WHY}")
        assert unit_in(terminal, "4160", "2020Q2")["name"] == "Lukio"
        assert unit_in(terminal, "4160", "2020Q3")["name"] == "Lukiopalvelut"

    @pytest.mark.parametrize(
        ("line", "sentence", "code"),
        [
            ("record rename 4160 Lukio --correcting", "correcting a name needs a reason", 1),
            (f"record rename 4160 Lukio --correcting {WHY}", "unit 4160 is called Lukio already", 1),
            (f"record rename 4160 Lyseo --correcting --on 1.1.2014 {WHY}", "unit 4160 exists only from 1.1.2015", 1),
            ("record rename 4160 Lyseo", "say from which day on unit 4160 is called so, with --on, or add", 2),
        ],
    )
    def test_what_is_refused(self, terminal: Terminal, line: str, sentence: str, code: int) -> None:
        """A name is corrected with a reason, to another one, on days that it has."""
        assert sentence in terminal.refused(line, code=code)


class TestAUnitsFirstDay:
    """A first day that was always another."""

    def test_to_an_earlier_day(self, terminal: Terminal) -> None:
        """The unit is there from then on, called and placed as on the day that was taken for its first."""
        terminal.done("record unit 4170 Musiikkiopisto --parent 410 --on 1.1.2020")
        assert "exists only from 1.1.2020" in terminal.refused("record actual 4170 fees 6/2019 10")
        event = terminal.recorded(f"record unit 4170 --on 1.1.2019 --correcting {WHY}")
        assert isinstance(event, UnitFirstDayCorrected)
        assert (event.code, event.effective) == ("4170", Period.of_day(date(2019, 1, 1)))
        terminal.done("record actual 4170 fees 6/2019 10")
        known = unit_in(terminal, "4170", "2019Q2")
        assert (known["name"], known["parent"]) == ("Musiikkiopisto", "410")

    def test_to_a_later_day_and_back(self, terminal: Terminal) -> None:
        """Where nothing lies between."""
        terminal.done(f"record unit 4160 --on 1.1.2020 --correcting {WHY}")
        assert "exists only from 1.1.2020" in terminal.refused("record actual 4160 fees 6/2019 10")
        terminal.done("record actual 4160 fees 6/2020 10")
        assert terminal.refused(f"record unit 4160 --on 1.7.2020 --correcting {WHY}") == (
            "heinola: ActualPosted of 1.6.–30.6.2020 is recorded of unit 4160, so that its first day is not 1.7.2020; "
            "take that back first with `heinola undo`, or choose an earlier day"
        )
        terminal.done(f"record unit 4160 --on 1.6.2020 --correcting {WHY}")
        terminal.done(f"record unit 4160 --on 1.1.2015 --correcting {WHY}")
        assert unit_in(terminal, "4160", "2019Q2")["name"] == "Lukio"

    def test_what_rests_on_it_is_found_by_an_undoing(self, terminal: Terminal) -> None:
        """What was recorded of the days that an earlier first day brought in; what was undone is in no way."""
        terminal.done("record unit 4170 Musiikkiopisto --parent 410 --on 1.1.2020")
        terminal.done(f"record unit 4170 --on 1.1.2019 --correcting {WHY}")
        at = len(terminal.events()) + 1
        terminal.done("record actual 4170 fees 6/2019 10")
        assert "rests on" in terminal.run(f"undo '#{at}' {WHY}").stderr
        terminal.done(f"undo '#{at + 1}' {WHY}")
        terminal.done(f"record unit 4170 --on 1.8.2019 --correcting {WHY}")
        terminal.done(f"undo '#{at}' {WHY} --with-what-rests-on-it")

    @pytest.mark.parametrize(
        ("before", "line", "sentence"),
        [
            ("", "record unit 4160 --on 1.1.2014 --correcting", "correcting a first day needs a reason"),
            ("", f"record unit 4160 --on 1.1.2015 --correcting {WHY}", "unit 4160 exists from 1.1.2015 already"),
            ("", f"record unit 4160 --on 1.1.2014 --correcting {WHY}", "unit 410 exists only from 1.1.2015"),
            ("", f"record unit 410 --on 1.1.2016 --correcting {WHY}", "unit 4100 stands under 410 from 1.1.2015 on"),
            (
                "record rename 4160 Lyseo --on 1.3.2018",
                f"record unit 4160 --on 1.3.2018 --correcting {WHY}",
                "unit 4160 has changed on 1.3.2018, so that its first day is not 1.3.2018",
            ),
            (
                "record unit-end 4160 --on 31.12.2019",
                f"record unit 4160 --on 1.1.2020 --correcting {WHY}",
                "unit 4160 ended on 31.12.2019; its first day is not after that",
            ),
            (
                "record merge 4160 4100 --on 31.12.2019",
                f"record unit 4100 --on 1.1.2020 --correcting {WHY}",
                "unit 4160 was merged into 4100 on 31.12.2019",
            ),
            (
                "record budget 4160 fees 2019 10",
                f"record unit 4160 --on 1.1.2020 --correcting {WHY}",
                "BudgetAdopted of 1.1.2019 is recorded of unit 4160",
            ),
        ],
    )
    def test_what_rests_on_it_is_named(self, terminal: Terminal, before: str, line: str, sentence: str) -> None:
        """A first day is not after what is known of the unit, nor before the unit above."""
        if before:
            terminal.done(before)
        assert sentence in terminal.refused(line)

    def test_a_budget_decided_before_the_first_day_lies_in_its_year(self, terminal: Terminal) -> None:
        """A decision of November on the year to come is no reason against a first day in that year."""
        terminal.done("record budget 4160 fees 2020 10 --on 11.11.2019")
        terminal.done(f"record unit 4160 --on 1.1.2020 --correcting {WHY}")
        assert "BudgetAdopted of 11.11.2019" in terminal.refused(f"record unit 4160 --on 1.1.2021 --correcting {WHY}")

    def test_a_correction_says_the_day_alone(self, terminal: Terminal) -> None:
        """A name or a place beside it would be something else."""
        said = terminal.refused(f"record unit 4160 Lukio --on 1.1.2014 --correcting {WHY}", code=2)
        assert "--correcting is about the first day alone" in said
        assert "unit 4170 has no name" in terminal.refused("record unit 4170 --on 1.1.2014", code=2)


class TestAGoalsWords:
    """A goal reads otherwise, and is the same goal."""

    GOAL = "record goal 410 410-1 2020 --binding-goal 'Hyvinvoint paranee' --metric Kysely"

    def test_what_is_given_takes_the_place_of_what_was(self, terminal: Terminal) -> None:
        """The id and the status stay, and so does every text that is not given."""
        terminal.done(self.GOAL)
        terminal.done("record goal-status 410 410-1 2020Q2 achieved")
        event = terminal.recorded(f"record goal 410 410-1 2020 --revising --binding-goal 'Hyvinvointi paranee' {WHY}")
        assert isinstance(event, GoalRevised)
        assert (event.binding_goal, event.metric) == ("Hyvinvointi paranee", None)
        assert event.effective.start == date(2020, 1, 1)
        (goal,) = unit_in(terminal, "410", "2020Q2")["goals"]
        assert (goal["binding_goal"], goal["metric"], goal["status"]) == ("Hyvinvointi paranee", "Kysely", "achieved")

    def test_from_a_day_on(self, terminal: Terminal) -> None:
        """What the council worded anew in June reads in March as it did; of two, that of the later day holds."""
        terminal.done(self.GOAL)
        terminal.done(f"record goal 410 410-1 2020 --revising --target-level kolme --on 15.6.2020 {WHY}")
        terminal.done(f"record goal 410 410-1 2020 --revising --target-level kaksi --on 1.2.2020 {WHY}")
        levels = [unit_in(terminal, "410", f"2020Q{n}")["goals"][0]["target_level"] for n in (1, 2)]
        assert levels == ["kaksi", "kolme"]
        assert "kolme" in terminal.done("list goals --format csv")

    @pytest.mark.parametrize(
        ("line", "sentence", "code"),
        [
            ("--revising --metric Haastattelu", "wording a goal anew needs a reason", 1),
            (f"--revising --metric Kysely {WHY}", "goal 410-1 of unit 410 reads so already", 1),
            (f"--revising --metric Haastattelu --on 1.1.2021 {WHY}", "unit 410 has no goal 410-1 in 2021", 1),
            (f"--revising {WHY}", "nothing about goal 410-1 is to read otherwise", 2),
            ("--binding-goal Uusi --on 1.2.2020", "a goal is set for the whole year", 2),
        ],
    )
    def test_what_is_refused(self, terminal: Terminal, line: str, sentence: str, code: int) -> None:
        """A revision says what reads otherwise, and why."""
        terminal.done(self.GOAL)
        assert sentence in terminal.refused(f"record goal 410 410-1 2020 {line}", code=code)

    def test_a_priority_is_worded_anew(self, terminal: Terminal) -> None:
        """It is set again under its number, and what came of it stays."""
        terminal.done("record priority 4100 1 2020 --title Digitaalisus")
        terminal.done("record priority 4100 1 2020Q2 'Laitteet hankittu.'")
        terminal.done(f"record priority 4100 1 2020 --title Digitaalisuus {WHY}")
        (priority,) = unit_in(terminal, "4100", "2020Q2")["priorities"]
        assert (priority["title"], priority["text"]) == ("Digitaalisuus", "Laitteet hankittu.")


class TestAProjectsName:
    """A project is called otherwise, and is the same project."""

    PROJECT = "record project Tutoropetajat 4100 1.8.2019-31.7.2020"

    def test_outputs_show_the_new_name_and_commands_take_either(self, terminal: Terminal) -> None:
        """Its key stays, so that all that was told of it stays with it."""
        terminal.done(self.PROJECT)
        event = terminal.recorded(f"record project-revision Tutoropetajat --on 1.8.2019 --name Tutoropettajat {WHY}")
        assert isinstance(event, ProjectRevised)
        assert (event.project, event.name) == ("Tutoropetajat", "Tutoropettajat")
        terminal.done("record progress Tutoropettajat 2020Q2 'Hyvin käy.' --percent 20")
        terminal.done("record progress Tutoropetajat 2020Q3 'Paremmin.' --percent 40")
        for period, text in (("2020Q2", "Hyvin käy."), ("2020Q3", "Paremmin.")):
            (project,) = report(terminal, period)["projects"]
            assert (project["name"], project["launched_as"], project["text"]) == (
                "Tutoropettajat",
                "Tutoropetajat",
                text,
            )
        assert "Tutoropettajat" in terminal.done("snapshot 2020Q2")
        assert "Tutoropetajat" not in terminal.done("snapshot 2020Q2")
        assert "Tutoropettajat" in terminal.done("list projects --format csv")
        assert "Tutoropetajat" not in terminal.done("list projects --format csv")

    def test_from_a_day_on(self, terminal: Terminal) -> None:
        """A project that was renamed is called as it was in reports of before."""
        terminal.done(self.PROJECT)
        terminal.done("record project-revision Tutoropetajat --on 1.7.2020 --name Digitutorit")
        names = [report(terminal, f"2020Q{n}")["projects"][0]["name"] for n in (2, 3)]
        assert names == ["Tutoropetajat", "Digitutorit"]

    def test_a_name_is_of_one_project(self, terminal: Terminal) -> None:
        """Neither a renamed project nor a new one takes the name of another."""
        terminal.done(self.PROJECT)
        terminal.done("record project Digitutorit 4160 1.8.2019-31.7.2020")
        rename = "record project-revision {} --on 1.1.2020 --name {}"
        assert terminal.refused(rename.format("Digitutorit", "Tutoropetajat")) == (
            "heinola: project 'Tutoropetajat' is called 'Tutoropetajat' already; choose another name"
        )
        terminal.done(rename.format("Tutoropetajat", "Mentorit"))
        assert "is called 'Mentorit'" in terminal.refused("record project Mentorit 4100 1.8.2020-31.7.2021")
        assert "did you mean Mentorit?" in terminal.refused("record progress Mentori 2020Q2 'Hyvin.'")

    def test_the_difference_tells_the_name(self, terminal: Terminal) -> None:
        """It is one change of one project, and the event that made it."""
        terminal.done(self.PROJECT)
        before = moment(terminal)
        terminal.done("record project-revision Tutoropetajat --on 1.8.2019 --name Tutoropettajat")
        told = json.loads(terminal.done(f"audit diff 2020Q2 --from {before} --to {moment(terminal)} --format json"))
        (change,) = told["changes"]
        assert (change["kind"], change["of"], change["new"]) == (
            "project",
            ["Tutoropetajat", "name"],
            "Tutoropettajat",
        )
        assert change["events"] == 1


class TestTheCity:
    """A store that was made with another city's name."""

    def test_it_is_named(self, terminal: Terminal) -> None:
        """Reports bear the name from then on; asked as of before, they bear the one of then."""
        terminal.done("record rename 4160 Lyseo --on 1.1.2021")
        before = moment(terminal)
        event = terminal.recorded(f"record city Hämeenlinna --code 109 {WHY}")
        assert isinstance(event, CityNamed)
        assert (event.city, event.city_code) == ("Hämeenlinna", "109")
        assert report(terminal, "2020Q2")["city"] == "Hämeenlinna"
        assert report(terminal, f"2020Q2 --known-at {before}")["city"] == "Heinola"
        terminal.done(f"record city Hattula {WHY}")
        assert [event.city_code for event in terminal.events() if isinstance(event, CityNamed)] == ["109", "109"]

    def test_a_name_can_be_undone(self, terminal: Terminal) -> None:
        """Then the city is called as before."""
        terminal.done(f"record city Hämeenlinna {WHY}")
        at = len(terminal.events()) + 1
        terminal.done(f"undo '#{at}' {WHY}")
        assert report(terminal, "2020Q2")["city"] == "Heinola"
        terminal.done(f"record city Lahti {WHY}")
        assert report(terminal, "2020Q2")["city"] == "Lahti"

    def test_what_was_published_stays(self, terminal: Terminal, tmp_path: Path) -> None:
        """Its bytes are those that were published, and the log is whole."""
        assert terminal.run(f"keys init --key {tmp_path}/k").exit_code == 0
        terminal.done(f"publish 2020Q2 --incomplete --key {tmp_path}/k -o {tmp_path}/1.seal")
        terminal.done(f"record city Hämeenlinna {WHY}")
        published = json.loads(terminal.done("snapshot 2020Q2 --published --format json"))
        assert published["city"] == "Heinola"
        terminal.done("audit verify")

    @pytest.mark.parametrize(
        ("line", "sentence", "code"),
        [
            ("record city Heinola", "the city is called Heinola already", 1),
            ("record city Lahti --code 39", "'39' is no municipal code; write its three digits, such as 111", 2),
        ],
    )
    def test_what_is_refused(self, terminal: Terminal, line: str, sentence: str, code: int) -> None:
        """What changes nothing, and a code that is none."""
        assert sentence in terminal.refused(line, code=code)
