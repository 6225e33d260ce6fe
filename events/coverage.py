"""Coverage: somebody says that the books of units are complete, an absent line being zero.

Postings alone do not say that they are all there; a sum of them is a total only where the books are covered. What an
imported file covers stands with its import.
"""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, in_, instance_of

from events.base import Event, required
from events.figures import MEASURES

_texts = deep_iterable(instance_of(str), instance_of(tuple))


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class BooksCompleted(Event):
    """The books of a unit, and of everything that stood below it on the last day of `effective`, are complete for it.

    Attributes:
        unit: code of the unit.
        measure: `actual`, for whole months of one year; or `budget`, for a fiscal year.
        lines: codes of the lines that they are complete on, with those below them; empty for all.
    """

    TOPIC: ClassVar[str] = "BooksCompleted"

    unit: str = field(validator=required)
    measure: str = field(default="actual", validator=in_(MEASURES))
    lines: tuple[str, ...] = field(default=(), validator=_texts)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class CompletionWithdrawn(Event):
    """What somebody or an import said before of the books holds no longer for `effective`; `reason` says why.

    Attributes:
        unit, measure, lines: as in `BooksCompleted`, of the unit and everything below it.
    """

    TOPIC: ClassVar[str] = "CompletionWithdrawn"

    unit: str = field(validator=required)
    measure: str = field(default="actual", validator=in_(MEASURES))
    lines: tuple[str, ...] = field(default=(), validator=_texts)


CoverageEvent = BooksCompleted | CompletionWithdrawn
