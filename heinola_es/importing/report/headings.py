"""The lines that open something: recognised by their wording alone, spelling variants included."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.importing.report.document import SectionKind
from heinola_es.importing.report.wording import is_bullet, plain

if TYPE_CHECKING:
    from heinola_es.importing.report.lines import Line

_RESPONSIBLE = re.compile(r"\**\s*Vast\w*henkilö\w*\s*:?\s*\**\s*:?\s*(.+)", re.IGNORECASE)
_COMMITTEE = re.compile(r"Toimielin\s*:?\s+(.+)")
_UNIT = re.compile(r"\**(\d{2,6})\s+([A-ZÅÄÖ].*)")
_INLINE_RESPONSIBLE = re.compile(r"\s*\**\s*Vast\w*henkilö\w*\s*:", re.IGNORECASE)
_SECTOR = re.compile(r"[A-ZÅÄÖ][^.:]*?(?:toimiala|lautakunta|jaosto)", re.IGNORECASE)
_INVESTMENTS = re.compile(r"[A-ZÅÄÖ][^.:]*investoinnit(?:\s+(?:v\.\s*)?\d{4})?:?", re.IGNORECASE)
_PROJECTS = re.compile(r"[A-ZÅÄÖ][^.:]*hankkeet(?:\s+(?:v\.\s*)?\d{4})?:?", re.IGNORECASE)
_STRATEGIC_GOAL = re.compile(r"Strategi\w+ perustavoi\w+\s*:\s*(.+)")
_OUTLOOK = re.compile(r"Arvio vuoden \d{4} talousarvion toteutumisesta\s*:?\**\s*(.*)")
_PRIORITIES = re.compile(r"Toiminnalli\w+ painopist\w+\s*(?:(?:v\.|vuonna)?\s*\d{4})?\s*(?:/\s*(.*?))?\s*:?")
_SECTIONS: tuple[tuple[re.Pattern[str], SectionKind], ...] = (
    (re.compile(r"Tavoitteiden toteuma\b"), "goals_outcome"),
    (re.compile(r"Strategisten tavoitteiden eteneminen\b"), "programme_progress"),
    (re.compile(r"(?:Toiminta|Toimenpi)\w*\s.*poikkeus\w*:?$"), "exceptional_circumstances"),
)
_INVESTMENT_SECTIONS: tuple[tuple[re.Pattern[str], SectionKind], ...] = (
    (re.compile(r"(\**Perustelut\s*:\**)\s*(.*)"), "justification"),
    (re.compile(r"(\**Strateginen tavoite\s*:\**)\s*(.*)"), "strategic_goal"),
    (re.compile(r"(\**Toteuma\s*:\**)\s*(.*)"), "outcome"),
)
_CAPITALS = re.compile(r"[A-ZÅÄÖ][A-ZÅÄÖ \-–]{3,}")
_COLON = re.compile(r"[A-ZÅÄÖ][^.!?:]*:\**")
_LONGEST = 90  # characters in a heading; what is longer is prose


@frozen(slots=True)
class Section:
    """The heading of a section of prose.

    Attributes:
        title: as printed, without colon, bold marks and period.
        kind: what sort of section it opens.
        known: whether the words are those of the form; else the line merely looks like a heading.
    """

    title: str
    kind: SectionKind
    known: bool


def responsible(text: str) -> str | None:
    """Return who is named in `Vastuuhenkilö: …`, in any of its spellings, or None."""
    found = _RESPONSIBLE.fullmatch(text) if len(text) <= 2 * _LONGEST else None
    return plain(found[1]) if found else None


def committee(text: str) -> str | None:
    """Return the committee named in `Toimielin …`, or None."""
    found = _COMMITTEE.fullmatch(plain(text))
    return found[1] if found else None


def numbered_unit(text: str) -> tuple[str, str, str] | None:
    """Return code, name and person responsible (empty unless on the same line) of `4100 Perusopetus`, or None."""
    found = _UNIT.fullmatch(text)
    if not found or len(text) > 2 * _LONGEST or text.endswith((".", ";", ",")):
        return None
    name = _INLINE_RESPONSIBLE.split(found[2])[0]
    if len(name) > _LONGEST:
        return None
    return found[1], plain(name), responsible(found[2][len(name) :]) or ""


def is_sector(text: str) -> bool:
    """Return whether the text is the heading of a whole report."""
    return len(text) <= _LONGEST and bool(_SECTOR.fullmatch(plain(text)))


def is_investments(text: str) -> bool:
    """Return whether the text opens the sector's investments."""
    return len(text) <= _LONGEST and bool(_INVESTMENTS.fullmatch(plain(text)))


def is_projects(text: str) -> bool:
    """Return whether the text opens the sector's projects."""
    return len(text) <= _LONGEST and bool(_PROJECTS.fullmatch(plain(text)))


def strategic_goal(text: str) -> str | None:
    """Return the goal in `Strateginen perustavoite: …`, or None."""
    found = _STRATEGIC_GOAL.fullmatch(plain(text))
    return found[1] if found else None


def outlook(text: str) -> str | None:
    """Return what follows `Arvio vuoden … talousarvion toteutumisesta:`, or None."""
    found = _OUTLOOK.fullmatch(text.removeprefix("**"))
    return found[1] if found else None


def priorities(text: str) -> str | None:
    """Return the unit named in `Toiminnalliset painopisteet v. 2020/ …`, empty where it names none, or None."""
    found = _PRIORITIES.fullmatch(plain(text)) if len(text) <= 2 * _LONGEST else None
    return (found[1] or "") if found else None


def section(line: Line, below: Line | None) -> Section | None:
    """Return the section that the line opens on a line of its own, or None.

    Args:
        line: the line.
        below: the next line that is not blank; a list below makes a line with a colon its introduction.
    """
    text = plain(line.prose)
    if not line.is_prose or len(text) > _LONGEST or text.endswith("."):
        return None
    for pattern, kind in _SECTIONS:
        if pattern.match(text):
            return Section(_title(text), kind, known=True)
    introduces = below is not None and is_bullet(below.prose)
    if _CAPITALS.fullmatch(text) or (_COLON.fullmatch(text) and not introduces):
        return Section(_title(text), "other", known=False)
    return None


def investment_section(text: str) -> tuple[Section, str] | None:
    """Return the section that `Perustelut: …` opens and the prose on the same line, or None."""
    for pattern, kind in _INVESTMENT_SECTIONS:
        if found := pattern.fullmatch(text):
            return Section(_title(plain(found[1])), kind, known=True), found[2]
    return None


def is_capitals(text: str) -> bool:
    """Return whether the text is a heading in capital letters."""
    return len(text) <= _LONGEST and bool(_CAPITALS.fullmatch(plain(text)))


def _title(text: str) -> str:
    return re.split(r"(?<!\s)\s*+\d{1,2}\.\d{1,2}\.", text)[0].rstrip(": ")
