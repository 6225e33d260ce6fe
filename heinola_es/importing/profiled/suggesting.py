"""A first profile of a report, made from the report itself; what is a guess is marked as one."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import suppress
from itertools import groupby
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from events.period import Period
from heinola_es.domain.chart import UnknownLine, load_chart
from heinola_es.errors import BadInput
from heinola_es.importing.documents.pieces import Piece
from heinola_es.importing.profiled.figures import looks_numeric, titles
from heinola_es.importing.profiled.header_words import Said, goal_field, period_in, said_by, status_of
from heinola_es.importing.profiled.profile import UnitRule, key_of, responsible_in
from heinola_es.importing.profiled.reading import nothing_found
from heinola_es.importing.profiled.suggesting_lists import ListColumns, list_columns, told_lists
from heinola_es.importing.report.money_units import EUROS, MILLIONS, THOUSANDS, is_mark, unit_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.domain.chart import Chart
    from heinola_es.importing.documents.pieces import Source

UNSURE = "# UNSURE"
_MONEY = {EUROS: "€", THOUSANDS: "1 000 €", MILLIONS: "milj. €"}
_IN_PROSE = (
    (re.compile(r"milj(?:oonaa|\.)?\s*(?:€|euro)|\bm€|miljoner euro|million euros?", re.IGNORECASE), MILLIONS),
    (
        re.compile(
            r"1[ \u00a0.,]?000\s*(?:€|e\b|euro)|€\s*1[ \u00a0.,]?000(?!\d)"
            r"|tuhat\w*\s*euro|tusen\w*\s*euro|\bt€|thousand euros?",
            re.IGNORECASE,
        ),
        THOUSANDS,
    ),
)
_HIGHEST_HEADER, _LOWEST_START = 3, 3
_LONGEST_HEADING = 100
_SUM = re.compile(r"yhteensä|summa|totalt|total\b|sum\b", re.IGNORECASE)
_MOST_TEXTS = 100
_NUMBERED = UnitRule(kind="unit", numbered=True)
_OUTLOOK = re.compile(r"arvio vuoden|ennuste|prognos|utsikt|outlook|forecast", re.IGNORECASE)
_TAXES = "tax_revenue"  # of a city alone
_SKIPPED = re.compile(r"sisäll|innehåll|contents|(?:table|taulukko|tabell|figure|kuva|figur)\s*\d", re.IGNORECASE)
SYNONYMS = {
    "verksamhetens intäkter": "operating_income",
    "verksamhetens kostnader": "operating_expenses",
    "verksamhetens nettokostnader": "operating_margin",
    "nettokostnader": "operating_margin",
    "verksamhetsnetto": "operating_margin",
    "toiminnan tuotot": "operating_income",
    "toiminnan kulut": "operating_expenses",
    "intäkter": "operating_income",
    "kostnader": "operating_expenses",
    "tuotot": "operating_income",
    "kulut": "operating_expenses",
    "revenue": "operating_income",
    "costs": "operating_expenses",
}
"""Words for lines that charts do not have, and what they are suggested to be."""


@frozen(slots=True)
class _Found:
    """A table that reads like one of figures: where its header is, and what its columns say."""

    rows: list[Piece]
    start: int
    end: int
    said: list[str]
    columns: dict[int, Said]
    heading: Piece | None
    title: Piece | None


@define(slots=True)
class _Seen:
    """What was seen in a report.

    Attributes:
        tables: those of figures.
        goals: rows of goal tables, with the titles of their columns.
        headings: by their style, in order.
        lists: tables of projects, priorities and statistics.
    """

    tables: list[_Found] = field(factory=list)
    goals: list[tuple[list[str], list[Piece]]] = field(factory=list)
    headings: list[Piece] = field(factory=list)
    lists: list[ListColumns] = field(factory=list)


def suggested_profile(source: Source, chart: Chart | None = None) -> str:
    """Return the text of a first profile.

    Raises:
        BadInput: no table of the document has a header with words that columns of figures are known by.
    """
    seen, period = _seen(source), None
    if not seen.tables:
        raise BadInput(
            nothing_found(source).replace(
                f"write a profile of the document with `heinola import report {source.name} --suggest`, or ",
                "write its profile by hand, or ",
            )
        )
    period, sure = _period(source, seen)
    lines = [
        f"# A first profile for {source.name}, made from the report itself.",
        "# Look it over: what is marked UNSURE is a guess. Then try it with --dry-run.",
        "version = 1",
        f"period = {_quoted(f'{period.start:%d.%m.%Y}–{period.end:%d.%m.%Y}')}{'' if sure else f'  {UNSURE}'}",
    ]
    chart = chart or load_chart()
    if _expenses_positive(seen, chart):
        lines.append('expenses = "positive"  # expenses stand there without a minus')
    lines += [
        "",
        *_units(seen, chart),
        *_figures(source, seen, period),
        *_unit_tables(seen, chart),
        *_lines(seen, chart),
        *_goals(seen),
        *told_lists(seen.lists, UNSURE),
        *_texts(seen),
    ]
    return "\n".join(lines) + "\n"


def _seen(source: Source) -> _Seen:
    seen, heading = _Seen(), None
    for number, group in groupby(source.pieces, lambda piece: piece.table or -piece.number):
        rows = list(group)
        if number < 0:
            heading = _heading(seen, rows[0]) or heading
            continue
        found = _figure_table(rows, heading)
        if found is not None:
            seen.tables.append(found)
        elif listed := list_columns(rows):
            seen.lists.append(listed)
        elif goals := _goal_table(rows):
            seen.goals.append(goals)
    return seen


def _heading(seen: _Seen, piece: Piece) -> Piece | None:
    text = piece.filled[0] if piece.filled else ""
    if _SKIPPED.match(text) or responsible_in(text) or piece.style == "caption":
        return None
    if piece.heading:
        seen.headings.append(piece)
        return piece
    short = len(text) <= _LONGEST_HEADING and not text.endswith((".", ";", ",")) and text[:1].isalnum()
    short = short and not text[:1].islower()
    return piece if short and not period_in(text) and not _money_in(text) else None


def _figure_table(rows: list[Piece], heading: Piece | None) -> _Found | None:
    best: _Found | None = None
    first = int(len(rows) > 1 and len(rows[0].filled) == 1 and len(rows[0].cells) > 1)  # a title, merged over all
    for start in range(first, min(_LOWEST_START, len(rows))):
        for end in range(start + 1, min(start + 1 + _HIGHEST_HEADER, len(rows))):
            said = titles(rows[start:end])
            if any(_is_body(row) for row in rows[start:end]):
                break
            columns = {at: words for at, title in enumerate(said) if at and (words := said_by(title))}
            amounts = [words for words in columns.values() if words.what in {"actual", "budget", "forecast"}]
            if not amounts or not any(_is_body(row) for row in rows[end:]):
                continue
            taller = best is not None and start == best.start and len(rows[end - 1].filled) > 1
            if best is None or _known(columns) + taller > _known(best.columns):
                title = rows[0] if start and len(rows[0].filled) == 1 else None
                best = _Found(rows, start, end, said, columns, heading, title)
    return best


def _known(columns: dict[int, Said]) -> int:
    """Return how much the titles of columns say."""
    return len(columns) + sum(words.year is not None for words in columns.values())


def _is_body(row: Piece) -> bool:
    """Return whether a row has figures that are no years."""
    cells = [cell for cell in row.filled[1:] if looks_numeric(cell)]
    return any(not re.fullmatch(r"(?:19|20)\d{2}", cell) for cell in cells)


def _goal_table(rows: list[Piece]) -> tuple[list[str], list[Piece]] | None:
    said = titles(rows[:1])
    fields = [what for title in said if title and (what := goal_field(title))]
    is_one = len(fields) > 1 and {"binding_goal", "metric", "target_level", "programme_goal"} & set(fields)
    return (said, rows[1:]) if is_one else None


# ---------------------------------------------------------------- what holds for all


def _period(source: Source, seen: _Seen) -> tuple[Period, bool]:
    """Return the report's period, and whether the report says it."""
    columns = [words for table in seen.tables for words in table.columns.values()]
    years = [words.year for words in columns if words.year]
    year = max(years, default=None)
    told = [found for piece in source.pieces if (found := period_in(piece.text)) and not piece.table]
    months = Counter(
        words.months for words in columns if words.months and words.what == "actual" and not words.whole_year
    )
    if months and year:
        return Period.of_months(year, 1, months.most_common(1)[0][0]), True
    if told:
        return Counter(told).most_common(1)[0][0], True
    return Period.of_year(year or 2000), False


