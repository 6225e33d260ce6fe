"""Whether a log holds kinds or versions of events that are not known here, asked of the index that keeps them apart.

The kinds that the format began with, each in its first version, are known for ever and are nearly all of a log. The
index holds the others alone, in order, so that each kind is looked at once however long the log is.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

from events.codec import NEWEST
from heinola_es.store.bodies import WRITTEN_VERSION, UnreadableEvent, require_known

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    Select = Callable[[str, Sequence[Any]], Iterable[Sequence[Any]]]

INDEX = "later_kinds"
FIRST_KINDS = (
    "ActualPosted",  # the many of a log stand first, so that least is compared
    "BudgetAdopted",
    "BudgetAmended",
    "FigureStated",
    "CommandKeyed",
    "GoalSet",
    "GoalStatusUpdated",
    "NarrativeReported",
    "PrioritySet",
    "PriorityReported",
    "IndicatorObserved",
    "OutlookGiven",
    "UnitEstablished",
    "FileImported",
    "ProjectLaunched",
    "ProjectProgressReported",
    "ActualCorrected",
    "GoalWithdrawn",
    "PeriodClosed",
    "PeriodReopened",
    "ProjectEnded",
    "ProjectRevised",
    "ReportPublished",
    "ResponsibleAssigned",
    "StatementWithdrawn",
    "StoreInitialised",
    "StoreUpgraded",
    "UnitClosed",
    "UnitMerged",
    "UnitMoved",
    "UnitRenamed",
)
"""The kinds that are left out of the index in their first version. It never changes: stores have it in their schema."""
FIRST_BYTES = b'{"v":1,'
"""How the body of an event in its first version begins."""
SHOWN_BYTES = 8
"""How many bytes of a body tell its version."""


class LaterKinds:
    """The index in the words of a database."""

    def __init__(self, kind: str, later: str) -> None:
        """Say how the database puts it.

        Attributes:
            kind: an expression for the topic of an event, a space, and how its body begins, in hexadecimal digits.
            later: a condition, which holds for all but the first kinds.
        """
        self.kind, self.later = kind, later

    @property
    def made(self) -> str:
        """The index, as a statement makes it after its CREATE INDEX."""
        return f"{INDEX} ON stored_events (({self.kind})) WHERE {self.later}"

    def require_known(self, select: Select) -> None:
        """Refuse a log that holds an event of a kind or a version that is not known here; a newer program has it.

        `select` returns the rows of a statement with its values.

        Raises:
            UnknownEvent.
        """
        after = ""
        while found := list(select(self._next, (after,))):
            after = str(found[0][0])
            if not _is_known(after):
                self._require_known(select, after)

    def _require_known(self, select: Select, kind: str) -> None:
        """Look at each event that begins like this one: what is no version may be a body that is damaged."""
        rows = (
            f"SELECT position, originator_id, originator_version, topic, state FROM stored_events "  # noqa: S608 - of ours
            f"WHERE {self.later} AND ({self.kind}) = ? ORDER BY position"
        )
        for row in select(rows, (kind,)):
            position, stream, *rest = row
            with suppress(UnreadableEvent):  # an event that is damaged holds up its own stream alone
                require_known((position, stream if isinstance(stream, str) else stream.hex, *rest))

    def rows_of(self, topic: str, columns: str) -> str:
        """Return a statement for the events of a kind that is none of the first, up to a position, which is its value.

        It finds what its topic alone would find, through the index.
        """
        return (
            f"SELECT {columns} FROM stored_events WHERE {self.later} AND topic = '{topic}' "  # noqa: S608 - words of ours
            f"AND ({self.kind}) >= '{topic} ' AND ({self.kind}) < '{topic}!' AND position <= ?"
        )

    @property
    def _next(self) -> str:
        return (
            f"SELECT ({self.kind}) AS kind FROM stored_events WHERE {self.later} AND ({self.kind}) > ? "  # noqa: S608
            "ORDER BY kind LIMIT 1"
        )


def is_among_later(topics: Iterable[str]) -> bool:
    """Return whether none of some kinds is one of the first."""
    return not any(topic in FIRST_KINDS for topic in topics)


def _is_known(kind: str) -> bool:
    """Return whether a kind, as the index tells it, is known and plainly in a version that is."""
    topic, _space, begins = kind.rpartition(" ")
    written = WRITTEN_VERSION.match(bytes.fromhex(begins))
    return written is not None and 0 < int(written[1]) <= NEWEST.get(topic, 0)


_IS_ONE = " OR ".join(f"topic = '{topic}'" for topic in FIRST_KINDS)
_AMONG = ", ".join(f"'{topic}'" for topic in FIRST_KINDS)
IN_A_FILE = LaterKinds(
    f"topic || ' ' || hex(substr(state, 1, {SHOWN_BYTES}))",
    f"NOT (substr(state, 1, {len(FIRST_BYTES)}) = X'{FIRST_BYTES.hex()}' AND ({_IS_ONE}))",
)
ON_A_SERVER = LaterKinds(
    f"topic || ' ' || encode(substr(state, 1, {SHOWN_BYTES}), 'hex')",
    f"NOT (encode(substr(state, 1, {len(FIRST_BYTES)}), 'hex') = '{FIRST_BYTES.hex()}' AND topic IN ({_AMONG}))",
)
