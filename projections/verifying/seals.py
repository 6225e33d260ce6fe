"""The seals: each opened with the key, and held against the log up to the size that it seals."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.sealing.notes import BadSeal
from heinola_es.sealing.seals import Seal, origin_of, parse_seal, text_of
from projections.published.publications import Published, report_label
from projections.verifying.problems import Problem, Resting, events, number

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from heinola_es.sealing.cosignatures import Witnesses
    from heinola_es.sealing.notes import Verifier

_WORTHLESS = "it proves nothing"


@frozen(slots=True)
class SealFile:
    """A seal as it was handed in.

    Attributes:
        name: of its file.
        content: the file's bytes.
    """

    name: str
    content: bytes


@frozen(slots=True)
class OpenedSeals:
    """Seals as they were found.

    Attributes:
        seals: those whose signatures hold, by the name of their file.
        problems: what is wrong with the others.
        cosigned: a line for each that witnesses have cosigned.
    """

    seals: dict[str, Seal]
    problems: list[Problem]
    cosigned: list[str]


def opened_seals(files: Iterable[SealFile], verifier: Verifier, witnesses: Witnesses) -> OpenedSeals:
    """Open seals with the key they are signed with, and hold them against those of witnesses."""
    opened = OpenedSeals({}, [], [])
    for file in files:
        try:
            note = text_of(file.content)
            seal = parse_seal(note, verifier)
            told = witnesses.told(file.name, note)
        except BadSeal as error:
            opened.problems.append(Problem("seal", 0, 0, f"seal {file.name}: {error}", _WORTHLESS))
            continue
        opened.seals[file.name] = seal
        opened.cosigned.extend([told] if told else [])
    return opened


@frozen(slots=True)
class Sealed:
    """The log as the seals are held against it.

    Attributes:
        city: whose log it is.
        size: how many events it has.
        roots: of its tree, at every size that was sealed or published.
        published: the publications by their positions.
        agreed: sizes at which a seal and the log have one root; what the log says of itself could have been rewritten.
        resting: the reports that rest on an event.
    """

    city: str
    size: int
    roots: Mapping[int, bytes]
    published: Mapping[int, Published]
    agreed: frozenset[int]
    resting: Resting

    def problems(self, seals: Mapping[str, Seal]) -> Iterator[Problem]:
        """Yield the seals that the log does not bear out."""
        for name, seal in seals.items():
            if (problem := self._problem(name, seal)) is not None:
                yield problem

    def _problem(self, name: str, seal: Seal) -> Problem | None:
        if seal.origin != origin_of(self.city):
            message = f"seal {name} is of another log ({seal.origin}, not {origin_of(self.city)})"
            return Problem("seal", 0, 0, message, _WORTHLESS)
        if seal.size > self.size:
            first, last = self.size + 1, seal.size
            message = f"{events(first, last)} sealed by {name} are gone: the log ends at {number(self.size)}"
            return Problem("seal", first, last, message, self.resting.on(first, last))
        if self.roots[seal.size] != seal.root:
            return self._other_root(name, seal)
        return self._other_publication(name, seal)

    def _other_root(self, name: str, seal: Seal) -> Problem:
        """Tell of a root that is not the log's; roots that agree at other sizes say where to look."""
        first = 1 + max((size for size in self.agreed if size < seal.size), default=0)
        if any(size > seal.size for size in self.agreed):
            message = f"seal {name} is of another history: the log agrees with what was sealed later"
            return Problem("seal", first, seal.size, message, "one of the two seals is of a log that was not this one")
        message = f"{events(first, seal.size)} are not those that {name} sealed: the log was rewritten"
        return Problem("seal", first, seal.size, message, self.resting.on(first, seal.size))

    def _other_publication(self, name: str, seal: Seal) -> Problem | None:
        one = self.published.get(seal.size)
        same = one is not None and (one.period, one.scope, one.revision, one.position, one.snapshot_sha256) == (
            seal.period,
            seal.scope,
            seal.revision,
            seal.position,
            seal.snapshot_sha256,
        )
        if same:
            return None
        label = report_label(seal.period, seal.scope, seal.revision)
        message = f"seal {name} is of the report {label}, which event {number(seal.size)} does not publish so"
        return Problem("seal", seal.size, seal.size, message, "the seal is of another report than the log knows")
