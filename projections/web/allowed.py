"""What a visitor may see and record, by the roles of the store; everything, where it has none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from events.codec import decode_event
from heinola_es.domain.aggregates.rights import Needed, NotAllowed, Rights, unseen
from heinola_es.store.reading import LogReader

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date
    from uuid import UUID

    from events.base import Event
    from heinola_es.domain.aggregates.rights import Lack
    from projections.web.visit import Site, Visit

OF_ALL = frozenset({"static_files:static", "help_screen:help_page"})
"""The screens on which nothing of the store stands."""
RECORDING = frozenset({"form_screen:form"})
"""The screens that record what is sent to them, and refuse it in the words of a command."""
OF_AUDITORS = frozenset({"published_screen:verified"})
"""The screens that make the machine work for long."""
_AUDITORS = frozenset({"auditor", "controller"})


def require_seen(site: Site, visit: Visit, screen: str) -> None:
    """Refuse to show a screen to whoever has no role for it.

    Raises:
        NotAllowed.
    """
    if lacking := _unseen(site, visit, screen):
        raise NotAllowed(lacking)


def may_see(site: Site, visit: Visit, screen: str) -> bool:
    """Return whether a screen is shown to whoever asks."""
    return not _unseen(site, visit, screen)


def _unseen(site: Site, visit: Visit, screen: str) -> str:
    """Return why a screen is not shown; empty where it is."""
    if screen in OF_ALL or (visit.is_sent and screen in RECORDING):
        return ""
    with LogReader.open(site.store) as reader:
        roles = rights_of(reader).roles
    if not roles.are_set:
        return ""
    held = {one.role for one in roles.of(visit.who)}
    if not held or (screen in OF_AUDITORS and held.isdisjoint(_AUDITORS)):
        return unseen(visit.who, roles, "auditor" if screen in OF_AUDITORS else "reader")
    return ""


def lack_for(reader: LogReader, who: str, unit: str, day: date) -> Lack | None:
    """Return what somebody lacks who would fill in the form of a unit; None where they may."""
    rights = rights_of(reader)
    return rights.lack_of(who, None, Needed("reporter", (unit,)), day) if rights.roles.are_set else None


def fillable(reader: LogReader, who: str, units: tuple[str, ...], day: date) -> frozenset[str]:
    """Return the units whose forms somebody may fill in."""
    rights = rights_of(reader)
    return frozenset(unit for unit in units if rights.allows(who, Needed("reporter", (unit,)), day))


def rights_of(reader: LogReader) -> Rights:
    """Return the rights by the log as a reader has it."""
    end = reader.size()
    return Rights(lambda stream: _events(reader, stream, end), lambda _stream: ())


def _events(reader: LogReader, stream: UUID, end: int) -> Iterator[Event]:
    for _position, _stream, version, topic, state in reader.rows_of(stream, end):
        yield decode_event(topic, stream, version, orjson.loads(state))
