"""What fragments of a report mean; `→` stands for a tab."""

from __future__ import annotations

from datetime import date

import pytest

from events.period import Period
from heinola_es.importing.report.document import StatedAmount
from heinola_es.importing.report.lines import Line
from heinola_es.importing.report.narratives import split_by_programme
from heinola_es.importing.report.reader import read_report
from heinola_es.importing.report.statistics import decimal_text
from heinola_es.importing.report.wording import ends_sentence, goes_on, join_torn, likeness, same_start
from tests.heinola_es.importing.report.reports import HEADER, TABLE, inferred, read, refusal, report, unparsed

GOALS = "Ohjelmatavoite→Sitova tavoite→Mittari→Tavoitetaso"
PROJECT = """
Hankkeen nimi→Opas
Hallinnoitsija / tehtävä→{administrator}
Toteutusaika / hankevaihe→{time}
Budjetoitu; vuodet→{years}
Bruttotulot koko hankeajalta→{income}
Bruttomenot ”→25.000€
Kaupungin rahoitusosuus→0 €
Hankkeen tilanne ja talouden etenemä (%-lukuna)→{status}
"""
DEFAULTS = {
    "administrator": "Tekninen / Kunnallistekniikka",
    "time": "1.1. – 31.12.2021 / toteutusvaihe",
    "years": "2021",
    "income": "12.500 €",
    "status": "Käynnissä (5 %).",
}


def project(**fields: str) -> str:
    """Return a project's table with these fields."""
    return PROJECT.format(**{**DEFAULTS, **fields})


# ---------------------------------------------------------------- units and figures


@pytest.mark.parametrize(
    "line",
    [
        "Vastuuhenkilö: katumestari",
        "Vastuhenkilö: katumestari",
        "**Vastuuhenkilö:** katumestari",
        "Vastuhenkilö katumestari",
    ],
)
def test_spellings_of_the_person_responsible(line: str) -> None:
    """The person responsible is found in every spelling that reports have."""
    document = read(f"502 Mittaus\n\n{line}\n{TABLE}")
    assert document.units[-1].responsible == "katumestari"


def test_a_heading_and_its_person_on_one_line() -> None:
    """`60 TILAPALVELUT**Vastuhenkilö:** päällikkö` is a heading and who answers for it."""
    unit = read(f"60 TILAPALVELUT**Vastuhenkilö:** päällikkö, tilat\n{TABLE}").units[-1]
    assert (unit.code, unit.name, unit.kind, unit.responsible) == (
        "60",
        "TILAPALVELUT",
        "service_area",
        "päällikkö, tilat",
    )


def test_a_number_in_prose_is_no_heading() -> None:
    """A line of prose that begins with a number is no unit unless a table follows."""
    document = read("369 Opiskelijaa aloitti syksyllä")
    assert [unit.code for unit in document.units] == ["TEK", "50", "501"]


def test_rents_by_their_section() -> None:
    """`Vuokratulut` among the income is rents received, among the expenses rents paid; both keep the label."""
    statement = f"""
{HEADER}
TOIMINTATUOTOT→→→→→
Vuokratulut→2→1→1 000→500→50,00
TOIMINTAKULUT→→→→→
Vuokratulut→-4→-3→-3 000→-1 500→50,00
TOIMINTAKATE→-2→-2→-2 000→-1 000→50,00
"""
    rows = [row for row in read(statement=statement).figures if row.unit == "TEK"]
    assert [(row.line, row.label) for row in rows[:2]] == [
        ("rents_received", "Vuokratulut"),
        ("rents_paid", "Vuokratulut"),
    ]


def test_spaces_and_minus_signs_of_word_processors() -> None:
    """No-break spaces, U+2212 and a per cent sign in cells change nothing."""
    plain = read()
    fancy = read_report(report().replace("-1 500", "\u22121\u00a0500").replace("50,00", "50,00\u00a0%"))
    assert fancy.figures == plain.figures


