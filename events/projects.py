"""Projects: launched, reported on, revised, ended. One stream per project, each owned by a unit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any, ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of, optional

from events.base import Event, required

_years = deep_iterable(instance_of(int), instance_of(tuple))
_cents = optional(instance_of(int))


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ProjectLaunched(Event):
    """A project (*hanke*) exists; `effective` is its planned time.

    Amounts are gross, for the whole life of the project, in cents, and positive as the report prints them.

    Attributes:
        project: the name that it is launched under, which is its key in the city.
        description: what is done.
        unit: code of the unit that owns it.
        administrator: the owner as the document words it, or empty.
        responsible: who answers for it.
        start, end: planned first and last day; end None while open.
        phase: *hankevaihe*, or empty.
        funder: who funds it and by which decision.
        city_decision: the city's own decision.
        budget_years: the years it is budgeted in.
        income_cents, expense_cents, city_share_cents: gross income, gross expenses and the city's share.
        amount_notes: what the document adds to the amounts, or empty.
        other: further information (*muita tietoja*), or empty.
    """

    TOPIC: ClassVar[str] = "ProjectLaunched"

    project: str = field(validator=required)
    unit: str = field(validator=required)
    description: str = ""
    administrator: str = ""
    responsible: str = ""
    start: date | None = None
    end: date | None = None
    phase: str = ""
    funder: str = ""
    city_decision: str = ""
    budget_years: tuple[int, ...] = field(default=(), validator=_years)
    income_cents: int | None = field(default=None, validator=_cents)
    expense_cents: int | None = field(default=None, validator=_cents)
    city_share_cents: int | None = field(default=None, validator=_cents)
    amount_notes: str = ""
    other: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ProjectProgressReported(Event):
    """How far the project is at the end of `effective`.

    Attributes:
        project: its name.
        percent: progress as decimal text from `"0"` to `"100"`, or None where none was given.
        text: the state in words.
    """

    TOPIC: ClassVar[str] = "ProjectProgressReported"

    project: str = field(validator=required)
    percent: str | None = field(default=None, validator=optional(instance_of(str)))
    text: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ProjectRevised(Event):
    """From `effective.start` on, the fields given here hold instead of the earlier ones; None leaves a field as it was.

    Attributes: as in `ProjectLaunched`, and since version 2
        name: what it is called from then on; `project` stays its key.
    """

    TOPIC: ClassVar[str] = "ProjectRevised"
    VERSION: ClassVar[int] = 2
    UPCASTS: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {1: lambda body: body}

    project: str = field(validator=required)
    unit: str | None = None
    description: str | None = None
    administrator: str | None = None
    responsible: str | None = None
    start: date | None = None
    end: date | None = None
    phase: str | None = None
    funder: str | None = None
    city_decision: str | None = None
    budget_years: tuple[int, ...] | None = field(default=None, validator=optional(_years))
    income_cents: int | None = field(default=None, validator=_cents)
    expense_cents: int | None = field(default=None, validator=_cents)
    city_share_cents: int | None = field(default=None, validator=_cents)
    amount_notes: str | None = None
    other: str | None = None
    name: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ProjectEnded(Event):
    """The project ended; `effective.start` is its last day, `text` says how."""

    TOPIC: ClassVar[str] = "ProjectEnded"

    project: str = field(validator=required)
    text: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ProjectTextTranslated(Event):
    """What was recorded of the project in the words `original` reads, in another language, `text`.

    As `UnitTextTranslated`: it is about these words alone, and `effective` is the day on which it was said.

    Attributes:
        project: the name that it was launched under.
        original: the recorded words: a name, a description, the state in words.
        language: that of `text`: `fi`, `sv` or `en`.
        text: what they read in the language.
    """

    TOPIC: ClassVar[str] = "ProjectTextTranslated"

    project: str = field(validator=required)
    original: str = field(validator=required)
    language: str = field(validator=required)
    text: str = field(validator=required)


ProjectsEvent = ProjectLaunched | ProjectProgressReported | ProjectRevised | ProjectEnded | ProjectTextTranslated
