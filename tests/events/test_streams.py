"""Streams: the same key is the same stream on every machine, for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args
from uuid import uuid5

import pytest
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.charts import ChartAdopted
from events.city import CityNamed
from events.codec import encode_body
from events.figures import BudgetAdopted, BudgetAmended
from events.imports import FileImported
from events.keys import KeysRequired
from events.language import EVENT_TYPES
from events.organisation import OrganisationEvent
from events.period import Period
from events.projects import ProjectsEvent
from events.proposals import ProposalsEvent
from events.publications import ReportPublished
from events.roles import RolesEvent
from events.rounds import RoundsEvent
from events.store import CommandKeyed, StoreInitialised, StoreUpgraded
from events.streams import (
    NAMESPACE,
    chart_stream,
    city_stream,
    command_stream,
    import_stream,
    keys_stream,
    project_stream,
    publication_stream,
    roles_stream,
    round_stream,
    store_stream,
    stream_named,
    unit_stream,
    unit_year_stream,
)
from events.undoing import FactsUndone
from tests.strategies import events_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from uuid import UUID

    from events.base import Event

HALF = Period.of_months(2020, 1, 6)


def test_stream_ids_never_change() -> None:
    """These ids are in logs already: a change of the namespace or of a key would orphan them."""
    assert {
        "unit": unit_stream("4100").hex,
        "year": unit_year_stream("4100", 2020).hex,
        "project": project_stream("Digitutor").hex,
        "import": import_stream("4f" * 32).hex,
        "publication": publication_stream(HALF, "*").hex,
        "store": store_stream().hex,
        "charts": chart_stream().hex,
        "command": command_stream("tosite-4711").hex,
        "city": city_stream().hex,
        "roles": roles_stream().hex,
    } == EXPECTED


def test_keys_are_told_apart() -> None:
    """No two kinds of key share a stream, however alike they are written."""
    ids = [
        unit_stream("4100"),
        unit_stream("4100/2020"),
        unit_year_stream("4100", 2020),
        unit_year_stream("4100", 2021),
        project_stream("4100"),
        import_stream("4100"),
        publication_stream(HALF, "4100"),
        publication_stream(HALF, "*"),
        round_stream(HALF),
        store_stream(),
        chart_stream(),
        command_stream("charts"),
        unit_stream("charts"),
        command_stream("4100"),
        command_stream("store"),
        city_stream(),
        unit_stream("city"),
        unit_stream("store"),
        roles_stream(),
        unit_stream("roles"),
        command_stream("roles"),
    ]
    assert len(set(ids)) == len(ids)


OWN_STREAM: dict[type[Event], Callable[[Any], UUID]] = {
    **dict.fromkeys(EVENT_TYPES, lambda event: unit_year_stream(event.unit, event.effective.end.year)),
    **dict.fromkeys(get_args(OrganisationEvent), lambda event: unit_stream(event.code)),
    **dict.fromkeys(get_args(ProjectsEvent), lambda event: project_stream(event.project)),
    **dict.fromkeys(
        (BudgetAdopted, BudgetAmended, *get_args(ProposalsEvent)),
        lambda event: unit_year_stream(event.unit, event.fiscal_year),
    ),
    **dict.fromkeys((StoreInitialised, StoreUpgraded), lambda _event: store_stream()),
    FileImported: lambda event: import_stream(event.sha256),
    ReportPublished: lambda event: publication_stream(event.effective, event.scope),
    **dict.fromkeys(get_args(RoundsEvent), lambda event: round_stream(event.effective)),
    **dict.fromkeys(get_args(RolesEvent), lambda _event: roles_stream()),
    CityNamed: lambda _event: city_stream(),
    KeysRequired: lambda _event: keys_stream(),
    CommandKeyed: lambda event: command_stream(event.key),
    FactsUndone: lambda event: uuid5(NAMESPACE, event.stream),
    ChartAdopted: lambda _event: chart_stream(),
}
"""The stream that an event belongs in, as the table of families has it."""


@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.TOPIC)
@settings(max_examples=25)
@for_all(data=st.data())
def test_the_body_of_an_event_names_its_stream(data: st.DataObject, event_type: type[Event]) -> None:
    """Whatever an event says, its stored body alone tells the stream that it belongs in."""
    event = data.draw(events_of(event_type))
    assert stream_named(event.TOPIC, encode_body(event)) == OWN_STREAM[event_type](event).hex


EXPECTED = {
    "unit": "914e086fc7af5066a2474290b95d8627",
    "year": "70458ebb98f2545ab3f95266a8086893",
    "project": "1d100da3c2d35a11a01ae1797f2a3fa1",
    "import": "86a5af8cb73c5014bfc6fcbb5dfb5b8d",
    "publication": "dbb7b1c5159d5fceb63e58b287dfe435",
    "store": "07458707ffed55f79c2c0df35c3e1a2a",
    "command": "c0e180a820c951cdb141c72f23598a4d",
    "city": "cc93b0d8d23751b4b9be4ad6100e6808",
    "roles": "a367fa3844a95caf9fc190215155d6dd",
    "charts": "9a972c616de1526bb4f1f9d6e63452f0",
}
