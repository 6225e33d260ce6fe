"""What a report is called: an interim report of a part of a year, an annual report of all of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from events.period import Period
    from projections.report.language.words import Words


def report_title(words: Words, period: Period) -> str:
    """Return the title of the report of a period: `Osavuosikatsaus 1.4.–30.6.2020`, `Vuosiraportti 2020`.

    It is not called final accounts: whether the books are closed and the council has approved them is another matter.
    """
    if period.is_year:
        return words.say("Annual report {year}", year=str(period.year))
    return words.say("Interim report {period}", period=words.numbers.span(period.start, period.end))
