"""Proofs from the log: that one event is in what was sealed, and that one sealed log continues another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.errors import BadInput, Refused
from heinola_es.sealing.proof_files import ConsistencyProof, InclusionProof
from heinola_es.sealing.seals import origin_of
from heinola_es.store.bodies import UnreadableEvent
from heinola_es.store.leaves import leaf_hashes
from heinola_es.store.merkle import leaf_hash
from heinola_es.store.proofs import consistency_path, inclusion_path, tree_root
from projections.published.publications import all_published

if TYPE_CHECKING:
    from heinola_es.sealing.seals import Seal
    from heinola_es.store.reading import LogReader


class NotSealed(Refused):
    """No seal covers the event."""


class NotProvable(Refused):
    """The log is not the one that was sealed, so it proves nothing about it."""


def prove_event(reader: LogReader, position: int, seal: Seal | None) -> InclusionProof:
    """Return the proof that the event at a position is in the log of a seal; None is the last publication's.

    Raises:
        BadInput: there is no such event.
        NotSealed: the seal does not cover it, or there is none.
        NotProvable: the event, or the log under the seal, was changed.
    """
    try:
        found = reader.row_at(position)
    except UnreadableEvent as error:
        raise _changed(position) from error
    if found is None:
        raise BadInput(f"there is no event {position}; the log ends at {reader.size()}")
    _position, stream, version, topic, body = found
    size = _last_sealed(reader) if seal is None else seal.size
    if position > size:
        raise NotSealed(f"event {position} is not sealed yet: publish a report, or name a seal that covers it")
    leaves = _leaves(reader, seal, size)
    if leaf_hash(stream, version, topic, body) != leaves[position - 1]:
        raise _changed(position)
    return InclusionProof(
        origin=origin_of(reader.setting("city")),
        position=position,
        size=size,
        stream=stream,
        version=version,
        topic=topic,
        body=body,
        path=tuple(inclusion_path(leaves, position - 1)),
    )


def prove_continued(reader: LogReader, old: Seal, new: Seal) -> ConsistencyProof:
    """Return the proof that the log of one seal is continued by that of another.

    Raises:
        BadInput: the second seal is not the later one.
        NotProvable: the log is not the one that they seal.
    """
    if old.size > new.size:
        raise BadInput(f"--from has {old.size} events and --to only {new.size}; give the earlier seal first")
    leaves = _leaves(reader, new, new.size)
    _require_root(old, leaves[: old.size])
    path = consistency_path(leaves, old.size)
    return ConsistencyProof(origin=new.origin, old_size=old.size, new_size=new.size, path=tuple(path))


def _changed(position: int) -> NotProvable:
    return NotProvable(f"event {position} was changed, so there is nothing to prove; run `heinola audit verify`")


def _last_sealed(reader: LogReader) -> int:
    published = all_published(reader)
    return published[-1].at if published else 0


def _leaves(reader: LogReader, seal: Seal | None, size: int) -> list[bytes]:
    leaves = list(leaf_hashes(reader, size))
    if seal is not None:
        _require_root(seal, leaves)
    return leaves


def _require_root(seal: Seal, leaves: list[bytes]) -> None:
    if len(leaves) != seal.size or tree_root(leaves) != seal.root:
        raise NotProvable(
            f"the log is not the one that was sealed at {seal.size} events, so it proves nothing; "
            "find out what was changed with `heinola audit verify`"
        )
