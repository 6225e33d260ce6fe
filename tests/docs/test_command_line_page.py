"""The command line is described: in its own help, and in docs/command-line.md, which adds nothing and lacks nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import click
import pytest

import cli
from events.period import Period
from heinola_es.amounts import format_cents, parse_amount
from heinola_es.commands.form import PeriodOption
from heinola_es.errors import BadInput
from heinola_es.periods import parse_period, parse_reporting_period
from tests.docs.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator

PAGE = (ROOT / "docs" / "command-line.md").read_text("utf-8")
OF_EVERY_RECORD = {"--source", "--reason", "--once", "--dry-run", "--clock-is-right", "--large"}
"""Described once, under a heading of their own."""


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

every_command = pytest.mark.parametrize(("command", "context"), ALL, ids=[c.command_path for _, c in ALL])
every_verb = pytest.mark.parametrize(("command", "context"), VERBS, ids=[c.command_path for _, c in VERBS])


@every_command
def test_commands_and_options_have_help(command: click.Command, context: click.Context) -> None:
    """Every command says what it does, and so does every option that is shown."""
    assert command.get_short_help_str(), f"{context.command_path} has no help text"
    for option in shown_options(command):
        assert option.help, f"{context.command_path} {option.opts[-1]} has no help text"


@every_verb
def test_the_page_describes_every_command(command: click.Command, context: click.Context) -> None:
    """A command has a heading with its arguments, an example that is run, and a line for each of its options."""
    section = section_of(command, context)
    assert f"$ heinola {words_of(context)}" in section or f"| heinola {words_of(context)}" in section
    described = set(re.findall(r"^- `(?:-\w, )?(--[\w-]+)", section, re.MULTILINE))
    own = {opts_of(option) for option in shown_options(command) if not isinstance(option, PeriodOption)}
    assert described == own - (OF_EVERY_RECORD if context.command_path.startswith("heinola record ") else set())


def test_the_page_describes_no_other_command() -> None:
    """Every heading that names a command names one that there is."""
    named = re.findall(r"^### `heinola (.+)`$", PAGE, re.MULTILINE)
    assert sorted(named) == sorted(heading_of(command, context) for command, context in VERBS)


def test_the_page_describes_what_all_share() -> None:
    """The options of the door and those of every recording command are described once."""
    shared = {opts_of(option) for option in shown_options(cli.main)} | OF_EVERY_RECORD | {"--help", "--period", "--on"}
    before = PAGE.split("\n## ")[1]
    assert {name for name in shared if f"{name}" not in before} == set()


@pytest.mark.parametrize(
    ("written", "report", "fact"),
    re.findall(r"^\| `(.+?)` \| ([\d.–]+) \| ([\d.–]+) \|$", PAGE, re.MULTILINE),
)
def test_periods_mean_what_the_page_says(written: str, report: str, fact: str) -> None:
    """A period written as the table has it is the period that the table gives."""
    assert (parse_reporting_period(written).label, parse_period(written).label) == (report, fact)


@pytest.mark.parametrize(
    ("written", "euros"), re.findall(r"^\| `(.+?)` \| (-?[\d ,]+|refused) \|$", PAGE, re.MULTILINE)
)
def test_amounts_mean_what_the_page_says(written: str, euros: str) -> None:
    """An amount written as the table has it is the amount that the table gives, or refused."""
    if euros == "refused":
        with pytest.raises(BadInput):
            parse_amount(written)
    else:
        assert format_cents(parse_amount(written)) == euros


def test_the_tables_of_the_page_are_read() -> None:
    """The two tests above have something to test."""
    assert PAGE.count("| 1.4.–30.6.2020 |") > 1
    assert PAGE.count("| refused |") > 1
    assert Period.of_months(2020, 4, 6) == parse_period("2020Q2")


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


def section_of(command: click.Command, context: click.Context) -> str:
    """Return the part of the page under a command's heading."""
    heading = f"### `heinola {heading_of(command, context)}`\n"
    assert heading in PAGE, f"docs/command-line.md has no heading {heading}"
    return re.split(r"^##+ ", PAGE.split(heading)[1], flags=re.MULTILINE)[0]
