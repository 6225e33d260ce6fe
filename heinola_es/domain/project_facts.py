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


TEXTS = {
    "description": "What is done.",
    "administrator": "The owner, as the document words it.",
    "responsible": "Who answers for it.",
    "phase": "The phase (hankevaihe).",
    "funder": "Who funds it, and by which decision.",
    "city_decision": "The city's own decision.",
    "amount_notes": "What is to be said about the amounts.",
    "other": "Further information.",
}
"""What the texts of a project say, in the words of help."""
AMOUNTS = {
    "income": "Gross income over its whole life.",
    "expenses": "Gross expenses over its whole life, positive as the report prints them.",
    "city_share": "The city's share.",
}
"""What its amounts say, as people are asked for them."""
AMOUNT_FIELDS = {"income": "income_cents", "expenses": "expense_cents", "city_share": "city_share_cents"}
"""The fields of its events that amounts stand in."""
FACTS = ("unit", *Described.__annotations__)
"""Their names."""
