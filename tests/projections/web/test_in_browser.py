"""The served pages in a real browser: every screen, drill-down, time, forms, keyboard, no scripts, a phone."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from heinola_es.languages import LANGUAGES
from tests.browser.walking import Seen, Walk, walk_through
from tests.projections.web.served import served
from tests.projections.web.test_forms_as_pages import FORM, STATUS, TEXT
from tests.projections.web.test_forms_as_pages import reporting as reporting  # noqa: PLC0414 - a fixture
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projections.web.served import Visitor

PHONE = 390
LOOKED_AT = {
    "report": "/?period=2020Q2&unit=4160",
    "explanation": "/explain?unit=HYV&line=net&column=actual&period=2020Q2",
    "changes": "/changes?period=2020Q2&from=published",
    "log": "/log?kind=FigureStated",
    "event": "/event/534",
    "publications": "/published",
    "round": "/round?period=2020Q2",
    "form": "/form?period=2020Q3&unit=4160",
    "search": "/search?q=lukio",
    "help": "/help",
    "problem": "/?period=hello",
}
"""Every screen."""
_BY_WAY = list(enumerate((name, scheme) for name in LOOKED_AT for scheme in ("light", "dark")))


def address(name: str, language: str) -> str:
    """Return the address of a screen in a language."""
    path = LOOKED_AT[name]
    return f"{path}{'&' if '?' in path else '?'}lang={language}"


def audit_of(at: int, name: str, scheme: str) -> Walk:
    """Return a look at a screen, in one of the languages, at one of the widths."""
    language, width = LANGUAGES[at % len(LANGUAGES)], (1280, PHONE)[(at // 2) % 2]
    steps = (("goto", address(name, language)),)
    return Walk(steps=steps, dark=scheme == "dark", width=width, audit="colours" if scheme == "dark" else "all")


@pytest.fixture(scope="module")
def looked_at(site: Visitor) -> dict[tuple[str, str], Seen]:
    """Give what was seen of every screen, light and dark, wide and narrow, in the three languages by turns."""
    seen = walk_through(site.address, [audit_of(at, *way) for at, way in _BY_WAY])
    return {way: one for (_at, way), one in zip(_BY_WAY, seen, strict=True)}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", LOOKED_AT)
def test_no_screen_has_a_barrier(looked_at: dict[tuple[str, str], Seen], name: str, scheme: str) -> None:
    """axe-core finds nothing, nothing is wider than the window, the console is empty, no request leaves the machine."""
    seen = looked_at[name, scheme]
    said = [one for one in seen.said if name != "problem" or "400" not in one]
    assert (seen.violations, seen.asked, said, seen.overflow) == ([], [], [], 0)


@pytest.fixture(scope="module")
def walks(site: Visitor) -> dict[str, Seen]:
    """Give what was seen on the walks below."""
    seen = walk_through(site.address, WALKS.values())
    return dict(zip(WALKS, seen, strict=True))


WALKS = {
    "down to the row": Walk(
        steps=(
            ("goto", "/?period=2020Q2&unit=410&lang=fi"),
            ("click", "a[href*='line=income'][href*='column=budget']"),
            ("text", ".explained"),
            ("click", ".parts-of .row a"),
            ("text", ".event"),
            ("back",),
        )
    ),
    "across a correction": Walk(
        steps=(
            ("goto", "/?period=2020Q2&lang=fi"),
            ("fill", "#_known", "published"),
            ("click", ".asking button"),
            ("text", ".summary"),
            ("click", ".then a >> nth=0"),
            ("text", ".list"),
        )
    ),
    "by keyboard": Walk(
        steps=(
            ("goto", "/?period=2020Q2&lang=fi"),
            ("press", "/"),
            ("at",),
            ("type", "lukio"),
            ("go", "Enter"),
            ("text", "h1"),
            ("goto", "/?period=2020Q2&lang=fi"),
            ("focus", ".tree a[href*='unit=HYV']"),
            ("press", "ArrowDown"),
            ("at",),
            ("press", "ArrowLeft"),
            ("press", "ArrowDown"),
            ("at",),
            ("go", "Enter"),
            ("url",),
            ("go", "?"),
            ("text", "h1"),
        )
    ),
    "without scripts": Walk(
        steps=(
            ("goto", "/?period=2020Q2&lang=fi"),
            ("fill", "#_period", "1-6/2020"),
            ("click", ".asking button"),
            ("text", "h1"),
            ("click", ".tree a[href*='unit=400']"),
            ("url",),
            ("click", "a[href*='line=net'][href*='column=actual']"),
            ("text", ".explained h2"),
            ("goto", "/log?lang=fi"),
            ("click", "a.older"),
            ("count", ".list tbody tr"),
        ),
        scripts=False,
    ),
    "on a phone": Walk(
        steps=(("goto", "/?period=2020Q2&unit=410&lang=fi"), ("shown", "#table_key-figures"), ("visible", ".tree")),
        width=PHONE,
    ),
}


def test_a_cell_leads_down_to_its_row(walks: dict[str, Seen]) -> None:
    """From a cell of the report to its statement, the row of the document, the event, and back where one was."""
    told = walks["down to the row"].told
    assert "hyvinvointi-2020-q2.txt:" in told[2]
    assert "Heinola" not in told[2]
    assert "hyvinvointi-2020-q2.txt:" in told[4]
    assert "/explain?" in told[5]


def test_time_is_travelled_across_a_correction(walks: dict[str, Seen]) -> None:
    """The report as it was published, and from there what changed since, with the event that did it."""
    told = walks["across a correction"].told
    assert "11\u00a0832\u00a0272" in told[3]
    assert "#534 oikaisu" in told[5]


def test_the_keyboard_goes_everywhere(walks: dict[str, Seen]) -> None:
    """A slash to the search, arrows through the tree, which they close and open, a question mark to the help."""
    told = walks["by keyboard"].told
    assert 'id="_search"' in told[2]
    assert "lukio" in told[5]
    assert "unit=400" in told[9]
    assert "unit=410" in told[12]
    assert "unit=410" in told[14]
    assert told[16] == "Ohje"


def test_everything_works_without_scripts(walks: dict[str, Seen]) -> None:
    """Where no script may run, a period is asked for, a unit gone to, a figure explained, the log walked back."""
    told = walks["without scripts"].told
    assert "1.1.–30.6.2020" in told[3].replace("\n", " ")
    assert "unit=400" in told[5]
    assert "NETTO" in told[7]
    assert told[10] == 50


def test_on_a_phone_this_years_figures_are_seen_first(walks: dict[str, Seen]) -> None:
    """At 390 pixels the last columns stand in view, the tree is folded."""
    shown, tree = walks["on a phone"].told[1:]
    assert "TOT\u00a02020" in " ".join(shown)
    assert "2019" not in " ".join(shown[1:])
    assert tree is False


def test_no_walk_leaves_the_machine(walks: dict[str, Seen]) -> None:
    """Nothing is asked of another machine, and nothing stands on the console."""
    assert [(name, seen.asked, seen.said) for name, seen in walks.items() if seen.asked or seen.said] == []


def test_a_form_is_filled_in_and_its_draft_survives(reporting: Path, tmp_path: Path) -> None:
    """A draft is there again when the page is, until it is recorded; and then is gone."""
    at = Terminal(shutil.copyfile(reporting / "heinola.db", tmp_path / "heinola.db"))
    status, text = f"select[name='{STATUS}']", f"textarea[name='{TEXT}']"
    with served(at.location, tmp_path, actor="rehtori") as head:
        filled = (("goto", FORM), ("choose", status, "toteutunut"), ("fill", text, "Kysely tehty."))
        sent = (("click", ".done button"), ("text", "[role=status]"), ("goto", FORM), ("visible", ".draft"))
        (drafted,) = walk_through(
            head.address,
            [Walk(steps=(*filled, ("goto", "/help"), ("goto", FORM), ("value", text), ("visible", ".draft"), *sent))],
        )
        at.done('record goal-status 4160 4160-1 2020Q3 suspended "Kysely keskeytyi."')
    assert drafted.told[5:7] == ["Kysely tehty.", True]
    assert "Kirjattu: #" in drafted.told[8]
    assert drafted.told[10] is False
    assert (drafted.asked, drafted.said) == ([], [])
