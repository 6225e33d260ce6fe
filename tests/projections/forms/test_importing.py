"""Forms come back: what was changed is recorded, once, all or nothing, and what is wrong is told with its place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from events.forecasts import ForecastGiven
from events.goals import GoalStatusUpdated
from events.narratives import IndicatorObserved, NarrativeReported
from events.period import Period
from events.projects import ProjectProgressReported
from events.undoing import FactsUndone
from projections.commands import forms_taken_in
from tests.office import convert
from tests.projections.forms.filling import fill, places, spoil

if TYPE_CHECKING:
    from pathlib import Path

    from events.base import Event
    from tests.terminal import Terminal

Q3 = Period.of_months(2020, 7, 9)
STATUS, WHY = ("4160", "goal", "4160-1", "status"), ("4160", "goal", "4160-1", "text")
EVENTS = ("4160", "narrative", "Oleelliset tapahtumat", "", "1", "text")
COUNT = ("4160", "indicator", "Opiskelijoita", "kpl", "value")
PERCENT, STATE = ("4160", "project", "Tutorit", "percent"), ("4160", "project", "Tutorit", "text")
OUTLOOK = ("4160", "outlook", "text")
ACTOR = ("4160", "form", "actor")
FORECAST = ("4160", "forecast", "expenses", "amount")
ALL = {
    ACTOR: "Lukion rehtori",
    STATUS: "toteutunut",
    WHY: "Kysely tehtiin.\n\nVastauksia 312.",
    ("4160", "priority", "1", "text"): "Laitteet jaettu.",
    EVENTS: "Lähiopetus alkoi elokuussa.",
    COUNT: "401,5",
    PERCENT: "60 %",
    STATE: "=Loppuraportti tekeillä",
    OUTLOOK: "Ylittyy.",
    FORECAST: "−112 000,50 €",
    ("4160", "forecast", "expenses", "text"): "Sijaisia palkattiin.",
}


def after(terminal: Terminal, line: str) -> list[Event]:
    """Run a command line that must succeed, and return what it recorded."""
    before = len(terminal.events())
    terminal.done(line)
    return terminal.events()[before:]


def refused(terminal: Terminal, line: str) -> str:
    """Run a command line that must be refused, and return what it said; nothing was recorded."""
    before = len(terminal.events())
    result = terminal.run(line)
    assert result.exit_code in {1, 2}, result.output
    assert len(terminal.events()) == before
    return result.stderr


OFFICE = pytest.mark.parametrize(
    "office",
    [
        pytest.param("", id="Excel"),
        # What another program saves does not depend on where the store is.
        pytest.param("xlsx:Calc MS Excel 2007 XML", id="LibreOffice", marks=pytest.mark.in_a_file),
        pytest.param("ods", id="OpenDocument", marks=pytest.mark.in_a_file),
    ],
)


@OFFICE
def test_what_was_filled_in_is_recorded(terminal: Terminal, form: Path, tmp_path: Path, office: str) -> None:
    """Every field is recorded for the form's period, by whoever the form names, whatever program saved it."""
    filled = fill(form, tmp_path / "filled.xlsx", ALL)
    if office:
        filled = convert(filled, office)
    events = after(terminal, f"import form {filled}")
    forecast, goal, _priority, narrative, indicator, progress, _outlook = events
    assert isinstance(forecast, ForecastGiven)
    assert (forecast.line, forecast.amount_cents, forecast.text) == ("expenses", -11_200_050, "Sijaisia palkattiin.")
    assert {event.recorded_by for event in events} == {"Lukion rehtori"}
    assert {event.effective for event in events} == {Q3}
    assert isinstance(goal, GoalStatusUpdated)
    assert (goal.status, goal.text) == ("achieved", "Kysely tehtiin.\n\nVastauksia 312.")
    assert isinstance(narrative, NarrativeReported)
    assert (narrative.section, narrative.text) == ("Oleelliset tapahtumat", "Lähiopetus alkoi elokuussa.")
    assert isinstance(indicator, IndicatorObserved)
    assert (indicator.value, indicator.measured_in) == ("401.5", "kpl")
    assert isinstance(progress, ProjectProgressReported)
    assert (progress.percent, progress.text) == ("60", "=Loppuraportti tekeillä")


