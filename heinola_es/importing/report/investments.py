"""The investments: a table per area whose items have names but no numbers, and the programme's total."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.importing.report.figures import is_label, is_row, read_row, require_complete
from heinola_es.importing.report.wording import join_torn

if TYPE_CHECKING:
    from heinola_es.importing.report.draft import Draft
    from heinola_es.importing.report.figures import Table
    from heinola_es.importing.report.lines import Cursor, Line

_TOTAL = "YHTEENSÄ"
_MOST_LABELS = 5  # a group's heading and a name wrapped over a few lines


def read_investment_table(cursor: Cursor, draft: Draft, table: Table) -> None:
    """Take in the rows of investments: each item's under its name, the area's and the programme's under a total.

    Raises:
        BadInput: as for any figure table.
    """
    area, before = draft.area, len(draft.figures)
    group = ""
    for line in cursor.rest():
        if is_row(draft, table, line):
            read_row(draft, table, line)
            cursor.step()
        elif names := _names_above_row(cursor, draft, table):
            for _ in names:
                cursor.step()
            group = _open_owner(draft, area, group, names)
        else:
            break
    for unit in dict.fromkeys(row.unit for row in draft.figures[before:]):
        require_complete(draft, table, unit)
    draft.owner = draft.area = area


def _names_above_row(cursor: Cursor, draft: Draft, table: Table) -> list[Line]:
    """Return the labels from here down to the next row, none where no row follows."""
    names: list[Line] = []
    line = cursor.line
    while line is not None and is_label(line) and len(names) < _MOST_LABELS:
        names.append(line)
        line = cursor.lines.below(line)
    return names if line is not None and is_row(draft, table, line) else []


def _open_owner(draft: Draft, area: str, group: str, names: list[Line]) -> str:
    """Open the unit that the labels name, and return the heading of the group it stands in."""
    if names[0].prose.endswith("*"):
        group, *_ = (line.prose for line in names)
        draft.use(names[:1], "table label")
        names = names[1:]
    if not names:
        draft.owner = area
    elif names[-1].prose.endswith(_TOTAL):
        base = names[-1].prose.removesuffix(_TOTAL).strip()
        draft.owner = area if base in {group, ""} or base.endswith("*") else _programme(draft)
        draft.use(names[-1:], "table label")
        for line in names[:-1]:
            draft.leave_unparsed(line)
    else:
        _open_item(draft, area, names)
    return group


def _open_item(draft: Draft, area: str, names: list[Line]) -> None:
    name = ""
    for line in names:
        name = join_torn(name, line.prose)
    number = draft.next_number("investment item", area)
    code = f"{area}-{number}"
    draft.open_unit(names[0].number, code, name, "investment_item", area)
    draft.extend_unit(code, [line.number for line in names])
    draft.use(names, "investment item")
    draft.infer(names[0].number, f"The investment item {name!r} has no number; it was given the code {code}.")


def _programme(draft: Draft) -> str:
    return next((unit.code for unit in draft.units.values() if unit.kind == "investment_programme"), draft.area)
