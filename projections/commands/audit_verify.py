"""`heinola audit verify|prove|check-proof`: whether the log is whole, and proofs for those who hold only a seal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.key_file import key_file
from heinola_es.commands.parameters import Position
from heinola_es.commands.printing import say, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from projections.commands.files import content_of
from projections.commands.witnesses import of_witnesses

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.sealing.cosignatures import Witnesses
    from heinola_es.sealing.notes import Verifier
    from heinola_es.sealing.proof_files import ConsistencyProof, InclusionProof
    from heinola_es.sealing.seals import Seal
    from projections.verifying.seals import SealFile
    from projections.verifying.verification import Verdict

FOUND = 3
"""The exit code of a check that found something."""

_PAIR = 2
_FILE = click.Path(path_type=Path)
_seals = click.option(
    "--seal", "seals", type=_FILE, multiple=True, metavar="FILE", help="A seal to check; may be given again."
)


@click.command(cls=Verb)
@_seals
@key_file
@click.option(
    "--actors", type=_FILE, metavar="FILE", help='Who may record by which name: lines of LOGIN = ["NAME", …].'
)
@of_witnesses
@pass_door
@click.pass_context
def verify(
    ctx: click.Context,
    door: Door,
    *,
    seals: tuple[Path, ...],
    key: Path,
    actors: Path | None,
    witnesses: Callable[[], Witnesses],
) -> None:
    """Check the whole log, its tree, every published report, the read models and the seals given.

    Every leaf and root is recomputed, and the bytes of every published report are held against their digest. What is
    wrong is told with its place in the log and the reports that rest on it. Whoever can write to the store can also
    rewrite it from end to end; only a seal kept elsewhere tells. Exits with 0 where all is well, else with 3.

    Every published report is also taken again. Where this version of the program comes to other figures, they are told;
    that is no sign of tampering.

    In a store on a server, every event carries the database login of whoever recorded it. With --actors, events whose
    actor is none of the names that the file gives their login are told; "" stands for events without a login.

    Who has a seal and no store can check the signatures alone: without --store, where no store is, that is all that is
    done, and told.

    With --witness, a seal that these witnesses have not cosigned is told; see `heinola audit cosign`.

    Where the log requires that its head is signed (`heinola keys require`), a head that is not is told, and the key
    must have agreed to the keys that may sign.

    Examples:
      heinola audit verify
      heinola audit verify --seal heinola-2020-04-01_2020-06-30-r1.seal --key heinola.pub
      heinola audit verify --seal q2.seal --key heinola.pub --witness auditor.pub
      heinola audit verify --actors actors.toml
    """
    from heinola_es.commands.progress import Progress
    from heinola_es.sealing.keys import load_verifier
    from heinola_es.store.location import NoStoreHere
    from projections.verifying.actors import read_actors
    from projections.verifying.likeness import examined
    from projections.verifying.verification import verify as verify_store

    asked = witnesses()
    if asked.quorum and not seals:
        raise BadInput("a witness cosigns a seal; name it with --seal")
    files = [_seal_file(seal) for seal in seals]
    verifier = load_verifier(key) if files else None
    trusted = _trusted(ctx, key)
    allowed = None if actors is None else read_actors(actors)
    if verifier is not None and _is_nowhere(ctx, door):
        if not _seals_hold(files, verifier, asked):
            ctx.exit(FOUND)
        return
    try:
        with Progress() as progress, examined(door.store, progress.told) as store:
            verdict = verify_store(store, files, verifier, progress.told, allowed, asked, trusted)
    except NoStoreHere as error:
        if not files:
            raise
        raise NoStoreHere(
            f"no store here ({door.store}); name it with --store, or leave that out to check the seals alone"
        ) from error
    _tell(verdict)
    if verdict.problems:
        ctx.exit(FOUND)


def _trusted(ctx: click.Context, key: Path) -> Callable[[], Verifier | None]:
    """Return what gives the key that the signature of the head is held against: the one named, or the user's own."""
    from click.core import ParameterSource

    from heinola_es.sealing.keys import load_verifier

    named = ctx.get_parameter_source("key") in {ParameterSource.COMMANDLINE, ParameterSource.ENVIRONMENT}
    return lambda: load_verifier(key) if named or key.exists() else None


def _is_nowhere(ctx: click.Context, door: Door) -> bool:
    """Return whether no store was named, and there is none: as for an auditor, who has a seal and nothing else."""
    from click.core import ParameterSource

    named = ctx.find_root().get_parameter_source("store")
    return named in {None, ParameterSource.DEFAULT} and not Path(door.store).exists()


def _seals_hold(files: Sequence[SealFile], verifier: Verifier, witnesses: Witnesses) -> bool:
    """Say what seals are of whose signatures hold, and what is wrong with the others; return whether all hold."""
    from heinola_es.sealing.seals import root_text
    from projections.published.publications import report_label
    from projections.verifying.seals import opened_seals

    opened = opened_seals(files, verifier, witnesses)
    for name, seal in opened.seals.items():
        label = report_label(seal.period, seal.scope, seal.revision)
        told = f"{seal.size} events of {seal.origin}, root {root_text(seal.root)}"
        say(f"{name} is signed: the report {label}, snapshot sha256:{seal.snapshot_sha256}, over {told}")
    say(*opened.cosigned, *opened.problems)
    tell("note: there is no store here, so the log was not checked; whoever has it names it with --store")
    return not opened.problems


