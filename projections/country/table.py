"""The figures of many cities as one table: a row per city, unit and line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from attrs import frozen

from projections.country.comparing import ComparedCity
from projections.tables.figures import TEXTS
from projections.tables.table import Table

OF_A_CITY = ("city", "city_name", *TEXTS)


@frozen(slots=True, eq=False, repr=False)
class CountryTable(Table):
    """The figures of many cities.

    Attributes:
        answered: how many cities are there.
        errors: why a city's are not there, by its code.
        cities: those of which a unit is the city itself, to be held beside each other.
    """

    answered: int
    errors: Mapping[str, str]
    cities: Sequence[ComparedCity] = ()
