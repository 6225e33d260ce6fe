"""The words of a PDF with their places, read in a process of its own, which a hostile file can neither fill nor hold.

A program by itself: the PDF comes by the standard input; by the standard output goes JSON, a list of pages, each a list
of lines, each a list of stretches of text as `[left, right, top, height, bold, text]`, or an object that says what is
wrong. Nothing in the file is followed, run or written.
"""

from __future__ import annotations

import json
import os
import sys
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

    from pdfminer.layout import LTChar, LTPage

MOST_PAGES = 1_000
MEMORY_BYTES = 280_000_000
PAGE_SECONDS = 1.5
"""How long one page, or the file's own tables, may take; what is well made takes a tenth of it."""
MOST_CHARACTERS = 50_000  # of a page
_WORD_GAP, _CELL_GAP = 0.16, 1.0  # of the height of a line: what parts words, and what parts cells
_SAME_LINE = 0.5


class TooLong(Exception):
    """A page took longer than any page does."""


def main() -> None:
    """Read a PDF from the standard input, and write its words."""
    data = sys.stdin.buffer.read()
    _limit_memory()
    try:
        said: Any = list(_pages(data))
    except TooLong:
        said = {"wrong": "slow"}
    except MemoryError:
        said = {"wrong": "large"}
    except Exception as error:  # noqa: BLE001 - whatever a damaged file does to the reader
        said = {"wrong": type(error).__name__}
    with os.fdopen(1, "wb") as out:  # a pipe to who started this, and no terminal
        out.write(json.dumps(said).encode())


def _limit_memory() -> None:
    try:
        import resource  # noqa: PLC0415 - not everywhere
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_DATA, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _pages(data: bytes) -> Iterator[list[list[list[Any]]]]:
    import logging  # noqa: PLC0415

    from pdfminer.converter import PDFPageAggregator  # noqa: PLC0415
    from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager  # noqa: PLC0415
    from pdfminer.pdfpage import PDFPage  # noqa: PLC0415

    logging.disable(logging.CRITICAL)  # complaints about the file, by the hundred
    fonts = PDFResourceManager()
    device = PDFPageAggregator(fonts, laparams=None)
    interpreter = PDFPageInterpreter(fonts, device)
    _within(PAGE_SECONDS)
    for count, page in enumerate(PDFPage.get_pages(BytesIO(data)), start=1):
        if count > MOST_PAGES:
            raise MemoryError
        interpreter.process_page(page)
        yield _lines(device.get_result())
        _within(PAGE_SECONDS)
    _within(0)


def _within(seconds: float) -> None:
    """Let `TooLong` be raised where what follows takes more processor time than that; 0: no longer."""
    try:
        from signal import ITIMER_VIRTUAL, SIGVTALRM, setitimer, signal  # noqa: PLC0415 - not everywhere
    except ImportError:
        return

    def end(_number: int, _frame: FrameType | None) -> None:
        raise TooLong

    signal(SIGVTALRM, end)
    setitimer(ITIMER_VIRTUAL, seconds)


def _lines(page: LTPage) -> list[list[list[Any]]]:
    """Return the lines of a page from above, each as stretches of text that stand apart."""
    characters = _characters(page)
    lines: list[list[LTChar]] = []
    for character in sorted(characters, key=lambda char: (-_middle(char), char.x0)):
        last = lines[-1] if lines else None
        if last and abs(_middle(last[0]) - _middle(character)) < _SAME_LINE * max(last[0].height, character.height):
            last.append(character)
        else:
            lines.append([character])
    return [stretches for line in lines if (stretches := list(_stretches(line, page.height)))]


def _characters(page: LTPage) -> list[LTChar]:
    from pdfminer.layout import LTChar, LTFigure  # noqa: PLC0415

    found: list[LTChar] = []
    waiting: list[Any] = [page]
    while waiting:
        for item in waiting.pop():
            if isinstance(item, LTChar):
                if item.upright and item.height > 0:
                    found.append(item)
            elif isinstance(item, LTFigure):
                waiting.append(item)
            if len(found) > MOST_CHARACTERS:
                raise MemoryError
    return found


def _middle(character: LTChar) -> float:
    return (character.y0 + character.y1) / 2


def _stretches(line: Iterable[LTChar], height: float) -> Iterator[list[Any]]:
    run: list[LTChar] = []
    for character in sorted(line, key=lambda char: char.x0):
        if character.get_text().isspace():
            continue
        if run and character.x0 - run[-1].x1 > _CELL_GAP * character.height:
            yield _stretch(run, height)
            run = []
        run.append(character)
    if run:
        yield _stretch(run, height)


def _stretch(run: list[LTChar], height: float) -> list[Any]:
    text = run[0].get_text()
    for before, after in pairwise(run):
        text += " " if after.x0 - before.x1 > _WORD_GAP * after.height else ""
        text += after.get_text()
    bold = sum("bold" in char.fontname.casefold() for char in run) * 2 > len(run)
    size = median(char.height for char in run)
    return [round(run[0].x0, 1), round(run[-1].x1, 1), round(height - run[0].y1, 1), round(size, 1), bold, text]


if __name__ == "__main__":
    main()
