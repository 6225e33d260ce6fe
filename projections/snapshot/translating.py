"""What recorded words read in other languages: kept in a snapshot beside them, and put in their place."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import orjson
from attrs import evolve

from projections.read_models.checked import rows_of
from projections.read_models.models import ORGANISATION, PROJECTS
from projections.snapshot.model import Goal, Indicator, Narrative, Priority, ProjectReport, Translation, UnitReport

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from heinola_es.store.reading import LogReader
    from projections.snapshot.model import Snapshot

_TOLD = frozenset({"UnitTextTranslated", "ProjectTextTranslated"})
_WORDS: Mapping[type[object], tuple[str, ...]] = {
    UnitReport: ("name", "responsible", "outlook"),
    Goal: ("programme_goal", "binding_goal", "metric", "target_level", "strategic_goal", "subtask", "text"),
    Priority: ("title", "metric", "text"),
    Narrative: ("section", "programme", "text"),
    Indicator: ("name", "unit"),
    ProjectReport: (
        *("name", "description", "administrator", "responsible", "phase", "funder", "city_decision"),
        *("amount_notes", "other", "text"),
    ),
}
"""The fields that hold words of people; codes, statuses and numbers are none."""
_PARTS = ("goals", "priorities", "narratives", "indicators")

Report = TypeVar("Report", UnitReport, ProjectReport)
Told = dict[str, list[Translation]]


def unit_translations(reader: LogReader, upto: int) -> Told:
    """Return what words of units read in other languages, by the unit's code; the one recorded last holds."""
    return _translations(rows_of(reader, ORGANISATION, upto))


def project_translations(reader: LogReader, upto: int) -> Told:
    """Return what words of projects read in other languages, by the name that each was launched under."""
    return _translations(rows_of(reader, PROJECTS, upto))


def _translations(rows: Iterable[tuple[Any, ...]]) -> Told:
    found: dict[str, dict[tuple[str, str], Translation]] = {}
    for _position, topic, key, _first, _last, text in rows:
        if topic in _TOLD:
            body = orjson.loads(text)
            one = Translation(original=body["original"], language=body["language"], text=body["text"])
            found.setdefault(key, {})[one.original, one.language] = one
    return {key: list(told.values()) for key, told in found.items()}


def with_translations(report: Report, key: str, told: Told) -> Report:
    """Return the report of a unit or a project with what its words read in other languages, where any is known.

    Of words that are in the report no more, because they were put right or are of another period, nothing is told.
    """
    if key not in told:
        return report
    words = set(words_of(report))
    known = sorted(
        (one for one in told[key] if one.original in words), key=lambda one: (one.original, one.language, one.text)
    )
    return evolve(report, translations=tuple(known)) if known else report


def words_of(report: UnitReport | ProjectReport) -> Iterator[str]:
    """Yield the recorded words of a report."""
    for one in parts_of(report):
        yield from words_in_part(one)


def words_in_part(part: Any, left_out: tuple[str, ...] = ()) -> Iterator[str]:  # noqa: ANN401 - any part of a report
    """Yield the recorded words of one part of a report, those of some fields left out."""
    yield from (text for name in _WORDS[type(part)] if name not in left_out and (text := getattr(part, name)))


def parts_of(report: UnitReport | ProjectReport) -> Iterator[Any]:
    """Yield what holds words of a report: itself, and what a unit has to say."""
    yield report
    if isinstance(report, UnitReport):
        for part in _PARTS:
            yield from getattr(report, part)


def told_in(snapshot: Snapshot, language: str) -> Snapshot:
    """Return a snapshot with the words of people in a language, as far as they are translated; figures never change.

    Its reports keep what they are translated by, and a project its key.
    """
    if not any(report.translations for report in _reports_of(snapshot)):
        return snapshot
    units = tuple(_unit_in(unit, reading(unit, language)) for unit in snapshot.units)
    names = {unit.code: told.name for unit, told in zip(snapshot.units, units, strict=True)}
    return evolve(
        snapshot,
        units=units,
        projects=tuple(_project_in(project, reading(project, language)) for project in snapshot.projects),
        changes=tuple(
            evolve(
                one,
                name=names.get(one.unit, one.name),
                before_name=names.get(one.before or "", one.before_name),
                after_name=names.get(one.after or "", one.after_name),
            )
            for one in snapshot.changes
        ),
    )


def translated_words(snapshot: Snapshot, language: str) -> Iterator[str]:
    """Yield the texts that stand in a language in the place of recorded ones."""
    for report in _reports_of(snapshot):
        yield from (one.text for one in report.translations if one.language == language)


def _reports_of(snapshot: Snapshot) -> Iterator[UnitReport | ProjectReport]:
    yield from snapshot.units
    yield from snapshot.projects


def reading(report: UnitReport | ProjectReport, language: str) -> dict[str, str]:
    """Return what the words of a report read in a language, as far as they are translated."""
    return {one.original: one.text for one in report.translations if one.language == language}


def _in(one: Any, reads: Mapping[str, str]) -> dict[str, str]:  # noqa: ANN401 - any part of a report
    told = {name: getattr(one, name) for name in _WORDS[type(one)]}
    return {name: reads[text] for name, text in told.items() if text in reads}


def _unit_in(unit: UnitReport, reads: Mapping[str, str]) -> UnitReport:
    if not reads:
        return unit
    parts = {part: tuple(evolve(one, **_in(one, reads)) for one in getattr(unit, part)) for part in _PARTS}
    return evolve(unit, **_in(unit, reads), **parts)  # type: ignore[arg-type]  # of fields by their names


def _project_in(project: ProjectReport, reads: Mapping[str, str]) -> ProjectReport:
    told = _in(project, reads)
    if "name" in told:
        told["launched_as"] = project.key
    return evolve(project, **told) if told else project  # type: ignore[arg-type]  # of fields by their names
