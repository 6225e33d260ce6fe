"""Roles: who may record what, for which units. One stream in a store."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import in_, instance_of, optional

from events.base import Event, required

ROLES = ("reader", "auditor", "reporter", "controller")
"""What somebody can be; each may do what `docs/roles.md` says."""


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class RoleGiven(Event):
    """From now on somebody has a role; `effective` is the day on which it was given.

    Attributes:
        actor: who has it, by the name that they record under.
        role: one of `ROLES`.
        unit: code of the unit that it is for, with everything below; None for the whole city.
        of_login: the login of the database under which alone it counts; empty for any.
    """

    TOPIC: ClassVar[str] = "RoleGiven"

    actor: str = field(validator=required)
    role: str = field(validator=in_(ROLES))
    unit: str | None = field(default=None, validator=optional(instance_of(str)))
    of_login: str = field(default="", validator=instance_of(str))


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class RoleWithdrawn(Event):
    """From now on somebody has a role no longer; `effective` is the day on which it was withdrawn.

    Attributes: as in `RoleGiven`.
    """

    TOPIC: ClassVar[str] = "RoleWithdrawn"

    actor: str = field(validator=required)
    role: str = field(validator=in_(ROLES))
    unit: str | None = field(default=None, validator=optional(instance_of(str)))


RolesEvent = RoleGiven | RoleWithdrawn
