"""The key at hand: what signs the head that a command leaves, loaded where a log asks for it and not before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput
from heinola_es.store.signing import HeadNotSigned

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heinola_es.sealing.heads import Asked
    from heinola_es.sealing.keys import Signer
    from heinola_es.store.head import TreeHead
    from heinola_es.store.signing import Statement

_INSTEAD = (
    "the head of the log is to be signed: name your key with HEINOLA_KEY, or make it with `heinola keys init --name …`"
)


class KeyAtHand:
    """Signs the heads of a log with the key in a file, which need not be there for a log that requires nothing."""

    def __init__(self, path: Path) -> None:
        """Take the place of the key."""
        self._path = path
        self._signer: Signer | None = None

    def require_signed(self, city: str, head: TreeHead, note: str, statements: Sequence[Statement]) -> None:
        """Refuse a head that is not signed as its log requires, or after which this key may not sign.

        Raises:
            HeadNotSigned: says what is wrong, and what to do.
            NoKey, KeyTooOpen: there is no key at hand.
        """
        from heinola_es.sealing.heads import require_signed_head, require_stated  # noqa: PLC0415 - loads cryptography

        signer = self.signer()
        require_stated(signer, require_signed_head(signer, city, head, note, statements))

    def signed(self, city: str, head: TreeHead) -> str:
        """Return the signed note of a head.

        Raises:
            NoKey, KeyTooOpen: there is no key at hand.
        """
        from heinola_es.sealing.heads import sign_head  # noqa: PLC0415 - loads cryptography

        return sign_head(self.signer(), city, head)

    def statement(self, city: str, head: TreeHead, statements: Sequence[Statement]) -> Statement:
        """Return the statement that heads are signed with this key from now on, for a log that requires none.

        Raises:
            BadInput: the key is required already.
            NoKey, KeyTooOpen: there is no key at hand.
        """
        from heinola_es.sealing.heads import Asked, stated  # noqa: PLC0415 - loads cryptography

        return stated(self.signer(), city, head, statements, Asked())

    def signer(self) -> Signer:
        """Return the key.

        Raises:
            NoKey, KeyTooOpen: there is none.
        """
        if self._signer is None:
            from heinola_es.sealing.keys import load_signer  # noqa: PLC0415 - loads cryptography

            self._signer = load_signer(self._path, _INSTEAD)
        return self._signer


class StatingKey(KeyAtHand):
    """The key at hand of whoever states which keys are required: it need not have agreed to the log before."""

    def __init__(self, path: Path, asked: Asked) -> None:
        """Take the place of the key, and what is asked for.

        Attributes:
            stated: the statement, once there is one.
        """
        super().__init__(path)
        self._asked = asked
        self.stated: Statement | None = None

    def require_signed(self, city: str, head: TreeHead, note: str, statements: Sequence[Statement]) -> None:
        """Refuse a head that is not signed as its log requires, unless it is vouched for.

        Raises:
            HeadNotSigned: says what is wrong, and what to do.
            BadInput: it is vouched for, and there was no need to.
        """
        from heinola_es.sealing.heads import require_signed_head, require_stated  # noqa: PLC0415 - loads cryptography

        try:
            required = require_signed_head(self.signer(), city, head, note, statements)
            if self._asked.vouch:
                require_stated(self.signer(), required)
        except HeadNotSigned:
            if not self._asked.vouch:
                raise
        else:
            if self._asked.vouch:
                raise BadInput("the head of the log is signed as it requires; leave out --vouch")

    def statement(self, city: str, head: TreeHead, statements: Sequence[Statement]) -> Statement:
        """Return the statement that is asked for.

        Raises:
            BadInput: it says nothing new, or leaves the key at hand out.
        """
        from heinola_es.sealing.heads import stated  # noqa: PLC0415 - loads cryptography

        if self._asked.vouch and not statements:
            raise BadInput("the log requires no key yet; leave out --vouch")
        self.stated = stated(self.signer(), city, head, statements, self._asked)
        return self.stated
