"""Roles: given and withdrawn; and the one question that everything which is recorded is held against."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from events.codec import encode_body
from events.streams import roles_stream

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from uuid import UUID

    from events.base import Event
    from heinola_es.domain.aggregates.rights import Rights
    from heinola_es.handlers.session import Session
    from heinola_es.store.appending import Body
    from heinola_es.store.log import EventLog


def give_role(session: Session, actor: str, role: str, units: Sequence[str], of_login: str = "") -> None:
    """Let somebody have a role for units, each with everything below; for the whole city where there are none.

    Raises:
        UnknownUnit, NoCode, NotOfAUnit, NothingChanges, NoControllerLeft.
    """
    roles = session.roles()
    for unit in units:
        session.unit(unit)
    for one in units or (None,):
        roles.give(session.stamp, actor, role, one, of_login)


def withdraw_role(session: Session, actor: str, role: str, units: Sequence[str]) -> None:
    """Let somebody have a role for units no longer; the one for the whole city where there are none.

    Raises:
        NothingChanges, NoControllerLeft.
    """
    roles = session.roles()
    for one in units or (None,):
        roles.withdraw(session.stamp, actor, role, one)


class Permit:
    """Lets a command record what whoever gives it may, by the roles before it; it refuses everything else."""

    def __init__(self, log: EventLog) -> None:
        """Take the log as it is before the command: within its transaction, when it is first asked."""
        self._log = log
        self._rights: Rights | None = None
        self._asked = False

    def require(self, events: Iterable[Event]) -> None:
        """Refuse events that whoever records them may not.

        Raises:
            NotAllowed.
        """
        if rights := self._of_before():
            for event in events:
                _require(rights, event.TOPIC, encode_body(event))
                rights.take(event)

    def require_bodies(self, bodies: Iterable[Body]) -> None:
        """Refuse events that are encoded already; none of them is of a unit's place, a project's or a role.

        Raises:
            NotAllowed.
        """
        if rights := self._of_before():
            for body in bodies:
                _require(rights, body.topic, orjson.loads(body.state))

    def _of_before(self) -> Rights | None:
        """Return the rights; None where no role was ever given."""
        if not self._asked:
            self._asked = True
            if self._log.events_of(roles_stream()):
                from heinola_es.domain.aggregates.rights import Rights  # noqa: PLC0415 - most stores have no roles

                self._rights = Rights(self._log.events_of, self._facts)
        return self._rights

    def _facts(self, stream: UUID) -> Iterator[tuple[int, str, Mapping[str, Any]]]:
        for event in self._log.events_of(stream):
            yield event.originator_version, event.TOPIC, encode_body(event)


def _require(rights: Rights, topic: str, body: Mapping[str, Any]) -> None:
    if lack := rights.lack(topic, body):
        from heinola_es.domain.aggregates.rights import NotAllowed  # noqa: PLC0415 - loaded by now

        raise NotAllowed(f"{lack}; nothing was recorded")
