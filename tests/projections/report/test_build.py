"""The report as a document: its figures are the snapshot's, in every language, and the same question gets the same."""

from __future__ import annotations

import shlex
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from events.period import Period
from heinola_es.domain.periods import parse_period, parse_reporting_period
from heinola_es.errors import BadInput
from heinola_es.handlers.figures import adopt_budget, correct_actual, post_actual
from heinola_es.handlers.goals import report_narrative
from heinola_es.handlers.organisation import establish_unit, rename_unit
from heinola_es.sealing.seals import root_text
from heinola_es.store.kept import KeptReport
from heinola_es.store.log import EventLog, Request
from heinola_es.store.merkle import EMPTY_ROOT
from heinola_es.store.proofs import tree_root
from heinola_es.store.reading import LogReader
from projections.published.publications import NotPublished, PublishedDiffers, last_published
from projections.publishing import Publisher, publish, seal_of
from projections.read_models.catching_up import rebuild
from projections.read_models.models import ALL
from projections.report.content.document import Document, Paragraph, Picture
from projections.report.content.snapshot_material import anchors
from projections.report.language.languages import LANGUAGES
from projections.report.theme.theme import Theme, Thresholds
from projections.snapshot.columns import default_amounts
from projections.snapshot.encoding import encoded
from projections.writers.markdown import markdown
from tests.city import CITY, FOUNDED, MADE
from tests.projections.asking import LATER, complete, record, snapshot_of, snapshot_taken, unit_of
from tests.projections.forging import Forger
from tests.projections.histories import HISTORIES, Given, live_through, living_city
from tests.projections.report.built import (
    facts_of,
    plain_text,
    report_of,
    section_of,
    sentences,
    table_of,
    tables_in,
    texts_in,
)
from tests.specification import SALT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projections.conftest import ImportedReport

QUARTER = parse_period("2020Q2")
HALF = parse_period("2020H1")
in_each_language = pytest.mark.parametrize("language", LANGUAGES)

Shown = dict[tuple[str, str], Decimal | None]


# ---------------------------------------------------------------- figures


def values_on_sheets(document: Document) -> dict[str, list[list[Any]]]:
    """Return the values of the rows of figures that go on a sheet, by unit, without their labels."""
    found: dict[str, list[list[Any]]] = {}
    for table in tables_in(document):
        if table.sheet and table.key.startswith("figures-"):
            for row in table.rows:
                if row.kind != "group":
                    assert row.place is not None
                    found.setdefault(row.place[0], []).append([cell.value for cell in row.cells[1:]])
    return found


def figures_of(unit: dict[str, Any], period: str = "2020Q2") -> list[list[Decimal | None]]:
    """Return the figures of a snapshot's unit in euros and per cent, as they are given to the reader.

    At the end of a year the same months of the year before are its final accounts, and stand there once.
    """
    is_over = (parse_reporting_period(period).end.month, parse_reporting_period(period).end.day) == (12, 31)
    amounts = [name for name in default_amounts() if not (is_over and name == "prior_actual")]
    return [
        [
            *(None if row[name] is None else Decimal(row[name]["cents"]) / 100 for name in amounts),
            None if row["percent"] is None else Decimal(row["percent"]),
        ]
        for row in unit["figures"]
    ]


@in_each_language
def test_every_figure_is_the_snapshots(report_2020: ImportedReport, language: str) -> None:
    """Each cell of each unit stands in the report, once on its sheets, with the value that the snapshot gives."""
    document = report_of(report_2020.path, language=language)
    snapshot = snapshot_of(report_2020.path, "2020Q2")
    assert values_on_sheets(document) == {unit["code"]: figures_of(unit) for unit in snapshot["units"]}


@settings(max_examples=30)
@given(
    history=HISTORIES,
    period=st.sampled_from(["2020Q2", "15.6.2020", "2019", "2020T2"]),
    language=st.sampled_from(LANGUAGES),
    query=st.sampled_from([{}, {"unit": "410"}, {"unit": "HYV-INV"}, {"euros": True}]),
)
def test_any_history_has_a_report(
    founded: Path, history: list[Given], period: str, language: str, query: dict[str, Any]
) -> None:
    """Whatever happened in the city: its report has every figure of the snapshot, and is the same a second time."""
    with living_city(founded) as log:
        live_through(log, history)
        document = report_of(log, period, language=language, **query)
        assert document == report_of(log, period, language=language, **query)
        snapshot = snapshot_of(log, period, unit=query.get("unit"))
    assert values_on_sheets(document) == {unit["code"]: figures_of(unit, period) for unit in snapshot["units"]}
    assert markdown(document)


