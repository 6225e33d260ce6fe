"""The publications of one period and scope: a report is published as it stands, and again only when it has changed."""

from __future__ import annotations

from typing import assert_never

from attrs import define, frozen

from events.period import Period
from events.publications import PublicationsEvent, ReportPublished
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.errors import BadInput, Refused
from heinola_es.store.kept import KeptName, KeptReport

WHOLE_CITY = "*"
"""The scope of a report that no unit bounds, as it is stored; no unit's code (see `heinola_es.domain.codes`)."""


def scope_of(unit: str | None) -> str:
    """Return the scope of a report of a unit, or of the whole city.

    Raises:
        NoScope: an older store has a unit whose code stands for the whole city.
    """
    if unit == WHOLE_CITY:
        raise NoScope(
            f"{unit} stands for the whole city, so a report of the unit {unit} cannot be told apart from that of the "
            "city; leave --unit out, or ask for the units below it"
        )
    return WHOLE_CITY if unit is None else unit


class NoScope(BadInput):
    """The code of a unit that cannot be a report's scope."""


class PublishedBefore(Refused):
    """The report was published already, and has not changed since."""


@frozen(slots=True, kw_only=True)
class Report:
    """A report about to be published.

    Attributes:
        period, scope: what it covers; see `scope_of`.
        kept: its bytes, as they are kept.
        names: the names of persons that the bytes refer to.
        format: which format the bytes are in.
        rule: number of the value rule that its figures follow.
        program: version of the program that took it.
        position: of the last event that it rests on.
        columns, years: of its figures, as they were asked for; see `ReportPublished`.
        unchanged: whether it says what the last publication said, which only a reader of the log can tell.
    """

    period: Period
    scope: str
    kept: KeptReport
    names: tuple[KeptName, ...]
    format: str
    rule: int
    program: str
    position: int
    unchanged: bool
    columns: tuple[str, ...] = ()
    years: int = 1


@define(slots=True, kw_only=True, eq=False, repr=False)
class Publication(Aggregate[PublicationsEvent]):
    """The publications of a period and scope, folded from their stream."""

    KIND = "a publication"
    FAMILY = frozenset({ReportPublished})

    period: Period
    scope: str
    last: ReportPublished | None = None

    def evolve(self, event: PublicationsEvent) -> None:
        """Take a publication into the state."""
        match event:
            case ReportPublished():
                self.last = event
            case _:
                assert_never(event)

    @property
    def next_revision(self) -> int:
        """The number that the next publication bears: 1 for the first, then 2 and so on."""
        return 1 if self.last is None else self.last.revision + 1

    def publish(self, stamp: Stamp, report: Report, root_sha256: str) -> None:
        """Record that a report was published as it is kept, on a log with this root at its position.

        Raises:
            PublishedBefore: it is unchanged.
        """
        if self.last is not None and report.unchanged:
            when = self.last.recorded
            raise PublishedBefore(
                f"the report {self.period.label} was published before, on {when.day}.{when.month}.{when.year} as "
                f"revision {self.last.revision}, and nothing in it has changed since; nothing was recorded "
                "(to write its seal again, add --seal-again)"
            )
        self.record(
            ReportPublished(
                **self.head(stamp, self.period),
                scope=self.scope,
                revision=self.next_revision,
                snapshot_sha256=report.kept.digest,
                position=report.position,
                root_sha256=root_sha256,
                snapshot_format=report.format,
                rule=report.rule,
                program=report.program,
                columns=report.columns,
                years=report.years,
            )
        )
