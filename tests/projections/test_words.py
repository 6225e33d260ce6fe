"""Goals, priorities, narratives, indicators and outlooks: those of the period, as they stand."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from heinola_es.domain.periods import parse_period
from heinola_es.handlers import goals
from tests.projections.asking import record, snapshot_of, unit_of

if TYPE_CHECKING:
    from heinola_es.store.log import EventLog

Q1, Q2, Q3 = parse_period("2020Q1"), parse_period("2020Q2"), parse_period("2020Q3")


# ---------------------------------------------------------------- goals


def test_a_goal_is_shown_with_the_status_of_the_period(store: EventLog) -> None:
    """The goal holds all year; what the period says of it is the period's own, and null where it says nothing."""
    record(store, goals.set_goal, "410", 2020, "410-1", binding_goal="Lukio uudistuu", metric="Kysely")
    record(store, goals.update_goal_status, "410", Q1, "410-1", "delayed", "Alku viivästyi")
    record(store, goals.update_goal_status, "410", Q2, "410-1", "achieved", "Valmis")

    stands = {period: _goals(store, period) for period in ("2020Q1", "2020Q2", "2020Q3", "2019Q2")}

    assert [(g["id"], g["status"], g["text"]) for g in stands["2020Q1"]] == [("410-1", "delayed", "Alku viivästyi")]
    assert [(g["id"], g["status"], g["text"]) for g in stands["2020Q2"]] == [("410-1", "achieved", "Valmis")]
    assert [(g["id"], g["status"], g["text"]) for g in stands["2020Q3"]] == [("410-1", None, None)]
    assert stands["2019Q2"] == []


def test_a_goal_has_its_texts(store: EventLog) -> None:
    """All texts of the goal come out, those left empty as empty texts."""
    record(store, goals.set_goal, "410", 2020, "a", programme_goal="P", binding_goal="B", target_level="T", subtask="S")

    (goal,) = _goals(store, "2020Q2")

    assert goal == {
        "id": "a",
        "programme_goal": "P",
        "binding_goal": "B",
        "metric": "",
        "target_level": "T",
        "strategic_goal": "",
        "subtask": "S",
        "status": None,
        "text": None,
    }


def test_the_status_reported_last_for_a_period_holds(store: EventLog) -> None:
    """A status that is put right takes the place of the one before."""
    record(store, goals.set_goal, "410", 2020, "a")
    record(store, goals.update_goal_status, "410", Q2, "a", "achieved", "Valmis")
    record(store, goals.update_goal_status, "410", Q2, "a", "delayed")

    (goal,) = _goals(store, "2020Q2")

    assert (goal["status"], goal["text"]) == ("delayed", "")


def test_over_a_longer_period_the_status_of_its_end_holds(store: EventLog) -> None:
    """In the half year the second quarter's status stands, even where the first quarter's was recorded late."""
    record(store, goals.set_goal, "410", 2020, "a")
    record(store, goals.update_goal_status, "410", Q2, "a", "achieved")
    record(store, goals.update_goal_status, "410", Q1, "a", "delayed")

    (goal,) = _goals(store, "2020H1")

    assert goal["status"] == "achieved"


def test_a_goal_withdrawn_is_gone_from_its_day_on(store: EventLog) -> None:
    """Reports of periods that ended before still have it."""
    record(store, goals.set_goal, "410", 2020, "a")
    record(store, goals.set_goal, "410", 2020, "b")
    record(store, goals.withdraw_goal, "410", date(2020, 7, 1), "a", reason="valtuusto § 55")

    assert [goal["id"] for goal in _goals(store, "2020Q2")] == ["a", "b"]
    assert [goal["id"] for goal in _goals(store, "2020Q3")] == ["b"]


def test_goals_come_in_the_order_they_were_set(store: EventLog) -> None:
    """Not by their ids."""
    for goal in ("b", "a", "c"):
        record(store, goals.set_goal, "410", 2020, goal)

    assert [goal["id"] for goal in _goals(store, "2020Q2")] == ["b", "a", "c"]


# ---------------------------------------------------------------- priorities


def test_a_priority_has_what_came_of_it_in_the_period(store: EventLog) -> None:
    """Priorities hold all year, in the order of their numbers; the outcome is the period's."""
    record(store, goals.set_priority, "410", 2020, 2, "Laitteet")
    record(store, goals.set_priority, "410", 2020, 1, "Koulutus", "Osallistujat")
    record(store, goals.report_priority, "410", Q2, 1, "Koulutukset siirtyivät")

    assert _unit(store, "2020Q2")["priorities"] == [
        {"number": 1, "title": "Koulutus", "metric": "Osallistujat", "text": "Koulutukset siirtyivät"},
        {"number": 2, "title": "Laitteet", "metric": "", "text": None},
    ]
    assert [p["text"] for p in _unit(store, "2020Q3")["priorities"]] == [None, None]
    assert _unit(store, "2021Q1")["priorities"] == []


def test_a_priority_worded_anew_keeps_its_outcome(store: EventLog) -> None:
    """The new title and metric stand beside the outcome that was reported."""
    record(store, goals.set_priority, "410", 2020, 1, "Koulutus")
    record(store, goals.report_priority, "410", Q2, 1, "Alkoi")
    record(store, goals.set_priority, "410", 2020, 1, "Koulutukset", "Määrä")

    assert _unit(store, "2020Q2")["priorities"] == [
        {"number": 1, "title": "Koulutukset", "metric": "Määrä", "text": "Alkoi"}
    ]


