"""How goals stand, in words."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Literal

from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from projections.report.language.words import Words
    from projections.snapshot.model import Goal

GoalStatus = Literal["achieved", "in_progress", "not_started", "delayed", "not_achieved", "suspended", "unknown"]

STATUSES: Mapping[GoalStatus, str] = {
    "achieved": msgid("achieved"),
    "in_progress": msgid("in progress"),
    "not_started": msgid("not started"),
    "delayed": msgid("delayed"),
    "not_achieved": msgid("not achieved"),
    "suspended": msgid("suspended"),
    "unknown": msgid("not assessed"),
}
"""The statuses in the order in which they are told."""


def status_of(goal: Goal) -> GoalStatus:
    """Return the status of a goal; `unknown` where none was reported."""
    return goal.status or "unknown"


def status_word(words: Words, status: GoalStatus) -> str:
    """Return a status in words."""
    return words.say(STATUSES[status])


def counted(goals: Iterable[Goal]) -> dict[GoalStatus, int]:
    """Return how many goals have each status, in the order of telling, those that occur alone."""
    found = Counter(map(status_of, goals))
    return {status: found[status] for status in STATUSES if found[status]}


def goals_in_words(words: Words, found: Mapping[GoalStatus, int]) -> str:
    """Return how many goals there are, and how many have which status, in one sentence."""
    listed = ", ".join(f"{status_word(words, status)} {words.numbers.plain(n)}" for status, n in found.items())
    return words.say_of("{count} goal: {list}.", "{count} goals: {list}.", sum(found.values()), list=listed)
