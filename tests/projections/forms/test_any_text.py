"""Whatever was recorded, a form that is sent back as it was made changes nothing, in every way of writing."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.period import Period
from projections.forms.changes import changes_of
from projections.forms.model import Column, Entry, Form, FormWords, Identity, Row, Section, UnitForm
from projections.forms.reading.document import read_document
from projections.forms.reading.plain import read_plain
from projections.forms.reading.workbook import read_workbook
from projections.forms.told import Told
from projections.snapshot.told_by_units import UnitWords
from projections.writers.forms.document import document
from projections.writers.forms.plain import form_json, form_toml
from projections.writers.forms.workbook import workbook

if TYPE_CHECKING:
    from pathlib import Path

PERIOD = Period.of_months(2020, 7, 9)
MADE = datetime(2020, 10, 1)  # noqa: DTZ001 - as a file's properties have it
WORDS = FormWords(
    title="Lomake",
    instructions=("Täytä.",),
    in_an_editor=("Täytä.",),
    in_a_document=("Täytä.",),
    choose_here="Valitse tästä",
    actor="Täyttäjä",
    responsible="Vastuuhenkilö",
    required="*",
    fill_in="täytetään",
    locked="lukittu",
    wrong_status="Valitse.",
    wrong_number="Kirjoita luku.",
)
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=60) | st.sampled_from(
    [
        "=1+1",
        "_x0041_",
        "<r>a</r>",
        " a\tb \n\n c",
        "\r\nä\u2028b",
        "a" * 40_000,
        "\x00\x07",
        "Valitse",
        '"""',
        "\\",
        "'",
    ]
)


def form_with(text: str, last: str) -> Form:
    """Return a form with a text in a field, and one beside it."""
    entry = Entry(key=("outlook", "text"), kind="text", label="Arvio", value=text, shown=text)
    columns = (Column("Kysymys", 0, 1), Column("Viimeksi", 2, 2), Column("Arvio", 3, 5))
    section = Section(name="outlook", title="Arvio", hint="", columns=columns, rows=(Row(("Miten?", last, entry)),))
    unit = UnitForm(code="4160", name="Lukio", responsible="", sections=(section,))
    identity = Identity(city="Heinola", period=PERIOD, units=("4160",), position=1, language="fi")
    return Form(identity=identity, words=WORDS, units=(unit,))


def told(text: str) -> Told:
    """Return what is told where a unit has given this estimate."""
    return Told(PERIOD, {"4160": UnitWords(outlook=text)}, {})


@pytest.mark.parametrize("kind", ["xlsx", "docx", "toml", "json"])
@given(text=TEXTS, last=TEXTS)
def test_what_is_not_touched_is_not_changed(
    tmp_path_factory: pytest.TempPathFactory, kind: str, text: str, last: str
) -> None:
    """No text that was recorded, nor one that stands beside, is taken for a change or for damage."""
    form = form_with(text, last)
    written = {
        "xlsx": lambda: workbook(form, MADE),
        "docx": lambda: document(form, MADE),
        "toml": lambda: form_toml(form),
        "json": lambda: form_json(form),
    }[kind]()
    path: Path = tmp_path_factory.mktemp("form") / f"f.{kind}"
    path.write_bytes(written)
    read = {"xlsx": read_workbook, "docx": read_document}.get(kind, read_plain)(path)
    assert changes_of(read, told(text), told(text)) == []
    assert read.wrong == []


def test_the_same_form_gives_the_same_bytes() -> None:
    """Nothing but what is asked, and when it was made, is in the file."""
    form = form_with("Pitää.", "Piti.")
    assert workbook(form, MADE) == workbook(form, MADE)
    assert document(form, MADE) == document(form, MADE)


def test_a_text_that_a_cell_does_not_hold_is_not_cut(tmp_path: Path) -> None:
    """Who changes a text of which a cell shows the beginning is told, and nothing is lost."""
    long = "a" * 40_000
    path = tmp_path / "f.xlsx"
    path.write_bytes(workbook(form_with("lyhyt", ""), MADE))
    read = read_workbook(path)
    assert changes_of(read, told(long), told(long)) == []
    assert [one.partition(": ")[2] for one in read.wrong] == [
        "the text is longer than a cell holds; change it in the form as TOML"
    ]
