"""The publications of one period and scope: a report is published as it stands, and again only when it has changed."""

from __future__ import annotations

from typing import assert_never

from attrs import define

from events.period import Period
from events.publications import PublicationsEvent, ReportPublished
from heinola_es.aggregates.base import Aggregate, Stamp
from heinola_es.errors import BadInput, Refused

WHOLE_CITY = "*"
"""The scope of a report that no unit bounds, as it is stored; no unit's code (see `heinola_es.codes`)."""


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


@define(slots=True, kw_only=True)
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

    def publish(
        self, stamp: Stamp, *, snapshot_sha256: str, position: int, root_sha256: str, unchanged: bool = False
    ) -> None:
        """Record that the report was published as of a position of the log.

        `unchanged` is whether its content equals that of the last publication, which only a reader of the log can tell.

        Raises:
            PublishedBefore: it is unchanged.
        """
        if self.last is not None and unchanged:
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
                snapshot_sha256=snapshot_sha256,
                position=position,
                root_sha256=root_sha256,
            )
        )
