"""Stores to do harm to: a city with all kinds of facts and two sealed reports, made once and copied for every fault.

A copy is a file, or a database of its own on the server for the tests, so that no fault meets what another one left.
"""

from __future__ import annotations

import shutil
import sqlite3
import time
from contextlib import closing, contextmanager
from itertools import count
from os import getpid
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from uuid import UUID

import orjson
from attrs import field, frozen

from heinola_es.sealing.keys import load_verifier
from projections.verifying.likeness import examined
from projections.verifying.seals import SealFile
from projections.verifying.verification import verify
from tests.terminal import ACTOR, ROOT, Terminal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from projections.verifying.verification import Verdict

SCHEMA = "heinola"
"""Where a store on a server stands when its location names no schema."""
READ = "snapshot 2021Q3 --format json"
POSTED = "record actual 4160 fees 7/2021 12,34 --source tosite"
"""What most tests record when anything will do; an amount that nothing else in the city has."""

REPORT = "pieni-2021-q3.txt"
LEDGER = "sector;area;unit;name;account;month;actual\n" + "".join(
    f"S;A;41{number};Yksikkö;4000;{month}/2020;-{number},00\n" for number in range(10, 22) for month in range(1, 13)
)
MAPPING = """version = 1
units = [{kind = "sector", column = "sector"}, {kind = "service_area", column = "area"},
         {kind = "unit", column = "unit", name_column = "name"}]
account = {column = "account"}
period = {column = "month"}
amounts = [{is = "actual", column = "actual"}]
"""

LIFE = (
    "record unit HYV Hyvinvointi --kind sector --on 1.1.2019",
    "record unit 410 Koulutuspalvelut --kind service_area --parent HYV --on 1.1.2019",
    "record unit 4100 Perusopetus --parent 410 --on 1.1.2019",
    "record unit 4160 Lukio --parent 410 --on 1.1.2019",
    "record budget 4160 fees 2021 10 000 --source Kv",
    "record actual 4160 fees 1/2021 1 200 {once} rivi-1",
    "record actual 4160 fees 2/2021 1 300 {once} rivi-2",
    "record actual 4100 personnel 1-6/2021 -4 000 {once} rivi-3",
    "record goal 4160 Tasapaino 2021 --binding-goal Talous",
    "record narrative 4160 2021Q3 Hankkeet Etenee.",
    "record project Koulukeskus 4160 2021",
)
BETWEEN = (
    "record correction 4160 fees 1/2021 -100 --reason Lasku",
    "record actual 4100 services 7/2021 -900 {once} rivi-4",
    "record outlook 4160 2021Q3 Toteutuu.",
)
AFTER = (
    "record actual 4160 fees 3/2021 700 {once} rivi-5",
    "record actual 4100 personnel 7/2021 -333",
    "record indicator 4160 2021Q3 Opiskelijat 420",
)
_number = count()


class NotNow(Exception):
    """What was drawn changes nothing here; draw again."""


