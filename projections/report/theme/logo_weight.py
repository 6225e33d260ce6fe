"""How much there is to draw in a mark: a page of SVG can ask for years of it, by what refers to what refers to more.

Every element counts, and again wherever something refers to it (`<use>`, a pattern, a mask …). What is drawn on a sheet
of its own before it is put in its place (a filter, a mask, what is half transparent) counts for more.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from attrs import define, field

if TYPE_CHECKING:
    from collections.abc import Iterator

MOST_DRAWN = 10_000
DEEPEST = 60
_CHAIN = 20
_SHEET = 100
_SHEETS = frozenset({"filter", "mask", "clip-path", "opacity", "mix-blend-mode"})
_PAINT = frozenset({*_SHEETS, "style", "fill", "stroke", "class"})
_COSTLY = re.compile(r"fe(?:Turbulence|ConvolveMatrix|Morphology|Tile|Image|DiffuseLighting|SpecularLighting)")
_NOT_PAINTED = frozenset({"stop", "linearGradient", "radialGradient", "style", "defs", "title", "desc", "metadata"})
_TO = re.compile(r"url\(\s*+[\"']?\s*+#([^\"')\s]*+)", re.IGNORECASE)
_NAME = re.compile(r"(\.|#|)([\w-]++)")
_BYTES_OF_ONE = 200
_BYTES_OF_A_POINT = 4

TOO_MUCH = f"has more to draw than a mark needs (more than {MOST_DRAWN} shapes); simplify it"
ROUND = "refers to itself, so that drawing it never ends; save it as plain SVG"
TOO_DEEP = f"nests more than {DEEPEST} groups in one another; simplify it"


class TooMuch(Exception):
    """There is too much to draw; the sentence goes on after `which`."""


@define(slots=True, eq=False)
class _Node:
    """An element: its own weight, and what is drawn with it."""

    name: str
    own: int
    marks: tuple[str, ...] = ()
    inside: list[_Node] = field(factory=list)
    refers: list[tuple[str, int]] = field(factory=list)
    total: int | None = None
    open: bool = False


@define(slots=True)
class Weight:
    """Gathers what a picture is made of, element by element."""

    _open: list[_Node] = field(factory=list)
    _all: list[_Node] = field(factory=list)
    _ids: dict[str, _Node] = field(factory=dict)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Take in the start of an element, its name and those of its attributes without their spaces of names.

        Raises:
            TooMuch.
        """
        if len(self._all) >= MOST_DRAWN:
            raise TooMuch(TOO_MUCH)
        if len(self._open) >= DEEPEST:
            raise TooMuch(TOO_DEEP)
        if _COSTLY.fullmatch(name):
            raise TooMuch(f"has <{name}>, which may take for ever to draw; leave that effect out")
        node = _node(name, attributes)
        if self._open:
            self._open[-1].inside.append(node)
        self._open.append(node)
        self._all.append(node)
        if "id" in attributes:
            self._ids.setdefault(attributes["id"], node)

    def end(self) -> None:
        """Take in the end of an element."""
        self._open.pop()

    def require_little(self, styles: str) -> None:
        """Count what there is to draw.

        Args:
            styles: what the style sheets in the picture say.

        Raises:
            TooMuch.
        """
        self._apply(styles)
        if self._all:
            self._weigh(self._all[0], 0)

    def _apply(self, styles: str) -> None:
        """Let elements refer to what the style sheets say; a rule that is not plain is taken for one about all."""
        said: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for names, what in _rules(styles):
            for selector in names:
                said[selector] += what
        for node in self._all:
            if node.name in _NOT_PAINTED:
                continue
            for mark in node.marks:
                node.refers += said.get(mark, ())
            if len(node.refers) > MOST_DRAWN:
                raise TooMuch(TOO_MUCH)

    def _weigh(self, node: _Node, chain: int) -> int:
        if node.total is not None:
            return node.total
        if node.open:
            raise TooMuch(ROUND)
        if chain > _CHAIN:
            raise TooMuch(TOO_MUCH)
        node.open = True
        total = node.own + sum(self._weigh(child, chain) for child in node.inside)
        for name, times in node.refers:
            if name in self._ids:
                total += times * self._weigh(self._ids[name], chain + 1)
            if total > MOST_DRAWN:
                raise TooMuch(TOO_MUCH)
        if total > MOST_DRAWN:
            raise TooMuch(TOO_MUCH)
        node.open, node.total = False, total
        return total


def _node(name: str, attributes: dict[str, str]) -> _Node:
    size = sum(map(len, attributes.values()))
    style = attributes.get("style", "")
    sheets = sum(key in attributes or f"{key}:" in style.replace(" ", "") for key in _SHEETS)
    points = len(attributes.get("d", "") or attributes.get("points", "")) // _BYTES_OF_A_POINT
    marks = ("*", name, f"#{attributes.get('id', '')}", *(f".{mark}" for mark in attributes.get("class", "").split()))
    node = _Node(name, 1 + size // _BYTES_OF_ONE + _SHEET * (sheets + name.startswith("fe")), marks)
    for key, value in attributes.items():
        times = 1 + points if key.startswith("marker") or (key == "style" and "marker" in value) else 1
        node.refers += [(found[1], times) for found in _TO.finditer(value)]
        if key == "href" and value.strip().startswith("#") and name != "a":
            node.refers.append((value.strip()[1:], 1))
    return node


def _rules(styles: str) -> Iterator[tuple[list[str], list[tuple[str, int]]]]:
    """Yield the selectors of each rule, `*` for those that are not plain, and what it refers to."""
    for rule in styles.split("}"):
        selectors, _, what = rule.rpartition("{")
        refers = [(found[1], 1) for found in _TO.finditer(what)]
        if refers:
            plain = [selector.strip() for selector in selectors.split(",")]
            yield ([name if _NAME.fullmatch(name) else "*" for name in plain], refers)
