"""Which rows of a long table are of what: a column of `Toteuma` and `Talousarvio`, of `ACT` and `BUD`."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.importing.ledger.reading.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.importing.ledger.suggesting.guessing import Column

_SHORT = (
    ("amended_budget", r"mta|rev\.? ?bud"),
    ("amendment", r"lta|tam"),
    ("budget", r"bud|bu|b"),
    ("forecast", r"fc|fcst|fct|enn|prog|f"),
    ("actual", r"act|ac|utf|a"),
)
"""How systems shorten what a row is of."""
_HEADER = re.compile(r"laji|tyyppi|versio|skenaario|tieto|\btype?\b|kind|version|scenario|measure|sort\b|slag|\bart\b")
_MOST_KINDS = 12
_OTHERWISE = frozenset({"amount", "debit", "credit", "account", "line", "unit", "service_area", "sector", "year"})


@frozen(slots=True)
class RowKinds:
    """What a column says that the amounts of rows are.

    Attributes:
        cells: by measure those that say it.
        unknown: those that say none.
        sure: whether all that was understood stands there in full, and not as one letter or three.
    """

    cells: dict[str, list[str]]
    unknown: list[str]
    sure: bool


def guess_kinds(columns: Sequence[Column], measure_of: Callable[[str], tuple[str, bool]]) -> None:
    """Give the role `kind` to the first column whose cells say what the amount of each row is, where there is one.

    Args:
        columns: with what each seems to be.
        measure_of: what a text measures, and whether it says so.
    """
    for column in columns:
        if column.role not in _OTHERWISE and kinds_of(column, measure_of) is not None:
            column.role = "kind"
            return


def kinds_of(column: Column, measure_of: Callable[[str], tuple[str, bool]]) -> RowKinds | None:
    """Return what the cells of a column say of their rows; None where they do not.

    A column that says nothing but actuals is of something else, and so is one with cells that say nothing of the kind,
    unless its header promises kinds.
    """
    told = {text_of(cell) for cell in column.filled}
    if len(told) > _MOST_KINDS:
        return None
    cells: dict[str, list[str]] = {}
    unknown, sure = [], True
    promised = _HEADER.search(column.name.casefold()) is not None
    for cell in sorted(told):
        measure, said = measure_of(cell)
        found = measure if said else _shortened(cell, promised=promised)
        sure = sure and (said or found is None)
        if found is None:
            unknown.append(cell)
        else:
            cells.setdefault(found, []).append(cell)
    if not cells.keys() - {"actual"} or (unknown and not promised):
        return None
    return RowKinds(cells, unknown, sure)


def _shortened(cell: str, *, promised: bool) -> str | None:
    """Return the measure that a cell is short for; one letter is, where the header promises that cells say kinds."""
    short = cell.casefold().strip(" .")
    if len(short) == 1 and not promised:
        return None
    return next((code for code, words in _SHORT if re.fullmatch(words, short)), None)
