"""What the columns of a report are called in its language: `TOT 2020 6 kk`, `TA 2020 + muutokset`."""

from __future__ import annotations

from calendar import monthrange
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.period import Period
    from projections.report.language.words import Words
    from projections.snapshot.columns import ReportColumn


def months_covered(words: Words, period: Period) -> str:
    """Return what cumulative figures cover in the report of a period: `6 kk`, or `15.8. asti` inside a month."""
    end = period.end
    if end.day < monthrange(end.year, end.month)[1]:
        return words.say("up to {day}", day=words.numbers.day_of_year(end))
    return words.say_of("{count} month", "{count} months", end.month)


def heading(
    words: Words, column: ReportColumn, period: Period, further_back: int = 0, *, comparable: bool = False
) -> str:
    """Return how the report of a period heads a column, with line breaks where it may break.

    One of an earlier year says that it is `comparable` where it is without what left the city.
    """
    label = column.label(words.language, period, months_covered(words, period), further_back)
    return "\n".join([label, words.say("comparable")]) if comparable and column.years_back else label


def column_name(words: Words, column: ReportColumn, period: Period, *, comparable: bool = False) -> str:
    """Return what a column is called in a sentence, on one line."""
    return heading(words, column, period, comparable=comparable).replace("\n", " ")
