"""Where the store is: a path, `sqlite:///PATH`, or `postgresql://…`, a schema of a database on a server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

from attrs import frozen

from heinola_es.errors import BadInput, Refused

if TYPE_CHECKING:
    from types import TracebackType

DEFAULT_STORE = "./heinola.db"
DEFAULT_SCHEMA = "heinola"
INSTALL = "this store is on PostgreSQL, which needs more to be installed: pip install 'heinola-es[postgres]'"
_SERVER = ("postgresql://", "postgres://")
_SCHEMA_NAME = re.compile(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


class NoStoreHere(Refused):
    """There is no initialised store at the location."""


class StoreExists(Refused):
    """The store was initialised before."""


@frozen(slots=True)
class ServerStore:
    """A store on a server.

    Attributes:
        url: what the client library of the server takes.
        schema: where in the database the store's tables are: one schema for each city.
        shown: the location as it may be shown to anybody, without a password.
    """

    url: str
    schema: str
    shown: str


def is_on_server(location: str) -> bool:
    """Return whether a location names a server, and no file."""
    return location.startswith(_SERVER)


def store_path(location: str) -> Path:
    """Return the file that a location names.

    Raises:
        BadInput: the location is of a kind that is not supported, or on a server.
    """
    scheme, separator, rest = location.partition("://")
    if not separator:
        return Path(location)
    if scheme == "sqlite" and rest.startswith("/"):
        return Path(rest[1:])
    if is_on_server(location):
        raise BadInput(f"this is for a store in a file, and {shown(location)} is on a server; copy it into one first")
    raise BadInput(
        f"cannot open the store {shown(location)!r}; give a path, sqlite:///PATH or postgresql://USER@HOST/DATABASE"
    )


def server_store(location: str) -> ServerStore:
    """Return the store on a server that a location names: `postgresql://USER@HOST:PORT/DATABASE?schema=CITY`.

    Raises:
        BadInput: the name of the schema is none.
    """
    parts = urlsplit(location)
    options = parse_qsl(parts.query, keep_blank_values=True)
    schema = dict(options).get("schema", DEFAULT_SCHEMA)
    if not _SCHEMA_NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise BadInput(f"{schema!r} cannot be the schema of a store; take lower-case letters, digits and underscores")
    rest = urlencode([(name, value) for name, value in options if name != "schema"], quote_via=quote)
    return ServerStore(parts._replace(query=rest).geturl(), schema, shown(location))


def names_file(location: str, path: Path) -> bool:
    """Return whether the store at a location is this very file."""
    return not is_on_server(location) and store_path(location).resolve() == path.resolve()


def shown(location: str) -> str:
    """Return a location as it may be shown to anybody, without a password."""
    if "://" not in location or location.startswith("sqlite:///"):
        return str(store_path(location))
    location = re.sub(r"(://[^:/@?]*):[^@/]*@", r"\1:***@", location)
    return re.sub(r"([?&](?:ssl)?password=)[^&]*", r"\1***", location)


def existing_store(location: str) -> Path:
    """Return the file of an initialised store.

    Raises:
        NoStoreHere: there is none at the location.
    """
    path = store_path(location)
    if not path.is_file():
        raise NoStoreHere(f"no store here ({path}), run `heinola init` first or name one with --store")
    return path


class OpenStore:
    """What is open at a location, until it is closed.

    Attributes:
        location: as it was given.
    """

    location: str

    @property
    def path(self) -> Path:
        """The file of an embedded store.

        Raises:
            BadInput: the store is on a server.
        """
        return store_path(self.location)

    @property
    def name(self) -> str:
        """The location as it may be shown to anybody, without a password."""
        return shown(self.location)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        raise NotImplementedError
