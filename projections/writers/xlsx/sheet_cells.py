"""Texts and numbers as an XLSX file can hold them (ECMA-376)."""

from __future__ import annotations

import math
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.report.content.document import NumberForm

MOST_UNITS = 32_767
"""How long a text in a cell is at most, in UTF-16 units."""
NUMBER_FORMATS: Mapping[NumberForm, str] = {
    "euros": "#,##0",
    "cents": "#,##0.00",
    "thousands": "#,##0",
    "percent": "0.00%",
    "plain": "General",
    "date": "d.m.yyyy",
}
"""How a spreadsheet shows a number; which marks part its digits is up to the reader's own settings."""
SHOWN_IN_THOUSANDS = "#,##0,"

_NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_END = re.compile(r"\r\n?")
_ESCAPE = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_ESCAPES_SHARE_AN_UNDERSCORE = re.compile(r"_x[0-9A-Fa-f]{4}_x[0-9A-Fa-f]{4}_")
_CENT_LOST = Decimal("0.005")
_AS_EXCEL = Context(prec=15, rounding=ROUND_HALF_UP)
"""Excel holds 15 digits."""


def stored_text(text: str) -> str:
    """Return the text that a cell can hold.

    Lines end in LF; what XML cannot hold is U+FFFD; what is beyond `MOST_UNITS` is left out, which an ellipsis tells.
    """
    return _cut(_NOT_IN_XML.sub("\ufffd", _LINE_END.sub("\n", text)), MOST_UNITS)


def for_xlsxwriter(text: str) -> str:
    """Return what XlsxWriter is to be given so that a cell holds this text, which `stored_text` returned.

    XlsxWriter takes a text from `<r>` to `</r>` for XML of its own making and writes it as it stands; and it leaves
    `_x0041_` as it stands right behind another, which Excel then reads as `A`. Such texts are given as XML.
    """
    if not (text.startswith("<r>") and text.endswith("</r>")) and not _ESCAPES_SHARE_AN_UNDERSCORE.search(text):
        return text
    written = _as_xml(text)
    # The limit counts the letters of the XML. None takes more than five: &amp;
    return written if len(written.encode("utf-16-le")) // 2 <= MOST_UNITS else _as_xml(_cut(text, MOST_UNITS // 6))


def exact_number(value: Decimal | int, form: NumberForm | None) -> float | None:
    """Return the number for a cell, per cents as a fraction; None where a cent would be lost.

    Args:
        value: as in `Cell.value`.
        form: how it is shown.
    """
    exact = Decimal(value)
    if not exact.is_finite():
        return None
    held = _AS_EXCEL.plus(exact)
    if abs(held - exact) >= _CENT_LOST:
        return None
    number = float(held.scaleb(-2) if form == "percent" else held) + 0.0  # no -0
    return number if math.isfinite(number) else None


def _cut(text: str, units: int) -> str:
    as_units = text.encode("utf-16-le")
    if len(as_units) <= units * 2:
        return text
    return as_units[: units * 2 - 2].decode("utf-16-le", "ignore") + "…"


def _as_xml(text: str) -> str:
    escaped = _ESCAPE.sub("&#95;x005F&#95;", escape(text))
    return f'<r><t xml:space="preserve">{escaped}</t></r>'
