"""One file content is imported once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.imports import FileImported
from heinola_es.domain.aggregates.file_import import ImportedBefore
from heinola_es.domain.periods import parse_period
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from heinola_es.handlers.session import Session
    from tests.specification import Given

SHA256 = "4f" * 32
SECOND_QUARTER = parse_period("2020Q2")
IMPORTED = fact(
    FileImported,
    "2020Q2",
    sha256=SHA256,
    file_name="hyvinvointi-2020-q2.txt",
    format="report",
    counts=("figures=219",),
    findings=(("inferred", "410", "87", "the heading of the service area is missing"),),
)


def read(session: Session, sha256: str, file_name: str) -> None:
    """Record that a file was read."""
    file_import = session.file_import(sha256)
    file_import.require_new()
    file_import.complete(
        session.stamp,
        SECOND_QUARTER,
        file_name=file_name,
        file_format="report",
        counts=("figures=219",),
        findings=(("inferred", "410", "87", "the heading of the service area is missing"),),
    )


def test_a_file_is_imported(given: Given) -> None:
    """What was read, how much of it, and what could not be placed, is kept with the digest of its bytes."""
    given(*CITY_FACTS).when(read, SHA256, "hyvinvointi-2020-q2.txt").then(IMPORTED)


def test_the_same_content_is_refused_under_any_name(given: Given) -> None:
    """The digest tells content apart, not the name; the sentence says when it came and as what."""
    given(*CITY_FACTS, IMPORTED).when(read, SHA256, "kopio.txt").refused(
        ImportedBefore,
        "this content was already imported on 1.1.2020 as hyvinvointi-2020-q2.txt; nothing was recorded",
    )


def test_other_content_is_another_import(given: Given) -> None:
    """A file that was changed by a byte is another file, though its name is the same."""
    other = fact(
        FileImported,
        "2020Q2",
        sha256="50" * 32,
        file_name="hyvinvointi-2020-q2.txt",
        format="report",
        counts=("figures=219",),
        findings=(("inferred", "410", "87", "the heading of the service area is missing"),),
    )
    given(*CITY_FACTS, IMPORTED).when(read, "50" * 32, "hyvinvointi-2020-q2.txt").then(other)
