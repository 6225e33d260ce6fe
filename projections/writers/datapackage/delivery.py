"""Where a data package goes: a zip archive, or a new directory. Nothing that is not ours is written over."""

from __future__ import annotations

import json
from contextlib import suppress
from io import BytesIO
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from heinola_es.errors import BadInput
from heinola_es.files.input_files import open_regular
from heinola_es.files.output_files import PRIVATE, ending_by_exception, private_folder, write_new_file
from projections.writers.datapackage.descriptor import FORMAT, PATH

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from heinola_es.files.output_files import Writer

_EARLIEST = (1980, 1, 1, 0, 0, 0)  # a zip archive has no dates before
_UNIX = 3
INSTEAD = "name another place with -o"
_LONGEST_DESCRIPTOR = 5_000_000
_READABLE = 0o644 << 16


def zipped(files: Mapping[str, bytes]) -> bytes:
    """Return the files as a zip archive, in their order.

    They are stored and not compressed, since compressed bytes differ from one build of zlib to another.
    """
    archive = BytesIO()
    with ZipFile(archive, "w", ZIP_STORED) as opened:
        for path, content in files.items():
            entry = ZipInfo(path, _EARLIEST)
            entry.create_system, entry.external_attr = _UNIX, _READABLE
            opened.writestr(entry, content)
    return archive.getvalue()


def require_free(path: Path) -> None:
    """Refuse a place that holds something of others.

    Raises:
        BadInput: it is a file that is no data package of ours, or a directory with something in it.
    """
    if path.is_dir():
        if any(path.iterdir()):
            raise BadInput(f"the directory {path} is not empty; name a new or an empty one with -o")
    elif path.exists() and not (is_archive(path) and _is_ours(path)):
        raise BadInput(f"{path} is there already and is no data package of ours; name another file with -o")


def is_archive(path: Path) -> bool:
    """Return whether a package is written there as a zip archive, and not as a directory."""
    return path.suffix.lower() == ".zip" and not path.is_dir()


def require_package_place(writer: Writer, path: Path) -> None:
    """Refuse a place where no package may or can be written, before any work is done.

    Raises:
        BadInput.
    """
    if is_archive(path) or not path.is_dir():
        writer.require_place(path, INSTEAD)


def write_files(files: Mapping[str, bytes], directory: Path, mode: int = PRIVATE) -> None:
    """Write the files into a new or empty directory, the descriptor last: where it is, everything is.

    Where that fails, what was written is taken away again.

    Args:
        files: the content by the name.
        directory: where.
        mode: of the files; whoever may read them may enter the directory, where it is new.

    Raises:
        OSError: they cannot be written.
    """
    made = not directory.exists()
    written: list[Path] = []
    with ending_by_exception():
        try:
            if made:
                private_folder(directory, mode)
            for path in sorted(files, key=lambda path: path == PATH):
                write_new_file(files[path], directory / path, mode)
                written.append(directory / path)
        except BaseException:
            _take_away(written, directory if made else None)
            raise


def _take_away(written: list[Path], made: Path | None) -> None:
    """Remove what was written; what cannot be removed must not hide why it could not be written."""
    with suppress(OSError):
        for done in written:
            done.unlink(missing_ok=True)
        if made:
            made.rmdir()


def _is_ours(path: Path) -> bool:
    try:
        with open_regular(path) as file, ZipFile(file) as archive, archive.open(PATH) as described:
            descriptor = json.loads(described.read(_LONGEST_DESCRIPTOR))
            return bool(descriptor["heinola"]["format"] == FORMAT)
    except (OSError, BadZipFile, LookupError, TypeError, ValueError, RecursionError, NotImplementedError, RuntimeError):
        return False