class Raw:
    """A connection of somebody who has the database and no key, with one SQL for both: `?` stands for a value."""

    def __init__(self, location: str) -> None:
        """Connect, as the owner."""
        self.on_server = "://" in location
        self.connection: Any
        self.refusals: tuple[type[Exception], ...] = (NotNow, sqlite3.Error)
        if self.on_server:
            import psycopg

            self.refusals = (NotNow, psycopg.Error)
            self.connection = psycopg.connect(location, autocommit=True)
            self.connection.execute(f"SET search_path = {SCHEMA}, {SCHEMA}_read")
        else:
            self.connection = sqlite3.connect(location, isolation_level=None)
            self.connection.execute("PRAGMA synchronous = OFF")  # nobody pulls the plug on a test

    def __call__(self, sql: str, *values: object) -> list[tuple[Any, ...]]:
        """Execute a statement and return the rows it gives; a stream is told in hexadecimal digits."""
        said = sql.replace("?", "%s").encode() if self.on_server and values else sql
        cursor = self.connection.execute(said, values) if values else self.connection.execute(said)
        if cursor.description is None:
            return []
        return [tuple(value.hex if isinstance(value, UUID) else value for value in row) for row in cursor.fetchall()]

    def tables(self) -> set[str]:
        """Return the names of the tables of the store; on a server those in another schema come with its name."""
        if not self.on_server:
            return {name for (name,) in self("SELECT name FROM sqlite_master WHERE type = 'table'")}
        listed = (
            "SELECT schemaname, tablename FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"
        )
        return {table if schema == SCHEMA else f"{schema}.{table}" for schema, table in self(listed)}

    def columns(self, table: str) -> list[str]:
        """Return the names of the columns of a table."""
        return [column[0] for column in self.connection.execute(f"SELECT * FROM {table} LIMIT 0").description]

    @contextmanager
    def unlocked(self) -> Iterator[None]:
        """Send the guards of the tables away, and put them back as they were."""
        if self.on_server:
            with self._off():
                yield
            return
        triggers = self("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        with self.transaction():
            for name, _sql in triggers:
                self(f"DROP TRIGGER {name}")
            yield
            for _name, sql in triggers:
                self(sql)

    @contextmanager
    def _off(self) -> Iterator[None]:
        triggers = self(
            "SELECT relname, tgname FROM pg_trigger g JOIN pg_class t ON t.oid = tgrelid "
            f"WHERE relnamespace = '{SCHEMA}'::regnamespace AND NOT tgisinternal"
        )
        with self.transaction():
            for table, name in triggers:
                self(f"ALTER TABLE {table} DISABLE TRIGGER {name}")
            yield
            for table, name in triggers:
                self(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}")

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Do all of it, or nothing."""
        self("BEGIN")
        try:
            yield
            self("COMMIT")
        except BaseException:
            self("ROLLBACK")
            raise

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


@frozen
class Copy:
    """A store of its own for one fault.

    Attributes:
        location: of the store, which need not be there yet.
        folder: where its files, seals and key are.
    """

    location: str
    folder: Path

    @property
    def terminal(self) -> Terminal:
        """Somebody at a terminal in front of it."""
        return Terminal(self.location)

    @contextmanager
    def raw(self) -> Iterator[Raw]:
        """Give somebody's connection to the database."""
        with closing(Raw(self.location)) as connection:
            yield connection

    def verdict(self, *, sealed: bool = False) -> Verdict:
        """Verify the store in this process, with its seals or without."""
        seals = (
            [SealFile(path.name, path.read_bytes()) for path in sorted(self.folder.glob("*.seal"))] if sealed else []
        )
        verifier = load_verifier(self.folder / "seal.key") if seals else None
        with examined(self.location) as what:
            return verify(what, seals, verifier)

    def problems(self, *, sealed: bool = False) -> list[str]:
        """Return what a verification finds, as it is told."""
        return [str(problem) for problem in self.verdict(sealed=sealed).problems]

    def said(self) -> list[tuple[str, str]] | None:
        """Return topic and body of every event, without what differs from run to run; None where there is no store."""
        if not self.raw_tables() & {"stored_events"}:
            return None
        with self.raw() as raw:
            rows = raw("SELECT topic, state FROM stored_events ORDER BY position")
        return [(topic, plain(state)) for topic, state in rows]

    def raw_tables(self) -> set[str]:
        """Return the names of the tables that are there; none where there is no file."""
        if "://" not in self.location and not Path(self.location).is_file():
            return set()
        with self.raw() as raw:
            return raw.tables()


_CHANCE = ("recorded", "root_sha256", "snapshot_sha256", "note")


def plain(state: bytes) -> str:
    """Return a body without what the clock decides."""
    body = orjson.loads(state)
    return orjson.dumps({name: value for name, value in body.items() if name not in _CHANCE}).decode()


@frozen
class Stage:
    """Where stores are made and copied: in files, or on a server.

    Attributes:
        folder: for files; each copy has one in it.
        server: the address of a database on the server; empty for files.
        city: the location of the store that is copied.
    """

    folder: Path
    server: str = ""
    city: str = field(default="")
    keep: Path = field(default=Path())

    def nothing(self) -> Copy:
        """Return a place where no store is yet, with the files that commands take."""
        return self._copy("template1", None)

    def of_city(self) -> Copy:
        """Return a copy of the city's store."""
        return self._copy(urlsplit(self.city).path[1:], Path(self.city) if not self.server else None)

    def _copy(self, database: str, file: Path | None) -> Copy:
        name = f"copy{next(_number)}"
        folder = self.folder / name
        shutil.copytree(self.keep, folder)
        if self.server:
            return Copy(self._database(f"faults_{getpid()}_{name}", database), folder)
        if file:
            shutil.copyfile(file, folder / "heinola.db")
        return Copy(str(folder / "heinola.db"), folder)

    def _database(self, name: str, template: str) -> str:
        with closing(Raw(self.server)) as raw:
            raw(f"CREATE DATABASE {name} TEMPLATE {template}")
        return urlsplit(self.server)._replace(path=f"/{name}").geturl()

    def gone(self, copy: Copy) -> None:
        """Take a copy away; nobody waits for who still uses it."""
        shutil.rmtree(copy.folder)
        if self.server:
            with closing(Raw(self.server)) as raw:
                raw(f"DROP DATABASE {urlsplit(copy.location).path[1:]} WITH (FORCE)")

    @contextmanager
    def copied(self, *, city: bool = True) -> Iterator[Copy]:
        """Give a copy of the city's store, or a place where none is yet, and take it away."""
        copy = self.of_city() if city else self.nothing()
        try:
            yield copy
        finally:
            self.gone(copy)


def settled(copy: Copy) -> None:
    """Wait until nobody else is connected to a store on a server: whoever was killed may still be at work there."""
    if "://" not in copy.location:
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with copy.raw() as raw:
        for _try in range(500):
            if raw(f"{others} AND backend_type = 'client backend'") == [(0,)]:
                return
            time.sleep(0.02)
    raise AssertionError("somebody is still connected to the store")


def retry_option() -> str:
    """Return the option that names a command, as it is spelt here."""
    helped = Terminal("none.db").run("record actual --help").stdout
    return "--once" if "--once" in helped else "--key"


def made(folder: Path, server: str = "") -> Stage:
    """Make the city's store and return the stage; what its commands take stands beside every copy."""
    keep = folder / "keep"
    keep.mkdir(parents=True)
    shutil.copyfile(ROOT / "tests" / "documents" / REPORT, keep / REPORT)
    second = (keep / REPORT).read_text(encoding="utf-8").replace("2021", "2022").replace("2020", "2021")
    (keep / f"{REPORT}.2").write_text(second, encoding="utf-8")
    (keep / "ledger.csv").write_text(LEDGER, encoding="utf-8")
    (keep / "ledger.toml").write_text(MAPPING, encoding="utf-8")
    stage = Stage(folder, server, keep=keep)
    city = stage.nothing()
    _live(city, keep)
    return Stage(folder, server, city.location, keep)


def _live(city: Copy, keep: Path) -> None:
    """Let the city live, publish twice, and live on; the seals and the key go to whoever keeps them."""
    key = keep / "seal.key"
    lines = [*LIFE, f"import report {keep / REPORT}", f"keys init --key {key}"]
    lines += [
        f"publish 2021Q3 --incomplete --key {key} -o {keep}/1.seal",
        *BETWEEN,
        f"publish 2021Q3 --incomplete --key {key} -o {keep}/2.seal",
    ]
    _told(city.terminal, [*lines, *AFTER, READ])
    published = f"publish 2021Q3 --incomplete --key {key} -o {keep}/source.note"
    _told(Terminal(keep / "source.db"), [*LIFE, published, f"export events -o {keep}/log.jsonl"])
    for location in (city.location, str(keep / "source.db")):
        if "://" not in location:
            with closing(Raw(location)) as raw:
                raw("PRAGMA wal_checkpoint(TRUNCATE)")


def _told(terminal: Terminal, lines: Sequence[str]) -> None:
    for line in ["init --city Heinola", *lines]:
        result = terminal.run(line.format(once=retry_option()))
        assert result.exit_code == 0, (line, result.output, result.exception)


__all__ = ["ACTOR", "POSTED", "READ", "Copy", "Raw", "Stage", "made", "plain", "retry_option", "settled"]
