"""What the door hands to every command: which store, who asks, and the clock."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import click
from attrs import frozen

from heinola_es.errors import BadInput


@frozen(slots=True, eq=False, repr=False)
class Door:
    """The environment of a command, read once, by the door.

    Attributes:
        store: the location of the store, as given.
        actor: who asks: a login or a role; empty where nobody could be made out.
        clock: returns the present instant in UTC.
    """

    store: str
    actor: str
    clock: Callable[[], datetime]

    def who(self) -> str:
        """Return who asks, for what is recorded.

        Raises:
            BadInput: nobody knows.
        """
        if not self.actor:
            raise BadInput("nobody knows who you are; say it with --actor NAME or HEINOLA_ACTOR")
        return self.actor


pass_door = click.make_pass_decorator(Door)
