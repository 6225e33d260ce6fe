"""A picture as SVG, from its specification: as Vega draws it, to the byte, without an engine for JavaScript.

Our specifications use a corner of Vega: marks of fixed places, scales of one line, axes whose numbers are named. To
draw that takes little; to start the engine took most of a page's time, and 90 MB beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from math import floor, sqrt
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree as ET

from attrs import frozen

from projections.report.pictures.drawing import Row

if TYPE_CHECKING:
    from projections.report.pictures.drawing import Spec

Scale = Callable[[float], float]
Told = Mapping[str, Any]
"""A mark's properties, worked out for one row."""
Attributes = dict[str, str]

_ANCHORS = {"left": "start", "center": "middle", "right": "end"}
_BASELINES = {"alphabetic": 0.0, "middle": 0.30, "top": 0.79, "bottom": -0.21}
"""How far below its place a text is set, in its size."""
_LOOKS = {
    "fill": "fill",
    "stroke": "stroke",
    "strokeWidth": "stroke-width",
    "strokeCap": "stroke-linecap",
    "strokeJoin": "stroke-linejoin",
    "strokeDash": "stroke-dasharray",
}
_LINE_WIDTH = 2
_HALF = 0.5
"""Axes stand half a pixel in, so that their lines are sharp."""
_OF_A_PATH = 1_000


def picture(spec: Spec, axis_format: Mapping[str, object]) -> ET.Element:
    """Return the picture of a specification; `axis_format` says how the numbers of its axes are written.

    Raises:
        KeyError: it has a kind of mark, scale or axis that no picture of ours has.
    """
    width, height, padding = spec["width"], spec["height"], spec["padding"]
    whole = {
        "width": _number(padding["left"] + width + padding["right"]),
        "height": _number(padding["top"] + height + padding["bottom"]),
    }
    root = ET.Element("svg", whole | {"viewBox": f"0 0 {whole['width']} {whole['height']}"})
    frame = ET.SubElement(root, "g", {"fill": "none", "transform": _moved(padding["left"], padding["top"])})
    inside = _inside(ET.SubElement(frame, "g", {"transform": _moved(0, 0)}))
    drawn = _Drawn(
        scales={told["name"]: _scale(told, width, height) for told in spec["scales"]},
        rows={told["name"]: told["values"] for told in spec["data"]},
        width=width,
        height=height,
        axis_format=axis_format,
    )
    inside.extend([drawn.axis(told) for told in spec["axes"]])
    inside.extend([drawn.mark(told) for told in spec["marks"]])
    return root


def _inside(group: ET.Element) -> ET.Element:
    """Return the group for what a group shows, before its foreground, which is empty."""
    inside = ET.SubElement(group, "g")
    ET.SubElement(group, "path")
    return inside


