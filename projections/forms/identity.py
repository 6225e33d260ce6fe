"""What a form says of itself for programs: whose it is, which cell is which field, and what its locked cells say.

It stands on a hidden sheet of a workbook and in a hidden field of a document. A digest over all of it tells whether
anybody changed it.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

from attrs import frozen

from events.period import Period
from heinola_es.errors import BadInput
from projections.forms.model import SCHEMA, VERSION, Identity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from projections.forms.model import Key

HIDDEN = "heinola"
"""The name of the sheet, or of the field, that it stands on."""
Placed = tuple[str, str, str, str]
"""What a place in a form is: `entry` or `locked`, its sheet, its cell, and its key (JSON) or what it says."""


class NoForm(BadInput):
    """A file is no form, or not one that this program reads."""


@frozen(slots=True)
class Hidden:
    """What stands where nobody fills anything in: whose form it is, and what its places are."""

    identity: Identity
    places: tuple[Placed, ...]


def settled(text: str) -> str:
    """Return a text as it is compared: whatever a program for texts does to line ends and blanks changes nothing."""
    lines = normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def key_text(key: Key) -> str:
    """Return a key as it stands in a form."""
    return json.dumps(key, ensure_ascii=False)


def placed(keys: Sequence[str]) -> list[Placed]:
    """Return the places of the fields of a document, by the names of its controls: `f1`, `f2` and so on."""
    return [("entry", "", f"f{number}", key) for number, key in enumerate(keys, 1)]


def encode(identity: Identity, places: Sequence[Placed]) -> str:
    """Return the line that tells whose form it is, with a digest over it and over its places."""
    told = facts_of(identity)
    return json.dumps({**told, "digest": _digest(told, places)}, ensure_ascii=False, sort_keys=True)


def decode(line: str, places: Sequence[Placed], where: str) -> Hidden:
    """Return what a form says of itself.

    Args:
        line: that tells whose form it is.
        places: that stand beside it.
        where: names the form.

    Raises:
        NoForm: it is none, was made by a newer program, or was changed.
    """
    try:
        told = json.loads(line)
        digest = told.pop("digest")
        identity = identity_from(told, where)
    except (ValueError, TypeError, KeyError, AttributeError):
        raise NoForm(f"{where}: it is no form of `heinola form`, or what it says of itself is damaged") from None
    if digest != _digest(told, places):
        raise NoForm(f"{where}: its hidden identity was changed; fill in the form that was sent, or make a new one")
    return Hidden(identity, tuple(places))


def facts_of(identity: Identity) -> dict[str, Any]:
    """Return an identity as programs read it."""
    return {
        "schema": SCHEMA,
        "version": identity.version,
        "city": identity.city,
        "period": str(identity.period),
        "units": list(identity.units),
        "position": identity.position,
        "language": identity.language,
    }


def identity_from(told: dict[str, Any], where: str) -> Identity:
    """Return the identity that a form tells.

    Raises:
        NoForm: it was made by a newer program.
        ValueError, TypeError, KeyError: it tells none.
    """
    if told["schema"] != SCHEMA:
        raise ValueError("of another kind")
    if not isinstance(told["version"], int) or told["version"] > VERSION:
        raise NoForm(
            f"{where}: it was made by a newer program (form version {told['version']}, this one reads {VERSION}); "
            f"read it with that one, or make the form anew"
        )
    position = told["position"]
    if type(position) is not int or position < 0:
        raise ValueError("no position")
    return Identity(
        city=str(told["city"]),
        period=Period.from_iso(told["period"]),
        units=tuple(map(str, told["units"])),
        position=position,
        language=str(told["language"]),
        version=told["version"],
    )


def _digest(told: dict[str, Any], places: Sequence[Placed]) -> str:
    whole = [told, [[kind, sheet, cell, settled(said)] for kind, sheet, cell, said in places]]
    return sha256(json.dumps(whole, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
