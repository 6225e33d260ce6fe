"""Publications: a report is sealed as it stood at a position of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from heinola_es.session import Session


class LogMovedOn(Refused):
    """Something was recorded between taking the snapshot and publishing it."""


@frozen(slots=True, kw_only=True)
class Report:
    """A report about to be published.

    Attributes:
        period, scope: what it covers; see `scope_of`.
        snapshot_sha256: hex digest of its canonical snapshot.
        position: of the last event that the snapshot rests on.
        unchanged: whether its content equals that of the last publication.
    """

    period: Period
    scope: str
    snapshot_sha256: str
    position: int
    unchanged: bool


def publish_report(session: Session, report: Report) -> None:
    """Publish a report, if the log still ends where its snapshot was taken.

    Raises:
        LogMovedOn: it does not; take the snapshot again.
        PublishedBefore: the report is unchanged.
    """
    head = session.log.head()
    if head.size != report.position:
        raise LogMovedOn(f"the log has moved on from event {report.position} to {head.size}; publish again")
    session.publication(report.period, report.scope).publish(
        session.stamp,
        snapshot_sha256=report.snapshot_sha256,
        position=report.position,
        root_sha256=head.root.hex(),
        unchanged=report.unchanged,
    )
