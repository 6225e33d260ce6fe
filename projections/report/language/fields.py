"""What the fields of events and the columns of lists are called, and the words of the language that stand in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.language.coverage import COVERED_BY
from projections.report.language.statuses import STATUSES
from projections.report.language.unit_kinds import UNIT_KINDS
from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.report.language.words import Words

FIELDS: Mapping[str, str] = {
    "account": msgid("Account"),
    "accounts": msgid("Accounts"),
    "address": msgid("Address"),
    "administrator": msgid("Administered by"),
    "agrees": msgid("Agrees"),
    "amount": msgid("Amount"),
    "amount_notes": msgid("About the amounts"),
    "bias": msgid("Bias"),
    "binding_goal": msgid("Binding goal"),
    "budget": msgid("Budget"),
    "budget_years": msgid("In the budgets of"),
    "by": msgid("Recorded by"),
    "cents": msgid("Amount"),
    "characters": msgid("Characters"),
    "chart": msgid("Chart"),
    "city": msgid("City"),
    "city_code": msgid("Code of the city"),
    "recorded_in": msgid("Recorded in the language"),
    "city_decision": msgid("Decision of the city"),
    "city_share": msgid("City's share"),
    "closed": msgid("Closed"),
    "code": msgid("Unit"),
    "computed": msgid("Computed"),
    "computed_error": msgid("Its error"),
    "actor": msgid("Who"),
    "columns": msgid("Columns"),
    "content": msgid("Content"),
    "correcting": msgid("Corrects a total"),
    "count": msgid("Forecasts"),
    "counts": msgid("Gave"),
    "covered_lines": msgid("Covers lines"),
    "covered_months": msgid("Covers months"),
    "covered_units": msgid("Covers units"),
    "covered_years": msgid("Covers years"),
    "days_late": msgid("Days late"),
    "decided": msgid("Decided"),
    "declared": msgid("Declared"),
    "description": msgid("Description"),
    "detail": msgid("Detail of a total"),
    "deviation": msgid("Deviation from the budget"),
    "digest": msgid("Digest"),
    "due": msgid("Due"),
    "original": msgid("Recorded words"),
    "language": msgid("Language"),
    "en": msgid("In English"),
    "end": msgid("End"),
    "ended": msgid("Ended"),
    "error": msgid("Error"),
    "error_percent": msgid("Error, %"),
    "expense": msgid("Expenses"),
    "fi": msgid("In Finnish"),
    "file": msgid("File"),
    "file_name": msgid("File"),
    "final": msgid("Ended at"),
    "findings": msgid("Findings"),
    "first": msgid("First event"),
    "first_day": msgid("First day"),
    "fiscal_year": msgid("Fiscal year"),
    "forecast": msgid("Forecast"),
    "forecasts": msgid("Forecasts"),
    "format": msgid("Format"),
    "four_eyes": msgid("Four eyes"),
    "from_year": msgid("From the fiscal year"),
    "funder": msgid("Funder"),
    "gave": msgid("Gave"),
    "goal": msgid("Goal"),
    "goals": msgid("Goals"),
    "imported": msgid("Imported"),
    "income": msgid("Income"),
    "internal": msgid("Internal item"),
    "into": msgid("Into"),
    "key": msgid("Key"),
    "keys": msgid("Keys"),
    "kind": msgid("Kind"),
    "label": msgid("Printed label"),
    "last": msgid("Last event"),
    "last_day": msgid("Last day"),
    "line": msgid("Line"),
    "lines": msgid("Lines"),
    "mean_error": msgid("Error on average"),
    "measure": msgid("Measure"),
    "measured_in": msgid("Measured in"),
    "metric": msgid("Metric"),
    "minutes_section": msgid("Section of the minutes"),
    "missing": msgid("Missing"),
    "name": msgid("Name"),
    "note": msgid("Signed note"),
    "number": msgid("No."),
    "of_login": msgid("With the login"),
    "organ": msgid("Organ"),
    "other": msgid("Other"),
    "outlooks": msgid("Outlook"),
    "outcome": msgid("What became of it"),
    "parent": msgid("Under"),
    "part": msgid("Part"),
    "percent": msgid("Per cent"),
    "period": msgid("Period"),
    "phase": msgid("Phase"),
    "position": msgid("Position"),
    "positions": msgid("Events"),
    "posted": msgid("Posted"),
    "precision": msgid("Precision"),
    "priorities": msgid("Priorities"),
    "program": msgid("Program"),
    "programme": msgid("Programme"),
    "programme_goal": msgid("Programme goal"),
    "project": msgid("Project"),
    "projects": msgid("Projects"),
    "reason": msgid("Reason"),
    "recorded": msgid("Recorded"),
    "proposal": msgid("Proposal"),
    "proposed": msgid("Proposed"),
    "reported": msgid("Last reported"),
    "responsible": msgid("Responsible"),
    "revision": msgid("Revision"),
    "role": msgid("Role"),
    "root_sha256": msgid("Root of the log's tree"),
    "rule": msgid("Value rule"),
    "scope": msgid("Scope"),
    "section": msgid("Section"),
    "sections": msgid("Not written yet"),
    "seen": msgid("Seen at"),
    "sha256": msgid("Digest of the file"),
    "sign": msgid("Sign"),
    "snapshot_format": msgid("Format of the snapshot"),
    "snapshot_sha256": msgid("Digest of the snapshot"),
    "source": msgid("Source"),
    "start": msgid("Start"),
    "state": msgid("State"),
    "stated": msgid("Stated"),
    "status": msgid("Status"),
    "strategic_goal": msgid("Strategic goal"),
    "stream": msgid("Stream"),
    "subtask": msgid("Sub-task"),
    "sum_of": msgid("Sum of"),
    "sv": msgid("In Swedish"),
    "target_level": msgid("Target level"),
    "text": msgid("Text"),
    "texts": msgid("Texts"),
    "through": msgid("Through"),
    "title": msgid("Title"),
    "undoes": msgid("Undoes"),
    "unit": msgid("Unit"),
    "units": msgid("Units"),
    "value": msgid("Value"),
    "vouched": msgid("Vouched for"),
    "withdrawn": msgid("Withdrawn"),
    "years": msgid("Prior years"),
    "year": msgid("Year"),
}
"""By name in the stored event, without `_cents`, or by the name of a list's column."""

