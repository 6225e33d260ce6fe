"""The decision that a row of amendments tells: its day, organ, section and address, each in a cell of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from heinola_es.domain.decision import decision_of
from heinola_es.domain.periods import parse_date
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.placing.ledger import Decided
from heinola_es.importing.ledger.reading.cells import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from heinola_es.importing.ledger.mapping.mapping_tables import ColumnRef, DecisionColumns


@frozen(slots=True)
class DecisionCells:
    """Reads decisions; what a text was once found to say is remembered.

    Attributes:
        columns: of day, organ, section and address; None where the file has none.
    """

    columns: tuple[int | None, ...]
    _known: dict[tuple[str, ...], Decided] = field(factory=dict)

    @classmethod
    def of(cls, said: DecisionColumns | None, find: Callable[[ColumnRef], int]) -> DecisionCells | None:
        """Return the reader of the columns that a mapping names; None where it names none."""
        if said is None:
            return None
        refs = said.day, said.organ, said.section, said.address
        return cls(tuple(None if ref is None else find(ref) for ref in refs))

    def read(self, cells: Sequence[Any]) -> Decided:
        """Return the decision that a row tells.

        Raises:
            BadInput: a cell is no day, section or address, or a section has no organ.
        """
        said = tuple("" if at is None else text_of(cells[at]).strip() for at in self.columns)
        if said not in self._known:
            day, organ, section, address = said
            if section and not organ:
                raise BadInput(f"the decision has a section ({section!r}) and no organ; fill in whose minutes it is of")
            self._known[said] = Decided(parse_date(day) if day else None, decision_of(organ, section, address))
        return self._known[said]
