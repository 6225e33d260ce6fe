"""A proof file shows one event to whoever holds a seal; a lying, damaged or misplaced one is refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given as for_all
from hypothesis import strategies as st

from heinola_es.sealing.proof_files import BadProof, ConsistencyProof, InclusionProof, parse_proof
from heinola_es.store.merkle import leaf_hash, node_hash
from heinola_es.store.proofs import consistency_path, inclusion_path, tree_root

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.sealing.seals import Seal

SIZE, OLD_SIZE, POSITION = 21, 13, 6
ORIGIN = "heinola-es/heinola"


def event(number: int) -> tuple[str, int, str, bytes]:
    """Return the parts of some event."""
    return f"{number:032x}", number, "ActualPosted", f'{{"v":1,"source":"tosite ä {number}"}}'.encode()


LEAVES = [leaf_hash(*event(number)) for number in range(1, SIZE + 1)]


def inclusion() -> InclusionProof:
    """Return an honest proof of an event."""
    stream, version, topic, body = event(POSITION)
    return InclusionProof(
        origin=ORIGIN,
        position=POSITION,
        size=SIZE,
        stream=stream,
        version=version,
        topic=topic,
        body=body,
        path=tuple(inclusion_path(LEAVES, POSITION - 1)),
    )


def consistency() -> ConsistencyProof:
    """Return an honest proof that a log was continued."""
    path = tuple(consistency_path(LEAVES, OLD_SIZE))
    return ConsistencyProof(origin=ORIGIN, old_size=OLD_SIZE, new_size=SIZE, path=path)


@pytest.fixture
def new(seal: Seal) -> Seal:
    """Give the seal over all events."""
    return evolve(seal, size=SIZE, root=tree_root(LEAVES))


@pytest.fixture
def old(seal: Seal) -> Seal:
    """Give the seal over the first of them."""
    return evolve(seal, size=OLD_SIZE, root=tree_root(LEAVES[:OLD_SIZE]))


@pytest.mark.parametrize("proof", [inclusion(), consistency()])
def test_a_proof_is_read_back_as_it_was_written(proof: InclusionProof | ConsistencyProof) -> None:
    """The file holds the whole proof."""
    assert parse_proof(proof.text().encode()) == proof


def test_an_honest_proof_holds(old: Seal, new: Seal) -> None:
    """What the log tells truly is taken."""
    inclusion().require_holds(new)
    consistency().require_holds(old, new)


def changed_path(spoil: Callable[[tuple[bytes, ...]], tuple[bytes, ...]]) -> InclusionProof:
    """Return the proof of the event with its path spoilt."""
    proof = inclusion()
    return evolve(proof, path=spoil(proof.path))


LIES = {
    "wrong sibling": changed_path(lambda path: (bytes(32), *path[1:])),
    "siblings exchanged": changed_path(lambda path: (path[1], path[0], *path[2:])),
    "truncated": changed_path(lambda path: path[:-1]),
    "no path": changed_path(lambda _path: ()),
    "sibling added": changed_path(lambda path: (*path, bytes(32))),
    "sibling doubled": changed_path(lambda path: (path[0], *path)),
    "cut below": changed_path(lambda path: path[1:]),
    "another position": evolve(inclusion(), position=POSITION + 1),
    "position zero": evolve(inclusion(), position=0),
    "position beyond": evolve(inclusion(), position=SIZE + 1),
    "another stream": evolve(inclusion(), stream=event(7)[0]),
    "another version": evolve(inclusion(), version=7),
    "another topic": evolve(inclusion(), topic="ActualCorrected"),
    "another body": evolve(inclusion(), body=event(POSITION)[3].replace(b"6", b"7")),
    "smaller log": evolve(inclusion(), size=SIZE - 1, path=tuple(inclusion_path(LEAVES[:-1], POSITION - 1))),
    "wrong size": evolve(inclusion(), size=SIZE + 1),
    "another city": evolve(inclusion(), origin="heinola-es/lahti"),
}


@pytest.mark.parametrize("lie", LIES)
def test_no_lie_about_an_event_passes(new: Seal, lie: str) -> None:
    """A wrong sibling, size, place or event, a path too short or too long, another log's proof: each is refused."""
    proof = parse_proof(LIES[lie].text().encode())
    assert isinstance(proof, InclusionProof)
    with pytest.raises(BadProof):
        proof.require_holds(new)


