"""Which comparison a report makes: what moved, merged and ended in its years, and what earlier years are without."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, cast

from heinola_es.domain.chart import CITY
from projections.snapshot.model import Excluded, UnitChange, UnitKind

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from events.period import Period
    from heinola_es.domain.aggregates.organisation import Organisation, Structures
    from heinola_es.domain.aggregates.reorganised import Reorganised
    from projections.snapshot.rows import Rows


def changes(
    structures: Structures, organisation: Organisation, period: Period, years: int, scope: Collection[str]
) -> tuple[UnitChange, ...]:
    """Return the units that moved, merged or ended, of those that a report is about or that were part of them.

    They did so after the first day of the earliest year compared, or of the organisation where that is earlier, and by
    the report's end, or that day where it is later.

    Args:
        structures: the organisation of any day.
        organisation: that the report is in.
        period: of the report.
        years: how many earlier years it shows.
        scope: the units that it is about.
    """
    first = min(date(period.year - years, 1, 1), organisation.day)
    found = structures.reorganised(first, max(period.end, organisation.day))
    of_these = set(scope)
    return tuple(
        _told(organisation, one)
        for one in found
        if not of_these.isdisjoint({one.unit, one.before, one.after}) and not _is_of_the_city(organisation, one)
    )


def _is_of_the_city(organisation: Organisation, one: Reorganised) -> bool:
    """Return whether a part of the city was merely put under the unit that stands for it."""
    after = organisation.units.get(one.after or "")
    return one.what == "moved" and one.before is None and after is not None and after.kind == CITY


def _told(organisation: Organisation, one: Reorganised) -> UnitChange:
    units = organisation.units
    before, after = (units.get(code or "") for code in (one.before, one.after))
    return UnitChange(
        unit=one.unit,
        name=units[one.unit].name,
        what=one.what,
        day=one.day,
        before=one.before,
        after=one.after,
        before_name=None if before is None else before.name,
        after_name=None if after is None else after.name,
    )


def excluded(rows: Rows, organisation: Organisation, scope: Sequence[str]) -> Iterator[Excluded]:
    """Yield what earlier years are without, each unit that left with what stood under it and left as well.

    Args:
        rows: of the report.
        organisation: that the report is in.
        scope: the units that it is about, in its order.
    """
    for code in scope:
        unit = organisation.units[code]
        if code not in rows.left or (unit.parent in rows.left and unit.parent in scope):
            continue
        if figures := rows.of_earlier_years(unit):
            yield Excluded(
                unit=code,
                name=unit.name,
                kind=cast("UnitKind", unit.kind),
                parent=unit.parent,
                last_day=unit.last_day,
                figures=figures,
            )
