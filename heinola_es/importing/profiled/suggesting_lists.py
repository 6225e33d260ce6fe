"""What a first profile says of tables of projects, priorities and statistics, by the words of their headers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.importing.profiled.figures import titles
from heinola_es.importing.profiled.profile import key_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from heinola_es.importing.documents.pieces import Piece

_FEWEST = 2
_LONGEST = 60
_PERIODS = re.compile(r"\D*((?:1[0-2]|[1-9])\s*[-–]\s*(?:1[0-2]|[1-9])\s*/\s*20\d{2}|20\d{2})")
_YEARLY = re.compile(r"toteuma|tot\b|tp\b|utfall|bokslut|actual|arvo|värde|value|^\W*(?:\d+\s*[-–]\s*\d+/)?20\d{2}$")
_WORDS: dict[str, tuple[tuple[str, re.Pattern[str]], ...]] = {
    "projects": (
        ("name", re.compile(r"^hank(?:e\b|keen nimi)|^projekt(?:ets namn)?$|^project(?: name)?$")),
        ("description", re.compile(r"kuvaus|beskrivning|description")),
        ("responsible", re.compile(r"vastuu|ansvarig|responsible")),
        ("start", re.compile(r"^alku|alkaa|^start|^början")),
        ("end", re.compile(r"^loppu|päätty|^slut|^end\b")),
        ("phase", re.compile(r"vaihe|skede|fas\b|phase")),
        ("funder", re.compile(r"rahoittaja|finansiär|funder")),
        ("city_share", re.compile(r"kaupungin osuus|omarahoitus|stadens andel|city share")),
        ("percent", re.compile(r"valmius|%|färdig")),
        ("text", re.compile(r"tilanne|toteuma|läge|utfall|status")),
    ),
    "priorities": (
        ("number", re.compile(r"^(?:nro|nr|no)\.?$")),
        ("title", re.compile(r"painopiste|tyngdpunkt|priority")),
        ("metric", re.compile(r"mittari|mätare|metric")),
        ("outcome", re.compile(r"toteuma|utfall|outcome")),
    ),
    "statistics": (
        ("name", re.compile(r"tunnusluku|suorite|nyckeltal|statisti|tilasto")),
        ("unit", re.compile(r"^yksikkö$|^enhet$|^unit$")),
        ("value", _YEARLY),
    ),
}


@frozen(slots=True)
class ListColumns:
    """The titles of a table's columns, with what they are suggested to have, and what kind of table it is."""

    kind: str
    columns: tuple[tuple[str, str], ...]


def list_columns(rows: Sequence[Piece]) -> ListColumns | None:
    """Return what the first row of a table says of its columns; None where it is none of these lists."""
    said = [title for title in titles(list(rows[:1])) if title]
    for kind, words in _WORDS.items():
        columns = tuple((title, _what(title, words)) for title in said)
        names = [what for _title, what in columns[:2]]
        if words[0][0] in names or "title" in names:
            known = sum(what != "skip" for _title, what in columns)
            if known >= _FEWEST:
                return ListColumns(kind, columns)
    return None


def _what(title: str, words: Iterable[tuple[str, re.Pattern[str]]]) -> str:
    text = title.casefold()[:_LONGEST]
    return next((what for what, pattern in words if pattern.search(text)), "skip")


def told_lists(lists: Iterable[ListColumns], unsure: str) -> Iterator[str]:
    """Yield the tables of a profile for some kinds of lists; a column that nothing is known of is marked as unsure."""
    by_kind: dict[str, dict[str, tuple[str, str]]] = {}
    for one in lists:
        known = by_kind.setdefault(one.kind, {})
        for title, what in one.columns:
            known.setdefault(key_of(title), (title, what))
    for kind, columns in by_kind.items():
        if kind != "statistics":
            yield f"[{kind}.columns]"
        for title, what in columns.values():
            mark = f"  {unsure}" if what == "skip" else ""
            if kind != "statistics":
                yield f"{_quoted(title)} = {_quoted(what)}{mark}"
                continue
            yield from (f"[[{kind}.columns]]", f"header = {_quoted(title)}", f"is = {_quoted(what)}{mark}")
            if what == "value" and (period := _PERIODS.match(title)):
                yield f"period = {_quoted(period[1].replace(' ', ''))}"
        yield ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else f"\\u{ord(char):04X}" for char in escaped) + '"'
