"""Operative priorities: numbered, with how they are measured ("Mittari…") and what came of them ("Toteuma:")."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heinola_es.importing.report.document import Priority
from heinola_es.importing.report.passages import NUMBERED, Paragraph, Passage, lines_of, text_of
from heinola_es.importing.report.wording import plain

if TYPE_CHECKING:
    from heinola_es.importing.report.draft import Draft

_METRIC = re.compile(r"(?:^|(?<=[.!?]\s)|(?<=\n))\**(?:[A-ZÅÄÖ]\w+ )?[Mm]ittar[ie]\w*[\s:]")
_OUTCOME = re.compile(r"\**\bToteuma\s*:\s*\**\s*")


def read_priorities(draft: Draft, passage: Passage) -> list[Paragraph]:
    """Add the priorities of the passage; return the paragraphs that stand before the first number."""
    preface: list[Paragraph] = []
    items: list[tuple[int, list[Paragraph]]] = []
    for paragraph in passage.paragraphs:
        number = _number(paragraph)
        if number is not None and (not items or number > items[-1][0]):
            items.append((number, [paragraph]))
        elif items:
            items[-1][1].append(paragraph)
        else:
            preface.append(paragraph)
    for place, (number, paragraphs) in enumerate(items, start=1):
        if number != place:
            message = f"This priority is printed as number {number} although it is number {place} in its list."
            draft.infer(paragraphs[0].lines[0], message, passage.unit)
        _add_priority(draft, passage, number, paragraphs)
    return preface


def _number(paragraph: Paragraph) -> int | None:
    found = NUMBERED.match(paragraph.text)
    return int(found[1]) if found else None


def _add_priority(draft: Draft, passage: Passage, number: int, paragraphs: list[Paragraph]) -> None:
    body, text = _split_outcome(NUMBERED.sub("", text_of(paragraphs), count=1))
    title, metric = _split_metric(body)
    draft.priorities.append(
        Priority(
            unit=passage.unit,
            number=number,
            title=title,
            metric=metric,
            text=text,
            period=passage.period,
            lines=lines_of(paragraphs),
        )
    )


def _split_outcome(text: str) -> tuple[str, str]:
    """Return what was to be done and what came of it: what follows "Toteuma:", else all after the first paragraph."""
    found = _OUTCOME.search(text)
    if found:
        return text[: found.start()], text[found.end() :].strip()
    body, _, rest = text.partition("\n\n")
    return body, rest.strip()


def _split_metric(body: str) -> tuple[str, str]:
    """Return the title and the words on how it is measured; a priority that is all metric keeps them as its title."""
    found = _METRIC.search(body)
    if not found or not body[: found.start()].strip():
        return _on_one_line(body), ""
    return _on_one_line(body[: found.start()]), _on_one_line(body[found.start() :])


def _on_one_line(text: str) -> str:
    return plain(" ".join(text.split()))
