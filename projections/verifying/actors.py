"""Who recorded what, by the name that they gave and by the login that the database took them for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import orjson

from heinola_es.errors import BadInput
from projections.verifying.problems import Problem, events, runs, were

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

Allowed = Mapping[str, frozenset[str]]
"""The names that each login may record by; those of the empty login, without any."""

_DOUBT = "who recorded it is in doubt"


def read_actors(path: Path) -> Allowed:
    """Return who may record by which name, as a TOML file says it: a line for each login, `"" = […]` for none.

    Raises:
        BadInput: the file cannot be read, or does not say it in that form.
    """
    from heinola_es.files.toml_tables import cut, read_toml  # noqa: PLC0415 - only where a file is given

    told = read_toml(path, kind="a list of actors", check="; check --actors")
    wrong = [login for login, names in told.items() if not _are_names(names)]
    if wrong or not told:
        what = f"{cut(wrong[0])!r} should be a list of names" if wrong else "it says nothing"
        dotted = ", and one with a dot, a space or an @ between quotation marks" if wrong else ""
        raise BadInput(f'{path} is no list of actors ({what}); write each login as LOGIN = ["NAME", …]{dotted}')
    return {login: frozenset(names) for login, names in told.items()}


def actor_problems(rows: Iterable[tuple[int, bytes]], allowed: Allowed) -> Iterator[Problem]:
    """Yield the events, given by position and body in the order of the log, whose actor and login do not agree.

    An event that cannot be read is left to whoever tells of that.
    """
    found: dict[tuple[str, str], list[int]] = {}
    for position, state in rows:
        actor, login = _named(state)
        if actor is not None and actor not in allowed.get(login, ()):
            found.setdefault((actor, login), []).append(position)
    for (actor, login), positions in found.items():
        by = f"by {actor!r} with the login {login!r}" if login else f"by {actor!r} without a login"
        for first, last in runs(positions):
            message = f"{events(first, last)} {were(first, last)} recorded {by}, which --actors does not allow"
            yield Problem("actor", first, last, message, _DOUBT)


def _are_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(name, str) and name for name in value)


def _named(state: bytes) -> tuple[str | None, str]:
    """Return the actor and the login of a body; no actor where it has none that can be read."""
    try:
        body = orjson.loads(state)
        actor, login = body["recorded_by"], body.get("login", "")
    except (ValueError, TypeError, LookupError, AttributeError):
        return None, ""
    return (actor, login) if isinstance(actor, str) and isinstance(login, str) else (None, "")