@pytest.mark.parametrize("convert", [lambda text: "\ufeff" + text, lambda text: text.replace("\n", "\r\n")])
def test_marks_and_line_breaks_of_other_systems(convert: object) -> None:
    """A byte order mark and CRLF line breaks change nothing, line numbers included."""
    assert callable(convert)
    assert read_report(convert(report())) == read_report(report())


def test_an_empty_cell_is_unknown() -> None:
    """A cell that is empty, or holds a dash, has no amount: unknown, not zero."""
    table = TABLE.replace("TULOT→2→1→1 000→500→50,00", "TULOT→→–→0→500→")
    row = read(f"502 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{table}").figures[-3]
    assert (row.final_accounts, row.prior_actual, row.printed_percent) == (None, None, None)
    assert (row.budget, row.actual) == (StatedAmount(0, 100), StatedAmount(50_000, 100))


def test_a_table_torn_by_a_page_break() -> None:
    """Blank lines, and the header printed again on the next page, do not end a table."""
    torn = TABLE.replace("\nMENOT", f"\n\n{HEADER}\nMENOT")
    document = read(f"502 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{torn}")
    assert [row.line for row in document.figures if row.unit == "502"] == ["income", "expenses", "net"]


def test_a_lost_heading_between_areas() -> None:
    """An area without a heading is told from the units below it and from the investments its person answers for."""
    investments = f"""
Teknisen toimialan investoinnit

Toimielin Tekninen lautakunta

92 Tilapalvelut

Vastuuhenkilö: tilapäällikkö

{HEADER}
Kattoremontti
MENOT→0→0→-10→-5→50,00
NETTO→0→0→-10→-5→50,00
"""
    lost = f"Vastuuhenkilö: tilapäällikkö\n{TABLE}\n601 Kiinteistöt\n\nVastuuhenkilö: isännöitsijä\n{TABLE}"
    document = read(lost, investments)
    area = next(unit for unit in document.units if unit.code == "60")
    assert (area.name, area.kind, area.responsible) == ("Tilapalvelut", "service_area", "tilapäällikkö")
    assert any("its code 60 was inferred from the units that follow (601)" in message for message in inferred(document))


def test_a_lost_heading_that_nothing_tells_is_refused() -> None:
    """A table whose unit neither units below nor the investments tell is refused: it could be anybody's."""
    message = refusal(report(f"Vastuuhenkilö: tilapäällikkö\n{TABLE}"))
    assert "a figure table without a heading follows 501 Kadut ja viheralueet" in message
    assert message.endswith("add its heading, code and name")


def test_a_place_that_the_sums_do_not_confirm() -> None:
    """A unit under an area that its code does not begin with is put there, and the finding says the sums disagree."""
    document = read(f"777 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{TABLE}")
    assert "777 Mittaus stands under 50, as the document has it, but the sums do not confirm it." in inferred(document)


def test_a_heading_without_figures_is_said() -> None:
    """A unit whose table is lost is a unit all the same, and a finding says that it has no figures."""
    document = read("502 Mittaus\n\nVastuuhenkilö: kaavoittaja")
    assert "502 Mittaus was read as a unit, but has no figures." in inferred(document)


# ---------------------------------------------------------------- the period


def test_the_period_is_inferred_from_the_tables() -> None:
    """Without a heading that states the period, nine months end the third quarter, and a finding says so."""
    document = read_report(report().replace("Tavoitteiden toteuma 1.7.–30.9.2021", "Tavoitteiden toteuma"))
    assert document.period == Period(date(2021, 7, 1), date(2021, 9, 30))
    assert any("No heading states the period" in message for message in inferred(document))


