"""The terminal's table: what a controller reads."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest
from attrs import evolve

from heinola_es.domain.chart import load_chart
from heinola_es.languages import LANGUAGES
from projections.report.language.words import words_in
from projections.snapshot.columns import all_columns
from projections.snapshot.model import BudgetChange
from projections.writers.terminal.projects_and_findings import KINDS
from projections.writers.terminal.table import snapshot_table
from tests.projections.writers.terminal.small import (
    a_unit,
    area,
    cell,
    finding,
    project,
    roundings,
    row,
    sector,
    small_snapshot,
)

if TYPE_CHECKING:
    from projections.snapshot.model import Snapshot

CHART = load_chart()
ANSI = re.compile(r"\x1b\[[0-9;]*m")

PAGE = """\
Heinola · Osavuosikatsaus 1.4.–30.6.2020
Luvut kertymänä 1.1.–30.6.2020 (6 kk) · Organisaation ajankohta 30.6.2020 · Tapahtumat 1–1 234

━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
HYV  Hyvinvointilautakunnan toimiala                                              hyvinvointijohtaja
━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━
                                        TP 2019       TOT 2019        TA 2020      TOT 2020   TOT-20
                                        1 000 €   6 kk 1 000 €    + muutokset          6 kk        %
  TOIMINTATUOTOT
  Myyntituotot                              712            358        601 500       380 971    63,34
  Toimintatuotot                          2 625          1 750      2 234 800     1 797 871    80,45
  TOIMINTAKULUT
  Henkilöstökulut                       −18 163         −8 965    −18 314 600    −8 322 016    45,44
  Vuokrat ”Vuokratulut”                  −3 552         −1 884     −3 778 600    −1 909 397    50,53
  Toimintakulut                         −28 340        −14 469    −29 019 200   −13 630 142    46,97
  TOIMINTAKATE                          −25 714        −12 718    −26 784 400   −11 832 272    44,18
  Rahoitustuotot ja -kulut                   −1              0              0          −416        –

420  VARHAISKASVATUS ──────────────────────────────────────────────────────── varhaiskasvatusjohtaja
                                        TP 2019       TOT 2019        TA 2020      TOT 2020   TOT-20
                                        1 000 €   6 kk 1 000 €    + muutokset          6 kk        %
  TULOT                                     785            486        756 100       599 466    79,28
  MENOT                                  −7 932         −4 069     −8 233 500    −3 719 481    45,17
  NETTO                                  −7 147         −3 583     −7 477 400    −3 120 015    41,73

4240  Perhekeskuksen avoimet palvelut
                                        TP 2019       TOT 2019        TA 2020      TOT 2020   TOT-20
                                        1 000 €           6 kk    + muutokset          6 kk        %
  TULOT                                       1              –¹             –        238,50        –
  MENOT                                     −67              –¹             –    −33 479,00        –
  NETTO                                     −66              –¹             –    −33 240,50        –

¹  nobody stated or posted it for 1.1.–30.6.2019

”…” nimike, jota lähdeasiakirja käyttää

TAVOITTEET  3 tavoitetta: käynnissä 1, viivästynyt 1, ei arvioitu 1.

  420  VARHAISKASVATUS
    420-1  käynnissä      Toimiva monialainen yhteistyö kehittyy
    420-2  viivästynyt    Varhaiskasvatuksen asiakasmaksuprosessin päivittäminen
    420-3  ei arvioitu    Opiskeluhuollon painopiste siirtyy yhteisölliseen opiskeluhuoltoon

TUNNUSLUVUT

  4240  Asiakastapahtumat  1 224  kertaa
        Osuus lapsista      52,5  %       14.4.–13.5.2020

TEKSTIT  lue ne valitsimella --texts tai --format json

  HYV  Hyvinvointilautakunnan toimiala  arvio
  420  VARHAISKASVATUS                  1 painopiste, 1 teksti

HANKKEET  1 hanke

                                                                  Tulot    Menot  Kaupungin  Edennyt
  Yksikkö  Hanke                  Vastuuhenkilö   Toteutusaika        €        €    osuus €        %
  420      Hyvinvointia           Päivi Salminen  26.4.2019–    111 600  124 000      1 140     29,2
           edistävät              / Riikka        31.7.2021
           oppimisympäristöt      Hämäläinen
           NÄKYVÄKSI

