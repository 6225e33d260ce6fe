"""`heinola projections`: how far the read models have come, and building them anew."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from projections.read_models.models import ALL
from tests.projections.asking import canonical, snapshot_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog


def test_a_store_that_was_never_read_is_wholly_behind(store: EventLog) -> None:
    """Before the first read every model is at position 0, and asking changes nothing."""
    terminal = Terminal(store.location)
    models = json.loads(terminal.done("projections status --format json"))["models"]
    assert [model["name"] for model in models] == [model.name for model in ALL]
    assert {(model["position"], model["behind"], model["rows"]) for model in models} == {(0, store.head().size, 0)}
    assert terminal.done("projections status") == terminal.done("projections status")


def test_a_read_brings_the_models_up_to_date(reading: Terminal) -> None:
    """After a snapshot no model is behind; the table says the same as the JSON, its columns in line."""
    reading.done("snapshot 2020Q2")
    models = json.loads(reading.done("projections status --format json"))["models"]
    assert {model["behind"] for model in models} == {0}
    heading, *rows = reading.done("projections status").splitlines()
    assert heading.split() == ["model", "version", "position", "behind", "rows"]
    assert [row.split() for row in rows] == [
        [model["name"], *(str(model[name]) for name in ("version", "position", "behind", "rows"))] for model in models
    ]
    assert {len(line) for line in (heading, *rows)} == {len(heading)}


def test_a_rebuild_tells_what_was_rebuilt_and_changes_no_snapshot(reading: Terminal) -> None:
    """A rebuild names every model; what is read afterwards is the same to the byte."""
    before = canonical(snapshot_of(reading.location, "2020Q2"))
    told = reading.done("projections rebuild")
    position = json.loads(before)["position"]
    assert told.startswith(f"rebuilt from {position} events: ")
    assert all(f"{model.name} (" in told for model in ALL)
    assert canonical(snapshot_of(reading.location, "2020Q2")) == before
