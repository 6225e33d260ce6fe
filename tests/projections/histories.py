"""Histories for property tests: any commands a city may give, refused or not, over a small city; and what they mean.

`columns_of` works the columns of a snapshot out of the events themselves, without a read model.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from attrs import frozen
from hypothesis import strategies as st

from events.figures import ActualCorrected, ActualPosted, BudgetAdopted, BudgetAmended, FigureStated, StatementWithdrawn
from events.organisation import OrganisationEvent, UnitEstablished
from events.period import Period
from heinola_es.aggregates.unit import Unit
from heinola_es.chart import load_chart
from heinola_es.errors import HeinolaError
from heinola_es.handlers import figures, goals, organisation, projects
from heinola_es.organisation import Organisation
from heinola_es.periods import parse_period
from heinola_es.store.log import EventLog
from projections import running_totals, stored_postings
from tests.projections.asking import record

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from events.base import Event

BEGUN_AT = datetime(2020, 7, 1, 9, 0, tzinfo=UTC)
"""When the first command of a history is given."""


@frozen
class Given:
    """One command of a history, given `minutes` after the one before."""

    minutes: int
    handler: Callable[..., None]
    arguments: tuple[object, ...]
    options: dict[str, Any]


def _commands(
    handler: Callable[..., None], *arguments: st.SearchStrategy[Any], **options: object
) -> st.SearchStrategy[Given]:
    """Return commands of one handler; an option that is a strategy is drawn, any other is given."""
    drawn = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in options.items()}
    return st.builds(Given, st.integers(0, 2), st.just(handler), st.tuples(*arguments), st.fixed_dictionaries(drawn))


_unit = st.sampled_from(["4100", "4160", "410", "HYV", "4000", "INV-1", "HYV-INV"])
_line = st.sampled_from(["sales", "income", "operating_income", "personnel", "expenses", "financial_items"])
_stated_line = st.one_of(_line, st.sampled_from(["net", "operating_margin", "result"]))
_period = st.sampled_from(
    [
        parse_period(text)
        for text in ("1/2020", "6/2020", "20.6.2020", "7/2020", "2020H1", "2020Q2", "2019", "6/2019", "2019H1")
    ]
)
_day = st.sampled_from([date(2019, 12, 1), date(2020, 3, 31), date(2020, 6, 30), date(2020, 7, 1)])
_cents = st.integers(-1_000, 1_000)
_flag = st.booleans()
_measure = st.sampled_from(["actual", "budget"])
_year = st.sampled_from([2019, 2020])
_name = st.sampled_from(["a", "b"])
_number = st.integers(1, 2)

FIGURE_COMMANDS: st.SearchStrategy[Given] = st.one_of(
    _commands(figures.post_actual, _unit, _line, _period, _cents, detail=_flag, contra=True),
    _commands(figures.post_actual, _unit, _line, _period, _cents, contra=True),
    _commands(figures.correct_actual, _unit, _line, _period, _cents, reason="korjaus"),
    _commands(
        figures.state_figure, _unit, _stated_line, _period, _measure, _cents, precision_cents=st.sampled_from([1, 100])
    ),
    _commands(figures.withdraw_statement, _unit, _stated_line, _period, _measure, reason="peruttu"),
    _commands(figures.adopt_budget, _unit, _line, _year, _cents, day=_day, detail=_flag, contra=True),
    _commands(
        figures.amend_budget, _unit, _line, _year, _cents, day=_day, detail=_flag, correcting=_flag, reason="muutos"
    ),
)
"""What moves figures: postings, corrections, statements and budgets."""

ORGANISATION_COMMANDS: st.SearchStrategy[Given] = st.one_of(
    _commands(
        organisation.move_unit, st.sampled_from(["4100", "4160", "410"]), _day, st.sampled_from(["HYV", "400", "410"])
    ),
    _commands(organisation.rename_unit, _unit, _day, _name),
    _commands(organisation.assign_responsible, _unit, _day, _name),
    _commands(organisation.close_unit, st.just("4160"), _day),
    _commands(organisation.merge_unit, st.just("4160"), _day, st.just("4100")),
)

OTHER_COMMANDS: st.SearchStrategy[Given] = st.one_of(
    _commands(figures.close_period, _period, _unit),
    _commands(goals.set_goal, _unit, _year, _name, binding_goal=_name),
    _commands(goals.update_goal_status, _unit, _period, _name, st.sampled_from(["delayed", "achieved"]), _name),
    _commands(goals.withdraw_goal, _unit, _day, _name, reason="peruttu"),
    _commands(goals.set_priority, _unit, _year, _number, _name),
    _commands(goals.report_priority, _unit, _period, _number, _name),
    _commands(goals.report_narrative, _unit, _period, _name, _name, part=_number),
    _commands(goals.give_outlook, _unit, _period, _name),
    _commands(goals.observe_indicator, _unit, _period, _name, st.sampled_from(["1", "2,5"])),
    _commands(projects.launch_project, _name, _period, _unit, income_cents=_cents),
    _commands(projects.revise_project, _name, _day, phase=_name),
    _commands(projects.report_progress, _name, _period, st.sampled_from(["10", "99,5"]), _name),
    _commands(projects.end_project, _name, _day, _name),
)

FIGURE_HISTORIES = st.lists(st.one_of(FIGURE_COMMANDS, FIGURE_COMMANDS, ORGANISATION_COMMANDS), max_size=14)
HISTORIES = st.lists(st.one_of(FIGURE_COMMANDS, ORGANISATION_COMMANDS, OTHER_COMMANDS), max_size=14)


@contextmanager
def living_city(founded: Path) -> Iterator[EventLog]:
    """Give a store of its own, open for recording, that begins as the store in the file `founded`."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "history.db")
        shutil.copyfile(founded, path)
        with EventLog.open(str(path)) as log:
            yield log


