"""The store itself: whose it is, and which commands were given a key. What decides what is recorded is recorded."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, ge, instance_of

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class StoreInitialised(Event):
    """The store of a city was made; the first event of every log.

    Attributes:
        city: whose reports it holds.
        chart: id of the chart of lines that its reports use.
        format: of the store.
    """

    TOPIC: ClassVar[str] = "StoreInitialised"

    city: str = field(validator=required)
    chart: str = field(validator=required)
    format: str = field(validator=required)


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class StoreUpgraded(Event):
    """A store of an earlier format was brought to a newer one, and what stood beside its log was taken into it.

    Attributes:
        city, chart: as chosen when it was initialised.
        format: the one it has from now on.
        keys: the command keys of before: `(key, digest, first position, last position)` as texts.
    """

    TOPIC: ClassVar[str] = "StoreUpgraded"

    city: str = field(validator=required)
    chart: str = field(validator=required)
    format: str = field(validator=required)
    keys: tuple[tuple[str, ...], ...] = field(
        default=(), validator=deep_iterable(deep_iterable(instance_of(str), instance_of(tuple)), instance_of(tuple))
    )


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class CommandKeyed(Event):
    """A command was given a key, so that a retry of it is recognised; the last event of the command.

    Attributes:
        key: as it was given; its stream holds no second event.
        digest: stands for what was asked for (SHA-256, hex).
        first, last: positions of what the command recorded.
    """

    TOPIC: ClassVar[str] = "CommandKeyed"

    key: str = field(validator=required)
    digest: str = field(validator=instance_of(str))
    first: int = field(validator=[instance_of(int), ge(1)])
    last: int = field(validator=[instance_of(int), ge(1)])


StoreEvent = StoreInitialised | StoreUpgraded | CommandKeyed