def _money_in(text: str) -> int | None:
    return next((unit for pattern, unit in _IN_PROSE if pattern.search(text)), None)


def _money(source: Source, seen: _Seen) -> tuple[int, bool]:
    """Return the unit of most of the report's figures, and whether a table says it above its labels."""
    for table in seen.tables:
        corner = table.said[0] if table.said else ""
        if unit := _money_in(corner):
            return unit, True
        if is_mark(corner):
            with suppress(BadInput):
                return unit_of(corner, 0), True
    if any(_money_in(title) for table in seen.tables for title in table.said):
        return EUROS, False
    prose = (unit for piece in source.pieces if not piece.table and (unit := _money_in(piece.text)))
    return next(prose, EUROS), False


def _groups_by_comma(seen: _Seen) -> bool:
    """Return whether commas part thousands: where all that have one have three digits behind it, and some are long."""
    cells = [
        row.cells[at]
        for table in seen.tables
        for row in table.rows[table.end :]
        for at, words in table.columns.items()
        if at < len(row.cells) and words.what != "percent" and "," in row.cells[at]
    ]
    return bool(cells) and all(re.fullmatch(r"\D?\d{1,3}(?:,\d{3})+(?:\.\d+)?", cell) for cell in cells)


def _expenses_positive(seen: _Seen, chart: Chart) -> bool:
    signs: Counter[bool] = Counter()
    for table in seen.tables:
        for row in table.rows[table.end :]:
            line = _line(chart, row.over_all[0])
            if line is None or chart.lines[line].sign >= 0:
                continue
            cells = (
                row.cells[at] for at in table.columns if at < len(row.cells) and table.columns[at].what != "percent"
            )
            for cell in cells:
                if looks_numeric(cell) and any("1" <= digit <= "9" for digit in cell):
                    signs[cell.lstrip()[0] not in "-\u2212\u2013("] += 1
    return signs[True] > signs[False]


