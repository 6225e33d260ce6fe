"""Stores that hold a whole interim report: imported once, copied for each test."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from attrs import frozen

from heinola_es.store.log import EventLog
from tests.city import CITY, MADE, found_city
from tests.projections.asking import import_text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.databases import Database

SAMPLE = Path(__file__).resolve().parents[2] / "examples" / "hyvinvointi-2020-q2.txt"


@frozen
class ImportedReport:
    """An interim report and a store of its own that it was imported into; `path` is its location on a server."""

    text: str
    name: str
    path: Path | str


@pytest.fixture(scope="session")
def imported_once(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Path], Path]:
    """Give a store by report, imported the first time that it is asked for. It is to be copied, never written to."""
    folder = tmp_path_factory.mktemp("imported")
    stores: dict[Path, Path] = {}

    def store_of(report: Path) -> Path:
        if report not in stores:
            stores[report] = folder / f"{len(stores)}.db"
            _import(report, str(stores[report]))
        return stores[report]

    return store_of


@pytest.fixture(scope="session")
def read_by_all(imported_once: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a store with the sample report, for all who read it: read models are made in it."""
    return shutil.copyfile(imported_once(SAMPLE), tmp_path_factory.mktemp("read") / "sample.db")


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the file of a store with the small city, to begin histories from. It is to be copied, never written to."""
    path = tmp_path_factory.mktemp("founded") / "city.db"
    with EventLog.create(str(path), CITY, now=MADE, by="controller") as log:
        found_city(log)
    return path


@pytest.fixture
def sample(kept_in: Database) -> ImportedReport:
    """Give the sample report of the second quarter of 2020, imported."""
    return _copied(SAMPLE, kept_in)


@pytest.fixture(params=["sample", "handed over"])
def report_2020(request: pytest.FixtureRequest, kept_in: Database) -> ImportedReport:
    """Give the report of the second quarter of 2020, imported: the sample first, then the one handed over."""
    report = SAMPLE if request.param == "sample" else request.getfixturevalue("seed_path")
    return _copied(report, kept_in)


@pytest.fixture
def sample_log(sample: ImportedReport) -> Iterator[EventLog]:
    """Give the store with the sample report, open for recording."""
    with EventLog.open(str(sample.path)) as log:
        yield log


def _copied(report: Path, kept_in: Database) -> ImportedReport:
    location = kept_in.copy_of(f"imported-{report.stem}", partial(_import, report))
    text = report.read_text(encoding="utf-8")
    return ImportedReport(text, report.name, location if kept_in.server else Path(location))


def _import(report: Path, location: str) -> None:
    with EventLog.create(location, CITY, now=MADE, by="controller") as log:
        import_text(log, report.read_text(encoding="utf-8"), report.name)
