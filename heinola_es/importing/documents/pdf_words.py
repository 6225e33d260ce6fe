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
from typing import TYPE_CHECKING, Any, NamedTuple

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
_AGAIN = 0.3  # seconds after which it is raised once more, where something held it up
_SAME_LINE = 0.5
_SMALL, _RAISED_BY = 0.8, 0.1  # of the height of a line: the mark of a note is smaller, and stands higher
_RAISED = str.maketrans("0123456789)", "\u2070\u00b9\u00b2\u00b3\u2074\u2075\u2076\u2077\u2078\u2079\u207e")
_LIGATURES = {
    ord(sign): letters
    for sign, letters in zip("\ufb00\ufb01\ufb02\ufb03\ufb04", ("ff", "fi", "fl", "ffi", "ffl"), strict=True)
}


class TooLong(BaseException):
    """A page took longer than any page does; whatever else the reader of PDFs catches, this it must not."""


def main() -> None:
    """Read a PDF from the standard input, and write its words."""
    data = sys.stdin.buffer.read()
    _limit_memory()
    try:
        said: Any = list(_pages(data))
    except TooLong:
        _within(0)
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
    setitimer(ITIMER_VIRTUAL, seconds, _AGAIN if seconds else 0)


class Letter(NamedTuple):
    """A letter with its box, as it is read: the page turned so that it stands upright; `y` grows upwards."""

    x0: float
    x1: float
    y0: float
    y1: float
    text: str
    bold: bool

    @property
    def height(self) -> float:
        """Of its box."""
        return self.y1 - self.y0

    @property
    def middle(self) -> float:
        """How high the middle of its box stands."""
        return (self.y0 + self.y1) / 2


def _lines(page: LTPage) -> list[list[list[Any]]]:
    """Return the lines of a page from above, each as stretches of text that stand apart.

    What stands in the direction of most letters comes first, whichever that is; what is turned against it stands apart
    below, as lines of its own.
    """
    by_turn = _letters(page)
    found: list[list[list[Any]]] = []
    below = 0.0
    for turn, letters in sorted(by_turn.items(), key=lambda each: -len(each[1])):
        height = page.height if turn == 0 else page.width
        said = [stretches for line in _rows(letters) if (stretches := list(_stretches(line, height)))]
        for at, stretches in enumerate(said, start=1):
            for stretch in stretches if found and below else ():
                stretch[2] = below + at * page.height
        found += said
        below += len(said) * page.height + height
    return found


def _rows(letters: list[Letter]) -> list[list[Letter]]:
    lines: list[list[Letter]] = []
    for letter in sorted(letters, key=lambda one: (-one.middle, one.x0)):
        last = lines[-1] if lines else None
        if last and abs(last[0].middle - letter.middle) < _SAME_LINE * max(last[0].height, letter.height):
            last.append(letter)
        else:
            lines.append([letter])
    return lines


def _letters(page: LTPage) -> dict[int, list[Letter]]:
    """Return the letters by how they are turned: 0 upright, 1 and -1 a quarter to the left and to the right."""
    from pdfminer.layout import LTChar, LTFigure  # noqa: PLC0415

    found: dict[int, list[Letter]] = {}
    count = 0
    waiting: list[Any] = [page]
    while waiting:
        for item in waiting.pop():
            if isinstance(item, LTChar):
                turn, letter = _letter(page, item)
                if letter.height > 0:
                    found.setdefault(turn, []).append(letter)
                    count += 1
            elif isinstance(item, LTFigure):
                waiting.append(item)
            if count > MOST_CHARACTERS:
                raise MemoryError
    return found


def _letter(page: LTPage, char: LTChar) -> tuple[int, Letter]:
    a, b, _c, _d, _e, _f = char.matrix
    turn = 0 if abs(a) >= abs(b) else 1 if b > 0 else -1
    x0, x1, y0, y1 = char.x0, char.x1, char.y0, char.y1
    if turn == 1:  # it runs upwards, with its top to the left
        x0, x1, y0, y1 = y0, y1, page.width - x1, page.width - x0
    elif turn == -1:  # downwards, with its top to the right
        x0, x1, y0, y1 = page.height - y1, page.height - y0, x0, x1
    return turn, Letter(x0, x1, y0, y1, char.get_text().translate(_LIGATURES), "bold" in char.fontname.casefold())


def _stretches(line: Iterable[Letter], height: float) -> Iterator[list[Any]]:
    run: list[Letter] = []
    for letter in sorted(line, key=lambda one: one.x0):
        if letter.text.isspace():
            continue
        if run and letter.x0 - run[-1].x1 > _CELL_GAP * letter.height:
            yield _stretch(run, height)
            run = []
        run.append(letter)
    if run:
        yield _stretch(run, height)


def _stretch(run: list[Letter], height: float) -> list[Any]:
    size, middle = median(one.height for one in run), median(one.middle for one in run)
    text = run[0].text
    for before, after in pairwise(run):
        text += " " if after.x0 - before.x1 > _WORD_GAP * after.height else ""
        away = (after.middle - middle) / size if after.height < _SMALL * size else 0.0
        is_mark = away > _RAISED_BY or (away < -_RAISED_BY and text[-1:].isdecimal())
        text += after.text.translate(_RAISED) if is_mark else after.text
    bold = sum(one.bold for one in run) * 2 > len(run)
    return [round(run[0].x0, 1), round(run[-1].x1, 1), round(height - run[0].y1, 1), round(size, 1), bold, text]


if __name__ == "__main__":
    main()
