"""What the standard output is: how wide, and whether it understands colour."""

from __future__ import annotations

import os
import shutil
import sys

from heinola_es.commands.printing import on_terminal

PAGE_WIDTH = 120
"""Of pages of the audit trail and of lists, where the output is no terminal."""


def width(otherwise: int) -> int:
    """Return the width of the terminal (or COLUMNS), or `otherwise` where the output is none."""
    if not on_terminal(sys.stdout) and not os.environ.get("COLUMNS"):
        return otherwise
    return shutil.get_terminal_size((otherwise, 24)).columns


def colour_wanted() -> bool:
    """Return whether to use colour: on a terminal that has it, unless NO_COLOR says otherwise (no-color.org)."""
    return on_terminal(sys.stdout) and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
