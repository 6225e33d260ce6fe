"""How many people live in a city, where it says so itself: an indicator of the unit that is the city."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import orjson
from attrs import frozen

from events.period import Period
from events.value_object import ValueObject
from projections.snapshot.told_by_units import words_of_year

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader

NAMES = frozenset(
    {
        *("asukasluku", "väkiluku", "asukasmäärä", "asukkaita", "asukkaat"),
        *("invånarantal", "invånare", "folkmängd", "befolkning"),
        *("population", "inhabitants"),
    }
)
"""What the indicator is called, where nobody says otherwise; in small letters."""
_YEARS_BACK = 3
_WHOLE = re.compile(r"[1-9]\d{0,8}(?:\.0+)?", re.ASCII)


@frozen(slots=True, eq=False, repr=False)
class Inhabitants(ValueObject):
    """How many people live in a city.

    Attributes:
        number: at least 1.
        of: the day or period that it was counted for.
    """

    number: int
    of: Period


def inhabitants_of(
    reader: LogReader, unit: str, last: Period, upto: int, names: frozenset[str] = NAMES
) -> Inhabitants | None:
    """Return how many people live in a city; None where it does not say so, in this year or the three before.

    Of several, the one counted for the latest days holds; of those for the same days, the one recorded last.

    Args:
        reader: of its log, inside a moment.
        unit: the one that is the city.
        last: the period of the report; one counted for days after it is not taken.
        upto: position of the last event known.
        names: what the indicator may be called, in small letters.
    """
    for year in range(last.year, last.year - _YEARS_BACK - 1, -1):
        found: Inhabitants | None = None
        for _position, topic, code, first_day, last_day, body in words_of_year(reader, year, upto):
            if topic != "IndicatorObserved" or code != unit or first_day > last.end.isoformat():
                continue
            told, of = orjson.loads(body), Period.from_iso(f"{first_day}/{last_day}")
            counted = told["name"].strip().casefold() in names and _WHOLE.fullmatch(told["value"])
            if counted and (found is None or of.end >= found.of.end):
                found = Inhabitants(int(told["value"].partition(".")[0]), of)
        if found is not None:
            return found
    return None
