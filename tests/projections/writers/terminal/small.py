"""A small snapshot with figures of Heinola's interim report 1.4.–30.6.2020, written as the report prints them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from heinola_es.domain.amounts import parse_amount
from heinola_es.domain.chart import load_chart
from projections.snapshot.first_format import from_first_format

if TYPE_CHECKING:
    from projections.snapshot.model import Snapshot

EURO, THOUSAND = 100, 100_000
"""What figures are stated to, in cents."""

Cell = dict[str, int] | None


def small_snapshot(**changed: Any) -> Snapshot:  # noqa: ANN401 - whatever a snapshot holds
    """Return a snapshot of a sector, a service area and a unit; `changed` replaces its top-level fields."""
    told = {
        "schema": "heinola/snapshot/1",
        "city": "Heinola",
        "period": {"start": "2020-04-01", "end": "2020-06-30", "label": "1.4.–30.6.2020"},
        "cumulative": {"start": "2020-01-01", "end": "2020-06-30", "months": 6},
        "known_at": None,
        "structure": "2020-06-30",
        "position": 1234,
        "units": [sector(), area(), unit()],
        "projects": [project()],
        "findings": [*mismatches(), *roundings()],
        "unplaced": [],
    } | changed
    return from_first_format(told)


def sector() -> dict[str, Any]:
    """Return the sector, with some rows of its income statement."""
    return a_unit(
        "HYV",
        "Hyvinvointilautakunnan toimiala",
        "sector",
        [
            row("sales", "712 | 358 | 601 500 | 380 971 | 63.34"),
            row("operating_income", "2 625 | 1 750 | 2 234 800 | 1 797 871 | 80.45"),
            row("personnel", "-18 163 | -8 965 | -18 314 600 | -8 322 016 | 45.44"),
            row("rents_paid", "-3 552 | -1 884 | -3 778 600 | -1 909 397 | 50.53", printed_label="Vuokratulut"),
            row("operating_expenses", "-28 340 | -14 469 | -29 019 200 | -13 630 142 | 46.97"),
            row("operating_margin", "-25 714 | -12 718 | -26 784 400 | -11 832 272 | 44.18"),
            row("financial_items", "-1 | 0 | 0 | -416 | –"),
        ],
        responsible="hyvinvointijohtaja",
        outlook="Korona –poikkeustilanteen takia vuoden 2020 talousarvion toteumaa on vaikea arvioida.",
    )


def area() -> dict[str, Any]:
    """Return the service area, with goals and texts."""
    return a_unit(
        "420",
        "VARHAISKASVATUS",
        "service_area",
        [
            row("income", "785 | 486 | 756 100 | 599 466 | 79.28"),
            row("expenses", "-7 932 | -4 069 | -8 233 500 | -3 719 481 | 45.17"),
            row("net", "-7 147 | -3 583 | -7 477 400 | -3 120 015 | 41.73"),
        ],
        responsible="varhaiskasvatusjohtaja",
        goals=[
            goal("420-1", "Toimiva monialainen yhteistyö kehittyy", "in_progress"),
            goal("420-2", "Varhaiskasvatuksen asiakasmaksuprosessin päivittäminen", "delayed"),
            goal("420-3", "Opiskeluhuollon painopiste siirtyy yhteisölliseen opiskeluhuoltoon", None),
        ],
        priorities=[{"number": 1, "title": "Sinilähde-talon päiväkoti", "metric": "", "text": "Toiminta alkaa."}],
        narratives=[
            {
                "section": "Strategisten tavoitteiden eteneminen",
                "programme": "hyvinvointiohjelma",
                "text": "**Hyvinvointiohjelman** tavoitteita tukee henkilöstön ohjaus.",
                "period": "1.4.–30.6.2020",
            }
        ],
    )


def unit() -> dict[str, Any]:
    """Return the unit, of whose budget and first half of 2019 nothing is known, and which was posted to the cent."""
    unknown = "nobody stated or posted it for 1.1.–30.6.2019"
    return a_unit(
        "4240",
        "Perhekeskuksen avoimet palvelut",
        "unit",
        [
            row("income", "1 | – | – | 238,50 | –", notes={"prior_actual": unknown}),
            row("expenses", "-67 | – | – | -33 479 | –", notes={"prior_actual": unknown}),
            row("net", "-66 | – | – | -33 240,50 | –", notes={"prior_actual": unknown}),
        ],
        indicators=[
            {"name": "Asiakastapahtumat", "value": "1224", "unit": "kertaa", "period": "1.4.–30.6.2020"},
            {"name": "Osuus lapsista", "value": "52.5", "unit": "%", "period": "14.4.–13.5.2020"},
        ],
    )


def a_unit(code: str, name: str, kind: str, figures: list[dict[str, Any]], **more: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return a unit of a snapshot, without words unless `more` holds them."""
    empty: dict[str, Any] = {"goals": [], "priorities": [], "narratives": [], "indicators": []}
    about = {"code": code, "name": name, "kind": kind, "parent": None, "responsible": "", "outlook": None}
    return {**about, **empty, "figures": figures, **more}


