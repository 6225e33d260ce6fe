"""The first format of the snapshot (`heinola/snapshot/1`), which had sentences where there are codes today.

It is written for publications that hold the digest of a document in it, word for word as it was, for ever; and read
wherever somebody has one. Nothing here changes with the product's language.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from events.period import Period
from heinola_es.domain.amounts import format_cents
from heinola_es.domain.periods import parse_period
from heinola_es.errors import BadInput
from projections.snapshot.canonical import canonical_json
from projections.snapshot.encoding import as_json, snapshot_form
from projections.snapshot.forms import Json, Misfit, require_object

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from projections.snapshot.codes import Parameter
    from projections.snapshot.model import Finding, Note, Snapshot

FIRST_SCHEMA = "heinola/snapshot/1"

_AMOUNTS = "final_accounts prior_actual budget actual"
_FIELDS = {
    place: frozenset(names.split())
    for place, names in {
        "": "schema city period cumulative known_at structure position units projects findings unplaced",
        ".period": "start end label",
        ".cumulative": "start end months",
        ".units": "code name kind parent responsible figures goals priorities narratives indicators outlook",
        ".units.figures": f"line label {_AMOUNTS} percent printed_label notes prior_years",
        ".units.figures.notes": f"{_AMOUNTS} percent",
        **{f".units.figures.{column}": "cents precision_cents" for column in _AMOUNTS.split()},
        ".units.figures.prior_years": "year final_accounts prior_actual",
        **{f".units.figures.prior_years.{column}": "cents precision_cents" for column in _AMOUNTS.split()},
        ".units.goals": "id programme_goal binding_goal metric target_level strategic_goal subtask status text",
        ".units.priorities": "number title metric text",
        ".units.narratives": "section programme text period",
        ".units.indicators": "name value unit period",
        ".projects": "name description unit administrator responsible start end ended phase funder city_decision "
        "budget_years income_cents expense_cents city_share_cents amount_notes other percent text",
        ".findings": "kind unit line column stated computed message",
        ".unplaced": "column position unit line start end cents",
    }.items()
}
"""The fields of the first format, by where they stand. It is closed: a snapshot that gets more has none of it there."""

_REACHED = {
    "statement": "the stated total is",
    "units": "the units below add up to",
    "components": "its component lines add up to",
    "details": "its details add up to",
    "parts": "the parts of its period add up to",
    "postings": "what is posted adds up to",
}
_UNREAD = "the amount of event {position}{more} cannot be counted"
_LEFT_EMPTY = "; its cells are left empty until a total is stated, and correct it by that"
_SENTENCES = {
    "percent_differs": "the printed per cent is {stated} %, the figures give {computed} %",
    "percent_of_nothing": "the printed per cent is {stated} %, there is none, because the budget is 0",
    "project_differs": "project {project}: income {income_cents} and the city's share {city_share_cents} make "
    "{computed}, the expenses are {stated}",
    "project_unread": "project {project}: an amount of event {position} cannot be counted; revise the project",
    "amount_unread": f"{_UNREAD}{_LEFT_EMPTY}",
    "amounts_unread": f"{_UNREAD}{_LEFT_EMPTY}",
    "sum_unread": f"its sum is beyond all measure{_LEFT_EMPTY}",
    "imported": "{file}:{row}: {sentence}",
    "told": "{sentence}",
}
_NOTED = _FIELDS[".units.figures.notes"]
"""The columns of whose cells the format says anything: a later one is not there, nor is what is said of it."""
_OF_LINES = ("line_unknown", "line_unknown_of_several")
_LATER = frozenset(
    (
        *("not_reported", "not_accepted", "internal_differs", "no_counterpart", "text_stale", "translation_stale"),
        *_OF_LINES,
    )
)
"""Codes of findings that the format does not have."""
_NOTES = {
    "unread": "an amount below it cannot be counted; see the findings",
    "unknown": "nobody stated or posted it for {period}",
    "stated_elsewhere": "nobody stated or posted it for {period}; stated for {periods}",
    "known_through": "known through {through}{missing}",
    "known_in_part": "known in part{missing}",
    "lines_missing": "known in part, without {missing_lines}",
    "budget_decided_from": "there was no budget yet; the first decision on it is of {day}",
    "budget_stated_from": "not known as of the end of the period; stated as of {day}",
    "no_counterpart": "the chart of {period} has no line that it continues",
    "posted_only": "only what was posted; the total stated for {periods} is not part of it",
    "told": "{sentence}",
}


def encoded_first(snapshot: Snapshot) -> bytes:
    """Return the snapshot as canonical JSON of the first format, without what later versions added to a snapshot."""
    told: dict[str, Json] = _of_then(as_first_format(snapshot), "")
    return canonical_json(told)


def as_first_format(snapshot: Snapshot) -> dict[str, Json]:
    """Return the snapshot as JSON values of the first format."""
    told = as_json(snapshot)
    del told["rule"]
    told.pop("changes", None)  # which it did not tell
    told["schema"] = FIRST_SCHEMA
    told["findings"] = [_finding(finding) for finding in snapshot.findings if finding.code not in _LATER]
    for unit, of_unit in zip(snapshot.units, told["units"], strict=True):
        for about_period in (*of_unit["narratives"], *of_unit["indicators"]):
            del about_period["start"], about_period["end"]
        for row, of_row in zip(unit.figures, of_unit["figures"], strict=True):
            if row.notes:
                of_row["notes"] = {
                    column: note_sentence(note) for column, note in row.notes.items() if column in _NOTED
                }
    return told


def note_sentence(note: Note) -> str:
    """Return what a note said in the first format."""
    told = _texts(note.parameters)
    told["missing"] = _missing(note.parameters.get("missing_units"))
    return _NOTES[note.code].format_map(told)


def finding_sentence(finding: Finding) -> str:
    """Return what a finding said in the first format."""
    if finding.code.startswith("routes_differ"):
        return _on_routes(finding)
    if finding.code in {"known_through", "known_in_part"}:
        return _on_incomplete(finding)
    told = _texts(finding.parameters) | {"more": ""}
    if more := finding.parameters.get("more"):
        told["more"] = f" and {more} more like it"
    for name, value in (("stated", finding.stated), ("computed", finding.computed)):
        told[name] = format_cents(value) if isinstance(value, int) else (value or "").replace(".", ",")
    return _SENTENCES[finding.code].format_map(told)


def from_first_format(told: Mapping[str, Json]) -> Snapshot:
    """Return the snapshot that a document of the first format holds; what it says in sentences is kept as it is said.

    Raises:
        Misfit: it is not of the format.
    """
    units = [_unit_of_now(unit) for unit in _list(told, "units")]
    findings = [_finding_of_now(finding) for finding in _list(told, "findings")]
    snapshot = snapshot_form().read({**told, "rule": 1, "units": units, "findings": findings})
    return cast("Snapshot", snapshot)


def _of_then(told: Json, place: str) -> Json:
    """Return what the first format had of a value that stands at a place."""
    if isinstance(told, list):
        return [_of_then(item, place) for item in told]
    if not isinstance(told, dict):
        return told
    known = _FIELDS.get(place, told.keys())
    return {name: _of_then(value, f"{place}.{name}") for name, value in told.items() if name in known}


def _finding(finding: Finding) -> dict[str, Json]:
    return {
        "kind": finding.kind,
        "unit": finding.unit,
        "line": finding.line,
        "column": finding.column,
        "stated": finding.stated,
        "computed": finding.computed,
        "message": finding_sentence(finding),
    }


def _on_routes(finding: Finding) -> str:
    said = []
    for route, value in (("first", finding.stated), ("second", finding.computed)):
        reached = _REACHED[str(finding.parameters[route])]
        if finding.parameters[route] == "units" and "known_units" in finding.parameters:
            reached = f"the units below that know it ({finding.parameters['known_units']}) add up to"
        said.append(f"{reached} {format_cents(cast('int', value))}")
    return ", ".join(said)


def _on_incomplete(finding: Finding) -> str:
    told = _texts(finding.parameters)
    how_far = f"known through {told['through']}" if "through" in told else "known in part"
    missing = [told[name] for name in ("missing_lines", "missing_units") if told[name]]
    cut = f"; cut in two: {told['cut']}" if told["cut"] else ""
    return f"{told['lines']}: {how_far}; missing: {'; '.join(missing)}{cut}"


def _missing(units: Parameter | None) -> str:
    return "" if not units else f"; {units} unit is missing" if units == 1 else f"; {units} units are missing"


def _texts(parameters: Mapping[str, Parameter]) -> dict[str, str]:
    return {name: _text(name, value) for name, value in parameters.items()}


def _text(name: str, value: Parameter) -> str:
    if isinstance(value, tuple):
        return ", ".join(_text(name, one) for one in value)
    if isinstance(value, date):
        return Period.of_day(value).label
    if isinstance(value, int):
        return format_cents(value) if name.endswith("_cents") else str(value)
    return value if isinstance(value, str) else value.label


def _unit_of_now(told: Json) -> dict[str, Json]:
    unit = require_object(told)
    return {
        **unit,
        "narratives": [_with_days(narrative) for narrative in _list(unit, "narratives")],
        "indicators": [_with_days(indicator) for indicator in _list(unit, "indicators")],
        "figures": [_row_of_now(row) for row in _list(unit, "figures")],
    }


def _with_days(told: Json) -> dict[str, Json]:
    """Return what is about a period with the days of the period, which the first format told by its label alone."""
    about_period = require_object(told)
    try:
        period = parse_period(about_period["period"])
    except (KeyError, BadInput) as error:
        raise Misfit(f"{about_period.get('period')!r} is no period") from error
    return {**about_period, "start": period.start.isoformat(), "end": period.end.isoformat()}


def _row_of_now(told: Json) -> dict[str, Json]:
    row = require_object(told)
    if "notes" not in row:
        return row
    notes = require_object(row["notes"])
    return {**row, "notes": {column: _as_told(sentence) for column, sentence in notes.items()}}


def _finding_of_now(told: Json) -> dict[str, Json]:
    finding = require_object(told)
    return {**finding, **_as_told(finding.get("message"))}


def _as_told(sentence: Json) -> dict[str, Json]:
    return {"code": "told", "parameters": {"sentence": sentence}}


def _list(told: Mapping[str, Json], name: str) -> Sequence[Json]:
    found = told.get(name)
    if not isinstance(found, list):
        raise Misfit(f".{name} {found!r} is no list")
    return found
