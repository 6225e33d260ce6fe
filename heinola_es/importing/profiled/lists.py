"""Tables of projects, priorities and statistics whose columns a profile names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from attrs import frozen

from heinola_es.domain.amounts import decimal_text, is_amount, parse_amount
from heinola_es.domain.periods import parse_date
from heinola_es.errors import BadInput
from heinola_es.importing.profiled.figures import EMPTY, HIGHEST_HEADER, titles
from heinola_es.importing.profiled.profile import key_of
from heinola_es.importing.report.document import Indicator, Priority, Project
from heinola_es.importing.report.money_units import EUROS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from heinola_es.importing.documents.pieces import Piece
    from heinola_es.importing.profiled.profile import Profile
    from heinola_es.importing.profiled.reading import Reading
    from heinola_es.importing.report.document import ReportUnit

_FEWEST = 2  # columns that make a table one of them
_GROUPED = re.compile(r"-?[0-9]{1,3}(?:\.[0-9]{3})+")
_NAMES = {"projects": "name", "priorities": "title", "statistics": "name"}
"""The column that each kind of table must have."""
_TEXTS = ("description", "administrator", "responsible", "phase", "funder", "city_decision", "other", "text")
_AMOUNTS = {"income": "income_cents", "expenses": "expense_cents", "city_share": "city_share_cents"}


@frozen(slots=True)
class ListTable:
    """The header of such a table.

    Attributes:
        kind: `projects`, `priorities` or `statistics`.
        end: the first row below it.
        columns: the keys of the headers that the profile knows, by their place, and
        has: what each of these has.
    """

    kind: str
    end: int
    columns: dict[int, str]
    has: dict[int, str]


def list_table(profile: Profile, rows: list[Piece]) -> ListTable | None:
    """Return the header of a table of projects, priorities or statistics, as most of its columns are; or None."""
    best: ListTable | None = None
    for height in range(1, min(HIGHEST_HEADER + 1, len(rows))):
        keys = {at: key_of(title) for at, title in enumerate(titles(rows[:height])) if title}
        for kind, known in _columns(profile).items():
            columns = {at: key for at, key in keys.items() if key in known}
            has = {at: known[key] for at, key in columns.items()}
            enough = len(columns) >= _FEWEST and _NAMES[kind] in has.values()
            if enough and (best is None or len(columns) > len(best.columns)):
                best = ListTable(kind, height, columns, has)
    return best


def _columns(profile: Profile) -> dict[str, Mapping[str, str]]:
    return {
        "projects": profile.project_columns,
        "priorities": profile.priority_columns,
        "statistics": {key: what for key, (what, _period) in profile.statistics.items()},
    }


def read_list(reading: Reading, table: ListTable, rows: list[Piece]) -> None:
    """Take in the rows of a table; what cannot be placed is told."""
    for title, where in ((title, at) for at, title in enumerate(titles(rows[: table.end])) if at not in table.columns):
        if title and where > min(table.columns):
            reading.find("unparsed", rows[table.end - 1], f"The profile has no column {title!r}; it was left out")
    taking: dict[str, Callable[[Reading, ReportUnit, Piece, ListTable], None]] = {
        "projects": _project,
        "priorities": _priority,
        "statistics": _statistic,
    }
    for row in rows[table.end :]:
        owner = reading.owner
        if not row.filled or all(key_of(cell) in table.columns.values() for cell in row.filled):
            continue  # the header again, after a page break
        if owner is None:
            reading.leave(row, "No unit is open, so this row is nobody's")
        elif not _cell(row, table, _NAMES[table.kind]):
            reading.leave(row, f"This row of a table of {table.kind} names none")
        else:
            taking[table.kind](reading, owner, row, table)


def _cell(row: Piece, table: ListTable, what: str) -> str:
    at = next((at for at, has in table.has.items() if has == what), None)
    return row.over_all[at].strip() if at is not None and at < len(row.over_all) else ""


def _project(reading: Reading, owner: ReportUnit, row: Piece, table: ListTable) -> None:
    name = _cell(row, table, "name")
    if any(one.name == name for one in reading.projects):
        reading.leave(row, f"The project {name!r} stands before; it was taken from there")
        return
    said: dict[str, Any] = {text: _cell(row, table, text) for text in _TEXTS}
    for what, of in _AMOUNTS.items():
        said[of] = _read(reading, row, table, what, lambda text: _amount(text, reading.profile))
    for day in ("start", "end"):
        said[day] = _read(reading, row, table, day, parse_date)
    said["percent"] = _read(reading, row, table, "percent", lambda text: _number(text, reading.profile.decimal))
    reading.projects.append(
        Project(
            name=name,
            unit=owner.code,
            budget_years=(reading.profile.period.year,),
            amount_notes="",
            lines=(row.number,),
            **said,
        )
    )


def _amount(text: str, profile: Profile) -> int:
    """Return an amount of a project in cents.

    Raises:
        BadInput: it is none, or less than nothing, which no project's income or expenses are.
    """
    text = text.replace(",", "") if profile.decimal == "." else text
    cents = parse_amount(text) * (profile.project_money // EUROS)
    if cents < 0 or not is_amount(cents):
        raise BadInput("it is less than nothing, or beyond all measure; a project has its amounts without a minus")
    return cents


def _number(text: str, decimal: str) -> str:
    """Return a number, or a per cent, as plain decimal text.

    Raises:
        BadInput: it is none, or has a sign in it that might part thousands or decimals.
    """
    text = text.removesuffix("%").strip()
    if decimal == ".":
        text = text.replace(",", "")
    elif _GROUPED.fullmatch(text):
        raise BadInput("its point may part thousands or decimals; write the number with a comma or a blank")
    return decimal_text(text)


def _read(reading: Reading, row: Piece, table: ListTable, what: str, parse: Callable[[str], Any]) -> Any:  # noqa: ANN401
    """Return what a cell says; None where it is empty, or says something else, which is told."""
    text = _cell(row, table, what)
    if text in EMPTY:
        return None
    try:
        return parse(text)
    except BadInput as error:
        reading.find("unparsed", row, f"{what}: {text!r} was left out ({error})", of_figures=what in _AMOUNTS)
        return None


def _priority(reading: Reading, owner: ReportUnit, row: Piece, table: ListTable) -> None:
    known = [one.number for one in reading.priorities if one.unit == owner.code]
    said = _cell(row, table, "number").rstrip(".")
    if said and not (said.isascii() and said.isdecimal() and len(said) < 4):  # noqa: PLR2004 - digits
        reading.leave(row, f"The number of this priority is {said!r}, which is none")
        return
    number = int(said) if said else 1 + max(known, default=0)
    if number in known:
        reading.leave(row, f"Priority {number} of {owner.code} stands before; it was taken from there")
        return
    reading.priorities.append(
        Priority(
            unit=owner.code,
            number=number,
            title=_cell(row, table, "title"),
            metric=_cell(row, table, "metric"),
            text=_cell(row, table, "outcome"),
            period=reading.profile.period,
            lines=(row.number,),
        )
    )


def _statistic(reading: Reading, owner: ReportUnit, row: Piece, table: ListTable) -> None:
    name, unit = _cell(row, table, "name"), _cell(row, table, "unit")
    for at, what in table.has.items():
        text = row.cells[at].strip() if at < len(row.cells) else ""
        if what != "value" or text in EMPTY:
            continue
        period = reading.profile.statistics[table.columns[at]][1] or reading.profile.period
        try:
            value = _number(text, reading.profile.decimal)
        except BadInput as error:
            reading.find("unparsed", row, f"{name}: {text!r} was left out ({error})")
            continue
        if any((one.unit, one.name, one.period) == (owner.code, name, period) for one in reading.indicators):
            reading.leave(row, f"{name!r} of {period.label} stands before; it was taken from there")
            continue
        measured_in = unit or ("%" if text.endswith("%") else "")
        reading.indicators.append(
            Indicator(
                unit=owner.code, name=name, value=value, measured_in=measured_in, period=period, lines=(row.number,)
            )
        )
