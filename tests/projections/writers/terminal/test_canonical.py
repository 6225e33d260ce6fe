"""The one JSON form of a snapshot."""

from __future__ import annotations

import json
from random import Random
from typing import Any

from projections.snapshot.canonical import canonical_json
from projections.snapshot.encoding import as_json
from tests.projections.writers.terminal.small import small_snapshot


def shuffled(value: Any, random: Random) -> Any:  # noqa: ANN401 - any JSON
    """Return the same data, the keys of every object in another order."""
    if isinstance(value, dict):
        items = [(key, shuffled(item, random)) for key, item in value.items()]
        random.shuffle(items)
        return dict(items)
    return [shuffled(item, random) for item in value] if isinstance(value, list) else value


def test_the_same_snapshot_gives_the_same_bytes() -> None:
    """The order in which a snapshot was put together leaves no trace: what is sealed stays sealed."""
    sealed = canonical_json(as_json(small_snapshot()))
    assert {canonical_json(shuffled(as_json(small_snapshot()), Random(seed))) for seed in range(20)} == {sealed}


def test_the_form_is_sorted_indented_utf8_with_one_newline() -> None:
    """The form is exactly that of `json.dumps` with sorted keys and two spaces, so that anybody can make it again."""
    snapshot = as_json(small_snapshot())
    expected = json.dumps(snapshot, sort_keys=True, indent=2, ensure_ascii=False) + "\n"
    assert canonical_json(snapshot) == expected.encode()


def test_money_is_whole_cents() -> None:
    """Amounts are integers, and what is unknown is null."""
    data = json.loads(canonical_json(as_json(small_snapshot())))
    first = data["units"][0]["figures"][0]
    assert first["final_accounts"] == {"cents": 71_200_000, "precision_cents": 100_000}
    assert data["units"][2]["figures"][0]["budget"] is None
