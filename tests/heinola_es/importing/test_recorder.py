"""The import recorder: everything a report says becomes events, once, each with the rows it was read from."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import pytest
from attrs import evolve

from events.figures import FigureStated
from events.goals import GoalSet, PriorityReported, PrioritySet
from events.imports import FileImported
from events.narratives import IndicatorObserved, NarrativeReported, OutlookGiven
from events.organisation import ResponsibleAssigned, UnitEstablished, UnitMoved, UnitRenamed
from events.period import Period
from events.projects import ProjectLaunched, ProjectProgressReported, ProjectRevised
from heinola_es.domain.aggregates.file_import import ImportedBefore
from heinola_es.domain.aggregates.project import ProgressOutOfRange
from heinola_es.domain.aggregates.unit_year import PeriodIsClosed
from heinola_es.domain.periods import parse_period
from heinola_es.errors import HeinolaError
from heinola_es.handlers.figures import close_period, state_figure
from heinola_es.handlers.goals import set_goal
from heinola_es.handlers.session import run
from heinola_es.importing.recorder import counts_of, record_report
from heinola_es.importing.report.reader import read_report
from heinola_es.store.log import EventLog, Request
from heinola_es.store.reading import LogReader
from tests.projections.asking import (
    IMPORTED_AT,
    LATER,
    cells,
    cents,
    import_text,
    record,
    report_file,
    snapshot_of,
    unit_of,
)
from tests.specification import events_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from events.base import Event
    from heinola_es.importing.report.document import ReportDocument

ROOT = Path(__file__).parents[3]
SAMPLE = ROOT / "examples" / "hyvinvointi-2020-q2.txt"
SMALL = ROOT / "tests" / "documents" / "pieni-2021-q3.txt"
E = TypeVar("E", bound="Event")
WHO = Request("controller", clock_is_right=True)
RECORDED_FIGURES = ("final_accounts", "prior_actual", "budget", "actual")


@pytest.fixture(params=["sample", "small", "handed over"])
def report(request: pytest.FixtureRequest) -> Path:
    """Give each of the reports at hand."""
    if request.param == "handed over":
        handed_over: Path = request.getfixturevalue("seed_path")
        return handed_over
    return SAMPLE if request.param == "sample" else SMALL


# ---------------------------------------------------------------- one report


def test_every_item_becomes_its_events(empty_store: EventLog, report: Path) -> None:
    """Units, amounts, goals, priorities, words, statistics and projects: as many events as the report has items."""
    document = read_report(_text(report))

    receipt = _import(empty_store, report)

    assert Counter(type(event) for event in receipt) == Counter(
        {
            UnitEstablished: len(document.units),
            ResponsibleAssigned: sum(1 for unit in document.units if unit.responsible),
            FigureStated: len(_amounts(document)),
            GoalSet: len(document.goals),
            PrioritySet: len(document.priorities),
            PriorityReported: sum(1 for priority in document.priorities if priority.text),
            NarrativeReported: len(document.narratives),
            OutlookGiven: len(document.outlooks),
            IndicatorObserved: len(document.indicators),
            ProjectLaunched: len(document.projects),
            ProjectProgressReported: len(document.projects),
            FileImported: 1,
        }
    )


def test_amounts_are_recorded_as_they_are_printed(empty_store: EventLog, report: Path) -> None:
    """Every amount with its period, precision and label; the per cent beside the actual it is printed with."""
    events = _import(empty_store, report)

    recorded = [
        (e.unit, e.line, e.measure, e.effective, e.amount_cents, e.precision_cents, e.label, e.percent)
        for e in _of(events, FigureStated)
    ]

    assert recorded == _amounts(read_report(_text(report)))


def test_words_are_recorded_word_for_word(empty_store: EventLog, report: Path) -> None:
    """Narratives, outlooks, outcomes and statistics carry the report's own text, unit and period."""
    document = read_report(_text(report))

    events = _import(empty_store, report)

    assert [(e.unit, e.section, e.programme, e.part, e.effective, e.text) for e in _of(events, NarrativeReported)] == [
        (n.unit, n.section, n.programme, n.part, n.period, n.text) for n in document.narratives
    ]
    assert [(e.unit, e.effective, e.text) for e in _of(events, OutlookGiven)] == [
        (o.unit, o.period, o.text) for o in document.outlooks
    ]
    assert [(e.unit, e.number, e.text) for e in _of(events, PriorityReported)] == [
        (p.unit, p.number, p.text) for p in document.priorities if p.text
    ]
    assert [(e.unit, e.name, e.value, e.measured_in, e.effective) for e in _of(events, IndicatorObserved)] == [
        (i.unit, i.name, i.value, i.measured_in, i.period) for i in document.indicators
    ]


