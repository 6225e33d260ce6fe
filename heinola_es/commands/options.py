"""The arguments and options that commands share."""

from __future__ import annotations

from functools import wraps
from shlex import quote
from typing import TYPE_CHECKING, Any

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.form import LARGE, PeriodOption, PeriodSlot
from heinola_es.commands.parameters import Amount, Day, FiscalYear, LineName, OneOf, PeriodType, ProjectName, UnitCode
from heinola_es.commands.recording import Recording
from heinola_es.commands.words import Words
from heinola_es.domain.amounts import PRECISIONS
from heinola_es.errors import BadInput
from heinola_es.languages import LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Callable

    Command = Callable[..., None]
    Decorator = Callable[[Command], Command]

unit = click.argument("unit", type=UnitCode(), help="The unit's code, or the name that only one unit has.")
line = click.argument("line", type=LineName(postable=True), help="A line that takes postings, by its code or label.")
any_line = click.argument("line", type=LineName(), help="A line of the chart, by its code or label.")
project = click.argument("name", type=ProjectName(), help="The project's name.")
amount = click.argument("amount", type=Amount(), help="Euros, such as -1 234,50 or 12.500 €; expenses are negative.")
delta = click.argument("delta", type=Amount(), help="The difference in euros, such as -1 234,50 or 12.500 €.")


contra = click.option("--contra", is_flag=True, help="The amount goes against the sign of its line, and is meant to.")
clock_is_right = click.option(
    "--clock-is-right", is_flag=True, help="The clock is right, though far from the last event that was recorded."
)
large = click.option(*LARGE.opts, is_flag=True, help=LARGE.help)
restating = click.option(
    "--restates", is_flag=True, help="It changes what is closed or published before, and is meant to."
)
_HOW = ("source", "reason", "once", "dry_run", "clock_is_right", "large", "restates")


def period(command: Command) -> Command:
    """Add the argument PERIOD, which --period and --on may give in its place."""
    for option in (
        _in_place("--on", PeriodType(), "DATE", "The day it is about, in place of PERIOD."),
        _in_place("--period", PeriodType(), "PERIOD", "The period it is about, in place of PERIOD."),
        click.argument("period", cls=PeriodSlot, type=PeriodType(), help="Such as 6/2020, 2020Q2, 2020 or 30.6.2020."),
    ):
        command = option(command)
    return command


def year(command: Command) -> Command:
    """Add the argument YEAR, which --period may give in its place."""
    for option in (
        _in_place("--period", FiscalYear(), "YEAR", "The fiscal year, in place of YEAR."),
        click.argument("year", cls=PeriodSlot, type=FiscalYear(), help="The fiscal year, such as 2020."),
    ):
        command = option(command)
    return command


def _in_place(name: str, kind: click.ParamType[Any], metavar: str, help_line: str) -> Decorator:
    """Return an option whose value goes to the place of an argument."""
    return click.option(
        name,
        f"{name[2:]}_in_place",
        cls=PeriodOption,
        type=kind,
        expose_value=False,
        metavar=metavar,
        help=help_line,
    )


def day(help_line: str, *, required: bool = True) -> Decorator:
    """Add the option --on DATE."""
    return click.option("--on", "day", type=Day(), metavar="DATE", required=required, help=help_line)


def of_translation(*, required: bool) -> Decorator:
    """Add the option --lang: what is said is the words that are recorded, in that language."""
    help_line = f"What is recorded reads so in this language: {', '.join(LANGUAGES)}."
    kind = OneOf("language", LANGUAGES)
    return click.option("--lang", "language", type=kind, required=required, metavar="LANGUAGE", help=help_line)


def precision(what: str) -> Decorator:
    """Add the option --precision, by which `what` is rounded; the command gets a key of `PRECISIONS`."""
    return click.option(
        "--precision",
        type=OneOf("precision", tuple(PRECISIONS)),
        default="exact",
        show_default=True,
        metavar="PRECISION",
        help=f"{what}: {', '.join(PRECISIONS)}.",
    )


def text(subject: str) -> Decorator:
    """Add the argument TEXT and the option --text-file; the command gets `words`."""

    def decorate(command: Command) -> Command:
        @click.option(
            "--text-file",
            type=click.Path(),
            metavar="FILE",
            help=f"Read {subject} from a file (- is the standard input).",
        )
        @click.argument("text", required=False, help=f"{subject[0].upper()}{subject[1:]}; - reads the standard input.")
        @wraps(command)
        def with_words(*args: Any, text: str | None, text_file: str | None, **values: Any) -> None:  # noqa: ANN401
            command(*args, words=Words(subject, text, text_file), **values)

        return with_words

    return decorate


def _once_now(_ctx: click.Context, _parameter: click.Parameter, value: str | None) -> None:
    """Tell who gives the key of a retry as it was given before, when `--key` meant two things."""
    if value is not None:
        raise BadInput(f"the retry key is now given as --once {quote(value)}; --key names the file of the seal key")


def recording(command: Command) -> Command:
    """Add what every fact carries (--source, --reason) and how it is recorded (--once, --dry-run, --clock-is-right).

    The form of a command that takes an amount adds --large.
    """

    @wraps(command)
    def with_recording(door: Door, /, *args: Any, **values: Any) -> None:  # noqa: ANN401
        how = {name: values.pop(name) for name in _HOW if name in values}
        command(Recording(door=door, **how), *args, **values)

    decorated: Command = pass_door(with_recording)
    for option in (
        clock_is_right,
        click.option("--dry-run", is_flag=True, help="Check everything and record nothing."),
        click.option("--key", hidden=True, expose_value=False, callback=_once_now, help="Now given as --once."),
        click.option("--once", metavar="KEY", help="Names this command: given again with it, it is recorded once."),
        click.option("--reason", default="", metavar="TEXT", help="Why; needed where something is put right."),
        click.option("--source", default="", metavar="TEXT", help="The document, file row or decision it is from."),
    ):
        decorated = option(decorated)
    return decorated
