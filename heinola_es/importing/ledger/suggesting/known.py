"""What a store knows that helps to read a new file: its units, the accounts of its postings, the years they are of."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from attrs import field, frozen

from heinola_es.domain.chart import Chart, load_chart

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

LOOKED_AT = 20_000
"""So many of the latest events tell accounts and years: those of the last import, or of several."""


@frozen(slots=True)
class Known:
    """What a store knows.

    Attributes:
        units: codes.
        accounts: of the latest postings and budgets.
        year: the latest that any of these is of; None where there are none.
        chart: its lines; those shipped where there is no store.
    """

    units: frozenset[str] = frozenset()
    accounts: frozenset[str] = frozenset()
    year: int | None = None
    chart: Chart = field(factory=load_chart)

    @classmethod
    def of(cls, log: EventLog | None) -> Known:
        """Return what a store knows; nothing where there is none."""
        if log is None:
            return cls()
        accounts, years = set[str](), set[int]()
        for body in islice(log.bodies_backwards(), LOOKED_AT):
            if "amount_cents" in body:
                accounts.add(str(body.get("account") or ""))
                year = str(body.get("effective", ""))[-10:-6]
                years |= {int(year)} if year.isdecimal() else set()
        return cls(frozenset(log.unit_codes()), frozenset(accounts - {""}), max(years, default=None), log.chart())
