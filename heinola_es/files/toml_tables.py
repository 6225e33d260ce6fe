"""TOML files that people write: every key is checked, what nobody knows is refused, and all that is wrong is told."""

from __future__ import annotations

import re
import tomllib
from itertools import islice
from typing import TYPE_CHECKING, Any

from attrs import define, field

from heinola_es.errors import BadInput, nearest
from heinola_es.files.input_files import read_bounded

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

LIMIT_BYTES = 1_000_000
MOST_TOLD = 100
"""So many complaints about a file are told word for word."""

_MOST_PARTS = 20
# The library takes time that grows with the square of a key's parts. A key begins a line or a table, or follows others.
_DEEP_KEY = re.compile(
    rf"""(?:^|[\[{{,])[ \t]*+(?:(?:[\w-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+){{{_MOST_PARTS}}}""",
    re.MULTILINE,
)
_LONGEST_VALUE = 100


def read_toml(path: Path, *, kind: str, check: str = "", parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Return the tables of a TOML file in UTF-8, with or without a byte order mark.

    Args:
        path: the file.
        kind: what it is: `a mapping`.
        check: what to look at where it cannot be read: `; check --mapping`.
        parse_float: what a number with decimals becomes.

    Raises:
        BadInput: it cannot be read, is too large or is no TOML.
    """
    try:
        text = read_bounded(path, LIMIT_BYTES, f"{kind} is a page of text, check the file").decode("utf-8-sig")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}{check}") from None
    except UnicodeDecodeError as error:
        raise BadInput(f"{path} is not TOML: {error}; mend it there") from None
    return toml_in(text.replace("\r\n", "\n").replace("\r", "\n"), str(path), kind=kind, parse_float=parse_float)


def toml_in(text: str, name: str, *, kind: str, parse_float: Callable[[str], Any] = float) -> dict[str, Any]:
    """Return the tables that a text is, whose lines end in a line feed, as `read_toml` those of a file.

    Raises:
        BadInput: it is no TOML, or has a key that would take hours to read.
    """
    if _DEEP_KEY.search(text):
        raise BadInput(f"{name} has a key of more than {_MOST_PARTS} parts, as {kind} has none; mend it there")
    try:
        return tomllib.loads(text, parse_float=parse_float)
    except (ValueError, RecursionError) as error:  # no TOML, or a number of thousands of digits
        raise BadInput(f"{name} is not TOML: {error}; mend it there") from None


@define(slots=True)
class TomlTable:
    """A table of the document, whose keys are taken one by one; what nobody takes is unknown.

    Attributes:
        where: what its keys are told with in front: `file.`; empty at the top.
        said: what it says.
        wrong: gathers the complaints.
        kind: what the document is: `a mapping`.
        taken: the keys that it may have.
    """

    where: str
    said: dict[str, Any]
    wrong: list[str]
    kind: str
    taken: set[str] = field(factory=set)

    def complain(self, key: str, sentence: str) -> None:
        """Take note of something wrong with a key; a file with very much wrong has one cause, and is not told whole."""
        if len(self.wrong) < MOST_TOLD:
            self.wrong.append(f"{self.where}{cut(key)} {sentence}")

    def close(self) -> None:
        """Complain of every key that nobody knows."""
        unknown = (key for key in self.said if key not in self.taken)
        for key in islice(unknown, MOST_TOLD):
            self.complain(key, f"is no word of {self.kind}{nearest(cut(key), self.taken)}; remove it")


def cut(text: str) -> str:
    """Return a text as it is told: not longer than anybody reads."""
    return text if len(text) <= _LONGEST_VALUE else f"{text[:_LONGEST_VALUE]}…"
