"""A form as a workbook (XLSX): a sheet for each unit, and a hidden one that says what is what.

What is not for filling in is grey and locked, what is to be filled in yellow; rows may be made higher. Numbers to be
filled in are texts, so that no spreadsheet takes `1.4` for a day.
"""

from __future__ import annotations

import textwrap
from decimal import Decimal
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter
from attrs import define, field
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from projections.forms.identity import HIDDEN, Placed, encode, key_text
from projections.forms.model import ACTOR, Entry, Form, UnitForm
from projections.writers.spreadsheets import reads_as_formula
from projections.writers.xlsx.sheet_cells import for_xlsxwriter, stored_text
from projections.writers.xlsx.sheets import free_name

if TYPE_CHECKING:
    from datetime import datetime

    from projections.forms.model import Cell, Column, Row, Section

WIDTHS = (34, 24, 44, 17, 17, 52)
"""Of the six columns of a sheet, in letters."""
_LAST = len(WIDTHS) - 1
_A4 = 9
_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
_LINE, _HIGHEST = 15, 409
_LINES_TO_WRITE = 6
"""How many lines there is room for where a text is to be written."""
_GREY, _YELLOW, _HEAD, _LINE_COLOUR = "#EDEDED", "#FFF6CC", "#1B4F72", "#A6A6A6"
_ALLOWED = {"format_rows": True, "format_columns": True, "select_locked_cells": True, "select_unlocked_cells": True}

Look = dict[str, str | int | bool]
_BOX: Look = {"valign": "top", "text_wrap": True, "border": 1, "border_color": _LINE_COLOUR}
_LOCKED: Look = _BOX | {"bg_color": _GREY}
_TO_FILL: Look = _BOX | {"bg_color": _YELLOW, "locked": False, "num_format": "@"}
_NEEDED: Look = {"left": 5, "left_color": _HEAD}
_TITLE: Look = {"bold": True, "font_size": 16, "font_color": _HEAD}
_SECTION: Look = {"bold": True, "font_size": 13, "font_color": "#FFFFFF", "bg_color": _HEAD, "valign": "vcenter"}
_HEADER: Look = _BOX | {"bold": True, "bg_color": "#D6DCE4", "valign": "vcenter"}
_HINT: Look = {"italic": True, "font_color": "#595959", "text_wrap": True, "valign": "top"}


