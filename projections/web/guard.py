"""Who is let in: the host that is asked, where the request comes from, the token, and what every answer forbids.

A page on another site can make a browser send requests here, and a name of its own can be made to lead here. So the
host must be ours to the letter, what is sent must come from a page of ours, and nothing is shown without the token.
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from hashlib import sha256
from html import escape
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qs, quote

from attrs import field, frozen

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

ENTRY, HEALTH, STATIC = "/open", "/health", "/static/"
LONGEST_ADDRESS = 4_000
"""Characters of a path and its query."""
SECONDS = 120
"""So long may an answer take."""
_METHODS = frozenset({"GET", "HEAD", "POST"})
_POLICY = "; ".join(
    (
        "default-src 'none'",
        *(f"{kind}-src 'self'" for kind in ("script", "style", "font", "connect")),
        "img-src 'self' data:",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
    )
)
HEADERS: dict[str, str] = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "x-robots-tag": "noindex",
}
"""What every answer says; with no referrer at all, browsers would not say either where a sent page comes from."""


class NotLetIn(Exception):
    """A request is refused.

    Attributes:
        status: of HTTP.
        sentence: that is shown.
    """

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


@frozen(slots=True, kw_only=True)
class Proxy:
    """A proxy that signs people in: its address, and the header in which it names them."""

    address: str
    user_header: str


@frozen(slots=True, kw_only=True, repr=False)
class Door:
    """What is let in.

    Attributes:
        hosts: what a request may call us, with the port.
        token: opens, once it is shown; nobody can guess it.
        actor: who asks, where no proxy says so.
        proxy: that signs people in, instead of the token.
        scheme: of our own addresses.
        cookie: its name; browsers keep one for all ports of a host.
    """

    hosts: frozenset[str]
    token: str
    actor: str
    proxy: Proxy | None = None
    scheme: str = "http"
    cookie: str = "heinola"

    def kept(self) -> str:
        """Return what the browser keeps once the token was shown; the token itself does not lie about in it."""
        return self._derived("cookie")

    def secret_of(self, who: str) -> str:
        """Return what a page holds that somebody sends."""
        return self._derived(f"page {who}")

    def _derived(self, purpose: str) -> str:
        return hmac.new(self.token.encode(), purpose.encode(), sha256).hexdigest()

    def opens(self, shown: str) -> bool:
        """Return whether a token is ours."""
        return hmac.compare_digest(shown.encode(), self.token.encode())

    def is_kept(self, shown: str) -> bool:
        """Return whether what a browser kept is ours."""
        return hmac.compare_digest(shown.encode(), self.kept().encode())


@frozen(slots=True, eq=False)
class Guard:
    """Lets in what may come in, and says with every answer what a browser must not do.

    Attributes:
        app: what lies behind.
        door: what is let in.
        seconds: so long may an answer take.
    """

    app: App
    door: Door
    seconds: float = field(default=SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or refuse it."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        begun = False

        async def guarded(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                message["headers"] = _with_ours(message.get("headers", []))
            await send(message)

        try:
            who = self._let_in(scope)
            if who is None:
                await _refuse(guarded, scope, _opened(scope, self.door))
                return
            scope.setdefault("state", {}).update(who=who, secret=self.door.secret_of(who))
            await asyncio.wait_for(self.app(scope, receive, guarded), self.seconds)
        except NotLetIn as refused:
            await _refuse(guarded, scope, _told(refused))
        except TimeoutError:
            if not begun:
                await _refuse(guarded, scope, _told(NotLetIn(503, "The answer takes too long; ask for less of it.")))

    def _let_in(self, scope: Scope) -> str | None:
        """Return who asks; None where the token is shown, and the page is then to be asked for again without it.

        Raises:
            NotLetIn.
        """
        headers = _single(scope)
        if self.door.proxy is not None and (scope.get("client") or ("",))[0] != self.door.proxy.address:
            raise NotLetIn(403, "Only the proxy may ask here.")
        if headers.get("host") not in self.door.hosts:
            raise NotLetIn(421, "This address is not served here.")
        if scope["method"] not in _METHODS:
            raise NotLetIn(405, "Pages are asked for with GET and sent with POST.")
        if len(scope.get("raw_path") or b"") + len(scope["query_string"]) > LONGEST_ADDRESS:
            raise NotLetIn(414, "The address is too long.")
        if scope["method"] == "POST":
            self._require_ours(headers)
        path = scope["path"]
        if path == HEALTH:
            return ""
        if self.door.proxy is not None:
            return _named(headers, self.door.proxy)
        if path == ENTRY and scope["method"] == "GET":
            shown = parse_qs(scope["query_string"].decode("ascii", "replace")).get("token", [""])
            if not self.door.opens(shown[-1]):
                raise NotLetIn(403, "This is not the address that heinola serve printed; open that one.")
            return None
        if not self.door.is_kept(_cookie(headers.get("cookie", ""), self.door.cookie)):
            raise NotLetIn(403, "")
        return self.door.actor

    def _require_ours(self, headers: dict[str, str]) -> None:
        """Refuse what no page of ours sent.

        Raises:
            NotLetIn.
        """
        if headers.get("origin") != f"{self.door.scheme}://{headers['host']}":
            raise NotLetIn(403, "This was sent from another site.")
        if headers.get("sec-fetch-site", "same-origin") != "same-origin":
            raise NotLetIn(403, "This was sent from another site.")
        if headers.get("content-type", "").partition(";")[0].strip() != "application/x-www-form-urlencoded":
            raise NotLetIn(415, "Only a page that was filled in can be sent here.")


_ONCE = frozenset({"host", "origin", "cookie", "content-type", "content-length", "sec-fetch-site"})


def _single(scope: Scope) -> dict[str, str]:
    """Return the headers of a request by name.

    Raises:
        NotLetIn: one stands there twice that may not.
    """
    found: dict[str, str] = {}
    for raw, value in scope["headers"]:
        name = raw.decode("latin-1").lower()
        if name in found and name in _ONCE:
            raise NotLetIn(400, f"The request says twice what its {name} is.")
        found[name] = f"{found[name]}, {value.decode('latin-1')}" if name in found else value.decode("latin-1")
    return found


def _named(headers: dict[str, str], proxy: Proxy) -> str:
    """Return whom the proxy names.

    Raises:
        NotLetIn: nobody, or somebody twice.
    """
    name = headers.get(proxy.user_header.lower(), "").encode("latin-1").decode("utf-8", "replace").strip()
    if not name or "," in name or not name.isprintable():
        raise NotLetIn(403, "The proxy does not say who you are; sign in there.")
    return name


def _cookie(header: str, name: str) -> str:
    """Return the value of a cookie; empty where there is none."""
    try:
        found = SimpleCookie(header).get(name)
    except CookieError:
        return ""
    return found.value if found else ""


Refusal = tuple[int, list[tuple[bytes, bytes]], str]


def _told(refused: NotLetIn) -> Refusal:
    return refused.status, [], refused.sentence


def _opened(scope: Scope, door: Door) -> Refusal:
    """Return what lets a browser in that showed the token: a cookie, and the first page."""
    kept = f"{door.cookie}={door.kept()}; Path=/; HttpOnly; SameSite=Strict"
    wanted = parse_qs(scope["query_string"].decode("ascii", "replace")).get("lang", [""])[0]
    to = f"/?lang={wanted}" if wanted in {"fi", "sv", "en"} else "/"
    return 303, [(b"location", to.encode()), (b"set-cookie", kept.encode())], ""


_PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Heinola ES</title></head><body><main><h1>Heinola ES</h1>{text}</main></body></html>
"""
_NOT_OPENED = (
    "<p>Open the address that <code>heinola serve</code> printed on the terminal.</p>"
    '<p>If you have done so and came here from another page, <a href="{here}">go on to this one</a>.</p>'
)


async def _refuse(send: Send, scope: Scope, refusal: Refusal) -> None:
    """Send a page that reveals nothing of what is kept here."""
    status, headers, sentence = refusal
    here = escape(quote(scope["path"], safe="/") + (f"?{scope['query_string'].decode('latin-1')}"))
    text = f"<p>{escape(sentence)}</p>" if sentence else _NOT_OPENED.format(here=here.removesuffix("?"))
    body = b"" if status == 303 else _PAGE.format(text=text).encode()  # noqa: PLR2004 - see another page
    said = [(b"content-type", b"text/html; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": [*said, *headers]})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


def _with_ours(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """Return the headers of an answer, with those of every answer."""
    own = {name.lower() for name, _value in headers}
    kept = [] if b"cache-control" in own else [(b"cache-control", b"no-store")]
    return [*headers, *kept, *((name.encode(), value.encode()) for name, value in HEADERS.items())]
