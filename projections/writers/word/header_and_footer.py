"""What surrounds the text: header, footer, languages and properties of the file."""

from __future__ import annotations

from datetime import UTC
from typing import TYPE_CHECKING

from docx.oxml.ns import qn

from projections.writers.word.elements import field, in_one_line, locale, paragraph, run, tab

if TYPE_CHECKING:
    from docx.document import Document as WordDocument
    from docx.section import _Footer, _Header

    from projections.report.content.document import Document
    from projections.writers.word.elements import Element

LONGEST_PROPERTY = 255
DECIMAL_POINT = {"en": (".", ",")}
"""Decimal sign and separator of lists, where they are not the comma and the semicolon of Finnish and Swedish."""


def put_around(document: Document, file: WordDocument) -> None:
    """Put the header and the footer on every page but the first, and the language and the properties into the file."""
    _header(document, file)
    _footer(document, file)
    _language(document.language, file)
    _properties(document, file)


def _header(document: Document, file: WordDocument) -> None:
    line = [run(in_one_line(document.city), style="Strong"), tab(), run(in_one_line(document.title))]
    _fill(file.sections[0].header, paragraph("Header", line))


def _footer(document: Document, file: WordDocument) -> None:
    words = document.interface
    pages = [*field("PAGE", "2"), run(f" {words.page_of} "), *field("NUMPAGES", "2")]
    _fill(file.sections[0].footer, paragraph("Footer", [tab(), run(f"{words.page} "), *pages]))


def _fill(margin: _Header | _Footer, line: Element) -> None:
    root = margin.part.element
    root[:] = [line]


def _language(language: str, file: WordDocument) -> None:
    for tag, holder in (("w:lang", file.styles.element), ("w:themeFontLang", file.settings.element)):
        holder.find(f".//{qn(tag)}").set(qn("w:val"), locale(language))
    signs = DECIMAL_POINT.get(language, (",", ";"))
    for tag, sign in zip(("w:decimalSymbol", "w:listSeparator"), signs, strict=True):
        file.settings.element.find(qn(tag)).set(qn("w:val"), sign)


def _properties(document: Document, file: WordDocument) -> None:
    written = document.written.astimezone(UTC)
    properties = file.core_properties
    properties.title = _property(document.title)
    properties.subject = _property(document.subject)
    properties.author = properties.last_modified_by = _property(document.city)
    properties.language = locale(document.language)
    properties.identifier = document.identity
    properties.created = properties.modified = written
    properties.revision = 1


def _property(text: str) -> str:
    return in_one_line(text)[:LONGEST_PROPERTY]
