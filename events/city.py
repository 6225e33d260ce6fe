"""The city that a store is of. One stream in a store, beside that of the store itself."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import instance_of

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class CityNamed(Event):
    """The city whose store it is has this name, and had it all the time; `effective` is the day on which it was said.

    Before it is named so, it has the name that the store was made with, which the seals of the store bear for ever.

    Attributes:
        city: its name.
        city_code: its municipal code (*kuntanumero*), three digits; empty where nobody has told it.
        recorded_in: the language that its names, goals and texts are recorded in: `fi`, `sv` or `en`; empty where
            nobody has told it, and they are Finnish.
    """

    TOPIC: ClassVar[str] = "CityNamed"

    city: str = field(validator=required)
    city_code: str = field(default="", validator=instance_of(str))
    recorded_in: str = field(default="", validator=instance_of(str))


CityEvent = CityNamed
