"""How a ledger is to be taken, beside what its mapping says."""

from __future__ import annotations

from datetime import date

from attrs import frozen


@frozen(slots=True, kw_only=True)
class Wishes:
    """How a ledger is to be recorded.

    Attributes:
        detail: amounts that a statement has in it already are details of it.
        contra: amounts against the sign of their line are meant.
        update: what was imported earlier is compared with, and only differences are recorded.
        also: amounts of days that are there already are meant beside them.
        units_since: the first day of units that the file brings in; None for 1 January of its earliest year.
        dry_run: nothing is recorded.
    """

    detail: bool = False
    contra: bool = False
    update: bool = False
    also: bool = False
    units_since: date | None = None
    dry_run: bool = False
