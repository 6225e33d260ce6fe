"""By its source an event is known as imported: a file's row, and its column where the row has several amounts."""

from __future__ import annotations

import re
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heinola_es.importing.ledger.recording.earlier import is_imported

FROM_A_ROW = re.compile(r".+:\d+(?:–\d+)?(?: \[.+\])?")
"""The rule in one expression, which takes time that grows with the square of a source."""


def imported(source: str) -> bool:
    """Return whether an event of this source counts as imported."""
    event: Any = SimpleNamespace(source=source)
    return is_imported(event)


@given(st.text(st.sampled_from("a:12–[] \n"), max_size=20))
def test_it_is_the_rule(source: str) -> None:
    """Whatever a source says, going through it once comes to the same as the rule."""
    assert imported(source) == bool(FROM_A_ROW.fullmatch(source))


@pytest.mark.parametrize("source", ["1:", ":1", "a:1 [", "a:1–", ":", "a:11 [x"])
def test_a_long_source_is_gone_through_once(source: str) -> None:
    """A megabyte of what almost is a source is told at once; the rule itself would take minutes."""
    assert not imported(source * 200_000 + "x")
