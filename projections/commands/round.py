"""`heinola round`: which units report on a period and by when, who has answered, and what is missing."""

from __future__ import annotations

import click

from heinola_es.commands.lazy import LazyGroup, Verbs

VERBS: Verbs = {
    "open": ("projections.commands.round_steps:open_", "Ask the units to report on a period by a day."),
    "status": ("projections.commands.round_status:status", "Show who has answered, and what is missing or late."),
    "submit": ("projections.commands.round_steps:submit", "Hand in what a unit reports."),
    "return": ("projections.commands.round_steps:return_", "Send back what a unit handed in, and say why."),
    "accept": ("projections.commands.round_steps:accept", "Accept what a unit handed in."),
    "remind": ("projections.commands.round_remind:remind", "Write reminders with forms; nothing is sent."),
    "close": ("projections.commands.round_steps:close", "Wait for nobody any more."),
}


@click.group("round", cls=LazyGroup, verbs=VERBS)
def round_() -> None:
    """Collect what units report on a period: open a round, see who has answered, accept, close it."""
