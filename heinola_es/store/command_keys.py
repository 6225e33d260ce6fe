"""The keys that commands were given, so that a retry is recognised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Self

from attrs import frozen

from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable


class KeysNotSound(Refused):
    """Keys beside the log stand for events that cannot be."""


@frozen(slots=True)
class CommandKey:
    """A key that a command was given, a digest of what it asked for, and the positions of what it recorded."""

    key: str
    digest: str
    first: int
    last: int

    @classmethod
    def of_texts(cls, told: tuple[str, ...]) -> Self:
        """Return the key that an event keeps as texts."""
        key, digest, first, last = told
        return cls(key, digest, int(first), int(last))


def require_sound_keys(keys: Iterable[CommandKey], size: int) -> None:
    """Refuse keys, in the order of their first positions, that no log of this size can have come by.

    Raises:
        KeysNotSound.
    """
    before = 0
    for key in keys:
        if not _whole(key.first, key.last) or not before < key.first <= key.last <= size:
            raise KeysNotSound(
                f"the command key {key.key!r} stands for events {key.first}–{key.last}, which cannot be; nothing was "
                "recorded; see `heinola audit verify`, and restore a copy"
            )
        before = key.last


def _whole(*values: object) -> bool:
    """Return whether all of what a database has are whole numbers, as its columns promise."""
    return all(isinstance(value, int) for value in values)
