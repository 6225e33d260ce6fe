"""docs/snapshot.md names every field of a snapshot, and no other."""

from __future__ import annotations

import re
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest

from heinola_es.domain.decision import decision_of
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import adopt_budget, amend_budget, post_actual
from heinola_es.handlers.organisation import close_unit, establish_unit, name_city
from heinola_es.handlers.session import run
from heinola_es.handlers.translations import translate_name, translate_text
from heinola_es.importing.files import read_text_file
from heinola_es.importing.recorder import ReportFile, record_report
from heinola_es.importing.report.reader import read_report
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from projections.snapshot.encoding import as_json
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from tests.docs.console import ROOT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from heinola_es.handlers.session import Session

NOW = datetime(2020, 8, 10, tzinfo=UTC)
SECTIONS = {
    "The whole": "",
    "units": "units",
    "units.figures": "units.figures",
    "units.goals": "units.goals",
    "units.priorities": "units.priorities",
    "units.narratives": "units.narratives",
    "units.indicators": "units.indicators",
    "projects": "projects",
    "findings": "findings",
    "unplaced": "unplaced",
    "changes": "changes",
    "excluded": "excluded",
    "budget_changes": "budget_changes",
}
"""From a heading of the page to where its fields are found."""


@pytest.fixture(scope="module")
def fields(tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Give the fields of real snapshots of the sample report, by where they are found."""
    path = tmp_path_factory.mktemp("sample") / "heinola.db"
    with EventLog.create(str(path), "Heinola", now=NOW, by="controller") as log:
        read = read_text_file(ROOT / "examples" / "hyvinvointi-2020-q2.txt")
        report = ReportFile(read.name, read.sha256, read_report(read.text))
        run(log, NOW, Request("controller"), lambda session: record_report(session, report))
        run(log, NOW, Request("controller"), _post_over_the_end_of_june)
        run(log, NOW, Request("controller"), _sell_to_another_unit)
        run(log, NOW, Request("controller"), _let_one_leave)
        run(log, NOW, Request("controller", "Kv 15.6.2020 § 41"), _decide)
        run(log, NOW, Request("controller"), _translate)
        run(log, NOW, Request("controller"), lambda session: name_city(session, "Heinola", None, "sv"))
    return _fields_found(path)


@pytest.mark.parametrize("heading", SECTIONS)
def test_the_page_names_every_field(heading: str, fields: dict[str, set[str]]) -> None:
    """The table under a heading lists the fields that a real snapshot has there, all of them and no other."""
    assert _fields_documented(heading) == fields[SECTIONS[heading]]


def test_the_page_names_the_fields_of_cells_and_spans(fields: dict[str, set[str]]) -> None:
    """What has no table of its own (cells, periods, prior years) is named in the text."""
    named = set(re.findall(r"`(\w+)`", _page()))
    for place in ("period", "cumulative", "units.figures.actual", "units.figures.prior_years"):
        assert fields[place]
        assert fields[place] <= named


def _sell_to_another_unit(session: Session) -> None:
    """Let there be a city, and an internal item in it."""
    establish_unit(session, "HEI", date(2020, 1, 1), name="Heinola", kind="city", parent=None)
    post_actual(session, "HEI", "sales", parse_period("1/2020"), 100, internal=True)


def _let_one_leave(session: Session) -> None:
    """Let a unit leave the city at the end of 2019."""
    establish_unit(session, "TERV", date(2018, 1, 1), name="Terveys", kind="unit", parent=None)
    post_actual(session, "TERV", "personnel", parse_period("1/2019"), -100_00)
    close_unit(session, "TERV", date(2019, 12, 31))


def _decide(session: Session) -> None:
    """Let the council change a budget, in a section of its minutes that can be read."""
    adopt_budget(session, "HEI", "sales", 2020, 100, day=date(2020, 1, 1))
    decided = decision_of("kaupunginvaltuusto", "41", "https://kunta.example/41")
    amend_budget(session, "HEI", "sales", 2020, 50, day=date(2020, 6, 15), decided=decided)


def _translate(session: Session) -> None:
    """Let a unit and a project have names in Swedish."""
    translate_name(session, "4160", None, "Gymnasium", "sv")
    project = "Koulukerhot"
    translate_text(session, project, "Skolklubbar", "sv", project=project)


def _post_over_the_end_of_june(session: Session) -> None:
    post_actual(session, "4160", "fees", parse_period("1.6.-31.7.2020"), 100_00)


def _fields_found(path: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    with LogReader(path) as reader:
        for period in ("2020Q2", "2020Q1", "2020Q3"):
            snapshot = take_snapshot(reader, SnapshotQuery(period=parse_period(period), years=2))
            for place, name in _walk(as_json(snapshot), ""):
                found[place].add(name)
        comparable = SnapshotQuery(period=parse_period("2020Q2"), years=2, comparable=True)
        for place, name in _walk(as_json(take_snapshot(reader, comparable)), ""):
            found[place].add(name)
    return found


def _walk(value: Any, place: str) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        for item in value:
            yield from _walk(item, place)
    elif isinstance(value, dict):
        for name, inner in value.items():
            yield place, name
            yield from _walk(inner, f"{place}.{name}".lstrip("."))


def _page() -> str:
    return (ROOT / "docs" / "snapshot.md").read_text("utf-8")


def _fields_documented(heading: str) -> set[str]:
    found = re.search(rf"^##+ `?{re.escape(heading)}`?\n(.*?)(?=^##|\Z)", _page(), re.DOTALL | re.MULTILINE)
    assert found, f"the page has no heading {heading}"
    first_cells = re.findall(r"^\| ((?:`\w+`(?:, )?)+) \|", found[1], re.MULTILINE)
    return {name for cell in first_cells for name in re.findall(r"\w+", cell)}
