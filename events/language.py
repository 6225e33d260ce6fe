"""The whole language in one place: every event class by its topic."""

from __future__ import annotations

from typing import TYPE_CHECKING, get_args

from events.charts import ChartAdopted
from events.city import CityNamed
from events.coverage import CoverageEvent
from events.figures import FiguresEvent
from events.forecasts import ForecastGiven
from events.goals import GoalsEvent
from events.imports import FileImported
from events.keys import KeysRequired
from events.narratives import NarrativesEvent
from events.organisation import OrganisationEvent
from events.projects import ProjectsEvent
from events.proposals import ProposalsEvent
from events.publications import ReportPublished
from events.roles import RolesEvent
from events.rounds import RoundsEvent
from events.store import StoreEvent
from events.undoing import FactsUndone

if TYPE_CHECKING:
    from events.base import Event

EVENT_TYPES: tuple[type[Event], ...] = (
    *get_args(OrganisationEvent),
    *get_args(FiguresEvent),
    *get_args(CoverageEvent),
    *get_args(ProposalsEvent),
    *get_args(GoalsEvent),
    *get_args(NarrativesEvent),
    *get_args(ProjectsEvent),
    ForecastGiven,
    FileImported,
    ReportPublished,
    *get_args(RoundsEvent),
    *get_args(RolesEvent),
    FactsUndone,
    CityNamed,
    ChartAdopted,
    KeysRequired,
    *get_args(StoreEvent),
)

BY_TOPIC: dict[str, type[Event]] = {event_type.TOPIC: event_type for event_type in EVENT_TYPES}
"""Topics are stored; a class may move or be renamed, its topic never changes."""


def event_type_of(topic: str) -> type[Event]:
    """Return the event class of a stored topic.

    Raises:
        UnknownTopicError: this version of the program knows no such event.
    """
    try:
        return BY_TOPIC[topic]
    except KeyError:
        raise UnknownTopicError(topic) from None


class UnknownTopicError(LookupError):
    """The log holds a kind of event that this version does not know: it was written by a newer one."""

    def __str__(self) -> str:
        return f"the log holds an event {self.args[0]!r} that this version does not know; upgrade the program"
