"""The value rule: by example, branch by branch; and for any history, against the reference fold of tests.reference."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve, field, frozen
from hypothesis import event as tally
from hypothesis import example
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.base import Event
from events.figures import ActualCorrected, ActualPosted, BudgetAdopted, BudgetAmended, FigureStated, StatementWithdrawn
from events.organisation import OrganisationEvent, UnitMoved
from events.period import Period
from events.streams import unit_stream
from heinola_es.aggregates.unit import Unit
from heinola_es.aggregates.unit_year import AlreadyStated
from heinola_es.chart import load_chart
from heinola_es.errors import HeinolaError
from heinola_es.handlers.figures import (
    adopt_budget,
    amend_budget,
    correct_actual,
    post_actual,
    state_figure,
    withdraw_statement,
)
from heinola_es.handlers.organisation import merge_unit, move_unit
from heinola_es.organisation import Organisation
from heinola_es.periods import parse_period
from heinola_es.session import run
from heinola_es.store.log import EventLog, Request
from heinola_es.value import Column, ListedPostings, Posting, Statement
from tests.city import CITY, MADE, found_city
from tests.reference import Reference
from tests.specification import ACTOR, CITY_FACTS, NOW, events_in, fact, numbered

if TYPE_CHECKING:
    from collections.abc import Sequence


CHART = load_chart()
HALF = parse_period("2020H1")


# ---------------------------------------------------------------- the product's side: a column made from the events


def column(events: Sequence[Event], period: Period, measure: str = "actual") -> Column:
    """Return everything stated and posted for a measure over a period, as the product asks for it."""
    units: dict[str, Unit] = {}
    for event in events:
        if isinstance(event, OrganisationEvent):
            unit = units.setdefault(event.code, Unit(stream=unit_stream(event.code), code=event.code))
            unit.replay([event])
    statements: dict[tuple[str, str, Period], Statement] = {}
    postings: list[Posting] = []
    for position, event in enumerate(events, 1):
        match event:
            case FigureStated() if event.measure == measure and _holds(event.effective, period, measure):
                statements[event.unit, event.line, event.effective] = _statement(position, event)
            case StatementWithdrawn() if event.measure == measure:
                statements.pop((event.unit, event.line, event.effective), None)
            case ActualPosted() | ActualCorrected() if measure == "actual" and period.contains(event.effective):
                postings.append(_posting(position, event))
            case BudgetAdopted() | BudgetAmended() if measure == "budget" and event.fiscal_year == period.year:
                if event.effective.end <= period.end:
                    postings.append(_posting(position, event))
    latest = {
        (statement.unit, statement.line): statement
        for statement in sorted(statements.values(), key=lambda statement: (statement.day, statement.position))
    }
    return Column(CHART, Organisation.as_of(list(units.values()), period.end), latest, ListedPostings(postings))


def _holds(stated: Period, period: Period, measure: str) -> bool:
    if measure == "budget":
        return stated.year == period.year and stated.end <= period.end
    return stated == period


def _statement(position: int, event: FigureStated) -> Statement:
    return Statement(
        position, event.unit, event.line, event.amount_cents, event.precision_cents, event.effective.end, event.label
    )


def _posting(position: int, event: ActualPosted | ActualCorrected | BudgetAdopted | BudgetAmended) -> Posting:
    detail = getattr(event, "detail", False)
    return Posting(position, event.unit, event.line, event.amount_cents, event.effective.end, detail)


# ---------------------------------------------------------------- by example


def posted(period: str, unit: str, line: str, cents: int, *, detail: bool = False) -> Event:
    """Return a posting."""
    return fact(ActualPosted, period, unit=unit, line=line, amount_cents=cents, detail=detail)


def stated(period: str, unit: str, line: str, cents: int, measure: str = "actual", precision: int = 1) -> Event:
    """Return a statement."""
    fields: dict[str, Any] = {"unit": unit, "line": line, "measure": measure, "amount_cents": cents}
    return fact(FigureStated, period, precision_cents=precision, **fields)


def corrected(period: str, unit: str, line: str, cents: int) -> Event:
    """Return a correction."""
    return fact(ActualCorrected, period, unit=unit, line=line, amount_cents=cents, reason="tarkistus")


def cell(unit: str, line: str, *events: Event, measure: str = "actual") -> tuple[int, str] | None:
    """Return cents and route of a cell of the half-year, after these events in the small city."""
    value = column(numbered((*CITY_FACTS, *events)), HALF, measure).value(unit, line)
    return (value.cents, value.route) if value else None


class TestByExample:
    """Each branch of the rule, and what does not count."""

    def test_unknown_is_never_zero(self) -> None:
        """Where nobody said anything there is no value, though other cells have theirs; a stated zero is one."""
        assert cell("4100", "personnel") is None
        assert cell("4100", "personnel", posted("1/2020", "4160", "personnel", -1)) is None
        assert cell("4100", "personnel", posted("1/2020", "4100", "services", -1)) is None
        assert cell("4100", "personnel", stated("2020H1", "4100", "personnel", 0)) == (0, "statement")

    def test_a_statement_is_a_checkpoint(self) -> None:
        """What was posted before it is inside it; what came later adds, below it as well, unless it is a detail."""
        events = (
            posted("1/2020", "4100", "personnel", -500),
            stated("2020H1", "410", "expenses", -9_000),
            corrected("2/2020", "4100", "personnel", -30),
            posted("3/2020", "4160", "financial_items", -4, detail=True),
        )
        assert cell("410", "expenses", *events) == (-9_030, "statement")
        assert cell("4100", "expenses", *events) == (-530, "components")
        assert cell("4160", "expenses", *events) == (-4, "components")

    def test_the_latest_statement_holds(self) -> None:
        """A later statement of the same cell takes the place of the earlier; a withdrawal takes both away."""
        events = (
            stated("2020H1", "4100", "sales", 100),
            corrected("1/2020", "4100", "sales", 5),
            stated("2020H1", "4100", "sales", 200),
        )
        gone = fact(StatementWithdrawn, "2020H1", unit="4100", line="sales", measure="actual", reason="x")
        assert cell("4100", "sales", *events) == (200, "statement")
        assert cell("4100", "sales", *events, gone) == (5, "postings")
        assert cell("4100", "sales", *events, gone, stated("2020H1", "4100", "sales", 7)) == (7, "statement")

    def test_a_statement_says_nothing_about_other_periods(self) -> None:
        """A total of the half-year is none of a quarter, nor the other way round."""
        assert cell("4100", "sales", stated("2020Q2", "4100", "sales", 100)) is None
        assert cell("4100", "sales", stated("2020", "4100", "sales", 100)) is None

    def test_a_posting_counts_where_all_of_it_lies_inside(self) -> None:
        """A posting of a longer period is in no shorter one."""
        assert cell("4100", "sales", posted("2020", "4100", "sales", 100)) is None
        assert cell("4100", "sales", posted("2020H1", "4100", "sales", 100)) == (100, "postings")
        assert cell("4100", "sales", posted("30.6.2020", "4100", "sales", 100)) == (100, "postings")

    def test_units_below_come_before_component_lines(self) -> None:
        """Where a unit below knows the line it is the sum of the units, plus what was posted on this one itself."""
        events = (
            posted("1/2020", "4100", "sales", 100),
            stated("2020H1", "4160", "operating_income", 40),
            posted("1/2020", "410", "fees", 7),
        )
        assert cell("410", "operating_income", *events) == (147, "units")
        assert cell("410", "fees", *events) == (7, "postings")
        assert cell("HYV", "net", *events) == (147, "units")

    def test_components_add_to_what_is_on_the_line_itself(self) -> None:
        """A posting on a sum is part of it, beside its components."""
        events = (
            posted("1/2020", "4100", "personnel", -100),
            posted("1/2020", "4100", "services", -20),
            posted("1/2020", "4100", "operating_expenses", -3),
        )
        assert cell("4100", "operating_expenses", *events) == (-123, "components")
        assert cell("4100", "expenses", *events) == (-123, "components")
        assert cell("4100", "result", *events) == (-123, "components")

    def test_depreciation_is_in_the_result_alone(self) -> None:
        """MENOT and NETTO are without depreciation, so that the printed report adds up."""
        events = (posted("1/2020", "HYV", "personnel", -100), posted("1/2020", "HYV", "depreciation", -10))
        assert cell("HYV", "result", *events) == (-110, "components")
        assert cell("HYV", "net", *events) == (-100, "components")

    def test_investments_stay_out_of_operations(self) -> None:
        """The programme adds up its items; the sector above it does not."""
        events = (posted("1/2020", "INV-1", "expenses", -1_000), posted("1/2020", "4100", "personnel", -1))
        assert cell("HYV-INV", "expenses", *events) == (-1_000, "units")
        assert cell("HYV", "expenses", *events) == (-1, "units")

    def test_the_organisation_is_that_of_the_periods_end(self) -> None:
        """A unit that moved takes its whole half-year along."""
        events = (posted("1/2020", "4160", "sales", 100), fact(UnitMoved, "1.6.2020", code="4160", parent="400"))
        assert cell("400", "sales", *events) == (100, "units")
        assert cell("410", "sales", *events) is None

    def test_a_budget_is_stated_as_of_a_day(self) -> None:
        """The latest day up to the period's end counts, whichever was recorded last; later decisions add."""
        decided: dict[str, Any] = {"unit": "4100", "line": "sales", "fiscal_year": 2020}
        events = (
            fact(BudgetAdopted, "9.12.2019", **decided, amount_cents=1_000),
            fact(BudgetAmended, "15.5.2020", **decided, amount_cents=10),
            stated("1.1.–30.4.2020", "4100", "sales", 1_200, measure="budget"),
            stated("1.1.–31.3.2020", "4100", "sales", 1_100, measure="budget"),
            stated("2020", "4100", "sales", 9_999, measure="budget"),
            fact(BudgetAmended, "1.4.2020", **decided, amount_cents=5, correcting=True, reason="puuttui"),
            fact(BudgetAmended, "1.4.2020", **decided, amount_cents=7, detail=True),
            fact(BudgetAmended, "1.7.2020", **decided, amount_cents=500),
        )
        assert cell("4100", "sales", *events[:2], measure="budget") == (1_010, "postings")
        assert cell("4100", "sales", *events, measure="budget") == (1_200 + 10 + 5, "statement")

    def test_roundings_add_up(self) -> None:
        """A sum of totals to a thousand euros may be off by half a thousand for each; postings are exact."""
        events = (
            stated("2020H1", "4100", "sales", 300_000, precision=100_000),
            stated("2020H1", "4160", "sales", 40_000, precision=100),
            posted("1/2020", "410", "sales", 7),
        )
        value = column(numbered((*CITY_FACTS, *events)), HALF).value("410", "sales")
        assert value is not None
        assert (value.cents, value.precision_cents, value.slack_cents) == (340_007, 100_000, 50_000 + 50)


