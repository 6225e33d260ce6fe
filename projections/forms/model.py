"""A form: what a unit is asked to fill in for a period, with what it needs to see beside; writers write it down.

What can be filled in has a key, which is the same in every way of writing: the section, what tells its rows apart, and
the field. `("goal", "410-1", "status")` is the status of a goal.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from attrs import frozen

from events.period import Period

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1
"""Of forms: a later program reads those of an earlier one."""
SCHEMA = "heinola/form"

Key = tuple[str, ...]
EntryKind = Literal["status", "text", "number", "percent", "amount", "answer"]

IDENTS: Mapping[str, tuple[str, ...]] = {
    "forecast": ("line",),
    "goal": ("goal",),
    "priority": ("number",),
    "narrative": ("section", "programme", "part"),
    "indicator": ("name", "measured_in"),
    "project": ("project",),
    "outlook": (),
    "still": (),
}
"""What tells the rows of a section apart, by section."""
FIELDS: Mapping[str, Mapping[str, EntryKind]] = {
    "forecast": {"amount": "amount", "text": "text"},
    "goal": {"status": "status", "text": "text"},
    "priority": {"text": "text"},
    "narrative": {"text": "text"},
    "indicator": {"value": "number"},
    "project": {"percent": "percent", "text": "text"},
    "outlook": {"text": "text"},
    "still": {"holds": "answer"},
}
"""What can be filled in of a row, by section."""
ACTOR: Key = ("form", "actor")
"""The key of the field that names who fills the form in."""


@frozen(slots=True, kw_only=True)
class Identity:
    """What a form is of; it stands in the form where nobody fills anything in.

    Attributes:
        city: of the store.
        period: that it reports.
        units: codes of those whose forms they are.
        position: of the last event that was known when it was made.
        language: of its words.
        version: of forms.
    """

    city: str
    period: Period
    units: tuple[str, ...]
    position: int
    language: str
    version: int = VERSION


@frozen(slots=True, kw_only=True)
class Entry:
    """A field to fill in.

    Attributes:
        key: which.
        kind: what may stand in it.
        label: what it is called, in the words of the form.
        value: what is recorded for the period, for programs: a status, decimal text; empty where nothing is.
        shown: the same in the words of the form.
        choices: what it may be, in the words of the form; empty where that is not a matter of choice.
        required: whether the form is not answered without it.
    """

    key: Key
    kind: EntryKind
    label: str
    value: str = ""
    shown: str = ""
    choices: tuple[str, ...] = ()
    required: bool = False


@frozen(slots=True)
class Column:
    """A column of a section: its heading, and where it stands among the six columns of a sheet, first and last."""

    title: str
    first: int
    last: int


Cell = str | Decimal | None | Entry
"""A text, an amount of euros or per cents, nothing that is known, or a field to fill in."""


@frozen(slots=True)
class Row:
    """A row of a section, a cell for each of its columns."""

    cells: tuple[Cell, ...]

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Its fields."""
        return tuple(cell for cell in self.cells if isinstance(cell, Entry))


@frozen(slots=True, kw_only=True)
class Section:
    """A part of a unit's form.

    Attributes:
        name: for programs.
        title: for people.
        hint: what to do with it, in a line; may be empty.
        columns, rows: its table.
    """

    name: str
    title: str
    hint: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@frozen(slots=True, kw_only=True)
class UnitForm:
    """The form of a unit: its code, its name, who answers for it, and its sections, those without rows left out."""

    code: str
    name: str
    responsible: str
    sections: tuple[Section, ...]

    @property
    def title(self) -> str:
        """Code and name."""
        return f"{self.code} {self.name}"


@frozen(slots=True, kw_only=True)
class FormWords:
    """The words of a form that stand outside its sections.

    Attributes:
        title: what it is.
        instructions: what to do with it, in sentences.
        in_an_editor, in_a_document: the same for who fills it in as text, or in a document.
        choose_here: what stands in an empty list of a document.
        actor: what the field for who fills it in is called.
        responsible: what who answers for the unit is called.
        required: what the mark of a required field means.
        fill_in, locked: what the two colours mean.
        wrong_status, wrong_number: what is said where something else is typed.
    """

    title: str
    instructions: tuple[str, ...]
    in_an_editor: tuple[str, ...]
    in_a_document: tuple[str, ...]
    choose_here: str
    actor: str
    responsible: str
    required: str
    fill_in: str
    locked: str
    wrong_status: str
    wrong_number: str


@frozen(slots=True, kw_only=True)
class Form:
    """A form of one or more units."""

    identity: Identity
    words: FormWords
    units: tuple[UnitForm, ...]
