"""A unit that is told by its name: what it is called stands for its code, where only one is called so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from events.streams import unit_stream
from heinola_es.commands.completion import store_of
from heinola_es.errors import BadInput
from heinola_es.inert import is_utf8
from heinola_es.store.bodies import body_of

if TYPE_CHECKING:
    import click

_NAMING = ("UnitEstablished", "UnitRenamed", "UnitNameCorrected")


def code_of(ctx: click.Context | None, text: str) -> str:
    """Return the code of the unit that is called so today, or once was; a text that names none is left as it is.

    Codes have digits and capitals, as a rule: a text without a small letter is taken for one without asking the store.

    Raises:
        BadInput: several units are called so.
    """
    if ctx is None or ctx.resilient_parsing or text == text.upper() or not is_utf8(text):
        return text
    with store_of(ctx) as store:
        if store is None or store.row_of(unit_stream(text).hex, 1):
            return text
        names: dict[str, list[str]] = {}
        for row in store.rows_about(*_NAMING):
            body = body_of(row)
            names.setdefault(body["code"], []).append(body["name"].casefold())
    wanted = text.casefold()
    called = [code for code, of in names.items() if of[-1] == wanted] or [
        code for code, of in names.items() if wanted in of
    ]
    if len(called) > 1:
        raise BadInput(f"units {', '.join(called)} are called {text!r}; tell the one that is meant by its code")
    return called[0] if called else text
