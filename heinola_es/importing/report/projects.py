"""Projects: a table of fields each, whose names come in many spellings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import define, field

from heinola_es.domain.amounts import parse_amount
from heinola_es.domain.periods import parse_date, parse_period
from heinola_es.errors import BadInput
from heinola_es.importing.report.document import Project
from heinola_es.importing.report.lines import Line
from heinola_es.importing.report.wording import folded, goes_on, join_torn, starts_alike

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import date

    from heinola_es.importing.report.draft import Draft
    from heinola_es.importing.report.lines import Cursor

_FIELDS = (
    ("name", "hankkeennimi"),
    ("description", "kuvaus"),
    ("administrator", "hallinnoi"),
    ("responsible", "vast"),
    ("time", "toteutusaika"),
    ("funder", "rahoittaja"),
    ("city_decision", "kaupunginpäätös"),
    ("budget_years", "budjetoitu"),
    ("income", "bruttotulot"),
    ("expense", "bruttomenot"),
    ("city_share", "kaupunginrahoitus"),
    ("other", "muitatietoja"),
    ("text", "hankkeentilanne"),
)
_NEEDED = ("time", "income", "expense", "city_share", "text")  # without these a project's table is cut short
_RULE = re.compile(r"[-–—_]*")
_RANGE = re.compile(r"(\d{1,2}\.\d{1,2}\.(?:\d{4})?\s*[-–—]\s*\d{1,2}\.\d{1,2}\.\s*\d{4})\s*/?\s*(.*)")
_OPEN_RANGE = re.compile(r"(\d{1,2}\.\d{1,2}\.\d{4})\s*[-–—]\s*+(?:(?:…|\.\.\.)\s*+)?(?:/\s*+(.*))?")
_YEARS = re.compile(r"\s*(\d{4})(?:\s*[-–—]\s*(\d{4}))?\s*")
_AMOUNT = re.compile(r"([-–−]?\s*\d[\d\s.,]*?)\s*(?:€|euroa\b|e\b|(?=$|[^\w\s.,]))\s*(.*)")
_IN_BRACKETS = re.compile(r"\(\s*([0-9]{1,3}(?:,[0-9]+)?)\s*%\s*\)")
_PERCENT = re.compile(r"(?<![0-9])([0-9]++(?:,[0-9]++)?)\s*%")
_LONGEST_AMOUNT = 200  # characters of an amount and the beginning of what is printed beside it
_WHOLE = 100
_LONGEST_PERCENT = 20
_MOST_NAMES = 5  # of units, in the field of the administrator
MOST_PROJECTS = 500


@define(slots=True)
class _Field:
    """A field of a project: its name as printed, its value, and the lines they came from."""

    label: str
    value: str
    lines: list[Line]


@define(slots=True)
class _Table:
    """The fields of a project so far, by their names in `Project`, lines drawn between them, and parts torn off."""

    fields: dict[str, _Field] = field(factory=dict)
    rules: list[Line] = field(factory=list)
    torn: list[tuple[Line, str]] = field(factory=list)

    def value(self, name: str) -> str:
        """Return the value of a field, empty where there is none."""
        return self.fields[name].value if name in self.fields else ""

    def line(self, name: str) -> int:
        """Return the line of a field that is there."""
        return self.fields[name].lines[0].number


def is_project_start(line: Line) -> bool:
    """Return whether the line holds the name of a project, which begins its table."""
    return _field_name(line) == "name"


def read_project(cursor: Cursor, draft: Draft) -> None:
    """Take in the table of the project whose name the cursor stands on.

    Raises:
        BadInput: a field stands twice, a needed one is missing, or an amount or a date is none.
    """
    table = _Table()
    for line in cursor.rest():
        name = _field_name(line)
        if name == "name" and table.fields:
            break
        if name:
            _take_field(table, name, line)
        elif not _take_rest(draft, table, line):
            break
        cursor.step()
    _require_fields(table)
    _add_project(draft, table)


def _field_name(line: Line) -> str | None:
    """Return which field of a project the line holds, by the beginning of its name, or None."""
    if len(line.cells) == 1:
        return None
    label = folded(line.cells[0])
    return next((name for name, start in _FIELDS if label.startswith(start)), None)


def _take_field(table: _Table, name: str, line: Line) -> None:
    if name in table.fields:
        raise BadInput(
            f"line {line.number}: the field {line.cells[0]!r} of the project {table.value('name')!r} stands already at "
            f"line {table.line(name)}; restore the row 'Hankkeen nimi' that begins the next project"
        )
    table.fields[name] = _Field(line.cells[0], _joined(line.cells[1:]), [line])


def _take_rest(draft: Draft, table: _Table, line: Line) -> bool:
    """Take in a line without a field name: what a page tore off the cell above, or a line drawn between rows."""
    last = list(table.fields.values())[-1]
    if all(_RULE.fullmatch(cell) for cell in line.cells):
        table.rules.append(line)
    elif len(line.cells) > 1 and not line.cells[0]:
        _continue_field(table, last, line, _joined(line.cells[1:]))
    elif line.is_prose and goes_on(last.value, line.prose) and line.prose[0].islower():
        _continue_field(table, last, line, line.prose)
    elif len(line.filled) > 1:
        draft.leave_unparsed(line, f"A project has no field {line.cells[0]!r}.")
    elif draft.lines.stands_above(line, lambda below: _field_name(below) not in {None, "name"}):
        draft.leave_unparsed(line)
    else:
        return False
    return True


def _continue_field(table: _Table, last: _Field, line: Line, text: str) -> None:
    last.value = join_torn(last.value, text)
    last.lines.append(line)
    table.torn.append((line, last.label))


def _joined(cells: Iterable[str]) -> str:
    return " ".join(cell for cell in cells if cell)


def _require_fields(table: _Table) -> None:
    missing = [start for name, start in _FIELDS if name in _NEEDED and name not in table.fields]
    if missing or not table.value("name"):
        raise BadInput(
            f"line {table.line('name')}: the project {table.value('name')!r} lacks {', '.join(missing) or 'a name'}; "
            "the document is cut short or rows are lost: extract the report's text again"
        )


def _add_project(draft: Draft, table: _Table) -> None:
    if len(draft.projects) >= MOST_PROJECTS:
        raise BadInput(f"line {table.line('name')}: there are more than {MOST_PROJECTS} projects; import them in parts")
    start, end, phase = _time(draft, table)
    amounts = {name: _amount(draft, table, name) for name in ("income", "expense", "city_share")}
    lines = sorted(line.number for part in table.fields.values() for line in part.lines)
    draft.use([*table.rules], "table rule")
    draft.use((line for part in table.fields.values() for line in part.lines), "project")
    unit = _unit(draft, table)
    for line, label in table.torn:
        draft.infer(line.number, f"This line was torn off by a page break; it continues {label!r}.", unit)
    draft.projects.append(
        Project(
            name=table.value("name"),
            description=table.value("description"),
            administrator=table.value("administrator"),
            unit=unit,
            responsible=table.value("responsible"),
            start=start,
            end=end,
            phase=phase,
            funder=table.value("funder"),
            city_decision=table.value("city_decision"),
            budget_years=_budget_years(draft, table),
            income_cents=amounts["income"][0],
            expense_cents=amounts["expense"][0],
            city_share_cents=amounts["city_share"][0],
            amount_notes="\n".join(note for _, note in amounts.values() if note),
            other=table.value("other"),
            percent=_percent(draft, table),
            text=table.value("text"),
            lines=tuple(lines),
        )
    )


def _time(draft: Draft, table: _Table) -> tuple[date | None, date | None, str]:
    """Return first day, last day and phase of `1.1. – 31.12.2020 / toteutusvaihe`."""
    value = table.value("time")
    try:
        if found := _RANGE.fullmatch(value):
            period = parse_period(found[1])
            return period.start, period.end, found[2]
        if found := _OPEN_RANGE.fullmatch(value):
            return parse_date(found[1]), None, found[2] or ""
    except BadInput as error:
        raise _bad_field(table, "time", str(error)) from None
    if value:
        draft.infer(table.line("time"), f"No dates were found in {value!r}; it was kept as the project's phase.")
    return None, None, value


def _amount(draft: Draft, table: _Table, name: str) -> tuple[int | None, str]:
    """Return the amount in cents and, after its field's name, what is printed beside it."""
    value = table.value(name)
    found = _AMOUNT.fullmatch(value[:_LONGEST_AMOUNT])
    if not found:
        if value[:1].isdigit():
            raise _bad_field(table, name, f"{value!r} is not an amount; write euros such as 12.500 €")
        if value:
            draft.infer(table.line(name), f"No amount was found in {value!r}; it was kept as a note.")
        return None, _note(table, name, value)
    try:
        return parse_amount(found[1]), _note(table, name, found[2] + value[_LONGEST_AMOUNT:])
    except BadInput as error:
        raise _bad_field(table, name, str(error)) from None


