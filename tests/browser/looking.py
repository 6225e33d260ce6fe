"""A browser for the tests: Chromium, driven by Node.js, shows pages and tells what it saw.

The driver and axe-core are installed once, into any folder, by the lock file beside this module:

    cp tests/browser/package*.json FOLDER && npm ci --prefix FOLDER --ignore-scripts

`HEINOLA_BROWSER_MODULES` names the folder; by default it is this one.
"""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from attrs import asdict, frozen

from tests.programs import browser, program

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
MODULES = "HEINOLA_BROWSER_MODULES"
LOOKING_SECONDS = 600


@frozen(kw_only=True)
class View:
    """A page as somebody looks at it.

    Attributes:
        file: the page.
        dark: whether the reader prefers dark pages.
        width: of the window, in pixels.
        tabs: how often Tab is pressed.
        scripts: whether scripts may run; they must, for axe-core to look into the page.
    """

    file: str
    dark: bool = False
    width: int = 1280
    tabs: int = 0
    scripts: bool = True


def look_at(views: Iterable[View]) -> list[dict[str, Any]]:
    """Return what the browser saw at each view, as `check.mjs` tells it; the browser starts once for all of them.

    Raises:
        AssertionError: the browser or its driver failed.
    """
    asked = {"browser": browser(), "modules": modules(), "views": [asdict(view) for view in views]}
    done = subprocess.run(
        [program("node", title="Node.js", package="nodejs npm"), str(HERE / "check.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=LOOKING_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    seen: list[dict[str, Any]] = json.loads(done.stdout)
    return seen


def modules() -> str:
    """Return the folder of the driver, or skip the test."""
    folder = Path(os.environ.get(MODULES) or HERE)
    if not (folder / "node_modules" / "playwright-core").is_dir():
        pytest.skip(f"the browser's driver is not in {folder}: npm ci --prefix FOLDER, and name it with {MODULES}")
    return str(folder.resolve())
