"""Reports of our own making, in the shapes of other cities: their documents, and profiles that say how they are built.

All names, figures and words are invented.
"""

from __future__ import annotations

from tests.heinola_es.importing.documents.word import cell, docx, paragraph, row, table

# ---------------------------------------------------------------- a Swedish interim report with a forecast

SWEDISH = docx(
    paragraph("Delårsrapport 1–8/2024", "Otsikko1"),
    paragraph("Bildningssektorn", "Otsikko1"),
    paragraph("Bokslutsprognos", "Otsikko2"),
    paragraph("Sektorn väntas överskrida budgeten med 130 tusen euro."),
    paragraph("41 Småbarnspedagogik", "Otsikko2"),
    table(
        ["1 000 €", "Bokslut 2023", "Budget 2024", "Utfall 1–8/2024", "Förbrukning %", "Prognos 2024", "Avvikelse"],
        ["Verksamhetens intäkter", "410", "400", "270", "67,5", "405", "5"],
        ["Personalkostnader", "−2 900", "−3 000", "−2 050", "68,3", "−3 100", "−100"],
        ["Köp av tjänster", "−600", "−620", "−400", "64,5", "−655", "−35"],
        ["Utveckling av personalen", "", "", "12", "", "", ""],
    ),
    paragraph("42 Grundskolor", "Otsikko2"),
    table(
        ["1 000 €", "Bokslut 2023", "Budget 2024", "Utfall 1–8/2024", "Förbrukning %", "Prognos 2024", "Avvikelse"],
        ["Verksamhetens intäkter", "90", "80", "61", "76,3", "80", "0"],
        ["Personalkostnader", "−5 100", "−5 200", "−3 480", "66,9", "−5 200", "−40"],
    ),
    paragraph("Väsentliga händelser", "Otsikko2"),
    paragraph("Två skolor slogs ihop i augusti."),
    table(
        ["Mål", "Mätare", "Målnivå", "Status", "Uppföljning"],
        ["Alla elever läser", "Läsprov", "95 %", "Pågår", "Provet hålls i november."],
        ["Kortare skolvägar", "Medellängd", "2 km", "Uppnått", "1,9 km"],
    ),
    paragraph("Ett ord som ingen rubrik äger", "Otsikko2"),
)
SWEDISH_PROFILE = """
version = 1
period = "1-8/2024"

[[units]]
kind = "sector"
style = "heading 1"
names = { BIL = "Bildningssektorn" }

[[units]]
kind = "service_area"
style = "heading 2"
numbered = true

[figures]
money = "1 000 €"
lines = { "Verksamhetens intäkter" = "operating_income" }

[[figures.columns]]
header = "Bokslut 2023"
is = "actual"
period = "2023"

[[figures.columns]]
header = "Budget 2024"
is = "budget"

[[figures.columns]]
header = "Utfall 1-8/2024"
is = "actual"

[[figures.columns]]
header = "Förbrukning %"
is = "percent"

[[figures.columns]]
header = "Prognos 2024"
is = "forecast"

[[figures.columns]]
header = "Avvikelse"
is = "deviation"

[goals]
statuses = { "Pågår" = "in_progress", "Uppnått" = "achieved" }

[goals.columns]
"Mål" = "binding_goal"
"Mätare" = "metric"
"Målnivå" = "target_level"
"Status" = "status"
"Uppföljning" = "outcome"

[[texts]]
heading = "Bokslutsprognos"
is = "outlook"

[[texts]]
heading = "Väsentliga händelser"
"""

# ---------------------------------------------------------------- a whole city's statement in millions, as text

MILLIONS = """Kaupungin osavuosikatsaus 30.6.2024

Koko kaupungin tuloslaskelma

milj. €\tTP2023\tTA+muutos\tToteuma 1-6/2024\tKäyttö-%\tEnnuste\tPoikkeama
Toimintatuotot\t31,2\t30,5\t15,4\t50,5\t30,9\t0,4
Toimintakulut\t-118,9\t-121,0\t-60,1\t49,7\t-122,3\t-1,3
Toimintakate\t-87,7\t-90,5\t-44,7\t49,4\t-91,4\t-0,9
Verotulot\t62,4\t64,0\t33,1\t51,7\t63,2\t-0,8
Valtionosuudet\t34,0\t35,1\t17,6\t50,1\t35,1\t0,0
Vuosikate\t8,7\t8,6\t6,0\t69,8\t6,9\t-1,7

Verotulot jäävät arvioidusta, koska kuntavero kertyy hitaammin.
"""
MILLIONS_PROFILE = """
version = 1
period = "1-6/2024"
unit = { code = "KAU", name = "Kaupunki", kind = "city" }

[figures]
money = "milj. €"
columns = [
  { header = "TP 2019", is = "actual", period = "2019" },
  { header = "TP2023", is = "actual", period = "2023" },
  { header = "TA + muutos", is = "budget" },
  { header = "Toteuma 1-6/2024", is = "actual" },
  { header = "Käyttö-%", is = "percent" },
  { header = "Ennuste", is = "forecast" },
  { header = "Poikkeama", is = "deviation", of = ["forecast", "budget"] },
]
"""

# ---------------------------------------------------------------- Word tables with headers of two rows, merged