def test_figures_are_printed_as_the_report_prints_them(sample: ImportedReport) -> None:
    """Columns known in thousands alone are shown so, the others in euros; per cents have two decimals."""
    table = table_of(report_of(sample.path), "figures-410")
    assert [sentences(column.title) for column in table.columns] == [
        "Erä",
        "TP 2019\n1 000 €",
        "TOT 2019\n6 kk\n1 000 €",
        "TA 2020\n+ muutokset\n€",
        "TOT 2020\n6 kk\n€",
        "TOT-20\n%",
    ]
    assert plain_text(table.rows) == [
        ["Tulot", "1 030", "778", "854 400", "878 874", "102,86"],
        ["Menot", "−15 838", "−7 922", "−16 224 700", "−7 669 812", "47,27"],
        ["Netto", "−14 809", "−7 144", "−15 370 300", "−6 790 938", "44,18"],
    ]


def test_euros_can_be_asked_for(sample: ImportedReport) -> None:
    """With `euros`, what is known in thousands is shown in euros; its value is the same."""
    thousands, euros = (table_of(report_of(sample.path, euros=wanted), "figures-410") for wanted in (False, True))
    assert sentences(euros.columns[1].title) == "TP 2019\n€"
    assert plain_text(euros.rows)[0][1] == "1 030 000"
    values = [[[cell.value for cell in row.cells] for row in table.rows] for table in (thousands, euros)]
    assert values[0] == values[1]


def test_all_tables_of_figures_have_the_same_columns(sample_log: EventLog) -> None:
    """One figure known to the euro is enough for its column to be in euros everywhere."""
    record(sample_log, establish_unit, "TEK", date(2019, 7, 1), name="Tekninen toimiala", kind="sector", parent=None)
    record(sample_log, post_actual, "TEK", "fees", Period.of_month(2019, 12), 1_234_00)
    complete(sample_log, "7-12/2019", unit="TEK")
    document = report_of(sample_log)
    (columns,) = {table.columns for table in tables_in(document) if table.key.startswith("figures-")}
    assert [sentences(column.title).split("\n")[-1] for column in columns[1:5]] == ["€", "1 000 €", "€", "€"]


def test_cents_are_rounded_and_kept(sample_log: EventLog) -> None:
    """A figure known to the cent is shown in whole euros, keeps its value, and the reader is told."""
    before = report_of(sample_log)
    record(sample_log, correct_actual, "4160", "fees", HALF, 50, reason="kirjausvirhe")
    document = report_of(sample_log)
    cell = table_of(document, "figures-410").rows[0].cells[4]
    assert (sentences(cell.text), cell.value) == ("878 875", Decimal("878874.5"))
    assert any("täysinä euroina" in text for text in texts_in(section_of(document, "notes").blocks))
    assert not any("täysinä euroina" in text for text in texts_in(section_of(before, "notes").blocks))


@pytest.mark.parametrize(
    ("language", "label"),
    [("fi", "Vuokrat"), ("sv", "Hyror"), ("en", "Rents paid")],
)
def test_lines_are_named_in_the_language_of_the_report(sample: ImportedReport, language: str, label: str) -> None:
    """The chart names the lines, in tables as in pictures; a name that the source misprints is not in the report."""
    document = report_of(sample.path, language=language)
    labels = [row.cells[0].text for row in table_of(document, "figures-hyv").rows]
    assert label in labels
    shown, _mark, _proof = markdown(document).decode().partition("<!-- heinola-proof")
    assert "Vuokratulut" not in shown


# ---------------------------------------------------------------- what is in it


