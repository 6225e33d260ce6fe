"""What is kept beside a publication: the report's own bytes, packed, and the names of persons that they refer to.

The bytes are found by their SHA-256, which the publication names; so the leaf hash of the publication covers them, and
equal ones are kept once. A person stands in them as `{"person": "…"}`, the SHA-256 of a random salt and the name. Salt
and name are kept apart and may go: then the bytes, and every hash over them, stay what they are.
"""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Any, ClassVar

import orjson
from attrs import frozen

from heinola_es.errors import Refused
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Self

TOPIC = "ReportPublished"
FORMAT = "snapshot_format"
"""The field of a publication that says in which format its report is kept; version 1 kept none."""

PERSON = "person"
"""The key of a reference to a name in a report's bytes."""
SALT_BYTES = 32
MOST_BYTES = 100_000_000
"""The longest report that is kept: two hundred times as long as that of a city with a thousand units."""
MOST_PACKED_BYTES = 6_000_000
REFERENCE = pattern(rb'\{\s*"%s":\s*"([0-9a-f]{64})"\s*\}' % PERSON.encode())
"""As it stands in JSON; in no text, where quotation marks have a backslash before them."""
_LEVEL = 9


class NotAsKept(ValueError):
    """What is kept is not what was published."""


class TooLongToKeep(Refused):
    """A report is longer than any that is kept."""


@frozen(slots=True)
class KeptReport:
    """A report's bytes as they are kept.

    Attributes:
        digest: hex SHA-256 of the bytes themselves.
        packed: the bytes, compressed by zlib.
    """

    FIND: ClassVar[str] = "SELECT digest, packed FROM kept_reports WHERE digest = ?"
    KEEP: ClassVar[str] = "INSERT INTO kept_reports (digest, packed) VALUES (?, ?)"

    digest: str
    packed: bytes

    @classmethod
    def of(cls, content: bytes) -> KeptReport:
        """Return the bytes as they are kept.

        Raises:
            TooLongToKeep.
        """
        packed = zlib.compress(content, _LEVEL)
        if len(content) > MOST_BYTES or len(packed) > MOST_PACKED_BYTES:
            raise TooLongToKeep(
                f"the report has {len(content) // 1_000_000} MB, more than can be kept; publish its units, each by "
                "itself, with --unit"
            )
        return cls(sha256(content).hexdigest(), packed)

    @classmethod
    def in_row(cls, row: Mapping[str, Any]) -> Self:
        """Return what a row of the table holds."""
        return cls(row["digest"], row["packed"])

    def row(self) -> tuple[str, bytes]:
        """Return the row of the table."""
        return self.digest, self.packed

    def require_sound(self) -> None:
        """Refuse bytes that are not those of the digest.

        Raises:
            NotAsKept.
        """
        self.content()

    def own_digest(self) -> str:
        """Return the hex SHA-256 of the bytes as they are; empty where they are none."""
        try:
            return sha256(_unpacked(self.packed)).hexdigest()
        except NotAsKept:
            return ""

    def content(self) -> bytes:
        """Return the bytes themselves.

        Raises:
            NotAsKept: they are not those of the digest, or no packed bytes at all.
        """
        content = _unpacked(self.packed)
        if sha256(content).hexdigest() != self.digest:
            raise NotAsKept("the bytes are others than were published")
        return content


@frozen(slots=True)
class KeptName:
    """A name that a report refers to.

    Attributes:
        digest: hex SHA-256 of salt and name, by which the report refers to it.
        salt: random, so that nobody can guess a name from its digest once it is gone.
        name: as UTF-8.
    """

    FIND: ClassVar[str] = "SELECT digest, salt, name FROM kept_names WHERE digest = ?"
    KEEP: ClassVar[str] = "INSERT INTO kept_names (digest, salt, name) VALUES (?, ?, ?)"

    digest: str
    salt: bytes
    name: bytes

    @classmethod
    def of(cls, name: str, salt: bytes) -> KeptName:
        """Return a name as it is kept."""
        told = name.encode()
        return cls(_digest_of(salt, told), salt, told)

    @classmethod
    def in_row(cls, row: Mapping[str, Any]) -> Self:
        """Return what a row of the table holds."""
        return cls(row["digest"], row["salt"], row["name"])

    def row(self) -> tuple[str, bytes, bytes]:
        """Return the row of the table."""
        return self.digest, self.salt, self.name

    def require_sound(self) -> None:
        """Refuse a name that is not the one of the digest.

        Raises:
            NotAsKept.
        """
        self.text()

    def text(self) -> str:
        """Return the name.

        Raises:
            NotAsKept: it is not the one of the digest.
        """
        # Whatever a database holds.
        fits = type(self.salt) is bytes and type(self.name) is bytes and len(self.salt) == SALT_BYTES
        if not fits or _digest_of(self.salt, self.name) != self.digest:
            raise NotAsKept("the name is another than was published")
        try:
            return self.name.decode()
        except UnicodeDecodeError as error:
            raise NotAsKept("the name is no text") from error


Kept = KeptReport | KeptName


def owed_by(topic: str, state: bytes) -> str | None:
    """Return the digest of the bytes that are kept for a stored event; None where it needs none."""
    if topic != TOPIC:
        return None
    body = orjson.loads(state)
    return str(body["snapshot_sha256"]) if body.get(FORMAT) else None


def references_in(content: bytes) -> list[str]:
    """Return the digests of the names that a report's bytes refer to, each once, in their order."""
    return list(dict.fromkeys(found.decode() for found in REFERENCE.findall(content)))


def _digest_of(salt: bytes, name: bytes) -> str:
    return sha256(salt + name).hexdigest()


def _unpacked(packed: object) -> bytes:
    """Return packed bytes as they were, and no more of them than any report has."""
    if not isinstance(packed, bytes) or len(packed) > MOST_PACKED_BYTES:
        raise NotAsKept("there are no packed bytes")
    unpacking = zlib.decompressobj()
    try:
        content = unpacking.decompress(packed, MOST_BYTES + 1)
    except zlib.error as error:
        raise NotAsKept("they cannot be unpacked") from error
    if len(content) > MOST_BYTES or not unpacking.eof or unpacking.unused_data:
        raise NotAsKept("they are cut off, or more than any report has")
    return content
