"""Publishing: the snapshot is taken, recorded as published while the log still ends there, and can then be sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from attrs import evolve, frozen

from events.codec import encode_body
from heinola_es.aggregates.publication import scope_of
from heinola_es.errors import Refused
from heinola_es.handlers.publications import LogMovedOn, Report, publish_report
from heinola_es.sealing.seals import Seal, origin_of
from heinola_es.session import run
from heinola_es.store.leaves import leaf_hashes, roots_at
from projections.audit.diff import Difference, difference
from projections.moment import answered, spare_models
from projections.publications import Published, published_from, revisions_of, snapshot_digest
from projections.snapshot.taking import SnapshotQuery, take_snapshot

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.session import Session
    from heinola_es.store.log import Clock, EventLog, Request
    from heinola_es.store.reading import LogReader
    from projections.snapshot.model import Snapshot

_TRIES = 5


class LogDiffers(Refused):
    """The log no longer has the root that a publication recorded, so it is not sealed."""


@frozen(slots=True)
class Publishing:
    """What publishing a report did.

    Attributes:
        published: the new publication.
        before: the publication that it revises, or None for the first.
        changes: what changed in the report since; None for the first.
        before_differs: whether the earlier report no longer comes out as it was published.
    """

    published: Published
    before: Published | None
    changes: Difference | None
    before_differs: bool


def publish(
    log: EventLog, reader: LogReader, now: Clock, request: Request, period: Period, unit: str | None
) -> Publishing:
    """Publish the report of a period, of one unit or the whole city, as the log stands.

    The snapshot is made from the log itself, without holding up other writers, and again where something was recorded
    meanwhile.

    Raises:
        PublishedBefore: it was, and nothing in it has changed.
        LogMovedOn: others recorded faster than the snapshot could be taken.
        BadInput: the period crosses years, or there is no such unit.
    """
    log.upgrade(now, request)  # by itself, so that the report rests on all that stands before its publication
    with spare_models(reader):
        for last_try in range(_TRIES):
            try:
                return _publish_once(log, reader, now, request, SnapshotQuery(period=period, unit=unit))
            except LogMovedOn:
                if last_try == _TRIES - 1:
                    raise
    raise AssertionError("unreachable")  # pragma: no cover


def seal_of(reader: LogReader, published: Published) -> Seal:
    """Return the seal of a publication: it covers the log up to the publication itself.

    Raises:
        LogDiffers: the log under the report no longer has the root that was recorded with it.
    """
    roots = roots_at(leaf_hashes(reader, published.at), (published.position, published.at))
    if published.at not in roots or roots[published.position].hex() != published.root_sha256:
        raise LogDiffers(
            f"the log under the report {published.label} is not the one that was published; "
            "find out what was changed with `heinola audit verify`"
        )
    return Seal(
        origin=origin_of(reader.setting("city")),
        size=published.at,
        root=roots[published.at],
        period=published.period,
        scope=published.scope,
        revision=published.revision,
        position=published.position,
        snapshot_sha256=published.snapshot_sha256,
    )


def _publish_once(log: EventLog, reader: LogReader, now: Clock, request: Request, query: SnapshotQuery) -> Publishing:
    snapshot, before, then = answered(reader, lambda: _to_publish(reader, query), from_log=True)
    report = Report(
        period=query.period,
        scope=scope_of(query.unit),
        snapshot_sha256=snapshot_digest(snapshot),
        position=snapshot.position,
        unchanged=then is not None and evolve(then, position=snapshot.position) == snapshot,
    )

    def work(session: Session) -> None:
        publish_report(session, report)

    receipt = run(log, now, request, work)
    # From the receipt: a reader whose store was copied meanwhile would not see it.
    published = published_from(receipt.first, orjson.dumps(encode_body(receipt.events[0])))
    if before is None or then is None:
        return Publishing(published, None, None, before_differs=False)
    changes = difference(reader, query, before.position, published.position)
    return Publishing(published, before, changes, snapshot_digest(then) != before.snapshot_sha256)


def _to_publish(reader: LogReader, query: SnapshotQuery) -> tuple[Snapshot, Published | None, Snapshot | None]:
    """Return the snapshot, the publication before it, and the snapshot of that."""
    earlier = revisions_of(reader, query.period, query.unit)
    before = earlier[-1] if earlier else None
    return take_snapshot(reader, query), before, take_snapshot(reader, before.query()) if before else None