def test_the_order_is_that_of_the_printed_report(sample: ImportedReport) -> None:
    """The sector with its service areas, the investments, the projects, the notes, and how it was made."""
    document = report_of(sample.path)
    assert [section.key for section in document.sections] == [
        "unit-hyv",
        "unit-hyv-inv",
        "projects",
        "notes",
        "provenance",
    ]
    areas = [section.title for section in document.sections[0].sections]
    assert areas == [
        "400 HYVINVOINNIN JA TERVEYDEN EDISTÄMINEN",
        "410 Opetus- ja koulutuspalvelut",
        "420 VARHAISKASVATUS",
        "430 VIRIKKEELLINEN ELÄMÄ",
    ]


def test_every_recorded_text_is_in_the_report(report_2020: ImportedReport) -> None:
    """Goals, priorities, narratives, outlooks, indicators and projects: nothing that was recorded is left out."""
    document, snapshot = report_of(report_2020.path), snapshot_of(report_2020.path, "2020Q2")
    said = squeezed(" ".join([*texts_in(list(document.blocks())), *cells_of(document), *facts_in(document)]))
    wanted = [text for unit in snapshot["units"] for text in recorded_texts(unit)]
    wanted += [project[name] for project in snapshot["projects"] for name in ("description", "text", "funder", "other")]
    assert len(wanted) > 100
    assert [text for text in wanted if text and squeezed(text) not in said] == []


def recorded_texts(unit: dict[str, Any]) -> list[str]:
    """Return what was said of a unit, paragraph by paragraph."""
    texts = [unit["outlook"] or "", unit["responsible"]]
    texts += [goal[name] or "" for goal in unit["goals"] for name in ("binding_goal", "metric", "target_level", "text")]
    texts += [each[name] or "" for each in unit["priorities"] for name in ("title", "metric", "text")]
    texts += [each["name"] for each in unit["indicators"]]
    return [line for text in (*texts, *(each["text"] for each in unit["narratives"])) for line in text.split("\n\n")]


def cells_of(document: Document) -> list[str]:
    """Return the text of every cell."""
    return [cell.text for table in tables_in(document) for row in table.rows for cell in row.cells]


def facts_in(document: Document) -> list[str]:
    """Return the value of every fact."""
    return [value for _level, section in document.walk() for value in facts_of(section).values()]


def squeezed(text: str) -> str:
    """Return a text without spaces, marks of emphasis and list marks."""
    return "".join(text.replace("**", "").replace("\n- ", "\n").split()).removeprefix("-")


def test_what_people_recorded_is_marked_as_finnish(sample: ImportedReport) -> None:
    """In a Swedish report texts, names and goals say that they are Finnish; in a Finnish one nothing does."""
    swedish, finnish = report_of(sample.path, language="sv"), report_of(sample.path)
    section = section_of(swedish, "unit-410")
    assert (section.language, swedish.subject_language) == ("fi", "fi")
    goal = table_of(swedish, "goals-410").rows[-1].cells
    assert [cell.language for cell in goal] == [None, "fi", "fi", "fi", None]
    assert {section.language for _level, section in finnish.walk()} == {None}


def test_keys_are_anchors_of_their_own(report_2020: ImportedReport) -> None:
    """No two parts, and no two tables or pictures, have the same key, which is the same in every language."""
    documents = [report_of(report_2020.path, language=language) for language in LANGUAGES]
    for document in documents:
        assert repeated([section.key for _level, section in document.walk()]) == []
        pictures = [block.key for block in document.blocks() if isinstance(block, Picture)]
        assert repeated([*pictures, *(table.key for table in tables_in(document))]) == []
    keys = [[section.key for _level, section in document.walk()] for document in documents]
    assert keys[0] == keys[1] == keys[2]


def repeated(keys: list[str]) -> list[str]:
    """Return the keys that are there more than once."""
    return [key for key, times in Counter(keys).items() if times > 1]


@given(st.lists(st.text(max_size=5)))
def test_any_codes_have_anchors_of_their_own(codes: list[str]) -> None:
    """Whatever codes units have, their anchors differ and are of a–z, 0–9 and hyphens."""
    found = anchors(codes)
    assert repeated(found) == []
    assert all(set(anchor) <= set("abcdefghijklmnopqrstuvwxyz0123456789-") and anchor for anchor in found)


