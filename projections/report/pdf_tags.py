"""What the tags of a PDF say beyond what WeasyPrint writes: PDF/UA-1 (ISO 14289-1) asks for it, or a reader needs it.

WeasyPrint offers two places to add to its work: what a page paints, and the objects of the file before it is written.
Each text or picture that a page paints has a number there (MCID), and each number a structure element in the tree.
"""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pydyf  # type: ignore[import-untyped]
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from xml.etree.ElementTree import Element

    from weasyprint import Document as LaidOut  # type: ignore[import-untyped]
    from weasyprint import Page

_ROW_SCOPES = ("row", "rowgroup")
_POINTS = 0.75  # in a pixel of CSS


@frozen(slots=True)
class _Painted:
    """A page that was painted: its stream of operators, and the box that each number stands for."""

    stream: Any
    boxes: dict[int, Any]

    def hide(self, number: int, kind: dict[str, str]) -> None:
        """Mark what has this number as an artifact of `kind`: it repeats what is said elsewhere."""
        operators = self.stream.stream
        at = next(at for at, what in enumerate(operators) if isinstance(what, dict) and what.get("MCID") == number)
        operators[at - 1 : at + 1] = ["/Artifact", pydyf.Dictionary(kind)]


class Tagging:
    """Adds to the tags of one document: made before it is painted, and asked to complete them afterwards.

    - A header cell has its scope (7.5), in place of a list of header cells in every other cell.
    - A text in another language than the document's says so (7.2).
    - Running headers and footers are artifacts of pagination (7.8).
    - A link says in its description (7.18.5) what is read in it, and is one link, not one for each part of it.
    - A table that goes on over pages is one table; its repeated header is an artifact, and its caption its own, even
      where not one row had room on the caption's page.
    - Names and what they are make a list whose items have labels.
    - A picture's box is where it stands on the page, in points from the lower left corner.
    """

    def __init__(self, root: Element, laid_out: LaidOut) -> None:
        """Watch what the pages of `laid_out`, the document under `root`, paint."""
        self._language = laid_out.metadata.lang
        self._tables = {cell: table for table in root.iter("table") for row in table.iter("tr") for cell in row}
        self._painted: list[_Painted] = []
        for page in laid_out.pages:
            page.links[:] = [link for link in page.links if link[3].element_tag == "a"]
            page.paint = partial(self._paint, page.paint)

    def _paint(self, paint: Callable[..., None], stream: Any, scale: float = 1) -> None:  # noqa: ANN401 - untyped
        paint(stream, scale)
        boxes = {kid["mcid"]: box for box, kid in stream._tags.items()}  # noqa: SLF001 - told nowhere else
        self._painted.append(_Painted(stream, boxes))

    def complete(self, laid_out: LaidOut, file: pydyf.PDF) -> None:
        """Add to the tags of `file`, which has all its objects."""
        tree = _Tree(file)
        for number, (page, painted) in enumerate(zip(laid_out.pages, self._painted, strict=True)):
            self._tell_languages(tree, number, painted)
            _hide_margins(tree, number, page, painted)
            _describe_links(page)
        tree.join_captions()
        self._tell_scopes(tree, laid_out)
        tree.plain_where_no_link()
        tree.label_facts()
        tree.place_figures([page.height for page in laid_out.pages])
        self._painted.clear()

    def _tell_languages(self, tree: _Tree, page_number: int, painted: _Painted) -> None:
        for number, box in painted.boxes.items():
            if box.style["lang"] not in {None, self._language}:
                tree.painted(page_number, number)["Lang"] = pydyf.String(box.style["lang"])

    def _tell_scopes(self, tree: _Tree, laid_out: LaidOut) -> None:
        """Give header cells their scope, and put what a table has on later pages into the table."""
        parts: dict[Element, dict[int, pydyf.Dictionary]] = {}
        for box in _cells(laid_out):
            attributes = box.mark["A"]
            attributes.pop("Headers", None)
            box.mark.pop("ID", None)
            if box.element_tag == "th":
                attributes["Scope"] = "/Row" if box.element.get("scope") in _ROW_SCOPES else "/Column"
            part = tree.above(box.mark, "/Table")
            parts.setdefault(self._tables[box.element], {})[part.number] = part
        for whole, *others in map(dict.values, parts.values()):
            for other in others:
                self._continue(tree, whole, other)

    def _continue(self, tree: _Tree, whole: pydyf.Dictionary, part: pydyf.Dictionary) -> None:
        """Move the rows of `part` into `whole`; what it repeats is an artifact."""
        for element in tree.below(part):
            if element["S"] == "/TBody":
                whole["K"].append(element.reference)
                element["P"] = whole.reference
            else:
                for page_number, number in tree.numbers(element):
                    tree.forget(page_number, number)
                    self._painted[page_number].hide(number, {"Type": "/Pagination"})
        tree.above(part)["K"].remove(part.reference)
        part["K"].clear()


