"""What the content of every writer is made of: a snapshot, looked up by unit, with its lines in one language."""

from __future__ import annotations

import re
from calendar import isleap, monthrange
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from attrs import frozen

from events.value_object import ValueObject
from heinola_es.domain.chart import Chart, Line
from projections.report.content.prose import plain
from projections.report.language.columns import column_name, months_covered
from projections.report.language.line_labels import begun
from projections.report.language.scale import Scale, scale_of
from projections.report.language.words import Words
from projections.snapshot.columns import ReportColumn, all_columns, amounts, column_named, shown_once, told_again
from projections.snapshot.internal import has_external_statement, statement_of
from projections.snapshot.model import Cell, FigureRow, Snapshot, UnitReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import date

Unit = UnitReport

CITY = "city"
ON_THEIR_OWN = frozenset({CITY, "sector", "investment_programme"})
"""Kinds of units that are parts of the report by themselves, wherever they stand."""
_LISTED_UNITS = 12


@frozen(slots=True, eq=False, repr=False)
class ShownColumn(ValueObject):
    """A column of a table of figures.

    Attributes:
        column: which.
        year: of which further prior year; None for the report's own.
        scale: how its amounts are shown.
    """

    column: ReportColumn
    year: int | None
    scale: Scale


@frozen(slots=False, eq=False, repr=False, kw_only=True)
class SnapshotMaterial:
    """A snapshot as content is made of it, whether as a whole report or as a page on the terminal.

    Attributes:
        snapshot: what is reported.
        words: of the reader's language.
        chart: the lines of the city.
        chosen: the names of the columns of figures, in their order; none for those of every report.
        in_euros: whether every amount is in euros, also where a column is known in thousands alone.
    """

    snapshot: Snapshot
    words: Words
    chart: Chart
    chosen: tuple[str, ...] = ()
    in_euros: bool = False

    # ------------------------------------------------------------ units

    @cached_property
    def units(self) -> dict[str, Unit]:
        """The units by code, in report order."""
        return {unit.code: unit for unit in self.snapshot.units}

    @cached_property
    def tops(self) -> list[Unit]:
        """The units that are parts of the report by themselves: city, sectors, programmes, what is below none."""
        parents = {code for code, unit in self.units.items() if unit.kind != CITY}
        return [u for u in self.units.values() if u.kind in ON_THEIR_OWN or u.parent not in parents]

    @cached_property
    def city(self) -> Unit | None:
        """The city, where it is a unit of the report itself."""
        return next((unit for unit in self.units.values() if unit.kind == CITY), None)

    @cached_property
    def roots(self) -> list[Unit]:
        """The parts that run operations and are part of no other: the city, or else every one."""
        return [self.city] if self.city is not None else self.operating

    def sectors(self) -> list[Unit]:
        """Return the parts that the city's operations are made of."""
        return [unit for unit in self.operating if self.city is not None and unit.parent == self.city.code]

    @cached_property
    def programmes(self) -> list[Unit]:
        """The parts of the report that are investments."""
        return [unit for unit in self.tops if is_investment(unit)]

    def below(self, unit: Unit) -> Sequence[Unit]:
        """Return the units directly below that are told of inside the part that this one has."""
        return self._children.get(unit.code, [])

    def all_below(self, unit: Unit) -> list[Unit]:
        """Return all units below that are told of inside the part that this one has, in report order."""
        return [each for child in self.below(unit) for each in (child, *self.all_below(child))]

    @cached_property
    def _children(self) -> dict[str | None, list[Unit]]:
        children: dict[str | None, list[Unit]] = {}
        on_top = {top.code for top in self.tops}
        for unit in self.units.values():
            if unit.code not in on_top:
                children.setdefault(unit.parent, []).append(unit)
        return children

    def parts_below(self, unit: Unit) -> frozenset[str]:
        """Return the lines that the figures of any unit below are made of, wherever that is told of."""
        return self._parts_below.get(unit.code, frozenset())

    @cached_property
    def _parts_below(self) -> dict[str | None, frozenset[str]]:
        found: dict[str | None, frozenset[str]] = {}
        for unit in self.units.values():
            lines = frozenset(
                row.line for row in unit.figures if any(cell and cell.cents for cell in row.cells.values())
            )
            above = unit.parent
            parts = frozenset(line for line in lines if not self.chart.at_or_below(line) & (lines - {line}))
            while parts and above is not None and above in self.units:
                found[above] = found.get(above, frozenset()) | parts
                above = self.units[above].parent
        return found

    @cached_property
    def operating(self) -> list[Unit]:
        """The parts of the report that run operations, not investments."""
        return [unit for unit in self.tops if not is_investment(unit)]

    def name(self, unit: Unit) -> str:
        """Return a unit's name as a heading has it."""
        return plain(unit.name)

    def title(self, unit: Unit) -> str:
        """Return a unit's code and name, `410 Opetus- ja koulutuspalvelut`; a code that is no number is left out."""
        return self.titled(unit.code, unit.name)

    def titled(self, code: str, name: str) -> str:
        """Return what `title` does, of a unit that the snapshot may not have."""
        return f"{plain(code)} {plain(name)}" if code[:1].isdigit() else plain(name)

    def listed(self, codes: Sequence[str]) -> str:
        """Return units by name, with commas; of many, the first and how many more there are."""
        listed, more = ", ".join(map(self._in_list, codes[:_LISTED_UNITS])), len(codes) - _LISTED_UNITS
        if more < 1:
            return listed
        return listed + self.words.say_of(", and {count} other unit", ", and {count} other units", more)

    def _in_list(self, code: str) -> str:
        return self.title(self.units[code]) if code in self.units else plain(code)

    def place(self, unit: Unit) -> tuple[str, str]:
        """Return what tells a unit's rows apart on a sheet."""
        return plain(unit.code), self.name(unit)

    def key(self, unit: Unit) -> str:
        """Return a unit's code as a part of an anchor: of a–z, 0–9 and hyphens, its own among all units."""
        return self._keys[unit.code]

    @cached_property
    def _keys(self) -> dict[str, str]:
        return dict(zip(self.units, anchors(self.units), strict=True))

    # ------------------------------------------------------------ figures

    @cached_property
    def city_statement(self) -> Unit | None:
        """The city with the figures of its own statement: without internal items, where these are known."""
        return None if self.city is None else statement_of(self.city)

    def statement(self, unit: Unit) -> Unit:
        """Return a unit with the figures that its own statement has."""
        return self.city_statement if unit is self.city and self.city_statement is not None else unit

    def is_external(self, unit: Unit) -> bool:
        """Return whether a unit's own statement is one without internal items."""
        return unit is self.city and has_external_statement(unit)

    def row(self, unit: Unit, lines: Iterable[str]) -> FigureRow | None:
        """Return a unit's row of the first of these lines that it has."""
        rows = {row.line: row for row in unit.figures}
        return next((rows[line] for line in lines if line in rows), None)

    @cached_property
    def scales(self) -> dict[str, Scale]:
        """How each column is shown, the same in all tables: in thousands where nothing is known more exactly.

        Else in whole euros, as reports are printed; a cell's value has its cents all the same.
        """
        return {column.name: self._scale(column, None) for column in amounts(self.columns)}

    @cached_property
    def columns(self) -> tuple[ReportColumn, ...]:
        """The columns of its figures."""
        return tuple(map(column_named, self.chosen)) or shown_once(self.snapshot.columns, self.snapshot.period)

    @cached_property
    def column_names(self) -> dict[str, str]:
        """What each column is called in a sentence: `TOT 2020 6 kk`."""
        words, period = self.words, self.snapshot.period
        return {c.name: column_name(words, c, period, comparable=self.is_comparable) for c in all_columns()}

    @cached_property
    def repeated_columns(self) -> frozenset[str]:
        """The names of the snapshot's columns that are not shown, because another tells the same."""
        again = told_again(self.snapshot.columns, self.snapshot.period)
        return again.difference(column.name for column in self.columns)

    @cached_property
    def in_tables(self) -> tuple[ShownColumn, ...]:
        """The columns of tables of figures: of further prior years, the oldest first, and then those of the report."""
        years = sorted({prior.year for row in self.figures for prior in row.prior_years})
        back = [column for column in amounts(self.columns) if column.years_back]
        prior = [ShownColumn(column, year, self._scale(column, year)) for year in years for column in back]
        return (*prior, *(ShownColumn(column, None, self.scales.get(column.name, "euros")) for column in self.columns))

    def _scale(self, column: ReportColumn, year: int | None) -> Scale:
        in_thousands = scale_of([row.cell(column.name, year) for row in self.figures]) == "thousands"
        return "thousands" if in_thousands and not self.in_euros else "euros"

    @cached_property
    def figures(self) -> list[FigureRow]:
        """The rows of figures of all units."""
        return [row for unit in self.units.values() for row in unit.figures]

    @property
    def has_cents(self) -> bool:
        """Whether any figure is known to the cent, and so is shown rounded."""
        return any(cell is not None and cell.cents % 100 for row in self.figures for cell in row.cells.values())

    def label(self, line: str) -> str:
        """Return the label of a line in the reader's language; its code where the chart has no such line.

        What a chart of ours has in capitals alone begins with one, as beside it in texts and pictures: `Menot`. A
        city's own label stays as it is, and one that a document misprints stays in the snapshot.
        """
        known = self._known_line(line)
        if known is None:
            return line
        return begun(known.labels[self.words.language])

    def _known_line(self, line: str) -> Line | None:
        return self.chart.lines.get(line)

    def called(self, code: str) -> str:
        """Return what the unit of a code is called; the code alone where the snapshot has no such unit."""
        return self._in_list(code)

    # ------------------------------------------------------------ time

    @cached_property
    def period(self) -> tuple[date, date]:
        """The first and the last day of the report."""
        return self.snapshot.period.start, self.snapshot.period.end

    @cached_property
    def cumulative(self) -> tuple[date, date]:
        """The first and the last day that its cumulative figures cover."""
        return self.snapshot.cumulative.start, self.snapshot.cumulative.end

    @property
    def is_comparable(self) -> bool:
        """Whether earlier years are without something that left the city, and so are no whole accounts."""
        return bool(self.snapshot.excluded)

    @property
    def year_is_over(self) -> bool:
        """Whether the cumulative figures are those of a whole year: nothing of it is left to be used evenly."""
        return self.snapshot.cumulative.is_year

    @property
    def end(self) -> date:
        """The last day of the report."""
        return self.period[1]

    @cached_property
    def months_covered(self) -> str:
        """What the cumulative figures cover: `6 kk`, or up to a day where that is inside a month."""
        return months_covered(self.words, self.snapshot.period)

    @cached_property
    def share_of_year(self) -> Fraction:
        """The share of the year that has gone by the report's end: in months, or in days where it ends inside one."""
        end = self.end
        if end.day == monthrange(end.year, end.month)[1]:
            return Fraction(end.month, 12)
        return Fraction(end.timetuple().tm_yday, 366 if isleap(end.year) else 365)

    @cached_property
    def expected(self) -> Decimal:
        """The same in per cent, with at most two decimals."""
        return hundredths(self.share_of_year * 100)


def is_investment(unit: Unit) -> bool:
    """Return whether a unit holds investments and not operations."""
    return unit.kind.startswith("investment_")


def hundredths(value: Fraction) -> Decimal:
    """Return a number with at most two decimals, half up."""
    scaled = abs(value) * 200 + 1
    whole = int(scaled // 2)
    return Decimal(whole if value >= 0 else -whole) / 100


def euros_of(cell: Cell | None) -> Decimal | None:
    """Return a cell of a snapshot in euros; None where it is unknown."""
    return None if cell is None else Decimal(cell.cents) / 100


def anchors(names: Iterable[str]) -> list[str]:
    """Return an anchor for each name, of a–z, 0–9 and hyphens, all of them different."""
    plain_ones = [re.sub("[^a-z0-9]+", "-", name.lower()).strip("-") or "x" for name in names]
    taken: set[str] = set()
    reserved = set(plain_ones)
    found = []
    for one in plain_ones:
        numbered = (f"{one}-{number}" for number in count(2))
        anchor = one if one not in taken else next(a for a in numbered if a not in taken | reserved)
        taken.add(anchor)
        found.append(anchor)
    return found
