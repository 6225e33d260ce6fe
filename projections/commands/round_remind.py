"""`heinola round remind`: reminders with forms, as files that nobody sends."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import PeriodType
from heinola_es.commands.printing import tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from projections.commands.asking import in_language
from projections.commands.form import file_name, written
from projections.commands.reading import ask

if TYPE_CHECKING:
    from events.period import Period
    from heinola_es.store.reading import LogReader
    from projections.forms.model import Form
    from projections.rounds.board import Board

_WAITED_FOR = frozenset({"open", "returned"})


@click.command(cls=Verb)
@click.argument("period", type=PeriodType(up_to_date=True), required=False)
@click.option("-o", "--output", type=click.Path(path_type=Path), metavar="DIR", required=True, help="Where they go.")
@in_language
@pass_door
def remind(door: Door, *, period: Period | None, output: Path, language: str) -> None:
    """Write a reminder to each unit that has not handed in its part, with its form attached.

    Each is an e-mail file (.eml) that a mail program opens as a draft; nothing is sent. Without PERIOD, of the round
    that was opened last.

    Example:
      heinola round remind -o muistutukset
    """
    from projections.report.language.words import words_in
    from projections.rounds.reminder import reminder

    board, forms = ask(door.store, lambda reader: _asked(door, reader, period, language))
    try:
        output.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadInput(f"{output} cannot be made ({error.strerror}); choose another folder with -o") from None
    rows = {row.unit: row for row in board.rows}
    for code, form in forms.items():
        name = file_name(board.period, code)
        attached = f"{name}.xlsx", written(form, "xlsx", door)
        at = door.clock().astimezone(UTC).replace(microsecond=0)
        message = reminder(words_in(language), board, rows[code], attached, at)
        door.files.write([message], output / f"{name}.eml", private=True)
    tell(f"wrote {len(forms)} {'reminder' if len(forms) == 1 else 'reminders'} to {output}")


def _asked(door: Door, reader: LogReader, period: Period | None, language: str) -> tuple[Board, dict[str, Form]]:
    """Return the board of a round, and the forms of the units that are waited for, by their codes."""
    from projections.forms.making import forms_of
    from projections.read_models.moment import one_moment
    from projections.rounds.board import board_of

    with one_moment(reader):
        board = board_of(reader, period, door.clock().date(), language)
        waited_for = [row.unit for row in board.rows if row.part.state in _WAITED_FOR]
        made = forms_of(reader, board.period, waited_for, language) if waited_for else ()
    forms = {form.identity.units[0]: form for form in made}
    return board, {code: forms[code] for code in waited_for if code in forms}
