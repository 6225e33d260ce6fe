"""Whatever line is put into a report, wherever: it is part of an item, or a finding, or the document is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heinola_es.errors import BadInput
from heinola_es.importing.report.reader import read_report
from tests.heinola_es.importing.report.reports import SMALL, filled_lines, letters, lines_of_items, unparsed

if TYPE_CHECKING:
    from heinola_es.importing.report.document import ReportDocument

LINES = SMALL.read_text(encoding="utf-8").split("\n")
PROSE_USES = {"narrative", "outlook", "priorities"}
ODD_LINES = [
    *(
        "\tjatkuu",
        "a\tb",
        "a\tb\tc\td",
        "X\t1\t2\t3\t4\t5,0",
        "MENOT\t1\t2\t3\t4\t5,0",
        "TULOT",
        "LIITE",
        "Huom:",
        "- kohta",
    ),
    *(
        "123 Osasto",
        "Vastuuhenkilö: x",
        "Toteuma:",
        "1. Uusi. Toteuma: ei",
        "--\t--",
        "\tTP 2020\tTOT",
        "Hankkeen nimi\tY",
    ),
    *(
        "Tavoitteiden toteuma 1.1.-30.9.2021",
        "Toimielin x",
        "Teknisen toimialan investoinnit",
        "Strateginen perustavoite: x",
    ),
]
cells = st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12)
rows = st.lists(cells | st.sampled_from(["1 000", "-5", "50,00", "x"]), min_size=1, max_size=7).map("\t".join)
lines = st.one_of(rows, st.sampled_from(ODD_LINES), st.sampled_from(LINES))


def with_line(line: str, place: int) -> str:
    """Return the small report with a line put in before the line at `place`."""
    return "\n".join([*LINES[:place], line, *LINES[place:]])


def read_or_refusal(text: str) -> ReportDocument | str:
    """Return what a text says, or the sentence it is refused with."""
    try:
        return read_report(text)
    except BadInput as error:
        return str(error)


def assert_accounted(text: str, document: ReportDocument) -> None:
    """Check that every filled line is either used or unparsed, and that content is the source of an item."""
    uses = {use.line: use.use for use in document.line_uses}
    left = set(unparsed(document))
    assert uses.keys() | left == set(filled_lines(text))
    assert uses.keys() & left == set()
    content = {number for number, use in uses.items() if use in {*PROSE_USES, "figure", "goal", "indicator", "project"}}
    assert content - lines_of_items(document) == set()


def prose_at(document: ReportDocument, line: int) -> str:
    """Return all prose of the items that name the line as their source."""
    parts = [item.text for item in document.narratives if line in item.lines]
    parts += [item.text for item in document.outlooks if line in item.lines]
    parts += [item.title + item.metric + item.text for item in document.priorities if line in item.lines]
    return letters("".join(parts))


@given(line=lines, place=st.integers(0, len(LINES)))
def test_a_line_put_in_anywhere_is_accounted_for(line: str, place: int) -> None:
    """A line inserted at random is read, or reported, or refuses the document; never lost, never another exception."""
    text = with_line(line, place)
    document = read_or_refusal(text)
    if isinstance(document, str):
        assert "\n" not in document
    else:
        assert_accounted(text, document)


@given(place=st.integers(0, len(LINES)))
def test_prose_put_in_anywhere_keeps_its_words(place: int) -> None:
    """A sentence inserted at random is refused only inside a figure table; read as prose, its words are all there."""
    text = with_line("Tämä lause on lisätty.", place)
    document = read_or_refusal(text)
    if isinstance(document, str):
        assert "figure table" in document
        return
    assert_accounted(text, document)
    use = next((use.use for use in document.line_uses if use.line == place + 1), None)
    if use in PROSE_USES:
        assert letters("Tämä lause on lisätty.") in prose_at(document, place + 1)


@given(place=st.integers(0, len(LINES) - 1))
def test_a_line_taken_out_anywhere_loses_no_other(place: int) -> None:
    """With any one line lost, all others are accounted for, or the document is refused."""
    text = "\n".join([*LINES[:place], *LINES[place + 1 :]])
    document = read_or_refusal(text)
    if not isinstance(document, str):
        assert_accounted(text, document)


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text: str) -> None:
    """A text that is no report is refused with a sentence, whatever it is."""
    with pytest.raises(BadInput):
        read_report(text)
