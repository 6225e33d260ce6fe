"""What a ledger covers: the months that appear in it for the units that appear in it; its mapping may say otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.domain.aggregates.file_import import COVERS_NOTHING, Covers
from heinola_es.errors import HeinolaError
from heinola_es.importing.ledger.placing.ledger import ACTUAL, BUDGET
from heinola_es.importing.ledger.reading.problems import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.domain.chart import Chart
    from heinola_es.handlers.session import Session
    from heinola_es.importing.ledger.mapping.mapping import Mapping
    from heinola_es.importing.ledger.placing.ledger import Ledger


def take_completeness(ledger: Ledger, mapping: Mapping, chart: Chart) -> None:
    """Let a ledger know what its mapping says of its completeness; a line that is none is a problem."""
    ledger.scope = mapping.scope
    if isinstance(mapping.complete, bool):
        ledger.complete = mapping.complete
        return
    for name in mapping.complete:
        try:
            ledger.complete_lines = (*ledger.complete_lines, chart.line(name).code)
        except HeinolaError as error:
            ledger.problems.add(f"complete: {error}")


def require_scope(ledger: Ledger, session: Session) -> None:
    """Take note of units of the scope that are not there."""
    for code in ledger.scope:
        try:
            session.unit(code)
        except HeinolaError as error:
            ledger.problems.add(f"scope: {error}; check scope in the mapping")


def covers_of(ledger: Ledger) -> Covers:
    """Return what a ledger is complete for."""
    if not ledger.complete:
        return COVERS_NOTHING
    actuals, budgets = _periods(ledger, ACTUAL), _periods(ledger, BUDGET)
    months = tuple(f"{year}-{month:02}" for year, month in sorted({of for period in actuals for of in _months(period)}))
    years = tuple(sorted({period.year for period in budgets}))
    if not months and not years:
        return COVERS_NOTHING
    return Covers(units=ledger.scope or _lowest(ledger), months=months, years=years, lines=ledger.complete_lines)


def told_coverage(ledger: Ledger) -> Iterator[str]:
    """Yield, for a dry run, what the file is taken to be complete for."""
    covers = covers_of(ledger)
    if covers == COVERS_NOTHING:
        return
    units = f"{', '.join(covers.units)} and all below" if ledger.scope else counted(len(covers.units), "unit")
    of = [*map(str, _runs(covers.months)), *(f"the budget of {year}" for year in covers.years)]
    on = f" on {', '.join(covers.lines)}" if covers.lines else ""
    yield f"taken as the whole books of {units} for {', '.join(of)}{on}: what is absent is zero"
    yield "  (where it is not whole, say complete = false in the mapping)"


def _periods(ledger: Ledger, measure: int) -> set[Period]:
    """Return the periods of the amounts of a measure that are posted."""
    of = {at for at, one in enumerate(ledger.sources) if one.measure == measure and not one.column.statement}
    pairs = set(zip(ledger.amounts.source, ledger.amounts.period, strict=True))
    return {ledger.periods[period] for source, period in pairs if source in of}


def _months(period: Period) -> Iterable[tuple[int, int]]:
    return ((period.year, month) for month in range(period.start.month, period.end.month + 1))


def _lowest(ledger: Ledger) -> tuple[str, ...]:
    """Return the units that rows are about; those above them only say where they stand."""
    above = {unit.parent for unit in ledger.units}
    return tuple(unit.code for unit in ledger.units if unit.code not in above)


def _runs(months: tuple[str, ...]) -> Iterator[str]:
    """Yield months that follow each other as periods."""
    runs: list[Period] = []
    for text in months:
        month = Period.of_month(int(text[:4]), int(text[5:]))
        if runs and runs[-1].year == month.year and runs[-1].end.month + 1 == month.start.month:
            runs[-1] = Period(runs[-1].start, month.end)
        else:
            runs.append(month)
    return (run.label for run in runs)
