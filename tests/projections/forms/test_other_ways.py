"""The same form as a document, as TOML and as JSON: what is filled in comes back the same, and is recorded the same."""

from __future__ import annotations

import json
import tomllib
from typing import TYPE_CHECKING, Any

import docx
import pytest
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from hypothesis import given, settings
from hypothesis import strategies as st

from events.goals import GoalStatusUpdated
from events.narratives import NarrativeReported
from events.period import Period
from events.undoing import FactsUndone
from projections.forms.identity import settled
from projections.writers.forms.plain import _string
from tests.office import convert
from tests.projections.forms.test_importing import after, refused
from tests.terminal import Terminal, at_a_terminal

if TYPE_CHECKING:
    from pathlib import Path

FACTS_OF_4160 = """
[[narrative]]
unit = "4160"
period = "2020Q3"
section = "Oleelliset tapahtumat"
text = "Lähiopetus alkoi."
[[indicator]]
unit = "4160"
period = "2020Q2"
name = "Opiskelijoita"
value = 392
"""
TEXT = "Kysely tehtiin.\n\nVastauksia 312."


def made(terminal: Terminal, path: Path) -> Path:
    """Make the form of the unit 4160 in a file, and return that."""
    assert terminal.run(f"form 2020Q3 --unit 4160 -o {path}").exit_code == 0
    return path


def fields(document: Any) -> dict[str, Any]:  # noqa: ANN401 - python-docx has no types
    """Return the cells to write in, by what stands above them; of one name the first."""
    found: dict[str, Any] = {}
    above = ""
    for part in document.iter_inner_content():
        if isinstance(part, Paragraph):
            above = part.text.removesuffix(" *")
        elif len(part.rows) == len(part.columns) == 1:
            found.setdefault(above, part.cell(0, 0))
    return found


def choose(cell: Any, choice: str) -> None:  # noqa: ANN401
    """Choose something from the list in a field, as Word does."""
    (control,) = cell._tc.iter(qn("w:sdt"))
    placeholder = control.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}")
    placeholder.getparent().remove(placeholder)
    (text,) = control.iter(qn("w:t"))
    text.text = choice


@pytest.mark.parametrize("office", [False, True], ids=["Word", "LibreOffice"])
def test_a_document_is_filled_in(terminal: Terminal, tmp_path: Path, *, office: bool) -> None:
    """What is written into the fields of a document is recorded, whatever program saved it."""
    path = made(terminal, tmp_path / "f.docx")
    document = docx.Document(str(path))
    at = fields(document)
    at["Täyttäjä"].text = "Lukion rehtori"
    choose(at["Tila"], "toteutunut")
    first, *others = TEXT.split("\n")
    at["Selitys"].text = first
    for line in others:
        at["Selitys"].add_paragraph(line)
    at["Teksti"].text = ""
    document.save(str(path))
    if office:
        path = convert(path, "docx:MS Word 2007 XML")
    goal, withdrawn = after(terminal, f"import form {path}")
    assert isinstance(goal, GoalStatusUpdated)
    assert isinstance(withdrawn, FactsUndone)
    assert (goal.status, goal.text, goal.recorded_by) == ("achieved", TEXT, "Lukion rehtori")


@pytest.mark.parametrize("kind", ["docx", "toml", "json"])
def test_an_untouched_form_records_nothing(terminal: Terminal, tmp_path: Path, kind: str) -> None:
    """A form that is sent back as it was records nothing, in whatever way it is written."""
    assert after(terminal, f"import form {made(terminal, tmp_path / f'f.{kind}')}") == []


def test_an_untouched_document_saved_by_libreoffice_records_nothing(terminal: Terminal, tmp_path: Path) -> None:
    """Another program that saves the document changes nothing in it."""
    path = convert(made(terminal, tmp_path / "f.docx"), "docx:MS Word 2007 XML")
    assert after(terminal, f"import form {path}") == []