@click.command(cls=Verb)
@click.argument("position", type=Position(), required=False)
@click.option("--seal", type=_FILE, metavar="FILE", help="For whoever holds this seal; by default the last one made.")
@click.option("--from", "older", type=_FILE, metavar="SEAL", help="Prove that the log of this seal …")
@click.option("--to", "newer", type=_FILE, metavar="SEAL", help="… is continued by the log of this one.")
@click.option("-o", "--output", type=_FILE, required=True, metavar="FILE", help="Where the proof is written.")
@key_file
@pass_door
def prove(
    door: Door,
    *,
    position: int | None,
    seal: Path | None,
    older: Path | None,
    newer: Path | None,
    output: Path,
    key: Path,
) -> None:
    """Write a proof that the event at POSITION is in the sealed log, or that one sealed log continues another.

    Whoever holds the seal can check it without the store, and sees that one event and nothing else of the log.

    Examples:
      heinola audit prove 42 -o event-42.proof
      heinola audit prove --from 2020-q1.seal --to 2020-q2.seal -o q1-to-q2.proof
    """
    from heinola_es.store.reading import LogReader
    from projections.published.proving import prove_continued, prove_event
    from projections.read_models.moment import log_moment

    if (position is None) == (older is None or newer is None) or (seal is not None and position is None):
        raise BadInput("give the POSITION of an event (and --seal, if you like), or two seals with --from and --to")
    writer = door.files_besides(key)
    writer.require_new_place(output)
    proof: InclusionProof | ConsistencyProof
    with LogReader.open(door.store) as reader, log_moment(reader):
        if older is not None and newer is not None:
            proof = prove_continued(reader, _opened(older, key), _opened(newer, key))
            told = f"the log of {proof.new_size} events continues that of {proof.old_size}"
        else:
            proof = prove_event(reader, position or 0, None if seal is None else _opened(seal, key))
            told = f"event {proof.position} is in the log of {proof.size} events"
    writer.write_new(proof.text().encode(), output)
    say(f"wrote {output}: {told}")


@click.command("check-proof", cls=Verb)
@click.argument("file", type=_FILE)
@_seals
@key_file
@click.pass_context
def check_proof(ctx: click.Context, *, file: Path, seals: tuple[Path, ...], key: Path) -> None:
    """Check the proof in FILE with the seal it was made for (two of them, where it shows that a log was continued).

    Neither a store nor the rest of the log is needed. Exits with 0 where the proof holds, else with 3.

    Examples:
      heinola audit check-proof event-42.proof --seal heinola-2020-04-01_2020-06-30-r1.seal --key heinola.pub
      heinola audit check-proof q1-to-q2.proof --seal 2020-q1.seal --seal 2020-q2.seal --key heinola.pub
    """
    from heinola_es.sealing.keys import load_verifier
    from heinola_es.sealing.notes import BadSeal
    from heinola_es.sealing.proof_files import LIMIT_BYTES, WHAT, BadProof, ConsistencyProof, parse_proof
    from heinola_es.sealing.seals import read_seal

    verifier = load_verifier(key)
    content = content_of(file, LIMIT_BYTES, WHAT)
    try:
        proof = parse_proof(content)
        opened = [read_seal(seal, verifier) for seal in seals]
        if len(opened) != (_PAIR if isinstance(proof, ConsistencyProof) else 1):
            raise BadInput("give the one seal that the proof is for, or both of them for a proof of continuation")
        say(*_checked(proof, opened))
    except (BadProof, BadSeal) as error:
        tell(f"heinola: {error}")
        ctx.exit(FOUND)


def _checked(proof: InclusionProof | ConsistencyProof, seals: Sequence[Seal]) -> tuple[str, ...]:
    """Return what the proof shows.

    Raises:
        BadProof: it shows nothing.
    """
    from heinola_es.sealing.proof_files import InclusionProof

    if isinstance(proof, InclusionProof):
        proof.require_holds(seals[0])
        told = f"event {proof.position} is in the log of {proof.origin} with {proof.size} events: {proof.topic}"
        return told, proof.body.decode()
    old, new = sorted(seals, key=lambda seal: seal.size)
    proof.require_holds(old, new)
    return (f"the log of {proof.origin} with {new.size} events continues the one with {old.size}: nothing was changed",)


def _tell(verdict: Verdict) -> None:
    for problem in verdict.problems:
        say(problem)
    say(*verdict.cosigned, *verdict.signed)
    counts = {"event": verdict.size, "published report": verdict.reports, "seal": verdict.seals}
    looked_at = ", ".join(_counted(number, thing) for thing, number in counts.items())
    if verdict.problems:
        tell(f"heinola: {_counted(len(verdict.problems), 'problem')} in {looked_at}")
    else:
        say(f"all is as it was recorded: {looked_at}")
    for note in verdict.notes:
        say(f"note: {note.message}", *(f"  {line}" for line in note.lines))
    if verdict.unkept:
        tell(_unproved(verdict.unkept))
    if verdict.protected != 1:
        tell(_protection(verdict.protected))


def _protection(position: int) -> str:
    if position:
        return f"note: settings and command keys are in the log, and so protected, from event {position} on"
    return "note: settings and command keys stand beside the log, unprotected, until `heinola store upgrade`"


def _unproved(count: int) -> str:
    what = _counted(count, "published report")
    return f"note: no bytes of {what} were kept then, so what a later version gives otherwise cannot be proved"


def _counted(count: int, thing: str) -> str:
    from projections.verifying.problems import number

    return f"{number(count)} {thing}" + ("" if count == 1 else "s")


def _seal_file(path: Path) -> SealFile:
    from heinola_es.sealing.seals import LIMIT_BYTES, WHAT
    from projections.verifying.seals import SealFile

    return SealFile(str(path), content_of(path, LIMIT_BYTES, WHAT))


def _opened(path: Path, key: Path) -> Seal:
    from heinola_es.sealing.keys import load_verifier
    from heinola_es.sealing.seals import read_seal

    return read_seal(path, load_verifier(key))
