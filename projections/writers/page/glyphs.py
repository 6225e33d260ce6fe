"""Characters that our typefaces have no shape for, written with those they have: a wide `=` as a narrow one."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from struct import unpack_from
from typing import Any
from unicodedata import normalize

import attrs

_SPACES = {"\n": "\n", "\t": " ", "\r": " ", "\v": "\n", "\f": "\n", "\x85": "\n", "\u2028": "\n", "\u2029": "\n"}


def drawable(value: Any) -> Any:  # noqa: ANN401 - the same kind comes out
    """Return a document, or any part of one, with the texts in it so written.

    Unicode tells which characters stand for which others (NFKC). One that stands for none that we have is written out
    by its number, `[U+4E2D]`, and so is what cannot be seen: nothing is left out, and nothing turns what is around it.
    """
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_drawn, normalize("NFC", value)))
    if isinstance(value, tuple):
        return tuple(drawable(each) for each in value)
    if attrs.has(type(value)):
        return attrs.evolve(
            value, **{field.name: drawable(getattr(value, field.name)) for field in attrs.fields(type(value))}
        )
    return value


@cache
def _drawn(character: str) -> str:
    shapes = _shapes()
    if character in _SPACES:
        return _SPACES[character]
    if ord(character) in shapes:
        return character
    meant = normalize("NFKC", character)
    if all(ord(each) in shapes for each in meant):
        return meant
    return f"[U+{ord(character):04X}]"


@cache
def _shapes() -> frozenset[int]:
    """Return the code points that the typeface has shapes for; all its weights have the same."""
    return code_points((files("projections.writers.page") / "fonts" / "report-regular.ttf").read_bytes())


def code_points(typeface: bytes) -> frozenset[int]:
    """Return the code points that a TrueType typeface has shapes for: those of its character map of format 4.

    Raises:
        ValueError: it has no such map.
    """
    maps = next(
        (
            unpack_from(">L", typeface, entry + 8)[0]
            for entry in range(12, 12 + 16 * unpack_from(">H", typeface, 4)[0], 16)
            if typeface[entry : entry + 4] == b"cmap"
        ),
        None,
    )
    if maps is None:
        raise ValueError("the typeface has no character map")
    for at in range(maps + 4, maps + 4 + 8 * unpack_from(">H", typeface, maps + 2)[0], 8):
        table = maps + unpack_from(">L", typeface, at + 4)[0]
        if unpack_from(">H", typeface, table)[0] == 4:  # noqa: PLR2004 - the format
            return _of_segments(typeface, table)
    raise ValueError("the typeface has no character map of format 4")


def _of_segments(typeface: bytes, table: int) -> frozenset[int]:
    count = unpack_from(">H", typeface, table + 6)[0] // 2
    # The last segment, of code point 65535 alone, ends the map.
    ends = unpack_from(f">{count}H", typeface, table + 14)
    starts = unpack_from(f">{count}H", typeface, table + 16 + 2 * count)
    return frozenset(code for start, end in zip(starts[:-1], ends[:-1], strict=True) for code in range(start, end + 1))