def test_the_parts_of_a_section_stay_apart(empty_store: EventLog) -> None:
    """A section that comes in two parts of one programme is recorded as both, so that neither replaces the other."""
    file = report_file(_text(SMALL))
    told = file.document.narratives[0]
    parts = (told, evolve(told, part=2, text="Toinen osa"))
    document = evolve(file.document, narratives=parts)

    run(empty_store, IMPORTED_AT, WHO, lambda s: record_report(s, evolve(file, document=document)))

    shown = unit_of(snapshot_of(empty_store, "2021Q3"), told.unit)["narratives"]
    assert [n["text"] for n in shown] == [told.text, "Toinen osa"]


def test_goals_and_projects_are_recorded_with_all_their_fields(empty_store: EventLog, report: Path) -> None:
    """No cell of a goal and no row of a project is left behind."""
    document = read_report(_text(report))

    events = _import(empty_store, report)

    goal_fields = "unit programme_goal binding_goal metric target_level strategic_goal subtask"
    assert _fields(_of(events, GoalSet), f"{goal_fields} goal") == _fields(document.goals, f"{goal_fields} id")
    facts = (
        "unit description administrator responsible start end phase funder city_decision budget_years "
        "income_cents expense_cents city_share_cents amount_notes other"
    )
    launched, reported = _of(events, ProjectLaunched), _of(events, ProjectProgressReported)
    assert _fields(launched, f"project {facts}") == _fields(document.projects, f"name {facts}")
    assert _fields(reported, "project percent text") == _fields(document.projects, "name percent text")
    assert {e.effective for e in reported} == {document.period}


def test_every_event_names_file_rows_and_report(empty_store: EventLog, report: Path) -> None:
    """`file:first-last (sector, period)`, or `file:row` for an item of one row."""
    document = read_report(_text(report))
    form = rf"{re.escape(report.name)}:(\d+)(-\d+)? \({re.escape(document.sector)}, {document.period.label}\)"

    events = _import(empty_store, report)

    for event in events[:-1]:
        assert re.fullmatch(form, event.source), event.source


def test_the_rows_named_are_those_of_the_item(empty_store: EventLog, report: Path) -> None:
    """From the first row to the last that the reader took it from, for items of each kind, in the report's order."""
    document = read_report(_text(report))

    events = _import(empty_store, report)

    for kind, items in (
        (UnitEstablished, document.units),
        (GoalSet, document.goals),
        (PrioritySet, document.priorities),
        (NarrativeReported, document.narratives),
        (OutlookGiven, document.outlooks),
        (IndicatorObserved, document.indicators),
        (ProjectLaunched, document.projects),
        (ProjectProgressReported, document.projects),
    ):
        named = [event.source.partition(" (")[0].rpartition(":")[2] for event in events if isinstance(event, kind)]
        assert named == [_first_to_last(item.lines) for item in items]


def test_the_rows_named_are_where_it_stands(empty_store: EventLog, report: Path) -> None:
    """Whoever opens the file at the row finds the amount, in the row of its label."""
    lines = _text(report).splitlines()

    for event in _of(_import(empty_store, report), FigureStated):
        row = lines[_row(event) - 1]
        printed = f"{event.amount_cents // event.precision_cents:,}".replace(",", " ")
        assert event.label in row
        assert printed in row


def test_the_import_itself_is_recorded_last(empty_store: EventLog, report: Path) -> None:
    """With digest, name, period, what it gave and what the reader had to say, and the source the command was given."""
    document = read_report(_text(report))
    file = report_file(_text(report), report.name)

    request = evolve(WHO, source="sähköposti 7.8.")
    run(empty_store, IMPORTED_AT, request, lambda s: record_report(s, file))

    imported = events_in(empty_store)[-1]
    assert isinstance(imported, FileImported)
    assert (imported.sha256, imported.file_name, imported.format) == (file.sha256, report.name, "report")
    assert (imported.effective, imported.source) == (document.period, "sähköposti 7.8.")
    assert imported.counts == tuple(f"{name}={number}" for name, number in counts_of(document).items())
    assert imported.findings == tuple((f.kind, f.unit or "", str(f.line), f.message) for f in document.findings)


