"""A profile: how a city's reports are built, so that their figures, goals and texts are found by what it says alone."""

from __future__ import annotations

import re
from typing import Literal

from attrs import field, frozen

from events.period import Period
from heinola_es.importing.report.document import UnitKind
from heinola_es.importing.report.headings import responsible
from heinola_es.importing.report.money_units import EUROS

ColumnIs = Literal["actual", "budget", "forecast", "deviation", "percent", "skip"]
GOAL_FIELDS = (
    "programme_goal",
    "binding_goal",
    "metric",
    "target_level",
    "subtask",
    "strategic_goal",
    "status",
    "outcome",
    "skip",
)
PROJECT_FIELDS = (
    *("name", "description", "administrator", "responsible", "start", "end", "phase", "funder", "city_decision"),
    *("income", "expenses", "city_share", "percent", "text", "other", "skip"),
)
PRIORITY_FIELDS = ("number", "title", "metric", "outcome", "skip")
TextIs = Literal["narrative", "outlook", "skip"]
_SPACE = re.compile(r"[\s\u00ad]+")
_NOTE_MARK = re.compile(r"(?<=\S)\s?[\u00b9\u00b2\u00b3\u2070\u2074-\u2079]{1,2}\u207e?\Z")
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
_LONGEST = 120  # characters of a heading
_NUMBERED = re.compile(r"(\d[\d.]{0,9}?)\.?\s+([^\W\d].*)")


_RESPONSIBLE = re.compile(r"(?:ansvarig|responsible)\w*(?: (?:person|officer))?\s*:\s*(.+)", re.IGNORECASE)


def responsible_in(text: str) -> str | None:
    """Return who is named in `Vastuuhenkilö: …`, `Ansvarig: …` or `Responsible: …`, or None."""
    found = _RESPONSIBLE.fullmatch(text) if len(text) <= _LONGEST else None
    return responsible(text) or (found[1] if found else None)


def without_mark(text: str) -> str:
    """Return the text of a cell without the raised mark of a note behind it."""
    return _NOTE_MARK.sub("", text)


def key_of(text: str) -> str:
    """Return a heading or a header as it is compared: without blanks, bold and note marks, in one case and dash."""
    return _SPACE.sub("", without_mark(text).translate(_DASHES).replace("**", "")).casefold().rstrip(":")


@frozen(slots=True, kw_only=True)
class UnitRule:
    """What the headings of a kind of unit look like.

    Attributes:
        kind: of unit.
        style: the style they are in, in small letters, or empty.
        numbered: whether each begins with the unit's code.
        digits: how many that code has; 0: any.
        names: the codes of units that are known by their names, by the key of the heading.
    """

    kind: UnitKind
    style: str = ""
    numbered: bool = False
    digits: int = 0
    names: dict[str, str] = field(factory=dict)

    def unit_in(self, text: str, style: str | None, *, in_row: bool = False) -> tuple[str, str] | None:
        """Return code and name of the unit that a heading names, or None.

        Args:
            text: the heading.
            style: that it is in; None of what stands in a table.
            in_row: whether it is the label of a row, which begins with a number though it names no unit.
        """
        if self.style and style is not None and self.style != style:
            return None
        if code := self.names.get(key_of(text)):
            return code, text.rstrip(":")
        if not self.numbered or in_row or len(text) > _LONGEST:
            return None
        found = _NUMBERED.fullmatch(text)
        code = found[1].replace(".", "") if found else ""
        return (code, found[2].rstrip(":")) if found and self.digits in {0, len(code)} else None


@frozen(slots=True, kw_only=True)
class ColumnRule:
    """A column of figure tables.

    Attributes:
        header: as printed.
        what: what it has.
        period: of its figures, or of the forecast; None of what is neither.
        money: how many cents one of its figures is; 0: as the table's.
        of: of a deviation, what less what; of a per cent, what by what.
        line: the code of the line that it is of, in a table whose rows are units; else empty.
    """

    header: str
    what: ColumnIs
    period: Period | None = None
    money: int = 0
    of: tuple[str, str] = ("", "")
    line: str = ""


@frozen(slots=True, kw_only=True)
class TextRule:
    """A heading that opens a text.

    Attributes:
        heading: what it begins with, as its key; empty: any heading by its style.
        what: what the text is.
        style: the style that the heading is in, or empty.
    """

    heading: str
    what: TextIs
    style: str = ""


@frozen(slots=True, kw_only=True)
class Profile:
    """How the reports of a city are built.

    Attributes:
        period: the report's own.
        expenses_positive: whether expenses stand without a minus.
        unit: code, name and kind of the unit that the whole report is of, where no heading opens it.
        units: the headings of units, from the top of the tree down.
        money: how many cents one of the figures is, where a table says nothing else.
        decimal: what stands before decimals; where that is a point, commas part thousands.
        columns: of figure tables, by the key of their headers.
        lines: codes of lines, by the key of labels that the chart does not know.
        unit_tables: tables whose rows are units: the key of what stands above them, and the line of their figures.
        goal_columns: what the columns of goal tables have, by the key of their headers.
        statuses: of goals, by the key of the words for them.
        project_columns, priority_columns: what the columns of such tables have, likewise.
        project_money: how many cents one of a project's amounts is.
        statistics: what the columns of tables of statistics have, and of a value the period that was counted, or None.
        texts: the headings that open texts.
    """

    period: Period
    expenses_positive: bool = False
    unit: tuple[str, str, UnitKind] | None = None
    units: tuple[UnitRule, ...] = ()
    money: int = EUROS
    decimal: str = ","
    columns: dict[str, ColumnRule] = field(factory=dict)
    lines: dict[str, str] = field(factory=dict)
    unit_tables: tuple[tuple[str, str], ...] = ()
    goal_columns: dict[str, str] = field(factory=dict)
    statuses: dict[str, str] = field(factory=dict)
    project_columns: dict[str, str] = field(factory=dict)
    project_money: int = EUROS
    priority_columns: dict[str, str] = field(factory=dict)
    statistics: dict[str, tuple[str, Period | None]] = field(factory=dict)
    texts: tuple[TextRule, ...] = ()
