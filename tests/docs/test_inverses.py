"""Every kind of event has its inverse in the table of docs/model.md, and the commands named there are there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from events.language import EVENT_TYPES
from tests.docs.command_page import VERBS, words_of
from tests.terminal import ROOT

if TYPE_CHECKING:
    from events.base import Event

MODEL = ROOT / "docs" / "model.md"
_COMMAND = re.compile(r"`((?:record|import|publish|round|undo)\b[^`]*)`")


def table_in(page: str) -> dict[str, tuple[str, str]]:
    """Return, by the topic of an event, how it is corrected and how it is withdrawn."""
    _before, _head, table = page.partition("| fact | correction | withdrawal |\n|---|---|---|\n")
    rows = [line.strip("| ").split(" | ") for line in table.partition("\n\n")[0].splitlines()]
    return {topic: (how, back) for facts, how, back in rows for topic in facts.replace("`", "").split()}


INVERSES = table_in(MODEL.read_text("utf-8"))


@pytest.mark.parametrize("event_type", EVENT_TYPES, ids=lambda event_type: event_type.TOPIC)
def test_a_fact_has_its_correction_and_its_withdrawal(event_type: type[Event]) -> None:
    """A new kind of event fails here until the table says how it is put right and how it is taken back."""
    correction, withdrawal = INVERSES[event_type.TOPIC]
    assert correction
    assert withdrawal.startswith("none: ") or _COMMAND.search(withdrawal)


def test_the_commands_of_the_table_are_there() -> None:
    """What the table tells to do can be done; `undo` is a word of the table for `heinola undo`."""
    known = {words_of(context) for _command, context in VERBS} | {"undo"}
    for told in INVERSES.values():
        for said in _COMMAND.findall(" ".join(told)):
            words = said.split()
            assert known & {words[0], " ".join(words[:2])}, said


def test_a_row_that_is_missing_is_missed() -> None:
    """The table is read as it stands: without a row, its events have no inverse."""
    page = MODEL.read_text("utf-8")
    row = next(line for line in page.splitlines() if line.startswith("| `ActualPosted`"))
    assert INVERSES.keys() - table_in(page.replace(f"{row}\n", "")).keys() == {"ActualPosted", "ActualCorrected"}
