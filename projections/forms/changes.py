"""What was changed in a form since it was made, held against what is recorded by now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.errors import BadInput
from projections.forms.filled import value_of
from projections.forms.identity import settled
from projections.forms.model import FIELDS, Key

if TYPE_CHECKING:
    from projections.forms.filled import Filled, FilledForm
    from projections.forms.told import Told

STILL: Key = ("still",)
"""The row in which a unit says that what was told before, and was left as it is, still holds."""
RowKey = tuple[str, Key]
"""Tells a row: its unit, and its section with what tells it apart."""


@frozen(slots=True, kw_only=True)
class Change:
    """A row of which a form says otherwise than what was recorded when it was made.

    Attributes:
        unit: code of the unit.
        row: the section, and what tells the row apart in it.
        where: the place of the first field that was changed.
        made: what stood in its fields when the form was made.
        filled: what stands in them.
        now: what is recorded by now.
        again: whether it is what was recorded, and is said to hold still.
    """

    unit: str
    row: Key
    where: str
    made: Mapping[str, str]
    filled: Mapping[str, str]
    now: Mapping[str, str]
    again: bool = False

    @property
    def is_recorded(self) -> bool:
        """Whether it is recorded already, as after the same form was taken in before."""
        return self.filled == self.now and not self.again

    @property
    def conflicts(self) -> bool:
        """Whether somebody recorded something else of the row after the form was made."""
        return self.now not in (self.made, self.filled)

    @property
    def is_emptied(self) -> bool:
        """Whether nothing stands in the row any more."""
        return not any(self.filled.values())


def changes_of(form: FilledForm, made: Told, now: Told) -> list[Change]:
    """Return the rows of a form that were changed since it was made; what is wrong is noted in the form.

    They come in its order, and after them what is said to hold still.

    Args:
        form: as it was filled in.
        made: what was told when it was made.
        now: what is told by now.
    """
    rows: dict[RowKey, list[Filled]] = {}
    for one in form.fields:
        rows.setdefault((one.unit, one.key[:-1]), []).append(one)
    found = (_change(form, key, fields, made, now) for key, fields in rows.items())
    changes = [change for change in found if change is not None]
    sure = {change.unit for change in changes if change.row == STILL}
    told = [change for change in changes if change.row != STILL]
    changed = {(change.unit, change.row) for change in told}
    for unit, row in rows:
        if unit in sure and (unit, row) not in changed and row != STILL:
            then, present = (_values(known, unit, row) for known in (made, now))
            if any(then.values()):
                where = rows[unit, row][0].where
                told.append(Change(unit=unit, row=row, where=where, made=then, filled=then, now=present, again=True))
    return told


def _change(form: FilledForm, key: RowKey, fields: list[Filled], made: Told, now: Told) -> Change | None:
    unit, row = key
    recorded = made.values(unit, (*row, ""))
    then, present = (_values(told, unit, row) for told in (made, now))
    filled = dict(then)
    changed: list[Filled] = []
    for one in fields:
        try:
            value = value_of(one)
        except BadInput as error:
            form.wrong.append(f"{one.where}: {error}")
            continue
        before = then[one.key[-1]]
        held = settled(form.held(recorded.get(one.key[-1], "")))
        if value == before or (one.text and one.text == held):
            continue
        if len(held) < len(before):
            form.wrong.append(f"{one.where}: the text is longer than a cell holds; change it in the form as TOML")
            continue
        filled[one.key[-1]] = value
        changed.append(one)
    if not changed:
        return None
    where = changed[0].where
    _require_whole(form, row, filled, where)
    return Change(unit=unit, row=row, where=where, made=then, filled=filled, now=present)


def _values(told: Told, unit: str, row: Key) -> dict[str, str]:
    known = told.values(unit, (*row, ""))
    return {name: settled(known.get(name, "")) for name in FIELDS[row[0]]}


def _require_whole(form: FilledForm, row: Key, filled: Mapping[str, str], where: str) -> None:
    """Note a text that stands without what it explains."""
    if row[0] == "goal" and filled["text"] and not filled["status"]:
        form.wrong.append(
            f"{where}: the explanation of goal {row[1]} stands without a status; choose one, or empty both"
        )
    if row[0] == "forecast" and filled["text"] and not filled["amount"]:
        form.wrong.append(
            f"{where}: the reason of the forecast of {row[1]} stands without an amount; give it, or empty both"
        )
