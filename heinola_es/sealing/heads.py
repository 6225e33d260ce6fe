"""Signed heads: the checkpoint of a log as a command left it, and which keys may sign it.

    heinola-es/heinola                            the origin: whose log it is
    12                                            how many events it has
    rHn…=                                         the RFC 6962 root over them

    — heinola-es/heinola Az3grl…=                 the Ed25519 signature

Which keys these are, the log states itself: each statement is such a checkpoint of the log before it, with a line
`key …` for each key, signed by one of them that was required before. So whoever trusts a key that signed a statement
trusts the log up to it, and from there on the keys that it names. The first statement of a log, and one by which
somebody vouches for a log whose head was not signed, follow from no other: whoever records after one with another key
has to say so with that key first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING

from attrs import Factory, define, frozen

from heinola_es.errors import BadInput
from heinola_es.sealing.notes import BadSeal, Checkpoint, Verifier, note_of, opened, parse_checkpoint, verifier_from
from heinola_es.sealing.seals import origin_of
from heinola_es.store.signing import HeadNotSigned, Statement

if TYPE_CHECKING:
    from heinola_es.sealing.keys import Signer
    from heinola_es.store.head import TreeHead

_KEY = "key"
_LOOK = "see `heinola audit verify`"
_VOUCH = (
    f"{_LOOK}; once you know what happened, restore a copy, or vouch for the log as it stands with "
    "`heinola keys require --vouch --reason …`"
)
RootAt = Callable[[int], bytes | None]
"""Returns the root of a log at a size that it had; None where that is not known."""


@define(slots=True)
class Required:
    """The keys that the head of a log must be signed with, as its statements say.

    Attributes:
        keys: one of them must have signed; empty where none is required.
        start: position of the last statement that follows from no other; 0 where there is none.
        signers: who signed it, or one since.
        vouched: what somebody vouched for, and that they did: positions, and what the event there does.
        flaws: what is wrong with statements that nobody vouched for since, by position; they count for nothing.
    """

    keys: tuple[Verifier, ...] = ()
    start: int = 0
    signers: tuple[Verifier, ...] = ()
    vouched: list[tuple[int, str]] = Factory(list)
    flaws: dict[int, str] = Factory(dict)

    def take(self, city: str, statement: Statement, root: bytes | None) -> None:
        """Take in the next statement; `root` is that of the log before it, or None where it is not known."""
        try:
            stated, signer = _stated(city, statement, root)
        except BadSeal as error:
            self.flaws[statement.position] = f"states keys, and {error}"
            return
        if statement.agrees and (stated != self.keys or statement.vouched):
            self.flaws[statement.position] = "states other keys, and says that it only agrees with those before"
            return
        if not self.keys or statement.vouched:
            self.start, self.signers = statement.position, (signer,)
            if statement.vouched:
                how = f"vouches, by {shown(signer)}, for a log whose head was not signed as required"
                self.vouched += [*self.flaws.items(), (statement.position, how)]
                self.flaws.clear()
        elif signer not in self.keys:
            self.flaws[statement.position] = f"states keys, and {shown(signer)}, which signed it, was not required"
            return
        else:
            self.signers += (signer,)
        self.keys = stated

    def flaw_of_head(self, city: str, size: int, root: bytes, note: str) -> str:
        """Return what is wrong with the signed note of a head, in words; empty where nothing is."""
        signed = self.signed(note)
        if signed is None:
            return "the head of the log is not signed by a key that it requires"
        if signed == Checkpoint(origin_of(city), size, root):
            return ""
        if signed.size < size:
            return f"the head of the log is signed with {signed.size} events, and not with the {size} that there are"
        return "the head that was signed is of another log than the one that is there"

    def signed(self, note: str) -> Checkpoint | None:
        """Return the head that a note by one of the keys signs; None where none of them signed it."""
        if _signer_of(note, self.keys) is None:
            return None
        try:
            return parse_checkpoint(note_of(note)[0])
        except BadSeal:
            return None


def required_by(city: str, statements: Iterable[Statement], root_at: RootAt = lambda _size: None) -> Required:
    """Return the keys that a log requires, by all that it states of them."""
    required = Required()
    for statement in statements:
        required.take(city, statement, root_at(statement.position - 1))
    return required


def sign_head(signer: Signer, city: str, head: TreeHead) -> str:
    """Return the signed note of a head."""
    return signer.sign(Checkpoint(origin_of(city), head.size, head.root).text())


def require_signed_head(
    signer: Signer, city: str, head: TreeHead, note: str, statements: Sequence[Statement]
) -> Required:
    """Refuse a head that does not bear the signature that its log requires; return what that is.

    Raises:
        HeadNotSigned: says what is wrong, and what to do; so where the key at hand may not sign the next.
    """
    required = required_by(city, statements)
    for position, flaw in required.flaws.items():
        raise HeadNotSigned(f"event {position} {flaw}, so nothing was recorded; {_VOUCH}")
    if flaw := required.flaw_of_head(city, head.size, head.root, note):
        raise HeadNotSigned(f"{flaw}, so nothing was recorded; {_VOUCH}")
    if signer.verifier not in required.keys:
        names = ", ".join(map(shown, required.keys))
        raise HeadNotSigned(
            f"the log requires the signature of {names}, and {shown(signer.verifier)} is at hand: let a holder of "
            "such a key run `heinola keys require` with the public side of yours, or name theirs with HEINOLA_KEY"
        )
    return required


def require_stated(signer: Signer, required: Required) -> None:
    """Refuse to go on with a key that did not sign the statement that all others rest on, or one since.

    Raises:
        HeadNotSigned.
    """
    if signer.verifier not in required.signers:
        raise HeadNotSigned(
            f"{shown(required.signers[0])} stated at #{required.start} which keys are required, and yours has not "
            "agreed yet: look at the log, then run `heinola keys require` with your key"
        )


@frozen(slots=True)
class Asked:
    """What somebody wants to be required.

    Attributes:
        others: keys to be required besides, or instead of the one at hand.
        without: keys that are required no longer.
        vouch: the log is taken as it stands, whatever was signed before; of the keys before none stays.
    """

    others: tuple[Verifier, ...] = ()
    without: tuple[Verifier, ...] = ()
    vouch: bool = False


def stated(signer: Signer, city: str, head: TreeHead, statements: Sequence[Statement], asked: Asked) -> Statement:
    """Return the statement, after a head, of the keys that somebody wants to be required.

    Raises:
        BadInput: it says nothing new, or leaves the key at hand out.
    """
    required = required_by(city, statements)
    before = () if asked.vouch else required.keys
    keys = tuple({str(one): one for one in (*before, signer.verifier, *asked.others)}.values())
    for one in asked.without:
        if one not in keys:
            raise BadInput(f"the key {shown(one)} is not required; leave it out of --without")
    keys = tuple(one for one in keys if one not in asked.without)
    if signer.verifier not in keys:
        raise BadInput("the key at hand cannot take itself out; let the holder of another one do it")
    if keys == before and signer.verifier in required.signers:
        raise BadInput("these keys are required already; nothing was recorded")
    extensions = tuple((_KEY, str(one)) for one in keys)
    note = signer.sign(Checkpoint(origin_of(city), head.size, head.root, extensions).text())
    return Statement(head.size + 1, note, vouched=asked.vouch, agrees=keys == before)


def _stated(city: str, statement: Statement, root: bytes | None) -> tuple[tuple[Verifier, ...], Verifier]:
    """Return the keys that a statement names, and the one of them that signed it.

    Raises:
        BadSeal: it is none, is about another log or another place in it, or none of its keys signed it.
    """
    checkpoint, keys = _opened(statement.note)
    signer = _signer_of(statement.note, keys)
    if signer is None:
        raise BadSeal("none of them signed it")
    place = origin_of(city), statement.position - 1
    if (checkpoint.origin, checkpoint.size) != place or root not in {None, checkpoint.root}:
        raise BadSeal("what they signed is another log, or another place in it")
    return keys, signer


def keys_in(note: str) -> tuple[Verifier, ...]:
    """Return the keys that the note of a statement names.

    Raises:
        BadSeal: it names none.
    """
    return _opened(note)[1]


def _opened(note: str) -> tuple[Checkpoint, tuple[Verifier, ...]]:
    checkpoint = parse_checkpoint(note_of(note)[0])
    keys = tuple(verifier_from(key) for _name, key in checkpoint.extensions)
    if not keys or checkpoint.extensions != tuple((_KEY, str(key)) for key in keys):
        raise BadSeal("its note does not name them as keys are named")
    return checkpoint, keys


def _signer_of(note: str, keys: Iterable[Verifier]) -> Verifier | None:
    """Return the first of some keys whose signature a note bears; None where it bears none."""
    for key in keys:
        try:
            opened(note, key)
        except BadSeal:
            continue
        return key
    return None


def shown(key: Verifier) -> str:
    """Return what a key is called where people read it: its name and id."""
    return f"{key.name}+{key.key_id.hex()}"