def workbook(form: Form, made: datetime) -> bytes:
    """Return a form as an XLSX file; the same form gives the same bytes.

    Args:
        form: what is asked.
        made: when, which the file's properties tell.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties({"title": form.words.title, "author": form.identity.city, "created": made})
        places: list[Placed] = []
        looks: dict[tuple[tuple[str, str | int | bool], ...], Format] = {}
        names: list[str] = [HIDDEN]
        for unit in form.units:
            names.append(free_name(unit.title, names))
            _Sheet(book, book.add_worksheet(names[-1]), names[-1], form, unit, places, looks).write()
        _write_hidden(book.add_worksheet(HIDDEN), encode(form.identity, places), places)
    return file.getvalue()


def _write_hidden(sheet: Worksheet, identity: str, places: list[Placed]) -> None:
    sheet.write_string(0, 0, for_xlsxwriter(identity))
    for row, place in enumerate(places, 1):
        for column, text in enumerate(place):
            sheet.write_string(row, column, for_xlsxwriter(stored_text(text)))
    sheet.protect("", {})
    sheet.very_hidden()


@define(slots=True, eq=False)
class _Sheet:
    """The sheet of a unit being written, from the top down."""

    book: xlsxwriter.Workbook
    sheet: Worksheet
    name: str
    form: Form
    unit: UnitForm
    places: list[Placed]
    looks: dict[tuple[tuple[str, str | int | bool], ...], Format]
    row: int = field(init=False, default=0)

    def write(self) -> None:
        for column, width in enumerate(WIDTHS):
            self.sheet.set_column(column, column, width)
        self._head()
        for section in self.unit.sections:
            self._section(section)
        sheet, row = self.sheet, self.row
        sheet.hide_gridlines(2)
        sheet.freeze_panes(2, 0)
        sheet.set_landscape()
        sheet.set_paper(_A4)
        sheet.fit_to_pages(1, 0)
        sheet.print_area(0, 0, row, _LAST)
        sheet.set_footer("&L&A&R&P / &N")
        sheet.ignore_errors({"number_stored_as_text": f"A1:{xl_rowcol_to_cell(row, _LAST)}"})
        sheet.protect("", _ALLOWED)

    def _head(self) -> None:
        """Write what the form is, whose, what to do with it, and where to say who fills it in."""
        words = self.form.words
        self._across(f"{words.title} · {self.form.identity.city}", {"font_size": 12, "font_color": "#595959"})
        self._across(self.unit.title, _TITLE, height=26)
        if self.unit.responsible:
            self._across(f"{words.responsible}: {self.unit.responsible}", {})
        self.row += 1
        for number, sentence in enumerate(words.instructions, 1):
            self._across(f"{number}. {sentence}", {"text_wrap": True})
        self.row += 1
        self._locked(self.row, 0, words.actor, _HEADER)
        self._entry(self.row, 1, 2, Entry(key=ACTOR, kind="text", label=words.actor))
        middle: Look = {"align": "center", "valign": "vcenter"}
        self._text(self.row, 3, words.fill_in, _TO_FILL | middle | {"locked": True})
        self._text(self.row, 4, words.locked, _LOCKED | middle)
        self._text(self.row, 5, words.required, _TO_FILL | _NEEDED | {"locked": True, "valign": "vcenter"})
        self.sheet.set_row(self.row, 2 * _LINE + 4)
        self.row += 2

    def _across(self, text: str, look: Look, *, height: int | None = None) -> None:
        self._locked(self.row, 0, text, look, last=_LAST)
        if height:
            self.sheet.set_row(self.row, height)
        self.row += 1

    def _section(self, section: Section) -> None:
        self._across(section.title, _SECTION, height=22)
        if section.hint:
            self._across(section.hint, _HINT)
        needed = [any(isinstance(row.cells[at], Entry) and row.cells[at].required for row in section.rows)  # type: ignore[union-attr]
                  for at in range(len(section.columns))]  # fmt: skip
        for column, mark in zip(section.columns, needed, strict=True):
            title = f"{column.title} *" if mark else column.title
            self._locked(self.row, column.first, title, _HEADER, last=column.last)
        self.sheet.set_row(self.row, 2 * _LINE + 2)
        self.row += 1
        for row in section.rows:
            self._row(section, row)
        self.row += 1

    def _row(self, section: Section, row: Row) -> None:
        heights = [_lines_of(cell, column) for cell, column in zip(row.cells, section.columns, strict=True)]
        self.sheet.set_row(self.row, min(max(heights) * _LINE + 3, _HIGHEST))
        for cell, column in zip(row.cells, section.columns, strict=True):
            if isinstance(cell, Entry):
                self._entry(self.row, column.first, column.last, cell)
            elif isinstance(cell, Decimal):
                self._number(self.row, column.first, cell)
            else:
                self._locked(self.row, column.first, cell or "", _LOCKED, last=column.last)
        self.row += 1

    # ------------------------------------------------------------------ cells

    def _look(self, look: Look) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self.looks:
            self.looks[key] = self.book.add_format(look)
        return self.looks[key]

    def _text(self, row: int, first: int, text: str, look: Look, last: int | None = None) -> str:
        """Write a text, which never becomes anything else, and return it as the cell holds it."""
        stored = stored_text(text)
        made = self._look(look | {"quote_prefix": True} if reads_as_formula(stored) else look)
        if last is not None and last > first:
            self.sheet.merge_range(row, first, row, last, "", made)
        if stored:
            self.sheet.write_string(row, first, for_xlsxwriter(stored), made)
        else:
            self.sheet.write_blank(row, first, None, made)
        return stored

    def _locked(self, row: int, first: int, text: str, look: Look, last: int | None = None) -> None:
        stored = self._text(row, first, text, look, last)
        self.places.append(("locked", self.name, xl_rowcol_to_cell(row, first), stored))

    def _number(self, row: int, column: int, number: Decimal) -> None:
        self.sheet.write_number(row, column, float(number), self._look(_LOCKED | {"num_format": "#,##0.00"}))
        self.places.append(("locked", self.name, xl_rowcol_to_cell(row, column), f"{number:.2f}"))

    def _entry(self, row: int, first: int, last: int, entry: Entry) -> None:
        look = _TO_FILL | _NEEDED if entry.required else _TO_FILL
        self._text(row, first, entry.shown, look, last)
        self.places.append(("entry", self.name, xl_rowcol_to_cell(row, first), key_text((self.unit.code, *entry.key))))
        words = self.form.words
        if entry.choices:
            self.sheet.data_validation(
                row,
                first,
                row,
                first,
                {
                    "validate": "list",
                    "source": list(entry.choices),
                    "error_title": entry.label[:32],
                    "error_message": words.wrong_status,
                },
            )


def _lines_of(cell: Cell, column: Column) -> int:
    """Return how many lines a cell takes; where a text is to be written there is room for some."""
    width = sum(WIDTHS[column.first : column.last + 1])
    if isinstance(cell, Entry):
        wanted = _wrapped(cell.shown, width) + 1 if cell.shown else 1
        return max(wanted, _LINES_TO_WRITE) if cell.kind == "text" else 1
    return _wrapped(cell, width) if isinstance(cell, str) else 1


def _wrapped(text: str, width: int) -> int:
    """Return how many lines a text takes; a little narrower than it is, since letters are of all widths."""
    narrow = max(1, round(width * 0.92))
    return sum(len(textwrap.wrap(line, narrow)) or 1 for line in text.splitlines()) or 1
