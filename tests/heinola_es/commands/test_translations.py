"""What recorded words read in another language: recorded, refused, undone, and shown in reports of that language."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from events.organisation import UnitTextTranslated
from events.projects import ProjectTextTranslated

if TYPE_CHECKING:
    from pathlib import Path

    from tests.terminal import Terminal

NAME = "record rename 4160 Gymnasiet --lang sv"


def told(terminal: Terminal, language: str, line: str = "2020Q2 --unit 4160 --texts") -> str:
    """Return the snapshot as a terminal shows it in a language."""
    return terminal.done(f"snapshot {line} --lang {language}")


def unit_of(terminal: Terminal, line: str = "2020Q2") -> dict[str, Any]:
    """Return what the snapshot has of unit 4160."""
    units = json.loads(terminal.done(f"snapshot {line} --format json"))["units"]
    return dict(next(unit for unit in units if unit["code"] == "4160"))


def test_a_name_is_recorded_in_another_language(terminal: Terminal) -> None:
    """The Swedish report has the Swedish name, every other one the name itself, and the snapshot both."""
    assert "translations" not in unit_of(terminal)
    event = terminal.recorded(NAME)
    assert isinstance(event, UnitTextTranslated)
    assert (event.code, event.original, event.language, event.text) == ("4160", "Lukio", "sv", "Gymnasiet")
    assert ("Gymnasiet" in told(terminal, "sv"), "Lukio" in told(terminal, "sv")) == (True, False)
    for language in ("fi", "en"):
        assert ("Gymnasiet" in told(terminal, language), "Lukio" in told(terminal, language)) == (False, True)
    shown = unit_of(terminal)
    assert shown["name"] == "Lukio"
    assert shown["translations"] == [{"language": "sv", "original": "Lukio", "text": "Gymnasiet"}]


def test_a_translation_is_of_the_words_that_it_was_made_of(terminal: Terminal) -> None:
    """A name that is put right later, and a new one, are shown as they are until they are translated, too."""
    terminal.done(NAME)
    terminal.done("record rename 4160 Lukiokoulutus --on 1.7.2020")
    assert "Gymnasiet" in told(terminal, "sv")
    assert "Lukiokoulutus" in told(terminal, "sv", "2020Q3 --unit 4160")
    terminal.done("record rename 4160 Lyseo --correcting --on 1.3.2020 --reason kirjoitusvirhe")
    assert ("Lyseo" in told(terminal, "sv"), "Gymnasiet" in told(terminal, "sv")) == (True, False)
    assert "translations" not in unit_of(terminal)


def test_the_one_recorded_last_holds_and_can_be_undone(terminal: Terminal) -> None:
    """A translation is put right by recording it again, and taken back as everything is; both clocks tell."""
    terminal.done(NAME)
    before = f"{terminal.events()[-1].recorded:%Y-%m-%dT%H:%M:%S.%fZ}"
    terminal.done("record rename 4160 'Heinola gymnasium' --lang sv")
    assert "Heinola gymnasium" in told(terminal, "sv")
    assert "Gymnasiet" in told(terminal, "sv", f"2020Q2 --unit 4160 --known-at {before}")
    undone = terminal.run(f"undo '#{len(terminal.events()) + 1}' --reason fel")
    assert undone.exit_code == 0, undone.stderr
    assert "Gymnasiet" in told(terminal, "sv")


def test_a_goal_and_any_text_of_a_unit(terminal: Terminal) -> None:
    """Goals by their id, other words by how they begin; the figures are the same."""
    terminal.done("record goal 4160 G 2020 --binding-goal 'Opiskelijat viihtyvät' --metric Kysely")
    terminal.done("record outlook 4160 2020Q2 'Talousarvio pitää hyvin.'")
    terminal.done("record goal 4160 G 2020 --lang sv --binding-goal 'De studerande trivs'")
    terminal.done("record translation 'Talousarvio pitää' 'Budgeten håller.' --unit 4160 --lang sv")
    page = told(terminal, "sv")
    assert all(text in page for text in ("De studerande trivs", "Kysely", "Budgeten håller."))
    assert not any(text in page for text in ("Opiskelijat viihtyvät", "Talousarvio"))
    terminal.done("record goal 4160 G 2020 --revising --binding-goal 'Opiskelijat voivat hyvin' --reason täsmennys")
    assert "Opiskelijat voivat hyvin" in told(terminal, "sv")


def test_a_project_keeps_its_key(terminal: Terminal) -> None:
    """It is reported on by the name that it was launched under, whatever reports call it."""
    terminal.done("record project Digitutor 4160 2020 --phase Käynnissä --description 'Opastusta verkossa'")
    event = terminal.recorded("record translation Digitutor 'Digital handledare' --project Digitutor --lang sv")
    assert isinstance(event, ProjectTextTranslated)
    terminal.done("record progress Digitutor 2020Q2 50")
    assert "Digital handledare" in told(terminal, "sv")
    assert "Digitutor" in told(terminal, "fi")


def test_a_file_of_facts_may_have_translations(terminal: Terminal, tmp_path: Path) -> None:
    """In the same words as on the command line, and of facts that the same file records."""
    path = tmp_path / "sv.jsonl"
    goal = {"fact": "goal", "unit": "4160", "goal": "G", "year": 2020}
    facts = [
        {"fact": "rename", "unit": "4160", "name": "Gymnasiet", "lang": "sv"},
        goal | {"binding_goal": "Opiskelijat viihtyvät"},
        goal | {"binding_goal": "De studerande trivs", "lang": "sv"},
        {"fact": "outlook", "unit": "4160", "period": "2020Q2", "text": "Talousarvio pitää."},
        {"fact": "translation", "unit": "4160", "original": "Talousarvio", "text": "Budgeten håller.", "lang": "sv"},
    ]
    path.write_text("\n".join(map(json.dumps, facts)), "utf-8")
    terminal.done(f"import facts {path}")
    page = told(terminal, "sv")
    assert all(text in page for text in ("Gymnasiet", "De studerande trivs", "Budgeten håller."))


def test_a_form_shows_the_words_of_its_language(terminal: Terminal, tmp_path: Path) -> None:
    """The Swedish form has the Swedish name."""
    terminal.done(NAME)
    path = tmp_path / "4160.toml"
    assert terminal.run(f"form 2020Q2 --unit 4160 --lang sv -o {path}").exit_code == 0
    assert "Gymnasiet" in path.read_text("utf-8")
    assert terminal.run(f"form 2020Q2 --unit 4160 --lang fi -o {tmp_path / 'fi.toml'}").exit_code == 0
    assert "Gymnasiet" not in (tmp_path / "fi.toml").read_text("utf-8")


@pytest.mark.parametrize(
    ("line", "sentence", "code"),
    [
        ("record rename 4161 Gymnasiet --lang sv", "unknown unit '4161'", 2),
        ("record rename 4160 Gymnasium --lang de", "unknown language 'de'", 2),
        ("record rename 4160 ' ' --lang sv", "the name is empty", 2),
        ("record rename 4160 G --lang sv --correcting", "a translation is put right by recording it again", 2),
        ("record goal 4160 G 2020 --lang sv --metric M", "unit 4160 has no goal 'G' in 2020", 1),
        ("record goal 4160 G 2020 --lang sv", "nothing of goal G is translated", 2),
        ("record translation Lukki Gymnasiet --unit 4160 --lang sv", "nothing that is recorded of unit 4160 reads", 2),
        ("record translation Lukio ' ' --unit 4160 --lang sv", "the translation is empty", 2),
        ("record translation Lukio Gymnasiet --lang sv", "say of what the words are recorded", 2),
        ("record translation Lukio Gymnasiet --project Digi --lang sv", "unknown project 'Digi'", 1),
    ],
)
def test_what_is_refused(terminal: Terminal, line: str, sentence: str, code: int) -> None:
    """Each sentence says what is wrong, and nothing is recorded."""
    before = len(terminal.events())
    assert sentence in terminal.refused(line, code=code)
    assert len(terminal.events()) == before


def test_the_words_that_it_is_of_are_what_it_rests_on(terminal: Terminal) -> None:
    """Without the goal there is nothing that was translated."""
    terminal.done("record goal 4160 G 2020 --binding-goal 'Opiskelijat viihtyvät'")
    at = len(terminal.events()) + 1
    terminal.done("record goal 4160 G 2020 --lang sv --binding-goal 'De studerande trivs'")
    refused = terminal.run(f"undo '#{at}' --reason fel")
    assert (refused.exit_code, "UnitTextTranslated" in refused.stderr) == (1, True)


def test_a_page_marks_only_what_is_not_translated(terminal: Terminal, tmp_path: Path) -> None:
    """What falls back to the original is marked with its language; what is translated is in that of the page."""
    terminal.done("record goal 4160 G 2020 --binding-goal 'Opiskelijat viihtyvät' --metric Kysely")
    terminal.done("record goal 4160 G 2020 --lang sv --binding-goal 'De studerande trivs'")
    path = tmp_path / "sv.html"
    assert terminal.run(f"report 2020Q2 --unit 4160 --lang sv -o {path}").exit_code == 0
    page = path.read_text("utf-8")
    assert '<td lang="fi">Kysely</td>' in page
    assert "<td>De studerande trivs</td>" in page


def test_a_publication_keeps_its_words(terminal: Terminal, tmp_path: Path) -> None:
    """What was translated after a report was published is not in it, in any language, nor are its bytes others."""
    terminal.done(NAME)
    assert terminal.run(f"keys init --key {tmp_path}/k").exit_code == 0
    terminal.done(f"publish 2020Q2 --incomplete --key {tmp_path}/k -o {tmp_path}/1.seal")
    before = terminal.done("snapshot 2020Q2 --published --format json")
    terminal.done("record rename 4160 'Heinola gymnasium' --lang sv")
    assert terminal.done("snapshot 2020Q2 --published --format json") == before
    assert "Gymnasiet" in terminal.done("snapshot 2020Q2 --published --lang sv")


@pytest.mark.parametrize("form", ["html", "pdf", "docx", "xlsx", "md"])
def test_every_format_has_the_words_and_can_be_checked(terminal: Terminal, tmp_path: Path, form: str) -> None:
    """A document in another language is made, and its figures are found to be those of the snapshot in it."""
    terminal.done("record budget 4160 personnel 2020 -100000 --on 16.12.2019")
    terminal.done(NAME)
    path = tmp_path / f"sv.{form}"
    written = terminal.run(f"report 2020Q2 --unit 4160 --lang sv -o {path}")
    assert written.exit_code == 0, written.stderr
    if form == "md":
        assert "Gymnasiet" in path.read_text("utf-8")
    else:
        checked = terminal.run(f"audit check-document {path}")
        assert checked.exit_code == 0, checked.stderr + checked.stdout
