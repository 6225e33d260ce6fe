"""Columns of text beside each other."""

from __future__ import annotations

from projections.writers.terminal.grid import GridColumn, grid, paragraph


def test_a_shared_column_wraps_and_the_others_do_not() -> None:
    """Columns without a share are as wide as their widest line; the rest wraps in what is left."""
    text = grid([GridColumn(), GridColumn(share=1), GridColumn(right=True)], [["420", "yksi kaksi kolme", "1"]], 20, 0)
    assert [line.rstrip() for line in text.plain.split("\n")] == ["420  yksi kaksi    1", "     kolme"]


def test_room_that_one_column_does_not_need_goes_to_the_others() -> None:
    """A short text beside a long one leaves it room, whatever their shares."""
    text = grid([GridColumn(share=2), GridColumn(share=1)], [["ab", "x" * 16]], 20, 0)
    assert text.plain == f"ab  {'x' * 16}"


def test_a_column_with_nothing_in_it_takes_no_room() -> None:
    """An empty column leaves no gap."""
    assert grid([GridColumn(), GridColumn(share=1), GridColumn()], [["a", "", "b"]], 20, 0).plain == "a  b"


def test_a_text_can_be_cut_or_set_beside_the_last_line() -> None:
    """A column that is cut stays on one line; one at the bottom stands beside the last line of its row."""
    cut = grid([GridColumn(share=1, cut=True)], [["yksi kaksi kolme"]], 11, 0)
    assert cut.plain.rstrip() == "yksi kaksi…"
    bottom = grid([GridColumn(share=1), GridColumn(bottom=True)], [["yksi kaksi", "7"]], 8, 0)
    assert [line.rstrip() for line in bottom.plain.split("\n")] == ["yksi", "kaksi  7"]


def test_headings_stand_on_the_line_above_the_rows() -> None:
    """A heading of one line stands beside the last line of one of two; an empty row is an empty line."""
    columns = [GridColumn(heading="Hanke"), GridColumn(heading="Tulot\n€", right=True)]
    lines = [line.rstrip() for line in grid(columns, [["a", "1"], [], ["b", "22"]], 20).plain.split("\n")]
    assert lines == ["         Tulot", "  Hanke      €", "  a          1", "", "  b         22"]


def test_a_paragraph_keeps_its_indent() -> None:
    """Every line of a wrapped text begins at the same place."""
    assert paragraph("yksi kaksi kolme", 12, indent=2).plain == "  yksi kaksi\n  kolme"
