"""What `heinola undo` tells: what is undone, what rests on it, and which published reports come out differently."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from attrs import evolve

from events.ranges import numbers_of, ranges_of
from events.undoing import FactsUndone
from heinola_es.commands.told import euros
from heinola_es.errors import BadInput, Refused
from heinola_es.store.bodies import body_of
from heinola_es.store.reading import LogReader
from projections.published.publications import all_published
from projections.read_models.moment import answered
from projections.read_models.stored_postings import MEASURE_OF
from projections.read_models.without import Undoing, left_out_by, without
from projections.snapshot.encoding import as_json
from projections.snapshot.taking import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from events.ranges import Ranges
    from heinola_es.store.log import Receipt
    from heinola_es.store.reading import Row
    from projections.published.publications import Published
    from projections.snapshot.taking import SnapshotQuery

_MOST = 12
"""So many units, runs of positions and events are named; of more it is said how many there are."""


def told(store: str, receipt: Receipt, *, dry_run: bool) -> list[str]:
    """Return, line by line, what was undone, or would be.

    Args:
        store: where the log is.
        receipt: what was recorded, or would be.
        dry_run: whether nothing was.
    """
    if receipt.repeated:
        return [f"recorded before as {_span(receipt.first, receipt.last)}, nothing was added"]
    undoings = (event for event in receipt.events if isinstance(event, FactsUndone))
    positions = sorted(position for event in undoings for position in numbers_of(event.positions))
    with LogReader.open(store) as reader:
        lines = [*_told_of(_gathered(rows_at(reader, positions))), _of_reports(changed_reports(reader, receipt))]
    begins = "would undo" if dry_run else f"{_span(receipt.first, receipt.last)} undid"
    lines[0] = f"{begins} {lines[0]}"
    if dry_run:
        lines[-1] = f"{lines[-1]}; nothing was recorded"
    return lines


def changed_reports(reader: LogReader, receipt: Receipt) -> list[Published]:
    """Return the published reports, each in its last revision, that come out differently once something is undone.

    They are taken twice: of the log before, and of that without what is undone. What was published is not touched.
    """
    before = receipt.first - 1
    events = (event for event in receipt.events if isinstance(event, FactsUndone))
    undoings = [Undoing(before + at, event.stream, event.positions) for at, event in enumerate(events, 1)]
    last = {(one.period, one.scope): one for one in all_published(reader) if one.at <= before}
    return [one for one in last.values() if _may_differ(one, undoings) and _differs(reader, one, before, undoings)]


def _may_differ(one: Published, undoings: Iterable[Undoing]) -> bool:
    """Return whether a report may rest on what is undone: on its own year or the one before, or on what has none."""
    years = {one.period.year - 1, one.period.year}
    return any(not undoing.postings or undoing.postings[0][1] in years for undoing in undoings)


def _differs(reader: LogReader, one: Published, before: int, undoings: Sequence[Undoing]) -> bool:
    query = evolve(one.query(), position=before)

    def question() -> bool:
        try:
            was = _told_by(reader, query)
        except Refused:  # it could not be told any more: what is undone may be the very reason
            return False
        with without(reader, left_out_by(undoings)):
            return was != _told_by(reader, query)

    return answered(reader, question)


def _told_by(reader: LogReader, query: SnapshotQuery) -> dict[str, object]:
    """Return what a report says; nothing where there is no unit to report of any more."""
    try:
        return dict(as_json(take_snapshot(reader, query)))
    except BadInput:
        return {}


def _of_reports(changed: Sequence[Published]) -> str:
    if not changed:
        return "  no published report comes out differently"
    labels = [one.label for one in changed[:_MOST]]
    more = f" and {len(changed) - _MOST} more" if len(changed) > _MOST else ""
    return (
        f"  published and now otherwise: {', '.join(labels)}{more}; what was published stays as it was, and "
        "`heinola publish` makes a revision"
    )


def rows_at(reader: LogReader, positions: Iterable[int]) -> Iterator[Row]:
    """Yield the events at some positions, in the order of the log."""
    for first, last in ranges_of(positions):
        yield from reader.rows(first - 1, last)


class _Gathered(NamedTuple):
    """What some events come to.

    Attributes:
        positions: of the events.
        kinds: how many there are of each kind.
        subjects: the units, projects and files that they are about, in the order of the log.
        sums: of their postings, in cents, by measure.
        undoings: the positions that the undoings among them undid.
    """

    positions: list[int]
    kinds: Counter[str]
    subjects: list[str]
    sums: Mapping[str, int]
    undoings: Ranges


def _gathered(rows: Iterable[Row]) -> _Gathered:
    positions, kinds, subjects = list[int](), Counter[str](), dict[str, None]()
    sums, undoings = Counter[str](), list[int]()
    for row in rows:
        body, topic = body_of(row), row[3]
        positions.append(row[0])
        kinds[topic] += 1
        if topic == FactsUndone.TOPIC:
            undoings += numbers_of(body["positions"])
        else:
            subjects[str(body.get("unit") if topic in MEASURE_OF else _subject(body))] = None
        if topic in MEASURE_OF and isinstance(body["amount_cents"], int):
            sums[MEASURE_OF[topic]] += body["amount_cents"]
    return _Gathered(positions, kinds, list(subjects), sums, ranges_of(undoings))


def _subject(body: Mapping[str, object]) -> object:
    return next(body[name] for name in ("project", "unit", "code", "file_name", "city", "chart") if name in body)


def _told_of(found: _Gathered) -> Iterator[str]:
    number = len(found.positions)
    kinds = ", ".join(f"{count} {kind}" for kind, count in found.kinds.items())
    yield f"{number} event{'' if number == 1 else 's'}, {_spans(ranges_of(found.positions))}: {kinds}"
    if found.undoings:
        yield f"  what counts again: {_spans(found.undoings)}"
    if found.subjects:
        more = f" and {len(found.subjects) - _MOST} more" if len(found.subjects) > _MOST else ""
        yield f"  of {', '.join(found.subjects[:_MOST])}{more}"
    if found.sums:
        yield "  in all " + ", ".join(f"{measure} {euros(cents)}" for measure, cents in found.sums.items())


def _span(first: int, last: int) -> str:
    return f"#{first}" if first == last else f"#{first}–#{last}"


def _spans(ranges: Ranges) -> str:
    told = [_span(first, last) for first, last in ranges[:_MOST]]
    return ", ".join([*told, *(["…"] if len(ranges) > _MOST else [])])
