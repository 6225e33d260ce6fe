"""A small city for the tests: one sector with two service areas, their units, and an investment programme."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from heinola_es.handlers.organisation import assign_responsible, establish_unit
from heinola_es.handlers.session import run
from heinola_es.store.log import Request

if TYPE_CHECKING:
    from heinola_es.handlers.session import Session
    from heinola_es.store.log import EventLog

CITY = "Heinola"
FOUNDED = date(2015, 1, 1)
"""The first day of every unit of the small city."""

MADE = datetime(2000, 1, 3, 8, 0, tzinfo=UTC)
"""The instant at which stores for the tests are made: so long ago that no pause after the first is longer."""

FOUNDED_AT = datetime(2019, 1, 2, 8, 0, tzinfo=UTC)
"""The instant at which its units were recorded."""

UNITS: tuple[tuple[str, str, str, str | None], ...] = (
    ("HYV", "Hyvinvointilautakunnan toimiala", "sector", None),
    ("400", "Hyvinvoinnin ja terveyden edistäminen", "service_area", "HYV"),
    ("4000", "Hyvinvoinnin edistäminen", "unit", "400"),
    ("4030", "Oppilas- ja opiskelijahuolto", "unit", "400"),
    ("410", "Koulutuspalvelut", "service_area", "HYV"),
    ("4100", "Perusopetus", "unit", "410"),
    ("4160", "Lukio", "unit", "410"),
    ("HYV-INV", "Hyvinvointitoimialan investoinnit", "investment_programme", "HYV"),
    ("INV-RAK", "Talonrakennus", "investment_area", "HYV-INV"),
    ("INV-1", "Koulukeskuksen perusparannus", "investment_item", "INV-RAK"),
)
"""Code, name, kind and parent, in the order in which they are established."""

RESPONSIBLE = {"HYV": "hyvinvointijohtaja", "410": "koulutusjohtaja", "4160": "Heinolan lukion rehtori"}


def found_city(log: EventLog) -> None:
    """Record the small city in an empty log, in one command."""
    run(log, FOUNDED_AT, Request(by="controller", source="hallintosääntö", clock_is_right=True), _found)


def _found(session: Session) -> None:
    for code, name, kind, parent in UNITS:
        establish_unit(session, code, FOUNDED, name=name, kind=kind, parent=parent)
    for code, role in RESPONSIBLE.items():
        assign_responsible(session, code, FOUNDED, role)