@contextmanager
def segments_of(positions: int) -> Iterator[None]:
    """Let running totals be kept by segments of so many positions, as a long log has many of them."""
    with patch.object(running_totals, "SEGMENT", positions), patch.object(stored_postings, "SEGMENT", positions):
        yield


def live_through(log: EventLog, history: Iterable[Given]) -> list[Given]:
    """Give the commands of a history one after the other and return those that were not refused."""
    history = list(history)
    accepted = []
    for command, minutes in zip(history, accumulate(given.minutes for given in history), strict=True):
        try:
            now = BEGUN_AT + timedelta(minutes=minutes)
            record(log, command.handler, *command.arguments, now=now, **command.options)
        except HeinolaError:
            continue
        accepted.append(command)
    return accepted


@frozen
class Posted:
    """What adds: an actual or a correction of a period, or a budget decision of a day."""

    position: int
    unit: str
    line: str
    cents: int
    day: date
    detail: bool


@frozen
class Stated:
    """A total that was stated, of a period or as of a day."""

    position: int
    cents: int
    precision_cents: int
    day: date


@frozen
class ValuesOfTheLog:
    """One column, and the value rule over it as its words have it: slow, and with nothing remembered."""

    organisation: Organisation
    stated: dict[tuple[str, str], Stated]
    posted: list[Posted]

    def value(self, unit: str, line: str) -> tuple[int, int] | None:
        """Return amount and precision of a cell, or None where nobody ever said."""
        components = load_chart().lines[line].components
        own = [p for p in self.posted if p.unit == unit]
        on_the_line = [p.cents for p in own if p.line == line]
        if (unit, line) in self.stated:
            return self._with_what_came_later(unit, line)
        below = _known(self.value(child, line) for child in self.organisation.below(unit))
        if below:
            return _sum(below, [p.cents for p in own if p.line in _at_or_below(line)])
        parts = _known(self.value(unit, component) for component in components)
        if parts or on_the_line:
            return _sum(parts, on_the_line)
        return None

    def _with_what_came_later(self, unit: str, line: str) -> tuple[int, int]:
        stated = self.stated[unit, line]
        later = [
            p.cents
            for p in self.posted
            if p.unit in self._with_all_below(unit)
            and p.line in _at_or_below(line)
            and not p.detail
            and (p.position > stated.position or p.day > stated.day)
        ]
        return stated.cents + sum(later), stated.precision_cents

    def _with_all_below(self, unit: str) -> set[str]:
        return {unit}.union(*(self._with_all_below(child) for child in self.organisation.below(unit)))


