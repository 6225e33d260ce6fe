"""Publishing: the snapshot is taken, recorded as published while the log still ends there, and can then be sealed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson
from attrs import evolve, frozen

from events.codec import encode_body
from heinola_es.domain.aggregates.publication import Report, scope_of
from heinola_es.errors import Refused
from heinola_es.handlers.publications import LogMovedOn, publish_report
from heinola_es.handlers.session import run
from heinola_es.sealing.seals import Seal, origin_of
from heinola_es.store.leaves import leaf_hashes, roots_at
from heinola_es.store.log import Clock, EventLog, Request
from heinola_es.store.reading import LogReader
from heinola_es.version import program_version
from projections.audit.diff import Difference, difference
from projections.published.kept_reports import Salt, sealed
from projections.published.publications import (
    Published,
    PublishedDiffers,
    published_at,
    published_from,
    published_snapshot,
    rests_on_same_log,
    revisions_of,
)
from projections.read_models.moment import answered, spare_models
from projections.snapshot.columns import besides_default
from projections.snapshot.comparing import differing_figures
from projections.snapshot.encoding import SCHEMA, UnreadableSnapshot
from projections.snapshot.model import Snapshot
from projections.snapshot.round_parts import UNREPORTED
from projections.snapshot.taking import SnapshotQuery, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.period import Period
    from heinola_es.handlers.session import Session

_TRIES = 5
_NAMED_UNITS = 6


class LogDiffers(Refused):
    """The log no longer has the root that a publication recorded, so it is not sealed."""


@frozen(slots=True)
class Publishing:
    """What publishing a report did.

    Attributes:
        published: the new publication.
        before: the publication that it revises, or None for the first.
        changes: what changed in the report since; None for the first.
        before_differs: whether the earlier report is no longer there as it was published.
        repeated: it was a retry of one that had been recorded.
    """

    published: Published
    before: Published | None = None
    changes: Difference | None = None
    before_differs: bool = False
    repeated: bool = False


@frozen(slots=True)
class Publisher:
    """What it takes to publish.

    Attributes:
        log, reader: of the store.
        now: the clock.
        request: who asks.
        salt: gives random bytes, for the names of persons in the report.
        most_changes: of how many changes since the publication before the causes are found; None for all.
    """

    log: EventLog
    reader: LogReader
    now: Clock
    request: Request
    salt: Salt
    most_changes: int | None = None


class NotWhole(Refused):
    """Figures of the report are known in part alone."""


def publish(
    publisher: Publisher,
    period: Period,
    unit: str | None,
    *,
    columns: tuple[str, ...] = (),
    years: int = 1,
    incomplete: bool = False,
) -> Publishing:
    """Publish the report of a period, of one unit or the whole city, as the log stands; `incomplete` though parts lack.

    `columns` and `years` are those of its figures; see `ReportPublished`. The snapshot is made from the log itself,
    without holding up other writers, and again where something was recorded meanwhile. Its bytes are kept.

    Raises:
        NotWhole: figures of it are not, and that it is published so was not asked for.
        PublishedBefore: it was, and nothing in it has changed.
        LogMovedOn: others recorded faster than the snapshot could be taken.
        TooLongToKeep: the report is longer than any that is kept.
        BadInput: the period crosses years, or there is no such unit.
    """
    # By itself, so that the report rests on all that stands before its publication.
    publisher.log.upgrade(publisher.now, publisher.request)
    query = SnapshotQuery(period=period, unit=unit, columns=besides_default(columns), years=years)
    with spare_models(publisher.reader):
        for last_try in range(_TRIES):
            try:
                return _publish_once(publisher, query, columns, incomplete=incomplete)
            except LogMovedOn:
                if last_try == _TRIES - 1:
                    raise
                publisher.reader.renew()
    raise AssertionError("unreachable")  # pragma: no cover


def seal_of(reader: LogReader, published: Published) -> Seal:
    """Return the seal of a publication: it covers the log up to the publication itself.

    Raises:
        LogDiffers: the log under the report no longer has the root that was recorded with it.
        StoreTrouble: the store cannot be read any more.
    """
    reader.renew()
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


def _publish_once(
    publisher: Publisher, query: SnapshotQuery, columns: tuple[str, ...], *, incomplete: bool
) -> Publishing:
    reader = publisher.reader
    found = answered(reader, lambda: _to_publish(reader, query), from_log=True)
    if not incomplete:
        _require_whole(found.snapshot)
    kept, names = sealed(found.snapshot, publisher.salt)
    report = Report(
        period=query.period,
        scope=scope_of(query.unit),
        kept=kept,
        names=names,
        format=SCHEMA,
        rule=found.snapshot.rule,
        program=program_version(),
        position=found.snapshot.position,
        unchanged=found.is_unchanged(columns),
        columns=columns,
        years=query.years,
    )

    def work(session: Session) -> None:
        publish_report(session, report)

    receipt = run(publisher.log, publisher.now, publisher.request, work)
    if receipt.repeated:
        return Publishing(published_at(reader, receipt.first), repeated=True)
    # From the receipt: a reader whose store was copied meanwhile would not see it.
    published = published_from(receipt.first, orjson.dumps(encode_body(receipt.events[0])))
    if found.before is None:
        return Publishing(published)
    older = found.before if found.published is not None else found.before.position
    changes = difference(reader, query, older, published.position, most=publisher.most_changes)
    return Publishing(published, found.before, changes, found.before_differs)


def _require_whole(snapshot: Snapshot) -> None:
    """Refuse a report of which figures are known in part alone.

    Raises:
        NotWhole.
    """
    lacking = [finding for finding in snapshot.findings if finding.kind == "incomplete"]
    if not lacking:
        return
    units = {unit for finding in lacking for unit in _codes(finding.parameters.get("missing_units"))}
    waited_for = {finding.unit or "" for finding in lacking if finding.code in UNREPORTED}
    told = [f"{len(units)} of its units lack figures ({_some(units)})"] if units or not waited_for else []
    if waited_for:
        told.append(f"the parts of {_some(waited_for)} are not accepted")
    raise NotWhole(
        f"the report {snapshot.period.label} is not whole: {' and '.join(told)}; "
        f"`heinola snapshot {snapshot.period.start}..{snapshot.period.end}` says what is missing; record it, or add "
        f"--incomplete to publish the report as it is"
    )


def _some(units: Iterable[str]) -> str:
    named = sorted(units)
    return ", ".join(named[:_NAMED_UNITS]) + (" …" if len(named) > _NAMED_UNITS else "")


def _codes(told: object) -> list[str]:
    return [code for code in told if isinstance(code, str)] if isinstance(told, tuple) else []


@frozen(slots=True)
class _ToPublish:
    """What is to be published, beside what was.

    Attributes:
        snapshot: of now.
        before: the last publication of the report, or None.
        then: the report as of its position, as this program takes it, or None.
        published: the report as it was published, where its bytes are kept, or None.
        before_differs: whether it is no longer there as it was published.
    """

    snapshot: Snapshot
    before: Published | None = None
    then: Snapshot | None = None
    published: Snapshot | None = None
    before_differs: bool = False

    def is_unchanged(self, columns: tuple[str, ...]) -> bool:
        """Return whether nothing in the report has changed since it was published, nor how its figures come out.

        Other columns than those of then, or another order of them, are a change. What is said in other words than
        then, of the same facts, is none.
        """
        if self.before is not None and self.before.columns != columns:
            return False
        if self.then is None or evolve(self.then, position=self.snapshot.position) != self.snapshot:
            return False
        return self.published is None or not differing_figures(self.published, self.snapshot)


def _to_publish(reader: LogReader, query: SnapshotQuery) -> _ToPublish:
    earlier, snapshot = revisions_of(reader, query.period, query.unit), take_snapshot(reader, query)
    if not earlier:
        return _ToPublish(snapshot)
    before = earlier[-1]
    then = take_snapshot(reader, before.query())
    if not before.is_kept:
        return _ToPublish(snapshot, before, then, None, not rests_on_same_log(reader, before))
    try:
        return _ToPublish(snapshot, before, then, published_snapshot(reader, before))
    except (PublishedDiffers, UnreadableSnapshot) as error:
        return _ToPublish(snapshot, before, then, None, isinstance(error, PublishedDiffers))
