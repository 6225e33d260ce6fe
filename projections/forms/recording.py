"""What was changed in forms on its way into the log: a command for each form, all of them or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import evolve

from heinola_es.errors import HeinolaError, Refused
from heinola_es.handlers import forecasts, goals, projects, withdrawing
from projections.report.language.words import words_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from events.period import Period
    from heinola_es.handlers.session import Session
    from projections.forms.changes import Change
    from projections.forms.model import Identity


class FormRefused(Refused):
    """Rules refuse what stands in a form; a sentence for each."""


def record_changes(session: Session, identity: Identity, changes: Sequence[Change]) -> None:
    """Record the changes of a form.

    Args:
        session: of the form's own command.
        identity: of the form.
        changes: that are not recorded yet.

    Raises:
        FormRefused: a rule refuses some; all of them are told, with their places.
    """
    refused: list[str] = []
    stamp = session.stamp
    emptied = words_in(identity.language).say("emptied in the form")
    for change in changes:
        session.stamp = evolve(stamp, reason=emptied) if change.is_emptied else stamp
        try:
            (_withdraw if change.is_emptied else _record)(session, identity.period, change)
        except HeinolaError as error:
            refused.append(f"{change.where}: {error}")
    if refused:
        raise FormRefused(*refused)


def _record(session: Session, period: Period, change: Change) -> None:
    unit, (section, *ident), told = change.unit, change.row, change.filled
    if section == "goal":
        goals.update_goal_status(session, unit, period, ident[0], told["status"], told["text"])
    elif section == "priority":
        goals.report_priority(session, unit, period, int(ident[0]), told["text"])
    elif section == "narrative":
        programme, part = ident[1] or None, int(ident[2])
        goals.report_narrative(session, unit, period, ident[0], told["text"], programme=programme, part=part)
    elif section == "indicator":
        goals.observe_indicator(session, unit, period, ident[0], told["value"], ident[1])
    elif section == "project":
        projects.report_progress(session, ident[0], period, told["percent"] or None, told["text"])
    elif section == "forecast":
        forecasts.give_forecast(session, unit, ident[0], period, int(told["amount"]), text=told["text"])
    elif section == "outlook":
        goals.give_outlook(session, unit, period, told["text"])


def _withdraw(session: Session, period: Period, change: Change) -> None:
    """Take back what stood in a row that was emptied."""
    unit, (section, *ident) = change.unit, change.row
    if section == "goal":
        withdrawing.withdraw_goal_status(session, unit, period, ident[0])
    elif section == "priority":
        withdrawing.withdraw_priority(session, unit, period, int(ident[0]))
    elif section == "narrative":
        programme, part = ident[1] or None, int(ident[2])
        withdrawing.withdraw_narrative(session, unit, period, ident[0], programme=programme, part=part)
    elif section == "indicator":
        withdrawing.withdraw_indicator(session, unit, period, ident[0])
    elif section == "project":
        withdrawing.withdraw_progress(session, ident[0], period)
    elif section == "forecast":
        withdrawing.withdraw_forecast(session, unit, period, ident[0])
    elif section == "outlook":
        withdrawing.withdraw_outlook(session, unit, period)
