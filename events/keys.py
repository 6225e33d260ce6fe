"""Keys: whose signature the head of the log must bear. One stream in a store."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import instance_of

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class KeysRequired(Event):
    """From now on, every command signs the head that it leaves with one of some keys.

    Attributes:
        note: a signed note (C2SP signed-note) by one of these keys: a checkpoint of the log just before this event,
            followed by a line `key NAME+KEYID+BASE64` for each of the keys.
        vouched: whoever signed it vouches for the log as it stands, whatever was signed before, or was not.
        agrees: it changes nothing of the keys: whoever signed it agrees with them, and with the log.
    """

    TOPIC: ClassVar[str] = "KeysRequired"

    note: str = field(validator=required)
    vouched: bool = field(default=False, validator=instance_of(bool))
    agrees: bool = field(default=False, validator=instance_of(bool))
