"""Units of the organisation: established, renamed, moved, put in someone's charge, merged, closed; and the refusals."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from events.organisation import (
    ResponsibleAssigned,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitMoved,
    UnitRenamed,
)
from heinola_es.domain.aggregates.base import BeforeUnitExisted
from heinola_es.domain.aggregates.unit import (
    BooksCrossed,
    MoveUnderDescendant,
    NothingChanges,
    UnitExists,
    UnitHasEnded,
)
from heinola_es.handlers.organisation import (
    assign_responsible,
    close_unit,
    establish_unit,
    merge_unit,
    move_unit,
    rename_unit,
)
from heinola_es.handlers.session import UnknownUnit
from tests.specification import CITY_FACTS, fact

if TYPE_CHECKING:
    from tests.specification import Given

JANUARY = date(2020, 1, 1)
JUNE = date(2020, 6, 1)
LAST_OF_MARCH = date(2020, 3, 31)


class TestEstablishing:
    """A unit comes to be."""

    def test_a_unit_is_established_under_another(self, given: Given) -> None:
        """It exists from the day given, under the unit above."""
        given(*CITY_FACTS).when(
            establish_unit, "4170", JANUARY, name="Kansalaisopisto", kind="unit", parent="410"
        ).then(fact(UnitEstablished, "1.1.2020", code="4170", name="Kansalaisopisto", kind="unit", parent="410"))

    def test_the_first_unit_stands_at_the_top(self, given: Given) -> None:
        """A sector stands under nothing."""
        given().when(establish_unit, "TEK", JANUARY, name="Tekninen toimiala", kind="sector", parent=None).then(
            fact(UnitEstablished, "1.1.2020", code="TEK", name="Tekninen toimiala", kind="sector", parent=None)
        )

    def test_a_code_is_used_once(self, given: Given) -> None:
        """A code means one unit for ever, even after the unit ended."""
        closed = fact(UnitClosed, "31.3.2020", code="4160")
        given(*CITY_FACTS, closed).when(
            establish_unit, "4160", JUNE, name="Lukiokoulutus", kind="unit", parent="410"
        ).refused(UnitExists, "unit 4160 (Lukio) exists already; codes are never used twice")

    def test_the_unit_above_must_exist_on_the_day(self, given: Given) -> None:
        """Nothing stands under a unit that is unknown, not yet there or gone."""
        closed = fact(UnitClosed, "31.3.2020", code="410")
        given(*CITY_FACTS, closed).when(
            establish_unit, "4170", JUNE, name="Kansalaisopisto", kind="unit", parent="411"
        ).refused(UnknownUnit, "unknown unit '411'; did you mean 410?").when(
            establish_unit, "4170", date(2014, 1, 1), name="Kansalaisopisto", kind="unit", parent="410"
        ).refused(BeforeUnitExisted, "unit 410 exists only from 1.1.2015; 1.1.2014 is before that").when(
            establish_unit, "4170", JUNE, name="Kansalaisopisto", kind="unit", parent="410"
        ).refused(UnitHasEnded, "unit 410 ended on 31.3.2020; record 1.6.2020 on its successor")


class TestNamesAndRoles:
    """What a unit is called, and which role answers for it."""

    def test_a_unit_is_renamed(self, given: Given) -> None:
        """The new name holds from the day given."""
        given(*CITY_FACTS).when(rename_unit, "4100", JUNE, "Perusopetuspalvelut").then(
            fact(UnitRenamed, "1.6.2020", code="4100", name="Perusopetuspalvelut")
        )

    def test_a_role_answers_for_a_unit(self, given: Given) -> None:
        """The report prints a role as the one in charge."""
        given(*CITY_FACTS).when(assign_responsible, "4100", JUNE, "koulutusjohtaja").then(
            fact(ResponsibleAssigned, "1.6.2020", code="4100", responsible="koulutusjohtaja")
        )

    def test_what_is_so_already_changes_nothing(self, given: Given) -> None:
        """A name, a role or a place that the unit has on that day is refused: there is nothing to record."""
        role = fact(ResponsibleAssigned, "1.1.2020", code="4100", responsible="koulutusjohtaja")
        given(*CITY_FACTS, role).when(rename_unit, "4100", JUNE, "Perusopetus").refused(
            NothingChanges, "unit 4100 is called Perusopetus already on 1.6.2020"
        ).when(assign_responsible, "4100", JUNE, "koulutusjohtaja").refused(
            NothingChanges, "unit 4100 is in the charge of koulutusjohtaja already on 1.6.2020"
        ).when(move_unit, "4100", JUNE, "410").refused(
            NothingChanges, "unit 4100 is under 410 already on 1.6.2020"
        ).when(move_unit, "HYV", JUNE, None).refused(NothingChanges, "unit HYV is under nothing already on 1.6.2020")

    def test_nothing_changes_before_the_unit_or_after_it(self, given: Given) -> None:
        """Names and roles belong to the days on which there is such a unit."""
        given(*CITY_FACTS, fact(UnitClosed, "31.3.2020", code="4160")).when(
            rename_unit, "4160", date(2014, 12, 31), "Lukio ja aikuislukio"
        ).refused(BeforeUnitExisted, "unit 4160 exists only from 1.1.2015; 31.12.2014 is before that").when(
            assign_responsible, "4160", JUNE, "Heinolan lukion rehtori"
        ).refused(UnitHasEnded, "unit 4160 ended on 31.3.2020")

    def test_an_unknown_unit_is_neither_renamed_nor_ended(self, given: Given) -> None:
        """Whatever is to happen, the unit has to be there; the nearest code is suggested."""
        situation = given(*CITY_FACTS)
        for handler, *rest in (
            (rename_unit, "Lukio"),
            (assign_responsible, "rehtori"),
            (move_unit, "410"),
            (merge_unit, "4100"),
        ):
            situation.when(handler, "4161", JUNE, *rest).refused(UnknownUnit, "unknown unit '4161'; did you mean 41")
        situation.when(close_unit, "4161", JUNE).refused(UnknownUnit, "unknown unit '4161'; did you mean 41").when(
            merge_unit, "4160", JUNE, "4101"
        ).refused(UnknownUnit, "unknown unit '4101'; did you mean 41").when(move_unit, "4160", JUNE, "4010").refused(
            UnknownUnit, "unknown unit '4010'; did you mean 4"
        )


class TestMoving:
    """A unit comes to stand under another."""

    def test_a_unit_moves(self, given: Given) -> None:
        """From the day given it stands under the other unit, or at the top."""
        given(*CITY_FACTS).when(move_unit, "4160", JUNE, "400").then(
            fact(UnitMoved, "1.6.2020", code="4160", parent="400")
        ).when(move_unit, "410", JUNE, None).then(fact(UnitMoved, "1.6.2020", code="410", parent=None))

    def test_a_unit_never_stands_under_itself(self, given: Given) -> None:
        """Nor under a unit of its own, however far down."""
        given(*CITY_FACTS).when(move_unit, "410", JUNE, "410").refused(
            MoveUnderDescendant, "unit 410 cannot move under 410"
        ).when(move_unit, "410", JUNE, "4100").refused(
            MoveUnderDescendant, "unit 410 cannot move under 4100, which stands under 410 itself"
        ).when(move_unit, "HYV", JUNE, "4100").refused(
            MoveUnderDescendant, "unit HYV cannot move under 4100, which stands under HYV itself"
        )

    def test_books_are_never_crossed(self, given: Given) -> None:
        """Operations never stand under investments, nor an item of investments under operations."""
        given(*CITY_FACTS).when(move_unit, "4160", JUNE, "INV-RAK").refused(
            BooksCrossed,
            "unit 4160 is of the operations and INV-RAK of investments, which are books of their own; choose a unit of "
            "the operations",
        ).when(move_unit, "INV-1", JUNE, "410").refused(BooksCrossed, "choose a unit of the investments").when(
            merge_unit, "4160", JUNE, "INV-1"
        ).refused(BooksCrossed, "choose a unit of the operations").when(
            establish_unit, "INV-2", JUNE, name="Uusi", kind="investment_item", parent="410"
        ).refused(BooksCrossed, "choose a unit of the investments").when(
            establish_unit, "4190", JUNE, name="Uusi", kind="unit", parent="INV-RAK"
        ).refused(BooksCrossed, "choose a unit of the operations")

    def test_a_programme_stands_under_operations(self, given: Given) -> None:
        """It has its place there, and is no part of their figures."""
        given(*CITY_FACTS).when(move_unit, "HYV-INV", JUNE, "410").then(
            fact(UnitMoved, "1.6.2020", code="HYV-INV", parent="410")
        )

    def test_a_later_move_counts(self, given: Given) -> None:
        """410 moves under 400 on 1.6.: 400 cannot move under 410 from January on, nor from June on, without an end."""
        given(*CITY_FACTS, fact(UnitMoved, "1.6.2020", code="410", parent="400")).when(
            move_unit, "400", JANUARY, "410"
        ).refused(MoveUnderDescendant, "unit 400 cannot move under 410").when(move_unit, "400", JUNE, "410").refused(
            MoveUnderDescendant, "unit 400 cannot move under 410"
        )

    def test_an_earlier_move_counts_while_it_lasts(self, given: Given) -> None:
        """Once 410 has left 400 again, 400 may move under 410; on the days before that it may not."""
        given(
            *CITY_FACTS,
            fact(UnitMoved, "1.1.2019", code="410", parent="400"),
            fact(UnitMoved, "1.6.2020", code="410", parent="HYV"),
        ).when(move_unit, "400", JANUARY, "410").refused(MoveUnderDescendant, "unit 400 cannot move under 410").when(
            move_unit, "400", JUNE, "410"
        ).then(fact(UnitMoved, "1.6.2020", code="400", parent="410"))

    def test_the_unit_above_must_exist_on_the_day(self, given: Given) -> None:
        """Nothing moves under a unit that is not yet there or gone."""
        new = fact(UnitEstablished, "1.7.2020", code="420", name="Vapaa-aika", kind="service_area", parent="HYV")
        given(*CITY_FACTS, new, fact(UnitClosed, "31.3.2020", code="400")).when(move_unit, "4160", JUNE, "400").refused(
            UnitHasEnded, "unit 400 ended on 31.3.2020"
        ).when(move_unit, "4160", JUNE, "420").refused(
            BeforeUnitExisted, "unit 420 exists only from 1.7.2020; 1.6.2020 is before that"
        )


class TestEnding:
    """A unit is closed, or another carries on what it did."""

    def test_a_unit_is_closed(self, given: Given) -> None:
        """The day given is its last."""
        given(*CITY_FACTS).when(close_unit, "4160", LAST_OF_MARCH).then(fact(UnitClosed, "31.3.2020", code="4160"))

    def test_a_unit_is_merged(self, given: Given) -> None:
        """The other unit carries on what it did."""
        given(*CITY_FACTS).when(merge_unit, "4160", LAST_OF_MARCH, "4100").then(
            fact(UnitMerged, "31.3.2020", code="4160", into="4100")
        )

    def test_a_unit_ends_while_it_exists(self, given: Given) -> None:
        """No unit ends before it began, or after it ended."""
        given(*CITY_FACTS, fact(UnitClosed, "31.3.2020", code="4160")).when(
            close_unit, "4100", date(2014, 12, 31)
        ).refused(BeforeUnitExisted, "unit 4100 exists only from 1.1.2015").when(close_unit, "4160", JUNE).refused(
            UnitHasEnded, "unit 4160 ended on 31.3.2020"
        ).when(merge_unit, "4160", JUNE, "4100").refused(UnitHasEnded, "unit 4160 ended on 31.3.2020").when(
            merge_unit, "4100", JUNE, "4160"
        ).refused(UnitHasEnded, "unit 4160 ended on 31.3.2020")

    def test_a_merged_unit_has_ended_for_good(self, given: Given) -> None:
        """What it did is carried on by one unit from one day on; a second end would take that back."""
        given(*CITY_FACTS, fact(UnitMerged, "31.3.2020", code="4160", into="4100")).when(
            close_unit, "4160", date(2020, 2, 29)
        ).refused(UnitHasEnded, "unit 4160 was merged into 4100 on 31.3.2020 already").when(
            merge_unit, "4160", date(2020, 2, 29), "4030"
        ).refused(UnitHasEnded, "unit 4160 was merged into 4100 on 31.3.2020 already")

    def test_a_unit_is_not_merged_into_itself_or_its_own(self, given: Given) -> None:
        """What stands under a unit cannot carry it on, unless it moves out first."""
        given(*CITY_FACTS).when(merge_unit, "410", LAST_OF_MARCH, "410").refused(
            MoveUnderDescendant, "unit 410 cannot be merged into itself"
        ).when(merge_unit, "410", LAST_OF_MARCH, "4100").refused(
            MoveUnderDescendant,
            "unit 410 cannot be merged into 4100, which stands under 410 after 31.3.2020; move 4100 first",
        ).when(move_unit, "4100", date(2020, 4, 1), "HYV").then(
            fact(UnitMoved, "1.4.2020", code="4100", parent="HYV")
        ).when(merge_unit, "410", LAST_OF_MARCH, "4100").then(fact(UnitMerged, "31.3.2020", code="410", into="4100"))

    def test_merged_units_carry_each_other_on_in_one_direction(self, given: Given) -> None:
        """4160 went into 4100: 4100 cannot go into 4160, on whatever day, for neither would be left."""
        given(*CITY_FACTS, fact(UnitMerged, "30.6.2020", code="4160", into="4100")).when(
            merge_unit, "4100", LAST_OF_MARCH, "4160"
        ).refused(MoveUnderDescendant, "unit 4100 cannot be merged into 4160, which stands under 4100")
