"""A terminal in front of the sample report, imported."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.projections.conftest import ImportedReport


@pytest.fixture
def reading(sample: ImportedReport) -> Terminal:
    """Give a terminal in front of a store that holds the sample report of 1.4.–30.6.2020."""
    return Terminal(sample.path)
