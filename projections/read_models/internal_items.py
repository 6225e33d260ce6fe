"""Internal items (sisäiset erät) out of the read models: the postings that are marked so, as known at a position."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.figures import INTERNAL_MEASURES
from projections.read_models.checked import rows_of
from projections.read_models.models import STATEMENTS
from projections.read_models.moment import one_moment
from projections.read_models.stored_postings import single_postings
from projections.read_models.without import left_out

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.domain.value_rule.facts import Posting, Unread
    from heinola_es.store.reading import LogReader
    from projections.read_models.stored_postings import LogPosting

_TABLE = "rm_internal"


def has_internal(reader: LogReader, upto: int) -> bool:
    """Return whether anything at all, posting or statement, is marked internal up to a position of the log.

    Costs a look at the names of what there is where nothing is.

    Raises:
        ModelsDiffer: the read models are not those that were written.
    """
    with one_moment(reader):
        known: dict[tuple[int, frozenset[int]], bool] = reader.kept.setdefault("has internal", {})
        absent = frozenset(left_out(reader, upto).positions)
        key = upto, absent
        if key not in known:
            known[key] = any(map(_is_there(upto, absent), _all_postings(reader))) or any(
                row[1] in INTERNAL_MEASURES for row in rows_of(reader, STATEMENTS, upto)
            )
        return known[key]


def internal_items(reader: LogReader, measure: str, fiscal_year: int, upto: int) -> tuple[list[Posting], list[Unread]]:
    """Return the postings of a measure and fiscal year that are marked internal, and those that cannot be counted.

    Raises:
        ModelsDiffer: the read models are not those that were written.
    """
    block = measure, fiscal_year
    with one_moment(reader):
        is_there = _is_there(upto, frozenset(left_out(reader, upto).positions))
        found = [one for one in single_postings(reader, _TABLE, block) if is_there(one)]
        beyond = {one.position for one in single_postings(reader, "rm_unread", block)} if found else set()
    postings = [one.posting() for one in found if one.position not in beyond]
    return postings, [one.unread() for one in found if one.position in beyond]


def _is_there(upto: int, absent: frozenset[int]) -> Callable[[LogPosting], bool]:
    return lambda one: one.position <= upto and one.position not in absent


def _all_postings(reader: LogReader) -> list[LogPosting]:
    blocks = [key.split()[1:] for key in reader.kept["checks"].get("totals", {}) if key.startswith(f"{_TABLE} ")]
    return [one for measure, year in blocks for one in single_postings(reader, _TABLE, (measure, int(year)))]
