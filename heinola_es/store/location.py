"""Where the store is: a path, `sqlite:///PATH`, or `postgresql://…`, a schema of a database on a server."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Self
from urllib.parse import quote, unquote, urlencode

from attrs import field, frozen

from events.value_object import ValueObject
from heinola_es.errors import BadInput, Refused
from heinola_es.patterns import pattern

if TYPE_CHECKING:
    from types import TracebackType

DEFAULT_STORE = "./heinola.db"
DEFAULT_SCHEMA = "heinola"
INSTALL = "this store is on PostgreSQL, which needs more to be installed: pip install 'heinola-es[postgres]'"
_SERVER = ("postgresql://", "postgres://")
_LIKE_A_SERVER = pattern("postgres(?:ql)?:", re.IGNORECASE)  # mistyped, and with a password perhaps
_USER = pattern("[^:/?@]*")
_URI = "file:"
_IN_MEMORY = (":memory:", "mode=memory")
_SECRET = frozenset({"password", "sslpassword", "passfile"})
_PASSWORD = pattern(r"((?:(?:ssl)?password|passfile)\s*=\s*)(?:'[^']*'|[^\s&]*)", re.IGNORECASE)
_SCHEMA_NAME = pattern(r"[a-z_][a-z0-9_]{0,62}", re.ASCII)


class NoStoreHere(Refused):
    """There is no initialised store at the location."""


class StoreIncomplete(Refused):
    """A table of the store is lost, or something else stands in its place."""

    @classmethod
    def of(cls, store: object, table: str) -> Self:
        """Return the error, for a store that has lost a table."""
        return cls(
            f"{store} has lost its table {table}, or something stands in its place; see `heinola audit verify`, and "
            "restore a copy"
        )


class StoreExists(Refused):
    """The store was initialised before."""


@frozen(slots=True, eq=False, repr=False)
class ServerStore(ValueObject):
    """A store on a server.

    Attributes:
        url: what the client library of the server takes.
        schema: where in the database the store's tables are: one schema for each city.
        shown: the location as it may be shown to anybody, without a password.
    """

    url: str = field(repr=False)
    schema: str
    shown: str


def is_on_server(location: str) -> bool:
    """Return whether a location names a server, and no file."""
    return location.startswith(_SERVER)


def store_path(location: str) -> Path:
    """Return the file that a location names.

    Raises:
        BadInput: the location is of a kind that is not supported, is in memory, or on a server.
    """
    scheme, separator, rest = location.partition("://")
    if is_on_server(location):
        raise BadInput(f"this is for a store in a file, and {shown(location)} is on a server; copy it into one first")
    if separator and scheme == "sqlite" and rest.startswith("/"):
        return _file(rest[1:])
    if separator or _LIKE_A_SERVER.match(location) or _PASSWORD.search(location):
        raise BadInput(
            f"cannot open the store {shown(location)!r}; give a path, sqlite:///PATH or postgresql://USER@HOST/DATABASE"
        )
    return _file(location)


def _file(name: str) -> Path:
    """Return a path that nothing takes for anything but the name of a file."""
    if not name:
        raise BadInput("the store has an empty name; give the path of a file with --store")
    if "\0" in name:
        raise BadInput("the name of a file holds no NUL character; check --store")
    if any(words in name for words in _IN_MEMORY):
        raise BadInput(f"{name!r} would be kept in memory and be gone at the end; give the path of a file with --store")
    if not name.startswith(_URI):
        return Path(name)
    try:
        return Path(name).absolute()  # SQLite takes `file:` at the beginning for a URI
    except OSError:
        raise BadInput(f"the folder that {name!r} would be in is gone; give the whole path with --store") from None


def server_store(location: str) -> ServerStore:
    """Return the store on a server that a location names: `postgresql://USER@HOST:PORT/DATABASE?schema=CITY`.

    Raises:
        BadInput: the name of the schema is none, or the location cannot be read; no password is told.
    """
    from heinola_es.store.server_url import read_url  # noqa: PLC0415 - a store in a file needs none

    url, options = read_url(location)
    schema = options.pop("schema", DEFAULT_SCHEMA)
    if not _SCHEMA_NAME.fullmatch(schema) or schema.startswith("pg_"):
        raise BadInput(f"{schema!r} cannot be the schema of a store; take lower-case letters, digits and underscores")
    return ServerStore(url + (f"?{urlencode(options, quote_via=quote)}" if options else ""), schema, shown(location))


def shown(location: str) -> str:
    """Return a location as it may be shown to anybody, without a password.

    What stands before the last `@` is taken for who asks, so that a password is hidden whatever is in it.
    """
    if "://" not in location and not _LIKE_A_SERVER.match(location):
        return _PASSWORD.sub(r"\1***", str(Path(location)) if location else location)
    scheme, separator, rest = location.partition("://") if "://" in location else location.partition(":")
    if scheme == "sqlite" and rest.startswith("/"):
        return shown(rest[1:])
    if 0 <= rest.find("?") < rest.rfind("@"):  # in a password, or in an option's value: who could tell
        return f"{scheme}{separator}{_USER.match(rest)[0]}:***"  # type: ignore[index]  # it matches anything
    credentials, at, place = rest.rpartition("@")
    user, colon, _password = credentials.partition(":")
    return f"{scheme}{separator}{user}{':***' if colon else ''}{at}{_hidden(place)}"


def _hidden(place: str) -> str:
    """Return what stands behind the credentials without the secrets among its options."""
    path, mark, query = place.partition("?")
    pairs = (pair.partition("=") for pair in query.split("&"))
    told = (f"{name}{equals}{'***' if unquote(name).lower() in _SECRET else value}" for name, equals, value in pairs)
    return f"{path}{mark}{'&'.join(told)}"


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
