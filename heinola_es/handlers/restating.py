"""What was closed or published is changed knowingly: a command that would do so asks for it to be said.

One rule: figures of a closed period are recorded once it is reopened. Where units stand in it, and what its report
tells in words, is changed with `--restates`, too; and so is where units stand in a report that was published.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from datetime import date

    from events.figures import PeriodClosed
    from heinola_es.handlers.session import Session


@frozen(slots=True)
class PublishedReport:
    """A report as it was published last.

    Attributes:
        period, scope: what it covers, as in `ReportPublished`.
        revision: the number of its last publication.
    """

    period: Period
    scope: str
    revision: int

    @property
    def label(self) -> str:
        """What it is of, in words."""
        from heinola_es.domain.aggregates.publication import WHOLE_CITY  # noqa: PLC0415 - where one was published

        whose = "the whole city" if self.scope == WHOLE_CITY else f"unit {self.scope}"
        return f"the report {self.period.label} of {whose} (revision {self.revision})"


class Restates(Refused):
    """What was closed or published would be changed, and nobody has said that it is meant.

    Attributes:
        reports: the published reports.
        closings: the closed books.
    """

    def __init__(
        self, reports: Sequence[PublishedReport], closings: Sequence[PeriodClosed], cells: Sequence[int] = ()
    ) -> None:
        self.reports, self.closings = reports, closings
        told = "; ".join(restated(reports, closings, cells))
        super().__init__(f"this changes what was closed or published: {told}; add --restates where it is meant")


def restated(
    reports: Sequence[PublishedReport], closings: Sequence[PeriodClosed], cells: Sequence[int] = ()
) -> Iterator[str]:
    """Yield what is changed, in words; of the reports with how many cells, where these were counted."""
    for at, report in enumerate(reports):
        yield f"{_cells(cells[at])} of {report.label}" if cells else report.label
    if closings:
        first, *more = closings
        also = f" and {len(more)} more" if more else ""
        yield f"the closed books of unit {first.unit} for {first.effective.label}{also}"


def require_restating_units(session: Session, units: Iterable[str], day: date) -> None:
    """Refuse what changes where units stand from `day` on, in a period that is closed or published, unless it is meant.

    Args:
        session: the command; it takes note of what is changed.
        units: whose figures are concerned; those above them are, too.
        day: the first day on which the organisation is another.

    Raises:
        Restates.
    """
    from heinola_es.domain.aggregates.publication import WHOLE_CITY  # noqa: PLC0415 - seldom asked for

    concerned = {one.code for code in units for one in (session.unit(code), *session.ever_above(code))}
    closings = [one for one in _closings(session, concerned, day) if one.effective.end >= day]
    reports = [
        report
        for report in _published(session)
        if report.period.end >= day and report.scope in {WHOLE_CITY, *concerned}
    ]
    if not (closings or reports):
        return
    if not session.restates:
        raise Restates(reports, closings)
    session.restated.extend(reports)


def require_restating_words(session: Session, unit: str, period: Period) -> None:
    """Refuse what is told of a unit for a period that is closed as a whole, unless it is meant.

    Raises:
        Restates.
    """
    if session.restates:
        return
    over = session.placement(unit, period.year, period.end).closings_over(period)
    closing = next((one for one in over if one.effective.contains(period)), None)
    if closing is not None:
        raise Restates((), (closing,))


def _published(session: Session) -> list[PublishedReport]:
    last: dict[tuple[str, str], PublishedReport] = {}
    for _position, body in session.log.positions_and_bodies("ReportPublished"):
        effective, scope = body["effective"], body["scope"]
        last[effective, scope] = PublishedReport(Period.from_iso(effective), scope, body["revision"])
    return list(last.values())


def _closings(session: Session, units: set[str], day: date) -> Iterator[PeriodClosed]:
    told = session.log.positions_and_bodies("PeriodClosed")
    years = {(body["unit"], Period.from_iso(body["effective"]).year) for _position, body in told}
    for unit, year in sorted(years):
        if unit in units and year >= day.year:
            yield from session.unit_year(unit, year).closings


def _cells(number: int) -> str:
    return "1 cell" if number == 1 else f"{number} cells"
