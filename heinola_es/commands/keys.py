"""`heinola keys`: the key that seals are signed with."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.key_file import key_file
from heinola_es.commands.printing import say, say_done, tell
from heinola_es.commands.verb import Verb

if TYPE_CHECKING:
    from pathlib import Path


@click.group()
def keys() -> None:
    """Look after the key that seals are signed with.

    It lives outside the store, readable by its owner alone. Keep a copy: without it no further seal can be made.
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
