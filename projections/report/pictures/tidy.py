"""A picture written down as SVG that is fit to stand inside a page: nothing in it that is not drawn."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

FONT = "'Report Sans', 'Source Sans 3', 'Helvetica Neue', Arial, sans-serif"
"""Of all texts: the page brings the first along."""
SVG = "http://www.w3.org/2000/svg"
_PLACES = frozenset(("d", "dx", "dy", "height", "transform", "width", "x", "x1", "x2", "y", "y1", "y2"))
_LOOKS = frozenset(("fill", "opacity", "stroke", "text-anchor", "viewBox"))
_KINDS = ("font-size", "font-weight", "stroke-")
_USUAL = frozenset((("opacity", "1"), ("text-anchor", "start"), ("stroke-miterlimit", "10")))
_SHAPES = frozenset(("path", "line", "rect"))
_LONG = re.compile(r"-?\d+\.\d{3,}(?:e-\d+)?")


def tidy(root: ET.Element) -> str:
    """Return a picture with what is drawn alone: no roles, classes, ids, empty groups or unseen shapes.

    Its elements have names without a namespace; it is changed itself.
    """
    _prune(root)
    root.attrib |= {"xmlns": SVG, "font-family": FONT}
    return ET.tostring(root, encoding="unicode")


def _prune(element: ET.Element) -> None:
    for name, value in list(element.attrib.items()):
        if name in _PLACES:
            element.set(name, _LONG.sub(_shorter, value))
        elif not (name in _LOOKS or name.startswith(_KINDS)) or (name, value) in _USUAL:
            del element.attrib[name]
    for child in list(element):
        _prune(child)
        if _is_unseen(child):
            element.remove(child)
        elif child.tag == "g" and not child.attrib and len(element) == 1:
            element[:] = list(child)


def _is_unseen(element: ET.Element) -> bool:
    if element.tag == "g":
        return not len(element)
    if element.tag in _SHAPES:
        return not ({"fill", "stroke"} & element.attrib.keys()) or element.get("d") == ""
    return False


def _shorter(found: re.Match[str]) -> str:
    return f"{round(float(found[0]), 2):g}"
