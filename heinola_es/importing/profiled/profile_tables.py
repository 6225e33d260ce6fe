"""What a profile of reports may say: a class for each table, a field for each key.

`docs/report-profile.schema.json` is made of them by `schema_file`.
"""

from __future__ import annotations

from collections.abc import Iterator  # noqa: TC003 - msgspec reads the annotations
from typing import Annotated, Any, ClassVar, Literal

from msgspec import Meta, field

from events.goals import GOAL_STATUSES
from events.organisation import UNIT_KINDS
from events.period import Period  # noqa: TC001 - msgspec reads the annotations
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.files.toml_forms import (
    FirstVersion,
    Table,
    Text,
    about,
    asked,
    number_too,
    one_of,
    read_by,
    schema_text,
)
from heinola_es.importing.profiled.profile import (
    GOAL_FIELDS,
    PRIORITY_FIELDS,
    PROJECT_FIELDS,
    ColumnIs,
    TextIs,
    key_of,
)
from heinola_es.importing.report.money_units import unit_of

OF = ("actual", "budget", "forecast")
COMPARED = {"deviation": ("forecast", "budget"), "percent": ("actual", "budget")}
"""What a deviation is the difference of, and a per cent the quotient, where nothing is said of it."""
_HEADER_IS = "a column has its header as printed, and what it is"


def _period(text: str) -> None:
    try:
        parse_period(text)
    except BadInput as error:
        raise BadInput(f"names no period: {error}") from None


def _money(text: str) -> None:
    try:
        unit_of(text, 0)
    except BadInput:
        raise BadInput(f"is {text!r}, no unit of money that is known; write €, 1 000 € or milj. €") from None


def _words(known: tuple[str, ...] = (), *, least: int = 0) -> Meta:
    """Return the mark of a table of words, each of which stands for one of those that are known, or for any text."""
    means = {"enum": list(known)} if known else {"type": "string", "minLength": 1}
    words: dict[str, Any] = {"type": "object", "additionalProperties": means}
    title = "a table of words with what they stand for"
    return Meta(title=title, extra_json_schema={"instead": words | ({"minProperties": least} if least else {})})