def test_a_picture_names_a_table_that_is_there(report_2020: ImportedReport) -> None:
    """What a picture shows can be read as a table: its own, or one that the report has."""
    document = report_of(report_2020.path)
    pictures = [block for block in document.blocks() if isinstance(block, Picture)]
    keys = {table.key for table in tables_in(document)}
    assert pictures
    assert [p.key for p in pictures if (p.table is None) == (p.table_key is None)] == []
    assert [p.key for p in pictures if p.table_key is not None and p.table_key not in keys] == []


def test_a_name_in_capitals_is_shown_as_it_was_recorded(sample: ImportedReport) -> None:
    """A heading is the recorded name, whatever its letters: recorded words are never rewritten."""
    assert unit_of(snapshot_of(sample.path, "2020Q2"), "420")["name"] == "VARHAISKASVATUS"
    assert section_of(report_of(sample.path), "unit-420").title == "420 VARHAISKASVATUS"


# ---------------------------------------------------------------- other cities, other questions


def test_a_report_of_one_unit_has_its_parts_alone(sample: ImportedReport) -> None:
    """With a unit, the report is about it and what stands under it: figures, projects, findings."""
    document = report_of(sample.path, unit="410")
    whole = report_of(sample.path)
    assert document.subject == "Opetus- ja koulutuspalvelut"
    assert [section.key for section in document.sections] == ["unit-410", "projects", "notes", "provenance"]
    assert table_of(document, "figures-410") == table_of(whole, "figures-410")
    assert len(table_of(document, "projects-table").rows) < len(table_of(whole, "projects-table").rows)
    assert {row.place[0] for row in table_of(document, "projects-table").rows if row.place} <= {"410", "4160", "4170"}


def test_a_unit_without_units_below_has_a_report(sample: ImportedReport) -> None:
    """The smallest report is that of one unit."""
    document = report_of(sample.path, unit="4160")
    assert plain_text(table_of(document, "figures-4160").rows)[1][4] == "−944 469"
    assert table_of(document, "figures-4160").sheet == "Luvut"


@pytest.mark.parametrize("known", [True, False])
def test_an_empty_store_has_a_report(tmp_path: Path, known: bool) -> None:  # noqa: FBT001 - a case
    """Where nothing is known, a sentence says so, and the parts about the report itself are there.

    A report as known before the store was made rests on no event, and is dated by its period.
    """
    with EventLog.create(str(tmp_path / "empty.db"), CITY, now=MADE, by="controller") as log:
        document = report_of(log, language="en", known_at=None if known else MADE - timedelta(seconds=1))
        root = log.head().root if known else EMPTY_ROOT
    assert texts_in(document.summary) == ["No unit is known on 30 June 2020, so there is nothing to report."]
    assert document.subject == "The whole city"
    assert [section.key for section in document.sections] == ["notes", "provenance"]
    assert facts_of(document.sections[-1])["Root of the log's tree"] == root_text(root)
    assert document.written == (MADE if known else datetime(2020, 6, 30, tzinfo=UTC))


@pytest.fixture
def large_city(tmp_path: Path) -> EventLog:
    """Give a city of two sectors and two hundred units, with budgets and monthly actuals."""

    def found(session: Any) -> None:  # noqa: ANN401 - a session of the write side
        for sector in "AB":
            establish_unit(session, sector, FOUNDED, name=f"TOIMIALA {sector}", kind="sector", parent=None)
            for area in range(10):
                code = f"{sector}{area}"
                establish_unit(session, code, FOUNDED, name=f"Palvelu {code}", kind="service_area", parent=sector)
                for unit in range(9):
                    establish_unit(session, f"{code}{unit}", FOUNDED, name="Yksikkö", kind="unit", parent=code)
                    adopt_budget(session, f"{code}{unit}", "personnel", 2020, -1_200_000_00, day=date(2020, 1, 1))
                    for month in range(1, 7):
                        spent = -(50_000 + 20_000 * unit) * 100
                        post_actual(session, f"{code}{unit}", "personnel", Period.of_month(2020, month), spent)

    log = EventLog.create(str(tmp_path / "large.db"), "Suurkylä", now=MADE, by="controller")
    record(log, found)
    return log


