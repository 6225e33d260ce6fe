"""What a snapshot is made of: the report of a period as data, as it was known at one position of the log.

Amounts are whole cents, expenses negative; days are inclusive; what is unknown is None, never 0. There is no prose in
it but what people recorded: what the product observes is a code with parameters (`projections.snapshot.codes`).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from attrs import define, field, frozen, setters

from events.period import Period
from events.value_object import ValueObject
from projections.snapshot.codes import Parameter

LEFT_OUT = {"left_out": True}
"""Metadata of a field that JSON leaves out where there is nothing to say."""
RULE = 2
"""The value rule by which figures are worked out."""

BudgetChangeKind = Literal["decision", "ledger", "proposal"]
"""Of what changed a budget, or would: an organ decided it, a ledger file has it so, or it waits for a decision."""
GoalStatus = Literal["not_started", "in_progress", "achieved", "delayed", "not_achieved", "suspended"]
UnitKind = Literal[
    "city", "sector", "service_area", "unit", "investment_programme", "investment_area", "investment_item"
]
FindingKind = Literal["rounding", "mismatch", "incomplete", "stale", "inferred", "unparsed"]


@define(slots=True, on_setattr=setters.frozen, eq=False, repr=False)  # frozen, but made in a third of the time
class Cell(ValueObject):
    """An amount that is known and whole.

    Attributes:
        cents: the amount.
        precision_cents: the coarsest rounding among the totals it rests on: 1 is exact, 100 to the euro.
    """

    cents: int
    precision_cents: int


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Partial(ValueObject):
    """The part that is known of a cell that is not whole.

    Attributes:
        cents: its sum.
        through: the last day through which the cell is whole, or None where it is through none.
        missing_units: codes of the units, lowest down, that are not whole; the cell's own among them.
        missing_lines: codes of the component lines that are not, where others are.
        cut: positions of postings that an end of the period, or of a stated total, cuts in two.
    """

    cents: int
    through: date | None
    missing_units: tuple[str, ...] = ()
    missing_lines: tuple[str, ...] = ()
    cut: tuple[int, ...] = field(default=(), metadata=LEFT_OUT)


@frozen(slots=True, eq=False, repr=False)
class Note(ValueObject):
    """Why a cell is unknown, or says less than one might think: a code of `NOTES` and its parameters."""

    code: str
    parameters: Mapping[str, Parameter] = field(factory=dict)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PriorYear(ValueObject):
    """Some columns of a row in an earlier year.

    Attributes:
        year: which.
        cells: by the name of the column.
        partial: by column, what is known of a cell that is not whole.
        external: as in `FigureRow`.
    """

    year: int
    cells: Mapping[str, Cell | None]
    partial: Mapping[str, Partial] = field(factory=dict, metadata=LEFT_OUT)
    external: Mapping[str, Cell | None] = field(factory=dict, metadata=LEFT_OUT)


@define(slots=True, kw_only=True, on_setattr=setters.frozen, eq=False, repr=False)  # likewise
class FigureRow(ValueObject):
    """A line of a unit's figures.

    Attributes:
        line: its code.
        label: its Finnish label.
        cells: the amounts by the name of their column; None where one is unknown or not whole.
        percents: the per cents by the name of their column, with two decimals; None where there is none to tell.
        partial: by column, what is known of a cell that is not whole.
        printed_label: the label as the source document prints it, where that differs; else empty.
        notes: by column, what is to be said of a cell.
        prior_years: earlier years that were asked for, the latest first.
        external: of a city, where anything is known to be internal: by column, the amount without internal items.
    """

    line: str
    label: str
    cells: Mapping[str, Cell | None]
    percents: Mapping[str, Decimal | None]
    partial: Mapping[str, Partial] = field(factory=dict, metadata=LEFT_OUT)
    printed_label: str = field(default="", metadata=LEFT_OUT)
    notes: Mapping[str, Note] = field(factory=dict, metadata=LEFT_OUT)
    prior_years: tuple[PriorYear, ...] = field(default=(), metadata=LEFT_OUT)
    external: Mapping[str, Cell | None] = field(factory=dict, metadata=LEFT_OUT)

    def cell(self, column: str, year: int | None = None) -> Cell | None:
        """Return the amount in a column, of the report's year or of a prior one; None where it is not known."""
        if year is None:
            return self.cells.get(column)
        return next((prior.cells.get(column) for prior in self.prior_years if prior.year == year), None)

    def part(self, column: str, year: int | None = None) -> Partial | None:
        """Return what is known of an amount that is not whole, of the report's year or of a prior one; else None."""
        if year is None:
            return self.partial.get(column)
        return next((prior.partial.get(column) for prior in self.prior_years if prior.year == year), None)

    @property
    def actual(self) -> Cell | None:
        """The actual from 1 January."""
        return self.cells.get("actual")

    @property
    def budget(self) -> Cell | None:
        """The budget of the year with its amendments."""
        return self.cells.get("budget")

    @property
    def prior_actual(self) -> Cell | None:
        """The actual over the same months of the year before."""
        return self.cells.get("prior_actual")

    @property
    def final_accounts(self) -> Cell | None:
        """The actual of the whole year before."""
        return self.cells.get("final_accounts")

    @property
    def percent(self) -> Decimal | None:
        """How many per cent of the budget the actual is."""
        return self.percents.get("percent")


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Goal(ValueObject):
    """A binding goal that holds at the period's end.

    Attributes:
        id: unique among the goals of the unit's year.
        programme_goal, binding_goal, metric, target_level: *ohjelmatavoite*, *sitova tavoite*, *mittari*,
            *tavoitetaso*.
        strategic_goal, subtask: the heading it stands under, and the sub-task; may be empty.
        status: reported in the period, or None.
        text: the explanation of the status, or None.
    """

    id: str
    programme_goal: str
    binding_goal: str
    metric: str
    target_level: str
    strategic_goal: str
    subtask: str
    status: GoalStatus | None = None
    text: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Priority(ValueObject):
    """A priority of the year (*toiminnallinen painopiste*); `text` is what came of it in the period, or None."""

    number: int
    title: str
    metric: str
    text: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Narrative(ValueObject):
    """A text about the period, or a part of it: its heading, and the strategy programme it is about, or None."""

    section: str
    programme: str | None
    text: str
    period: Period


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Indicator(ValueObject):
    """A statistic over a period: `value` is a decimal number as text, with a point; `unit` what it is measured in."""

    name: str
    value: str
    unit: str
    period: Period


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Translation(ValueObject):
    """What recorded words of a report, `original`, read in a `language` (`fi`, `sv`, `en`): `text`."""

    original: str
    language: str
    text: str


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitReport(ValueObject):
    """What the report has of one unit.

    Attributes:
        code, name, kind: as of the day of the organisation.
        parent: code of the unit above, or None.
        responsible: the role in charge, or empty.
        figures: in the order of the unit's layout.
        goals, priorities, narratives, indicators: what it has to say.
        outlook: its last estimate given in the period, or None.
        translations: what its words read in other languages, where that was recorded.
    """

    code: str
    name: str
    kind: UnitKind
    parent: str | None
    responsible: str
    figures: tuple[FigureRow, ...] = ()
    goals: tuple[Goal, ...] = ()
    priorities: tuple[Priority, ...] = ()
    narratives: tuple[Narrative, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    outlook: str | None = None
    translations: tuple[Translation, ...] = field(default=(), metadata=LEFT_OUT)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ProjectReport(ValueObject):
    """A project as it stood at the period's end.

    Attributes:
        name: what it is called.
        launched_as: the name that it was launched under, which is its key in the city, where it is called otherwise.
        description: what is done.
        unit: code of the unit that owns it.
        administrator, responsible: the owner as the document words it; who answers for it.
        start, end: planned first and last day; None while open.
        ended: its actual last day, or None.
        phase, funder, city_decision: *hankevaihe*, *rahoittaja*, the city's decision.
        budget_years: the years it is budgeted in.
        income_cents, expense_cents, city_share_cents: gross, over its whole life, positive; None where not known.
        amount_notes, other: what is said about the amounts, and further information.
        percent: progress last reported by the period's end, as decimal text, or None.
        text: the state in words.
        translations: what its words read in other languages, where that was recorded.
    """

    name: str
    description: str
    unit: str
    administrator: str
    responsible: str
    start: date | None
    end: date | None
    ended: date | None
    phase: str
    funder: str
    city_decision: str
    budget_years: tuple[int, ...]
    income_cents: int | None
    expense_cents: int | None
    city_share_cents: int | None
    amount_notes: str
    other: str
    percent: str | None
    text: str
    launched_as: str | None = None
    translations: tuple[Translation, ...] = field(default=(), metadata=LEFT_OUT)

    @property
    def key(self) -> str:
        """The name that it was launched under, which stays whatever it is called."""
        return self.launched_as or self.name


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Finding(ValueObject):
    """An observation about the figures, never an error.

    Attributes:
        kind: how much it matters.
        code: what was observed: a code of `FINDINGS`.
        unit, line, column: where; None where it is about no cell.
        stated, computed: the two that were compared: cents, or a per cent as decimal text; None where none were.
        parameters: what else the observation names.
    """

    kind: FindingKind
    code: str
    unit: str | None = None
    line: str | None = None
    column: str | None = None
    stated: int | str | None = None
    computed: int | str | None = None
    parameters: Mapping[str, Parameter] = field(factory=dict)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Unplaced(ValueObject):
    """A posting that is in no figure: the end of the months shown cuts its period in two.

    Attributes:
        column: the column that it is missing from.
        position: of the posting in the log.
        unit, line, cents: what it posts.
        start, end: its own period.
    """

    column: str
    position: int
    unit: str
    line: str
    start: date
    end: date
    cents: int

    @property
    def period(self) -> Period:
        """Its own period."""
        return Period(self.start, self.end)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class UnitChange(ValueObject):
    """A unit that moved, merged or ended in the years that the report compares.

    Attributes:
        unit, name: which, and what it is called on the day of the organisation.
        what: which of these.
        day: the first on which it stands under another unit; of one that ended, its last.
        before, after: codes of the units that it stood and stands under, or None.
        before_name, after_name: what these are called, or None.
    """

    unit: str
    name: str
    what: Literal["moved", "merged", "ended"]
    day: date
    before: str | None
    after: str | None
    before_name: str | None
    after_name: str | None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ExcludedRow(ValueObject):
    """A line of what earlier years are shown without.

    Attributes:
        line, label, cells, partial, prior_years: as in a row of figures, of the columns of earlier years alone.
    """

    line: str
    label: str
    cells: Mapping[str, Cell | None]
    partial: Mapping[str, Partial] = field(factory=dict, metadata=LEFT_OUT)
    prior_years: tuple[PriorYear, ...] = field(default=(), metadata=LEFT_OUT)

    def as_row(self) -> FigureRow:
        """Return it as a row of figures that has no others."""
        return FigureRow(
            line=self.line,
            label=self.label,
            cells=self.cells,
            percents={},
            partial=self.partial,
            prior_years=self.prior_years,
        )


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Excluded(ValueObject):
    """A unit that left the city, with what it would add to the columns of earlier years.

    Attributes:
        unit, name, kind: which.
        parent: code of the unit that it stood under, or None.
        last_day: its last.
        figures: what it comes to, with what stood under it and left as well.
    """

    unit: str
    name: str
    kind: UnitKind
    parent: str | None
    last_day: date
    figures: tuple[ExcludedRow, ...] = ()


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class BudgetChange(ValueObject):
    """What changed a budget of the year after it was adopted; or, of a proposal, would change it and is in no figure.

    Attributes:
        kind: who says so; see `BudgetChangeKind`.
        position: in the log.
        unit, line, cents: what is changed, by how much.
        day: of the decision, or of the proposal.
        organ, minutes_section, address: of the decision, or the proposal, as far as they are told.
        source: the document, decision or file row that it was recorded from.
    """

    kind: BudgetChangeKind
    position: int
    unit: str
    line: str
    cents: int
    day: date
    organ: str = field(default="", metadata=LEFT_OUT)
    minutes_section: str = field(default="", metadata=LEFT_OUT)
    address: str = field(default="", metadata=LEFT_OUT)
    source: str = field(default="", metadata=LEFT_OUT)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class Snapshot(ValueObject):
    """The report of a period.

    Attributes:
        city: of the store.
        period: the one asked for, inside one fiscal year.
        known_at: the moment that it was known at, or None for now.
        structure: the day whose organisation was taken.
        position: of the last event taken into account.
        rule: the value rule that its figures follow.
        columns: the names of the columns that its rows have, in order.
        units: in report order: depth first, siblings in the order they were established.
        projects: those begun by the period's end and not ended before it.
        findings: what reconciliation and imports noted.
        unplaced: postings that are in no figure.
        changes: units that moved, merged or ended in the years compared, in the order of days.
        comparable: whether its earlier years are without what left the city before its year.
        excluded: what they are without.
        budget_changes: what changed the year's budget by the end of the period, and what waits for a decision; in the
            order of the log.
        recorded_in: the language in which the city records names, goals and texts, where it says so; empty: Finnish.
    """

    city: str
    period: Period
    known_at: datetime | None
    structure: date
    position: int
    rule: int = RULE
    columns: tuple[str, ...]
    units: tuple[UnitReport, ...]
    projects: tuple[ProjectReport, ...]
    findings: tuple[Finding, ...]
    unplaced: tuple[Unplaced, ...]
    changes: tuple[UnitChange, ...] = field(default=(), metadata=LEFT_OUT)
    comparable: bool = field(default=False, metadata=LEFT_OUT)
    excluded: tuple[Excluded, ...] = field(default=(), metadata=LEFT_OUT)
    budget_changes: tuple[BudgetChange, ...] = field(default=(), metadata=LEFT_OUT)
    recorded_in: str = field(default="", metadata=LEFT_OUT)

    @property
    def cumulative(self) -> Period:
        """What its actuals cover: 1 January to the period's end."""
        return self.period.year_to_date()
