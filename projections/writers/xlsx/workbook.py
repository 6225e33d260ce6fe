"""The report as a workbook (XLSX) for whoever wants to count further: a summary, then the tables as lists.

Numbers are numbers, money in euros whatever the page shows, per cents fractions, dates dates; what is unknown is an
empty cell, never 0. There is no formula, no macro and no link out of the file: a text stays a text, and one that a
spreadsheet might run is marked so that it stays one when it is edited. The same document gives the same bytes.
"""

from __future__ import annotations

import textwrap
from datetime import UTC, date
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING

import xlsxwriter
from attrs import evolve

from projections.report.content.carried import ELEMENT, carried
from projections.report.content.document import Callout, Facts, Paragraph, Picture, Table
from projections.report.language.scale import UNKNOWN
from projections.writers.spreadsheets import reads_as_formula
from projections.writers.xlsx.sheet_cells import (
    NUMBER_FORMATS,
    SHOWN_IN_THOUSANDS,
    exact_number,
    for_xlsxwriter,
    stored_text,
)
from projections.writers.xlsx.sheets import free_name, header_of, sheets

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

    from projections.report.content.document import Block, Bullets, Cell, Column, Document, Row, Run, Tone
    from projections.writers.xlsx.sheets import Sheet

Look = dict[str, str | int | bool]

_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_A4 = 9
_CELL: Look = {"valign": "top"}
_HEADER: Look = {"bold": True, "bg_color": "#E6ECF1", "bottom": 1, "valign": "vcenter", "text_wrap": True}
_NOTE: Look = {"italic": True, "font_color": "#595959"}
_BOLD: Look = {"bold": True}
_LINK: Look = {"font_color": "#1B4F72", "underline": 1}
_TONES: Mapping[Tone, str] = {"good": "#1E6B34", "attention": "#7A4F00", "bad": "#A4161A", "muted": "#595959"}
_LETTERS_OF_A_BUTTON = 3
"""How much of a header the button of the filter hides."""
_NARROWEST, _WIDE, _WIDEST, _WIDEST_FROZEN = 8, 34, 64, 90
_MANY_LINES = 8
"""A column with texts of more lines than this is made wider."""
_SUMMARY_WIDTHS = (30, 75)
_LINE_HEIGHT, _HIGHEST = 15, 409
_PIECE = 32_000
"""Characters of a proof in one cell."""
_FIRST_DATE = date(1900, 3, 1)
"""Excel's calendar is off by a day before."""


def workbook(document: Document) -> bytes:
    """Return the report as an XLSX file.

    Args:
        document: the report; its tables that name a sheet are the lists.
    """
    file = BytesIO()
    with xlsxwriter.Workbook(file, _OPTIONS) as book:
        book.set_properties(_properties(document))
        looks = _Looks(book)
        summary = free_name(document.interface.summary, ())
        lists = list(sheets(document, taken=[summary]))
        _write_summary(_Page(book.add_worksheet(summary), looks), document, lists)
        for each in lists:
            _write_list(_Page(book.add_worksheet(each.name), looks), document, each)
        _write_proof(book, looks, carried(document, map(_as_table, lists)), [summary, *(each.name for each in lists)])
    return file.getvalue()


def _as_table(listed: Sheet) -> Table:
    """Return a list as the table that its sheet is, which a proof tells of."""
    columns = tuple(evolve(column, title=header_of(column)) for column in listed.columns)
    rows = tuple(evolve(row, cells=tuple(map(_as_held, row.cells))) for row in listed.rows)
    return Table(key="sheet", caption=listed.name, columns=columns, rows=rows)


def _as_held(cell: Cell) -> Cell:
    """Return a cell whose text is what the sheet holds: a number or a date as programs write it."""
    if isinstance(cell.value, date):
        return evolve(cell, text=cell.value.isoformat()) if cell.value >= _FIRST_DATE else cell
    number = None if cell.value is None else exact_number(cell.value, cell.form)
    if number is not None:
        return evolve(cell, text=repr(number))
    return evolve(cell, text="") if _is_empty(cell) else cell