def test_counts_are_those_of_the_document(report: Path) -> None:
    """What is told before and after an import is what the document holds."""
    document = read_report(_text(report))

    counts = counts_of(document)

    assert counts["figures"] == len(document.figures)
    assert counts["inferred"] + counts["unparsed"] == len(document.findings)
    assert list(counts) == [
        "units",
        "figures",
        "goals",
        "priorities",
        "narratives",
        "outlooks",
        "indicators",
        "projects",
        "inferred",
        "unparsed",
    ]


def test_units_are_as_old_as_the_figures_stated_of_them(empty_store: EventLog) -> None:
    """The report states last year's final accounts, so its units exist from that year's first day."""
    events = _import(empty_store, SMALL)

    assert {e.effective for e in _of(events, UnitEstablished)} == {Period.of_day(date(2020, 1, 1))}


def test_all_is_recorded_at_one_instant_by_one_person(empty_store: EventLog) -> None:
    """An import is one command."""
    events = _import(empty_store, SMALL)

    assert {(event.recorded, event.recorded_by) for event in events} == {(IMPORTED_AT, "controller")}


# ---------------------------------------------------------------- refusals and rehearsals


def test_the_same_content_is_imported_once(empty_store: EventLog) -> None:
    """Under any name: the sentence says when it was imported, and as what."""
    _import(empty_store, SMALL)
    size = _size(empty_store)

    with pytest.raises(
        ImportedBefore,
        match=r"this content was already imported on 10\.8\.2020 as pieni-2021-q3\.txt; nothing was recorded",
    ):
        import_text(empty_store, _text(SMALL), "toinen nimi.txt", now=LATER)

    assert _size(empty_store) == size


def test_an_import_refused_at_its_last_item_records_nothing(empty_store: EventLog) -> None:
    """A project at 150 % comes after hundreds of good items; none of them stays."""
    size = _size(empty_store)
    file = report_file(_text(SMALL))
    *projects, last = file.document.projects
    wrong = evolve(file, document=evolve(file.document, projects=(*projects, evolve(last, percent="150"))))

    with pytest.raises(ProgressOutOfRange):
        run(empty_store, IMPORTED_AT, WHO, lambda session: record_report(session, wrong))

    assert _size(empty_store) == size
    assert len(_import(empty_store, SMALL)) > 200


def test_an_import_into_closed_books_records_nothing(empty_store: EventLog) -> None:
    """One unit whose books are closed is enough."""
    import_text(empty_store, _second_quarter(), "q2.txt")
    record(empty_store, close_period, parse_period("2021"), "602")
    size = _size(empty_store)

    with pytest.raises(PeriodIsClosed, match="602"):
        _import(empty_store, SMALL)

    assert _size(empty_store) == size


def test_a_rehearsal_records_nothing(empty_store: EventLog) -> None:
    """A dry run tells the events that it would record; doing it afterwards records just these."""
    size = _size(empty_store)
    rehearsed = import_text(empty_store, _text(SMALL), SMALL.name, dry_run=True)
    assert _size(empty_store) == size

    recorded = import_text(empty_store, _text(SMALL), SMALL.name)

    assert rehearsed.events == recorded.events
    assert _size(empty_store) == size + len(recorded.events)


def test_a_rehearsal_is_refused_as_the_import_would_be(empty_store: EventLog) -> None:
    """What a dry run lets pass the import lets pass."""
    _import(empty_store, SMALL)

    with pytest.raises(ImportedBefore):
        import_text(empty_store, _text(SMALL), SMALL.name, dry_run=True)


def test_a_unit_established_later_than_its_figures_is_refused(empty_store: EventLog) -> None:
    """The report states a year in which the unit, as recorded by hand, did not exist: a person has to look."""
    from heinola_es.handlers.organisation import establish_unit

    record(empty_store, establish_unit, "TEK", date(2021, 7, 1), name="Tekninen", kind="sector", parent=None)
    size = _size(empty_store)

    with pytest.raises(HeinolaError, match="TEK exists only from"):
        _import(empty_store, SMALL)

    assert _size(empty_store) == size


# ---------------------------------------------------------------- the next report


