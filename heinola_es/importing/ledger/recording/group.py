"""What is to be posted of one unit and fiscal year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from attrs import define, field

from heinola_es.domain.aggregates.unit_year import Placement, UnitYear
from heinola_es.importing.ledger.recording.writing import Writing

if TYPE_CHECKING:
    from events.period import Period


@define(slots=True)
class Group:
    """The postings of one unit and fiscal year: the n-th of `indexes`, `periods` and `cents` belong together.

    Attributes:
        writing: the transaction.
        year: the unit's year.
        indexes: of the placed amounts that they come from.
        periods: indexes of the ledger's periods.
        cents: what is posted.
        reason: what every one of them gives as its reason, beside that of the command.
    """

    writing: Writing
    year: UnitYear
    indexes: Sequence[int]
    periods: Sequence[int]
    cents: Sequence[int]
    reason: str = ""
    _changes: list[date] | None = None
    _places: dict[date | None, Placement] = field(factory=dict)

    @classmethod
    def of(cls, writing: Writing, year: UnitYear, indexes: Sequence[int]) -> Group:
        """Return amounts that are posted as they are placed."""
        amounts = writing.ledger.amounts
        periods, cents = list(map(amounts.period.__getitem__, indexes)), list(map(amounts.cents.__getitem__, indexes))
        return cls(writing, year, indexes, periods, cents)

    @classmethod
    def of_entries(
        cls, writing: Writing, year: UnitYear, entries: Sequence[tuple[int, int, int]], reason: str = ""
    ) -> Group:
        """Return amounts each of which says where it comes from, its period and its cents."""
        indexes, periods, cents = ([entry[at] for entry in entries] for at in range(3))
        return cls(writing, year, indexes, periods, cents, reason)

    def place(self, period: Period) -> Placement:
        """Return where the unit stands at the end of a period; it is looked up again where anything moved meanwhile."""
        session, code = self.writing.session, self.year.unit
        if self._changes is None:
            units = [session.unit(code), *session.ever_above(code)]
            self._changes = sorted(day for unit in units for day in unit.days_of_change())
        since = max((day for day in self._changes if day <= period.end), default=None)
        if since not in self._places:
            self._places[since] = session.placement(code, self.year.fiscal_year, period.end)
        return self._places[since]
