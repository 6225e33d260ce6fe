"""Where a command writes what it makes: to a file, as a whole, never over the store; or to the standard output."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from heinola_es.commands.printing import hand_over, tell
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable

STDOUT = "-"


def require_another_file(output: str | Path | None, store: str) -> None:
    """Refuse to write over the store, which is the only truth there is.

    Raises:
        BadInput.
    """
    from heinola_es.store.location import names_file

    if output not in {None, STDOUT} and names_file(store, Path(str(output))):
        raise BadInput(f"{output} is the store itself; name another file with -o")


def deliver(content: bytes, output: str | Path | None) -> None:
    """Write to a file and say so, or to the standard output where none is named.

    Raises:
        BadInput: the file cannot be written.
    """
    if output is None or output == STDOUT:
        hand_over(content)
        return
    try:
        write_whole([content], Path(output))
    except OSError as error:
        raise BadInput(f"cannot write {output}: {error.strerror}; name another file with -o") from None
    tell(f"wrote {output}")


def write_whole(content: Iterable[bytes], path: Path) -> None:
    """Write a file as a whole: what breaks off leaves none, and an older one as it was.

    Raises:
        OSError: it cannot be written.
    """
    if path.exists() and not path.is_file():
        with path.open("wb") as device:  # a pipe or a device, such as /dev/null
            device.writelines(content)
        return
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.writelines(content)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