def row(line: str, printed: str, **more: Any) -> dict[str, Any]:  # noqa: ANN401 - printed_label, notes, prior_years
    """Return a row of figures: TP and TOT of the year before in thousands, TA and TOT in euros, TOT %; – is unknown."""
    final_accounts, prior_actual, budget, actual, percent = (text.strip() for text in printed.split("|"))
    return {
        "line": line,
        "label": load_chart().lines[line].labels["fi"],
        "final_accounts": cell(final_accounts, THOUSAND),
        "prior_actual": cell(prior_actual, THOUSAND),
        "budget": cell(budget, EURO),
        "actual": cell(actual, EURO),
        "percent": None if percent == "–" else percent,
        **more,
    }


def cell(printed: str, precision_cents: int = EURO) -> Cell:
    """Return a cell, printed in the unit of its precision."""
    if printed == "–":
        return None
    return {"cents": parse_amount(printed) * precision_cents // EURO, "precision_cents": precision_cents}


def goal(goal_id: str, binding_goal: str, status: str | None) -> dict[str, Any]:
    """Return a goal."""
    texts = {"programme_goal": "Tieto ohjaa", "metric": "Prosessi on kuvattu", "target_level": "Käytössä", "text": ""}
    heading = {"strategic_goal": "", "subtask": ""}
    return {"id": goal_id, "binding_goal": binding_goal, "status": status, **heading, **texts}


def project(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a project holds
    """Return a project."""
    return {
        "name": "Hyvinvointia edistävät oppimisympäristöt NÄKYVÄKSI",
        "description": "",
        "unit": "420",
        "administrator": "",
        "responsible": "Päivi Salminen / Riikka Hämäläinen",
        "start": "2019-04-26",
        "end": "2021-07-31",
        "ended": None,
        "phase": "",
        "funder": "Opetushallitus",
        "city_decision": "",
        "budget_years": [2020],
        "income_cents": 11_160_000,
        "expense_cents": 12_400_000,
        "city_share_cents": 114_000,
        "amount_notes": "",
        "other": "",
        "percent": "29.2",
        "text": "",
    } | changed


def mismatches() -> list[dict[str, Any]]:
    """Return a mismatch of amounts and one of per cents."""
    return [
        finding("mismatch", "847", "expenses", "final_accounts", -46_000_00, 0, "stated -46 000, the units below 0"),
        finding(
            "mismatch", "420", "expenses", "percent", "45.18", "45.17", "printed 45,18 %, the figures give 45,17 %"
        ),
    ]


def roundings() -> list[dict[str, Any]]:
    """Return two rounding differences."""
    return [
        finding("rounding", "HYV", "net", "final_accounts", 2_625_000_00, 2_626_000_00, "off by a thousand"),
        finding("rounding", "420", "net", "actual", -3_120_015_00, -3_120_016_00, "off by one"),
    ]


def finding(
    kind: str, unit_code: str, line: str | None, column: str | None, stated: object, computed: object, message: str
) -> dict[str, Any]:
    """Return a finding."""
    where = {"unit": unit_code, "line": line, "column": column}
    return {"kind": kind, **where, "stated": stated, "computed": computed, "message": message}
