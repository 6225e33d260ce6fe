"""Entries of the log as an auditor reads them: position, both clocks, who, source and reason, and what was said."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import frozen

from events.period import Period
from heinola_es.store.bodies import body_of
from projections.snapshot.columns import column_period

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.store.reading import LogReader, Row

UNDOING = "FactsUndone"
"""The kind of event that undoes others."""
_ENVELOPE = ("v", "recorded", "recorded_by", "login", "effective", "source", "reason")


@frozen(slots=True)
class Entry:
    """One event of the log.

    Attributes:
        position: in the log.
        stream: hex id of its stream.
        version: within the stream.
        topic: its kind.
        recorded: the instant, as stored text.
        recorded_by, source, reason: who, from what, why.
        login: whom the database took them for; empty where it asks nobody.
        effective: the day or period it is about.
        said: its other fields, as stored.
        undone_by: position of the event that undid it, as far as is known; None where it counts.
    """

    position: int
    stream: str
    version: int
    topic: str
    recorded: str
    recorded_by: str
    login: str
    source: str
    reason: str
    effective: Period
    said: dict[str, Any]
    undone_by: int | None = None

    @property
    def undoes(self) -> str:
        """What it undoes, as positions: `#504–#510, #611`; empty where it undoes nothing."""
        return ", ".join(span(first, last) for first, last in self.said["positions"]) if self.is_undoing else ""

    @property
    def is_undoing(self) -> bool:
        """Whether it undoes others."""
        return self.topic == UNDOING

    @property
    def who(self) -> str:
        """Who recorded it, as it is told."""
        return named(self.recorded_by, self.login)

    def as_json(self) -> dict[str, Any]:
        """Return the entry as JSON values."""
        return {
            "position": self.position,
            "type": self.topic,
            "recorded": self.recorded,
            "recorded_by": self.recorded_by,
            "login": self.login,
            "effective": str(self.effective),
            "source": self.source,
            "reason": self.reason,
            "stream": self.stream,
            "version": self.version,
            "said": self.said,
            **({} if self.undone_by is None else {"undone_by": self.undone_by}),
        }


def span(first: int, last: int) -> str:
    """Return one position or a run of them, as they are told: `#504`, `#504–#510`."""
    return f"#{first}" if first == last else f"#{first}–#{last}"


def named(actor: str, login: str) -> str:
    """Return an actor with their login, where there is one."""
    return f"{actor} (login {login})" if login else actor


def entry_of(row: Row) -> Entry:
    """Return the entry that a row of the log holds.

    Raises:
        UnreadableEvent: it is not what an event of its kind says.
    """
    position, stream, version, topic, _state = row
    body = body_of(row)
    return Entry(
        position=position,
        stream=stream,
        version=version,
        topic=topic,
        recorded=body["recorded"],
        recorded_by=body["recorded_by"],
        login=body.get("login", ""),
        source=body.get("source", ""),
        reason=body.get("reason", ""),
        effective=Period.from_iso(body["effective"]),
        said={name: value for name, value in body.items() if name not in _ENVELOPE},
    )


def entries_at(reader: LogReader, positions: Iterable[int]) -> dict[int, Entry]:
    """Return the entries at the given positions, by position."""
    return {
        position: entry_of(row) for position in sorted(set(positions)) for row in reader.rows(position - 1, position)
    }


def bears_on(entry: Entry, column: str, cumulative: Period) -> bool:
    """Return whether an event may move figures of a column of the report whose actuals cover `cumulative`.

    A posting or a statement does so where its period lies inside the column's; a unit that moves, in every column.
    """
    if "line" not in entry.said:  # as of an event that undoes others, whatever these are
        return True
    is_budget = entry.topic.startswith("Budget") or entry.said.get("measure") == "budget"
    if column == "budget" or is_budget:
        year = entry.said.get("fiscal_year", entry.effective.year)
        return column == "budget" and is_budget and bool(year == cumulative.year)
    return column_period(column, cumulative).contains(entry.effective)