def test_a_section_keeps_its_own_period() -> None:
    """A section whose heading states another period than the rest keeps it, and a finding says so."""
    document = read(
        "Tavoitteiden toteuma 1.7.–30.9.2021", "Sama.", "Tavoitteiden toteuma 1.1.-30.9.2021", "Koko vuosi."
    )
    assert document.narratives[-1].period == Period(date(2021, 1, 1), date(2021, 9, 30))
    assert any("This heading states 1.1.–30.9.2021" in message for message in inferred(document))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (("1.7.–30.9.2021", "1.4.–30.6.2021"), "does not end with month 9 of 2021"),
        (("1.7.–30.9.2021", "31.9.–30.9.2021"), "is not a period"),
        (("TOT 2021 9 kk→TOT-21 %\nTULOT", "TOT 2021 6 kk→TOT-21 %\nTULOT"), "do not fit together"),
        (("TP 2020", "TP 2019"), "do not fit together"),
    ],
)
def test_a_period_that_contradicts_itself_is_refused(wrong: tuple[str, str], says: str) -> None:
    """Headings and tables must speak of the same months; which is wrong is not guessed."""
    before, after = (part.replace("→", "\t") for part in wrong)
    message = refusal(report().replace(before, after))
    assert says in message
    assert message.startswith("line ")


# ---------------------------------------------------------------- goals


def test_a_suspended_hyphen_is_no_broken_word() -> None:
    """`liikunta-` before `ja` keeps its space; `led-` before `valaisinten` does not get one."""
    table = f"{GOALS}\nTavoite→Kehitetään liikunta-→Vaihdetut led-→Taso\n\n→ja nuorisopalveluja→valaisimet→"
    (goal,) = read(table).goals
    assert (goal.binding_goal, goal.metric) == ("Kehitetään liikunta- ja nuorisopalveluja", "Vaihdetut led-valaisimet")


def test_a_row_that_names_no_goal_continues_the_one_above() -> None:
    """A row with neither programme goal nor binding goal is the rest of a torn one, however its cells begin."""
    (goal,) = read(f"{GOALS}\nEka→Tavoite→Ryhmien määrä.→Taso\n\n→→Tilastot→").goals
    assert (goal.metric, len(goal.lines)) == ("Ryhmien määrä. Tilastot", 2)


def test_a_new_goal_after_a_page_break() -> None:
    """A row after a blank line whose cells begin anew is a goal of its own."""
    document = read(f"{GOALS}\nEka→Tavoite yksi→Mittari a→Taso a\n\nToka→Tavoite kaksi→Mittari b→Taso b")
    assert [goal.binding_goal for goal in document.goals] == ["Tavoite yksi", "Tavoite kaksi"]


def test_cells_lost_at_the_end_of_a_row_are_empty() -> None:
    """Tabs at the end of a row that an editor stripped are cells that hold nothing."""
    (goal,) = read(f"{GOALS}\nEka→Tavoite yksi").goals
    assert (goal.metric, goal.target_level) == ("", "")


def test_a_goal_with_too_many_cells_is_unparsed() -> None:
    """A row with more cells than its table has columns is left to a person, the other goals are read."""
    document = read(f"{GOALS}\nEka→Tavoite→Mittari→Taso→Mitä?\nToka→Tavoite→Mittari→Taso")
    assert [goal.programme_goal for goal in document.goals] == ["Toka"]
    assert len(unparsed(document)) == 1


# ---------------------------------------------------------------- priorities and prose


def test_what_a_priority_consists_of() -> None:
    """Number, title, metric and outcome; numbers within the text begin no priority, a number skipped is said."""
    document = read(
        "Toiminnalliset painopisteet v. 2021",
        "1.Kadut kuntoon. Mittarina metrit. Toteuma: Valmista.\n\n3.-luokkalaiset auttoivat.",
        "3. Puistot **Toteuma:** Hoidettu.",
    )
    first, third = document.priorities
    assert (first.title, first.metric) == ("Kadut kuntoon.", "Mittarina metrit.")
    assert first.text == "Valmista.\n\n3.-luokkalaiset auttoivat."
    assert (third.number, third.title, third.metric, third.text) == (3, "Puistot", "", "Hoidettu.")
    assert any("printed as number 3 although it is number 2" in message for message in inferred(document))


