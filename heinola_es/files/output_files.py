"""The one way in which files are written: as a whole or not at all, and never over what cannot be made again.

A file is written beside its place under a name that nobody can guess, and takes the place when all of it is there. So
what breaks off, by an error, a full disk or a signal, leaves the old file as it was and nothing beside it.
"""

from __future__ import annotations

import errno
import os
import re
import signal
import stat
import sys
import threading
import unicodedata
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, NoReturn

from attrs import frozen

from events.value_object import ValueObject
from heinola_es.errors import BadInput, Refused
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from types import FrameType

PRIVATE = 0o600
INSTEAD = "name another file with -o"
_READABLE = 0o666  # less what the umask takes
_OWN = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_BESIDE_A_STORE = ("", "-wal", "-shm", "-journal")
_STREAMS = {"/dev/stdout": 1, "/dev/stderr": 2}
_DESCRIPTOR = pattern(r"/(?:dev|proc/self)/fd/(\d{1,4})", re.ASCII)
_DATABASE = b"SQLite format 3\0"
_PRECIOUS = {b"PRIVATE+KEY+": "holds a private key", _DATABASE: "is a database, perhaps a store"}
_LONGEST_MARK = max(map(len, _PRECIOUS))
_ENDING = (signal.SIGTERM, signal.SIGHUP)


class NotWritten(Refused):
    """The file could not be written; what was there before is as it was."""


@frozen(slots=True, eq=False, repr=False)
class Writer(ValueObject):
    """Writes files for a command.

    Attributes:
        store: the file of the store, or None where it is on a server.
        keys: the files in which a key for seals is, or will be.
        private_mode: the mode of what others need not read: exports, and stores.
    """

    store: Path | None = None
    keys: tuple[Path, ...] = ()
    private_mode: int = PRIVATE

    def require_new_place(self, target: Path, instead: str = INSTEAD) -> None:
        """Refuse a place where a file is, or none may or can be written, before any work is done.

        Raises:
            BadInput.
        """
        self.require_place(target, instead)
        if os.path.lexists(target) and _is_file_or_free(target):
            raise BadInput(f"{target} exists already, and is not written over; {instead}")

    def require_place(self, target: Path, instead: str = INSTEAD) -> None:
        """Refuse a place where nothing may or can be written, before any work is done.

        Raises:
            BadInput: it is the store, a key or another database, a folder or a terminal, or nothing can be written
                there.
        """
        self._require_not_precious(target, instead)
        try:
            _require_writable(target)
            to_terminal = _is_terminal(target)
        except OSError as error:
            raise BadInput(_not_written(target, error, instead)) from None
        if to_terminal:
            raise BadInput(f"{target} is a terminal, to which nothing is written as it stands; {instead}")

    def write(self, content: Iterable[bytes], target: Path, *, private: bool = False, instead: str = INSTEAD) -> None:
        """Write a file as a whole; an older one keeps its mode, and where that is allowed its owner.

        Args:
            content: what is written, in parts.
            target: where; a link is kept, and what it leads to is written. What is no file (`/dev/null`, a pipe) is
                written as it stands.
            private: whether others need not read it.
            instead: what to do where it cannot be written, for messages.

        Raises:
            BadInput: as `require_place`.
            NotWritten: it could not be written.
        """
        self.require_place(target, instead)
        with telling(target, instead):
            if _is_file_or_free(target):
                _replace(content, Path(os.path.realpath(target)), self.private_mode if private else None)
            else:
                _write_through(content, target)

    def write_new(self, content: bytes, target: Path, *, instead: str = INSTEAD) -> None:
        """Write a file where there is none.

        Raises:
            BadInput: as `require_place`.
            NotWritten: it could not be written, or there is one.
        """
        self.require_place(target, instead)
        with telling(target, instead):
            if not os.path.lexists(target) or _is_file_or_free(target):
                write_new_file(content, target)
            else:
                _write_through([content], target)

    def require_elsewhere(self, target: Path, instead: str = INSTEAD) -> None:
        """Refuse the file of the store, and those that the database keeps beside it.

        Raises:
            BadInput.
        """
        if self.store is not None and _is_any_of(target, [_beside(self.store, end) for end in _BESIDE_A_STORE]):
            raise BadInput(f"{target} is the store itself; {instead}")

    def _require_not_precious(self, target: Path, instead: str) -> None:
        self.require_elsewhere(target, instead)
        if _is_any_of(target, self.keys):
            raise BadInput(f"{target} is the key that seals are signed with; {instead}")
        if found := _PRECIOUS.get(_mark_of(target)):
            raise BadInput(f"{target} {found}, and is never written over; {instead}")
        if any(_mark_of(one) == _DATABASE for one in _databases_it_belongs_to(target)):
            raise BadInput(f"{target} would be taken for what belongs to a database, and damage it; {instead}")