def test_two_histories_are_told_apart(old: Seal, new: Seal) -> None:
    """A log that was rewritten has a root of its own: no proof of it joins what was sealed before."""
    rewritten = [leaf_hash(*event(99)), *LEAVES[1:]]
    other = evolve(new, root=tree_root(rewritten))
    path = tuple(consistency_path(rewritten, OLD_SIZE))
    lie = ConsistencyProof(origin=ORIGIN, old_size=OLD_SIZE, new_size=SIZE, path=path)
    with pytest.raises(BadProof, match="tell different histories"):
        lie.require_holds(old, other)
    with pytest.raises(BadProof, match="tell different histories"):
        consistency().require_holds(old, other)


@pytest.mark.parametrize(
    "path",
    [
        (),
        consistency().path[:-1],
        consistency().path[1:],
        (*consistency().path, bytes(32)),
        (consistency().path[0], *consistency().path),
        (*consistency().path[:-1], bytes(32)),
        consistency().path[::-1],
    ],
)
def test_no_spoilt_path_joins_two_seals(old: Seal, new: Seal, path: tuple[bytes, ...]) -> None:
    """A proof of continuation that was cut, lengthened or changed is refused."""
    with pytest.raises(BadProof):
        evolve(consistency(), path=path).require_holds(old, new)


def test_the_wrong_pair_of_seals_is_refused(old: Seal, new: Seal) -> None:
    """A proof is for its two seals and no others."""
    with pytest.raises(BadProof, match="its size is 13, the seal's 21"):
        consistency().require_holds(new, new)
    with pytest.raises(BadProof, match="not for this seal"):
        consistency().require_holds(evolve(old, origin="heinola-es/lahti"), new)


def test_an_inner_node_cannot_pose_as_an_event(new: Seal) -> None:
    """A body made of two hashes does not stand for the node above them."""
    body = LEAVES[0] + LEAVES[1]
    with pytest.raises(UnicodeDecodeError):
        evolve(inclusion(), body=body).text()
    assert leaf_hash("", 0, "", body) != node_hash(LEAVES[0], LEAVES[1])
    with pytest.raises(BadProof):
        evolve(inclusion(), position=1, body=body).require_holds(new)


@pytest.mark.parametrize("proof", [inclusion(), consistency()])
@pytest.mark.parametrize("added", [b"\n", b" ", b"x", b"\x00", b"\xff", b"AAAA\n", b"path\n"])
def test_trailing_bytes_are_refused(proof: InclusionProof | ConsistencyProof, added: bytes) -> None:
    """Nothing stands after a proof, not even a blank line."""
    with pytest.raises(BadProof):
        parse_proof(proof.text().encode() + added)


@pytest.mark.parametrize("proof", [inclusion(), consistency()])
def test_a_proof_cut_anywhere_is_refused(old: Seal, new: Seal, proof: InclusionProof | ConsistencyProof) -> None:
    """Cut after any byte, the file is no proof, or none that holds."""
    content = proof.text().encode()
    for length in range(len(content)):
        with pytest.raises(BadProof):
            _check(parse_proof(content[:length]), old, new)


@for_all(at=st.integers(0, 10_000), bit=st.integers(0, 7), which=st.booleans())
def test_every_damaged_byte_is_refused(seal: Seal, at: int, bit: int, *, which: bool) -> None:
    """Flip any bit of a proof file: it is refused, by its form or by the root."""
    new = evolve(seal, size=SIZE, root=tree_root(LEAVES))
    old = evolve(seal, size=OLD_SIZE, root=tree_root(LEAVES[:OLD_SIZE]))
    content = bytearray((inclusion() if which else consistency()).text().encode())
    content[at % len(content)] ^= 1 << bit
    with pytest.raises(BadProof):
        _check(parse_proof(bytes(content)), old, new)


@pytest.mark.parametrize("number", ["", "-6", "+6", "06", "6 ", "6.0", "\u0666", "6" * 40])
def test_a_number_of_another_form_is_refused(number: str) -> None:
    """Numbers are plain digits, without signs, spaces or leading zeros."""
    content = inclusion().text().replace("position 6\n", f"position {number}\n")
    with pytest.raises(BadProof):
        parse_proof(content.encode())


def _check(proof: InclusionProof | ConsistencyProof, old: Seal, new: Seal) -> None:
    if isinstance(proof, InclusionProof):
        proof.require_holds(new)
    else:
        proof.require_holds(old, new)
