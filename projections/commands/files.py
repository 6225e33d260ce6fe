"""Where a command writes what it makes: to a file, by the one way in which files are written, or to stdout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heinola_es.commands.printing import hand_over, tell

if TYPE_CHECKING:
    from heinola_es.files.output_files import Writer

STDOUT = "-"


def require_place(writer: Writer, output: str | Path | None) -> None:
    """Refuse a place where nothing may or can be written, before any work is done.

    Raises:
        BadInput: it is the store or a key, or nothing can be written there.
    """
    if output not in {None, STDOUT}:
        writer.require_place(Path(str(output)))


def deliver(writer: Writer, content: bytes, output: str | Path | None) -> None:
    """Write to a file that others may read and say so, or to the standard output where none is named.

    Raises:
        BadInput: nothing may be written there.
        NotWritten: the file could not be written.
    """
    if output is None or output == STDOUT:
        hand_over(content)
        return
    writer.write([content], Path(output))
    tell(f"wrote {output}")
