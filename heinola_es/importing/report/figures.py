"""Five-column figure tables: header, rows, cells."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import define, field

from heinola_es.domain.amounts import BeyondLimit, is_amount, parse_amount, too_large
from heinola_es.errors import BadInput
from heinola_es.importing.report.document import FigureRow, StatedAmount
from heinola_es.importing.report.frame import COLUMNS, FigureHeader, figure_header
from heinola_es.importing.report.goals import is_goal_header
from heinola_es.importing.report.money_units import EUROS
from heinola_es.importing.report.projects import is_project_start
from heinola_es.importing.report.wording import folded

if TYPE_CHECKING:
    from heinola_es.importing.report.draft import Draft
    from heinola_es.importing.report.lines import Cursor, Line

_PERCENT = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+)(?:[.,][0-9]+)?")
_MINUS = str.maketrans("\u2212\u2013\u2011\u00a0\u202f", "---  ")  # minus signs and spaces of word processors
_EMPTY = {"", "-", "\u2013", "\u2212"}
_LONGEST_LABEL = 60  # characters; what is longer is prose


@define(slots=True)
class Table:
    """A figure table while it is being read.

    Attributes:
        header: its columns.
        layout: name of the layout of its unit.
        section: in an income statement, the line whose components are being listed.
        seen: line codes so far, by unit, with the line number.
    """

    header: FigureHeader
    layout: str
    section: str = ""
    seen: dict[tuple[str, str], int] = field(factory=dict)


def open_table(cursor: Cursor, draft: Draft) -> Table:
    """Take in the header of a figure table, which the cursor stands on, and return the table for the open unit.

    Raises:
        BadInput: the header is damaged.
    """
    line = next(cursor.rest())
    header = figure_header(line, cursor.lines.below(line))
    draft.use(header.lines, "table header")
    for _ in header.lines:
        cursor.step()
    return Table(header, draft.chart.layout_of(draft.units[draft.owner].kind).name)


def read_figure_table(cursor: Cursor, draft: Draft, table: Table) -> None:
    """Take in the rows of the open unit's table.

    Raises:
        BadInput: too few or too many cells, a cell that is no number, a row that stands twice, a table cut short.
    """
    for line in cursor.rest():
        if is_row(draft, table, line):
            read_row(draft, table, line)
        elif is_label(line) and (code := draft.chart.line_by_label(line.prose, table.layout)):
            table.section = code
            draft.use([line], "table label")
        elif _repeats_header(draft, table, line):
            draft.use([line], "table header")
        elif _goes_on_below(cursor, draft, table):
            draft.leave_unparsed(line, f"This line stands in a figure table and is none of its rows: {line.filled[0]}")
        else:
            break
        cursor.step()
    require_complete(draft, table, draft.owner)


def is_label(line: Line) -> bool:
    """Return whether the line is a label without figures: a heading within a table."""
    return line.is_prose and len(line.prose) <= _LONGEST_LABEL


def is_row(draft: Draft, table: Table, line: Line) -> bool:
    """Return whether the line is a row of the table: cells right below, or, after a blank line, ones that fit."""
    if not line.cells[0] or len(line.filled) == 1 or is_goal_header(line) or is_project_start(line):
        return False
    if not draft.lines.follows_blank(line):
        return True
    known = draft.chart.line_by_label(line.cells[0], table.layout) is not None
    return known or (len(line.cells) == COLUMNS + 1 and all(_looks_numeric(cell) for cell in line.filled[1:]))


def read_row(draft: Draft, table: Table, line: Line) -> None:
    """Take in one row of figures for the open unit.

    Raises:
        BadInput: too few or too many cells, a cell that is no number, or a row that stands twice.
    """
    cells = _cells(line, table)
    amounts = [_amount(cells[column], column, table, line) for column in range(COLUMNS - 1)]
    percent = _percent(cells[COLUMNS - 1], table, line)
    code = _line_code(draft, table, line)
    if code is None:
        draft.leave_unparsed(
            line, f"The chart has no line {line.cells[0]!r} in a table of this kind; its figures were left out."
        )
        return
    _refuse_twice(draft, table, line, code)
    draft.use([line], "figure")
    draft.add_figures(
        FigureRow(
            unit=draft.owner,
            line=code,
            label=line.cells[0],
            final_accounts=amounts[0],
            prior_actual=amounts[1],
            budget=amounts[2],
            actual=amounts[3],
            printed_percent=percent,
            lines=(line.number,),
        )
    )


def require_complete(draft: Draft, table: Table, unit: str) -> None:
    """Check that the unit's table has its closing row.

    Raises:
        BadInput: it has not: the document is cut short, or the row is lost.
    """
    closing = draft.chart.closing(table.layout)
    if (unit, closing) not in table.seen:
        label = draft.chart.lines[closing].labels["fi"]
        raise BadInput(
            f"line {table.header.lines[0].number}: the figure table of {unit} {draft.units[unit].name} ends without "
            f"the row {label}; the document is cut short or the row is lost: extract the report's text again"
        )


def _cells(line: Line, table: Table) -> tuple[str, ...]:
    cells = line.cells[1:]
    while len(cells) > COLUMNS and not cells[-1]:
        cells = cells[:-1]
    if len(cells) == COLUMNS:
        return cells
    missing = f"; column {table.header.titles[len(cells)]} has no cell" if len(cells) < COLUMNS else ""
    raise BadInput(
        f"line {line.number}: the row {line.cells[0]!r} has {len(cells)} cells of figures where the table has "
        f"{COLUMNS} columns{missing}; restore the cells, separated by tabs"
    )


def _amount(cell: str, column: int, table: Table, line: Line) -> StatedAmount | None:
    if cell in _EMPTY:
        return None
    unit = table.header.units[column]
    try:
        cents = parse_amount(cell)
        stated = cents * (unit // EUROS)
        if not is_amount(stated):
            raise BeyondLimit(too_large(cell))  # noqa: TRY301 - told as the same beyond the limit before thousands
    except BeyondLimit as error:
        raise BadInput(f"line {line.number}, column {table.header.titles[column]}: {error}") from None
    except BadInput:
        raise _not_a_number(cell, column, table, line) from None
    return StatedAmount(stated, unit // 10 ** _decimals(cents))


def _decimals(hundredths: int) -> int:
    """Return how many decimals a figure needs."""
    return 0 if hundredths % 100 == 0 else 1 if hundredths % 10 == 0 else 2


def _percent(cell: str, table: Table, line: Line) -> str | None:
    if cell in _EMPTY:
        return None
    text = cell.translate(_MINUS).removesuffix("%").strip()
    if not _PERCENT.fullmatch(text):
        raise _not_a_number(cell, COLUMNS - 1, table, line)
    return text.replace(" ", "").replace(",", ".")


def _not_a_number(cell: str, column: int, table: Table, line: Line) -> BadInput:
    return BadInput(
        f"line {line.number}, column {table.header.titles[column]}: {cell!r} in the row {line.cells[0]!r} is not a "
        "number; correct the cell and import again"
    )


def _line_code(draft: Draft, table: Table, line: Line) -> str | None:
    label = line.cells[0]
    code = draft.chart.line_by_label(label, table.layout)
    if code is None or not table.section:
        return code
    if not draft.chart.lines[code].summed:
        code = _in_section(draft, table, label, code)
    if folded(label) not in _names(draft, code):
        section, name = (draft.chart.lines[line_code].labels["fi"] for line_code in (table.section, code))
        draft.infer(line.number, f"{label!r} under {section} was read as the line {code} ({name}).")
    return code


def _in_section(draft: Draft, table: Table, label: str, code: str) -> str:
    """Return the row of the section that the label means: `Vuokratulut` among income would be rents received."""
    section = draft.chart.at_or_below(table.section)
    if code in section:
        return code
    stem, rows = folded(label)[:5], (row for row in draft.chart.layouts[table.layout].rows if row in section)
    return next((other for other in rows if any(name.startswith(stem) for name in _names(draft, other))), code)


def _names(draft: Draft, code: str) -> set[str]:
    return {folded(label) for label in draft.chart.lines[code].labels.values()}


def _refuse_twice(draft: Draft, table: Table, line: Line, code: str) -> None:
    first = table.seen.setdefault((draft.owner, code), line.number)
    if first != line.number:
        raise BadInput(
            f"line {line.number}: the row {line.cells[0]!r} of {draft.owner} {draft.units[draft.owner].name} stands "
            f"already at line {first}; remove the one that is wrong, or restore the heading between them"
        )


def _looks_numeric(cell: str) -> bool:
    return cell.lstrip("-\u2212\u2013")[:1].isdigit()


def _repeats_header(draft: Draft, table: Table, line: Line) -> bool:
    return line.text.strip() in {header.text.strip() for header in table.header.lines} and not any(
        code == draft.chart.closing(table.layout) for _, code in table.seen
    )


def _goes_on_below(cursor: Cursor, draft: Draft, table: Table) -> bool:
    line = cursor.line
    below = cursor.lines.below(line) if line else None
    return below is not None and draft.chart.line_by_label(below.cells[0], table.layout) is not None
