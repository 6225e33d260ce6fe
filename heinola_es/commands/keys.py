"""`heinola keys`: the key that seals and heads of the log are signed with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.key_file import key_file
from heinola_es.commands.options import clock_is_right
from heinola_es.commands.printing import say, say_done, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from heinola_es.store.signing import Statement

_KEYS = click.Path(path_type=Path)


@click.group()
def keys() -> None:
    """Look after the key that seals, and the head of the log where that is asked for, are signed with.

    It lives outside the store, readable by its owner alone. Keep a copy: without it no further seal can be made, and
    nothing can be recorded where the log requires its signature.
    """


@keys.command(cls=Verb)
@click.option("--name", metavar="NAME", help="What it signs as; by default heinola-es/ and the city of the store.")
@key_file
@pass_door
def init(door: Door, *, key: Path, name: str | None) -> None:
    """Make a new key and show its public side.

    Example:
      heinola keys init --name heinola-es/heinola
    """
    from heinola_es.sealing.keys import create_key
    from heinola_es.sealing.seals import origin_of
    from heinola_es.store.reading import LogReader

    if name is None:
        with LogReader.open(door.store) as reader:
            name = origin_of(reader.setting("city"))
    door.files.require_elsewhere(key, "choose another place with --key")
    verifier = create_key(key, name)
    tell(f"made the key {key}; whoever checks your seals needs this line:")
    say_done(verifier)


@keys.command(cls=Verb)
@key_file
def show(*, key: Path) -> None:
    """Show the public side of the key: the line that others check seals with.

    Example:
      heinola keys show > heinola.pub
    """
    from heinola_es.sealing.keys import MAKE_ONE, load_verifier

    say(load_verifier(key, MAKE_ONE))


@keys.command(cls=Verb)
@click.argument("others", nargs=-1, type=_KEYS, metavar="[PUBLIC]...")
@click.option("--without", type=_KEYS, multiple=True, metavar="PUBLIC", help="A key that is required no longer.")
@click.option("--vouch", is_flag=True, help="Take the log as it stands, though its head is not signed by such a key.")
@click.option("--reason", default="", metavar="TEXT", help="Why; required with --vouch.")
@clock_is_right
@key_file
@pass_door
def require(
    door: Door,
    *,
    others: tuple[Path, ...],
    without: tuple[Path, ...],
    vouch: bool,
    reason: str,
    clock_is_right: bool,
    key: Path,
) -> None:
    """Let the log require that every command signs the head that it leaves, with your key or one of those in PUBLIC.

    From then on, whoever can write to the store and has no such key changes nothing unseen: a head that is not signed
    stops recording, and `heinola audit verify` names it. Keys that were required before stay, but for those in
    --without. Whoever is to record with one of the others runs this once with theirs.

    Keep a copy of the key. Where all are lost, or the head is not signed any more, make sure of the log, then vouch for
    it with --vouch: the log says so for ever, and your key takes the place of those before.

    Examples:
      heinola keys require
      heinola keys require liisa.pub --without old.pub
      heinola keys require --vouch --reason "The key was on the disk that broke"
    """
    from heinola_es.handlers.roles import Permit
    from heinola_es.sealing.at_hand import StatingKey
    from heinola_es.sealing.heads import Asked
    from heinola_es.sealing.keys import load_verifier
    from heinola_es.store.log import EventLog, Request

    if vouch and not reason.strip():
        raise BadInput("whoever vouches for a log says why; give a --reason")
    asked = Asked(tuple(map(load_verifier, others)), tuple(map(load_verifier, without)), vouch)
    request = Request(door.who(), reason=reason, clock_is_right=clock_is_right)
    stating = StatingKey(key, asked)
    stating.signer()
    with EventLog.open(door.store, stating) as log:
        door.aftermath.settle(
            lambda: log.require_keys(door.clock, request, Permit(log)).last,
            lambda: _position_of(door.store, stating.stated),
            lambda position: [_told(position, stating.stated)],
        )


def _told(position: int, stated: Statement | None) -> str:
    from heinola_es.sealing.heads import keys_in, shown

    if stated is None:
        raise ValueError("what was recorded was stated")
    *others, last = map(shown, keys_in(stated.note))
    keys = f"{', '.join(others)} or {last}" if others else last
    how = "you agree that" if stated.agrees else "from here on"
    return f"#{position} {how} the head of the log is signed by {keys}"


def _position_of(store: str, stated: Statement | None) -> int | None:
    """Return the position of a statement, where the log has it though the word about it broke off."""
    from events.streams import keys_stream
    from heinola_es.store.bodies import body_of
    from heinola_es.store.reading import LogReader

    with LogReader.open(store) as reader:
        rows = reader.rows_of(keys_stream(), reader.size())
        return next((row[0] for row in rows if stated and body_of(row)["note"] == stated.note), None)
