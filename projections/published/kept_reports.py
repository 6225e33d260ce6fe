"""A published report as it is kept: what is sealed of a snapshot, and what is shown of it again.

In sealed bytes a person stands by reference, `{"person": "…"}`, so that a name can be erased and no seal breaks. What
is shown has the names in their places, and says so where one was erased.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import orjson

from heinola_es.store.kept import PERSON, REFERENCE, KeptName, KeptReport
from projections.snapshot.canonical import canonical_json
from projections.snapshot.encoding import as_json

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.snapshot.model import Snapshot

Salt = Callable[[], bytes]
"""Gives random bytes, others each time."""

ERASED = "(nimi poistettu)"
"""What stands in the place of a name that was erased, in the language of the city's texts."""
_PERSONS = {"projects": ("administrator", "responsible"), "units": ("responsible",)}
"""Where persons can stand in a snapshot, in the order of its bytes: fields for roles, which people write names into."""


def sealed(snapshot: Snapshot, salt: Salt) -> tuple[KeptReport, tuple[KeptName, ...]]:
    """Return what is kept of a report: its canonical bytes, with references to names, and the names.

    Each name has a salt of its own, and one reference wherever it stands in the report.

    Raises:
        TooLongToKeep.
    """
    told = as_json(snapshot)
    names: dict[str, KeptName] = {}
    for part, fields in _PERSONS.items():
        for each in told[part]:
            for name in fields:
                if text := each[name]:
                    kept = names.get(text) or names.setdefault(text, KeptName.of(text, salt()))
                    each[name] = {PERSON: kept.digest}
    return KeptReport.of(canonical_json(told)), tuple(names.values())


def shown(content: bytes, names: Mapping[str, str], erased: str = ERASED) -> bytes:
    """Return sealed bytes with the names in their places; what refers to no name comes out as it is.

    Args:
        content: canonical JSON.
        names: by their references; those that are not there were erased.
        erased: stands in the place of these.
    """
    return REFERENCE.sub(lambda found: orjson.dumps(names.get(found[1].decode(), erased)), content)
