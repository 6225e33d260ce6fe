"""The organisation as of a day: report order, moves, merges, two books; and that no history closes a circle."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from attrs import frozen
from hypothesis import given as for_all
from hypothesis import strategies as st

from events.organisation import (
    ResponsibleAssigned,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitMoved,
    UnitRenamed,
)
from events.streams import unit_stream
from heinola_es.domain.aggregates.base import Stamp
from heinola_es.domain.aggregates.organisation import Organisation
from heinola_es.domain.aggregates.unit import MoveUnderDescendant, Unit
from heinola_es.domain.chart import load_chart
from heinola_es.errors import HeinolaError
from heinola_es.handlers.organisation import establish_unit, merge_unit, move_unit
from heinola_es.handlers.session import Session
from heinola_es.store.log import EventLog
from tests.city import CITY, MADE
from tests.specification import ACTOR, CITY_FACTS, EARLIER, fact, numbered

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from events.base import Event

IN_2020 = date(2020, 6, 30)


def organisation(*events: Event, day: date = IN_2020) -> Organisation:
    """Return the organisation that the small city and further events make on a day."""
    return Organisation.as_of(units(*CITY_FACTS, *events), day)


def units(*events: Event) -> list[Unit]:
    """Fold events into units, in the order in which they were established."""
    streams: dict[str, list[Event]] = {}
    for event in numbered(events):
        streams.setdefault(getattr(event, "code"), []).append(event)  # noqa: B009 - every event here has a code
    return [Unit(stream=unit_stream(code), code=code).replay(stream) for code, stream in streams.items()]


def test_units_come_in_report_order() -> None:
    """Depth first; beside one another in the order they were established."""
    later = fact(UnitEstablished, "1.1.2020", code="4010", name="Liikuntapalvelut", kind="unit", parent="400")
    assert list(organisation(later).units) == [
        "HYV", "400", "4000", "4030", "4010", "410", "4100", "4160", "HYV-INV", "INV-RAK", "INV-1",
    ]  # fmt: skip


def test_a_unit_is_as_it_was_on_the_day() -> None:
    """Name, place and role are those of the day, not of today."""
    history = (
        fact(UnitRenamed, "1.6.2020", code="4160", name="Lukiokoulutus"),
        fact(UnitMoved, "1.6.2020", code="4160", parent="400"),
        fact(ResponsibleAssigned, "1.6.2020", code="4160", responsible="Heinolan lukion rehtori"),
    )
    before, after = (organisation(*history, day=day).units["4160"] for day in (date(2020, 5, 31), date(2020, 6, 1)))
    assert (before.name, before.parent, before.responsible) == ("Lukio", "410", "")
    assert (after.name, after.parent, after.responsible) == ("Lukiokoulutus", "400", "Heinolan lukion rehtori")


def test_of_two_changes_on_one_day_the_later_recorded_holds() -> None:
    """A slip is put right by recording the change again for the same day."""
    history = (
        fact(UnitRenamed, "1.6.2020", code="4160", name="Lukjo"),
        fact(UnitRenamed, "1.6.2020", code="4160", name="Lukiokoulutus"),
        fact(UnitRenamed, "1.1.2020", code="4160", name="Lukio ja kurssit"),
    )
    assert organisation(*history).units["4160"].name == "Lukiokoulutus"


def test_a_move_takes_what_stands_below_along() -> None:
    """The units of an area that moves stand with it in its new place."""
    moved = fact(UnitMoved, "1.6.2020", code="410", parent="400")
    assert organisation(moved).with_all_below("400") == ["400", "4000", "4030", "410", "4100", "4160"]


def test_units_of_later_days_are_not_there_yet() -> None:
    """A unit shows from its first day on; a city that is younger than the day is empty."""
    later = fact(UnitEstablished, "1.7.2020", code="4170", name="Kansalaisopisto", kind="unit", parent="410")
    assert "4170" not in organisation(later).units
    assert "4170" in organisation(later, day=date(2020, 7, 1)).units
    assert organisation(day=date(2014, 12, 31)).units == {}


def test_an_ended_unit_stays_with_what_it_did() -> None:
    """A closed unit stays in its place, marked as ended after its last day."""
    closed = fact(UnitClosed, "31.3.2020", code="4160")
    assert not organisation(closed, day=date(2020, 3, 31)).units["4160"].ended
    after = organisation(closed, day=date(2020, 4, 1)).units["4160"]
    assert (after.ended, after.parent, after.last_day) == (True, "410", date(2020, 3, 31))


def test_a_merged_unit_stands_under_the_one_that_carries_it_on() -> None:
    """From the day after its last its figures are part of the other unit's."""
    merged = fact(UnitMerged, "31.3.2020", code="4160", into="4000")
    assert organisation(merged, day=date(2020, 3, 31)).below("410") == ("4100", "4160")
    after = organisation(merged, day=date(2020, 4, 1))
    assert after.below("410") == ("4100",)
    assert after.below("4000") == ("4160",)


