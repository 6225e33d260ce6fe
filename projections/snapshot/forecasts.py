"""The forecast of the year's end: what units gave, added up above them, and what is computed where none was given.

The forecast of a unit's line is the first of these:

- given: what the unit said, as seen at the period's end, of the line and everything below it;
- units: where a unit below gave one of the line, those of all units below, and of the unit by itself, or none;
- components: of a sum line, those of all its components; so too of a line of whose details ("of which") the unit said
  something itself;
- units: those of all units below, and of the unit by itself;
- details: of a line that others break down, those of its details that are known, and what is computed of the rest;
- computed: by a method (`forecast_methods`), where nothing that was given is part of it.

Else there is none: a sum of which a part is not known is no forecast. What stands on a sum line or a broken-down line
itself, beside its parts, is its rest (`forecast_rest`).
"""

from __future__ import annotations

from calendar import isleap
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from events.period import Period
from heinola_es.domain.amounts import SUMMABLE_CENTS
from heinola_es.domain.value_rule.column import Column
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET
from projections.snapshot.figures import Figures
from projections.snapshot.forecast_methods import ENDED, METHODS, Kind, computed
from projections.snapshot.forecast_rest import BrokenDown, Rest
from projections.snapshot.model import Cell, Note
from projections.snapshot.told_by_units import GivenForecast, forecasts_of

if TYPE_CHECKING:
    from heinola_es.domain.aggregates.organisation import Organisation
    from heinola_es.domain.value_rule.value import Partial

GIVEN, SUM = "given", "sum"
"""What a forecast rests on that a unit gave, and one that adds up others."""
Cells = Callable[[str], tuple[int, int] | None]


@frozen(slots=True)
class Forecast:
    """What a cell will end the year at.

    Attributes:
        cents, precision_cents: as in `projections.snapshot.model.Cell`.
        basis: `given`, `sum`, a method of `forecast_methods`, or `actual` where the year has ended.
        given, computed: how many that were given, or computed, it is the sum of; those of 0 are not counted.
        error_cents: how wrong what is computed in it was in earlier years on average, added up; None where nothing was.
        years: how many earlier years tried the method; of a sum 0.
        text: what the unit said, or empty.
    """

    cents: int
    precision_cents: int
    basis: str
    given: int = 0
    computed: int = 0
    error_cents: int | None = None
    years: int = 0
    text: str = ""

    @property
    def note(self) -> Note:
        """How it was come by."""
        if self.basis == GIVEN:
            return Note("forecast_said", {"text": self.text}) if self.text else Note("forecast_given")
        if self.basis == SUM:
            of = {"given": self.given, "computed": self.computed}
            if self.error_cents is None:
                return Note("forecast_sum", of)
            return Note("forecast_sum_tried", {**of, "error_cents": self.error_cents})
        if self.error_cents is None:
            return Note(f"forecast_by_{self.basis}")
        return Note(f"forecast_by_{self.basis}_tried", {"error_cents": self.error_cents, "years": self.years})


def basis_in(note: Note) -> str:
    """Return what a forecast rests on, by its note: `given`, `sum`, a method, or `actual`; empty of another note."""
    code = note.code.removesuffix("_tried")
    if code in {"forecast_given", "forecast_said"}:
        return GIVEN
    if code == "forecast_sum":
        return SUM
    return code.removeprefix("forecast_by_") if code.startswith("forecast_by_") else ""


_KINDS: tuple[Kind, Kind] = ("to_date", "budget")
NOTHING = Forecast(0, 1, SUM)