# ---------------------------------------------------------------- for any history

# Facts that have nothing to do with one another test little: each history keeps to a few units, lines and periods.
UNITS = [
    ["HYV", "410", "4100"],
    ["410", "4100", "4160"],
    ["400", "410", "4160"],
    ["400", "4030", "4100"],
    ["HYV", "HYV-INV", "INV-1"],
]
LINES = [
    ["personnel", "operating_expenses", "expenses"],
    ["personnel", "services", "operating_margin"],
    ["sales", "operating_income", "income"],
    ["financial_items", "expenses", "net"],
    ["depreciation", "operating_expenses", "result"],
]
PERIODS = [parse_period(text) for text in ("1/2020", "2020Q1", "2020H1", "2020")]
DECISIONS = [date(2019, 12, 9), date(2020, 2, 10), date(2020, 5, 11)]
DAYS = [date(2020, 1, 31), date(2020, 3, 31), date(2020, 6, 1)]
KINDS_OF_DECISION = ["original", "original", "amendment", "amendment", "detail", "correcting"]
COMPUTED = {"net", "operating_margin", "result"}


@frozen
class Command:
    """A handler with its arguments; `guarded` is what an ordinary posting is about: measure, unit, line, period."""

    handler: Callable[..., None]
    arguments: tuple[Any, ...]
    options: dict[str, Any] = field(factory=dict)
    guarded: tuple[str, str, str, Period] | None = None


