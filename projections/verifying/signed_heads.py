"""Whether the head of the log is signed as the log requires, by the keys that it states itself."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson
from attrs import Factory, define

from events.keys import KeysRequired
from events.streams import keys_stream
from heinola_es.store.schema import NOTES, SIGNATURE
from heinola_es.store.signing import Statement, note_in
from projections.verifying.problems import Problem, Resting, number
from projections.verifying.structure import city_of

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Iterator

    from heinola_es.sealing.heads import Required
    from heinola_es.sealing.notes import Verifier
    from projections.verifying.log_pass import LogPass
    from projections.verifying.the_log import Head

Trusted = Callable[[], "Verifier | None"]
"""Returns the key that whoever verifies trusts, loaded where the log requires keys; None where they named none."""

_STATED = "SELECT position, state FROM store.stored_events WHERE originator_id = ? AND topic = ? ORDER BY position"
_THERE = "SELECT name FROM store.sqlite_master WHERE type = 'table' AND name = ?"
_UNSURE = "whoever can write to the store may have changed it"
_NAME_ONE = "name a key that you trust with --key, and see whether it agreed since"


@define(slots=True)
class SignedHead:
    """What a log requires of the signature of its head, and the signature that there is.

    Attributes:
        statements: what the log says of the keys that are required, in order.
        note: the signed note of the head; None where the store has no room for one.
        told: what is to be known besides, in sentences: whose keys they are, and who vouched for the log.
    """

    statements: list[Statement] = Factory(list)
    note: str | None = None
    told: list[str] = Factory(list)

    @classmethod
    def read(cls, connection: sqlite3.Connection) -> SignedHead:
        """Return what a store has; what cannot be read of it is left to whoever tells of that."""
        statements = []
        for position, state in connection.execute(_STATED, (keys_stream().hex, KeysRequired.TOPIC)):
            try:
                body = orjson.loads(state)
                said = (body.get(name) is True for name in ("vouched", "agrees"))
                statements.append(Statement(int(position), str(body["note"]), *said))
            except (ValueError, TypeError, LookupError, AttributeError):
                continue
        there = connection.execute(_THERE, (SIGNATURE,)).fetchone()
        found = connection.execute(NOTES.replace(SIGNATURE, f"store.{SIGNATURE}")).fetchall() if there else []
        return cls(statements, note_in([row[0] for row in found]) if there else None)

    def sizes(self) -> set[int]:
        """Return the sizes of the log at which its root is signed in a statement."""
        return {one.position - 1 for one in self.statements}

    def problems(
        self, connection: sqlite3.Connection, head: Head | None, found: LogPass, resting: Resting, trusted: Trusted
    ) -> Iterator[Problem]:
        """Yield what is wrong with the signature, with the statements, and with whom they are to be believed."""
        from heinola_es.sealing.heads import required_by, shown  # noqa: PLC0415 - loads cryptography

        if not self.statements:
            if self.note is not None:
                flaw = "there is a signature of the head, and the log requires none: what it said of keys was taken out"
                yield Problem("head", 0, 0, flaw, _UNSURE)
            return
        city = city_of(connection)
        required = required_by(city, self.statements, found.roots.get)
        for position, flaw in required.flaws.items():
            message = f"event {number(position)} {flaw}"
            yield Problem("head", position, position, message, resting.on(position))
        if head is not None and (flaw := required.flaw_of_head(city, head.size, head.root, self.note or "")):
            signed = required.signed(self.note or "")
            first, last = (signed.size + 1, head.size) if signed and signed.size < head.size else (0, 0)
            yield Problem("head", first, last, flaw, _UNSURE)
        key = trusted()
        yield from self._trust(required, key)
        keys = f"the log requires that its head is signed by {' or '.join(map(shown, required.keys))}"
        self.told.append(
            keys if key else f"{keys}; whose that is was not checked: name a key that you trust with --key"
        )

    def _trust(self, required: Required, key: Verifier | None) -> Iterator[Problem]:
        """Yield why the key that is trusted does not vouch for the statements; tell who vouched for the log."""
        from heinola_es.sealing.heads import shown  # noqa: PLC0415 - loads cryptography

        vouched = [f"event {number(at)} {what}" for at, what in required.vouched]
        if key is not None and key in required.signers:
            self.told += vouched
        elif key is not None and required.signers:
            start = required.start
            flaw = f"event {number(start)} states keys that {shown(key)} has not agreed to"
            yield Problem("head", start, start, flaw, "whether they are to be trusted, that key does not tell")
        else:
            for (position, _what), message in zip(required.vouched, vouched, strict=True):
                yield Problem("head", position, position, message, _NAME_ONE)
