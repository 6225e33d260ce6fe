"""The organisation out of its read model, as of a day and as known at a position of the log."""

from __future__ import annotations

from bisect import bisect_left
from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID

import orjson

from events.codec import decode_as, encode_body
from events.organisation import OrganisationEvent
from heinola_es.domain.aggregates.organisation import Structures
from heinola_es.domain.aggregates.standing_units import CannotStand, flaw_in
from heinola_es.domain.aggregates.unit import Unit
from projections.read_models.blocks import block_rows
from projections.read_models.checked import rows_of
from projections.read_models.models import ORGANISATION
from projections.read_models.without import leaves_out, undoings

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heinola_es.store.reading import LogReader
    from projections.read_models.blocks import Row

_MOST_STRUCTURES = 20
_BESIDES = "besides"
_STRUCTURES = "structures"
"""What the organisation is kept under for later moments."""
_NO_STREAM = UUID(int=0)  # a unit that is only read adds to no stream; working its id out would cost a hash each
_CLASSES = {event_type.TOPIC: event_type for event_type in get_args(OrganisationEvent)}


def structures_of(reader: LogReader, upto: int) -> Structures:
    """Return the organisation as of any day, from what was recorded up to the position `upto`.

    It is put together once in a moment, however often it is asked for, with some events left out or without.
    """
    known: dict[tuple[int, ...], Structures] = reader.kept.setdefault("structures", {})
    rows, more = rows_of(reader, ORGANISATION, upto), reader.kept.get(_BESIDES, ())
    recorded = (*(row[0] for row in rows), *range(-len(more), 0))
    if recorded not in known:
        if len(known) >= _MOST_STRUCTURES:
            known.clear()
        known[recorded] = _put_together(reader, upto) if more else _lasting(reader, rows, upto)
    return known[recorded]


def _lasting(reader: LogReader, rows: list[Row], upto: int) -> Structures:
    """Return the organisation that an earlier moment left, where it was put together from the very same rows."""
    kept = None if reader.lasting is None else reader.lasting.get(_STRUCTURES)
    if kept is not None and kept[0] == rows:
        left: Structures = kept[1]
        return left
    made = _put_together(reader, upto)
    if reader.lasting is not None:
        reader.lasting[_STRUCTURES] = rows, made
    return made


def _put_together(reader: LogReader, upto: int) -> Structures:
    return Structures(known_units(reader, upto).values())


def known_units(reader: LogReader, upto: int) -> dict[str, Unit]:
    """Return every unit by code, in the order in which they were established, replayed up to a position.

    What would be without some events, or with more, may be what cannot stand, and is not refused.

    Raises:
        CannotStand: the log says of units what cannot be.
    """
    rows = rows_of(reader, ORGANISATION, upto)
    units = units_from(chain(_told(rows), reader.kept.get(_BESIDES, ())))
    as_recorded = not (reader.kept.get(_BESIDES) or leaves_out(reader))
    if as_recorded and flaw_in(units):
        raise _found_at(reader, upto)
    return units


def _told(rows: Iterable[Row]) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((topic, orjson.loads(body)) for _position, topic, _code, _first, _last, body in rows)


def _found_at(reader: LogReader, upto: int) -> CannotStand:
    """Return the error, with the event since which the units cannot stand: one about units, or an undoing.

    It is looked for backwards from a position at which they cannot, so that what was taken back before is passed over.
    """

    def flaw_by(position: int) -> str:
        return flaw_in(units_from(_told(rows_of(reader, ORGANISATION, position))))

    told = {row[0] for row in block_rows(reader, ORGANISATION)} | {undoing.position for undoing in undoings(reader)}
    positions = sorted(position for position in told if position <= upto)
    step, last = 1, len(positions) - 1
    while step <= last and flaw_by(positions[last - step]):
        last, step = last - step, 2 * step
    first = max(0, last - step)
    at = bisect_left(positions, True, lo=first, hi=last, key=lambda position: bool(flaw_by(position)))  # noqa: FBT003
    return CannotStand.at(positions[at], flaw_by(positions[at]))


@contextmanager
def besides(reader: LogReader, events: Sequence[OrganisationEvent]) -> Iterator[None]:
    """Let everything that is asked in the moment be answered as if some events about units were in the log, too."""
    reader.kept[_BESIDES] = [(event.TOPIC, encode_body(event)) for event in events]
    try:
        yield
    finally:
        del reader.kept[_BESIDES]


def units_from(told: Iterable[tuple[str, dict[str, Any]]]) -> dict[str, Unit]:
    """Return every unit by code, in the order in which they were established, out of the topics and bodies of events.

    Raises:
        LogDamaged: what is told of a unit cannot follow from what was told before.
    """
    units: dict[str, Unit] = {}
    for topic, body in told:
        unit = units.setdefault(body["code"], Unit(stream=_NO_STREAM, code=body["code"]))
        event = decode_as(_CLASSES[topic], unit.stream, unit.version + 1, body)
        unit.replay([event])
    return units
