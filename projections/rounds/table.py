"""The board of a round as a list: for the terminal, as CSV and as JSON."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.audit.listing import Listing
from projections.report.language.fields import MISSING, STATES
from projections.report.language.sentences import difference_text

if TYPE_CHECKING:
    from projections.audit.listing import Value
    from projections.report.language.words import Words
    from projections.rounds.board import Board, BoardRow, Told

COLUMNS = (
    *("unit", "name", "state", "by", "recorded", "through", "forecasts", "goals", "priorities"),
    *("texts", "outlooks", "projects", "missing", "sections", "days_late", "reason"),
    *("stale_texts", "stale_line", "stale_column", "figure_then_cents", "figure_now_cents"),
)


def listed(board: Board) -> Listing:
    """Return the board, a row for each unit; what a unit has nothing of is left empty."""
    return Listing(COLUMNS, tuple(_row(row) for row in board.rows))


def on_a_page(board: Board, words: Words) -> Listing:
    """Return the board as people look at it: how far each unit has come, who brought it there, what it owes."""
    columns = (
        "unit",
        "name",
        "state",
        "through",
        "forecasts",
        "goals",
        "priorities",
        "texts",
        "projects",
        "missing",
        "days_late",
    )
    rows = tuple(_row(row) | _in_words(row, words) for row in board.rows)
    return Listing(columns, rows)


def _in_words(row: BoardRow, words: Words) -> dict[str, Value]:
    part, owed = row.part, [words.say(MISSING[what]) for what in row.missing if what != "texts"]
    how = words.say(STATES[part.state])
    if part.at is not None:
        how += f" {words.numbers.day(part.at.date())} {part.by}"
    owed += row.sections
    owed += filter(None, [stale_said(row, words)])
    return {"state": f"{how}: {part.reason}" if part.reason else how, "missing": ", ".join(owed) or None}


def stale_said(row: BoardRow, words: Words) -> str:
    """Return that the texts of a unit are older than its figures, and by how much; empty where they are not."""
    if row.stale is None:
        return ""
    older = words.say("texts older than the figures")
    return f"{older} ({difference_text(words, row.stale)})"


def _row(row: BoardRow) -> dict[str, Value]:
    part = row.part
    values = (
        *(row.unit, row.name, part.state, part.by),
        None if part.at is None else part.at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        None if row.through is None else row.through.isoformat(),
        row.forecasts or None,
        *(_share(row.goals), _share(row.priorities), row.texts or None, int(row.outlook) or None),
        _share(row.projects),
        tuple(row.missing) or None,
        row.sections or None,
        row.late or None,
        part.reason or None,
        *_outdated(row),
    )
    return dict(zip(COLUMNS, values, strict=True))


def _outdated(row: BoardRow) -> tuple[Value, ...]:
    """Return how many texts are older than the unit's figures, and the figure that changed most since the oldest."""
    found = row.stale
    if found is None:
        return (None,) * 5
    return found.parameters["texts"], found.line, found.column, found.stated, found.computed  # type: ignore[return-value]


def _share(told: Told) -> str | None:
    return f"{told[0]}/{told[1]}" if told[1] else None
