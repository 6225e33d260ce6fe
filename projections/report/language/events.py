"""What kinds of events are called in plain words; their topics are stored and never change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.report.language.words import Words

KINDS: Mapping[str, str] = {
    "UnitEstablished": msgid("unit"),
    "UnitRenamed": msgid("rename"),
    "UnitNameCorrected": msgid("correction of a name"),
    "UnitFirstDayCorrected": msgid("correction of a first day"),
    "UnitMoved": msgid("move"),
    "UnitMerged": msgid("merger"),
    "UnitClosed": msgid("end of a unit"),
    "ResponsibleAssigned": msgid("responsible"),
    "BudgetAdopted": msgid("budget"),
    "BudgetAmended": msgid("amendment"),
    "AmendmentProposed": msgid("proposed amendment"),
    "AmendmentDropped": msgid("amendment not made"),
    "ActualPosted": msgid("posting"),
    "ActualCorrected": msgid("correction"),
    "FigureStated": msgid("statement"),
    "StatementWithdrawn": msgid("withdrawal"),
    "PeriodClosed": msgid("closing"),
    "PeriodReopened": msgid("reopening"),
    "BooksCompleted": msgid("books complete"),
    "CompletionWithdrawn": msgid("books not complete"),
    "GoalSet": msgid("goal"),
    "GoalRevised": msgid("goal revision"),
    "GoalStatusUpdated": msgid("goal status"),
    "GoalWithdrawn": msgid("goal withdrawal"),
    "PrioritySet": msgid("priority"),
    "PriorityReported": msgid("outcome of a priority"),
    "NarrativeReported": msgid("narrative"),
    "OutlookGiven": msgid("outlook"),
    "IndicatorObserved": msgid("indicator"),
    "ForecastGiven": msgid("forecast"),
    "ProjectLaunched": msgid("project"),
    "ProjectProgressReported": msgid("progress"),
    "ProjectRevised": msgid("project revision"),
    "ProjectEnded": msgid("end of a project"),
    "FileImported": msgid("import"),
    "ReportPublished": msgid("publication"),
    "RoundOpened": msgid("round"),
    "PartSubmitted": msgid("part handed in"),
    "PartReturned": msgid("part sent back"),
    "PartAccepted": msgid("part accepted"),
    "RoundClosed": msgid("end of a round"),
    "RoleGiven": msgid("role given"),
    "RoleWithdrawn": msgid("role withdrawn"),
    "FactsUndone": msgid("undoing"),
    "ChartAdopted": msgid("chart"),
    "UnitTextTranslated": msgid("translation of a unit's words"),
    "ProjectTextTranslated": msgid("translation of a project's words"),
    "CityNamed": msgid("name of the city"),
    "KeysRequired": msgid("keys of the head"),
    "StoreInitialised": msgid("new store"),
    "StoreUpgraded": msgid("store upgrade"),
    "CommandKeyed": msgid("command key"),
}
"""By topic; no two are called the same in any language."""


def kind_of_event(words: Words, topic: str) -> str:
    """Return what a kind of event is called; its topic where it has no word yet."""
    return words.say(KINDS.get(topic, topic))


def topics_by_word(words: Words) -> dict[str, str]:
    """Return the topic of each kind by what it is called, in small letters."""
    return {words.say(word).casefold(): topic for topic, word in KINDS.items()}
