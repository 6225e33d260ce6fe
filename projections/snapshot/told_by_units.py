"""Goals, priorities, narratives, indicators and outlooks of a period, out of their read model."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypedDict

import orjson
from attrs import define, field, frozen

from events.period import Period
from events.value_object import ValueObject
from heinola_es.domain.amounts import is_readable, number_or_none
from projections.read_models.checked import rows_of
from projections.read_models.models import WORDS
from projections.snapshot.model import Goal, GoalStatus, Indicator, Narrative, Priority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from heinola_es.store.reading import LogReader
    from projections.read_models.blocks import Row

_GOAL_TEXTS = ("programme_goal", "binding_goal", "metric", "target_level", "strategic_goal", "subtask")
_FORECAST = "ForecastGiven"
TEXTS = frozenset({"NarrativeReported", "GoalStatusUpdated", "PriorityReported", "OutlookGiven", _FORECAST})
"""The kinds of events in which a unit says something of its figures."""
_LATEST_HOLDS = frozenset({"GoalStatusUpdated", "PriorityReported", "OutlookGiven"})


class Told(TypedDict):
    """What a unit has to say, as fields of its `UnitReport`."""

    goals: tuple[Goal, ...]
    priorities: tuple[Priority, ...]
    narratives: tuple[Narrative, ...]
    indicators: tuple[Indicator, ...]
    outlook: str | None


@define(slots=True, eq=False, repr=False)
class UnitWords(ValueObject):
    """What a unit has to say for a period.

    Attributes:
        outlook: the last estimate given inside the period, or None.

    Goals are those that hold at the period's end, with the status reported inside the period; priorities are those of
    the year, with the outcome reported inside the period. A later text of the same section, programme, part and period
    replaces an earlier one, and so does a later statistic of the same name and period.

    Of several statuses, outcomes or estimates inside the period the one for its latest days holds; of those for the
    same days, the one recorded last.
    """

    _goals: dict[str, dict[str, Any]] = field(factory=dict)
    _statuses: dict[str, tuple[GoalStatus, str]] = field(factory=dict)
    _priorities: dict[int, dict[str, Any]] = field(factory=dict)
    _outcomes: dict[int, str] = field(factory=dict)
    _narratives: dict[tuple[Period, str, str | None, int], Narrative] = field(factory=dict)
    _indicators: dict[tuple[str, str], Indicator] = field(factory=dict)
    outlook: str | None = None
    _last_day: dict[tuple[Any, ...], date] = field(factory=dict)

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals, in the order in which they were set."""
        return tuple(_goal(body, *self._statuses.get(name, (None, None))) for name, body in self._goals.items())

    @property
    def priorities(self) -> tuple[Priority, ...]:
        """The priorities by their numbers."""
        return tuple(_priority(self._priorities[no], self._outcomes.get(no)) for no in sorted(self._priorities))

    @property
    def narratives(self) -> tuple[Narrative, ...]:
        """The texts, those about earlier days first, else as they were recorded."""
        return tuple(self._narratives[key] for key in sorted(self._narratives, key=lambda key: key[0]))

    @property
    def texts(self) -> dict[tuple[Period, str, str | None, int], str]:
        """The texts by their period, section, programme and part, those about earlier days first."""
        return {key: self._narratives[key].text for key in sorted(self._narratives, key=lambda key: key[0])}

    @property
    def indicators(self) -> tuple[Indicator, ...]:
        """The statistics, as they were recorded."""
        return tuple(self._indicators.values())

    def told(self) -> Told:
        """Return what goes into the report of the unit."""
        return {
            "goals": self.goals,
            "priorities": self.priorities,
            "narratives": self.narratives,
            "indicators": self.indicators,
            "outlook": self.outlook,
        }

    def take(self, topic: str, body: dict[str, Any], period: Period) -> None:
        """Take in an event that is about the year of the period, in the order of the log."""
        effective = _period(body["effective"])
        inside = period.contains(effective)
        if topic == "GoalSet":
            self._goals[body["goal"]] = body
            self._statuses.pop(body["goal"], None)
        elif topic == "GoalRevised":
            self._revise(body, effective, period)
        elif topic == "GoalWithdrawn" and effective.start <= period.end:
            self._goals.pop(body["goal"], None)
            self._statuses.pop(body["goal"], None)
        elif topic == "PrioritySet":
            self._priorities[body["number"]] = body
        elif inside:
            self._take_of_period(topic, body, effective)

    def _revise(self, body: dict[str, Any], effective: Period, period: Period) -> None:
        """Let a goal have other words; of two revisions of a text the one from the later day holds."""
        goal = body["goal"]
        if goal not in self._goals or effective.start > period.end:
            return
        texts = {name: body[name] for name in _GOAL_TEXTS if body.get(name) is not None}
        held = {name for name in texts if self._is_latest(("GoalRevised", goal, name), effective)}
        self._goals[goal] = self._goals[goal] | {name: texts[name] for name in held}

    def _take_of_period(self, topic: str, body: dict[str, Any], effective: Period) -> None:
        if topic in _LATEST_HOLDS and not self._is_latest((topic, body.get("goal"), body.get("number")), effective):
            return
        if topic == "GoalStatusUpdated" and body["goal"] in self._goals:
            self._statuses[body["goal"]] = body["status"], body.get("text", "")
        elif topic == "PriorityReported" and body["number"] in self._priorities:
            self._outcomes[body["number"]] = body["text"]
        elif topic == "NarrativeReported":
            key = (effective, body["section"], body.get("programme"), body.get("part", 1))
            self._narratives[key] = _narrative(body, effective)
        elif topic == "IndicatorObserved":
            if number_or_none(body["value"]) is not None:  # else no command recorded it; `audit verify` names it
                self._indicators[body["name"], body["effective"]] = _indicator(body, effective)
        elif topic == "OutlookGiven":
            self.outlook = body["text"]

    def _is_latest(self, about: tuple[Any, ...], effective: Period) -> bool:
        """Return whether nothing about the same was reported for later days, and remember these."""
        latest = self._last_day.setdefault(about, effective.end) <= effective.end
        if latest:
            self._last_day[about] = effective.end
        return latest


