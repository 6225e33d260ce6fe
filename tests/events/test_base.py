"""Events are facts: frozen, and impossible to make without what they mean."""

from __future__ import annotations

from typing import Any

import pytest
from attrs import evolve, fields
from attrs.exceptions import FrozenInstanceError

from events.base import required
from events.figures import ActualPosted, FigureStated
from events.goals import GoalStatusUpdated
from events.language import EVENT_TYPES
from events.organisation import UnitEstablished
from events.rounds import RoundClosed, RoundOpened
from tests.specification import fact

POSTED = fact(ActualPosted, "3/2020", unit="4100", line="personnel", amount_cents=-1)
STATED = fact(FigureStated, "2020H1", unit="4100", line="personnel", measure="actual", amount_cents=-1)
STATUS = fact(GoalStatusUpdated, "2020H1", unit="4100", goal="4100-1", status="achieved")
ESTABLISHED = fact(UnitEstablished, "1.1.2020", code="4100", name="Perusopetus", kind="unit")


@pytest.mark.parametrize("name", ["amount_cents", "recorded", "anything"])
def test_an_event_never_changes(name: str) -> None:
    """Nobody can set a field of an event, known or new."""
    with pytest.raises((FrozenInstanceError, AttributeError)):
        setattr(POSTED, name, 0)


@pytest.mark.parametrize(
    ("event", "wrong"),
    [
        (POSTED, {"amount_cents": 12.5}),
        (POSTED, {"originator_version": 0}),
        (POSTED, {"recorded_by": " "}),
        (POSTED, {"effective": "2020"}),
        (STATED, {"measure": "forecast"}),
        (STATED, {"percent": 44.18}),
        (STATUS, {"status": "nearly"}),
        (ESTABLISHED, {"kind": "department"}),
    ],
    ids=str,
)
def test_a_field_takes_only_what_it_means(event: Any, wrong: dict[str, Any]) -> None:  # noqa: ANN401 - several classes
    """Cents are whole, versions begin at 1, and choices are those of the language."""
    with pytest.raises((ValueError, TypeError)):
        evolve(event, **wrong)


@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.TOPIC)
def test_what_an_event_is_about_is_never_empty(event_type: type) -> None:
    """Each class names at least its key (a unit, a project, a digest, a scope) as required; a round's is its period."""
    own = [attribute for attribute in fields(event_type) if attribute.name != "recorded_by"]
    assert any(attribute.validator is required for attribute in own) or event_type in {RoundOpened, RoundClosed}
    assert event_type.__doc__
