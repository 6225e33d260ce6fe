"""The facts of a file on their way into the log: all of them, or nothing and every reason why."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from attrs import define, evolve, field

from events.period import Period
from heinola_es.domain.aggregates.base import Stamp
from heinola_es.errors import BadInput, HeinolaError, Refused
from heinola_es.handlers.restating import Restates
from heinola_es.handlers.session import Session
from heinola_es.importing.facts.kinds import BY_NAME, KINDS
from heinola_es.importing.facts.reading import FactsFile
from heinola_es.importing.files import FACTS_FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.importing.facts.reading import Fact

MOST_TOLD = 100
"""So many problems of a file are told word for word."""


class FactsRefused(Refused):
    """Rules refuse facts of a file. Nothing was recorded."""


class FactsUnread(BadInput):
    """Facts of a file cannot be read. Nothing was recorded."""


def record_facts(session: Session, file: FactsFile) -> None:
    """Record every fact of a file, and that the file was imported.

    Raises:
        ImportedBefore: the same content is in the log.
        FactsUnread, FactsRefused: something is wrong with some of them; all of it is told.
        Restates: nothing but that it changes what is closed or published.
    """
    file_import = session.file_import(file.sha256)
    file_import.require_new()
    stamp, work = session.stamp, _Work(session, file)
    work.all()
    work.require_sound()
    session.stamp = stamp
    spans = [event.effective for event in session.pending]
    counts = Counter(event.TOPIC for event in session.pending)
    file_import.complete(
        stamp,
        Period(min(span.start for span in spans), max(span.end for span in spans)),
        file_name=file.name,
        file_format=FACTS_FORMAT,
        counts=tuple(f"{topic}={number}" for topic, number in counts.items()),
        findings=(),
    )


@define(slots=True)
class _Work:
    """One file of facts being recorded.

    Attributes:
        stamp: what the command itself carries.
        refusals: what was refused, with the place of the fact.
        missing: units, goals, projects that are not there because their own fact is wrong.
        resting: how many facts were left out because they rest on these.
    """

    session: Session
    file: FactsFile
    stamp: Stamp = field(init=False)
    refusals: list[tuple[str, HeinolaError]] = field(factory=list)
    missing: set[tuple[str, str]] = field(factory=set)
    resting: int = 0

    def __attrs_post_init__(self) -> None:
        self.stamp = self.session.stamp
        for fact in self.file.spoiled:
            self._is_missing(fact)

    def all(self) -> None:
        for fact in _in_order(self.file.facts):
            if self._rests_on_what_is_missing(fact):
                self.resting += 1
                self._is_missing(fact)
                continue
            self._decide(fact)

    def _decide(self, fact: Fact) -> None:
        values = dict(fact.values)
        source = values.pop("source", None) or self.stamp.source or f"{self.file.name}: {fact.where}"
        reason = values.pop("reason", None) or self.stamp.reason
        self.session.stamp = evolve(self.stamp, source=source, reason=reason)
        try:
            fact.kind.decide(self.session, values)
        except HeinolaError as error:
            self.refusals.append((fact.where, error))
            self._is_missing(fact)

    def require_sound(self) -> None:
        if not self.file.wrong and self.refusals and all(isinstance(e, Restates) for _at, e in self.refusals):
            raise _together([e for _at, e in self.refusals if isinstance(e, Restates)])
        told = [*self.file.wrong, *(f"{where}: {error}" for where, error in self.refusals)]
        if not told:
            return
        number = len(told)
        first = f"{self.file.name}: {number} {'problem' if number == 1 else 'problems'}; nothing was recorded"
        more = [f"  … and {number - MOST_TOLD} more"] if number > MOST_TOLD else []
        if self.resting:
            more.append(f"  {self.resting} more rest on these, and were not looked at")
        refused = any(isinstance(error, Refused) for _at, error in self.refusals)
        kind = FactsRefused if refused and not self.file.wrong else FactsUnread
        raise kind(first, *(f"  {sentence}" for sentence in told[:MOST_TOLD]), *more)

    def _is_missing(self, fact: Fact) -> None:
        self.missing.update((what, str(fact.values.get(key))) for what, key in fact.kind.makes)

    def _rests_on_what_is_missing(self, fact: Fact) -> bool:
        if not self.missing:
            return False
        return any((what, named) in self.missing for what, named in _named(fact))


def _named(fact: Fact) -> Iterable[tuple[str, str]]:
    """Yield what a fact names that must be there before it."""
    made = {key for _what, key in fact.kind.makes}
    naming = {"unit": "unit", "parent": "unit", "into": "unit", "goal": "goal", "project": "project"}
    for key, what in naming.items():
        if key in fact.values and key not in made:
            yield what, str(fact.values[key])
    if fact.kind.name == "priority" and "title" not in fact.values:
        yield "priority", str(fact.values.get("number"))


def _in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Return facts in the order in which they can be recorded: kind by kind, units from the top down."""
    by_kind: dict[str, list[Fact]] = {kind.name: [] for kind in KINDS}
    for fact in facts:
        by_kind[fact.kind.name].append(fact)
    by_kind[BY_NAME["unit"].name] = _from_the_top(by_kind["unit"])
    return [fact for of_kind in by_kind.values() for fact in of_kind]


def _from_the_top(units: list[Fact]) -> list[Fact]:
    """Return units, each after the one above it; those in a circle stay as they are, and are refused."""
    waiting, ordered = list(units), []
    while waiting:
        below = {fact.values["code"] for fact in waiting}
        ready = [fact for fact in waiting if fact.values.get("parent") not in below] or waiting
        ordered += ready
        taken = {id(fact) for fact in ready}
        waiting = [fact for fact in waiting if id(fact) not in taken]
    return ordered


def _together(errors: list[Restates]) -> Restates:
    """Return everything that would be changed of what is closed or published, as one refusal."""
    reports: dict[Any, Any] = {report: report for error in errors for report in error.reports}
    closings: dict[Any, Any] = {closing.originator_id: closing for error in errors for closing in error.closings}
    return Restates(list(reports), list(closings.values()))
