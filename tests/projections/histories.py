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

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.domain.value_rule.column import Column
from heinola_es.domain.value_rule.facts import ACTUAL, BUDGET
from heinola_es.errors import HeinolaError
from heinola_es.handlers import coverage, figures, goals, organisation, projects
from heinola_es.store.log import EventLog
from projections.read_models import running_totals, stored_postings
from tests.projections.asking import record
from tests.rules import rule_of

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
_months = st.sampled_from([parse_period(text) for text in ("2020H1", "2020", "2019", "1-3/2020", "6/2020", "7/2020")])
_whole_year = st.sampled_from([Period.of_year(2019), Period.of_year(2020)])
_everything = st.sampled_from(["HYV", "410", None])
_day = st.sampled_from([date(2019, 12, 1), date(2020, 3, 31), date(2020, 6, 30), date(2020, 7, 1)])
_cents = st.integers(-1_000, 1_000)
_flag = st.booleans()
_measure = st.sampled_from(["actual", "budget"])
_year = st.sampled_from([2019, 2020])
_name = st.sampled_from(["a", "b"])
_number = st.integers(1, 2)

FIGURE_COMMANDS: st.SearchStrategy[Given] = st.one_of(
    _commands(figures.post_actual, _unit, _line, _period, _cents, detail=_flag, contra=True, also=True),
    _commands(figures.post_actual, _unit, _line, _period, _cents, contra=True, also=True),
    _commands(figures.correct_actual, _unit, _line, _period, _cents, reason="korjaus"),
    _commands(
        figures.state_figure, _unit, _stated_line, _period, _measure, _cents, precision_cents=st.sampled_from([1, 100])
    ),
    _commands(figures.withdraw_statement, _unit, _stated_line, _period, _measure, reason="peruttu"),
    _commands(figures.adopt_budget, _unit, _line, _year, _cents, day=_day, detail=_flag, contra=True),
    _commands(coverage.complete_books, _months, _unit),
    _commands(coverage.complete_books, _months, _everything),
    _commands(
        coverage.complete_books, _months, _everything, lines=st.sampled_from([("personnel",), ("income", "sales")])
    ),
    _commands(coverage.complete_books, _whole_year, _everything, measure="budget"),
    _commands(coverage.withdraw_completion, _months, _unit, reason="kesken"),
    _commands(coverage.withdraw_completion, _months, _unit, lines=("sales",), reason="kesken"),
    _commands(figures.close_period, _period, _unit),
    _commands(figures.reopen_period, _period, _unit, reason="kesken"),
    _commands(
        figures.amend_budget, _unit, _line, _year, _cents, day=_day, detail=_flag, correcting=_flag, reason="muutos"
    ),
)
"""What moves figures: postings, corrections, statements, budgets, and what makes them whole."""

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

CORRECTING_COMMANDS: st.SearchStrategy[Given] = st.one_of(
    _commands(organisation.correct_name, _unit, st.one_of(st.none(), _day), _name, reason="kirjoitusvirhe"),
    _commands(
        organisation.correct_first_day,
        st.one_of(st.just("HYV"), _unit),
        st.sampled_from([date(2014, 1, 1), date(2018, 1, 1), date(2020, 6, 1)]),
        reason="kirjoitusvirhe",
    ),
    _commands(goals.revise_goal, _unit, _day, _name, metric=_name, reason="kirjoitusvirhe"),
    _commands(projects.revise_project, _name, _day, called=st.sampled_from(["a", "b", "c"])),
    _commands(organisation.name_city, st.sampled_from(["Lahti", "Heinola"]), st.sampled_from([None, "111"])),
)
"""What puts right what was recorded wrong of units, goals, projects and the city."""

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


def columns_of(events: Sequence[Event], period: Period) -> dict[str, Column]:
    """Return the columns of the snapshot of `period`, out of the events of the log in its order."""
    cumulative = period.year_to_date()
    spans = {
        "final_accounts": (ACTUAL, Period.of_year(period.year - 1)),
        "prior_actual": (ACTUAL, cumulative.years_before(1)),
        "budget": (BUDGET, cumulative),
        "actual": (ACTUAL, cumulative),
    }
    return {
        name: Column.of(rule_of(events, measure, span.year, period.end), span)
        for name, (measure, span) in spans.items()
    }
