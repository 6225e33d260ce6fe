"""What a report rests on: where in the log, with which root, and how it was published."""

from __future__ import annotations

from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen

from events.codec import parse_recorded
from heinola_es.domain.periods import format_instant
from heinola_es.sealing.seals import Seal
from heinola_es.store.leaves import leaf_hashes, roots_at
from heinola_es.version import program_version
from projections.published.publications import Published, document_digest, revisions_of
from projections.publishing import seal_of
from projections.snapshot.canonical import canonical_json
from projections.snapshot.encoding import as_json

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.report.content.query import ReportQuery
    from projections.report.theme.theme import Theme
    from projections.snapshot.model import Snapshot
    from projections.snapshot.taking import View

FORMAT = 1
"""The version of the document's form: raised where the same facts give another document."""


@frozen(slots=True, kw_only=True)
class Origin:
    """What a report rests on.

    Attributes:
        position: of the last event taken into account.
        root: hex RFC 6962 root of the log's tree at that position.
        digest: hex SHA-256 of the canonical snapshot; of a publication, of what is sealed.
        recorded: when that event was recorded; None where there is none.
        published, seal: the publication that the report was asked for as, and what its seal says; else None.
        last_published: the last publication of this report known at the position, where it was not asked for as one.
        version: of the program; empty where it is not installed.
    """

    position: int
    root: str
    digest: str
    recorded: datetime | None
    published: Published | None
    seal: Seal | None
    last_published: Published | None
    version: str


def origin_of(view: View, query: ReportQuery, snapshot: Snapshot, published: Published | None) -> Origin:
    """Return what a report rests on.

    Raises:
        LogDiffers: it was published, and the log under it is no longer the one that was.
    """
    reader = view.reader
    earlier = [one for one in revisions_of(reader, query.period, query.unit) if one.at <= view.upto]
    return Origin(
        position=view.upto,
        root=_root(reader, view.upto).hex() if published is None else published.root_sha256,
        digest=document_digest(snapshot) if published is None else published.snapshot_sha256,
        recorded=parse_recorded(reader.recorded_at(view.upto)) if view.upto else None,
        published=published,
        seal=None if published is None else seal_of(reader, published),
        last_published=earlier[-1] if earlier and published is None else None,
        version=program_version(),
    )


def identity_of(query: ReportQuery, theme: Theme, snapshot: Snapshot, origin: Origin) -> str:
    """Return the hex SHA-256 of all that decides what a document says."""
    limits, known_at = theme.thresholds, query.known_at
    logo = None if theme.logo is None else [sha256(theme.logo[0]).hexdigest(), theme.logo[1]]
    told = {
        "format": FORMAT,
        "version": origin.version,
        "language": query.language,
        "euros": query.euros,
        "theme": [theme.accent, theme.accent_on_dark, logo, theme.logo_alternative],
        "thresholds": [str(limits.points), str(limits.euros), limits.largest, str(limits.project_points)],
        "root": origin.root,
        "known_at": None if known_at is None or known_at == origin.recorded else format_instant(known_at),
        "published": None if origin.published is None else [origin.published.revision, origin.published.at],
        "snapshot": as_json(snapshot),
    }
    return sha256(canonical_json(told)).hexdigest()


def written_at(origin: Origin, query: ReportQuery) -> datetime:
    """Return the instant that stands for when a report was made; of an empty log, the first after its period."""
    end = query.period.end
    return origin.recorded or datetime(end.year, end.month, end.day, tzinfo=UTC)


def _root(reader: LogReader, position: int) -> bytes:
    """Return the root of the log's tree at a position: that of its head is kept, an earlier one is worked out."""
    head = reader.head()
    return head.root if head.size == position else roots_at(leaf_hashes(reader, position), (position,))[position]
