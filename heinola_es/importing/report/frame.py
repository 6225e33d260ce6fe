"""What holds for the whole report: its period, its fiscal year, and the five columns of its figure tables."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from attrs import frozen

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from heinola_es.importing.report.document import Finding
from heinola_es.importing.report.lines import Line
from heinola_es.importing.report.money_units import is_mark, unit_of

if TYPE_CHECKING:
    from heinola_es.importing.report.lines import Lines

COLUMNS = 5
_PERIOD_AT_END = re.compile(r"(\d{1,2}\.\d{1,2}\.(?:\d{4})?\s*[-–—]\s*\d{1,2}\.\d{1,2}\.\s*\d{4})\s*:?\**$")
_STATES_PERIOD = re.compile(r"(?:Tavoitteiden toteuma|\w+ tilasto)", re.IGNORECASE)
_ROLES: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"TP\b.*\d{4}"), "TP"),
    (re.compile(r"TA\b.*\d{4}"), "TA"),
    (re.compile(r"TOT\b.*%"), "%"),
    (re.compile(r"TOT\b.*\d{4}.*kk"), "TOT"),
)
_LONGEST_TITLE = 100  # characters
_ORDER = ("TP", "TOT", "TA", "TOT", "%")
_QUARTER_ENDS = (3, 6, 9, 12)


class OtherShape(BadInput):
    """The report may be one of another shape than the built-in one."""


class NoFigureTable(OtherShape):
    """Nothing in the document is a figure table."""


@frozen(slots=True)
class FigureHeader:
    """The header of a figure table.

    Attributes:
        lines: the one or two lines it stands on.
        titles: the five column titles as printed, for messages.
        year: the fiscal year.
        months: how many months since 1 January the actuals cover.
        units: how many cents one of the figures in each of the four amount columns is.
    """

    lines: tuple[Line, ...]
    titles: tuple[str, ...]
    year: int
    months: int
    units: tuple[int, ...]


@frozen(slots=True)
class Frame:
    """What holds for the whole report; `findings` says what of it was inferred."""

    period: Period
    fiscal_year: int
    findings: tuple[Finding, ...]


def is_figure_header(line: Line) -> bool:
    """Return whether the line opens a figure table: an empty first cell and then `TP` with a year."""
    return len(line.cells) > 1 and not line.cells[0] and bool(re.match(r"TP\s*\d{4}", line.cells[1]))


def figure_header(line: Line, below: Line | None) -> FigureHeader:
    """Return the header that starts on `line`, in either form: one line, or split in two.

    Raises:
        BadInput: it has other columns than TP, TOT, TA, TOT and TOT %, or years that do not fit together.
    """
    split = below is not None and not below.cells[0] and is_mark(below.cells[1]) and "kk" not in line.text
    lines = (line, below) if split and below is not None else (line,)
    titles = tuple(" ".join(parts).strip() for parts in zip(*(part.cells[1:] for part in lines), strict=False))
    roles = tuple(_role(title) for title in titles)
    if roles != _ORDER or len({len(part.cells) for part in lines}) > 1:
        raise OtherShape(
            f"line {line.number}: the columns of this figure table are {', '.join(titles)}; "
            "expected TP, TOT and TA with their years, TOT of this year and TOT %: restore the header"
        )
    return _checked_header(lines, titles)


def _role(title: str) -> str:
    if len(title) > _LONGEST_TITLE:
        return ""
    return next((role for pattern, role in _ROLES if pattern.match(title)), "")


def _checked_header(lines: tuple[Line, ...], titles: tuple[str, ...]) -> FigureHeader:
    years = [_number(r"(\d{4})(?!\s*e)", title) for title in titles[:4]]
    months = [_number(r"(\d{1,2})\s*kk", title) for title in (titles[1], titles[3])]
    year = years[3]
    if years != [year - 1, year - 1, year, year] or months[0] != months[1]:
        raise BadInput(
            f"line {lines[0].number}: the years and months of the columns do not fit together ({', '.join(titles)}); "
            "the first two are of the year before, over the same months: correct the header"
        )
    units = tuple(unit_of(title, lines[0].number) for title in titles[:4])
    return FigureHeader(lines, titles, year, months[0], units)


def _number(pattern: str, title: str) -> int:
    found = re.search(pattern, title)
    return int(found[1]) if found else 0


def period_at_end(line: Line) -> Period | None:
    """Return the period that the line's first cell ends with, or None.

    Raises:
        BadInput: the days do not exist, or run backwards.
    """
    found = _PERIOD_AT_END.search(line.cells[0])
    if not found:
        return None
    try:
        return parse_period(found[1])
    except BadInput as error:
        raise BadInput(f"line {line.number}: {error}") from None


def read_frame(lines: Lines) -> Frame:
    """Return the report's period and year, found in its headings and checked against its figure tables.

    Raises:
        BadInput: no figure table, headers that contradict each other, or a period that contradicts the headers.
    """
    first, year, months = _year_and_months(lines)
    stated = [(line, found) for line in lines.filled if _states_period(line) and (found := period_at_end(line))]
    if not stated:
        return _inferred_frame(first, year, months)
    period = Counter(found for _, found in stated).most_common(1)[0][0]
    line = next(line for line, found in stated if found == period)
    if (period.end.year, period.end.month) != (year, months):
        raise BadInput(
            f"line {line.number}: the period {period.label} does not end with month {months} of {year}, "
            f"as the figure table at line {first.number} has it; correct the one that is wrong"
        )
    odd = tuple(
        Finding(
            kind="inferred",
            unit=None,
            line=line.number,
            message=f"This heading states {found.label}, the others {period.label}; the section keeps its own period.",
        )
        for line, found in stated
        if found != period
    )
    return Frame(period, year, odd)


def _states_period(line: Line) -> bool:
    return bool(_STATES_PERIOD.match(line.cells[0].lstrip("*")))


def _year_and_months(lines: Lines) -> tuple[Line, int, int]:
    headers = [figure_header(line, lines.below(line)) for line in lines.filled if is_figure_header(line)]
    if not headers:
        raise NoFigureTable(
            "this is no interim report: it has no figure table (a line with the columns TP, TOT, TA, TOT and TOT %); "
            "extract the report's text again, with tabs between the cells"
        )
    first = headers[0]
    for header in headers:
        if (header.year, header.months) != (first.year, first.months):
            raise BadInput(
                f"line {header.lines[0].number}: this table is of {header.months} months of {header.year}, "
                f"the one at line {first.lines[0].number} of {first.months} months of {first.year}; correct the header"
            )
    return first.lines[0], first.year, first.months


def _inferred_frame(header: Line, year: int, months: int) -> Frame:
    if months not in _QUARTER_ENDS:
        raise BadInput(
            f"line {header.number}: {months} months end no quarter, and no heading states the report's period; "
            "add it to a heading, as in: Tavoitteiden toteuma 1.4.-30.6.2020"
        )
    period = Period.of_months(year, months - 2, months)
    message = f"No heading states the period; {period.label} was taken from the {months} months of the figure tables."
    return Frame(period, year, (Finding(kind="inferred", unit=None, line=header.number, message=message),))
