"""What the city is called: the name known at the moment that is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from events.streams import city_stream
from events.value_object import ValueObject
from heinola_es.languages import RECORDED_IN
from heinola_es.store.bodies import body_of
from projections.read_models.without import left_out

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader


@frozen(slots=True, eq=False, repr=False)
class City(ValueObject):
    """The city that a store is of.

    Attributes:
        name: what it is called.
        code: its municipal code, or empty.
        recorded_in: the language that its names, goals and texts are recorded in; empty where that is Finnish.
    """

    name: str
    code: str = ""
    recorded_in: str = ""


def city_of(reader: LogReader, upto: int) -> City:
    """Return the city as known at a position of the log; before it was named anew, as the store was made."""
    absent = left_out(reader, upto).positions
    rows = reader.rows_of(city_stream(), upto)
    named = [body_of(row) for row in rows if row[3] == "CityNamed" and row[0] not in absent]
    if not named:
        return City(reader.setting("city"))
    said = named[-1]
    language = said.get("recorded_in", "")
    return City(said["city"], said.get("city_code", ""), "" if language == RECORDED_IN else language)
