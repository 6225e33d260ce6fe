"""Recorded texts as paragraphs and lists, and names as headings."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from projections.report.content.document import Bullets, Paragraph, Run
from projections.report.content.prose import blocks_of, plain, runs_of


def test_blank_lines_part_paragraphs() -> None:
    """A line break alone does not part a paragraph; a blank line does, however much of it there is."""
    text = "Ensimmäinen rivi\njatkuu.\n\n \n\nToinen kappale.\r\n\r\nKolmas."
    assert list(blocks_of(text, "fi")) == [
        Paragraph(runs=(Run("Ensimmäinen rivi jatkuu."),), language="fi"),
        Paragraph(runs=(Run("Toinen kappale."),), language="fi"),
        Paragraph(runs=(Run("Kolmas."),), language="fi"),
    ]


def test_lines_that_begin_with_a_dash_are_a_list() -> None:
    """Also right below a line of text; a dash inside a line, or without a space after it, is none."""
    assert list(blocks_of("Näitä ovat mm.\n- yksi\n- **kaksi** - tai kolme\nja -5 astetta\n-5", None)) == [
        Paragraph(runs=(Run("Näitä ovat mm."),)),
        Bullets(items=((Run("yksi"),), (Run("kaksi", strong=True), Run(" - tai kolme")))),
        Paragraph(runs=(Run("ja -5 astetta -5"),)),
    ]


@pytest.mark.parametrize(
    ("text", "runs"),
    [
        ("**Toteuma:** valmis", (Run("Toteuma:", strong=True), Run(" valmis"))),
        ("a **b** c **d**", (Run("a "), Run("b", strong=True), Run(" c "), Run("d", strong=True))),
        ("tähti ** ilman paria", (Run("tähti ** ilman paria"),)),
        ("**a** ja ** b", (Run("a", strong=True), Run(" ja ** b"))),
        ("", (Run(""),)),
    ],
)
def test_what_stands_between_stars_stands_out(text: str, runs: tuple[Run, ...]) -> None:
    """Pairs of `**` are marks; one without its pair is text."""
    assert runs_of(text) == runs


@given(st.text())
def test_no_text_is_lost(text: str) -> None:
    """Whatever was recorded: its letters are all there, on lines without breaks and without control characters."""
    blocks = list(blocks_of(text, None))
    lines = [block.runs for block in blocks if isinstance(block, Paragraph)]
    lines += [item for block in blocks if isinstance(block, Bullets) for item in block.items]
    shown = "".join(run.text for line in lines for run in line)
    assert sorted(filter(str.isalnum, shown)) == sorted(filter(str.isalnum, text))
    assert not any(letter in "\n\r\x00\x1b" for letter in shown)


@pytest.mark.parametrize(
    "name", ["VARHAISKASVATUS", "KVTES", "ICT-PALVELUT", "TE-palvelut ja TYÖLLISYYS", "perusopetus"]
)
def test_a_recorded_name_is_never_rewritten(name: str) -> None:
    """It stays as it was recorded: capitals may be those of an abbreviation, which no program can tell."""
    assert plain(name) == name


@pytest.mark.parametrize("character", ["\ufdd0", "\ufdef", "\ufffe", "\uffff", "\U0001fffe", "\U0010ffff"])
def test_what_is_no_character_is_not_written(character: str) -> None:
    """What Unicode keeps out of exchange would break a page or a file of XML; what stands next to it is kept."""
    assert plain(f"\ufdcf{character}\ufdf0") == "\ufdcf\ufffd\ufdf0"


def test_plain_text_has_no_marks() -> None:
    """A cell of a table takes a text on one line."""
    assert (plain("**Toteuma:**\n valmis\x1b"), plain(None)) == ("Toteuma: valmis�", "")
