"""Making forms: what units are asked, out of what they have told before and what their figures are."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import field, frozen

from events.organisation import is_investment
from heinola_es.domain.amounts import format_cents
from heinola_es.languages import LANGUAGES
from projections.forms.model import Column, Entry, Form, FormWords, Identity, Row, Section, UnitForm
from projections.forms.told import NOTHING, Told, before, told_for
from projections.forms.words import (
    EVENTS,
    HINTS,
    IN_A_DOCUMENT,
    IN_AN_EDITOR,
    INSTRUCTIONS,
    TITLES,
    heading_of,
    labels_of,
    status_labels,
)
from projections.read_models.city import city_of
from projections.report.language.columns import column_name
from projections.report.language.words import Words, words_in
from projections.snapshot.columns import ACTUAL, BUDGET, PERCENT, PRIOR_ACTUAL
from projections.snapshot.model import FigureRow, ProjectReport
from projections.snapshot.taking import SnapshotQuery, Taking, look, require_unit
from projections.snapshot.translating import reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.period import Period
    from heinola_es.domain.aggregates.organisation import UnitThen
    from heinola_es.store.reading import LogReader
    from projections.forms.model import Cell, EntryKind, Key
    from projections.snapshot.model import Goal, Indicator, Priority
    from projections.snapshot.told_by_units import UnitWords

_ALWAYS = frozenset({"unit", "service_area"})
"""The kinds of units that are asked whatever they have told before."""
_COLUMNS = (PRIOR_ACTUAL, BUDGET, ACTUAL, PERCENT)
"""Of the figures that a unit sees beside what it fills in."""
_HUNDRED = Decimal(100)


def forms_of(reader: LogReader, period: Period, units: Sequence[str], language: str) -> tuple[Form, ...]:
    """Return the form of each unit that reports, in report order.

    Args:
        reader: inside a moment.
        period: inside one fiscal year.
        units: of these and of what stands under them; none for the whole city.
        language: `fi`, `sv` or `en`.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
    """
    making = _Making.of(reader, period, language)
    codes = making.reporting(units)
    return tuple(making.form((code,)) for code in codes)


def reporting_units(reader: LogReader, period: Period) -> tuple[str, ...]:
    """Return the codes of the units that report on a period, in report order, inside a moment.

    Raises:
        BadInput: the period crosses years.
    """
    return tuple(_Making.of(reader, period, LANGUAGES[0]).reporting(()))


def one_form(reader: LogReader, period: Period, units: Sequence[str], language: str) -> Form:
    """Return one form of all units that report, of these and of what stands under them.

    Raises:
        BadInput: as `forms_of`.
    """
    making = _Making.of(reader, period, language)
    return making.form(tuple(making.reporting(units)))


@frozen(slots=False, eq=False, repr=False)
class _Making:
    """Forms of one period in the making."""

    taking: Taking
    words: Words
    told: Told
    last: Told
    city: str
    projects: dict[str, list[ProjectReport]] = field(factory=dict)

    @classmethod
    def of(cls, reader: LogReader, period: Period, language: str) -> _Making:
        query = SnapshotQuery(period=period)
        view = look(reader, query)
        taking = Taking(view, query)
        told, last = (told_for(reader, one, view.upto) for one in (period, before(period)))
        making = cls(taking, words_in(language), told, last, city_of(reader, view.upto).name)
        for project in taking.projects():
            making.projects.setdefault(project.unit, []).append(project)
        return making

    @property
    def period(self) -> Period:
        return self.taking.query.period

    def reporting(self, units: Sequence[str]) -> list[str]:
        """Return the units that are asked, in report order.

        Raises:
            BadInput: there is no such unit.
        """
        codes = self.taking.codes
        if units:
            view, wanted = self.taking.view, set[str]()
            for unit in units:
                require_unit(unit, view.organisation, self.period.end, view.reader)
                wanted |= set(view.organisation.with_all_below(unit))
            codes = [code for code in codes if code in wanted]
        there = [code for code in codes if self._unit(code).last_day >= self.period.end]
        return [code for code in there if code in units or self._is_asked(code)]

    def _is_asked(self, code: str) -> bool:
        """Return whether a unit reports: its kind always does, or it has something to tell of."""
        now, then = (told.words.get(code, NOTHING) for told in (self.told, self.last))
        says = any((now.goals, now.priorities, *(w.texts or w.indicators or w.outlook for w in (now, then))))
        return self._unit(code).kind in _ALWAYS or says or code in self.projects

    def form(self, codes: tuple[str, ...]) -> Form:
        identity = Identity(
            city=self.city,
            period=self.period,
            units=codes,
            position=self.taking.view.upto,
            language=self.words.language,
        )
        return Form(identity=identity, words=self._words(), units=tuple(self.unit_form(code) for code in codes))

    def _unit(self, code: str) -> UnitThen:
        return self.taking.view.organisation.units[code]

    def _words(self) -> FormWords:
        say = self.words.say
        span = self.words.numbers.span(self.period.start, self.period.end)
        return FormWords(
            title=say("Form for the interim report {period}", period=span),
            instructions=tuple(say(sentence) for sentence in INSTRUCTIONS),
            in_an_editor=tuple(say(sentence) for sentence in IN_AN_EDITOR),
            in_a_document=tuple(say(sentence) for sentence in IN_A_DOCUMENT),
            choose_here=say("Choose here"),
            actor=say("Filled in by"),
            responsible=say("Responsible"),
            required=say("* is needed"),
            fill_in=say("to be filled in"),
            locked=say("for reading, locked"),
            wrong_status=say("Choose one from the list."),
            wrong_number=say("Write a number."),
        )

    def unit_form(self, code: str) -> UnitForm:
        unit, report = self._unit(code), self.taking.unit(code)
        figures, reads = report.figures, reading(report, self.words.language)
        now, then = (told.words.get(code, NOTHING) for told in (self.told, self.last))
        sections: tuple[Section, ...] = (
            self.section("figures", self._figures(figures)),
            self.section("forecast", self._forecasts(code, figures)),
            self.section("goal", (self._goal(code, goal, then, reads) for goal in now.goals)),
            self.section("priority", (self._priority(code, one, then, reads) for one in now.priorities)),
            self.section("narrative", self._narratives(code, now, then)),
            self.section("indicator", self._indicators(code, now, then)),
            self.section("project", (self._project(code, one) for one in self.projects.get(code, ()))),
            self.section("outlook", self._outlook(code, then, unit)),
        )
        if any(entry.value for section in sections for row in section.rows for entry in row.entries):
            sections = (*sections, self.section("still", [self._still(code)]))
        return UnitForm(
            code=code,
            name=reads.get(unit.name, unit.name),
            responsible=reads.get(unit.responsible, unit.responsible),
            sections=tuple(section for section in sections if section.rows),
        )

    def section(self, name: str, rows: Iterable[Row]) -> Section:
        return Section(
            name=name,
            title=self.words.say(TITLES[name]),
            hint=self.words.say(HINTS[name]) if HINTS[name] else "",
            columns=self._figure_columns() if name == "figures" else self._columns(name),
            rows=tuple(rows),
        )

    def _columns(self, name: str) -> tuple[Column, ...]:
        return tuple(Column(self.words.say(title), first, last) for title, first, last in labels_of(name))

    def entry(self, unit: str, key: Key, kind: EntryKind, *, required: bool = False) -> Entry:
        """Return a field with what is recorded for the period."""
        value = self.told.value(unit, key)
        statuses = status_labels(self.words)
        shown = value
        if kind == "status":
            shown = statuses.get(value, "")
        elif kind == "amount" and value:
            shown = self._euros(int(value))
        elif kind != "text" and value:
            shown = self.words.numbers.as_recorded(value)
        return Entry(
            key=key,
            kind=kind,
            label=self.words.say(heading_of(key)),
            value=value,
            shown=shown,
            choices=tuple(statuses.values()) if kind == "status" else (self.words.say("yes"),) * (kind == "answer"),
            required=required,
        )

    # ------------------------------------------------------------------ figures

    def _figure_columns(self) -> tuple[Column, ...]:
        columns = [column_name(self.words, column, self.period) for column in _COLUMNS]
        return tuple(Column(title, at, at) for at, title in enumerate((self.words.say("Line"), *columns)))

    def _figures(self, figures: Iterable[FigureRow]) -> Iterator[Row]:
        for row in figures:
            cells = [self._amount(row, column.name) for column in _COLUMNS]
            if any(cell is not None for cell in cells):
                yield Row((self.taking.view.chart.lines[row.line].labels[self.words.language], *cells))

    def _amount(self, row: FigureRow, column: str) -> Cell:
        """Return a figure; of one that is not whole the part that is known, and how far."""
        if column in row.percents:
            return row.percents[column]
        cell, part = row.cells.get(column), row.partial.get(column)
        if cell is not None:
            return Decimal(cell.cents) / _HUNDRED
        if part is None:
            return None
        words, through = self.words, part.through
        known = words.say("known through {through}", through=words.numbers.day(through)) if through else ""
        return f"{words.numbers.exact(part.cents)}\n{known or words.say('known in part')}"

    def _forecasts(self, code: str, figures: Iterable[FigureRow]) -> Iterator[Row]:
        """Yield what a unit earns and what it spends: what the year will end at is asked of both."""
        chart = self.taking.view.chart
        rows = {row.line: row for row in figures}
        asked = (next((line for line in of if line in rows), None) for of in (chart.income, chart.expenses))
        for line in (line for line in asked if line is not None):
            amount, text = self.last.forecasts.get((code, line), ("", ""))
            last = _lines(f"{self._euros(int(amount))} €" if amount else "", text)
            yield Row(
                (
                    chart.lines[line].labels[self.words.language],
                    self._amount(rows[line], "budget"),
                    last,
                    self.entry(code, ("forecast", line, "amount"), "amount"),
                    self.entry(code, ("forecast", line, "text"), "text"),
                )
            )

    def _euros(self, cents: int) -> str:
        """Return an amount as it is written by hand, and read back."""
        said = format_cents(cents)
        return said.replace(",", ".") if self.words.language == "en" else said

    # ------------------------------------------------------------------ words

    def _goal(self, unit: str, goal: Goal, then: UnitWords, reads: Mapping[str, str]) -> Row:
        last = next((one for one in then.goals if (one.id, one.binding_goal) == (goal.id, goal.binding_goal)), None)
        status = status_labels(self.words).get(last.status or "", "") if last else ""
        asked = goal.binding_goal or goal.programme_goal
        return Row(
            (
                reads.get(asked, asked),
                _lines(*(reads.get(text, text) for text in (goal.metric, goal.target_level))),
                _lines(status, last.text or "" if last else ""),
                self.entry(unit, ("goal", goal.id, "status"), "status", required=True),
                self.entry(unit, ("goal", goal.id, "text"), "text"),
            )
        )

    def _priority(self, unit: str, priority: Priority, then: UnitWords, reads: Mapping[str, str]) -> Row:
        last = next((one.text for one in then.priorities if one.number == priority.number), None)
        key = ("priority", str(priority.number), "text")
        title = f"{priority.number}. {reads.get(priority.title, priority.title)}"
        return Row(
            (
                title,
                reads.get(priority.metric, priority.metric),
                last or "",
                self.entry(unit, key, "text", required=True),
            )
        )

    def _narratives(self, unit: str, now: UnitWords, then: UnitWords) -> Iterator[Row]:
        last: dict[tuple[str, str | None, int], str] = {}
        for (period, section, programme, part), text in then.texts.items():
            if self._is_of_a_quarter_like_ours(period):
                last[section, programme, part] = text
        own = [(section, programme, part) for period, section, programme, part in now.texts if period == self.period]
        for section, programme, part in dict.fromkeys([*last, *own]) or [(EVENTS, None, 1)]:
            key = ("narrative", section, programme or "", str(part), "text")
            heading = section if part == 1 else f"{section} ({part})"
            before_ = last.get((section, programme, part), "")
            yield Row((heading, programme or "", before_, self.entry(unit, key, "text")))

    def _is_of_a_quarter_like_ours(self, period: Period) -> bool:
        """Return whether a text is of a period about as long as that of the form, so that it is asked for again."""
        own, its = ((one.end - one.start).days for one in (self.period, period))
        return abs(own - its) <= 4  # noqa: PLR2004 - quarters have 90 to 92 days, four months up to 123

    def _indicators(self, unit: str, now: UnitWords, then: UnitWords) -> Iterator[Row]:
        last = {(one.name, one.unit): one for one in then.indicators}
        own = {(one.name, one.unit): one for one in now.indicators if one.period == self.period}
        for name, measured_in in dict.fromkeys([*last, *own]):
            key = ("indicator", name, measured_in, "value")
            yield Row((name, measured_in, self._seen(last.get((name, measured_in))), self.entry(unit, key, "number")))

    def _seen(self, last: Indicator | None) -> str:
        if last is None:
            return ""
        numbers = self.words.numbers
        return f"{numbers.as_recorded(last.value)} ({numbers.span(last.period.start, last.period.end)})"

    def _project(self, unit: str, project: ProjectReport) -> Row:
        numbers, (percent, text) = self.words.numbers, self.last.progress.get(project.key, ("", ""))
        time = " – ".join(numbers.day(day) if day else "" for day in (project.start, project.end)).strip()
        reported = f"{numbers.as_recorded(percent)} %" if percent else ""
        reads = reading(project, self.words.language)
        return Row(
            (
                reads.get(project.name, project.name),
                _lines(reads.get(project.phase, project.phase), time),
                _lines(reported, text),
                self.entry(unit, ("project", project.key, "percent"), "percent", required=True),
                self.entry(unit, ("project", project.key, "text"), "text"),
            )
        )

    def _still(self, unit: str) -> Row:
        """Return the question whether what was told for the period before, and is left as it is, still holds."""
        question = self.words.say("Does what was told for this period before, and is left as it is, still hold?")
        return Row((question, self.entry(unit, ("still", "holds"), "answer")))

    def _outlook(self, unit: str, then: UnitWords, of: UnitThen) -> Iterator[Row]:
        if not is_investment(of.kind):
            entry = self.entry(unit, ("outlook", "text"), "text", required=True)
            yield Row((self.words.say("How will the year's budget hold?"), then.outlook or "", entry))


def _lines(*texts: str) -> str:
    return "\n".join(text for text in texts if text)
