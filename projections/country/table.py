"""The figures of many cities as one table: a row per city, unit and line."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import frozen

from projections.tables.figures import TEXTS
from projections.tables.table import Table

OF_A_CITY = ("city", "city_name", *TEXTS)


@frozen(slots=True, eq=False, repr=False)
class CountryTable(Table):
    """The figures of many cities.

    Attributes:
        errors: why a city's are not there, by its code.
    """

    errors: Mapping[str, str]