HAVAINNOT  huomioita, ei virheitä

  ristiriita  2 enemmän kuin pyöristys selittää
  847  MENOT · TP 2019   stated -46 000, the units below 0              46 000 €
  420  MENOT · TOT-20 %  printed 45,18 %, the figures give 45,17 %  −0,01 %-yks.

  pyöristys  2 pyöristyksen rajoissa, enintään 1 000 €; --findings all luettelee ne
"""


def shown(snapshot: Snapshot, **how: Any) -> str:  # noqa: ANN401 - as snapshot_table takes it
    """Return the table with plain spaces, as this file is written."""
    return snapshot_table(snapshot, CHART, **how).replace("\u00a0", " ")


def of_unit(*figures: dict[str, Any], **how: Any) -> list[str]:  # noqa: ANN401 - as snapshot_table takes it
    """Return the lines of a snapshot that holds one unit with these figures."""
    return shown(small_snapshot(units=[a_unit("4100", "Perusopetus", "unit", list(figures))]), **how).splitlines()


def line_of(lines: list[str], label: str) -> str:
    """Return the first line that begins with a label."""
    return next(line for line in lines if line.strip().startswith(label))


def test_a_snapshot_reads_like_the_report() -> None:
    """At 100 columns the page is this, to the character: headings, figures, goals, projects, findings."""
    assert shown(small_snapshot()) == PAGE


def test_thousands_are_apart_by_a_no_break_space_and_negative_numbers_have_a_minus() -> None:
    """Numbers are written as Finnish has it: U+00A0 between thousands, U+2212 in front, a comma before decimals."""
    lines = snapshot_table(small_snapshot(), CHART).splitlines()
    assert "\u221218\u00a0314\u00a0600" in line_of(lines, "Henkilöstökulut")
    assert line_of(lines, "Henkilöstökulut").endswith("45,44")


def test_numbers_of_a_column_end_at_the_same_place_in_every_unit() -> None:
    """Positive, negative and unknown cells stand in line from the first unit to the last."""
    lines = shown(small_snapshot()).splitlines()
    labels = ("Myyntituotot", "Henkilöstökulut", "Rahoitustuotot", "TULOT", "NETTO")
    rows = [line for line in lines if line.strip().startswith(labels)]
    ends = [[match.end() for match in re.finditer(r"[^ ¹]+( [^ ¹]+)*", line)][-5:] for line in rows]
    assert len(rows) == 7
    assert all(found == ends[0] for found in ends), "\n".join(rows)


def test_a_column_known_to_a_thousand_is_shown_in_thousands() -> None:
    """The heading says 1 000 € where every known cell is stated in thousands, and only there."""
    thousands = of_unit(row("income", "1 030 | 778 | 854 400 | – | –"))
    assert re.search(r"^ +1 000 € +6 kk 1 000 € +\+ muutokset +6 kk +%$", "\n".join(thousands), re.MULTILINE)
    mixed = row("income", "1 030 | 778 | – | – | –"), row("expenses", "-15 838 | – | – | – | –")
    mixed[1]["final_accounts"] = cell("-15 838 412")
    in_euros = of_unit(*mixed)
    assert re.search(r"^ +6 kk 1 000 € +\+ muutokset", "\n".join(in_euros), re.MULTILINE)
    assert "1 030 000" in line_of(in_euros, "TULOT")
    assert "−15 838 412" in line_of(in_euros, "MENOT")


def test_cents_are_shown_where_a_column_has_any() -> None:
    """One cell with cents brings the decimals to its whole column, so that the figures can be compared."""
    lines = of_unit(row("income", "– | – | – | 100 | –"), row("expenses", "– | – | – | -0,50 | –"))
    assert line_of(lines, "TULOT").split()[-2] == "100,00"
    assert line_of(lines, "MENOT").split()[-2] == "−0,50"


def test_unknown_is_a_dash_and_zero_is_a_zero() -> None:
    """What nobody stated is never shown as 0, nor 0 as unknown."""
    lines = of_unit(row("income", "0 | – | 0 | – | –"))
    assert line_of(lines, "TULOT").split() == ["TULOT", "0", "–", "0", "–", "–"]


def test_a_cell_with_a_note_is_marked_and_the_note_told_once() -> None:
    """Cells with the same note have the same mark; the sentence stands below the figures."""
    note = "stated for 1.1.–30.6.2020 alone"
    noted = [row(line, "1 | – | – | – | –", notes={"actual": note}) for line in ("income", "expenses")]
    other = row("net", "1 | – | – | – | –", notes={"actual": note, "budget": "never adopted"})
    lines = of_unit(*noted, other)
    assert [line_of(lines, label).count("–¹") for label in ("TULOT", "MENOT")] == [1, 1]
    assert "–² " in line_of(lines, "NETTO") or "–¹ " in line_of(lines, "NETTO")
    assert sum(note in line for line in lines) == 1
    assert sum("never adopted" in line for line in lines) == 1


def test_the_printed_label_stands_beside_the_charts_only_where_they_differ() -> None:
    """`Vuokrat ”Vuokratulut”` is shown, and explained; a label that differs in case or spaces is not."""
    lines = of_unit(
        row("rents_paid", "1 | – | – | – | –", printed_label="Vuokratulut"),
        row("materials", "1 | – | – | – | –", printed_label="Aineet,tarvikkeet ja TAVARAT"),
    )
    assert line_of(lines, "Vuokrat").startswith("  Vuokrat ”Vuokratulut” ")
    assert "”" not in line_of(lines, "Aineet, tarvikkeet ja tavarat")
    assert line_of(lines, "”…”") == "”…” nimike, jota lähdeasiakirja käyttää"


@pytest.mark.parametrize("width", [60, 80, 100, 140, 160])
@pytest.mark.parametrize("texts", [False, True])
def test_no_line_is_wider_than_the_terminal(width: int, *, texts: bool) -> None:
    """At any width the page wraps by itself; the terminal never has to."""
    lines = shown(small_snapshot(), width=width, texts=texts, all_findings=True).splitlines()
    assert [line for line in lines if len(line) > width] == []


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_no_figure_is_cut_off_however_narrow_the_page(width: int) -> None:
    """Where columns do not fit beside each other they stand below each other, whole."""
    text = shown(small_snapshot(), width=width)
    assert all(figure in text for figure in ("−28 340", "−14 469", "−29 019 200", "−13 630 142", "46,97"))


def test_prior_years_stand_beside_the_others_where_there_is_room_and_below_where_not() -> None:
    """With more years, oldest first, the report's own columns are never pushed off the page."""
    priors = [
        {"year": year, "final_accounts": cell("700", 100_000), "prior_actual": cell("300", 100_000)}
        for year in (2018, 2017)
    ]
    figures = [{**line, "prior_years": priors} for line in sector()["figures"]]
    snapshot = small_snapshot(units=[{**sector(), "figures": figures}])
    wide = line_of(shown(snapshot, width=140).splitlines(), "TP 2017")
    assert wide.split("  ")[-1].strip() == "TOT-20"
    assert [wide.index(f"TP {year}") for year in (2017, 2018, 2019)] == sorted(
        wide.index(f"TP {year}") for year in (2017, 2018, 2019)
    )
    narrow = shown(snapshot, width=100).splitlines()
    assert "TOT-20" in line_of(narrow, "TP 2019")
    assert line_of(narrow, "TP 2017").split("  ")[-1].strip() == "TOT 2018"


