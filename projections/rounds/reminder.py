"""Reminders of a round: an e-mail file (RFC 5322) for each unit that is waited for, with its form. Nothing is sent."""

from __future__ import annotations

from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from projections.report.language.fields import MISSING, STATES

if TYPE_CHECKING:
    from datetime import datetime

    from projections.report.language.words import Words
    from projections.rounds.board import Board, BoardRow

_WORKBOOK = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")


def reminder(words: Words, board: Board, row: BoardRow, form: tuple[str, bytes], at: datetime) -> bytes:
    """Return a reminder to a unit, as a draft that a mail program opens and nobody has sent.

    Args:
        words: of its language.
        board: the round.
        row: the unit in it.
        form: the name and the content of the unit's form, a workbook.
        at: when it is written, in UTC.
    """
    name, content = form
    period = words.numbers.span(board.period.start, board.period.end)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = words.say("Reminder: {name} reports on {period}", name=row.name, period=period)
    message["Date"] = format_datetime(at)
    message["X-Unsent"] = "1"  # so that it opens as a draft, with the addressee left to fill in
    message.set_content("\n\n".join(_said(words, board, row, period)) + "\n")
    message.add_attachment(content, maintype=_WORKBOOK[0], subtype=_WORKBOOK[1], filename=name)
    message.set_boundary(f"part-{sha256(content).hexdigest()[:32]}")  # the same facts give the same file
    return message.as_bytes()


def _said(words: Words, board: Board, row: BoardRow, period: str) -> list[str]:
    """Return the paragraphs: what is waited for and by when, what is missing, why it was sent back, what to do."""
    state = words.say(STATES[row.part.state])
    told = [
        words.say(
            "The part of {name} in the report {period} was asked for by {day} ({state}).",
            name=row.name,
            period=period,
            day=words.numbers.day(board.due),
            state=state,
        )
    ]
    if row.late:
        told[0] += " " + words.say_of("It is {count} day late.", "It is {count} days late.", row.late)
    if row.part.reason:
        told.append(words.say("Sent back because: {reason}", reason=row.part.reason))
    owed = [words.say(MISSING[what]) for what in row.missing if what != "texts"] + list(row.sections)
    if owed:
        told.append(words.say("Missing: {what}.", what=", ".join(owed)))
    told.append(words.say("Fill in the form that is attached, and send it back to whoever sent it to you."))
    return told
