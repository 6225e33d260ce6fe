"""Markdown: what any reader of GitHub's dialect makes of it, whatever the texts hold."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from projections.report.content.document import (
    Bullets,
    Callout,
    Cell,
    Column,
    Fact,
    Facts,
    Paragraph,
    Row,
    Run,
    Section,
    Table,
)
from projections.report.language.languages import LANGUAGES
from projections.writers.markdown import code, escaped, grid, markdown
from tests.projections.report.built import report_of, tables_in
from tests.projections.report.samples import sample_document

if TYPE_CHECKING:
    from markdown_it.token import Token

    from projections.report.content.document import Block, Document
    from tests.projections.conftest import ImportedReport

READER = MarkdownIt("commonmark", {"html": True}).enable("table")
"""A reader by the CommonMark specification, with GitHub's tables."""
TEXTS = st.text() | st.text(alphabet="|\\`*_<>[]&#-+1. \n\u2028\u00a0a~$!")
"""Any texts, and such as are made of marks."""


def tokens_of(text: str) -> list[Token]:
    """Return what a reader makes of a text."""
    return READER.parse(text)


def read_tables(text: str) -> list[list[list[str]]]:
    """Return the tables that a reader finds: rows of cells, each as its plain text."""
    tables: list[list[list[str]]] = []
    tokens = tokens_of(text)
    for number, token in enumerate(tokens):
        if token.type == "table_open":
            tables.append([])
        elif token.type == "tr_open":
            tables[-1].append([])
        elif token.type in {"th_open", "td_open"}:
            tables[-1][-1].append(plain(tokens[number + 1]))
    return tables


def plain(token: Token) -> str:
    """Return the text of an inline token, without its marks; a forced line break is a line feed."""
    parts = {"softbreak": "\n", "html_inline": "\n"}
    return "".join(parts.get(child.type, child.content) for child in token.children or [])


def document_of(*blocks: Block) -> Document:
    """Return a document whose only part has these blocks."""
    return evolve(sample_document(), summary=(), sections=(Section(key="a", title="Osa", blocks=blocks),))


def said_in(text: str) -> str:
    """Return a text as it is to be read: on one line, without spaces at its ends."""
    return re.sub("[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+", " ", text).strip()


# ---------------------------------------------------------------- whole reports


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_of_a_report_is_read_as_it_was_meant(report_2020: ImportedReport, language: str) -> None:
    """A reader finds each table, in order, with the text of every cell."""
    document = report_of(report_2020.path, language=language)
    found = read_tables(markdown(document).decode())
    assert [[len(row) for row in table] for table in found] == [
        [len(table.columns)] * (len(table.rows) + 1) for table in tables_in(document)
    ]
    for table, wanted in zip(found, tables_in(document), strict=True):
        assert [said_in(cell) for row in table[1:] for cell in row] == [
            said_in(cell.text) for row in wanted.rows for cell in row.cells
        ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_headings_are_those_of_the_report(sample: ImportedReport, language: str) -> None:
    """Title, summary and every part, each at its level, and no other heading."""
    document = report_of(sample.path, language=language)
    tokens = tokens_of(markdown(document).decode())
    found = [(t.tag, plain(tokens[n + 1])) for n, t in enumerate(tokens) if t.type == "heading_open"]
    parts = [(f"h{min(level + 1, 6)}", section.title) for level, section in document.walk()]
    assert found == [("h1", document.title), ("h2", document.interface.summary), *parts]


def test_all_kinds_of_blocks_are_written() -> None:
    """The sample document, which has one of each, comes out with pictures told in words."""
    document = sample_document("en")
    text = markdown(document).decode()
    pictures = [block for block in document.blocks() if hasattr(block, "alternative")]
    assert pictures
    assert all(escaped(picture.alternative) in text for picture in pictures)


def test_the_file_is_utf_8_with_line_feeds_and_the_same_again(sample: ImportedReport) -> None:
    """No carriage return, no mark of byte order, one line feed at the end; and the same bytes for the same document."""
    content = markdown(report_of(sample.path))
    assert content == markdown(report_of(sample.path))
    assert b"\r" not in content
    assert content.startswith(b"# ")
    assert content.endswith(b"\n")
    assert not content.endswith(b"\n\n")


# ---------------------------------------------------------------- any texts


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=4), st.sampled_from(["normal", "total"]))
def test_a_table_keeps_its_columns_whatever_its_cells_hold(texts: list[tuple[str, ...]], kind: str) -> None:
    """Every row has as many cells as there are columns, and each is read as its text."""
    rows = tuple(Row(cells=tuple(Cell(text=text) for text in row), kind=kind) for row in texts)  # type: ignore[arg-type]
    columns = tuple(Column(title=title) for title in ("Erä", "Luku\n€", "a|b\\"))
    (found,) = read_tables(grid(Table(key="t", caption="Luvut", columns=columns, rows=rows)))
    assert [len(row) for row in found] == [3] * (len(texts) + 1)
    assert found[0] == ["Erä", "Luku\n€", "a|b\\"]
    if kind == "normal":
        assert [[spaced(cell) for cell in row] for row in found[1:]] == [
            [spaced(said_in(cell)) for cell in row] for row in texts
        ]


