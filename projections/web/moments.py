"""Moments of the log as people name them: a day, a time, a position, what was published, now."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heinola_es.domain.periods import parse_instant
from projections.published.publications import Published, last_published, revisions_of
from projections.report.content.query import ReportQuery

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.web.asked import Asked

_PUBLISHED = re.compile(r"published(?::([1-9][0-9]{0,8}))?")
_POSITION = re.compile(r"#?([0-9]{1,15})")


def moment(reader: LogReader, text: str, asked: Asked) -> int | Published:
    """Return the position of the log that a text stands for, or the publication; the end where nothing stands.

    Raises:
        BadInput: it names no moment.
        NotPublished: the report was not published, or not in that revision.
    """
    text = text.strip()
    if text in {"", "now"}:
        return reader.size()
    if found := _PUBLISHED.fullmatch(text):
        return publication(reader, asked, int(found[1] or 0))
    if found := _POSITION.fullmatch(text):
        return min(int(found[1]), reader.size())
    return reader.position_at(parse_instant(text))


def publication(reader: LogReader, asked: Asked, revision: int) -> Published:
    """Return the last publication of the unit's report, or else of the whole city's; or the one of a revision.

    Raises:
        NotPublished: there is none.
    """
    for unit in dict.fromkeys((asked.unit, None)):
        if revisions_of(reader, asked.period, unit):
            return last_published(reader, asked.period, unit, revision or None)
    return last_published(reader, asked.period, asked.unit, revision or None)


def report_query(asked: Asked, of: Published | None) -> ReportQuery:
    """Return what a report is asked for: as it stands or was known, or as it was published."""
    return ReportQuery(
        period=asked.period,
        unit=of.unit if of else asked.unit,
        known_at=asked.known_at,
        structure=asked.structure,
        published=of.revision if of else None,
        language=asked.language,
        columns=asked.columns,
    )
