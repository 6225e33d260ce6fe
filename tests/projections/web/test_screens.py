"""Every screen of a served store: what it shows, where it leads, and that its address says all that is asked."""

from __future__ import annotations

import re
from html import unescape
from importlib.resources import files
from typing import TYPE_CHECKING

import pytest

from heinola_es.languages import LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projections.web.served import Visitor

CORRECTION = 534
SCREENS = (
    "/",
    "/?unit=410",
    "/?columns=council",
    "/?known-at=published&period=2020Q2",
    "/explain?unit=410&line=net&column=actual&period=2020Q2",
    "/explain?unit=410&line=net&column=percent&period=2020Q2",
    "/changes",
    "/changes?from=published&period=2020Q2",
    "/log",
    f"/event/{CORRECTION}",
    "/published",
    "/round",
    "/form?unit=4160&period=2020Q3",
    "/search?q=lukio",
    "/help",
)


def said(text: str) -> str:
    """Return the text of a page without its marks, with ordinary spaces."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", text)).replace("\u00a0", " "))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("address", SCREENS)
def test_every_screen_is_shown_in_every_language(site: Visitor, address: str, language: str) -> None:
    """A screen says which language it is in, and leads to itself in the others."""
    got = site.shown(f"{address}{'&' if '?' in address else '?'}lang={language}")
    assert f'<html lang="{language}">' in got.text
    assert [one for one in got.links if one.startswith(address.partition("?")[0]) and "lang=sv" in one]
    assert "style=" not in got.text
    assert "<script>" not in got.text


def test_all_that_a_page_leads_to_is_there(site: Visitor) -> None:
    """From the first page on, no link of any screen is dead: a sample of those of each kind is followed."""
    followed: dict[str, list[str]] = {}
    for address in SCREENS:
        for link in site.shown(address).links:
            if link.startswith("/") and len(followed.setdefault(link.partition("?")[0], [])) < 6:
                followed[link.partition("?")[0]].append(link)
    assert {"/", "/explain", "/changes", "/log", "/published", "/round", "/form", "/help"} <= followed.keys()
    assert [link for links in followed.values() for link in links if site.get(link).status != 200] == []


def test_every_number_of_the_report_leads_down_to_its_row(site: Visitor) -> None:
    """Given a cell of the report, when it is followed, then its row of the document stands there, with who and when."""
    report = site.shown("/?period=2020Q2&unit=410&lang=en")
    address = next(link for link in report.links if "line=income&column=budget" in link)
    page = said(site.shown(address).text)
    assert "854,400" in page
    assert re.search(r"from hyvinvointi-2020-q2\.txt:\d+", page)
    tables = re.findall(r'<table id="table_(?:key-)?figures.*?</table>', report.text, re.DOTALL)
    cells = [cell for table in tables for cell in re.findall(r'<td class="n">(.*?)</td>', table)]
    numbers = [cell for cell in cells if re.search(r"\d", cell)]
    assert len(numbers) > 50
    assert [cell for cell in numbers if not cell.startswith("<a ")] == []


def test_a_per_cent_beside_a_picture_leads_to_what_it_is_of(site: Visitor) -> None:
    """Given the picture of the use of budgets, each per cent of its table is a link to budget and actual."""
    report = site.shown("/?period=2020Q2&lang=en")
    tables = re.findall(r'<table id="table_use-of-budget-table.*?</table>', report.text, re.DOTALL)
    rows = [row for table in tables for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL) if "<td" in row]
    firsts = [re.search(r'<td class="n">(.*?)</td>', row) for row in rows]
    addresses = [re.match(r'<a href="(/explain[^"]*column=percent[^"]*)">', first[1]) for first in firsts if first]
    assert len(addresses) > 3
    assert all(addresses)
    for found in (one for one in addresses[:3] if one):
        assert site.get(unescape(found[1])).status == 200


def test_a_total_leads_down_to_the_correction_under_it(site: Visitor) -> None:
    """The expenses of the sector are explained by its statement and by the correction after it, with its reason."""
    page = site.shown("/explain?unit=HYV&line=operating_expenses&period=2020Q2&lang=en")
    told = said(page.text)
    assert "−€1,000" in told
    assert "because: lasku puuttui" in told
    assert f"/event/{CORRECTION}?lang=en" in page.links


def test_a_report_as_it_was_known_is_another(site: Visitor) -> None:
    """Across a correction: the report that was published has the figure of then, the present one that of now."""
    assert site.get("/?period=2020Q2&unit=4100&known-at=2020-01-01").status == 400  # there was no such unit as yet
    published = said(site.shown("/?period=2020Q2&known-at=published&lang=fi").text)
    assert "−13 630 142" in published
    assert "−13 631 142" in said(site.shown("/?period=2020Q2&lang=fi").text)


def test_what_changed_is_told_cell_by_cell_with_its_event(site: Visitor) -> None:
    """The difference to what was published names each cell, both figures, and the correction that did it."""
    got = site.shown("/changes?period=2020Q2&from=published&lang=fi")
    told = said(got.text)
    assert "−6 414 186 € −6 415 186 € #534 oikaisu" in told
    assert "syy: lasku puuttui" in told
    assert "/event/534?lang=fi" in got.links
    assert "Mikään ei muuttunut" in said(site.shown("/changes?period=2020Q2&from=%23534&lang=fi").text)


def test_the_log_is_walked_back_page_by_page(site: Visitor) -> None:
    """Every event is on one page, the newest first, each page beginning where the one before it ended."""
    seen: list[int] = []
    address = "/log"
    while address:
        got = site.shown(address)
        seen += [int(number) for number in re.findall(r'<th scope="row"><a href="/event/(\d+)', got.text)]
        address = unescape("".join(re.findall(r'class="older" rel="next" href="([^"]*)"', got.text)))
    assert seen == list(range(CORRECTION, 0, -1))


def test_the_log_is_filtered(site: Visitor) -> None:
    """By kind, by unit, by the text of a source; what is looked for is told again on the page."""
    assert re.findall(r"#(\d+)</a></th>", site.shown("/log?kind=ActualCorrected").text) == [str(CORRECTION)]
    assert re.findall(r"#(\d+)</a></th>", site.shown("/log?source=tosite").text) == [str(CORRECTION)]
    assert re.findall(r"#(\d+)</a></th>", site.shown("/log?corrections=1&about-unit=410").text) == [str(CORRECTION)]
    assert "unknown unit" in site.get("/log?about-unit=41O").text


def test_an_event_tells_what_it_moved(site: Visitor) -> None:
    """An event in full: its reason, its neighbours, and each cell before and after."""
    told = said(site.shown(f"/event/{CORRECTION}?lang=en").text)
    assert "lasku puuttui" in told
    assert "−€13,630,142 −€13,631,142" in told
    assert site.get("/event/99999").status == 400


def test_what_was_published_can_be_taken_along_and_sealed(site: Visitor, published: Path) -> None:
    """Each format is a file of its kind; the seal is the one that was made when it was published."""
    got = site.shown("/published?lang=en")
    seal = next(link for link in got.links if link.startswith("/published/seal"))
    assert site.shown(seal).content == (published / "q2.seal").read_bytes()
    begins = {"pdf": b"%PDF", "docx": b"PK", "xlsx": b"PK", "md": b"#", "json": b"{", "html": b"<!DOCTYPE html>"}
    for form, begin in begins.items():
        file = site.shown(next(link for link in got.links if link.endswith(f"form={form}")))
        assert file.content.lstrip().startswith(begin)
        assert f".{form}" in file.headers["content-disposition"]


def test_the_log_is_verified_where_that_is_asked(site: Visitor) -> None:
    """Verifying is sent, not asked for, and says how much was looked at."""
    page = site.shown("/published?lang=en")
    told = said(site.send("/verify?lang=en", page.filled()).text)
    assert "All is well" in told
    assert "Events checked 534" in told


def test_what_people_wrote_is_found(site: Visitor) -> None:
    """Units by their names, goals, projects and texts; what is not there is said to be nowhere."""
    assert "/?period=2020Q2&unit=4160" in site.shown("/search?q=lukio").links
    assert "Mitään ei löytynyt" in said(site.shown("/search?q=xyzzy&lang=fi").text)


def test_what_cannot_be_read_is_said_in_a_sentence(site: Visitor) -> None:
    """A period, a unit, a moment, a column that there is none of: the sentence of the command line."""
    for query, sentence in (
        ("period=hello", "&#39;hello&#39; is not a period"),
        ("period=2020Q2&unit=nope", "unknown unit"),
        ("known-at=yesterday", "yesterday"),
        ("columns=colour", "there is no column"),
        ("period=1.10.2019-31.3.2020", "crosses the turn of a year"),
    ):
        got = site.get(f"/?{query}")
        assert (got.status, sentence in got.text) == (400, True), (query, got.text)
    assert site.get("/nowhere").status == 404
    assert site.get("/?period=2020Q2&known-at=published:9").status == 409


def test_a_page_shows_what_is_recorded_meanwhile(site: Visitor) -> None:
    """What never changes under its address is kept by the browser; a page is not."""
    got = site.shown("/")
    assert got.headers["cache-control"] == "no-store"
    styles = next(unescape(one) for one in re.findall(r'href="(/static/[^"]*)"', got.text))
    assert "immutable" in site.shown(styles).headers["cache-control"]


def test_a_printed_screen_leaves_out_what_leads_around_it() -> None:
    """On paper nobody can press a button: bars, filters, trees and what follows are not printed."""
    styles = (files("projections.web") / "static" / "web.css").read_text("utf-8")
    printed = styles.partition("@media print {")[2]
    hidden = {name for names in re.findall(r"([^{}]+)\{ display: none; \}", printed) for name in names.split(", ")}
    assert {name.strip() for name in hidden} >= {".top", ".asking", ".units", ".filters", ".next", ".filled .done"}
