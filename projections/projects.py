"""Projects as they stand at the end of a period, out of their read model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from heinola_es.amounts import is_readable
from heinola_es.project_facts import FACTS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.period import Period
    from heinola_es.store.connection import Connection


def projects_of(connection: Connection, period: Period, upto: int) -> list[dict[str, Any]]:
    """Return the projects begun by the period's end and not ended before it, in the order they were launched.

    Progress is the last reported by the period's end; of two revisions the one from the later day holds.
    """
    rows = connection.execute(
        "SELECT topic, key, first_day, last_day, body FROM rm_projects WHERE position <= ? ORDER BY position", (upto,)
    )
    projects: dict[str, dict[str, Any]] = {}
    last_reported: dict[str, str] = {}
    revised: dict[tuple[str, str], str] = {}
    for topic, name, start, end, text in rows:
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


def unread_amounts(connection: Connection, period: Period, upto: int) -> Iterator[tuple[int, str]]:
    """Yield the position and the project of each event up to a period's end with an amount that cannot be counted."""
    rows = connection.execute(
        "SELECT position, key, body FROM rm_projects WHERE topic IN ('ProjectLaunched', 'ProjectRevised') "
        "AND first_day <= ? AND position <= ? ORDER BY position",
        (period.end.isoformat(), upto),
    )
    for position, name, text in rows:
        body = orjson.loads(text)
        if _counted(body) != body:
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
