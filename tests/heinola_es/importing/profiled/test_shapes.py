"""Reports in the shapes of other cities, read by their profiles: every figure with its line and period."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

import pytest

from events.period import Period
from heinola_es.domain.chart import load_chart
from heinola_es.errors import BadInput
from heinola_es.importing.documents.opening import open_document
from heinola_es.importing.profiled.profile_file import profile_from
from heinola_es.importing.profiled.reading import read_profiled
from heinola_es.importing.profiled.suggesting import suggested_profile
from heinola_es.importing.report.document import StatedAmount
from heinola_es.importing.report.reader import read_report
from tests.heinola_es.importing.profiled.reports_of_cities import (
    MERGED,
    MERGED_PROFILE,
    MILLIONS,
    MILLIONS_PROFILE,
    SWEDISH,
    SWEDISH_PROFILE,
)
from tests.heinola_es.importing.report.reports import SMALL

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.importing.report.document import ReportDocument

YEAR = Period.of_year


def read(folder: Path, content: bytes | str, profile: str, *, figures_only: bool = False) -> ReportDocument:
    """Return what a document says by a profile."""
    path = folder / "katsaus"
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    chart = load_chart()
    said = profile_from(tomllib.loads(profile), "profile.toml")
    return read_profiled(open_document(path), said, chart, figures_only=figures_only)


def figures(document: ReportDocument) -> dict[tuple[str, str, str, str], int]:
    """Return the figures in cents, by unit, line, measure and period."""
    return {
        (figure.unit, figure.line, figure.measure, str(figure.period)): figure.amount.cents
        for figure in document.stated
    }


def told(document: ReportDocument) -> list[str]:
    """Return what could not be placed or contradicts itself, in the order it is told."""
    return [f"{found.kind}: {found.message}" for found in document.findings if found.kind != "inferred"]


def test_a_swedish_report_with_a_forecast(tmp_path: Path) -> None:
    """Columns are taken by their headers, thousands by the corner of the table, statuses by the words for them."""
    document = read(tmp_path, SWEDISH, SWEDISH_PROFILE)
    assert [(unit.code, unit.name, unit.kind, unit.parent) for unit in document.units] == [
        ("BIL", "Bildningssektorn", "sector", None),
        ("41", "Småbarnspedagogik", "service_area", "BIL"),
        ("42", "Grundskolor", "service_area", "BIL"),
    ]
    said = figures(document)
    assert said["41", "personnel", "actual", "2023-01-01/2023-12-31"] == -290_000_000
    assert said["41", "personnel", "budget", "2024-01-01/2024-08-31"] == -300_000_000
    assert said["41", "personnel", "actual", "2024-01-01/2024-08-31"] == -205_000_000
    assert said["42", "operating_income", "actual", "2024-01-01/2024-08-31"] == 6_100_000
    assert len(said) == 15
    assert [(given.unit, given.line, given.amount.cents) for given in document.forecasts] == [
        ("41", "operating_income", 40_500_000),
        ("41", "personnel", -310_000_000),
        ("41", "services", -65_500_000),
        ("42", "operating_income", 8_000_000),
        ("42", "personnel", -520_000_000),
    ]
    assert [(goal.id, goal.binding_goal, goal.metric, goal.target_level) for goal in document.goals] == [
        ("42-1", "Alla elever läser", "Läsprov", "95 %"),
        ("42-2", "Kortare skolvägar", "Medellängd", "2 km"),
    ]
    assert [(status.goal, status.status, status.text) for status in document.statuses] == [
        ("42-1", "in_progress", "Provet hålls i november."),
        ("42-2", "achieved", "1,9 km"),
    ]
    assert [(outlook.unit, outlook.text) for outlook in document.outlooks] == [
        ("BIL", "Sektorn väntas överskrida budgeten med 130 tusen euro.")
    ]
    assert [(text.unit, text.section, text.text) for text in document.narratives] == [
        ("42", "Väsentliga händelser", "Två skolor slogs ihop i augusti.")
    ]


def test_what_cannot_be_placed_is_told_figures_first(tmp_path: Path) -> None:
    """A label that no line has, a deviation that its figures do not give, then headings that nobody knows."""
    assert told(read(tmp_path, SWEDISH, SWEDISH_PROFILE)) == [
        "unparsed: 41 has no line 'Utveckling av personalen', nor the profile: Utveckling av personalen | 12",
        "mismatch: Personalkostnader, Avvikelse: the report says -40 000 €, its figures give 0 €; check them",
        "unparsed: The profile does not know this heading: Delårsrapport 1–8/2024",
        "unparsed: The profile does not know this heading: Ett ord som ingen rubrik äger",
    ]


def test_figures_alone(tmp_path: Path) -> None:
    """With figures only, no goal, text or word about them is taken or told; the figures are the same."""
    whole, alone = (read(tmp_path, SWEDISH, SWEDISH_PROFILE, figures_only=only) for only in (False, True))
    assert (alone.goals, alone.statuses, alone.narratives, alone.outlooks) == ((), (), (), ())
    assert figures(alone) == figures(whole)
    assert told(alone) == told(whole)[:2]


def test_a_whole_city_in_millions(tmp_path: Path) -> None:
    """A tenth of a million is told as exact as it is printed; the report's unit is said by the profile."""
    document = read(tmp_path, MILLIONS, MILLIONS_PROFILE)
    amounts = {(figure.line, figure.measure, figure.period): figure.amount for figure in document.stated}
    assert [(unit.code, unit.kind) for unit in document.units] == [("KAU", "city")]
    assert amounts["tax_revenue", "actual", YEAR(2023)] == StatedAmount(6_240_000_000, 10_000_000)
    assert amounts["operating_expenses", "budget", Period.of_months(2024, 1, 6)].cents == -12_100_000_000
    assert amounts["annual_margin", "actual", Period.of_months(2024, 1, 6)].cents == 600_000_000
    assert {given.line: given.amount.cents for given in document.forecasts}["tax_revenue"] == 6_320_000_000
    assert [(figure.line, figure.percent) for figure in document.stated if figure.percent][:2] == [
        ("operating_income", "50.5"),
        ("operating_expenses", "49.7"),
    ]
    assert [sentence for sentence in told(document) if sentence.startswith("mismatch")] == []


