"""Charts for the tests of pictures: one of each kind, any at all, and what stands where in a picture."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, get_args
from xml.etree import ElementTree as ET

from attrs import frozen
from hypothesis import strategies as st

from projections.report.content.picture_data import (
    Cumulative,
    GoalsByStatus,
    IncomeAndExpenses,
    PictureData,
    ProjectProgress,
    UseOfBudget,
)
from projections.report.language.statuses import GoalStatus
from projections.report.pictures.lettering import text_width

if TYPE_CHECKING:
    from collections.abc import Iterator

STATUSES: tuple[GoalStatus, ...] = get_args(GoalStatus)
HOSTILE = (
    "AT&T < 5 > 3 \"lainaus\" 'puoli'",
    "</text></svg><script>alert(1)</script>",
    '" onload="alert(1)" fill="url(https://attacker.invalid)',
    "]]> <!-- &amp; {{ 1 }}",
    "Kirjasto 🙂 é\u0301 \u202eoikealta\u202c\x00\x0b\ufffe",
    "datum.value' + alert(1) + '",
)
MONTHS = ("tammi", "helmi", "maalis", "huhti", "touko", "kesä", "heinä", "elo", "syys", "loka", "marras", "joulu")

_amount = st.decimals(-100_000, 100_000, places=1)
_percentage = st.one_of(st.decimals(-300, 1_000, places=2), st.decimals(0, 120, places=1))
_words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=12)
LABELS = st.one_of(st.lists(_words, min_size=1, max_size=8).map(" ".join), st.sampled_from(HOSTILE))
_locale = st.sampled_from(["fi", "sv", "en"])


def _maybe(values: st.SearchStrategy[Decimal]) -> st.SearchStrategy[Decimal | None]:
    return st.one_of(st.none(), values)


def _bars(*values: st.SearchStrategy[Decimal | None]) -> st.SearchStrategy[tuple[tuple[object, ...], ...]]:
    return st.lists(st.tuples(LABELS, *values), min_size=1, max_size=25).map(tuple)


@st.composite
def _courses(draw: st.DrawFn) -> Cumulative:
    count = draw(st.integers(1, 12))
    values = st.lists(_maybe(_amount), min_size=count, max_size=count).map(tuple)
    even = st.lists(_amount, min_size=count, max_size=count).map(tuple)
    return Cumulative(
        axis=draw(LABELS),
        months=MONTHS[:count],
        lines=tuple(draw(st.lists(st.tuples(LABELS, values), min_size=1, max_size=2))),
        even=draw(st.one_of(st.none(), st.tuples(LABELS, even))),
        locale=draw(_locale),
    )


@st.composite
def _goals(draw: st.DrawFn) -> GoalsByStatus:
    statuses = draw(st.lists(st.sampled_from(STATUSES), min_size=1, max_size=7, unique=True))
    counts = st.lists(st.integers(0, 40), min_size=len(statuses), max_size=len(statuses)).map(tuple)
    return GoalsByStatus(
        axis=draw(LABELS),
        statuses=tuple((status, draw(LABELS)) for status in statuses),
        bars=tuple(draw(st.lists(st.tuples(LABELS, counts), min_size=1, max_size=25))),
        locale=draw(_locale),
    )


CHARTS: st.SearchStrategy[PictureData] = st.one_of(
    st.builds(
        UseOfBudget,
        expected=st.decimals(1, 100, places=1),
        expected_label=LABELS,
        used_label=LABELS,
        last_year_label=LABELS,
        axis=LABELS,
        bars=_bars(_percentage, _maybe(_percentage)),
        locale=_locale,
    ),
    st.builds(
        ProjectProgress,
        axis=LABELS,
        progress_label=LABELS,
        time_label=LABELS,
        bars=_bars(_maybe(_percentage), _maybe(_percentage)),
        locale=_locale,
    ),
    st.builds(
        IncomeAndExpenses,
        axis=LABELS,
        budget_label=LABELS,
        actual_label=LABELS,
        last_year_label=LABELS,
        groups=st.lists(st.tuples(LABELS, _bars(*[_maybe(_amount)] * 3)), min_size=1, max_size=2).map(tuple),
        locale=_locale,
    ),
    _courses(),
    _goals(),
)
"""Any chart: long labels and hostile ones, values out of all proportion, unknown ones, one bar or many."""


def use_of_budget(*bars: tuple[str, str, str | None], locale: str = "fi") -> UseOfBudget:
    """Return how much of their budgets units have used, at half-year."""
    return UseOfBudget(
        expected=Decimal(50),
        expected_label="Tasainen kertymä 50 %",
        used_label="Käytetty talousarviosta",
        last_year_label="Viime vuonna samaan aikaan",
        axis="% talousarviosta",
        bars=tuple((label, Decimal(used), None if last is None else Decimal(last)) for label, used, last in bars),
        locale=locale,
    )


def one_of_each() -> list[PictureData]:
    """Return a chart of each kind."""
    unknown = None
    return [
        use_of_budget(("Perusopetus", "49.6", "48.2"), ("Kirjasto", "340.4", unknown), ("Lukio", "-12.5", "900")),
        Cumulative(
            axis="1 000 €",
            months=MONTHS[:3],
            lines=(
                ("Toteuma 2020", (Decimal(2510), Decimal(5120), Decimal(7803))),
                ("Toteuma 2019", (unknown, Decimal(4990), Decimal(7550))),
            ),
            even=("Tasainen käyttö", (Decimal(2600), Decimal(5200), Decimal(7800))),
        ),
        IncomeAndExpenses(
            axis="1 000 €",
            budget_label="Talousarvio",
            actual_label="Toteuma",
            last_year_label="Toteuma viime vuonna",
            groups=(
                ("Tulot", (("Maksut", Decimal(640), Decimal("188.5"), Decimal(321)),)),
                (
                    "Menot",
                    (("Henkilöstö", Decimal(18163), Decimal(9020), unknown), ("Muut", unknown, unknown, unknown)),
                ),
            ),
        ),
        GoalsByStatus(
            axis="tavoitteita",
            statuses=tuple((status, f"tila {number}") for number, status in enumerate(STATUSES)),
            bars=(("Yhteensä", (9, 14, 3, 4, 2, 1, 2)), ("Lukio", (1, 0, 0, 0, 0, 0, 0))),
        ),
        ProjectProgress(
            axis="% valmiina",
            progress_label="Edistyminen",
            time_label="Ajasta kulunut",
            bars=(("Peruskorjaus", Decimal(62), Decimal(50)), ("Liikuntahalli", unknown, Decimal(33))),
        ),
    ]


@frozen
class Written:
    """A line of text in a picture, and where it stands: pixels from the upper left corner, as wide as it may be."""

    text: str
    left: float
    right: float
    top: float
    bottom: float

    def overlaps(self, other: Written) -> bool:
        """Return whether two texts run into each other."""
        beside = self.right <= other.left or other.right <= self.left
        return not beside and self.top < other.bottom and other.top < self.bottom


def parsed(svg: str) -> ET.Element:
    """Return a picture that was drawn here as XML."""
    return ET.fromstring(svg)  # noqa: S314 - drawn by the product, in this process


def written_in(svg: str) -> list[Written]:
    """Return every line of text of a picture."""
    return list(_written(parsed(svg), 0, 0))


def _written(element: ET.Element, x: float, y: float) -> Iterator[Written]:
    moved = re.match(r"translate\(([^,]+),([^)]+)\)", element.get("transform", ""))
    if moved:
        x, y = x + float(moved[1]), y + float(moved[2])
    if element.tag.endswith("text"):
        size = float(element.get("font-size", "").removesuffix("px"))
        anchor = {"middle": 0.5, "end": 1.0}.get(element.get("text-anchor", ""), 0.0)
        for line in list(element) or [element]:
            y += float(line.get("dy", 0)) if line is not element else 0
            text = line.text or ""
            wide = text_width(text, size)
            # From the height of a capital letter to the baseline.
            yield Written(text, x - anchor * wide, x + (1 - anchor) * wide, y - 0.7 * size, y)
    for child in element:
        yield from _written(child, x, y)
