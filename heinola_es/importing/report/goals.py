"""Tables of goals, in four or five columns, whose rows page breaks may have torn in two."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import define

from heinola_es.importing.report.document import Goal
from heinola_es.importing.report.wording import goes_on, join_torn

if TYPE_CHECKING:
    from heinola_es.importing.report.draft import Draft
    from heinola_es.importing.report.lines import Cursor, Line

_COLUMNS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"Ohjelma"), "programme_goal"),
    (re.compile(r"Osateht"), "subtask"),
    (re.compile(r"Sitova"), "binding_goal"),
    (re.compile(r"Mittari"), "metric"),
    (re.compile(r"Tavoitetaso"), "target_level"),
)
_NEEDED = {"programme_goal", "binding_goal"}


@define(slots=True)
class _Row:
    """A row of the table: its cells as put together so far, and the lines they came from."""

    cells: list[str]
    lines: list[int]


def is_goal_header(line: Line) -> bool:
    """Return whether the line heads a table of goals."""
    return _columns(line) is not None


def read_goal_table(cursor: Cursor, draft: Draft) -> None:
    """Take in the table of goals whose header the cursor stands on, for the open unit."""
    header = next(cursor.rest())
    columns = _columns(header) or []
    draft.use([header], "table header")
    cursor.step()
    rows: list[_Row] = []
    for line in cursor.rest():
        if _is_row(draft, line, columns):
            _take_row(draft, rows, line, columns)
        elif draft.lines.stands_above(line, lambda below: _is_row(draft, below, columns)):
            draft.leave_unparsed(line)
        else:
            break
        cursor.step()
    for row in rows:
        _add_goal(draft, dict(zip(columns, row.cells, strict=True)), row.lines)


def _columns(header: Line) -> list[str] | None:
    """Return what each column of the table holds, or None where the line heads no table of goals."""
    columns = [next((name for pattern, name in _COLUMNS if pattern.match(cell)), "") for cell in header.cells]
    fits = "" not in columns and len(set(columns)) == len(columns) and set(columns) >= _NEEDED
    return columns if fits else None


def _is_row(draft: Draft, line: Line, columns: list[str]) -> bool:
    if len(line.cells) == 1 or is_goal_header(line):
        return False
    return len(line.cells) == len(columns) or not draft.lines.follows_blank(line)


def _take_row(draft: Draft, rows: list[_Row], line: Line, columns: list[str]) -> None:
    cells = [*line.cells, *[""] * (len(columns) - len(line.cells))]
    if any(cells[len(columns) :]):
        draft.leave_unparsed(line, f"This row has {len(line.cells)} cells, its table of goals {len(columns)} columns.")
        return
    cells = cells[: len(columns)]
    draft.use([line], "goal")
    if rows and _is_continuation(rows[-1].cells, cells, columns):
        rows[-1].cells = [join_torn(before, after) for before, after in zip(rows[-1].cells, cells, strict=True)]
        rows[-1].lines.append(line.number)
        draft.infer(line.number, f"This row of goals was torn by a page break; it continues line {rows[-1].lines[0]}.")
        return
    if rows and not cells[0]:
        cells[0] = rows[-1].cells[0]
        draft.infer(
            line.number, f"This goal has no programme goal of its own; it was given that of line {rows[-1].lines[0]}."
        )
    rows.append(_Row(cells, [line.number]))


def _is_continuation(above: list[str], cells: list[str], columns: list[str]) -> bool:
    """Return whether a row names no goal of its own, or most of its filled cells read on from the cells above them."""
    if not any(cell for name, cell in zip(columns, cells, strict=True) if name in _NEEDED):
        return True
    pairs = [(before, after) for before, after in zip(above, cells, strict=True) if after]
    reading_on = sum(_reads_on(before, after) for before, after in pairs)
    return 2 * reading_on > len(pairs)


def _reads_on(before: str, after: str) -> bool:
    # Cells often lack their full stop, so an unfinished cell alone proves nothing; a broken word or a colon does.
    return after[0].islower() or (before.endswith(("-", ",", ":")) and goes_on(before.rstrip(":"), after))


def _add_goal(draft: Draft, cells: dict[str, str], lines: list[int]) -> None:
    number = draft.next_number("goal", draft.owner)
    draft.goals.append(
        Goal(
            unit=draft.owner,
            id=f"{draft.owner}-{number}",
            programme_goal=cells["programme_goal"],
            binding_goal=cells["binding_goal"],
            metric=cells.get("metric", ""),
            target_level=cells.get("target_level", ""),
            subtask=cells.get("subtask", ""),
            strategic_goal=draft.strategic_goal,
            lines=tuple(lines),
        )
    )
