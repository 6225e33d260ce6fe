"""`heinola serve`: the report as pages to walk through, on this machine."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from heinola_es.commands.context import Door, pass_door
from heinola_es.commands.printing import say, tell
from heinola_es.commands.verb import Verb
from heinola_es.errors import BadInput, Refused
from projections.commands.asking import by_theme, in_language, theme_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from projections.web.serving import Serving

PORT = 8120
"""Where it is served if nobody says otherwise, so that addresses can be kept."""
INSTALL = "the pages need the extra `web`; install it with `pip install 'heinola-es[web]'`"
_LAST_PORT = 65_535


@click.command(cls=Verb)
@click.option(
    "--port",
    type=click.IntRange(0, _LAST_PORT),
    default=PORT,
    show_default=True,
    metavar="N",
    help="The port of this machine; 0 for any that is free.",
)
@click.option("--open", "opened", is_flag=True, help="Open it in the browser.")
@click.option("--behind-proxy", "proxy", metavar="ADDRESS", help="Let in what comes from the proxy at this IP address.")
@click.option("--user-header", "header", metavar="NAME", help="In which header the proxy names who signed in.")
@click.option("--public", metavar="ADDRESS", help="Where the proxy serves it, such as https://raportti.example.fi.")
@by_theme
@in_language
@pass_door
def serve(
    door: Door,
    *,
    port: int,
    opened: bool,
    proxy: str | None,
    header: str | None,
    public: str | None,
    theme_file: Path | None,
    language: str,
) -> None:
    """Show the report as pages: any period and unit, as known at any moment, every figure down to its source.

    It listens on this machine alone, and lets in whoever opens the address that it prints; what is recorded there is
    recorded under --actor. Ctrl-C ends it.

    Examples:
      heinola serve --open
      heinola serve --port 0
    """
    serving = _prepared(door, port, theme_file, language, (proxy, header, public))

    def started() -> None:
        say(f"open {serving.address}" + (f"; the proxy finds it at port {serving.port}" if proxy else ""))
        if opened:
            click.launch(serving.address)

    with _held(door.store):
        serving.run(started)


@contextmanager
def _held(store: str) -> Iterator[None]:
    """Hold the file of a store all the while: pages are made in several threads, each of which opens and closes it."""
    from heinola_es.store.held_files import Hold
    from heinola_es.store.location import is_on_server, store_path

    hold = None if is_on_server(store) else Hold(store_path(store))
    try:
        yield
    finally:
        if hold is not None:
            hold.release()


def _prepared(
    door: Door, port: int, theme_file: Path | None, language: str, behind: tuple[str | None, str | None, str | None]
) -> Serving:
    """Return what is served.

    Raises:
        Refused: the extra is not installed.
        BadInput: the port is taken, or what is said of a proxy is not whole.
        NoStoreHere, StoreTrouble: there is no store, or it cannot be read.
    """
    given = [one for one in behind if one]
    if given and len(given) < len(behind):
        raise BadInput("behind a proxy, give all three: --behind-proxy, --user-header and --public")
    try:
        from projections.web.serving import TOKEN_BYTES, prepared
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] not in {"starlette", "uvicorn", "anyio", "h11"}:
            raise
        raise Refused(INSTALL) from error
    from heinola_es.store.reading import LogReader
    from projections.web.guard import Proxy
    from projections.web.visit import Site

    LogReader.open(door.store).close()
    site = Site(
        store=door.store,
        clock=door.clock,
        theme=theme_of(theme_file),
        keys=door.keys,
        language=language,
        told=lambda sentence: tell(f"heinola: {sentence}"),
        random_bytes=door.random_bytes,
    )
    signed_in = Proxy(address=str(behind[0]), user_header=str(behind[1])) if given else None
    public = (behind[2] or "").rstrip("/")
    return prepared(site, port, door.actor, token=door.random_bytes(TOKEN_BYTES).hex(), proxy=signed_in, public=public)
