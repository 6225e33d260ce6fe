"""A report that carries its own data, as the importer's document: what its snapshot holds, and nothing concluded.

Only a cell that is whole becomes a stated total. What a snapshot does not hold is told as a finding and left out: a
part of a figure, a forecast that was computed, what the budget was before it was changed. A report whose figures are of
something else than its own organisation on its last day is refused, for each of them would look right and be wrong.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import define, field

from events.period import Period
from heinola_es.domain.value_rule.standing import day_before
from heinola_es.errors import BadInput
from heinola_es.importing.report.document import (
    Finding,
    GivenForecast,
    Goal,
    GoalStatus,
    Indicator,
    Narrative,
    Outlook,
    Priority,
    Project,
    ReportDocument,
    ReportUnit,
    StatedAmount,
    StatedFigure,
    Translated,
)
from projections.documents.places import Places
from projections.published.kept_reports import ERASED
from projections.snapshot.columns import EXTERNAL, INTERNAL, Measured, column_named
from projections.snapshot.model import RULE, Snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.snapshot.columns import ReportColumn
    from projections.snapshot.model import Cell, FigureRow, ProjectReport, Translation, UnitReport

ROUNDINGS = (100_000_000, 100_000, 100)
"""What totals are rounded to, the coarsest first."""
NOT_KEPT = ("original_budget", "amendments")
"""Columns that rest on decisions one by one, which no total tells."""
_GIVEN = ("forecast_given", "forecast_said")
_FORECAST = "forecast"


class NotOwn(BadInput):
    """The figures of a report are of something else than its organisation on its last day."""


def require_own(snapshot: Snapshot, name: str) -> None:
    """Refuse a report whose figures would be wrong where they were stated as those of its units.

    Raises:
        NotOwn.
    """
    way = "take the log itself over with `heinola export events` and `heinola import events`"
    if snapshot.rule != RULE or any(one.code == "told" for one in snapshot.findings):
        raise NotOwn(f"{name} was made by an earlier rule of what a figure is; {way}")
    if snapshot.comparable or snapshot.excluded:
        left = ", ".join(one.unit for one in snapshot.excluded)
        raise NotOwn(
            f"{name} shows earlier years without what left the city{f' ({left})' if left else ''}: its columns of "
            f"these years are not what they came to; make it without --comparable, or {way}"
        )
    if snapshot.structure != snapshot.period.end:
        raise NotOwn(
            f"{name} is in the organisation of {Period.of_day(snapshot.structure).label}, not of its last day; make it "
            f"without --structure, or {way}"
        )
    if snapshot.changes:
        one = snapshot.changes[0]
        raise NotOwn(
            f"{name} tells of units that {one.what} ({one.unit} {one.name}, {Period.of_day(one.day).label}): what its "
            f"columns of earlier years come to in the organisation of then, it does not say; {way}"
        )


Stating = tuple[str, str, str, Period]
"""What is stated: the unit, the line, the measure and exactly which days."""


def document_of(snapshot: Snapshot, places: Places, finer: frozenset[Stating] = frozenset()) -> ReportDocument:
    """Return what a report says by its own data.

    Args:
        snapshot: that it carries.
        places: where in the file each thing stands; further ones are added.
        finer: totals that are stated though their amounts tell them more finely than they are rounded to; others such
            are left to come out as the sums that they are.
    """
    return _Reading(snapshot, places, finer).document()


@define(slots=True)
class _Reading:
    """A snapshot on its way into a document."""

    snapshot: Snapshot
    places: Places
    finer: frozenset[Stating]
    stated: dict[Stating, StatedFigure] = field(factory=dict)
    forecasts: list[GivenForecast] = field(factory=list)
    findings: list[Finding] = field(factory=list)

    @property
    def period(self) -> Period:
        return self.snapshot.period

    def document(self) -> ReportDocument:
        units = self.snapshot.units
        for unit in units:
            for row in unit.figures:
                self._row(unit, row)
        self._tell_what_is_lost()
        return ReportDocument(
            sector=units[0].name,
            committee="",
            period=self.period,
            fiscal_year=self.period.year,
            units=tuple(map(self._unit, units)),
            figures=(),
            goals=tuple(goal for unit in units for goal in self._goals(unit)),
            priorities=tuple(one for unit in units for one in self._priorities(unit)),
            narratives=tuple(one for unit in units for one in self._narratives(unit)),
            outlooks=tuple(
                Outlook(unit=unit.code, text=unit.outlook, period=self.period, lines=self._at(unit, "outlook"))
                for unit in units
                if unit.outlook is not None
            ),
            indicators=tuple(one for unit in units for one in self._indicators(unit)),
            projects=tuple(map(self._project, self.snapshot.projects)),
            findings=tuple(sorted(self.findings, key=lambda finding: not finding.of_figures)),
            line_uses=(),
            stated=tuple(self.stated.values()),
            forecasts=tuple(self.forecasts),
            statuses=tuple(one for unit in units for one in self._statuses(unit)),
            translations=tuple(self._translations()),
        )

    # ------------------------------------------------------------ figures

    def _row(self, unit: UnitReport, row: FigureRow) -> None:
        for name in ("final_accounts", "prior_actual", "budget", "actual"):
            self._cell(unit, row, column_named(name), row.cells.get(name))
        for name, cell in row.external.items():
            self._internal(unit, row, column_named(name), cell)
        for of, inner in INTERNAL.items():
            if inner.name in row.cells and of not in row.external:
                self._cell(unit, row, inner, row.cells[inner.name])
                if row.cells[inner.name] is None and row.cells.get(EXTERNAL[of].name) is not None:
                    self._internal(unit, row, column_named(of), row.cells[EXTERNAL[of].name])
        for prior in row.prior_years:
            for name in prior.cells:
                self._cell(unit, row, column_named(name), prior.cells[name], prior.year)
            for name, cell in prior.external.items():
                self._internal(unit, row, column_named(name), cell, prior.year)
        self._days_before(unit, row)
        self._forecast(unit, row)

    def _cell(
        self, unit: UnitReport, row: FigureRow, column: ReportColumn, cell: Cell | None, year: int | None = None
    ) -> None:
        if not isinstance(column.source, Measured):
            return
        part = row.part(column.name, year)
        if cell is not None:
            self._state(unit, row, column, self._covered(column, year), (cell.cents, cell.precision_cents), year)
        elif part is not None:
            through = "" if part.through is None else f" (known through {Period.of_day(part.through).label})"
            self._leave(
                unit, f"{row.line} {column.name}{f' {year}' if year else ''} is not whole in the report{through}"
            )

    def _covered(self, column: ReportColumn, year: int | None) -> Period:
        """Return what a total in a column is of; a budget is stated as of the period's end."""
        if isinstance(column.source, Measured) and column.source.measure == "budget":
            return self.period.year_to_date()
        back = 0 if year is None else self.period.year - column.years_back - year
        return column.covers(self.period, back)

    def _internal(
        self, unit: UnitReport, row: FigureRow, column: ReportColumn, external: Cell | None, year: int | None = None
    ) -> None:
        """State what is internal of an amount: what is left of it without what is external."""
        whole = row.cell(column.name, year)
        if whole is None:
            return
        if external is None:
            self._leave(unit, f"{row.line} {column.name}: how much of it is internal, the report does not say")
            return
        cents = whole.cents - external.cents
        self._state(
            unit, row, INTERNAL[column.name], self._covered(column, year), (cents, external.precision_cents), year
        )

    def _days_before(self, unit: UnitReport, row: FigureRow) -> None:
        """State what the days before the period came to, where the report tells of the period alone."""
        alone, actual, first = row.cells.get("quarter"), row.cells.get("actual"), self.period.year_to_date().start
        if alone is None or actual is None or self.period.start == first:
            return
        before = Period(first, day_before(self.period.start))
        amount = (actual.cents - alone.cents, alone.precision_cents)
        self._state(unit, row, column_named("actual"), before, amount, None)

    def _state(
        self,
        unit: UnitReport,
        row: FigureRow,
        column: ReportColumn,
        period: Period,
        amount: tuple[int, int],
        year: int | None,
    ) -> None:
        cents, precision = amount
        source = column.source
        if not isinstance(source, Measured):
            raise TypeError(column.name)
        if cents % precision:
            if (unit.code, row.line, source.stated_as, period) not in self.finer:
                return  # a sum of coarse and fine totals, which comes out by itself; else it is asked for again
            precision = next((each for each in ROUNDINGS if each <= precision and cents % each == 0), 1)
            self._tell(
                "inferred",
                unit,
                f"{row.line} {column.name} is told more finely than it is rounded to; its rounding is not recorded",
            )
        figure = StatedFigure(
            unit=unit.code,
            line=row.line,
            label=row.printed_label or row.label,
            measure=source.stated_as,
            period=period,
            amount=StatedAmount(cents, precision),
            percent=None,
            lines=self.places.of_figure(unit.code, row.line, column.name, year),
        )
        self.stated.setdefault((unit.code, row.line, source.stated_as, period), figure)

    def _forecast(self, unit: UnitReport, row: FigureRow) -> None:
        cell, note = row.cells.get(_FORECAST), row.notes.get(_FORECAST)
        if cell is None:
            return
        if note is not None and note.code in _GIVEN:
            self.forecasts.append(
                GivenForecast(
                    unit=unit.code,
                    line=row.line,
                    label=row.label,
                    amount=StatedAmount(cell.cents, cell.precision_cents),
                    lines=self.places.of_figure(unit.code, row.line, _FORECAST, None),
                    text=str(note.parameters.get("text", "")),
                )
            )
        elif is_computed(row):
            self._leave(unit, f"{row.line} {_FORECAST} was computed and not given")

    def _tell_what_is_lost(self) -> None:
        snapshot = self.snapshot
        told = [name for name in NOT_KEPT if name in snapshot.columns]
        if told:
            self._leave(None, f"the columns {', '.join(told)} rest on decisions, which the report does not hold whole")
        if snapshot.budget_changes:
            self._leave(None, f"{len(snapshot.budget_changes)} changes of the budget are listed, and are in its total")
        for one in snapshot.unplaced:
            self._leave(None, f"{one.unit} {one.line} {one.column}: a posting of {one.period.label} is in no figure")
        persons = [unit.responsible for unit in snapshot.units]
        persons += [name for one in snapshot.projects for name in (one.responsible, one.administrator)]
        if ERASED in persons:
            self._leave(None, "names of persons stand in it by reference alone", of_figures=False)

    def _leave(self, unit: UnitReport | None, what: str, *, of_figures: bool = True) -> None:
        self._tell("unparsed", unit, f"{what}; not recorded", of_figures=of_figures)

    def _tell(self, kind: str, unit: UnitReport | None, message: str, *, of_figures: bool = True) -> None:
        code = None if unit is None else unit.code
        line = self.places.number("its data" if unit is None else f"its data on {unit.code}")
        self.findings.append(
            Finding(kind=kind, unit=code, line=line, message=message, of_figures=of_figures)  # type: ignore[arg-type]
        )

    # ------------------------------------------------------------ words

    def _at(self, unit: UnitReport, *what: object) -> tuple[int, ...]:
        return self.places.named(f"its data on {unit.code}", *what)

    def _unit(self, unit: UnitReport) -> ReportUnit:
        known = {each.code for each in self.snapshot.units}
        return ReportUnit(
            code=unit.code,
            name=unit.name,
            kind=unit.kind,
            parent=unit.parent if unit.parent in known else None,
            responsible=_person(unit.responsible),
            lines=self._at(unit),
        )

    def _goals(self, unit: UnitReport) -> Iterator[Goal]:
        for goal in unit.goals:
            yield Goal(
                unit=unit.code,
                id=goal.id,
                programme_goal=goal.programme_goal,
                binding_goal=goal.binding_goal,
                metric=goal.metric,
                target_level=goal.target_level,
                subtask=goal.subtask,
                strategic_goal=goal.strategic_goal,
                lines=self._at(unit, "goal", goal.id),
            )

    def _statuses(self, unit: UnitReport) -> Iterator[GoalStatus]:
        for goal in unit.goals:
            if goal.status is not None:
                at = self._at(unit, "goal", goal.id)
                yield GoalStatus(unit=unit.code, goal=goal.id, status=goal.status, text=goal.text or "", lines=at)

    def _priorities(self, unit: UnitReport) -> Iterator[Priority]:
        for one in unit.priorities:
            yield Priority(
                unit=unit.code,
                number=one.number,
                title=one.title,
                metric=one.metric,
                text=one.text or "",
                period=self.period,
                lines=self._at(unit, "priority", one.number),
            )

    def _narratives(self, unit: UnitReport) -> Iterator[Narrative]:
        parts: Counter[object] = Counter()
        for number, told in enumerate(unit.narratives, start=1):
            key = (told.period, told.section, told.programme)
            parts[key] += 1
            yield Narrative(
                unit=unit.code,
                section=told.section,
                programme=told.programme,
                part=parts[key],
                period=told.period,
                kind="other",
                text=told.text,
                lines=self._at(unit, "text", number),
            )

    def _indicators(self, unit: UnitReport) -> Iterator[Indicator]:
        for number, seen in enumerate(unit.indicators, start=1):
            yield Indicator(
                unit=unit.code,
                name=seen.name,
                value=seen.value,
                measured_in=seen.unit,
                period=seen.period,
                lines=self._at(unit, "statistic", number),
            )

    def _project(self, project: ProjectReport) -> Project:
        return Project(
            name=project.name,
            description=project.description,
            administrator=_person(project.administrator),
            unit=project.unit,
            responsible=_person(project.responsible),
            start=project.start,
            end=project.end,
            phase=project.phase,
            funder=project.funder,
            city_decision=project.city_decision,
            budget_years=project.budget_years,
            income_cents=project.income_cents,
            expense_cents=project.expense_cents,
            city_share_cents=project.city_share_cents,
            amount_notes=project.amount_notes,
            other=project.other,
            percent=project.percent,
            text=project.text,
            lines=self.places.named("its data", "project", project.name),
            launched_as=project.launched_as or "",
            ended=project.ended,
        )

    def _translations(self) -> Iterator[Translated]:
        for unit in self.snapshot.units:
            for one in unit.translations:
                yield self._translated(one, unit.code, None)
        for project in self.snapshot.projects:
            for one in project.translations:
                yield self._translated(one, None, project.key)

    def _translated(self, one: Translation, unit: str | None, project: str | None) -> Translated:
        return Translated(
            unit=unit,
            project=project,
            original=one.original,
            language=one.language,
            text=one.text,
            lines=self.places.named("its data", "translations of", unit or project),
        )


def is_computed(row: FigureRow) -> bool:
    """Return whether a forecast in a row rests on what was computed and not given."""
    note = row.notes.get(_FORECAST)
    return note is None or note.code.startswith("forecast_by_") or bool(note.parameters.get("computed"))


def _person(text: str) -> str:
    return "" if text == ERASED else text
