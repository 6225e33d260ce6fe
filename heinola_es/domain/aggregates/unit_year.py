"""A unit's fiscal year: its figures, goals and narratives. This is where the guard against counting twice stands."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypedDict, Unpack, assert_never, cast, get_args

from attrs import define, evolve, field, frozen

from events.base import Event
from events.coverage import BooksCompleted, CompletionWithdrawn, CoverageEvent
from events.figures import (
    ActualCorrected,
    ActualPosted,
    BudgetAdopted,
    BudgetAmended,
    FiguresEvent,
    FigureStated,
    PeriodClosed,
    PeriodReopened,
    StatementWithdrawn,
)
from events.forecasts import ForecastGiven
from events.goals import (
    GoalRevised,
    GoalSet,
    GoalsEvent,
    GoalStatusUpdated,
    GoalWithdrawn,
    PriorityReported,
    PrioritySet,
)
from events.narratives import IndicatorObserved, NarrativeReported, NarrativesEvent, OutlookGiven
from events.period import Period
from events.proposals import AmendmentDropped, AmendmentProposed, ProposalsEvent
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.domain.aggregates.booked import Booked, BookedCell
from heinola_es.domain.aggregates.proposals import NothingProposed, Proposals
from heinola_es.domain.aggregates.unit import Unit
from heinola_es.domain.amounts import (
    LARGEST_TOTAL_CENTS,
    AmountTooLarge,
    decimal_text,
    format_cents,
    is_amount,
    require_amount,
    require_number,
)
from heinola_es.domain.chart import Chart
from heinola_es.domain.codes import LONGEST_CODE, require_code
from heinola_es.domain.decision import UNTOLD, Decision
from heinola_es.errors import BadInput, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.domain.aggregates.proposals import Position
    from heinola_es.domain.chart import Line


UnitYearEvent = FiguresEvent | CoverageEvent | ProposalsEvent | GoalsEvent | NarrativesEvent | ForecastGiven

LONGEST_LIST = 9_999
"""How many priorities, or parts of a section, a unit may number."""


class BudgetNeverAdopted(Refused):
    """There is no budget to amend."""


class BudgetAdoptedBefore(Refused):
    """The line's budget was adopted; what follows is an amendment."""


class PeriodIsClosed(Refused):
    """The books for the period are closed."""


class PeriodNotClosed(Refused):
    """The period is open, so it cannot be reopened."""


class AlreadyStated(Refused):
    """A statement covers the period, so an ordinary posting would be counted twice."""


class CountedTwice(Refused):
    """The account, or else the line, has a posting already of days that this one is of, too.

    Attributes:
        version: of the event that posted it, in the stream of the unit's year.
    """

    def __init__(self, unit: str, period: Period, cell: BookedCell, position: int | None = None) -> None:
        self.unit, self.period, self.cell, self.version = unit, period, cell, cell.version
        known = [*([f"#{position}"] if position else []), *([cell.source] if cell.source else [])]
        where = f" ({', '.join(known)})" if known else ""
        same = "this would count its days twice" if cell.period == period else f"{period.label} shares days with that"
        super().__init__(
            f"the actual of {unit} {cell.account or cell.line} for {cell.period.label} is {format_cents(cell.cents)} "
            f"already{where}, and {same}; record the difference with `heinola record correction {unit} {cell.line} "
            f'{cell.period.label} --to AMOUNT --reason "…"`, or add --also where both are meant'
        )

    def at(self, position: int | None) -> CountedTwice:
        """Return the same with where in the log it was posted."""
        return CountedTwice(self.unit, self.period, self.cell, position)


class NothingToCorrect(BadInput):
    """The correction is of nothing."""


class AmendedTwice(Refused):
    """The line's budget has an amendment of the same decision and amount already."""


class NothingToWithdraw(Refused):
    """There is no such statement."""


class AgainstLineSign(Refused):
    """The amount has the wrong sign for its line."""


class FinerThanStated(Refused):
    """A total is told more finely than what it is said to be rounded to."""


class NotWholeMonths(Refused):
    """Books are complete for whole months, a budget for a whole year."""


class ContradictsStatement(Refused):
    """A stated total says otherwise than the books that would be complete."""


class GoalNeverSet(Refused):
    """The unit has no such goal in the year."""


class GoalSetBefore(Refused):
    """The goal's id is taken."""


class NothingRevised(Refused):
    """The goal has the words already."""


class PriorityNeverSet(Refused):
    """The unit has no such priority in the year."""


class OtherYear(Refused):
    """The period does not lie inside one fiscal year."""


class GoalTexts(TypedDict, total=False):
    """What is said of a goal; see `GoalSet`."""

    programme_goal: str
    binding_goal: str
    metric: str
    target_level: str
    strategic_goal: str
    subtask: str


