"""Which facts of a project a launch gives and a revision may change; by themselves, for readers of bodies alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from datetime import date


class Described(TypedDict, total=False):
    """What is said of a project, beside its unit; see `ProjectLaunched`."""

    description: str
    administrator: str
    responsible: str
    start: date | None
    end: date | None
    phase: str
    funder: str
    city_decision: str
    budget_years: tuple[int, ...]
    income_cents: int | None
    expense_cents: int | None
    city_share_cents: int | None
    amount_notes: str
    other: str


class ProjectFacts(Described, total=False):
    """What a launch gives and a revision may change."""

    unit: str


FACTS = ("unit", *Described.__annotations__)
"""Their names."""
