"""Where a store is: a path as people write it, or a URL of one."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from heinola_es.errors import BadInput
from heinola_es.store.location import server_store, shown, store_path


@pytest.mark.parametrize(
    ("location", "path"),
    [
        ("./heinola.db", "heinola.db"),
        ("talous/2020 vuosi.db", "talous/2020 vuosi.db"),
        ("/srv/heinola.db", "/srv/heinola.db"),
        ("sqlite:///heinola.db", "heinola.db"),
        ("sqlite:////srv/heinola.db", "/srv/heinola.db"),
    ],
)
def test_a_location_names_a_file(location: str, path: str) -> None:
    """A path is itself; after sqlite:/// comes a path, relative or absolute."""
    assert store_path(location) == Path(path)


@pytest.mark.parametrize("location", ["mysql://host/heinola", "sqlite://heinola.db", "http://localhost/heinola.db"])
def test_what_cannot_be_opened_is_refused(location: str) -> None:
    """The sentence says which forms there are."""
    with pytest.raises(BadInput, match=r"cannot open the store .*; give a path"):
        store_path(location)


@pytest.mark.parametrize(
    "location", ["", "sqlite:///", ":memory:", "sqlite:///:memory:", "x/:memory:", "a?mode=memory"]
)
def test_a_store_is_in_a_file(location: str) -> None:
    """What would be kept in memory, and what has no name, is refused; nothing would be left of it."""
    with pytest.raises(BadInput, match="give the path of a file with --store"):
        store_path(location)


@pytest.mark.parametrize("name", ["file:x.db", "file:/x.db?mode=ro", "file:///x.db", "file:%41.db"])
def test_a_path_is_no_uri(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that begins with `file:` is that of a file beside the others; nothing after it is an option."""
    monkeypatch.chdir(tmp_path)
    path = store_path(name) if "://" not in name else None
    assert path is None or path == tmp_path / name
    if path is None:
        with pytest.raises(BadInput, match="cannot open the store"):
            store_path(name)


def test_a_path_is_as_the_shell_left_it() -> None:
    """A tilde that the shell did not take stands for itself."""
    assert store_path("~/heinola.db") == Path("~/heinola.db")


PASSWORDS = (
    "geheim",
    "ge@heim",
    "@geheim",
    "ge:heim",
    "geheim@",
    "ge/heim",
    "ge%heim",
    "ge%2Fheim",
    "ge?heim",
    "ge#heim",
    "%zzgeheim",
)


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize(
    "place", ["host/db", "host:5432/db?schema=x", "[::1]/db", "/db?host=/tmp", "a,b:1/db?schema=X"]
)
def test_a_password_is_never_shown(password: str, place: str) -> None:
    """Whatever is in it and wherever it stands: neither where it can be read nor where it cannot."""
    for location in (
        f"postgresql://liisa:{password}@{place}",
        f"postgres://liisa:{password}@{place}",
        f"Postgresql://liisa:{password}@{place}",
        f"postgresql:/liisa:{password}@{place}",
        f"mysql://liisa:{password}@{place}",
        f"postgresql://liisa@host/db?password={password}",
        f"postgresql://liisa@host/db?schema=x&pass%77ord={password}",
        f"postgresql://liisa@host/db?sslpassword={password}",
        f"postgresql://liisa@host/db?passfile={password}",
    ):
        told = [shown(location)]
        for read in (store_path, server_store):
            try:
                told.append(repr(read(location)))
            except BadInput as refusal:
                told.append(str(refusal))
        assert not [words for words in told if "geh" in words or "heim" in words]


@pytest.mark.parametrize("password", ["geheim", "ge@heim", "ge:heim", "ge%25heim", "ge%2Fheim"])
def test_a_password_is_the_one_that_was_meant(password: str) -> None:
    """However it is written, the server's library takes it for what it is."""
    conninfo = pytest.importorskip("psycopg.conninfo")
    store = server_store(f"postgresql://li%40isa:{password}@host:1234/kunta?schema=heinola&application_name=x")
    assert conninfo.conninfo_to_dict(store.url) == {
        "user": "li@isa",
        "password": unquote(password),
        "host": "host",
        "port": "1234",
        "dbname": "kunta",
        "application_name": "x",
    }


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("postgresql://[::1/x", "cannot read the host"),
        ("postgresql://host:99999999/", "the port"),
        ("postgresql://host:0/", "the port"),
        ("postgresql://host:port/", "cannot read the host"),
        ("postgresql://a,b:99999/x", "the port"),
        ("postgresql://host/x?colour=red", "no option 'colour'"),
        ("postgresql://host/x?scheme=a", "did you mean schema"),
        ("postgresql://host/x?schema=a&schema=b", "twice"),
        ("postgresql://host/x?schema", "no option 'schema'"),
        ("postgresql://host/x?schema=", "cannot be the schema"),
        ("postgresql://host/%zz", "write % itself as %25"),
        ("postgresql://host/%00", "write % itself as %25"),
        ("postgresql://host/x\ny", "cannot read the address"),
    ],
)
def test_an_address_that_cannot_be_read_is_told(location: str, words: str) -> None:
    """Before anybody connects, and in a sentence."""
    with pytest.raises(BadInput, match=words):
        server_store(location)


@given(st.text(max_size=30))
def test_any_address_is_read_or_refused(rest: str) -> None:
    """Whatever follows `postgresql://`, the answer is an address that the server's library takes, or a sentence."""
    conninfo = pytest.importorskip("psycopg.conninfo")
    try:
        store = server_store(f"postgresql://{rest}")
    except BadInput as refusal:
        assert "\n" not in str(refusal)  # noqa: PT017 - any other error fails the test
        return
    conninfo.conninfo_to_dict(store.url)
