"""Who recorded: the name that was given and the login that the database knew are told together, and can be compared."""

from __future__ import annotations

import csv
from io import StringIO
from typing import TYPE_CHECKING

import orjson
import pytest

from heinola_es.errors import BadInput
from heinola_es.store.location import server_store
from heinola_es.store.reading import LogReader
from projections.verifying.actors import actor_problems, read_actors
from tests.databases import Database
from tests.heinola_es.store.test_roles import POST, login_of, of, with_roles
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

ALLOWED = {"anna": frozenset({"controller", "Anna"}), "transfer": frozenset({"ledger"}), "": frozenset({"founder"})}


def row(position: int, actor: object, login: object = "") -> tuple[int, bytes]:
    """Return the position and the body of an event."""
    body = {"recorded_by": actor, "login": login}
    return position, orjson.dumps({name: value for name, value in body.items() if value != ""})


def told(*rows: tuple[int, bytes]) -> list[tuple[int, int, str]]:
    """Return what is found about rows of a log."""
    return [(problem.first, problem.last, problem.message) for problem in actor_problems(rows, ALLOWED)]


def test_those_who_agree_are_not_told() -> None:
    """A login may record by each of its names, and without a login, who is allowed to."""
    assert (
        told(row(1, "founder"), row(2, "controller", "anna"), row(3, "Anna", "anna"), row(4, "ledger", "transfer"))
        == []
    )


@pytest.mark.parametrize(
    ("actor", "login", "words"),
    [
        ("ledger", "anna", "event 7 was recorded by 'ledger' with the login 'anna', which --actors does not allow"),
        ("controller", "mallory", "event 7 was recorded by 'controller' with the login 'mallory'"),
        ("controller", "", "event 7 was recorded by 'controller' without a login"),
        ("anna", "anna", "event 7 was recorded by 'anna' with the login 'anna'"),
        ("controller", "Anna", "event 7 was recorded by 'controller' with the login 'Anna'"),
    ],
)
def test_those_who_do_not_are(actor: str, login: str, words: str) -> None:
    """Another's name, a login that nobody knows, none at all, another spelling."""
    ((first, last, message),) = told(row(7, actor, login))
    assert (first, last) == (7, 7)
    assert words in message


def test_runs_of_events_are_told_together() -> None:
    """A name that was borrowed for a whole import is one sentence, not ten thousand."""
    rows = [row(position, "ledger", "anna") for position in (3, 4, 5, 9)]
    assert [(first, last) for first, last, _message in told(row(1, "founder"), *rows)] == [(3, 5), (9, 9)]


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"{}", b"null", b'{"recorded_by":1}', b'{"recorded_by":"x","login":[]}']
)
def test_what_cannot_be_read_is_left_to_others(body: bytes) -> None:
    """That an event is none is told by the pass over the log."""
    assert told((1, body)) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("anna = 'controller'", "'anna' should be a list of names"),
        ("anna = [1]", "'anna' should be a list of names"),
        ("anna = ['']", "'anna' should be a list of names"),
        ("[anna]\nname = 'x'", "'anna' should be a list of names"),
        ("matti.meikalainen = ['controller']", "'matti' should be a list .* and one with a dot, .* quotation marks"),
        ("anna = ['controller']\nanna = []", "is not TOML"),
        (f"{'a' * 500} = 1", f"'{'a' * 100}…' should be a list of names"),
        ("[[anna]]", "'anna' should be a list of names"),
        ("", "it says nothing"),
        ("anna", "is not TOML"),
    ],
)
def test_a_list_of_another_form_is_refused(tmp_path: Path, text: str, words: str) -> None:
    """It is said what is wrong, and how it should be."""
    path = tmp_path / "actors.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match=words):
        read_actors(path)


def test_another_spelling_is_another_name(tmp_path: Path) -> None:
    """Blanks at the ends, other marks that look alike, letters of another width: none stands for what the file says."""
    path = tmp_path / "actors.toml"
    path.write_text('"matti.m@heinola" = ["Åsa"]\nanna = []\n', encoding="utf-8")
    allowed = read_actors(path)
    assert allowed == {"matti.m@heinola": frozenset({"Åsa"}), "anna": frozenset()}
    sound = row(1, "Åsa", "matti.m@heinola")
    assert list(actor_problems([sound], allowed)) == []
    for actor in ("A\u030asa", "Åsa ", "åsa", "Åsa\0", "Ås\u0430"):
        assert len(list(actor_problems([sound, row(2, actor, "matti.m@heinola")], allowed))) == 1
    assert len(list(actor_problems([row(1, "anna", "anna")], allowed))) == 1


def test_a_file_has_no_logins(tmp_path: Path) -> None:
    """In a file nobody is asked who they are: `""` allows it, and what is printed has nothing of a login."""
    terminal, path = Terminal(tmp_path / "x.db"), tmp_path / "actors.toml"
    assert terminal.run("init").exit_code == 0
    path.write_text('"" = ["controller"]\n', encoding="utf-8")
    assert terminal.run(f"audit verify --actors {path}").exit_code == 0
    path.write_text('"" = ["somebody"]\n', encoding="utf-8")
    found = terminal.run(f"audit verify --actors {path}")
    assert found.exit_code == 3
    assert "event 1 was recorded by 'controller' without a login, which --actors does not allow" in found.stdout
    assert "login" not in terminal.done("audit log") + terminal.done("audit show 1") + terminal.done("audit actors")


@pytest.mark.postgres
def test_on_a_server_actor_and_login_are_told_together(tmp_path: Path, postgres_address: str) -> None:
    """By every listing, in every form; and a verification can require that they agree."""
    city = with_roles(Database(tmp_path, postgres_address))
    login, owner = login_of(city, "transfer"), server_store(city).url.split("//")[1].split("@")[0]
    terminal = Terminal(of(city, "transfer"))
    assert "ActualPosted" in terminal.done(POST)
    with LogReader.open(city) as log:
        at = log.size()
    reader = Terminal(city)
    who = f"controller (tunnus {login})"
    assert who in reader.done("audit log --type ActualPosted")
    assert who in " ".join(reader.done(f"audit show {at}").split())
    assert who in " ".join(reader.done("audit explain 4100 personnel 2020Q1").split())
    assert "controller (tunnus" in reader.done("audit actors")
    assert orjson.loads(reader.done(f"audit show {at} --format json"))["login"] == login
    (entry,) = orjson.loads(reader.done("audit log --type ActualPosted --format json"))
    assert (entry["recorded_by"], entry["login"]) == ("controller", login)
    (line,) = csv.DictReader(StringIO(reader.done("audit log --type ActualPosted --format csv")))
    assert (line["recorded_by"], line["login"]) == ("controller", login)
    actors = orjson.loads(reader.done("audit actors --format json"))
    assert [(actor["actor"], actor["login"]) for actor in actors] == [("controller", owner), ("controller", login)]
    path = tmp_path / "actors.toml"
    path.write_text(f'{owner} = ["controller"]\n{login} = ["ledger"]\n', encoding="utf-8")
    found = terminal.run(f"audit verify --actors {path}")
    assert found.exit_code == 3
    assert f"event {at} was recorded by 'controller' with the login '{login}'" in found.stdout
    path.write_text(f'{owner} = ["controller"]\n{login} = ["controller"]\n', encoding="utf-8")
    assert terminal.run(f"audit verify --actors {path}").exit_code == 0
