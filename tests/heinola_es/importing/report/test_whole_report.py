"""The report of the welfare committee for 1.4.–30.6.2020, as handed over and as shipped, read whole."""

from __future__ import annotations

import re
from collections import Counter
from datetime import date
from typing import TYPE_CHECKING

from events.period import Period
from tests.heinola_es.importing.report.reports import filled_lines, inferred, letters, lines_of_items, unparsed

if TYPE_CHECKING:
    from heinola_es.importing.report.document import ReportDocument, StatedAmount

PERIOD = Period(date(2020, 4, 1), date(2020, 6, 30))
TREE = {
    "HYV": ("sector", None),
    "400": ("service_area", "HYV"),
    "4000": ("unit", "400"),
    "4030": ("unit", "400"),
    "410": ("service_area", "HYV"),
    "4100": ("unit", "410"),
    "4160": ("unit", "410"),
    "4170": ("unit", "410"),
    "420": ("service_area", "HYV"),
    "4200": ("unit", "420"),
    "4240": ("unit", "420"),
    "4250": ("unit", "420"),
    "430": ("service_area", "HYV"),
    "4300": ("unit", "430"),
    "4600": ("unit", "430"),
    "4700": ("unit", "430"),
    "4400": ("unit", "430"),
    "HYV-INV": ("investment_programme", "HYV"),
    "841": ("investment_area", "HYV-INV"),
    "841-1": ("investment_item", "841"),
    "844": ("investment_area", "HYV-INV"),
    "844-1": ("investment_item", "844"),
    "847": ("investment_area", "HYV-INV"),
    "847-1": ("investment_item", "847"),
    "847-2": ("investment_item", "847"),
    "847-3": ("investment_item", "847"),
}
SUMMARY_UNITS = [code for code, (kind, _) in TREE.items() if kind in {"service_area", "unit"}]
INVESTMENT_UNITS = ["841-1", "841", "844-1", "844", "847-1", "847-2", "847-3", "847", "HYV-INV"]
STATEMENT_LINES = [
    *("sales", "fees", "grants_received", "rents_received", "other_income", "operating_income"),
    *("personnel", "services", "materials", "grants_given", "rents_paid", "other_expenses", "operating_expenses"),
    *("operating_margin", "financial_items", "annual_margin", "depreciation", "result"),
]
ROW = re.compile(r"^([^\t\n]+)" + r"\t(-?\d[\d ]*)" * 4 + r"\t(-?[\d,]+)$", re.MULTILINE)
STRUCTURE = {"table header", "table label", "section heading", "table rule", "strategic goal"}
COUNTED = ("units", "figures", "goals", "priorities", "narratives", "outlooks", "indicators", "projects")


def test_the_counts(document: ReportDocument) -> None:
    """The report holds as many items of each kind as a person counts in it, and nothing is left unparsed."""
    counts = {name: len(getattr(document, name)) for name in COUNTED}
    kinds = Counter(finding.kind for finding in document.findings)
    print(counts, dict(kinds), "unparsed lines:", unparsed(document))  # noqa: T201 - the counts are to be seen
    assert list(counts.values()) == [26, 84, 24, 13, 49, 5, 13, 15]
    assert unparsed(document) == []


def test_period_and_year(document: ReportDocument) -> None:
    """The period is found in the headings, the year in the tables, the committee above the investments."""
    assert (document.period, document.fiscal_year) == (PERIOD, 2020)
    assert document.sector == "Hyvinvointilautakunnan toimiala"
    assert document.committee == "Hyvinvointilautakunta"


def test_every_line_is_accounted_for(text: str, document: ReportDocument) -> None:
    """Every line that is not blank was read as something; and what is no mere header is the source of an item."""
    uses = {use.line: use.use for use in document.line_uses}
    assert list(uses) == filled_lines(text)
    content = {number for number, use in uses.items() if use not in STRUCTURE}
    assert content - lines_of_items(document) == set()


def test_the_tree_follows_the_document(document: ReportDocument) -> None:
    """Units stand under the area they are printed under, also 4600, 4700 and 4400 under 430; all have codes."""
    assert {unit.code: (unit.kind, unit.parent) for unit in document.units} == TREE
    assert [unit.code for unit in document.units] == list(TREE)


