"""Prose that runs over several lines: collected paragraph by paragraph, what page breaks tore put together."""

from __future__ import annotations

import re
from typing import Literal

from attrs import define, field

from events.period import Period
from heinola_es.importing.report.document import SectionKind
from heinola_es.importing.report.lines import Line
from heinola_es.importing.report.wording import goes_on, is_bullet, join_torn, joined

NUMBERED = re.compile(r"\**(\d{1,2})\.\**\s*(?=[A-ZÅÄÖ])")


@define(slots=True)
class Paragraph:
    """A paragraph and the lines it was put together from."""

    text: str
    lines: list[int]


@define(slots=True)
class Passage:
    """Prose under one heading.

    Attributes:
        form: what becomes of it.
        unit: code of the unit it belongs to.
        title: its heading without colon and period.
        period: the period it is about.
        heading: the line of the heading.
        kind: what sort of section it is.
        known: whether its heading is one of the form's own.
        paragraphs: what was read so far.
        joined: the lines that were put to the end of a paragraph above.
    """

    form: Literal["outlook", "priorities", "narrative"]
    unit: str
    title: str
    period: Period
    heading: Line
    kind: SectionKind = "other"
    known: bool = True
    paragraphs: list[Paragraph] = field(factory=list)
    joined: list[int] = field(factory=list)

    def add(self, number: int, text: str, *, after_blank: bool) -> None:
        """Take in a line of prose: the end of the paragraph above, a further line of it, or a paragraph of its own."""
        last = self.paragraphs[-1] if self.paragraphs else None
        starts_item = self.form == "priorities" and NUMBERED.match(text)
        if last is None or starts_item:
            self.paragraphs.append(Paragraph(text, [number]))
        elif goes_on(last.text, text):
            last.text = join_torn(last.text, text)
            last.lines.append(number)
            self.joined.append(number)
        elif after_blank and not (is_bullet(text) and is_bullet(last.text)):
            self.paragraphs.append(Paragraph(text, [number]))
        else:
            last.text = joined(last.text, "\n", text)
            last.lines.append(number)


def text_of(paragraphs: list[Paragraph]) -> str:
    """Return the paragraphs with a blank line between them."""
    return "\n\n".join(paragraph.text for paragraph in paragraphs)


def lines_of(paragraphs: list[Paragraph]) -> tuple[int, ...]:
    """Return the lines of the paragraphs."""
    return tuple(number for paragraph in paragraphs for number in paragraph.lines)
