"""Publications: a report is sealed as it stood at a position of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import Refused

if TYPE_CHECKING:
    from heinola_es.domain.aggregates.publication import Report
    from heinola_es.handlers.session import Session


class LogMovedOn(Refused):
    """Something was recorded between taking the snapshot and publishing it."""


def publish_report(session: Session, report: Report) -> None:
    """Publish a report, if the log still ends where its snapshot was taken, and keep its bytes.

    Raises:
        LogMovedOn: it does not; take the snapshot again.
        PublishedBefore: the report is unchanged.
    """
    head = session.log.head()
    if head.size != report.position:
        raise LogMovedOn(f"the log has moved on from event {report.position} to {head.size}; publish again")
    session.publication(report.period, report.scope).publish(session.stamp, report, head.root.hex())
    session.kept += [report.kept, *report.names]