def test_a_program_fills_in_json(terminal: Terminal, tmp_path: Path) -> None:
    """A program sends what it fills in and nothing else; what it leaves out stays, what it empties is taken back."""
    path = made(terminal, tmp_path / "f.json")
    form = json.loads(path.read_text("utf-8"))
    (unit,) = form["unit"]
    assert unit["goal"] == [{"goal": "4160-1", "status": "", "text": ""}]
    told = {"goal": [{"goal": "4160-1", "status": "achieved", "text": TEXT}], "narrative": unit["narrative"]}
    told["narrative"][0]["text"] = ""
    path.write_text(json.dumps({"form": form["form"], "unit": [{"code": "4160", **told}]}), "utf-8")
    goal, withdrawn = after(terminal, f"import form {path}")
    assert isinstance(goal, GoalStatusUpdated)
    assert isinstance(withdrawn, FactsUndone)


def test_what_is_wrong_in_toml_is_told_with_its_key(terminal: Terminal, tmp_path: Path) -> None:
    """Every key that is none, and every value that is none, with its place."""
    path = made(terminal, tmp_path / "f.toml")
    text = (
        path.read_text("utf-8")
        .replace('status = ""', 'status = "hyvä"\nstats = 3')
        .replace('value = ""', 'value = "x"')
    )
    path.write_text(text, "utf-8")
    said = refused(terminal, f"import form {path}")
    assert "f.toml: unit[1].goal[1].status: unknown status 'hyvä'" in said
    assert "f.toml: unit[1].goal[1]: stats is no field of goal; did you mean status?" in said
    assert "f.toml: unit[1].indicator[1].value: 'x' is not a number" in said
    path.write_text(text.replace("position = ", "position = 1"), "utf-8")
    assert "its hidden identity was changed" in refused(terminal, f"import form {path}")


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"])))
@settings(max_examples=300)
def test_any_text_comes_back_from_toml(text: str) -> None:
    """A text that is written as TOML is read as the same, but for line ends."""
    read = tomllib.loads(f"text = {_string(text)}")["text"]
    assert settled(read) == settled(text)


@pytest.fixture
def own_process(tmp_path: Path) -> Terminal:
    """Give a terminal in front of a store that no other process holds open."""
    at = Terminal(tmp_path / "own.db")
    facts = tmp_path / "facts.toml"
    facts.write_text(f'[[unit]]\ncode = "4160"\nname = "Lukio"\non = "1.1.2015"\n{FACTS_OF_4160}', "utf-8")
    at.done("init --city Heinola")
    at.done(f"import facts {facts}")
    return at


def test_a_form_is_filled_in_in_an_editor(own_process: Terminal, tmp_path: Path) -> None:
    """The form opens as TOML; what it would record is shown, and recorded once that is wanted."""
    terminal = own_process
    editor = tmp_path / "editor"
    editor.write_text(
        '#!/bin/sh\nsed -i \'s/Lähiopetus alkoi\\./Lähiopetus jatkui./; s/^value = ""/value = "401"/\' "$1"\n'
    )
    editor.chmod(0o755)
    words = ("form", "2020Q3", "--unit", "4160", "--edit")
    before = len(terminal.events())
    code, said = at_a_terminal(terminal, *words, editor=str(editor), answers=b"n\n")
    assert code != 0
    assert len(terminal.events()) == before
    code, said = at_a_terminal(terminal, *words, editor=str(editor), answers=b"y\n")
    assert code == 0, said
    assert "would record 2 events" in said
    narrative, _indicator = terminal.events()[before:]
    assert isinstance(narrative, NarrativeReported)
    assert (narrative.text, narrative.recorded_by) == ("Lähiopetus jatkui.", "controller")
    assert narrative.effective == Period.of_months(2020, 7, 9)


def test_a_form_that_is_left_as_it_was_records_nothing(own_process: Terminal) -> None:
    """An editor that is closed without a change ends with a sentence."""
    terminal = own_process
    code, said = at_a_terminal(terminal, "form", "2020Q3", "--unit", "4160", "--edit", editor="true", answers=b"")
    assert (code, said) == (2, "heinola: the form was left as it is; nothing was recorded\n")
