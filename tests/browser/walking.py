"""A browser for the tests of what is served: it walks through pages on this machine and tells what it saw."""

from __future__ import annotations

import json
import subprocess
from typing import TYPE_CHECKING, Any

from attrs import asdict, frozen

from tests.browser.looking import HERE, LOOKING_SECONDS, modules
from tests.programs import browser, program

if TYPE_CHECKING:
    from collections.abc import Iterable

Step = tuple[str, ...]
"""What is done, and with what: `("click", "a.older")`; `walk.mjs` has them all."""


@frozen(kw_only=True)
class Walk:
    """What somebody does with a browser of their own, from the opened address on.

    Attributes:
        steps: what is done, in order.
        dark: whether the reader prefers dark pages.
        width: of the window, in pixels.
        scripts: whether scripts may run.
        audit: what axe-core looks at on the last page: `all`, `colours`, or nothing.
    """

    steps: tuple[Step, ...]
    dark: bool = False
    width: int = 1280
    scripts: bool = True
    audit: str = ""


@frozen
class Seen:
    """What was seen on a walk.

    Attributes:
        told: what each step told.
        asked: what was asked of other machines.
        said: what stood on the browser's console.
        overflow: by how many pixels the last page was wider than the window.
        violations: what axe-core found.
        address: of the last page.
    """

    told: list[Any]
    asked: list[str]
    said: list[str]
    overflow: int
    violations: list[str]
    address: str


def walk_through(opened: str, walks: Iterable[Walk]) -> list[Seen]:
    """Return what the browser saw on each walk; it starts once for all of them.

    Args:
        opened: the address that lets in.
        walks: what is done.

    Raises:
        AssertionError: the browser or its driver failed.
    """
    asked = {"browser": browser(), "modules": modules(), "opened": opened, "walks": [asdict(walk) for walk in walks]}
    done = subprocess.run(
        [program("node", title="Node.js", package="nodejs npm"), str(HERE / "walk.mjs")],
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        timeout=LOOKING_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return [Seen(**one) for one in json.loads(done.stdout)]