def _note(table: _Table, name: str, text: str) -> str:
    return f"{table.fields[name].label}: {text}" if text else ""


def _bad_field(table: _Table, name: str, problem: str) -> BadInput:
    return BadInput(
        f"line {table.line(name)}, {table.fields[name].label} of the project {table.value('name')!r}: {problem}"
    )


def _budget_years(draft: Draft, table: _Table) -> tuple[int, ...]:
    """Return the years in `2019 – 2021` or `2019, 2021`, those between included."""
    years: set[int] = set()
    for part in filter(None, table.value("budget_years").split(",")):
        found = _YEARS.fullmatch(part)
        if not found or not 0 <= int(found[2] or found[1]) - int(found[1]) <= _WHOLE:
            draft.infer(table.line("budget_years"), f"No years were found in {part.strip()!r}; they were left out.")
            continue
        years.update(range(int(found[1]), int(found[2] or found[1]) + 1))
    return tuple(sorted(years))


def _percent(draft: Draft, table: _Table) -> str | None:
    """Return the progress printed in the state of the project: in brackets, or the only per cent there is."""
    text = table.value("text")
    found = _IN_BRACKETS.findall(text)[-1:] or _PERCENT.findall(text)
    if len(found) == 1 and len(found[0]) <= _LONGEST_PERCENT and float(found[0].replace(",", ".")) <= _WHOLE:
        return str(found[0].replace(",", "."))
    if found:
        draft.infer(
            table.line("text"), "The state of the project gives no single per cent from 0 to 100; none was taken."
        )
    return None


def _unit(draft: Draft, table: _Table) -> str:
    """Return the unit that `Hyvinvointi / Virikkeellinen elämä, kirjasto` names most closely, else the sector."""
    code = draft.sector.code
    names = [part.strip() for part in re.split(r"[/,]", table.value("administrator"))]
    for name in filter(None, (names[1:] or names)[:_MOST_NAMES]):
        letters = folded(name)
        matching = [
            unit
            for unit in draft.units.values()
            if unit.kind in {"service_area", "unit"} and starts_alike(draft.letters[unit.code], letters)
        ]
        exact = [unit for unit in matching if draft.letters[unit.code] == letters]
        below = [unit for unit in exact or matching if unit.parent == code]
        if unit := next(iter(below or exact or matching), None):
            code = unit.code
            if not exact:
                draft.infer(table.line("administrator"), f"{name!r} was read as the unit {code} {unit.name}.", code)
    if code == draft.sector.code:
        draft.infer(
            table.line("name"),
            "The administrator names no unit of the report; the project was given to the sector.",
            code,
        )
    return code
