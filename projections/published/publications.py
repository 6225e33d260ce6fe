"""What was published: every revision of every report, and the report as it was then."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
from attrs import frozen

from events.codec import upcast
from events.period import Period
from events.streams import publication_stream
from heinola_es.domain.aggregates.publication import WHOLE_CITY, scope_of
from heinola_es.errors import Refused
from heinola_es.store.bodies import body_of
from heinola_es.store.kept import NotAsKept, references_in
from heinola_es.store.leaves import roots_at
from heinola_es.store.merkle import leaf_hash
from projections.published.kept_reports import ERASED, shown
from projections.snapshot.columns import besides_default
from projections.snapshot.encoding import decoded, encoded
from projections.snapshot.first_format import encoded_first
from projections.snapshot.model import RULE
from projections.snapshot.taking import SnapshotQuery, take_snapshot

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader, Row
    from projections.snapshot.model import Snapshot

TOPIC = "ReportPublished"


class NotPublished(Refused):
    """The report was not published, or not in that revision."""


class PublishedDiffers(Refused):
    """A published report is not there as it was published."""

    @classmethod
    def kept_otherwise(cls, published: Published, flaw: NotAsKept) -> PublishedDiffers:
        """Return the error for a report that is not kept as it was published."""
        return cls(
            f"the report {published.label} (#{published.at}) is not kept as it was published: {flaw}; see `heinola "
            "audit verify`, and restore a copy"
        )


@frozen(slots=True, kw_only=True)
class Published:
    """One publication.

    Attributes:
        at: position of the publication itself; a seal covers the log up to it.
        period, scope: what the report covers; the scope is a unit's code or `*`.
        revision: 1, 2, 3 …
        snapshot_sha256: hex digest of what is sealed: the bytes that are kept; of version 1, the canonical snapshot.
        position: of the last event that the report rests on.
        root_sha256: hex root of the log's tree at that position.
        recorded, recorded_by: when it was published, as stored text, and by whom.
        format: which format the bytes are in that are kept of it; empty where version 1 kept none.
        rule: number of the value rule that its figures follow; 0 where version 1 did not say.
        program: version of the program that published it, as far as it said.
        columns, years: of its figures, as they were asked for; see `ReportPublished`.
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
    format: str = ""
    rule: int = 0
    program: str = ""
    columns: tuple[str, ...] = ()
    years: int = 1

    @property
    def is_kept(self) -> bool:
        """Whether its bytes are kept, and need not be taken again from the log."""
        return bool(self.format)

    @property
    def unit(self) -> str | None:
        """The unit whose report it is, or None for the whole city's."""
        return None if self.scope == WHOLE_CITY else self.scope

    @property
    def label(self) -> str:
        """What is published, in words: `1.4.–30.6.2020`, with its unit and its revision where they tell it apart."""
        return report_label(self.period, self.scope, self.revision)

    def query(self) -> SnapshotQuery:
        """Return the query that gives the report again from the log, as this program takes it."""
        columns = besides_default(self.columns)
        return SnapshotQuery(
            period=self.period, unit=self.unit, position=self.position, columns=columns, years=self.years
        )


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
        format=body.get("snapshot_format", ""),
        rule=body.get("rule", 0),
        program=body.get("program", ""),
        columns=tuple(body.get("columns", ())),
        years=body.get("years", 1),
    )


def all_published(reader: LogReader) -> list[Published]:
    """Return every publication, in the order of the log."""
    return [_in_row(row) for row in reader.rows_about(TOPIC)]


def published_at(reader: LogReader, position: int) -> Published:
    """Return the publication at a position of the log.

    Raises:
        NotPublished: none stands there.
    """
    row = reader.row_at(position)
    if row is None or row[3] != TOPIC:
        raise NotPublished(f"event {position} publishes no report")
    return _in_row(row)


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


