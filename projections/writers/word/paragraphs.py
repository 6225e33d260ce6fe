"""Paragraphs, lists, facts, callouts, headings and captions, each in a style that Word's users can change."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from projections.report.content.document import Bullets, Callout, Facts, Paragraph, Run, Tone
from projections.writers.word.elements import element, field, paragraph, run, tab, valued

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.report.content.document import Section
    from projections.writers.word.draft import Draft
    from projections.writers.word.elements import Element

STYLES = {"body": "Normal", "lead": "Lead", "note": "Note", "label": "Label"}
CALLOUTS: dict[Tone, str] = {
    "good": "CalloutGood",
    "attention": "CalloutAttention",
    "bad": "CalloutBad",
    "muted": "CalloutMuted",
}
BULLET_LIST = "1"
NUMBERED = "2"
"""The lists of the template: the definition of the numbers is number 2, too."""
DEEPEST_HEADING = 5
"""What lies deeper has the look of the fifth level and an outline level of its own."""
FACTS_KEPT_TOGETHER = 15
CALLOUT_INDENT = {"w:left": "511", "w:right": "113", "w:hanging": "284"}
CALLOUT_SPACE = "60"
CALLOUT_DISTANCE = "200"
"""Between the paragraphs of a callout, and around it, in twentieths of a point."""
AFTER_TABLE = "160"


def body(block: Paragraph, *, after_table: bool = False, before_facts: bool = False) -> Element:
    """Return a paragraph; below a table it stands further off, and a page does not end between it and facts."""
    space = element("w:spacing", {"w:before": AFTER_TABLE}) if after_table and block.style != "note" else None
    keep = element("w:keepNext") if before_facts else None
    return paragraph(STYLES[block.style], runs(block.runs, block.language), keep, space)


def runs(pieces: Iterable[Run], language: str | None) -> list[Element]:
    """Return the runs of a text in one language, or in the document's (None)."""
    return [
        run(piece.text, style="Strong" if piece.strong else None, language=piece.language or language)
        for piece in pieces
    ]


def listed(block: Bullets, draft: Draft) -> Iterator[Element]:
    """Yield the paragraphs of a list; a numbered one begins at 1."""
    style, own = "ListBullet", None
    if block.numbered:
        style, own = "ListNumber", _numbers_from_one(draft)
    for item in block.items:
        yield paragraph(style, runs(item, block.language), own and _in_list(own))


def facts(block: Facts, *, before_table: bool = False) -> Iterator[Element]:
    """Yield a line for each fact: its name, and what it is at a tab stop.

    A page does not end between them, if they are few, nor between them and a table that they introduce.
    """
    together, last = len(block.facts) <= FACTS_KEPT_TOGETHER, len(block.facts) - 1
    for at, fact in enumerate(block.facts):
        value = run(fact.value, style="Machine" if fact.machine else None, language=fact.language)
        keep = before_table if at == last else together
        content = [run(fact.name, style="FactName"), tab(), value]
        yield paragraph("Fact", content, element("w:keepNext") if keep else None)


def callout(block: Callout, draft: Draft) -> Iterator[Element]:
    """Yield the paragraphs of a callout, its heading first, on one ground."""
    style = CALLOUTS[block.tone]
    title = paragraph(style, [run(block.title, style="Strong")], element("w:keepNext"))
    parts = [title, *(one for part in block.blocks for one in _in_callout(part, style, draft))]
    for at, part in enumerate(parts):
        before = CALLOUT_DISTANCE if at == 0 else "0"
        after = CALLOUT_DISTANCE if at == len(parts) - 1 else CALLOUT_SPACE
        _spaced(part, before, after)
        yield part


def heading(section: Section, level: int, bookmark: str, draft: Draft, *, new_page: bool) -> Element:
    """Return the heading of a section, marked for the contents; one that is not listed there looks the same."""
    shown_level = min(level, DEEPEST_HEADING)
    style = f"Heading{shown_level}" if section.listed else f"UnlistedHeading{shown_level}"
    number = str(draft.next("bookmark"))
    return paragraph(
        style,
        [
            element("w:bookmarkStart", {"w:id": number, "w:name": bookmark}),
            run(section.title, language=section.language),
            element("w:bookmarkEnd", {"w:id": number}),
        ],
        *(at_the_top() if new_page else ()),
        valued("w:outlineLvl", str(level - 1)) if level > DEEPEST_HEADING else None,
    )


def at_the_top() -> tuple[Element, Element]:
    """Return the properties of a paragraph that begins a page: nothing stands above it."""
    return element("w:pageBreakBefore"), element("w:spacing", {"w:before": "0"})


def caption(text: str, number: tuple[str, int] | None, bookmark: str, draft: Draft, *, stays: bool) -> Element:
    """Return a caption, `Taulukko 1. Luvut`, whose number Word counts anew when others come before it.

    Args:
        text: what it shows.
        number: what is numbered, each word for itself, and its number; or None.
        bookmark: of word and number, for who refers to them.
        draft: where bookmarks are counted.
        stays: whether it stays with what follows: what it is about, or the figures of what it is about.
    """
    content = [*_number(*number, bookmark, draft), run(f". {text}")] if number else [run(text)]
    return paragraph("Caption", content, element("w:keepNext") if stays else None)


def reference(text: str, number: tuple[str, int] | None, bookmark: str) -> Element:
    """Return a paragraph that leads to a table: its number, which Word keeps up to date, and its caption."""
    if number is None:
        return paragraph("SeeTable", [run(text)])
    numbered = field(f"REF {bookmark} \\h", "{}\u00a0{}".format(*number), style="Hyperlink")
    link = element("w:hyperlink", {"w:anchor": bookmark}, *numbered, run(f". {text}", style="Hyperlink"))
    return paragraph("SeeTable", [link])


def _number(word: str, number: int, bookmark: str, draft: Draft) -> Iterator[Element]:
    sequence = re.sub(r"\W", "_", word)
    mark = str(draft.next("bookmark"))
    yield element("w:bookmarkStart", {"w:id": mark, "w:name": bookmark})
    yield run(f"{word}\u00a0")
    yield from field(f"SEQ {sequence} \\* ARABIC", str(number))
    yield element("w:bookmarkEnd", {"w:id": mark})


def _in_callout(block: Paragraph | Bullets, style: str, draft: Draft) -> Iterator[Element]:
    if isinstance(block, Paragraph):
        yield paragraph(style, runs(block.runs, block.language))
        return
    own = _numbers_from_one(draft) if block.numbered else BULLET_LIST
    for item in block.items:
        yield paragraph(style, runs(item, block.language), _in_list(own), element("w:ind", CALLOUT_INDENT))


def _spaced(part: Element, before: str, after: str) -> None:
    """Set the space around a paragraph, where the schema wants it: before an indent."""
    properties = part.get_or_add_pPr()
    spacing = properties.get_or_add_spacing()
    spacing.set(qn("w:before"), before)
    spacing.set(qn("w:after"), after)


def _in_list(number: str) -> Element:
    return element("w:numPr", None, valued("w:ilvl", "0"), valued("w:numId", number))


def _numbers_from_one(draft: Draft) -> str:
    """Return the id of a new list like the template's numbered one: Word goes on counting within the same list."""
    numbering = draft.document.part.numbering_part.element
    new = numbering.add_num(int(NUMBERED))
    new.add_lvlOverride(ilvl=0).add_startOverride(1)
    return str(new.numId)
