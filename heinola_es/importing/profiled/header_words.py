"""What the headers of tables say, in Finnish, Swedish and English, as cities write them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

from attrs import frozen

from events.period import Period
from heinola_es.domain.periods import YEARS
from heinola_es.importing.profiled.profile import ColumnIs

_YEAR = re.compile(r"(?<!\d)((?:19|20|21)\d{2})(?!\d)")
_MONTHS = re.compile(r"(?<![\d.])(1[0-2]|0?[1-9])\s*[-–—]\s*(1[0-2]|0?[1-9])(?=\s*/|\s+(?:19|20|21)\d{2})")
_MONTHS_SINCE = re.compile(r"(?<!\d)(1[0-2]|[1-9])\s*(?:kk|mån|months?)\b")
_LAST_DAY = re.compile(r"(?<!\d)(3[01]|[12]\d|0?[1-9])\.(1[0-2]|0?[1-9])\.((?:19|20|21)\d{2})(?!\d)")
_NAMED = re.compile(r"\b(?:jan|tammi)\w*\s*[-–—]\s*([a-zäöå]{3,})")
_MONTH_NAMES = {
    "fi": ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu"),
    "sv": ("jan", "feb", "mar", "apr", "maj", "jun", "jul", "aug", "sep", "okt", "nov", "dec"),
    "en": ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"),
}
_PERCENT = re.compile(r"%|procent|prosent|per cent|percent")
_WORDS: tuple[tuple[re.Pattern[str], ColumnIs], ...] = (
    (re.compile(r"poikkeama|avvikelse|deviation|variance|erotus|differens|jäljellä|återstår"), "deviation"),
    (re.compile(r"ennuste|prognos|forecast|\barvio\b|\btpe\b"), "forecast"),
    (re.compile(r"alkuper|ursprunglig|original"), "skip"),
    (
        re.compile(r"^(?:ta|budget)[\s-]*(?:muutos|muutokset|ändring\w*|amendments?)\W*(?:\d{4})?$|budgetändring"),
        "skip",
    ),
    (re.compile(r"\bta(?=\d|\b)|talousarvio|budget"), "budget"),
    (
        re.compile(
            r"\b(?:tot|tp|bs)(?=\d|\b)|toteuma|tilinpäätös|kertymä|bokslut|utfall|actual|final accounts|outcome"
        ),
        "actual",
    ),
)
_WHOLE_YEAR = re.compile(r"\b(?:tp|bs)(?=\d|\b)|tilinpäätös|bokslut|final accounts")
_OF_USE = re.compile(r"käyttö|toteuma|\btot\b|utfall|förbruk|used|use of|actual")
_LONGEST = 80
_GOALS = (
    (re.compile(r"ohjelmatavoite|programmål|programme goal"), "programme_goal"),
    (re.compile(r"strategi"), "strategic_goal"),
    (re.compile(r"mittari|mätare|indikator|indicator|metric|measure"), "metric"),
    (re.compile(r"tavoitetaso|tavoitearvo|målnivå|målvärde|target"), "target_level"),
    (re.compile(r"osatehtävä|deluppgift|subtask"), "subtask"),
    (re.compile(r"^tila$|^tilanne$|status|läge|tilannekuva|liikennevalo"), "status"),
    (re.compile(r"toteuma|toteutu|utfall|uppfölj|outcome|kommentar|comment|selite|selitys"), "outcome"),
    (re.compile(r"tavoite|\bmål\b|goal|objective"), "binding_goal"),
)
STATUSES = (
    (re.compile(r"^(?:ei |inte |not )(?:toteu|uppnå|achie|nå)|^jää |^ej uppnå"), "not_achieved"),
    (re.compile(r"^(?:ei |inte |not )(?:aloit|påbörj|start)|^ej påbörj"), "not_started"),
    (re.compile(r"^(?:toteutunut|toteutui|saavutettu|valmis|uppnått|uppnådd|klar|achieved|done)"), "achieved"),
    (re.compile(r"^(?:myöhässä|viivästy|försenad|delayed)"), "delayed"),
    (re.compile(r"^(?:keskeyt|avbrut|pausad|suspended)"), "suspended"),
    (re.compile(r"^(?:käynnissä|kesken|toteutumassa|etenee|pågår|under arbete|in progress|ongoing)"), "in_progress"),
)
"""What the words for a status are suggested to mean."""


@frozen(slots=True)
class Said:
    """What the header of a column says.

    Attributes:
        what: the column has.
        year: of it, or None.
        months: the last of the months since 1 January, or None.
        whole_year: whether it is told of a whole year, as final accounts are.
    """

    what: ColumnIs
    year: int | None
    months: int | None
    whole_year: bool


def said_by(title: str) -> Said | None:
    """Return what a header says of its column, or None where none of its words is known."""
    text = title.casefold().replace("\n", " ")[:_LONGEST]
    year, months = _year(text), months_in(text)
    if _PERCENT.search(text):
        return Said("percent" if _OF_USE.search(text) and "poikkeama" not in text else "skip", year, months, False)  # noqa: FBT003 - the last field
    what = next((what for pattern, what in _WORDS if pattern.search(text)), None)
    return None if what is None else Said(what, year, months, bool(_WHOLE_YEAR.search(text)))


def _year(text: str) -> int | None:
    years = [int(year) for year in _YEAR.findall(text)] or [
        int(year) for year in re.findall(r"[a-zåäö](20\d{2})\b", text)
    ]
    return next((year for year in years if year in YEARS), None)


def months_in(text: str) -> int | None:
    """Return the last month of a span since 1 January that a text tells, or None."""
    text = text.casefold()
    if found := _MONTHS.search(text):
        return int(found[2]) if int(found[1]) == 1 else None
    if found := _MONTHS_SINCE.search(text):
        return int(found[1])
    if found := _NAMED.search(text):
        named = (
            number
            for names in _MONTH_NAMES.values()
            for number, name in enumerate(names, start=1)
            if found[1].startswith(name)
        )
        return next(named, None)
    if found := _LAST_DAY.search(text):
        return int(found[2])
    return None


def period_in(text: str) -> Period | None:
    """Return the months since 1 January of a year that a text tells, or None."""
    year, months = _year(text.casefold()), months_in(text)
    if year is None or months is None:
        return None
    return Period(date(year, 1, 1), date(year, months, monthrange(year, months)[1]))


def goal_field(title: str) -> str | None:
    """Return what the column of a goal table has by its header, or None."""
    text = title.casefold().strip()
    return next((what for pattern, what in _GOALS if pattern.search(text)), None) if len(text) <= _LONGEST else None


def status_of(word: str) -> str | None:
    """Return which status a word is suggested to mean, or None."""
    text = word.casefold().strip()
    return next((status for pattern, status in STATUSES if pattern.search(text)), None)
