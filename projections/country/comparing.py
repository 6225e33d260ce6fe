"""Cities held beside each other: amounts per inhabitant, medians and quartiles by size class, and what lies far out.

Only what is whole is compared, and only of cities that say how many live in them. Lines of different cities are the
same where they share their code. Everything is exact: a quotient is a fraction, and is rounded where it is shown.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from functools import cached_property

from attrs import field, frozen

from events.value_object import ValueObject
from projections.country.inhabitants import Inhabitants

BOUNDS = (0, 2_000, 5_000, 10_000, 20_000, 40_000, 100_000)
"""Of how many inhabitants on a city is in a class; the last has no upper bound."""
FEWEST_FOR_QUARTILES = 4
FENCE = Fraction(3, 2)
"""How many times the distance between the quartiles a value may lie beyond one of them, and not lie far out."""


@frozen(slots=True, eq=False, repr=False)
class LineFigures(ValueObject):
    """A line of a city, in cents; None where it is not known, or not whole.

    Attributes:
        actual, prior_actual: from 1 January, and the same months of the year before.
        budget, final_accounts: of the year, and the actual of the whole year before.
    """

    actual: int | None
    prior_actual: int | None
    budget: int | None
    final_accounts: int | None

    @property
    def used(self) -> Fraction | None:
        """How many per cent of the budget the actual is; None where one is unknown, or the budget 0."""
        return _percent(self.actual, self.budget)

    @property
    def used_last_year(self) -> Fraction | None:
        """How many per cent of the whole year before its same months were."""
        return _percent(self.prior_actual, self.final_accounts)


@frozen(slots=True, eq=False, repr=False)
class ComparedCity(ValueObject):
    """A city.

    Attributes:
        code, name: in the lake, and as it calls itself.
        inhabitants: where it says how many; else None.
        lines: its own figures by the code of their line, in its order.
        events, root, recorded: how long its log is, the root of its tree, and when its last event was recorded.
    """

    code: str
    name: str
    inhabitants: Inhabitants | None
    lines: Mapping[str, LineFigures]
    events: int = 0
    root: str = ""
    recorded: str = ""

    @property
    def size_class(self) -> int | None:
        """The place of its class in `BOUNDS`; None where nobody knows how many live there."""
        return None if self.inhabitants is None else class_of(self.inhabitants.number)

    def per_inhabitant(self, line: str) -> Fraction | None:
        """Return the actual of a line, in cents per inhabitant; None where it is not whole or nobody is counted."""
        figures = self.lines.get(line)
        if figures is None or figures.actual is None or self.inhabitants is None:
            return None
        return Fraction(figures.actual, self.inhabitants.number)


@frozen(slots=True, eq=False, repr=False)
class Spread(ValueObject):
    """Where some values lie.

    Attributes:
        values: in ascending order, at least one.
    """

    values: tuple[Fraction, ...]

    @classmethod
    def of(cls, values: Sequence[Fraction]) -> Spread | None:
        """Return where values lie; None where there are none."""
        return cls(tuple(sorted(values))) if values else None

    @property
    def median(self) -> Fraction:
        """The value in the middle, or the mean of the two."""
        return self.at(Fraction(1, 2))

    @property
    def quartiles(self) -> tuple[Fraction, Fraction] | None:
        """The lower and the upper quartile; None of so few values that these say nothing."""
        if len(self.values) < FEWEST_FOR_QUARTILES:
            return None
        return self.at(Fraction(1, 4)), self.at(Fraction(3, 4))

    @property
    def fences(self) -> tuple[Fraction, Fraction] | None:
        """What lies beyond these lies far out; None where there are no quartiles."""
        if self.quartiles is None:
            return None
        lower, upper = self.quartiles
        reach = FENCE * (upper - lower)
        return lower - reach, upper + reach

    def at(self, share: Fraction) -> Fraction:
        """Return the value below which a share of the others lies, between two of them in proportion."""
        place = share * (len(self.values) - 1)
        below = int(place)
        above = min(below + 1, len(self.values) - 1)
        return self.values[below] + (place - below) * (self.values[above] - self.values[below])


@frozen(slots=True, eq=False, repr=False)
class Outlier(ValueObject):
    """A value that lies far out among the cities of its size class.

    Attributes:
        city, line: whose, and of which line.
        value, median: its own, and the median of its class, in cents per inhabitant.
        above: whether it lies above the others, as a number.
    """

    city: ComparedCity
    line: str
    value: Fraction
    median: Fraction
    above: bool


@frozen(slots=False, eq=False, repr=False)
class Comparison:
    """Cities held beside each other.

    Attributes:
        cities: in the order of the lake.
        lines: the codes of the lines that are compared, in order.
    """

    cities: Sequence[ComparedCity]
    lines: Sequence[str]
    _spreads: dict[tuple[str, int | None], Spread | None] = field(init=False, factory=dict)

    @cached_property
    def classes(self) -> list[int]:
        """The classes in which there is a city, from the smallest."""
        return sorted({place for city in self.cities if (place := city.size_class) is not None})

    def of_class(self, place: int | None) -> list[ComparedCity]:
        """Return the cities of a class; of None, all that are in one."""
        return [city for city in self.cities if city.size_class is not None and place in {None, city.size_class}]

    def per_inhabitant(self, line: str, place: int | None = None) -> Spread | None:
        """Return where the cities of a class lie, in cents per inhabitant; of None, those of all classes."""
        key = line, place
        if key not in self._spreads:
            values = (city.per_inhabitant(line) for city in self.of_class(place))
            self._spreads[key] = Spread.of([value for value in values if value is not None])
        return self._spreads[key]

    def used(self, line: str, place: int | None = None) -> Spread | None:
        """Return how much of their budget the cities of a class have used, in per cent."""
        values = (city.lines[line].used for city in self.of_class(place) if line in city.lines)
        return Spread.of([value for value in values if value is not None])

    def used_last_year(self, line: str, place: int | None = None) -> Spread | None:
        """Return how much of the whole year before its same months were in the cities of a class, in per cent."""
        values = (city.lines[line].used_last_year for city in self.of_class(place) if line in city.lines)
        return Spread.of([value for value in values if value is not None])

    @cached_property
    def outliers(self) -> list[Outlier]:
        """What lies far out in its class, by line, the farthest from the median first."""
        found = []
        for line in self.lines:
            of_line = [one for city in self.cities if (one := self._outlier(city, line)) is not None]
            found += sorted(of_line, key=lambda one: (-abs(one.value - one.median), one.city.code))
        return found

    def _outlier(self, city: ComparedCity, line: str) -> Outlier | None:
        value, spread = city.per_inhabitant(line), self.per_inhabitant(line, city.size_class)
        if value is None or spread is None or spread.fences is None:
            return None
        lower, upper = spread.fences
        return Outlier(city, line, value, spread.median, value > upper) if not lower <= value <= upper else None


def class_of(inhabitants: int) -> int:
    """Return the place in `BOUNDS` of the class of a city of so many inhabitants."""
    return max(place for place, bound in enumerate(BOUNDS) if inhabitants >= bound)


def _percent(part: int | None, whole: int | None) -> Fraction | None:
    return None if part is None or not whole else Fraction(100 * part, whole)
