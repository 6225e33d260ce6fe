"""Projects: launched, reported on, revised, ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from heinola_es.amounts import decimal_text

if TYPE_CHECKING:
    from datetime import date

    from events.period import Period
    from heinola_es.project_facts import Described, ProjectFacts
    from heinola_es.session import Session


def launch_project(session: Session, name: str, effective: Period, unit: str, **facts: Unpack[Described]) -> None:
    """Launch a project of `unit`.

    Raises:
        UnknownUnit, ProjectExists.
    """
    session.unit(unit)
    session.project_or_new(name).launch(session.stamp, effective, unit, **facts)


def revise_project(session: Session, name: str, day: date, **facts: Unpack[ProjectFacts]) -> None:
    """Let the given facts hold from `day` on.

    Raises:
        UnknownProject, ProjectHasEnded, UnknownUnit.
    """
    if owner := facts.get("unit"):
        session.unit(owner)
    session.project(name).revise(session.stamp, day, **facts)


def report_progress(session: Session, name: str, period: Period, percent: str | None, text: str = "") -> None:
    """Report how far a project is at the end of `period`; `percent` is a number as people write it, or None.

    Raises:
        UnknownProject, ProgressOutOfRange; BadInput where the per cent is no number.
    """
    share = None if percent is None else decimal_text(percent)
    session.project(name).report_progress(session.stamp, period, share, text)


def end_project(session: Session, name: str, day: date, text: str = "") -> None:
    """End a project on `day`.

    Raises:
        UnknownProject, ProjectHasEnded.
    """
    session.project(name).end(session.stamp, day, text)
