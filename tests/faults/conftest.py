"""The stages, one in files and one on a server, and the numbers that are told at the end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.databases import POSTGRES, SQLITE
from tests.faults import stage as staging
from tests.faults.whole import TRIED, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.faults.stage import Stage

BOTH = (SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let every test that takes a stage run on both databases, unless it says which."""
    if "stage" in metafunc.fixturenames:
        only = metafunc.definition.get_closest_marker("in_a_file")
        metafunc.parametrize("stage", [SQLITE] if only else BOTH, indirect=True)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Tell how much was tried, and what was missed; the whole of it alone is worth a number."""
    if WHOLE:
        terminalreporter.section("faults")
        for what, number in sorted(TRIED.items()):
            terminalreporter.write_line(f"{number:>6}  {what}")


@pytest.fixture(scope="session")
def stages(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Callable[[str], Stage]:
    """Give the stage on either database, made when it is first asked for."""
    known: dict[str, Stage] = {}

    def stage_on(database: str) -> Stage:
        if database not in known:
            server = request.getfixturevalue("postgres_address") if database == POSTGRES else ""
            known[database] = staging.made(tmp_path_factory.mktemp(f"faults-{database}"), server)
        return known[database]

    return stage_on


@pytest.fixture
def stage(request: pytest.FixtureRequest, stages: Callable[[str], Stage]) -> Stage:
    """Give the stage on the database that the test is run for."""
    return stages(request.param)


@pytest.fixture
def on_a_server(stages: Callable[[str], Stage]) -> Stage:
    """Give the stage on a server."""
    return stages(POSTGRES)
