"""Whether a report's file prints the words that it carries: somebody may have edited a text in it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.documents.printed import packed
from projections.published.kept_reports import ERASED
from projections.report.content.document import Bullets
from projections.report.content.prose import blocks_of, one_line
from projections.snapshot.model import Narrative, ProjectReport
from projections.snapshot.translating import parts_of, told_in, words_in_part
from projections.writers.page.glyphs import drawable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.documents.printed import PrintedReport
    from projections.snapshot.model import Snapshot, UnitReport

_LONGEST = 60
_MARKS = str.maketrans("", "", "*_")
_WORDED = {Narrative: ("section", "programme"), ProjectReport: ("phase",)}
"""What a report may word in its own language."""


def changed_words(report: PrintedReport, snapshot: Snapshot, language: str) -> Iterator[str]:
    """Yield a sentence for each text of a snapshot that its report does not print so, in the report's language."""
    there = _plain(report.text)
    told = told_in(snapshot, language)
    reports: list[tuple[str, UnitReport | ProjectReport]] = [(unit.code, unit) for unit in told.units]
    reports += [(project.name, project) for project in told.projects]
    for name, of in reports:
        for text in _texts(of):
            for piece in _pieces(text):
                if _plain(piece) not in there and _plain(str(drawable(piece))) not in there:
                    shown = one_line(piece)
                    yield f"{one_line(name)}: the file does not print the text {shown[:_LONGEST]!r} as it carries it"


def _texts(of: UnitReport | ProjectReport) -> Iterator[str]:
    for part in parts_of(of):
        yield from (text for text in words_in_part(part, _WORDED.get(type(part), ())) if text != ERASED)


def _pieces(text: str) -> Iterator[str]:
    """Yield the paragraphs and the items of lists of a recorded text."""
    for block in blocks_of(text, None):
        for runs in block.items if isinstance(block, Bullets) else (block.runs,):
            yield "".join(run.text for run in runs)


def _plain(text: str) -> str:
    return packed(text).translate(_MARKS).casefold()
