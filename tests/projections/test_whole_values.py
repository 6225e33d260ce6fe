"""The value rule by an independent reference: random cities, histories and questions, every cell of every column.

`HEINOLA_WHOLE_EXAMPLES=3000` tries more; `python -m tests.projections.test_whole_values` prints what was compared, and
`python -m tests.servers python -m tests.projections.test_whole_values` does the same on a server.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from attrs import frozen
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from events.figures import BudgetAmended
from events.period import Period
from events.proposals import AmendmentProposed
from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers import coverage, figures, organisation, proposals
from heinola_es.store.log import EventLog
from tests.city import CITY, MADE
from tests.databases import Database
from tests.projections.asking import record, snapshot_of
from tests.servers import MEMORY, RUNNING
from tests.specification import events_in
from tests.whole_reference import AmendmentsReference, WholeReference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.base import Event
    from heinola_es.handlers.session import Session

EXAMPLES = int(os.environ.get("HEINOLA_WHOLE_EXAMPLES", "40"))
BEGUN_AT = datetime(2021, 7, 1, 9, 0, tzinfo=UTC)
FIRST_DAYS = (date(2015, 1, 1), date(2015, 1, 1), date(2020, 4, 1))
DAYS = (date(2019, 12, 31), date(2020, 3, 31), date(2020, 6, 30), date(2020, 7, 1), date(2021, 1, 1))
MOVING_DAYS = (date(2020, 1, 1), date(2020, 4, 1), date(2020, 7, 1), date(2021, 1, 1))
PERIODS = ("1/2020", "2/2020", "3/2020", "4/2020", "5/2020", "6/2020", "7/2020", "2020Q1", "2020Q2", "2020H1", "2020Q3")
TOTALS = ("2020H1", "2020Q1", "2020Q2", "2020Q3", "1-9/2020", "2020", "2019", "2019H1", "1-9/2019")
YEARS_BEFORE = ("2019", "2019H1", "6/2019", "12/2019")
ASKED = ("2020Q1", "2020Q2", "2020Q3", "2020Q4", "2020", "2020H1", "15.6.2020", "2021Q1", "2019")
LINES = ("sales", "fees", "operating_income", "income", "personnel", "services", "operating_expenses", "expenses")
ANY_LINES = (*LINES, "financial_items", "depreciation", "net", "operating_margin", "annual_margin", "result")
COMPARED: Counter[str] = Counter()


@frozen
class Command:
    """A command by its handler; units are told by their number, so that a case stays one when it is made smaller."""

    handler: Callable[..., None]
    arguments: tuple[Any, ...]
    options: dict[str, Any]


def _commands(
    handler: Callable[..., None], *arguments: st.SearchStrategy[Any], **options: object
) -> st.SearchStrategy[Any]:
    drawn = {name: value if isinstance(value, st.SearchStrategy) else st.just(value) for name, value in options.items()}
    return st.builds(Command, st.just(handler), st.tuples(*arguments), st.fixed_dictionaries(drawn))


def adopt_and_amend(
    session: Session, unit: str, line: str, year: int, cents: int, *, day: date, more: tuple[int, ...]
) -> None:
    """Adopt the budget of a line, and amend it by further decisions of a day."""
    figures.adopt_budget(session, unit, line, year, cents, day=date(year, 1, 1), contra=True)
    for amount in more:
        figures.amend_budget(session, unit, line, year, amount, day=day, also=True)
        proposals.propose_amendment(session, unit, line, year, amount + 100, day=day, also=True)


UNIT = st.integers(0, 39).map(lambda number: f"U{number}")
CENTS = st.integers(-9, 9).map(lambda number: number * 100)
POSTED_IN = st.sampled_from([parse_period(text) for text in (*PERIODS, *YEARS_BEFORE)])
STATED_FOR = st.sampled_from([parse_period(text) for text in TOTALS])
LINE, ANY_LINE, DAY = st.sampled_from(LINES), st.sampled_from(ANY_LINES), st.sampled_from(DAYS)
YEAR, MEASURE, FLAG = (
    st.sampled_from([2020, 2020, 2019]),
    st.sampled_from(["actual", "actual", "budget"]),
    st.booleans(),
)
PRECISION = st.sampled_from([1, 100])
SHARED: tuple[st.SearchStrategy[Any], ...] = (
    _commands(figures.post_actual, UNIT, LINE, POSTED_IN, CENTS, contra=True, also=True),
    _commands(figures.post_actual, UNIT, LINE, POSTED_IN, CENTS, contra=True, also=True, detail=FLAG),
    _commands(figures.correct_actual, UNIT, LINE, POSTED_IN, CENTS, reason="korjaus"),
    _commands(figures.state_figure, UNIT, ANY_LINE, STATED_FOR, MEASURE, CENTS, precision_cents=PRECISION),
    _commands(figures.state_figure, UNIT, ANY_LINE, STATED_FOR, MEASURE, CENTS),
    _commands(figures.withdraw_statement, UNIT, ANY_LINE, STATED_FOR, MEASURE, reason="peruttu"),
    _commands(figures.adopt_budget, UNIT, LINE, YEAR, CENTS, day=DAY, detail=FLAG, contra=True),
    _commands(figures.amend_budget, UNIT, LINE, YEAR, CENTS, day=DAY, detail=FLAG, correcting=FLAG, reason="muutos"),
    _commands(proposals.propose_amendment, UNIT, LINE, YEAR, CENTS, day=DAY),
    _commands(adopt_and_amend, UNIT, LINE, YEAR, CENTS, day=DAY, more=st.tuples(st.integers(1, 9), st.integers(1, 9))),
    _commands(figures.close_period, st.sampled_from([parse_period(t) for t in (*TOTALS, "7/2020")]), st.none() | UNIT),
    _commands(figures.reopen_period, STATED_FOR, UNIT, reason="avattu"),
    _commands(
        coverage.complete_books, st.sampled_from([parse_period(t) for t in TOTALS]), st.none() | UNIT, lines=st.just(())
    ),
    _commands(coverage.complete_books, STATED_FOR, UNIT, lines=st.lists(ANY_LINE, max_size=2), measure=MEASURE),
    _commands(
        coverage.withdraw_completion,
        STATED_FOR,
        UNIT,
        lines=st.lists(ANY_LINE, max_size=1),
        measure=MEASURE,
        reason="puuttuu",
    ),
    _commands(organisation.move_unit, UNIT, st.sampled_from(MOVING_DAYS), st.none() | UNIT),
    _commands(organisation.merge_unit, UNIT, st.sampled_from(DAYS), UNIT),
    _commands(organisation.close_unit, UNIT, st.sampled_from(DAYS)),
)
BOOKS = {
    False: ("sector", "service_area", "unit"),
    True: ("investment_programme", "investment_area", "investment_item"),
}


@st.composite
def cities(draw: st.DrawFn) -> list[tuple[str, str, str | None, date]]:
    """Return the units of a city: code, kind, parent and first day."""
    units: list[tuple[str, str, str | None, date]] = []
    for number in range(draw(st.integers(1, 8)) if draw(st.integers(0, 9)) else draw(st.integers(9, 40))):
        above = draw(st.none() | st.sampled_from(range(number))) if number else None
        depth = 0 if above is None else 1 + [*BOOKS[False], *BOOKS[True]].index(units[above][1]) % 3
        book = draw(st.integers(0, 7)) == 0 if above is None else units[above][1] in BOOKS[True]
        first = draw(st.sampled_from(FIRST_DAYS))
        if above is not None:
            first = max(first, units[above][3])
        units.append((f"U{number}", BOOKS[book][min(depth, 2)], None if above is None else f"U{above}", first))
    return units


@frozen
class Question:
    """What a snapshot is asked for."""

    period: str
    structure: date | None
    known: int
    years: int


QUESTIONS = st.builds(
    Question,
    st.sampled_from(ASKED),
    st.none() | st.none() | DAY,
    st.sampled_from([0, 0, 3]),
    st.sampled_from([1, 1, 2]),
)


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
@given(city=cities(), history=st.lists(st.one_of(*SHARED), max_size=24), question=QUESTIONS)
def test_every_cell_is_what_the_rule_says(
    kept_in: Database, city: list[tuple[str, str, str | None, date]], history: list[Command], question: Question
) -> None:
    """Whole where the reference says so, with its cents; and empty, never a number, where it does not."""
    with somewhere(kept_in) as place, living(place, city, history) as log:
        events = events_in(log)
        known = events[: max(len(city) + 1, len(events) - question.known)]
        options: dict[str, Any] = {"structure": question.structure, "years": question.years, "all_lines": True}
        options["columns"] = ("original_budget", "amendments")
        shown = snapshot_of(log, question.period, position=len(known), **options)
    differing = [*compared(shown, known, question), *changes_compared(shown, known, question)]
    assert not differing, "\n".join(differing)


@contextmanager
def somewhere(kept_in: Database) -> Iterator[str]:
    """Give a place for the store of one example."""
    if kept_in.server:
        yield kept_in.new("city")
        return
    with TemporaryDirectory(dir=MEMORY) as folder:
        yield str(Path(folder, "city.db"))


def compared(shown: dict[str, Any], events: list[Event], question: Question) -> Iterator[str]:
    """Yield the cells of a snapshot that are not what the reference says."""
    period = parse_reporting_period(question.period)
    structure = question.structure or period.end
    reference, cumulative = WholeReference(events, load_chart()), period.year_to_date()
    before, year_before = cumulative.years_before(1), Period.of_year(cumulative.year - 1)
    whole_year, day = Period.of_year(cumulative.year), cumulative.end
    budget = reference.budget(cumulative.year, day, structure)
    amended = AmendmentsReference.of(events, load_chart()).budget(cumulative.year, day, structure)

    def original(unit: str, line: str) -> int | None:
        whole, later = budget(unit, line), amended(unit, line)
        return None if whole is None or later is None else whole - later

    columns = {
        "final_accounts": (year_before, reference.actual(year_before, structure)),
        "prior_actual": (before, reference.actual(before, structure)),
        "original_budget": (whole_year, original),
        "amendments": (whole_year, amended),
        "budget": (whole_year, budget),
        "actual": (cumulative, reference.actual(cumulative, structure)),
    }
    for unit in shown["units"]:
        rows = {row["line"]: row for row in unit["figures"]}
        for line in load_chart().lines:
            for name, (asked, value) in columns.items():
                told = value(unit["code"], line)
                if not told and (line not in rows or not reference.lived_in(unit["code"], asked)):
                    continue  # a row of nothing, or of a unit that was not there, need not be shown
                cell = rows[line][name] if line in rows else None
                said = None if cell is None else cell["cents"]
                COMPARED["whole" if told is not None else "not whole"] += 1
                if said != told:
                    yield f"{unit['code']} {line} {name}: the product shows {said}, the rule gives {told}"


def changes_compared(shown: dict[str, Any], events: list[Event], question: Question) -> Iterator[str]:
    """Yield where what a snapshot tells of changes of the budget is not what was decided, or proposed, by then."""
    end = parse_reporting_period(question.period).end
    whole_year = (end.month, end.day) == (12, 31)
    wanted = Counter(
        ("decision" if isinstance(event, BudgetAmended) else "proposal", event.unit, event.line, event.amount_cents)
        for event in events
        if isinstance(event, BudgetAmended | AmendmentProposed)
        and event.fiscal_year == end.year
        and (whole_year or event.effective.end <= end)
        and not getattr(event, "detail", False)
    )
    told = Counter((one["kind"], one["unit"], one["line"], one["cents"]) for one in shown.get("budget_changes", ()))
    COMPARED["changes of the budget"] += wanted.total()
    for change in (told - wanted) | (wanted - told):
        yield f"{change}: the product tells it {told[change]} times, not {wanted[change]}"


class living:  # noqa: N801 - used like a function
    """A store in which a city is founded and lives through a history, whatever of it is refused."""

    def __init__(self, path: Path | str, city: list[tuple[str, str, str | None, date]], history: list[Command]) -> None:
        self.log = EventLog.create(str(path), CITY, now=MADE, by="controller")
        for number, (code, kind, parent, first) in enumerate(city):
            record(
                self.log, organisation.establish_unit, code, first, name=code, kind=kind, parent=parent, now=BEGUN_AT
            )
            assert number < 40
        for number, command in enumerate(history):
            arguments = [self._unit(one, len(city)) for one in command.arguments]
            now = BEGUN_AT + timedelta(minutes=number)
            try:
                record(self.log, command.handler, *arguments, now=now, **command.options)
                COMPARED["commands accepted"] += 1
            except HeinolaError:
                COMPARED["commands refused"] += 1

    @staticmethod
    def _unit(argument: object, units: int) -> object:
        if isinstance(argument, str) and argument[0] == "U":
            return f"U{int(argument[1:]) % units}"
        return argument

    def __enter__(self) -> EventLog:
        return self.log

    def __exit__(self, *_: object) -> None:
        self.log.close()


if __name__ == "__main__":
    with TemporaryDirectory(dir=MEMORY) as here:
        test_every_cell_is_what_the_rule_says(Database(Path(here), os.environ.get(RUNNING, "")))
    print(dict(COMPARED))  # noqa: T201 - a script
