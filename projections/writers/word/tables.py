"""Tables that repeat their header on every page, in columns that fit the page."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import TYPE_CHECKING

from projections.report.content.document import Cell, Column, Paragraph, Row, Run, Table, Tone
from projections.writers.word.elements import element, field, in_one_line, paragraph, run, valued
from projections.writers.word.package import TEXT_WIDTH
from projections.writers.word.paragraphs import body, caption

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.writers.word.draft import Draft
    from projections.writers.word.elements import Element

STYLE = "ReportTable"
TONES: dict[Tone, str] = {"good": "ToneGood", "attention": "ToneAttention", "bad": "ToneBad", "muted": "ToneMuted"}
LOOK = {"w:val": "06A0", "w:noHBand": "1", "w:noVBand": "1"} | {
    f"w:{part}": "1" if part.startswith("first") else "0"
    for part in ("firstRow", "lastRow", "firstColumn", "lastColumn")
}
"""Which parts of a table have a look of their own: the header row, and the first column, which names the rows."""
KEPT_TOGETHER = 8
"""Rows of a table that is not torn apart by a page's end."""
_SHORT_TEXTS = 800
"""Characters of the longest cells of its rows; a table with more takes too much of a page to be kept on one."""
CHARACTER_WIDTH = 122
CELL_MARGINS = 150
"""What a character of a figure or a header takes, and what stands free beside it, in twentieths of a point.

It has room even in a wide typeface that stands in for ours, and in bold: `Budget 2020` is not torn.
"""
MANY_COLUMNS = 6
"""A table with more of them has smaller letters, nearer to each other, so that what a row is called has room beside."""
SMALL = "Small"
"""What the styles of such a table are called beyond those of others."""
_SMALLER = 15 / 18
_SMALL_MARGINS = 90
LONGEST_WORD = 22
"""Characters of a header's word that have room on one line; a longer one may break."""
_BREAKS = re.compile(r"[ \n/–-]")


def table(block: Table, draft: Draft) -> Iterator[Element]:
    """Yield a table's caption, the table and its note."""
    small = SMALL if len(block.columns) > MANY_COLUMNS else ""
    widths = column_widths(block.columns, block.rows, TEXT_WIDTH)
    title, number = block.caption, number_of(block, draft)
    if block.part_of and number is not None:  # its number is that of the table, and is not counted again
        title, number = "{}\u00a0{}. {}".format(*number, title), None
    yield caption(title, number, bookmark_of(block.key), draft, stays=True)
    rows = [
        _row(row, block.columns, widths, draft.tint, small, keep=_stays_with_next(at, block))
        for at, row in enumerate(block.rows)
    ]
    yield element(
        "w:tbl",
        None,
        _table_properties(block, sum(widths)),
        element("w:tblGrid", None, *(element("w:gridCol", {"w:w": str(width)}) for width in widths)),
        _header(block.columns, widths, small),
        *rows,
    )
    if block.note:
        yield body(Paragraph(runs=(Run(block.note),), style="note"))


def number_of(block: Table, draft: Draft) -> tuple[str, int] | None:
    """Return what a table is called and its number, or None where it has none."""
    number = draft.numbers.tables.get(block.part_of or block.key)
    return None if number is None else (draft.interface.table, number)


def bookmark_of(key: str) -> str:
    """Return the name of the bookmark of a table or a picture, whose key may be longer than Word allows."""
    return f"_Ref{sha256(key.encode()).hexdigest()[:20]}"


