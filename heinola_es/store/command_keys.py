"""The keys that commands were given, so that a retry is recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from attrs import frozen

from events.value_object import ValueObject
from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable


class KeysNotSound(Refused):
    """Keys beside the log stand for events that cannot be."""


@frozen(slots=True, eq=False, repr=False)
class CommandKey(ValueObject):
    """A key that a command was given, a digest of what it asked for, and the positions of what it recorded."""

    key: str
    digest: str
    first: int
    last: int

    def is_one_of(self, size: int) -> bool:
        """Return whether this is a key, of events that a log of this size has; a database or a file may hold others."""
        plain = _are(str, self.key, self.digest) and _are(int, self.first, self.last)
        return plain and 0 < self.first <= self.last <= size

    @classmethod
    def of_texts(cls, told: tuple[str, ...]) -> Self:
        """Return the key that an event keeps as texts.

        Raises:
            ValueError: the texts are none of a key.
        """
        key, digest, first, last = told
        if not (first.isascii() and first.isdecimal() and last.isascii() and last.isdecimal()):
            raise ValueError(f"the command key {key!r} has positions that are no numbers")
        return cls(key, digest, int(first), int(last))


def keys_taken_in(told: Iterable[tuple[str, ...]], size: int) -> list[CommandKey]:
    """Return the keys that an event took in from beside a log of a size.

    Raises:
        KeysNotSound: no such log can have come by one of them.
    """
    try:
        keys = [CommandKey.of_texts(tuple(one)) for one in told]
    except (AttributeError, TypeError, ValueError) as error:
        raise KeysNotSound(f"command keys that were taken into the log are none ({error})") from error
    require_sound_keys(keys, size)
    return keys


def require_sound_keys(keys: Iterable[CommandKey], size: int) -> None:
    """Refuse keys, in the order of their first positions, that no log of this size can have come by.

    Raises:
        KeysNotSound.
    """
    before = 0
    for key in keys:
        if not key.is_one_of(size) or not before < key.first:
            raise KeysNotSound(
                f"the command key {key.key!r} stands for events {key.first}–{key.last}, which cannot be; nothing was "
                "recorded; see `heinola audit verify`, and restore a copy"
            )
        before = key.last


def _are(kind: type, *values: object) -> bool:
    """Return whether all values are of this very type; a bool is no number."""
    return all(type(value) is kind for value in values)
