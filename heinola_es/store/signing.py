"""What signs the head of a log, as the log asks for it: the keys themselves are outside the store."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from heinola_es.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.store.head import TreeHead


class HeadNotSigned(Refused):
    """The head of the log does not bear the signature that the log requires, so nothing is recorded after it."""


class Statement(NamedTuple):
    """What the log says of the keys that its head must be signed with.

    Attributes:
        position: of the event that says so.
        note: signed: a checkpoint of the log before it, and the keys.
        vouched: it vouches for the log as it stood, whatever was signed before.
        agrees: it changes nothing of the keys.
    """

    position: int
    note: str
    vouched: bool
    agrees: bool = False


def note_in(notes: Sequence[object]) -> str:
    """Return the signed note among those of all rows of its table; empty where there is not one, and a text."""
    if len(notes) != 1:
        return ""
    (note,) = notes
    if isinstance(note, bytes):  # as a file has it, where it need not be UTF-8
        return note.decode(errors="replace")
    return note if isinstance(note, str) else ""


class Signing(Protocol):
    """The key at hand: looks whether the head of a log is signed as it must be, and signs the next."""

    def require_signed(self, city: str, head: TreeHead, note: str, statements: Sequence[Statement]) -> None:
        """Refuse a head whose note does not bear the signature that the log requires.

        Raises:
            HeadNotSigned, BadInput: and nothing may be recorded.
        """

    def signed(self, city: str, head: TreeHead) -> str:
        """Return the signed note of a head."""

    def statement(self, city: str, head: TreeHead, statements: Sequence[Statement]) -> Statement:
        """Return what the log is to say after a head of the keys that are required from then on.

        Raises:
            HeadNotSigned, BadInput: it cannot be said.
        """
