"""What is wrong with the structure of a PDF for a reader who does not see it: checks of our own beside a validator's.

`complaints` reads the file with pikepdf and says in words what is missing; a good file gives none. The validator of the
tests (page-validation) knows PDF/UA-1, but does not look at all of this: the scope of header cells, bookmarks, whether
running headers are told apart from the text.
"""

from __future__ import annotations

from io import BytesIO
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pikepdf
from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterator

_HEADINGS = {f"/H{level}": level for level in range(1, 7)}
_STANDARD = {
    *(
        "/Document",
        "/Part",
        "/Art",
        "/Sect",
        "/Div",
        "/BlockQuote",
        "/Caption",
        "/TOC",
        "/TOCI",
        "/Index",
        "/NonStruct",
    ),
    *("/Private", "/P", "/H", *_HEADINGS, "/L", "/LI", "/Lbl", "/LBody", "/Table", "/TR", "/TH", "/TD", "/THead"),
    *("/TBody", "/TFoot", "/Span", "/Quote", "/Note", "/Reference", "/BibEntry", "/Code", "/Link", "/Annot"),
    *("/Figure", "/Formula", "/Form"),
}
"""Structure types of PDF 1.7 (ISO 32000-1, 14.8.4)."""
_PAINTS = {"S", "s", "f", "F", "f*", "B", "B*", "b", "b*", "Tj", "TJ", "'", '"', "Do", "sh", "INLINE IMAGE"}
"""Operators that put something on a page; images within the stream pikepdf puts together."""

_NONE = pikepdf.Dictionary()


@frozen(slots=True)
class Element:
    """An element of the structure tree, and how deep in the tree it is."""

    object: pikepdf.Object
    depth: int

    @property
    def kind(self) -> str:
        """Its type, such as `/TH`."""
        return str(self.object.S)

    @property
    def kids(self) -> list[Any]:
        """What is right in it: elements, references to objects, and numbers of marked content."""
        kids = self.object.get("/K")
        if kids is None:
            return []
        return list(kids) if isinstance(kids, pikepdf.Array) else [kids]

    def below(self) -> Iterator[Element]:
        """Yield the elements right below it."""
        for kid in self.kids:
            if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
                yield Element(kid, self.depth + 1)

    def walk(self) -> Iterator[Element]:
        """Yield it and all below it, in the order of reading."""
        yield self
        for element in self.below():
            yield from element.walk()

    def marked(self) -> Iterator[tuple[tuple[int, int], int]]:
        """Yield page (as object number and generation) and number of the content that is marked as its own."""
        for kid in self.kids:
            if not isinstance(kid, pikepdf.Object):
                yield self.object.Pg.objgen, int(kid)
            elif "/MCID" in kid:  # on another page
                yield kid.Pg.objgen, int(kid.MCID)


def elements(pdf: pikepdf.Pdf) -> Iterator[Element]:
    """Yield all elements of the structure tree, in the order of reading."""
    root = pdf.Root.get("/StructTreeRoot")
    if root is not None:
        yield from (element for top in Element(root, 0).below() for element in top.walk())


def heading_levels(pdf: pikepdf.Pdf) -> list[int]:
    """Return the levels of all headings, in the order of reading."""
    return [_HEADINGS[element.kind] for element in elements(pdf) if element.kind in _HEADINGS]


def bookmarks(pdf: pikepdf.Pdf) -> list[tuple[int, str]]:
    """Return the bookmarks, each with its level, 1 for the outermost."""

    def below(items: list[pikepdf.OutlineItem], level: int) -> Iterator[tuple[int, str]]:
        for item in items:
            yield level, item.title
            yield from below(item.children, level + 1)

    with pdf.open_outline() as outline:
        return list(below(outline.root, 1))


def complaints(file: bytes) -> list[str]:
    """Return what is wrong, a sentence each, none in a good file."""
    with pikepdf.open(BytesIO(file)) as pdf:
        checks = (_about, _types, _headings, _tables, _figures, _links, _pages, _content, _fonts)
        return [complaint for check in checks for complaint in check(pdf)]


def _about(pdf: pikepdf.Pdf) -> Iterator[str]:
    if not str(pdf.Root.get("/Lang", "")):
        yield "the document has no language"
    if not pdf.Root.get("/MarkInfo", _NONE).get("/Marked", False):
        yield "the document is not marked as tagged"
    if not pdf.Root.get("/ViewerPreferences", _NONE).get("/DisplayDocTitle", False):
        yield "the window does not show the title"
    if not str(pdf.docinfo.get("/Title", "")):
        yield "the document has no title"
    with pdf.open_metadata() as about:
        if about.get("pdfuaid:part") != "1":
            yield "the metadata does not say PDF/UA-1"
        if about.get("dc:title") != str(pdf.docinfo.get("/Title", "")):
            yield "the metadata has another title"


