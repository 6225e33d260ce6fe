"""With HEINOLA_CI_NO_SKIPS=1 a skipped check counts as failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPS = {
    "mark": "@pytest.mark.skip(reason='no server')\ndef test_it(): pass",
    "test": "def test_it(): pytest.skip('no server')",
    "fixture": "@pytest.fixture\ndef server(): pytest.skip('no server')\ndef test_it(server): pass",
    "module": "pytest.skip('no server', allow_module_level=True)",
}
KNOWN_FAILURE = "@pytest.mark.xfail(reason='known')\ndef test_it(): assert False"
PASSED = 0
OPTIONS = ["pytest", "-p", "tests.no_skips", "-p", "no:cacheprovider", "--continue-on-collection-errors", "-q", "-rA"]


def outcome(folder: Path, sources: dict[str, str], switch: str) -> tuple[int, str]:
    """Run pytest with the plugin on some modules; return its exit status and what it printed."""
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    for name, source in sources.items():
        (folder / f"test_{name}.py").write_text(f"import pytest\n{source}\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", *OPTIONS, folder],
        cwd=ROOT,
        # Where CI is set, pytest says everything twice.
        env={name: value for name, value in os.environ.items() if name != "CI"}
        | {"HEINOLA_CI_NO_SKIPS": switch, "PYTEST_ADDOPTS": f"-c {folder / 'pytest.ini'}"},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


def test_a_skip_fails_where_no_skips_are_allowed(tmp_path: Path) -> None:
    """A mark, a test, a fixture, a whole module: whoever skips fails, and the output still says why."""
    status, printed = outcome(tmp_path, SKIPS, "1")
    assert status != PASSED
    assert printed.count("no server: a skipped check does not count as passed") == len(SKIPS)
    assert "1 failed, 3 errors" in printed  # a skip before the test's own first line is an error of its set-up


def test_a_skip_is_let_through_elsewhere(tmp_path: Path) -> None:
    """Without the switch a skipped test is a skipped test."""
    status, printed = outcome(tmp_path, SKIPS, "")
    assert status == PASSED
    assert "4 skipped" in printed


def test_what_was_not_run_is_told_in_one_line(tmp_path: Path) -> None:
    """The run ends with what is missing on the machine, and how many tests want it."""
    _status, printed = outcome(tmp_path, SKIPS | {"other": "def test_it(): pytest.skip('no browser: get one')"}, "")
    *_before, told, _counted = printed.splitlines()
    assert told == "5 of the tests were not run here: no server [4]; no browser: get one [1]"


def test_a_known_failure_is_no_skip(tmp_path: Path) -> None:
    """A test marked as expected to fail did run."""
    status, printed = outcome(tmp_path, {"known": KNOWN_FAILURE}, "1")
    assert status == PASSED
    assert "1 xfailed" in printed
