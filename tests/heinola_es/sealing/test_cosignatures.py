"""Cosignatures: the line that a witness adds to a seal is that of the specification, and holds for that seal alone."""

from __future__ import annotations

from base64 import b64decode, b64encode
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from heinola_es.errors import BadInput
from heinola_es.sealing.cosignatures import (
    Cosignature,
    NotContinued,
    cosignature_by,
    cosigned,
    require_continued,
    require_witnesses,
)
from heinola_es.sealing.keys import NoKey, Signer, create_key, load_witness
from heinola_es.sealing.notes import BadSeal, Verifier, opened
from heinola_es.sealing.proof_files import BadProof, ConsistencyProof
from heinola_es.sealing.seals import parse_seal
from heinola_es.store.merkle import leaf_hash
from heinola_es.store.proofs import consistency_path, tree_root

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.sealing.seals import Seal

LEAVES = [leaf_hash("s", number, "t", b"{}") for number in range(9)]
FORKED = [*LEAVES[:3], leaf_hash("s", 3, "t", b'{"other":1}'), *LEAVES[4:]]
SEEN = datetime(2020, 9, 2, 9, 30, tzinfo=UTC)


def witness(name: str, seed: int) -> tuple[Signer, Verifier]:
    """Return a key of a witness, made of fixed bytes, and what others check it by."""
    signer = Signer(name, Ed25519PrivateKey.from_private_bytes(bytes([seed] * 32)))
    return signer, evolve(signer.verifier, algorithm=b"\x04")


AUDITOR, AUDITOR_KEY = witness("tarkastaja", 1)
FEDERATION, FEDERATION_KEY = witness("liitto", 2)


def test_the_line_is_that_of_the_specification(signer: Signer, seal: Seal) -> None:
    """C2SP tlog-cosignature v1, worked out here: key id, time in eight bytes, signature of header and text."""
    note = seal.signed_by(signer)
    added = cosigned(note, AUDITOR, SEEN).removeprefix(note)
    raw = b64decode(added.removeprefix("— tarkastaja ").removesuffix("\n"))
    public = AUDITOR.private_key.public_key()
    seconds = int(SEEN.timestamp())
    assert raw[:4] == sha256(b"tarkastaja\n\x04" + public.public_bytes_raw()).digest()[:4]
    assert raw[4:12] == seconds.to_bytes(8, "big")
    text = note.rpartition("\n\n")[0] + "\n"
    public.verify(raw[12:], f"cosignature/v1\ntime {seconds}\n{text}".encode())


def test_the_seal_stays_what_it_was(signer: Signer, seal: Seal) -> None:
    """With witnesses on it, it opens with the city's key as before, and says the same."""
    note = cosigned(cosigned(seal.signed_by(signer), AUDITOR, SEEN), FEDERATION, SEEN)
    assert parse_seal(note, signer.verifier) == seal
    assert cosignature_by(note, AUDITOR_KEY) == Cosignature("tarkastaja", SEEN)
    assert cosignature_by(seal.signed_by(signer), AUDITOR_KEY) is None


