"""Makes an edit that a document shows: `edit.py new|before|instead TEXT PATH`, with the block on the standard input."""

from __future__ import annotations

import sys
from pathlib import Path


def edited(text: str, how: str, anchor: str, block: str) -> str:
    """Return a file's text with a block before, or in the place of, the first line that begins with `anchor`.

    Raises:
        ValueError: no line begins so.
    """
    lines = text.splitlines(keepends=True)
    place = next((number for number, line in enumerate(lines) if line.strip().startswith(anchor)), None)
    if place is None:
        raise ValueError(f"no line begins with {anchor!r}")
    after = place + 1 if how == "instead" else place
    return "".join([*lines[:place], block, _blank_lines(block, how), *lines[after:]])


def _blank_lines(block: str, how: str) -> str:
    """Return what keeps a definition apart from the next one."""
    if how == "instead" or not block.strip().startswith(("class ", "def ", "@")):
        return ""
    return "\n" if block.startswith(" ") else "\n\n"


if __name__ == "__main__":
    how, anchor, path = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    block = sys.stdin.read()
    path.write_text(block if how == "new" else edited(path.read_text("utf-8"), how, anchor, block), "utf-8")
