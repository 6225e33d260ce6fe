"""Where the store is: a path, `sqlite:///PATH`, or (in a later version) a server."""

from __future__ import annotations

from pathlib import Path

from heinola_es.errors import BadInput, Refused

DEFAULT_STORE = "./heinola.db"


class NoStoreHere(Refused):
    """There is no initialised store at the location."""


def store_path(location: str) -> Path:
    """Return the file that a location names.

    Raises:
        BadInput: the location is of a kind that is not supported.
    """
    scheme, separator, rest = location.partition("://")
    if not separator:
        return Path(location)
    if scheme == "sqlite" and rest.startswith("/"):
        return Path(rest[1:])
    raise BadInput(f"cannot open the store {location!r}; give a path or sqlite:///PATH")


def existing_store(location: str) -> Path:
    """Return the file of an initialised store.

    Raises:
        NoStoreHere: there is none at the location.
    """
    path = store_path(location)
    if not path.is_file():
        raise NoStoreHere(f"no store here ({path}), run `heinola init` first or name one with --store")
    return path
