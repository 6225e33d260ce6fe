"""A verification from end to end: what is looked at, in which order, and everything that was found."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from heinola_es.sealing.cosignatures import NO_WITNESSES, Witnesses
from heinola_es.sealing.seals import Seal
from heinola_es.store.trouble import is_obstacle, trouble_at
from projections.published.publications import Published
from projections.verifying.actors import Allowed, actor_problems
from projections.verifying.impossible import impossible_problems
from projections.verifying.kept import Kept, kept_reports
from projections.verifying.likeness import Examined
from projections.verifying.lines import line_problems
from projections.verifying.log_pass import LogPass, pass_over
from projections.verifying.problems import Problem, Resting
from projections.verifying.read_models import Underway, build_and_compare
from projections.verifying.reports import Note, Regeneration, publication_problems, readable_publications
from projections.verifying.rights import rights_problems
from projections.verifying.seals import Sealed, SealFile, opened_seals
from projections.verifying.signed_heads import SignedHead, Trusted
from projections.verifying.structure import city_of, file_problems, guard_problems, key_problems, settings_problems
from projections.verifying.the_log import Head, event_problems, head_problems, own_problems, protected_from, read_head
from projections.verifying.undoings import undoing_problems
from projections.verifying.workbench import Workbench

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from heinola_es.sealing.notes import Verifier

    Progress = Callable[[str, int, int], None]
    """Told what is being done, how much of it is done, and of how much."""


_BODIES = "SELECT position, state FROM store.stored_events ORDER BY position"


@frozen(slots=True)
class Verdict:
    """What a verification found.

    Attributes:
        size: number of events in the log.
        reports: number of publications in it.
        seals: number of seals that were handed in.
        protected: the position from which the log itself keeps the settings and command keys; 0 where it does not.
        problems: everything that is not as it was recorded; empty where all is well.
        notes: what else there is to know of the published reports, which is no sign of tampering.
        unkept: number of publications of version 1, of which there is a digest alone.
        cosigned: a line for each seal that witnesses have cosigned: who, when.
        signed: what is to be known of the signature of the head, in sentences; empty where the log requires none.
    """

    size: int
    reports: int
    seals: int
    protected: int
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...] = ()
    unkept: int = 0
    cosigned: tuple[str, ...] = ()
    signed: tuple[str, ...] = ()


def verify(
    store: Path | Examined,
    seals: Sequence[SealFile] = (),
    verifier: Verifier | None = None,
    progress: Progress | None = None,
    allowed: Allowed | None = None,
    witnesses: Witnesses = NO_WITNESSES,
    trusted: Trusted | None = None,
) -> Verdict:
    """Verify a store, and the seals with the key they are signed with; the store is not written.

    With `allowed`, also that every event was recorded by a name that its login may record by; with `witnesses`, that
    they have cosigned the seals. Where the log requires that its head is signed, `trusted` gives the key that must have
    agreed to the keys that it states. Whatever is in the file, it is told as a problem and not raised.
    """
    work = _Verification(progress or _untold, allowed, trusted or (lambda: verifier))
    try:
        work.open_seals(seals, verifier, witnesses)
        store = store if isinstance(store, Examined) else Examined(store)
        with closing(Workbench(store.path)) as bench:
            work.examine(bench, store)
    except sqlite3.DatabaseError as error:
        if is_obstacle(error):
            raise trouble_at(store.path if isinstance(store, Examined) else store, error) from error
        flaw = f"the database file is damaged: it cannot be read beyond what is told here ({error})"
        work.problems.append(Problem("file", work.found.last + 1, work.found.last + 1, flaw, "restore it from a copy"))
    return work.verdict(len(seals))


@define(slots=True)
class _Verification:
    """A verification at work."""

    progress: Progress
    allowed: Allowed | None = None
    trusted: Trusted = field(default=lambda: None)
    signed: SignedHead = field(factory=SignedHead)
    seals: dict[str, Seal] = field(factory=dict)
    published: list[Published] = field(factory=list)
    found: LogPass = field(factory=LogPass)
    problems: list[Problem] = field(factory=list)
    faults: list[Problem] = field(factory=list)
    notes: list[Note] = field(factory=list)
    cosigned: list[str] = field(factory=list)

    def verdict(self, seals: int) -> Verdict:
        """Return what was found, with so many seals."""
        protected, unkept = protected_from(self.found), sum(not one.is_kept for one in self.published)
        problems, notes = tuple(self.problems), tuple(self.notes)
        told = problems, notes, unkept, tuple(self.cosigned), tuple(self.signed.told)
        return Verdict(self.found.size, len(self.published), seals, protected, *told)

    def open_seals(self, files: Sequence[SealFile], verifier: Verifier | None, witnesses: Witnesses) -> None:
        """Open the seals, so that what is found in the log can name the reports that only they know of."""
        if not files:
            return
        if verifier is None:
            raise ValueError("seals cannot be verified without the key they are signed with")
        opened = opened_seals(files, verifier, witnesses)
        self.seals = opened.seals
        self.problems += opened.problems
        self.cosigned += opened.cosigned

    def examine(self, bench: Workbench, store: Examined) -> None:
        """Look at everything there is; the log and its head are read in one transaction."""
        connection = bench.connection
        self._collect(guard_problems(connection, store))
        connection.execute("BEGIN")
        self.published = readable_publications(connection)
        head = read_head(connection)
        resting = Resting.of(self.published, self.seals.values())
        self.signed = SignedHead.read(connection)
        underway = Underway(bench)
        self.found = pass_over(connection, self._sizes(head), self._told("the log"), fed=underway.take)
        located = list(event_problems(self.found, resting))
        self._collect_of_log(located)
        self._collect_of_log(head_problems(head, self.found, resting, located, self._agreed(head, located)))
        self._collect_of_log(self.signed.problems(connection, head, self.found, resting, self.trusted))
        self._collect_of_log(own_problems(self.found))
        self._collect_of_log(undoing_problems(connection))
        self._collect(settings_problems(connection))
        self._collect(key_problems(connection, self.found.size))
        if self.allowed is not None:
            self._collect(actor_problems(connection.execute(_BODIES), self.allowed))
        self._collect(rights_problems(connection))
        kept = kept_reports(connection, self.published)
        connection.execute("COMMIT")
        if not store.drawn:
            self._collect(file_problems(connection))
        self._collect_of_log(publication_problems(self.published, {} if located else self.found.roots))
        self._collect(kept.problems)
        of_seals = list(self._problems_of_seals(bench, resting))
        self.faults += of_seals
        self._rebuild(bench, kept, underway)
        self._collect(of_seals)

    def _told(self, what: str) -> Callable[[int, int], None]:
        return lambda done, of: self.progress(what, done, of)

    def _sizes(self, head: Head | None) -> set[int]:
        """Return the sizes at which the root is wanted: of the head, of every publication and of every seal."""
        sizes = {one.position for one in self.published} | {seal.size for seal in self.seals.values()}
        sizes |= self.signed.sizes()
        return sizes | {head.size} | head.subtrees().keys() if head else sizes

    def _agreed(self, head: Head | None, located: Iterable[Problem]) -> int:
        """Return the size up to which the log has the roots that were recorded or sealed, before the first flaw."""
        told = {(one.position, one.root_sha256) for one in self.published}
        told |= {(seal.size, seal.root.hex()) for seal in self.seals.values()}
        told |= {(size, root.hex()) for size, root in head.subtrees().items()} if head else set()
        sound = min((problem.first - 1 for problem in located), default=self.found.size)
        roots = self.found.roots
        agreed = [size for size, root in told if size <= sound and roots.get(size, b"").hex() == root]
        return max(agreed, default=0)

    def _rebuild(self, bench: Workbench, kept: Kept, underway: Underway) -> None:
        """Make the read models and the published reports anew, from as much of the log as can be read."""
        upto = min([*self.found.unreadable, self.found.last + 1]) - 1
        try:
            self._collect(build_and_compare(bench, upto, self._told("read models"), underway))
            self._collect(line_problems(bench))
            self._collect(impossible_problems(bench))
        except sqlite3.DatabaseError:
            raise
        except Exception as error:  # noqa: BLE001 - a log that was tampered with may say anything
            flaw = f"the read models cannot be made anew from the log ({type(error).__name__}: {error})"
            self.problems.append(Problem("read_model", 0, 0, flaw, "no report can be shown"))
            return
        taken = Regeneration(bench, kept, self._is_at_fault)
        for done, one in enumerate(self.published, 1):
            self.progress("published reports", done, len(self.published))
            taken.take(one)
        self._collect(taken.problems)
        self.notes += taken.notes

    def _is_at_fault(self, one: Published) -> bool:
        """Return whether the log, up to a publication, is not what it was."""
        return any(problem.first <= one.at for problem in self.faults)

    def _problems_of_seals(self, bench: Workbench, resting: Resting) -> Iterable[Problem]:
        if not self.seals:
            return ()
        by_position, roots = {one.at: one for one in self.published}, self.found.roots
        agreed = frozenset(seal.size for seal in self.seals.values() if roots.get(seal.size) == seal.root)
        sealed = Sealed(city_of(bench.connection), self.found.size, roots, by_position, agreed, resting)
        return sealed.problems(self.seals)

    def _collect_of_log(self, problems: Iterable[Problem]) -> None:
        """Collect what is wrong with the log itself, which published reports rest on."""
        found = list(problems)
        self.faults += found
        self._collect(found)

    def _collect(self, problems: Iterable[Problem]) -> None:
        self.problems += problems


def _untold(_what: str, _done: int, _of: int) -> None:
    """Tell nobody."""
