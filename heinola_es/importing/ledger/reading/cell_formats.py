"""What cells of a workbook are shown in: a format may say thousands (`# ##0 "t€"`) where no header does."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from heinola_es.importing.ledger.reading.money_marks import money_in

if TYPE_CHECKING:
    from zipfile import ZipFile

_CELL = re.compile(rb"<(?:\w+:)?c\b([^<>]*+)>")
_PLACE = re.compile(rb"""\br\s*=\s*["']([A-Za-z]{1,3})\d""")
_STYLE = re.compile(rb"""\bs\s*=\s*["'](\d{1,6})["']""")
_SCALED = re.compile(r"[0#?],+(?![0#?])")
"""A comma behind the last digit shows thousands of what the cell holds, which is in euros all the same."""
_STYLES = "xl/styles.xml"


def money_of_columns(package: ZipFile, part: str) -> dict[str, str]:
    """Return by letters of a column the unit, `thousand` or `million`, that the formats of its cells say they are in.

    Args:
        package: a workbook (ECMA-376) that was found harmless.
        part: of its sheet.
    """
    marked = _marked_styles(package)
    if not marked:
        return {}
    found: dict[str, str] = {}
    for attributes in _CELL.findall(package.read(part)):
        style, place = _STYLE.search(attributes), _PLACE.search(attributes)
        if style and place and int(style[1]) in marked:
            found[place[1].decode().upper()] = marked[int(style[1])]
    return found


def _marked_styles(package: ZipFile) -> dict[int, str]:
    """Return by the number of a style the unit that its format says."""
    if _STYLES not in package.namelist():
        return {}
    styles = ET.fromstring(package.read(_STYLES))  # noqa: S314 - looked through before: without entities of its own
    formats = {node.get("numFmtId"): str(node.get("formatCode")) for node in styles.iter() if _is(node, "numFmt")}
    units = {
        number: unit
        for number, code in formats.items()
        if not _SCALED.search(code) and (unit := money_in(_words(code)))
    }
    of_cells = next((node for node in styles.iter() if _is(node, "cellXfs")), ())
    return {at: units[said] for at, node in enumerate(of_cells) if (said := node.get("numFmtId")) in units}


def _words(code: str) -> str:
    r"""Return what a format writes beside the digits: `"t€"`, `\\k\\€`."""
    return code.replace('"', "").replace("\\", "").replace("[$", " ").replace("]", " ")


def _is(node: ET.Element, name: str) -> bool:
    return node.tag.rpartition("}")[2] == name