def write_new_file(content: bytes, path: Path, mode: int | None = None) -> None:
    """Write a file where there is none: all of it or nothing.

    Args:
        content: what is written.
        path: where.
        mode: exactly; by default as the umask has it.

    Raises:
        FileExistsError: there is something of that name, a link to nowhere included.
        OSError: it cannot be written.
    """
    with _part_of(path, mode) as (part, file):
        file.write(content)
        _finish(file)
        try:
            os.link(part, path, follow_symlinks=False)
        except OSError as error:
            if error.errno not in {errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK}:
                raise
            _write_without_links(content, path, mode)  # as on FAT
    _keep_folder(path.parent)


def private_folder(path: Path, file_mode: int = PRIVATE) -> None:
    """Make a folder that whoever may read files of this mode may enter.

    Raises:
        OSError: it cannot be made, or is there.
    """
    path.mkdir(mode=0o700)
    path.chmod(file_mode | (file_mode & 0o444) >> 2)


@contextmanager
def telling(target: Path, instead: str = INSTEAD) -> Iterator[None]:
    """Tell what cannot be written meanwhile.

    Raises:
        NotWritten.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise NotWritten(_not_written(target, error, instead)) from None


def _not_written(target: Path, error: OSError, instead: str) -> str:
    return f"cannot write {target}: {error.strerror or error}; {instead}"


def _require_writable(target: Path) -> None:
    if _descriptor_named(target) is not None:
        return
    facts = _facts_of(target)
    if facts is not None and not _is_written_through(facts):
        if stat.S_ISDIR(facts.st_mode):
            raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
        if not stat.S_ISREG(facts.st_mode):
            raise OSError(errno.EINVAL, "it is no file")
    if facts is not None and not os.access(target, os.W_OK):
        raise OSError(errno.EACCES, os.strerror(errno.EACCES))
    if facts is None or stat.S_ISREG(facts.st_mode):
        _require_folder(Path(os.path.realpath(target)).parent)


def _require_folder(folder: Path) -> None:
    if not stat.S_ISDIR(folder.stat().st_mode):
        raise OSError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    if not os.access(folder, os.W_OK | os.X_OK):
        raise OSError(errno.EACCES, f"{os.strerror(errno.EACCES)} (nothing can be written in its folder)")


def _is_file_or_free(target: Path) -> bool:
    facts = _facts_of(target)
    return _descriptor_named(target) is None and (facts is None or stat.S_ISREG(facts.st_mode))


def _is_written_through(facts: os.stat_result) -> bool:
    return stat.S_ISCHR(facts.st_mode) or stat.S_ISFIFO(facts.st_mode)


def _facts_of(path: Path) -> os.stat_result | None:
    """Return what is at a path, or None where nothing is."""
    try:
        return path.stat()
    except FileNotFoundError:
        return None


# ---------------------------------------------------------------- what is never written over


def _is_any_of(target: Path, others: Iterable[Path]) -> bool:
    names = _names_of(target)
    return any(names & _names_of(other) for other in others)


def _names_of(path: Path) -> set[tuple[object, ...]]:
    """Return by what a file is known: its place on the disk, and the folder it is in with its name.

    Names that differ in case or in how a letter is composed are one name, as they are on some disks.
    """
    names: set[tuple[object, ...]] = set()
    with suppress(OSError):
        facts = path.stat()
        names.add((facts.st_dev, facts.st_ino))
    for spelt in (path, Path(os.path.realpath(path))):
        with suppress(OSError):
            folder = spelt.parent.stat()
            names.add((folder.st_dev, folder.st_ino, unicodedata.normalize("NFC", spelt.name).casefold()))
    return names


def _beside(store: Path, end: str) -> Path:
    path = Path(os.path.realpath(store))  # SQLite keeps its files beside the file that a link leads to
    return path.with_name(path.name + end)


def _databases_it_belongs_to(path: Path) -> Iterator[Path]:
    """Yield the files of which a file of this name would be the log or the journal, were they databases."""
    for end in _BESIDE_A_STORE[1:]:
        if path.name.endswith(end):
            yield path.parent / path.name.removesuffix(end)


def _mark_of(target: Path) -> bytes:
    """Return which mark of what is never written over an ordinary file begins with, or nothing."""
    from heinola_es.files.input_files import open_regular  # noqa: PLC0415 - of no use to most commands

    try:
        with open_regular(target) as file:
            beginning = file.read(_LONGEST_MARK)
    except OSError:
        return b""
    return next((mark for mark in _PRECIOUS if beginning.startswith(mark)), b"")


# ---------------------------------------------------------------- whole files


def _replace(content: Iterable[bytes], path: Path, mode: int | None) -> None:
    older = _facts_of(path)
    with _part_of(path, PRIVATE if older else mode) as (part, file):
        file.writelines(content)
        if older:
            _take_after(file.fileno(), older)
        _finish(file)
        part.replace(path)
    _keep_folder(path.parent)


@contextmanager
def _part_of(path: Path, mode: int | None) -> Iterator[tuple[Path, BinaryIO]]:
    """Give a new file beside a path, which is gone afterwards unless it was moved to its place."""
    if not path.name:
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    part = path.with_name(f".heinola-{os.urandom(12).hex()}.part")
    with ending_by_exception():
        try:
            descriptor = os.open(part, _OWN, _READABLE if mode is None else mode)
            with os.fdopen(descriptor, "wb") as file:
                if mode is not None:
                    os.fchmod(descriptor, mode)
                yield part, file
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def _take_after(descriptor: int, older: os.stat_result) -> None:
    """Give a file the owner, the group and the mode of another, as far as that is allowed."""
    mode = stat.S_IMODE(older.st_mode)
    facts = os.fstat(descriptor)
    if facts.st_gid != older.st_gid:
        try:
            os.fchown(descriptor, -1, older.st_gid)
        except OSError:
            mode &= ~0o070  # what one group might read is not for another
    if facts.st_uid != older.st_uid:
        with suppress(OSError):
            os.fchown(descriptor, older.st_uid, -1)
    os.fchmod(descriptor, mode)


def _finish(file: BinaryIO) -> None:
    file.flush()
    os.fsync(file.fileno())


def _keep_folder(folder: Path) -> None:
    """Have the disk keep what the folder says of its files; not every file system can be asked to."""
    with suppress(OSError):
        descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _write_without_links(content: bytes, path: Path, mode: int | None) -> None:
    descriptor = os.open(path, _OWN, _READABLE if mode is None else mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            _finish(file)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


@contextmanager
def ending_by_exception() -> Iterator[None]:
    """Let a signal that ends the program be an exception meanwhile, so that what was begun is taken away."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in _ENDING}
    ours = [number for number, handler in before.items() if handler is signal.SIG_DFL]
    for number in ours:
        signal.signal(number, _end)
    try:
        yield
    finally:
        for number in ours:
            signal.signal(number, signal.SIG_DFL)