@st.composite
def histories(draw: st.DrawFn) -> list[Command]:
    """Draw commands about a few units, lines and periods."""
    units, lines = draw(st.sampled_from(UNITS)), draw(st.sampled_from(LINES))
    periods = draw(st.lists(st.sampled_from(PERIODS), min_size=1, max_size=2, unique=True))
    return draw(st.lists(commands(units, lines, periods), min_size=6, max_size=14))


def commands(units: list[str], lines: list[str], periods: list[Period]) -> st.SearchStrategy[Command]:
    """Return any command that touches figures, or moves the units they belong to; the frequent ones several times."""
    unit, line, period = st.sampled_from(units), st.sampled_from(lines), st.sampled_from(periods)
    postable = st.sampled_from([line for line in lines if line not in COMPUTED])
    measure = st.sampled_from(["actual", "actual", "budget"])
    cents = st.integers(-(10**6), 10**6)
    post = st.builds(posting, unit, postable, period, cents, st.sampled_from([False, False, True]))
    decide = st.builds(
        decision, st.just(units[-1]), postable, st.sampled_from(DECISIONS), cents, st.sampled_from(KINDS_OF_DECISION)
    )
    state = st.builds(Command, st.just(state_figure), st.tuples(unit, line, period, measure, cents))
    correct = st.builds(Command, st.just(correct_actual), st.tuples(unit, postable, period, cents))
    withdraw = st.builds(Command, st.just(withdraw_statement), st.tuples(st.integers(0, 9)))
    change = st.builds(Command, st.sampled_from([move_unit, merge_unit]), st.tuples(unit, st.sampled_from(DAYS), unit))
    return st.one_of(post, post, post, state, state, decide, decide, correct, withdraw, change)


