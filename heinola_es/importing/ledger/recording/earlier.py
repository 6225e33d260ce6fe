"""What earlier imports put into a unit's year: the cells that a newer file is compared with."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeVar

from attrs import define

from events.figures import ActualCorrected, ActualPosted, BudgetAdopted, BudgetAmended
from heinola_es.domain.decision import UNTOLD, Decision

if TYPE_CHECKING:
    from datetime import date

    from events.base import Event
    from events.period import Period
    from heinola_es.domain.aggregates.unit_year import UnitYear

_ROW = re.compile(r":\d++(?:–\d++)?")

NEWER_AMENDMENT = "newer amendment"
BUDGET_REASON = "newer budget"
"""How the reason begins where an amendment stands for what a newer file says of the original budget."""

TOTALS_REASON = "totals from 1 January"
"""How the reason begins where what is recorded is the difference of a total from 1 January to the one before it."""

_Key = TypeVar("_Key")

ActualCell = tuple[str, str, bool, "Period"]
"""Line, account, whether internal, and period."""
BudgetLine = tuple[str, bool]
"""Line, and whether of its internal items."""
AmendedLine = tuple[BudgetLine, "date | None", Decision]
"""The same with its decision and the day of that, where a file tells amendments by them."""


@define(slots=True)
class Earlier:
    """A cell as earlier imports left it.

    Attributes:
        cents: the sum.
        source: of the first event.
        detail: whether it was posted as a detail of a stated total.
        chained: whether it was posted as a difference of totals from 1 January.
    """

    cents: int
    source: str
    detail: bool = False
    chained: bool = False


def earlier_actuals(year: UnitYear) -> dict[ActualCell, Earlier]:
    """Return the actuals that were imported, with what later imports corrected; what people recorded is not touched."""
    cells: dict[ActualCell, Earlier] = {}
    for event in year.postings:
        if isinstance(event, ActualPosted | ActualCorrected) and is_imported(event):
            detail = isinstance(event, ActualPosted) and event.detail
            key = (event.line, event.account, event.internal, event.effective)
            _add(cells, key, event.amount_cents, event.source, detail=detail)
            cells[key].chained = cells[key].chained or event.reason.startswith(TOTALS_REASON)
    return cells


def earlier_budgets(year: UnitYear) -> dict[BudgetLine, Earlier]:
    """Return the original budgets that were imported, by line, with what newer files made of them."""
    cells: dict[BudgetLine, Earlier] = {}
    for event in year.postings:
        if isinstance(event, BudgetAdopted | BudgetAmended) and is_imported(event) and _original(event):
            _add(cells, (event.line, event.internal), event.amount_cents, event.source, detail=event.detail)
    return cells


def earlier_amendments(year: UnitYear, *, by_decision: bool = False) -> dict[AmendedLine, Earlier]:
    """Return the amendments that were imported, by line, or by line and decision."""
    cells: dict[AmendedLine, Earlier] = {}
    for event in year.postings:
        if isinstance(event, BudgetAmended) and is_imported(event) and not _original(event):
            decided = Decision(event.organ, event.minutes_section, event.address)
            key = amended_line((event.line, event.internal), event.effective.end, decided, by_decision=by_decision)
            _add(cells, key, event.amount_cents, event.source, detail=event.detail)
    return cells


def amended_line(line: BudgetLine, day: date, decided: Decision, *, by_decision: bool) -> AmendedLine:
    """Return what amendments are compared by: their line, or their line and decision."""
    return (line, day, decided) if by_decision else (line, None, UNTOLD)


def is_imported(event: Event) -> bool:
    """Return whether an event names a file's row as its source."""
    return is_row(event.source)


def is_row(source: str) -> bool:
    """Return whether a source is a row of a file.

    That is a file and its row, `paakirja.csv:118`, or its rows, `paakirja.csv:118–120`, and where a row has several
    amounts, the column, `paakirja.csv:118 [Toteuma]`. However long a source is, it is gone through once.
    """
    if "\n" in source:
        return False
    column = len(" []") if source.endswith("]") else len(source)
    return any(
        found.end() == len(source) or (source.startswith(" [", found.end()) and len(source) - found.end() > column)
        for found in _ROW.finditer(source, 1)
    )


def _original(event: BudgetAdopted | BudgetAmended) -> bool:
    return isinstance(event, BudgetAdopted) or event.reason.startswith(BUDGET_REASON)


def _add(cells: dict[_Key, Earlier], key: _Key, cents: int, source: str, *, detail: bool) -> None:
    known = cells.get(key)
    if known is None:
        cells[key] = Earlier(cents, source, detail)
    else:
        known.cents += cents
