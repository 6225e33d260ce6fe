"""Projects as they stand at the end of a period, out of their read model."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
from attrs import evolve

from heinola_es.domain.amounts import is_readable, number_or_none
from heinola_es.domain.project_facts import FACTS
from projections.read_models.checked import rows_of
from projections.read_models.models import PROJECTS
from projections.snapshot.model import ProjectReport

if TYPE_CHECKING:
    from collections.abc import Iterator

    from events.period import Period
    from heinola_es.store.reading import LogReader


def projects_of(reader: LogReader, period: Period, upto: int) -> list[ProjectReport]:
    """Return the projects begun by the period's end and not ended before it, in the order they were launched.

    Progress is the last reported by the period's end; of two revisions the one from the later day holds.
    """
    projects: dict[str, ProjectReport] = {}
    last_reported: dict[str, str] = {}
    revised: dict[tuple[str, str], str] = {}
    for _position, topic, name, start, end, text in rows_of(reader, PROJECTS, upto):
        body = _counted(orjson.loads(text))
        if topic == "ProjectLaunched" and start <= period.end.isoformat():
            projects[name] = _launched(name, body)
        elif name not in projects or start > period.end.isoformat() or topic == "ProjectTextTranslated":
            continue
        elif topic == "ProjectRevised":
            body.setdefault("launched_as", name if body.get("name") else None)
            facts = {fact for fact in _revised(body) if start >= revised.get((name, fact), "")}
            projects[name] = evolve(projects[name], **{fact: _fact(body, fact) for fact in facts})
            revised |= {(name, fact): start for fact in facts}
        elif topic == "ProjectEnded":
            last_word = body.get("text") or projects[name].text
            projects[name] = evolve(projects[name], ended=date.fromisoformat(start), text=last_word)
        elif end <= period.end.isoformat() and end >= last_reported.get(name, ""):
            last_reported[name] = end
            projects[name] = evolve(
                projects[name], percent=number_or_none(body.get("percent")), text=body.get("text", "")
            )
    return [each for each in projects.values() if each.ended is None or each.ended >= period.start]


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


def _launched(name: str, body: dict[str, Any]) -> ProjectReport:
    facts = {fact: _fact(body, fact) for fact in FACTS}
    return ProjectReport(name=name, percent=None, text="", ended=None, **facts)


def _revised(body: dict[str, Any]) -> Iterator[str]:
    return (fact for fact in (*FACTS, "name", "launched_as") if body.get(fact) is not None)


def _fact(body: dict[str, Any], fact: str) -> Any:  # noqa: ANN401 - a text, a day, years or cents
    """Return a fact of a project as an event has it; what it does not have is empty or unknown."""
    value = body.get(fact)
    if fact == "budget_years":
        return tuple(value or ())
    if fact in {"start", "end"}:
        return None if value is None else date.fromisoformat(value)
    return value if value is not None or fact.endswith("_cents") else ""
