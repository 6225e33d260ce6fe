"""The board of a round as a page says it: each text in the reader's language, and nothing of how it looks."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from attrs import frozen

from projections.report.language.fields import MISSING, STATES, field_name
from projections.rounds.table import stale_said
from projections.snapshot.round_parts import PartState

if TYPE_CHECKING:
    from projections.report.language.words import Words
    from projections.rounds.board import Board, BoardRow, Told

_TOLD_OF = ("forecasts", "goals", "priorities", "texts", "projects")


@frozen(slots=True)
class Share:
    """What a unit tells of one thing.

    Attributes:
        said: the text; empty where there is nothing to tell.
        per_cent: how much of it is told, 0 to 100; None where it is no share.
    """

    said: str = ""
    per_cent: int | None = None


@frozen(slots=True, kw_only=True)
class PageRow:
    """A unit on the page.

    Attributes:
        unit, name: whose row it is.
        language: of the name, where it is not that of the page.
        state, state_said: how far it has come, as a code and in words.
        by: who brought it there, and when; empty where nobody did.
        reason: why it was sent back.
        told: what it tells, in the order of the headings.
        missing: what it owes.
        stale: that its texts are older than its figures, and by how much; empty where they are not.
        late: how late it is; empty in time.
    """

    unit: str
    name: str
    language: str | None
    state: PartState
    state_said: str
    by: str
    reason: str
    told: tuple[Share, ...]
    missing: tuple[str, ...]
    stale: str
    late: str


@frozen(slots=True, kw_only=True)
class BoardPage:
    """The whole page.

    Attributes:
        language: its code.
        city, title, lead: what stands on top.
        counts: of each state: its code, its words and how many units are in it.
        per_cent: how many of a hundred units are accepted, rounded down.
        headings: of the table: the unit, its state, what it tells, what is missing.
        rows: the units.
        whole: what stands where nothing is missing.
    """

    language: str
    city: str
    title: str
    lead: str
    counts: tuple[tuple[PartState, str, int], ...]
    per_cent: int
    headings: tuple[str, ...]
    rows: tuple[PageRow, ...]
    whole: str


def said_on_page(board: Board, city: str, words: Words) -> BoardPage:
    """Return what the page of a board says."""
    states = [row.part.state for row in board.rows]
    counts = [(state, words.say(said), states.count(state)) for state, said in _states()]
    accepted = states.count("accepted")
    return BoardPage(
        language=words.language,
        city=city,
        title=words.say("Quarter's round {period}", period=words.numbers.span(board.period.start, board.period.end)),
        lead=words.say(
            "Due {day}. {accepted} of {all} units are accepted.",
            day=words.numbers.day(board.due),
            accepted=str(accepted),
            all=str(len(states)),
        ),
        counts=tuple(count for count in counts if count[2]),
        per_cent=accepted * 100 // max(1, len(states)),
        headings=(
            *(field_name(words, "unit"), field_name(words, "state"), words.say("Figures through")),
            *(field_name(words, name) for name in (*_TOLD_OF, "missing")),
        ),
        rows=tuple(_row(row, words) for row in board.rows),
        whole=words.say("Nothing is missing"),
    )


def _states() -> list[tuple[PartState, str]]:
    return [(cast("PartState", state), said) for state, said in STATES.items()]


def _row(row: BoardRow, words: Words) -> PageRow:
    part = row.part
    owed = [words.say(MISSING[what]) for what in row.missing if what != "texts"]
    is_late = row.late and part.state in {"open", "returned", "submitted"}
    return PageRow(
        unit=row.unit,
        name=row.name,
        language=words.content if row.name_as_recorded else None,
        state=part.state,
        state_said=words.say(STATES[part.state]),
        by="" if part.at is None else f"{part.by}, {words.numbers.day(part.at.date())}",
        reason=part.reason,
        told=(
            Share("" if row.through is None else words.numbers.day(row.through)),
            Share(str(row.forecasts or "")),
            _share(row.goals),
            _share(row.priorities),
            Share(str(row.texts or "")),
            _share(row.projects),
        ),
        missing=(*owed, *row.sections),
        stale=stale_said(row, words),
        late=words.say_of("{count} day late", "{count} days late", row.late) if is_late else "",
    )


def _share(told: Told) -> Share:
    return Share(f"{told[0]}/{told[1]}", told[0] * 100 // told[1]) if told[1] else Share()
