"""From a ledger to events: all of it in one transaction, by the rules that hold for figures entered by hand.

Each unit's year is loaded once. What a rule says of a line or a period is asked once, not for every row.
"""

from __future__ import annotations

from array import array
from collections import Counter
from datetime import date, timedelta
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from events.period import Period
from heinola_es.domain.aggregates.base import Stamp
from heinola_es.domain.plausible import FLOOR_CENTS, FarBeyond, require_plausible
from heinola_es.errors import HeinolaError, nearest
from heinola_es.handlers.organisation import establish_unit, move_unit, rename_unit
from heinola_es.handlers.roles import Permit
from heinola_es.handlers.session import Session
from heinola_es.importing.ledger.placing.covering import covers_of, require_scope
from heinola_es.importing.ledger.placing.ledger import ACTUAL, FORECAST, LedgerUnit, UnitBegins, UnitChange
from heinola_es.importing.ledger.placing.totals import findings_of
from heinola_es.importing.ledger.recording.alike import note_alike
from heinola_es.importing.ledger.recording.budgets import record_budgets
from heinola_es.importing.ledger.recording.first_days import begin_earlier
from heinola_es.importing.ledger.recording.forecasts import record_forecasts
from heinola_es.importing.ledger.recording.levels_beside import note_other_levels
from heinola_es.importing.ledger.recording.postings import record_postings
from heinola_es.importing.ledger.recording.reconciling import Covered
from heinola_es.importing.ledger.recording.replaced import refuse_elsewhere
from heinola_es.importing.ledger.recording.statements import record_statements
from heinola_es.importing.ledger.recording.vanished import record_vanished_budgets, told_years, withdraw_vanished
from heinola_es.importing.ledger.recording.writing import Writing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from heinola_es.domain.aggregates.file_import import Import
    from heinola_es.domain.aggregates.unit_year import UnitYear
    from heinola_es.importing.ledger.mapping.wishes import Wishes
    from heinola_es.importing.ledger.placing.ledger import Ledger, Source
    from heinola_es.store.log import Clock, EventLog, Request

FIGURES_FORMAT = "figures"
_TOP_KINDS = ("city", "sector", "investment_programme")


@define(slots=True)
class Outcome:
    """What came of an import; filled while it goes on, so that a refused one can be told about, too.

    Attributes:
        recorded: events by topic; where nothing is recorded, those that would be.
        new_units: units that were not known before.
        changes: units that stand elsewhere, or are called otherwise, from a year on.
        begins: units that exist from an earlier day on.
        unchanged: cells of a newer file that are as they were.
        derived: postings that are differences of totals from 1 January.
        version: of the event that says so, among the imports of the same content.
        first, last: positions in the log; 0 where nothing was recorded.
    """

    recorded: Counter[str] = field(factory=Counter)
    new_units: list[LedgerUnit] = field(factory=list)
    changes: list[UnitChange] = field(factory=list)
    begins: list[UnitBegins] = field(factory=list)
    unchanged: int = 0
    derived: int = 0
    version: int = 0
    first: int = 0
    last: int = 0


def record_ledger(
    log: EventLog,
    now: Clock,
    request: Request,
    ledger: Ledger,
    wishes: Wishes,
    outcome: Outcome,
    tell: Callable[[int], None],
) -> None:
    """Record everything a ledger says in one transaction, or nothing; refusals are added to its problems.

    Raises:
        LedgerUnfit, LedgerRefused: there are problems, in the file or with a rule; nothing was recorded.
    """
    with log.command(now, request, permit=Permit(log), dry_run=wishes.dry_run) as command:
        stamp = Stamp(command.recorded, request.by, request.source, request.reason, command.login)
        chart = log.charts().of_all(period.year for period in ledger.periods)
        session = Session(log=log, chart=chart, stamp=stamp)
        writing = Writing(session=session, command=command, ledger=ledger, wishes=wishes, stamp=stamp)
        file_import = session.file_import(ledger.sha256)
        ledger.notes.extend(file_import.told())
        writing.again = bool(file_import.imported)
        before = log.head().size
        if ledger.amounts:
            _ask_about_large(writing, request)
            refuse_elsewhere(writing, file_import)
            unknown = _establish_units(writing)
            note_alike(writing)
            note_other_levels(writing, unknown)
            require_scope(ledger, session)
            _record_streams(writing, unknown, tell)
            _close(writing, file_import)
        outcome.recorded, outcome.new_units, outcome.changes = writing.recorded, writing.new_units, writing.changes
        outcome.begins = writing.begins
        outcome.unchanged, outcome.derived = writing.unchanged, writing.derived
        outcome.version = file_import.version
        _note_absent(writing)
        ledger.problems.raise_any(ledger.name)
        after = log.head().size
    if not wishes.dry_run:
        outcome.first, outcome.last = before + 1, after


