"""A report that a city has as PDF alone, read by its profile."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING

from heinola_es.domain.chart import load_chart
from heinola_es.importing.documents.opening import open_document
from heinola_es.importing.profiled.profile_file import profile_from
from heinola_es.importing.profiled.reading import read_profiled
from heinola_es.importing.profiled.suggesting import suggested_profile
from tests.heinola_es.importing.documents.pdfs import heading, table, typeset

if TYPE_CHECKING:
    from pathlib import Path

PDF = typeset(
    heading("Osavuosikatsaus 1.1.–30.4.2024"),
    heading("20 Kaupunkiympäristö", 2),
    table(
        ["t€", "Tilinpäätös 2023", "Muutettu talousarvio 2024", "Toteuma 1–4/2024", "Ennuste 2024"],
        ["Toimintatuotot", "5 120", "5 300", "1 640", "5 250"],
        ["Toimintakulut", "−14 870", "−15 200", "−4 955", "−15 420"],
        ["Toimintakate", "−9 750", "−9 900", "−3 315", "−10 170"],
    ),
    heading("Olennaiset tapahtumat", 2),
    "Katujen kunnossapito kilpailutettiin keväällä, ja uusi sopimus alkoi huhtikuussa. Lumitöihin kului "
    "enemmän kuin edellisvuonna.",
)
PROFILE = """
version = 1
period = "1-4/2024"

[[units]]
kind = "sector"
numbered = true

[figures]
money = "1 000 €"
columns = [
  { header = "Tilinpäätös 2023", is = "actual", period = "2023" },
  { header = "Muutettu talousarvio 2024", is = "budget" },
  { header = "Toteuma 1-4/2024", is = "actual" },
  { header = "Ennuste 2024", is = "forecast" },
]

[[texts]]
heading = "Olennaiset tapahtumat"
"""


def test_a_report_in_pdf(tmp_path: Path) -> None:
    """Every figure is found in its column, with the page and line that it stands on; a text is whole again."""
    path = tmp_path / "katsaus.pdf"
    path.write_bytes(PDF)
    source = open_document(path)
    document = read_profiled(source, profile_from(tomllib.loads(PROFILE), "p"), load_chart())
    assert [(unit.code, unit.name) for unit in document.units] == [("20", "Kaupunkiympäristö")]
    assert [(figure.line, figure.measure, figure.period.label, figure.amount.cents) for figure in document.stated] == [
        ("operating_income", "actual", "1.1.–31.12.2023", 512_000_000),
        ("operating_income", "budget", "1.1.–30.4.2024", 530_000_000),
        ("operating_income", "actual", "1.1.–30.4.2024", 164_000_000),
        ("operating_expenses", "actual", "1.1.–31.12.2023", -1_487_000_000),
        ("operating_expenses", "budget", "1.1.–30.4.2024", -1_520_000_000),
        ("operating_expenses", "actual", "1.1.–30.4.2024", -495_500_000),
        ("operating_margin", "actual", "1.1.–31.12.2023", -975_000_000),
        ("operating_margin", "budget", "1.1.–30.4.2024", -990_000_000),
        ("operating_margin", "actual", "1.1.–30.4.2024", -331_500_000),
    ]
    assert [given.amount.cents for given in document.forecasts] == [525_000_000, -1_542_000_000, -1_017_000_000]
    assert source.places[document.stated[0].lines[0]].startswith("page 1, line ")
    assert [narrative.text for narrative in document.narratives] == [
        (
            "Katujen kunnossapito kilpailutettiin keväällä, ja uusi sopimus alkoi huhtikuussa. Lumitöihin kului "
            "enemmän kuin edellisvuonna."
        )
    ]


def test_the_profile_suggested_for_a_pdf_reads_its_figures(tmp_path: Path) -> None:
    """What a first profile of it finds are the same figures and forecasts."""
    path = tmp_path / "katsaus.pdf"
    path.write_bytes(PDF)
    source, chart = open_document(path), load_chart()
    by_hand = read_profiled(source, profile_from(tomllib.loads(PROFILE), "p"), chart)
    suggested = read_profiled(source, profile_from(tomllib.loads(suggested_profile(source)), "p"), chart)
    assert [figure.amount for figure in suggested.stated] == [figure.amount for figure in by_hand.stated]
    assert suggested.forecasts == by_hand.forecasts