def _is_empty(cell: Cell) -> bool:
    return cell.value is None and cell.text.strip() == UNKNOWN


def _write_proof(book: xlsxwriter.Workbook, looks: _Looks, proof: str, taken: list[str]) -> None:
    """Write a proof, if there is one, piece by piece into a sheet that is not shown."""
    if not proof:
        return
    page = _Page(book.add_worksheet(free_name(ELEMENT, taken)), looks)
    for number, start in enumerate(range(0, len(proof), _PIECE)):
        page.text(number, 0, proof[start : start + _PIECE], {})
    page.sheet.very_hidden()


def _properties(document: Document) -> dict[str, object]:
    # XlsxWriter takes the clock for a file that does not say when it was created.
    return {
        "title": stored_text(document.title),
        "subject": stored_text(document.subject),
        "author": stored_text(document.city),
        "created": document.written.astimezone(UTC).replace(tzinfo=None),
    }


class _Looks:
    """The formats of a workbook, each made once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._made: dict[tuple[tuple[str, str | int | bool], ...], Format] = {}

    def format(self, look: Look) -> Format:
        key = tuple(sorted(look.items()))
        if key not in self._made:
            self._made[key] = self._book.add_format(look)
        return self._made[key]


class _Page:
    """A worksheet that is written cell by cell; rows and columns count from 0."""

    def __init__(self, sheet: Worksheet, looks: _Looks) -> None:
        self.sheet = sheet
        self._looks = looks

    def text(self, row: int, column: int, text: str, look: Look) -> None:
        """Write a text, which never becomes anything else."""
        if reads_as_formula(text):
            look = look | {"quote_prefix": True}
        stored = stored_text(text)
        if stored:
            self.sheet.write_string(row, column, for_xlsxwriter(stored), self._looks.format(look))
        else:
            self.sheet.write_blank(row, column, None, self._looks.format(look))

    def number(self, row: int, column: int, number: float, look: Look) -> None:
        self.sheet.write_number(row, column, number, self._looks.format(look))

    def day(self, row: int, column: int, day: date, look: Look) -> None:
        self.sheet.write_datetime(row, column, day, self._looks.format(look))

    def link(self, row: int, column: int, name: str) -> None:
        """Write the name of another sheet, which leads there."""
        place = name.replace("'", "''")
        self.sheet.write_url(row, column, f"internal:'{place}'!A1", self._looks.format(_LINK), name)


# ---------------------------------------------------------------- lists


def _write_list(page: _Page, document: Document, listed: Sheet) -> None:
    headers = [header_of(column) for column in listed.columns]
    beside = _beside_numbers(listed)
    for number, (header, column) in enumerate(zip(headers, listed.columns, strict=True)):
        page.text(0, number, header, _HEADER | {"align": _side(column), "indent": int(number in beside)})
    shown = [_write_row(page, number, row, listed) for number, row in enumerate(listed.rows, 1)]
    widths = [
        _column_width(header, texts, _WIDEST if number in beside else _WIDE)
        for number, (header, *texts) in enumerate(zip(headers, *shown, strict=True))
    ]
    for number, width in enumerate(widths):
        page.sheet.set_column(number, number, width)
    page.sheet.set_row(0, _height(headers, [width - _LETTERS_OF_A_BUTTON for width in widths]))
    for number, texts in enumerate(shown, 1):
        page.sheet.set_row(number, _height(texts, widths))
    for number, note in enumerate(listed.notes, len(listed.rows) + 2):
        page.text(number, 0, note, _NOTE)
    _make_usable(page.sheet, listed, widths)
    _set_up_print(page.sheet, document)
    page.sheet.set_landscape()


def _write_row(page: _Page, number: int, row: Row, listed: Sheet) -> list[str]:
    """Write a row, and return its cells as they are shown."""
    look = _CELL | _BOLD if row.kind == "total" else _CELL
    looks = [look] * len(listed.columns)
    if row.kind == "part":
        looks[listed.front] = look | {"indent": 1}
    for place in _beside_numbers(listed):
        looks[place] = look | {"indent": 1}
    cells = enumerate(zip(row.cells, listed.columns, looks, strict=True))
    return [_write_cell(page, (number, place), cell, column, its_look) for place, (cell, column, its_look) in cells]


def _beside_numbers(listed: Sheet) -> set[int]:
    """Return which columns are texts right after a number: what is said of it, apart from it and on few lines."""
    columns = listed.columns
    return {at for at in range(1, len(columns)) if columns[at - 1].numeric and not columns[at].numeric}


def _make_usable(sheet: Worksheet, listed: Sheet, widths: list[int]) -> None:
    """Keep header and first columns in sight, let every column be filtered, and repeat the header on paper."""
    last_row, last_column = len(listed.rows), len(listed.columns) - 1
    kept = listed.front + 1
    while kept > 1 and sum(widths[:kept]) > _WIDEST_FROZEN:
        kept -= 1
    sheet.freeze_panes(1, kept)
    sheet.autofilter(0, 0, last_row, last_column)
    sheet.repeat_rows(0)
    # Codes such as 0410 are texts, and meant to be.
    sheet.ignore_errors({"number_stored_as_text": f"A1:{xlsxwriter.utility.xl_rowcol_to_cell(last_row, last_column)}"})


def _write_cell(page: _Page, place: tuple[int, int], cell: Cell, column: Column, look: Look) -> str:
    """Write a cell, and return about what it shows."""
    look = look | {"align": _side(column)}
    if cell.tone is not None:
        look = look | {"font_color": _TONES[cell.tone]}
    if isinstance(cell.value, date):
        if cell.value >= _FIRST_DATE:
            page.day(*place, cell.value, look | {"num_format": NUMBER_FORMATS["date"]})
            return "31.12.2020"
    elif cell.value is not None:
        number = exact_number(cell.value, cell.form)
        if number is not None:
            page.number(*place, number, look | {"num_format": _number_format(cell, column)})
            return f"{number:,.2f}"
    text = "" if _is_empty(cell) else cell.text
    page.text(*place, text, look | {"text_wrap": True})
    return text


def _number_format(cell: Cell, column: Column) -> str:
    # Where the header speaks of thousands, what is shown below it must be thousands.
    if cell.form == "thousands" and "€" in column.title and not column.sheet_title:
        return SHOWN_IN_THOUSANDS
    return NUMBER_FORMATS[cell.form or "plain"]


def _side(column: Column) -> str:
    return "right" if column.numeric else "left"


# ---------------------------------------------------------------- widths and heights


def _column_width(header: str, texts: list[str], wide: int) -> int:
    """Return how wide a column is, in letters: words stay whole, short texts too, long texts are not spread out."""
    words = _longest(header.split())
    needed = max(words, len(header) // 3) + _LETTERS_OF_A_BUTTON
    needed = max(needed, _longest(line for text in texts for line in text.splitlines()) + 2, _NARROWEST)
    wide = max(wide, _longest(word for text in texts for word in text.split()) + 2)
    if max(_lines(text, wide) for text in texts) > _MANY_LINES:
        wide = _WIDEST
    return min(needed, wide, _WIDEST)


def _longest(texts: Iterable[str]) -> int:
    return max(map(len, texts), default=0)


def _height(texts: Iterable[str], widths: Iterable[int]) -> float:
    """Return how high a row must be, in points, to show texts that are wrapped; not every program works it out."""
    lines = max(_lines(text, width) for text, width in zip(texts, widths, strict=True))
    return min(lines * _LINE_HEIGHT, _HIGHEST)


@lru_cache(maxsize=20_000)
def _lines(text: str, width: int) -> int:
    """Return how many lines a text takes; most texts are short, and to find out how words part takes long."""
    if len(text) <= width and text.isprintable():
        return 1
    return sum(len(textwrap.wrap(line, max(width, 1))) or 1 for line in text.splitlines()) or 1


# ---------------------------------------------------------------- the summary


def _write_summary(page: _Page, document: Document, lists: list[Sheet]) -> None:
    page.sheet.hide_gridlines(2)
    for number, width in enumerate(_SUMMARY_WIDTHS):
        page.sheet.set_column(number, number, width)
    page.text(0, 0, document.title, {"bold": True, "font_size": 18})
    page.text(1, 0, f"{document.city} · {document.subject} · {document.period}", {"font_size": 12})
    row = 3
    for label, text, look in _summary_lines(document):
        page.text(row, 0, label, _BOLD | {"text_wrap": True, "valign": "top"})
        page.text(row, 1, text, look | {"text_wrap": True, "valign": "top", "align": "left"})
        page.sheet.set_row(row, _height((label, text), _SUMMARY_WIDTHS))
        row += 1
    page.text(row + 1, 0, document.interface.contents, _BOLD | {"font_size": 14})
    for number, each in enumerate(lists, row + 2):
        page.link(number, 0, each.name)
    _set_up_print(page.sheet, document)


_Line = tuple[str, str, Look]
"""What stands to the left, what to the right, and how the right looks."""
_EMPTY: _Line = ("", "", {})


def _summary_lines(document: Document) -> Iterator[_Line]:
    """Yield the facts of the cover and the summary; what names a part stands to the left of its first line."""
    yield from _facts(document.cover)
    yield _EMPTY
    waiting = ""
    for label, text, look in (line for block in document.summary for line in _lines_of(block)):
        if waiting and (label or not text):
            yield waiting, "", {}
            waiting = ""
        if label and not text:
            waiting = label
        else:
            yield label or waiting, text, look
            waiting = ""
    if waiting:
        yield waiting, "", {}


def _lines_of(block: Block) -> Iterator[_Line]:
    """Yield what a block of the summary says; of a picture what it shows in words; a table is a list of its own."""
    if isinstance(block, Facts):
        yield from _facts(block)
    elif isinstance(block, Picture):
        yield block.caption, block.alternative, {}
    elif isinstance(block, Callout):
        yield _EMPTY
        yield block.title, "", {}
        for below in block.blocks:
            yield from _texts(below)
    elif isinstance(block, Paragraph) and block.style == "label":
        yield _EMPTY
        yield _plain(block.runs), "", {}
    elif not isinstance(block, Table):
        yield from _texts(block)


def _facts(facts: Facts) -> Iterator[_Line]:
    for fact in facts.facts:
        yield fact.name, fact.value, {"font_name": "Courier New", "font_size": 9} if fact.machine else {}


def _texts(block: Paragraph | Bullets) -> Iterator[_Line]:
    if isinstance(block, Paragraph):
        looks: Mapping[str, Look] = {"note": _NOTE, "label": _BOLD}
        yield "", _plain(block.runs), looks.get(block.style, {})
        return
    for number, item in enumerate(block.items, 1):
        yield "", f"{f'{number}.' if block.numbered else '•'} {_plain(item)}", {"indent": 1}


def _plain(runs: tuple[Run, ...]) -> str:
    return "".join(run.text for run in runs)


# ---------------------------------------------------------------- paper


def _set_up_print(sheet: Worksheet, document: Document) -> None:
    words = document.interface
    about = _in_footer(f"{document.city} – {document.title}", 80)
    page, of = _in_footer(words.page, 15), _in_footer(words.page_of, 15)
    sheet.set_paper(_A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{about}&R{page} &P {of} &N")


def _in_footer(text: str, most: int) -> str:
    """Return the beginning of a text for a footer, which has 255 letters at most, and where & begins an instruction."""
    return " ".join(stored_text(text).split())[:most].replace("&", "&&")
