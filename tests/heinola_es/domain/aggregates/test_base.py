"""What all aggregates share: versions follow one another, and a stream holds its own family alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from events.figures import ActualPosted
from events.organisation import UnitClosed, UnitEstablished
from events.streams import import_stream, project_stream, publication_stream, unit_stream, unit_year_stream
from heinola_es.domain.aggregates.file_import import Import
from heinola_es.domain.aggregates.project import Project
from heinola_es.domain.aggregates.publication import Publication
from heinola_es.domain.aggregates.unit import Unit
from heinola_es.domain.aggregates.unit_year import UnitYear
from heinola_es.domain.periods import parse_period
from tests.specification import fact

if TYPE_CHECKING:
    from events.base import Event

Q2 = parse_period("2020Q2")
ESTABLISHED = fact(UnitEstablished, "1.1.2015", code="4160", name="Lukio", kind="unit")
CLOSED = fact(UnitClosed, "31.3.2020", code="4160")
POSTED = fact(ActualPosted, "1/2020", unit="4160", line="sales", amount_cents=1)


@pytest.mark.parametrize("second", [1, 3], ids=["repeated", "skipped"])
def test_a_stream_with_a_wrong_version_is_damaged(second: int) -> None:
    """A version that comes twice or is missing is no history: the fold stops."""
    unit = Unit(stream=unit_stream("4160"), code="4160")
    with pytest.raises(ValueError, match=rf"event {second} of stream .* follows 1: damaged"):
        unit.replay([ESTABLISHED, evolve(CLOSED, originator_version=second)])


@pytest.mark.parametrize(
    ("aggregate", "stranger"),
    [
        (Unit(stream=unit_stream("4160"), code="4160"), POSTED),
        (UnitYear(stream=unit_year_stream("4160", 2020), unit="4160", fiscal_year=2020), ESTABLISHED),
        (Project(stream=project_stream("Digitutor"), name="Digitutor"), ESTABLISHED),
        (Import(stream=import_stream("00"), sha256="00"), ESTABLISHED),
        (Publication(stream=publication_stream(Q2, "*"), period=Q2, scope="*"), ESTABLISHED),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_stranger_in_a_stream_is_found(
    aggregate: Unit | UnitYear | Project | Import | Publication, stranger: Event
) -> None:
    """An event of another family in the stream is damage, not something to pass over."""
    with pytest.raises(TypeError, match=f"{stranger.TOPIC} does not belong to"):
        aggregate.replay([stranger])
