"""Elements of WordprocessingML, and texts that no recorded character can break."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, TypeAlias

from docx.oxml.ns import nsmap, qn
from docx.oxml.parser import oxml_parser

from projections.report.content.prose import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Element: TypeAlias = Any
"""An lxml element, which has no types."""

LOCALES = {"fi": "fi-FI", "sv": "sv-FI", "en": "en-GB"}
"""The languages as Word names them; another one stays as it is written."""
_NAMESPACE = {"w": nsmap["w"]}
_NO_CHARACTERS = re.compile("[\ud800-\udfff\ufffe\uffff]")  # beside control characters: XML has no place for them


def element(tag: str, attributes: Mapping[str, str] | None = None, *children: Element | None) -> Element:
    """Return an element, `w:p`, with attributes named alike and what stands in it; None stands for nothing."""
    given = {_clark(name): value for name, value in attributes.items()} if attributes else None
    made = oxml_parser.makeelement(_clark(tag), given, _NAMESPACE)  # many times faster than python-docx's OxmlElement
    if children:
        made.extend([child for child in children if child is not None])
    return made


def valued(tag: str, value: str) -> Element:
    """Return an element whose only attribute is its value: `<w:pStyle w:val="Heading1"/>`."""
    return element(tag, {"w:val": value})


def safe(text: str) -> str:
    """Return a text that may stand in XML: what may not, and control characters but line breaks, become `�`."""
    return _NO_CHARACTERS.sub("�", shown(text))


def in_one_line(text: str) -> str:
    """Return a text for an attribute or a property, where lines do not break."""
    return safe(text).replace("\n", " ")


def locale(language: str) -> str:
    """Return a language as Word names it: `fi-FI` for `fi`."""
    return LOCALES.get(language, language)


def run(text: str, *, style: str | None = None, bold: bool = False, language: str | None = None) -> Element:
    """Return a run of text.

    Args:
        text: a line break in it becomes one of Word's.
        style: the id of a character style.
        bold: whether it is bold beside that.
        language: of the text, where it is not the document's.
    """
    made = element("w:r", None, _properties(style, language, bold=bold))
    for number, line in enumerate(safe(text).split("\n")):
        if number:
            made.append(element("w:br"))
        made.append(_text(line))
    return made


def tab() -> Element:
    """Return a run that goes on at the next tab stop."""
    return element("w:r", None, element("w:tab"))


def field(instruction: str, result: str, *, style: str | None = None) -> list[Element]:
    """Return the runs of a field: what Word works out, and what stands there, in a style, until it does."""
    instruction_text = element("w:instrText", {"xml:space": "preserve"})
    instruction_text.text = f" {instruction} "
    shown_result = [run(result, style=style)] if result else []
    return [
        field_mark("begin"),
        element("w:r", None, instruction_text),
        field_mark("separate"),
        *shown_result,
        field_mark("end"),
    ]


def field_mark(kind: str) -> Element:
    """Return the run with which a field begins (`begin`), its result does (`separate`), or it ends (`end`)."""
    return element("w:r", None, element("w:fldChar", {"w:fldCharType": kind}))


def paragraph(style: str, content: Iterable[Element], *properties: Element | None) -> Element:
    """Return a paragraph in a style, by its id; properties of its own in the order of the schema."""
    given = [one for one in properties if one is not None]
    if style != "Normal":
        given.insert(0, valued("w:pStyle", style))
    return element("w:p", None, element("w:pPr", None, *given) if given else None, *content)


def _properties(style: str | None, language: str | None, *, bold: bool) -> Element | None:
    if style is None and language is None and not bold:
        return None
    return element(
        "w:rPr",
        None,
        valued("w:rStyle", style) if style else None,
        element("w:b") if bold else None,
        valued("w:lang", locale(language)) if language else None,
    )


def _text(line: str) -> Element:
    made = element("w:t", {"xml:space": "preserve"} if line != line.strip() else None)
    made.text = line
    return made


@cache
def _clark(name: str) -> str:
    return qn(name)