def test_a_city_of_several_sectors(large_city: EventLog) -> None:
    """The whole city is the subject; each sector is a part, and the summary tells of each of them."""
    with large_city:
        document = report_of(large_city)
    assert (document.city, document.subject, document.subject_language) == ("Suurkylä", "Koko kaupunki", None)
    assert [section.title for section in document.sections[:2]] == ["TOIMIALA A", "TOIMIALA B"]
    lead = [block for block in document.summary if isinstance(block, Paragraph) and block.style == "lead"]
    assert [texts_in([block])[0].split(":")[0] for block in lead] == ["TOIMIALA A", "TOIMIALA B"]


def test_units_stand_in_one_table_of_their_area(large_city: EventLog) -> None:
    """Units of which nothing is told but figures have no part of their own: a heading in a table, and their rows."""
    with large_city:
        document = report_of(large_city)
    table = table_of(document, "figures-of-units-a3")
    assert [row.cells[0].text for row in table.rows if row.kind == "group"] == ["Yksikkö"] * 9
    assert {row.place for row in table.rows} == {(f"A3{unit}", "Yksikkö") for unit in range(9)}
    assert section_of(document, "unit-a3").sections == ()


def test_a_unit_with_texts_has_a_part_and_its_figures_once_on_the_sheet(sample_log: EventLog) -> None:
    """What a unit says stands under its own heading, with its figures again, which no sheet repeats."""
    before = report_of(sample_log)
    assert "unit-4170" not in [section.key for _level, section in before.walk()]
    record(sample_log, report_narrative, "4170", QUARTER, section="Toteuma", text="Konsertteja pidettiin kolme.")
    document = report_of(sample_log)
    section = section_of(document, "unit-4170")
    assert texts_in(section.sections[0].blocks) == ["Konsertteja pidettiin kolme."]
    assert table_of(document, "figures-4170").sheet is None
    assert values_on_sheets(document) == values_on_sheets(before)


def test_a_renamed_unit_has_the_name_of_its_day(sample_log: EventLog) -> None:
    """The organisation is that of the period's end."""
    record(sample_log, rename_unit, "420", date(2020, 7, 1), "Varhaiskasvatuspalvelut")
    assert section_of(report_of(sample_log), "unit-420").title == "420 VARHAISKASVATUS"
    assert section_of(report_of(sample_log, "2020Q3"), "unit-420").title == "420 Varhaiskasvatuspalvelut"


@pytest.mark.parametrize(
    ("period", "query", "words"),
    [
        ("1.7.2019–30.6.2020", {}, "crosses the turn of a year"),
        ("2020Q2", {"unit": "4999"}, "unknown unit"),
    ],
)
def test_what_a_snapshot_refuses_is_refused(sample: ImportedReport, period: str, query: Any, words: str) -> None:  # noqa: ANN401
    """A report asks as a snapshot does, and is refused in the same words."""
    with pytest.raises(BadInput, match=words):
        report_of(sample.path, period, **query)


# ---------------------------------------------------------------- the same report again


@in_each_language
def test_the_same_question_gets_the_same_document(sample: ImportedReport, language: str) -> None:
    """Equal stores and queries give equal documents, identity and all."""
    assert report_of(sample.path, language=language) == report_of(sample.path, language=language)


def test_known_at_is_the_report_as_it_was_known(sample_log: EventLog) -> None:
    """What is recorded later changes nothing in a report of before."""
    before = report_of(sample_log)
    record(sample_log, correct_actual, "4160", "expenses", HALF, -12_500_00, reason="lasku puuttui")
    assert report_of(sample_log) != before
    assert report_of(sample_log, known_at=before.written) == before


def test_the_command_in_the_report_gives_it_again(sample_log: EventLog) -> None:
    """The command names whatever was asked, and the moment; it makes an equal document afterwards."""
    asked: Any = {"columns": ("quarter", "actual"), "years": 2, "layout": "official", "forecast_method": "last_year"}
    asked["structure"] = date(2020, 3, 31)
    before = report_of(sample_log, unit="410", language="sv", euros=True, **asked)
    record(sample_log, correct_actual, "4160", "expenses", HALF, -12_500_00, reason="lasku puuttui")
    words = shlex.split(facts_of(before.sections[-1])["Kommando"])
    assert words[:3] == ["heinola", "report", "2020-04-01..2020-06-30"]
    options = dict(zip(words[3:-1:2], words[4:-1:2], strict=True))
    of_figures = ("--columns", "--years", "--layout", "--forecast-method", "--structure")
    assert {name: options.pop(name) for name in of_figures} == {
        "--columns": "quarter,actual",
        "--years": "2",
        "--layout": "official",
        "--forecast-method": "last-year",
        "--structure": "2020-03-31",
    }
    assert options.keys() == {"--lang", "--unit", "--known-at"}
    assert words[-1] == "--euros"
    again = report_of(
        sample_log,
        words[2],
        language=options["--lang"],
        unit=options["--unit"],
        known_at=datetime.fromisoformat(options["--known-at"]),
        euros=True,
        **asked,
    )
    assert again == before


