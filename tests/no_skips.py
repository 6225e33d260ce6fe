"""A skipped check is no passed check: with `HEINOLA_CI_NO_SKIPS=1` every skip is a failure, but those listed here.

A pytest plugin; `tests/conftest.py` puts it to work.
"""

from __future__ import annotations

import os
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


def _fail_skipped(report: Any) -> None:  # noqa: ANN401 - a report of a test or of a module
    if report.skipped and os.environ.get(SWITCH) == "1" and not report.nodeid.startswith(MAY_SKIP):
        why = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"{why}: a skipped check does not count as passed ({SWITCH}=1)"