@frozen(slots=True, kw_only=True)
class _Drawn:
    """A picture on its way: where values stand, by scale, and the rows that marks are drawn for."""

    scales: Mapping[str, Scale]
    rows: Mapping[str, list[Row]]
    width: float
    height: float
    axis_format: Mapping[str, object]

    def mark(self, told: Spec) -> ET.Element:
        """Return a mark for each row, or the one line through all of them."""
        group = ET.Element("g")
        properties = told["encode"]["update"]
        rows = self.rows[told["from"]["data"]]
        if told["type"] == "line":
            group.append(self._line(rows, properties))
        else:
            drawn = _MARKS[told["type"]]
            group.extend([drawn({name: self._told(of, row) for name, of in properties.items()}) for row in rows])
        return group

    def _told(self, of: Spec, row: Row) -> Any:  # noqa: ANN401 - what the property is
        """Return a property of a row's mark."""
        value = row[of["field"]] if "field" in of else of["value"]
        if "scale" in of:
            value = self.scales[of["scale"]](value)
        return value + of["offset"] if "offset" in of else value

    def _line(self, rows: list[Row], properties: Mapping[str, Spec]) -> ET.Element:
        """Return the line through places that follow each other, with gaps where one is not known."""
        path, before = list[str](), list[str]()
        for row in [*rows, None]:
            if row is not None and row[properties["y"]["field"]] is not None:
                place = ",".join(_in_path(self._told(properties[way], row)) for way in ("x", "y"))
                before.append(f"{'L' if before else 'M'}{place}")
            else:
                path += [*before, "Z"] if len(before) == 1 else before
                before = []
        looks = {"strokeWidth": _LINE_WIDTH} | {
            name: of["value"] for name, of in properties.items() if name in _LOOKS and "value" in of
        }
        return ET.Element("path", {"d": "".join(path)} | _looks(looks))

    def axis(self, told: Spec) -> ET.Element:
        """Return an axis: a line through the figures for each of its numbers, where it has lines, and the numbers."""
        upright = told["orient"] == "left"
        place = self.scales[told["scale"]]
        group = ET.Element("g")
        moved = ET.SubElement(
            group, "g", {"transform": _moved(_HALF, _HALF) if upright else _moved(_HALF, self.height + _HALF)}
        )
        inside = _inside(moved)
        if told["grid"]:
            lines = ET.SubElement(inside, "g")
            for value in told["values"]:
                lines.append(self._grid_line(_rounded(place(value)), upright=upright, colour=told["gridColor"]))
        numbers = ET.SubElement(inside, "g")
        padding = told["labelPadding"]
        look = {"fontSize": told["labelFontSize"], "fill": told["labelColor"]}
        for value in told["values"]:
            at = (
                {"x": -padding, "y": place(value), "align": "right", "baseline": "middle"}
                if upright
                else {"x": place(value), "y": padding, "align": "center", "baseline": "top"}
            )
            numbers.append(_text(look | at | {"text": self._axis_number(value, told["format"])}))
        return group

    def _grid_line(self, at: int, *, upright: bool, colour: str) -> ET.Element:
        end = {"x2": _number(self.width), "y2": "0"} if upright else {"x2": "0", "y2": _number(-self.height)}
        moved = _moved(0, at) if upright else _moved(at, 0)
        return ET.Element("line", {"transform": moved} | end | {"stroke": colour, "stroke-width": "1"})

    def _axis_number(self, value: float, form: str) -> str:
        """Return a number of an axis: `,.1f` has as many decimals as it says, `,~f` and `,d` as many as it takes."""
        decimals = form.removeprefix(",.").removesuffix("f")
        text = f"{abs(value):,.{decimals}f}" if decimals.isdigit() else f"{abs(round(value, 6)):,.6f}"
        whole, _, part = text.partition(".")
        part = part if decimals.isdigit() else part.rstrip("0")
        grouped = whole.replace(",", str(self.axis_format["thousands"]))
        minus = str(self.axis_format["minus"]) if value < 0 and any(each in "123456789" for each in text) else ""
        return f"{minus}{grouped}{self.axis_format['decimal']}{part}" if part else f"{minus}{grouped}"


def _scale(told: Spec, width: float, height: float) -> Scale:
    """Return where a value of a scale stands, in pixels; an upright one counts from below."""
    begin, end = (0.0, width) if told["range"] == "width" else (height, 0.0)
    if told["type"] == "point":
        count, padding = len(told["domain"]), told["padding"]
        step = (end - begin) / max(1, count - 1 + 2 * padding)
        start = begin + (end - begin - step * (count - 1)) * 0.5
        places: dict[float, float] = {value: start + step * place for place, value in enumerate(told["domain"])}
        return places.__getitem__
    low, high = map(float, told["domain"])
    length = high - low

    def placed(value: float) -> float:
        part = (value - low) / length
        return begin * (1 - part) + end * part

    return placed


# ---------------------------------------------------------------- marks


def _rect(told: Told) -> ET.Element:
    x, width = _span(told, "x", "width")
    y, height = _span(told, "y", "height")
    path = f"M{_number(x)},{_number(y)}h{_number(width)}v{_number(height)}h{_number(-width)}Z"
    return ET.Element("path", {"d": path} | _looks(told))