@frozen(slots=True)
class Placement:
    """Where a unit stands: the unit with its year, then the units above with theirs, up to the top of the same book.

    Attributes:
        chain: `(unit, its year)` from the unit itself upwards, on the day of the fact.
        ever: the years of the unit and of every unit it stands under on any day.
        codes_on: the codes of the chain on another day.
        position: tells where in the log an event stands, or will.
        chart: the lines.
    """

    chain: Sequence[tuple[Unit, UnitYear]]
    ever: Sequence[UnitYear]
    codes_on: Callable[[date], Collection[str]]
    position: Callable[[Event], int]
    chart: Chart

    @property
    def unit(self) -> Unit:
        """The unit itself."""
        return self.chain[0][0]

    def totals_over(self, measure: str, line: str, *, internal: bool = False) -> Iterator[FigureStated]:
        """Yield the statements, of the unit or of one above, whose totals a posting on the line would be part of.

        A total is of the unit with everything that stood below it on the last day of its period. An `internal` posting
        is part of the totals of its measure, and of those that are stated of its internal part.
        """
        lines = self.chart.at_or_above(line)
        for of in (measure, f"internal_{measure}") if internal else (measure,):
            for year in self.ever:
                for total in year.statements:
                    concerned = total.measure == of and total.line in lines
                    if concerned and year.unit in self.codes_on(total.effective.end):
                        yield total

    def covering(self, line: str, period: Period, *, internal: bool = False) -> FigureStated | None:
        """Return a statement whose total a posting into `period`, internal or not, would be part of."""
        totals = self.totals_over("actual", line, internal=internal)
        return next((total for total in totals if total.effective.contains(period)), None)

    def require_open(self, period: Period) -> None:
        """Refuse what would change the figures of a closed period: a posting for any of its days.

        A total that is stated counts on its last day alone: the year's total may be stated where a quarter is closed.

        Raises:
            PeriodIsClosed: the unit's books, or those of a unit above, are closed for it.
        """
        covering = next(self.closings_over(period), None)
        if covering is not None:
            unit, closed = covering.unit, covering.effective.label
            raise PeriodIsClosed(
                f"the books of unit {unit} for {closed} are closed; "
                f'reopen them first: heinola record reopen {closed} --unit {unit} --reason "…"'
            )

    def closings_over(self, period: Period) -> Iterator[PeriodClosed]:
        """Yield the closings of the unit, and of those above it, that cover a day of a period; from the top.

        Books below a unit whose books are closed are open for what was reopened of them since.
        """
        for at in reversed(range(len(self.chain))):  # from the top: reopening there opens everything below
            for closing in self.chain[at][1].closings:
                shared = closing.effective.shared_with(period)
                if shared is not None and not self._is_opened(closing, shared, at):
                    yield closing

    def _is_opened(self, closing: PeriodClosed, period: Period, at: int) -> bool:
        """Return whether books below a closed unit, which is the one at `at` in the chain, were opened for a period."""
        below = (one for _unit, year in self.chain[:at] for one in year.reopenings)
        over = (one for one in below if one.effective.contains(period))
        return any(self.position(one) > self.position(closing) for one in over)