def test_a_year_that_ends_inside_a_month_is_not_called_so_many_months() -> None:
    """On 15.8. the cumulative columns say until when, because they hold no whole number of months."""
    until = {"start": "2020-01-01", "end": "2020-08-15", "months": 8}
    text = shown(small_snapshot(cumulative=until, period={**until, "label": "1.1.–15.8.2020"}))
    assert "15.8. asti" in text
    assert "8 kk" not in text


def test_the_moment_a_snapshot_was_asked_for_is_told() -> None:
    """A snapshot of the past says so in its title."""
    lines = shown(small_snapshot(known_at="2020-08-15T12:30:00Z")).splitlines()
    assert (
        lines[0] == "Heinola · Osavuosikatsaus 1.4.–30.6.2020 · Tietojen ajankohta 15.8.2020 klo 15.30 (Suomen aikaa)"
    )


def test_texts_are_counted_and_shown_in_full_when_asked_for() -> None:
    """Without `texts` there is a count and a hint; with it every word, the marks `**` gone."""
    counted, full = shown(small_snapshot()), shown(small_snapshot(), texts=True)
    assert "1 painopiste, 1 teksti" in counted
    assert "--texts" in counted
    assert "henkilöstön ohjaus" not in counted
    assert "Hyvinvointiohjelman tavoitteita tukee henkilöstön ohjaus." in full
    assert "--texts" not in full


