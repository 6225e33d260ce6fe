"""Files that are read: ordinary ones alone, and never more of one than its kind may have.

A pipe would be waited for without an end, a device gives bytes without an end, and opening some devices does something.
So a file is looked at before it is opened and again when it is open, and is read no further than its limit.
"""

from __future__ import annotations

import errno
import io
import os
import stat
import sys
from typing import IO, TYPE_CHECKING, BinaryIO, cast

from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator
    from io import BufferedIOBase
    from pathlib import Path

_PIECE = 1 << 16
_KILOBYTE, _MEGABYTE = 1_000, 1_000_000
_KINDS = {
    stat.S_IFIFO: "it is a pipe, and no file",
    stat.S_IFSOCK: "it is a socket, and no file",
    stat.S_IFCHR: "it is a device, and no file",
    stat.S_IFBLK: "it is a device, and no file",
}


class TooLarge(BadInput):
    """There is more of it than its kind may have."""


class _Reading(io.BufferedReader):
    """A file that is read at once, or not at all."""

    def read(self, size: int | None = -1, /) -> bytes:
        """Return what is there.

        Raises:
            OSError: there is nothing just now, but may be later, as of some of what looks like a file in /proc.
        """
        content: bytes | None = super().read(size)
        if content is None:
            raise OSError(errno.EINVAL, "it is no file with an end")
        return content


def open_regular(path: Path) -> BinaryIO:
    """Open an ordinary file, or a link to one, for reading; nothing is waited for.

    Raises:
        OSError: it cannot be opened, or is a folder, a pipe, a socket or a device; `strerror` says so.
    """
    try:
        _require_regular(path.stat())
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except ValueError:  # a null byte, or what no file system can write
        raise OSError(errno.EINVAL, "no file can have that name") from None
    try:
        _require_regular(os.fstat(descriptor))
        return _Reading(io.FileIO(descriptor))
    except BaseException:
        os.close(descriptor)
        raise


def read_bounded(path: Path, limit: int, what: str) -> bytes:
    """Return what is in an ordinary file of at most `limit` bytes.

    Args:
        path: the file.
        limit: in bytes.
        what: what such a file is, and what to do: `a seal is a page of text, check the file`.

    Raises:
        OSError: as `open_regular`.
        TooLarge: it is larger.
    """
    with open_regular(path) as file:
        content = file.read(limit + 1)  # what says that it is empty may grow, as the files of /proc do
    return _require_bounded(content, limit, str(path), what)


def read_standard_input(limit: int, what: str) -> bytes:
    """Return what comes by the standard input, up to its end and at most `limit` bytes.

    Raises:
        OSError: it is closed, or cannot be read.
        TooLarge: more came.
    """
    if sys.stdin is None:  # as it is where the program was started without one
        raise OSError(errno.EBADF, "it is closed")
    # Piece by piece, so that an interrupt is heeded between them.
    came = b"".join(_pieces(cast("BufferedIOBase", sys.stdin.buffer), limit + 1))
    return _require_bounded(came, limit, "the standard input", what)


def bounded_lines(file: IO[bytes], limit: int, what: str) -> Iterator[bytes]:
    """Yield the lines of a file, each with its end.

    Raises:
        TooLarge: a line has more than `limit` bytes.
    """
    number = 0
    while line := file.readline(limit + 1):
        number += 1
        if len(line) > limit:
            raise TooLarge(f"line {number} has more than {size_in_words(limit)}; {what}")
        yield line


def size_in_words(size: int) -> str:
    """Return a number of bytes as it is told: `20 MB`, `500 kB`."""
    if size >= _MEGABYTE:
        return f"{size // _MEGABYTE:,} MB".replace(",", " ")
    return f"{size // _KILOBYTE} kB"


def _pieces(file: BufferedIOBase, most: int) -> Iterator[bytes]:
    while most > 0 and (piece := file.read1(min(most, _PIECE))):
        most -= len(piece)
        yield piece


def _require_bounded(content: bytes, limit: int, name: str, what: str) -> bytes:
    if len(content) > limit:
        raise TooLarge(f"{name} has more than {size_in_words(limit)}; {what}")
    return content


def _require_regular(facts: os.stat_result) -> None:
    if stat.S_ISDIR(facts.st_mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(facts.st_mode):
        raise OSError(errno.EINVAL, _KINDS.get(stat.S_IFMT(facts.st_mode), "it is no file"))
