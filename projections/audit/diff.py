"""What changed in a report between two moments of knowledge: old, new, and the events that did it."""

from __future__ import annotations

from difflib import SequenceMatcher
from typing import TYPE_CHECKING, Any

from attrs import evolve, frozen

from projections.audit.causes import Causes
from projections.audit.entries import Entry, entries_at
from projections.audit.values import Key, values_of
from projections.published.publications import Published, published_snapshot
from projections.read_models.moment import answered
from projections.snapshot.comparing import below
from projections.snapshot.taking import SnapshotQuery, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.reading import LogReader
    from projections.snapshot.model import Snapshot

TOLD = 20
"""How many of the events behind one change are told; a year's ledger may stand behind a single cell."""


@frozen(slots=True)
class Change:
    """One value that differs.

    Attributes:
        key: `("figure", unit, line, column)`, `("goal", unit, id, field)`, `("narrative", unit, section, …)`,
            `("project", name, field)` …
        old, new: a cell or a text; None where there was, or is, nothing.
        entries: the events without which it would be as it was, in the order of the log: the first of them.
        events: how many there are in all; 0 where no event did it, but the program that published the older report.
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
    """Everything that differs between the report as of two positions of the log.

    Attributes:
        older, newer: the positions.
        changes: in the order of the report: all, or the first so many that were asked for.
        more: how many more there are.
    """

    older: int
    newer: int
    changes: tuple[Change, ...]
    more: int = 0

    def entries(self) -> dict[int, Entry]:
        """Return the events that are told, each once, by position."""
        told = {entry.position: entry for change in self.changes for entry in change.entries}
        return dict(sorted(told.items()))


def difference(
    reader: LogReader,
    query: SnapshotQuery,
    older: int | Published,
    newer: int | Published,
    *,
    most: int | None = None,
) -> Difference:
    """Return what differs in the report that `query` asks for, between two positions, worked out from the log itself.

    A publication stands for the position that it rests on, and for the report as it was published, where that is kept.
    With `most`, the events behind the first so many changes are found, and the others are counted.

    Raises:
        BadInput: the period crosses years, or there is no such unit.
        PublishedDiffers: what is kept of a publication is not what was published.
        UnknownEvent, UnreadableEvent, HeadDiffers: the log cannot be read.
    """
    return answered(reader, lambda: _difference(reader, query, older, newer, most), from_log=True)


def _difference(
    reader: LogReader,
    query: SnapshotQuery,
    older_moment: int | Published,
    newer_moment: int | Published,
    most: int | None,
) -> Difference:
    query = _with_columns_of(query, older_moment, newer_moment)
    reports = [_at(reader, query, one) for one in (older_moment, newer_moment)]
    shared = frozenset(reports[0].columns).intersection(reports[1].columns)
    then, now = (values_of(report, shared) for report in reports)
    older, newer = (one if isinstance(one, int) else one.position for one in (older_moment, newer_moment))
    changed = [key for key in {**now, **then} if then.get(key) != now.get(key)]
    if not changed:
        return Difference(older, newer, ())
    causes = Causes.between(reader, evolve(query, position=newer), older, newer)
    found = {key: causes.of(key, then.get(key)) for key in changed[:most]}
    entries = entries_at(reader, {position for positions in found.values() for position in positions[:TOLD]})
    return Difference(
        older,
        newer,
        tuple(
            Change(key, then.get(key), now.get(key), tuple(entries[at] for at in positions[:TOLD]), len(positions))
            for key, positions in found.items()
        ),
        len(changed) - len(found),
    )


def _with_columns_of(query: SnapshotQuery, *moments: int | Published) -> SnapshotQuery:
    """Return the query with the columns, too, that were published of the report."""
    published = (name for one in moments if not isinstance(one, int) for name in one.query().columns)
    return evolve(query, columns=tuple(dict.fromkeys((*query.columns, *published))))


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
