"""Amendments of budgets out of the read models: which of a fiscal year's budget decisions changed what was adopted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.domain.value_rule.facts import BUDGET
from projections.read_models.moment import one_moment
from projections.read_models.stored_postings import single_postings
from projections.read_models.without import left_out

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from heinola_es.domain.value_rule.facts import Posting, Unread
    from heinola_es.store.reading import LogReader

_AT_ONCE = 500


def amendments(reader: LogReader, fiscal_year: int, upto: int) -> tuple[list[Posting], list[Unread]]:
    """Return the amendments of a fiscal year's budget up to a position of the log, and those that cannot be counted.

    The log itself tells amendments from what was adopted.

    Raises:
        ModelsDiffer: the read models are not those that were written.
    """
    block = (BUDGET, fiscal_year)
    with one_moment(reader):
        absent = left_out(reader, upto).positions
        tables = ("rm_postings", "rm_large", "rm_unread")
        found = {one.position: one for table in tables for one in single_postings(reader, table, block)}
        decided = [one for at, one in sorted(found.items()) if at <= upto and at not in absent]
        beyond = {one.position for one in single_postings(reader, "rm_unread", block)}
        amended = set(_amendments_at(reader, [one.position for one in decided]))
    postings = [one.posting() for one in decided if one.position in amended - beyond]
    unread = [one.unread() for one in decided if one.position in amended & beyond]
    return postings, unread


def _amendments_at(reader: LogReader, positions: Collection[int]) -> Iterator[int]:
    """Yield the positions at which an amendment stands."""
    wanted = list(positions)
    for start in range(0, len(wanted), _AT_ONCE):
        some = wanted[start : start + _AT_ONCE]
        marks = ", ".join("?" * len(some))
        rows = reader.connection.execute(
            f"SELECT position FROM stored_events WHERE topic = 'BudgetAmended' AND position IN ({marks})",  # noqa: S608
            some,
        )
        yield from (position for (position,) in rows)