def test_prose_before_the_first_priority_is_kept() -> None:
    """An introduction above the numbers is a narrative under the same heading."""
    document = read("Toiminnalliset painopisteet v. 2021", "Painopisteitä on yksi.", "1. Kadut. Toteuma: Valmista.")
    assert (document.narratives[-1].section, document.narratives[-1].text) == (
        "Toiminnalliset painopisteet v. 2021",
        "Painopisteitä on yksi.",
    )


def test_a_priority_without_an_outcome() -> None:
    """Without "Toteuma:" the first paragraph is the title, and what follows the text."""
    (priority,) = read("Toiminnalliset painopisteet", "1. Kadut kuntoon.", "Työt alkoivat.").priorities
    assert (priority.title, priority.text) == ("Kadut kuntoon.", "Työt alkoivat.")


@pytest.mark.parametrize(
    ("before", "after", "joined"),
    [
        ("Opetus oli etänä", "(97 %) ja lähellä.", "Opetus oli etänä (97 %) ja lähellä."),
        ("oikeutettuja olivat 1.-", "3.-luokan oppilaat.", "oikeutettuja olivat 1.-3.-luokan oppilaat."),
        ("Jakelu aloitti 26.3.", "kuudessa pisteessä.", "Jakelu aloitti 26.3. kuudessa pisteessä."),
        (
            "Aikataulu oli nopea. 18.3.",
            "Opisto siirtyi etäopetukseen.",
            "Aikataulu oli nopea. 18.3. Opisto siirtyi etäopetukseen.",
        ),
        ("lisäksi korona-", "poikkeusaikana suljettiin.", "lisäksi korona-poikkeusaikana suljettiin."),
        ("työn tuloksena syntyi", "Kulttuuripolku.", "työn tuloksena syntyi Kulttuuripolku."),
        ("Mukana oli mm.", "Kirjasto.", "Mukana oli mm. Kirjasto."),
    ],
)
def test_torn_text_is_joined(before: str, after: str, joined: str) -> None:
    """A paragraph that does not end its sentence, or one that begins in the middle of one, is joined as it was."""
    assert goes_on(before, after)
    assert join_torn(before, after) == joined
    assert read(before, after).narratives[-1].text.endswith(joined)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Työ on valmis.", "Seuraava alkaa."),
        ("Avoinna 13.5. asti.", "Sitten suljettiin."),
        ("Näitä ovat mm.", "- kadut"),
        ("- puistot", "Lisäksi korjattiin siltoja."),
    ],
)
def test_whole_paragraphs_stay_apart(before: str, after: str) -> None:
    """A sentence that ended, and a list below its introduction, are not run together."""
    assert not goes_on(before, after)


@pytest.mark.parametrize(
    ("text", "ends"), [("Valmis.", True), ("Valmis (100 %).", True), ("Valmis", False), ("mm.", False)]
)
def test_where_a_sentence_ends(text: str, *, ends: bool) -> None:
    """A full stop ends a sentence, an abbreviation's does not."""
    assert ends_sentence(text) is ends


def test_programmes_open_where_their_sentence_starts() -> None:
    """A programme in bold opens a part from the start of its sentence; a plain name only at the start of the text."""
    text = (
        "Alku. Palveluissa **demokratiaohjelma** näkyy. Siinä elinvoimaohjelma mainitaan. **Resurssiohjelmaan** yhteys."
    )
    assert split_by_programme(text) == [
        (None, "Alku."),
        ("demokratiaohjelma", "Palveluissa **demokratiaohjelma** näkyy. Siinä elinvoimaohjelma mainitaan."),
        ("resurssiohjelma", "**Resurssiohjelmaan** yhteys."),
    ]
    assert (
        split_by_programme("Talouden tasapainottamisohjelman tavoitteita.")[0][0] == "talouden tasapainottamisohjelma"
    )


