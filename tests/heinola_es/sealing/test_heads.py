"""Which keys a log requires, by what it states of them: nobody without one of them gets a key in."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, NamedTuple

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from heinola_es.sealing.heads import Required, keys_in, required_by, sign_head
from heinola_es.sealing.keys import Signer
from heinola_es.sealing.notes import BadSeal, Checkpoint
from heinola_es.store.head import TreeHead
from heinola_es.store.signing import Statement

if TYPE_CHECKING:
    from collections.abc import Sequence

CITY, ORIGIN = "Heinola", "heinola-es/heinola"
SIGNERS = [Signer(f"k{number}", Ed25519PrivateKey.from_private_bytes(bytes([number] * 32))) for number in range(4)]


def root_at(size: int) -> bytes:
    """Return the root that a log has at a size."""
    return sha256(str(size).encode()).digest()


class Said(NamedTuple):
    """A statement, by the numbers of keys: who signs it, which keys it names, and whether it vouches."""

    by: int
    names: frozenset[int]
    vouched: bool
    agrees: bool = False


def stated(position: int, said: Said, root: bytes | None = None, origin: str = ORIGIN) -> Statement:
    """Return a statement at a position of the log."""
    keys = tuple(("key", str(SIGNERS[number].verifier)) for number in sorted(said.names))
    checkpoint = Checkpoint(origin, position - 1, root or root_at(position - 1), keys)
    return Statement(position, SIGNERS[said.by].sign(checkpoint.text()), said.vouched, said.agrees)


def slowly(statements: Sequence[Said]) -> tuple[set[int], set[int], list[bool]]:
    """Return the keys in force, those that agreed, and which statements count: the rule once more, on numbers."""
    keys, agreed, counted = set[int](), set[int](), list[bool]()
    for said in statements:
        starts = not keys or said.vouched
        changes = said.names != keys or said.vouched
        counts = said.by in said.names and (starts or said.by in keys) and not (said.agrees and changes)
        counted.append(counts)
        if counts:
            keys, agreed = set(said.names), {said.by} if starts else agreed | {said.by}
    return keys, agreed, counted


numbers = st.integers(0, len(SIGNERS) - 1)
RARELY = st.sampled_from((False, False, False, True))
statements = st.lists(
    st.builds(Said, numbers, st.frozensets(numbers, min_size=1), RARELY, RARELY),
    max_size=6,
)


@given(said=statements)
def test_the_keys_in_force_follow_from_one_another(said: list[Said]) -> None:
    """Whatever is stated in whatever order, and by whom: as a plain reading of the rule has it."""
    required = required_by(CITY, [stated(at, one) for at, one in enumerate(said, 2)], root_at)
    keys, agreed, counted = slowly(said)
    assert [key.name for key in required.keys] == [f"k{number}" for number in sorted(keys)]
    assert {key.name for key in required.signers} == {f"k{number}" for number in agreed}
    void = [at for at, counts in enumerate(counted, 2) if not counts]
    vouches = [at for at, (one, counts) in enumerate(zip(said, counted, strict=True), 2) if one.vouched and counts]
    assert list(required.flaws) == [at for at in void if at > max(vouches, default=0)]
    assert [at for at, _what in required.vouched] == sorted(
        [*vouches, *(at for at in void if at < max(vouches, default=0))]
    )


ALONE = Said(0, frozenset({0}), vouched=False)


@pytest.mark.parametrize(
    "statement",
    [
        stated(3, ALONE)._replace(position=4),
        stated(3, ALONE, root=bytes(32)),
        stated(3, ALONE, origin="heinola-es/lahti"),
        Statement(3, "", vouched=False),
        Statement(3, SIGNERS[0].sign(Checkpoint(ORIGIN, 2, root_at(2)).text()), vouched=False),
        Statement(3, SIGNERS[0].sign(Checkpoint(ORIGIN, 2, root_at(2), (("key", "k0+00+00"),)).text()), vouched=False),
        Statement(
            3,
            SIGNERS[0].sign(
                Checkpoint(ORIGIN, 2, root_at(2), (("key", str(SIGNERS[0].verifier)), ("also", "x"))).text()
            ),
            vouched=False,
        ),
        stated(3, ALONE)._replace(note=stated(3, ALONE).note.replace("— k0", "— k1")),
    ],
)
def test_a_statement_of_another_log_or_place_counts_for_nothing(statement: Statement) -> None:
    """It is named, and no key is required by it; the control is the one that it was made of."""
    required = required_by(CITY, [statement], root_at)
    assert (required.keys, list(required.flaws)) == ((), [statement.position])
    assert required_by(CITY, [stated(3, ALONE)], root_at).flaws == {}


def test_a_head_is_signed_by_one_of_the_keys_or_not_at_all() -> None:
    """The note is of exactly that head, and by a key that is required."""
    required = Required(keys=(SIGNERS[0].verifier, SIGNERS[1].verifier))
    head = TreeHead(3, root_at(3), [], "")
    for signer in SIGNERS[:2]:
        assert required.flaw_of_head(CITY, 3, root_at(3), sign_head(signer, CITY, head)) == ""
    note = sign_head(SIGNERS[0], CITY, head)
    assert "by a key that it requires" in required.flaw_of_head(CITY, 3, root_at(3), sign_head(SIGNERS[2], CITY, head))
    assert "signed with 3 events" in required.flaw_of_head(CITY, 5, root_at(5), note)
    for size, root in ((3, root_at(4)), (2, root_at(2))):
        assert "another log" in required.flaw_of_head(CITY, size, root, note)
    assert "another log" in required.flaw_of_head("Lahti", 3, root_at(3), note)
    with pytest.raises(BadSeal, match="does not name them"):
        keys_in(note)