def published(log: EventLog, unit: str | None = None) -> None:
    """Publish the report of the second quarter."""
    with LogReader.open(log.location) as reader:
        publish(Publisher(log, reader, lambda: LATER, Request("talousjohtaja"), SALT), QUARTER, unit, incomplete=True)


def test_a_published_report_stays_as_it_was_published(sample_log: EventLog) -> None:
    """Whatever is recorded afterwards, the published report is the same document; a later revision is another."""
    published(sample_log)
    first = report_of(sample_log, published=0)
    record(sample_log, correct_actual, "4160", "expenses", HALF, -12_500_00, reason="lasku puuttui")
    assert report_of(sample_log, published=0) == first
    published(sample_log)
    assert report_of(sample_log, published=1) == first
    assert report_of(sample_log, published=0) == report_of(sample_log, published=2)
    assert report_of(sample_log, published=2).identity != first.identity


def test_a_published_report_says_how_it_was_published(sample_log: EventLog) -> None:
    """Revision, moment, who published, what the seal covers and its root: as the log has them."""
    head = sample_log.head()
    published(sample_log)
    facts = facts_of(report_of(sample_log, published=0, language="en").sections[-1])
    with LogReader.open(sample_log.location) as reader:
        publication = last_published(reader, QUARTER, None)
        seal = seal_of(reader, publication)
    assert facts["Publication"] == "revision 1, 1 September 2020, 12:00 (Finnish time)"
    assert facts["Published by"] == "talousjohtaja"
    assert facts["Root of the log's tree"] == root_text(head.root)
    assert head.root.hex() == publication.root_sha256
    assert facts["Digest of the snapshot"] == f"sha256:{publication.snapshot_sha256}"
    assert (facts["Seal covers events"], facts["Root in the seal"]) == (f"1–{seal.size}", root_text(seal.root))
    assert "--published 1" in facts["Command"]


def test_a_report_that_is_not_the_published_one_says_so(sample_log: EventLog) -> None:
    """Before and after publishing, the report as it stands says whether there is a published one."""
    assert facts_of(report_of(sample_log).sections[-1])["Julkaisu"] == "ei julkaistu"
    published(sample_log)
    told = facts_of(report_of(sample_log).sections[-1])["Julkaisu"]
    assert told == "ei julkaistussa muodossa; viimeksi julkaistu: versio 1, 1.9.2020 klo 12.00 (Suomen aikaa)"


def test_what_was_not_published_is_refused(sample_log: EventLog) -> None:
    """A report is asked for as published only where it was, and in a revision that there is."""
    with pytest.raises(NotPublished, match="never published"):
        report_of(sample_log, published=0)
    published(sample_log)
    with pytest.raises(NotPublished, match="no revision 2"):
        report_of(sample_log, published=2)


def test_a_published_report_whose_read_models_were_changed_is_shown_as_it_was(sample_log: EventLog) -> None:
    """A changed row is noticed and mended before anything is shown of it."""
    published(sample_log)
    before = report_of(sample_log, published=0)
    with LogReader.open(sample_log.location) as reader:
        connection = reader.connection
        connection.execute("UPDATE rm_statements SET cents = cents + 100 WHERE unit = '4160' AND line = 'income'")
    assert report_of(sample_log, published=0) == before