def test_a_section_in_two_parts() -> None:
    """A heading that comes twice for one unit gives two parts, so that neither takes the other's place."""
    document = read(
        "Toimintaa poikkeusoloissa:", "Ensin näin.", "Kadunpito:", "Välissä.", "Toimintaa poikkeusoloissa:", "Sitten."
    )
    parts = [(item.section, item.part) for item in document.narratives[1:]]
    assert parts == [("Toimintaa poikkeusoloissa", 1), ("Kadunpito", 1), ("Toimintaa poikkeusoloissa", 2)]


def test_a_heading_with_nothing_under_it_is_unparsed() -> None:
    """A line that merely looks like a heading, and opens nothing, is left to a person."""
    assert len(unparsed(read("OUTO OTSIKKO", f"502 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{TABLE}"))) == 1


def test_prose_where_no_section_is_open_is_unparsed() -> None:
    """Prose right below a figure table belongs to nothing, and is not swallowed."""
    document = read(f"502 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{TABLE}\nIrrallinen lause.")
    assert len(unparsed(document)) == 1


# ---------------------------------------------------------------- statistics


@pytest.mark.parametrize(
    ("printed", "value"),
    [("1 224", "1224"), ("3,37", "3.37"), ("1.224", "1224"), ("-5", "-5"), ("noin 5", None), ("1,2,3", None)],
)
def test_numbers_of_statistics(printed: str, value: str | None) -> None:
    """A number keeps its decimals and loses its grouping; anything else is no number."""
    assert decimal_text(printed) == value


def test_a_row_of_statistics_without_a_number_is_unparsed() -> None:
    """A count that is a word is left to a person, the other rows are read."""
    document = read("Talvesta tilastoitua 1.7.-30.9.2021→kertaa\nAuraukset→muutama\nHarjaukset→12\nKäyttöaste→45,5 %")
    assert [(item.name, item.value, item.measured_in) for item in document.indicators] == [
        ("Harjaukset", "12", "kertaa"),
        ("Käyttöaste", "45.5", "%"),
    ]
    assert len(unparsed(document)) == 1


def test_prose_goes_on_below_statistics() -> None:
    """Prose above and below a table of statistics is one section of the unit whose section it stands in."""
    document = read(
        "Toimintaa poikkeusoloissa:", "Ennen.", "Talvesta tilastoitua 1.7.-30.9.2021→kertaa\nHarjaukset→12", "Jälkeen."
    )
    assert document.narratives[-1].text == "Ennen.\n\nJälkeen."


# ---------------------------------------------------------------- projects


@pytest.mark.parametrize(
    ("printed", "start", "end", "phase"),
    [
        ("1.1. – 31.12.2020 / toteutusvaihe", date(2020, 1, 1), date(2020, 12, 31), "toteutusvaihe"),
        ("20.03.2019 – 31.12.2020 /suunnitteluvaihe", date(2019, 3, 20), date(2020, 12, 31), "suunnitteluvaihe"),
        ("1.1.2018-31.12.2020", date(2018, 1, 1), date(2020, 12, 31), ""),
        ("20.03.2019 – …", date(2019, 3, 20), None, ""),
        ("20.03.2019 – / Toteutukseen", date(2019, 3, 20), None, "Toteutukseen"),
        ("kevät 2021", None, None, "kevät 2021"),
    ],
)
def test_times_of_projects(printed: str, start: date | None, end: date | None, phase: str) -> None:
    """Dates complete each other's year; an open end is no end; words that hold no dates are kept as the phase."""
    (found,) = read(project(time=printed)).projects
    assert (found.start, found.end, found.phase) == (start, end, phase)