def test_the_missing_area_is_inferred(document: ReportDocument) -> None:
    """Area 410 has no heading: its code comes from its units, its name from the investments; a finding says so."""
    area = next(unit for unit in document.units if unit.code == "410")
    assert (area.name, area.responsible) == ("Opetus- ja koulutuspalvelut", "koulutusjohtaja")
    (finding,) = (found for found in document.findings if found.line == area.lines[0] and "410" in found.message)
    assert (finding.kind, finding.unit) == ("inferred", "410")
    assert "heading of this service area is missing" in finding.message
    assert finding.message.endswith("and the sums confirm it.")


def test_the_sums_hold(document: ReportDocument) -> None:
    """Units add up to their areas and areas to the sector; only area 847 states more than its items do."""
    off = [message for message in inferred(document) if "do not add up" in message]
    assert len(off) == 1
    assert off[0].startswith(
        "The units under 847 (847-1, 847-2, 847-3) do not add up to it: MENOT, final_accounts: 0 €"
    )


def test_all_figures_cell_by_cell(text: str, document: ReportDocument) -> None:
    """The 84 rows are those that a plain search for tab-separated rows finds, every cell in cents."""
    rows = ROW.findall(text)
    assert len(rows) == 84
    found = [
        (
            row.label,
            cents(row.final_accounts),
            cents(row.prior_actual),
            cents(row.budget),
            cents(row.actual),
            row.printed_percent,
        )
        for row in document.figures
    ]
    expected = [
        (
            label,
            number(tp) * 100_000,
            number(prior) * 100_000,
            number(ta) * 100,
            number(tot) * 100,
            per.replace(",", "."),
        )
        for label, tp, prior, ta, tot, per in rows
    ]
    assert found == expected


def test_every_figure_has_its_unit_and_line(document: ReportDocument) -> None:
    """Rows belong to the unit printed above them and to the line of the chart that their label means."""
    expected = [("HYV", line) for line in STATEMENT_LINES]
    expected += [(code, line) for code in SUMMARY_UNITS for line in ("income", "expenses", "net")]
    expected += [(code, line) for code in INVESTMENT_UNITS for line in ("expenses", "net")]
    assert [(row.unit, row.line) for row in document.figures] == expected


def test_precision_as_stated(document: ReportDocument) -> None:
    """The year before is stated in thousands, the current year to the euro."""
    cells = [(row.final_accounts, row.prior_actual, row.budget, row.actual) for row in document.figures]
    precisions = {tuple(cell.precision_cents for cell in row if cell) for row in cells}
    assert precisions == {(100_000, 100_000, 100, 100)}


def test_rents_among_expenses_keep_their_label(document: ReportDocument) -> None:
    """`Vuokratulut` among the expenses is rents paid; the printed label stays, and a finding says how it was read."""
    row = next(row for row in document.figures if row.line == "rents_paid")
    assert (row.label, row.budget and row.budget.cents) == ("Vuokratulut", -377_860_000)
    assert "'Vuokratulut' under Toimintakulut was read as the line rents_paid (Vuokrat)." in inferred(document)


def test_prose_arrives_word_for_word(text: str, document: ReportDocument) -> None:
    """Every word of outlooks, priorities and narratives arrives, in order, and no word is added."""
    source = "".join(map(prose_of, text.split("\n")))
    parts = [(item.lines, item.text) for item in document.narratives]
    parts += [(item.lines, item.text) for item in document.outlooks]
    parts += [(item.lines, item.title + item.metric + item.text) for item in document.priorities]
    arrived = [letters(part) for _, part in sorted(parts)]
    for part in arrived:
        assert part in source or is_interrupted(part, source)
    assert sorted("".join(arrived)) == sorted(source)


def test_goals_belong_to_the_area_or_to_the_unit_above(document: ReportDocument) -> None:
    """After a strategic goal they are the area's (400, 410, 420); under 430 each unit's table follows its figures."""
    counts = Counter(goal.unit for goal in document.goals)
    areas = {"400": 2, "410": 3, "420": 4, "430": 3}
    assert counts == {**areas, "4300": 3, "4600": 3, "4700": 3, "4400": 3}
    strategic = "Terve, toimiva ja turvallinen arki - asiakas keskiössä"
    assert {goal.unit for goal in document.goals if goal.strategic_goal == strategic} == {"400", "410", "420"}
    assert {goal.subtask for goal in document.goals} == {"", "4300", "4600", "4700", "4400"}


