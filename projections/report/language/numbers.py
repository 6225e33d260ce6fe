"""Numbers, amounts, per cents and dates as a report in Finnish, Swedish or English writes them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.language.numerals import MINUS, number
from projections.report.language.scale import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.report.language.scale import Scale

LOCALES = {"fi": "fi", "sv": "sv_FI", "en": "en_GB"}
NBSP = "\u00a0"

_DAY = {"fi": "{d}.{m}.{y}", "sv": "{d}.{m}.{y}", "en": "{d} {month} {y}"}  # Swedish as written in Finland
_DAY_OF_YEAR = {"fi": "{d}.{m}.", "sv": "{d}.{m}", "en": "{d} {month}"}
_ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_SCIENTIFIC = re.compile(r"-?\d+(?:\.\d+)?E[+-]?\d{1,2}", re.ASCII)
_DECIMAL = re.compile(r"(-?)(\d+)(?:\.(\d+))?", re.ASCII)
_CLOCK = {
    "fi": "{day} klo {hour}.{minute:02} (Suomen aikaa)",
    "sv": "{day} kl. {hour}.{minute:02} (finsk tid)",
    "en": "{day}, {hour:02}:{minute:02} (Finnish time)",
}
_WINTER, _SUMMER = timedelta(hours=2), timedelta(hours=3)


@frozen(slots=True)
class Numbers:
    """How one language, `fi`, `sv` or `en`, writes numbers and dates."""

    language: str

    def plain(self, value: Decimal | int, decimals: int = 0) -> str:
        """Return a number rounded half up: `1 797 871`."""
        return number(Decimal(value), decimals, self.language)

    def as_known(self, value: Decimal) -> str:
        """Return a number with the decimals that it has, at most two: `50`, `33,33`."""
        exact = value.normalize()
        exponent = exact.as_tuple().exponent
        return self.plain(value, min(2, max(0, -exponent)) if isinstance(exponent, int) else 0)

    def percent(self, value: Decimal, decimals: int | None = 1) -> str:
        """Return a per cent: `63,3 %`; with the decimals that it has where `decimals` is None."""
        digits = self.as_known(value) if decimals is None else self.plain(value, decimals)
        return f"{digits}%" if self.language == "en" else f"{digits}{NBSP}%"

    def euros(self, value: Decimal, decimals: int = 0) -> str:
        """Return an amount of euros with its sign of currency: `412 000 €`, in English `€412,000`."""
        digits = self.plain(value, decimals)
        if self.language != "en":
            return f"{digits}{NBSP}€"
        return f"{MINUS}€{digits.removeprefix(MINUS)}" if digits.startswith(MINUS) else f"€{digits}"

    def as_recorded(self, text: str) -> str:
        """Return decimal text with the decimals that it has, `52,50`; what is no number stays as it is."""
        found = _DECIMAL.fullmatch(f"{Decimal(text):f}" if _SCIENTIFIC.fullmatch(text) else text)
        if not found:
            return text
        sign, whole, decimals = found.groups()
        point = "." if self.language == "en" else ","
        return f"{MINUS if sign else ''}{self.plain(Decimal(whole))}{f'{point}{decimals}' if decimals else ''}"

    def hundredths(self, value: Decimal | None) -> str:
        """Return a number of per cents without its sign, `63,34`; a dash for None."""
        return UNKNOWN if value is None else self.plain(value, 2)

    def exact(self, cents: int) -> str:
        """Return an amount of cents in euros without their sign, cents only where there are any: `−1 234,50`."""
        return self.plain(Decimal(cents) / 100, 2 if cents % 100 else 0)

    def exact_euros(self, cents: int) -> str:
        """Return an amount of cents in euros, cents only where there are any."""
        return self.euros(Decimal(cents) / 100, 2 if cents % 100 else 0)

    def amount(self, value: Decimal, scale: Scale) -> str:
        """Return euros as a cell of a column shows them."""
        return self.plain(value / 1000 if scale == "thousands" else value, 2 if scale == "cents" else 0)

    def day(self, day: date) -> str:
        """Return a date: `30.6.2020`, `30 June 2020`."""
        return self._dated(day, _DAY[self.language])

    def day_of_year(self, day: date) -> str:
        """Return a date without its year: `15.8.`, `15.8`, `15 August`."""
        return self._dated(day, _DAY_OF_YEAR[self.language])

    def _dated(self, day: date, form: str) -> str:
        return form.format(d=day.day, m=day.month, y=day.year, month=_ENGLISH_MONTHS[day.month - 1])

    def month(self, month: int) -> str:
        """Return the short name of a month, 1–12: `tammi`, `jan`, `Jan`."""
        from babel.dates import get_month_names  # noqa: PLC0415 - only charts name months, and it takes its time

        names: Mapping[int, str] = get_month_names("abbreviated", "stand-alone", LOCALES[self.language])
        return names[month].rstrip(".")

    def span(self, start: date, end: date) -> str:
        """Return two dates: `1.4.–30.6.2020`, `1.4–30.6.2020`, `1 April–30 June 2020`; one day by itself."""
        if start == end:
            return self.day(end)
        if self.language == "en" and (start.year, start.month) == (end.year, end.month):
            return f"{start.day}–{self.day(end)}"
        first = self.day_of_year(start) if start.year == end.year else self.day(start)
        return f"{first}–{self.day(end)}"

    def instant(self, instant: datetime) -> str:
        """Return a moment to the minute, on the clocks of Finland: `15.8.2020 klo 15.30 (Suomen aikaa)`."""
        then = in_finland(instant)
        return _CLOCK[self.language].format(day=self.day(then.date()), hour=then.hour, minute=then.minute)


def in_finland(instant: datetime) -> datetime:
    """Return an instant as the clocks of Finland, where every city is, show it.

    Summer time is from the last Sunday of March to the last of October, 1:00 UTC (directive 2000/84/EC): worked out
    here, for not every machine has a table of time zones, and a report is to be the same on all.
    """
    then = instant.astimezone(UTC).replace(tzinfo=None)
    summer = _last_sunday(then.year, 3) <= then < _last_sunday(then.year, 10)
    return then + (_SUMMER if summer else _WINTER)


def _last_sunday(year: int, month: int) -> datetime:
    """Return 1:00 on the last Sunday of a month of 31 days."""
    last = datetime(year, month, 31, 1)  # noqa: DTZ001 - of UTC, as what it is compared with
    return last - timedelta(days=last.isoweekday() % 7)
