"""How a command line that records is read: negative amounts without quoting, and periods by position or by option."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Mapping, Sequence
from typing import Any

import click
from attrs import define, field

from heinola_es.commands.parameters import Amount, Number
from heinola_es.commands.verb import Verb

_SPACE = " \u00a0\u202f"
_NEGATIVE = re.compile(rf"-[{_SPACE}]?\d[\d.,{_SPACE}]*(?:€|%|eur|euroa)?", re.IGNORECASE | re.ASCII)
_LIKE_AMOUNT = re.compile(rf"-[{_SPACE}]?\d", re.ASCII)
_OPEN_END = re.compile(r"[-+\u2212\u2013]?\d{1,3}(?: \d{3})*", re.ASCII)
_GROUP = re.compile(r"\d{3}(?:[.,]\d{1,2})?€?", re.ASCII)
_CURRENCY = frozenset({"€", "eur", "euroa", "%"})


LARGE = click.Option(
    ["--large"], is_flag=True, help="The amount is right, though far beyond what the store has ever seen."
)
"""The option of every command that takes an amount."""


class PeriodSlot(click.Argument):
    """The argument PERIOD, which the options --period and --on may give in its place."""


class Form(Verb):
    """A command that records.

    Before click reads the arguments they are put in order: what looks like a negative number is a value and no option,
    the groups of an amount that the shell split at its spaces are joined, and the value of --period or --on goes to the
    place of PERIOD. Values of other options are left as they are.
    """

    def __init__(self, name: str | None, *, params: list[click.Parameter] | None = None, **values: Any) -> None:  # noqa: ANN401
        """Take the command as click makes it, with --large where it takes an amount."""
        takes_amounts = any(isinstance(parameter.type, Amount) for parameter in params or ())
        super().__init__(name, params=[*(params or ()), *([LARGE] if takes_amounts else ())], **values)

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the arguments as click does, once they are in order."""
        parameters = self.get_params(ctx)
        arguments = [parameter for parameter in parameters if isinstance(parameter, click.Argument)]
        slot = next((at for at, argument in enumerate(arguments) if isinstance(argument, PeriodSlot)), None)
        sorter = _Sorter(_options_with_value(parameters), has_slot=slot is not None)
        if not sorter.sort(args):
            return super().parse_args(ctx, args)  # an option lacks its value: click says so
        if len(sorter.periods) > 1:
            ctx.fail("The period is given twice.")
        if slot is not None and slot <= len(sorter.values):
            sorter.values[slot:slot] = sorter.periods
        values = _joined_at_end(sorter.values, arguments)
        if sorter.periods and len(values) > len(arguments):
            ctx.fail("The period is given twice, or another value is too many.")
        return super().parse_args(ctx, [*sorter.options, "--", *values])


@define(slots=True)
class _Sorter:
    """Sorts arguments into options with their values, positional values, and periods given by an option."""

    with_value: Mapping[str, click.Option]
    has_slot: bool
    options: list[str] = field(factory=list)
    values: list[str] = field(factory=list)
    periods: list[str] = field(factory=list)

    def sort(self, args: Sequence[str]) -> bool:
        """Sort all arguments; False where the last is an option without its value."""
        waiting = deque(args)
        while waiting:
            arg = waiting.popleft()
            if arg == "--":
                self.values += waiting
                return True
            if not arg.startswith("-") or arg == "-":
                self.values.append(arg)
            elif _LIKE_AMOUNT.match(arg):  # one that is none is refused as an amount: no option begins so
                self.values.append(_with_groups(arg, waiting) if _NEGATIVE.fullmatch(arg) else arg)
            elif not self._option(arg, waiting):
                return False
        return True

    def _option(self, arg: str, waiting: deque[str]) -> bool:
        name, equals, value = arg.partition("=")
        option = self.with_value.get(name)
        if option is None:
            self.options.append(arg)
            return True
        if not equals:
            if not waiting:
                return False
            value = waiting.popleft()
        if isinstance(option.type, Amount | Number) and _ends_here(waiting):
            value = _with_groups(value, waiting)
        if self.has_slot and isinstance(option, PeriodOption):
            self.periods.append(value)
        else:
            self.options += [name, value]
        return True


class PeriodOption(click.Option):
    """An option whose value goes to the place of PERIOD."""


def _options_with_value(parameters: Sequence[click.Parameter]) -> dict[str, click.Option]:
    return {
        name: option
        for option in parameters
        if isinstance(option, click.Option) and not option.is_flag and not option.count
        for name in option.opts
    }


def _with_groups(amount: str, waiting: deque[str]) -> str:
    """Take the groups of three digits, and the currency, that continue an amount."""
    while waiting and _continues(amount, waiting[0]):
        amount = f"{amount} {waiting.popleft()}"
    return amount


def _continues(amount: str, following: str) -> bool:
    if following in _CURRENCY:
        return amount[-1:].isdigit()
    return bool(_OPEN_END.fullmatch(amount) and _GROUP.fullmatch(following))


def _ends_here(waiting: Sequence[str]) -> bool:
    """Return whether only groups stand before the next option or the end, so that they are no arguments."""
    groups = 0
    for arg in waiting:
        if not (_GROUP.fullmatch(arg) or arg in _CURRENCY):
            return groups > 0 and arg.startswith("-")
        groups += 1
    return groups > 0


def _joined_at_end(values: list[str], arguments: Sequence[click.Argument]) -> list[str]:
    """Join what is too much into the last argument, where that is a number and the rest are its groups."""
    if not arguments or not isinstance(arguments[-1].type, Amount | Number):
        return values
    last = len(arguments) - 1
    rest = deque(values[last:])
    joined = [_with_groups(rest.popleft(), rest)] if rest else []
    return [*values[:last], *joined, *rest]
