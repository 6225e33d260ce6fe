"""The pages as a program for a web server: which address is which screen, and what an error shows."""

from __future__ import annotations

import hmac
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote

from anyio import CapacityLimiter
from anyio.to_thread import run_sync
from attrs import field, frozen
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from heinola_es.commands.report_file import write_report
from heinola_es.commands.trouble import sentences_for
from heinola_es.domain.aggregates.rights import NotAllowed
from heinola_es.errors import BadInput
from projections.web.allowed import require_seen
from projections.web.guard import HEALTH, STATIC, NotLetIn
from projections.web.pages import problem
from projections.web.visit import Answer, Site, Visit

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request

    from projections.web.visit import Screen

ADDRESSES: dict[str, str] = {
    "/": "report_screen:report",
    "/explain": "explain_screen:explain",
    "/changes": "changes_screen:changes",
    "/log": "log_screen:log",
    "/event/{position}": "log_screen:event",
    "/published": "published_screen:published",
    "/published/seal": "published_screen:seal",
    "/verify": "published_screen:verified",
    "/download": "downloads:download",
    "/round": "round_screen:board",
    "/form": "form_screen:form",
    "/search": "search_screen:search",
    "/help": "help_screen:help_page",
    STATIC + "{name}": "static_files:static",
}
"""Which screen an address shows: a module of this folder, loaded when it is first asked for, and what is in it."""
OF_THE_LOG = frozenset({"report_screen:report", "explain_screen:explain", "changes_screen:changes", "log_screen:event"})
"""The screens that show what the log says and nothing else: the same until something is recorded."""
KEPT = 64
"""So many of their answers are kept."""
SENT = frozenset({"/form", "/verify"})
"""The addresses that pages are sent to."""
LONGEST_SENT = 2_000_000
"""Bytes of a page that was filled in."""
MOST_FIELDS = 5_000
AT_ONCE = 4
"""So many answers are worked out at one time; the others wait."""


@frozen(slots=True, eq=False)
class _Screens:
    """Answers requests with screens."""

    site: Site
    at_once: CapacityLimiter
    kept: dict[object, Answer] = field(factory=dict)

    def of(self, name: str) -> Callable[[Request], Awaitable[Response]]:
        """Return what answers requests for a screen."""

        async def answered(request: Request) -> Response:
            filled = await _filled(request) if request.method == "POST" else None

            def worked_out() -> Answer:
                visit = _visit(request, filled)
                return _answer(self.site, visit, partial(self._shown, name, visit))

            return _sent(await run_sync(worked_out, limiter=self.at_once))

        return answered

    def _shown(self, name: str, visit: Visit) -> Answer:
        """Return what a screen answers; of those that show the log alone, as it was answered since the last event."""
        require_seen(self.site, visit, name)
        module, _, function = name.partition(":")
        screen: Screen = getattr(import_module(f"projections.web.{module}"), function)
        if name not in OF_THE_LOG:
            return screen(self.site, visit)
        key = (visit.path, tuple(sorted(visit.query.items())), self.site.position())
        answer = self.kept.get(key)
        if answer is None:
            answer = self.kept[key] = screen(self.site, visit)
            for oldest in list(self.kept)[:-KEPT]:
                self.kept.pop(oldest, None)
        return answer


def application(site: Site) -> Starlette:
    """Return the pages of a site, as yet open to everybody: `guard.Guard` lets in who may."""
    screens = _Screens(site, CapacityLimiter(AT_ONCE))

    async def health(_request: Request) -> Response:
        return Response(b"ok\n", media_type="text/plain")

    async def nowhere(request: Request, _error: Exception) -> Response:
        return _sent(problem(site, _visit(request, None), 404, ("There is no such page.",)))

    async def refused(_request: Request, error: Exception) -> Response:
        told = error if isinstance(error, NotLetIn) else NotLetIn(400, "")
        return Response(f"{told.sentence}\n", told.status, media_type="text/plain")

    routes = [
        Route(path, screens.of(name), methods=["GET", "POST"] if path in SENT else ["GET"])
        for path, name in ADDRESSES.items()
    ]
    return Starlette(
        routes=[Route(HEALTH, health), *routes], exception_handlers={404: nowhere, 405: nowhere, NotLetIn: refused}
    )


def _visit(request: Request, filled: dict[str, str] | None) -> Visit:
    return Visit(
        path=request.url.path,
        query={**request.query_params, **{name: str(value) for name, value in request.path_params.items()}},
        filled=filled or {},
        is_sent=filled is not None,
        who=request.state.who,
        secret=request.state.secret,
    )


def _answer(site: Site, visit: Visit, shown: Callable[[], Answer]) -> Answer:
    """Return what a screen answers; what it refuses, in its own words; and of what nobody foresaw, nothing."""
    try:
        return shown()
    except Exception as error:  # noqa: BLE001 - nothing of it may reach the page
        if sentences := sentences_for(error):
            status = 403 if isinstance(error, NotAllowed) else 400 if isinstance(error, BadInput) else 409
            return problem(site, visit, status, sentences)
        site.told(_reported(error, visit))
        return problem(site, visit, 500, ("Something unforeseen happened. The terminal says where it is told.",))


def _reported(error: Exception, visit: Visit) -> str:
    """Write the report on what nobody foresaw, and return what is said of it on the terminal."""
    try:
        return f"something unforeseen happened; a report is in {write_report(error, ['serve', visit.path])}"
    except OSError as unwritten:
        return f"something unforeseen happened, and the report on it could not be written ({unwritten.strerror})"


async def _filled(request: Request) -> dict[str, str]:
    """Return what was filled in on a page that was sent.

    Raises:
        NotLetIn: it is too long, no text, or not from a page of ours.
    """
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > LONGEST_SENT:
            raise NotLetIn(413, "This is more than a page can hold.")
    try:
        pairs = parse_qsl(body.decode("ascii"), keep_blank_values=True, max_num_fields=MOST_FIELDS, errors="strict")
    except ValueError:  # no text, or too many fields
        raise NotLetIn(400, "This is no page of ours, filled in.") from None
    filled = dict(pairs)
    if not hmac.compare_digest(filled.pop("secret", "").encode(), request.state.secret.encode()):
        raise NotLetIn(403, "This page is not from here, or from before; load it again.")
    return filled


def _sent(answer: Answer) -> Response:
    """Return an answer as it travels."""
    headers = {}
    if answer.see:
        headers["location"] = answer.see
    if answer.file_name:
        headers["content-disposition"] = f"attachment; filename*=UTF-8''{quote(answer.file_name, safe='')}"
    if answer.lasting:
        headers["cache-control"] = "private, max-age=31536000, immutable"
    response = Response(answer.content, status_code=answer.status, headers=headers)
    response.headers["content-type"] = answer.media_type
    return response
