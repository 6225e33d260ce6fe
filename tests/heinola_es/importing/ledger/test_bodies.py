"""The fast way of encoding postings gives the bytes that the codec gives."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson
from hypothesis import given
from hypothesis import strategies as st

from events.codec import encode_body
from events.figures import ActualPosted
from events.streams import unit_year_stream
from heinola_es.domain.aggregates.base import Stamp
from heinola_es.domain.aggregates.unit_year import UnitYear
from heinola_es.importing.ledger.recording.bodies import Postings
from tests.strategies import CENTS, PERIODS, WORDS

if TYPE_CHECKING:
    from events.period import Period

SAID = st.tuples(PERIODS, WORDS, WORDS, CENTS, st.just("") | WORDS, st.booleans(), st.booleans())
STAMPS = st.builds(
    Stamp,
    recorded=st.just(datetime(2020, 8, 10, 9, 0, 0, 5, tzinfo=UTC)),
    by=WORDS,
    source=st.just(""),
    reason=st.just("") | WORDS,
)


@given(st.lists(SAID, min_size=1, max_size=5), STAMPS, st.integers(0, 9), WORDS)
def test_bodies_are_those_of_the_codec(
    said: list[tuple[Period, str, str, int, str, bool, bool]], stamp: Stamp, version: int, unit: str
) -> None:
    """For whatever postings say, stream, version, topic and body are as of an event that the mapper stores."""
    year = UnitYear(stream=unit_year_stream(unit, 2020), unit=unit, fiscal_year=2020, version=version)
    postings = Postings.of(year, stamp, said[0][0])
    bodies = list(postings.bodies((str(effective), *rest) for effective, *rest in said))  # type: ignore[misc]
    for number, (body, (effective, source, line, cents, account, detail, internal)) in enumerate(
        zip(bodies, said, strict=True), version + 1
    ):
        event = ActualPosted(
            originator_id=year.stream,
            originator_version=number,
            recorded=stamp.recorded,
            recorded_by=stamp.by,
            effective=effective,
            source=source,
            reason=stamp.reason,
            unit=unit,
            line=line,
            amount_cents=cents,
            account=account,
            detail=detail,
            internal=internal,
        )
        assert body == (year.stream.hex, number, "ActualPosted", orjson.dumps(encode_body(event)))
    assert postings.version == version + len(said)