@given(TEXTS)
def test_a_paragraph_is_read_as_its_text(text: str) -> None:
    """No text is taken for a heading, a list, a quotation, code, a link or markup."""
    tokens = tokens_of(markdown(document_of(Paragraph(runs=(Run(text),)))).decode())
    after = tokens[[plain(token) for token in tokens].index("Osa") + 2 :]
    assert [token.type for token in after] in ([], ["paragraph_open", "inline", "paragraph_close"])
    assert spaced("".join(plain(token) for token in after)) == spaced(said_in(text))


@given(st.lists(TEXTS, min_size=1, max_size=3))
def test_a_list_has_its_items(texts: list[str]) -> None:
    """One item for each, whatever it holds, and nothing inside it but text."""
    block = Bullets(items=tuple((Run(text),) for text in texts))
    tokens = tokens_of(markdown(document_of(block)).decode())
    begun = next(number for number, token in enumerate(tokens) if plain(token) == "Osa")
    inside = [token.type for token in tokens[begun:]]
    assert inside.count("list_item_open") == len(texts)
    assert not {"heading_open", "blockquote_open", "hr", "code_block", "fence", "ordered_list_open"} & set(inside)
    assert inside.count("bullet_list_open") == 1


@given(TEXTS)
def test_a_hash_is_read_as_it_is(text: str) -> None:
    """What is to be copied stands as code, with every sign as it is."""
    if not text.strip():
        assert code(text) == ""
        return
    (_, inline, _) = tokens_of(f"a {code(text)}")
    last = (inline.children or [])[-1]
    assert (last.type, spaced(last.content)) == ("code_inline", spaced(said_in(text)))


def spaced(text: str) -> str:
    """Return a text as far as Markdown can tell: of any run of spaces there is one, and none at the ends."""
    return " ".join(text.replace("\x00", "\ufffd").split())


# ---------------------------------------------------------------- blocks


def test_marks_inside_texts_are_kept_apart_from_marks() -> None:
    """Strong words are marked, their spaces stand outside, and stars in the text stay stars."""
    runs = (Run("a * b "), Run(" vahva ", strong=True), Run("| c"))
    text = markdown(document_of(Paragraph(runs=runs))).decode()
    assert text.endswith("a \\* b  **vahva** \\| c\n")


def test_a_callout_is_a_quotation_with_its_heading() -> None:
    """Its paragraphs and lists stand inside it."""
    callout = Callout(
        title="Huomaa",
        tone="attention",
        blocks=(Paragraph(runs=(Run("Luku puuttuu."),)), Bullets(items=((Run("yksi"),), (Run("kaksi"),)))),
    )
    text = markdown(document_of(callout)).decode()
    kinds = [token.type for token in tokens_of(text)]
    inside = kinds[kinds.index("blockquote_open") : kinds.index("blockquote_close")]
    assert (inside.count("paragraph_open"), inside.count("list_item_open")) == (2 + 2, 2)


def test_facts_are_a_list_of_names_and_values() -> None:
    """A hash stands as code."""
    facts = Facts(facts=(Fact(name="Tunniste", value="5f5f", machine=True), Fact(name="Aika", value="1.1.–31.12.2020")))
    text = markdown(document_of(facts)).decode()
    assert text.endswith("- **Tunniste** `5f5f`\n- **Aika** 1.1.–31.12.2020\n")


def test_a_number_at_the_beginning_is_no_list() -> None:
    """`1. huhtikuuta` is a date."""
    text = markdown(document_of(Paragraph(runs=(Run("1. huhtikuuta"),)))).decode()
    assert "ordered_list_open" not in {token.type for token in tokens_of(text)}


def test_totals_and_headings_inside_a_table_stand_out() -> None:
    """Their cells are strong; empty ones stay empty."""
    rows = (
        Row(cells=(Cell(text="4100 Perusopetus"), Cell(text="")), kind="group"),
        Row(cells=(Cell(text="NETTO"), Cell(text="5", value=Decimal(5))), kind="total"),
    )
    columns = (Column(title="Erä"), Column(title="€", numeric=True))
    assert grid(Table(key="t", caption="", columns=columns, rows=rows)).splitlines()[1:] == [
        "| --- | ---: |",
        "| **4100 Perusopetus** |  |",
        "| **NETTO** | **5** |",
    ]
