"""Which unit of money a column of a report is stated in, by the mark in its title; one that is not known is refused."""

from __future__ import annotations

import re

from heinola_es.errors import BadInput

EUROS = 100  # cents to the unit that figures are stated in
THOUSANDS = 100_000
MILLIONS = 100_000_000

_MARKS = {
    EUROS: ("", "e", "€", "eur", "euro", "euroa", "euros", "euron"),
    THOUSANDS: (
        *("1000e", "1000€", "1000eur", "1000euro", "1000euroa", "1000"),
        *("te", "t€", "teur", "teuro", "teuroa", "te.", "k€", "keur"),
        *("tuhattae", "tuhatta€", "tuhattaeuroa", "tuhansiaeuroja", "tuh.e", "tuh.€", "tuh€", "tuh.euroa", "tuh.eur"),
        *("tusene", "tuseneuro", "tuseneur", "thousandeuros", "thousandeur"),
    ),
    MILLIONS: (
        *("me", "m€", "meur", "meuro", "meuroa", "milj.e", "milj.€", "milj€", "milj.euroa", "milj.eur"),
        *("miljoonaae", "miljoonaa€", "miljoonaaeuroa", "mn€", "mneur", "mneuro", "mneuroa", "mne", "miljonereuro"),
        *("1000000€", "1000000e", "1000000euroa", "millioneuros", "millioneur"),
    ),
}
_UNITS = {mark: unit for unit, marks in _MARKS.items() for mark in marks}
_ROLE = re.compile(r"^(?:TP|TOT|TA)\b|^(?:TP|TOT|TA)(?=\d)", re.IGNORECASE)
_YEAR = re.compile(r"(?<!\d)(?:19|20|21)\d{2}(?!\d)")
_MONTHS = re.compile(r"\d{1,2}\s*kk\b", re.IGNORECASE)
_CHANGES = re.compile(r"\+?\s*muut(?:okset|\.|\b)", re.IGNORECASE)
_NO_LETTERS = re.compile(r"[\s\u00a0\u202f(),/*:;+–—-]+")
_GROUPED = re.compile(r"(?<=\d)[.\s\u00a0\u202f](?=\d{3}(?!\d))")


def unit_of(title: str, line: int) -> int:
    """Return how many cents one of the figures in a column is, by the column's title.

    Args:
        title: such as `TP 2019 1000 €`, `TOT 2019 6 kk/1000e` or `TA 2020 milj. €`.
        line: where it stands.

    Raises:
        BadInput: its mark of money is none that is known.
    """
    mark = mark_in(title)
    if mark not in _UNITS:
        raise BadInput(
            f"line {line}: {mark!r} in the column {title!r} is no unit of money that is known; "
            f"write €, 1 000 €, t€, M€ or milj. € in its place"
        )
    return _UNITS[mark]


def mark_in(title: str) -> str:
    """Return what a title says beside what the column is of: its mark of money, without blanks, in small letters."""
    rest = title
    for pattern in (_ROLE, _CHANGES, _MONTHS):
        rest = pattern.sub(" ", rest)
    rest = _GROUPED.sub("", _YEAR.sub(" ", rest, count=1))
    return _NO_LETTERS.sub("", rest).casefold()


def is_mark(title: str) -> bool:
    """Return whether a title is a mark of money alone, known or not, and no number."""
    mark = mark_in(title)
    return bool(mark) and (mark in _UNITS or re.search(r"[^\W\d]|€", mark) is not None)
