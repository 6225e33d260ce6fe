"""The same content read by another mapping: amounts that stand elsewhere now would count there and where they stood."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from events.period import Period
from heinola_es.domain.amounts import format_cents

if TYPE_CHECKING:
    from heinola_es.domain.aggregates.file_import import Import
    from heinola_es.importing.ledger.placing.ledger import Ledger
    from heinola_es.importing.ledger.recording.writing import Writing

_Cell = tuple[str, str, str]
"""Unit, account (else line) and period of a posting, as stored."""
_ROW = re.compile(r":(\d+)(?: \[.*\])?\Z", re.DOTALL)


def refuse_elsewhere(writing: Writing, file_import: Import) -> None:
    """Refuse rows whose amounts the same content brought into other cells before, and which are there still.

    They are the same amounts where every such row has in this reading what it had in that: then a mapping was put
    right, and did not read another column.
    """
    if not writing.again or writing.wishes.also:
        return
    before, left = _postings(writing, file_import)
    now, cells = _read(writing.ledger)
    elsewhere = [(row, cell, cents) for row, cell, cents in before if row in now and cell not in cells and left[cell]]
    if not elsewhere or any(abs(cents) not in now[row] for row, _cell, cents in elsewhere):
        return
    row, (unit, of, period), cents = min(elsewhere)
    days = Period(*map(date.fromisoformat, period.split("/"))).label
    more = f" (and {len(elsewhere) - 1} more like it)" if len(elsewhere) > 1 else ""
    writing.ledger.problems.add(
        f"this row was imported before, from the same content, as {format_cents(cents)} on {unit} {of} {days}, and by "
        f"this mapping it would count elsewhere, too; undo that import first (`heinola list imports` has its position, "
        f"`heinola undo` takes it back), or add --also where both are meant{more}",
        row,
    )


def _postings(writing: Writing, file_import: Import) -> tuple[list[tuple[int, _Cell, int]], dict[_Cell, int]]:
    """Return what imports of the content posted, by row, and what every cell comes to, with all corrections."""
    moments = {event.recorded.isoformat() for event in file_import.imported}
    found: list[tuple[int, _Cell, int]] = []
    left: dict[_Cell, int] = defaultdict(int)
    for body in writing.session.log.bodies_backwards():
        if "amount_cents" not in body or "account" not in body:
            continue
        cell = _cell(body)
        left[cell] += body["amount_cents"]
        row = _ROW.search(body.get("source", ""))
        if row and _moment(body) in moments:
            found.append((int(row[1]), cell, body["amount_cents"]))
    return found, left


def _moment(body: dict[str, Any]) -> str:
    return str(body.get("recorded", "")).replace("Z", "+00:00")


def _cell(body: dict[str, Any]) -> _Cell:
    return str(body["unit"]), str(body["account"] or body["line"]), str(body["effective"])


def _read(ledger: Ledger) -> tuple[dict[int, set[int]], set[_Cell]]:
    """Return the amounts of every row as they are read now, without their signs, and the cells that they are of."""
    of, by_row, cells = ledger.amounts, defaultdict[int, set[int]](set), set[_Cell]()
    for unit, account, period, cents, row in zip(of.unit, of.account, of.period, of.cents, of.row, strict=True):
        by_row[row].add(abs(cents))
        known = ledger.accounts[account]
        cells.add((ledger.units[unit].code, known.code or known.line, str(ledger.periods[period])))
    return by_row, cells