def _end(number: int, _frame: FrameType | None) -> NoReturn:
    sys.exit(128 + number)  # as a shell reports it


# ---------------------------------------------------------------- devices, pipes and open streams


def _descriptor_named(target: Path) -> int | None:
    """Return the open stream that a name such as `/dev/stdout` stands for, or None."""
    found = _DESCRIPTOR.fullmatch(str(target))
    return int(found[1]) if found else _STREAMS.get(str(target))


def _is_terminal(target: Path) -> bool:
    """Return whether somebody sits at a place, whose screen what is recorded could steer.

    Raises:
        OSError: it cannot be opened.
    """
    number = _descriptor_named(target)
    if number is not None:
        return os.isatty(number)
    facts = _facts_of(target)
    if facts is None or not stat.S_ISCHR(facts.st_mode):
        return False
    descriptor = os.open(target, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        return os.isatty(descriptor)
    finally:
        os.close(descriptor)


def _write_through(content: Iterable[bytes], target: Path) -> None:
    number = _descriptor_named(target)
    if number is not None:
        sys.stdout.flush()
        descriptor = os.dup(number)
    else:
        descriptor = os.open(target, os.O_WRONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
        os.set_blocking(descriptor, True)  # it was only not to be waited for that somebody reads
    with os.fdopen(descriptor, "wb") as file:
        file.writelines(content)
