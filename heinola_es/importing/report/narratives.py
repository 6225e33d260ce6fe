"""What becomes of prose when its section ends: an outlook, or narratives, one for each strategy programme."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from heinola_es.importing.report.document import Narrative, Outlook, SectionKind
from heinola_es.importing.report.passages import Paragraph, Passage, lines_of, text_of
from heinola_es.importing.report.priorities import read_priorities
from heinola_es.importing.report.wording import folded, sentence_starts

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.importing.report.draft import Draft

_PROGRAMME = re.compile(r"((?:talouden\s+)?[^\W\d_](?:[^\W\d_]|-)*ohjelma)[^\W\d_]*", re.IGNORECASE)
_BOLD_PROGRAMME = re.compile(rf"\*\*\s*{_PROGRAMME.pattern}\s*\*\*", re.IGNORECASE)
_BY_PROGRAMME = ("programme_progress", "strategic_goal")


@frozen(slots=True)
class _Part:
    """Text of a passage under one title and about one programme."""

    title: str
    kind: SectionKind
    programme: str | None
    paragraph: Paragraph


def close_passage(draft: Draft) -> None:
    """Turn the open passage, if there is one, into the items it holds."""
    passage, draft.passage = draft.passage, None
    if passage is None:
        return
    if passage.joined:
        lines = ", ".join(str(number) for number in passage.joined)
        draft.infer(passage.joined[0], f"Text torn by page breaks was put together again (line {lines}).", passage.unit)
    if not passage.paragraphs:
        _close_empty(draft, passage)
    elif passage.form == "outlook":
        _close_outlook(draft, passage)
    elif passage.form == "priorities":
        _add_narratives(draft, passage, _plain_parts(passage, read_priorities(draft, passage)))
    else:
        _add_narratives(draft, passage, _parts(draft, passage))


def _close_empty(draft: Draft, passage: Passage) -> None:
    if not passage.known:
        message = f"This looks like a heading, but nothing stands under it: {passage.title}"
        draft.leave_unparsed(passage.heading, message)


def _close_outlook(draft: Draft, passage: Passage) -> None:
    lines = {passage.heading.number, *lines_of(passage.paragraphs)}
    draft.outlooks.append(
        Outlook(unit=passage.unit, text=text_of(passage.paragraphs), period=passage.period, lines=tuple(sorted(lines)))
    )


def _plain_parts(passage: Passage, paragraphs: Iterable[Paragraph]) -> list[_Part]:
    return [_Part(passage.title, passage.kind, None, paragraph) for paragraph in paragraphs]


def _parts(draft: Draft, passage: Passage) -> list[_Part]:
    """Return the paragraphs split by programme; what names no programme goes on with the one before."""
    if passage.kind not in _BY_PROGRAMME:
        return _plain_parts(passage, passage.paragraphs)
    parts: list[_Part] = []
    topic = programme = None
    for paragraph in passage.paragraphs:
        topic = _topic(draft, passage, paragraph) or topic
        if topic:
            parts.append(_Part(topic, "other", None, paragraph))
            continue
        for name, text in split_by_programme(paragraph.text):
            programme = name or programme
            parts.append(_Part(passage.title, passage.kind, programme, Paragraph(text, paragraph.lines)))
    return parts


def _topic(draft: Draft, passage: Passage, paragraph: Paragraph) -> str | None:
    """Return the heading in capitals, from elsewhere in the report, whose words the paragraph opens with."""
    start = folded(paragraph.text)
    topic = draft.outline.topic_of(start)
    if topic:
        message = (
            f"This paragraph opens with the words of the heading {topic!r} and was read as a section of that name."
        )
        draft.infer(paragraph.lines[0], message, passage.unit)
    return topic


def split_by_programme(text: str) -> list[tuple[str | None, str]]:
    """Return the text in parts, each with the strategy programme it is about, None where the text begins without one.

    A programme opens a part where its name begins the text, or stands in bold: then from the start of that sentence.
    """
    openings: list[tuple[int, str]] = []
    if found := _PROGRAMME.match(text):
        openings.append((0, found[1]))
    bold = list(_BOLD_PROGRAMME.finditer(text))
    for found, start in zip(bold, sentence_starts(text, [found.start() for found in bold]), strict=True):
        if not openings or start > openings[-1][0]:
            openings.append((start, found[1]))
    names: list[str | None] = [" ".join(name.lower().split()) for _, name in openings]
    starts = [start for start, _ in openings]
    if not starts or starts[0] > 0:
        names, starts = [None, *names], [0, *starts]
    ends = [*starts[1:], len(text)]
    return [(name, text[start:end].strip()) for name, start, end in zip(names, starts, ends, strict=True)]


def _add_narratives(draft: Draft, passage: Passage, parts: list[_Part]) -> None:
    heading = {passage.heading.number} if passage.form == "narrative" else set()
    for (title, kind, programme), group in groupby(parts, key=lambda part: (part.title, part.kind, part.programme)):
        paragraphs = [part.paragraph for part in group]
        add_narrative(
            draft,
            Narrative(
                unit=passage.unit,
                section=title,
                programme=programme,
                part=1,
                period=passage.period,
                kind=kind,
                text=text_of(paragraphs),
                lines=tuple(sorted({*heading, *lines_of(paragraphs)})),
            ),
        )
        heading = set()


def add_narrative(draft: Draft, narrative: Narrative) -> None:
    """Add a narrative; a further one of the same unit, section, programme and period is its next part."""
    key = ("narrative", narrative.unit, narrative.section, narrative.programme, narrative.period)
    draft.narratives.append(evolve(narrative, part=draft.next_number(*key)))
