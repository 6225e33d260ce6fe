"""Seals: what was published, and the log it rests on, in a checkpoint that is signed (C2SP tlog-checkpoint).

    heinola-es/heinola                            the origin: whose log it is
    533                                           how many events it has
    rHn…=                                         the RFC 6962 root over them
    period 2020-04-01/2020-06-30                  what was published …
    scope *
    revision 1
    position 532                                  … as of which event
    snapshot sha256:5f0c…                         and the digest of the canonical snapshot

    — heinola-es/heinola Az3grl…=                 the Ed25519 signature

A seal follows from the log and the key alone, so it can be written again at any time, to the same bytes.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.domain.aggregates.publication import WHOLE_CITY
from heinola_es.errors import BadInput
from heinola_es.files.input_files import read_bounded
from heinola_es.sealing.notes import BadSeal, Checkpoint, opened, parse_checkpoint

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.sealing.keys import Signer
    from heinola_es.sealing.notes import Verifier

LIMIT_BYTES = 100_000
WHAT = "a seal is a page of text, check the file"
_EXTENSIONS = ("period", "scope", "revision", "position", "snapshot")
_DIGEST = re.compile("sha256:[0-9a-f]{64}")
_NUMBER = re.compile("[1-9][0-9]{0,17}|0")


@frozen(slots=True, kw_only=True)
class Seal:
    """What a seal says.

    Attributes:
        origin: names the log.
        size, root: number of events sealed, the publication included, and the RFC 6962 root over them.
        period, scope, revision: what was published; the scope is a unit's code or `*`.
        position: of the last event that the report rests on.
        snapshot_sha256: hex digest of its canonical snapshot.
    """

    origin: str
    size: int
    root: bytes
    period: Period
    scope: str
    revision: int
    position: int
    snapshot_sha256: str

    def checkpoint(self) -> Checkpoint:
        """Return the checkpoint that is signed."""
        extensions = (
            ("period", str(self.period)),
            ("scope", self.scope),
            ("revision", str(self.revision)),
            ("position", str(self.position)),
            ("snapshot", f"sha256:{self.snapshot_sha256}"),
        )
        return Checkpoint(self.origin, self.size, self.root, extensions)

    def signed_by(self, signer: Signer) -> str:
        """Return the text of the seal file."""
        return signer.sign(self.checkpoint().text())

    def file_name(self) -> str:
        """Return the name that the seal's file has where nobody chooses one."""
        return file_name(self.origin, self.period, self.scope, self.revision)


def file_name(origin: str, period: Period, scope: str, revision: int) -> str:
    """Return the name that the file of a seal has where nobody chooses one: whose, of what, and which revision."""
    city = _in_a_name(origin.partition("/")[2])
    unit = "" if scope == WHOLE_CITY else f"-{_in_a_name(scope)}"
    return f"{city}{unit}-{period.start}_{period.end}-r{revision}.seal"


def _in_a_name(text: str) -> str:
    return re.sub(r"[^\w.-]", "_", text)


def root_text(root: bytes) -> str:
    """Return a root as a seal says it, and so everything that is told of one: base64."""
    return b64encode(root).decode()


def origin_of(city: str) -> str:
    """Return the name of a city's log: without spaces, so that a key can bear it too."""
    return "heinola-es/" + re.sub(r"[\s+]+", "-", unicodedata.normalize("NFC", city.strip())).casefold()


def parse_seal(note: str, verifier: Verifier | None) -> Seal:
    """Return what a seal says, if it is signed by `verifier`; None leaves the signature unchecked.

    Raises:
        BadSeal: it was cut, changed or forged, or is a seal of something else.
    """
    checkpoint = parse_checkpoint(opened(note, verifier))
    period, scope, revision, position, snapshot = (checkpoint.extension(name) for name in _EXTENSIONS)
    if not _NUMBER.fullmatch(revision) or not _NUMBER.fullmatch(position) or not _DIGEST.fullmatch(snapshot):
        raise BadSeal("the revision, the position or the digest in the seal is none; it was damaged")
    try:
        parsed = Period.from_iso(period)
    except ValueError:
        raise BadSeal(f"the seal has no period but {period!r}; it was damaged") from None
    seal = Seal(
        origin=checkpoint.origin,
        size=checkpoint.size,
        root=checkpoint.root,
        period=parsed,
        scope=scope,
        revision=int(revision),
        position=int(position),
        snapshot_sha256=snapshot.removeprefix("sha256:"),
    )
    if seal.checkpoint() != checkpoint:
        raise BadSeal("the lines of the seal are not the ones it is written with; it was damaged")
    return seal


def read_seal(path: Path, verifier: Verifier | None) -> Seal:
    """Return what the seal in a file says.

    Raises:
        BadSeal: as `parse_seal`.
        BadInput: the file cannot be read.
    """
    return parse_seal(text_of(content_of(path)), verifier)


def content_of(path: Path) -> bytes:
    """Return the bytes of a seal file.

    Raises:
        BadInput: it cannot be read.
    """
    try:
        return read_bounded(path, LIMIT_BYTES, WHAT)
    except OSError as error:
        raise BadInput(f"cannot read the seal {path}: {error.strerror}; check --seal") from error


def text_of(content: bytes) -> str:
    """Return the text of a seal file.

    Raises:
        BadSeal: it is none.
    """
    try:
        return content.decode()
    except UnicodeDecodeError:
        raise BadSeal("that is no seal: it is not text; it was damaged") from None
