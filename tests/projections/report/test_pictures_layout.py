"""Where things stand in pictures: nothing runs into anything, and no figure out of proportion squashes the others."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations
from typing import TYPE_CHECKING

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from projections.report.content.picture_data import Cumulative
from projections.report.pictures.lettering import one_line, text_width, wrapped
from projections.report.pictures.pictures import PRINT, draw
from tests.projections.report.charts import CHARTS, LABELS, MONTHS, one_of_each, parsed, use_of_budget, written_in

if TYPE_CHECKING:
    from projections.report.content.picture_data import PictureData

BAR = '{http://www.w3.org/2000/svg}path[@fill="#1b4f72"]'
LONG = "Perhekeskuksen avoimet palvelut ja neuvolatoiminta sekä kouluterveydenhuolto"


def longest_bar(svg: str) -> float:
    """Return how long the longest bar is, in pixels."""
    lengths = [_length(path.get("d", "")) for path in parsed(svg).iterfind(f".//{BAR}")]
    return max(lengths)


def _length(path: str) -> float:
    """Return how wide a rectangle is: `M0,7h120v16h-120Z`."""
    return float(path.partition("h")[2].partition("v")[0]) if "h" in path else 0


@settings(max_examples=80)
@given(chart=CHARTS, width=st.sampled_from([320, 340, 480, 640]))
def test_no_text_runs_into_another_or_out_of_the_picture(chart: PictureData, width: int) -> None:
    """Whatever the labels and the figures, every text has its place, even in a font as wide as Arial."""
    svg = draw(chart, palette=PRINT, width=width)
    height, texts = float(parsed(svg).get("height", "")), written_in(svg)

    assert texts
    for text in texts:
        assert text.left >= -1, text
        assert text.right <= width + 1, text
        assert text.top >= 0, text
        assert text.bottom <= height, text
    for one, other in combinations(texts, 2):
        assert not one.overlaps(other), (one, other)


@given(text=LABELS, width=st.integers(40, 300))
def test_a_label_takes_two_lines_at_most(text: str, width: int) -> None:
    """It is broken between words, cut where two lines are not enough, and is never wider than its room."""
    lines = wrapped(text, 14, width)

    assert 1 <= len(lines) <= 2
    assert all(text_width(line, 14) <= width for line in lines)
    assert len(lines) == 1 or not lines[0].endswith("…") or text_width(one_line(text).split(maxsplit=1)[0], 14) > width


def test_a_long_label_is_cut_with_an_ellipsis() -> None:
    """What does not fit on two lines ends in an ellipsis."""
    assert wrapped(LONG, 14, 150) == ["Perhekeskuksen", "avoimet palvelut ja ne…"]
    assert wrapped(LONG, 14, 1000) == [LONG]


@pytest.mark.parametrize(("outlier", "told"), [("900", "900,0\u00a0%"), ("-450.04", "−450,0\u00a0%")])
def test_a_figure_out_of_all_proportion_leaves_the_others_readable(outlier: str, told: str) -> None:
    """The axis has an end; the outlier's true number stands beside its bar, which ends in an arrow."""
    usual = ("Kirjasto", "100", None)
    end = "200" if outlier == "900" else "-100"
    capped = draw(use_of_budget(usual, ("Lukio", outlier, None)), palette=PRINT, width=640)
    at_the_end = draw(use_of_budget(usual, ("Lukio", end, None)), palette=PRINT, width=640)

    assert told in [text.text for text in written_in(capped)]
    assert longest_bar(capped) > 0.9 * longest_bar(at_the_end)
    assert len(parsed(capped).findall(f".//{BAR}")) == 1 + len(parsed(at_the_end).findall(f".//{BAR}"))


@pytest.mark.parametrize(("locale", "told"), [("fi", "63,4\u00a0%"), ("sv", "63,4\u00a0%"), ("en", "63.4%")])
def test_values_are_written_in_the_language_of_the_report(locale: str, told: str) -> None:
    """Half up to one decimal, with the decimal sign and the space that the language has."""
    svg = draw(use_of_budget(("Lukio", "63.35", None), locale=locale), palette=PRINT, width=640)

    assert told in [text.text for text in written_in(svg)]


@pytest.mark.parametrize(("used", "beside"), [("118", "59"), ("200", "100"), ("-12.5", "12.5"), ("-100", "100")])
def test_a_bar_is_as_long_as_its_value(used: str, beside: str) -> None:
    """Beyond the whole and below nothing, as far as the axis goes, lengths are in proportion, and no arrow is drawn."""
    svg = draw(use_of_budget(("Lukio", used, None), ("Kirjasto", beside, None)), palette=PRINT, width=640)

    shapes = [path.get("d", "") for path in parsed(svg).iterfind(f".//{BAR}")]
    _legend, bar, other = map(_length, shapes)
    assert bar / other == pytest.approx(abs(float(used)) / float(beside), rel=0.01)


def test_bars_stand_in_the_order_given() -> None:
    """A picture sorts nothing: labels stand below each other as they came."""
    names = ["Ö", "B", "A", "C"]
    svg = draw(use_of_budget(*[(name, "10", None) for name in names]), palette=PRINT, width=640)

    labels = [text for text in written_in(svg) if text.text in names]
    assert [label.text for label in sorted(labels, key=lambda label: label.top)] == names


def test_an_unknown_month_breaks_the_line() -> None:
    """Between the months around it there is no stroke, as nobody knows what happened in between."""
    values = tuple(None if month == 2 else Decimal(100 * month) for month in range(6))
    chart = Cumulative(axis="1 000 €", months=MONTHS[:6], lines=(("Toteuma", values),))

    def strokes(chart: Cumulative) -> int:
        paths = parsed(draw(chart, palette=PRINT, width=640)).iter("{http://www.w3.org/2000/svg}path")
        return sum(path.get("d", "").count("M") for path in paths if path.get("stroke-width") == "3")

    assert strokes(chart) == 2
    assert strokes(evolve(chart, lines=(("Toteuma", tuple(value or Decimal(0) for value in values)),))) == 1


@pytest.mark.parametrize("chart", one_of_each(), ids=lambda chart: type(chart).__name__)
def test_a_narrow_picture_says_what_a_wide_one_does(chart: PictureData) -> None:
    """For a telephone the labels move above the bars; no value and no name is lost."""
    wide, narrow = ({text.text for text in written_in(draw(chart, palette=PRINT, width=width))} for width in (640, 340))
    axis = {text for text in wide | narrow if text.replace("\u00a0", "").lstrip("−").isdigit()}

    assert wide - axis - set(MONTHS) <= narrow
