"""What forms say, in English, as the keys of the catalogues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from projections.report.language.statuses import STATUSES, status_word
from projections.report.language.words import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from projections.forms.model import Key
    from projections.report.language.words import Words

EVENTS = "Oleelliset tapahtumat"
"""The section of a unit that has written none before; in the language in which cities write."""

INSTRUCTIONS = (
    msgid("Fill in the yellow cells. Grey cells are for reading and are locked."),
    msgid("A cell with an asterisk (*) is needed. What you leave as it is stays as it is recorded."),
    msgid("If you empty a cell, what was in it is taken back."),
    msgid("Alt+Enter (in LibreOffice Ctrl+Enter) begins a new paragraph in a cell."),
    msgid("Save the file and send it back to whoever sent it to you."),
)
IN_AN_EDITOR = (
    msgid("Fill in what stands between quotation marks; lines that begin with # are for reading."),
    msgid("What you leave as it is stays as it is recorded; what you empty is taken back. * is needed."),
)
IN_A_DOCUMENT = (
    msgid("Write into the yellow fields; what stands outside them is for reading. * is needed."),
    msgid("What you leave as it is stays as it is recorded; what you empty is taken back."),
    msgid("Save the file and send it back to whoever sent it to you."),
)
TITLES: Mapping[str, str] = {
    "figures": msgid("Figures"),
    "forecast": msgid("Forecast of the year's end"),
    "goal": msgid("Goals"),
    "priority": msgid("Priorities"),
    "narrative": msgid("Texts"),
    "indicator": msgid("Statistics"),
    "project": msgid("Projects"),
    "outlook": msgid("Estimate for the whole year"),
    "still": msgid("What was told before"),
}
HINTS: Mapping[str, str] = {
    "figures": msgid("In euros, from 1 January to the end of the period; for reading."),
    "forecast": msgid("What will the year end at, in euros? Expenses are negative."),
    "goal": msgid("Choose the status from the list, and say what was done and what is still to be done."),
    "priority": msgid("What came of it in the period?"),
    "narrative": msgid("What does the council need to know of the period?"),
    "indicator": msgid("The number for the period."),
    "project": msgid("How much is done by the end of the period, in per cent, and how does it go?"),
    "outlook": "",
    "still": msgid("If figures changed since, and what you leave as it is above still holds, say so here."),
}
_LAST = msgid("Told last")

_COLUMNS: Mapping[str, tuple[tuple[str, int, int], ...]] = {
    "forecast": (
        (msgid("Line"), 0, 0),
        (msgid("Budget + changes"), 1, 1),
        (_LAST, 2, 2),
        (msgid("Forecast, €"), 3, 3),
        (msgid("Why"), 4, 5),
    ),
    "goal": (
        (msgid("Goal"), 0, 0),
        (msgid("Metric and target level"), 1, 1),
        (_LAST, 2, 2),
        (msgid("Status"), 3, 3),
        (msgid("Explanation"), 4, 5),
    ),
    "priority": (
        (msgid("Priority"), 0, 0),
        (msgid("Metric"), 1, 1),
        (_LAST, 2, 2),
        (msgid("What came of it"), 3, 5),
    ),
    "narrative": (
        (msgid("Section"), 0, 0),
        (msgid("Programme"), 1, 1),
        (_LAST, 2, 2),
        (msgid("Text"), 3, 5),
    ),
    "indicator": (
        (msgid("Statistic"), 0, 0),
        (msgid("Measured in"), 1, 1),
        (_LAST, 2, 2),
        (msgid("Value"), 3, 3),
    ),
    "project": (
        (msgid("Project"), 0, 0),
        (msgid("Phase and time"), 1, 1),
        (_LAST, 2, 2),
        (msgid("Done, %"), 3, 3),
        (msgid("State of the project"), 4, 5),
    ),
    "outlook": (
        (msgid("Question"), 0, 1),
        (_LAST, 2, 2),
        (msgid("Estimate"), 3, 5),
    ),
    "still": (
        (msgid("Question"), 0, 2),
        (msgid("Answer"), 3, 3),
    ),
}
_SHORT = frozenset({"status", "percent", "value", "amount", "holds"})


def labels_of(section: str) -> tuple[tuple[str, int, int], ...]:
    """Return the headings of a section's columns, each with the first and the last column of a sheet it stands in."""
    return _COLUMNS[section]


def heading_of(key: Key) -> str:
    """Return the heading of the column that a field stands in."""
    columns = _COLUMNS[key[0]]
    return next(title for title, first, _ in columns if first == 3) if key[-1] in _SHORT else columns[-1][0]  # noqa: PLR2004


def status_labels(words: Words) -> dict[str, str]:
    """Return what the statuses are called, by status."""
    return {status: status_word(words, status) for status in STATUSES if status != "unknown"}
