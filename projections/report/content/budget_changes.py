"""What changed the budget of the year: each decision with its lines, what ledgers have, and what is proposed."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from projections.report.content.document import Cell, Column, Row, Section, Table
from projections.report.content.figure_tables import exact_cell
from projections.report.content.prose import paragraph, plain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from projections.report.content.document import Block
    from projections.report.content.snapshot_material import SnapshotMaterial
    from projections.snapshot.model import BudgetChange

KEY = "budget-changes"
PROPOSALS_KEY = "budget-proposals"
_ROWS = re.compile(r":\d+(?:–\d+)?(?: \[.*\])?$")
"""What tells the rows of a file behind its name."""


def budget_changes(material: SnapshotMaterial) -> Section | None:
    """Return the part that tells what changed the budget, and what waits for a decision; None where nothing does."""
    words = material.words
    blocks = (*_decided(material), *proposals(material))
    return Section(key=f"part-{KEY}", title=words.say("Changes of the budget"), blocks=blocks) if blocks else None


def _decided(material: SnapshotMaterial) -> Iterator[Block]:
    made = [change for change in material.snapshot.budget_changes if change.kind != "proposal"]
    if made:
        yield paragraph(
            material.words.say(
                "Decisions on the year's budget up to the end of the period. Income is positive, expenses negative."
            )
        )
        yield _made(material, made)


def proposals(material: SnapshotMaterial) -> Iterator[Block]:
    """Yield the amendments that wait for a decision, with what they are; nothing where none does."""
    proposed = [change for change in material.snapshot.budget_changes if change.kind == "proposal"]
    if proposed:
        yield paragraph(
            material.words.say("Proposed amendments wait for a decision. They are in no figure of this report.")
        )
        yield _proposed(material, proposed)


def _made(material: SnapshotMaterial, changes: Sequence[BudgetChange]) -> Table:
    words = material.words
    ledger = [change for change in changes if change.kind == "ledger"]
    rows = [*_by_decision(material, [c for c in changes if c.kind == "decision"]), *_by_file(material, ledger)]
    if len(changes) > 1:
        rows.append(_total(material, words.say("Changes in all"), changes))
    note = words.say(
        "What stands under a file is what a newer ledger has otherwise than an older one; which decision it rests on "
        "is not told."
    )
    caption = words.say("Changes of the budget {year}", year=str(material.end.year))
    sheet, title = words.say("Changes of the budget"), words.say("Decision")
    return _table(material, KEY, caption, sheet, title, rows, note if ledger else "")


def _proposed(material: SnapshotMaterial, changes: Sequence[BudgetChange]) -> Table:
    words, rows = material.words, list(_by_decision(material, changes))
    caption = words.say("Proposed amendments {year}", year=str(material.end.year))
    return _table(material, PROPOSALS_KEY, caption, words.say("Proposed amendments"), words.say("Proposal"), rows, "")


def _table(
    material: SnapshotMaterial, key: str, caption: str, sheet: str, group: str, rows: Sequence[Row], note: str
) -> Table:
    words, change = material.words, material.words.say("Change")
    return Table(
        key=key,
        caption=caption,
        columns=(
            Column(title=words.say("Unit"), share=4),
            Column(title=words.say("Line"), share=4),
            Column(title=f"{change}\n€", numeric=True, share=2, sheet_title=f"{change}, €"),
        ),
        rows=tuple(rows),
        note=note,
        sheet=sheet,
        group_titles=(group,),
    )


def _by_decision(material: SnapshotMaterial, changes: Iterable[BudgetChange]) -> Iterator[Row]:
    """Yield each decision, or proposal, by its day, with its lines and what they come to where there are several."""
    found: dict[tuple[str, ...], list[BudgetChange]] = defaultdict(list)
    for one in changes:
        source = _ROWS.sub("", one.source)
        found[one.day.isoformat(), one.organ, one.minutes_section, one.address, source].append(one)
    for key in sorted(found):
        link = key[3] if key[3].startswith(("https://", "http://")) else ""
        yield from _group(material, _heading(material, found[key][0], key[-1]), found[key], link=link)


def _by_file(material: SnapshotMaterial, changes: Iterable[BudgetChange]) -> Iterator[Row]:
    """Yield what each ledger file changed, added up by unit and line."""
    found: dict[str, dict[tuple[str, str], list[BudgetChange]]] = defaultdict(lambda: defaultdict(list))
    for one in changes:
        found[_ROWS.sub("", one.source)][one.unit, one.line].append(one)
    from_ledger = material.words.say("From the ledger")
    for file, by_line in found.items():
        yield _heading_row(material, f"{from_ledger} · {plain(file)}")
        for of_line in by_line.values():
            yield _row(material, of_line)
        if len(by_line) > 1:
            yield _total(material, material.words.say("In all"), [one for some in by_line.values() for one in some])


def _group(material: SnapshotMaterial, heading: str, changes: Sequence[BudgetChange], *, link: str) -> Iterator[Row]:
    yield _heading_row(material, heading, link)
    for change in changes:
        yield _row(material, [change])
    if len(changes) > 1:
        yield _total(material, material.words.say("In all"), changes)


def _heading(material: SnapshotMaterial, first: BudgetChange, source: str) -> str:
    section = f"§ {first.minutes_section}" if first.minutes_section else ""
    decision = " ".join(filter(None, (plain(first.organ), material.words.numbers.day(first.day), section)))
    return " · ".join([decision, *filter(None, (plain(source), first.address))])


def _heading_row(material: SnapshotMaterial, heading: str, link: str = "") -> Row:
    empty = Cell(text="")
    return Row(cells=(Cell(text=heading, language=material.words.content, link=link), empty, empty), kind="group")


def _row(material: SnapshotMaterial, changes: Sequence[BudgetChange]) -> Row:
    first = changes[0]
    return Row(
        cells=(
            Cell(text=material.called(first.unit), language=material.words.content),
            Cell(text=material.label(first.line)),
            exact_cell(material, sum(change.cents for change in changes)),
        ),
        kind="part",
    )


def _total(material: SnapshotMaterial, label: str, changes: Sequence[BudgetChange]) -> Row:
    total = exact_cell(material, sum(change.cents for change in changes))
    return Row(cells=(Cell(text=label), Cell(text=""), total), kind="total")
