"""A PDF with text as pieces: its paragraphs, and the rows of what stands in columns; pictures are not read."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
from attrs import define, evolve, field, frozen

from heinola_es.errors import BadInput
from heinola_es.importing.documents.pieces import LONGEST_PIECE, MOST_CELLS, MOST_PIECES, Piece

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST_SECONDS = 300  # a report of a thousand pages
_SAME_BLOCK = 3.0  # heights of a line from one to the next within a table
_SAME_PARAGRAPH = 1.9
_LARGER = 1.12  # than the text, is a heading
_FEWEST_REPEATED = 3  # pages
_EDGE = 2  # lines at the top and the bottom of a page that may be a running head
_NUMERIC = re.compile(r"[-+(\u2212\u2013]?\s?\d[\d .,\u00a0\u202f]*\)?\s?%?")
_BULLET = re.compile(r"[-–•·]\s")
_DIGITS = re.compile(r"\d+")
_WRONG = {
    "large": "takes more memory than any report, or has more than 1 000 pages; import it in parts",
    "slow": "has a page that takes longer than any page of a report; save it anew as PDF, or as .docx",
    "PDFPasswordIncorrect": "has a password; save it without one",
    "PDFEncryptionError": "has a password; save it without one",
}


@frozen(slots=True)
class Stretch:
    """Text on one line that stands together: from `left` to `right`, in points."""

    left: float
    right: float
    top: float
    height: float
    bold: bool
    text: str


@define(slots=True)
class Line:
    """A line of a page, and its stretches from the left."""

    page: int
    number: int
    stretches: list[Stretch]

    @property
    def top(self) -> float:
        """How far below the top of the page it begins."""
        return self.stretches[0].top

    @property
    def height(self) -> float:
        """Of its letters."""
        return max(stretch.height for stretch in self.stretches)

    @property
    def text(self) -> str:
        """All that stands on it."""
        return " ".join(stretch.text for stretch in self.stretches)

    def follows(self, above: Line, heights: float) -> bool:
        """Return whether it stands no more than so many heights below a line of the same page."""
        return above.page == self.page and self.top - above.top <= heights * max(self.height, above.height)


@define(slots=True)
class _Numbering:
    """Gives every paragraph and row its number and place."""

    path: Path
    body: float
    levels: dict[float, int]
    number: int = 0
    tables: int = 0
    on_page: Counter[int] = field(factory=Counter)


def pieces_of_pdf(path: Path, data: bytes) -> Iterator[Piece]:
    """Yield the paragraphs and rows of a PDF that has text.

    Raises:
        BadInput: it is scanned, damaged, has a password, or is beyond a limit.
    """
    pages = _words(path, data)
    lines = [
        Line(number, at, [Stretch(*stretch) for stretch in line])
        for number, page in enumerate(pages, start=1)
        for at, line in enumerate(page, start=1)
    ]
    if not lines:
        raise BadInput(
            f"{path} has no text: its {len(pages)} pages are pictures, as of a scanned paper; ask for the document "
            "it was printed from, or enter its figures with `heinola import facts`"
        )
    lines = _without_running_heads(lines, len(pages))
    sizes = Counter(round(stretch.height) for line in lines for stretch in line.stretches for _ in stretch.text)
    body = sizes.most_common(1)[0][0]
    larger = sorted((size for size in sizes if size > body * _LARGER), reverse=True)
    numbering = _Numbering(path, body, {size: min(level, 9) for level, size in enumerate(larger, start=1)})
    for block in _blocks(lines):
        yield from _rows(numbering, block) if len(block) > 1 and _is_table(block) else _paragraphs(numbering, block)


def _words(path: Path, data: bytes) -> list[list[list[list[Any]]]]:
    """Return the words of every page, read by a process of its own."""
    command = [sys.executable, "-c", "from heinola_es.importing.documents.pdf_words import main; main()"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=_LONGEST_SECONDS, check=False)  # noqa: S603 - ours
        said = orjson.loads(done.stdout)
    except (subprocess.TimeoutExpired, orjson.JSONDecodeError):
        said = {"wrong": "large"}
    if isinstance(said, dict):
        why = _WRONG.get(said["wrong"], "is damaged and cannot be read; save it anew as PDF, or as .docx")
        raise BadInput(f"{path} {why}")
    return list(said)


def _without_running_heads(lines: list[Line], pages: int) -> list[Line]:
    """Return the lines without what stands at the top or bottom of most pages, but for its numbers."""
    last = {line.page: line.number for line in lines}
    edge = [line for line in lines if line.number <= _EDGE or line.number > last[line.page] - _EDGE]
    repeated = Counter(_DIGITS.sub("#", line.text) for line in edge)
    gone = {text for text, count in repeated.items() if count >= max(_FEWEST_REPEATED, pages / 2)}
    return [line for line in lines if line not in edge or _DIGITS.sub("#", line.text) not in gone]


def _blocks(lines: list[Line]) -> Iterator[list[Line]]:
    """Yield lines that are rows of one table, or a line or lines of text."""
    block: list[Line] = []
    for at, line in enumerate(lines):
        is_row = len(line.stretches) > 1
        below = lines[at + 1] if at + 1 < len(lines) else None
        goes_on = bool(block) and line.follows(block[-1], _SAME_BLOCK)
        in_table = bool(block) and len(block[0].stretches) > 1
        stands_within = in_table and _stands_within(line, block[0], below)
        if goes_on and ((in_table and (is_row or stands_within)) or not (in_table or is_row)):
            block.append(line)
            continue
        if block:
            yield block
        block = [line]
    if block:
        yield block


def _stands_within(line: Line, first: Line, below: Line | None) -> bool:
    """Return whether a line of one stretch is a row of a table: a label, or the rest of one that did not fit."""
    if below is None or len(below.stretches) < 2 or not below.follows(line, _SAME_BLOCK):  # noqa: PLR2004 - a row
        return False
    return line.height < first.height * _LARGER


def _is_table(block: list[Line]) -> bool:
    return sum(len(line.stretches) > 1 for line in block) > 1


# ---------------------------------------------------------------- tables


def _rows(numbering: _Numbering, block: list[Line]) -> Iterator[Piece]:
    columns = _columns(block)
    numbering.tables += 1
    numbering.number += 1
    for line in block:
        cells, spread = [""] * len(columns), [""] * len(columns)
        for stretch in line.stretches:
            covered = _covered(columns, stretch)
            cells[covered[0]] = f"{cells[covered[0]]} {stretch.text}".strip()
            for at in covered:
                spread[at] = f"{spread[at]} {stretch.text}".strip()
        row = _piece(numbering, line, tuple(cells), spread=tuple(spread), table=numbering.tables)
        yield evolve(row, page=line.page, columns=tuple(columns))


def _columns(block: list[Line]) -> list[tuple[float, float]]:
    """Return from where to where the columns of a table reach: where rows with figures, if any, have their cells."""
    rows = [line for line in block if len(line.stretches) > 1]
    figures = [line for line in rows if any(_NUMERIC.fullmatch(stretch.text) for stretch in line.stretches[1:])]
    columns: list[tuple[float, float]] = []
    for stretch in sorted((s for line in figures or rows for s in line.stretches), key=lambda s: s.left):
        if columns and stretch.left < columns[-1][1]:
            columns[-1] = columns[-1][0], max(columns[-1][1], stretch.right)
        else:
            columns.append((stretch.left, stretch.right))
    return columns


def _covered(columns: list[tuple[float, float]], stretch: Stretch) -> list[int]:
    """Return the columns that a stretch stands in or over, else the nearest."""
    over = [at for at, (left, right) in enumerate(columns) if stretch.left < right and left < stretch.right]
    if over:
        return over
    middle = (stretch.left + stretch.right) / 2
    return [min(range(len(columns)), key=lambda at: abs(middle - sum(columns[at]) / 2))]


# ---------------------------------------------------------------- text


def _paragraphs(numbering: _Numbering, block: list[Line]) -> Iterator[Piece]:
    paragraph: list[Line] = []
    for line, above in zip(block, [None, *block], strict=False):
        apart = above is None or not line.follows(above, _SAME_PARAGRAPH) or _style(line) != _style(above)
        apart = apart or bool(_BULLET.match(line.text))
        if paragraph and apart:
            yield _paragraph(numbering, paragraph)
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield _paragraph(numbering, paragraph)


def _style(line: Line) -> tuple[int, bool]:
    return round(line.height), all(stretch.bold for stretch in line.stretches)


def _paragraph(numbering: _Numbering, lines: list[Line]) -> Piece:
    text = lines[0].text
    for _, below in pairwise(lines):
        torn = text.endswith(("-", "\u00ad")) and text[-2:-1].isalpha() and below.text[:1].islower()
        text = text[:-1] + below.text if torn else f"{text} {below.text}"
    size, bold = _style(lines[0])
    numbering.number += 1
    level = numbering.levels.get(size, 0)
    style = f"{size} pt{' bold' if bold else ''}"
    if not level and bold and len(lines) == 1:
        level = 9
    return _piece(numbering, lines[0], (text,), heading=level, style=style)


def _piece(
    numbering: _Numbering,
    line: Line,
    cells: tuple[str, ...],
    *,
    spread: tuple[str, ...] = (),
    table: int = 0,
    heading: int = 0,
    style: str = "",
) -> Piece:
    numbering.number += 1
    numbering.on_page[line.page] += 1
    if sum(numbering.on_page.values()) > MOST_PIECES:
        raise BadInput(f"{numbering.path} has more than {MOST_PIECES} paragraphs and rows; import it in parts")
    place = f"page {line.page}, line {line.number}"
    if len(cells) > MOST_CELLS or sum(map(len, cells)) > LONGEST_PIECE:
        raise BadInput(f"{numbering.path}, {place}: longer or wider than anything in a report; check the file")
    return Piece(
        number=numbering.number, cells=cells, spread=spread, place=place, table=table, heading=heading, style=style
    )
