"""`heinola record`: a command for every kind of fact."""

from __future__ import annotations

import click

from heinola_es.commands.record import figures, organisation


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
def record() -> None:
    """Record a fact. Nothing is ever changed or deleted: a mistake is put right by a further fact."""


for _command in (*organisation.COMMANDS, *figures.COMMANDS):
    record.add_command(_command)
