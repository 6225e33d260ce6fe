"""A command whose help keeps the lines of its examples."""

from __future__ import annotations

import re
from inspect import cleandoc

import click

_EXAMPLES = re.compile(r"\n\n(?=Examples?:\n)")
_KEEP_LINES = "\n\n\b\n"  # what click takes for "do not wrap this paragraph"


class Verb(click.Command):
    """A command; the paragraph of its docstring that begins `Example:` or `Examples:` is shown as it is written."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help, with a mark before the examples."""
        if self.help:
            self.help = _EXAMPLES.sub(_KEEP_LINES, cleandoc(self.help))
        super().format_help_text(ctx, formatter)
