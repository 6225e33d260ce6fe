"""Postings by the hundred thousand: their stored bodies without an event object for each.

A template is encoded from a real event, once per unit and year, by the codec itself; each posting fills in the values
that differ. The bytes are those that the codec and the mapper would give, which a test proves.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import orjson
from attrs import define, evolve

from events.codec import encode_body
from events.figures import ActualPosted
from events.streams import stream_named
from heinola_es.store.appending import Body, PlacedBody

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from events.period import Period
    from heinola_es.aggregates.base import Stamp
    from heinola_es.aggregates.unit_year import UnitYear


_DIFFERING = frozenset({"effective", "source", "line", "amount_cents", "account"})

Said = tuple[str, str, str, int, str, bool]
"""What a posting says of its own: period, source, line, cents, account, and whether it is a detail."""


@define(slots=True)
class Postings:
    """Makes the bodies of a unit and year's postings, whose versions follow one another.

    Attributes:
        stream: of the unit's year, in hex.
        version: of the last event of the stream.
        event: one of them; what all have in common.
    """

    stream: str
    version: int
    event: ActualPosted

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
        return cls(year.stream.hex, year.version, event)

    def bodies(self, said: Iterable[Said]) -> Iterator[Body]:
        """Yield the next postings of the stream."""
        stream, dumps = self.stream, orjson.dumps
        often, kind, template = cache(dumps), cache(self._kind), cache(self._template)
        for effective, source, line, cents, account, detail in said:
            self.version += 1
            state = template(account != "", detail) % {
                b"effective": often(effective),
                b"source": dumps(source),
                b"line": often(line),
                b"amount_cents": cents,
                b"account": often(account),
            }
            yield kind(effective)(stream, self.version, ActualPosted.TOPIC, state)

    def _kind(self, effective: str) -> type[Body]:
        """Return what a posting of a period is: one that stands in its own stream, or one to be looked at."""
        named = stream_named(ActualPosted.TOPIC, {"unit": self.event.unit, "effective": effective})
        return PlacedBody if named == self.stream else Body

    def _template(self, has_account: bool, detail: bool) -> bytes:  # noqa: FBT001 - what a posting says of itself
        """Return the JSON of a body with places for the values that differ; fields at their default are left out."""
        body = encode_body(evolve(self.event, account="-" if has_account else "", detail=detail))
        fields = (b"%b:%b" % (orjson.dumps(name), _place(name, value)) for name, value in body.items())
        return b"{%b}" % b",".join(fields)


def _place(name: str, value: object) -> bytes:
    if name in _DIFFERING:
        return b"%%(%b)%b" % (name.encode(), b"d" if isinstance(value, int) else b"b")
    return orjson.dumps(value).replace(b"%", b"%%")
