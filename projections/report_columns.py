"""The four amount columns of a report, and what each of them covers."""

from __future__ import annotations

from events.period import Period

COLUMNS = ("final_accounts", "prior_actual", "budget", "actual")
"""By their names in the snapshot, in the order of the report."""


def column_period(column: str, cumulative: Period) -> Period:
    """Return what a column covers in the report whose own actuals cover `cumulative`; a budget, the whole year."""
    return {
        "final_accounts": Period.of_year(cumulative.year - 1),
        "prior_actual": cumulative.years_before(1),
        "budget": Period.of_year(cumulative.year),
        "actual": cumulative,
    }[column]
