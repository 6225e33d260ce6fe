"""The units as a tree to go through."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import frozen

if TYPE_CHECKING:
    from projections.snapshot.taking import View
    from projections.web.asked import Asked


FEW = 40
"""So many units are shown at once; of more, those that lead to the one that is shown."""


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
    units = view.organisation.units
    below: dict[str, list[str]] = {}
    for code, unit in units.items():
        parent = unit.parent if unit.parent is not None and unit.parent in units else ""
        below.setdefault(parent, []).append(code)
    above, up = set[str](), asked.unit
    while up is not None and up in units and up not in above:
        above.add(up)
        up = units[up].parent
    few = len(units) <= FEW

    def branch(code: str) -> Branch:
        return Branch(
            code=code,
            name=units[code].name,
            address=asked.address("/", unit=code),
            is_here=code == asked.unit,
            is_open=few or code in above,
            below=tuple(map(branch, below.get(code, ()))),
        )

    return tuple(map(branch, below.get("", ())))