def _line(chart: Chart, label: str) -> str | None:
    try:
        return chart.line(label).code
    except UnknownLine:
        return SYNONYMS.get(label.casefold().strip().rstrip(":"))


# ---------------------------------------------------------------- the parts


def _units(seen: _Seen, chart: Chart) -> Iterator[str]:
    """Yield how the headings of units look: those that stand above tables of figures, by their styles."""
    above = [piece for table in seen.tables for piece in _naming_units(table, chart)]
    if not above:
        yield from ("[unit]  " + UNSURE, 'code = "KAU"', 'name = "Kaupunki"', 'kind = "city"', "")
        return
    kinds = ("sector", "service_area", "unit")
    lines = {_line(chart, row.over_all[0]) for table in seen.tables for row in table.rows[table.end :]}
    by_style: dict[tuple[str, int], list[Piece]] = {}
    for piece in above:
        key = (piece.style, _digits(piece))
        if all(key_of(piece.filled[0]) != key_of(other.filled[0]) for other in by_style.setdefault(key, [])):
            by_style[key].append(piece)
    taken: set[str] = set()
    for depth, (style, digits) in enumerate(sorted(by_style, key=lambda key: (key[1] or 0, key[0]))):
        pieces = by_style[style, digits]
        kind = "city" if _TAXES in lines and len(above) == 1 else kinds[min(depth, len(kinds) - 1)]
        yield "[[units]]"
        yield f'kind = "{kind}"  {UNSURE}'
        if pieces[0].heading:
            yield f"style = {_quoted(style)}"
        if digits:
            yield f"numbered = true  # {pieces[0].filled[0][:40]}"
            yield f"digits = {digits}"
        else:
            yield from _names(pieces, taken)
        yield ""


def _naming_units(table: _Found, chart: Chart) -> list[Piece]:
    """Return what names units about a table: the heading above it, or its rows where these are units."""
    if _has_unit_rows(table, chart):
        return [row for row in table.rows[table.end :] if row.filled and not _SUM.match(row.filled[0])]
    piece = table.title or table.heading
    return [] if piece is None else [piece]


def _has_unit_rows(table: _Found, chart: Chart) -> bool:
    """Return whether the rows of a table read like units: none is a line, and they have codes before their names."""
    rows = [row for row in table.rows[table.end :] if row.filled and _is_body(row) and not _SUM.match(row.filled[0])]
    return bool(rows) and all(_digits(row) and _line(chart, row.filled[0]) is None for row in rows)


def _unit_tables(seen: _Seen, chart: Chart) -> Iterator[str]:
    """Yield what stands above the tables whose rows are units, and the line that is named there."""
    told: set[str] = set()
    for table in seen.tables:
        piece = table.title or table.heading
        heading = piece.filled[0] if piece is not None else table.said[0]
        if not _has_unit_rows(table, chart) or not heading or key_of(heading) in told:
            continue
        told.add(key_of(heading))
        named = next((line for word in heading.split() if (line := _line(chart, word.strip(",.:()")))), None)
        line = f"{_quoted(named)}  {UNSURE}" if named else f'"operating_margin"  {UNSURE}: which line is it?'
        yield from ("[[figures.unit_tables]]", f"heading = {_quoted(heading)}", f"line = {line}", "")


