"""Regular expressions that are compiled when they are first asked: a command asks few of all that its modules have."""

from __future__ import annotations

import re
from typing import Any, AnyStr, Generic, cast


def pattern(text: AnyStr, flags: int = 0) -> re.Pattern[AnyStr]:
    """Return what answers as the compiled expression does, and costs nothing until it is asked."""
    return cast("re.Pattern[AnyStr]", _Late(text, flags))


class _Late(Generic[AnyStr]):
    """An expression yet to be compiled; what was asked of it once stands in itself from then on."""

    def __init__(self, text: AnyStr, flags: int) -> None:
        self._text: AnyStr = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever a compiled expression has
        found = getattr(re.compile(self._text, self._flags), name)
        setattr(self, name, found)
        return found
