"""How much of its budget a unit has used, beside even use and beside last year; of a whole year, beside the budget."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.content.snapshot_material import Unit, euros_of
from projections.snapshot.percent import percent_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from projections.report.content.material import Material
    from projections.snapshot.model import Cell


@frozen(slots=True, kw_only=True)
class Use:
    """The use of one line of a unit's budget.

    Attributes:
        unit: whose.
        line: which.
        budget, actual: euros, as signed in the report.
        percent: actual ÷ budget, in per cent with two decimals, as the report prints it.
        last_year: actual of the same months ÷ final accounts of the year before, likewise; None where unknown, and of
            a whole year, of which it would be all.
        year_before: final accounts of the year before, in euros; None where unknown.
        points: how many percentage points that is over even use; negative below it.
        euros: how many euros the actual is over the even share of the budget; negative below it.
    """

    unit: Unit
    line: str
    budget: Decimal
    actual: Decimal
    percent: Decimal
    last_year: Decimal | None
    year_before: Decimal | None
    points: Decimal
    euros: Decimal

    @property
    def points_told(self) -> Decimal:
        """`points` from the per cent as it is told, with one decimal: 40,7 % is 9,3 below 50 %, even if it is 40,65."""
        expected = self.percent - self.points
        return self.percent.quantize(Decimal("0.1"), ROUND_HALF_UP) - expected


def use_of(material: Material, unit: Unit, lines: Iterable[str]) -> Use | None:
    """Return a unit's use of its budget on the first of these lines that it has; None where there is none to tell.

    A budget against the sign of its line, expenses that are to bring money in, is one that nothing can be used of.
    """
    row = material.row(unit, lines)
    if row is None or row.percent is None or row.budget is None or row.actual is None:
        return None
    budget, actual, percent, share = row.budget.cents, row.actual.cents, row.percent, material.share_of_year
    if budget * material.chart.lines[row.line].sign < 0:
        return None
    over_cents = (actual - budget * Decimal(share.numerator) / share.denominator) * (1 if budget > 0 else -1)
    return Use(
        unit=unit,
        line=row.line,
        budget=Decimal(budget) / 100,
        actual=Decimal(actual) / 100,
        percent=percent,
        last_year=None if material.year_is_over else _ratio(row.prior_actual, row.final_accounts),
        year_before=euros_of(row.final_accounts),
        points=percent - material.expected,
        euros=(over_cents / 100).quantize(Decimal("0.01"), ROUND_HALF_UP),
    )


def known_uses(material: Material, lines: Iterable[str]) -> list[Use]:
    """Return the use of the budget of each unit that no unit is known below: of the parts, and not of the whole again.

    What is over even use in a part would else be told twice.
    """
    parts = material.sectors() or material.operating
    return [use for top in parts for use in _lowest(material, top, tuple(lines))]


def uses_to_tell(material: Material, uses: Iterable[Use]) -> list[Use]:
    """Return the uses that are worth telling by the theme's thresholds, the largest in euros first."""
    limits = material.theme.thresholds
    told = [use for use in uses if abs(use.points) > limits.points and abs(use.euros) >= limits.euros]
    return sorted(told, key=lambda use: -abs(use.euros))


def _lowest(material: Material, unit: Unit, lines: tuple[str, ...]) -> list[Use]:
    below = [use for child in material.below(unit) for use in _lowest(material, child, lines)]
    if below:
        return below
    use = use_of(material, unit, lines)
    return [] if use is None else [use]


def _ratio(part: Cell | None, whole: Cell | None) -> Decimal | None:
    text = None if part is None or whole is None else percent_text(part.cents, whole.cents)
    return None if text is None else Decimal(text)
