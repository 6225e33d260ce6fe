"""The styles of a Word document: their names, and which of them are headings."""

from __future__ import annotations

import re
from xml.parsers import expat

from attrs import define, frozen

from heinola_es.errors import BadInput

WORD = frozenset(
    {
        "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        "http://purl.oclc.org/ooxml/wordprocessingml/main",
    }
)
MOST_ELEMENTS = 400_000
"""Of the text of some hundred pages; what has more is refused within two seconds."""
DEEPEST = 200
_HEADING = re.compile(r"heading ([1-9])")
_LONGEST_CHAIN = 20


@frozen(slots=True)
class Style:
    """A style of paragraphs: its name in small letters, and the level of the heading it makes, or 0."""

    name: str = ""
    level: int = 0


PLAIN = Style()


def local(name: str) -> str:
    """Return the name of an element or attribute of Word's own vocabulary; of another, the name with a mark."""
    space, _, word = name.rpartition(" ")
    return word if not space or space in WORD else f"~{word}"


def value_of(attributes: dict[str, str]) -> str:
    """Return what an element's `val` says, or an empty string."""
    return next((value for name, value in attributes.items() if local(name) == "val"), "")


def parse(where: str, data: bytes, parser: expat.XMLParserType) -> None:
    """Let a parser read XML that defines no entities of its own.

    Raises:
        BadInput: it defines some, or is no XML.
    """

    def refuse(*_: object) -> None:
        raise BadInput(f"{where} defines entities of its own, which no document needs; check where it comes from")

    parser.StartDoctypeDeclHandler = refuse
    parser.buffer_text = True
    try:
        parser.Parse(data, True)  # noqa: FBT003 - a positional argument alone
    except expat.ExpatError as error:
        raise BadInput(f"{where} is damaged: its text is no XML ({error}); save it anew as .docx") from None


def styles_in(where: str, data: bytes) -> dict[str, Style]:
    """Return the styles of paragraphs by their ids.

    Raises:
        BadInput: as `parse`, or there are more of them than any document has.
    """
    if not data:
        return {}
    reading = _Styles(where)
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartElementHandler = reading.start
    parse(where, data, parser)
    return {key: Style(style.name, _level(reading.styles, key)) for key, style in reading.styles.items()}


@define(slots=True)
class _Said:
    """What the document says of a style."""

    name: str = ""
    based_on: str = ""
    outline: int | None = None


class _Styles:
    def __init__(self, where: str) -> None:
        self.where, self.elements = where, 0
        self.styles: dict[str, _Said] = {}
        self.open = _Said()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise BadInput(f"{self.where} has more styles than any document; save it anew as .docx")
        word = local(name)
        if word == "style":
            given = {local(key): value for key, value in attributes.items()}
            self.open = self.styles[given.get("styleId", "")] = _Said()
        elif word == "name":
            self.open.name = value_of(attributes).casefold()
        elif word == "basedOn":
            self.open.based_on = value_of(attributes)
        elif word == "outlineLvl":
            self.open.outline = level_said(attributes)


def level_said(attributes: dict[str, str]) -> int:
    """Return the level of a heading that an outline level says, 0 where it says that there is none."""
    said = value_of(attributes)
    return int(said) + 1 if said in set("012345678") else 0


def _level(styles: dict[str, _Said], key: str) -> int:
    """Return the level of a style's headings: its own, that of its name, or that of the style it is based on."""
    for _ in range(_LONGEST_CHAIN):
        style = styles.get(key)
        if style is None:
            return 0
        if style.outline is not None:
            return style.outline
        if found := _HEADING.fullmatch(style.name):
            return int(found[1])
        if style.name == "title":
            return 1
        key = style.based_on
    return 0
