"""The tree of units, as the rows of a ledger tell it on the way."""

from __future__ import annotations

from array import array
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field, frozen

from heinola_es.importing.ledger.mapping.mapping import UnitLevel
from heinola_es.importing.ledger.placing.ledger import LedgerUnit, UnitChange
from heinola_es.importing.ledger.reading.cells import code_and_name, is_empty, text_of
from heinola_es.importing.ledger.reading.problems import counted, grouped
from heinola_es.importing.ledger.reading.rows import Rule

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.importing.ledger.mapping.mapping_tables import Condition
    from heinola_es.importing.ledger.placing.ledger import Ledger


UNITS = 20_000
_CHAINS = 60_000
PARTED = "-"
"""What stands between the parts of a composed code."""
_NAMED = 5


@frozen(slots=True)
class Level:
    """A level of the tree with the places of its columns; None where the mapping says the code or name itself.

    Attributes:
        said: what the mapping says of it.
        at, name_at, parts_at: the columns of the code, of the name, and of the parts of a composed code.
        kinds: what must hold of a row for its unit to be of another kind than the level's, and that kind.
    """

    said: UnitLevel
    at: int | None
    name_at: int | None
    parts_at: tuple[int, ...] = ()
    kinds: tuple[tuple[tuple[Rule, ...], str], ...] = ()

    def kind_of(self, cells: Sequence[Any]) -> str:
        """Return the kind of the unit in a row; empty where nothing says it."""
        return next((kind for rules, kind in self.kinds if all(rule.holds(cells) for rule in rules)), self.said.kind)

    def columns(self) -> tuple[int, ...]:
        """Return the columns that say anything of a unit."""
        of_kinds = (rule.at for rules, _kind in self.kinds for rule in rules)
        said = (*self.parts_at, self.at, self.name_at, *of_kinds)
        return tuple(at for at in said if at is not None)


class NoUnit(Exception):
    """The row names no unit at the lowest level."""


class UnitUnclear(Exception):
    """The row's unit cannot be placed; `args` are the sentence and the column's index."""


def levels_of(
    levels: Sequence[UnitLevel], find: Callable[[Any], int], rules: Callable[[Sequence[Condition]], list[Rule]]
) -> list[Level]:
    """Return the levels with the places of their columns, found by `find`, and their conditions, made by `rules`."""
    return [
        Level(
            level,
            None if level.column is None else find(level.column),
            None if level.name_column is None else find(level.name_column),
            tuple(find(part) for part in level.parts),
            tuple((tuple(rules(one.where)), one.kind) for one in level.kinds),
        )
        for level in levels
    ]