def test_rounding_differences_are_counted_unless_all_are_asked_for() -> None:
    """Mismatches are always listed; rounding, which every report in thousands has, only with `all_findings`."""
    short, full = shown(small_snapshot()), shown(small_snapshot(), all_findings=True)
    assert "off by a thousand" not in short
    assert "2 pyöristyksen rajoissa, enintään 1 000 €" in short
    assert "off by a thousand" in full


def test_a_finding_of_a_kind_without_words_is_shown() -> None:
    """A kind that the table has no words for is not swallowed."""
    text = shown(small_snapshot(findings=[*roundings(), finding("stale", "420", None, None, None, None, "came late")]))
    assert "came late" in text


def test_a_finding_is_named_as_the_report_names_it() -> None:
    """Its column by its heading, be it shown or not, and the money of projects by that word; never by a code."""
    found = [
        finding("mismatch", "420", "expenses", "final_accounts", 100, 200, "off"),
        finding("mismatch", "420", None, "projects", 100, 200, "project A: off"),
    ]
    text = shown(small_snapshot(findings=found), names=("budget", "actual"))
    assert re.search(r"420  MENOT · TP 2019 +off", text)
    assert re.search(r"420  Hankkeet +project A: off", text)


def test_postings_that_the_period_cuts_are_listed() -> None:
    """What is in no figure is told with its event, so that it can be looked up: as in the report, under headings."""
    cut = {"unit": "4100", "line": "personnel", "start": "2020-06-15", "end": "2020-07-14", "cents": -123_450}
    text = shown(small_snapshot(unplaced=[{**cut, "column": "actual", "position": 77}]))
    assert re.search(
        r"Tapahtuma +Yksikkö +Erä +Jakso +€\n +77  4100 +Henkilöstökulut  15.6.–14.7.2020  −1 234,50\n", text
    )


def test_a_project_without_dates_or_amounts_is_shown() -> None:
    """What is not known of a project is a dash or nothing, never 0."""
    bare = project(start=None, end=None, income_cents=None, expense_cents=None, city_share_cents=None, percent=None)
    text = shown(small_snapshot(projects=[bare]))
    assert re.search(r"Päivi Salminen +– +– +– +–\n", text)


def test_a_page_that_is_wide_enough_says_how_much_of_a_projects_time_has_gone() -> None:
    """As the report does beside the progress, so that the two can be compared: 432 of 828 days are 52 %."""
    wide, narrower = (shown(small_snapshot(), width=width) for width in (110, 109))
    assert re.search(r"\n  420 +Hyvinvointia .* 1 140 +29,2 +52\n", wide)
    assert "29,2\n" in narrower


def test_an_ended_project_says_when() -> None:
    """The day on which a project ended stands below its time."""
    assert "päättyi 30.4.2020" in shown(small_snapshot(projects=[project(ended="2020-04-30")]))


def test_what_is_known_of_a_project_is_told_in_full_with_the_texts() -> None:
    """Beside the table of all stands, when texts are asked for, what the report tells of each project."""
    told = project(phase="toteutusvaihe", text="Ensimmäinen vuosi on takana.", other="jatkoa haetaan")
    short, full = (shown(small_snapshot(projects=[told]), texts=texts) for texts in (False, True))
    for line in ("Rahoittaja: Opetushallitus", "Hankevaihe: toteutusvaihe", "Ensimmäinen vuosi on takana."):
        assert line not in short
        assert f"  {line}\n" in full


