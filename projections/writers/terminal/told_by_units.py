"""What is said in words in a snapshot, on the terminal: goals, texts and indicators, by unit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.text import Text

from projections.report.language.statuses import STATUSES, counted, goals_in_words, status_of, status_word
from projections.writers.terminal.grid import GridColumn, grid, paragraph
from projections.writers.terminal.printable import left, one_line, shown, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from projections.report.language.statuses import GoalStatus
    from projections.report.language.words import Words
    from projections.snapshot.model import Goal, Indicator, UnitReport
    from projections.writers.terminal.columns import Columns
    from projections.writers.terminal.grid import Cell

STATUS_STYLES: Mapping[GoalStatus, str] = {
    "unknown": "dim",
    "not_started": "dim",
    "in_progress": "",
    "achieved": "green",
    "delayed": "yellow",
    "not_achieved": "red",
    "suspended": "yellow",
}


def section(title: str, width: int, told: str = "") -> Iterator[Text]:
    """Yield the heading of a part of the report that is not about one unit."""
    yield Text()
    yield grid([GridColumn(), GridColumn(share=1)], [[(title.upper(), "bold cyan"), told]], width, indent=0)
    yield Text()


def goals(columns: Columns, width: int) -> Iterator[Text]:
    """Yield the goals with their status by unit, a line each."""
    snapshot, words = columns.snapshot, columns.words
    every = [goal for unit in snapshot.units for goal in unit.goals]
    if not every:
        return
    yield from section(words.say("Goals"), width, goals_in_words(words, counted(every)))
    id_width = max(width_of(one_line(goal.id)) for goal in every)
    for unit in snapshot.units:
        if unit.goals:
            yield paragraph(f"{one_line(unit.code)}  {one_line(unit.name)}", width, "bold", indent=2)
            rows = [_goal_row(words, goal, id_width) for goal in unit.goals]
            yield grid([GridColumn(), GridColumn(), GridColumn(share=1, cut=True)], rows, width, indent=4)


def _goal_row(words: Words, goal: Goal, id_width: int) -> list[Cell]:
    status = status_of(goal)
    told = status_word(words, status).ljust(max(len(status_word(words, each)) for each in STATUSES))
    return [left(one_line(goal.id), id_width), (told, STATUS_STYLES[status]), _goal_in_short(goal)]


def texts_counted(columns: Columns, width: int) -> Iterator[Text]:
    """Yield how many texts each unit has, and where they can be read."""
    words = columns.words
    told = [(unit, texts) for unit in columns.snapshot.units if (texts := _texts_of(words, unit))]
    if not told:
        return
    yield from section(words.say("Texts"), width, words.say("read them with --texts or --format json"))
    rows: list[list[Cell]] = [[one_line(unit.code), one_line(unit.name), (texts, "dim")] for unit, texts in told]
    yield grid([GridColumn(), GridColumn(share=1), GridColumn()], rows, width)


def texts(columns: Columns, width: int) -> Iterator[Text]:
    """Yield every text in full, by unit: the outlook, the priorities, the sections of prose, what goals explain."""
    words = columns.words
    units = [unit for unit in columns.snapshot.units if _texts_of(words, unit) or unit.goals]
    if not units:
        return
    yield from section(words.say("Texts"), width)
    for place, unit in enumerate(units):
        if place:
            yield Text()
        yield paragraph(f"{one_line(unit.code)}  {one_line(unit.name)}", width, "bold")
        for title, text in _full_texts(columns, unit):
            yield Text()
            yield paragraph(one_line(title), width, "italic", indent=2)
            if text:
                yield _prose(text, width)


def indicators(columns: Columns, width: int) -> Iterator[Text]:
    """Yield the indicators of each unit: name, value and unit of measure, and the period where it is another."""
    units = [unit for unit in columns.snapshot.units if unit.indicators]
    if not units:
        return
    yield from section(columns.words.say("Indicators"), width)
    rows = [
        _indicator_row(columns, indicator, one_line(unit.code) if place == 0 else "")
        for unit in units
        for place, indicator in enumerate(unit.indicators)
    ]
    to_the_bottom = (GridColumn(right=True, bottom=True), GridColumn(bottom=True), GridColumn(bottom=True))
    yield grid([GridColumn(), GridColumn(share=1), *to_the_bottom], rows, width)


def _indicator_row(columns: Columns, indicator: Indicator, code: str) -> list[Cell]:
    start, end = indicator.period.start, indicator.period.end
    return [
        code,
        one_line(indicator.name),
        columns.words.numbers.as_recorded(one_line(indicator.value)),
        one_line(indicator.unit),
        ("" if indicator.period == columns.snapshot.period else columns.words.numbers.span(start, end), "dim"),
    ]


def _goal_in_short(goal: Goal) -> str:
    return one_line(goal.binding_goal or goal.programme_goal or goal.metric)


def _texts_of(words: Words, unit: UnitReport) -> str:
    """Return what texts a unit has, in a few words; empty where it has none."""
    priorities, narratives = len(unit.priorities), len(unit.narratives)
    parts = [
        words.say_of("{count} priority", "{count} priorities", priorities) if priorities else "",
        words.say_of("{count} text", "{count} texts", narratives) if narratives else "",
        words.say("outlook") if unit.outlook else "",
    ]
    return ", ".join(part for part in parts if part)


def _full_texts(columns: Columns, unit: UnitReport) -> Iterator[tuple[str, str]]:
    words = columns.words
    if unit.outlook:
        year = str(columns.snapshot.period.year)
        yield words.say("Estimate of how the budget of {year} will come true", year=year), unit.outlook
    for goal in unit.goals:
        yield f"{goal.id} {goal.binding_goal}", _goal_in_full(words, goal)
    for priority in unit.priorities:
        yield f"{priority.number}. {priority.title}", _told({words.say("Metric"): priority.metric}, priority.text)
    for narrative in unit.narratives:
        programme = f" · {narrative.programme}" if narrative.programme else ""
        yield f"{narrative.section}{programme}", narrative.text


def _goal_in_full(words: Words, goal: Goal) -> str:
    facts = {
        words.say("Programme goal"): goal.programme_goal,
        words.say("Metric"): goal.metric,
        words.say("Target level"): goal.target_level,
        words.say("Status"): status_word(words, status_of(goal)),
    }
    return _told(facts, goal.text)


def _told(facts: Mapping[str, str], text: str | None) -> str:
    """Return the facts that are known, a line each, and the text below them."""
    lines = [f"{title}: {fact}" for title, fact in facts.items() if fact]
    return "\n".join([*lines, *([text] if text else [])])


def _prose(text: str, width: int) -> Text:
    """Return a text as it is read, with what stands between `**` in bold."""
    wrapped = [paragraph(line, width, indent=2).plain for line in shown(text).split("\n")]
    prose = Text()
    for place, part in enumerate("\n".join(wrapped).split("**")):
        prose.append(part, style="bold" if place % 2 else "")
    return prose
