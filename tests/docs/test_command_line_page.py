"""The command line is described: in its own help, and in docs/command-line.md, which adds nothing and lacks nothing."""

from __future__ import annotations

import re

import click
import pytest

import cli
from events.period import Period
from heinola_es.domain.amounts import format_cents, parse_amount
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.errors import BadInput
from tests.docs import command_page
from tests.docs.command_page import (
    ALL,
    OF_EVERY_RECORD,
    VERBS,
    generated,
    heading_of,
    opts_of,
    own_parameters,
    said_of,
    shown_options,
    words_of,
)

PAGE = command_page.PAGE.read_text("utf-8")

every_command = pytest.mark.parametrize(("command", "context"), ALL, ids=[c.command_path for _, c in ALL])
every_verb = pytest.mark.parametrize(("command", "context"), VERBS, ids=[c.command_path for _, c in VERBS])


@every_command
def test_commands_and_options_have_help(command: click.Command, context: click.Context) -> None:
    """Every command says what it does, and so does every option that is shown."""
    assert command.get_short_help_str(), f"{context.command_path} has no help text"
    for option in shown_options(command):
        assert option.help, f"{context.command_path} {option.opts[-1]} has no help text"


def test_the_page_is_generated() -> None:
    """What the page says of each command is what the command says; `make docs` writes it anew."""
    assert generated(PAGE) == PAGE


@every_verb
def test_showing_the_help_changes_nothing(command: click.Command, context: click.Context) -> None:
    """A command says the same of itself, to the page and to the terminal, after its help was shown."""
    before = said_of(command, context)
    shown = command.get_help(context)
    assert said_of(command, context) == before
    assert command.get_help(context) == shown


def test_what_is_written_by_hand_stays() -> None:
    """Whatever stood under a heading up to its first example is replaced, and nothing else."""
    context = next(context for _command, context in VERBS if words_of(context) == "record rename")
    old = "# Page\n\nBy hand.\n\n### `heinola record rename`\n\nOld.\n\n```console\n$ ls\n```\n\nBy hand.\n"
    new = said_of(context.command, context)
    assert generated(old) == old.replace("rename`", "rename UNIT NAME`").replace("Old.", new)
    assert "- `NAME`: its name\n- `--on DATE`: the first day of the new name; with `--correcting`, a day of the" in new


def test_a_command_that_is_none_is_found() -> None:
    """A heading of a command that is not there any more cannot be written."""
    with pytest.raises(KeyError, match="record nothing"):
        generated("### `heinola record nothing FILE`\n\nOld.\n")


@every_verb
def test_the_page_has_an_example_of_every_command(command: click.Command, context: click.Context) -> None:
    """A command has a heading with its arguments, and an example that is run; its help has all its options."""
    section = section_of(command, context)
    assert f"$ heinola {words_of(context)}" in section or f"| heinola {words_of(context)}" in section
    for parameter in own_parameters(command, context):
        name = opts_of(parameter) if isinstance(parameter, click.Option) else parameter.make_metavar(context)
        assert name.strip("[].") in section


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


def section_of(command: click.Command, context: click.Context) -> str:
    """Return the part of the page under a command's heading."""
    heading = f"### `heinola {heading_of(command, context)}`\n"
    assert heading in PAGE, f"docs/command-line.md has no heading {heading}"
    return re.split(r"^##+ ", PAGE.split(heading)[1], flags=re.MULTILINE)[0]
