"""Units from the command line: established, renamed, moved, merged, ended, put in somebody's charge."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest

from events.organisation import (
    ResponsibleAssigned,
    UnitClosed,
    UnitEstablished,
    UnitMerged,
    UnitMoved,
    UnitRenamed,
)
from events.period import Period

if TYPE_CHECKING:
    from tests.terminal import Terminal


def test_a_unit_is_established_under_another(terminal: Terminal) -> None:
    """`record unit` establishes a unit from a day on, under its parent, with what it was decided by."""
    event = terminal.recorded(
        'record unit 4170 "Kansalaisopisto" --parent 410 --on 1.8.2020 --source "Kv 15.6.2020 § 44" --reason "uusi"'
    )
    assert isinstance(event, UnitEstablished)
    assert (event.code, event.name, event.kind, event.parent) == ("4170", "Kansalaisopisto", "unit", "410")
    assert event.effective == Period.of_day(date(2020, 8, 1))
    assert (event.source, event.reason) == ("Kv 15.6.2020 § 44", "uusi")


def test_the_kind_of_a_unit_is_given_as_people_write_it(terminal: Terminal) -> None:
    """`service-area` is the kind `service_area`; without a parent the unit stands at the top."""
    event = terminal.recorded('record unit 500 "Ympäristö" --kind service-area --on 2020-01-01')
    assert isinstance(event, UnitEstablished)
    assert (event.kind, event.parent) == ("service_area", None)


def test_what_was_established_is_told(terminal: Terminal) -> None:
    """The new event is told with its position, and where the unit stands."""
    said = terminal.done("record unit 4170 Kansalaisopisto --parent 410 --on 1.8.2020")
    assert said == "#15 UnitEstablished 4170 Kansalaisopisto unit under 410 1.8.2020"


def test_a_unit_is_renamed(terminal: Terminal) -> None:
    """`record rename` gives a unit a new name from a day on."""
    event = terminal.recorded('record rename 4100 "Perusopetus ja esiopetus" --on 1.8.2020')
    assert isinstance(event, UnitRenamed)
    assert (event.code, event.name) == ("4100", "Perusopetus ja esiopetus")


def test_a_unit_moves_under_another(terminal: Terminal) -> None:
    """`record move` puts a unit under another from a day on."""
    event = terminal.recorded("record move 4160 400 --on 1.8.2020")
    assert isinstance(event, UnitMoved)
    assert (event.code, event.parent) == ("4160", "400")


def test_a_unit_moves_to_the_top(terminal: Terminal) -> None:
    """`record move --top` puts a unit under none, and says so."""
    assert terminal.done("record move 4160 --top --on 1.8.2020") == "#15 UnitMoved 4160 to the top 1.8.2020"


def test_a_unit_is_merged(terminal: Terminal) -> None:
    """`record merge` ends a unit and names the one that carries on."""
    event = terminal.recorded("record merge 4160 4100 --on 31.7.2020")
    assert isinstance(event, UnitMerged)
    assert (event.code, event.into) == ("4160", "4100")


def test_a_unit_ends(terminal: Terminal) -> None:
    """`record unit-end` ends a unit on its last day."""
    event = terminal.recorded("record unit-end 4160 --on 31.12.2020")
    assert isinstance(event, UnitClosed)
    assert (event.code, event.effective) == ("4160", Period.of_day(date(2020, 12, 31)))


def test_somebody_answers_for_a_unit(terminal: Terminal) -> None:
    """`record responsible` puts a unit in the charge of a role."""
    event = terminal.recorded('record responsible 4100 "opetuspäällikkö" --on 1.1.2020')
    assert isinstance(event, ResponsibleAssigned)
    assert (event.code, event.responsible) == ("4100", "opetuspäällikkö")


def test_a_decomposed_name_is_composed(terminal: Terminal) -> None:
    """A name typed with combining marks is the same name as one typed without: ä is one letter in the log."""
    event = terminal.recorded("record rename 4100 'A\u0308ly' --on 1.8.2020")
    assert isinstance(event, UnitRenamed)
    assert event.name == "Äly"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (
            "record unit 4100 Perusopetus --on 1.1.2020",
            "heinola: unit 4100 (Perusopetus) exists already; codes are never used twice",
        ),
        (
            "record rename 4100 Perusopetus --on 1.8.2020",
            "heinola: unit 4100 is called Perusopetus already on 1.8.2020",
        ),
        (
            "record move 410 4100 --on 1.8.2020",
            "heinola: unit 410 cannot move under 4100, which stands under 410 itself",
        ),
        ("record merge 4100 4100 --on 31.7.2020", "heinola: unit 4100 cannot be merged into itself"),
        (
            "record unit-end 4100 --on 31.12.2014",
            "heinola: unit 4100 exists only from 1.1.2015; 31.12.2014 is before that, check the period or the unit",
        ),
        (
            "record responsible 410 koulutusjohtaja --on 1.1.2020",
            "heinola: unit 410 is in the charge of koulutusjohtaja already on 1.1.2020",
        ),
    ],
)
def test_what_a_rule_refuses_is_refused(terminal: Terminal, line: str, sentence: str) -> None:
    """A refused change of the organisation exits with 1, records nothing and says why."""
    assert terminal.refused(line) == sentence


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("record rename 4161 Uusi --on 1.8.2020", "heinola: unknown unit '4161'; did you mean 4160?"),
        (
            "record move 4160 --on 1.8.2020",
            "heinola: say where unit 4160 moves to: either the code of the unit above or --top",
        ),
        (
            "record unit 5 Uusi --kind sectr --on 1.8.2020",
            (
                "heinola: unknown kind 'sectr'; did you mean sector?; it is one of city (kaupunki, kunta, stad, "
                "kommun), sector (toimiala, sektor, verksamhetsområde), service_area (palvelualue, serviceområde), "
                "unit (tulosyksikkö, yksikkö, resultatenhet, enhet), investment_programme (investointiohjelma, "
                "investeringsprogram), investment_area (investointialue, investeringsområde), "
                "investment_item (investointikohde, investeringsobjekt)"
            ),
        ),
        ("record rename 4100 ' ' --on 1.8.2020", "heinola: the name is empty; give one"),
        ("record unit 5 Uusi", "heinola: Missing option '--on'. See `heinola record unit --help`."),
        ("record unit 5 Uusi --on 31.6.2020", "heinola: there is no such day as 31.6.2020; check the date"),
        ("record unit 5 Uusi --on kesä", "heinola: 'kesä' is not a date; write 30.6.2020 or 2020-06-30"),
    ],
)
def test_what_cannot_be_read_is_usage(terminal: Terminal, line: str, sentence: str) -> None:
    """What cannot be read exits with 2, records nothing and suggests what was meant."""
    assert terminal.refused(line, code=2) == sentence
