"""Proof files: one event with its way to a sealed root, or the way from one sealed root to a later one.

Plain text, a line per fact, then the hashes in base64. Whoever holds the seal needs nothing else to check it: neither
the rest of the log nor a store. The reader takes only what the writer would have written, to the byte.
"""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.errors import BadInput
from heinola_es.sealing.notes import decoded
from heinola_es.store.merkle import HASH_BYTES, leaf_hash
from heinola_es.store.proofs import proves_consistency, proves_inclusion

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.sealing.seals import Seal

INCLUSION = "heinola-es inclusion proof 1"
CONSISTENCY = "heinola-es consistency proof 1"
_PATH = "path"
_MOST_DIGITS = 18
LIMIT_BYTES = 10_000_000
WHAT = "a proof is one event and some lines, check the file"
_INCLUSION_FACTS = ("origin", "position", "size", "stream", "version", "topic", "body")
_CONSISTENCY_FACTS = ("origin", "from", "to")


class BadProof(BadInput):
    """A proof that is none, or that proves nothing about the seal it is held against."""


@frozen(slots=True, kw_only=True)
class InclusionProof:
    """One event, and what leads from it to the root of a sealed log (RFC 6962, 2.1.1).

    Attributes:
        origin: names the log.
        position: of the event, counted from 1.
        size: of the sealed log.
        stream, version, topic, body: the event as it is stored.
        path: hashes from the leaf to the root, lowest first.
    """

    origin: str
    position: int
    size: int
    stream: str
    version: int
    topic: str
    body: bytes
    path: tuple[bytes, ...]

    def text(self) -> str:
        """Return the proof as it is written to a file."""
        body = self.body.decode()
        values = (self.origin, self.position, self.size, self.stream, self.version, self.topic, body)
        return _written(INCLUSION, _INCLUSION_FACTS, values, self.path)

    def require_holds(self, seal: Seal) -> None:
        """Refuse the proof unless it shows that the event is in the log that was sealed.

        Raises:
            BadProof: it does not.
        """
        _require_same("origin", self.origin, seal.origin)
        _require_same("size", self.size, seal.size)
        leaf = leaf_hash(self.stream, self.version, self.topic, self.body)
        if not proves_inclusion(leaf, self.position - 1, seal.size, self.path, seal.root):
            raise BadProof(
                f"the proof does not hold: it does not lead from this event at position {self.position} to the root "
                "that was sealed; the event, its place or the proof was changed"
            )


@frozen(slots=True, kw_only=True)
class ConsistencyProof:
    """What shows that a later log begins with the whole of an earlier one (RFC 6962, 2.1.2).

    Attributes:
        origin: names the log.
        old_size, new_size: how many events were sealed then, and later.
        path: the hashes, in the order in which they are used.
    """

    origin: str
    old_size: int
    new_size: int
    path: tuple[bytes, ...]

    def text(self) -> str:
        """Return the proof as it is written to a file."""
        return _written(CONSISTENCY, _CONSISTENCY_FACTS, (self.origin, self.old_size, self.new_size), self.path)

    def require_holds(self, old: Seal, new: Seal) -> None:
        """Refuse the proof unless it shows that the log of the new seal continues that of the old one.

        Raises:
            BadProof: it does not.
        """
        for seal, size in ((old, self.old_size), (new, self.new_size)):
            _require_same("origin", self.origin, seal.origin)
            _require_same("size", size, seal.size)
        if not proves_consistency(old.size, old.root, new.size, new.root, self.path):
            raise BadProof(
                f"the proof does not hold: it does not show that the {new.size} events sealed later begin with the "
                f"{old.size} sealed before; the two seals tell different histories, or the proof was changed"
            )


def parse_proof(content: bytes) -> InclusionProof | ConsistencyProof:
    """Return the proof that a file holds; only the exact form is read.

    Raises:
        BadProof: it is none, was cut, or has something added.
    """
    try:
        text = content.decode()
    except UnicodeDecodeError:
        raise BadProof("that is no proof: it is not text; it was damaged") from None
    kind, *lines = text.split("\n")
    proof: InclusionProof | ConsistencyProof
    if kind == INCLUSION:
        proof = _inclusion(*_read(lines, _INCLUSION_FACTS))
    elif kind == CONSISTENCY:
        proof = _consistency(*_read(lines, _CONSISTENCY_FACTS))
    else:
        raise BadProof(f"that is no proof: it does not begin with {INCLUSION!r} or {CONSISTENCY!r}")
    if proof.text() != text:
        raise BadProof("the proof is not written the way proofs are; it was damaged")
    return proof


def _inclusion(facts: list[str], path: tuple[bytes, ...]) -> InclusionProof:
    origin, position, size, stream, version, topic, body = facts
    return InclusionProof(
        origin=origin,
        position=_number(position),
        size=_number(size),
        stream=stream,
        version=_number(version),
        topic=topic,
        body=body.encode(),
        path=path,
    )


def _consistency(facts: list[str], path: tuple[bytes, ...]) -> ConsistencyProof:
    origin, old, new = facts
    return ConsistencyProof(origin=origin, old_size=_number(old), new_size=_number(new), path=path)


def _written(kind: str, names: Sequence[str], values: Sequence[object], path: Sequence[bytes]) -> str:
    facts = [f"{name} {value}" for name, value in zip(names, values, strict=True)]
    hashes = [b64encode(sibling).decode() for sibling in path]
    return "".join(f"{line}\n" for line in (kind, *facts, _PATH, *hashes))


def _read(lines: list[str], names: Sequence[str]) -> tuple[list[str], tuple[bytes, ...]]:
    facts = [line.partition(" ") for line in lines[: len(names)]]
    rest = lines[len(names) :]
    if [name for name, _, _ in facts] != list(names) or rest[:1] != [_PATH] or rest[-1] != "":
        raise BadProof(f"the proof has not the lines it is written with ({', '.join(names)}, path); it was damaged")
    path = [decoded(line) for line in rest[1:-1]]
    if any(sibling is None or len(sibling) != HASH_BYTES for sibling in path):
        raise BadProof("a hash in the proof is none; it was damaged")
    return [value for _, _, value in facts], tuple(sibling for sibling in path if sibling is not None)


def _number(text: str) -> int:
    if not text.isdecimal() or len(text) > _MOST_DIGITS:
        raise BadProof(f"{text[:40]!r} in the proof is no number; it was damaged")
    return int(text)


def _require_same(name: str, in_proof: object, in_seal: object) -> None:
    if in_proof != in_seal:
        raise BadProof(f"the proof is not for this seal: its {name} is {in_proof}, the seal's {in_seal}")
