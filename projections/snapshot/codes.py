"""What the product observes about a report, as codes with parameters: the sentences are made where they are shown.

A code keeps its meaning and its parameters for ever, as published snapshots hold them; a further observation is a
further code.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from events.period import Period

ParameterKind = Literal["text", "number", "cents", "position", "route", "period", "periods"]
"""What a parameter is: a text as recorded; a count; an amount in cents; the position of an event in the log; a route by
which a figure is reached; a period; periods.
"""
Parameter = str | int | Period | tuple[Period, ...]

Route = Literal["statement", "units", "components", "details"]
"""How a figure is reached: as stated; as the sum of the units below, of its component lines, or of its details."""
Parameters = Mapping[str, ParameterKind]

FINDINGS: Mapping[str, Parameters] = {
    # Two routes to a figure differ; `stated` is by the first, `computed` by the second.
    "routes_differ": {"first": "route", "second": "route"},
    # Likewise, where only so many of the units below know the line.
    "routes_differ_in_part": {"first": "route", "second": "route", "known_units": "number"},
    # A printed per cent is not the one that the figures beside it give, or there is none, because the budget is 0.
    "percent_differs": {},
    "percent_of_nothing": {},
    # The expenses of a project (`stated`) are not its income and the city's share (`computed`).
    "project_differs": {"project": "text", "income_cents": "cents", "city_share_cents": "cents"},
    # What the log holds cannot be counted: an amount of a project, of postings or statements, or a sum.
    "project_unread": {"project": "text", "position": "position"},
    "amount_unread": {"position": "position"},
    "amounts_unread": {"position": "position", "more": "number"},
    "sum_unread": {},
    # What reading a document inferred or could not place, in the words of its import.
    "imported": {"file": "text", "row": "text", "sentence": "text"},
    # A finding out of a snapshot of the first format, which held sentences.
    "told": {"sentence": "text"},
}

NOTES: Mapping[str, Parameters] = {
    "unread": {},  # something below the cell cannot be counted
    "unknown": {"period": "period"},  # nothing is known for what the column covers
    "stated_elsewhere": {"period": "period", "periods": "periods"},  # likewise, but for other periods of the year
    "posted_only": {"periods": "periods"},  # totals stated for parts of the period are not in the sum of postings
    "told": {"sentence": "text"},  # out of a snapshot of the first format
}