def test_the_next_report_changes_only_what_changed(empty_store: EventLog) -> None:
    """A unit renamed, one moved, a person, a goal, a priority and a project: just these, beside what is reported."""
    import_text(empty_store, _second_quarter(), "q2.txt")

    events = import_text(empty_store, _third_quarter(), "q3.txt", now=LATER).events

    assert [(e.code, e.name, e.effective.start) for e in _of(events, UnitRenamed)] == [
        ("502", "Kaavoitus", date(2021, 7, 1))
    ]
    assert [(e.code, e.parent, e.effective.start) for e in _of(events, UnitMoved)] == [("602", "50", date(2021, 7, 1))]
    assert [(e.code, e.responsible) for e in _of(events, ResponsibleAssigned)] == [("501", "kaupunginpuutarhuri")]
    assert _of(events, UnitEstablished) == []
    assert [(e.goal, e.binding_goal) for e in _of(events, GoalSet)] == [("50-4", "Puistot hoidetaan")]
    assert [(e.number, e.title) for e in _of(events, PrioritySet)] == [(2, "Liukkaudentorjunnan uudistaminen.")]
    assert [e.project for e in _of(events, ProjectLaunched)] == ["Hulevesien hallinta"]
    assert [(e.project, e.phase, e.effective.start) for e in _of(events, ProjectRevised)] == [
        ("Valoisat väylät", "päätösvaihe", date(2021, 7, 1))
    ]


def test_a_revision_says_only_what_changed(empty_store: EventLog) -> None:
    """Fields that the next report repeats are left as they were."""
    import_text(empty_store, _second_quarter(), "q2.txt")

    (revised,) = _of(import_text(empty_store, _third_quarter(), "q3.txt", now=LATER).events, ProjectRevised)

    assert {
        name for name in ("unit", "funder", "end", "income_cents", "budget_years") if getattr(revised, name)
    } == set()


def test_the_next_report_reports_everything_of_its_period(empty_store: EventLog) -> None:
    """Figures, words and progress of the new period are all recorded, whether they changed or not."""
    import_text(empty_store, _second_quarter(), "q2.txt")
    document = read_report(_third_quarter())

    events = import_text(empty_store, _third_quarter(), "q3.txt", now=LATER).events

    assert len(_of(events, FigureStated)) == len(_amounts(document))
    assert len(_of(events, NarrativeReported)) == len(document.narratives)
    assert len(_of(events, ProjectProgressReported)) == len(document.projects) == 3
    assert len(_of(events, PriorityReported)) == len(document.priorities)


def test_after_two_reports_nothing_is_there_twice(empty_store: EventLog) -> None:
    """The snapshot of the later period has each unit, goal, priority and project once, as the later report has it."""
    import_text(empty_store, _second_quarter(), "q2.txt")
    import_text(empty_store, _third_quarter(), "q3.txt", now=LATER)

    snapshot = snapshot_of(empty_store, "2021Q3")

    document = read_report(_third_quarter())
    assert {u["code"]: (u["name"], u["parent"]) for u in snapshot["units"]} == {
        u.code: (u.name, u.parent) for u in document.units
    }
    assert [len(unit_of(snapshot, code)["goals"]) for code in ("50", "601")] == [4, 1]
    assert [p["title"] for p in unit_of(snapshot, "501")["priorities"]] == [
        "Katuvalojen vaihto.",
        "Liukkaudentorjunnan uudistaminen.",
    ]
    assert [p["name"] for p in snapshot["projects"]] == [p.name for p in document.projects]


def test_the_earlier_period_stays_as_it_was_reported(empty_store: EventLog) -> None:
    """Importing the next report moves no cell of the one before, nor names, places and words."""
    import_text(empty_store, _second_quarter(), "q2.txt")
    before = snapshot_of(empty_store, "2021Q2")

    import_text(empty_store, _third_quarter(), "q3.txt", now=LATER)

    after = snapshot_of(empty_store, "2021Q2")
    assert cells(after) == cells(before)
    assert [_said(unit) for unit in after["units"]] == [_said(unit) for unit in before["units"]]
    assert after["findings"] == before["findings"]


def test_a_goal_of_the_same_number_is_another_goal(empty_store: EventLog) -> None:
    """Where an earlier report or command gave the id to another goal, the next free one is taken."""
    import_text(empty_store, _second_quarter(), "q2.txt")
    record(empty_store, set_goal, "50", 2021, "50-4", binding_goal="Käsin kirjattu")

    (goal,) = _of(import_text(empty_store, _third_quarter(), "q3.txt", now=LATER).events, GoalSet)

    assert (goal.goal, goal.binding_goal) == ("50-5", "Puistot hoidetaan")


