"""Publications: a report was sealed. One stream per period and scope."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, ClassVar

from attrs import field, frozen
from attrs.validators import deep_iterable, instance_of

from events.base import Event, required


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class ReportPublished(Event):
    """The report of `effective` was published as it stood.

    Its bytes are kept beside the event, under their digest. Version 1 kept none: its report has to be taken again from
    the log, and its digest is that of the canonical snapshot in the format of then.

    Attributes:
        scope: code of the unit that the report covers with everything below it, or `*` for the whole city.
        revision: 1 for the first publication of the period and scope, then 2, 3 …
        snapshot_sha256: hex digest of the bytes that are kept; of version 1, of the canonical snapshot.
        position: position of the last event that the snapshot rests on.
        root_sha256: hex root of the log's Merkle tree (RFC 6962) at that position.
        snapshot_format: which format the bytes are in, such as `heinola/snapshot/2`; empty in version 1.
        rule: number of the value rule that the figures follow; 0 in version 1.
        program: version of the program that published it; empty where it was not installed, and in version 1.
        columns: the columns of figures that were asked for, in their order; empty for those of every report.
        years: how many prior years the figures stand beside.
    """

    TOPIC: ClassVar[str] = "ReportPublished"
    VERSION: ClassVar[int] = 2
    UPCASTS: ClassVar[Mapping[int, Callable[[dict[str, Any]], dict[str, Any]]]] = {1: lambda body: body}

    scope: str = field(validator=required)
    revision: int = field(validator=instance_of(int))
    snapshot_sha256: str = field(validator=required)
    position: int = field(validator=instance_of(int))
    root_sha256: str = field(validator=required)
    snapshot_format: str = field(default="", validator=instance_of(str))
    rule: int = field(default=0, validator=instance_of(int))
    program: str = field(default="", validator=instance_of(str))
    columns: tuple[str, ...] = field(default=(), validator=deep_iterable(instance_of(str), instance_of(tuple)))
    years: int = field(default=1, validator=instance_of(int))


PublicationsEvent = ReportPublished
