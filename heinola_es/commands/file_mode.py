"""The setting HEINOLA_FILE_MODE: who may read the stores and exports that are made."""

from __future__ import annotations

import re
from typing import Any

import click

from heinola_es.patterns import pattern

_OCTAL = pattern(r"(?:0o?)?([0-7]{3})", re.ASCII)
_LEAST, _MOST = 0o600, 0o664


class FileMode(click.ParamType[int]):
    """The mode of a file, in octal digits: `600`, `0640`."""

    name = "mode"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:  # noqa: ANN401
        """Return the mode: its owner reads and writes it, others may read it, nobody runs it."""
        found = _OCTAL.fullmatch(str(value))
        mode = int(found[1], 8) if found else 0
        if mode & _LEAST != _LEAST or mode & ~_MOST:
            self.fail(f"{value!r} is no mode for files; give octal digits such as 600, 640 or 660", param, ctx)
        return mode
