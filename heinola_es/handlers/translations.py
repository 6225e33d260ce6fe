"""What recorded words read in another language: the name of a unit, a goal, any text of a unit or a project."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from heinola_es.domain.aggregates.unit_year import GoalNeverSet
from heinola_es.errors import BadInput, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from typing import Any

    from heinola_es.domain.aggregates.base import Aggregate
    from heinola_es.domain.aggregates.unit_year import GoalTexts
    from heinola_es.handlers.session import Session

TRANSLATED_FIELDS = (
    *("name", "binding_goal", "programme_goal", "metric", "target_level", "strategic_goal", "subtask"),
    *("title", "section", "programme", "text", "measured_in", "responsible"),
    *("project", "description", "administrator", "phase", "funder", "city_decision", "amount_notes", "other"),
)
"""The fields of events that hold words of people."""
_LONGEST_TOLD = 60


class NotRecorded(BadInput):
    """The words to be translated are not recorded of the unit or the project."""


def translate_name(session: Session, code: str, day: date | None, name: str, language: str) -> None:
    """Let the name that a unit has on `day` (its last one, where that is None) read `name` in a language.

    Raises:
        UnknownUnit, NoTranslation, NothingChanges, BeforeUnitExisted.
    """
    unit = session.unit(code)
    unit.translate(session.stamp, unit.name_on(day), language, name)


def translate_goal(
    session: Session, code: str, year: int, goal: str, language: str, **texts: Unpack[GoalTexts]
) -> None:
    """Let the words of a goal read otherwise in a language.

    Raises:
        UnknownUnit, GoalNeverSet, NotRecorded, NoTranslation, NothingChanges.
    """
    unit = session.unit(code)
    known = session.unit_year(code, year).goals.get(goal)
    if known is None:
        raise GoalNeverSet(f"unit {code} has no goal {goal!r} in {year}; set it with `heinola record goal`")
    for name, text in texts.items():
        original = getattr(known, name)
        if not original:
            raise NotRecorded(f"goal {goal} has no {name.replace('_', ' ')} to translate; set it first")
        unit.translate(session.stamp, original, language, str(text))


def translate_text(
    session: Session, original: str, text: str, language: str, *, unit: str | None = None, project: str | None = None
) -> None:
    """Let words that are recorded of a unit, or of a project, read `text` in a language.

    Args:
        session: the command's.
        original: the recorded words, or how they begin, where only one text begins so.
        text: what they read in the language.
        language: `fi`, `sv` or `en`.
        unit: the code of the unit that they are recorded of; or
        project: the name of the project.

    Raises:
        UnknownUnit, UnknownProject, NotRecorded, NoTranslation, NothingChanges.
    """
    if (unit is None) == (project is None):
        raise BadInput("say of what the words are recorded: either the code of a unit, or a project")
    if project is not None:
        of = session.project(project)
        of.translate(session.stamp, _recorded(original, _words_of(session, of), f"project {project!r}"), language, text)
    else:
        about = session.unit(str(unit))
        words = [*_words_of(session, about)]
        last = min(about.last_day.year, max(session.stamp.recorded.year + 1, about.first_day.year))
        for year in range(about.first_day.year, last + 1):
            words += _words_of(session, session.unit_year(about.code, year))
        about.translate(session.stamp, _recorded(original, words, f"unit {unit}"), language, text)


def _words_of(session: Session, aggregate: Aggregate[Any]) -> Iterator[str]:
    """Yield the words that the events of a stream hold, and those of this command."""
    pending = (event for event in session.pending if event.originator_id == aggregate.stream)
    for event in (*session.facts_of(aggregate), *pending):
        for name in TRANSLATED_FIELDS if not event.TOPIC.endswith("TextTranslated") else ():
            if words := getattr(event, name, None):
                yield str(words)


def _recorded(original: str, words: Iterator[str] | list[str], of: str) -> str:
    """Return the recorded words that are meant.

    Raises:
        NotRecorded: there are none, or several texts begin so.
    """
    known = dict.fromkeys(words)
    if original in known:
        return original
    if not original.strip():
        raise NotRecorded(f"no words of {of} are named; give those that are recorded, or how they begin")
    found = [text for text in known if " ".join(text.split()).startswith(" ".join(original.split()))]
    if len(found) == 1:
        return found[0]
    told = f"{original[:_LONGEST_TOLD]!r}"
    if found:
        raise NotRecorded(f"{len(found)} texts of {of} begin with {told}; give more of the one that is meant")
    raise NotRecorded(
        f"nothing that is recorded of {of} reads or begins with {told}{nearest(original, known)}; give it in the words "
        f"that are recorded"
    )
