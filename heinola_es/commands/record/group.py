"""`heinola record`: a command for every kind of fact."""

from __future__ import annotations

import click

from heinola_es.commands.record import figures, goals, narratives, organisation, projects


class InOrder(click.Group):
    """A group that lists its commands by family, as they were added."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the names in the order in which the commands were added."""
        return list(self.commands)


@click.group(cls=InOrder, context_settings={"help_option_names": ["-h", "--help"]})
def record() -> None:
    """Record a fact. Nothing is ever changed or deleted: a mistake is put right by a further fact."""


for _family in (organisation, figures, goals, narratives, projects):
    for _command in _family.COMMANDS:
        record.add_command(_command)
