"""A skipped check is no passed check: a run says at its end what was not run, why, and how to have it.

With `HEINOLA_CI_NO_SKIPS=1` every skip is a failure, but those listed here. A pytest plugin, put to work by
`tests/conftest.py`.
"""

from __future__ import annotations

import os
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

SWITCH = "HEINOLA_CI_NO_SKIPS"
MAY_SKIP: tuple[str, ...] = (
    # Mounting a file system takes rights that not every machine gives; failing writes are tried by injection as well.
    "tests/faults/test_no_room.py::test_a_full_disk",
    "tests/faults/test_no_room.py::test_a_small_disk",
)
"""Beginnings of the ids of tests that may skip even then, each with a comment that says why."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a test that skipped; an expected failure (`xfail`) is none."""
    report = yield
    if not hasattr(report, "wasxfail"):
        _fail_skipped(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a module that skipped as a whole."""
    report = yield
    _fail_skipped(report)
    return report


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Generator[None, None, None]:
    """Tell in one line, last of all, what was not run on this machine: why, how many tests, and how to have it."""
    yield
    skipped = terminalreporter.stats.get("skipped", [])
    if skipped:
        whys = Counter(_why(report).removeprefix("Skipped: ") for report in skipped).most_common()
        told = "; ".join(f"{why} [{number}]" for why, number in whys)
        terminalreporter.write_line(f"{len(skipped)} of the tests were not run here: {told}")


def _why(report: Any) -> str:  # noqa: ANN401 - a report of a test or of a module
    return str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)


def _fail_skipped(report: Any) -> None:  # noqa: ANN401 - a report of a test or of a module
    if report.skipped and os.environ.get(SWITCH) == "1" and not report.nodeid.startswith(MAY_SKIP):
        report.outcome = "failed"
        report.longrepr = f"{_why(report)}: a skipped check does not count as passed ({SWITCH}=1)"
