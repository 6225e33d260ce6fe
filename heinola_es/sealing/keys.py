"""The key that seals are signed with: one file outside the store, readable by its owner alone.

The file holds one line, `PRIVATE+KEY+NAME+KEYID+BASE64`, the signer form of signed notes (C2SP signed-note and Go's
`sumdb/note`); what others need to check a seal is the verifier line `NAME+KEYID+BASE64`.
"""

from __future__ import annotations

import os
from base64 import b64encode
from typing import TYPE_CHECKING

from attrs import evolve, frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from heinola_es.errors import BadInput, Refused
from heinola_es.files.input_files import open_regular
from heinola_es.files.output_files import PRIVATE, write_new_file
from heinola_es.sealing.notes import COSIGNATURE, ED25519, BadSeal, Verifier, decoded, sign, verifier_from

if TYPE_CHECKING:
    from pathlib import Path

_PRIVATE = "PRIVATE+KEY+"
_SEED_BYTES = 32
_OTHERS = 0o077
_LONGEST = 10_000  # bytes of a key file; what is longer is none


class KeyExists(Refused):
    """There is a key at the place already; seals in the world depend on it."""


class KeyTooOpen(Refused):
    """Others than its owner can read the private key."""


class NoKey(BadInput):
    """There is no key at the place, or what is there is none."""


@frozen(slots=True)
class Signer:
    """A private key with the name it signs under."""

    name: str
    private_key: Ed25519PrivateKey

    @property
    def verifier(self) -> Verifier:
        """The public side."""
        return Verifier(self.name, self.private_key.public_key())

    def sign(self, text: str) -> str:
        """Return `text` (which ends with a newline) as a signed note."""
        return sign(text, self.name, self.private_key)

    def line(self) -> str:
        """Return the one line that the key file holds."""
        seed = b64encode(ED25519 + self.private_key.private_bytes_raw()).decode()
        return f"{_PRIVATE}{self.name}+{self.verifier.key_id.hex()}+{seed}\n"


def create_key(path: Path, name: str) -> Verifier:
    """Make a key that signs as `name`, keep it in a new file that its owner alone can read, and return its public side.

    Raises:
        BadInput: the name has a space or a plus in it, or the file cannot be written.
        KeyExists: there is a file already; it is never overwritten.
    """
    if not name or "+" in name or any(char.isspace() for char in name):
        raise BadInput(f"{name!r} cannot name a key: it may hold neither a space nor a plus; choose another --name")
    signer = Signer(name, Ed25519PrivateKey.generate())
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_new_file(signer.line().encode(), path, PRIVATE)
    except FileExistsError:
        raise KeyExists(f"{path} exists already; a key is never overwritten: choose another place with --key") from None
    except OSError as error:
        raise BadInput(f"cannot make a key at {path}: {error.strerror}; choose another place with --key") from error
    return signer.verifier


MAKE_ONE = "make one with `heinola keys init`, or name yours with --key"
NAME_WITNESS = "put the line that the witness's `heinola keys show` prints into a file, and name that with --witness"
NAME_ONE = "put the line that the city's `heinola keys show` prints into a file, and name that with --key"


def load_signer(path: Path, instead: str = MAKE_ONE) -> Signer:
    """Return the private key in a file.

    `instead`: what to do where there is none.

    Raises:
        NoKey: there is none, or it is damaged.
        KeyTooOpen: others can read it.
    """
    line = _line(path, instead)
    if not line.startswith(_PRIVATE):
        raise NoKey(f"{path} holds no private key; name the one that `heinola keys init` made with --key")
    return _signer(line, path)


def load_verifier(path: Path, instead: str = NAME_ONE) -> Verifier:
    """Return the public key in a file, which holds a verifier line or the private key itself.

    `instead`: what to do where there is none; an auditor makes no key, but has that of the city.

    Raises:
        NoKey: there is none, or it is damaged.
        KeyTooOpen: it is a private key that others can read.
    """
    return _verifier(path, instead, (ED25519,))


def load_witness(path: Path) -> Verifier:
    """Return the public key of a witness in a file, as it checks cosignatures.

    The file holds the line that `heinola keys show` prints of the witness's key, that of another program's key of
    cosignatures (C2SP tlog-cosignature), or the private key itself.

    Raises:
        NoKey, KeyTooOpen: as `load_verifier`.
    """
    return evolve(_verifier(path, NAME_WITNESS, (ED25519, COSIGNATURE)), algorithm=COSIGNATURE)


def _verifier(path: Path, instead: str, algorithms: tuple[bytes, ...]) -> Verifier:
    line = _line(path, instead)
    if line.startswith(_PRIVATE):
        return _signer(line, path).verifier
    try:
        return verifier_from(line, algorithms)
    except BadSeal as error:
        raise NoKey(f"{path}: {error}") from error


def _line(path: Path, instead: str) -> str:
    try:
        with open_regular(path) as file:
            too_open = os.fstat(file.fileno()).st_mode & _OTHERS
            line = file.read(_LONGEST).decode()
    except FileNotFoundError:
        raise NoKey(f"there is no key at {path}; {instead}") from None
    except OSError as error:
        raise NoKey(f"cannot read the key {path}: {error.strerror}") from error
    except UnicodeDecodeError:
        raise NoKey(f"{path} is no key: it is not text") from None
    if too_open and line.startswith(_PRIVATE):
        raise KeyTooOpen(f"the private key {path} can be read by others; close it with `chmod 600 {path}`")
    return line


def _signer(line: str, path: Path) -> Signer:
    name, _, rest = line.removesuffix("\n").removeprefix(_PRIVATE).partition("+")
    raw = decoded(rest.partition("+")[2])
    if raw is None or len(raw) != _SEED_BYTES + 1:
        raise NoKey(f"the private key {path} is damaged; restore it from a copy")
    signer = Signer(name, Ed25519PrivateKey.from_private_bytes(raw[1:]))
    if signer.line() != line:
        raise NoKey(f"the private key {path} is damaged; restore it from a copy")
    return signer
