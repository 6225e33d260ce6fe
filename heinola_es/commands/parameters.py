"""Parameter types: amounts, periods, days and years as people write them, and what completes in the shell."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from events.period import Period
from heinola_es.commands import completion
from heinola_es.errors import BadInput
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from click.shell_completion import CompletionItem

MANY = 1_000_000
"""More than there can be of anything that is counted on the command line."""
_SHOWN = 40  # characters of what cannot be read
_POSITION = pattern(r"\d{1,18}", re.ASCII)  # a database counts a little further
_YEAR = pattern(r"(?:19|20|21)\d\d", re.ASCII)


class Amount(click.ParamType[int]):
    """Euros as people write them; a parameter's value is whole cents."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401, ARG002
        """Return whole cents.

        Raises:
            BadInput: no amount, or an ambiguous one.
        """
        from heinola_es.domain.amounts import parse_amount

        return value if isinstance(value, int) else parse_amount(value)


class Number(click.ParamType[str]):
    """A number as people write it (`1 224`, `29,2 %`); a parameter's value is the text as it was given."""

    name = "number"


_SHORT_YEAR = pattern(r"(\d{1,2}(?:\s*[-–—]\s*\d{1,2})?|[QHTqht]\d)\s*/\s*(\d\d)$", re.ASCII)
"""What people type of this century: `7-9/26`; in a file it may be anything."""


class PeriodType(click.ParamType[Period]):
    """A period as people write it.

    Attributes:
        up_to_date: whether a single date is the year up to it, as a report is asked for, and not that one day.
    """

    name = "period"

    def __init__(self, *, up_to_date: bool = False) -> None:
        self.up_to_date = up_to_date

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Period:  # noqa: ANN401, ARG002
        """Return the period.

        Raises:
            BadInput: the text names none.
        """
        from heinola_es.domain.periods import parse_period, parse_reporting_period

        if isinstance(value, Period):
            return value
        text = _SHORT_YEAR.sub(r"\1/20\2", value.strip())
        return parse_reporting_period(text) if self.up_to_date else parse_period(text)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Suggest the quarters, halves and months of the year that was typed, or of the year last recorded about."""
        return completion.periods(ctx, incomplete)


class Day(click.ParamType[date]):
    """A date as people write it."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:  # noqa: ANN401, ARG002
        """Return the date.

        Raises:
            BadInput: the text is none.
        """
        from heinola_es.domain.periods import parse_date

        return value if isinstance(value, date) else parse_date(value)


class FiscalYear(click.ParamType[int]):
    """A fiscal year, which in a Finnish municipality is the calendar year."""

    name = "year"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401, ARG002
        """Return the year.

        Raises:
            BadInput: the text is none.
        """
        if isinstance(value, int):
            return value
        if not _YEAR.fullmatch(value.strip()):
            raise BadInput(f"{value[:_SHOWN]!r} is not a fiscal year; write it as 2020")
        return int(value)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Suggest the year last recorded about and the one after it."""
        return completion.years(ctx, incomplete)


class Position(click.ParamType[int]):
    """A position in the log: `532`, `#532`, `1 234`."""

    name = "position"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401, ARG002
        """Return the position.

        Raises:
            BadInput: the text is none.
        """
        if isinstance(value, int):
            return value
        number = value.strip().removeprefix("#").replace(" ", "").replace("\u00a0", "")
        if not _POSITION.fullmatch(number):
            raise BadInput(f"{value[:_SHOWN]!r} is not a position in the log; write its number, such as 532")
        return int(number)


class Positions(click.ParamType[tuple[int, int]]):
    """Positions in the log, first and last: `532`, `#504-#611`, `504–611`."""

    name = "position"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> tuple[int, int]:  # noqa: ANN401
        """Return the first and the last position, which are the same where one is given.

        Raises:
            BadInput: the text is none.
        """
        if isinstance(value, tuple):
            return value
        first, _, last = value.replace("\u2013", "-").partition("-")
        one = Position()
        return one.convert(first, param, ctx), one.convert(last if last.strip() else first, param, ctx)


class Name(click.ParamType[str]):
    """A name or a code: some text, without blanks around it, in composed form so that an ä is always the same ä."""

    name = "name"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401, ARG002
        """Return the text.

        Raises:
            BadInput: it is empty.
        """
        from unicodedata import normalize

        text = normalize("NFC", str(value)).strip()
        if not text:
            raise BadInput(f"the {self.name} is empty; give one")
        return text


class NewCode(Name):
    """A code that is given to something new.

    Attributes:
        name: what it is, e.g. `goal`.
    """

    def __init__(self, name: str) -> None:
        self.name = name

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Return the code.

        Raises:
            BadInput: it cannot be one.
        """
        from heinola_es.domain.codes import LONGEST_CODE, require_code

        code = super().convert(value, param, ctx)
        require_code(code, f"the {self.name}", LONGEST_CODE + 10)
        return code


def require_unbroken(code: str, what: str) -> None:
    """Refuse to give a code with a blank in it to something new, by hand: a command line is cut there.

    Raises:
        BadInput.
    """
    if " " in code:
        whole = code.replace(" ", "-")
        raise BadInput(f"{what} {code!r} has a blank in it, at which a command line is cut; write {whole}")


class UnitCode(Name):
    """The code of a unit, or what only one unit is called."""

    name = "unit"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401
        """Return the code.

        Raises:
            BadInput: it is empty, or the name of several units.
        """
        from heinola_es.commands.unit_names import code_of

        return code_of(ctx, super().convert(value, param, ctx))

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Suggest the units of the store, with their names."""
        return completion.units(ctx, incomplete)


class LineName(Name):
    """A line of the chart, by its code or a label.

    Attributes:
        postable: whether only lines that take postings are suggested.
    """

    name = "line"

    def __init__(self, *, postable: bool = False) -> None:
        self.postable = postable

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Suggest the lines of the store's chart, with their Finnish labels."""
        return completion.lines(ctx, incomplete, postable=self.postable)


class GoalId(Name):
    """The id of a goal."""

    name = "goal"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Suggest the goals of the unit named before, in the year last recorded about."""
        return completion.goals(ctx, incomplete)


class ProjectName(Name):
    """The name of a project."""

    name = "project"

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Suggest the projects of the store."""
        return completion.projects(ctx, incomplete)


class OneOf(click.ParamType[str]):
    """One of a few words of the language, such as a status.

    Attributes:
        name: what the words are, e.g. `status`.
        words: those of the language.
        labels: what reports call them, in small letters; each is as good as the word.
    """

    def __init__(self, name: str, words: Sequence[str], labels: Mapping[str, Sequence[str]] | None = None) -> None:
        self.name = name
        self.words = words
        self.labels = labels or {}

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:  # noqa: ANN401, ARG002
        """Return the word; `in-progress` and `In progress` are `in_progress`.

        Raises:
            BadInput: it is none of them; the sentence lists them.
        """
        from heinola_es.domain.called import word_of

        return word_of(str(value), self.name, self.words, self.labels)

    def shell_complete(self, ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:  # noqa: ARG002
        """Suggest the words."""
        from click.shell_completion import CompletionItem

        return [CompletionItem(word) for word in self.words if word.startswith(incomplete)]
