"""From events to stored rows and back: orjson bodies of attrs events, through the codec of the language."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

import orjson
from eventsourcing.persistence import Mapper, StoredEvent

from events.codec import class_of, decode_event, encode_body

if TYPE_CHECKING:
    from eventsourcing.domain import DomainEventProtocol

    from events.base import Event


class AttrsMapper(Mapper[UUID]):
    """A mapper for slotted, frozen attrs events. Compression and encryption work as in the library."""

    def to_stored_event(self, domain_event: DomainEventProtocol[UUID]) -> StoredEvent:
        """Return the row of an event."""
        event = cast("Event", domain_event)  # the log holds no other kind
        state = orjson.dumps(encode_body(event))
        if self.compressor:
            state = self.compressor.compress(state)
        if self.cipher:
            state = self.cipher.encrypt(state)
        return StoredEvent(event.originator_id, event.originator_version, event.TOPIC, state)

    def to_domain_event(self, stored_event: StoredEvent) -> Event:
        """Return the event of a row.

        Raises:
            UnknownTopicError: the event is of a kind this version does not know.
            ValueError: the row was damaged.
        """
        class_of(stored_event.topic)
        state = stored_event.state
        if self.cipher:
            state = self.cipher.decrypt(state)
        if self.compressor:
            state = self.compressor.decompress(state)
        stream = stored_event.originator_id
        stream = stream if isinstance(stream, UUID) else UUID(stream)
        return decode_event(stored_event.topic, stream, stored_event.originator_version, orjson.loads(state))
