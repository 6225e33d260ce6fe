"""Which facts of a project a launch gives and a revision may change; by themselves, for readers of bodies alone."""

from __future__ import annotations

FACTS = (
    "unit",
    "description",
    "administrator",
    "responsible",
    "start",
    "end",
    "phase",
    "funder",
    "city_decision",
    "budget_years",
    "income_cents",
    "expense_cents",
    "city_share_cents",
    "amount_notes",
    "other",
)
"""The fields that a launch gives and a revision may change."""