class _Tree:
    """The structure elements of a file, and which of them each number on a page belongs to."""

    def __init__(self, file: pydyf.PDF) -> None:
        self._objects = file.objects
        self._pages = {reference: number for number, reference in enumerate(file.page_references)}
        root = self._at(file.catalog["StructTreeRoot"])
        self._by_number = self._at(root["ParentTree"])["Nums"][1::2]

    def _at(self, reference: bytes) -> Any:  # noqa: ANN401 - untyped
        return self._objects[int(reference.split()[0])]

    def painted(self, page_number: int, number: int) -> pydyf.Dictionary:
        """Return the element of what has this number on a page."""
        return self._at(self._by_number[page_number][number])

    def forget(self, page_number: int, number: int) -> None:
        """Let what has this number on a page belong to no element."""
        self._by_number[page_number][number] = b"null"

    def above(self, element: pydyf.Dictionary, kind: str | None = None) -> pydyf.Dictionary:
        """Return the element above this one, or the nearest above it that is of `kind`."""
        above = self._at(element["P"])
        return above if kind in {None, above["S"]} else self.above(above, kind)

    def below(self, element: pydyf.Dictionary) -> list[pydyf.Dictionary]:
        """Return the elements right below this one."""
        objects = (self._at(kid) for kid in element["K"] if isinstance(kid, bytes))
        return [it for it in objects if it["Type"] == "/StructElem"]

    def numbers(self, element: pydyf.Dictionary) -> Iterator[tuple[int, int]]:
        """Yield page and number of all that is painted in this element."""
        for kid in element["K"]:
            if isinstance(kid, int):
                yield self._pages[element["Pg"]], kid
        for below in self.below(element):
            yield from self.numbers(below)

    def plain_where_no_link(self) -> None:
        """Let elements that are tagged as links, and that nothing can be clicked in, be plain text."""
        for element in self._of_kind("/Link"):
            below = [self._at(kid) for kid in element["K"] if isinstance(kid, bytes)]
            if all(it["Type"] != "/OBJR" for it in below):
                element["S"] = "/Span"

    def join_captions(self) -> None:
        """Let the caption of a table whose rows all stand on the next page be the first thing in that table."""
        for part, rest in pairwise(list(self._of_kind("/Table"))):
            captions = self.below(part)
            if captions and all(it["S"] == "/Caption" for it in captions):
                for caption in captions:
                    caption["P"] = rest.reference
                rest["K"][:0] = part["K"]
                self.above(part)["K"].remove(part.reference)
                part["K"].clear()

    def label_facts(self) -> None:
        """Let each name and what it is (`div` with `dt` and `dd`) be one item of their list, the name its label."""
        for item in self._of_kind("/Div"):
            if self.above(item)["S"] == "/L":
                item["S"] = "/LI"
                item["K"] = pydyf.Array(part["K"][0] for part in self.below(item))
                for kind, part in zip(("/Lbl", "/LBody"), self.below(item), strict=True):
                    part.update(S=kind, P=item.reference)

    def place_figures(self, heights: list[float]) -> None:
        """Let pictures tell their place in points from below; told are pixels from above, on pages of these heights."""
        for element in self._of_kind("/Figure"):
            left, top, right, bottom = element["A"]["BBox"]
            height = heights[self._pages[element["Pg"]]]
            edges = (left, height - bottom, right, height - top)
            element["A"]["BBox"] = pydyf.Array(edge * _POINTS for edge in edges)

    def _of_kind(self, kind: str) -> Iterator[pydyf.Dictionary]:
        return (it for it in self._objects if isinstance(it, pydyf.Dictionary) and it.get("S") == kind)


def _hide_margins(tree: _Tree, page_number: int, page: Page, painted: _Painted) -> None:
    numbers = {box: number for number, box in painted.boxes.items()}
    for margin in page._page_box.children:  # noqa: SLF001 - told nowhere else
        place = getattr(margin, "at_keyword", None)
        if place is not None:
            part = "/Header" if place.startswith("@top") else "/Footer"
            for box in margin.descendants():
                if box in numbers:
                    tree.forget(page_number, numbers[box])
                    painted.hide(numbers[box], {"Type": "/Pagination", "Subtype": part})


def _describe_links(page: Page) -> None:
    for _kind, _target, _rectangle, box in page.links:
        if box.link_annotation:
            text = " ".join("".join(box.element.itertext()).split())
            box.link_annotation["Contents"] = pydyf.String(text)


def _cells(laid_out: LaidOut) -> Iterator[Any]:
    for page in laid_out.pages:
        for box in page._page_box.descendants():  # noqa: SLF001 - told nowhere else
            if hasattr(box, "mark"):
                yield box