MEASURES: Mapping[str, str] = {
    "actual": msgid("actual"),
    "budget": msgid("budget"),
    "internal_actual": msgid("internal actual"),
    "internal_budget": msgid("internal budget"),
}
SIGNS: Mapping[str, str] = {"income": msgid("income"), "expenses": msgid("expenses"), "either": msgid("either")}
ANSWERS: Mapping[str, str] = {"True": msgid("yes"), "False": msgid("no")}
STATES: Mapping[str, str] = {
    "open": msgid("not handed in"),
    "submitted": msgid("handed in"),
    "returned": msgid("sent back"),
    "accepted": msgid("accepted"),
}
MISSING: Mapping[str, str] = {
    "figures": msgid("figures"),
    "goals": msgid("statuses of goals"),
    "priorities": msgid("outcomes of priorities"),
    "texts": msgid("texts"),
    "outlook": msgid("outlook"),
    "projects": msgid("progress of projects"),
    "submission": msgid("to be handed in"),
    "acceptance": msgid("to be accepted"),
}
OUTCOMES: Mapping[str, str] = {
    "waiting": msgid("waits for a decision"),
    "decided": msgid("decided"),
    "rejected": msgid("rejected"),
    "withdrawn": msgid("withdrawn"),
}
ROLE_NAMES: Mapping[str, str] = {
    "reader": msgid("reader"),
    "auditor": msgid("auditor"),
    "reporter": msgid("reporter"),
    "controller": msgid("controller"),
}
_CODES: Mapping[str, Mapping[str, str]] = {
    "status": STATUSES,  # type: ignore[dict-item]
    "measure": MEASURES,
    "sign": SIGNS,
    "kind": UNIT_KINDS,
    "budget": COVERED_BY,
    "detail": ANSWERS,
    "correcting": ANSWERS,
    "four_eyes": ANSWERS,
    "state": STATES,
    "missing": MISSING,
    "outcome": OUTCOMES,
    "internal": ANSWERS,
    "role": ROLE_NAMES,
}
"""The codes that stand in a field, by what they are called."""


def field_name(words: Words, name: str) -> str:
    """Return what a field is called; of one that has no word, its name with blanks."""
    known = FIELDS.get(name)
    return name.replace("_", " ") if known is None else words.say(known)


def field_value(words: Words, name: str, value: object) -> str:
    """Return what stands in a field, a code of the language in words, where one does; nothing for None."""
    if value is None:
        return ""
    if isinstance(value, list | tuple):
        return ", ".join(field_value(words, name, one) for one in value)
    text = str(value)
    known = _CODES.get(name, {}).get(text)
    return text if known is None else words.say(known)