def posting(unit: str, line: str, period: Period, cents: int, detail: bool) -> Command:  # noqa: FBT001 - drawn
    """Return a posting of either sign."""
    guarded = None if detail else ("actual", unit, line, period)
    return Command(post_actual, (unit, line, period, cents), {"detail": detail, "contra": True}, guarded)


def decision(unit: str, line: str, day: date, cents: int, kind: str) -> Command:
    """Return a decision on the budget of a line: the original one, or an amendment, in each of its forms."""
    guarded = None if kind in {"detail", "correcting"} else ("budget", unit, line, Period.of_day(day))
    if kind == "original":
        return Command(adopt_budget, (unit, line, 2020, cents), {"day": day, "contra": True}, guarded)
    options = {"day": day, "detail": kind == "detail", "correcting": kind == "correcting"}
    return Command(amend_budget, (unit, line, 2020, cents), options, guarded)


@pytest.fixture(scope="module")
def city_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a store with the small city, to be copied for every history."""
    path = tmp_path_factory.mktemp("value") / "heinola.db"
    with EventLog.create(str(path), CITY, now=MADE, by="controller") as log:
        found_city(log)
    return path


def require_guarded(command: Command, refusal: HeinolaError | None, before: Reference) -> None:
    """Demand that an ordinary posting was refused as stated already just where it would have been counted twice."""
    if command.guarded is None:
        return
    measure, unit, line, period = command.guarded
    recorded_on = CHART.postable(line, before.kind(unit)).code
    inside = before.is_inside_a_total(measure, unit, recorded_on, period)
    if refusal is None:
        assert not inside, command
    elif isinstance(refusal, AlreadyStated):
        assert inside, command


def about(command: Command, before: Sequence[Event]) -> Command:
    """Return the command itself; a withdrawal is of one of the statements so far, counted from the latest."""
    if command.handler is not withdraw_statement or not isinstance(command.arguments[0], int):
        return command
    said = [event for event in reversed(before) if isinstance(event, FigureStated)]
    if not said:
        return evolve(command, arguments=("4100", "sales", HALF, "actual"))
    chosen = said[command.arguments[0] % len(said)]
    return evolve(command, arguments=(chosen.unit, chosen.line, chosen.effective, chosen.measure))


def give(log: EventLog, command: Command, before: Sequence[Event]) -> list[Event]:
    """Give a command after what happened before, checking the guard; return what it recorded."""
    refusal, recorded = None, list[Event]()
    try:
        receipt = run(
            log,
            NOW,
            Request(ACTOR, reason="tarkistus"),
            lambda session: command.handler(session, *command.arguments, **command.options),
        )
        recorded.extend(receipt.events)
    except HeinolaError as error:
        refusal = error
    tally(f"{command.handler.__name__}: {type(refusal).__name__ if refusal else 'recorded'}")
    require_guarded(command, refusal, Reference(before, CHART))
    return recorded


def record(path: Path, history: Sequence[Command]) -> list[Event]:
    """Give commands one after another; return the log they leave."""
    with EventLog.open(str(path)) as log:
        happened = events_in(log)
        for command in history:
            happened += give(log, about(command, happened), happened)
        assert events_in(log) == happened
    return happened


MOVED_IN = [
    Command(state_figure, ("400", "expenses", HALF, "actual", -900), {}),
    Command(move_unit, ("4160", date(2020, 6, 1), "400"), {}),
    Command(post_actual, ("4160", "personnel", PERIODS[0], -5), {}, ("actual", "4160", "personnel", PERIODS[0])),
]
"""A posting of January in a unit that came under a stated total in June."""


@example(history=MOVED_IN)
@for_all(history=histories())
def test_values_are_those_of_the_reference_fold(city_file: Path, history: list[Command]) -> None:
    """For any mix of statements, postings, details, corrections, withdrawals and moves, in any order.

    Every cell of every unit and line, sums and margins included, has the value of the slow fold in `tests.reference`;
    and on the way no ordinary posting that a statement already covers was let in, nor any other kept out by it.
    """
    with TemporaryDirectory() as folder:
        events = record(Path(shutil.copy(city_file, folder)), history)
    reference = Reference(events, CHART)
    for measure in ("actual", "budget"):
        for period in PERIODS:
            asked = column(events, period, measure)
            cells = {(unit, line): asked.value(unit, line) for unit in asked.organisation.units for line in CHART.lines}
            found = {cell: value.cents for cell, value in cells.items() if value is not None}
            assert found == reference.values(measure, period), (measure, period)
