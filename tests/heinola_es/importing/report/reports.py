"""Reports for the reader's tests: the shipped sample, the small one, and fragments put into a whole document."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from heinola_es.importing.report.reader import read_report

if TYPE_CHECKING:
    from collections.abc import Sequence

    from heinola_es.importing.report.document import ReportDocument

ROOT = Path(__file__).resolve().parents[4]
SAMPLE = ROOT / "examples" / "hyvinvointi-2020-q2.txt"
SMALL = ROOT / "tests" / "documents" / "pieni-2021-q3.txt"

HEADER = "→TP 2020 1000e→TOT 2020 9 kk/1000e→TA 2021 +muutokset→TOT 2021 9 kk→TOT-21 %"
STATEMENT = f"""
{HEADER}
Toimintatuotot→2→1→1 000→500→50,00
Toimintakulut→-4→-3→-3 000→-1 500→50,00
TOIMINTAKATE→-2→-2→-2 000→-1 000→50,00
"""
TABLE = f"""
{HEADER}
TULOT→2→1→1 000→500→50,00
MENOT→-4→-3→-3 000→-1 500→50,00
NETTO→-2→-2→-2 000→-1 000→50,00
"""
AREA = f"""
50 KUNNALLISTEKNIIKKA

Vastuuhenkilö: kaupungininsinööri
{TABLE}
501 Kadut ja viheralueet

Vastuuhenkilö: katumestari
{TABLE}
"""


def report(*parts: str, statement: str = STATEMENT, area: str = AREA) -> str:
    """Put fragments into a report of a technical committee for 1.7.–30.9.2021; `→` stands for a tab."""
    period = "Tavoitteiden toteuma 1.7.–30.9.2021\n\nKaikki on ennallaan."
    text = "\n\n".join(("Tekninen toimiala", "Vastuuhenkilö: tekninen johtaja", statement, area, period, *parts))
    return text.replace("→", "\t")


def read(*parts: str, statement: str = STATEMENT, area: str = AREA) -> ReportDocument:
    """Read a report with these fragments."""
    return read_report(report(*parts, statement=statement, area=area))


def refusal(text: str) -> str:
    """Return the sentence with which a document is refused."""
    with pytest.raises(BadInput) as caught:
        read_report(text)
    return str(caught.value)


def inferred(document: ReportDocument) -> list[str]:
    """Return what the reader said it concluded."""
    return [finding.message for finding in document.findings if finding.kind == "inferred"]


def unparsed(document: ReportDocument) -> list[int]:
    """Return the lines that the reader could not place."""
    return [finding.line for finding in document.findings if finding.kind == "unparsed"]


def filled_lines(text: str) -> list[int]:
    """Return the numbers of the lines that are not blank."""
    return [number for number, line in enumerate(text.split("\n"), start=1) if line.strip()]


def lines_of_items(document: ReportDocument) -> set[int]:
    """Return every line that some item names as its source."""
    groups: tuple[Sequence[object], ...] = (
        document.units,
        document.figures,
        document.goals,
        document.priorities,
        document.narratives,
        document.outlooks,
        document.indicators,
        document.projects,
    )
    return {number for group in groups for item in group for number in getattr(item, "lines", ())}


def letters(text: str) -> str:
    """Return a text without space and bold marks: what must survive when torn lines are put together."""
    return re.sub(r"\s|\*\*", "", text)
