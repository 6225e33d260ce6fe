"""What the audit trail says, in the reader's language: amounts, lines, columns, kinds of events, fields and values."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from attrs import frozen

from heinola_es.domain.chart import Chart
from projections.audit.trail import keys_named, subject_of
from projections.report.language.columns import column_name
from projections.report.language.events import kind_of_event
from projections.report.language.fields import FIELDS, field_name, field_value
from projections.report.language.numbers import NBSP
from projections.report.language.scale import UNKNOWN, in_part
from projections.report.language.words import Words, words_in
from projections.snapshot.columns import all_columns
from projections.writers.terminal.printable import one_line

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.period import Period
    from heinola_es.store.reading import LogReader
    from projections.audit.entries import Entry
    from projections.audit.values import Key

_CHANGED_BY = {"decision": "BudgetAmended", "proposal": "AmendmentProposed"}
CENTS = "_cents"
SECONDS = len("2020-08-10T09:25:00")
_SAYING = (
    *(
        "actor",
        "role",
        "goal",
        "number",
        "status",
        "percent",
        "name",
        "into",
        "parent",
        "responsible",
        "section",
        "title",
    ),
    *("chart", "measure", "revision"),
)
"""The fields that tell an event without an amount from others of its kind, where it has them."""


@frozen(slots=True, eq=False, repr=False)
class Spoken:
    """The words of a reader's language, and the labels of the city's lines.

    Attributes:
        words: of the language.
        chart: the lines of the city.
    """

    words: Words
    chart: Chart

    @classmethod
    def of(cls, reader: LogReader, language: str) -> Spoken:
        """Return what the audit trail of a store says in a language."""
        return cls(words_in(language), reader.chart())

    def euros(self, cents: Any) -> str:  # noqa: ANN401 - an old log may hold anything
        """Return an amount in euros, its cents where there are any; a dash for None."""
        if cents is None:
            return UNKNOWN
        return self.words.numbers.exact_euros(cents) if isinstance(cents, int) else one_line(cents)

    def figure(self, value: Any) -> str:  # noqa: ANN401 - as `projections.audit.values` has it
        """Return a figure: its amount, or in brackets what is known of one that is not whole."""
        if value is not None and "known_cents" in value:
            return in_part(self.euros(value["known_cents"]))
        return self.euros(value and value["cents"])

    def line(self, code: str) -> str:
        """Return the label of a line, or its code where the chart has no such line."""
        line = self.chart.lines.get(code)
        return line.labels[self.words.language] if line else one_line(code)

    def column(self, name: str, period: Period) -> str:
        """Return what a column is called in the report of a period."""
        names = (column_name(self.words, column, period) for column in all_columns() if column.name == name)
        return _kept(next(names, name))

    def budget_change(self, key: Key, value: dict[str, Any]) -> str:
        """Return which decision on a budget, or which proposal, a value of a report is: its line, kind and day."""
        kind, _unit, line, position = key
        what = kind_of_event(self.words, _CHANGED_BY[kind])
        return f"{self.line(line)} · {what} #{position} · {self._day(value['day'])}"

    def span(self, period: Period) -> str:
        """Return a period, or a day."""
        return _kept(self.words.numbers.span(period.start, period.end))

    def kind(self, entry: Entry) -> str:
        """Return what kind of event an entry is."""
        return one_line(kind_of_event(self.words, entry.topic))

    def who(self, entry: Entry) -> str:
        """Return who recorded an entry, with the login of the database where there is one."""
        return self.named(entry.recorded_by, entry.login)

    def named(self, actor: str, login: str) -> str:
        """Return an actor, with their login where there is one."""
        who = one_line(actor)
        return self.words.say("{who} (login {login})", who=who, login=one_line(login)) if login else who

    def subject(self, entry: Entry) -> str:
        """Return what an entry is about, the whole city by its star."""
        return one_line(subject_of(entry))

    def gist(self, entry: Entry) -> str:
        """Return what an entry says, in a few words, and whether it was undone."""
        gist = self._gist(entry)
        if entry.undone_by is None:
            return gist
        return f"{gist} · " + self.words.say("undone by #{position}", position=str(entry.undone_by))

    def _gist(self, entry: Entry) -> str:
        said = entry.said
        if entry.is_undoing:
            return self.words.say("undoes {positions}", positions=one_line(entry.undoes))
        line = self.line(said["line"]) if said.get("line") else ""
        if "amount_cents" in said:
            marks = [self.field(mark).lower() for mark in ("detail", "correcting") if said.get(mark) is True]
            measure = self.value("measure", said["measure"]) if "measure" in said else ""
            return " ".join(part for part in (line, measure, self.euros(said["amount_cents"]), *marks) if part)
        told = [line] if line else []
        told += map(one_line, keys_named(said["note"]) if entry.topic == "KeysRequired" else ())
        told += [self.value(name, said[name]) for name in _SAYING if said.get(name)]
        return " · ".join(told) or one_line(said.get("text") or "")

    def recorded(self, entry: Entry) -> Iterator[str]:
        """Yield when and by whom an entry was recorded, from what, and why."""
        say = self.words.say
        moment = f"{one_line(entry.recorded[:SECONDS])}Z"
        yield say("recorded {moment} by {who}", moment=moment, who=self.who(entry))
        yield from self.grounds(entry)

    def grounds(self, entry: Entry) -> Iterator[str]:
        """Yield from what an entry was taken, and why it was recorded, where that was told."""
        if entry.source:
            yield self.words.say("from {source}", source=one_line(entry.source))
        if entry.reason:
            yield self.words.say("because: {reason}", reason=one_line(entry.reason))

    def field(self, name: str) -> str:
        """Return what a field of an event is called."""
        return one_line(field_name(self.words, name.removesuffix(CENTS)))

    def value(self, name: str, value: Any) -> str:  # noqa: ANN401 - any JSON value
        """Return what a field says on one line: amounts in euros, days, lines and codes as people read them."""
        if value in (None, "", []):
            return UNKNOWN
        if name.endswith(CENTS):
            return self.euros(value)
        if name in {"line", "covered_lines", "lines"}:
            return ", ".join(map(self.line, [value] if isinstance(value, str) else map(str, value)))
        if name in _DAYS and isinstance(value, str):
            return self._day(value)
        return one_line(field_value(self.words, name, value))

    def _day(self, value: str) -> str:
        try:
            return _kept(self.words.numbers.day(date.fromisoformat(value)))
        except ValueError:
            return one_line(value)


def _kept(text: str) -> str:
    """Return a text that stays on one line."""
    return text.replace(" ", NBSP)


_DAYS = FIELDS.keys() & {"start", "end", "ended", "first_day", "last_day", "through", "withdrawn", "decided", "due"}
