"""What a report says, as the reader hands it over: plain values, each with the lines it came from.

Line numbers are 1-based and ascending. Money is in whole cents; in figures expenses are negative, as printed.
Every item names its unit by code; the units themselves are listed in document order, parents before children.
"""

from __future__ import annotations

from datetime import date
from typing import Literal

from attrs import field, frozen

from events.period import Period

UnitKind = Literal[
    "city", "sector", "service_area", "unit", "investment_programme", "investment_area", "investment_item"
]
SectionKind = Literal[
    "goals_outcome",  # Tavoitteiden toteuma
    "exceptional_circumstances",  # Toimintaa Korona-poikkeustilanteessa
    "programme_progress",  # Strategisten tavoitteiden eteneminen
    "justification",  # Perustelut
    "strategic_goal",  # Strateginen tavoite, of an investment
    "outcome",  # Toteuma, of an investment
    "statistics",  # a sentence that stands inside a table of statistics
    "other",
]
FindingKind = Literal["inferred", "unparsed", "mismatch"]


@frozen(slots=True, kw_only=True)
class ReportUnit:
    """A unit with a heading (or a table) of its own.

    Attributes:
        code: as printed, or the code given to what has no number (`HYV`, `HYV-INV`, `841-1`).
        name: as printed, without the code.
        kind: what it is; it decides the layout of its figures.
        parent: code of the unit above; None for the sector.
        responsible: who answers for it (*vastuuhenkilö*), or empty.
        lines: the heading and the line of the person responsible.
    """

    code: str
    name: str
    kind: UnitKind
    parent: str | None
    responsible: str = ""
    lines: tuple[int, ...] = ()


@frozen(slots=True)
class StatedAmount:
    """An amount as a document states it.

    Attributes:
        cents: the amount.
        precision_cents: the unit it is stated in: 100 to the euro, 100_000 to a thousand euros.
    """

    cents: int
    precision_cents: int


@frozen(slots=True, kw_only=True)
class FigureRow:
    """One row of a five-column figure table; a cell left empty is None.

    Attributes:
        unit: code of the unit.
        line: code of the line in the chart.
        label: the label as printed.
        final_accounts: TP, the whole year before.
        prior_actual: TOT of the year before, from 1 January over the same months.
        budget: TA with amendments.
        actual: TOT, from 1 January to the end of the report's period.
        printed_percent: TOT %, as decimal text with a point (`"63.34"`).
    """

    unit: str
    line: str
    label: str
    final_accounts: StatedAmount | None
    prior_actual: StatedAmount | None
    budget: StatedAmount | None
    actual: StatedAmount | None
    printed_percent: str | None
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class StatedFigure:
    """A figure of a table whose columns a profile names.

    Attributes:
        unit: code of the unit.
        line: code of the line in the chart.
        label: the label as printed.
        measure: `actual` or `budget`.
        period: exactly the days it is of.
        amount: as stated; expenses are negative, however they are printed.
        percent: that stands beside it, as decimal text with a point, or None.
    """

    unit: str
    line: str
    label: str
    measure: str
    period: Period
    amount: StatedAmount
    percent: str | None
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class GivenForecast:
    """What a line of a unit is expected to end the report's year at, and why; otherwise as `StatedFigure`."""

    unit: str
    line: str
    label: str
    amount: StatedAmount
    lines: tuple[int, ...]
    text: str = ""


