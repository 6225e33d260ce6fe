"""Goals and priorities: what a unit set out to do in a year, and how it went. In the unit's stream of that year."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import in_, instance_of

from events.base import Event, required

GOAL_STATUSES = ("not_started", "in_progress", "achieved", "delayed", "not_achieved", "suspended")


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class GoalSet(Event):
    """The council set the unit a binding goal for the fiscal year (`effective`).

    Attributes:
        unit: code of the unit.
        goal: the goal's id among those of the unit's year, e.g. `410-1`.
        programme_goal: the goal of the strategy programme it serves (*ohjelmatavoite*).
        binding_goal: the goal itself (*sitova tavoite*).
        metric: how it is measured (*mittari*).
        target_level: what is to be reached (*tavoitetaso*).
        strategic_goal: the heading it stands under (*strateginen perustavoite*), or empty.
        subtask: the sub-task it is given to (*osatehtävä*), or empty.
    """

    TOPIC: ClassVar[str] = "GoalSet"

    unit: str = field(validator=required)
    goal: str = field(validator=required)
    programme_goal: str = ""
    binding_goal: str = ""
    metric: str = ""
    target_level: str = ""
    strategic_goal: str = ""
    subtask: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class GoalRevised(Event):
    """From `effective.start` on, the words given here are the goal's; None leaves a text as it was.

    Attributes: as in `GoalSet`. The id stays, and with it every status; `reason` says why.
    """

    TOPIC: ClassVar[str] = "GoalRevised"

    unit: str = field(validator=required)
    goal: str = field(validator=required)
    programme_goal: str | None = None
    binding_goal: str | None = None
    metric: str | None = None
    target_level: str | None = None
    strategic_goal: str | None = None
    subtask: str | None = None


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class GoalStatusUpdated(Event):
    """How the goal stands at the end of `effective`: `status` is one of `GOAL_STATUSES`, `text` explains."""

    TOPIC: ClassVar[str] = "GoalStatusUpdated"

    unit: str = field(validator=required)
    goal: str = field(validator=required)
    status: str = field(validator=in_(GOAL_STATUSES))
    text: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class GoalWithdrawn(Event):
    """The goal no longer holds from `effective.start` on; `reason` says why."""

    TOPIC: ClassVar[str] = "GoalWithdrawn"

    unit: str = field(validator=required)
    goal: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PrioritySet(Event):
    """The unit takes up an operative priority (*toiminnallinen painopiste*) for the fiscal year (`effective`).

    Attributes:
        unit: code of the unit.
        number: its number in the unit's list, from 1.
        title: what is to be done.
        metric: how it is measured, or empty.
    """

    TOPIC: ClassVar[str] = "PrioritySet"

    unit: str = field(validator=required)
    number: int = field(validator=instance_of(int))
    title: str = field(validator=required)
    metric: str = ""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class PriorityReported(Event):
    """What came of the priority during `effective` (*toteuma*)."""

    TOPIC: ClassVar[str] = "PriorityReported"

    unit: str = field(validator=required)
    number: int = field(validator=instance_of(int))
    text: str = field(validator=required)


GoalsEvent = GoalSet | GoalRevised | GoalStatusUpdated | GoalWithdrawn | PrioritySet | PriorityReported
