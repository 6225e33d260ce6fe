"""The two documents that a whole report is tested on: the seed as it was handed over, and the shipped sample."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.importing.report.reader import read_report
from tests.heinola_es.importing.report.reports import SAMPLE

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.importing.report.document import ReportDocument


@pytest.fixture(scope="module", params=["seed", "sample"])
def text(request: pytest.FixtureRequest) -> str:
    """Give the text of the welfare committee's report of 1.4.–30.6.2020."""
    path: Path = request.getfixturevalue("seed_path") if request.param == "seed" else SAMPLE
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def document(text: str) -> ReportDocument:
    """Give that report as the reader reads it."""
    return read_report(text)
