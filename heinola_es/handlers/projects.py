"""Projects: launched, reported on, revised, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from heinola_es.domain.aggregates.project import NameTaken
from heinola_es.domain.amounts import decimal_text
from heinola_es.handlers.restating import require_restating_words

if TYPE_CHECKING:
    from datetime import date

    from events.period import Period
    from heinola_es.domain.project_facts import Described, ProjectFacts
    from heinola_es.handlers.session import Session


def launch_project(session: Session, name: str, effective: Period, unit: str, **facts: Unpack[Described]) -> None:
    """Launch a project of `unit`.

    Raises:
        UnknownUnit, ProjectExists, NameTaken.
    """
    session.unit(unit)
    if (other := session.project_called(name)) is not None and other.name != name:
        raise NameTaken(f"project {other.name!r} is called {name!r}; choose another name, or report on that one")
    session.project_or_new(name).launch(session.stamp, effective, unit, **facts)


def revise_project(
    session: Session, name: str, day: date, *, called: str | None = None, **facts: Unpack[ProjectFacts]
) -> None:
    """Let the given facts hold from `day` on; where it is `called` otherwise from then on, its key stays.

    Raises:
        UnknownProject, ProjectHasEnded, UnknownUnit, NameTaken.
    """
    if owner := facts.get("unit"):
        session.unit(owner)
    project = session.project(name)
    if called and (other := session.project_called(called)) is not None and other is not project:
        raise NameTaken(f"project {other.name!r} is called {called!r} already; choose another name")
    project.revise(session.stamp, day, called=called, **facts)


def report_progress(session: Session, name: str, period: Period, percent: str | None, text: str = "") -> None:
    """Report how far a project is at the end of `period`; `percent` is a number as people write it, or None.

    Raises:
        UnknownProject, ProgressOutOfRange; BadInput where the per cent is no number.
    """
    share = None if percent is None else decimal_text(percent)
    project = session.project(name)
    require_restating_words(session, project.facts["unit"], period)
    project.report_progress(session.stamp, period, share, text)


def end_project(session: Session, name: str, day: date, text: str = "") -> None:
    """End a project on `day`.

    Raises:
        UnknownProject, ProjectHasEnded.
    """
    session.project(name).end(session.stamp, day, text)
