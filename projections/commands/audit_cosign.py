"""`heinola audit cosign`: a witness adds to a seal that its log continues what they have seen before."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.key_file import key_file
from heinola_es.commands.printing import say_done, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput
from projections.commands.files import content_of

if TYPE_CHECKING:
    from heinola_es.sealing.notes import Verifier
    from heinola_es.sealing.proof_files import ConsistencyProof
    from heinola_es.sealing.seals import Seal

FOUND = 3
"""The exit code of a check that found something."""
_FILE = click.Path(path_type=Path)


@click.command(cls=Verb)
@click.argument("seal", type=_FILE)
@click.option("--since", "last", type=_FILE, metavar="SEAL", help="The last seal of the log that you have seen.")
@click.option("--proof", type=_FILE, metavar="FILE", help="That the log of SEAL continues it, where it has grown.")
@click.option("--log-key", type=_FILE, metavar="FILE", help="The public key of the city, to check its signature.")
@click.option("-o", "--output", type=_FILE, metavar="FILE", help="Write there; by default SEAL is written anew.")
@key_file
@pass_door
@click.pass_context
def cosign(
    ctx: click.Context,
    door: Door,
    *,
    seal: Path,
    last: Path | None,
    proof: Path | None,
    log_key: Path | None,
    output: Path | None,
    key: Path,
) -> None:
    """Cosign SEAL as a witness: its log continues the one that you have seen before.

    With --since, the seal is refused unless its log continues that of the last one; keep the seals that you cosign.
    Your key is one of your own, and no store is needed. Exits with 0 where SEAL is cosigned, with 3 where it is not
    what it says, or tells another history.

    Examples:
      heinola audit cosign q1.seal --log-key heinola.pub --key auditor.key
      heinola audit cosign q2.seal --since q1.seal --proof q1-to-q2.proof --log-key heinola.pub --key auditor.key
    """
    from heinola_es.sealing.cosignatures import NotContinued, cosigned, require_continued
    from heinola_es.sealing.keys import load_signer, load_verifier
    from heinola_es.sealing.notes import BadSeal
    from heinola_es.sealing.proof_files import BadProof
    from heinola_es.sealing.seals import LIMIT_BYTES, WHAT, parse_seal, text_of

    target = output or seal
    writer = door.files_besides(key)
    writer.require_place(target)
    signer = load_signer(key)
    log_verifier = None if log_key is None else load_verifier(log_key)
    if proof is not None and last is None:
        raise BadInput("a proof leads from the last seal that you have seen to this one; name that with --since")
    content = content_of(seal, LIMIT_BYTES, WHAT)
    try:
        note = text_of(content)
        opened = parse_seal(note, log_verifier)
        if last is not None:
            require_continued(opened, _last(last, log_verifier), _proof(proof))
        signed = cosigned(note, signer, door.clock())
    except (BadProof, BadSeal, NotContinued) as error:
        tell(f"heinola: {seal} is not cosigned: {error}")
        ctx.exit(FOUND)
    writer.write([signed.encode()], target)
    say_done(f"{signer.name} has cosigned {target}: {opened.size} events of {opened.origin}")
    if log_key is None:
        tell("note: whether the city signed it was not checked; name the city's public key with --log-key")
    if last is None:
        tell("note: nothing was seen of this log before; name the last seal with --since next time")


def _last(path: Path, verifier: Verifier | None) -> Seal:
    from heinola_es.sealing.seals import read_seal

    return read_seal(path, verifier)


def _proof(path: Path | None) -> ConsistencyProof | None:
    from heinola_es.sealing.proof_files import LIMIT_BYTES, WHAT, BadProof, ConsistencyProof, parse_proof

    if path is None:
        return None
    proof = parse_proof(content_of(path, LIMIT_BYTES, WHAT))
    if not isinstance(proof, ConsistencyProof):
        raise BadProof(f"{path} shows one event of a log, not that it was continued")
    return proof
