"""What the report's pictures show: figures with their labels, in the document's language; not how they look."""

from __future__ import annotations

from decimal import Decimal

from attrs import frozen

from events.value_object import ValueObject
from projections.report.language.statuses import GoalStatus


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UseOfBudget(ValueObject):
    """How much of its budget each unit has used, beside even use and last year's.

    Attributes:
        expected: per cent of the year that has gone: 50 at half-year.
        expected_label: `Tasainen kertymä 50 %`.
        used_label, last_year_label: legend: `Käytetty talousarviosta`, `Viime vuonna samaan aikaan`.
        axis: `% talousarviosta`.
        bars: label, per cent used, and last year's per cent of that whole year (None where unknown), in order.
        locale: of the numbers on the marks: `fi`, `sv` or `en`.
    """

    expected: Decimal
    expected_label: str
    used_label: str
    last_year_label: str
    axis: str
    bars: tuple[tuple[str, Decimal, Decimal | None], ...]
    locale: str = "fi"


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Cumulative(ValueObject):
    """Cumulative actuals by month, this year beside last year's and even use of the budget.

    Attributes:
        axis: `1 000 €`.
        months: short names of the months shown: `tammi`, `helmi` …
        lines: legend, and a value per month in the unit of `axis` (None where unknown), the current year first.
        even: legend and values of even use of the budget; None where there is no budget.
        locale: of the numbers on the marks: `fi`, `sv` or `en`.
    """

    axis: str
    months: tuple[str, ...]
    lines: tuple[tuple[str, tuple[Decimal | None, ...]], ...]
    even: tuple[str, tuple[Decimal, ...]] | None = None
    locale: str = "fi"


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class IncomeAndExpenses(ValueObject):
    """Income and expenses by line: budget and actual side by side, and last year's actual.

    Attributes:
        axis: `1 000 €`.
        budget_label, actual_label, last_year_label: legend.
        groups: heading (`Tulot`, `Menot`) and its bars: label, budget, actual, last year's, as earned or
            spent: negative only where an amount goes against its line.
        locale: of the numbers on the marks: `fi`, `sv` or `en`.
    """

    axis: str
    budget_label: str
    actual_label: str
    last_year_label: str
    groups: tuple[tuple[str, tuple[tuple[str, Decimal | None, Decimal | None, Decimal | None], ...]], ...]
    locale: str = "fi"


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class GoalsByStatus(ValueObject):
    """How many goals have which status, in each part and altogether.

    Attributes:
        axis: `tavoitteita`.
        statuses: those that occur, in the order of drawing, with their names.
        bars: label, and how many goals have each of `statuses`.
        locale: of the numbers on the marks: `fi`, `sv` or `en`.
    """

    axis: str
    statuses: tuple[tuple[GoalStatus, str], ...]
    bars: tuple[tuple[str, tuple[int, ...]], ...]
    locale: str = "fi"


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ProjectProgress(ValueObject):
    """How far projects have come, beside how much of their time has gone.

    Attributes:
        axis: `%`.
        progress_label, time_label: legend.
        bars: label, per cent of progress (None where unknown), per cent of time gone (None where unknown).
        locale: of the numbers on the marks: `fi`, `sv` or `en`.
    """

    axis: str
    progress_label: str
    time_label: str
    bars: tuple[tuple[str, Decimal | None, Decimal | None], ...]
    locale: str = "fi"


PictureData = UseOfBudget | Cumulative | IncomeAndExpenses | GoalsByStatus | ProjectProgress