def _strange(words: dict[str, Any], known: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield what is wrong with the words of a table."""
    should_be = f"one of {', '.join(known)}" if known else "the code of a line"
    for word, means in words.items():
        if not isinstance(means, str) or (known and means not in known):
            yield f"says {means!r} of {word!r}; it should be {should_be}"


PeriodSaid = Annotated[
    Text,
    number_too("a period, such as 1-8/2024"),
    about("A period as people write it: 1-8/2024, 1.4.–30.6.2024, 2024Q2, 2023."),
    read_by(_period),
]
Money = Annotated[Text, about("The unit of money, as reports write it: €, 1 000 €, t€, milj. €."), read_by(_money)]
Kind = Annotated[str, one_of(UNIT_KINDS)]
Header = Annotated[
    Text,
    asked(_HEADER_IS),
    about("As printed; of a header in several rows all that stands above the column."),
]
"""Of a column."""


class ReportUnit(Table, frozen=True, kw_only=True):
    """The unit that the whole report is of, where no heading opens it."""

    code: Annotated[Text, asked("the unit that the report is of has a code and a name")]
    name: Annotated[Text, asked("the unit that the report is of has a code and a name")]
    kind: Kind = "sector"


class UnitHeadings(Table, frozen=True, kw_only=True):
    """The headings of a kind of unit."""

    SCHEMA: ClassVar = {
        "anyOf": [
            {"required": ["names"]},
            {"required": ["numbered"], "properties": {"numbered": {"const": True}}},
        ]
    }

    kind: Kind = "unit"
    style: Annotated[Text, about("The style that they are in, such as heading 2.")] | None = None
    numbered: Annotated[bool, about("Whether each begins with the unit's code.")] = False
    digits: Annotated[
        int, Meta(ge=0, title="how many digits the codes have"), about("How many digits the code has; 0: any number.")
    ] = 0
    names: Annotated[
        dict[str, Any], _words(least=1), about("Names as they are printed, by the codes of their units.")
    ] = field(default_factory=dict)

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield names that are none, and headings by which no unit can be known."""
        for code, name in self.names.items():
            if not isinstance(name, str) or not name.strip() or not code.strip():
                yield "names", f"has {name!r} for {code}; it should be the name as the report prints it"
        if not self.numbered and not self.names:
            yield "names", "is missing; say which units the headings name, or numbered = true"


class FigureColumn(Table, frozen=True, kw_only=True):
    """A column of figure tables."""

    header: Header
    what: Annotated[ColumnIs, asked(_HEADER_IS)] = field(name="is")
    period: PeriodSaid | None = None
    money: Money | None = None
    of: Annotated[
        tuple[str, ...],
        Meta(
            title="two of actual, budget and forecast",
            extra_json_schema={
                "instead": {
                    "type": "array",
                    "prefixItems": [{"enum": list(OF)}, {"enum": list(OF)}],
                    "items": {"enum": list(OF)},
                    "minItems": 2,
                    "maxItems": 2,
                }
            },
        ),
        about("What less what, or what by what."),
    ] = ()
    line: (
        Annotated[Text, about("The code of the line that the column is of, in a table whose rows are units.")] | None
    ) = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield what columns of other kinds have."""
        if self.period is not None and self.what not in {"actual", "budget", "forecast"}:
            yield "period", f"is nothing that a column of {self.what} has; remove it"
        if self.line is not None and self.what == "skip":
            yield "line", "is nothing that a column that is skipped has; remove it"
        two = len(self.of) == len(("what", "what")) and set(self.of) <= set(OF)
        if self.of and not (two and self.what in COMPARED):
            yield "of", "should be two of actual, budget and forecast, of a deviation or a per cent"


class UnitRows(Table, frozen=True, kw_only=True):
    """A table whose rows are units."""

    heading: Annotated[
        Text,
        asked("say what stands above the table"),
        about("What stands above the table, in its corner or its first row, or how that begins."),
    ]
    line: Annotated[
        Text, asked("say the code of the line of its figures"), about("The code of the line that its figures are of.")
    ]


class Figures(Table, frozen=True, kw_only=True):
    """Tables of figures."""

    money: Money | None = None
    decimal: Annotated[
        Literal[",", "."], about("What stands before decimals; where that is a point, commas part thousands.")
    ] = ","
    lines: Annotated[dict[str, Any], _words(), about("Codes of lines, by the labels that the chart does not have.")] = (
        field(default_factory=dict)
    )
    columns: tuple[FigureColumn, ...] = ()
    unit_tables: Annotated[tuple[UnitRows, ...], about("Tables whose rows are units.")] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield headers that stand twice, and codes that are none."""
        yield from (("lines", sentence) for sentence in _strange(self.lines))
        seen: set[str] = set()
        for number, column in enumerate(self.columns, 1):
            key = key_of(column.header)
            if key in seen and key:
                yield f"columns[{number}].header", f"{column.header!r} stands twice; remove one of the two"
            seen.add(key)


class Goals(Table, frozen=True, kw_only=True):
    """Tables of goals."""

    columns: Annotated[dict[str, Any], _words(GOAL_FIELDS), about("What columns have, by their headers.")] = field(
        default_factory=dict
    )
    statuses: Annotated[dict[str, Any], _words(GOAL_STATUSES), about("Statuses, by the words for them.")] = field(
        default_factory=dict
    )

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield what a goal does not have."""
        yield from (("columns", sentence) for sentence in _strange(self.columns, GOAL_FIELDS))
        yield from (("statuses", sentence) for sentence in _strange(self.statuses, GOAL_STATUSES))


class Projects(Table, frozen=True, kw_only=True):
    """Tables of projects."""

    money: Money | None = None
    columns: Annotated[dict[str, Any], _words(PROJECT_FIELDS), about("What columns have, by their headers.")] = field(
        default_factory=dict
    )

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield what a project does not have."""
        yield from (("columns", sentence) for sentence in _strange(self.columns, PROJECT_FIELDS))


class Priorities(Table, frozen=True, kw_only=True):
    """Tables of priorities."""

    columns: Annotated[dict[str, Any], _words(PRIORITY_FIELDS), about("What columns have, by their headers.")] = field(
        default_factory=dict
    )

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield what a priority does not have."""
        yield from (("columns", sentence) for sentence in _strange(self.columns, PRIORITY_FIELDS))


class StatisticColumn(Table, frozen=True, kw_only=True):
    """A column of tables of statistics."""

    header: Header
    what: Annotated[Literal["name", "unit", "value", "skip"], asked(_HEADER_IS)] = field(name="is")
    period: PeriodSaid | None = None

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a period of what is no value."""
        if self.period is not None and self.what != "value":
            yield "period", f"is nothing that a column of {self.what} has; remove it"


class Statistics(Table, frozen=True, kw_only=True):
    """Tables of statistics."""

    columns: tuple[StatisticColumn, ...] = ()


class TextHeading(Table, frozen=True, kw_only=True):
    """A heading that opens a text."""

    SCHEMA: ClassVar = {"anyOf": [{"required": ["heading"]}, {"required": ["style"]}]}

    heading: Annotated[Text, about("What the heading is, or begins with.")] | None = None
    style: Text | None = None
    what: TextIs = field(name="is", default="narrative")

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield a heading of which nothing is said."""
        if self.heading is None and self.style is None:
            yield "heading", 'is missing; write what the heading begins with, or its style ("heading 2")'


class ProfileTable(Table, frozen=True, kw_only=True):
    """How the reports of a city are built."""

    version: FirstVersion
    period: Annotated[PeriodSaid, asked("write the report's period, such as 1.4.–30.6.2024 or 1-8/2024")]
    expenses: Annotated[
        Literal["negative", "positive"], about("How the report writes expenses: with a minus, or without.")
    ] = "negative"
    unit: ReportUnit | None = None
    units: Annotated[tuple[UnitHeadings, ...], about("The headings of units, from the top of the tree down.")] = ()
    figures: Figures = Figures()
    goals: Goals = Goals()
    projects: Projects = Projects()
    priorities: Priorities = Priorities()
    statistics: Statistics = Statistics()
    texts: Annotated[tuple[TextHeading, ...], about("The headings that open texts.")] = ()

    def contradictions(self) -> Iterator[tuple[str, str]]:
        """Yield forecasts of another year than the report's."""
        report = said_period(self.period)
        for number, column in enumerate(self.figures.columns, 1):
            said = said_period(column.period)
            if column.what == "forecast" and report and said and said.year != report.year:
                sentence = f"is another year than the report's, {report.year}"
                yield f"figures.columns[{number}].period", f'{sentence}; write is = "skip" for the column'


def said_period(text: str | None) -> Period | None:
    """Return the period that a text names; None where nothing is said."""
    return parse_period(text) if text else None


def schema_file() -> str:
    """Return `docs/report-profile.schema.json`."""
    return schema_text(ProfileTable, "report-profile/1", "Profile of reports for `heinola import report`")