def test_amendments_that_wait_for_a_decision_are_listed() -> None:
    """A proposal is in no figure, so that the page says that it is there; decided changes stand beside the texts."""
    where: dict[str, Any] = {"unit": "4240", "line": "expenses", "day": date(2020, 5, 25), "position": 9}
    where |= {"organ": "kaupunginhallitus"}
    waiting = BudgetChange(kind="proposal", cents=-500_000, minutes_section="112", **where)
    decided = BudgetChange(kind="decision", cents=-123_000, **where)
    snapshot = evolve(small_snapshot(), budget_changes=(waiting, decided))
    short, full = (shown(snapshot, texts=texts) for texts in (False, True))
    for page in (short, full):
        assert "  kaupunginhallitus 25.5.2020 § 112\n" in page
        assert re.search(r"4240 Perhekeskuksen avoimet palvelut  MENOT +−5 000\n", page)
    assert "−1 230" in full
    assert "−1 230" not in short
    swedish = shown(snapshot, language="sv")
    assert words_in("sv").say("Proposed amendments").upper() in swedish
    assert "kaupunginhallitus 25.5.2020 § 112" in swedish


def test_a_snapshot_without_units_says_so() -> None:
    """An empty city is a plain sentence, not an empty page."""
    empty = small_snapshot(units=[], projects=[], findings=[], position=0)
    assert "Yhtään yksikköä ei tunneta 30.6.2020" in shown(empty)
    assert "Ingen enhet är känd 30.6.2020" in shown(empty, language="sv")


def test_without_colour_there_is_no_escape_sequence() -> None:
    """Plain text is plain: nothing but characters and line ends."""
    assert "\x1b" not in snapshot_table(small_snapshot(), CHART)


def test_colour_adds_nothing_but_styles() -> None:
    """With colour the page is the same, to the character."""
    coloured = snapshot_table(small_snapshot(), CHART, colour=True, texts=True)
    assert "\x1b[1m" in coloured
    plain = "".join(f"{line.rstrip()}\n" for line in ANSI.sub("", coloured).splitlines())
    assert plain == snapshot_table(small_snapshot(), CHART, texts=True)


@pytest.mark.parametrize("colour", [False, True])
def test_what_a_text_holds_cannot_drive_the_terminal(*, colour: bool) -> None:
    """Escape sequences, carriage returns and changes of direction in names are written out, markup is left as it is."""
    evil = "[red]Luk\x1b[31mio\r\u202e"
    text = snapshot_table(
        small_snapshot(units=[a_unit(evil, evil, "unit", [], responsible=evil)]), CHART, colour=colour
    )
    assert "[red]Luk\\x1b[31mio\\r\\u202e" in text
    assert "\x1b[31m" not in text
    assert "\r" not in text
    assert "\u202e" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_is_in_one_language(language: str) -> None:
    """Whatever the page says of itself is from the catalogue of its language: no word of another language is left.

    What was recorded stays in its own words; here it has letters that stand in no catalogue.
    """
    unit = a_unit("1", "Ω", "sector", [row("income", "1 | – | 2 | 3 | –", printed_label="Ω")], responsible="Ω")
    unit |= {"goals": [{**goal, "id": "1", "binding_goal": "Ω", "text": "Ω"} for goal in area()["goals"][:1]]}
    cut = {"unit": "1", "line": "personnel", "start": "2020-06-15", "end": "2020-07-14", "cents": -123_450}
    snapshot = small_snapshot(
        units=[unit],
        projects=[project(name="Ω", responsible="Ω")],
        findings=[finding(kind, "1", "income", "actual", 100, 200, "Ω") for kind in KINDS],
        unplaced=[{**cut, "column": "actual", "position": 7}],
    )
    spoken = spoken_words(shown(snapshot, language=language, texts=True, all_findings=True))
    for other in set(LANGUAGES) - {language}:
        assert not spoken & (words_of(other) - words_of(language) - RECORDED), other


RECORDED = frozenset({"heinola", "tieto", "ohjaa", "kuvattu", "prosessi", "käytössä"})
"""What the small snapshot has in words of its own."""


def words_of(language: str) -> set[str]:
    """Return the words of a language: of its catalogue, of the chart and of the columns."""
    catalogue = " ".join(text for texts in words_in(language)._catalogue.values() for text in texts)
    chart = " ".join(line.labels[language] for line in CHART.lines.values())
    columns = " ".join(column.labels[language] for column in all_columns())
    return spoken_words(re.sub(r"\{\w+\}", " ", f"{catalogue} {chart} {columns}"))


def spoken_words(text: str) -> set[str]:
    """Return the words of a text that are long enough to belong to one language."""
    return {word.casefold() for word in re.findall(r"[^\W\d_]{4,}", text)}
