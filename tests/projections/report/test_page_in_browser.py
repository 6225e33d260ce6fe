"""The page in a real browser: axe-core finds nothing, nothing is fetched, keyboard and narrow screens serve alike."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from attrs import frozen

from heinola_es.domain.periods import parse_period
from heinola_es.store.reading import LogReader
from projections.report.content.build import build_report
from projections.report.content.query import ReportQuery
from projections.report.theme.theme import Theme
from projections.report.theme.theme_file import load_theme
from projections.writers.page.html import page
from tests.browser.looking import View, look_at
from tests.conftest import ROOT
from tests.projections.report.samples import sample_document

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.report.content.document import Document, Section

LANGUAGES = ("fi", "sv", "en")
SCHEMES = ("light", "dark")
WIDE, NARROW = 1280, 320
THEMES = {"default": Theme(), "example": load_theme(ROOT / "examples" / "theme.toml")}


@frozen
class Shown:
    """A report as it is looked at: `by hand` is the one with every kind of block, `real` that of a store."""

    report: str
    language: str
    theme: str
    scheme: str
    width: int

    def __str__(self) -> str:
        """Return its name among the tests."""
        return f"{self.report}-{self.language}-{self.theme}-{self.scheme}-{self.width}"


DEFECTS = """<!DOCTYPE html><title>x</title><h1>1</h1><h3>3</h3><img src="https://elsewhere.invalid/a.png">
<p style="color:#999;width:2000px">pale and wide</p><table><tr><th>a</th></tr></table><a href="#nowhere">b</a>
<script>document.title = undefined_name</script>"""
SHOWN = [
    *(
        Shown("by hand", language, theme, scheme, width)
        for language in LANGUAGES
        for theme in THEMES
        for scheme in SCHEMES
        for width in (WIDE, NARROW)
    ),
    Shown("real", "fi", "default", "light", WIDE),
    Shown("real", "sv", "example", "dark", NARROW),
    Shown("real", "en", "example", "dark", WIDE),
]
TABS = 12


def documents(store: Path) -> Iterator[tuple[tuple[str, str], Document]]:
    """Yield both reports in every language."""
    with LogReader.open(str(store)) as reader:
        for language in LANGUAGES:
            query = ReportQuery(period=parse_period("2020Q2"), language=language)
            yield ("by hand", language), sample_document(language)
            yield ("real", language), build_report(reader, query, Theme())


@pytest.fixture(scope="module")
def written(read_by_all: Path) -> dict[tuple[str, str], Document]:
    """Give both reports in every language."""
    return dict(documents(read_by_all))


@pytest.fixture(scope="module")
def seen(
    written: dict[tuple[str, str], Document], tmp_path_factory: pytest.TempPathFactory
) -> dict[Shown | None, dict[str, Any]]:
    """Give what a browser saw of every page, and, under None, of one where no script may run."""
    folder = tmp_path_factory.mktemp("pages")
    views: dict[Shown | None, View] = {}
    for shown in SHOWN:
        path = folder / f"{shown.report}-{shown.language}-{shown.theme}.html"
        if not path.exists():
            path.write_bytes(page(written[shown.report, shown.language], THEMES[shown.theme]))
        views[shown] = View(file=str(path), dark=shown.scheme == "dark", width=shown.width, tabs=TABS)
    views[None] = View(file=str(folder / "by hand-fi-default.html"), scripts=False)
    return dict(zip(views, look_at(views.values()), strict=True))


def test_the_browser_sees_defects(tmp_path: Path) -> None:
    """What the tests below look for is told of a page that has it."""
    path = tmp_path / "defects.html"
    path.write_text(DEFECTS, encoding="utf-8")
    (told,) = look_at([View(file=str(path), width=NARROW, tabs=1)])
    assert "https://elsewhere.invalid/a.png" in told["asked"]
    assert any(it.startswith("error: undefined_name") for it in told["asked"])
    rules = {it.partition(":")[0] for it in told["violations"]}
    assert {"color-contrast", "heading-order", "html-has-lang", "image-alt", "region"} <= rules
    assert told["folded"]["overflow"] > 0
    assert (told["folded"]["headersWithoutScope"], told["folded"]["deadLinks"]) == (["a"], ["#nowhere"])
    assert [it["href"] for it in told["reached"]] == ["#nowhere"]


# Where tests run side by side, one of them starts the browser for all.
pytestmark = pytest.mark.xdist_group("browser")
every_page = pytest.mark.parametrize("shown", SHOWN, ids=str)


@every_page
def test_axe_finds_nothing(seen: dict[Shown, dict[str, Any]], shown: Shown) -> None:
    """Neither rules of WCAG 2.2 A and AA nor best practices are broken, with everything unfolded."""
    told = seen[shown]
    assert told["violations"] == []
    assert told["undecided"] == []
    assert {"color-contrast", "heading-order", "html-has-lang", "svg-img-alt", "region"} <= set(told["passed"])
    if shown.width == WIDE:  # there no shadow keeps axe from deciding about texts in tables
        assert [it for it in told["movable"] if "rowgroup" not in it and "th-has-data-cells" not in it] == []


@every_page
def test_nothing_leaves_the_page(seen: dict[Shown, dict[str, Any]], shown: Shown) -> None:
    """The browser asks for nothing but the page and complains of nothing; its typefaces are inside."""
    told = seen[shown]
    assert told["asked"] == []
    assert set(told["folded"]["fonts"]) == {"Report Sans 400", "Report Sans 600", "Report Sans 700"}


@every_page
def test_a_narrow_screen_moves_only_down(seen: dict[Shown, dict[str, Any]], shown: Shown) -> None:
    """The page is never wider than the screen, folded or unfolded, down to 320 pixels (WCAG 2.1, 1.4.10)."""
    assert (seen[shown]["folded"]["overflow"], seen[shown]["unfolded"]["overflow"]) == (0, 0)


@every_page
def test_a_picture_is_shown_once(seen: dict[Shown, dict[str, Any]], shown: Shown) -> None:
    """Of a picture drawn for wide and for narrow screens, one is shown."""
    pictures = seen[shown]["folded"]["pictures"]
    assert pictures
    assert set(pictures) == {1}


@every_page
def test_the_look_follows_the_reader(seen: dict[Shown, dict[str, Any]], shown: Shown) -> None:
    """A reader who prefers dark pages gets one."""
    expected = {"light": "rgb(255, 255, 255)", "dark": "rgb(20, 25, 31)"}
    assert seen[shown]["folded"]["background"] == expected[shown.scheme]


@every_page
def test_headings_and_headers_lead(seen: dict[Shown, dict[str, Any]], shown: Shown) -> None:
    """One heading of level 1, no gaps below, a scope for every header of a table, and a target for every link."""
    made = seen[shown]["unfolded"]
    levels = made["headings"]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(below <= above + 1 for above, below in pairwise(levels)), levels
    assert made["headersWithoutScope"] == []
    assert made["deadLinks"] == []


@every_page
def test_tab_reaches_the_way_past_the_contents_first(
    seen: dict[Shown, dict[str, Any]], written: dict[tuple[str, str], Document], shown: Shown
) -> None:
    """Tab goes to the link past the contents, then through the contents, which a narrow screen folds up."""
    reached = seen[shown]["reached"]
    assert all(it["seen"] for it in reached)
    assert (reached[0]["tag"], reached[0]["href"]) == ("a", "#_content")
    if shown.width == NARROW:
        assert (reached[1]["tag"], reached[1]["within"]) == ("summary", "nav")
        return
    keys = ["_summary", *_listed(written[shown.report, shown.language].sections)]
    expected = [f"#{key}" for key in keys][: TABS - 1]
    assert [it["href"] for it in reached[1 : len(expected) + 1]] == expected
    assert seen[shown]["folded"]["contentsShown"] == len(keys)


def _listed(sections: tuple[Section, ...]) -> Iterator[str]:
    for section in sections:
        if section.listed:
            yield section.key
            yield from _listed(section.sections)


def test_a_table_unfolds_without_scripts(seen: dict[Shown | None, dict[str, Any]]) -> None:
    """Where no script may run, all is read all the same, and the table beside a picture unfolds."""
    told = seen[None]
    assert (told["asked"], told["before"], told["after"]) == ([], False, True)
    assert "Osavuosikatsaus 1.4.–30.6.2020" in told["text"]
    assert "Osien summa eroaa loppusummasta 1\u00a0000 €." in told["text"]
