"""Roles on the pages: whoever has none is shown nothing, and what is sent without one is refused as a command is."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from projections.web.allowed import OF_ALL
from projections.web.app import ADDRESSES, SENT
from tests.projections.web.served import served
from tests.projections.web.test_screens import said
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from tests.projections.web.served import Got, Visitor

FORM = "/form?period=2020Q3&unit=4160&lang=fi"
OUTLOOK = 'field ["outlook", "text"]'


@pytest.fixture
def ruled(founded: Path, tmp_path: Path) -> Terminal:
    """Give a small city with a controller, a head of a unit, a reader and an auditor."""
    terminal = Terminal(shutil.copyfile(founded, tmp_path / "heinola.db"))
    for line in ("controller controller", "rehtori reporter --unit 4160", "lukija reader", "tarkastaja auditor"):
        terminal.done(f"record role {line}")
    terminal.done("round open 2020Q3 --due 15.10.2020 --unit 4160 --unit 4030")
    return terminal


@pytest.fixture
def pages(ruled: Terminal, tmp_path: Path) -> Iterator[Callable[[str], Visitor]]:
    """Give the pages of that city behind a proxy, as whoever it signs in."""
    options = ("--behind-proxy", "127.0.0.1", "--user-header", "X-User", "--public", "https://raportti.example.fi")
    with served(ruled.location, tmp_path, *options) as proxy:
        yield lambda who: evolve(proxy, headers={"X-User": who, "Host": "raportti.example.fi"})


def sent(visitor: Visitor, path: str, fields: dict[str, str]) -> Got:
    """Send a page as a browser does that knows the pages by their public address."""
    return visitor.send(path, fields, Origin="https://raportti.example.fi")


def test_whoever_has_no_role_is_shown_nothing(pages: Callable[[str], Visitor]) -> None:
    """Every address of the store is refused with one sentence, and nothing of it stands on the page."""
    eve = pages("eve")
    for address, screen in ADDRESSES.items():
        if screen in OF_ALL:
            continue
        got = eve.get(address.replace("{position}", "3"))
        assert (got.status, "eve may not see this" in said(got.text)) == (403, True), address
        assert "Perusopetus" not in got.text
    assert eve.get("/help").status == 200
    assert pages("lukija").get("/?period=2020Q3").status == 200


@pytest.mark.parametrize("who", ["eve", "lukija"])
def test_what_is_sent_without_a_role_is_refused(ruled: Terminal, pages: Callable[[str], Visitor], who: str) -> None:
    """Given open pages of somebody whose roles are gone, whatever is sent gets 403, in the words of a command."""
    ruled.done(f"record role {who} controller")
    filled = pages(who).shown(FORM).filled()
    ruled.done(f"record role {who} controller --withdraw")
    before = ruled.events()
    refused = ruled.run(f"--actor {who} record outlook 4160 2020Q3 Hyvin.").stderr.removeprefix("heinola: ").strip()
    assert refused.startswith(f"{who} may not record this: it needs the role reporter for 4160")
    for address in SENT:
        got = sent(pages(who), FORM if address == "/form" else address, filled | {OUTLOOK: "Hyvin."})
        assert got.status == 403, address
        assert (refused in said(got.text)) is (address == "/form")
        assert "needs the role" in said(got.text)
    unchanged = sent(pages(who), FORM, filled)
    assert (unchanged.status, refused in said(unchanged.text)) == (403, True)
    assert ruled.events() == before


def test_whoever_may_records(ruled: Terminal, pages: Callable[[str], Visitor]) -> None:
    """The control: the same page, sent by the head of the unit, is recorded; of another unit it is not shown."""
    head = pages("rehtori")
    got = sent(head, FORM, head.shown(FORM).filled() | {OUTLOOK: "Hyvin."})
    assert (got.status, ruled.events()[-1].recorded_by) == (200, "rehtori"), said(got.text)
    other = head.get(FORM.replace("4160", "4030"))
    assert (other.status, 'class="filled"' in other.text) == (403, False)
    links = [link for link in head.shown("/round?period=2020Q3").links if link.startswith("/form")]
    assert [("4160" in link, "4030" in link) for link in links] == [(True, False)]


@pytest.mark.parametrize(("who", "may"), [("lukija", False), ("tarkastaja", True)])
def test_who_reads_sees_no_form_and_who_audits_verifies(
    pages: Callable[[str], Visitor],
    who: str,
    may: bool,  # noqa: FBT001
) -> None:
    """A reader is shown reports, no link to a form and no verification; an auditor may verify."""
    visitor = pages(who)
    assert visitor.get("/?period=2020Q3").status == 200
    assert not [link for link in visitor.shown("/round?period=2020Q3").links if link.startswith("/form")]
    page = visitor.shown("/published")
    assert ('action="/verify' in page.text) is may
    assert visitor.get("/verify").status == (200 if may else 403)
    assert visitor.get(FORM).status == 403


def test_a_role_that_is_withdrawn_is_gone_at_once(ruled: Terminal, pages: Callable[[str], Visitor]) -> None:
    """Given a page that was shown, and is kept, when the role is withdrawn, then it is shown no more."""
    assert pages("lukija").get("/?period=2020Q3").status == 200
    ruled.done("record role lukija reader --withdraw")
    assert pages("lukija").get("/?period=2020Q3").status == 403
