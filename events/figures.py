"""Figures: postings that add, statements that assert a total, and the closing of periods.

One stream per unit and fiscal year. Money is in whole cents; expenses are negative, as in the report.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

from events.base import Event, cents, required

MEASURES = ("actual", "budget")
"""What a figure measures: toteuma, talousarvio."""
INTERNAL_MEASURES = ("internal_actual", "internal_budget")
"""The internal part of either, as totals are stated of it: a measure of its own, so that it is in no other total."""
STATED_MEASURES = (*MEASURES, *INTERNAL_MEASURES)
"""What a total can be stated of."""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class BudgetAdopted(Event):
    """The council adopted the original budget of a line for the fiscal year; `effective` is the day of the decision.

    Attributes:
        unit: code of the unit.
        fiscal_year: the calendar year that the budget is for.
        line: code of a postable line of the chart.
        amount_cents: adds to the budget.
        detail: the amount breaks down a budget total already stated, and adds to no statement.
        internal: it is an internal item (sisäinen erä): income from, or expense to, another unit of the city.
    """

    TOPIC: ClassVar[str] = "BudgetAdopted"

    unit: str = field(validator=required)
    fiscal_year: int = field(validator=instance_of(int))
    line: str = field(validator=required)
    amount_cents: int = field(validator=cents)
    detail: bool = False
    internal: bool = False


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class BudgetAmended(Event):
    """The council changed the budget of a line by `amount_cents`; `effective` is the day of the decision.

    Attributes:
        unit, fiscal_year, line, amount_cents, detail, internal: as in `BudgetAdopted`.
        correcting: it changes a total already stated as of a later day (the statement had missed it).
        proposal: position in the log of the proposal that was decided; 0 where none was recorded.
        organ: who decided it, such as `kaupunginvaltuusto`; or empty.
        minutes_section: of the minutes (§), without its sign; or empty.
        address: where the decision can be read, with http or https; or empty.
    """

    TOPIC: ClassVar[str] = "BudgetAmended"

    unit: str = field(validator=required)
    fiscal_year: int = field(validator=instance_of(int))
    line: str = field(validator=required)
    amount_cents: int = field(validator=cents)
    detail: bool = False
    correcting: bool = False
    internal: bool = False
    proposal: int = 0
    organ: str = ""
    minutes_section: str = ""
    address: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ActualPosted(Event):
    """Income or expense of a period (a month, usually; a day where it is known) was posted.

    Attributes:
        unit: code of the unit.
        line: code of a postable line of the chart.
        amount_cents: adds to the actual of every period that `effective` lies inside.
        account: the ledger account it came from, or empty.
        detail: the amount breaks down a total already stated, and adds to no statement.
        internal: it is an internal item (sisäinen erä): income from, or expense to, another unit of the city.
    """

    TOPIC: ClassVar[str] = "ActualPosted"

    unit: str = field(validator=required)
    line: str = field(validator=required)
    amount_cents: int = field(validator=cents)
    account: str = ""
    detail: bool = False
    internal: bool = False


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ActualCorrected(Event):
    """The actual of a period is `amount_cents` more (or less) than was recorded; `reason` says why.

    Attributes:
        unit, line: as in `ActualPosted`.
        amount_cents: the difference, which adds to postings and statements alike.
        account: the ledger account it is in, or empty; since version 2.
        internal: as in `ActualPosted`.
    """

    TOPIC: ClassVar[str] = "ActualCorrected"
    VERSION: ClassVar[int] = 2
    UPCASTS: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {1: lambda body: body}

    unit: str = field(validator=required)
    line: str = field(validator=required)
    amount_cents: int = field(validator=cents)
    account: str = ""
    internal: bool = False


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class FigureStated(Event):
    """A document states the total of a line for the unit with everything below it.

    For an actual, `effective` is exactly the period the total covers. For a budget, `effective` runs from 1 January of
    the fiscal year to the day as of which the budget with its amendments is stated.

    Attributes:
        unit, line: codes; any line of the chart can be stated.
        measure: `actual` or `budget`, or the internal part of either: `internal_actual`, `internal_budget`.
        amount_cents: the total as stated.
        precision_cents: the unit it was stated in: 100 to the euro, 100_000 to a thousand euros, 1 exactly.
        label: the row's label as the document prints it, or empty.
        percent: the use of the budget as the document prints it beside an actual (`"63.34"`), or None.
    """

    TOPIC: ClassVar[str] = "FigureStated"

    unit: str = field(validator=required)
    line: str = field(validator=required)
    measure: str = field(validator=in_(STATED_MEASURES))
    amount_cents: int = field(validator=cents)
    precision_cents: int = field(default=1, validator=instance_of(int))
    label: str = ""
    percent: str | None = field(default=None, validator=optional(instance_of(str)))


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class StatementWithdrawn(Event):
    """Every statement so far of this unit, line, measure and exact `effective` no longer holds; `reason` says why."""

    TOPIC: ClassVar[str] = "StatementWithdrawn"

    unit: str = field(validator=required)
    line: str = field(validator=required)
    measure: str = field(validator=in_(STATED_MEASURES))


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PeriodClosed(Event):
    """The unit's books for `effective` are closed: nothing is posted, stated or corrected inside it any more."""

    TOPIC: ClassVar[str] = "PeriodClosed"

    unit: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PeriodReopened(Event):
    """The unit's books for `effective` are open again; `reason` says why."""

    TOPIC: ClassVar[str] = "PeriodReopened"

    unit: str = field(validator=required)


FiguresEvent = (
    BudgetAdopted
    | BudgetAmended
    | ActualPosted
    | ActualCorrected
    | FigureStated
    | StatementWithdrawn
    | PeriodClosed
    | PeriodReopened
)
