"""A form that somebody filled in, as it was read: whose it is, what stands in its fields, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from attrs import define, field, frozen

from events.goals import GOAL_STATUSES
from heinola_es.domain.amounts import decimal_text, parse_amount
from heinola_es.domain.called import STATUSES, word_of
from heinola_es.errors import BadInput
from projections.forms.identity import settled
from projections.forms.model import FIELDS, EntryKind, Identity, Key

_ALL = 100
YES = "yes"
_YES = frozenset({YES, "kyllä", "ja", "true", "x"})


@frozen(slots=True)
class Filled:
    """A field as it stands in a form.

    Attributes:
        where: its place: a sheet and a cell, or a row and a key.
        unit: code of the unit whose it is.
        key: which field.
        text: what stands in it.
    """

    where: str
    unit: str
    key: Key
    text: str


@define(slots=True)
class FilledForm:
    """A form as it was read.

    Attributes:
        name: of its file, without the folder.
        identity: what it says of itself.
        fields: those that it has.
        actors: who filled it in, as it says.
        wrong: what is wrong with it, a sentence for each, with the place.
        held: returns a text as the way of writing holds it, where that cannot hold every text.
    """

    name: str
    identity: Identity
    fields: list[Filled] = field(factory=list)
    actors: list[str] = field(factory=list)
    wrong: list[str] = field(factory=list)
    held: Callable[[str], str] = str

    def take(self, where: str, unit: str, key: Key, text: str) -> None:
        """Take in a field as it was read."""
        if key[0] == "form":
            if text.strip():
                self.actors.append(" ".join(text.split()))
            return
        self.fields.append(Filled(where, unit, key, settled(text)))


def value_of(filled: Filled) -> str:
    """Return what stands in a field, for programs.

    Raises:
        BadInput: it is no status, or no number.
    """
    kind: EntryKind = FIELDS[filled.key[0]][filled.key[-1]]
    text = filled.text
    if not text or kind == "text":
        return text
    if kind == "status":
        return word_of(text, "status", GOAL_STATUSES, STATUSES)
    if kind == "answer":
        if text.casefold() not in _YES:
            raise BadInput(f"{text[:40]} is no answer; write {YES}, or leave it empty")
        return YES
    if kind == "amount":
        return str(parse_amount(text))
    number = decimal_text(text)
    if kind == "percent" and not 0 <= Decimal(number) <= _ALL:
        raise BadInput(f"{text[:40]} is no share of what is done; write a number from 0 to 100")
    return number