@define(slots=True, kw_only=True, eq=False, repr=False)
class UnitYear(Aggregate[UnitYearEvent]):
    """One unit's fiscal year, folded from its stream.

    Attributes:
        unit: the unit's code.
        fiscal_year: the calendar year.
        statements: those that hold, oldest first.
        postings: what adds, oldest first.
        budgeted: the lines whose budget was adopted.
        budgeted_internal: those of which the internal part was adopted by itself.
        closings: those that hold, oldest first.
        reopenings: what was opened again, oldest first.
        proposals: amendments that were proposed.
        completions: what was said of the completeness of the books, oldest first.
        forecasts: what was said last that lines will end at, by line and the day that it is seen from.
        goals: those that hold, by id.
        priorities: by number.
        turnover: the sum of all that was posted, without signs, by measure; it bounds every sum of the year.
    """

    KIND = "a unit's year"
    FAMILY = frozenset(get_args(UnitYearEvent))

    unit: str
    fiscal_year: int
    statements: list[FigureStated] = field(factory=list)
    postings: list[BudgetAdopted | BudgetAmended | ActualPosted | ActualCorrected] = field(factory=list)
    budgeted: set[str] = field(factory=set)
    budgeted_internal: set[str] = field(factory=set)
    closings: list[PeriodClosed] = field(factory=list)
    reopenings: list[PeriodReopened] = field(factory=list)
    completions: list[BooksCompleted | CompletionWithdrawn] = field(factory=list)
    proposals: Proposals = field(factory=Proposals)
    forecasts: dict[tuple[str, date], int] = field(factory=dict)
    goals: dict[str, GoalSet] = field(factory=dict)
    priorities: dict[int, PrioritySet] = field(factory=dict)
    turnover: dict[str, int] = field(factory=dict)
    _booked: Booked | None = None

    def evolve(self, event: UnitYearEvent) -> None:
        """Take an event of the unit's year into the state."""
        match event:
            case FigureStated():
                self.statements.append(event)
            case StatementWithdrawn():
                self.statements = [kept for kept in self.statements if not _same_statement(kept, event)]
            case BudgetAdopted() | BudgetAmended() | ActualPosted() | ActualCorrected():
                self._add(event)
            case PeriodClosed():
                self.closings.append(event)
            case PeriodReopened():
                self.closings = [one for one in self.closings if not event.effective.contains(one.effective)]
                self.reopenings.append(event)
            case BooksCompleted() | CompletionWithdrawn():
                self.completions.append(event)
            case AmendmentProposed() | AmendmentDropped():
                self.proposals.take(event)
            case GoalSet() | GoalRevised() | GoalWithdrawn():
                self._take_goal(event)
            case PrioritySet():
                self.priorities[event.number] = event
            case GoalStatusUpdated() | PriorityReported() | NarrativeReported() | OutlookGiven() | IndicatorObserved():
                pass  # nothing is decided by them
            case ForecastGiven():
                self.forecasts[event.line, event.effective.end] = event.amount_cents
            case _:
                assert_never(event)

    def _add(self, event: BudgetAdopted | BudgetAmended | ActualPosted | ActualCorrected) -> None:
        measure = "actual" if isinstance(event, ActualPosted | ActualCorrected) else "budget"
        if isinstance(event, BudgetAdopted):
            (self.budgeted_internal if event.internal else self.budgeted).add(event.line)
        elif isinstance(event, BudgetAmended):
            self.proposals.take(event)
        self.postings.append(event)
        if self._booked is not None:
            self._booked.add(event)
        if is_amount(event.amount_cents):  # what is none was recorded before there was a limit, and is in no sum
            self.turnover[measure] = self.turnover.get(measure, 0) + abs(event.amount_cents)

    def _take_goal(self, event: GoalSet | GoalRevised | GoalWithdrawn) -> None:
        if isinstance(event, GoalSet):
            self.goals[event.goal] = event
        elif isinstance(event, GoalWithdrawn):
            self.goals.pop(event.goal, None)
        elif event.goal in self.goals:
            self.goals[event.goal] = evolve(self.goals[event.goal], **_texts_of(event))

    # ------------------------------------------------------------------ figures

    def adopt_budget(
        self,
        stamp: Stamp,
        day: date,
        place: Placement,
        line: Line,
        amount_cents: int,
        *,
        detail: bool,
        contra: bool,
        internal: bool = False,
    ) -> None:
        """Adopt the original budget of a line, or of its internal items, by the decision of `day`.

        Raises:
            BudgetAdoptedBefore, AgainstLineSign, AmountTooLarge, AlreadyStated, PeriodIsClosed, BeforeUnitExisted,
            UnitHasEnded.
        """
        self.require_countable("budget", amount_cents)
        require_sign(line, amount_cents, contra=contra)
        if line.code in (self.budgeted_internal if internal else self.budgeted) and not detail:
            of = " internal" if internal else ""
            raise BudgetAdoptedBefore(
                f"the{of} budget of {self.unit} {line.code} for {self.fiscal_year} is adopted already; "
                f"record what changes it with `heinola record amendment`"
            )
        self._require_budget_room(place, line, day, allowed=detail, internal=internal)
        self.record(
            BudgetAdopted(
                **self.head(stamp, Period.of_day(day)),
                unit=self.unit,
                fiscal_year=self.fiscal_year,
                line=line.code,
                amount_cents=amount_cents,
                detail=detail,
                internal=internal,
            )
        )

    def amend_budget(  # noqa: PLR0913 - as many as the event has fields
        self,
        stamp: Stamp,
        day: date,
        place: Placement,
        line: Line,
        amount_cents: int,
        *,
        detail: bool,
        correcting: bool,
        also: bool = True,
        internal: bool = False,
        decided: Decision = UNTOLD,
        proposal: int = 0,
    ) -> None:
        """Change the budget of a line by an amount, by the decision of `day`; `internal`: that of its internal items.

        `also`: beside another of the same decision, line and amount; `proposal`: as it was proposed at that position.

        Raises:
            ProposalSettled, BudgetNeverAdopted, ReasonRequired, AmountTooLarge, AlreadyStated, AmendedTwice,
            PeriodIsClosed, BeforeUnitExisted, UnitHasEnded.
        """
        self.require_countable("budget", amount_cents)
        stated = any(statement.measure == "budget" for statement in self.statements)
        if not (self.budgeted or self.budgeted_internal or stated):
            raise BudgetNeverAdopted(
                f"no budget of unit {self.unit} for {self.fiscal_year} was adopted or stated, so there is none to "
                f"amend; record it first with `heinola record budget`"
            )
        if correcting:
            stamp.require_reason("an amendment that corrects a stated budget")
        self._require_budget_room(place, line, day, allowed=detail or correcting, internal=internal)
        if not (also or detail or correcting):
            self._require_budget_of(line, place)
            self.require_amended_once(day, line.code, amount_cents, internal=internal, decided=decided)
        if proposal:
            self.proposals.require_waiting(proposal, place.position)
        self.record(
            BudgetAmended(
                **self.head(stamp, Period.of_day(day)),
                unit=self.unit,
                fiscal_year=self.fiscal_year,
                line=line.code,
                amount_cents=amount_cents,
                detail=detail,
                correcting=correcting,
                internal=internal,
                proposal=proposal,
                **decided._asdict(),
            )
        )

    def propose_amendment(
        self,
        stamp: Stamp,
        day: date,
        place: Placement,
        line: Line,
        amount_cents: int,
        *,
        also: bool,
        internal: bool,
        decided: Decision,
    ) -> None:
        """Propose to change the budget of a line by an amount; `also`: beside another just like it that waits.

        Raises:
            NothingProposed, ProposedTwice, AmountTooLarge, BeforeUnitExisted, UnitHasEnded.
        """
        require_amount(amount_cents)
        if not amount_cents:
            raise NothingProposed("a proposal of 0 changes nothing; give the difference that is proposed")
        place.unit.require_existing(within_year(day, self.fiscal_year))
        if not also:
            of = Period.of_day(day), line.code, amount_cents
            self.proposals.require_new(*of, place.position, internal=internal)
        self.record(
            AmendmentProposed(
                **self.head(stamp, Period.of_day(day)),
                unit=self.unit,
                fiscal_year=self.fiscal_year,
                line=line.code,
                amount_cents=amount_cents,
                internal=internal,
                **decided._asdict(),
            )
        )

    def drop_amendment(
        self, stamp: Stamp, day: date, proposal: int, position: Position, *, outcome: str, decided: Decision = UNTOLD
    ) -> None:
        """Let a proposal at a position of the log come to nothing: it is rejected, or withdrawn.

        Raises:
            ProposalSettled; BadInput where there is none.
        """
        self.proposals.require_waiting(proposal, position)
        self.record(
            AmendmentDropped(
                **self.head(stamp, Period.of_day(day)),
                unit=self.unit,
                fiscal_year=self.fiscal_year,
                proposal=proposal,
                outcome=outcome,
                **decided._asdict(),
            )
        )

    def post_actual(  # noqa: PLR0913 - as many as the event has fields
        self,
        stamp: Stamp,
        period: Period,
        place: Placement,
        line: Line,
        amount_cents: int,
        *,
        account: str = "",
        detail: bool = False,
        contra: bool = False,
        also: bool = False,
        internal: bool = False,
    ) -> None:
        """Post income or expense of a period; `also`: beside what its account, or else its line, has of the same days.

        `internal`: it is an internal item, which stands beside the others.

        Raises:
            AgainstLineSign, AmountTooLarge, AlreadyStated, CountedTwice, PeriodIsClosed, OtherYear, BeforeUnitExisted,
            UnitHasEnded.
        """
        self.require_countable("actual", amount_cents)
        require_sign(line, amount_cents, contra=contra)
        self.require_postable(period, place)
        if not detail:
            self.require_not_stated(period, place, line, amount_cents, internal=internal)
        if not (also or detail):
            self.require_counted_once(period, line.code, account, internal=internal)
        self.record(
            ActualPosted(
                **self.head(stamp, period),
                unit=self.unit,
                line=line.code,
                amount_cents=amount_cents,
                account=account,
                detail=detail,
                internal=internal,
            )
        )

    def require_postable(self, period: Period, place: Placement) -> None:
        """Refuse what lies in another year, in closed books, or before or after the unit's time.

        Raises:
            PeriodIsClosed, OtherYear, BeforeUnitExisted, UnitHasEnded.
        """
        self._require_own_year(period)
        place.unit.require_existing(period)
        place.require_open(period)

    @property
    def booked(self) -> Booked:
        """What is posted so far, by account (else line) and period; worked out when it is first asked for."""
        if self._booked is None:
            self._booked = Booked.of(self.postings)
        return self._booked

    def require_counted_once(self, period: Period, line: str, account: str, *, internal: bool = False) -> None:
        """Refuse a posting of days that the account, or else the line, has a posting of already.

        Raises:
            CountedTwice: the sentence tells the ways on.
        """
        cell = self.booked.over(line, account, period, internal=internal)
        if cell is not None:
            raise CountedTwice(self.unit, period, cell)

    def budget_of(self, line: str, *, internal: bool = False) -> int:
        """Return the cents of a line's budget with its amendments, as decisions made it; details are none.

        `internal`: of its internal items, else of the others.
        """
        decisions = (event for event in self.postings if isinstance(event, BudgetAdopted | BudgetAmended))
        wanted = line, internal, False
        return sum(one.amount_cents for one in decisions if (one.line, one.internal, one.detail) == wanted)

    def require_amended_once(
        self, day: date, line: str, amount_cents: int, *, internal: bool = False, decided: Decision = UNTOLD
    ) -> None:
        """Refuse an amendment that was recorded before: of the same decision, line and amount.

        Of two decisions whose organs or sections are told, and differ, it is another one.

        Raises:
            AmendedTwice: the sentence tells the ways on.
        """
        on = Period.of_day(day)
        for event in (event for event in self.postings if isinstance(event, BudgetAmended)):
            same = (event.line, event.amount_cents, event.effective) == (line, amount_cents, on)
            told = [(one.organ, one.minutes_section) for one in (event, decided) if one.organ]
            other = len(set(told)) > 1
            if same and not other and event.internal == internal and not (event.detail or event.correcting):
                raise AmendedTwice(
                    f"the budget of {self.unit} {line} was amended by {format_cents(amount_cents)} with the decision "
                    f"of {_label(day)} already ({event.source or 'without a source'}); add --also where it is another "
                    f"amendment, or to a file that is a newer export --update, to record the differences"
                )

    def require_not_stated(
        self, period: Period, place: Placement, line: Line, amount_cents: int, *, internal: bool = False
    ) -> None:
        """Refuse a posting that a stated total has in it already; an internal one also where that of these has it.

        Raises:
            AlreadyStated: the sentence tells the ways on for `amount_cents`.
        """
        covering = place.covering(line.code, period, internal=internal)
        if covering:
            raise AlreadyStated(_ways_on(covering, self.unit, line, period, amount_cents))

    def correct_actual(
        self,
        stamp: Stamp,
        period: Period,
        place: Placement,
        line: Line,
        amount_cents: int,
        *,
        account: str = "",
        internal: bool = False,
    ) -> None:
        """Change the actual of a period, or its internal items, by the difference `amount_cents`, with a reason.

        Raises:
            ReasonRequired, NothingToCorrect, AmountTooLarge, PeriodIsClosed, OtherYear, BeforeUnitExisted,
            UnitHasEnded.
        """
        self.require_countable("actual", amount_cents)
        stamp.require_reason("a correction")
        if not amount_cents:
            raise NothingToCorrect("a correction of 0 changes nothing; give the difference, or the total with --to")
        self.require_postable(period, place)
        self.record(
            ActualCorrected(
                **self.head(stamp, period),
                unit=self.unit,
                line=line.code,
                amount_cents=amount_cents,
                account=account,
                internal=internal,
            )
        )

    def state_figure(  # noqa: PLR0913 - as many as the event has fields
        self,
        stamp: Stamp,
        period: Period,
        place: Placement,
        line: Line,
        measure: str,
        amount_cents: int,
        *,
        precision_cents: int = 1,
        label: str = "",
        percent: str | None = None,
        contra: bool = True,
    ) -> None:
        """State the total of a line over exactly `period`; for a budget, as of the period's end.

        `measure`: one of `STATED_MEASURES`; the internal part is a total of its own, and in no other.
        A document is taken at its word; what is typed goes against the sign of its line only where that is meant.

        Raises:
            FinerThanStated, AgainstLineSign, AmountTooLarge, PeriodIsClosed, OtherYear, BeforeUnitExisted,
            UnitHasEnded; BadInput for the per cent.
        """
        require_amount(amount_cents)
        require_sign(line, amount_cents, contra=contra)
        require_precision(amount_cents, precision_cents)
        if percent is not None:
            require_number(percent)
        self._require_own_year(period)
        place.unit.require_existing(period)
        place.require_open(Period.of_day(period.end))
        self.record(
            FigureStated(
                **self.head(stamp, period),
                unit=self.unit,
                line=line.code,
                measure=measure,
                amount_cents=amount_cents,
                precision_cents=precision_cents,
                label=label,
                percent=percent,
            )
        )

    def withdraw_statement(self, stamp: Stamp, period: Period, place: Placement, line: Line, measure: str) -> None:
        """Let the statements of exactly this line, measure and period hold no longer.

        Raises:
            ReasonRequired, NothingToWithdraw, PeriodIsClosed.
        """
        stamp.require_reason("withdrawing a statement")
        place.require_open(Period.of_day(period.end))
        stated = [s for s in self.statements if (s.line, s.measure, s.effective) == (line.code, measure, period)]
        if not stated:
            periods = sorted(
                {s.effective.label for s in self.statements if (s.line, s.measure) == (line.code, measure)}
            )
            known = f"; stated periods: {', '.join(periods)}" if periods else ""
            raise NothingToWithdraw(f"no {measure} of {self.unit} {line.code} is stated for {period.label}{known}")
        self.record(StatementWithdrawn(**self.head(stamp, period), unit=self.unit, line=line.code, measure=measure))

    @property
    def closed(self) -> list[Period]:
        """The periods for which the unit's own books are closed."""
        return [closing.effective for closing in self.closings]

    def is_closed(self, period: Period) -> bool:
        """Return whether the unit's books are closed for the whole of a period."""
        return any(closed.contains(period) for closed in self.closed)

    def has_closed(self, period: Period) -> bool:
        """Return whether the unit's books were closed for a period inside `period`."""
        return any(period.contains(closed) for closed in self.closed)

    def close_period(self, stamp: Stamp, period: Period) -> None:
        """Close the unit's books for a period.

        Raises:
            OtherYear.
            PeriodIsClosed: they are closed already.
        """
        self._require_own_year(period)
        if self.is_closed(period):
            raise PeriodIsClosed(f"the books of unit {self.unit} for {period.label} are closed already")
        self.record(PeriodClosed(**self.head(stamp, period), unit=self.unit))

    def reopen_period(self, stamp: Stamp, period: Period, *, closed_above: bool = False, partly: bool = False) -> None:
        """Open the unit's books for a period again, with a reason.

        Args:
            stamp: with a reason.
            period: inside the year.
            closed_above: those of a unit above are closed, which is reason enough.
            partly: what is closed for longer may stay so.

        Raises:
            ReasonRequired, OtherYear, PeriodNotClosed.
            PeriodIsClosed: they are closed for longer, which opening the period would leave as it is.
        """
        stamp.require_reason("reopening a period")
        self._require_own_year(period)
        longer = next((one for one in self.closed if one.overlaps(period) and not period.contains(one)), None)
        if longer is not None and not partly:
            raise PeriodIsClosed(
                f"the books of unit {self.unit} are closed for {longer.label} together, so that they would stay closed "
                f'for {period.label}; reopen that: heinola record reopen {longer.label} --unit {self.unit} --reason "…"'
            )
        if not (closed_above or self.has_closed(period)):
            raise PeriodNotClosed(f"the books of unit {self.unit} for {period.label} are not closed")
        self.record(PeriodReopened(**self.head(stamp, period), unit=self.unit))

    # ------------------------------------------------------------------ coverage

    def complete_books(
        self, stamp: Stamp, period: Period, place: Placement, measure: str, lines: tuple[str, ...]
    ) -> None:
        """Record that the books of the unit, and of everything below it, are complete for a period.

        Raises:
            NotWholeMonths, OtherYear, BeforeUnitExisted, UnitHasEnded.
        """
        self._require_own_year(period)
        require_whole_months(period, measure)
        place.unit.require_there(period)
        head = self.head(stamp, period)
        self.record(BooksCompleted(**head, unit=self.unit, measure=measure, lines=lines))

    def withdraw_completion(self, stamp: Stamp, period: Period, measure: str, lines: tuple[str, ...]) -> None:
        """Let what was said of the completeness of the books hold no longer for a period, with a reason.

        Raises:
            ReasonRequired, NotWholeMonths, OtherYear.
        """
        stamp.require_reason("taking back that books are complete")
        self._require_own_year(period)
        require_whole_months(period, measure)
        head = self.head(stamp, period)
        self.record(CompletionWithdrawn(**head, unit=self.unit, measure=measure, lines=lines))

    # ------------------------------------------------------------------ goals and priorities

    def set_goal(self, stamp: Stamp, goal: str, **texts: Unpack[GoalTexts]) -> None:
        """Set a binding goal for the year.

        Raises:
            NoCode: the id can be none.
            GoalSetBefore: the id is taken by another goal.
        """
        require_code(goal, "the goal's id", LONGEST_CODE + 10)  # an import numbers a unit's goals behind its code
        if goal in self.goals:
            raise GoalSetBefore(
                f"goal {goal} of unit {self.unit} is set already for {self.fiscal_year}; choose another id, or add "
                f'--revising and --reason "…" to word it anew'
            )
        self.record(GoalSet(**self.head(stamp, Period.of_year(self.fiscal_year)), unit=self.unit, goal=goal, **texts))

    def revise_goal(self, stamp: Stamp, day: date, goal: str, **texts: Unpack[GoalTexts]) -> None:
        """Let the given words be the goal's from `day` on, with a reason; its id and what was told of it stay.

        Raises:
            GoalNeverSet, ReasonRequired, OtherYear, NothingRevised.
        """
        stamp.require_reason("wording a goal anew")
        self._require_goal(goal)
        self._require_own_year(Period.of_day(day))
        known = self.goals[goal]
        if all(getattr(known, name) == text for name, text in texts.items()):
            raise NothingRevised(
                f"goal {goal} of unit {self.unit} reads so already; give what is to read otherwise, such as "
                f"--binding-goal or --target-level"
            )
        self.record(GoalRevised(**self.head(stamp, Period.of_day(day)), unit=self.unit, goal=goal, **texts))

    def update_goal_status(self, stamp: Stamp, period: Period, goal: str, status: str, text: str = "") -> None:
        """Report how a goal stands at the end of a period.

        Raises:
            GoalNeverSet.
        """
        self._require_goal(goal)
        self.record(GoalStatusUpdated(**self.head(stamp, period), unit=self.unit, goal=goal, status=status, text=text))

    def withdraw_goal(self, stamp: Stamp, day: date, goal: str) -> None:
        """Let a goal hold no longer, with a reason.

        Raises:
            GoalNeverSet, ReasonRequired.
        """
        stamp.require_reason("withdrawing a goal")
        self._require_goal(goal)
        self.record(GoalWithdrawn(**self.head(stamp, Period.of_day(day)), unit=self.unit, goal=goal))

    def set_priority(self, stamp: Stamp, number: int, title: str, metric: str = "") -> None:
        """Take up an operative priority for the year, or word it anew.

        Raises:
            BadInput: its number is none.
        """
        require_place(number, "priority")
        year = Period.of_year(self.fiscal_year)
        self.record(PrioritySet(**self.head(stamp, year), unit=self.unit, number=number, title=title, metric=metric))

    def report_priority(self, stamp: Stamp, period: Period, number: int, text: str) -> None:
        """Report what came of a priority in a period.

        Raises:
            PriorityNeverSet.
        """
        if number not in self.priorities:
            known = f"; its priorities are {', '.join(map(str, sorted(self.priorities)))}" if self.priorities else ""
            raise PriorityNeverSet(f"unit {self.unit} has no priority {number} in {self.fiscal_year}{known}")
        self.record(PriorityReported(**self.head(stamp, period), unit=self.unit, number=number, text=text))

    # ------------------------------------------------------------------ words and statistics

    def report_narrative(
        self, stamp: Stamp, period: Period, section: str, text: str, *, programme: str | None = None, part: int = 1
    ) -> None:
        """Report on a period in words.

        Raises:
            BadInput: the part's number is none.
        """
        require_place(part, "part")
        head = self.head(stamp, period)
        self.record(
            NarrativeReported(**head, unit=self.unit, section=section, text=text, programme=programme, part=part)
        )

    def give_outlook(self, stamp: Stamp, period: Period, text: str) -> None:
        """Give the estimate of how the year's budget will hold."""
        self.record(OutlookGiven(**self.head(stamp, period), unit=self.unit, text=text))

    def give_forecast(
        self,
        stamp: Stamp,
        period: Period,
        line: Line,
        amount_cents: int,
        *,
        deviation_cents: int | None,
        precision_cents: int,
        contra: bool,
        text: str,
    ) -> None:
        """Say what a line of the year will end at, as seen at the end of a period.

        Raises:
            FinerThanStated, AgainstLineSign, AmountTooLarge, OtherYear.
        """
        require_amount(amount_cents)
        require_sign(line, amount_cents, contra=contra)
        require_precision(amount_cents if deviation_cents is None else deviation_cents, precision_cents)
        self._require_own_year(period)
        self.record(
            ForecastGiven(
                **self.head(stamp, period),
                unit=self.unit,
                line=line.code,
                amount_cents=amount_cents,
                deviation_cents=deviation_cents,
                precision_cents=precision_cents,
                text=text,
            )
        )

    def observe_indicator(self, stamp: Stamp, period: Period, name: str, value: str, measured_in: str = "") -> None:
        """Record a statistic of a period; `value` is a number as people write it.

        Raises:
            BadInput: it is none.
        """
        head, number = self.head(stamp, period), decimal_text(value)
        self.record(IndicatorObserved(**head, unit=self.unit, name=name, value=number, measured_in=measured_in))

    # ------------------------------------------------------------------ rules

    def require_countable(self, measure: str, amount_cents: int, *, more_cents: int = 0) -> None:
        """Refuse an amount beyond the limit, or one that makes the year's sums so.

        Args:
            measure: `actual` or `budget`.
            amount_cents: the amount.
            more_cents: what is recorded beside it, without signs.

        Raises:
            AmountTooLarge.
        """
        require_amount(amount_cents)
        total = self.turnover.get(measure, 0) + abs(amount_cents) + more_cents
        if total > LARGEST_TOTAL_CENTS:
            raise AmountTooLarge(
                f"the {measure} of {self.unit} for {self.fiscal_year} would come to {format_cents(total)} € in all its "
                f"amounts, which is at most {format_cents(LARGEST_TOTAL_CENTS)} €; check the figures of the year"
            )

    def _require_own_year(self, period: Period) -> None:
        if not Period.of_year(self.fiscal_year).contains(period):
            raise OtherYear(
                f"{period.label} is not inside the fiscal year {self.fiscal_year}; record each year by itself"
            )

    def _require_budget_room(self, place: Placement, line: Line, day: date, *, allowed: bool, internal: bool) -> None:
        place.unit.require_existing(within_year(day, self.fiscal_year))
        place.require_open(Period.of_day(day))
        totals = place.totals_over("budget", line.code, internal=internal)
        covering = next((total for total in totals if day <= total.effective.end), None)
        if covering and not allowed:
            raise AlreadyStated(
                f"the budget of {covering.unit} {covering.line} is stated as of {_label(covering.effective.end)}, so a "
                f"decision of {_label(day)} is inside it already; if the statement missed it add --correcting, if the "
                f"statement has it add --detail, or withdraw the statement with `heinola record withdrawal`"
            )

    def _require_budget_of(self, line: Line, place: Placement) -> None:
        """Refuse to amend a line that has no budget, nor any line that it is a part of or that is a part of it."""
        stated = {
            statement.line for year in place.ever for statement in year.statements if statement.measure == "budget"
        }
        near = {*place.chart.at_or_above(line.code), *place.chart.at_or_below(line.code)}
        budgeted = self.budgeted | self.budgeted_internal
        if near.isdisjoint(budgeted | stated):
            known = f"; those that have one are {', '.join(sorted(budgeted))}" if budgeted else ""
            raise BudgetNeverAdopted(
                f"no budget of {self.unit} {line.code} for {self.fiscal_year} was adopted or stated{known}; what a "
                f"decision gives a line first is recorded with `heinola record budget`"
            )

    def _require_goal(self, goal: str) -> None:
        if goal not in self.goals:
            known = f"; its goals are {', '.join(self.goals)}" if self.goals else ""
            raise GoalNeverSet(f"unit {self.unit} has no goal {goal} in {self.fiscal_year}{known}")