def test_torn_goals_are_whole(document: ReportDocument) -> None:
    """A row torn by a page break is one goal again, its cells complete."""
    torn = [goal for goal in document.goals if len(goal.lines) == 2]
    assert [goal.id for goal in torn] == ["410-1", "420-1", "4300-2", "4600-1"]
    starts = ("Lasten, nuorten ja lapsiperheiden hyvinvointi turvataan", "Opiskeluhuollon painopiste siirtyy")
    assert torn[1].programme_goal.startswith(starts[0])
    assert torn[1].binding_goal.startswith(starts[1])
    assert re.match(r"Yhteisöllisten opiskeluhu?oi?l?to-työryhmien määrä", torn[1].metric)
    assert torn[2].programme_goal == "Kuntalainen keskiöön: matalan kynnyksen kaupunki"


def test_priorities_headed_with_a_unit_are_its_own(document: ReportDocument) -> None:
    """Those of 4000 and 4030 are named in their headings, those of 410 and 420 stand in the area's own section."""
    numbers = [(priority.unit, priority.number) for priority in document.priorities]
    by_unit = (("4000", 5), ("4030", 3), ("410", 2), ("420", 3))
    assert numbers == [(unit, number) for unit, last in by_unit for number in range(1, last + 1)]


def test_metrics_and_outcomes_of_priorities(document: ReportDocument) -> None:
    """How a priority is measured stands apart from its title; every one has an outcome that is its text."""
    metrics = [priority.metric for priority in document.priorities if priority.metric]
    assert metrics[:2] == ["Toiminnan mittarina hyvinvointitieto.", "Mittarina ennakkovaikutusten arviointien käyttö."]
    assert len(metrics) == 7
    assert all(priority.title and priority.text for priority in document.priorities)
    assert not any("Toteuma:" in priority.title + priority.text for priority in document.priorities)


def test_programmes_are_told_apart(document: ReportDocument) -> None:
    """The progress of each of the five strategy programmes is a narrative of its own, in each of the four areas."""
    progress = [item for item in document.narratives if item.kind == "programme_progress"]
    programmes = [
        *("hyvinvointiohjelma", "elinvoimaohjelma", "demokratiaohjelma"),
        *("resurssiohjelma", "talouden tasapainottamisohjelma"),
    ]
    assert [(item.unit, item.programme) for item in progress] == [
        (unit, programme) for unit in ("400", "410", "420", "430") for programme in programmes
    ]
    stem = re.compile(r"[\w\s-]*?\**([\w ]+?ohjelma)", re.IGNORECASE)
    openings = [stem.match(item.text) for item in progress]
    assert all(
        found and (item.programme or "") in found[0].lower() for found, item in zip(openings, progress, strict=True)
    )


def test_narratives_say_what_they_are(document: ReportDocument) -> None:
    """Sections keep their headings and have a kind: outcomes, exceptional circumstances, justifications."""
    kinds = Counter(item.kind for item in document.narratives)
    assert kinds == {
        "goals_outcome": 7,
        "exceptional_circumstances": 7,
        "programme_progress": 20,
        "justification": 3,
        "strategic_goal": 5,
        "outcome": 3,
        "statistics": 1,
        "other": 3,
    }
    assert {item.section for item in document.narratives if item.kind == "other"} == {"HEINOLAN HARRASTEMALLI"}
    assert {item.period for item in document.narratives} == {PERIOD}


def test_outlooks_of_sector_and_areas(document: ReportDocument) -> None:
    """The sector and its four areas say how the budget will hold; the heading is no part of the words."""
    assert [outlook.unit for outlook in document.outlooks] == ["HYV", "400", "410", "420", "430"]
    assert not any("talousarvion toteutumisesta:" in outlook.text for outlook in document.outlooks)


def test_statistics_of_pupil_welfare(document: ReportDocument) -> None:
    """The Aura statistics are pupil welfare's: six counts and seven shares, the sentence of shares kept as well."""
    counts = [item.value for item in document.indicators if item.measured_in == "kertaa"]
    shares = {item.name: item.value for item in document.indicators if item.measured_in == "%"}
    assert counts == ["192", "1224", "143", "105", "6", "34"]
    assert list(shares.values()) == ["3.37", "32.56", "25.58", "7.56", "4.07", "9.88", "6.98"]
    assert shares["Ohjautumisen syyt: elämänhallinta"] == "6.98"
    assert {(item.unit, item.period) for item in document.indicators} == {("4030", PERIOD)}
    (sentence,) = (item for item in document.narratives if item.kind == "statistics")
    assert sentence.text.startswith("Ohjautumisen syyt olivat")


def test_projects_belong_to_units(document: ReportDocument) -> None:
    """The administrator's words name the unit: an area, or the unit after the comma; a role after it names none."""
    units = [project.unit for project in document.projects]
    assert units == [*["410"] * 9, "4300", "4400", "430", "4600", "420", "420"]


