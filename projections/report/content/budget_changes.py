"""What the council decided about the budget of the year: each decision, and the lines that it changed."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from projections.read_models.without import left_out
from projections.report.content.document import Cell, Column, Row, Section, Table
from projections.report.content.figure_tables import exact_cell
from projections.report.content.prose import paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.report.content.material import Material

KEY = "budget-changes"
_LAST_DAY = (12, 31)
"""On the last day of a year all its decisions count, whenever taken."""


class _Change(NamedTuple):
    """An amendment as it was recorded."""

    day: date
    organ: str
    section: str
    address: str
    source: str
    unit: str
    line: str
    cents: int


def budget_changes(material: Material) -> Section | None:
    """Return the part that tells of the amendments decided by the end of the period; None where there are none.

    Amendments that break a total down change no budget, and are left out.
    """
    found: dict[tuple[date, str, str, str, str], list[_Change]] = defaultdict(list)
    for one in _changes(material):
        found[one.day, one.organ, one.section, one.address, one.source].append(one)
    if not found:
        return None
    words, change = material.words, material.words.say("Change")
    rows = [row for decision in sorted(found) for row in _of_decision(material, found[decision])]
    table = Table(
        key=KEY,
        caption=words.say("Changes of the budget {year}", year=str(material.end.year)),
        columns=(
            Column(title=words.say("Unit"), share=4),
            Column(title=words.say("Line"), share=4),
            Column(title=f"{change}\n€", numeric=True, share=2, sheet_title=f"{change}, €"),
        ),
        rows=tuple(rows),
        sheet=words.say("Changes of the budget"),
        group_titles=(words.say("Decision"),),
    )
    told = words.say(
        "Decisions on the year's budget up to the end of the period. Income is positive, expenses negative."
    )
    return Section(key=f"part-{KEY}", title=words.say("Changes of the budget"), blocks=(paragraph(told), table))


def _changes(material: Material) -> Iterator[_Change]:
    """Yield the amendments of the report's units, in the order of the log."""
    reader, upto = material.view.reader, material.view.upto
    absent = left_out(reader, upto).positions
    for row in reader.rows_about("BudgetAmended"):
        if row[0] > upto or row[0] in absent:
            continue
        body: dict[str, Any] = reader.body_of(row)
        day = date.fromisoformat(body["effective"][-10:])
        if body["fiscal_year"] != material.end.year or body["unit"] not in material.units or body.get("detail"):
            continue
        if day <= material.end or (material.end.month, material.end.day) == _LAST_DAY:
            organ, section, address = (body.get(name, "") for name in ("organ", "minutes_section", "address"))
            of = body.get("source", ""), body["unit"], body["line"], body["amount_cents"]
            yield _Change(day, organ, section, address, *of)


def _of_decision(material: Material, changes: list[_Change]) -> Iterator[Row]:
    """Yield the heading of a decision, what it changed, and what that comes to where it is more than one line."""
    words, first = material.words, changes[0]
    section = f"§ {first.section}" if first.section else ""
    parts = [plain(first.organ), words.numbers.day(first.day), section]
    heading = " · ".join(
        [" ".join(part for part in parts if part), *filter(None, (plain(first.source), first.address))]
    )
    empty = Cell(text="")
    yield Row(cells=(Cell(text=heading, language=words.content), empty, empty), kind="group")
    for change in changes:
        unit = material.units[change.unit]
        yield Row(
            cells=(
                Cell(text=material.title(unit), language=words.content),
                Cell(text=material.label(change.line)),
                exact_cell(material, change.cents),
            ),
            kind="part",
        )
    if len(changes) > 1:
        total = exact_cell(material, sum(change.cents for change in changes))
        yield Row(cells=(Cell(text=words.say("In all")), empty, total), kind="total")
