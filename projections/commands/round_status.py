"""`heinola round status`: the board of a round."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.parameters import PeriodType
from heinola_es.commands.printing import hand_over, say_page
from heinola_es.commands.verb import Verb
from projections.commands.asking import in_language
from projections.commands.listing import as_csv, as_json, as_page
from projections.commands.reading import ask

if TYPE_CHECKING:
    from events.period import Period
    from projections.rounds.board import Board

_MISSING = 3


@click.command(cls=Verb)
@click.argument("period", type=PeriodType(up_to_date=True), required=False)
@click.option("--strict", is_flag=True, help="Exit with 3 while anything is missing or not accepted.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "json", "csv", "html"]),
    default="table",
    show_default=True,
    help="What to print; html is one page that needs nothing else.",
)
@in_language
@pass_door
def status(door: Door, *, period: Period | None, strict: bool, form: str, language: str) -> None:
    """Show who has answered in a round, and what is missing or late.

    Without PERIOD, of the round that was opened last. Goals, priorities and projects are told as how many of how many.
    What a unit wrote in the period before and has not yet in this is missing. Texts whose unit's figures changed after
    they were recorded, or after the unit handed in its part, are told with the largest change.

    Examples:
      heinola round status
      heinola round status 2020Q3 --strict --format csv
      heinola round status --format html > tilanne.html
    """
    from projections.commands.terminal import PAGE_WIDTH, width
    from projections.report.language.words import words_in
    from projections.rounds.board import board_of
    from projections.rounds.table import listed, on_a_page
    from projections.writers.terminal.round_heading import round_heading

    reads = language if form in {"table", "html"} else None
    board, chart = ask(
        door.store, lambda reader: (board_of(reader, period, door.clock().date(), reads), reader.chart())
    )
    if form == "json":
        hand_over(as_json(listed(board)))
    elif form == "csv":
        hand_over(as_csv(listed(board)))
    elif form == "html":
        hand_over(_html(door, board, language))
    else:
        words = words_in(language)
        say_page(round_heading(words, board, width(PAGE_WIDTH)))
        say_page(as_page(on_a_page(board, words), chart, language))
    if strict and any(row.missing for row in board.rows):
        click.get_current_context().exit(_MISSING)


def _html(door: Door, board: Board, language: str) -> bytes:
    """Return the board as a page of the city."""
    from projections.read_models.city import city_of
    from projections.report.language.words import words_in
    from projections.rounds.page import said_on_page
    from projections.writers.page.board import board_html

    city = ask(door.store, lambda reader: city_of(reader, reader.known_end))
    return board_html(said_on_page(board, city.name, words_in(language, city.recorded_in)))
