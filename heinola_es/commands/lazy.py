"""A command group that knows its verbs by name and help line, and loads a verb's module when it is called."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import click
from click.shell_completion import CompletionItem

from heinola_es.errors import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

Verbs = dict[str, tuple[str, str]]
"""Where each verb is (`module:attribute`) and what it does, in one line."""


_MENDED = (
    "; nothing is changed or deleted: put a figure right with `heinola record correction`, take back what was recorded "
    "by mistake with `heinola undo`"
)
_INSTEAD = {
    **dict.fromkeys(("delete", "remove", "rm", "edit", "change", "update", "poista", "peru"), _MENDED),
    **dict.fromkeys(("ls", "show", "status"), "; see what there is with `heinola list units`, or `heinola snapshot`"),
}


def _leading_on(name: str) -> str:
    """Return what leads on from a command that people expect."""
    if name.isdecimal():
        return "; a code stands behind a command: see `heinola list units`"
    return _INSTEAD.get(name.casefold(), "")


class LazyGroup(click.Group):
    """A group whose help and completion load none of its verbs."""

    def __init__(self, *args: Any, verbs: Mapping[str, tuple[str, str]], **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.verbs = verbs

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's own signature
        """Return the verbs in the order of the table."""
        return list(self.verbs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Load a verb's module and return its command; None where there is no such verb."""
        if cmd_name not in self.verbs:
            return None
        module, _, attribute = self.verbs[cmd_name][0].partition(":")
        return cast("click.Command", getattr(import_module(module), attribute))

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that the arguments begin with.

        Raises:
            UsageError: there is none; the sentence suggests the nearest.
        """
        name = args[0]
        if name not in self.verbs and not name.startswith("-") and not ctx.resilient_parsing:
            ctx.fail(f"there is no command {name!r}{_leading_on(name) or nearest(name, self.verbs)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the verbs with their help lines."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_target, line) in self.verbs.items()])

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        """Return the verbs, and the options, that begin with what was typed."""
        verbs = [
            CompletionItem(name, help=line)
            for name, (_target, line) in self.verbs.items()
            if name.startswith(incomplete)
        ]
        return verbs + click.Command.shell_complete(self, ctx, incomplete)