def column_widths(columns: Sequence[Column], rows: Sequence[Row], available: int) -> list[int]:
    """Return how wide columns are: by their shares, but where a figure or a header's word would break, wider.

    The widths sum up to `available`, in the same unit. Where not everything can have its room, figures come first, and
    then the words that name the rows; where figures cannot have theirs, shares alone count.
    """
    shares = sum(column.share for column in columns)
    by_share = [available * column.share // shares for column in columns]
    by_share[0] += available - sum(by_share)
    room = _room_of_small if len(columns) > MANY_COLUMNS else _room_of
    figures = [_longest_figure(column, rows, at) for at, column in enumerate(columns)]
    named = [max(figures[0], _longest_name(rows)), *figures[1:]]
    headers = [max(_longest_of_header(column), name) for column, name in zip(columns, named, strict=True)]
    ways = ([room(letters) for letters in way] for way in (headers, named, figures))
    needed = next((needed for needed in ways if sum(needed) <= available), None)
    return by_share if needed is None else _with_room(by_share, needed)


def _with_room(by_share: list[int], needed: list[int]) -> list[int]:
    """Return widths of which none is below what is needed: what the narrow ones lack, the others give up."""
    pairs = list(zip(by_share, needed, strict=True))
    lack = sum(max(0, need - width) for width, need in pairs)
    spare = sum(max(0, width - need) for width, need in pairs)
    if not lack:
        return by_share
    widths = [need if width < need else width - (width - need) * lack // spare for width, need in pairs]
    roomiest = max(range(len(widths)), key=lambda at: widths[at] - needed[at])
    widths[roomiest] += sum(by_share) - sum(widths)  # what rounding left over
    return widths


def _stays_with_next(at: int, block: Table) -> bool:
    last = at == len(block.rows) - 1
    return bool(block.note) if last else _is_kept_together(block)


def _is_kept_together(block: Table) -> bool:
    """Return whether a table is so low that what is kept together leaves no page half empty."""
    longest = (max(len(cell.text) for cell in row.cells) for row in block.rows)
    return len(block.rows) <= KEPT_TOGETHER and sum(longest) <= _SHORT_TEXTS


def _longest_figure(column: Column, rows: Sequence[Row], at: int) -> int:
    return max((len(row.cells[at].text) for row in rows), default=0) if column.numeric else 0


def _longest_name(rows: Sequence[Row]) -> int:
    """Return how long the longest word is that names a row: one that may break counts as no longer than others."""
    words = (len(word) for row in rows if row.kind != "group" for word in _BREAKS.split(row.cells[0].text))
    return min(max(words, default=0), LONGEST_WORD)


def _longest_of_header(column: Column) -> int:
    return max(min(len(word), LONGEST_WORD) for word in _BREAKS.split(column.title))


def _room_of(letters: int) -> int:
    return letters * CHARACTER_WIDTH + CELL_MARGINS if letters else 0


def _room_of_small(letters: int) -> int:
    return int(letters * CHARACTER_WIDTH * _SMALLER) + _SMALL_MARGINS if letters else 0


def _table_properties(block: Table, width: int) -> Element:
    titles = "; ".join(in_one_line(column.title) for column in block.columns)
    return element(
        "w:tblPr",
        None,
        valued("w:tblStyle", STYLE),
        element("w:tblW", {"w:w": str(width), "w:type": "dxa"}),
        element("w:tblLayout", {"w:type": "fixed"}),
        _small_margins() if len(block.columns) > MANY_COLUMNS else None,
        element("w:tblLook", LOOK),
        valued("w:tblCaption", in_one_line(block.caption)),
        valued("w:tblDescription", titles),
    )


def _small_margins() -> Element:
    sides = (element(f"w:{side}", {"w:w": str(_SMALL_MARGINS // 2), "w:type": "dxa"}) for side in ("left", "right"))
    return element("w:tblCellMar", None, *sides)


def _header(columns: Sequence[Column], widths: Sequence[int], small: str) -> Element:
    cells = (
        _cell(width, paragraph(f"TableHeading{'Number' if column.numeric else ''}{small}", [run(column.title)]))
        for column, width in zip(columns, widths, strict=True)
    )
    return element("w:tr", None, element("w:trPr", None, element("w:cantSplit"), element("w:tblHeader")), *cells)


def _row(row: Row, columns: Sequence[Column], widths: Sequence[int], tint: str, small: str, *, keep: bool) -> Element:
    unsplit = element("w:trPr", None, element("w:cantSplit"))
    title, *others = row.cells
    if row.kind == "group" and not any(cell.text for cell in others):
        style, ground = ("TableGroup", tint) if row.level == 1 else ("TableGroupBelow", None)
        heading = paragraph(f"{style}{small}", _linked(title))
        return element("w:tr", None, unsplit, _cell(sum(widths), heading, columns=len(columns), fill=ground))
    fill = tint if row.kind == "total" else None
    cells = (
        _cell(
            width, _content(cell, f"{_style(row, column, at)}{small}", total=row.kind == "total", keep=keep), fill=fill
        )
        for at, (cell, column, width) in enumerate(zip(row.cells, columns, widths, strict=True))
    )
    return element("w:tr", None, unsplit, *cells)


def _linked(cell: Cell) -> list[Element]:
    """Return the text of a cell, which leads where it has an address."""
    if cell.link:
        return field(f'HYPERLINK "{in_quotes(cell.link)}"', cell.text, style="Hyperlink")
    return [run(cell.text, language=cell.language)]


def in_quotes(address: str) -> str:
    """Return a web address that may stand in the quotation marks of a field."""
    return address.replace("\\", "%5C").replace('"', "%22")


def _style(row: Row, column: Column, at: int) -> str:
    if column.numeric:
        return "TableNumber"
    return "TablePart" if row.kind == "part" and at == 0 else "TableText"


def _content(cell: Cell, style: str, *, total: bool, keep: bool) -> Element:
    made = run(cell.text, style=TONES[cell.tone] if cell.tone else None, bold=total, language=cell.language)
    return paragraph(style, [made], element("w:keepNext") if keep else None)


def _cell(width: int, content: Element, *, columns: int = 1, fill: str | None = None) -> Element:
    return element(
        "w:tc",
        None,
        element(
            "w:tcPr",
            None,
            element("w:tcW", {"w:w": str(width), "w:type": "dxa"}),
            valued("w:gridSpan", str(columns)) if columns > 1 else None,
            element("w:shd", {"w:val": "clear", "w:color": "auto", "w:fill": fill}) if fill else None,
        ),
        content,
    )