def require_sign(line: Line, amount_cents: int, *, contra: bool) -> None:
    """Refuse an amount against the sign of its line, unless it is meant.

    Raises:
        AgainstLineSign.
    """
    if line.sign * amount_cents < 0 and not contra:
        should = "positive" if line.sign > 0 else "negative"
        raise AgainstLineSign(
            f"{line.code} is recorded {should}, so {format_cents(amount_cents)} goes against its line; "
            f"write {format_cents(-amount_cents)}, or add --contra if it is meant"
        )


def require_precision(amount_cents: int, precision_cents: int) -> None:
    """Refuse a total that is told more finely than what it is said to be rounded to.

    Raises:
        FinerThanStated.
    """
    if amount_cents % precision_cents:
        unit = {100: "euros", 100_000: "thousands of euros", 100_000_000: "millions of euros"}.get(precision_cents)
        raise FinerThanStated(
            f"{format_cents(amount_cents)} € is not in whole "
            f"{unit or f'multiples of {format_cents(precision_cents)} €'}, "
            f"which it is said to be rounded to; check the figure or its precision"
        )


def require_whole_months(period: Period, measure: str) -> None:
    """Refuse a period of which books cannot be complete: it is no whole months, or for a budget no year.

    Raises:
        NotWholeMonths.
    """
    if measure == "budget":
        if period != Period.of_year(period.year):
            raise NotWholeMonths(f"a budget is complete for a whole year; write {period.year}, not {period.label}")
    elif period != Period.of_months(period.year, period.start.month, period.end.month):
        months = Period.of_months(period.year, period.start.month, period.end.month)
        raise NotWholeMonths(f"books are complete for whole months, such as {months.label}; {period.label} is not that")


