"""The units as a tree to go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from heinola_es.domain.aggregates.organisation import Organisation
    from projections.snapshot.taking import View
    from projections.web.asked import Asked


@frozen(slots=True)
class Branch:
    """A unit in the tree.

    Attributes:
        code, name: of it.
        address: of its report.
        is_here: whether its report is shown.
        is_open: whether what stands below it is shown: it leads to the unit whose report is.
        below: those below it.
    """

    code: str
    name: str
    address: str
    is_here: bool
    is_open: bool
    below: tuple[Branch, ...]


def tree_of(view: View, asked: Asked) -> tuple[Branch, ...]:
    """Return the units of a view, those on top first, as they stand in the report."""
    organisation = view.organisation
    there = set(organisation.units)
    tops = [code for code, unit in organisation.units.items() if unit.parent is None or unit.parent not in there]
    above = set(organisation.at_or_above(asked.unit)) if asked.unit in there else set()
    few = len(there) <= 40  # noqa: PLR2004 - as many as a screen shows
    return tuple(_branch(organisation, code, asked, above, few=few) for code in tops)


def _branch(organisation: Organisation, code: str, asked: Asked, above: Iterable[str], *, few: bool) -> Branch:
    below = organisation.below(code)
    return Branch(
        code=code,
        name=organisation.units[code].name,
        address=asked.address("/", unit=code),
        is_here=code == asked.unit,
        is_open=few or code in above,
        below=tuple(_branch(organisation, each, asked, above, few=few) for each in below),
    )
