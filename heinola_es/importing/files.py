"""Files as they come: read whole, within a limit, and told apart by their content."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.errors import BadInput
from heinola_es.files.input_files import read_bounded

if TYPE_CHECKING:
    from pathlib import Path

FACTS_FORMAT = "facts"
"""What a file of facts was read as: it says all that it says itself, and nothing is concluded from it."""
LIMIT_BYTES = 2_000_000
"""A report of a whole city is well under one megabyte of text; more than this is something else."""


@frozen(slots=True)
class TextFile:
    """A text file's name without its folder, the hex SHA-256 of its bytes, and its text."""

    name: str
    sha256: str
    text: str


def utf8_name(name: str) -> str:
    """Return a file's name as it can be recorded: what is not UTF-8 in it is replaced, as nothing else may be."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read_text_file(path: Path) -> TextFile:
    """Return a UTF-8 file with or without a byte order mark.

    Raises:
        BadInput: it is not there, too large, or not UTF-8.
    """
    try:
        data = read_bounded(path, LIMIT_BYTES, "a report is text, check the file")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from None
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BadInput(f"{path}, line {line}: not UTF-8 text; save the document as plain text in UTF-8") from None
    return TextFile(path.name, sha256(data).hexdigest(), text)