@define(slots=False, eq=False, repr=False)
class ForecastColumn(Column):
    """The forecasts of a year, as seen at the end of a report's period.

    Attributes:
        figures: of the log.
        seen: the period of the report.
        given: what units gave, by unit and line.
        methods: those to compute by.
    """

    figures: Figures
    seen: Period
    given: Mapping[tuple[str, str], GivenForecast]
    methods: tuple[str, ...]
    _found: dict[tuple[str, str], Forecast | None] = field(init=False, factory=dict)
    _columns: dict[tuple[Kind, int], Column] = field(init=False, factory=dict)
    _cells: dict[tuple[Kind, int, str], Cells] = field(init=False, factory=dict)
    _beside: dict[str, list[Column]] = field(init=False, factory=dict)
    _wholes: dict[tuple[Kind, int], bool] = field(init=False, factory=dict)

    def forecast(self, unit: str, line: str) -> Forecast | None:
        """Return what a cell will end at; None where nobody can tell."""
        key = unit, line
        if key not in self._found:
            found = self._first(unit, line)
            self._found[key] = found if found is None or abs(found.cents) <= SUMMABLE_CENTS else None
        return self._found[key]

    def note(self, unit: str, line: str) -> Note | None:
        """Return how a cell was come by; None where nobody can tell, or it is 0 of which nothing is told."""
        found = self.forecast(unit, line)
        if found is None or (found.basis == SUM and not (found.given or found.computed)):
            return None
        return found.note

    def without_internal(self, unit: str, line: str) -> Cell | None:
        """Return a cell without its internal items, which are computed as the rest is.

        None where it has any, and what was given is part of it: nobody said how much of that is internal.
        """
        found = self.forecast(unit, line)
        if found is None:
            return None
        parts = [self._internal_column(kind, self.seen.year).cell(unit, line) for kind in _KINDS]
        internal = (0, 1) if all(part is not None and not part[0] for part in parts) else None
        if internal is None and not found.given:
            internal = self._of_internal(unit, line)
        return None if internal is None else Cell(found.cents - internal[0], max(found.precision_cents, internal[1]))

    def _of_internal(self, unit: str, line: str) -> tuple[int, int] | None:
        """Return what the internal items of a cell will end at: of a sum line the sum of its components."""
        of_line = self.chart.lines[line]
        if of_line.components and not (of_line.details and of_line.additive):
            parts = [self._of_internal(unit, part) for part in of_line.components]
            known = [part for part in parts if part is not None]
            if len(known) < len(parts):
                return None
            return sum(cents for cents, _of in known), max(precision for _cents, precision in known)
        made = computed(
            lambda kind, year: self._internal_column(kind, year).cell(unit, line),
            self.seen.year,
            self._elapsed,
            self.methods,
        )
        return None if made is None else (made.cents, made.precision_cents)

    def made_of(self, unit: str, line: str) -> tuple[tuple[str, str], ...]:
        """Return the units and lines whose forecasts add up to a cell, but for what it has beside them."""
        if (unit, line) in self.given or self._is_foreign(unit, line):
            return ()
        below = tuple((child, line) for child in self.rule.standing.below(unit, self.rule_period))
        parts = tuple((unit, part) for part in self.chart.lines[line].components if self.forecast(unit, part))
        if self._is_given_below(unit, (line,)):
            return below
        if self._of_components(unit, line) is not None:
            return parts
        if self._of_units(unit, line) is not None:
            return below
        return parts if self._of_details(unit, line) is not None else ()

    # ------------------------------------------------------------------ as any column

    def cell(self, unit: str, line: str) -> tuple[int, int] | None:
        """Return the cents and the precision of a cell."""
        found = self.forecast(unit, line)
        return None if found is None else (found.cents, found.precision_cents)

    def cells(self, unit: str) -> Cells:
        """Return what tells the cents and precision of a unit's cells by their line."""
        return lambda line: self.cell(unit, line)

    def partial(self, _unit: str, _line: str) -> Partial | None:
        """Return None: there is no part of a forecast."""
        return None

    def is_unknown(self, unit: str, line: str) -> bool:
        """Return whether there is no forecast of a cell."""
        return self.forecast(unit, line) is None

    def is_known(self, unit: str, line: str) -> bool:
        """Return whether there is a forecast of a cell."""
        return self.forecast(unit, line) is not None

    def tells(self, unit: str, line: str) -> bool:
        """Return whether a forecast of exactly the cell was given."""
        return (unit, line) in self.given

    def is_plain(self, _unit: str) -> bool:
        """Return True: no line of another unit stands in the place of a forecast."""
        return True

    # ------------------------------------------------------------------ the rule

    def _first(self, unit: str, line: str) -> Forecast | None:
        said = self.given.get((unit, line))
        if said is not None:
            return self._as_given(said)
        if self._is_foreign(unit, line):
            return NOTHING
        if self._is_given_below(unit, (line,)):
            return self._of_units(unit, line)
        found = self._of_components(unit, line) or self._of_units(unit, line) or self._of_details(unit, line)
        if found is not None or self._is_given_below(unit, self.chart.at_or_below(line)):
            return found
        return self._computed(lambda kind, year: self._told(kind, year, self._cells_of(kind, year, unit), line))

    def _as_given(self, said: GivenForecast) -> Forecast | None:
        """Return what a unit said, in the organisation of the report.

        It was said of those that stood under the unit then: what stands elsewhere in the report is taken off it, and
        what came is added, as each is forecast. None where that is not known of one of them.
        """
        found = Forecast(said.cents, said.precision_cents, GIVEN, given=1, text=said.text)
        organisation, then = self.organisation, self.figures.structures.on(said.seen.end)
        if said.unit not in then.units:
            return found
        now, before = _members(organisation, said.unit), _members(then, said.unit)
        if now == before:
            return found
        parts: list[Forecast | None] = [found]
        for moved, sign in ((before - now, -1), (now - before, 1)):
            for code in _tops(organisation, moved):
                is_whole = code in organisation.units and _members(organisation, code) <= moved
                part = self.forecast(code, said.line) if is_whole else None
                parts.append(part if part is None or sign > 0 else evolve(part, cents=-part.cents))
        return _sum(parts)

    def _is_foreign(self, unit: str, line: str) -> bool:
        if not self.chart.lines[line].kinds or self._is_given_below(unit, self.chart.at_or_below(line)):
            return False
        return all(one.rule.is_foreign(unit, line, one.period) for one in (self._column("budget"), self._column()))

    def _of_components(self, unit: str, line: str) -> Forecast | None:
        """Return the sum over the component lines; None where one has none, or what is posted beside them is unknown.

        A line that takes no postings is no more than its details. Of any other these come after the units below, but
        for those that the unit itself said.
        """
        of_line = self.chart.lines[line]
        if not of_line.components:
            return None
        if of_line.details and of_line.additive:
            said = any((unit, part) in self.given for part in self.chart.at_or_below(line))
            return self._of_parts(unit, line) if said else None
        if not self._has_beside(unit, line):
            return _sum(self.forecast(unit, part) for part in of_line.components)
        if not self._is_given_below(unit, self.chart.at_or_below(line)):
            return None
        return self._of_parts(unit, line) if all(self.forecast(unit, one) for one in of_line.components) else None

    def _of_details(self, unit: str, line: str) -> Forecast | None:
        """Return the sum over what breaks a line down, where anything is told of that; None where it does not."""
        if not (self.chart.lines[line].details and self.chart.lines[line].additive):
            return None
        given = self._is_given_below(unit, self.chart.lines[line].details)
        if not given and not self._column().rule.parts_of(unit, line, self.rule_period):
            return None
        return self._of_parts(unit, line)

    def _of_parts(self, unit: str, line: str) -> Forecast | None:
        """Return the sum over the parts of a line that have a forecast, and what is computed of the rest of it.

        None where something that was given is part of what is not known, or the rest is not known, unless the unit said
        what each part will end at.
        """
        forecasts = {part: self.forecast(unit, part) for part in self.chart.lines[line].components}
        parts = {part: found for part, found in forecasts.items() if found is not None}
        unknown = forecasts.keys() - parts.keys()
        if not parts or any(self._is_given_below(unit, self.chart.at_or_below(part)) for part in unknown):
            return None
        rest = self._rest(line, parts, lambda kind, year: self._cells_of(kind, year, unit))
        if rest is None and not all((unit, part) in self.given for part in forecasts):
            return None
        return _sum([*parts.values(), rest or NOTHING])

    def _rest(
        self, line: str, parts: Mapping[str, Forecast], cells_of: Callable[[Kind, int], Cells]
    ) -> Forecast | None:
        """Return what a line will end at beside some parts of it; None where that is not known.

        What no year could try, and of which nothing came yet, may be the budget of what the parts bring.
        """
        rest = Rest(line, tuple(parts), frozenset(part for part, found in parts.items() if found.cents))
        made = self._computed(lambda kind, year: rest.known(cells_of(kind, year)))
        if made is None or not made.cents or made.years:
            return made
        return None if rest.known(cells_of("to_date", self.seen.year)) == (0, 1) else made

    def _has_beside(self, unit: str, line: str) -> bool:
        return any(one.rule.posted.direct(unit, line, one.period) != 0 for one in self._having_beside(line))

    def _having_beside(self, line: str) -> list[Column]:
        """Return the columns in which any unit has something posted on exactly a line, or nobody knows whether."""
        if line not in self._beside:
            known = (self._column("budget"), self._column(), self._column("year", self.seen.year - 1))
            self._beside[line] = [
                one
                for one in known
                if any(line in by_line for by_line in one.rule.posted.totals(one.period).values())
                or one.rule.posted.unread(one.period)
                or one.rule.posted.cut_at(one.period.end)
            ]
        return self._beside[line]

    def _of_units(self, unit: str, line: str) -> Forecast | None:
        """Return the sum over the units below, with what the unit has by itself."""
        below = self.rule.standing.below(unit, self.rule_period)
        if not below or self.chart.has_own_lines(self.organisation.units[unit].kind, line):
            return None
        parts: list[Callable[[], Forecast | None]] = [
            lambda child=child: self.forecast(child, line)  # type: ignore[misc]
            for child in below
        ]
        if any(unit in one.rule.posted.units for one in (self._column("budget"), self._column())):
            parts.append(lambda: self._by_itself(unit, line))
        return _sum(part() for part in parts)

    def _by_itself(self, unit: str, line: str) -> Forecast | None:
        """Return what a unit will end at without those below it, by what breaks the line down as `_of_details`."""

        def cells_of(kind: Kind, year: int) -> Cells:
            return lambda of: self._own(kind, year, unit, of)

        of_line = self.chart.lines[line]
        parts = {part: self._by_itself(unit, part) for part in of_line.details if of_line.additive}
        told = {part: found for part, found in parts.items() if found is not None}
        if any(found.given or found.computed or found.cents for found in told.values()):
            rest = self._rest(line, told, cells_of)
            return None if rest is None else _sum([*told.values(), rest])
        return self._computed(lambda kind, year: self._told(kind, year, cells_of(kind, year), line))

    def _own(self, kind: Kind, year: int, unit: str, line: str) -> tuple[int, int] | None:
        """Return what a unit has by itself, without those below it."""
        column = self._column(kind, year)
        own = column.rule.posted.own(unit, line, column.period)
        return None if own is None else (own, 1)

    def _computed(self, known: Callable[[Kind, int], tuple[int, int] | None]) -> Forecast | None:
        year = self.seen.year
        if self._elapsed < 1:  # what has nothing in this year or the last is 0 by every method
            last = (known("year", year - 1), known("to_date", year - 1))
            if all(one == (0, 1) for one in (*last, known("to_date", year), known("budget", year))):
                return NOTHING
        made = computed(known, year, self._elapsed, self.methods)
        if made is None:
            return None
        counted = int(bool(made.cents or made.error_cents))
        return Forecast(
            made.cents,
            made.precision_cents,
            made.method if counted else SUM,
            computed=counted if made.method != ENDED else 0,
            error_cents=made.error_cents,
            years=made.years,
        )

    def _is_given_below(self, unit: str, lines: Iterable[str]) -> bool:
        """Return whether a forecast of one of some lines was given of a unit, or of one below it."""
        return bool(self.given) and any((unit, line) in self._above_given for line in lines)

    @cached_property
    def _above_given(self) -> frozenset[tuple[str, str]]:
        at_or_above = self.organisation.at_or_above
        return frozenset((above, line) for unit, line in self.given for above in at_or_above(unit))

    # ------------------------------------------------------------------ the figures

    def _told(self, kind: Kind, year: int, cells: Cells, line: str) -> tuple[int, int] | None:
        """Return a cell; None where it is 0 for standing in what is not broken down, but at the end of the year."""
        if self._elapsed == 1 or not self._has_wholes(kind, year):
            return cells(line)
        return self._broken_down.known(cells, line)

    def _has_wholes(self, kind: Kind, year: int) -> bool:
        """Return whether anything in a column stands on a line that is the sum of others."""
        key = kind, year
        if key not in self._wholes:
            column = self._column(kind, year)
            wholes = {code for code, of_line in column.rule.chart.lines.items() if of_line.components}
            posted = column.rule.posted.totals(column.period).values()
            self._wholes[key] = any(not wholes.isdisjoint(by_line) for by_line in posted) or any(
                one.line in wholes for one in column.rule.facts.statements
            )
        return self._wholes[key]

    @cached_property
    def _broken_down(self) -> BrokenDown:
        return BrokenDown(self.chart)

    @cached_property
    def _elapsed(self) -> Fraction:
        end = self.seen.end
        if (end.month, end.day) == (12, 31):
            return Fraction(1)
        if Period.of_month(end.year, end.month).end == end:
            return Fraction(end.month, 12)
        return Fraction(end.timetuple().tm_yday, 366 if isleap(end.year) else 365)

    @property
    def rule_period(self) -> Period:
        """The part of the year that is over."""
        return self.seen.year_to_date()

    def _column(self, kind: Kind = "to_date", year: int | None = None) -> Column:
        year = self.seen.year if year is None else year
        key = kind, year
        if key not in self._columns:
            back = self.rule_period.years_before(self.seen.year - year)
            if kind == "budget":
                self._columns[key] = self.figures.budget(year, back.end)
            else:
                self._columns[key] = self.figures.actual(back if kind == "to_date" else Period.of_year(year))
        return self._columns[key]

    def _internal_column(self, kind: Kind, year: int) -> Column:
        back = self.rule_period.years_before(self.seen.year - year)
        measure = BUDGET if kind == "budget" else ACTUAL
        return self.figures.internal(measure, Period.of_year(year) if kind == "year" else back, back.end)

    def _cells_of(self, kind: Kind, year: int, unit: str) -> Cells:
        key = kind, year, unit
        if key not in self._cells:
            self._cells[key] = self._column(kind, year).cells(unit)
        return self._cells[key]


