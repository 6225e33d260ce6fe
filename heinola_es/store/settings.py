"""What was chosen when a store was initialised: the log says it, and a copy beside it tells what the log is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from heinola_es.errors import Refused
from heinola_es.store.schema import FIRST_FORMAT, SCHEMAS

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS = ("city", "chart", "format")
_REMEDY = "see `heinola audit verify`, and restore a copy"


class UnknownFormat(Refused):
    """The store is of a format that this version does not know."""


class SettingsChanged(Refused):
    """The settings that stand beside the log are not those that it says."""


def require_known_format(found: object) -> None:
    """Refuse a store of a format that this version does not know.

    Raises:
        UnknownFormat.
    """
    if found not in SCHEMAS:
        *others, last = SCHEMAS
        known = f"{', '.join(others)} and {last}"
        raise UnknownFormat(
            f"the store is of format {found!r}, and this version knows {known}; use the version of heinola-es that "
            "made it, or a newer one"
        )


def settings_in(body: bytes) -> Mapping[str, object]:
    """Return what the body of an event of the store says; nothing, where it says nothing that can be read."""
    try:
        told = orjson.loads(body)
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def require_same_settings(beside: Mapping[str, object], logged: Mapping[str, object] | None) -> None:
    """Refuse settings beside the log that differ from those in it; None where it has none (the first format).

    Raises:
        SettingsChanged.
    """
    for name in SETTINGS:
        value = beside.get(name)
        if not isinstance(value, str):
            raise SettingsChanged(f"the setting {name!r} of the store is lost; {_REMEDY}")
        if logged is not None and value != logged.get(name):
            said = f"the log says {logged[name]!r}" if name in logged else "the log does not say so"
            raise SettingsChanged(f"the setting {name!r} is {value!r}, and {said}; {_REMEDY}")
    if logged is None and beside["format"] != FIRST_FORMAT:
        raise SettingsChanged(f"the store is of format {beside['format']}, and its log does not say so; {_REMEDY}")
