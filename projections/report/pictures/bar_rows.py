"""Bars below each other with their labels: where they stand, how far the axis goes, and where their values fit."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.pictures.drawing import LINE, SIZE, SMALL, STRONG, Drawing, Frame, of
from projections.report.pictures.lettering import text_width, wrapped

if TYPE_CHECKING:
    from collections.abc import Iterable

NARROW = 480
"""Below this width, in pixels, labels stand above their bars."""
_LABEL_SHARE = 0.38
_TO_BAR = 12
_TO_VALUE = 6
_CLEAR = 4
_AXIS_LINE = 18
_HEADING = 26
_AFTER_GROUP = 8

Groups = Sequence[tuple[str, int]]


@frozen(slots=True, kw_only=True)
class Rows:
    """Where labels and bars stand, in pixels.

    Attributes:
        labels: the lines of each.
        tops: upper edge of each.
        left: where bars begin.
        height: of one row.
        bar: from a row's upper edge to the middle of its bar.
        above: whether labels stand above their bars.
        edge: how far the first number of the axis reaches to the left of where bars begin.
        headings: those among the rows, with their middle.
    """

    labels: tuple[tuple[str, ...], ...]
    tops: tuple[float, ...]
    left: float
    height: float
    bar: float
    above: bool
    edge: float
    headings: tuple[tuple[str, float], ...] = ()

    def middle(self, number: int) -> float:
        """Return the middle of a bar."""
        return self.tops[number] + self.bar

    def uprights(self, height: float) -> list[dict[str, float]]:
        """Return from where to where a line through all bars runs: in one piece, or clear of what stands above them."""
        if not self.above and not self.headings:
            return [{"from": 0, "to": self.all_height}]
        half = height / 2 if self.above else self.height / 2
        middles = map(self.middle, range(len(self.labels)))
        return [{"from": middle - half, "to": middle + half} for middle in middles]

    @property
    def all_height(self) -> float:
        """The height of all rows."""
        return self.tops[-1] + self.height if self.tops else self.height


def lay_out(
    labels: Sequence[str], width: float, *, thickness: float, beside: str, lowest: str = "0", groups: Groups = ()
) -> Rows:
    """Return where rows stand in a picture so wide, whose bars are so thick.

    Args:
        labels: of all bars.
        width: of the picture, in pixels.
        thickness: of a bar, in pixels.
        beside: what stands beside the numbers of the axis, below the labels.
        lowest: the first number of the axis, which needs room to the left of where bars begin.
        groups: headings, each with how many of the bars stand under it.
    """
    above = width < NARROW
    room = width if above else width * _LABEL_SHARE
    lines = tuple(tuple(wrapped(label, SIZE, room)) for label in labels)
    text = LINE * max(map(len, lines), default=1)
    height = text + thickness + 14 if above else max(thickness + 14, text + 6)
    edge = text_width(lowest, SMALL) / 2
    widest = max((0.0, *(text_width(line, SIZE) for label in lines for line in label)))
    left = max(min(room, widest) + _TO_BAR, min(room, text_width(beside, SMALL)) + _CLEAR + edge)
    tops, headings = _placed(len(labels), height, groups)
    return Rows(
        labels=lines,
        tops=tops,
        left=ceil(edge if above else left),
        edge=edge,
        height=height,
        bar=text + 4 + thickness / 2 if above else height / 2,
        above=above,
        headings=tuple((wrapped(heading, SIZE, width, lines=1)[0], y) for heading, y in headings),
    )


def _placed(count: int, height: float, groups: Groups) -> tuple[tuple[float, ...], list[tuple[str, float]]]:
    """Return the upper edges of rows, and the headings among them with their middle."""
    if not groups:
        return tuple(number * height for number in range(count)), []
    tops: list[float] = []
    headings: list[tuple[str, float]] = []
    y = 0.0
    for heading, rows in groups:
        headings.append((heading, y + _HEADING / 2))
        tops += [y + _HEADING + number * height for number in range(rows)]
        y += _HEADING + rows * height + _AFTER_GROUP
    return tuple(tops), headings


def draw_labels(drawing: Drawing, rows: Rows) -> None:
    """Add the labels, flush left."""
    most = max(map(len, rows.labels), default=1)
    texts = [
        {"text": list(lines), "y": rows.middle(number) + LINE / 2 - _above_middle(rows, len(lines), most)}
        for number, lines in enumerate(rows.labels)
    ]
    drawing.add_text(texts, x=-drawing.frame.left, y=of("y"))
    headings = [{"text": heading, "y": y} for heading, y in rows.headings]
    drawing.add_text(headings, x=-drawing.frame.left, y=of("y"), fontWeight=STRONG)


def _above_middle(rows: Rows, lines: int, most: int) -> float:
    """Return how far a label begins above the middle of its bar."""
    return rows.bar - (most - lines) * LINE if rows.above else lines * LINE / 2


def draw_baseline(drawing: Drawing, rows: Rows, x: float, thickness: float) -> None:
    """Add the line that bars, so thick, begin at."""
    muted, pieces = drawing.palette.muted, rows.uprights(thickness + 6)
    drawing.add("rule", pieces, x=x, y=of("from"), y2=of("to"), stroke=muted)


def axis_room(rows: Rows) -> float:
    """Return the room that the axis takes below the bars, in pixels."""
    return _AXIS_LINE * (2 if rows.above else 1) + 4


def draw_axis_title(drawing: Drawing, title: str, rows: Rows) -> None:
    """Add what figures are in: beside the numbers of the axis, or where labels stand above bars, below them."""
    y = rows.all_height + 6 + SMALL / 2 + (_AXIS_LINE if rows.above else 0)
    room = drawing.frame.left + drawing.frame.width if rows.above else drawing.frame.left - rows.edge - _CLEAR
    told = [{"text": wrapped(title, SMALL, room, lines=1)[0]}]
    drawing.add_text(told, x=-drawing.frame.left, y=y, fill=drawing.palette.muted, fontSize=SMALL)


@frozen(slots=True)
class Span:
    """An axis: from a value to a value, on so many pixels."""

    low: float
    high: float
    pixels: float

    def place(self, value: float) -> float:
        """Return where a value stands, in pixels from the axis's beginning; at the edge, where it lies beyond it."""
        inside = min(max(value, self.low), self.high)
        return (inside - self.low) / (self.high - self.low) * self.pixels

    @property
    def domain(self) -> list[float]:
        """The values at its ends."""
        return [self.low, self.high]


def value_place(end: float, text: str, obstacles: Iterable[float]) -> float:
    """Return where a bar's value begins, in pixels: after the bar, and clear of the lines that would run through it."""
    begin = end + _TO_VALUE
    for obstacle in sorted(obstacles):
        if begin - _CLEAR < obstacle < begin + text_width(text, SIZE) + _CLEAR:
            begin = obstacle + _TO_VALUE
    return begin


def value_room(texts: Iterable[str]) -> float:
    """Return the room that values take after the longest bar, in pixels."""
    return ceil(_TO_VALUE * 2 + max((text_width(text, SIZE) for text in texts), default=0))


def frame_of(rows: Rows, width: float, *, right: float, top: float, bottom: float) -> Frame:
    """Return the frame of a picture with these rows."""
    return Frame(
        width=width - rows.left - right, height=rows.all_height, left=rows.left, right=right, top=top, bottom=bottom
    )
