"""What units say in words, on the terminal: their goals, their indicators and their texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from heinola_es.inert import inert_line
from projections.report.content import texts as of_report
from projections.report.content.document import Bullets, Fact, Facts, Paragraph
from projections.report.content.goal_table import TONES
from projections.report.content.prose import blocks_of, paragraph, plain
from projections.report.language.statuses import STATUSES, counted, goals_in_words, status_of, status_word
from projections.writers.terminal import grid
from projections.writers.terminal.blocks import TONE_STYLES, heading, shown
from projections.writers.terminal.grid import GridColumn
from projections.writers.terminal.printable import left, one_line, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from projections.report.content.document import Block
    from projections.report.language.words import Words
    from projections.snapshot.model import Goal, UnitReport
    from projections.writers.terminal.grid import Cell
    from projections.writers.terminal.page_material import PageMaterial


def goals(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield the goals with their status by unit, a line each."""
    words = material.words
    every = [goal for unit in material.snapshot.units for goal in unit.goals]
    if not every:
        return
    yield from heading(words.say("Goals"), width, goals_in_words(words, counted(every)))
    id_width = max(width_of(one_line(goal.id)) for goal in every)
    for unit in material.snapshot.units:
        if unit.goals:
            yield grid.paragraph(f"{one_line(unit.code)}  {one_line(unit.name)}", width, "bold", indent=2)
            rows = [_goal_row(words, goal, id_width) for goal in unit.goals]
            yield grid.grid([GridColumn(), GridColumn(), GridColumn(share=1, cut=True)], rows, width, indent=4)


def _goal_row(words: Words, goal: Goal, id_width: int) -> list[Cell]:
    status = status_of(goal)
    told = status_word(words, status).ljust(max(len(status_word(words, each)) for each in STATUSES))
    style = TONE_STYLES[TONES[status]] if status in TONES else ""
    return [left(one_line(goal.id), id_width), (told, style), _goal_in_short(goal)]


def _goal_in_short(goal: Goal) -> str:
    return one_line(goal.binding_goal or goal.programme_goal or goal.metric)


def indicators(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield the indicators of each unit: name, value and unit of measure, and the period where it is another."""
    tables = [(unit, table) for unit in material.snapshot.units for table in of_report.indicators(material, unit)]
    if not tables:
        return
    yield from heading(material.words.say("Indicators"), width)
    own = material.words.numbers.span(*material.period)
    rows: list[list[Cell]] = []
    for unit, table in tables:
        for number, row in enumerate(table.rows):
            *told, period = (inert_line(cell.text) for cell in row.cells)
            rows.append([one_line(unit.code) if number == 0 else "", *told, ("" if period == own else period, "dim")])
    to_the_bottom = (GridColumn(right=True, bottom=True), GridColumn(bottom=True), GridColumn(bottom=True))
    yield grid.grid([GridColumn(), GridColumn(share=1), *to_the_bottom], rows, width)


def texts_counted(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield how many texts each unit has, and where they can be read."""
    words = material.words
    told = [(unit, texts) for unit in material.snapshot.units if (texts := _texts_of(words, unit))]
    if not told:
        return
    yield from heading(words.say("Texts"), width, words.say("read them with --texts or --format json"))
    rows: list[list[Cell]] = [[one_line(unit.code), one_line(unit.name), (texts, "dim")] for unit, texts in told]
    yield grid.grid([GridColumn(), GridColumn(share=1), GridColumn()], rows, width)


def texts_in_full(material: PageMaterial, width: int) -> Iterator[Text]:
    """Yield every text in full, by unit: the outlook, what goals explain, the priorities, the sections of prose."""
    words = material.words
    units = [unit for unit in material.snapshot.units if _texts_of(words, unit) or unit.goals]
    if not units:
        return
    yield from heading(words.say("Texts"), width)
    for place, unit in enumerate(units):
        if place:
            yield Text()
        yield grid.paragraph(f"{one_line(unit.code)}  {one_line(unit.name)}", width, "bold")
        yield from labelled(_unit_blocks(material, unit), width)


def labelled(blocks: Iterable[Block], width: int) -> Iterator[Text]:
    """Yield blocks with an empty line above what names those after it, and between the paragraphs of a text."""
    before: Block | None = None
    for block in blocks:
        if not _is_label(before) and (_is_label(block) or (_is_prose(before) and isinstance(block, Paragraph))):
            yield Text()
        yield from shown(block, width)
        before = block


def _is_label(block: Block | None) -> bool:
    return isinstance(block, Paragraph) and block.style == "label"


def _is_prose(block: Block | None) -> bool:
    return isinstance(block, Paragraph | Bullets)


def _texts_of(words: Words, unit: UnitReport) -> str:
    """Return what texts a unit has, in a few words; empty where it has none."""
    priorities, narratives = len(unit.priorities), len(unit.narratives)
    parts = [
        words.say_of("{count} priority", "{count} priorities", priorities) if priorities else "",
        words.say_of("{count} text", "{count} texts", narratives) if narratives else "",
        words.say("outlook") if unit.outlook else "",
    ]
    return ", ".join(part for part in parts if part)


def _unit_blocks(material: PageMaterial, unit: UnitReport) -> Iterator[Block]:
    """Yield what a unit says in words, as the report has it; what it has in tables stands here one below the other."""
    words, content = material.words, material.words.content
    yield from of_report.outlook(material, unit)
    for goal in unit.goals:
        yield paragraph(f"{plain(goal.id)} {plain(goal.binding_goal)}".strip(), style="label", language=content)
        told = {
            words.say("Programme goal"): goal.programme_goal,
            words.say("Metric"): goal.metric,
            words.say("Target level"): goal.target_level,
            words.say("Status"): status_word(words, status_of(goal)),
        }
        yield _facts(told)
        yield from blocks_of(goal.text or "", content)
    for priority in unit.priorities:
        yield paragraph(f"{priority.number}. {plain(priority.title)}", style="label", language=content)
        yield _facts({words.say("Metric"): priority.metric})
        yield from blocks_of(priority.text or "", content)
    for section in of_report.narratives(material, unit):
        yield paragraph(section.title, style="label", language=content)
        yield from section.blocks


def _facts(told: dict[str, str]) -> Facts:
    return Facts(facts=tuple(Fact(name=name, value=plain(value)) for name, value in told.items() if value))
