"""What is kept of published reports, on its way between stores: the bytes of each report, then the names in them.

A name that was erased is not there, and a report that is not there as it was published does not travel.
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from typing import TYPE_CHECKING

from heinola_es.errors import Refused, flaw_in_words
from heinola_es.store.kept import KeptName, KeptReport, NotAsKept, references_in
from heinola_es.store.transfer_lines import NotThatLog, line_of, object_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heinola_es.store.kept import Kept
    from heinola_es.store.reading import LogReader


def kept_lines(reader: LogReader, digest: str, position: int) -> Iterator[bytes]:
    """Yield what is kept for the publication at a position: the report's bytes, then the names that are there.

    Raises:
        Refused: the report is not there as it was published.
    """
    report = reader.kept_report(digest)
    try:
        if report is None:
            raise NotAsKept("its bytes are gone")  # noqa: TRY301 - told like any other flaw
        referred = references_in(report.content())
        yield line_of({"digest": report.digest, "packed": b64encode(report.packed).decode()})
        names = reader.kept_names(referred)
        for name in (names[one] for one in referred if one in names):
            yield line_of({"digest": name.digest, "salt": name.salt.hex(), "name": name.text()})
    except NotAsKept as error:
        raise Refused(
            f"the report that event {position} published is not kept as it was published ({error}), so the log is not "
            "exported; see `heinola audit verify`"
        ) from error


def kept_in(lines: Iterable[bytes], first: int) -> Iterator[tuple[int, Kept]]:
    """Yield what lines say is kept, each with its number; the first has the number `first`.

    Raises:
        NotThatLog: a line is none as `kept_lines` writes them.
    """
    for number, line in enumerate(lines, first):
        told = object_in(line, number)
        try:
            if type(told["digest"]) is not str:
                raise TypeError("its digest is none")  # noqa: TRY301 - told like any other flaw
            if "packed" in told:
                yield number, KeptReport(told["digest"], b64decode(told["packed"], validate=True))
            else:
                yield number, KeptName(told["digest"], bytes.fromhex(told["salt"]), told["name"].encode())
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise NotThatLog(
                f"line {number} is not what is kept of a report, as it is exported ({flaw_in_words(error)})"
            ) from error


class Keeping:
    """What is kept of published reports, held against what a log says."""

    def __init__(self, owed: Mapping[str, int]) -> None:
        """Take what must be kept: the digest of each report, and the position of its publication."""
        self._owed = dict(owed)
        self._referred: set[str] = set()

    def checked(self, kept: Iterable[tuple[int, Kept]]) -> Iterator[Kept]:
        """Yield what is kept, each as it is said.

        Raises:
            NotThatLog: something is not what its digest says, or belongs to no report, or a report is not there.
        """
        for number, one in kept:
            if not self._is_wanted(one):
                raise NotThatLog(f"line {number} is kept for nothing that the log published")
            try:
                if isinstance(one, KeptReport):
                    self._referred |= set(references_in(one.content()))
                one.require_sound()
            except NotAsKept as error:
                flaw = f"line {number}: what is kept of a report is not what was published ({error})"
                raise NotThatLog(flaw) from error
            yield one
        for position in self._owed.values():
            raise NotThatLog(f"the report that event {position} published is not in the file; export the log again")

    def _is_wanted(self, one: Kept) -> bool:
        """Return whether something belongs to a report, and comes for the first time."""
        if isinstance(one, KeptReport):
            return self._owed.pop(one.digest, None) is not None
        wanted = one.digest in self._referred
        self._referred.discard(one.digest)
        return wanted