def require_place(number: int, what: str) -> None:
    """Refuse a number of a list that no list has.

    Raises:
        BadInput.
    """
    if not 0 < number <= LONGEST_LIST:
        raise BadInput(f"there is no {what} {number}; number them from 1 to {LONGEST_LIST}")


def _texts_of(event: GoalRevised) -> GoalTexts:
    """Return the words that a revision gives."""
    told = {name: getattr(event, name) for name in GoalTexts.__annotations__}
    return cast("GoalTexts", {name: text for name, text in told.items() if text is not None})


def _same_statement(statement: FigureStated, withdrawn: StatementWithdrawn) -> bool:
    return (statement.line, statement.measure, statement.effective) == (
        withdrawn.line,
        withdrawn.measure,
        withdrawn.effective,
    )


def _ways_on(covering: FigureStated, unit: str, line: Line, period: Period, amount_cents: int) -> str:
    amount = format_cents(amount_cents)
    return (
        f"the actual of {covering.unit} {covering.line} is stated for {covering.effective.label}, so a posting into "
        f"{period.label} would be counted twice; if it changes the total, record a correction "
        f'(heinola record correction {unit} {line.code} {period.label} "{amount}" --reason "…"), if it is inside the '
        f"total add --detail, or withdraw the statement with `heinola record withdrawal`"
    )


def within_year(day: date, fiscal_year: int) -> Period:
    """Return the part of the fiscal year that a budget decision of `day` is about: it may be taken before the year."""
    year = Period.of_year(fiscal_year)
    return Period.of_day(min(max(day, year.start), year.end))


def _label(day: date) -> str:
    return Period.of_day(day).label