_period = lru_cache(maxsize=1000)(Period.from_iso)
"""The period that a text tells; a report is about few, and each is told of by every unit."""


def words_of(reader: LogReader, period: Period, upto: int) -> dict[str, UnitWords]:
    """Return what each unit has to say for `period`, by code, from what was recorded up to a position."""
    words: dict[str, UnitWords] = defaultdict(UnitWords)
    first = Period.of_year(period.year).start.isoformat()
    for _position, topic, unit, first_day, _last_day, body in words_of_year(reader, period.year, upto):
        if first_day >= first and topic != _FORECAST:
            words[unit].take(topic, orjson.loads(body), period)
    return words


@frozen(slots=True, eq=False, repr=False)
class GivenForecast(ValueObject):
    """What a unit said that a line of the year will end at.

    Attributes:
        unit, line: of what.
        seen: the period at whose end it is seen.
        cents, precision_cents, text: as in `ForecastGiven`.
        position: of the event.
    """

    unit: str
    line: str
    seen: Period
    cents: int
    precision_cents: int
    text: str
    position: int = 0


def forecasts_of_year(reader: LogReader, year: int, upto: int) -> Iterator[GivenForecast]:
    """Yield what units said that a year will end at, in the order of the log. What cannot be counted is none."""
    for position, topic, unit, first_day, last_day, body in words_of_year(reader, year, upto):
        if topic == _FORECAST:
            told = orjson.loads(body)
            if is_readable(told["amount_cents"]):
                of = told["amount_cents"], told.get("precision_cents", 1), told.get("text", ""), position
                yield GivenForecast(unit, told["line"], _period(f"{first_day}/{last_day}"), *of)


def forecasts_of(reader: LogReader, period: Period, upto: int) -> dict[tuple[str, str], GivenForecast]:
    """Return what units said that the year will end at, as seen at the end of `period`, by unit and line.

    Of several about the same, the one recorded last holds.
    """
    given = forecasts_of_year(reader, period.year, upto)
    return {(one.unit, one.line): one for one in given if one.seen.end == period.end}


def is_forecast_given(reader: LogReader, period: Period, upto: int) -> bool:
    """Return whether any unit said what the year will end at, as seen at the end of `period`."""
    last = period.end.isoformat()
    return any(row[1] == _FORECAST and row[4] == last for row in words_of_year(reader, period.year, upto))


def words_of_year(reader: LogReader, year: int, upto: int) -> list[Row]:
    """Return the rows of what was told of a year; read once in a moment."""
    days = (f"{year:04}-01-01", f"{year:04}-12-31")
    return rows_of(reader, WORDS, upto, days[1][:4], "last_day >= ? AND last_day <= ?", days)


def _goal(body: dict[str, Any], status: GoalStatus | None, text: str | None) -> Goal:
    return Goal(
        id=body["goal"],
        programme_goal=body.get("programme_goal", ""),
        binding_goal=body.get("binding_goal", ""),
        metric=body.get("metric", ""),
        target_level=body.get("target_level", ""),
        strategic_goal=body.get("strategic_goal", ""),
        subtask=body.get("subtask", ""),
        status=status,
        text=text,
    )


def _priority(body: dict[str, Any], text: str | None) -> Priority:
    return Priority(number=body["number"], title=body["title"], metric=body.get("metric", ""), text=text)


def _narrative(body: dict[str, Any], effective: Period) -> Narrative:
    return Narrative(section=body["section"], programme=body.get("programme"), text=body["text"], period=effective)


def _indicator(body: dict[str, Any], effective: Period) -> Indicator:
    return Indicator(name=body["name"], value=body["value"], unit=body.get("measured_in", ""), period=effective)
