"""What is printed: what a picture by month shows is not said again in a table below it."""

from __future__ import annotations

from attrs import evolve

from projections.report.content.document import Cell, Column, Picture, Row, Table
from projections.report.content.on_paper import on_paper
from tests.projections.report.charts import one_of_each

TABLE = Table(
    key="luvut", caption="Luvut", columns=(Column(title="Kuukausi"),), rows=(Row(cells=(Cell(text="tammi"),)),)
)
PICTURE = Picture(key="kuva", caption="Kuva", alternative="Kuva", chart=one_of_each()[0], table=TABLE)


def test_a_table_of_a_picture_is_printed_unless_it_is_folded_up() -> None:
    """Figures that nothing else has stand on paper; those that are there to be looked up stand in the page alone."""
    folded = evolve(PICTURE, table=evolve(TABLE, folded=True))
    assert [block.table for block in on_paper([PICTURE, folded]) if isinstance(block, Picture)] == [TABLE, None]
