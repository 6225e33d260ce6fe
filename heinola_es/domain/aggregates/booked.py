"""What is posted of a unit's year, by account (else line) and period: asked before anything is posted beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field

from events.figures import ActualCorrected, ActualPosted
from events.period import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.base import Event


@define(slots=True, eq=False, repr=False)
class BookedCell:
    """The actuals of one account, or else one line, over exactly one period.

    Attributes:
        line, account: the account is empty where the line itself was posted.
        internal: whether of the internal items alone; they stand beside the others.
        period: of every amount in it.
        cents: the postings with their corrections.
        source, version: of the first posting; the version is 0 where there are corrections alone.
    """

    line: str
    account: str
    period: Period
    cents: int
    source: str
    version: int
    internal: bool = False

    @property
    def is_live(self) -> bool:
        """Whether anything is left of what was posted; a correction alone is no posting."""
        return self.version > 0 and self.cents != 0


@define(slots=True, eq=False, repr=False)
class Booked:
    """The actuals of a unit's year by account, or else line, and then by period."""

    _cells: dict[tuple[str, bool], dict[Period, BookedCell]] = field(factory=dict)
    _periods: set[Period] = field(factory=set)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Booked:
        """Return what some events come to; those that are no actuals are none of it."""
        booked = cls()
        for event in events:
            booked.add(event)
        return booked

    def add(self, event: Event) -> None:
        """Take in a posting or a correction; other events are none of it."""
        if not isinstance(event, ActualPosted | ActualCorrected):
            return
        of_key = self._cells.setdefault((event.account or event.line, event.internal), {})
        cell = of_key.get(event.effective)
        if cell is None:
            self._periods.add(event.effective)
            key = event.line, event.account, event.effective
            cell = of_key[event.effective] = BookedCell(*key, 0, "", 0, event.internal)
        cell.cents += event.amount_cents
        if not cell.version and isinstance(event, ActualPosted):
            cell.source, cell.version = event.source, event.originator_version

    def over(self, line: str, account: str, period: Period, *, internal: bool = False) -> BookedCell | None:
        """Return the first cell of an account, or else a line, that has a day of `period`; None where there is none.

        Internal items stand beside the others, so that either is counted once.
        """
        of_key = self._cells.get((account or line, internal))
        if not of_key:
            return None
        same = of_key.get(period)
        if same is not None and same.is_live:
            return same
        return next((cell for cell in of_key.values() if cell.is_live and cell.period.overlaps(period)), None)

    def may_be_over(self, periods: Iterable[Period]) -> bool:
        """Return whether anything at all has a day of some periods: a few comparisons in place of one for each cell."""
        return any(mine.overlaps(other) for other in set(periods) for mine in self._periods)

    def live(self) -> Iterator[BookedCell]:
        """Yield every cell of which anything is left."""
        return (cell for of_key in self._cells.values() for cell in of_key.values() if cell.is_live)