def test_investments_are_a_book_of_their_own() -> None:
    """A programme stands under its sector in the report, but the sector's figures are not the sum of it."""
    city = organisation()
    assert city.children["HYV"] == ("400", "410", "HYV-INV")
    assert city.below("HYV") == ("400", "410")
    assert city.below("HYV-INV") == ("INV-RAK",)
    assert city.with_all_below("HYV") == list(city.units)


# ---------------------------------------------------------------- no circles, whatever happens in whatever order

DAYS = [date(2020, 1, day) for day in range(1, 7)]
CODES = ["A", "B", "C", "D"]


@frozen(eq=False)  # two equal moves are two moves
class Change:
    """A move (or, with `merge`, a merge) of one unit under another or to the top, on a day."""

    code: str
    to: str | None
    day: date
    merge: bool = False

    def give(self, session: Session) -> None:
        """Ask for it."""
        if self.merge and self.to:
            merge_unit(session, self.code, self.day, self.to)
        else:
            move_unit(session, self.code, self.day, self.to)


CHANGES = st.lists(
    st.builds(
        Change,
        code=st.sampled_from(CODES),
        to=st.sampled_from([*CODES, None]),
        day=st.sampled_from(DAYS),
        merge=st.sampled_from([False, False, False, True]),
    ),
    max_size=8,
)


def above(accepted: Sequence[Change], code: str, day: date) -> str | None:
    """Return what a unit stands under on a day, the slow and obvious way."""
    merges = [change for change in accepted if change.code == code and change.merge and change.to]
    if merges and day > merges[-1].day:
        return merges[-1].to
    moves = [c for c in accepted if c.code == code and c not in merges and c.day <= day]
    return max(moves, key=lambda move: (move.day, accepted.index(move))).to if moves else None


def closes_a_circle(accepted: Sequence[Change]) -> bool:
    """Return whether some unit stands under itself on some day."""
    for day in [*DAYS, DAYS[-1] + timedelta(days=1)]:
        for code in CODES:
            at, steps = above(accepted, code, day), 0
            while at is not None and at != code and steps <= len(CODES):
                at, steps = above(accepted, at, day), steps + 1
            if at == code:
                return True
    return False


@pytest.fixture(scope="module")
def nothing_recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EventLog]:
    """Give a store that stays empty: the sessions of these tests keep their events to themselves."""
    with EventLog.create(
        str(tmp_path_factory.mktemp("circles") / "heinola.db"), CITY, now=MADE, by="controller"
    ) as log:
        yield log


@for_all(changes=CHANGES)
def test_no_history_closes_a_circle(nothing_recorded: EventLog, changes: list[Change]) -> None:
    """Moves and merges in any order, for any days: exactly those that would close a circle are refused as such."""
    session = Session(log=nothing_recorded, chart=load_chart(), stamp=Stamp(EARLIER, ACTOR))
    for code in CODES:
        establish_unit(session, code, DAYS[0], name=code, kind="service_area", parent=None)
    accepted: list[Change] = []
    for change in changes:
        circle = change.code == change.to or closes_a_circle([*accepted, change])
        try:
            change.give(session)
        except MoveUnderDescendant:
            assert circle, change
        except HeinolaError:
            continue
        else:
            accepted.append(change)
            assert not circle, change
    for day in DAYS:
        then = Organisation.as_of([session.unit(code) for code in CODES], day)
        assert set(then.units) == set(CODES)
        assert {code: unit.parent for code, unit in then.units.items()} == {c: above(accepted, c, day) for c in CODES}
