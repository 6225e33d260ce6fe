"""Goals, priorities, narratives, indicators and outlooks of a period, out of their read model."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

import orjson
from attrs import define, evolve, field

from events.period import Period
from projections.checked import rows_of
from projections.read_models import WORDS
from projections.snapshot.model import Goal, Indicator, Narrative, Priority

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader

_LATEST_HOLDS = frozenset({"GoalStatusUpdated", "PriorityReported", "OutlookGiven"})


@define(slots=True)
class UnitWords:
    """What a unit has to say for a period.

    Attributes:
        goals: the goals that hold at the period's end, by id, with the status reported inside the period.
        priorities: the year's priorities by number, with the outcome reported inside the period.
        narratives: texts of the period by section, programme, part and period; a later one replaces an earlier.
        indicators: statistics of the period by name and period; a later one replaces an earlier.
        outlook: the last estimate given inside the period, or None.

    Of several statuses, outcomes or estimates inside the period the one for its latest days holds; of those for the
    same days, the one recorded last.
    """

    goals: dict[str, Goal] = field(factory=dict)
    _priorities: dict[int, Priority] = field(factory=dict)
    _narratives: dict[tuple[Period, str, str | None, int], Narrative] = field(factory=dict)
    indicators: dict[tuple[str, str], Indicator] = field(factory=dict)
    outlook: str | None = None
    _last_day: dict[tuple[Any, ...], date] = field(factory=dict)

    @property
    def priorities(self) -> tuple[Priority, ...]:
        """The priorities by their numbers."""
        return tuple(self._priorities[number] for number in sorted(self._priorities))

    @property
    def narratives(self) -> tuple[Narrative, ...]:
        """The texts by what they are about: those of earlier days first, else as they were recorded."""
        return tuple(self._narratives[key] for key in sorted(self._narratives, key=lambda key: key[0]))

    def take(self, topic: str, body: dict[str, Any], period: Period) -> None:
        """Take in an event that is about the year of the period, in the order of the log."""
        effective = Period.from_iso(body["effective"])
        inside = period.contains(effective)
        if topic == "GoalSet":
            self.goals[body["goal"]] = _goal(body)
        elif topic == "GoalWithdrawn" and effective.start <= period.end:
            self.goals.pop(body["goal"], None)
        elif topic == "PrioritySet":
            known = self._priorities.get(body["number"])
            self._priorities[body["number"]] = _priority(body, None if known is None else known.text)
        elif inside:
            self._take_of_period(topic, body, effective)

    def _take_of_period(self, topic: str, body: dict[str, Any], effective: Period) -> None:
        if topic in _LATEST_HOLDS and not self._is_latest((topic, body.get("goal"), body.get("number")), effective):
            return
        if topic == "GoalStatusUpdated" and body["goal"] in self.goals:
            goal = self.goals[body["goal"]]
            self.goals[body["goal"]] = evolve(goal, status=body["status"], text=body.get("text", ""))
        elif topic == "PriorityReported" and body["number"] in self._priorities:
            self._priorities[body["number"]] = evolve(self._priorities[body["number"]], text=body["text"])
        elif topic == "NarrativeReported":
            key = (effective, body["section"], body.get("programme"), body.get("part", 1))
            self._narratives[key] = _narrative(body, effective)
        elif topic == "IndicatorObserved":
            self.indicators[body["name"], body["effective"]] = _indicator(body, effective)
        elif topic == "OutlookGiven":
            self.outlook = body["text"]

    def _is_latest(self, about: tuple[Any, ...], effective: Period) -> bool:
        """Return whether nothing about the same was reported for later days, and remember these."""
        latest = self._last_day.setdefault(about, effective.end) <= effective.end
        if latest:
            self._last_day[about] = effective.end
        return latest


def words_of(reader: LogReader, period: Period, upto: int) -> dict[str, UnitWords]:
    """Return what each unit has to say for `period`, by code, from what was recorded up to a position."""
    year = Period.of_year(period.year)
    days = (year.start.isoformat(), year.end.isoformat())
    rows = rows_of(reader, WORDS, upto, days[1][:4], "last_day >= ? AND last_day <= ?", days)
    words: dict[str, UnitWords] = defaultdict(UnitWords)
    for _position, topic, unit, first_day, _last_day, body in rows:
        if first_day >= days[0]:
            words[unit].take(topic, orjson.loads(body), period)
    return words


def _goal(body: dict[str, Any]) -> Goal:
    return Goal(
        id=body["goal"],
        programme_goal=body.get("programme_goal", ""),
        binding_goal=body.get("binding_goal", ""),
        metric=body.get("metric", ""),
        target_level=body.get("target_level", ""),
        strategic_goal=body.get("strategic_goal", ""),
        subtask=body.get("subtask", ""),
    )


def _priority(body: dict[str, Any], text: str | None) -> Priority:
    return Priority(number=body["number"], title=body["title"], metric=body.get("metric", ""), text=text)


def _narrative(body: dict[str, Any], effective: Period) -> Narrative:
    return Narrative(section=body["section"], programme=body.get("programme"), text=body["text"], period=effective)


def _indicator(body: dict[str, Any], effective: Period) -> Indicator:
    return Indicator(name=body["name"], value=body["value"], unit=body.get("measured_in", ""), period=effective)