MERGED = docx(
    paragraph("Tekninen toimiala", "Omat"),
    table(
        row(cell("Euroa", follows=False), cell("Talousarvio", span=2), cell("Toteuma", span=2)),
        row(cell("", follows=True), "Alkuperäinen", "Muutettu 2024", "1–6/2023", "1–6/2024"),
        row("Tuotot", "100 000", "120 000", "55 000", "61 000,50"),
        row("Kulut", "900 000", "910 000", "440 000", "yli"),
    ),
    table(
        row(cell("510 Tilapalvelut", span=5)),
        row(cell("Euroa", follows=False), cell("Talousarvio", span=2), cell("Toteuma", span=2)),
        row(cell("", follows=True), "Alkuperäinen", "Muutettu 2024", "1–6/2023", "1–6/2024"),
        row("Tuotot", "70 000", "80 000", "35 000", "41 000"),
        row("Kulut", "500 000", "510 000", "240 000", "255 000"),
        row("Henkilötyövuodet", "12", "12", "11", "12"),
    ),
)
MERGED_PROFILE = """
version = 1
period = "1.4.-30.6.2024"
expenses = "positive"

[[units]]
kind = "sector"
style = "kaupungin otsikko"
names = { TEK = "Tekninen toimiala" }

[[units]]
kind = "service_area"
names = { 510 = "510 Tilapalvelut" }

[figures]
money = "€"
lines = { "Tuotot" = "operating_income", "Kulut" = "operating_expenses" }
columns = [
  { header = "Talousarvio Alkuperäinen", is = "skip" },
  { header = "Talousarvio Muutettu 2024", is = "budget" },
  { header = "Toteuma 1–6/2023", is = "actual", period = "1-6/2023" },
  { header = "Toteuma 1–6/2024", is = "actual" },
]
"""

# ---------------------------------------------------------------- a table with a unit in each row

UNIT_ROWS = docx(
    paragraph("Sivistystoimiala", "Otsikko1"),
    paragraph("Toimintakate tulosalueittain"),
    table(
        ["1 000 €", "TP 2023", "TA 2024", "Toteuma 1–6/2024", "Ennuste 2024"],
        ["41 Varhaiskasvatus", "−2 490", "−2 600", "−1 280", "−2 650"],
        ["42 Perusopetus", "−5 010", "−5 100", "−2 475", "−5 100"],
        ["Yhteensä", "−7 500", "−7 700", "−3 755", "−7 750"],
    ),
    paragraph("Tuotot ja kulut"),
    table(
        ["1 000 €", "Tuotot TA 2024", "Tuotot 1–6/2024", "Kulut TA 2024", "Kulut 1–6/2024"],
        ["Varhaiskasvatus", "400", "190", "−3 000", "−1 470"],
        ["42 Perusopetus", "80", "45", "−5 180", "−2 520"],
        ["43 Lukio", "10", "5", "−900", "−(430)"],
    ),
    paragraph("42 Perusopetus", "Otsikko2"),
    paragraph("Tapahtumat", "Otsikko3"),
    paragraph("Koulu avattiin."),
)
UNIT_ROWS_PROFILE = """
version = 1
period = "1-6/2024"

[[units]]
kind = "sector"
names = { SIV = "Sivistystoimiala" }

[[units]]
kind = "service_area"
numbered = true
digits = 2

[figures]
money = "1 000 €"
columns = [
  { header = "TP 2023", is = "actual", period = "2023" },
  { header = "TA 2024", is = "budget" },
  { header = "Toteuma 1-6/2024", is = "actual" },
  { header = "Ennuste 2024", is = "forecast" },
  { header = "Tuotot TA 2024", is = "budget", line = "operating_income" },
  { header = "Tuotot 1-6/2024", is = "actual", line = "operating_income" },
  { header = "Kulut TA 2024", is = "budget", line = "operating_expenses" },
  { header = "Kulut 1-6/2024", is = "actual", line = "operating_expenses" },
]
unit_tables = [{ heading = "Toimintakate", line = "operating_margin" }]

[[texts]]
heading = "Tapahtumat"
"""

# ---------------------------------------------------------------- projects, priorities and statistics in tables

LISTS = docx(
    paragraph("Sivistystoimiala", "Otsikko1"),
    table(["€", "TA 2024", "TOT 1–6/2024"], ["Myyntituotot", "90 000", "41 000"]),
    table(
        ["Hanke", "Vastuuhenkilö", "Alkaa", "Menot", "Valmius", "Tilanne"],
        ["Koulupihat", "rehtori", "1.2.2024", "12 000", "40 %", "Aita on pystyssä."],
        ["Kirjastoauto", "", "keväällä", "−5 000", "", "Kilpailutus kesken."],
        ["Koulupihat", "", "", "", "", "Toinen rivi."],
    ),
    table(
        ["Nro", "Painopiste", "Mittari", "Toteuma"],
        ["1", "Lukutaito", "Testi", "Testi pidettiin."],
        ["2", "Liikunta", "", ""],
    ),
    table(
        ["Tunnusluku", "Yksikkö", "1–6/2024", "2023", "Lisätieto"],
        ["Oppilaita", "kpl", "1 224", "1.224", "syyskuussa"],
        ["Poissaolot", "%", "3,37", "–", ""],
    ),
)
LISTS_PROFILE = """
version = 1
period = "1-6/2024"

[[units]]
kind = "sector"
names = { SIV = "Sivistystoimiala" }

[figures]
columns = [{ header = "TA 2024", is = "budget" }, { header = "TOT 1-6/2024", is = "actual" }]

[projects]
money = "€"

[projects.columns]
"Hanke" = "name"
"Vastuuhenkilö" = "responsible"
"Alkaa" = "start"
"Menot" = "expenses"
"Valmius" = "percent"
"Tilanne" = "text"

[priorities]
columns = { Nro = "number", Painopiste = "title", Mittari = "metric", Toteuma = "outcome" }

[statistics]
columns = [
  { header = "Tunnusluku", is = "name" },
  { header = "Yksikkö", is = "unit" },
  { header = "1-6/2024", is = "value" },
  { header = "2023", is = "value", period = "2023" },
]
"""
