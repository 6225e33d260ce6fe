"""Where a command writes what it makes: to a file, by the one way in which files are written, or to stdout.

And what it reads from a file of a known sort.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heinola_es.commands.printing import hand_over, tell
from heinola_es.errors import BadInput

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


def content_of(path: Path, limit: int, what: str) -> bytes:
    """Return the bytes of a file of at most `limit` bytes, of which there are more only where it is not `what`.

    Raises:
        BadInput: it cannot be read, or is longer.
    """
    from heinola_es.files.input_files import read_bounded

    try:
        return read_bounded(path, limit, what)
    except OSError as error:
        raise BadInput(f"cannot read {path}: {error.strerror}; check its name") from error
