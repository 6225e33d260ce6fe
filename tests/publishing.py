"""A report to publish, for tests of the store, which does not look into it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.domain.aggregates.publication import WHOLE_CITY, Report
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.publications import publish_report
from heinola_es.handlers.session import run
from heinola_es.store.kept import KeptName, KeptReport
from heinola_es.store.log import Request
from tests.specification import NOW

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog, Receipt

NAME = KeptName.of("Esimerkki Henkilö", bytes(32))
KEPT = KeptReport.of(f'{{"schema": "heinola/snapshot/2", "by": {{"person": "{NAME.digest}"}}}}'.encode())
BY = Request("controller", clock_is_right=True)


def report(position: int, *, scope: str = WHOLE_CITY, period: str = "2020Q2", unchanged: bool = False) -> Report:
    """Return a report as of a position."""
    return Report(
        period=parse_period(period),
        scope=scope,
        kept=KEPT,
        names=(NAME,),
        format="heinola/snapshot/2",
        rule=2,
        program="0.1.0",
        position=position,
        unchanged=unchanged,
    )


def publish_something(log: EventLog, request: Request = BY) -> Receipt:
    """Publish a report as the log stands."""
    return run(log, NOW, request, lambda session: publish_report(session, report(log.head().size)))