@frozen(slots=True, kw_only=True)
class Translated:
    """What recorded words of a unit, or of a project, read in another language.

    Attributes:
        unit, project: the code of the one, or the name that the other was launched under; one of them is None.
        original: the words.
        language: `fi`, `sv` or `en`.
        text: what they read in it.
    """

    unit: str | None
    project: str | None
    original: str
    language: str
    text: str
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class GoalStatus:
    """How a goal stands at the end of the report's period: one of `GOAL_STATUSES`, and what came of it in words."""

    unit: str
    goal: str
    status: str
    text: str
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class Goal:
    """A row of a goal table, its cells whole again; a cell left empty is an empty string.

    Attributes:
        unit: code of the unit.
        id: unique in the document: the unit's code and the row's number (`410-1`).
        programme_goal, binding_goal, metric, target_level: the four columns.
        subtask: the fifth, *osatehtävä*, where the table has it.
        strategic_goal: the heading the table stands under (*strateginen perustavoite*), or empty.
    """

    unit: str
    id: str
    programme_goal: str
    binding_goal: str
    metric: str
    target_level: str
    subtask: str
    strategic_goal: str
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class Priority:
    """An operative priority (*toiminnallinen painopiste*).

    Attributes:
        unit: code of the unit.
        number: as printed.
        title: what is to be done.
        metric: how it is measured, the sentence or sentences from "Mittari…" on, or empty.
        text: what came of it, after "Toteuma:", word for word; paragraphs separated by a blank line.
        period: the period it is reported for.
    """

    unit: str
    number: int
    title: str
    metric: str
    text: str
    period: Period
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class Narrative:
    """A section of prose, or the part of one that is about one strategy programme. Unique by its first five fields.

    Attributes:
        unit: code of the unit.
        section: the heading as printed, without its colon and its period.
        programme: the strategy programme (`hyvinvointiohjelma`), or None.
        part: 1, 2 … where a section comes more than once for the same programme.
        period: the period stated in the heading, else the report's.
        kind: what sort of section it is.
        text: word for word with its `**` marks; paragraphs separated by a blank line, bullets on lines of their own.
    """

    unit: str
    section: str
    programme: str | None
    part: int
    period: Period
    kind: SectionKind
    text: str
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class Outlook:
    """How the year's budget is expected to hold (*arvio vuoden … talousarvion toteutumisesta*), word for word."""

    unit: str
    text: str
    period: Period
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class Indicator:
    """A statistic of a unit over a period.

    Attributes:
        unit: code of the unit.
        name: what was counted.
        value: decimal text with a point (`"1224"`, `"3.37"`).
        measured_in: the unit of measure (`kertaa`, `%`).
        period: the period counted.
    """

    unit: str
    name: str
    value: str
    measured_in: str
    period: Period
    lines: tuple[int, ...]


@frozen(slots=True, kw_only=True)
class Project:
    """A project (*hanke*). Amounts are gross for its whole life, positive as printed; None where none is printed.

    Attributes:
        name: its name.
        description: what is done.
        administrator: the owner as printed.
        unit: code of the unit the administrator names; the sector where it names none.
        responsible: as printed.
        start, end: first and last day; end None while open.
        phase: as printed after the dates, or empty.
        funder: funder and funding decision, as printed.
        city_decision: as printed, or empty.
        budget_years: every year it is budgeted in.
        income_cents, expense_cents, city_share_cents: in cents.
        amount_notes: what is printed beside the amounts, one note per line, or empty.
        other: *muita tietoja*, or empty.
        percent: progress as decimal text (`"29.2"`), or None.
        text: the state of the project, word for word.
        launched_as: the name that it was launched under, where it is called otherwise; else empty.
        ended: its actual last day, or None.
    """

    name: str
    description: str
    administrator: str
    unit: str
    responsible: str
    start: date | None
    end: date | None
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
    lines: tuple[int, ...]
    launched_as: str = ""
    ended: date | None = None


@frozen(slots=True, kw_only=True)
class Finding:
    """What the reader concluded without it being printed, could not place, or found to contradict itself.

    Attributes:
        kind: `inferred`, `unparsed` or `mismatch`.
        unit: code of the unit concerned, or None.
        line: the line number.
        message: one plain sentence.
        of_figures: whether it is about figures, which are told first.
    """

    kind: FindingKind
    unit: str | None
    line: int
    message: str
    of_figures: bool = False


@frozen(slots=True)
class LineUse:
    """What a line that is not blank was read as (`figure`, `narrative`, `table header` …)."""

    line: int
    use: str


@frozen(slots=True, kw_only=True)
class ReportDocument:
    """An interim report of one committee.

    Attributes:
        sector: heading of the report, e.g. `Hyvinvointilautakunnan toimiala`.
        committee: the committee's name, e.g. `Hyvinvointilautakunta`, or empty where it is not printed.
        period: the report's own period; figures are cumulative from 1 January to its end.
        fiscal_year: the year of the budget.
        line_uses: one for each line that is not blank and not a finding `unparsed`.
        stated, forecasts, statuses: what only a report has that is read by a profile, or carries its own data.
        translations: what only the latter has.
    """

    sector: str
    committee: str
    period: Period
    fiscal_year: int
    units: tuple[ReportUnit, ...]
    figures: tuple[FigureRow, ...]
    goals: tuple[Goal, ...]
    priorities: tuple[Priority, ...]
    narratives: tuple[Narrative, ...]
    outlooks: tuple[Outlook, ...]
    indicators: tuple[Indicator, ...]
    projects: tuple[Project, ...]
    findings: tuple[Finding, ...]
    line_uses: tuple[LineUse, ...] = field(repr=False)
    stated: tuple[StatedFigure, ...] = ()
    forecasts: tuple[GivenForecast, ...] = ()
    statuses: tuple[GoalStatus, ...] = ()
    translations: tuple[Translated, ...] = ()
