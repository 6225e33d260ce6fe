"""Runs of numbers, and what undoes them: each number is gone through once, however often it is named."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events import ranges
from events.ranges import Ranges, numbers_of, ranges_of, together, undone_by

NUMBERS = st.integers(1, 30)
RUNS = st.lists(NUMBERS, min_size=1, max_size=8).map(ranges_of)
UNDOINGS = st.dictionaries(st.integers(2, 30), RUNS, max_size=20).map(lambda found: sorted(found.items()))


def slowly_undone(undoings: list[tuple[int, Ranges]]) -> dict[int, int]:
    """Return what is undone, by the plainest reading: an event that is undone itself undoes nothing."""
    counting: list[int] = []
    named = {by: {n for n in numbers_of(runs) if n < by} for by, runs in undoings}
    for by in sorted(named, reverse=True):
        if not any(by in named[other] for other in counting):
            counting.append(by)
    return {n: by for by in counting for n in named[by]}  # the earliest stands last


@pytest.mark.parametrize("many", [0, 1_000_000])
@given(undoings=UNDOINGS)
def test_both_ways_tell_the_same(many: int, undoings: list[tuple[int, Ranges]]) -> None:
    """The way for few numbers and the way for many tell what is undone by what, whatever names whatever."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ranges, "_MANY", many)
        assert undone_by(undoings) == slowly_undone(undoings)


@given(runs=st.lists(RUNS))
def test_together_is_the_union(runs: list[Ranges]) -> None:
    """Runs of several become runs of all their numbers."""
    told = [run for one in runs for run in one]
    assert together(told) == ranges_of(numbers_of(told))


def test_naming_everything_ten_thousand_times_takes_no_time() -> None:
    """Ten thousand events that undo all before them name a thousand million numbers, and are read at once."""
    begun = process_time()
    gone = undone_by([(by, ((1, by - 1),)) for by in range(100_001, 120_001, 2)])
    assert set(gone) == set(range(1, 119_999))
    assert process_time() - begun < 5
