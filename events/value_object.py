"""What every value can do: it equals another of its class that holds the same, and shows what it holds.

attrs would write these methods anew for each class and compile them, at the start of every command, which takes longer
than all else that loading a class does. So they stand here once, and a class that derives from `ValueObject` leaves
them out: `@frozen(slots=True, eq=False, repr=False)`.
"""

from __future__ import annotations

from typing import Any

from attrs import fields

_compared: dict[type[Any], tuple[str, ...]] = {}
"""The names of the fields that are compared, by class; worked out once for each."""


class ValueObject:
    """A value of an attrs class; fields with `eq=False` or `repr=False` are left out as attrs leaves them out."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        """Return whether the other is of the same class and holds the same."""
        return _held(self) == _held(other) if other.__class__ is self.__class__ else NotImplemented

    def __hash__(self) -> int:
        """Return the same for equal values."""
        return hash((type(self), _held(self)))

    def __repr__(self) -> str:
        """Return the class with what is held."""
        kind: type[Any] = type(self)
        shown = (f"{each.name}={getattr(self, each.name)!r}" for each in fields(kind) if each.repr)
        return f"{kind.__qualname__.rpartition('>.')[2]}({', '.join(shown)})"


def _held(value: ValueObject) -> tuple[Any, ...]:
    kind: type[Any] = type(value)
    names = _compared.get(kind)
    if names is None:
        names = _compared[kind] = tuple(each.name for each in fields(kind) if each.eq)
    return tuple([getattr(value, name) for name in names])
