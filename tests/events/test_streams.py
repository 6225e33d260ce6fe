"""Streams: the same key is the same stream on every machine, for ever."""

from __future__ import annotations

from events.period import Period
from events.streams import import_stream, project_stream, publication_stream, unit_stream, unit_year_stream

HALF = Period.of_months(2020, 1, 6)


def test_stream_ids_never_change() -> None:
    """These ids are in logs already: a change of the namespace or of a key would orphan them."""
    assert {
        "unit": unit_stream("4100").hex,
        "year": unit_year_stream("4100", 2020).hex,
        "project": project_stream("Digitutor").hex,
        "import": import_stream("4f" * 32).hex,
        "publication": publication_stream(HALF, "*").hex,
    } == EXPECTED


def test_keys_are_told_apart() -> None:
    """No two kinds of key share a stream, however alike they are written."""
    ids = [
        unit_stream("4100"),
        unit_stream("4100/2020"),
        unit_year_stream("4100", 2020),
        unit_year_stream("4100", 2021),
        project_stream("4100"),
        import_stream("4100"),
        publication_stream(HALF, "4100"),
        publication_stream(HALF, "*"),
    ]
    assert len(set(ids)) == len(ids)


EXPECTED = {
    "unit": "914e086fc7af5066a2474290b95d8627",
    "year": "70458ebb98f2545ab3f95266a8086893",
    "project": "1d100da3c2d35a11a01ae1797f2a3fa1",
    "import": "86a5af8cb73c5014bfc6fcbb5dfb5b8d",
    "publication": "dbb7b1c5159d5fceb63e58b287dfe435",
}