def _note_absent(writing: Writing) -> None:
    if writing.absent:
        accounts = "1 account of earlier totals is" if writing.absent == 1 else f"{writing.absent} accounts are"
        writing.ledger.notes.append(
            f"{accounts} not among the totals of this file, and left as recorded; "
            f"with --update they are taken as nothing"
        )


def _ask_about_large(writing: Writing, request: Request) -> None:
    """Take note of the largest amount where it is far beyond what the store has seen."""
    cents = writing.ledger.amounts.cents
    largest = max(abs(min(cents)), abs(max(cents)))
    try:
        require_plausible(largest, writing.session.log.bodies_backwards(), large=request.large)
    except FarBeyond as error:
        at = next(index for index, amount in enumerate(cents) if abs(amount) == largest)
        writing.refuse(error, at, sum(abs(amount) > FLOOR_CENTS for amount in cents) - 1)


# ---------------------------------------------------------------- units


def _establish_units(writing: Writing) -> set[str]:
    """Establish the units that are new, and return the codes of those that cannot be."""
    ledger, unknown, known = writing.ledger, set[str](), list[LedgerUnit]()
    since = writing.wishes.units_since or date(ledger.first_year(), 1, 1)
    units = _parents_first(ledger.units)
    begin_earlier(writing, units, since)
    for unit in units:
        if writing.session.unit_or_new(unit.code).kind is not None:
            known.append(unit)
        elif not _establish(writing, unit, since):
            unknown.add(unit.code)
    of = dict[str, list[UnitChange]]()
    for change in ledger.changes:
        of.setdefault(change.code, []).append(change)
    for unit in ledger.units:
        if unit.code not in unknown:
            _change(writing, of.get(unit.code, ()))
    for unit in known:
        _compare(writing, unit, of.get(unit.code, ()))
    return unknown


def _parents_first(units: Sequence[LedgerUnit]) -> list[LedgerUnit]:
    """Return the units so that each comes after the one above it; else in their order."""
    by_code, sorted_units = {unit.code: unit for unit in units}, dict[str, LedgerUnit]()

    def add(unit: LedgerUnit) -> None:
        if unit.code not in sorted_units:
            if unit.parent in by_code:
                add(by_code[unit.parent])
            sorted_units[unit.code] = unit

    for unit in units:
        add(unit)
    return list(sorted_units.values())


def _change(writing: Writing, changes: Sequence[UnitChange]) -> None:
    """Let a unit move or be called otherwise where it was, in the store, what the file says that it was."""
    session = writing.session
    for change in changes:
        day = date(change.year, 1, 1)
        before = day - timedelta(days=1)
        unit = session.unit(change.code)
        was, now = (
            (unit.parent_on(before), unit.parent_on(day))
            if change.moved
            else (unit.names.on(before), unit.names.on(day))
        )
        if was != change.before or now == change.after:
            continue
        session.stamp = writing.at(f"{writing.ledger.name}:{change.row}")
        try:
            if change.moved:
                move_unit(session, change.code, day, change.after)
            else:
                rename_unit(session, change.code, day, change.after or change.code)
        except HeinolaError as error:
            writing.ledger.problems.refused(error, change.row)
        else:
            writing.changes.append(change)


def _establish(writing: Writing, unit: LedgerUnit, since: date) -> bool:
    session, problems = writing.session, writing.ledger.problems
    if unit.parent is None and unit.kind not in _TOP_KINDS:
        known = nearest(unit.code, session.unit_codes())
        problems.add(
            f"unit {unit.code} is not known, and the file does not say what it stands under{known}; map the columns "
            f"of the units above it, or establish it first with `heinola record unit`",
            unit.row,
        )
        return False
    session.stamp = writing.at(f"{writing.ledger.name}:{unit.row}")
    try:
        name, parent = unit.name or unit.code, unit.parent
        establish_unit(session, unit.code, since, name=name, kind=unit.kind, parent=parent)
    except HeinolaError as error:
        problems.refused(error, unit.row)
        return False
    writing.new_units.append(unit)
    return True