def forecast_column(figures: Figures, period: Period, *, without_given: bool = False) -> ForecastColumn:
    """Return the forecasts of a year, as seen at the end of a period; also as if no unit had given any."""
    rule = figures.rule(ACTUAL, period.year)
    units = figures.organisation.units
    given = {} if without_given else forecasts_of(figures.reader, period, figures.upto)
    known = {(unit, line): one for (unit, line), one in given.items() if unit in units and line in figures.chart.lines}
    methods = (figures.forecast_method,) if figures.forecast_method in METHODS else METHODS
    plain = Column.of(rule, period.year_to_date())
    return ForecastColumn(rule, Period.of_year(period.year), plain.parts, plain.plain, figures, period, known, methods)


def _members(organisation: Organisation, unit: str) -> frozenset[str]:
    """Return a unit with all that its figures are the sum of."""
    found = {unit}
    for child in organisation.below(unit):
        found |= _members(organisation, child)
    return frozenset(found)


def _tops(organisation: Organisation, codes: frozenset[str]) -> list[str]:
    """Return those of some units of an organisation that stand under no other of them."""
    units = organisation.units
    return sorted(code for code in codes if code not in units or units[code].parent not in codes)


def _sum(parts: Iterable[Forecast | None]) -> Forecast | None:
    """Return the sum of forecasts; None where there is none, or one is not known."""
    found = []
    for part in parts:
        if part is None:
            return None
        found.append(part)
    if not found:
        return None
    counted = [part for part in found if part.given or part.computed]
    if len(counted) == 1 and counted[0].basis not in {GIVEN, SUM}:
        return evolve(counted[0], precision_cents=max(part.precision_cents for part in found))
    errors = [part.error_cents for part in found if part.error_cents is not None]
    return Forecast(
        sum(part.cents for part in found),
        max(part.precision_cents for part in found),
        SUM,
        given=sum(part.given for part in found),
        computed=sum(part.computed for part in found),
        error_cents=sum(errors) if errors else None,
    )
