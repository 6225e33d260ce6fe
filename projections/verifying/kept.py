"""What is kept of published reports, held against the digests that the publications name; nothing else is beside it."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
from attrs import Factory, define

from heinola_es.domain.aggregates.publication import WHOLE_CITY
from heinola_es.store.kept import KeptName, KeptReport, NotAsKept, references_in
from projections.published.kept_reports import shown
from projections.verifying.problems import LOST, Problem, named, number

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from projections.published.publications import Published

_REPORTS = "SELECT digest, packed FROM store.kept_reports ORDER BY digest"
_REPORT = "SELECT digest, packed FROM store.kept_reports WHERE digest = ?"
_NAMES = "SELECT digest, salt, name FROM store.kept_names ORDER BY digest"
_PLANTED = "it was planted, or its publication is gone"


@define(slots=True)
class Kept:
    """What is kept of published reports, as a verification finds it.

    Attributes:
        connection: to the store under examination.
        references: of the reports that are kept as they were published, by the digest of their bytes.
        names: those that are kept as they were published, by the digest that refers to them.
        problems: everything that is not as it was published.
    """

    connection: sqlite3.Connection
    references: dict[str, list[str]] = Factory(dict)
    names: dict[str, str] = Factory(dict)
    problems: list[Problem] = Factory(list)

    def document(self, one: Published) -> bytes | None:
        """Return a report as it was published, with the names that are there; None where its bytes are lost."""
        for row in self.connection.execute(_REPORT, (one.snapshot_sha256,)).fetchall():
            with suppress(NotAsKept):
                return shown(KeptReport(*row).content(), self.names)
        return None

    def erased(self, one: Published) -> int:
        """Return how many of the names are gone that a report refers to."""
        return sum(name not in self.names for name in self.references.get(one.snapshot_sha256, ()))


def kept_reports(connection: sqlite3.Connection, published: Sequence[Published]) -> Kept:
    """Return what a store keeps of its published reports, and what is wrong with it."""
    found = Kept(connection)
    by_digest = {one.snapshot_sha256: one for one in reversed(published) if one.is_kept}
    seen: set[str] = set()
    stray: set[str] = set()
    for digest, packed in _rows(connection, _REPORTS):
        kept = KeptReport(str(digest), packed if isinstance(packed, bytes) else b"")
        if one := by_digest.get(kept.digest):
            seen.add(kept.digest)
            found.problems += _of_report(found, one, kept, by_digest)
        else:
            flaw = f"a report is kept ({kept.digest[:64]}) that no publication names"
            found.problems.append(Problem("report", 0, 0, flaw, _PLANTED))
            stray |= _referred_by(kept)
    gone = (one for digest, one in by_digest.items() if digest not in seen)
    found.problems += [_problem(one, f"the bytes of {named(one)} are gone") for one in gone]
    _take_names(found, by_digest, stray)
    return found


def _of_report(found: Kept, one: Published, kept: KeptReport, by_digest: Mapping[str, Published]) -> Iterator[Problem]:
    """Take in the bytes of a report; yield what is wrong with them."""
    try:
        content = kept.content()
    except NotAsKept as error:
        yield _problem(one, _whose(kept, one, by_digest) or f"the bytes of {named(one)} were changed: {error}")
        return
    found.references[kept.digest] = references_in(content)
    if not _is_about(content, one):
        yield _problem(one, f"the bytes of {named(one)} are those of another report, and its publication names them")


def _whose(kept: KeptReport, one: Published, by_digest: Mapping[str, Published]) -> str:
    """Return what there is to say of bytes that are another report's; nothing, where they are nobody's."""
    other = by_digest.get(kept.own_digest())
    return "" if other is None else f"what is kept as {named(one)} are the bytes of {named(other)}"


def _referred_by(kept: KeptReport) -> set[str]:
    """Return the names that bytes refer to, whatever they are."""
    try:
        return set(references_in(kept.content()))
    except NotAsKept:
        return set()


def _is_about(content: bytes, one: Published) -> bool:
    """Return whether bytes are those of the report that a publication is about, whatever format they are in."""
    try:
        told = orjson.loads(content)
        period, units = told["period"], [unit["code"] for unit in told["units"]]
        about = (told["schema"], period["start"], period["end"], told["position"])
    except (ValueError, TypeError, KeyError):
        return False
    wanted = (one.format, one.period.start.isoformat(), one.period.end.isoformat(), one.position)
    return about == wanted and (one.scope == WHOLE_CITY or units[:1] == [one.scope])


def _take_names(found: Kept, by_digest: Mapping[str, Published], stray: set[str]) -> None:
    """Take in the names, and what is wrong with them; `stray` are those of reports that nobody published."""
    referred = {name: by_digest[digest] for digest, names in found.references.items() for name in names}
    unknown = 0
    for digest, salt, name in _rows(found.connection, _NAMES):
        one = referred.get(digest) if isinstance(digest, str) else None
        if one is None:
            unknown += digest not in stray
            continue
        try:
            found.names[digest] = KeptName(digest, salt, name).text()
        except NotAsKept:
            found.problems.append(_problem(one, f"a name in {named(one)} was changed"))
    if unknown and found.references.keys() == by_digest.keys():  # else they may be in the bytes that are lost
        flaw = f"names are kept that no published report refers to ({number(unknown)})"
        found.problems.append(Problem("report", 0, 0, flaw, _PLANTED))


def _rows(connection: sqlite3.Connection, select: str) -> Iterator[tuple[Any, ...]]:
    """Yield the rows of a table; none, where there is no such table, which the comparison of the schema tells."""
    try:
        yield from connection.execute(select)
    except sqlite3.OperationalError as error:
        if "no such" not in str(error):
            raise


def _problem(one: Published, flaw: str) -> Problem:
    return Problem("report", one.at, one.at, flaw, LOST)