@pytest.mark.parametrize(
    ("printed", "amount", "note"),
    [
        ("12.500 €", 1_250_000, ""),
        ("124.000€", 12_400_000, ""),
        ("9 000,50 euroa", 900_050, ""),
        ("9.000 € (osa laskennallisia kuluja)", 900_000, "Bruttotulot koko hankeajalta: (osa laskennallisia kuluja)"),
        ("n. 5 000 €", None, "Bruttotulot koko hankeajalta: n. 5 000 €"),
        ("", None, ""),
    ],
)
def test_amounts_of_projects(printed: str, amount: int | None, note: str) -> None:
    """Amounts are read as people write them; what stands beside one, or is none, is kept word for word."""
    (found,) = read(project(income=printed)).projects
    assert (found.income_cents, found.amount_notes) == (amount, note)


@pytest.mark.parametrize(
    ("status", "percent"),
    [
        ("Käynnissä (29,2 %).", "29.2"),
        ("Valmis (100 %). Päättyi huhtikuussa.", "100"),
        ("Käynnissä, 40%", "40"),
        ("Osallistui 30 % väestä (50 %)", "50"),
        ("Osallistui 30 % väestä ja 20 % yrityksistä", None),
        ("Kasvua 140 %", None),
        ("Käynnissä.", None),
    ],
)
def test_progress_of_projects(status: str, percent: str | None) -> None:
    """The per cent in brackets, or the only one there is; the words stay as they are."""
    (found,) = read(project(status=status)).projects
    assert (found.percent, found.text) == (percent, status)


@pytest.mark.parametrize(
    ("printed", "years"),
    [("2019 – 2021", (2019, 2020, 2021)), ("2019 -2020", (2019, 2020)), ("2019, 2021", (2019, 2021)), ("", ())],
)
def test_budget_years(printed: str, years: tuple[int, ...]) -> None:
    """A range names every year in it."""
    assert read(project(years=printed)).projects[0].budget_years == years


@pytest.mark.parametrize(
    ("administrator", "unit"),
    [
        ("Tekninen / Kunnallistekniikka", "50"),
        ("Tekninen / Kunnallistekniikka, kadut ja viheralueet", "501"),
        ("Tekninen / Kunnallistekniikka, hankevastaava", "50"),
        ("Tekninen / Kunnallistekniikan palvelut", "TEK"),
        ("Tekninen", "TEK"),
        ("", "TEK"),
    ],
)
def test_units_of_projects(administrator: str, unit: str) -> None:
    """The closest unit that the administrator names; where it names none, the sector, and a finding says so."""
    document = read(project(administrator=administrator))
    assert document.projects[0].unit == unit
    assert any("given to the sector" in message for message in inferred(document)) is (unit == "TEK")


def test_a_field_no_project_has_is_unparsed() -> None:
    """A row of a project that is none of its fields is left to a person."""
    document = read(project().replace("Budjetoitu", "Sääennuste→poutaa\nBudjetoitu"))
    assert len(unparsed(document)) == 1
    assert document.projects[0].budget_years == (2021,)


# ---------------------------------------------------------------- names


def test_names_in_other_cases() -> None:
    """A name is recognised in the genitive, and by its beginning; a role is no unit."""
    assert likeness("Oppilas- ja opiskelijahuollon yksikkö", "Oppilas- ja opiskelijahuolto") == 1
    assert likeness("Oppilas- ja opiskelijahuollon yksikkö", "Hyvinvoinnin ja terveyden edistäminen") < 0.6
    assert same_start("museo", "Museopalvelut")
    assert not same_start("hankevastaava", "Kirjasto")


def test_lines_know_their_cells() -> None:
    """A line of tabs alone is blank; one whose first cell holds all there is, is prose."""
    assert Line(1, "\t\t ").is_blank
    assert Line(1, "TOIMINTATUOTOT\t\t").is_prose
    assert not Line(1, "\tpalveluihin").is_prose
