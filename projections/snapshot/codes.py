"""What the product observes about a report, as codes with parameters: the sentences are made where they are shown.

A code keeps its meaning and its parameters for ever, as published snapshots hold them; a further observation is a
further code.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Literal

from events.period import Period

ParameterKind = Literal[
    "text", "number", "cents", "position", "positions", "route", "period", "periods", "day", "codes"
]
"""What a parameter is: a text as recorded; a count; an amount in cents; a position in the log, or several of them;
a route by which a figure is reached; a period; periods; a day; codes of units or lines.
"""
Parameter = str | int | date | Period | tuple[Period, ...] | tuple[str, ...] | tuple[int, ...]

Route = Literal["statement", "parts", "components", "units", "postings", "details"]
"""How a figure is reached: as stated; as the sum of consecutive parts of its period, of its component lines, of the
units below, or of its postings; of its details, in a snapshot of the first rule.
"""
Parameters = Mapping[str, ParameterKind]

FINDINGS: Mapping[str, Parameters] = {
    # Two routes to a figure differ; `stated` is by the first, `computed` by the second.
    "routes_differ": {"first": "route", "second": "route"},
    # Likewise, where only so many of the units below know the line, by the first rule.
    "routes_differ_in_part": {"first": "route", "second": "route", "known_units": "number"},
    # Cells of a column are not whole: lines of the unit, the last day through which they are, the units and component
    # lines that are missing, and postings that an end of the period, or of a stated total, cuts in two.
    "known_through": {
        "lines": "codes",
        "through": "day",
        "missing_units": "codes",
        "missing_lines": "codes",
        "cut": "positions",
    },
    # Likewise, where they are whole through no day.
    "known_in_part": {"lines": "codes", "missing_units": "codes", "missing_lines": "codes", "cut": "positions"},
    # In the round of the period the unit has not handed in its part; or what it handed in is not accepted.
    "not_reported": {},
    "not_accepted": {},
    # What the unit said of the period, so many texts and forecasts, is older than a figure: it was `stated` when the
    # oldest of them was recorded, or vouched for by handing in, and is `computed` now.
    "text_stale": {"texts": "number"},
    # So many words of the unit, or of a project of it, were changed after they were translated into a language.
    "translation_stale": {"words": "text", "language": "text", "texts": "number"},
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
    # Likewise, because what it is recorded on is no line of the chart of its year; so many more on it are like it.
    "line_unknown": {"line": "text", "position": "position"},
    "line_unknown_of_several": {"line": "text", "position": "position", "more": "number"},
    # Internal income (`stated`) and internal expenses (`computed`, as they would be) do not meet over the whole city.
    "internal_differs": {"income_cents": "cents", "expenses_cents": "cents"},
    # An earlier year has `computed` on a line of its chart that no line of the report's continues.
    "no_counterpart": {"cents": "cents"},
    # What reading a document inferred or could not place, in the words of its import.
    "imported": {"file": "text", "row": "text", "sentence": "text"},
    # A finding out of a snapshot of the first format, which held sentences.
    "told": {"sentence": "text"},
}

NOTES: Mapping[str, Parameters] = {
    "unread": {},  # something below the cell cannot be counted
    "unknown": {"period": "period"},  # nothing is known for what the column covers
    "stated_elsewhere": {"period": "period", "periods": "periods"},  # likewise, but for other periods of the year
    "posted_only": {"periods": "periods"},  # by the first rule: totals stated for parts of it are not in the sum
    # The cell is not whole: the last day through which it is, or none; how many units, or which lines, are missing.
    "known_through": {"through": "day", "missing_units": "number"},
    "known_in_part": {"missing_units": "number"},
    "lines_missing": {"missing_lines": "codes"},
    "budget_decided_from": {"day": "day"},  # the first decision on the budget was taken after the period's end
    "budget_stated_from": {"day": "day"},  # it is stated as of a day after the period's end
    "no_counterpart": {"period": "period"},  # the chart of that year has no line that this one continues
    "left_the_city": {"day": "day"},  # the unit did, on its last day; earlier years are shown without it
    "internal_unknown": {},  # the amount is known with internal items, and these are not
    # How a forecast was come by: the unit gave it, or said why; it is the sum of so many that were given and computed;
    # it was computed by a method, which no earlier year could try, or which was so wrong on average in so many of them.
    "forecast_given": {},
    "forecast_said": {"text": "text"},
    "forecast_sum": {"given": "number", "computed": "number"},
    "forecast_sum_tried": {"given": "number", "computed": "number", "error_cents": "cents"},
    "forecast_by_actual": {},
    "forecast_by_budget": {},
    "forecast_by_share": {},
    "forecast_by_last_year": {},
    "forecast_by_evenly": {},
    "forecast_by_budget_tried": {"error_cents": "cents", "years": "number"},
    "forecast_by_share_tried": {"error_cents": "cents", "years": "number"},
    "forecast_by_last_year_tried": {"error_cents": "cents", "years": "number"},
    "forecast_by_evenly_tried": {"error_cents": "cents", "years": "number"},
    "better_than_budget": {},  # the forecast is more than the budget
    "worse_than_budget": {},  # it is less
    "told": {"sentence": "text"},  # out of a snapshot of the first format
}
