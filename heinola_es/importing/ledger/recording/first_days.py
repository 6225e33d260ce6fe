"""Units that a file tells older facts of than the store has: their first days move, where an import concluded them."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from heinola_es.errors import HeinolaError
from heinola_es.importing.first_days import BroughtIn
from heinola_es.importing.ledger.placing.ledger import LedgerUnit, UnitBegins

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.importing.ledger.recording.writing import Writing


def begin_earlier(writing: Writing, units: Iterable[LedgerUnit], since: date) -> None:
    """Let known units exist from the earliest year on that the file has amounts of, for them or for one below.

    Args:
        writing: the import at work; what is refused is added to its problems.
        units: of the file, each after the one above it.
        since: the first day of units that are new.
    """
    session = writing.session
    known = {unit.code: unit for unit in units if session.unit_or_new(unit.code).kind is not None}
    if all(session.unit(code).first_day <= date(writing.ledger.first_year(), 1, 1) for code in known):
        return
    wanted = _wanted(writing, units, since)
    brought_in = BroughtIn.before(session)
    for code in sorted(wanted, key=lambda code: len(session.ever_above(code))):
        before, row = session.unit(code).first_day, known[code].row if code in known else 0
        if wanted[code] >= before or not brought_in.has(code):
            continue
        source = f"{writing.ledger.name}:{row}" if row else writing.ledger.name
        try:
            brought_in.begin(code, wanted[code], source=source, file=writing.ledger.name)
        except HeinolaError as error:
            writing.ledger.problems.refused(error, row)
        else:
            writing.begins.append(UnitBegins(code, row, before, wanted[code]))


def _wanted(writing: Writing, units: Iterable[LedgerUnit], since: date) -> dict[str, date]:
    """Return the day by which each known unit has to be there: for itself, and for what stands under it."""
    session, ledger = writing.session, writing.ledger
    earliest: dict[str, date] = {}
    for number, period in set(zip(ledger.amounts.unit, ledger.amounts.period, strict=True)):
        code, day = ledger.units[number].code, date(ledger.periods[period].year, 1, 1)
        earliest[code] = min(day, earliest.get(code, day))
    wanted: dict[str, date] = {}
    for unit in units:
        known = session.unit_or_new(unit.code)
        day = since if known.kind is None else earliest.get(unit.code, date.max)
        at: str | None = unit.parent if known.kind is None else unit.code
        while at is not None:
            standing = session.unit_or_new(at)
            if standing.kind is None:
                at = next((one.parent for one in units if one.code == at), None)
                continue
            wanted[at] = min(day, wanted.get(at, day))
            at = standing.parent_on(standing.first_day)
    return wanted
