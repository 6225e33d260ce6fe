"""With HEINOLA_CI_NO_SKIPS=1 a skipped check counts as failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SKIPS = {
    "a mark": "@pytest.mark.skip(reason='no server')\ndef test_it(): pass",
    "the test itself": "def test_it(): pytest.skip('no server')",
    "a fixture": "@pytest.fixture\ndef server(): pytest.skip('no server')\ndef test_it(server): pass",
    "the module": "pytest.skip('no server', allow_module_level=True)",
}
EXPECTED_TO_FAIL = "@pytest.mark.xfail(reason='known')\ndef test_it(): assert False"
SKIPPED, FAILED, INTERRUPTED = 0, 1, 2


def outcome(folder: Path, source: str, switch: str) -> tuple[int, str]:
    """Run pytest with the plugin on one source text; return its exit status and what it printed."""
    module = folder / "test_sample.py"
    module.write_text(f"import pytest\n{source}\n", encoding="utf-8")
    (folder / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.no_skips", "-c", folder / "pytest.ini", "-q", module],
        cwd=ROOT,
        env={**os.environ, "HEINOLA_CI_NO_SKIPS": switch},
        capture_output=True,
        text=True,
        check=False,
    )
    return run.returncode, run.stdout


@pytest.mark.parametrize("source", SKIPS.values(), ids=SKIPS)
def test_a_skip_fails_where_no_skips_are_allowed(tmp_path: Path, source: str) -> None:
    """Whoever skips, the run fails, and its output still says why the check did not run."""
    status, printed = outcome(tmp_path, source, "1")
    assert status in {FAILED, INTERRUPTED}
    assert "no server: a skipped check does not count as passed" in printed


def test_a_skip_is_let_through_elsewhere(tmp_path: Path) -> None:
    """Without the switch a skipped test is a skipped test."""
    assert outcome(tmp_path, SKIPS["a mark"], "")[0] == SKIPPED


def test_a_known_failure_is_no_skip(tmp_path: Path) -> None:
    """A test marked as expected to fail did run."""
    assert outcome(tmp_path, EXPECTED_TO_FAIL, "1")[0] == SKIPPED
