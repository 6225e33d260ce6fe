"""Translations that are older than what they translate: words that were put right after somebody translated them.

A translation is of the words that were recorded when it was made. Where these words were changed since, and what took
their place reads nothing in the language yet, the report falls back on the original, and somebody should look at it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import orjson

from heinola_es.languages import LANGUAGES
from projections.read_models.checked import rows_of
from projections.read_models.models import ORGANISATION, PROJECTS
from projections.snapshot.model import Finding
from projections.snapshot.told_by_units import words_of_year
from projections.snapshot.translating import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from heinola_es.store.reading import LogReader
    from projections.snapshot.codes import Parameter
    from projections.snapshot.model import ProjectReport, UnitReport
    from projections.snapshot.translating import Told

_OF_GOALS = ("programme_goal", "binding_goal", "metric", "target_level", "strategic_goal", "subtask")
_OF_PROJECTS = (
    *("description", "administrator", "responsible", "phase", "funder", "city_decision", "amount_notes"),
    *("other", "text"),
)
_FIELDS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "GoalSet": ("goal", _OF_GOALS),
    "GoalRevised": ("goal", _OF_GOALS),
    "PrioritySet": ("priority", ("title", "metric")),
    "GoalStatusUpdated": ("status", ("text",)),
    "PriorityReported": ("outcome", ("text",)),
    "NarrativeReported": ("narrative", ("text",)),
    "OutlookGiven": ("outlook", ("text",)),
    "UnitEstablished": ("unit", ("name",)),
    "UnitRenamed": ("unit", ("name",)),
    "UnitNameCorrected": ("unit", ("name",)),
    "ProjectLaunched": ("project", _OF_PROJECTS),
    "ProjectRevised": ("project", _OF_PROJECTS),
}
"""What events record words of, and the fields that hold them."""
_OF_A_PERIOD = frozenset({"status", "outcome", "narrative", "outlook"})
_TOLD_APART_BY = ("goal", "number", "section", "programme", "part")
_LONGEST = 60

Said = dict[tuple[object, ...], list[str]]
"""The words that stood in one place after one another, by the place."""


def stale_translations(
    reader: LogReader, upto: int, year: int, units: Sequence[UnitReport], told: Told
) -> Iterator[Finding]:
    """Yield the units of a report whose words were changed after they were translated, by language.

    Args:
        reader: of the log.
        upto: the last position of it that is known.
        year: of the report.
        units: of the report, in its order.
        told: what words of units read in other languages.
    """
    if not told:
        return
    of_units = _said(
        [*rows_of(reader, ORGANISATION, upto), *words_of_year(reader, year, upto)],
        {unit.code for unit in units if unit.code in told},
    )
    for unit in units:
        yield from _findings(unit.code, unit, unit.code, of_units, told)


def stale_translations_of_projects(
    reader: LogReader, upto: int, projects: Sequence[ProjectReport], told: Told
) -> Iterator[Finding]:
    """Yield the same of projects, each with the unit that it is of."""
    if not told:
        return
    said = _said(rows_of(reader, PROJECTS, upto), {project.key for project in projects if project.key in told})
    for project in projects:
        yield from _findings(project.unit, project, project.key, said, told)


def _said(rows: Iterable[tuple[object, ...]], keys: set[str]) -> dict[str, Said]:
    """Return what was recorded of units or projects, place by place."""
    found: dict[str, Said] = defaultdict(lambda: defaultdict(list))
    for _position, topic, key, first, last, text in rows:
        if key not in keys or topic not in _FIELDS:
            continue
        of, names = _FIELDS[str(topic)]
        body = orjson.loads(str(text))
        about = (of, *(body.get(name) for name in _TOLD_APART_BY), *((first, last) if of in _OF_A_PERIOD else ()))
        for name in names:
            if body.get(name):
                found[str(key)][*about, name].append(body[name])
    return found


def _findings(
    unit: str, report: UnitReport | ProjectReport, key: str, said: Mapping[str, Said], told: Told
) -> Iterator[Finding]:
    if key not in told:
        return
    words = set(words_of(report))
    for language in LANGUAGES:
        reads = {one.original for one in told[key] if one.language == language}
        stale = [now for now, before in _changed(said.get(key, {}), words) if now not in reads and before & reads]
        if stale:
            shown = stale[0] if len(stale[0]) <= _LONGEST else f"{stale[0][:_LONGEST].rstrip()}…"
            of: dict[str, Parameter] = {"words": shown, "language": language, "texts": len(stale)}
            yield Finding(kind="stale", code="translation_stale", unit=unit, parameters=of)


def _changed(said: Said, words: set[str]) -> Iterator[tuple[str, set[str]]]:
    """Yield the words of a report that took the place of others, with those."""
    for told in said.values():
        now = next((at for at in reversed(range(len(told))) if told[at] in words), None)
        if now is not None and (before := set(told[:now]) - {told[now]}):
            yield told[now], before
