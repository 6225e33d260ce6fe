"""Tables of statistics: what was counted, how many, over which period."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from heinola_es.importing.report.document import Indicator, Narrative
from heinola_es.importing.report.frame import period_at_end
from heinola_es.importing.report.narratives import add_narrative
from heinola_es.importing.report.projects import is_project_start

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.period import Period
    from heinola_es.importing.report.draft import Draft
    from heinola_es.importing.report.lines import Cursor, Line

_CELLS = 2
_STATISTICS = re.compile(r"\btilasto", re.IGNORECASE)
_DATE = re.compile(r"\d{1,2}\.\d{1,2}\.")
_NUMBER = re.compile(r"-?(?:[0-9]+|[0-9]{1,3}(?: [0-9]{3})+|[0-9]{1,3}(?:\.[0-9]{3})+)(?:,[0-9]+)?")
_SHARE = re.compile(r"(?<![^\d%,:;.])([^\d%,:;.]++)([0-9]{1,3}(?:,[0-9]+)?)\s*%")
_SPACES = str.maketrans("\u2212\u2013\u00a0\u202f", "--  ")  # minus signs and spaces of word processors
_VERB = re.compile(r"(?<!\s)\s++(?:olivat|ovat|oli|on)\b.*")


def is_statistics_header(line: Line) -> bool:
    """Return whether the line heads a table of statistics: what was counted over which period, and in what unit."""
    return len(line.filled) == _CELLS and bool(_title(line.cells[0])) and period_at_end(line) is not None


def _title(header: str) -> str:
    """Return what stands before the dates in the header of a table of statistics; nothing where it is none."""
    last = None
    for found in _DATE.finditer(header):
        last = found
    named = None
    for found in _STATISTICS.finditer(header, 0, last.start() if last else 0):
        named = found
    dates = _DATE.search(header, named.end()) if named else None
    return header[: dates.start()].rstrip() if dates else ""


def read_statistics(cursor: Cursor, draft: Draft) -> None:
    """Take in the table of statistics whose header the cursor stands on; it belongs to the unit named last before."""
    header = next(cursor.rest())
    title = _title(header.cells[0])
    period = period_at_end(header) or draft.frame.period
    unit = draft.named or draft.owner
    draft.use([header], "table header")
    if unit != draft.owner:
        name = draft.units[unit].name
        draft.infer(
            header.number, f"These statistics were read as those of {unit} {name}, named last before them.", unit
        )
    cursor.step()
    for line in cursor.rest():
        if _is_row(draft, line):
            _read_line(draft, line, unit, title, header.filled[1], period)
        elif draft.lines.stands_above(line, lambda below: _is_row(draft, below)):
            draft.leave_unparsed(line)
        else:
            break
        cursor.step()


def _is_row(draft: Draft, line: Line) -> bool:
    if len(line.cells) != _CELLS or not line.cells[0] or is_project_start(line):
        return False
    name, cell = line.cells
    return (
        not draft.lines.follows_blank(line)
        or decimal_text(cell) is not None
        or (not cell and bool(_SHARE.search(name)))
    )


def decimal_text(text: str) -> str | None:
    """Return a printed number (`1 224`, `3,37`) as decimal text with a point, or None where it is none."""
    cleaned = text.translate(_SPACES).strip()
    if not _NUMBER.fullmatch(cleaned):
        return None
    return cleaned.replace(" ", "").replace(".", "").replace(",", ".")


def _read_line(draft: Draft, line: Line, unit: str, title: str, measured_in: str, period: Period) -> None:
    name, cell = line.cells
    is_share = cell.endswith("%")
    value = decimal_text(cell.removesuffix("%"))
    if value is not None:
        _add(draft, line, unit, name, value, "%" if is_share else measured_in, period)
    elif not cell and (shares := list(_shares(name))):
        for share, percent in shares:
            _add(draft, line, unit, share, percent, "%", period)
        add_narrative(
            draft,
            Narrative(
                unit=unit,
                section=title,
                programme=None,
                part=1,
                period=period,
                kind="statistics",
                text=name,
                lines=(line.number,),
            ),
        )
    else:
        draft.leave_unparsed(line, f"This row of statistics has no number: {name}")


def _add(draft: Draft, line: Line, unit: str, name: str, value: str, measured_in: str, period: Period) -> None:
    draft.use([line], "indicator")
    draft.indicators.append(
        Indicator(unit=unit, name=name, value=value, measured_in=measured_in, period=period, lines=(line.number,))
    )


def _shares(sentence: str) -> Iterator[tuple[str, str]]:
    """Yield the name and the per cent of each share that a sentence lists: `Syyt olivat …: oppiminen 3,37%, …`."""
    intro, colon, rest = sentence.partition(":")
    subject = _VERB.sub("", intro) if colon else ""
    for found in _SHARE.finditer(rest if colon else sentence):
        name = found[1].strip().removeprefix("ja ").strip()
        yield (f"{subject}: {name}" if subject else name), found[2].replace(",", ".")
