"""A command whose help keeps the lines of its examples."""

from __future__ import annotations

from inspect import cleandoc
from pathlib import Path
from typing import Any

import click

from heinola_es.errors import BadInput
from heinola_es.inert import is_utf8
from heinola_es.patterns import pattern

_EXAMPLES = pattern(r"\n\n(?=Examples?:\n)")
_KEEP_LINES = "\n\n\b\n"  # what click takes for "do not wrap this paragraph"


class Verb(click.Command):
    """A command; the paragraph of its docstring that begins `Example:` or `Examples:` is shown as it is written."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments as click does, and refuse what is no text.

        Raises:
            BadInput: a text is not UTF-8; the path of a file may be, for it names what is there.
        """
        rest = super().parse_args(ctx, args)
        require_text(self, ctx)
        return rest

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, with a mark before the examples, which the command itself does not keep."""
        written = self.help
        try:
            if written:
                self.help = _EXAMPLES.sub(_KEEP_LINES, cleandoc(written))
            super().format_help_text(ctx, formatter)
        finally:
            self.help = written


def require_text(command: click.Command, ctx: click.Context) -> None:
    """Refuse values that cannot be recorded or compared.

    Raises:
        BadInput: one is not UTF-8, and does not name a file.
    """
    for parameter in command.params:
        is_path = isinstance(parameter.type, click.Path)
        for value in _texts(ctx.params.get(parameter.name or "")):
            if not (is_path or is_utf8(value)):
                raise BadInput(f"{parameter.get_error_hint(ctx)} is not UTF-8 text; write it anew")


def _texts(value: Any) -> list[str]:  # noqa: ANN401 - whatever a parameter becomes
    values = value if isinstance(value, tuple | list) else [value]
    return [str(one) for one in values if isinstance(one, str | Path)]
