"""Signed notes and checkpoints, as transparency logs use them.

A note is text, a blank line, and signature lines `— NAME BASE64` (C2SP signed-note). A checkpoint is a note whose text
is an origin, the size of a log and its root (C2SP tlog-checkpoint), here followed by what was published.

The module imports `cryptography`, so a command imports it when it seals or checks.
"""

from __future__ import annotations

import binascii
from base64 import b64decode, b64encode
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

ED25519 = b"\x01"
COSIGNATURE = b"\x04"
"""What a key signs: notes, or, as a witness, that it has seen them (C2SP tlog-cosignature)."""
SIGNATURE_BYTES = 64
KEY_ID_BYTES = 4
ROOT_BYTES = 32
_MARK = "— "
_MOST_DIGITS = 18


class BadSeal(BadInput):
    """A seal that is no seal, or whose signature does not hold."""


@frozen(slots=True)
class Verifier:
    """A public key with the name it signs under; written `NAME+KEYID+BASE64` (C2SP signed-note).

    `algorithm` is `ED25519` or `COSIGNATURE`, by which the same key has another id.
    """

    name: str
    public_key: Ed25519PublicKey
    algorithm: bytes = ED25519

    @property
    def key_id(self) -> bytes:
        """The four bytes that a signature line names the key by."""
        raw = self.public_key.public_bytes_raw()
        return sha256(self.name.encode() + b"\n" + self.algorithm + raw).digest()[:KEY_ID_BYTES]

    def __str__(self) -> str:
        encoded = b64encode(self.algorithm + self.public_key.public_bytes_raw()).decode()
        return f"{self.name}+{self.key_id.hex()}+{encoded}"


@frozen(slots=True)
class Checkpoint:
    """The text of a seal.

    Attributes:
        origin: names the log, so that a seal of one city is none of another.
        size: number of events sealed.
        root: RFC 6962 root over them.
        extensions: further lines, `NAME VALUE` each.
    """

    origin: str
    size: int
    root: bytes
    extensions: tuple[tuple[str, str], ...] = ()

    def text(self) -> str:
        """Return the text that is signed, each line ended by a newline."""
        lines = [self.origin, str(self.size), b64encode(self.root).decode()]
        return "".join(f"{line}\n" for line in (*lines, *(f"{name} {value}" for name, value in self.extensions)))

    def extension(self, name: str) -> str:
        """Return the value of an extension line.

        Raises:
            BadSeal: the seal has no such line, or more than one.
        """
        found = [value for key, value in self.extensions if key == name]
        if len(found) != 1:
            raise BadSeal(f"the seal has {len(found)} lines {name!r} where one belongs; it was damaged")
        return found[0]


def verifier_from(text: str, algorithms: tuple[bytes, ...] = (ED25519,)) -> Verifier:
    """Return the verifier that `str(verifier)` wrote, for one of some algorithms.

    Raises:
        BadSeal: it is no such key.
    """
    name, _, rest = text.strip().partition("+")
    key_id, _, encoded = rest.partition("+")
    raw = decoded(encoded)
    if raw is None or raw[:1] not in algorithms or len(raw) != ROOT_BYTES + 1:
        raise BadSeal("that is no public key of a seal; it reads NAME+KEYID+KEY, as `heinola keys show` prints it")
    verifier = Verifier(name, Ed25519PublicKey.from_public_bytes(raw[1:]), raw[:1])
    if verifier.key_id.hex() != key_id:
        raise BadSeal("the public key and its id do not belong together; it was damaged")
    return verifier


def sign(text: str, name: str, key: Ed25519PrivateKey) -> str:
    """Return `text` (which ends with a newline) as a signed note."""
    return f"{text}\n{signature_line(Verifier(name, key.public_key()), key.sign(text.encode()))}"


def signature_line(verifier: Verifier, signature: bytes) -> str:
    """Return the line of a note that holds a signature by a key."""
    return f"{_MARK}{verifier.name} {b64encode(verifier.key_id + signature).decode()}\n"


def opened(note: str, verifier: Verifier | None) -> str:
    """Return the text of a signed note whose signature by `verifier` holds; None checks the form alone.

    Raises:
        BadSeal: it has not the form of a note, no signature of that key, or one that does not hold.
    """
    signed, lines = note_of(note)
    if verifier is not None:
        _check(signed, lines, verifier)
    return signed


def note_of(note: str) -> tuple[str, list[str]]:
    """Return the text of a signed note, and its signature lines without their mark.

    Raises:
        BadSeal: it has not the form of a note.
    """
    text, separator, signatures = note.rpartition("\n\n")
    lines = signatures.split("\n")
    if not separator or lines[-1] or not lines[:-1] or not all(line.startswith(_MARK) for line in lines[:-1]):
        raise BadSeal("that is no seal: it has not the form of a signed note; it was cut or damaged")
    return text + "\n", [line.removeprefix(_MARK) for line in lines[:-1]]


def signatures_by(lines: list[str], verifier: Verifier, size: int) -> list[bytes]:
    """Return the signatures by a key, of `size` bytes each, among the signature lines of a note.

    Lines of other keys are of no concern, whatever kind of signature they hold (C2SP signed-note).

    Raises:
        BadSeal: a line is none, or one of the key has another size.
    """
    found = []
    for line in lines:
        name, _, encoded = line.partition(" ")
        raw = decoded(encoded)
        if raw is None or len(raw) <= KEY_ID_BYTES:
            raise BadSeal("a signature line of the seal is damaged")
        if name == verifier.name and raw[:KEY_ID_BYTES] == verifier.key_id:
            if len(raw) != KEY_ID_BYTES + size:
                raise BadSeal("a signature line of the seal is damaged")
            found.append(raw[KEY_ID_BYTES:])
    return found


def parse_checkpoint(text: str) -> Checkpoint:
    """Return the checkpoint in a note's text; only the exact form is read, which writes back to the same text.

    Raises:
        BadSeal: it is none.
    """
    origin, size, root, *rest = [*text.removesuffix("\n").split("\n"), "", ""]
    root_hash = decoded(root)
    extensions = tuple((name, value) for name, _, value in (line.partition(" ") for line in rest[:-2]))
    too_long = len(size) > _MOST_DIGITS
    if too_long or not size.isdecimal() or root_hash is None or len(root_hash) != ROOT_BYTES:
        raise BadSeal("the seal is no checkpoint of a log: origin, size and root belong in its first three lines")
    checkpoint = Checkpoint(origin, int(size), root_hash, extensions)
    if checkpoint.text() != text:
        raise BadSeal("the seal is not written the way seals are; it was damaged")
    return checkpoint


def _check(signed: str, lines: list[str], verifier: Verifier) -> None:
    found = signatures_by(lines, verifier, SIGNATURE_BYTES)
    if not found:
        raise BadSeal(f"the seal bears no signature of the key {verifier.name}+{verifier.key_id.hex()}")
    try:
        verifier.public_key.verify(found[0], signed.encode())
    except InvalidSignature:
        raise BadSeal("the signature does not hold: the seal was changed or forged") from None


def decoded(encoded: str) -> bytes | None:
    """Return strict base64, or None; only the one canonical spelling counts."""
    try:
        raw = b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if b64encode(raw).decode() == encoded else None
