"""The sample report, published once and corrected since, as it is served; and a small city that reports."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from tests.projections.conftest import SAMPLE
from tests.projections.web.served import served
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.projections.web.served import Visitor


@pytest.fixture(scope="session")
def published(imported_once: Callable[[Path], Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a store with the sample report, published, then corrected, and of the key of its seal."""
    folder = tmp_path_factory.mktemp("served")
    shutil.copyfile(imported_once(SAMPLE), folder / "heinola.db")
    at = Terminal(folder / "heinola.db")
    key = folder / "seal.key"
    at.run(f"keys init --key {key}")
    told = at.run(f"publish 2020Q2 --incomplete --key {key} -o {folder / 'q2.seal'}")
    assert told.exit_code == 0, told.stderr
    told = at.run('record correction 4100 expenses 6/2020 -1000,00 --reason "lasku puuttui" --source "tosite 77"')
    assert told.exit_code == 0, told.stderr
    return folder


@pytest.fixture(scope="session")
def site(published: Path) -> Iterator[Visitor]:
    """Give whoever opened that store; nobody records in it."""
    with served(published / "heinola.db", published) as visitor:
        yield visitor.opened()
