"""A project over its life, owned by a unit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Unpack, assert_never, cast, get_args

from attrs import define, field

from events.period import Period
from events.projects import (
    ProjectEnded,
    ProjectLaunched,
    ProjectProgressReported,
    ProjectRevised,
    ProjectsEvent,
    ProjectTextTranslated,
)
from heinola_es.domain.aggregates.base import Aggregate, Stamp
from heinola_es.domain.aggregates.unit import NothingChanges
from heinola_es.domain.amounts import require_amount, require_number
from heinola_es.domain.codes import require_name, require_translation
from heinola_es.domain.project_facts import FACTS, Described, ProjectFacts
from heinola_es.errors import Refused

FULL_PERCENT = Decimal(100)


class ProjectExists(Refused):
    """A project with this name was launched before."""


class NameTaken(Refused):
    """Another project is called so, or was launched under the name."""


class UnknownProject(Refused):
    """There is no project with this name."""


class ProjectHasEnded(Refused):
    """The project ended before the day in question."""


class ProgressOutOfRange(Refused):
    """Progress is between 0 and 100 per cent."""


@define(slots=True, kw_only=True, eq=False, repr=False)
class Project(Aggregate[ProjectsEvent]):
    """A project, folded from its stream; `facts` are the fields of `ProjectLaunched` as revised since.

    Attributes:
        name: the name that it was launched under, its key.
        called: every other name that it was given since, the last one last.
        launched: whether there is such a project at all.
    """

    KIND = "a project"
    FAMILY = frozenset(get_args(ProjectsEvent))

    name: str
    launched: bool = False
    facts: ProjectFacts = field(factory=ProjectFacts)
    ended: date | None = None
    called: list[str] = field(factory=list)
    translations: dict[tuple[str, str], str] = field(factory=dict)

    def evolve(self, event: ProjectsEvent) -> None:
        """Take a project event into the state."""
        match event:
            case ProjectLaunched():
                self.launched, self.facts = True, project_values(event)
            case ProjectRevised():
                changed = {name: value for name, value in project_values(event).items() if value is not None}
                self.facts = cast("ProjectFacts", self.facts | changed)
                if event.name is not None:
                    self.called.append(event.name)
            case ProjectEnded():
                self.ended = event.effective.start
            case ProjectProgressReported():
                pass  # nothing is decided by it
            case ProjectTextTranslated():
                self.translations[event.original, event.language] = event.text
            case _:
                assert_never(event)

    def launch(self, stamp: Stamp, effective: Period, unit: str, **facts: Unpack[Described]) -> None:
        """Launch the project, owned by `unit`.

        Raises:
            NoCode, ProjectExists, AmountTooLarge.
        """
        require_name(self.name, "the project's name")
        _require_amounts(facts)
        if self.launched:
            raise ProjectExists(f"project {self.name!r} exists already; revise it or report its progress")
        self.record(ProjectLaunched(**self.head(stamp, effective), project=self.name, unit=unit, **facts))

    def revise(self, stamp: Stamp, day: date, *, called: str | None = None, **facts: Unpack[ProjectFacts]) -> None:
        """Let the given facts hold from `day` on, and the project be `called` so, where a name is given.

        Raises:
            NoCode, UnknownProject, ProjectHasEnded, AmountTooLarge.
        """
        _require_amounts(facts)
        if called is not None:
            require_name(called, "the project's name")
        self._require_running(day)
        head = self.head(stamp, Period.of_day(day))
        self.record(ProjectRevised(**head, project=self.name, name=called, **facts))

    def report_progress(self, stamp: Stamp, period: Period, percent: str | None, text: str) -> None:
        """Report how far the project is at the end of a period; `percent` is decimal text or None.

        Raises:
            UnknownProject, ProgressOutOfRange; BadInput for a per cent that is no number.
        """
        if percent is not None:
            require_number(percent)
        if not self.launched:
            self._require_running(period.end)
        if percent is not None and not 0 <= Decimal(percent) <= FULL_PERCENT:
            raise ProgressOutOfRange(f"progress of {percent} % is outside 0–100 %; give the share that is done")
        self.record(ProjectProgressReported(**self.head(stamp, period), project=self.name, percent=percent, text=text))

    def end(self, stamp: Stamp, day: date, text: str) -> None:
        """End the project on `day`.

        Raises:
            UnknownProject, ProjectHasEnded.
        """
        self._require_running(day)
        self.record(ProjectEnded(**self.head(stamp, Period.of_day(day)), project=self.name, text=text))

    def translate(self, stamp: Stamp, original: str, language: str, text: str) -> None:
        """Let what is recorded of the project as `original` read `text` in a language.

        Raises:
            NoTranslation, NothingChanges.
        """
        require_translation(text, language)
        if self.translations.get((original, language)) == text:
            raise NothingChanges(f"that is what it reads in {language!r} already")
        head = self.head(stamp, Period.of_day(stamp.recorded.date()))
        told = {"project": self.name, "original": original, "language": language, "text": text}
        self.record(ProjectTextTranslated(**head, **told))

    def _require_running(self, day: date) -> None:
        if not self.launched:
            raise UnknownProject(f"there is no project {self.name!r}; launch it with `heinola record project`")
        if self.ended is not None and day > self.ended:
            raise ProjectHasEnded(f"project {self.name!r} ended on {Period.of_day(self.ended).label}")


def _require_amounts(facts: Described) -> None:
    for cents in (facts.get("income_cents"), facts.get("expense_cents"), facts.get("city_share_cents")):
        if cents is not None:
            require_amount(cents)


def project_values(described: object) -> ProjectFacts:
    """Return the facts that an event or a report gives of a project, by name."""
    return cast("ProjectFacts", {name: getattr(described, name) for name in FACTS})