def _span(told: Told, way: str, size: str) -> tuple[float, float]:
    """Return where a field begins and how long it is, of what is told: its ends, its middle or its beginning."""
    if f"{way}2" in told:
        one, other = told[way], told[f"{way}2"]
        return min(one, other), abs(other - one)
    length = told[size]
    return (told[f"{way}c"] - length / 2 if f"{way}c" in told else told[way]), length


def _rule(told: Told) -> ET.Element:
    x, y = told["x"], told["y"]
    end = {"x2": _number(told.get("x2", x) - x), "y2": _number(told.get("y2", y) - y)}
    return ET.Element("line", {"transform": _moved(x, y)} | end | _looks(told))


def _symbol(told: Told) -> ET.Element:
    moved = _moved(told["x"], told["y"])
    if told.get("angle"):
        moved += f" rotate({_number(told['angle'])})"
    return ET.Element("path", {"transform": moved, "d": _shape(told["shape"], sqrt(told["size"]) / 2)} | _looks(told))


def _shape(shape: str, half: float) -> str:
    """Return the path of a shape, half as wide as said: a circle, a triangle, or a path in a square from -1 to 1."""
    r = _in_path(half)
    if shape == "circle":
        return f"M{r},0A{r},{r},0,1,1,-{r},0A{r},{r},0,1,1,{r},0"
    if shape == "triangle-up":
        h = _in_path(half * sqrt(3) / 2)
        return f"M0,-{h}L-{r},{h}L{r},{h}Z"
    return "".join(_scaled(shape, half))


def _scaled(path: str, half: float) -> Iterator[str]:
    """Yield the path anew, `half` times as large: straight lines and curves, whose numbers are all places."""
    number = ""
    for letter in path:
        if letter in "0123456789.-":
            number += letter
            continue
        if letter not in ",MLCZ":
            raise KeyError(letter)
        if number:
            yield _in_path(float(number) * half)
        yield letter
        number = ""
    if number:
        yield _in_path(float(number) * half)


def _text(told: Told) -> ET.Element:
    size = told["fontSize"]
    below = floor(_BASELINES[told.get("baseline", "alphabetic")] * size + _HALF)
    attributes = {
        "text-anchor": _ANCHORS[told.get("align", "left")],
        "transform": _moved(told["x"], told["y"] + below),
        "font-size": f"{_number(size)}px",
    }
    if "fontWeight" in told:
        attributes["font-weight"] = _number(told["fontWeight"])
    element = ET.Element("text", attributes | _looks(told))
    text = told["text"]
    lines = [text] if isinstance(text, str) else cast("list[str]", text)
    if len(lines) <= 1:
        element.text = "".join(lines).strip()
        return element
    for number, line in enumerate(lines):
        below_it = {"x": "0", "dy": _number(told["lineHeight"])} if number else {}
        ET.SubElement(element, "tspan", below_it).text = line.strip()
    return element


_MARKS: Mapping[str, Callable[[Told], ET.Element]] = {"rect": _rect, "rule": _rule, "symbol": _symbol, "text": _text}


def _looks(told: Told) -> Attributes:
    """Return how a mark looks, in the order of the SVG that Vega writes; what cannot be seen is left out."""
    return {
        attribute: ",".join(map(_number, told[name])) if name == "strokeDash" else _look(told[name])
        for name, attribute in _LOOKS.items()
        if name in told and told[name] != "transparent"
    }


def _look(value: str | float) -> str:
    return value if isinstance(value, str) else _number(value)


# ---------------------------------------------------------------- numbers


def _moved(x: float, y: float) -> str:
    return f"translate({_number(x)},{_number(y)})"


def _number(value: float) -> str:
    """Return a number as JavaScript writes it: a whole one without decimals."""
    return str(int(value)) if value == int(value) else repr(value)


def _in_path(value: float) -> str:
    """Return a place in a path, which has three decimals."""
    return _number(_rounded(value * _OF_A_PATH) / _OF_A_PATH)


def _rounded(value: float) -> int:
    """Return the nearest whole number, of two as near the higher one."""
    return floor(value + _HALF)
