"""Command lines as nobody should write them: every command and option of the tree, with values of every kind."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
from hypothesis import strategies as st

import cli

if TYPE_CHECKING:
    from collections.abc import Iterator

NASTY = (
    *("", " ", "\0", "\x1b[2J", "\x1b]0;x\x07", "\x9b1A", "\u202eabc", "\u2028", "\ud800", "a\udcffb", "\ufeff", "\t"),
    *("\n", "a\nb", "\r", "e" + "\u0301" * 50, "👩\u200d💻", "a" * 5_000, "ä" * 300, "9" * 5_000, "-" + "9" * 5_000),
    *("9" * 4_299, "1," + "0" * 4_400, "1" + " 000" * 1_500, "99999999999999999999999", str(10**17), str(2**63)),
    *("0", "-0", "-1", "+1", "\u22121", "½", "²", "१२३", "1_000", "0x10", "1e400", "nan", "inf", "-inf", "1.5", ",5"),
    *(
        "1/0001",
        "1/9999",
        "1-12/9999",
        "13/2020",
        "0/2020",
        "0000",
        "10000",
        "9999",
        "0001",
        "9999Q4",
        "0000Q1",
        "2020Q9",
    ),
    *("1.13.2020", "31.2.2020", "1.1.0000", "31.12.9999", "1.1.0001", "0001-01-01", "9999-12-31", "0000-01-01"),
    *("9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59", "2020-06-30T25:00", "2020..2019", "1.2.–1.1.2020"),
    *(
        "2020Q2",
        "30.6.2020",
        "410",
        "#1",
        "#",
        "# 1",
        "1" * 30,
        "*",
        "%",
        "%zz",
        "%s",
        "{0}",
        "{}",
        "[1]",
        "\\",
        "'",
        '"',
    ),
    *("-", "--", "---", "-o", "--help=1", "--store", "=", "$(x)", ";", "null", "[red]x[/red]", "[link=x]", ":smile:"),
    *(
        ":memory:",
        "file:x",
        "~",
        ".",
        "missing/x",
        "x.html",
        "x.json",
        "x.csv",
        "x.zip",
        "x.toml",
        "HYV",
        "now",
        "published",
    ),
)
"""Values that something of this kind fell over once, or might."""

FINE = ("410", "4100", "2020Q2", "6/2020", "2020", "30.6.2020", "personnel", "net", "-5", "Lukio", "1", "2", "42")
LEFT_OUT = frozenset({"--open", "--help"})
"""Options that start another program, or only show the help."""
SLOW = frozenset({"pdf", "docx", "xlsx"})
"""Formats whose libraries take a second to load; what they are asked is read by the same code."""

texts = st.one_of(
    st.sampled_from(NASTY),
    st.sampled_from(FINE),
    st.text(max_size=20),
    st.text("0123456789.,-/ Q€", max_size=12),
    st.text(st.characters(categories=["Cc", "Cf", "Cs", "Zl", "Zp", "Mn"]), max_size=5),
)


def leaves(
    command: click.Command = cli.main, path: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """Yield every command that does something, with the words that call it."""
    if not isinstance(command, click.Group):
        yield path, command
        return
    with click.Context(command) as ctx:
        for name in command.list_commands(ctx):
            found = command.get_command(ctx, name)
            assert found is not None
            yield from leaves(found, (*path, name))


LEAVES = tuple(leaves())


@st.composite
def lines(draw: st.DrawFn, tree: tuple[tuple[tuple[str, ...], click.Command], ...] = LEAVES) -> list[str]:
    """Give a command line without `--store`: a command, its arguments and some of its options, well or badly filled."""
    path, command = draw(st.sampled_from(tree))
    words: list[str] = []
    for parameter in command.params:
        if isinstance(parameter, click.Argument):
            words += draw(st.lists(value_of(parameter), min_size=1, max_size=2 if parameter.nargs == -1 else 1))
    if draw(st.booleans()):
        words += draw(st.lists(texts, max_size=1))
    for option in draw(st.lists(st.sampled_from(options_of(command)), max_size=4)) if options_of(command) else ():
        at = draw(st.integers(0, len(words)))
        words[at:at] = draw(given_as(option))
    before = draw(st.one_of(st.just([]), texts.map(lambda text: ["--actor", text])))
    return [*before, *path, *words]


def options_of(command: click.Command) -> list[click.Option]:
    """Return the options of a command that may be tried."""
    return [one for one in command.params if isinstance(one, click.Option) and not LEFT_OUT & set(one.opts)]


@st.composite
def given_as(draw: st.DrawFn, option: click.Option) -> list[str]:
    """Give an option with its value, in two words or one."""
    name = option.opts[0]
    if option.is_flag:
        return [name]
    value = draw(value_of(option))
    return [f"{name}={value}"] if name.startswith("--") and draw(st.booleans()) else [name, value]


def value_of(parameter: click.Parameter) -> st.SearchStrategy[str]:
    """Give a value for a parameter: of few, mostly one of them."""
    if isinstance(parameter.type, click.Choice):
        few = [str(choice) for choice in parameter.type.choices if choice not in SLOW]
        return st.one_of(st.sampled_from(few), st.sampled_from(few), texts)
    return texts