def published_snapshot(reader: LogReader, published: Published, erased: str = ERASED) -> Snapshot:
    """Return a published report as it was published, whatever was recorded since, and whatever program published it.

    Names that were erased stand as `erased`. Of version 1 there are no bytes: it is worked out from the log again, and
    where that is not word for word what was published, though the log is, the reader is told.

    Raises:
        PublishedDiffers: what is kept is not what was published; of version 1, the log under it was changed.
    """
    if published.is_kept:
        return decoded(published_document(reader, published, erased))
    snapshot = take_snapshot(reader, published.query())
    if snapshot_digest(snapshot) != published.snapshot_sha256:
        if not rests_on_same_log(reader, published):
            raise PublishedDiffers(
                f"the report {published.label} (#{published.at}) cannot be shown: its bytes were not kept when it was "
                "published, and the log under it was changed since; `heinola audit verify` says where"
            )
        reader.tell(
            f"the report {published.label} (#{published.at}) was published before its bytes were kept: this is what "
            f"value rule {RULE} makes of the log as it was then, and not word for word what was published"
        )
    return snapshot


def published_document(reader: LogReader, published: Published, erased: str = ERASED) -> bytes:
    """Return a published report as JSON, in the format that it was published in, with the names in their places.

    Raises:
        PublishedDiffers: as `published_snapshot`.
    """
    if not published.is_kept:
        return encoded_first(published_snapshot(reader, published))
    content = sealed_bytes(reader, published)
    return shown(content, _names_in(reader, published, content), erased)


def sealed_bytes(reader: LogReader, published: Published) -> bytes:
    """Return the bytes whose digest a publication and its seal hold.

    Raises:
        PublishedDiffers: as `published_snapshot`.
    """
    if not published.is_kept:
        return _recomputed(reader, published)
    kept = reader.kept_report(published.snapshot_sha256)
    try:
        _require_own_hash(reader, published.at)
        if kept is None:
            raise NotAsKept("its bytes are gone")  # noqa: TRY301 - told like any other flaw
        return kept.content()
    except NotAsKept as error:
        raise PublishedDiffers.kept_otherwise(published, error) from error


def rests_on_same_log(reader: LogReader, published: Published) -> bool:
    """Return whether the events under a publication are those that it was published on, by its root."""
    size = published.position
    leaves = (leaf_hash(*row[1:]) for row in reader.rows(0, size))
    return roots_at(leaves, [size]).get(size) == bytes.fromhex(published.root_sha256)


def _require_own_hash(reader: LogReader, position: int) -> None:
    """Refuse a publication that was changed since it was recorded; what it names may be another report's."""
    row = reader.row_at(position)
    if row is None or leaf_hash(*row[1:]) != reader.leaf_hash(position):
        raise NotAsKept("the publication itself was changed")


def _names_in(reader: LogReader, published: Published, content: bytes) -> dict[str, str]:
    """Return the names that a report's bytes refer to, as far as they are there, by their references."""
    try:
        return {digest: name.text() for digest, name in reader.kept_names(references_in(content)).items()}
    except NotAsKept as error:
        raise PublishedDiffers.kept_otherwise(published, error) from error


def _recomputed(reader: LogReader, published: Published) -> bytes:
    """Return what version 1 sealed, where the log still gives it.

    Raises:
        PublishedDiffers: it does not.
    """
    content = encoded_first(take_snapshot(reader, published.query()))
    if sha256(content).hexdigest() != published.snapshot_sha256:
        raise PublishedDiffers(
            f"the report {published.label} (#{published.at}) does not come out of the log as it was published, and its "
            "bytes were not kept then; whether the log was changed, `heinola audit verify` tells"
        )
    return content


def document_digest(snapshot: Snapshot) -> str:
    """Return the hex SHA-256 of a snapshot as it is written today, of what `snapshot --format json` writes."""
    return sha256(encoded(snapshot)).hexdigest()


def snapshot_digest(snapshot: Snapshot) -> str:
    """Return the hex SHA-256 of the snapshot in the first format, which is what version 1 of a publication holds."""
    return sha256(encoded_first(snapshot)).hexdigest()
