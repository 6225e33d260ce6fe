"""Any event of the language, for Hypothesis: strategies worked out from the fields of the event classes."""

from __future__ import annotations

import typing
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

from attrs import fields
from hypothesis import strategies as st

from events.base import Event, required
from events.period import Period
from events.ranges import ranges_of

if typing.TYPE_CHECKING:
    from attrs import Attribute

CENTS = st.integers(-(10**17), 10**17)
WORDS = st.text().filter(str.strip)
DATES = st.dates(date(1900, 1, 1), date(2100, 12, 31))
PERIODS = st.tuples(DATES, DATES).map(lambda days: Period(min(days), max(days)))
INSTANTS = st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds of it

COUNTED = {"originator_version", "first", "last"}
"""Fields that hold versions and positions, which begin at 1."""

BY_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    UUID: st.uuids(),
    datetime: INSTANTS,
    Period: PERIODS,
    bool: st.booleans(),
    int: CENTS,
    str: st.text(),
    date: DATES,
    date | None: st.none() | DATES,
    str | None: st.none() | st.text(),
    int | None: st.none() | CENTS,
    tuple[int, ...]: st.lists(st.integers(1900, 2100)).map(tuple),
    tuple[int, ...] | None: st.none() | st.lists(st.integers(1900, 2100)).map(tuple),
    tuple[str, ...]: st.lists(st.text()).map(tuple),
    tuple[tuple[int, int], ...]: st.lists(st.integers(1, 2**31), min_size=1).map(ranges_of),
    tuple[tuple[str, ...], ...]: st.lists(st.lists(st.text()).map(tuple)).map(tuple),
}


def events_of(event_type: type[Event]) -> st.SearchStrategy[Event]:
    """Return a strategy for events of a class, with whatever its fields allow."""
    hints = typing.get_type_hints(event_type)
    return st.builds(
        event_type, **{attribute.name: _values(attribute, hints[attribute.name]) for attribute in fields(event_type)}
    )


def _values(attribute: Attribute[Any], hint: Any) -> st.SearchStrategy[Any]:  # noqa: ANN401 - a type hint
    if attribute.name in COUNTED:
        return st.integers(1, 2**31)
    options = getattr(attribute.validator, "options", None)
    if options is not None:
        return st.sampled_from(sorted(options))
    return WORDS if attribute.validator is required else BY_TYPE[hint]
