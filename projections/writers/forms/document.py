"""A form as a Word document (DOCX), for those who write at length: each field is a yellow frame to write in.

A frame is a table of one cell: LibreOffice keeps neither the names of content controls nor paragraphs in them. What
stands outside the fields is for reading; nothing of it is read back.
"""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part

from projections.forms.identity import HIDDEN, encode, key_text, placed
from projections.forms.model import ACTOR, Entry
from projections.report.language.numbers import Numbers
from projections.writers.word.elements import element, in_one_line, locale, paragraph, run, valued
from projections.writers.word.package import TEMPLATE_ACCENT, TEXT_WIDTH, opened, sealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from docx.document import Document as WordDocument

    from projections.forms.model import Form, Row, Section, UnitForm
    from projections.writers.word.elements import Element

_YELLOW = "FFF6CC"
_HIGH, _LOW = "1100", "380"
"""How high a field is at least, in twentieths of a point: where a text is to be written, and else."""
_PIECE = 250
_DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_TYPES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_SHORT = 800
"""Characters: what was told before and has no more stands on one page."""
_WIDTHS = (3238, 1600, 1600, 1600, 1600)
"""Of the columns of figures, in twentieths of a point: together the width of the text."""


def document(form: Form, made: datetime) -> bytes:
    """Return a form as a DOCX file; the same form gives the same bytes.

    Args:
        form: what is asked.
        made: when, which the file's properties tell.
    """
    file = opened(f"#{TEMPLATE_ACCENT}")
    keys: list[str] = []
    body = file.element.body
    (page,) = body
    content = [part for unit in form.units for part in _unit(form, unit, keys)]
    body[:] = [*content, paragraph("Normal", []), page]
    _hide(form, keys, file)
    properties = file.core_properties
    properties.title, properties.author = in_one_line(form.words.title)[:255], in_one_line(form.identity.city)[:255]
    properties.language = locale(form.identity.language)
    properties.created = properties.modified = made
    return sealed(file)


def _unit(form: Form, unit: UnitForm, keys: list[str]) -> Iterator[Element]:
    words = form.words
    new_page = element("w:pageBreakBefore") if keys else None
    yield paragraph("Title", [run(unit.title)], new_page)
    yield paragraph("Subtitle", [run(f"{words.title} · {form.identity.city}")])
    if unit.responsible:
        yield paragraph("Normal", [run(f"{words.responsible}: {unit.responsible}")])
    for sentence in words.in_a_document:
        yield paragraph("Note", [run(sentence)])
    yield from _field(unit, Entry(key=ACTOR, kind="text", label=words.actor), form, keys)
    for section in unit.sections:
        yield paragraph("Heading1", [run(section.title)])
        if section.hint:
            yield paragraph("Note", [run(section.hint)], element("w:keepNext"))
        if section.name == "figures":
            yield _figures(section, Numbers(form.identity.language))
            continue
        for row in section.rows:
            yield from _row(unit, section, row, form, keys)


def _row(unit: UnitForm, section: Section, row: Row, form: Form, keys: list[str]) -> Iterator[Element]:
    """Yield what a row is about, what was told last, and its fields; no page ends between the first two and a field."""
    numbers = Numbers(form.identity.language)
    for number, (cell, column) in enumerate(zip(row.cells, section.columns, strict=True)):
        if isinstance(cell, Entry):
            yield from _field(unit, cell, form, keys)
        elif cell and not number:
            yield paragraph("Heading2", [run(str(cell))])
        elif cell:
            told = [run(f"{column.title}: ", bold=True), run(_shown(cell, numbers))]
            yield paragraph("Normal", told, element("w:keepNext"))


def _figures(section: Section, numbers: Numbers) -> Element:
    header = [
        _cell(column.title, width, "TableHeading") for column, width in zip(section.columns, _WIDTHS, strict=False)
    ]
    rows = [
        element("w:tr", None, *(
            _cell(_shown(cell, numbers), width, "TableNumber" if at else "TableText")
            for at, (cell, width) in enumerate(zip(row.cells, _WIDTHS, strict=False))
        ))
        for row in section.rows
    ]  # fmt: skip
    grid = element("w:tblGrid", None, *(element("w:gridCol", {"w:w": str(width)}) for width in _WIDTHS))
    look = element(
        "w:tblPr", None, valued("w:tblStyle", "ReportTable"), element("w:tblW", {"w:w": "5000", "w:type": "pct"})
    )
    return element("w:tbl", None, look, grid, element("w:tr", None, *header), *rows)