@define(slots=True)
class UnitTree:
    """The units met so far.

    A row tells a chain of units, from the top down, each with its name. What a unit is called and stands under may
    differ from one year to the next: what happened to it is known once all rows are placed.

    Attributes:
        levels: from the top down.
        units: in the order they are met.
    """

    levels: list[Level]
    units: list[LedgerUnit]
    _index: dict[str, int] = field(factory=dict)
    _columns: dict[str, int | None] = field(factory=dict)
    _chains: dict[tuple[tuple[str, str], ...], int] = field(factory=dict)
    _met: list[tuple[LedgerUnit, ...]] = field(factory=list)

    def place(self, row: int, cells: Sequence[Any]) -> int:
        """Return the number of the chain of units that a row is about, adding what is new of it.

        Raises:
            NoUnit: the lowest level is empty.
            UnitUnclear: a level above is empty, or the unit is of another kind in an earlier row, or of none.
        """
        codes = tuple(self._code(level, cells) for level in self.levels)
        if not codes[-1][0]:
            raise NoUnit
        chain = self._chain(row, cells, codes)
        key = tuple((unit.code, unit.name) for unit in chain)
        if key not in self._chains:
            if len(self._chains) >= _CHAINS:
                raise UnitUnclear(
                    f"there are more than {grouped(_CHAINS)} units with their names; check which column is the name",
                    self.levels[-1].name_at,
                )
            self._chains[key] = len(self._met)
            self._met.append(chain)
        return self._chains[key]

    @property
    def mixed(self) -> bool:
        """Whether units of several kinds take the amounts."""
        return bool(self.levels[-1].kinds)

    def kind(self, chain: int) -> str:
        """Return the kind of the lowest unit of a chain; that of its level where there is none."""
        return self.levels[-1].said.kind if chain < 0 or not self.mixed else self._met[chain][-1].kind

    def settle(self, ledger: Ledger) -> None:
        """Let the ledger's amounts be of units, and find out what its units were called and stood under, and when.

        What differs from one fiscal year to the next is a move or a new name on 1 January; a unit that stands in two
        places in one year is a problem.
        """
        chains = ledger.amounts.unit
        if len(self._met) > len({chain[-1].code for chain in self._met}):
            self._find_changes(ledger)
        unit_of = [self._index[chain[-1].code] for chain in self._met]
        ledger.amounts.unit = array(chains.typecode, map(unit_of.__getitem__, chains))

    def _find_changes(self, ledger: Ledger) -> None:
        """Take note of what each unit was in each year that it has amounts of, and what became of it."""
        of, year_of = ledger.amounts, [period.year for period in ledger.periods]
        first: dict[tuple[int, int], int] = {}
        for chain, period, row in zip(of.unit, of.period, of.row, strict=True):
            first.setdefault((chain, year_of[period]), row)
        by_year: dict[str, dict[int, list[LedgerUnit]]] = {}
        for (chain, year), row in sorted(first.items(), key=itemgetter(1)):
            for unit in self._met[chain]:
                by_year.setdefault(unit.code, {}).setdefault(year, []).append(evolve(unit, row=row))
        renamed: list[str] = []
        for code, years in by_year.items():
            history = UnitHistory.of(sorted(years.items()))
            if history.elsewhere is not None:
                at = self._columns[code]
                column = "" if at is None else ledger.header.name(at)
                ledger.problems.add(_in_two_places(*history.elsewhere), history.elsewhere[0].row, column)
            self.units[self._index[code]] = history.first
            ledger.changes.extend(history.changes)
            if history.names:
                renamed.append(f"{code} ({', '.join(history.names[:_NAMED])})")
        if renamed:
            more = f" and {len(renamed) - _NAMED} more" if len(renamed) > _NAMED else ""
            several = f"{counted(len(renamed), 'unit')} of several names in one year: {', '.join(renamed[:_NAMED])}"
            ledger.notes.append(f"{several}{more}; the first is taken")

    def _chain(self, row: int, cells: Sequence[Any], codes: tuple[tuple[str, str], ...]) -> tuple[LedgerUnit, ...]:
        """Return the units of a row, from the top down; those that are new are added."""
        chain: list[LedgerUnit] = []
        for level, (code, name) in zip(self.levels, codes, strict=True):
            kind = level.kind_of(cells)
            if not kind:
                raise UnitUnclear(
                    f"nothing says of which kind unit {code} is; say it with kind, or one more of kinds", level.at
                )
            if not code:
                raise UnitUnclear(
                    f"unit {codes[-1][0]} has no {kind.replace('_', ' ')} above it: the cell is empty; "
                    f"fill it in, or say fill = true in the mapping where cells are merged",
                    level.at,
                )
            unit = LedgerUnit(code, name, kind, chain[-1].code if chain else None, row)
            self._add(unit, level)
            chain.append(unit)
        return tuple(chain)

    def _code(self, level: Level, cells: Sequence[Any]) -> tuple[str, str]:
        if level.at is None:
            return level.said.code or "", level.said.name or ""
        code, name = code_and_name(cells[level.at], level.said.strip, split=level.said.split)
        if level.parts_at:
            parts = [code_and_name(cells[at], level.said.strip, split=level.said.split)[0] for at in level.parts_at]
            code = PARTED.join(parts) if all(parts) else ""
        if level.name_at is not None and not is_empty(cells[level.name_at]):
            name = text_of(cells[level.name_at])
        return code, name or level.said.name or ""

    def _add(self, unit: LedgerUnit, level: Level) -> None:
        known = self._index.get(unit.code)
        if known is None:
            if len(self.units) >= UNITS:
                raise UnitUnclear(f"there are more than {grouped(UNITS)} units; check which column it is", level.at)
            self._index[unit.code] = len(self.units)
            self._columns[unit.code] = level.at
            self.units.append(unit)
            return
        before = self.units[known]
        if before.kind != unit.kind:
            raise UnitUnclear(_in_two_places(unit, before), level.at)
        if unit.name and not before.name:
            self.units[known] = evolve(before, name=unit.name)


@frozen(slots=True)
class UnitHistory:
    """What a unit was from one fiscal year to the next.

    Attributes:
        first: as it was in the first year.
        changes: what it became later, each on 1 January.
        elsewhere: the unit as it stands in two places in one year; None where it does not.
        names: where it has several in one year, these.
    """

    first: LedgerUnit
    changes: tuple[UnitChange, ...]
    elsewhere: tuple[LedgerUnit, LedgerUnit] | None
    names: tuple[str, ...]

    @classmethod
    def of(cls, years: Sequence[tuple[int, Sequence[LedgerUnit]]]) -> UnitHistory:
        """Return the history of a unit that is met so in each of some years, which are in order."""
        firsts = [(year, met[0]) for year, met in years]
        elsewhere = next(((one, met[0]) for _year, met in years for one in met if one.parent != met[0].parent), None)
        names: list[str] = []
        for _year, met in years:
            known = {one.name.casefold(): one.name for one in met if one.name}
            names.extend(known.values() if len(known) > 1 else ())
        first_name = next((one.name for _year, met in years for one in met if one.name), "")
        now = began = evolve(firsts[0][1], name=first_name)
        changes: list[UnitChange] = []
        for year, unit in firsts[1:]:
            if unit.parent != now.parent and elsewhere is None:
                changes.append(UnitChange(unit.code, year, unit.row, now.parent, unit.parent, moved=True))
            if unit.name and unit.name.casefold() != now.name.casefold() and not names:
                changes.append(UnitChange(unit.code, year, unit.row, now.name, unit.name, moved=False))
            now = evolve(unit, name=unit.name or now.name)
        return cls(began, tuple(changes), elsewhere, tuple(dict.fromkeys(names)))


def _in_two_places(unit: LedgerUnit, before: LedgerUnit) -> str:
    return (
        f"unit {unit.code} is {_a(unit.kind)} under {unit.parent or 'nothing'} here and "
        f"{_a(before.kind)} under {before.parent or 'nothing'} in row {before.row}; "
        f'a code is that of one unit: mend it, or compose it, as in code = ["column of the unit above", '
        f'"column of the code"]'
    )


def _a(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeio' else 'a'} {kind.replace('_', ' ')}"
