"""What units have told for a period, as it was known at a position of the log: what stands in the fields of forms."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

import orjson
from attrs import field, frozen

from events.period import Period
from projections.read_models.checked import rows_of
from projections.read_models.models import PROJECTS
from projections.snapshot.told_by_units import GivenForecast, UnitWords, forecasts_of_year, words_of

if TYPE_CHECKING:
    from heinola_es.store.reading import LogReader
    from projections.forms.model import Key

NOTHING = UnitWords()


@frozen(slots=True, eq=False, repr=False)
class Told:
    """What is told for a period.

    Attributes:
        period: which.
        words: of units, by code.
        progress: of projects, by the name that they were launched under: per cent and text.
        forecasts: of units and lines, by the codes of both: cents and text.
    """

    period: Period
    words: Mapping[str, UnitWords]
    progress: Mapping[str, tuple[str, str]]
    forecasts: Mapping[tuple[str, str], tuple[str, str]] = field(factory=dict)

    def value(self, unit: str, key: Key) -> str:
        """Return what stands in a field of a unit; empty where nothing is told."""
        return self.values(unit, key).get(key[-1], "")

    def values(self, unit: str, key: Key) -> dict[str, str]:
        """Return what stands in all fields of a row, which one of its keys names."""
        section, *ident, _field = key
        if section == "forecast":
            amount, text = self.forecasts.get((unit, ident[0]), ("", ""))
            return {"amount": amount, "text": text}
        if section == "project":
            percent, text = self.progress.get(ident[0], ("", ""))
            return {"percent": percent, "text": text}
        return self._worded(self.words.get(unit, NOTHING), section, ident)

    def _worded(self, words: UnitWords, section: str, ident: list[str]) -> dict[str, str]:
        """Return what stands in the fields of a row of a unit's own words."""
        if section == "goal":
            goal = next((one for one in words.goals if one.id == ident[0]), None)
            return {} if goal is None else {"status": goal.status or "", "text": goal.text or ""}
        if section == "priority":
            told = next((one.text for one in words.priorities if str(one.number) == ident[0]), None)
            return {"text": told or ""}
        if section == "narrative":
            return {"text": words.texts.get((self.period, ident[0], ident[1] or None, int(ident[2])), "")}
        if section == "indicator":
            seen = (one for one in words.indicators if one.period == self.period)
            return {"value": next((one.value for one in seen if one.name == ident[0]), "")}
        return {"text": words.outlook or ""} if section == "outlook" else {}


def told_for(reader: LogReader, period: Period, upto: int) -> Told:
    """Return what is told for a period, as it was known at a position."""
    words = words_of(reader, period, upto)
    return Told(period, words, _progress(reader, period, upto), _forecasts(reader, period, upto))


def before(period: Period) -> Period:
    """Return the days of the year before a period; of one that begins the year, the whole year before."""
    if period.start.timetuple().tm_yday == 1:
        return Period.of_year(period.year - 1)
    return Period(Period.of_year(period.year).start, period.start - timedelta(days=1))


def _progress(reader: LogReader, period: Period, upto: int) -> dict[str, tuple[str, str]]:
    """Return what is reported of projects inside a period; of several reports the one for its latest days holds."""
    found: dict[str, tuple[str, str, str]] = {}
    first, last = period.start.isoformat(), period.end.isoformat()
    for _position, topic, name, start, end, body in rows_of(reader, PROJECTS, upto):
        inside = topic == "ProjectProgressReported" and first <= start and end <= last
        if inside and end >= found.get(name, ("",))[0]:
            told = orjson.loads(body)
            found[name] = (end, told.get("percent") or "", told.get("text") or "")
    return {name: (percent, text) for name, (_end, percent, text) in found.items()}


def _forecasts(reader: LogReader, period: Period, upto: int) -> dict[tuple[str, str], tuple[str, str]]:
    """Return what is forecast inside a period; of a line the forecast that is seen from the latest day holds."""
    found: dict[tuple[str, str], GivenForecast] = {}
    for one in forecasts_of_year(reader, period.year, upto):
        key = one.unit, one.line
        if period.contains(one.seen) and (key not in found or one.seen.end >= found[key].seen.end):
            found[key] = one
    return {key: (str(one.cents), one.text) for key, one in found.items()}
