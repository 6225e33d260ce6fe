"""Projects as they stand at the end of a period, out of their read model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from heinola_es.amounts import is_readable
from heinola_es.project_facts import FACTS
from projections.checked import rows_of
from projections.read_models import PROJECTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.period import Period
    from heinola_es.store.reading import LogReader


def projects_of(reader: LogReader, period: Period, upto: int) -> list[dict[str, Any]]:
    """Return the projects begun by the period's end and not ended before it, in the order they were launched.

    Progress is the last reported by the period's end; of two revisions the one from the later day holds.
    """
    projects: dict[str, dict[str, Any]] = {}
    last_reported: dict[str, str] = {}
    revised: dict[tuple[str, str], str] = {}
    for _position, topic, name, start, end, text in rows_of(reader, PROJECTS, upto):
        body = _counted(orjson.loads(text))
        if topic == "ProjectLaunched" and start <= period.end.isoformat():
            projects[name] = _launched(name, body)
        elif name not in projects or start > period.end.isoformat():
            continue
        elif topic == "ProjectRevised":
            for field in FACTS:
                if body.get(field) is not None and start >= revised.get((name, field), ""):
                    projects[name][field], revised[name, field] = body[field], start
        elif topic == "ProjectEnded":
            projects[name] |= {"ended": start} | ({"text": body["text"]} if body.get("text") else {})
        elif end <= period.end.isoformat() and end >= last_reported.get(name, ""):
            last_reported[name] = end
            projects[name] |= {"percent": body.get("percent"), "text": body.get("text", "")}
    return list(_not_ended_before(projects.values(), period))


def unread_amounts(reader: LogReader, period: Period, upto: int) -> Iterator[tuple[int, str]]:
    """Yield the position and the project of each event up to a period's end with an amount that cannot be counted."""
    end = period.end.isoformat()
    for position, topic, name, first_day, _last_day, text in rows_of(reader, PROJECTS, upto):
        body = orjson.loads(text)
        if topic in {"ProjectLaunched", "ProjectRevised"} and first_day <= end and _counted(body) != body:
            yield position, name


def _counted(body: dict[str, Any]) -> dict[str, Any]:
    """Return the body without amounts that cannot be counted."""
    return {
        name: value
        for name, value in body.items()
        if not name.endswith("_cents") or value is None or is_readable(value)
    }


def _launched(name: str, body: dict[str, Any]) -> dict[str, Any]:
    texts = ("description", "administrator", "responsible", "phase", "funder", "city_decision", "amount_notes", "other")
    numbers = ("start", "end", "income_cents", "expense_cents", "city_share_cents")
    return {
        "name": name,
        "unit": body["unit"],
        "budget_years": body.get("budget_years", []),
        "percent": None,
        "text": "",
        "ended": None,
        **{field: body.get(field, "") for field in texts},
        **{field: body.get(field) for field in numbers},
    }


def _not_ended_before(projects: Iterable[dict[str, Any]], period: Period) -> Iterable[dict[str, Any]]:
    return (project for project in projects if project["ended"] is None or project["ended"] >= period.start.isoformat())
