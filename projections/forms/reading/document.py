"""A form that was filled in as a Word document, whatever program saved it: its yellow fields in their order."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from heinola_es.errors import BadInput
from heinola_es.importing.files import utf8_name
from heinola_es.importing.ledger.reading.workbook_limits import expanded, opened
from projections.forms.filled import FilledForm
from projections.forms.identity import HIDDEN, NoForm, decode, placed
from projections.report.language.words import words_in
from projections.writers.word.elements import safe

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY, _PROPERTIES = "word/document.xml", "docProps/custom.xml"
_LIMIT_BYTES = 50_000_000


def read_document(path: Path) -> FilledForm:
    """Return a form as it was filled in, with what is wrong with it.

    Raises:
        BadInput: it is no document, or no form.
    """
    body, properties = _read(path)
    try:
        line, keys = json.loads("".join(_pieces(properties)))
        places = placed(list(map(str, keys)))
    except (ValueError, TypeError):
        raise NoForm(f"{path.name}: it is no form of `heinola form`, or its hidden identity was taken away") from None
    hidden = decode(line, places, path.name)
    form = FilledForm(utf8_name(path.name), hidden.identity, held=safe)
    fields = list(_fields(body))
    if len(fields) != len(places):
        form.wrong.append(
            f"it has {len(fields)} yellow fields of {len(places)}; fill in the form that was sent, or make a new one"
        )
        return form
    for (_kind, _sheet, _name, key), text in zip(places, fields, strict=True):
        unit, *rest = json.loads(key)
        where = " ".join((unit, *(part for part in rest if part)))
        empty = text.strip() == words_in(hidden.identity.language).say("Choose here")
        form.take(where, unit, tuple(rest), "" if empty else text)
    return form


def _read(path: Path) -> tuple[ET.Element, ET.Element]:
    """Return the text of a document, and the properties of its own that a file has."""
    try:
        with opened(path) as (package, parts):
            by_name = {part.filename: part for part in parts}
            if _BODY not in by_name or _PROPERTIES not in by_name:
                raise NoForm(f"{path.name}: it is no form of `heinola form`, or no Word document")
            body, properties = (
                ET.fromstring(b"".join(expanded(path, package, by_name[name], _LIMIT_BYTES)))  # noqa: S314 - no entities
                for name in (_BODY, _PROPERTIES)
            )
            return body, properties
    except (OSError, ET.ParseError) as error:
        raise BadInput(f"{path} cannot be read as a document ({error}); save it as .docx") from None


def _pieces(properties: ET.Element) -> list[str]:
    """Return the pieces in which a form says whose it is, in order."""
    found: dict[int, str] = {}
    for one in properties:
        name, _, number = one.get("name", "").rpartition("-")
        if name == HIDDEN and number.isdecimal():
            found[int(number)] = "".join(one.itertext())
    return [found[number] for number in sorted(found)]


def _fields(body: ET.Element) -> Iterator[str]:
    """Yield what stands in each field: a table of one cell."""
    for table in body.iterfind(f"{_W}body/{_W}tbl"):
        cells = table.findall(f"{_W}tr/{_W}tc")
        if len(cells) == 1:
            yield _text(cells[0])


def _text(content: ET.Element) -> str:
    """Return what stands in a field; a paragraph, and a break inside one, begin a line."""
    said: list[str] = []
    for one in content.iter():
        if one.tag == f"{_W}t":
            said.append(one.text or "")
        elif one.tag in {f"{_W}br", f"{_W}cr"} or (one.tag == f"{_W}p" and said):
            said.append("\n")
        elif one.tag == f"{_W}tab":
            said.append("\t")
    return "".join(said)
