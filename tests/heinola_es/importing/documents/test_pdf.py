"""PDFs as pieces: paragraphs, headings by their size, rows of tables by their columns; and what is refused, in time."""

from __future__ import annotations

import resource
from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from heinola_es.importing.documents.opening import open_document
from tests.heinola_es.importing.documents.pdfs import by_hand, heading, table, typeset

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.importing.documents.pieces import Piece

REFUSED_WITHIN = 3.0
"""Seconds of processor time, the start of a program included; on a machine of its own as many of the clock."""


def read(folder: Path, content: bytes) -> tuple[Piece, ...]:
    """Return the pieces of a PDF."""
    path = folder / "katsaus.pdf"
    path.write_bytes(content)
    return open_document(path).pieces


def test_headings_text_and_tables(tmp_path: Path) -> None:
    """A heading is larger than the text, a paragraph is one piece, a row has its cells in the columns they stand in."""
    pieces = read(
        tmp_path,
        typeset(
            heading("Sivistystoimiala"),
            "Toiminta on ollut vilkasta. " * 8,
            heading("Luvut", 2),
            table(
                ["1 000 €", "TP 2023", "TA 2024", "Poikkeama"],
                ["Toimintatuotot", "1 250", "", "−12"],
                ["Toimintakulut", "−12 400", "−13 000", "5,5"],
                ["Toimintakate", "", "−11 000", ""],
            ),
        ),
    )
    assert [(piece.cells[0][:16], piece.heading, piece.table) for piece in pieces[:3]] == [
        ("Sivistystoimiala", 1, 0),
        ("Toiminta on olla"[:15] + "u", 0, 0),
        ("Luvut", 2, 0),
    ]
    assert [piece.cells for piece in pieces[3:]] == [
        ("1 000 €", "TP 2023", "TA 2024", "Poikkeama"),
        ("Toimintatuotot", "1 250", "", "−12"),
        ("Toimintakulut", "−12 400", "−13 000", "5,5"),
        ("Toimintakate", "", "−11 000", ""),
    ]
    assert [piece.table for piece in pieces[3:]] == [1, 1, 1, 1]
    assert pieces[0].place == "page 1, line 1"


def test_running_heads_are_left_out(tmp_path: Path) -> None:
    """What stands at the edge of every page, but for the page's number, is no part of the text."""
    pages = typeset(
        "#set page(header: [Kaupunki], footer: context [Sivu #counter(page).display()])",
        "#pagebreak()".join(f"Sivun sana {word}." for word in ("yksi", "kaksi", "kolme", "neljä")),
    )
    assert [piece.cells for piece in read(tmp_path, pages)] == [
        ("Sivun sana yksi.",),
        ("Sivun sana kaksi.",),
        ("Sivun sana kolme.",),
        ("Sivun sana neljä.",),
    ]


def children_seconds() -> float:
    """Return how much processor time the processes that this one started have taken."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


HOSTILE = {
    "scanned": (
        typeset("#rect(width: 10cm, height: 10cm, fill: red)"),
        "its 1 pages are pictures, as of a scanned paper",
    ),
    "damaged": (b"%PDF-1.7\n" + b"x" * 1000, "is damaged"),
    "a bomb": (by_hand(b" " * 400_000_000, compressed=True), "takes more memory than any report"),
    "much of nothing": (by_hand(b"q Q " * 20_000_000, compressed=True), "has a page that takes longer"),
    "letters without end": (by_hand(b"BT /F 9 Tf (" + b"a" * 3_000_000 + b") Tj ET", compressed=True), "page|memory"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_report_is_refused_in_time(tmp_path: Path, kind: str) -> None:
    """A scanned paper is told as such; what would fill the memory or hold the processor is given up."""
    content, words = HOSTILE[kind]
    began = children_seconds()
    with pytest.raises(BadInput, match=words):
        read(tmp_path, content)
    assert children_seconds() - began < REFUSED_WITHIN