@OFFICE
def test_an_untouched_form_records_nothing(terminal: Terminal, form: Path, office: str) -> None:
    """A form that is sent back as it was, or only saved by another program, records nothing."""
    path = convert(form, office) if office else form
    before = len(terminal.events())
    assert terminal.done(f"import form {path}").endswith("nothing was changed in it\nthere was nothing to record")
    assert len(terminal.events()) == before


def test_the_same_form_records_once(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """Taken in again, under whatever name and even beside itself, a form adds nothing."""
    first, second = (fill(form, tmp_path / name, {OUTLOOK: "Ylittyy."}) for name in ("a.xlsx", "b.xlsx"))
    assert len(after(terminal, f"import form {first} {second}")) == 1
    assert after(terminal, f"import form {second}") == []


def test_a_dry_run_records_nothing(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """`--dry-run` tells every event that would be recorded."""
    path = fill(form, tmp_path / "f.xlsx", {OUTLOOK: "Ylittyy.", COUNT: 401})
    said = terminal.done(f"import form {path} --dry-run")
    assert "f.xlsx, by controller: would record 2 events" in said
    assert "IndicatorObserved 4160 Opiskelijoita 1.7.–30.9.2020 401 kpl" in said
    assert said.endswith("nothing was recorded")


def test_an_emptied_field_takes_back_what_was_in_it(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """What was recorded for the period is undone, even where it was recorded twice, and it is told."""
    terminal.done("record narrative 4160 2020Q3 'Oleelliset tapahtumat' 'Toisin sanottu.'")
    new = tmp_path / "uusi.xlsx"
    terminal.run(f"form 2020Q3 --unit 4160 -o {new}")
    said = terminal.done(f"import form {fill(new, tmp_path / 'f.xlsx', {EVENTS: None})}")
    assert "withdrawn, because it was emptied: 4160 narrative Oleelliset tapahtumat" in said
    (undoing,) = terminal.events()[-1:]
    assert isinstance(undoing, FactsUndone)
    assert undoing.reason == "tyhjennetty lomakkeessa"
    assert "Lähiopetus" not in terminal.done("snapshot 2020Q3 --unit 4160 --texts")
    assert "Toisin sanottu" not in terminal.done("snapshot 2020Q3 --unit 4160 --texts")
    again = tmp_path / "taas.xlsx"
    terminal.run(f"form 2020Q3 --unit 4160 -o {again}")
    assert len(after(terminal, f"import form {fill(again, tmp_path / 'g.xlsx', {EVENTS: 'Uudestaan.'})}")) == 1


def test_a_conflict_is_shown_side_by_side(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """Where somebody recorded the same goal after the form was made, it is to be said whose holds."""
    path = fill(form, tmp_path / "f.xlsx", {STATUS: "toteutunut", OUTLOOK: "Ylittyy."})
    terminal.done("record goal-status 4160 4160-1 2020Q3 suspended 'Keskeytettiin.'")
    said = refused(terminal, f"import form {path}")
    assert "--mine" in said
    assert "form: toteutunut" in said
    assert f"log:  keskeytetty — Keskeytettiin. (#{len(terminal.events()) + 1}, controller)" in said
    assert [event.TOPIC for event in after(terminal, f"import form {path} --theirs")] == ["OutlookGiven"]
    (status,) = after(terminal, f"import form {path} --mine")
    assert isinstance(status, GoalStatusUpdated)
    assert (status.status, status.text) == ("achieved", "")


@pytest.mark.parametrize(
    ("key", "mine", "theirs"),
    [
        (("4160", "priority", "1", "text"), "Omani.", "record priority 4160 1 2020Q3 'Toisen.'"),
        (EVENTS, "Omani.", "record narrative 4160 2020Q3 'Oleelliset tapahtumat' 'Toisen.'"),
        (COUNT, "7", "record indicator 4160 2020Q3 Opiskelijoita 8 --measured-in kpl"),
        (PERCENT, "7", "record progress Tutorit 2020Q3 'Toisen.' --percent 8"),
        (OUTLOOK, "Omani.", "record outlook 4160 2020Q3 'Toisen.'"),
        (FORECAST, "-111 €", "record forecast 4160 expenses 2020Q3 -112"),
    ],
)
def test_every_section_knows_conflicts(
    terminal: Terminal, form: Path, tmp_path: Path, key: tuple[str, ...], mine: str, theirs: str
) -> None:
    """Of whatever section, what somebody else recorded meanwhile is told with who did, and either may hold."""
    path = fill(form, tmp_path / "f.xlsx", {key: mine})
    terminal.done(theirs)
    said = refused(terminal, f"import form {path}")
    assert f"form: {mine}" in said
    assert f"(#{len(terminal.events()) + 1}, controller)" in said
    assert after(terminal, f"import form {path} --theirs") == []
    assert len(after(terminal, f"import form {path} --mine")) == 1
    assert after(terminal, f"import form {path}") == []


def test_all_problems_of_all_forms_are_told_at_once(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """What cannot be read, with its sheet and cell, of every form; and nothing of any is recorded."""
    at = places(form)
    where = {key: f"4160 Lukio!{cell}" for key, (_sheet, cell) in at.items()}
    wrong = fill(form, tmp_path / "a.xlsx", {STATUS: "hyvä", COUNT: "monta", PERCENT: 140, OUTLOOK: "Ylittyy."})
    locked = spoil(form, tmp_path / "b.xlsx", "4160 Lukio", "A2", "4161 Lukio")
    identity = spoil(form, tmp_path / "c.xlsx", "heinola", "D5", "jotakin")
    bare = fill(form, tmp_path / "d.xlsx", {WHY: "Ilman tilaa."})
    formula = spoil(form, tmp_path / "f.xlsx", "4160 Lukio", at[OUTLOOK][1], "=1+1")
    none = tmp_path / "e.xlsx"
    none.write_bytes(b"no workbook")
    said = refused(terminal, f"import form {wrong} {locked} {identity} {bare} {formula} {none}")
    assert said.startswith("heinola: 8 problems in the forms; nothing was recorded\n")
    for sentence in (
        f"a.xlsx: {where[STATUS]}: unknown status 'hyvä'",
        f"a.xlsx: {where[COUNT]}: 'monta' is not a number",
        f"a.xlsx: {where[PERCENT]}: 140 is no share of what is done",
        "b.xlsx: 4160 Lukio!A2 is locked and was changed",
        "c.xlsx: its hidden identity was changed",
        f"d.xlsx: {where[WHY]}: the explanation of goal 4160-1 stands without a status",
        f"f.xlsx: {where[OUTLOOK]} has a formula",
        "e.xlsx",
    ):
        assert sentence in said, said


def test_what_a_rule_refuses_is_told_with_its_place(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """Rules are asked of all forms, and one refusal leaves all of them unrecorded."""
    path = fill(form, tmp_path / "f.xlsx", {OUTLOOK: "Ylittyy.", STATUS: "toteutunut"})
    terminal.done("record goal-withdrawal 4160 4160-1 --on 1.7.2020 --reason x")
    said = refused(terminal, f"import form {path}")
    assert f"f.xlsx: 4160 Lukio!{places(form)[STATUS][1]}: unit 4160 has no goal 4160-1" in said


def test_a_forecast_is_changed_and_taken_back(terminal: Terminal, tmp_path: Path) -> None:
    """It stands in its cell as it is read back in each language; untouched it records nothing, emptied it is undone."""
    terminal.done("record forecast 4160 expenses 2020Q3 -111 222,50 --text 'Arvio.'")
    path = tmp_path / "f.xlsx"
    for language in ("fi", "sv", "en"):
        terminal.run(f"form 2020Q3 --unit 4160 --lang {language} -o {path}")
        assert after(terminal, f"import form {path}") == []
    bare = fill(path, tmp_path / "bare.xlsx", {FORECAST: None})
    assert "stands without an amount" in refused(terminal, f"import form {bare}")
    against = fill(path, tmp_path / "against.xlsx", {FORECAST: "5"})
    assert "recorded negative" in refused(terminal, f"import form {against}")
    emptied = fill(path, tmp_path / "emptied.xlsx", {FORECAST: None, ("4160", "forecast", "expenses", "text"): None})
    assert [event.TOPIC for event in after(terminal, f"import form {emptied}")] == ["FactsUndone"]


def test_each_form_is_a_command_of_its_own(terminal: Terminal, tmp_path: Path) -> None:
    """Forms taken in together are undone one by one."""
    terminal.run(f"form 2020Q3 -o {tmp_path / 'forms'}")
    for code in ("4160", "4100"):
        made = tmp_path / "forms" / f"2020Q3-{code}.xlsx"
        fill(made, made, {(code, "outlook", "text"): f"Arvio {code}.", (code, "form", "actor"): f"rehtori {code}"})
    events = after(terminal, f"import form {tmp_path / 'forms'}")
    assert sorted(event.recorded_by for event in events) == ["rehtori 4100", "rehtori 4160"]
    assert len({event.recorded for event in events}) == 2
    position = len(terminal.events()) + 1  # the making of the store is #1
    said = terminal.done(f"undo '#{position}' --reason x")
    assert "undid 1 event" in said


def test_a_form_of_another_city_or_of_later_is_told(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """A form does not go into the store of another city, nor into a copy that lacks what it was made from."""
    path = fill(form, tmp_path / "f.xlsx", {OUTLOOK: "Ylittyy."})
    other = tmp_path / "other.db"
    terminal.run(f"--store {other} init --city Esimerkkilä")
    said = terminal.run(f"--store {other} import form {path}").stderr
    assert "it is a form of Heinola, and this store is of Esimerkkilä" in said
    same = tmp_path / "same.db"
    terminal.run(f"--store {same} init --city Heinola")
    assert "it is of another store" in terminal.run(f"--store {same} import form {path}").stderr


def test_words_of_a_closed_period_ask_whether_it_is_meant(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """What is filled in, and what is emptied, in a closed period is refused, and recorded with `--restates`."""
    terminal.done("record close 2020Q3 --unit 4160")
    path = fill(form, tmp_path / "f.xlsx", {OUTLOOK: "Ylittyy.", EVENTS: None})
    said = refused(terminal, f"import form {path}")
    assert said.count("add --restates where it is meant") == 2
    assert [event.TOPIC for event in after(terminal, f"import form {path} --restates")] == [
        "FactsUndone",
        "OutlookGiven",
    ]


def test_what_was_recorded_by_one_command_is_withdrawn_in_part(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """A text that a whole file brought in is withdrawn by itself; the rest of the file stays, and can be undone yet."""
    after(terminal, f"import form {fill(form, tmp_path / 'f.xlsx', {EVENTS: None})}")
    shown = terminal.done("snapshot 2020Q2 --unit 4160 --texts")
    assert "Etäopetus." in shown
    assert terminal.done("audit verify").startswith("all is as it was recorded")
    said = terminal.done("undo 15 --reason x --dry-run --with-what-rests-on-it")
    assert "NarrativeReported" in said


def test_names_of_several_people_in_one_form_are_told(terminal: Terminal, tmp_path: Path) -> None:
    """A form of several units that two people filled in does not say who recorded it."""
    path = tmp_path / "410.xlsx"
    terminal.run(f"form 2020Q3 --unit 410 -o {path}")
    values: dict[tuple[str, ...], str] = {("4100", "form", "actor"): "A", ACTOR: "B", OUTLOOK: "Pitää."}
    said = refused(terminal, f"import form {fill(path, path, values)}")
    assert "it is filled in by A and by B; name the same one" in said


def test_two_forms_that_say_otherwise_of_the_same_are_told(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """Which of two forms holds is nobody's guess."""
    first, second = (fill(form, tmp_path / f"{text}.xlsx", {OUTLOOK: text}) for text in ("a", "b"))
    said = refused(terminal, f"import form {first} {second}")
    assert "b.xlsx: 4160 Lukio!" in said
    assert "a.xlsx says otherwise of the same" in said


def test_what_is_recorded_while_forms_are_read_is_seen(
    terminal: Terminal, form: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Between the comparison and the commit nobody slips in: the forms are held against the log anew."""
    path = fill(form, tmp_path / "f.xlsx", {STATUS: "toteutunut"})
    held = forms_taken_in._taken_in
    moves = ["record goal-status 4160 4160-1 2020Q3 suspended"]

    def and_somebody_records(*arguments: Any) -> Any:  # noqa: ANN401 - as it is
        taken = held(*arguments)
        if moves:
            terminal.done(moves.pop())
        return taken

    monkeypatch.setattr(forms_taken_in, "_taken_in", and_somebody_records)
    result = terminal.run(f"import form {path}")
    assert result.exit_code == 1
    assert "log:  keskeytetty" in result.stderr
    statuses = [event for event in terminal.events() if isinstance(event, GoalStatusUpdated)]
    assert [event.status for event in statuses] == ["delayed", "suspended"]


@pytest.mark.in_a_file
def test_a_formula_in_an_open_document_is_told(terminal: Terminal, form: Path, tmp_path: Path) -> None:
    """What a formula comes to is not read, whatever program saved the form."""
    sheet, cell = places(form)[COUNT]
    path = convert(spoil(form, tmp_path / "formula.xlsx", sheet, cell, "=1+1"), "ods")
    assert "has a formula, and what it comes to is not read" in refused(terminal, f"import form {path}")


STILL = ("4160", "still", "holds")


def test_what_is_left_as_it_is_can_be_said_to_hold_still(terminal: Terminal, tmp_path: Path) -> None:
    """Given texts older than their figures, when the form says that they hold, they are recorded again, once."""
    terminal.done("record actual 4160 expenses 8/2020 -900")
    terminal.done("record goal-status 4160 4160-1 2020Q3 in_progress Kesken.")
    terminal.done("record actual 4160 expenses 9/2020 -1000")
    made = tmp_path / "made.xlsx"
    terminal.run(f"form 2020Q3 --unit 4160 -o {made}")
    assert "text_stale" in terminal.run("snapshot 2020Q3 --unit 4160 --format json").stdout
    assert after(terminal, f"import form {made}") == []
    assert "is no answer" in refused(terminal, f"import form {fill(made, tmp_path / 'wrong.xlsx', {STILL: 'ehkä'})}")
    sure = fill(made, tmp_path / "sure.xlsx", {ACTOR: "Rehtori", STILL: "kyllä", OUTLOOK: "Toteutuu."})
    told = {(type(event).__name__, event.text, event.recorded_by) for event in after(terminal, f"import form {sure}")}  # type: ignore[attr-defined]
    assert told == {
        ("OutlookGiven", "Toteutuu.", "Rehtori"),
        ("GoalStatusUpdated", "Kesken.", "Rehtori"),
        ("NarrativeReported", "Lähiopetus alkoi.", "Rehtori"),
    }
    assert "text_stale" not in terminal.run("snapshot 2020Q3 --unit 4160 --format json").stdout
    assert after(terminal, f"import form {sure}") == []


def test_what_others_changed_is_not_said_to_hold_unseen(terminal: Terminal, tmp_path: Path) -> None:
    """Given that somebody told otherwise after the form was made, what it says holds still is a conflict."""
    made = tmp_path / "made.xlsx"
    terminal.run(f"form 2020Q3 --unit 4160 -o {made}")
    sure = fill(made, tmp_path / "sure.xlsx", {STILL: "kyllä"})
    terminal.done('record narrative 4160 2020Q3 "Oleelliset tapahtumat" Toisin.')
    assert "others recorded something else" in refused(terminal, f"import form {sure}")
    assert after(terminal, f"import form {sure} --theirs") == []
