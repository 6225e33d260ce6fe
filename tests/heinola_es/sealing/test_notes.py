"""Signed notes and checkpoints: what was signed is read back, and not one byte of it can be changed."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given as for_all
from hypothesis import strategies as st

from heinola_es.sealing.keys import load_signer
from heinola_es.sealing.notes import BadSeal, Checkpoint, opened, parse_checkpoint, sign, verifier_from
from heinola_es.sealing.seals import parse_seal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.sealing.keys import Signer
    from heinola_es.sealing.seals import Seal

# The example of the package in which signed notes began (golang.org/x/mod/sumdb/note): a key pair, and what it signed.
EXAMPLE_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
EXAMPLE_PRIVATE_KEY = "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
EXAMPLE_TEXT = """\
If you think cryptography is the answer to your problem,
then you don't know what your problem is.
"""
EXAMPLE_SIGNATURE = (
    "— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n"
)

_line = st.text(st.characters(codec="utf-8", exclude_characters="\n"), min_size=1, max_size=20)
_name = st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=8)
CHECKPOINTS = st.builds(
    Checkpoint,
    _line,
    st.integers(0, 10**12),
    st.binary(min_size=32, max_size=32),
    st.lists(st.tuples(_name, _line), max_size=4).map(tuple),
)


@for_all(checkpoint=CHECKPOINTS)
def test_a_checkpoint_is_read_back_as_it_was_written(checkpoint: Checkpoint) -> None:
    """Writing and reading are each other's inverse, whatever the origin and the extensions say."""
    assert parse_checkpoint(checkpoint.text()) == checkpoint


@for_all(checkpoint=CHECKPOINTS)
def test_a_signed_checkpoint_opens_to_its_text(signer: Signer, checkpoint: Checkpoint) -> None:
    """What is signed opens with the key that signed it, to the same text."""
    note = signer.sign(checkpoint.text())
    assert opened(note, signer.verifier) == checkpoint.text()
    assert opened(note, None) == checkpoint.text()


def test_the_form_of_a_seal(signer: Signer, seal: Seal) -> None:
    """A seal is the note of the specification, to the byte: origin, size, root, extensions, blank line, signature."""
    text, _, signature = seal.signed_by(signer).partition("\n\n")
    assert text.splitlines() == [
        "heinola-es/heinola",
        "533",
        "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
        "period 2020-04-01/2020-06-30",
        "scope *",
        "revision 1",
        "position 532",
        f"snapshot sha256:{'5f' * 32}",
    ]
    assert signature.startswith("— heinola-es/heinola ")
    assert signature.endswith("=\n")


def test_sealing_twice_gives_the_same_bytes(signer: Signer, seal: Seal) -> None:
    """Ed25519 needs no chance: a seal that was lost is made again to the byte."""
    assert seal.signed_by(signer) == seal.signed_by(signer)


def test_every_bit_of_a_seal_counts(signer: Signer, seal: Seal) -> None:
    """Flip any one bit of the file: it is refused, without exception."""
    note = seal.signed_by(signer).encode()
    assert parse_seal(note.decode(), signer.verifier) == seal
    for at in range(len(note)):
        for bit in range(8):
            damaged = bytes([*note[:at], note[at] ^ (1 << bit), *note[at + 1 :]])
            with pytest.raises((BadSeal, UnicodeDecodeError)):
                parse_seal(damaged.decode(), signer.verifier)


@for_all(data=st.data())
def test_no_edited_seal_opens(signer: Signer, seal: Seal, data: st.DataObject) -> None:
    """Cut out, put in or replace any part of a seal: unless nothing changed, it is refused."""
    note = seal.signed_by(signer)
    start = data.draw(st.integers(0, len(note)))
    end = data.draw(st.integers(start, len(note)))
    edited = note[:start] + data.draw(st.text(max_size=6)) + note[end:]
    if edited == note:
        return
    with pytest.raises(BadSeal):
        parse_seal(edited, signer.verifier)


def test_another_key_does_not_pass(signer: Signer, seal: Seal) -> None:
    """A seal by a stranger is refused, even one who signs under the same name."""
    stranger = Ed25519PrivateKey.generate()
    forged = sign(seal.checkpoint().text(), signer.name, stranger)
    with pytest.raises(BadSeal, match="bears no signature of the key"):
        parse_seal(forged, signer.verifier)


def test_a_forged_key_id_does_not_help(signer: Signer, seal: Seal) -> None:
    """Who writes our key's id before a signature of his own is found out by the signature."""
    text = seal.checkpoint().text()
    signature = signer.verifier.key_id + Ed25519PrivateKey.generate().sign(text.encode())
    forged = f"{text}\n— {signer.name} {b64encode(signature).decode()}\n"
    with pytest.raises(BadSeal, match="the signature does not hold"):
        parse_seal(forged, signer.verifier)


def test_a_further_signature_does_no_harm(signer: Signer, seal: Seal) -> None:
    """A witness may sign the same note beneath ours (C2SP tlog-checkpoint)."""
    text = seal.checkpoint().text()
    witness = sign(text, "witness", Ed25519PrivateKey.generate()).removeprefix(text + "\n")
    assert parse_seal(signer.sign(text) + witness, signer.verifier) == seal


def test_the_example_of_another_program(tmp_path: Path) -> None:
    """Key, private key and signature are those that the program where signed notes began makes of the same text."""
    (tmp_path / "seal.key").write_text(EXAMPLE_PRIVATE_KEY + "\n")
    (tmp_path / "seal.key").chmod(0o600)
    signer, verifier = load_signer(tmp_path / "seal.key"), verifier_from(EXAMPLE_KEY)
    assert str(verifier) == EXAMPLE_KEY == str(signer.verifier)
    assert signer.sign(EXAMPLE_TEXT) == f"{EXAMPLE_TEXT}\n{EXAMPLE_SIGNATURE}"
    assert opened(f"{EXAMPLE_TEXT}\n{EXAMPLE_SIGNATURE}", verifier) == EXAMPLE_TEXT


@pytest.mark.parametrize(
    "line",
    [
        "",
        "PeterNeumann",
        EXAMPLE_KEY.replace("c74f20a3", "c74f20a4"),
        EXAMPLE_KEY.replace("ARpc", "ARpd"),
        EXAMPLE_KEY.replace("+AR", "+BR"),
        EXAMPLE_KEY[:-4],
        EXAMPLE_KEY + "AAAA",
    ],
)
def test_a_damaged_verifier_line_is_refused(line: str) -> None:
    """A key that is cut, changed or of another kind is told, and not used."""
    with pytest.raises(BadSeal, match="public key"):
        verifier_from(line)


@pytest.mark.parametrize("size", ["", "-1", "0533", "\u0665", "1e3", "5" * 5000])
def test_a_size_that_is_no_number_is_refused(seal: Seal, size: str) -> None:
    """Only plain digits without leading zeros are a size; a number of any length does not stop the reader."""
    text = seal.checkpoint().text().replace("\n533\n", f"\n{size}\n", 1)
    with pytest.raises(BadSeal):
        parse_checkpoint(text)
