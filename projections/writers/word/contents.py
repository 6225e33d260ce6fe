"""The contents: a field that Word can work out anew, filled with what it will find."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.writers.word.elements import element, field, field_mark, paragraph, run, tab, valued
from projections.writers.word.paragraphs import DEEPEST_HEADING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.report.content.document import Section
    from projections.writers.word.draft import Draft
    from projections.writers.word.elements import Element

Entry = tuple[int, "Section", str]
"""A heading's level, its section, and its bookmark."""


def bookmark(number: int) -> str:
    """Return the name of a heading's bookmark, as Word names them when it works out contents."""
    return f"_Toc{number:09d}"


def contents(entries: Sequence[Entry], draft: Draft) -> Element | None:
    """Return the contents of the sections that are listed, or None where none is.

    Each entry leads to its heading. The numbers of pages are known to Word alone: it fills them in when the document
    is printed or the contents are updated. It is not told to update on opening, for then it asks its user, in words
    that frighten, whether fields "may refer to other files".
    """
    listed = [(min(level, DEEPEST_HEADING), section, mark) for level, section, mark in entries if section.listed]
    if not listed:
        return None
    deepest = max(level for level, _section, _mark in listed)
    lines = list(_lines(listed))
    first = lines[0]
    opening = [field_mark("begin"), _instruction(f'TOC \\o "1-{deepest}" \\h \\z'), field_mark("separate")]
    for number, mark in enumerate(opening):
        first.insert(1 + number, mark)
    return element(
        "w:sdt",
        None,
        element(
            "w:sdtPr",
            None,
            element(
                "w:docPartObj",
                None,
                valued("w:docPartGallery", "Table of Contents"),
                element("w:docPartUnique"),
            ),
        ),
        element(
            "w:sdtContent",
            None,
            paragraph("TOCHeading", [run(draft.interface.contents)]),
            *lines,
            paragraph("Normal", [field_mark("end")]),
        ),
    )


def _lines(listed: Sequence[Entry]) -> Iterator[Element]:
    for level, section, mark in listed:
        link = element(
            "w:hyperlink",
            {"w:anchor": mark, "w:history": "1"},
            run(section.title, language=section.language),
            tab(),
            *field(f"PAGEREF {mark} \\h", ""),
        )
        yield paragraph(f"TOC{level}", [link])


def _instruction(text: str) -> Element:
    made = element("w:instrText", {"xml:space": "preserve"})
    made.text = f" {text} "
    return element("w:r", None, made)
