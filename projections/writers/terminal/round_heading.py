"""The line above the board of a round, on the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.writers.terminal.grid import paragraph, styled

if TYPE_CHECKING:
    from projections.report.language.words import Words
    from projections.rounds.board import Board


def round_heading(words: Words, board: Board, width: int) -> str:
    """Return which round it is, until when, and how far it has come."""
    told = words.say(
        "Round {period}, due {day}: {accepted} of {all} units accepted",
        period=words.numbers.span(board.period.start, board.period.end),
        day=words.numbers.day(board.due),
        accepted=str(sum(row.part.state == "accepted" for row in board.rows)),
        all=str(len(board.rows)),
    )
    return styled(paragraph(told, width), width, colour=False)