def test_a_published_report_is_kept_whatever_the_log_gives(sample_log: EventLog) -> None:
    """Where the log under it was changed, what is shown is what was published."""
    published(sample_log)
    before = report_of(sample_log, published=0)
    with LogReader.open(sample_log.location) as reader:
        row = next(row for row in reader.rows_about("FigureStated") if b'"unit":"4160","line":"income"' in row[4])
    changed = row[4].replace(b'"amount_cents":', b'"amount_cents":1')
    Forger(sample_log.location).execute("UPDATE stored_events SET state = ? WHERE position = ?", (changed, row[0]))
    with LogReader.open(sample_log.location) as reader:
        rebuild(reader, ALL)
    assert report_of(sample_log, published=0) == before


KEPT_OTHERWISE = {
    "the bytes changed": ("UPDATE kept_reports SET packed = ?", b"x", "they cannot be unpacked|they are cut off"),
    "other bytes": ("UPDATE kept_reports SET packed = ?", KeptReport.of(b"{}").packed, "others than were published"),
    "the bytes gone": ("DELETE FROM kept_reports WHERE packed <> ?", b"", "its bytes are gone"),
    "a name changed": ("UPDATE kept_names SET name = ?", b"Nobody", "the name is another than was published"),
    "the publication changed": (
        "UPDATE stored_events SET state = ? WHERE position = (SELECT max(position) FROM stored_events)",
        b"",
        "the publication itself was changed",
    ),
}


@pytest.mark.in_a_file
@pytest.mark.parametrize(("change", "value", "words"), KEPT_OTHERWISE.values(), ids=KEPT_OTHERWISE)
def test_a_published_report_that_was_tampered_with_is_refused(
    sample_log: EventLog, change: str, value: bytes, words: str
) -> None:
    """Where what is kept is not what was published, there is no report of it."""
    published(sample_log)
    if not value and "state" in change:
        with LogReader.open(sample_log.location) as reader:
            (row,) = reader.rows_about("ReportPublished")
        value = row[4].replace(b'"program"', b'"reason":"x","program"').replace(b'"rule"', b'"reason":"x","rule"', 1)
    Forger(sample_log.location).execute(change, (value,))
    with pytest.raises(PublishedDiffers, match=words):
        report_of(sample_log, published=0)


def test_the_root_is_that_of_the_log_at_the_position(sample_log: EventLog) -> None:
    """The root in the report is the RFC 6962 root over the events it rests on, at the end of the log and before."""
    before = report_of(sample_log)
    record(sample_log, correct_actual, "4160", "expenses", HALF, -12_500_00, reason="lasku puuttui")
    after = report_of(sample_log)
    with LogReader.open(sample_log.location) as reader:
        leaves = [
            bytes(leaf)
            for (leaf,) in reader.connection.execute("SELECT leaf_hash FROM stored_events ORDER BY position")
        ]
    earlier = root_text(tree_root(leaves[:-1]))
    for document in (before, report_of(sample_log, known_at=before.written)):
        assert facts_of(document.sections[-1])["Tapahtumalokin juuritiiviste"] == earlier
    assert facts_of(after.sections[-1])["Tapahtumalokin juuritiiviste"] == root_text(tree_root(leaves))


def test_the_digest_is_that_of_the_snapshot(sample: ImportedReport) -> None:
    """The digest in the report is that of what `snapshot --format json` writes, so that anybody can take it again."""
    digest = sha256(encoded(snapshot_taken(sample.path, "2020Q2"))).hexdigest()
    facts = facts_of(report_of(sample.path).sections[-1])
    assert facts["Tietojen tiiviste"] == f"sha256:{digest}"


def test_the_identity_tells_reports_apart(sample_log: EventLog) -> None:
    """Language, unit of amounts, unit, period, thresholds, colours and facts each give an identity of their own."""
    with_thresholds = Theme(thresholds=Thresholds(points=Decimal(1)))
    documents = [
        report_of(sample_log),
        report_of(sample_log, language="sv"),
        report_of(sample_log, euros=True),
        report_of(sample_log, unit="410"),
        report_of(sample_log, "2020H1"),
        report_of(sample_log, theme=with_thresholds),
        report_of(sample_log, theme=evolve(Theme(), accent="#123456")),
    ]
    record(sample_log, correct_actual, "4160", "expenses", HALF, -1_00, reason="lasku puuttui")
    documents.append(report_of(sample_log))
    identities = [document.identity for document in documents]
    assert len(set(identities)) == len(identities)
