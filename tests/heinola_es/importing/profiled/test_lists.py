"""Tables of projects, priorities and statistics, read by profile; what they say for no sure is told and left out."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import TYPE_CHECKING

from events.period import Period
from heinola_es.importing.documents.opening import open_document
from heinola_es.importing.profiled.profile_file import profile_from
from heinola_es.importing.profiled.suggesting import suggested_profile
from tests.heinola_es.importing.profiled.reports_of_cities import LISTS, LISTS_PROFILE
from tests.heinola_es.importing.profiled.test_shapes import read, told

if TYPE_CHECKING:
    from pathlib import Path


def test_projects_priorities_and_statistics(tmp_path: Path) -> None:
    """Each is of the unit that is open, with the columns that the profile names."""
    document = read(tmp_path, LISTS, LISTS_PROFILE)
    assert [(one.unit, one.name, one.start, one.expense_cents, one.percent, one.text) for one in document.projects] == [
        ("SIV", "Koulupihat", date(2024, 2, 1), 1_200_000, "40", "Aita on pystyssä."),
        ("SIV", "Kirjastoauto", None, None, None, "Kilpailutus kesken."),
    ]
    assert [(one.unit, one.number, one.title, one.metric, one.text) for one in document.priorities] == [
        ("SIV", 1, "Lukutaito", "Testi", "Testi pidettiin."),
        ("SIV", 2, "Liikunta", "", ""),
    ]
    half = Period.of_months(2024, 1, 6)
    assert [(one.name, one.value, one.measured_in, one.period) for one in document.indicators] == [
        ("Oppilaita", "1224", "kpl", half),
        ("Poissaolot", "3.37", "%", half),
    ]


def test_what_such_tables_do_not_say_for_sure_is_told(tmp_path: Path) -> None:
    """A day that is none, an expense below nothing, a project twice, a point that may part thousands, a new column."""
    said = "\n".join(told(read(tmp_path, LISTS, LISTS_PROFILE)))
    assert "expenses: '−5 000' was left out (it is less than nothing" in said
    assert "start: 'keväällä' was left out ('keväällä' is not a date" in said
    assert "The project 'Koulupihat' stands before" in said
    assert "Oppilaita: '1.224' was left out (its point may part thousands or decimals" in said
    assert "The profile has no column 'Lisätieto'; it was left out" in said


def test_figures_alone_leave_such_tables_out(tmp_path: Path) -> None:
    """Nothing of them is taken or told."""
    document = read(tmp_path, LISTS, LISTS_PROFILE, figures_only=True)
    assert (document.projects, document.priorities, document.indicators, told(document)) == ((), (), (), [])


def test_such_tables_are_suggested(tmp_path: Path) -> None:
    """The suggestion reads the same projects, priorities and statistics; what it does not know it skips and marks."""
    wanted = read(tmp_path, LISTS, LISTS_PROFILE)
    suggested = suggested_profile(open_document(tmp_path / "katsaus"))
    assert '"Menot" = "skip"  # UNSURE' in suggested
    profile_from(tomllib.loads(suggested), "suggested")
    found = read(tmp_path, LISTS, suggested)
    assert [one.name for one in found.projects] == [one.name for one in wanted.projects]
    assert [(one.number, one.title, one.text) for one in found.priorities] == [
        (one.number, one.title, one.text) for one in wanted.priorities
    ]
    assert [(one.name, one.value, one.period) for one in found.indicators] == [
        (one.name, one.value, one.period) for one in wanted.indicators
    ]
