"""Witnesses: who else has seen a log, each in a signature line of its seal with the time (C2SP tlog-cosignature).

    — tarkastaja ZW1X…=

A cosignature is by another key than the log's, over `cosignature/v1`, the time in seconds, and the text of the
checkpoint. By it a witness says that the log continues all that the witness had seen of it before: whoever shows two
histories to two people must do without the witness for one of them.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from cryptography.exceptions import InvalidSignature

from heinola_es.errors import BadInput
from heinola_es.sealing.notes import COSIGNATURE, BadSeal, Verifier, note_of, signature_line, signatures_by

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.sealing.keys import Signer
    from heinola_es.sealing.proof_files import ConsistencyProof
    from heinola_es.sealing.seals import Seal

_TIME_BYTES = 8
_SIGNATURE_BYTES = 64
_END = 253402300800
"""In seconds, the first moment that no calendar has: 1.1.10000."""


class NotContinued(BadInput):
    """A seal of a log that does not continue what the witness has seen."""


@frozen(slots=True)
class Cosignature:
    """That a witness has seen a seal.

    Attributes:
        witness: the name that the witness signs under.
        seen: when, in UTC and whole seconds.
    """

    witness: str
    seen: datetime


def cosigned(note: str, signer: Signer, seen: datetime) -> str:
    """Return a seal with one more line: that the owner of a key has seen it at a moment.

    Raises:
        BadSeal: it has not the form of a seal.
        BadInput: the key has the name of the log itself, or has cosigned the seal already.
    """
    witness = evolve(signer.verifier, algorithm=COSIGNATURE)
    text, lines = note_of(note)
    if witness.name == text.partition("\n")[0]:
        raise BadInput(
            f"the key signs as {witness.name}, the log itself; a witness has a key of their own: "
            "make one with `heinola keys init --name NAME --key FILE`"
        )
    if signatures_by(lines, witness, _TIME_BYTES + _SIGNATURE_BYTES):
        raise BadInput(f"{witness.name} has cosigned the seal already")
    seconds = int(seen.timestamp())
    stamp = seconds.to_bytes(_TIME_BYTES, "big")
    return note + signature_line(witness, stamp + signer.private_key.sign(_signed(text, seconds)))


def cosignature_by(note: str, witness: Verifier) -> Cosignature | None:
    """Return when a witness has seen a seal, by their key of cosignatures; None where no line says so.

    Raises:
        BadSeal: the line does not hold.
    """
    text, lines = note_of(note)
    for raw in signatures_by(lines, witness, _TIME_BYTES + _SIGNATURE_BYTES):
        seconds = int.from_bytes(raw[:_TIME_BYTES], "big")
        try:
            witness.public_key.verify(raw[_TIME_BYTES:], _signed(text, seconds))
        except InvalidSignature:
            raise BadSeal(f"the cosignature of {witness.name} does not hold: the seal was changed or forged") from None
        if seconds >= _END:
            raise BadSeal(f"the cosignature of {witness.name} is of no time that there is")
        return Cosignature(witness.name, datetime.fromtimestamp(seconds, UTC))
    return None


def _signers(note: str) -> list[str]:
    """Return the names on the signature lines of a seal, whether or not they hold."""
    return [line.partition(" ")[0] for line in note_of(note)[1]]


def require_witnesses(note: str, witnesses: Sequence[Verifier], quorum: int) -> list[Cosignature]:
    """Return the cosignatures of a seal by some witnesses, of which at least `quorum` are asked for.

    Raises:
        BadSeal: there are fewer, or one does not hold.
    """
    if not witnesses:
        return []
    found = [one for witness in witnesses if (one := cosignature_by(note, witness)) is not None]
    if len(found) < quorum:
        seen = {one.witness for one in found}
        missing = ", ".join(witness.name for witness in witnesses if witness.name not in seen)
        raise BadSeal(f"the seal is cosigned by {len(found)} of the {quorum} witnesses asked for; not by {missing}")
    return found


@frozen(slots=True)
class Witnesses:
    """Whose cosignatures a seal must bear.

    Attributes:
        keys: theirs, as they check cosignatures.
        quorum: how many of them are enough.
    """

    keys: tuple[Verifier, ...] = ()
    quorum: int = 0

    @classmethod
    def of(cls, keys: Sequence[Verifier], quorum: int | None) -> Witnesses:
        """Return witnesses of which so many are enough; None for all.

        Raises:
            BadInput: a key is named twice, or there are fewer than are asked for.
        """
        if len({key.public_key.public_bytes_raw() for key in keys}) < len(keys):
            raise BadInput("a key of a witness is named twice; name each with --witness once")
        if quorum is not None and quorum > len(keys):
            raise BadInput(f"--quorum asks for {quorum} witnesses, but --witness names {len(keys)}; name the others")
        return cls(tuple(keys), len(keys) if quorum is None else quorum)

    def told(self, name: str, note: str) -> str:
        """Return who has signed the seal of a name; nothing where there are no witnesses.

        Raises:
            BadSeal: it is not cosigned by enough of them.
        """
        found = require_witnesses(note, self.keys, self.quorum)
        by = [f"{one.witness} ({one.seen:%Y-%m-%d %H:%M:%S} UTC)" for one in found]
        unchecked = sorted(set(_signers(note)) - {one.witness for one in found} - {note.partition("\n")[0]})
        by += [f"{name} (unchecked: no key of theirs was given)" for name in unchecked]
        return f"{name} is cosigned by {', '.join(by)}" if by else ""


NO_WITNESSES = Witnesses()


def require_continued(seal: Seal, last: Seal, proof: ConsistencyProof | None) -> None:
    """Refuse a seal whose log does not continue the one last seen.

    Raises:
        NotContinued: it is of another log, of an earlier state, or of another history.
        BadInput: it is of a later state, and there is no proof.
        BadProof: the proof does not hold.
    """
    if seal.origin != last.origin:
        raise NotContinued(f"the seal is of another log ({seal.origin}) than the one last seen ({last.origin})")
    if seal.size < last.size:
        raise NotContinued(f"the seal is of {seal.size} events, earlier than the {last.size} of the one last seen")
    if seal.size == last.size and seal.root != last.root:
        raise NotContinued(f"the two seals are of two histories: both of {seal.size} events, with different roots")
    if seal.size > last.size:
        if proof is None:
            raise BadInput(
                f"the log has grown from {last.size} to {seal.size} events since; give the proof that it continues "
                "with --proof: who has the store writes it with `heinola audit prove --from … --to …`"
            )
        proof.require_holds(last, seal)


def _signed(text: str, seconds: int) -> bytes:
    return f"cosignature/v1\ntime {seconds}\n{text}".encode()
