"""The findings that stated totals must give, worked out slowly: every total as the span it may lie in unrounded."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from itertools import combinations
from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

SUMS = {
    "operating_income": ("sales", "fees", "grants_received", "rents_received", "other_income"),
    "operating_expenses": ("personnel", "services", "materials", "grants_given", "rents_paid", "other_expenses"),
    "operating_margin": ("operating_income", "own_production", "operating_expenses"),
    "annual_margin": ("operating_margin", "financial_items"),
    "result": ("annual_margin", "depreciation"),
    "income": ("operating_income", "own_production"),
    "expenses": ("operating_expenses", "financial_items"),
    "net": ("income", "expenses"),
}
"""The lines that are the sum of others."""

Found = tuple[str, str, str, str, object, object]
"""Kind, unit, line, column, stated, computed."""


@frozen
class Total:
    """A total as it is given, and between which amounts it lay before its parts were rounded."""

    cents: int
    least: Fraction
    greatest: Fraction

    @classmethod
    def stated(cls, cents: int, precision_cents: int) -> Total:
        """Return a total stated at a precision; whole cents are exact."""
        half = Fraction(precision_cents, 2) if precision_cents > 1 else Fraction(0)
        return cls(cents, cents - half, cents + half)

    @classmethod
    def of(cls, parts: Iterable[Total]) -> Total:
        """Return the sum of totals."""
        listed = list(parts)
        return cls(
            sum(part.cents for part in listed),
            sum((part.least for part in listed), Fraction(0)),
            sum((part.greatest for part in listed), Fraction(0)),
        )

    def can_be(self, other: Total) -> bool:
        """Return whether both can be the same amount, each rounded in its own way."""
        return self.least <= other.greatest and other.least <= self.greatest


@frozen
class Statements:
    """Stated totals of one column by unit and line, and which units are directly below which."""

    stated: Mapping[tuple[str, str], Total]
    below: Mapping[str, Sequence[str]]

    def known(self, unit: str, line: str) -> Total | None:
        """Return the whole of a cell: stated, else the component lines, else the units below."""
        return self.stated.get((unit, line)) or self.of_components(unit, line) or self.of_units(unit, line)

    def of_units(self, unit: str, line: str) -> Total | None:
        """Return the sum of the units below, or None where one of them is not known, or there are none."""
        return _sum([self.known(child, line) for child in self.below.get(unit, ())])

    def of_components(self, unit: str, line: str) -> Total | None:
        """Return the sum of the component lines, or None where one of them is not known, or there are none."""
        return _sum([self.known(unit, component) for component in SUMS.get(line, ())])

    def beside(self, unit: str, line: str, shown: Collection[str]) -> Total | None:
        """Return the sum of the component lines in the unit's table, where of the others nothing at all is known."""
        components = SUMS.get(line, ())
        left = [component for component in components if component not in shown]
        if not left or any(self.touched(unit, component) for component in left):
            return None
        return _sum([self.known(unit, component) for component in components if component in shown])

    def touched(self, unit: str, line: str) -> bool:
        """Return whether anything is stated at or below a cell."""
        lines, units = [line], [unit]
        lines += [low for each in lines for low in SUMS.get(each, ())]
        for each in lines:
            lines += [low for low in SUMS.get(each, ()) if low not in lines]
        for each in units:
            units += self.below.get(each, ())
        return any((one, low) in self.stated for one in units for low in lines)

    def differences(self, unit: str, line: str, column: str, shown: Collection[str]) -> Iterator[Found]:
        """Yield what two routes to one cell disagree about."""
        stated, by_components = self.stated.get((unit, line)), self.of_components(unit, line)
        beside = self.beside(unit, line, shown) if stated and not by_components else None
        routes = [route for route in (stated, by_components, self.of_units(unit, line), beside) if route]
        for first, second in combinations(routes, 2):
            if first.cents != second.cents:
                kind = "rounding" if first.can_be(second) else "mismatch"
                yield kind, unit, line, column, first.cents, second.cents


def expected_findings(columns: Mapping[str, Statements], shown: Mapping[str, Collection[str]]) -> list[Found]:
    """Return the findings on the rows that are shown, by unit, sorted."""
    return in_order(
        found
        for column, statements in columns.items()
        for unit, lines in shown.items()
        for line in lines
        for found in statements.differences(unit, line, column, lines)
    )


def expected_percent(unit: str, line: str, printed: str, actual: Total, budget: Total) -> list[Found]:
    """Return the finding that a printed per cent gives, where it is not what the figures beside it give."""
    if not budget.cents:
        return [("mismatch", unit, line, "percent", printed, None)]
    share = Decimal(actual.cents) * 100 / Decimal(budget.cents)
    computed = str(share.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP))
    if Decimal(computed) == Decimal(printed):
        return []
    shares = [100 * a / b for a in (actual.least, actual.greatest) for b in (budget.least, budget.greatest)]
    half = Fraction(1, 200)
    possible = min(shares) - half <= Fraction(printed) <= max(shares) + half
    return [("rounding" if possible else "mismatch", unit, line, "percent", printed, computed)]


def in_order(found: Iterable[Found]) -> list[Found]:
    """Return findings in an order of their own."""
    return sorted(found, key=repr)


def _sum(parts: Sequence[Total | None]) -> Total | None:
    """Return the sum of parts that are all known, if there are any."""
    known = [part for part in parts if part]
    return Total.of(known) if known and len(known) == len(parts) else None
