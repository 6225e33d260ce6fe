"""The organisation out of its read model, as of a day and as known at a position of the log."""

from __future__ import annotations

from contextlib import contextmanager
from itertools import chain
from typing import TYPE_CHECKING, Any, get_args
from uuid import UUID

import orjson

from events.codec import decode_as, encode_body
from events.organisation import OrganisationEvent
from heinola_es.domain.aggregates.organisation import Structures
from heinola_es.domain.aggregates.unit import Unit
from projections.read_models.checked import rows_of
from projections.read_models.models import ORGANISATION

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
    """Return every unit by code, in the order in which they were established, replayed up to a position."""
    rows = rows_of(reader, ORGANISATION, upto)
    told = ((topic, orjson.loads(body)) for _position, topic, _code, _first, _last, body in rows)
    return units_from(chain(told, reader.kept.get(_BESIDES, ())))


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
