"""Publications: a report was sealed. One stream per period and scope."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen
from attrs.validators import instance_of

from events.base import Event, required


@frozen(slots=True, kw_only=True)
class ReportPublished(Event):
    """The report of `effective` was published as it stood.

    Attributes:
        scope: code of the unit that the report covers with everything below it, or `*` for the whole city.
        revision: 1 for the first publication of the period and scope, then 2, 3 …
        snapshot_sha256: hex digest of the canonical snapshot.
        position: position of the last event that the snapshot rests on.
        root_sha256: hex root of the log's Merkle tree (RFC 6962) at that position.
    """

    TOPIC: ClassVar[str] = "ReportPublished"

    scope: str = field(validator=required)
    revision: int = field(validator=instance_of(int))
    snapshot_sha256: str = field(validator=required)
    position: int = field(validator=instance_of(int))
    root_sha256: str = field(validator=required)


PublicationsEvent = ReportPublished
