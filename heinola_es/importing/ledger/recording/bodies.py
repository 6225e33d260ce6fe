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
    from heinola_es.domain.aggregates.base import Stamp
    from heinola_es.domain.aggregates.unit_year import UnitYear


_DIFFERING = frozenset({"effective", "line", "account"})
_SOURCE, _CENTS = b"\x00", b"\x01"
"""The places of what hardly two postings have in common, by signs that JSON never has; what is around is made once."""
_BY_SIGN = {"source": _SOURCE, "amount_cents": _CENTS}

Said = tuple[str, str, str, int, str, bool, bool]
"""What a posting says of its own: period, source, line, cents, account, whether it is a detail, and internal."""


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
        stream, dumps, topic, version = self.stream, orjson.dumps, ActualPosted.TOPIC, self.version
        parts, kind, made = cache(self._parts), cache(self._kind), tuple.__new__  # as `_make`, in half the time

        @cache
        def before_source(effective: str) -> bytes:
            return parts(False, False, False)[0] % {b"effective": dumps(effective)}  # noqa: FBT003 - the same in all

        @cache
        def around_cents(line: str, account: str, *marks: bool) -> tuple[bytes, bytes]:
            _before, between, after = parts(account != "", *marks)
            return between % {b"line": dumps(line)}, after % {b"account": dumps(account)}

        for effective, source, line, cents, account, detail, internal in said:
            between, after = around_cents(line, account, detail, internal)
            self.version = version = version + 1
            state = b"%b%b%b%d%b" % (before_source(effective), dumps(source), between, cents, after)
            yield made(kind(effective), (stream, version, topic, state))

    def _kind(self, effective: str) -> type[Body]:
        """Return what a posting of a period is: one that stands in its own stream, or one to be looked at."""
        named = stream_named(ActualPosted.TOPIC, {"unit": self.event.unit, "effective": effective})
        return PlacedBody if named == self.stream else Body

    def _parts(self, has_account: bool, *marks: bool) -> tuple[bytes, bytes, bytes]:  # noqa: FBT001 - as `_template`
        """Return what stands before the source of a body, between source and cents, and after these."""
        before, after = self._template(has_account, *marks).split(_SOURCE)
        return before, *after.split(_CENTS)  # type: ignore[return-value]  # there is one amount

    def _template(self, has_account: bool, detail: bool, internal: bool) -> bytes:  # noqa: FBT001 - what a posting says
        """Return the JSON of a body with places for the values that differ; fields at their default are left out."""
        account = "-" if has_account else ""
        body = encode_body(evolve(self.event, account=account, detail=detail, internal=internal))
        fields = (b"%b:%b" % (orjson.dumps(name), _place(name, value)) for name, value in body.items())
        return b"{%b}" % b",".join(fields)


def _place(name: str, value: object) -> bytes:
    if name in _BY_SIGN:
        return _BY_SIGN[name]
    if name in _DIFFERING:
        return b"%%(%b)b" % name.encode()
    return orjson.dumps(value).replace(b"%", b"%%")