def test_a_restated_total_takes_the_place_of_the_earlier(empty_store: EventLog) -> None:
    """The later statement for the same cell and period holds, and both stay in the log."""
    _import(empty_store, SMALL)
    before = _size(empty_store)
    record(empty_store, state_figure, "501", "income", parse_period("1-9/2021"), "actual", 99_900, now=LATER)

    assert cents(snapshot_of(empty_store, "2021Q3"), "501", "income") == 99_900
    assert _size(empty_store) == before + 1


# ---------------------------------------------------------------- helpers


def _second_quarter() -> str:
    """Return the small report as it might have been a quarter earlier."""
    text = _text(SMALL)
    for now, then in (("9 kk", "6 kk"), ("1.7.–30.9.2021", "1.4.–30.6.2021"), ("1.7.-30.9.2021", "1.4.-30.6.2021")):
        assert now in text
        text = text.replace(now, then)
    return text


def _third_quarter() -> str:
    """Return the small report with a unit renamed, one moved, another person, a goal, a priority and a project more."""
    text = _text(SMALL)
    start, end = text.index("602 Siivouspalvelut"), text.index("Teknisen toimialan investoinnit")
    moved, text = text[start:end], text[:start] + text[end:]
    moved = moved[: moved.index("Toimenpiteitä")]
    for before, after in (
        ("502 Mittaus ja kaavoitus", f"{moved}502 Kaavoitus"),
        ("Vastuhenkilö: katumestari", "Vastuhenkilö: kaupunginpuutarhuri"),
        (
            "\tVähintään 20 tonttia\n",
            "\tVähintään 20 tonttia\nKaupunki on vihreä\tPuistot hoidetaan\tKäynnit\tViikoittain\n",
        ),
        ("Liukkaudentorjunnan kehittäminen.", "Liukkaudentorjunnan uudistaminen."),
        ("31.12.2021 / toteutusvaihe", "31.12.2021 / päätösvaihe"),
    ):
        assert before in text, before
        text = text.replace(before, after)
    project = text[text.index("Hankkeen nimi\tPuurakentamisen opas") :].rstrip()
    return f"{text.rstrip()}\n\n{project.replace('Puurakentamisen opas', 'Hulevesien hallinta')}\n"


def _import(log: EventLog, report: Path) -> tuple[Event, ...]:
    return import_text(log, _text(report), report.name).events


def _text(report: Path) -> str:
    return report.read_text(encoding="utf-8")


def _amounts(document: ReportDocument) -> list[tuple[Any, ...]]:
    """Return what is to be recorded of the rows of figures, in order."""
    year = document.fiscal_year
    cumulative = Period(date(year, 1, 1), document.period.end)
    spans = {
        "final_accounts": ("actual", Period(date(year - 1, 1, 1), date(year - 1, 12, 31))),
        "prior_actual": ("actual", Period(date(year - 1, 1, 1), document.period.end.replace(year=year - 1))),
        "budget": ("budget", cumulative),
        "actual": ("actual", cumulative),
    }
    return [
        (row.unit, row.line, *spans[column], amount.cents, amount.precision_cents, row.label, percent)
        for row in document.figures
        for column in RECORDED_FIGURES
        if (amount := getattr(row, column)) is not None
        for percent in [row.printed_percent if column == "actual" else None]
    ]


def _of(events: Iterable[Event], kind: type[E]) -> list[E]:
    return [event for event in events if isinstance(event, kind)]


def _fields(items: Iterable[object], names: str) -> list[tuple[Any, ...]]:
    return [tuple(getattr(item, name) for name in names.split()) for item in items]


def _row(event: Event) -> int:
    found = re.search(r":(\d+)", event.source)
    assert found, event.source
    return int(found[1])


def _first_to_last(lines: tuple[int, ...]) -> str:
    return f"{lines[0]}-{lines[-1]}" if len(lines) > 1 else str(lines[0])


def _size(log: EventLog) -> int:
    with LogReader.open(log.location) as reader:
        return reader.size()


def _said(unit: dict[str, Any]) -> tuple[Any, ...]:
    """Return all of a unit but its figures and what it set out to do in the year."""
    return tuple(
        unit[name] for name in ("code", "name", "parent", "responsible", "narratives", "indicators", "outlook")
    )