def test_not_one_bit_of_the_line_or_the_text_can_be_changed(signer: Signer, seal: Seal) -> None:
    """Time and signature included: what is changed does not hold, or is no cosignature of the witness."""
    note = cosigned(seal.signed_by(signer), AUDITOR, SEEN)
    line = note.splitlines()[-1]
    raw = b64decode(line.removeprefix("— tarkastaja "))
    for bit in range(len(raw) * 8):
        changed = bytearray(raw)
        changed[bit // 8] ^= 1 << bit % 8
        forged = note.replace(line, f"— tarkastaja {b64encode(changed).decode()}")
        with pytest.raises(BadSeal):
            require_witnesses(forged, [AUDITOR_KEY], 1)
    with pytest.raises(BadSeal, match="does not hold"):
        cosignature_by(note.replace("\n533\n", "\n534\n"), AUDITOR_KEY)
    assert require_witnesses(note, [AUDITOR_KEY], 1)


def test_a_line_of_another_kind_is_of_no_concern(signer: Signer, seal: Seal) -> None:
    """Signatures by unknown keys are passed over, as the specification has it; a line that is none is damage."""
    other = b64encode(b"\xff" * 40).decode()
    note = f"{seal.signed_by(signer)}— joku {other}\n"
    assert opened(note, signer.verifier) == seal.checkpoint().text()
    for line in ("— joku ###\n", "— joku\n", "— joku AAAA\n"):
        with pytest.raises(BadSeal, match="damaged"):
            opened(seal.signed_by(signer) + line, signer.verifier)


def test_so_many_witnesses_are_needed(signer: Signer, seal: Seal) -> None:
    """All by default of whoever asks; who is missing is named."""
    note = cosigned(seal.signed_by(signer), AUDITOR, SEEN)
    keys = [AUDITOR_KEY, FEDERATION_KEY]
    assert [one.witness for one in require_witnesses(note, keys, 1)] == ["tarkastaja"]
    with pytest.raises(BadSeal, match="by 1 of the 2 witnesses asked for; not by liitto"):
        require_witnesses(note, keys, 2)
    both = cosigned(note, FEDERATION, SEEN)
    assert [one.witness for one in require_witnesses(both, keys, 2)] == ["tarkastaja", "liitto"]


def test_the_city_is_no_witness_of_itself(signer: Signer, seal: Seal) -> None:
    """Nor does a witness sign twice."""
    note = seal.signed_by(signer)
    with pytest.raises(BadInput, match="a key of their own"):
        cosigned(note, signer, SEEN)
    with pytest.raises(BadInput, match="cosigned the seal already"):
        cosigned(cosigned(note, AUDITOR, SEEN), AUDITOR, SEEN)


class TestContinuing:
    """What a witness has seen before is the beginning of what they cosign."""

    def sealed(self, seal: Seal, leaves: list[bytes]) -> Seal:
        """Return a seal of these leaves."""
        return evolve(seal, size=len(leaves), root=tree_root(leaves))

    def proof(self, leaves: list[bytes], old: int) -> ConsistencyProof:
        """Return the proof that a log of these leaves continues its first ones."""
        path = tuple(consistency_path(leaves, old))
        return ConsistencyProof(origin="heinola-es/heinola", old_size=old, new_size=len(leaves), path=path)

    def test_a_log_that_has_grown(self, seal: Seal) -> None:
        """With the proof, and not without."""
        old, new = self.sealed(seal, LEAVES[:5]), self.sealed(seal, LEAVES)
        require_continued(new, old, self.proof(LEAVES, 5))
        with pytest.raises(BadInput, match="give the proof"):
            require_continued(new, old, None)

    def test_another_history(self, seal: Seal) -> None:
        """Whatever proof there is of it: it does not lead from what was seen."""
        old, new = self.sealed(seal, LEAVES[:5]), self.sealed(seal, FORKED)
        with pytest.raises(BadProof, match="different histories"):
            require_continued(new, old, self.proof(FORKED, 5))
        with pytest.raises(NotContinued, match="two histories"):
            require_continued(self.sealed(seal, FORKED[:5]), old, None)

    def test_an_earlier_state_or_another_log(self, seal: Seal) -> None:
        """Neither continues what was seen."""
        old, new = self.sealed(seal, LEAVES[:5]), self.sealed(seal, LEAVES)
        with pytest.raises(NotContinued, match="earlier"):
            require_continued(old, new, None)
        with pytest.raises(NotContinued, match="another log"):
            require_continued(evolve(new, origin="heinola-es/muu"), old, None)


def test_the_key_of_a_witness_is_read_from_either_line(tmp_path: Path) -> None:
    """The line of `heinola keys show`, and that of other programs for cosignatures, are one key."""
    own = create_key(tmp_path / "own.key", "tarkastaja")
    for name, line in {"shown.pub": own, "c2sp.pub": evolve(own, algorithm=b"\x04")}.items():
        (tmp_path / name).write_text(f"{line}\n")
        assert str(load_witness(tmp_path / name)) == str(evolve(own, algorithm=b"\x04"))
    assert str(load_witness(tmp_path / "own.key")) == str(evolve(own, algorithm=b"\x04"))
    with pytest.raises(NoKey, match="--witness"):
        load_witness(tmp_path / "none.pub")
