"""Tables of goals whose columns a profile names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

from heinola_es.importing.profiled.figures import HIGHEST_HEADER, titles
from heinola_es.importing.profiled.profile import key_of
from heinola_es.importing.report.document import Goal, GoalStatus

if TYPE_CHECKING:
    from heinola_es.importing.documents.pieces import Piece
    from heinola_es.importing.profiled.profile import Profile
    from heinola_es.importing.profiled.reading import Reading

_FEWEST = 2  # columns that make a table one of goals


@frozen(slots=True)
class GoalHeader:
    """The header of a table of goals: the first row below it, and what its columns have, by their place."""

    end: int
    columns: dict[int, str]


def goal_table(profile: Profile, rows: list[Piece]) -> GoalHeader | None:
    """Return the header of a table of goals, or None."""
    best: GoalHeader | None = None
    for height in range(1, min(HIGHEST_HEADER + 1, len(rows))):
        said = titles(rows[:height])
        columns = {at: what for at, title in enumerate(said) if (what := profile.goal_columns.get(key_of(title)))}
        if len(columns) >= _FEWEST and (best is None or len(columns) > len(best.columns)):
            best = GoalHeader(height, columns)
    return best


class GoalTable:
    """A table of goals while it is being read."""

    def __init__(self, reading: Reading, header: GoalHeader) -> None:
        """Begin with its header, for the unit that is open."""
        self.reading, self.header = reading, header

    def read(self, rows: list[Piece]) -> None:
        """Take in the goals of the table, and how they stand."""
        for row in rows[self.header.end :]:
            self._row(row)

    def _row(self, row: Piece) -> None:
        owner = self.reading.owner
        if owner is None:
            self.reading.leave(row, "No unit is open, so this goal is nobody's")
            return
        cells = {what: row.over_all[at] for at, what in self.header.columns.items() if at < len(row.over_all)}
        words = {name: cells.get(name, "") for name in ("programme_goal", "binding_goal", "metric", "target_level")}
        if not any(words.values()):
            self.reading.leave(row, "This row of a table of goals names none")
            return
        if len(row.filled) == 1 and len(self.header.columns) > 1:
            self.reading.leave(row, "This row stands in a table of goals and is none")
            return
        number = 1 + sum(goal.unit == owner.code for goal in self.reading.goals)
        goal = Goal(
            unit=owner.code,
            id=f"{owner.code}-{number}",
            **words,
            subtask=cells.get("subtask", ""),
            strategic_goal=cells.get("strategic_goal", ""),
            lines=(row.number,),
        )
        self.reading.goals.append(goal)
        self._status(row, goal, cells.get("status", ""), cells.get("outcome", ""))

    def _status(self, row: Piece, goal: Goal, said: str, outcome: str) -> None:
        """Take in how a goal stands; no status is concluded from words."""
        status = self.reading.profile.statuses.get(key_of(said)) if said else None
        if status is not None:
            self.reading.statuses.append(
                GoalStatus(unit=goal.unit, goal=goal.id, status=status, text=outcome, lines=goal.lines)
            )
        elif said:
            self.reading.leave(row, f"The profile does not say which status {said!r} is, so it was left out")
        elif outcome:
            self.reading.leave(row, "No status stands beside what came of this goal, so it was left out")