def _shown(cell: object, numbers: Numbers) -> str:
    if isinstance(cell, Decimal):
        return numbers.plain(cell, 2 if cell % 1 else 0)
    return cell if isinstance(cell, str) else ""


def _cell(text: str, width: int, style: str) -> Element:
    size = element("w:tcPr", None, element("w:tcW", {"w:w": str(width), "w:type": "dxa"}))
    return element("w:tc", None, size, paragraph(style, [run(text)]))


# ---------------------------------------------------------------- fields


def _field(unit: UnitForm, entry: Entry, form: Form, keys: list[str]) -> Iterator[Element]:
    """Yield the name of a field, and the field."""
    keys.append(key_text((unit.code, *entry.key)))
    label = f"{entry.label} *" if entry.required else entry.label
    yield paragraph("Label", [run(label)], element("w:keepNext"))
    if entry.choices:
        content = [paragraph("Normal", [_drop_down(entry, form.words.choose_here, len(keys))])]
    else:
        content = [paragraph("Normal", [run(line)] if line else []) for line in entry.shown.split("\n")]
    high, short = entry.kind == "text" and entry.key != ACTOR, len(entry.shown) <= _SHORT
    yield _yellow(content, high=high, needed=entry.required, whole=short)


def _yellow(content: list[Element], *, high: bool, needed: bool, whole: bool) -> Element:
    """Return a field: a table of one cell, which every program keeps, and in which texts may have paragraphs.

    Where it is to be `whole`, no page ends inside it.
    """
    edge = element("w:left", {"w:val": "single", "w:sz": "24" if needed else "4", "w:space": "0", "w:color": "1B4F72"})
    look = element(
        "w:tblPr", None, element("w:tblW", {"w:w": "5000", "w:type": "pct"}), element("w:tblBorders", None, edge)
    )
    cell = element(
        "w:tcPr",
        None,
        element("w:tcW", {"w:w": str(TEXT_WIDTH), "w:type": "dxa"}),
        element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": _YELLOW}),
    )
    least = element("w:trHeight", {"w:val": _HIGH if high else _LOW, "w:hRule": "atLeast"})
    height = element("w:trPr", None, element("w:cantSplit") if whole else None, least)
    grid = element("w:tblGrid", None, element("w:gridCol", {"w:w": str(TEXT_WIDTH)}))
    return element("w:tbl", None, look, grid, element("w:tr", None, height, element("w:tc", None, cell, *content)))


def _drop_down(entry: Entry, placeholder: str, number: int) -> Element:
    """Return a content control with a list to choose from."""
    choices = [element("w:listItem", {"w:displayText": one, "w:value": one}) for one in entry.choices]
    properties = element(
        "w:sdtPr",
        None,
        valued("w:alias", in_one_line(entry.label)),
        valued("w:id", str(100_000 + number)),
        None if entry.shown else element("w:showingPlcHdr"),
        element("w:dropDownList", None, *choices),
    )
    text = run(entry.shown) if entry.shown else run(placeholder, style="ToneMuted")
    return element("w:sdt", None, properties, element("w:sdtContent", None, text))


def _hide(form: Form, keys: list[str], file: WordDocument) -> None:
    """Put what tells programs whose form it is, and which field is which, into the file's own properties.

    They are cut in pieces: no program promises to keep a longer one.
    """
    places = placed(keys)
    said = json.dumps([encode(form.identity, places), keys])
    pieces = [said[start : start + _PIECE] for start in range(0, len(said), _PIECE)]
    properties = "".join(
        f'<property fmtid="{_FORMAT_ID}" pid="{number + 1}" name="{HIDDEN}-{number}">'
        f"<vt:lpwstr>{escape(piece)}</vt:lpwstr></property>"
        for number, piece in enumerate(pieces, 1)
    )
    whole = f'{_DECLARATION}<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_TYPES}">{properties}</Properties>'
    package = file.part.package
    part = Part(PackURI("/docProps/custom.xml"), _CONTENT_TYPE, whole.encode(), package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
