"""`heinola record`: a command for every kind of fact."""

from __future__ import annotations

import click

from heinola_es.commands.lazy import LazyGroup

FAMILIES = {
    "organisation": "unit rename move merge unit-end responsible city translation",
    "figures": "budget amendment actual correction statement withdrawal close reopen",
    "coverage": "complete incomplete",
    "charts": "chart",
    "roles": "role",
    "goals": "goal goal-status goal-withdrawal priority",
    "narratives": "narrative outlook indicator",
    "forecasts": "forecast",
    "proposals": "decision",
    "projects": "project project-revision progress project-end",
}
"""The commands that each module of this folder has, in the order in which they are listed."""


class ByFamily(LazyGroup):
    """A group that loads only the family of the command that is asked for; its help and completion load them all."""

    format_commands = click.Group.format_commands
    shell_complete = click.Group.shell_complete


VERBS = {
    name: (f"heinola_es.commands.record.{family}:{name.replace('-', '_')}", "")
    for family, names in FAMILIES.items()
    for name in names.split()
}


@click.group(cls=ByFamily, verbs=VERBS, context_settings={"help_option_names": ["-h", "--help"]})
def record() -> None:
    """Record a fact. Nothing is ever changed or deleted: a mistake is put right by a further fact."""
