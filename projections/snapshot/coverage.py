"""Through which month the books of each unit are covered in a report's year, and by what."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from io import StringIO
from typing import TYPE_CHECKING, Any

from attrs import frozen

from events.period import Period
from heinola_es.domain.value_rule.coverage import months_of
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.snapshot.taking import SnapshotQuery, View

BY = ("stated", "imported", "declared", "closed", "posted")
"""What can cover a month: a stated total, an import, somebody who says so, closed books, ordinary postings."""
_MONTHS = 12


@frozen(slots=True)
class UnitCoverage:
    """What covers the books of a unit.

    Attributes:
        unit, name: of the unit.
        months: by what covers them, the months of the year as bits, January the lowest.
        through: the last day of the months from January on that are all covered; None where January is not.
        budget: what covers the budget as of the period's end; empty where nothing does.
    """

    unit: str
    name: str
    months: Mapping[str, int]
    through: date | None
    budget: str

    def as_json(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "unit": self.unit,
            "name": self.name,
            "through": None if self.through is None else self.through.isoformat(),
            "months": {by: _numbers(months) for by, months in self.months.items()},
            "budget": self.budget or None,
        }


def coverage_of(view: View, query: SnapshotQuery) -> list[UnitCoverage]:
    """Return what covers the books of the units of a report, in its order."""
    organisation, year = view.organisation, query.period.year
    shown = set(organisation.units if query.unit is None else organisation.with_all_below(query.unit))
    actual, budget = view.figures.facts(ACTUAL, year), view.figures.facts(BUDGET, year)
    by_actual, by_budget = actual.covered_by(query.period.end), budget.covered_by(query.period.end)
    wanted = months_of(query.period.year_to_date())
    found = []
    for code in organisation.until(query.period.end):
        if code in shown:
            months = {by: of & wanted for by in BY if (of := by_actual[by].get(code, 0)) & wanted}
            of_budget = ", ".join(by for by in BY if by_budget[by].get(code))
            through = _through(months.values(), year)
            found.append(UnitCoverage(code, organisation.units[code].name, months, through, of_budget))
    return found


def as_csv(covered: Iterable[UnitCoverage]) -> bytes:
    """Return the coverage as CSV: a row per unit, the months of each kind as numbers with blanks between."""
    file = StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(["unit", "name", "through", *BY, "budget"])
    for unit in covered:
        months = [" ".join(map(str, _numbers(unit.months.get(by, 0)))) for by in BY]
        writer.writerow([unit.unit, unit.name, unit.through or "", *months, unit.budget])
    return file.getvalue().encode()


def _through(of: Iterable[int], year: int) -> date | None:
    covered = 0
    for months in of:
        covered |= months
    last = next((month for month in range(_MONTHS) if not covered >> month & 1), _MONTHS)
    return Period.of_months(year, 1, last).end if last else None


def _numbers(months: int) -> list[int]:
    return [month + 1 for month in range(_MONTHS) if months >> month & 1]


def runs(months: int) -> str:
    """Return months as they are written: `1–6, 8`."""
    runs: list[list[int]] = []
    for number in _numbers(months):
        if runs and runs[-1][-1] == number - 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]}–{run[-1]}" if len(run) > 1 else str(run[0]) for run in runs)
