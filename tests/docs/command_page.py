"""The page of the command line, as far as the commands say it themselves: `make docs` writes it.

Under the heading of a command stands what its help says, with its own arguments and options; that is generated, up to
the first block or comment. Examples, and what is written after the first of them, are by hand.
"""

from __future__ import annotations

import re
import textwrap
from inspect import cleandoc
from typing import TYPE_CHECKING, Any

import click

import cli
from heinola_es.commands import options
from heinola_es.commands.form import PeriodOption, PeriodSlot
from tests.docs.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = ROOT / "docs" / "command-line.md"
WIDTH = 120
OF_EVERY_RECORD = {"--source", "--reason", "--once", "--dry-run", "--clock-is-right", "--large"}
"""Described once, under a heading of their own."""

_HEADING = re.compile(r"^### `heinola (.+)`$", re.MULTILINE)
_BY_HAND = re.compile(r"^(?:```|<!-- )", re.MULTILINE)
_CODE = re.compile(r"(?<![\w`-])(--[a-z][\w-]*|\$EDITOR|[A-Z]+_[A-Z]+)(?![\w`])")


def commands_below(group: click.Group, context: click.Context) -> Iterator[tuple[click.Command, click.Context]]:
    """Yield every command of the tree, groups too, each with a context that knows its whole name."""
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        below = click.Context(command, info_name=name, parent=context)
        yield command, below
        if isinstance(command, click.Group):
            yield from commands_below(command, below)


ROOT_CONTEXT = click.Context(cli.main, info_name="heinola")
ALL = [(cli.main, ROOT_CONTEXT), *commands_below(cli.main, ROOT_CONTEXT)]
VERBS = [(command, context) for command, context in ALL if not isinstance(command, click.Group)]


def generated(page: str) -> str:
    """Return the page with what the commands say of themselves.

    Raises:
        KeyError: a heading names a command that there is none of.
    """
    verbs = {words_of(context): (command, context) for command, context in VERBS}
    begun, *sections = re.split(r"^(?=###? )", page, flags=re.MULTILINE)
    return begun + "".join(_section(section, verbs) for section in sections)


def _section(section: str, verbs: dict[str, tuple[click.Command, click.Context]]) -> str:
    heading = _HEADING.match(section)
    if heading is None:
        return section
    words = " ".join(word for word in heading[1].split() if word == word.lower() and word[0].isalpha())
    command, context = verbs[words]
    by_hand = _BY_HAND.search(section)
    rest = section[by_hand.start() :] if by_hand else ""
    return f"### `heinola {heading_of(command, context)}`\n\n{said_of(command, context)}\n\n{rest}"


def said_of(command: click.Command, context: click.Context) -> str:
    """Return what a command says of itself: its help without the examples, then its arguments and options."""
    help_text = re.split(r"\n\n(?=Examples?:\n)", cleandoc(command.help or ""))[0].replace("\b\n", "")
    paragraphs = [textwrap.fill(_code(one), WIDTH, break_on_hyphens=False) for one in help_text.split("\n\n")]
    listed = [_listed(parameter, context) for parameter in own_parameters(command, context)]
    return "\n\n".join([*paragraphs, *(["\n".join(listed)] if listed else [])])


def own_parameters(command: click.Command, context: click.Context) -> list[click.Argument | click.Option]:
    """Return the arguments and options of a command that are described under its own heading."""
    recording = context.command_path.startswith("heinola record ")
    shared = OF_EVERY_RECORD if recording else set()
    arguments = [one for one in command.params if isinstance(one, click.Argument) and not _is_shared(one)]
    own = [one for one in shown_options(command) if not isinstance(one, PeriodOption) and opts_of(one) not in shared]
    return [*arguments, *own]


def _is_shared(argument: click.Argument) -> bool:
    return isinstance(argument, PeriodSlot) or not argument.help or argument.help in SHARED


def _helps(*decorators: Any) -> set[str]:  # noqa: ANN401 - decorators of click
    def command() -> None:
        """Do nothing."""

    for decorator in decorators:
        command = decorator(command)
    return {one.help for one in click.command(command).params if isinstance(one, click.Argument) and one.help}


SHARED = _helps(options.unit, options.line, options.any_line, options.project, options.amount, options.delta)
"""What is said of the arguments that many commands take."""


def _listed(parameter: click.Argument | click.Option, context: click.Context) -> str:
    if isinstance(parameter, click.Argument):
        name = parameter.make_metavar(context).strip("[]").rstrip(".")
        return _item(name, parameter.help or "", [])
    shown = ", ".join(sorted(parameter.opts, key=len))
    value = "" if parameter.is_flag or parameter.count else f" {parameter.make_metavar(context)}"
    extra = parameter.get_help_extra(context)
    more = [f"By default {extra['default']}"] if extra.get("default") else []
    more += ["Required"] if parameter.required else []
    return _item(f"{shown}{value}", parameter.help or "", more)


def _item(name: str, help_text: str, more: list[str]) -> str:
    said = f"{help_text[:1].lower()}{help_text[1:]}" if help_text[1:2].islower() or help_text[1:2] == " " else help_text
    said = _code(said.removesuffix("."))
    ending = f". {'. '.join(more)}." if more else "." if ". " in said else ""
    return textwrap.fill(f"- `{name}`: {said}{ending}", WIDTH, subsequent_indent="  ", break_on_hyphens=False)


def _code(text: str) -> str:
    return _CODE.sub(r"`\1`", text)


def shown_options(command: click.Command) -> list[click.Option]:
    """Return the options that the help shows."""
    return [option for option in command.params if isinstance(option, click.Option) and not option.hidden]


def opts_of(option: click.Option) -> str:
    """Return the long name of an option."""
    return next(name for name in option.opts if name.startswith("--"))


def words_of(context: click.Context) -> str:
    """Return the words that call a command, without the first."""
    return context.command_path.removeprefix("heinola ")


def heading_of(command: click.Command, context: click.Context) -> str:
    """Return a command as a heading has it: its words and its arguments."""
    arguments = [parameter for parameter in command.params if isinstance(parameter, click.Argument)]
    return " ".join([words_of(context), *(piece for a in arguments for piece in a.get_usage_pieces(context))])


if __name__ == "__main__":
    PAGE.write_text(generated(PAGE.read_text("utf-8")), "utf-8")
