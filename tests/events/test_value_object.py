"""Values equal others of their class that hold the same, and show what they hold, as those that attrs writes do."""

from __future__ import annotations

from typing import Any

from attrs import evolve, field, frozen
from hypothesis import given
from hypothesis import strategies as st

from events.value_object import ValueObject


@frozen(slots=True)
class Written:
    """A value whose methods attrs writes."""

    unit: str
    cents: int = 0
    told: str = field(default="", eq=False)
    url: str = field(default="", repr=False)


@frozen(slots=True, eq=False, repr=False)
class Derived(ValueObject):
    """The same value, by the methods that all share."""

    unit: str
    cents: int = 0
    told: str = field(default="", eq=False)
    url: str = field(default="", repr=False)


@frozen(slots=True, eq=False, repr=False)
class Other(Derived):
    """A value of another class that holds the same."""


TEXTS = st.text(max_size=2)
HELD = st.tuples(TEXTS, st.integers(0, 1), TEXTS, TEXTS)


@given(HELD, HELD)
def test_values_are_equal_and_hashed_and_shown_as_attrs_has_it(first: tuple[Any, ...], second: tuple[Any, ...]) -> None:
    """Equality follows the fields that are compared, equal values hash alike, and each shows the fields to be shown."""
    assert (Derived(*first) == Derived(*second)) is (Written(*first) == Written(*second))
    if Derived(*first) == Derived(*second):
        assert hash(Derived(*first)) == hash(Derived(*second))
    assert repr(Derived(*first)) == repr(Written(*first)).replace("Written", "Derived")


def test_a_value_of_another_class_is_another_value() -> None:
    """What holds the same in another class, derived from it even, or no value at all, is not equal."""
    value = Derived("4160", 5)
    assert value == evolve(value)
    assert value != Other("4160", 5)
    assert value != ("4160", 5)
    assert len({value, evolve(value), Other("4160", 5)}) == 2