def _digits(piece: Piece) -> int:
    found = _NUMBERED.unit_in(piece.filled[0], "")
    return len(found[0]) if found else 0


def _names(pieces: list[Piece], taken: set[str]) -> Iterator[str]:
    yield f"[units.names]  {UNSURE}: the codes were made from the names"
    for piece in pieces:
        name = piece.filled[0].rstrip(":")
        letters = re.sub(r"[^A-ZÅÄÖ0-9]", "", name.upper()) or "U"
        code = next(
            c for n in range(3, 1_000) if (c := letters[:n] if n <= len(letters) else f"{letters[:3]}{n}") not in taken
        )
        taken.add(code)
        yield f"{_quoted(code)} = {_quoted(name)}"


def _figures(source: Source, seen: _Seen, period: Period) -> Iterator[str]:
    money, sure = _money(source, seen)
    yield "[figures]"
    yield f"money = {_quoted(_MONEY[money])}{'' if sure else f'  {UNSURE}'}"
    if _groups_by_comma(seen):
        yield 'decimal = "."  # "1,234" is one thousand'
    told: set[str] = set()
    for table in seen.tables:
        for at, words in table.columns.items():
            title = table.said[at]
            if key_of(title) in told:
                continue
            told.add(key_of(title))
            yield from ("", "[[figures.columns]]", f"header = {_quoted(title)}", *_column(words, period))
            own = _money_in(title) if words.what in {"actual", "budget", "forecast", "deviation"} else None
            if own not in {None, money}:
                yield f"money = {_quoted(_MONEY[own or EUROS])}"
    yield ""


def _column(words: Said, period: Period) -> Iterator[str]:
    year = words.year or period.year
    if words.what == "forecast" and year != period.year:
        yield 'is = "skip"  # a forecast of another year'
        return
    yield f'is = "{words.what}"'
    if words.what == "actual":
        months = None if words.whole_year else words.months or period.end.month
        unsure = "" if words.whole_year or words.months or words.year == period.year else f"  {UNSURE}"
        yield f"period = {_quoted(str(year) if months is None else f'1-{months}/{year}')}{unsure}"
    elif words.what == "budget":
        yield f'period = "{year}"'


def _lines(seen: _Seen, chart: Chart) -> Iterator[str]:
    """Yield the labels that the chart does not know, with what they are suggested to be."""
    told: dict[str, str | None] = {}
    for table in seen.tables:
        for row in () if _has_unit_rows(table, chart) else table.rows[table.end :]:
            label = row.over_all[0].rstrip(":")
            if not label or not _is_body(row) or key_of(label) in map(key_of, told):
                continue
            try:
                chart.line(label)
            except UnknownLine:
                told[label] = SYNONYMS.get(label.casefold())
    if told:
        yield "[figures.lines]  # labels that the chart of lines does not have"
        for label, line in told.items():
            yield (
                f"{_quoted(label)} = {_quoted(line)}"
                if line
                else f'# {_quoted(label)} = "…"  {UNSURE}: which line is it?'
            )
        yield ""


def _goals(seen: _Seen) -> Iterator[str]:
    if not seen.goals:
        return
    yield "[goals.columns]"
    columns = {title: goal_field(title) for said, _ in seen.goals for title in said if title}
    for title, what in columns.items():
        yield f"{_quoted(title)} = {_quoted(what or 'skip')}{'' if what else f'  {UNSURE}'}"
    words: dict[str, str | None] = {}
    for said, rows in seen.goals:
        for at in (at for at, title in enumerate(said) if columns.get(title) == "status"):
            words |= {row.over_all[at]: status_of(row.over_all[at]) for row in rows if at < len(row.over_all)}
    words.pop("", None)
    if words:
        yield from ("", "[goals.statuses]")
        for word, status in words.items():
            yield f"{_quoted(word)} = {_quoted(status)}" if status else f'# {_quoted(word)} = "…"  {UNSURE}'
    yield ""


def _texts(seen: _Seen) -> Iterator[str]:
    """Yield the headings that open texts: those that open no unit."""
    units = {key_of(piece.filled[0]) for table in seen.tables for piece in (table.title or table.heading,) if piece}
    told: set[str] = set()
    for piece in seen.headings:
        heading = piece.filled[0].rstrip(":")
        if key_of(heading) in units | told or len(told) >= _MOST_TEXTS:
            continue
        told.add(key_of(heading))
        yield from ("[[texts]]", f"heading = {_quoted(heading)}")
        yield 'is = "outlook"  ' + UNSURE if _OUTLOOK.search(heading) else 'is = "narrative"'
        yield ""


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char >= " " and char != "\x7f" else f"\\u{ord(char):04X}" for char in escaped) + '"'
