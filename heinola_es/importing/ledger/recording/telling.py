"""What an import of a ledger did or would do, in words: rows, units, totals beside the file's own, problems."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.domain.amounts import format_cents
from heinola_es.importing.ledger.placing.covering import told_coverage
from heinola_es.importing.ledger.placing.totals import checks_of, sums_by_line
from heinola_es.importing.ledger.reading.problems import KEPT, counted, grouped

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Sequence

    from heinola_es.importing.ledger.placing.ledger import Ledger, LedgerUnit, UnitBegins, UnitChange
    from heinola_es.importing.ledger.reading.problems import Problems
    from heinola_es.importing.ledger.recording.recording import Outcome

_ROWS = {
    "placed": "with amounts",
    "empty": "without amounts",
    "totals": "of totals",
    "repeated headers": "of repeated headers",
    "skipped": "skipped",
    "left out": "on accounts left out",
    "other": "of kinds that no [[amounts]] takes",
    "cut": "cut at the end of the header",
    "unplaced": "that cannot be placed",
}
_EVENTS = {
    "UnitEstablished": "unit",
    "UnitFirstDayCorrected": "first day",
    "UnitMoved": "move",
    "UnitRenamed": "new name",
    "BudgetAdopted": "budget",
    "BudgetAmended": "amendment",
    "ActualPosted": "posting",
    "ActualCorrected": "correction",
    "FigureStated": "statement",
    "ForecastGiven": "forecast",
}
_NAMED_UNITS = 30
_NAMED_SUMS = 30


def summary(ledger: Ledger, outcome: Outcome) -> Iterator[str]:
    """Yield the lines that every import ends with: what was read, and what was recorded."""
    rows = [f"{grouped(number)} {_ROWS[name]}" for name, number in _known(ledger.counts, _ROWS)]
    yield f"{ledger.name} ({ledger.described}): {counted(ledger.counts['rows'], 'row')} read: {', '.join(rows)}"
    if ledger.counts["zeros"]:
        yield f"  {counted(ledger.counts['zeros'], 'zero')} left out"
    units = f"{counted(len(ledger.units), 'unit')} found, {len(outcome.new_units)} new"
    yield f"  {units}; {ledger.span().label}" if ledger.periods else f"  {units}"
    if any(source.column.cumulative and not source.column.statement for source in ledger.sources):
        yield f"  cumulative: {counted(outcome.derived, 'difference')} of totals from 1 January"
    if outcome.unchanged:
        yield f"  {counted(outcome.unchanged, 'cell')} as imported before"


def recorded(outcome: Outcome, *, dry_run: bool) -> str:
    """Return what was recorded, or would be."""
    parts = [counted(number, _EVENTS[topic]) for topic, number in _known(outcome.recorded, _EVENTS)]
    events = counted(outcome.recorded.total(), "event")
    said = f"{events} ({', '.join(parts)})" if parts else events
    if dry_run:
        return f"would record {said}; nothing was recorded"
    return f"recorded {said}, #{outcome.first}–#{outcome.last}"


def details(ledger: Ledger, outcome: Outcome) -> Iterator[str]:
    """Yield what a dry run adds: the new units, and totals per line and column beside the file's own."""
    yield from _units(outcome.new_units)
    yield from _begins(outcome.begins)
    yield from _changes(outcome.changes)
    yield from _totals(ledger)
    yield from _checks(ledger)
    yield from _sums(ledger)
    yield from told_coverage(ledger)


def told_problems(problems: Problems) -> Iterator[str]:
    """Yield a sentence with its places for each cause of problems, in the order of the rows."""
    yield from problems
    if problems.count > KEPT:
        yield f"… and {counted(problems.count - KEPT, 'problem')} more"


def _known(counts: Counter[str], names: dict[str, str]) -> list[tuple[str, int]]:
    return [(name, counts[name]) for name in names if counts[name]]


def _units(units: Sequence[LedgerUnit]) -> Iterator[str]:
    if units:
        yield "new units:"
    for unit in units[:_NAMED_UNITS]:
        under = f" under {unit.parent}" if unit.parent else ""
        yield f"  {unit.code} {unit.name or unit.code} ({unit.kind.replace('_', ' ')}){under}"
    yield from _rest(units, _NAMED_UNITS)


def _begins(begins: Sequence[UnitBegins]) -> Iterator[str]:
    if begins:
        yield "units that begin earlier:"
    for one in begins[:_NAMED_UNITS]:
        row = f" (row {one.row})" if one.row else ""
        yield f"  {one.code} on {Period.of_day(one.day).label}, not on {Period.of_day(one.before).label}{row}"
    yield from _rest(begins, _NAMED_UNITS)


def _changes(changes: Sequence[UnitChange]) -> Iterator[str]:
    if changes:
        yield "units that change:"
    for change in changes[:_NAMED_UNITS]:
        day = Period.of_day(date(change.year, 1, 1)).label
        what = (
            f"moves from {change.before or 'the top'} to {change.after or 'the top'}"
            if change.moved
            else f"{change.before!r} is called {change.after!r}"
        )
        yield f"  {change.code} {what} on {day} (row {change.row})"
    yield from _rest(changes, _NAMED_UNITS)


def _totals(ledger: Ledger) -> Iterator[str]:
    """Yield a table of euros: a row for each line, a column for each column of amounts, their sums at the bottom."""
    sums = sums_by_line(ledger)
    if not sums:
        return
    names = [source.name for source in ledger.sources]
    every = range(len(names))
    rows = [[line, *(format_cents(of[at]) if at in of else "" for at in every)] for line, of in sorted(sums.items())]
    whole = ["all", *(format_cents(sum(of.get(at, 0) for of in sums.values())) for at in every)]
    yield "totals in euros, as they are recorded:"
    yield from _table([["line", *names], *rows, whole])


def _checks(ledger: Ledger) -> Iterator[str]:
    checks = checks_of(ledger)
    if checks:
        yield "the file's own totals:"
    for check in checks:
        column = ledger.sources[check.source].name
        stated, summed = format_cents(check.stated), format_cents(check.summed)
        verdict = (
            "adds up"
            if check.fits
            else f"its rows add up to {summed}, {format_cents(check.stated - check.summed)} less"
        )
        yield f"  row {check.row} {check.label}, {column}: {stated}: {verdict}"


def _sums(ledger: Ledger) -> Iterator[str]:
    """Yield the sums of lines beside their parts: those that differ one by one, and how many agree."""
    differing = [check for check in ledger.sums if not check.fits]
    if ledger.sums:
        fits = len(ledger.sums) - len(differing)
        yield f"sums of lines, not recorded: {grouped(fits)} of {grouped(len(ledger.sums))} equal their parts"
    for check in differing[:_NAMED_SUMS]:
        what = f"{check.unit} {check.line}, {ledger.sources[check.source].name}, {check.period.label}"
        stated, summed = format_cents(check.stated), format_cents(check.summed)
        yield f"  row {check.row} {what}: {stated}: its parts add up to {summed}"
    yield from _rest(differing, _NAMED_SUMS)


def _rest(told: Sequence[object], named: int) -> Iterator[str]:
    """Yield how many there are beyond those that are named."""
    if len(told) > named:
        yield f"  … and {len(told) - named} more"


def _table(rows: list[list[str]]) -> Iterator[str]:
    widths = [max(len(row[at]) for row in rows) for at in range(len(rows[0]))]
    for row in rows:
        first, *rest = (
            cell.ljust(width) if not at else cell.rjust(width)
            for at, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        yield f"  {'  '.join([first, *rest])}".rstrip()
