"""Serving: a socket on this machine, the guard before the pages, and the server that runs both until it is stopped."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import uvicorn
from attrs import field, frozen

from heinola_es.errors import BadInput
from projections.web.app import application
from projections.web.guard import ENTRY, Door, Guard, Proxy

if TYPE_CHECKING:
    from collections.abc import Callable

    from projections.web.visit import Site

LOOPBACK = "127.0.0.1"
_NAMES = (LOOPBACK, "localhost")
_EVERYWHERE = "0.0.0.0"  # noqa: S104 - only where a proxy on another machine is named, and for it alone
_LOOPBACKS = frozenset({"127.0.0.1", "::1"})
TOKEN_BYTES = 32
_WAITING = 64
"""So many requests may be under way at one time; who comes besides is told to come again."""
_LARGEST_HEAD = 16_384
"""Bytes of the head of a request."""
_IDLE_SECONDS = 20


@frozen(slots=True, kw_only=True)
class Serving:
    """What is served, ready to run.

    Attributes:
        address: to open.
        bound: where it listens.
        guard: what answers.
    """

    address: str
    bound: socket.socket = field(repr=False)
    guard: Guard

    @property
    def port(self) -> int:
        """The port that it listens at."""
        return int(self.bound.getsockname()[1])

    def run(self, started: Callable[[], None]) -> None:
        """Serve until somebody stops it; `started` is called once pages can be asked for."""
        config = uvicorn.Config(
            self.guard,
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            lifespan="off",
            ws="none",
            limit_concurrency=_WAITING,
            timeout_keep_alive=_IDLE_SECONDS,
            timeout_graceful_shutdown=2,
            h11_max_incomplete_event_size=_LARGEST_HEAD,
            http="h11",
            loop="asyncio",
        )
        server = _Server(config, started)
        try:
            server.run(sockets=[self.bound])
        except KeyboardInterrupt:  # as it is stopped
            return


class _Server(uvicorn.Server):
    """A server that says when it has started."""

    def __init__(self, config: uvicorn.Config, started: Callable[[], None]) -> None:
        super().__init__(config)
        self._started = started

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and say so."""
        await super().startup(sockets)
        self._started()


def prepared(site: Site, port: int, actor: str, *, token: str, proxy: Proxy | None = None, public: str = "") -> Serving:
    """Return what serves a site on this machine.

    Args:
        site: what is served.
        port: 0 for any that is free.
        actor: who asks, where no proxy says so.
        token: that opens it.
        proxy: that signs people in.
        public: the address that the proxy serves it at, such as `https://raportti.example.fi`.

    Raises:
        BadInput: the port is taken.
    """
    bound = _bound(_EVERYWHERE if proxy and proxy.address not in _LOOPBACKS else LOOPBACK, port)
    at = bound.getsockname()[1]
    scheme, _, host = public.partition("://")
    hosts = frozenset({host}) if public else frozenset(f"{name}:{at}" for name in _NAMES)
    door = Door(
        hosts=hosts, token=token, actor=actor, proxy=proxy, scheme=scheme if public else "http", cookie=f"heinola-{at}"
    )
    address = public or f"http://{LOOPBACK}:{at}{ENTRY}?token={token}"
    return Serving(address=address, bound=bound, guard=Guard(application(site), door))


def _bound(host: str, port: int) -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        made.bind((host, port))
    except OSError as error:
        made.close()
        raise BadInput(f"port {port} cannot be listened at ({error.strerror}); choose another with --port") from None
    made.set_inheritable(False)
    return made