def test_headers_of_two_rows_with_merged_cells(tmp_path: Path) -> None:
    """A header reads from above; a unit may stand in a row over its table; expenses printed as positive are turned."""
    document = read(tmp_path, MERGED, MERGED_PROFILE)
    assert figures(document) == {
        ("TEK", "operating_income", "budget", "2024-01-01/2024-06-30"): 12_000_000,
        ("TEK", "operating_income", "actual", "2023-01-01/2023-06-30"): 5_500_000,
        ("TEK", "operating_income", "actual", "2024-01-01/2024-06-30"): 6_100_050,
        ("TEK", "operating_expenses", "budget", "2024-01-01/2024-06-30"): -91_000_000,
        ("TEK", "operating_expenses", "actual", "2023-01-01/2023-06-30"): -44_000_000,
        ("510", "operating_income", "budget", "2024-01-01/2024-06-30"): 8_000_000,
        ("510", "operating_income", "actual", "2023-01-01/2023-06-30"): 3_500_000,
        ("510", "operating_income", "actual", "2024-01-01/2024-06-30"): 4_100_000,
        ("510", "operating_expenses", "budget", "2024-01-01/2024-06-30"): -51_000_000,
        ("510", "operating_expenses", "actual", "2023-01-01/2023-06-30"): -24_000_000,
        ("510", "operating_expenses", "actual", "2024-01-01/2024-06-30"): -25_500_000,
    }
    assert told(document)[0].startswith("unparsed: column Toteuma 1–6/2024: 'yli' was left out")
    assert told(document)[1].startswith("unparsed: 510 has no line 'Henkilötyövuodet'")


def test_a_figure_that_stands_twice_is_one_or_a_contradiction(tmp_path: Path) -> None:
    """The same figure again is told and taken once; another in its place is refused, for nobody can say which holds."""
    again = MILLIONS + "\n" + "\n".join(MILLIONS.splitlines()[4:6])
    assert figures(read(tmp_path, again, MILLIONS_PROFILE)) == figures(read(tmp_path, MILLIONS, MILLIONS_PROFILE))
    with pytest.raises(BadInput, match=r"line 16, Toimintatuotot, TP2023: .* stands as .* at line 6"):
        read(
            tmp_path,
            again.replace("Toimintatuotot\t31,2", "Toimintatuotot\t33,2", 2).replace("33,2", "31,2", 1),
            MILLIONS_PROFILE,
        )


def test_a_document_without_figures_says_what_was_looked_for(tmp_path: Path) -> None:
    """The sentence names the headers and both ways on."""
    with pytest.raises(BadInput) as refused:
        read(tmp_path, "Kokous\n\nPöytäkirja\n", MILLIONS_PROFILE)
    sentence = str(refused.value)
    assert "looked for a header with 'TP 2019', 'TP2023'" in sentence
    assert "--suggest" in sentence
    assert "heinola import figures" in sentence


SHAPES: dict[str, tuple[bytes | str, str]] = {
    "swedish": (SWEDISH, SWEDISH_PROFILE),
    "millions": (MILLIONS, MILLIONS_PROFILE),
    "merged": (MERGED, MERGED_PROFILE),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_suggested_profile_reads_the_same_figures(tmp_path: Path, shape: str) -> None:
    """The profile that is suggested for a document is right TOML, and finds its figures; codes of units are guesses."""
    content, profile = SHAPES[shape]
    wanted = read(tmp_path, content, profile)
    suggested = suggested_profile(open_document(tmp_path / "katsaus"))
    found = read(tmp_path, content, suggested)
    assert sorted(figures(found).values()) == sorted(figures(wanted).values())
    assert {key[1:] for key in figures(found)} == {key[1:] for key in figures(wanted)}
    assert [given.amount for given in found.forecasts] == [given.amount for given in wanted.forecasts]
    assert [goal.binding_goal for goal in found.goals] == [goal.binding_goal for goal in wanted.goals]
    assert [status.status for status in found.statuses] == [status.status for status in wanted.statuses]


def test_a_profile_suggested_for_the_built_in_shape_reads_its_figures(tmp_path: Path) -> None:
    """Headers of one row and of two, thousands in some columns and euros in others, units by their numbers."""
    said = read(tmp_path, SMALL.read_bytes(), suggested_profile(open_document(SMALL)), figures_only=True)
    found = figures(said)
    report = read_report(SMALL.read_text("utf-8"))
    of_operations = {unit.code for unit in report.units if unit.kind in {"service_area", "unit"}}
    wanted = {
        (row.unit, row.line, "actual", "2021-01-01/2021-09-30"): row.actual.cents
        for row in report.figures
        if row.actual is not None and row.unit in of_operations
    }
    assert len(wanted) > 5
    assert {key: found.get(key) for key in wanted} == wanted


def test_who_answers_for_a_unit_is_read_below_its_heading(tmp_path: Path) -> None:
    """The line below a heading that names who answers is no text without a heading."""
    report = MILLIONS.replace("Koko kaupungin tuloslaskelma", "Vastuuhenkilö: talousjohtaja")
    document = read(tmp_path, report, MILLIONS_PROFILE)
    assert [unit.responsible for unit in document.units] == ["talousjohtaja"]
    assert not any("talousjohtaja" in sentence for sentence in told(document))
