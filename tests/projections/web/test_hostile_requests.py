"""Hostile requests: refused, or inert where they are shown. Each has its control, which the test would notice.

What is refused must be let in without what is hostile about it; what is inert must be there, as text.
"""

from __future__ import annotations

import shutil
import socket
import sys
from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import quote

import pytest

from heinola_es.domain.periods import parse_period
from heinola_es.handlers import goals
from heinola_es.handlers.session import run
from heinola_es.store.log import EventLog, Request
from projections.web.guard import HEADERS
from tests.projections.web.served import HOST, Visitor, served
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

MARKUP = (
    "<script>alert(1)</script>",
    "</title><script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' autofocus onfocus='alert(1)",
    "<svg/onload=alert(1)>",
    "<svg><script xlink:href='data:,alert(1)'/></svg>",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "<a href='https://evil.invalid'>x</a>",
    "<style>@import 'https://evil.invalid/x.css';</style>",
    "<iframe src='https://evil.invalid'></iframe>",
    "\u202egnp.exe <b>x</b>",
)
"""What becomes a program where it is shown as it is."""


@pytest.fixture(scope="module")
def wicked(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give the folder of a store whose names, texts and sources are what a page could be broken with."""
    folder = tmp_path_factory.mktemp("wicked")
    shutil.copyfile(founded, folder / "heinola.db")
    period = parse_period("2020Q2")
    with EventLog.open(str(folder / "heinola.db")) as log:
        for number, text in enumerate(MARKUP, 1):
            request = Request(text, f"lähde {text}", f"syy {text}")
            run(
                log,
                lambda: datetime(2026, 1, 1, tzinfo=UTC),
                request,
                lambda session, number=number, text=text: goals.report_narrative(  # type: ignore[misc]
                    session, "4160", period, f"Otsikko {number} {text}", f"Teksti {text}"
                ),
            )
    return folder


@pytest.fixture(scope="module")
def page(wicked: Path) -> Iterator[Visitor]:
    """Give whoever opened that store."""
    with served(wicked / "heinola.db", wicked) as visitor:
        yield visitor.opened()


def shown_as(text: str) -> str:
    """Return how a text is written into a page."""
    return escape(text).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")


@pytest.mark.parametrize("payload", MARKUP)
def test_recorded_markup_is_text_on_every_page(page: Visitor, payload: str) -> None:
    """A name, text, source, reason or actor that would be a program stands there as text, and never as itself."""
    at = 1 + MARKUP.index(payload)
    there = 0
    for address in (
        "/?period=2020Q2&unit=4160",
        "/log",
        "/search?q=otsikko&period=2020Q2",
        "/form?unit=4160&period=2020Q2",
    ):
        text = page.shown(address).text
        there += shown_as(f"{at} {payload}") in text or shown_as(f"lähde {payload}") in text
        if payload != "javascript:alert(1)" and escape(payload) != payload:
            assert payload not in text
        assert f'href="{payload}' not in text
    assert there >= 2  # or it was looked for where it is not shown


@pytest.mark.parametrize("payload", MARKUP)
@pytest.mark.parametrize("name", ["q", "period", "unit", "known-at", "columns", "lang", "line"])
def test_markup_in_an_address_is_text(page: Visitor, name: str, payload: str) -> None:
    """What an address says is shown as text, if at all; nothing of it is run, and no other address comes of it."""
    path = "/search" if name == "q" else "/explain" if name == "line" else "/"
    got = page.get(f"{path}?{name}={quote(payload)}")
    assert got.status in {200, 400}
    assert got.headers["content-security-policy"].startswith("default-src 'none'; script-src 'self'")
    if escape(payload) != payload:
        assert payload not in got.text
    assert [link for link in got.links if link.lower().startswith(("javascript:", "//", "http"))] == []


Hostile = tuple[str, str, dict[str, str | None], int]
REFUSED: dict[str, Hostile] = {
    "a name of their own that leads here": ("GET", "/", {"Host": "evil.invalid:PORT"}, 421),
    "our host at another port": ("GET", "/", {"Host": "127.0.0.1:1"}, 421),
    "our host without its port": ("GET", "/", {"Host": "127.0.0.1"}, 421),
    "a host that ends in ours": ("GET", "/", {"Host": "evil.invalid@127.0.0.1:PORT"}, 421),
    "our host in its other notations": ("GET", "/", {"Host": "127.1:PORT"}, 421),
    "no host at all": ("GET", "/", {"Host": None}, 400),
    "no cookie": ("GET", "/", {"Cookie": None}, 403),
    "a cookie that was guessed": ("GET", "/", {"Cookie": "heinola-PORT=" + "0" * 64}, 403),
    "a cookie that is no text": ("GET", "/", {"Cookie": "heinola-PORT=\xff\xfe"}, 403),
    "the cookie of another port": ("GET", "/", {"Cookie": "heinola-1=COOKIE"}, 403),
    "a token that was guessed": ("GET", "/open?token=" + "0" * 64, {}, 403),
    "no token": ("GET", "/open", {}, 403),
    "a method that changes": ("DELETE", "/", {}, 405),
    "a method to look around": ("TRACE", "/", {}, 405),
    "a tunnel": ("CONNECT", "/", {}, 405),
    "a file of the machine": ("GET", "/static/../../../../etc/passwd", {}, 404),
    "a file of the machine, encoded": ("GET", "/static/..%2f..%2f..%2fetc%2fpasswd", {}, 404),
    "a file of the program": ("GET", "/static/web.css", {}, 404),
    "an address that never ends": ("GET", "/?q=" + "a" * 5_000, {}, 414),
    "SQL for a unit": ("GET", "/?unit=410'%20OR%201=1--&period=2020Q2", {}, 400),
    "SQL for a position": ("GET", "/event/1;DROP%20TABLE%20stored_events", {}, 400),
    "a position beyond any database": ("GET", "/event/" + "9" * 40, {}, 400),
    "digits that are none": ("GET", "/event/%C2%B2", {}, 400),
    "a period beyond the calendar": ("GET", "/?period=99999999999999999999", {}, 400),
    "a page before the first": ("GET", "/log?before=-1", {}, 400),
    "a text that is no text": ("GET", "/?period=%ff%fe", {}, 400),
    "a line end in a header that comes back": ("GET", "/download?form=md%0d%0aSet-Cookie:x=1", {}, 400),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_hostile_is_refused(site: Visitor, what: str) -> None:
    """A request is refused for what is hostile about it alone, and the answer says nothing of the store."""
    method, path, headers, status = REFUSED[what]
    cookie = site.cookie.partition("=")[2]
    sent = {
        name: value and value.replace("PORT", str(site.port)).replace("COOKIE", cookie)
        for name, value in headers.items()
    }
    got = site.ask(method, path, headers=sent)
    assert got.status == status
    assert "set-cookie" not in got.headers
    if status in {403, 405, 421}:
        assert "Heinola ES" in got.text
        assert "Hyvinvointi" not in got.text
    assert site.shown("/help").headers["x-frame-options"] == "DENY"


FOREIGN: dict[str, dict[str, str | None]] = {
    "from another site": {"Origin": "https://evil.invalid"},
    "from another port of ours": {"Origin": "http://127.0.0.1:1"},
    "from nowhere": {"Origin": None},
    "from a page without an origin": {"Origin": "null"},
    "as the browser says": {"Sec_Fetch_Site": "cross-site"},
    "from a neighbour": {"Sec_Fetch_Site": "same-site"},
    "as plain text": {"Content_Type": "text/plain"},
    "as JSON": {"Content_Type": "application/json"},
    "as parts": {"Content_Type": "multipart/form-data; boundary=x"},
    "to another host": {"Host": "evil.invalid", "Origin": "http://evil.invalid"},
}


@pytest.mark.parametrize("what", FOREIGN)
def test_nothing_is_sent_but_from_a_page_of_ours(site: Visitor, what: str) -> None:
    """What another site makes a browser send is refused, though it has the cookie; the same from here is taken."""
    filled = site.shown("/published").filled()
    assert site.send("/verify", filled, **FOREIGN[what]).status in {403, 415, 421}
    assert site.send("/verify", {}).status == 403  # without the secret of the page
    assert site.send("/verify", filled).status == 200


@pytest.mark.parametrize(
    ("body", "status"), [(b"secret=" + b"x" * 2_100_000, 413), (b"a&" * 6_000, 400), (b"\xff\xfe", 400), (b"", 403)]
)
def test_what_is_too_much_is_not_taken(site: Visitor, body: bytes, status: int) -> None:
    """More than a page can hold, more fields than one has, what is no text."""
    headers: dict[str, str | None] = {
        "Origin": f"http://{HOST}:{site.port}",
        "Content-Type": "application/x-www-form-urlencoded",
    }
    assert site.ask("POST", "/verify", body, headers).status == status


@pytest.mark.parametrize(
    "raw",
    [
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nHost: evil.invalid\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nX: " + b"x" * 70_000 + b"\r\n\r\n",
        b"GET http://evil.invalid/ HTTP/1.1\r\nHost: evil.invalid\r\n\r\n",
        b"POST /verify HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\nHost: 127.0.0.1:PORT\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n",
    ],
)
def test_what_is_no_request_of_a_browser_is_refused(site: Visitor, raw: bytes) -> None:
    """Two hosts, a head without end, a proxy's request, two lengths, no HTTP at all, a socket: none is let in."""
    with socket.create_connection((HOST, site.port), timeout=10) as connection:
        connection.sendall(raw.replace(b"PORT", str(site.port).encode()))
        connection.shutdown(socket.SHUT_WR)
        answer = connection.recv(65_536)
    assert answer[:12] in {b"HTTP/1.1 400", b"HTTP/1.1 403", b"HTTP/1.1 421", b""}
    assert b"Hyvinvointi" not in answer


def test_every_answer_says_what_it_forbids(site: Visitor) -> None:
    """Pages, files, refusals and errors alike."""
    for got in (site.shown("/"), site.get("/nowhere"), site.get("/", Host="evil.invalid"), site.get("/health")):
        assert {name: got.headers[name] for name in HEADERS} == HEADERS
        assert "server" not in got.headers


def test_whoever_has_not_opened_the_address_sees_nothing(site: Visitor) -> None:
    """Without the cookie every address answers the same, but for the health page; with it, they are shown."""
    stranger = Visitor(site.port, site.address)
    for path in ("/", "/log", "/static/heinola.css", "/published/seal?period=2020Q2&revision=1", "/nowhere"):
        assert stranger.get(path).status == 403
    assert stranger.get("/health").text == "ok\n"
    got = stranger.get('/log?x="><script>')
    assert 'href="/log?x=&quot;&gt;&lt;script&gt;"' in got.text  # the way on, for a browser that came from elsewhere
    assert site.get("/log").status == 200


def test_the_cookie_is_for_this_site_and_no_program(site: Visitor) -> None:
    """No script reads it, and no other site can make a browser send it."""
    got = Visitor(site.port, site.address).get(site.address.partition(str(site.port))[2])
    assert got.headers["set-cookie"].endswith("; Path=/; HttpOnly; SameSite=Strict")
    token = site.address.partition("token=")[2]
    assert token not in got.headers["set-cookie"]
    assert got.headers["location"] == "/"


def test_a_proxy_is_believed_from_its_address_alone(published: Path, tmp_path: Path) -> None:
    """Whom the proxy names is let in; nobody is where it names none, two, or where somebody else does."""
    shutil.copyfile(published / "heinola.db", tmp_path / "heinola.db")
    public = {"Host": "raportti.example.fi", "Cookie": ""}
    options = ("--user-header", "X-Remote-User", "--public", "https://raportti.example.fi")
    with served(tmp_path / "heinola.db", tmp_path, "--behind-proxy", "127.0.0.1", *options) as proxy:
        assert proxy.get("/help", **public, **{"X-Remote-User": "rehtori"}).status == 200
        assert proxy.get("/help", **public).status == 403
        assert proxy.get("/help", **public, **{"X-Remote-User": "rehtori, controller"}).status == 403
        assert proxy.get("/help", **public | {"Host": "127.0.0.1"}, **{"X-Remote-User": "rehtori"}).status == 421
    with served(tmp_path / "heinola.db", tmp_path, "--behind-proxy", "192.0.2.7", *options) as stranger:
        assert stranger.get("/help", **public, **{"X-Remote-User": "rehtori"}).status == 403


def test_without_the_extra_it_is_said_how_to_have_it(published: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given that the libraries of the extra are not installed, one sentence says what to install."""
    for name in [name for name in sys.modules if name.startswith(("projections.web", "starlette"))]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "starlette", None)
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    said = Terminal(published / "heinola.db").run("serve --port 0")
    assert said.exit_code == 1
    told = "the pages need the extra `web`; install it with `pip install 'heinola-es[web]'`"
    assert said.stderr == f"heinola: {told}\n"


def test_a_port_that_is_taken_is_told(site: Visitor, published: Path) -> None:
    """The sentence names the port, and what to do."""
    said = Terminal(published / "heinola.db").run(f"serve --port {site.port}")
    assert said.exit_code == 2
    assert (
        said.stderr
        == f"heinola: port {site.port} cannot be listened at (Address already in use); choose another with --port\n"
    )
