"""What changed in a report between two moments of knowledge: old, new, and the events that did it."""

from __future__ import annotations

from collections import defaultdict
from difflib import SequenceMatcher
from functools import cached_property
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from events.period import Period
from projections.audit.entries import Entry, bears_on, entry_of
from projections.moment import answered
from projections.publications import Published, published_snapshot
from projections.read_models import ORGANISATION_TOPICS, PROJECT_TOPICS
from projections.snapshot.columns import default_amounts
from projections.snapshot.comparing import below
from projections.snapshot.first_format import as_first_format
from projections.snapshot.taking import SnapshotQuery, View, look, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.store.reading import LogReader
    from projections.snapshot.model import Snapshot

Key = tuple[str, ...]
"""What a value is of: its kind, the unit (or the project), and what names it there."""

_TOPICS: dict[str, tuple[str, ...]] = {
    "unit": ORGANISATION_TOPICS,
    "goal": ("GoalSet", "GoalStatusUpdated", "GoalWithdrawn"),
    "priority": ("PrioritySet", "PriorityReported"),
    "narrative": ("NarrativeReported",),
    "indicator": ("IndicatorObserved",),
    "outlook": ("OutlookGiven",),
    "project": PROJECT_TOPICS,
}
"""The kinds of event that can bear on each kind of value; figures are told apart by their lines and periods."""

TOLD = 20
"""How many of the events behind one change are told; a year's ledger may stand behind a single cell."""

_GOAL_TEXTS = ("binding_goal", "programme_goal", "metric", "target_level", "status", "text")