def _types(pdf: pikepdf.Pdf) -> Iterator[str]:
    roles = pdf.Root.get("/StructTreeRoot", _NONE).get("/RoleMap", _NONE)
    for element in elements(pdf):
        if str(roles.get(element.kind, element.kind)) not in _STANDARD:
            yield f"{element.kind} is no standard type, nor mapped to one"


def _headings(pdf: pikepdf.Pdf) -> Iterator[str]:
    levels = heading_levels(pdf)
    if levels.count(1) != 1 or levels[0] != 1:
        yield "there is not one heading of level 1, in front of the others"
    for before, level in pairwise(levels):
        if level > before + 1:
            yield f"a heading of level {level} follows one of level {before}"
    left = iter(levels)
    marks = bookmarks(pdf)
    if not marks or not all(level in left for level, _title in marks):
        yield "bookmarks do not follow the headings"


def _tables(pdf: pikepdf.Pdf) -> Iterator[str]:
    for table in (element for element in elements(pdf) if element.kind == "/Table"):
        headers = [element for element in table.walk() if element.kind == "/TH"]
        if not headers:
            yield "a table has no header cell"
        for header in headers:
            attributes = header.object.get("/A", _NONE)
            if str(attributes.get("/Scope", "")) not in {"/Row", "/Column", "/Both"} or attributes.O != "/Table":
                yield "a header cell has no scope"
        if sum(element.kind == "/THead" for element in table.below()) > 1:
            yield "a table has its header twice"


def _figures(pdf: pikepdf.Pdf) -> Iterator[str]:
    for figure in (element for element in elements(pdf) if element.kind == "/Figure"):
        if not str(figure.object.get("/Alt", "")).strip():
            yield "a figure has no alternative text"
        left, bottom, right, top = (float(edge) for edge in _attribute(figure, "/BBox"))
        page = [float(edge) for edge in figure.object.Pg.MediaBox]
        if not (page[0] <= left < right <= page[2] and page[1] <= bottom < top <= page[3]):
            yield "a figure is not where it says it is"


def _attribute(element: Element, name: str) -> Any:  # noqa: ANN401 - whatever a PDF holds
    """Return what an element's attributes say under a name; they are one dictionary, or several."""
    told = element.object.A
    (found,) = (each[name] for each in (told if isinstance(told, pikepdf.Array) else (told,)) if name in each)
    return found


def _links(pdf: pikepdf.Pdf) -> Iterator[str]:
    owners = {
        kid.Obj.objgen: element
        for element in elements(pdf)
        for kid in element.kids
        if isinstance(kid, pikepdf.Dictionary) and kid.get("/Type") == "/OBJR"
    }
    for link in (link for page in pdf.pages for link in page.get("/Annots", ())):
        if not str(link.get("/Contents", "")).strip():
            yield "a link does not say where it goes"
        if "/StructParent" not in link or link.objgen not in owners or owners[link.objgen].kind != "/Link":
            yield "a link is not tagged"


def _pages(pdf: pikepdf.Pdf) -> Iterator[str]:
    for page in pdf.pages:
        if page.get("/Tabs") != "/S":
            yield f"tabs on page {page.label} do not follow the order of reading"


def _content(pdf: pikepdf.Pdf) -> Iterator[str]:
    told = [number for element in elements(pdf) for number in element.marked()]
    shown: set[tuple[tuple[int, int], int]] = set()
    for page in pdf.pages:
        within: list[int | str | None] = []  # the number of each marked content that is open, "artifact", or neither
        for each in pikepdf.parse_content_stream(page):
            operator = str(each.operator)
            if operator in {"BMC", "BDC"}:
                within.append(_marked_as(list(each.operands)))
                if isinstance(within[-1], int):
                    shown.add((page.obj.objgen, within[-1]))
            elif operator == "EMC":
                within.pop()
            elif operator in _PAINTS and set(within) <= {None}:
                yield f"something on page {page.label} is neither tagged nor an artifact"
    if shown != set(told):
        yield "what the tags tell is not what the pages show"
    if len(told) != len(set(told)):
        yield "something is told twice"


def _marked_as(operands: list[Any]) -> int | str | None:
    if operands[0] == "/Artifact":
        return "artifact"
    return int(operands[1].MCID) if len(operands) > 1 and "/MCID" in operands[1] else None


def _fonts(pdf: pikepdf.Pdf) -> Iterator[str]:
    fonts = [it for it in pdf.objects if isinstance(it, pikepdf.Dictionary) and it.get("/Type") == "/Font"]
    for font in fonts:
        described = font.get("/FontDescriptor")
        if described is not None and not {"/FontFile", "/FontFile2", "/FontFile3"} & set(described.keys()):
            yield f"{font.BaseFont} is not embedded"
        if "/ToUnicode" not in font and font.Subtype == "/Type0":
            yield f"{font.BaseFont} does not say which characters it shows"