def test_over_a_longer_period_the_outcome_of_its_end_holds(store: EventLog) -> None:
    """An outcome of the first quarter that was recorded late does not replace the second's."""
    record(store, goals.set_priority, "410", 2020, 1, "Koulutus")
    record(store, goals.report_priority, "410", Q2, 1, "Valmis")
    record(store, goals.report_priority, "410", Q1, 1, "Alkoi")

    assert _unit(store, "2020H1")["priorities"][0]["text"] == "Valmis"


# ---------------------------------------------------------------- narratives, indicators, outlook


def test_narratives_are_those_of_the_period(store: EventLog) -> None:
    """What was told of another period is not in it; over a longer period each stands under its own."""
    record(store, goals.report_narrative, "410", Q2, "Toteuma", "Toinen")
    record(store, goals.report_narrative, "410", Q1, "Toteuma", "Ensimmäinen")

    assert [(n["text"], n["period"]) for n in _unit(store, "2020Q2")["narratives"]] == [("Toinen", "1.4.–30.6.2020")]
    assert [n["text"] for n in _unit(store, "2020H1")["narratives"]] == ["Ensimmäinen", "Toinen"]
    assert _unit(store, "2020Q3")["narratives"] == []


def test_a_later_narrative_replaces_the_earlier(store: EventLog) -> None:
    """Of the same section, programme, part and period; another part or programme stands beside it, in order."""
    record(store, goals.report_narrative, "410", Q2, "Toteuma", "Vanha")
    record(store, goals.report_narrative, "410", Q2, "Toteuma", "Toinen osa", part=2)
    record(store, goals.report_narrative, "410", Q2, "Toteuma", "Ohjelmasta", programme="hyvinvointiohjelma")
    record(store, goals.report_narrative, "410", Q2, "Toteuma", "Uusi")

    assert _unit(store, "2020Q2")["narratives"] == [
        {"section": "Toteuma", "programme": None, "text": "Uusi", "period": "1.4.–30.6.2020"},
        {"section": "Toteuma", "programme": None, "text": "Toinen osa", "period": "1.4.–30.6.2020"},
        {
            "section": "Toteuma",
            "programme": "hyvinvointiohjelma",
            "text": "Ohjelmasta",
            "period": "1.4.–30.6.2020",
        },
    ]


def test_indicators_are_those_of_the_period(store: EventLog) -> None:
    """A later count of the same thing and period replaces the earlier; values are decimal text."""
    record(store, goals.observe_indicator, "410", Q2, "Oppilaat", "1 224", "kpl")
    record(store, goals.observe_indicator, "410", Q1, "Oppilaat", "1 200", "kpl")
    record(store, goals.observe_indicator, "410", Q2, "Osuus", "3,37", "%")
    record(store, goals.observe_indicator, "410", Q2, "Oppilaat", "1 225", "kpl")

    assert _unit(store, "2020Q2")["indicators"] == [
        {"name": "Oppilaat", "value": "1225", "unit": "kpl", "period": "1.4.–30.6.2020"},
        {"name": "Osuus", "value": "3.37", "unit": "%", "period": "1.4.–30.6.2020"},
    ]
    assert _unit(store, "2020Q3")["indicators"] == []


def test_the_outlook_is_the_last_given_for_the_period(store: EventLog) -> None:
    """What was expected in another period is not this one's."""
    record(store, goals.give_outlook, "410", Q1, "Toteutuu")
    record(store, goals.give_outlook, "410", Q2, "Ehkä toteutuu")
    record(store, goals.give_outlook, "410", Q2, "Ylittyy")

    outlooks = {period: _unit(store, period)["outlook"] for period in ("2020Q1", "2020Q2", "2020Q3")}

    assert outlooks == {"2020Q1": "Toteutuu", "2020Q2": "Ylittyy", "2020Q3": None}


def test_over_a_longer_period_the_outlook_of_its_end_holds(store: EventLog) -> None:
    """The estimate of the second quarter stands, even where that of the first was recorded late."""
    record(store, goals.give_outlook, "410", Q2, "Ylittyy")
    record(store, goals.give_outlook, "410", Q1, "Toteutuu")

    assert _unit(store, "2020H1")["outlook"] == "Ylittyy"


def test_what_a_unit_says_is_its_own(store: EventLog) -> None:
    """Nothing of it appears at the units above or beside."""
    record(store, goals.set_goal, "4100", 2020, "a")
    record(store, goals.give_outlook, "4100", Q2, "Toteutuu")
    record(store, goals.report_narrative, "4100", Q2, "Toteuma", "Hyvin")

    others = [unit for unit in snapshot_of(store, "2020Q2")["units"] if unit["code"] != "4100"]

    assert not any(unit["goals"] or unit["narratives"] or unit["outlook"] for unit in others)


def test_words_move_no_figure(store: EventLog) -> None:
    """A snapshot's figures are the same before and after."""
    before = [unit["figures"] for unit in snapshot_of(store, "2020Q3")["units"]]
    record(store, goals.set_goal, "4100", 2020, "a")
    record(store, goals.observe_indicator, "4100", Q3, "Oppilaat", "1")

    assert [unit["figures"] for unit in snapshot_of(store, "2020Q3")["units"]] == before


def _unit(log: EventLog, period: str) -> dict[str, Any]:
    return unit_of(snapshot_of(log, period), "410")


def _goals(log: EventLog, period: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = _unit(log, period)["goals"]
    return found
