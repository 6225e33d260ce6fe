"""Numbers, dates and words as a Finnish report writes them.

The report's own words are Finnish, like the labels of its lines. What the tool observes about a report (findings,
notes, hints) is in English, like every other message of it.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal

from events.period import Period
from projections.presenting.numerals import MINUS, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Scale = Literal["thousands", "euros", "cents"]
Cell = dict[str, int] | None

UNKNOWN = "–"
THOUSAND_EUROS_CENTS = 100_000

GOAL_STATUSES = {
    None: "ei arvioitu",
    "not_started": "ei aloitettu",
    "in_progress": "käynnissä",
    "achieved": "toteutunut",
    "delayed": "viivästynyt",
    "not_achieved": "ei toteutunut",
    "suspended": "keskeytetty",
}

_DECIMAL = re.compile(r"(-?)(\d+)(?:\.(\d+))?", re.ASCII)
_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")  # the last turn the direction of text


def scale_of(cells: Iterable[Cell]) -> Scale:
    """Return how a column is shown: in thousands where nothing is known more exactly, else to the euro or the cent."""
    known = [cell for cell in cells if cell is not None]
    if known and all(cell["precision_cents"] >= THOUSAND_EUROS_CENTS for cell in known):
        return "thousands"
    return "cents" if any(cell["cents"] % 100 for cell in known) else "euros"


def amount(cell: Cell, scale: Scale) -> str:
    """Return a cell of a column: `−18 163`, or a dash where it is unknown."""
    if cell is None:
        return UNKNOWN
    unit_cents = THOUSAND_EUROS_CENTS if scale == "thousands" else 100
    return number(Decimal(cell["cents"]) / unit_cents, 2 if scale == "cents" else 0)


def euros(cents: int) -> str:
    """Return an amount that stands alone, cents only where there are any: `12 500`, `−1 234,50`."""
    return number(Decimal(cents) / 100, 2 if cents % 100 else 0)


def percent(text: str | None) -> str:
    """Return a percentage as stored (`63.34`) as it is printed: `63,34`."""
    return UNKNOWN if text is None else number(Decimal(text), 2)


def plain_number(text: str) -> str:
    """Return a decimal text as it is printed, with the decimals it has; what is no number stays as it is."""
    found = _DECIMAL.fullmatch(text)
    if not found:
        return text
    sign, whole, decimals = found.groups()
    return f"{MINUS if sign else ''}{number(Decimal(whole), 0)}{f',{decimals}' if decimals else ''}"


def day(iso: str | None) -> str:
    """Return a date as written in Finland, `30.6.2020`; empty where there is none."""
    if not iso:
        return ""
    then = date.fromisoformat(iso)
    return f"{then.day}.{then.month}.{then.year}"


def span(start: str, end: str) -> str:
    """Return two dates as a report writes a period: `1.1.–30.6.2020`."""
    return Period(date.fromisoformat(start), date.fromisoformat(end)).label


def count(number_of: int, one: str, many: str) -> str:
    """Return `1 teksti` or `5 tekstiä`."""
    return f"{number(Decimal(number_of), 0)} {one if number_of == 1 else many}"


def shown(text: object) -> str:
    """Return a text that is safe to print: control characters, which could drive the terminal, become `�`."""
    return _CONTROL.sub("�", str(text))


def one_line(text: object) -> str:
    """Return a text that is safe to print, on one line."""
    return shown(" ".join(str(text).split()))


def months(cumulative: Mapping[str, Any]) -> str:
    """Return what a cumulative column covers: `6 kk`, or `15.8. asti` where it ends inside a month."""
    end = date.fromisoformat(cumulative["end"])
    if end.day < monthrange(end.year, end.month)[1]:
        return f"{end.day}.{end.month}. asti"
    return f"{cumulative['months']} kk"