def _compare(writing: Writing, unit: LedgerUnit, changes: Sequence[UnitChange]) -> None:
    """Take note where the file and the store differ about a unit; figures are recorded on it all the same."""
    for change in changes:
        what = {"parent": change.after} if change.moved else {"name": change.after or ""}
        unit = evolve(unit, row=change.row, **what)
    known = writing.session.unit(unit.code)
    day = max(writing.ledger.span().end, known.first_day)
    parent, name = known.parent_on(day), known.names.on(day)
    if unit.parent is not None and parent != unit.parent:
        writing.ledger.notes.append(
            f"row {unit.row}: unit {unit.code} stands under {parent or 'nothing'} in the store and under {unit.parent} "
            f"in the file; if it has moved, record it with `heinola record move`"
        )
    if unit.name and name != unit.name:
        writing.ledger.notes.append(
            f"row {unit.row}: unit {unit.code} is called {name} in the store and {unit.name} in the file"
        )


# ---------------------------------------------------------------- figures


def _record_streams(writing: Writing, unknown: set[str], tell: Callable[[int], None]) -> None:
    """Record all postings, then all statements: what one file says together is not counted twice."""
    covered = _covered(writing.ledger)
    stating = any(source.column.statement for source in writing.ledger.sources)
    streams = writing.ledger.by_stream()
    if writing.wishes.update:
        streams = streams | {key: array("I") for key in _emptied(writing.ledger, covered) if key not in streams}
    for (unit, year), indexes in streams.items():
        if unit not in unknown:
            _record_adding(writing, writing.session.unit_year(unit, year), indexes, covered)
            writing.flush(whole=False)
            if not stating:
                writing.session.forget(unit, year)
        tell(len(indexes))
    for (unit, year), indexes in streams.items() if stating else ():
        if unit not in unknown:
            kept = [index for index in indexes if _source(writing.ledger, index).column.statement]
            of_year = writing.session.unit_year(unit, year)
            record_statements(writing, of_year, kept)
            if writing.wishes.update:
                withdraw_vanished(writing, of_year, kept)
            writing.flush(whole=False)


def _record_adding(writing: Writing, year: UnitYear, indexes: Sequence[int], covered: Covered) -> None:
    ledger = writing.ledger
    budgeting = any(source.measure != ACTUAL or source.column.statement for source in ledger.sources)
    actuals = indexes
    if budgeting:
        adding = [index for index in indexes if not _source(ledger, index).column.statement]
        actuals = [index for index in adding if _source(ledger, index).measure == ACTUAL]
        of_budget = [index for index in adding if _source(ledger, index).measure not in {ACTUAL, FORECAST}]
        record_budgets(writing, year, of_budget)
        record_forecasts(writing, year, [index for index in adding if _source(ledger, index).measure == FORECAST])
        if writing.wishes.update:
            record_vanished_budgets(writing, year, adding)
    record_postings(writing, year, actuals, covered)


def _covered(ledger: Ledger) -> Covered:
    """Return the periods whose actuals the file tells, even where it has none."""
    said = set(zip(ledger.amounts.source, ledger.amounts.period, strict=True))
    plain, totals = set[Period](), set[Period]()
    for at, source in enumerate(ledger.sources):
        if source.measure == ACTUAL and not source.column.statement:
            of = {ledger.periods[period] for one, period in said if one == at}
            (totals if source.column.cumulative else plain).update(of | ({source.period} if source.period else set()))
    return Covered(frozenset(plain), frozenset(totals))


def _emptied(ledger: Ledger, covered: Covered) -> Iterator[tuple[str, int]]:
    """Yield every unit of the file with every year that it tells of."""
    years = sorted({period.year for period in covered.plain | covered.totals} | told_years(ledger))
    return ((unit.code, year) for unit in ledger.units for year in years)


def _source(ledger: Ledger, index: int) -> Source:
    return ledger.sources[ledger.amounts.source[index]]


def _close(writing: Writing, file_import: Import) -> None:
    """Record that the file was imported, and flush."""
    writing.flush()
    ledger = writing.ledger
    counts = {**ledger.counts, **dict(writing.recorded.items())}
    file_import.complete(
        writing.at(ledger.name),
        ledger.span(),
        file_name=ledger.name,
        file_format=FIGURES_FORMAT,
        counts=tuple(f"{name}={number}" for name, number in counts.items() if number),
        findings=tuple(("total", "", str(row), sentence) for row, sentence in findings_of(ledger)),
        covers=covers_of(ledger),
    )
    writing.flush()
