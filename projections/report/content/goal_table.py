"""Goals: a table with the status of each, what was said of them, and how many have which."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Literal

from projections.report.content.document import Cell, Column, Paragraph, Row, Run, Table
from projections.report.content.prose import blocks_of, plain
from projections.report.language.statuses import status_of, status_word

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from projections.report.content.document import Block, Tone
    from projections.report.content.snapshot_material import SnapshotMaterial, Unit
    from projections.report.language.statuses import GoalStatus
    from projections.report.language.words import Words
    from projections.snapshot.model import Goal

LATE: tuple[GoalStatus, ...] = ("delayed", "not_achieved")
TONES: Mapping[GoalStatus, Tone] = {
    "achieved": "good",
    "not_started": "muted",
    "delayed": "attention",
    "not_achieved": "bad",
    "suspended": "attention",
    "unknown": "muted",
}


def goal_blocks(material: SnapshotMaterial, unit: Unit) -> Iterator[Block]:
    """Yield the table of a unit's goals, then what was said of each."""
    goals = unit.goals
    if not goals:
        return
    yield _table(material, unit)
    content = material.words.content
    for goal in goals:
        if goal.text:
            heading = f"{plain(goal.id)} {plain(goal.binding_goal or goal.programme_goal)}"
            yield Paragraph(runs=(Run(heading.strip()),), style="label", language=content)
            yield from blocks_of(goal.text, content)


def _table(material: SnapshotMaterial, unit: Unit) -> Table:
    words = material.words
    return Table(
        key=f"goals-{material.key(unit)}",
        caption=words.say("Goals: {name}", name=material.title(unit)),
        columns=(
            Column(title=words.say("Goal"), share=1),
            Column(title=words.say("Binding goal"), share=4),
            Column(title=words.say("Metric"), share=4),
            Column(title=words.say("Target level"), share=4),
            Column(title=words.say("Status"), share=2),
        ),
        rows=tuple(_rows(words, unit.goals)),
        sheet=words.say("Goals"),
        place=material.place(unit),
        group_titles=(words.say("Strategic goal"), words.say("Programme goal")),
    )


def _rows(words: Words, goals: Iterable[Goal]) -> Iterator[Row]:
    """Yield a row for each goal, under its strategic goal and its programme goal."""
    for number, (strategic, of_strategic) in enumerate(groupby(goals, key=lambda goal: plain(goal.strategic_goal))):
        if strategic:
            yield _group(words.say("Strategic goal: {goal}", goal=strategic), 1, words.content)
        elif number:  # or the one above would hold
            yield _group(words.say("Without a strategic goal"), 1)
        by_programme = groupby(of_strategic, key=lambda goal: plain(goal.programme_goal))
        for below, (programme, of_programme) in enumerate(by_programme):
            if programme:
                yield _group(words.say("Programme goal: {goal}", goal=programme), 2, words.content)
            elif below:
                yield _group(words.say("Without a programme goal"), 2)
            yield from (_row(words, goal) for goal in of_programme)


def _group(text: str, level: Literal[1, 2], language: str | None = None) -> Row:
    return Row(cells=(Cell(text=text, language=language), *(Cell(text=""),) * 4), kind="group", level=level)


def _row(words: Words, goal: Goal) -> Row:
    status = status_of(goal)
    recorded = (goal.binding_goal, goal.metric, goal.target_level)
    texts = (Cell(text=plain(text), language=words.content) for text in recorded)
    told = Cell(text=status_word(words, status), tone=TONES.get(status))
    return Row(cells=(Cell(text=plain(goal.id)), *texts, told))
