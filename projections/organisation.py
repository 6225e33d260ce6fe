"""The organisation out of its read model, as of a day and as known at a position of the log."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args
from uuid import UUID

import orjson

from events.codec import decode_as
from events.organisation import OrganisationEvent
from heinola_es.aggregates.unit import Unit
from heinola_es.organisation import Organisation

if TYPE_CHECKING:
    from datetime import date

    from heinola_es.store.connection import Connection

_NO_STREAM = UUID(int=0)  # a unit that is only read adds to no stream; working its id out would cost a hash each
_CLASSES = {event_type.TOPIC: event_type for event_type in get_args(OrganisationEvent)}


def organisation_as_of(connection: Connection, day: date, upto: int) -> Organisation:
    """Return the organisation as of `day`, from what was recorded up to the position `upto`."""
    return Organisation.as_of(known_units(connection, upto).values(), day)


def known_units(connection: Connection, upto: int) -> dict[str, Unit]:
    """Return every unit by code, in the order in which they were established, replayed up to a position."""
    units: dict[str, Unit] = {}
    rows = connection.execute(
        "SELECT topic, key, body FROM rm_organisation WHERE position <= ? ORDER BY position", (upto,)
    )
    for topic, code, body in rows:
        unit = units.setdefault(code, Unit(stream=_NO_STREAM, code=code))
        event = decode_as(_CLASSES[topic], unit.stream, unit.version + 1, orjson.loads(body))
        unit.replay([event])
    return units