def columns_of(events: Sequence[Event], period: Period) -> dict[str, ValuesOfTheLog]:
    """Return the columns of the snapshot of `period`, out of the events of the log in its order."""
    cumulative = Period(date(period.year, 1, 1), period.end)
    spans = {
        "final_accounts": parse_period(f"{period.year - 1}"),
        "prior_actual": parse_period(f"1.1.–{period.end.day}.{period.end.month}.{period.year - 1}"),
        "actual": cumulative,
    }
    then = _organisation(events, period.end)
    numbered = list(enumerate(events, 1))
    actuals = {
        name: ValuesOfTheLog(then, _stated_of(numbered, span), _posted_in(numbered, span))
        for name, span in spans.items()
    }
    budget = ValuesOfTheLog(then, _budget_stated_by(numbered, cumulative), _budget_decided_by(numbered, cumulative))
    return {**actuals, "budget": budget}


def _organisation(events: Iterable[Event], day: date) -> Organisation:
    units: dict[str, Unit] = {}
    for event in events:
        if isinstance(event, OrganisationEvent):
            if isinstance(event, UnitEstablished):
                units[event.code] = Unit(stream=event.originator_id, code=event.code)
            units[event.code].replay([event])
    return Organisation.as_of(units.values(), day)


def _posted_in(events: Iterable[tuple[int, Event]], span: Period) -> list[Posted]:
    return [
        Posted(at, e.unit, e.line, e.amount_cents, e.effective.end, getattr(e, "detail", False))
        for at, e in events
        if isinstance(e, ActualPosted | ActualCorrected) and span.contains(e.effective)
    ]


def _stated_of(events: Iterable[tuple[int, Event]], span: Period) -> dict[tuple[str, str], Stated]:
    holding: dict[tuple[str, str], Stated] = {}
    for position, event in events:
        if not isinstance(event, FigureStated | StatementWithdrawn) or event.measure != "actual":
            continue
        if event.effective == span:
            _take(holding, position, event)
    return holding


def _budget_decided_by(events: Iterable[tuple[int, Event]], cumulative: Period) -> list[Posted]:
    return [
        Posted(at, e.unit, e.line, e.amount_cents, e.effective.end, e.detail)
        for at, e in events
        if isinstance(e, BudgetAdopted | BudgetAmended)
        and e.fiscal_year == cumulative.year
        and e.effective.end <= cumulative.end
    ]


def _budget_stated_by(events: Iterable[tuple[int, Event]], cumulative: Period) -> dict[tuple[str, str], Stated]:
    """Return, of the budgets stated up to the period's end and not withdrawn, those as of the latest day."""
    by_day: dict[date, dict[tuple[str, str], Stated]] = {}
    for position, event in events:
        if not isinstance(event, FigureStated | StatementWithdrawn) or event.measure != "budget":
            continue
        if event.effective.start == cumulative.start and event.effective.end <= cumulative.end:
            _take(by_day.setdefault(event.effective.end, {}), position, event)
    return {place: stated for day in sorted(by_day) for place, stated in by_day[day].items()}


def _take(holding: dict[tuple[str, str], Stated], position: int, event: FigureStated | StatementWithdrawn) -> None:
    if isinstance(event, StatementWithdrawn):
        holding.pop((event.unit, event.line), None)
        return
    holding[event.unit, event.line] = Stated(position, event.amount_cents, event.precision_cents, event.effective.end)


def _known(values: Iterable[tuple[int, int] | None]) -> list[tuple[int, int]]:
    return [value for value in values if value is not None]


def _sum(parts: list[tuple[int, int]], postings: list[int]) -> tuple[int, int]:
    """Return the sum, as coarse as the coarsest of its parts."""
    return sum(amount for amount, _ in parts) + sum(postings), max((precision for _, precision in parts), default=1)


def _at_or_below(line: str) -> set[str]:
    return {line}.union(*(_at_or_below(component) for component in load_chart().lines[line].components))
