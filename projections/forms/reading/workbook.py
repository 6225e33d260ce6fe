"""A form that was filled in as a workbook (.xlsx, .ods), whatever program saved it."""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

from attrs import frozen

from heinola_es.errors import BadInput
from heinola_es.importing.files import utf8_name
from heinola_es.importing.ledger.reading.limits import look_at
from heinola_es.importing.ledger.reading.ods_scan import ods_sheets
from heinola_es.importing.ledger.reading.workbook_limits import look_through, opened
from projections.forms.filled import FilledForm
from projections.forms.identity import HIDDEN, NoForm, decode, settled
from projections.writers.xlsx.sheet_cells import stored_text

if TYPE_CHECKING:
    from pathlib import Path
    from zipfile import ZipFile

    from projections.forms.identity import Placed

_MOST_TOLD = 5
"""So many changed cells of a form are told one by one."""
_PLACE = 4  # columns of the hidden sheet
_LETTERS = 26
_FORMULA = re.compile(r"""<(?:\w+:)?c\s[^>]*?\br=["']([A-Z]{1,3}\d{1,7})["'][^>]*>\s*<(?:\w+:)?f[\s>/]""")


def read_workbook(path: Path) -> FilledForm:
    """Return a form as it was filled in, with what is wrong with it.

    Raises:
        BadInput: it is no workbook, or no form.
    """
    with_formulas = _looked_through(path)
    sheets = _sheets(path)
    rows = sheets.get(HIDDEN)
    if not rows or not rows[0]:
        raise NoForm(f"{path.name}: it is no form of `heinola form`, or its hidden sheet was taken away")
    places = tuple(_placed(row) for row in rows[1:] if any(row))
    hidden = decode(str(rows[0][0]), places, path.name)
    form = FilledForm(utf8_name(path.name), hidden.identity, held=stored_text)
    cells = _Cells(sheets)
    for where in with_formulas:
        form.wrong.append(f"{where} has a formula, and what it comes to is not read; write the text or number itself")
    changed = [where for where in (_changed(place, cells) for place in places) if where]
    for where in changed[:_MOST_TOLD]:
        form.wrong.append(f"{where} is locked and was changed; fill in the form that was sent, or make a new one")
    if len(changed) > _MOST_TOLD:
        form.wrong.append(f"{len(changed) - _MOST_TOLD} more locked cells were changed")
    if not changed:
        _take_fields(form, places, cells)
    return form


def _take_fields(form: FilledForm, places: tuple[Placed, ...], cells: _Cells) -> None:
    for kind, sheet, cell, said in places:
        if kind == "entry":
            unit, *key = json.loads(said)
            try:
                form.take(f"{sheet}!{cell}", unit, tuple(key), cells.text(sheet, cell))
            except BadInput as error:
                form.wrong.append(f"{sheet}!{cell}: {error}")


def _placed(row: list[Any]) -> Placed:
    kind, sheet, cell, said = (_text(value) for value in (*row, *[""] * _PLACE)[:_PLACE])
    return kind, sheet, cell, said


def _changed(place: Placed, cells: _Cells) -> str:
    """Return which locked cell says something else than when the form was made; empty where it does not."""
    kind, sheet, cell, said = place
    if kind != "locked":
        return ""
    value = cells.value(sheet, cell)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "" if f"{value:.2f}" == said or _text(value) == said else f"{sheet}!{cell}"
    return "" if settled(_text(value)) == settled(said) else f"{sheet}!{cell}"


@frozen(slots=True)
class _Cells:
    """The cells of a workbook by the name of their sheet and their own: `A1`."""

    sheets: dict[str, list[list[Any]]]

    def value(self, sheet: str, cell: str) -> Any:  # noqa: ANN401 - whatever a cell holds
        row, column = _row_and_column(cell)
        rows = self.sheets.get(sheet, [])
        return rows[row][column] if row < len(rows) and column < len(rows[row]) else ""

    def text(self, sheet: str, cell: str) -> str:
        """Return what stands in a field.

        Raises:
            BadInput: a spreadsheet took it for a day.
        """
        value = self.value(sheet, cell)
        if isinstance(value, date | datetime):
            raise BadInput(f"a day stands there ({value:%d.%m.%Y}); write it as text")
        return _text(value)


def _row_and_column(cell: str) -> tuple[int, int]:
    letters = cell.rstrip("0123456789")
    column = 0
    for letter in letters:
        column = column * _LETTERS + ord(letter) - ord("A") + 1
    return int(cell[len(letters) :]) - 1, column - 1


def _text(value: Any) -> str:  # noqa: ANN401 - whatever a cell holds
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float):
        return f"{value:.15g}" if value != int(value) else str(int(value))
    return str(value)


def _looked_through(path: Path) -> list[str]:
    """Return where a workbook that is safe to read has formulas: the cells, of an OpenDocument the sheets.

    Raises:
        BadInput: it is not.
    """
    if look_at(path).kind == "ods":
        return [f"sheet {name}" for name, scan in ods_sheets(path, lambda _size: None).items() if scan.formulas]
    look_through(path, lambda _size: None)
    return formulas(path)


def _sheets(path: Path) -> dict[str, list[list[Any]]]:
    from python_calamine import CalamineError, CalamineWorkbook  # noqa: PLC0415 - where a workbook is read alone

    try:
        with CalamineWorkbook.from_path(path) as book:
            return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}
    except (CalamineError, OSError) as error:
        raise BadInput(f"{path} cannot be read as a workbook ({error}); save it as .xlsx") from None


def formulas(path: Path) -> list[str]:
    """Return the cells of a workbook that have a formula: `sheet!A1`."""
    with opened(path) as (package, parts):
        read = {part.filename: part for part in parts}
        names = _names_of_parts(package)
        found = []
        for part, name in names.items():
            if part in read:
                cells = _FORMULA.findall(package.read(part).decode("utf-8", "replace"))
                found += [f"{name}!{cell}" for cell in cells]
    return found


def _names_of_parts(package: ZipFile) -> dict[str, str]:
    """Return the names of the sheets, by the part that each stands in."""
    ids = ET.fromstring(package.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - looked through before
    targets = {one.get("Id"): str(one.get("Target")).lstrip("/").removeprefix("xl/") for one in ids}
    book = ET.fromstring(package.read("xl/workbook.xml"))  # noqa: S314
    sheets = [one for one in book.iter() if one.tag.endswith("}sheet")]
    by_id = {next((value for name, value in one.items() if name.endswith("}id")), ""): one for one in sheets}
    return {f"xl/{targets[at]}": str(one.get("name")) for at, one in by_id.items() if at in targets}
