"""Postings by the hundred thousand: their stored bodies without an event object for each.

A template is encoded from a real event, once per unit and year, by the codec itself; each posting then replaces the
values that differ. The bytes are those that the codec and the mapper would give, which a test proves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson
from attrs import define, evolve

from events.codec import encode_body
from events.figures import ActualPosted
from heinola_es.store.log import Body

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.period import Period
    from heinola_es.aggregates.base import Stamp
    from heinola_es.aggregates.unit_year import UnitYear


Said = tuple[str, str, str, int, str, bool]
"""What a posting says of its own: period, source, line, cents, account, and whether it is a detail."""


@define(slots=True)
class Postings:
    """Makes the bodies of a unit and year's postings, whose versions follow one another.

    Attributes:
        stream: of the unit's year, in hex.
        version: of the last event of the stream.
        templates: by whether there is an account and whether it is a detail: the fields at their default are left out.
    """

    stream: str
    version: int
    templates: dict[tuple[bool, bool], dict[str, Any]]

    @classmethod
    def of(cls, year: UnitYear, stamp: Stamp, period: Period) -> Postings:
        """Return what makes the postings of a unit's year, from the version that it has now."""
        event = ActualPosted(
            originator_id=year.stream,
            originator_version=year.version + 1,
            recorded=stamp.recorded,
            recorded_by=stamp.by,
            effective=period,
            source="-",
            reason=stamp.reason,
            login=stamp.login,
            unit=year.unit,
            line="-",
            amount_cents=0,
        )
        templates = {
            (bool(account), detail): encode_body(evolve(event, account=account, detail=detail))
            for account in ("", "-")
            for detail in (False, True)
        }
        return cls(year.stream.hex, year.version, templates)

    def bodies(self, said: Iterable[Said]) -> Iterator[Body]:
        """Yield the next postings of the stream."""
        stream, templates, dumps = self.stream, self.templates, orjson.dumps
        for effective, source, line, cents, account, detail in said:
            self.version += 1
            body = templates[account != "", detail].copy()
            body["effective"] = effective
            body["source"] = source
            body["line"] = line
            body["amount_cents"] = cents
            if account:
                body["account"] = account
            yield Body(stream, self.version, ActualPosted.TOPIC, dumps(body))
