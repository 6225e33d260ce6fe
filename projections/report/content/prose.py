"""Recorded texts as blocks of a document: paragraphs, lists, and what stands between `**` stands out."""

from __future__ import annotations

import re
from itertools import groupby
from typing import TYPE_CHECKING

from projections.report.content.document import Bullets, Paragraph, Run

if TYPE_CHECKING:
    from collections.abc import Iterator

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # the last turn the direction of text
_BLANK_LINE = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"\s*[-–•]\s+(?=\S)")
_PLANES = range(0, 0x110000, 0x10000)
_NO_CHARACTERS = re.compile(
    "[\ufdd0-\ufdef" + "".join(chr(plane + last) for plane in _PLANES for last in (0xFFFE, 0xFFFF)) + "]"
)
"""What Unicode keeps out of texts that are exchanged (23.7, noncharacters): a page or XML that holds one is broken."""


def blocks_of(text: str, language: str | None) -> Iterator[Paragraph | Bullets]:
    """Yield the blocks of a recorded text: blank lines part paragraphs, lines that begin with `- ` are a list."""
    for piece in _BLANK_LINE.split(text.replace("\r\n", "\n")):
        lines = [line for line in piece.split("\n") if line.strip()]
        for listed, together in groupby(lines, key=lambda line: bool(_BULLET.match(line))):
            if listed:
                items = tuple(runs_of(_BULLET.sub("", line, count=1)) for line in together)
                yield Bullets(items=items, language=language)
            else:
                yield Paragraph(runs=runs_of(" ".join(together)), language=language)


def shown(text: object) -> str:
    """Return a text that is safe to print: control characters, which could drive what shows it, become `�`."""
    return _CONTROL.sub("�", str(text))


def one_line(text: object) -> str:
    """Return a text that is safe to print, on one line."""
    return shown(" ".join(str(text).split()))


def safe(text: object) -> str:
    """Return a text on one line, without characters that have no place in a document."""
    return _NO_CHARACTERS.sub("\ufffd", one_line(text))


def runs_of(text: str) -> tuple[Run, ...]:
    """Return a line of text as runs, what stands between pairs of `**` strong; a `**` without its pair stays."""
    parts = safe(text).split("**")
    if len(parts) % 2 == 0:
        parts[-2:] = [f"{parts[-2]}**{parts[-1]}"]
    runs = tuple(Run(part, strong=bool(number % 2)) for number, part in enumerate(parts) if part)
    return runs or (Run(""),)


def plain(text: str | None) -> str:
    """Return a recorded text on one line, safe to show and without marks."""
    return "".join(run.text for run in runs_of(text or ""))


def naming(text: str, name: str, language: str | None) -> tuple[Run, ...]:
    """Return a sentence with a recorded name in it as runs, the name in its own language where that is another."""
    before, found, after = text.partition(name) if language and name else (text, "", "")
    runs = (Run(before), Run(found, language=language), Run(after))
    return tuple(run for run in runs if run.text)


def paragraph(text: str, *, style: str = "body", language: str | None = None) -> Paragraph:
    """Return one paragraph of plain text."""
    return Paragraph(runs=(Run(text),), style=style, language=language)  # type: ignore[arg-type]
