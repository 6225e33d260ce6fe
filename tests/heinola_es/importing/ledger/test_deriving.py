"""Differences between what a file says and what is there: whatever the cut and the order, the sums are the file's."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.importing.ledger.recording.deriving import Cells, Change, Crossing, Repeated

CENTS = st.integers(-500, 500)
MONTHS = st.lists(CENTS, min_size=12, max_size=12)
ENDS = st.lists(st.integers(1, 12), min_size=1, max_size=5, unique=True)


def months(first: int, last: int) -> Period:
    """Return some months of 2020."""
    return Period.of_months(2020, first, last)


def inside(cells: Cells, period: Period) -> int:
    """Return the sum of what lies inside a period."""
    return sum(cents for held, cents in cells.cents.items() if period.contains(held))


def apply(recorded: dict[Period, int], changes: list[Change]) -> None:
    """Record some changes."""
    for change in changes:
        recorded[change.period] = recorded.get(change.period, 0) + change.cents


@given(of_month=MONTHS, ends=ENDS)
def test_totals_in_any_order_come_to_what_they_say(of_month: list[int], ends: list[int]) -> None:
    """Each file has the total from 1 January up to its month; afterwards every total is what its file said."""
    cells, recorded, known = Cells(), dict[Period, int](), set[date]()
    for end in ends:
        total = months(1, end)
        through = max(known, default=None)
        changes = cells.totals({total: sum(of_month[:end])}, again=False, through=through, ends=known)
        apply(recorded, changes)
        known.add(total.end)
    for end in ends:
        assert inside(cells, months(1, end)) == sum(of_month[:end])
    assert {period: cents for period, cents in recorded.items() if cents} == cells.cents


@given(of_month=MONTHS, ends=ENDS, changed=st.data())
def test_a_total_that_is_told_anew_changes_itself_alone(
    of_month: list[int], ends: list[int], changed: st.DataObject
) -> None:
    """A newer total of January–June leaves that of January–September, which was told as well, as it is."""
    cells, known = Cells(), {months(1, end).end for end in ends}
    levels = {months(1, end): sum(of_month[:end]) for end in sorted(ends)}
    cells.totals(levels, again=False, through=None, ends=())
    anew = changed.draw(st.sampled_from(sorted(levels)))
    levels[anew] += changed.draw(CENTS)
    cells.totals({anew: levels[anew]}, again=True, through=max(known), ends=known)
    assert {total: inside(cells, total) for total in levels} == levels


@given(of_month=MONTHS, cuts=st.sets(st.integers(1, 11), max_size=4), again=st.sets(st.integers(1, 11), max_size=4))
def test_a_newer_export_may_be_cut_otherwise(of_month: list[int], cuts: set[int], again: set[int]) -> None:
    """What is there becomes what the newer file says, where it has the whole year and its parts are nested."""
    cells = Cells(dict(parts(of_month, cuts)))
    said = dict(parts([cents + 1 for cents in of_month], cuts | again))
    cells.update(said)
    assert cells.cents == {period: cents for period, cents in said.items() if cents}


def parts(of_month: list[int], cuts: set[int]) -> list[tuple[Period, int]]:
    """Return the sums between some months."""
    starts = [0, *sorted(cuts)]
    return [
        (months(start + 1, end), sum(of_month[start:end]))
        for start, end in zip(starts, [*sorted(cuts), 12], strict=True)
        if sum(of_month[start:end])
    ]


def test_the_difference_of_totals_is_of_the_days_between_them() -> None:
    """January–June is there; January–September adds its difference to July–September."""
    cells = Cells()
    cells.totals({months(1, 6): 100}, again=False, through=None, ends=())
    (change,) = cells.totals({months(1, 9): 160}, again=False, through=months(1, 6).end, ends=[months(1, 6).end])
    assert (change.period, change.cents, change.posted) == (months(7, 9), 60, True)


def test_an_account_that_is_new_began_after_what_is_known_to_be_whole() -> None:
    """Up to June the books were whole without it; where that is not known it may have begun in January."""
    (known,) = Cells().totals({months(1, 9): 30}, again=False, through=months(1, 6).end, ends=())
    (unknown,) = Cells().totals({months(1, 9): 30}, again=False, through=None, ends=())
    assert (known.period, unknown.period) == (months(7, 9), months(1, 9))


def test_a_total_of_days_that_are_there_must_agree() -> None:
    """Months that come to another sum are not changed without being asked to; then the total is corrected."""
    cells = Cells({months(1, 1): 10, months(2, 2): 20})
    assert cells.totals({months(1, 2): 30}, again=False, through=None, ends=()) == []
    with pytest.raises(Repeated):
        cells.totals({months(1, 2): 31}, again=False, through=None, ends=())
    (change,) = cells.totals({months(1, 2): 31}, again=True, through=None, ends=())
    assert (change.period, change.cents, change.posted) == (months(1, 2), 1, False)


def test_a_total_into_the_middle_of_what_is_there_cannot_be_taken() -> None:
    """A year that was posted as one says nothing of its first half."""
    with pytest.raises(Crossing):
        Cells({months(1, 12): 100}).totals({months(1, 6): 40}, again=False, through=None, ends=())
    with pytest.raises(Crossing):
        Cells({months(1, 6): 100}).update({months(4, 9): 40})
    with pytest.raises(Crossing):
        Cells({months(1, 2): 100}).update({months(1, 1): 40})


def test_the_rest_of_a_newer_export_is_posted_to_the_days_that_had_none() -> None:
    """January–June is there, and the newer file has January–September as one."""
    (change,) = Cells({months(1, 6): 100}).update({months(1, 9): 160})
    assert (change.period, change.cents, change.posted) == (months(7, 9), 60, True)
    spread = Cells({months(2, 2): 100, months(4, 4): 5})
    (change,) = spread.update({months(1, 6): 160})
    assert (change.period, change.cents, change.posted) == (months(1, 6), 55, False)


def test_what_a_newer_export_has_no_longer_is_taken_back() -> None:
    """Of a period that it tells."""
    cells = Cells({months(1, 1): 100, months(2, 2): 50})
    (change,) = cells.gone([months(1, 1)], {})
    assert (change.period, change.cents) == (months(1, 1), -100)
    assert cells.cents == {months(2, 2): 50}


def test_days_are_whole() -> None:
    """A total up to a day leaves the days after it to the next."""
    cells = Cells()
    cells.totals({parse_period("1.1.–15.3.2020"): 10}, again=False, through=None, ends=())
    (change,) = cells.totals({months(1, 3): 12}, again=False, through=None, ends=())
    assert change.period.start - timedelta(days=1) == parse_period("15.3.2020").end
