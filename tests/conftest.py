"""What all tests share: stores with a small city, the seed report, how hard Hypothesis looks, and no silent skips."""

from __future__ import annotations

import os
import signal
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from heinola_es.store.log import EventLog
from tests.city import CITY, MADE, found_city
from tests.databases import ON_BOTH, POSTGRES, SQLITE, Database
from tests.no_skips import (  # noqa: F401 - hooks, found by name
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)
from tests.servers import RUNNING, NoServerHere, postgres_server, roomy
from tests.specification import Given

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
SEED = ROOT.parent / "shared" / "seed" / "hyvinvointi-2020-q2.txt"

# What a test writes need not survive it: where there is room it is kept in memory, and no commit waits for a disk.
if folder := roomy():
    os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))

# A suite that was started in the background ignores interrupts, and so would the programs that it starts.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# A store on disk is slower than a computation: how long one example takes says nothing about the product.
# Other examples every time: what few of them miss in one run, they find in the next.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
settings.register_profile(
    "ci", settings.get_profile("dev"), max_examples=60, derandomize=True, print_blob=True, database=None
)
# pytest --hypothesis-profile=thorough: for a change to the rules themselves, not for every change.
settings.register_profile("thorough", settings.get_profile("dev"), max_examples=3000)
settings.load_profile("ci" if os.environ.get("CI") or os.environ.get("HEINOLA_CI_NO_SKIPS") else "dev")


@pytest.fixture(autouse=True)
def _no_given_width(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no width that the suite was started with decide how wide a table is."""
    monkeypatch.delenv("COLUMNS", raising=False)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Let the tests that are meant for either database run on both."""
    path = metafunc.definition.path.relative_to(ROOT).as_posix()
    in_a_file = metafunc.definition.get_closest_marker("in_a_file")
    if "kept_in" in metafunc.fixturenames and path.startswith(ON_BOTH) and not in_a_file:
        kinds = [SQLITE, pytest.param(POSTGRES, marks=pytest.mark.postgres)]
        metafunc.parametrize("kept_in", kinds, indirect=True)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out cases that are about files where the test they belong to runs on a server, too."""
    items[:] = [item for item in items if not {"postgres", "in_a_file"} <= {mark.name for mark in item.own_markers}]


@pytest.fixture(scope="session")
def postgres_address() -> Iterator[str]:
    """Give the address of a PostgreSQL server for the tests, which is started when the first of them needs it."""
    if running := os.environ.get(RUNNING):
        yield running
        return
    try:
        with postgres_server() as address:
            yield address
    except NoServerHere as missing:
        pytest.skip(str(missing))


@pytest.fixture
def server(tmp_path: Path, postgres_address: str) -> Database:
    """Give the server for the tests, for new stores."""
    return Database(tmp_path, postgres_address)


@pytest.fixture
def kept_in(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give the database that the test's stores are kept in: files, or a server where the test runs on both."""
    on_server = getattr(request, "param", SQLITE) == POSTGRES
    database = Database(tmp_path, request.getfixturevalue("postgres_address") if on_server else "")
    yield database
    database.close()


@pytest.fixture
def empty_store(kept_in: Database) -> Iterator[EventLog]:
    """Give a store that was initialised long ago and holds no facts, open for recording."""
    with EventLog.open(kept_in.copy_of("empty", made)) as log:
        yield log


def made(location: str) -> None:
    """Make a store that was initialised long ago and holds no facts."""
    EventLog.create(location, CITY, now=MADE, by="controller").close()


def founded(location: str) -> None:
    """Make a store that holds the small city of `tests.city`."""
    with EventLog.create(location, CITY, now=MADE, by="controller") as log:
        found_city(log)


@pytest.fixture
def new_store(kept_in: Database) -> Iterator[EventLog]:
    """Give a store that was initialised just now and holds no facts, for command lines, which ask the clock."""
    with EventLog.create(kept_in.new("new"), CITY, now=datetime.now(UTC), by="controller") as log:
        yield log


@pytest.fixture
def store(kept_in: Database) -> Iterator[EventLog]:
    """Give a store that holds the small city of `tests.city`, open for recording."""
    with EventLog.open(kept_in.copy_of("heinola", founded)) as log:
        yield log


@pytest.fixture
def given(kept_in: Database) -> Iterator[Given]:
    """Start a specification: `given(*events).when(handler, …).then(*events)`; see `tests.specification`."""
    specifications = Given(kept_in)
    yield specifications
    specifications.close()


@pytest.fixture(scope="session")
def seed_path() -> Path:
    """Give the report of 1.4.–30.6.2020 as it was handed over: `HEINOLA_SEED`, or beside the checkout."""
    path = Path(os.environ.get("HEINOLA_SEED") or SEED)
    if not path.is_file():
        pytest.skip(f"no seed report at {path}; name it with HEINOLA_SEED")
    return path
