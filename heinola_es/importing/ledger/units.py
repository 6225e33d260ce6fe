"""The tree of units, as the rows of a ledger tell it on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from heinola_es.importing.ledger.cells import code_and_name, is_empty, text_of
from heinola_es.importing.ledger.ledger import LedgerUnit
from heinola_es.importing.ledger.mapping import UnitLevel
from heinola_es.importing.ledger.problems import grouped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


UNITS = 20_000
PARTED = "-"
"""What stands between the parts of a composed code."""


@frozen(slots=True)
class Level:
    """A level of the tree with the places of its columns; None where the mapping says the code or name itself."""

    said: UnitLevel
    at: int | None
    name_at: int | None
    parts_at: tuple[int, ...] = ()


class NoUnit(Exception):
    """The row names no unit at the lowest level."""


class UnitUnclear(Exception):
    """The row's unit cannot be placed; `args` are the sentence and the column's index."""


def levels_of(levels: Sequence[UnitLevel], find: Callable[[Any], int]) -> list[Level]:
    """Return the levels with the places of their columns, found by `find`."""
    return [
        Level(
            level,
            None if level.column is None else find(level.column),
            None if level.name_column is None else find(level.name_column),
            tuple(find(part) for part in level.parts),
        )
        for level in levels
    ]


@define(slots=True)
class UnitTree:
    """The units met so far.

    Attributes:
        levels: from the top down.
        units: in the order they are met, parents first.
    """

    levels: list[Level]
    units: list[LedgerUnit]
    _index: dict[str, int] = field(factory=dict)

    def place(self, row: int, cells: Sequence[Any]) -> int:
        """Return the index of the unit that a row is about, adding it and those above it where they are new.

        Raises:
            NoUnit: the lowest level is empty.
            UnitUnclear: a level above is empty, or the unit stood elsewhere in an earlier row.
        """
        codes = [self._code(level, cells) for level in self.levels]
        if not codes[-1][0]:
            raise NoUnit
        parent: str | None = None
        for level, (code, name) in zip(self.levels, codes, strict=True):
            if not code:
                raise UnitUnclear(
                    f"unit {codes[-1][0]} has no {level.said.kind.replace('_', ' ')} above it: the cell is empty; "
                    f"fill it in, or say fill = true in the mapping where cells are merged",
                    level.at,
                )
            self._add(LedgerUnit(code, name, level.said.kind, parent, row), level)
            parent = code
        return self._index[codes[-1][0]]

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
            self.units.append(unit)
            return
        before = self.units[known]
        if (before.parent, before.kind) != (unit.parent, unit.kind):
            raise UnitUnclear(
                f"unit {unit.code} is a {unit.kind.replace('_', ' ')} under {unit.parent or 'nothing'} here and a "
                f"{before.kind.replace('_', ' ')} under {before.parent or 'nothing'} in row {before.row}; "
                f'a code is that of one unit: mend it, or compose it, as in code = ["column of the unit above", '
                f'"column of the code"]',
                level.at,
            )
        if unit.name and not before.name:
            self.units[known] = LedgerUnit(unit.code, unit.name, unit.kind, unit.parent, before.row)
