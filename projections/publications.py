"""What was published: every revision of every report, and the report as it was then."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
from attrs import frozen

from events.codec import upcast
from events.period import Period
from events.streams import publication_stream
from heinola_es.aggregates.publication import WHOLE_CITY, scope_of
from heinola_es.errors import Refused
from heinola_es.store.bodies import body_of
from projections.snapshot.first_format import encoded_first
from projections.snapshot.taking import SnapshotQuery, take_snapshot

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader, Row
    from projections.snapshot.model import Snapshot

TOPIC = "ReportPublished"


class NotPublished(Refused):
    """The report was not published, or not in that revision."""


class PublishedDiffers(Refused):
    """A published report does not come out of the log as it was published."""


@frozen(slots=True, kw_only=True)
class Published:
    """One publication.

    Attributes:
        at: position of the publication itself; a seal covers the log up to it.
        period, scope: what the report covers; the scope is a unit's code or `*`.
        revision: 1, 2, 3 …
        snapshot_sha256: hex digest of the canonical snapshot.
        position: of the last event that the report rests on.
        root_sha256: hex root of the log's tree at that position.
        recorded, recorded_by: when it was published, as stored text, and by whom.
    """

    at: int
    period: Period
    scope: str
    revision: int
    snapshot_sha256: str
    position: int
    root_sha256: str
    recorded: str
    recorded_by: str

    @property
    def unit(self) -> str | None:
        """The unit whose report it is, or None for the whole city's."""
        return None if self.scope == WHOLE_CITY else self.scope

    @property
    def label(self) -> str:
        """What is published, in words: `1.4.–30.6.2020`, with its unit and its revision where they tell it apart."""
        return report_label(self.period, self.scope, self.revision)

    def query(self) -> SnapshotQuery:
        """Return the query that gives the report again, as it was published."""
        return SnapshotQuery(period=self.period, unit=self.unit, position=self.position)


def report_label(period: Period, scope: str, revision: int) -> str:
    """Return a published report in words: `1.4.–30.6.2020`, with its unit and its revision where they tell it apart."""
    unit = "" if scope == WHOLE_CITY else f" of {scope}"
    return f"{period.label}{unit}" + (f" (revision {revision})" if revision > 1 else "")


def published_from(at: int, state: bytes) -> Published:
    """Return the publication that a stored ReportPublished tells of."""
    return _published(at, upcast(TOPIC, orjson.loads(state)))


def _in_row(row: Row) -> Published:
    return _published(row[0], body_of(row))


def _published(at: int, body: dict[str, Any]) -> Published:
    return Published(
        at=at,
        period=Period.from_iso(body["effective"]),
        scope=body["scope"],
        revision=body["revision"],
        snapshot_sha256=body["snapshot_sha256"],
        position=body["position"],
        root_sha256=body["root_sha256"],
        recorded=body["recorded"],
        recorded_by=body["recorded_by"],
    )


def all_published(reader: LogReader) -> list[Published]:
    """Return every publication, in the order of the log."""
    return [_in_row(row) for row in reader.rows_about(TOPIC)]


def revisions_of(reader: LogReader, period: Period, unit: str | None) -> list[Published]:
    """Return the publications of one report, oldest first; `unit` None is the whole city."""
    rows = reader.rows_of(publication_stream(period, scope_of(unit)), reader.known_end)
    return [_in_row(row) for row in rows if row[3] == TOPIC]


def last_published(reader: LogReader, period: Period, unit: str | None, revision: int | None = None) -> Published:
    """Return the last publication of a report, or the one with this number.

    Raises:
        NotPublished: there is none.
    """
    published = revisions_of(reader, period, unit)
    wanted = [one for one in published if revision in {None, one.revision}]
    if wanted:
        return wanted[-1]
    if published:
        raise NotPublished(
            f"the report {period.label} has no revision {revision}; the last one published is {published[-1].revision}"
        )
    of_unit = "" if unit is None else f" of {unit}"
    option = "" if unit is None else f" --unit {unit}"
    raise NotPublished(
        f"the report {period.label}{of_unit} was never published; publish it with `heinola publish {period}{option}`"
    )


def published_snapshot(reader: LogReader, published: Published) -> Snapshot:
    """Return a published report as it was published, whatever was recorded since.

    Raises:
        PublishedDiffers: what the log gives now is not what was published.
    """
    snapshot = take_snapshot(reader, published.query())
    require_as_published(snapshot, published)
    return snapshot


def require_as_published(snapshot: Snapshot, published: Published) -> None:
    """Refuse a snapshot that is not the one that was published.

    Raises:
        PublishedDiffers.
    """
    if snapshot_digest(snapshot) != published.snapshot_sha256:
        raise PublishedDiffers(
            f"the report {published.label} does not come out as it was published (#{published.at}); "
            "find out what was changed with `heinola audit verify`"
        )


def snapshot_digest(snapshot: Snapshot) -> str:
    """Return the hex SHA-256 of the snapshot in the first format, which is what a publication and its seal hold."""
    return sha256(encoded_first(snapshot)).hexdigest()
