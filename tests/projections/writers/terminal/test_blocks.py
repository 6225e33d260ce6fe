"""Blocks of the report's document model on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from hypothesis import given
from hypothesis import strategies as st

from projections.report.content.document import Bullets, Callout, Cell, Column, Fact, Facts, Paragraph, Row, Run, Table
from projections.report.content.prose import blocks_of, paragraph
from projections.writers.terminal.blocks import blocks_below, shown
from projections.writers.terminal.printable import width_of

if TYPE_CHECKING:
    from projections.report.content.document import Block


def page(*blocks: Block, width: int = 40) -> list[str]:
    """Return blocks as lines."""
    return [line.rstrip() for block in blocks for text in shown(block, width) for line in text.plain.split("\n")]


def test_a_table_has_its_groups_across_and_its_numbers_in_line() -> None:
    """A heading inside a table takes no column's room; a column in which nothing stands takes none either."""
    table = Table(
        key="changes",
        caption="Changes of the budget",
        columns=(Column(title="Unit"), Column(title="Metric"), Column(title="Change\n€", numeric=True)),
        rows=(
            Row(cells=(Cell(text="council 15 June 2020 § 41"), Cell(text=""), Cell(text="")), kind="group"),
            Row(cells=(Cell(text="4160 Lukio"), Cell(text=""), Cell(text="−5,000"))),
            Row(cells=(Cell(text="In all"), Cell(text=""), Cell(text="−12,000")), kind="total"),
        ),
        note="Income is positive.",
    )
    assert page(table, width=30) == [
        "               Change",
        "  Unit              €",
        "  council 15 June 2020 § 41",
        "  4160 Lukio   −5,000",
        "  In all      −12,000",
        "  Income is positive.",
    ]


def test_lists_facts_and_callouts_are_lines() -> None:
    """An item hangs under its mark, a fact follows its name, a callout its title."""
    told = (
        Bullets(items=((Run("one two three four five six"),), (Run("seven"),))),
        Bullets(items=((Run("first"),), (Run("second"),)), numbered=True),
        Facts(facts=(Fact(name="Funder", value="Opetushallitus"),)),
        Callout(title="Mind", tone="attention", blocks=(paragraph("the gap"),)),
    )
    assert page(*told, width=22) == [
        "  – one two three four",
        "    five six",
        "  – seven",
        "  1. first",
        "  2. second",
        "  Funder:",
        "  Opetushallitus",
        "  Mind",
        "  the gap",
    ]


def test_what_stands_out_stands_out_wherever_a_line_breaks() -> None:
    """The style of a run goes on over the end of a line, and ends where the run does."""
    told = Paragraph(runs=(Run("plain "), Run("bold and bolder", strong=True), Run(" plain")))
    (text,) = shown(told, 16)
    bold = " ".join(text.plain[span.start : span.end] for span in text.spans if span.style == "bold")
    assert text.plain == "  plain bold and\n  bolder plain"
    assert bold.split() == ["bold", "and", "bolder"]


def test_of_no_blocks_there_is_no_heading() -> None:
    """A part of which there is nothing to say is not on the page."""
    assert list(blocks_below("Proposed amendments", (), 40)) == []


@given(text=st.text(max_size=80), width=st.integers(min_value=12, max_value=60))
def test_every_word_of_a_text_is_there_and_no_line_too_wide(text: str, width: int) -> None:
    """Whatever people recorded: the letters of its blocks are on the page in their order, and can do nothing to it."""
    blocks = tuple(blocks_of(text, None))
    lines = page(*blocks, width=width)
    assert all(width_of(line) <= width for line in lines)
    for block in blocks:
        runs = [block.runs] if isinstance(block, Paragraph) else block.items
        for told in runs:
            whole = "".join(char for run in told for char in run.text if char.isascii() and char.isalnum())
            assert whole in "".join(char for line in lines for char in line if char.isascii() and char.isalnum())
