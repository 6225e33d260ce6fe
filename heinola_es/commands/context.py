"""What the door hands to every command: which store, who asks, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click
from attrs import field, frozen

from heinola_es.commands.aftermath import Aftermath
from heinola_es.errors import BadInput
from heinola_es.inert import is_utf8


@frozen(slots=True, eq=False, repr=False)
class Door:
    """The environment of a command, read once, by the door.

    Attributes:
        store: the location of the store, as given.
        actor: who asks: a login or a role; empty where nobody could be made out.
        clock: returns the present instant in UTC.
        aftermath: what is known of what the command records.
    """

    store: str
    actor: str
    clock: Callable[[], datetime]
    aftermath: Aftermath = field(factory=Aftermath)

    def who(self) -> str:
        """Return who asks, for what is recorded.

        Raises:
            BadInput: nobody knows.
        """
        if not self.actor.strip():
            raise BadInput("nobody knows who you are; say it with --actor NAME or HEINOLA_ACTOR")
        if not is_utf8(self.actor):
            raise BadInput("who you are is not UTF-8 text; say it with --actor NAME or HEINOLA_ACTOR")
        return self.actor


pass_door = click.make_pass_decorator(Door)