@frozen(slots=True)
class Change:
    """One value that differs.

    Attributes:
        key: `("figure", unit, line, column)`, `("goal", unit, id, field)`, `("narrative", unit, section, …)`,
            `("project", name, field)` …
        old, new: a cell or a text; None where there was, or is, nothing.
        entries: the events between the two moments that bear on it, in the order of the log: the first of them.
        events: how many there are in all.
    """

    key: Key
    old: Any
    new: Any
    entries: tuple[Entry, ...]
    events: int

    def as_json(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        return {
            "kind": self.key[0],
            "of": list(self.key[1:]),
            "old": self.old,
            "new": self.new,
            "events": self.events,
            "positions": [entry.position for entry in self.entries],
        }


@frozen(slots=True)
class Difference:
    """Everything that differs between the report as of two positions of the log."""

    older: int
    newer: int
    changes: tuple[Change, ...]

    def entries(self) -> dict[int, Entry]:
        """Return the events that are told, each once, by position."""
        told = {entry.position: entry for change in self.changes for entry in change.entries}
        return dict(sorted(told.items()))


def difference(reader: LogReader, query: SnapshotQuery, older: int | Published, newer: int | Published) -> Difference:
    """Return what differs in the report that `query` asks for, between two positions, worked out from the log itself.

    A publication stands for the position that it rests on, and for the report as it was published, where that is kept.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
        PublishedDiffers: what is kept of a publication is not what was published.
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    return answered(reader, lambda: _difference(reader, query, older, newer), from_log=True)


def _difference(
    reader: LogReader, query: SnapshotQuery, older_moment: int | Published, newer_moment: int | Published
) -> Difference:
    then, now = (_values(as_first_format(_at(reader, query, one))) for one in (older_moment, newer_moment))
    older, newer = (one if isinstance(one, int) else one.position for one in (older_moment, newer_moment))
    changed = [key for key in {**now, **then} if then.get(key) != now.get(key)]
    if not changed:
        return Difference(older, newer, ())
    view, entries = look(reader, evolve(query, position=newer)), _entries(reader, older, newer)
    causes = _Causes(view, query.period.year_to_date(), entries)
    changes = []
    for key in changed:
        events, first = causes.of(key)
        changes.append(Change(key, then.get(key), now.get(key), tuple(first), events))
    return Difference(older, newer, tuple(changes))


def _at(reader: LogReader, query: SnapshotQuery, moment: int | Published) -> Snapshot:
    """Return the report as of a position, or as it was published."""
    if isinstance(moment, int) or not moment.is_kept:
        position = moment if isinstance(moment, int) else moment.position
        return take_snapshot(reader, evolve(query, position=position))
    snapshot = published_snapshot(reader, moment)
    return snapshot if query.unit in {None, moment.unit} else below(snapshot, query.unit)


def word_diff(old: str, new: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of a changed text: `("same" | "removed" | "added", words)`."""
    before, after = old.split(), new.split()
    for step, start, end, new_start, new_end in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if step == "equal":
            yield "same", " ".join(before[start:end])
            continue
        if end > start:
            yield "removed", " ".join(before[start:end])
        if new_end > new_start:
            yield "added", " ".join(after[new_start:new_end])


@frozen(slots=False)
class _Causes:
    """The events between two moments, asked which of them bear on a value.

    Attributes:
        view: the report's units and lines.
        cumulative: what its actuals cover.
        by_subject: the events by the unit or project they are about, in the order of the log.
    """

    view: View
    cumulative: Period
    by_subject: dict[str, list[Entry]]

    def of(self, key: Key) -> tuple[int, list[Entry]]:
        """Return how many events bear on a value, and the first of them."""
        kind, subject = key[0], key[1]
        if kind == "figure":
            return self._of_figure(subject, key[2], key[3])
        found = [entry for entry in self.by_subject.get(subject, ()) if _bears_on(entry, key)]
        return len(found), found[:TOLD]

    @cached_property
    def _by_cell(self) -> dict[tuple[str, str, str], list[Entry]]:
        """The events about figures by unit, line and column; those that move units count in every column."""
        cells: dict[tuple[str, str, str], list[Entry]] = defaultdict(list)
        for unit, entries in self.by_subject.items():
            for entry in entries:
                if "line" in entry.said or entry.topic == "UnitMoved":
                    for column in default_amounts():
                        if bears_on(entry, column, self.cumulative):
                            cells[unit, entry.said.get("line", ""), column].append(entry)
        return cells

    def _of_figure(self, unit: str, line: str, column: str) -> tuple[int, list[Entry]]:
        organisation = self.view.organisation
        units = [unit, *organisation.all_below(unit)] if unit in organisation.units else [unit]
        lines = (*self.view.chart.at_or_below(line), "")
        found = [f for code in units for below in lines if (f := self._by_cell.get((code, below, column)))]
        first = islice(merge(*found, key=lambda entry: entry.position), TOLD)
        return sum(len(entries) for entries in found), list(first)


def _entries(reader: LogReader, older: int, newer: int) -> dict[str, list[Entry]]:
    """Return the entries after one position and up to another, by the unit or project they are about."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for row in reader.rows(older, newer):
        entry = entry_of(row)
        subject = entry.said.get("unit") or entry.said.get("code") if "project" not in entry.said else None
        found[str(subject or entry.said.get("project"))].append(entry)
    return found


def _bears_on(entry: Entry, key: Key) -> bool:
    """Return whether an event about the same unit or project bears on the value that `key` names."""
    kind, name = key[0], key[2]
    field = {"goal": "goal", "priority": "number", "narrative": "section", "indicator": "name"}.get(kind)
    if field is not None:
        return entry.topic in _TOPICS[kind] and str(entry.said.get(field)) == name
    return entry.topic in _TOPICS[kind]


def _values(snapshot: dict[str, Any]) -> dict[Key, Any]:
    """Return every cell and text of a snapshot by its key, in the order of the report."""
    values: dict[Key, Any] = {}
    for unit in snapshot["units"]:
        values |= dict(_of_unit(unit))
    for project in snapshot["projects"]:
        values |= {("project", project["name"], name): value for name, value in project.items() if name != "name"}
    return values


def _of_unit(unit: dict[str, Any]) -> Iterator[tuple[Key, Any]]:
    code = unit["code"]
    for name in ("name", "parent", "responsible"):
        yield ("unit", code, name), unit[name]
    for row in unit["figures"]:
        for column in default_amounts():
            yield ("figure", code, row["line"], column), row[column]
    for goal in unit["goals"]:
        for name in _GOAL_TEXTS:
            yield ("goal", code, goal["id"], name), goal[name]
    for priority in unit["priorities"]:
        for name in ("title", "metric", "text"):
            yield ("priority", code, str(priority["number"]), name), priority[name]
    yield from _numbered("narrative", code, unit["narratives"])
    for seen in unit["indicators"]:
        yield ("indicator", code, seen["name"], seen["period"]), f"{seen['value']} {seen['unit']}".strip()
    yield ("outlook", code, ""), unit["outlook"]


def _numbered(kind: str, code: str, narratives: Iterable[dict[str, Any]]) -> Iterator[tuple[Key, Any]]:
    """Yield texts under a key of their own, numbered where one section has several."""
    seen: dict[Key, int] = defaultdict(int)
    for told in narratives:
        base = (kind, code, told["section"], told["programme"] or "", told["period"])
        seen[base] += 1
        yield (*base, str(seen[base])), told["text"]