def test_amounts_of_projects(document: ReportDocument) -> None:
    """Gross amounts are read in every spelling, what is printed beside them is kept."""
    amounts = [(item.income_cents, item.expense_cents, item.city_share_cents) for item in document.projects]
    assert amounts[0] == (1_250_000, 1_785_800, 535_800)
    assert amounts[12:] == [
        (5_000_000, 5_000_000, 0),
        (7_500_000, 9_375_000, 1_875_000),
        (11_160_000, 12_400_000, 114_000),
    ]
    notes = [project.amount_notes for project in document.projects if project.amount_notes]
    assert notes == [
        "Bruttotulot koko hankeajalta: (Heinolan osuus), koko hanke 46.080 €",
        "Kaupungin rahoitusosuus: (osa laskennallisia kuluja)",
    ]


def test_times_and_progress_of_projects(document: ReportDocument) -> None:
    """Dates complete each other's years, phases stay as printed, and progress is the per cent in the status or none."""
    by_name = {project.name: project for project in document.projects}
    moving = by_name["Liikuttavat työyhteisöt"]
    assert (moving.start, moving.end) == (date(2020, 1, 1), date(2020, 12, 31))
    reading = by_name["Tiltun ja Letun lukuleikkimaailma"]
    assert (reading.start, reading.phase) == (date(2019, 3, 20), "suunnittelu- ja toteutusvaihe")
    assert by_name["Europe in S.H.A.P.E"].budget_years == (2019, 2020, 2021)
    percents = [project.percent for project in document.projects]
    assert percents == ["18", "100", "63", "51", "9", "27", "50", "100", "25", "50", None, "29.2", "100", "72", "40"]


def test_a_status_torn_by_a_page_break_is_whole(document: ReportDocument) -> None:
    """The half of a cell on the next page, and the rule drawn under it, belong to the project above."""
    project = next(project for project in document.projects if project.name == "Europe in S.H.A.P.E")
    assert re.search(r"myös syksyllä( 2020)? joudutaan tarkastelemaan", project.text, re.IGNORECASE)
    assert "table rule" in {use.use for use in document.line_uses}


def number(printed: str) -> int:
    """Return a printed whole number."""
    return int(printed.replace(" ", ""))


def cents(amount: StatedAmount | None) -> int | None:
    """Return the cents of a cell."""
    return amount.cents if amount else None


NOT_PROSE = (
    re.compile(r"\S+ toimiala|Toimielin .*|\w+ investoinnit|[\w ]+ HANKKEET v\. \d+|.*Vastuu?henkilö\b.*|\d{3,4} .*"),
    re.compile(r"Strateginen perustavoite: .*|Toiminnalliset painopisteet .*|Strategisten tavoitteiden eteneminen:"),
    re.compile(r"Tavoitteiden toteuma \d.*|(?:Toimintaa|Toimenpiteitä) Korona ?-poikkeustilanteessa:"),
    re.compile(r"[A-ZÅÄÖ ]+\*?(?: YHTEENSÄ)?|HEINOLAN HARRASTEMALLI"),
    re.compile(r"Sinilähdetalon kalustus.*|Museon toimistorak.*|Jäähallin kuntolaite-|uusinta|Polkuautot.*|liik\.pui"),
)
OPENING = re.compile(
    r"^(?:Arvio vuoden \d+ talousarvion toteutumisesta: |\d\. ?(?=[A-ZÅÄÖ])|Perustelut: |Strateginen tavoite: )"
)


def prose_of(line: str) -> str:
    """Return the letters of a line of prose without its opening words; nothing for headings and table rows.

    Independent of the reader: headings are listed here as this report prints them.
    """
    sentence = line.startswith("Ohjautumisen syyt")
    if ("\t" in line and not sentence) or any(pattern.fullmatch(line) for pattern in NOT_PROSE):
        return ""
    is_priority = re.match(r"\d\. ?[A-ZÅÄÖ]|Toiminnan mittarina", line)
    line = OPENING.sub("", line, count=1)
    if is_priority or line.startswith("Toteuma: "):
        line = re.sub(r"\**Toteuma:\** ", "", line, count=1)
    return letters(line)


def is_interrupted(part: str, source: str) -> bool:
    """Return whether a part stands in the source in two pieces, as prose around a table of statistics does."""
    return any(part[:cut] in source and part[cut:] in source for cut in range(1, len(part)))
