"""The address of a server as people write it, read into one that its client library cannot take for another."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from heinola_es.errors import BadInput, nearest

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST = re.compile(r"(\[[0-9a-fA-F:.%]+\]|[^:\[\]]*)(?::(\d*))?")
_BROKEN_ESCAPE = re.compile("%(?![0-9a-fA-F]{2})|%00")
_PORTS = range(1, 65_536)
_PORT_DIGITS = 5
_FORM = "postgresql://USER:PASSWORD@HOST:PORT/DATABASE?schema=CITY"
_OPTIONS = frozenset(
    (
        "application_name",
        "channel_binding",
        "client_encoding",
        "connect_timeout",
        "dbname",
        "fallback_application_name",
        "gssdelegation",
        "gssencmode",
        "gsslib",
        "host",
        "hostaddr",
        "keepalives",
        "keepalives_count",
        "keepalives_idle",
        "keepalives_interval",
        "krbsrvname",
        "load_balance_hosts",
        "max_protocol_version",
        "min_protocol_version",
        "options",
        "passfile",
        "password",
        "port",
        "require_auth",
        "requirepeer",
        "schema",
        "service",
        "servicefile",
        "ssl_max_protocol_version",
        "ssl_min_protocol_version",
        "sslcert",
        "sslcertmode",
        "sslcompression",
        "sslcrl",
        "sslcrldir",
        "sslkey",
        "sslmode",
        "sslnegotiation",
        "sslpassword",
        "sslrootcert",
        "sslsni",
        "target_session_attrs",
        "tcp_user_timeout",
        "user",
    )
)
"""What PostgreSQL's client library can be asked for in an address, and the schema, which is ours."""


def read_url(location: str) -> tuple[str, dict[str, str]]:
    """Return the address of a server without its options, and these by name.

    A password may hold a colon or an at sign as it is; a slash, a question mark and a percent sign are written `%2F`,
    `%3F` and `%25`, for nobody could tell where it ends.

    Raises:
        BadInput: it cannot be read; the sentence shows nothing of it that may be a password.
    """
    scheme, _, rest = location.partition("://")
    before, _, query = rest.partition("?")
    credentials, at, place = before.rpartition("@")
    if "/" in credentials or (not at and "@" in query):
        raise BadInput(f"cannot read the address of the store: write / in a password as %2F, ? as %3F; it is {_FORM}")
    if _BROKEN_ESCAPE.search(rest):
        raise BadInput(f"cannot read the address of the store: write % itself as %25; it is {_FORM}")
    if not rest.isprintable() or " " in rest:
        raise BadInput(f"cannot read the address of the store: write a space as %20; it is {_FORM}")
    hosts, slash, database = place.partition("/")
    for host in hosts.split(","):
        _check_host(host)
    user, colon, password = credentials.partition(":")
    who = quote(unquote(user), safe="") + (f":{quote(unquote(password), safe='')}" if colon else "")
    return f"{scheme}://{who}{at}{hosts}{slash}{quote(unquote(database), safe='')}", dict(_options(query))


def _check_host(host: str) -> None:
    found = _HOST.fullmatch(host)
    if found is None:
        raise BadInput(f"cannot read the host in the address of the store; it is {_FORM}")
    port = found[2]
    if port and (len(port) > _PORT_DIGITS or int(port) not in _PORTS):
        raise BadInput("the port in the address of the store is none; it is a number from 1 to 65535")


def _options(query: str) -> Iterator[tuple[str, str]]:
    seen = set()
    for pair in query.split("&") if query else ():
        name, equals, value = pair.partition("=")
        name = unquote(name)
        if name not in _OPTIONS or not equals:
            raise BadInput(f"the address of the store has no option {name!r}{nearest(name, _OPTIONS)}")
        if name in seen:
            raise BadInput(f"the address of the store has the option {name!r} twice; give it once")
        seen.add(name)
        yield name, unquote(value)
