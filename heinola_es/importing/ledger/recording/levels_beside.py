"""Figures of a unit beside those of what is below it: a file of service areas after one of their units."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.importing.ledger.placing.ledger import ACTUAL, BUDGET
from heinola_es.importing.ledger.reading.problems import counted
from heinola_es.importing.ledger.recording.earlier import earlier_actuals, earlier_budgets

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heinola_es.importing.ledger.recording.writing import Writing

_LEAVES = frozenset({"unit", "investment_item"})
_NAMED = 3
_LOOKED_AT = 500
_ADDING = frozenset({ACTUAL, BUDGET})


def note_other_levels(writing: Writing, unknown: set[str]) -> None:
    """Note the units whose actuals or budgets are added to imported ones of the same line and days, above or below.

    What a unit has itself is added to what is below it. Where it is the sum of that, it would count twice. Of many
    units below one, the first are looked at; nothing is noted where both are meant.
    """
    adding = any(source.measure in _ADDING and not source.column.statement for source in writing.ledger.sources)
    if writing.wishes.also or not adding:
        return
    streams = {key: indexes for key, indexes in writing.ledger.by_stream().items() if key[0] not in unknown}
    children = _children(writing, {unit for unit, _year in streams})
    cells: dict[tuple[str, int], list[tuple[int, str, Period]]] = {}
    found: list[str] = []
    for (unit, year), indexes in streams.items():
        for other in (*_above(writing, unit), *_below(children, unit)):
            if (other, year) in streams or other in unknown:
                continue
            if (other, year) not in cells:
                cells[other, year] = _imported(writing, other, year)
            if _meets(writing, indexes, cells[other, year]):
                found.append(f"{unit} beside {other}")
                break
    if found:
        more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
        writing.ledger.notes.append(
            f"{counted(len(found), 'unit')} with actuals or budgets of days of which a unit above or below has some of "
            f"the same line, imported before, to which they are added: {', '.join(found[:_NAMED])}{more}; where one is "
            'the sum of the other, say as = "statement" for the sums, or leave them out; where both count, add --also'
        )


def _imported(writing: Writing, unit: str, year: int) -> list[tuple[int, str, Period]]:
    """Return the measures, lines and periods of the actuals and original budgets that imports brought to a unit."""
    of_year = writing.session.unit_year(unit, year)
    actuals, budgets = earlier_actuals(of_year), earlier_budgets(of_year)
    writing.session.forget(unit, year)
    return [
        *((ACTUAL, line, period) for (line, _account, _internal, period), cell in actuals.items() if cell.cents),
        *((BUDGET, line, Period.of_year(year)) for (line, _internal), cell in budgets.items() if cell.cents),
    ]


def _meets(writing: Writing, indexes: Sequence[int], cells: Sequence[tuple[int, str, Period]]) -> bool:
    """Return whether any amount of the file is of the measure and line and of days of one of these."""
    if not cells:
        return False
    ledger, chart = writing.ledger, writing.session.chart
    adding = [source.measure in _ADDING and not source.column.statement for source in ledger.sources]
    of = ledger.amounts
    said = {
        (ledger.sources[of.source[at]].measure, of.account[at], of.period[at])
        for at in indexes
        if adding[of.source[at]] and of.cents[at]
    }
    for measure, account, number in said:
        line, period = ledger.accounts[account].line, ledger.periods[number]
        lines = chart.at_or_above(line) | chart.at_or_below(line)
        if any(one == measure and other in lines and period.overlaps(days) for one, other, days in cells):
            return True
    return False


def _above(writing: Writing, unit: str) -> Iterator[str]:
    """Yield the units above one, from the nearest."""
    day, met = writing.ledger.span().end, {unit}
    while True:
        known = writing.session.unit_or_new(unit)
        above = None if known.kind is None else known.parent_on(max(day, known.first_day))
        if above is None or above in met:
            return
        unit = above
        met.add(unit)
        yield unit


def _below(children: dict[str, list[str]], unit: str) -> list[str]:
    """Return the units below one, the first of them where there are many."""
    below = list(children.get(unit, ()))
    for code in below:
        if len(below) >= _LOOKED_AT:
            break
        below.extend(other for other in children.get(code, ()) if other not in below)
    return below[:_LOOKED_AT]


def _children(writing: Writing, units: set[str]) -> dict[str, list[str]]:
    """Return what stands under each unit, where one of these may have anything under it; else nothing."""
    if all(writing.session.unit_or_new(unit).kind in _LEAVES for unit in units):
        return {}
    children: dict[str, list[str]] = {}
    day = writing.ledger.span().end
    for code in writing.session.unit_codes():
        unit = writing.session.unit(code)
        parent = unit.parent_on(max(day, unit.first_day))
        if parent is not None:
            children.setdefault(parent, []).append(code)
    return children
