"""`heinola lake`: a log as Parquet, added to, verified, and never believed where it was changed."""

from __future__ import annotations

import random
import shutil
import sqlite3
from base64 import b64encode
from typing import TYPE_CHECKING

import orjson
import pyarrow as pa
import pyarrow.parquet
import pytest

from heinola_es.files.output_files import NotWritten, Writer
from heinola_es.lake.columns import bodies_of, leaves_of, table_of
from heinola_es.lake.manifest import manifest_in
from heinola_es.lake.reading import rows_in, rows_of
from heinola_es.lake.writing import write
from heinola_es.store.leaves import roots_at
from heinola_es.store.reading import LogReader
from projections.read_models.moment import log_moment
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from heinola_es.store.log import EventLog
    from heinola_es.store.reading import Row
    from tests.databases import Database


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal of the small city, with some figures of two years."""
    terminal = Terminal(store.location)
    terminal.done("record budget 4160 personnel 2019 -900000")
    terminal.done("record actual 4160 personnel 3/2019 -70000")
    terminal.done("record actual 4160 personnel 3/2020 -75000,55")
    return terminal


def written(terminal: Terminal, lake: Path, code: str = "HML") -> str:
    """Write the log to a lake and return what was said."""
    result = terminal.run(f"lake write {lake} --city-code {code}")
    assert result.exit_code == 0, result.output
    return result.stderr


def verified(lake: Path, *more: str) -> tuple[int, str]:
    """Verify a lake; return the exit code and what was said."""
    result = Terminal("nowhere.db").run(" ".join((f"lake verify {lake}", *more)))
    return result.exit_code, result.stdout + result.stderr


def log_of(terminal: Terminal) -> list[tuple[object, ...]]:
    """Return the events of a store."""
    with LogReader.open(terminal.location) as reader:
        return list(reader.rows(0, reader.size()))


def read_back(lake: Path) -> list[tuple[object, ...]]:
    """Return the events of the one city of a lake."""
    (folder,) = lake.glob("city=*")
    return list(rows_of(folder, manifest_in(folder)))


def test_the_log_comes_back_as_it_was(terminal: Terminal, tmp_path: Path) -> None:
    """Every event, in its order and to the byte, from either database; and other programs see city, year and amount."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    assert read_back(lake) == log_of(terminal)
    assert verified(lake)[0] == 0
    seen = pyarrow.parquet.read_table(lake / "city=HML" / "year=2020").to_pylist()
    assert [(row["unit"], row["line"], row["amount_cents"], str(row["first_day"])) for row in seen] == [
        ("4160", "personnel", -7_500_055, "2020-03-01")
    ]
    dataset = pyarrow.parquet.read_table(lake, partitioning="hive", filters=[("year", "=", 2020)]).to_pylist()
    assert [(row["city"], row["amount_cents"]) for row in dataset] == [("HML", -7_500_055)]


def test_only_what_is_new_is_added(terminal: Terminal, tmp_path: Path) -> None:
    """Files that were written stay to the byte; nothing new writes nothing; a second city stands beside the first."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    before = {path: path.read_bytes() for path in lake.rglob("*.parquet")}
    assert "already" in written(terminal, lake)
    terminal.done("record actual 4160 personnel 4/2020 -75000")
    assert "wrote 1 new events" in written(terminal, lake)
    assert {path: path.read_bytes() for path in before} == before
    assert read_back(lake) == log_of(terminal)
    written(terminal, lake, "OTHER")
    assert "2 cities" in verified(lake)[1]


def test_another_log_is_refused(terminal: Terminal, tmp_path: Path, kept_in: Database) -> None:
    """Under the code of one city no other log is written, nor one of which a part was rewritten."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    other = Terminal(kept_in.new("other"))
    other.run("init --city Muu --city-unit MUU")
    result = other.run(f"lake write {lake} --city-code HML")
    assert (result.exit_code, "holds another log" in result.stderr) == (1, True)
    assert read_back(lake) == log_of(terminal)


def test_a_city_without_a_unit_of_its_own_needs_a_code(terminal: Terminal, tmp_path: Path) -> None:
    """Nothing is guessed: the code of the unit that is the city, or the one that is named."""
    result = terminal.run(f"lake write {tmp_path / 'lake'}")
    assert (result.exit_code, "--city-code" in result.stderr) == (2, True)
    assert not (tmp_path / "lake").exists()


def spoilt_manifest(lake: Path, **changes: object) -> None:
    """Let a manifest say something else."""
    (path,) = lake.glob("city=*/_manifest.json")
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | changes))


def resealed(lake: Path) -> None:
    """Make the manifest say the digests of the files as they are now, as whoever tampers would."""
    from hashlib import sha256

    (path,) = lake.glob("city=*/_manifest.json")
    told = orjson.loads(path.read_bytes())
    for one in told["files"]:
        one["sha256"] = sha256((path.parent / one["name"]).read_bytes()).hexdigest()
    path.write_bytes(orjson.dumps(told))


def rewritten(path: Path, column: str, value: object) -> None:
    """Change one value of a column of a file."""
    table = pyarrow.parquet.read_table(path, partitioning=None)
    values = table.column(column).to_pylist()
    values[0] = value
    at = table.schema.get_field_index(column)
    pyarrow.parquet.write_table(
        table.set_column(at, table.schema.field(at), pa.array(values, table.schema.field(at).type)), path
    )


def forged(lake: Path, change: Callable[[Row], Row]) -> None:
    """Write the events of a lake's one city otherwise, with every hash, digest and root made to fit."""
    leaves: dict[int, bytes] = {}
    for path in lake.glob("city=*/year=*/*.parquet"):
        rows = list(map(change, rows_in(pyarrow.parquet.read_table(path, partitioning=None))))
        hashed = leaves_of(rows)
        pyarrow.parquet.write_table(table_of(rows, bodies_of(rows), hashed), path)
        leaves.update(zip((row[0] for row in rows), hashed, strict=True))
    root = roots_at((leaves[at] for at in sorted(leaves)), {len(leaves)})[len(leaves)]
    spoilt_manifest(lake, root=b64encode(root).decode())
    resealed(lake)


@pytest.mark.in_a_file
@pytest.mark.parametrize(
    ("topic", "body", "said"),
    [
        ("ActualPosted", b'{"v":', ""),
        ("BudgetDreamt", b'{"v":', "BudgetDreamt"),
        ("ActualPosted", b'{"v":9', "ActualPosted of a later version"),
    ],
)
def test_what_a_newer_program_wrote_is_named(
    terminal: Terminal, tmp_path: Path, topic: str, body: bytes, said: str
) -> None:
    """An event of a kind or a version that is not known here is no event that was verified, whatever fits."""
    lake = tmp_path / "lake"
    written(terminal, lake)

    def change(row: Row) -> Row:
        position, stream, version, of, state = row
        return (position, stream, version, topic, state.replace(b'{"v":', body, 1)) if of == "ActualPosted" else row

    forged(lake, change)
    code, told = verified(lake)
    assert (code, said in told) == (3 if said else 0, True)


@pytest.mark.in_a_file
def test_a_manifest_calls_the_city_as_its_log_does(terminal: Terminal, tmp_path: Path) -> None:
    """By its name a seal is held against it: another city's manifest hides this one's log from its seals."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    spoilt_manifest(lake, city="Muualla")
    code, told = verified(lake)
    assert (code, "calls the city 'Muualla', and its log" in told) == (3, True)


FILE_2020 = "city=HML/year=2020"


@pytest.mark.in_a_file
@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("amount_cents", -1),
        ("unit", "4100"),
        ("line", "services"),
        ("recorded_by", "somebody"),
        ("topic", "BudgetAdopted"),
        ("version", 9),
        ("position", 1),
        ("leaf_hash", bytes(32)),
        ("body", b'{"effective":"2020-03-01/2020-03-31","recorded":"2020-01-01T00:00:00.000000Z"}'),
        ("body", b"{"),
    ],
)
def test_a_changed_column_is_named(terminal: Terminal, tmp_path: Path, column: str, value: object) -> None:
    """Even where the digests were written anew: what repeats the event is held against it, and it against the root."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    (path,) = (lake / FILE_2020).glob("*.parquet")
    rewritten(path, column, value)
    code, said = verified(lake)
    assert (code, str(path) in said) == (3, True)
    resealed(lake)
    code, said = verified(lake)
    assert (code, "HML" in said) == (3, True)


@pytest.mark.in_a_file
def test_what_is_missing_added_or_doubled_is_named(terminal: Terminal, tmp_path: Path) -> None:
    """A file that is gone, one that no manifest names, and one that stands there twice."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    (path,) = (lake / FILE_2020).glob("*.parquet")
    for change, named in (
        (lambda: path.rename(tmp_path / "away"), "cannot be read"),
        (lambda: shutil.copy(path, path.with_name("0000000001-0000000001.parquet")), "named by no manifest"),
        (lambda: path.write_bytes(path.read_bytes()[:-9]), "was changed"),
    ):
        kept = path.read_bytes()
        change()
        code, said = verified(lake)
        assert (code, named in said) == (3, True), said
        shutil.rmtree(lake)
        written(terminal, lake)
        assert path.read_bytes() == kept
    manifest = orjson.loads((lake / "city=HML/_manifest.json").read_bytes())
    spoilt_manifest(lake, files=[*manifest["files"], manifest["files"][-1]], size=manifest["size"] + 1)
    assert verified(lake)[0] == 3


@pytest.mark.in_a_file
def test_any_changed_byte_is_named(terminal: Terminal, tmp_path: Path) -> None:
    """Of any file of the lake, wherever it is; the lake as it was is whole."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    chance = random.Random(7)
    files = sorted(path for path in lake.rglob("*") if path.is_file() and path.name != "_lock")
    for _ in range(60):
        path = chance.choice(files)
        content = path.read_bytes()
        at = chance.randrange(len(content))
        path.write_bytes(content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :])
        code, said = verified(lake)
        if code == 0:  # white space, or the case of a name: the manifest still says the same
            assert path.name == "_manifest.json"
            assert orjson.loads(path.read_bytes()) == orjson.loads(content) or said
        path.write_bytes(content)
    assert verified(lake)[0] == 0


class _FullDisk(Writer):
    """Writes so many files and no more."""

    left = 2

    def write(self, content: Iterable[bytes], target: Path, *, private: bool = False, instead: str = "") -> None:
        if not _FullDisk.left:
            raise NotWritten("no room")
        _FullDisk.left -= 1
        super().write(content, target, private=private, instead=instead)


@pytest.mark.in_a_file
@pytest.mark.parametrize("left", range(4))
def test_interrupted_it_stays_as_it_was(terminal: Terminal, tmp_path: Path, left: int) -> None:
    """Whichever file cannot be written; and what a killed write left is taken away by the next one."""
    lake = tmp_path / "lake"
    written(terminal, lake)
    before = read_back(lake)
    for month in (5, 6):
        terminal.done(f"record actual 4160 personnel {month}/2020 -75000")
        terminal.done(f"record actual 4160 personnel {month}/2019 -75000")
    _FullDisk.left = left
    with LogReader.open(terminal.location) as reader, log_moment(reader):
        if left < 3:
            with pytest.raises(NotWritten):
                write(reader, lake, "HML", _FullDisk())
        else:
            write(reader, lake, "HML", _FullDisk())
    assert verified(lake)[0] == 0
    assert read_back(lake) == (before if left < 3 else log_of(terminal))
    stray = lake / "city=HML" / "year=2020" / "0000000900-0000000901.parquet"
    stray.write_bytes(b"half")
    assert verified(lake)[0] == 3
    written(terminal, lake)
    assert verified(lake)[0] == 0
    assert read_back(lake) == log_of(terminal)


def test_a_seal_is_held_against_it(terminal: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The seal of a published report is true of the lake of its log, and not of one that was written anew otherwise."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert terminal.run("keys init").exit_code == 0
    assert terminal.run("publish 2019Q1 --incomplete").exit_code == 0
    (seal,) = tmp_path.glob("*.seal")
    written(terminal, tmp_path / "lake")
    code, said = verified(tmp_path / "lake", f"--seal {seal.name}")
    assert (code, "as the seal says" in said) == (0, True)
    forged = tmp_path / "forged"
    shutil.copytree(tmp_path / "lake", forged)
    (path,) = (forged / FILE_2020).glob("*.parquet")
    _forge(forged, path)
    assert verified(forged)[0] == 0  # written anew from end to end: only the seal tells
    code, said = verified(forged, f"--seal {seal.name}")
    assert (code, "does not hold the log that was sealed" in said) == (3, True)


def _forge(lake: Path, path: Path) -> None:
    """Write a file of a lake with another amount, and everything else so that it fits."""
    from heinola_es.lake.columns import bodies_of, leaves_of
    from heinola_es.lake.writing import parquet_of
    from heinola_es.sealing.seals import root_text
    from heinola_es.store.leaves import roots_at
    from heinola_es.store.merkle import leaf_hash

    folder = lake / "city=HML"
    rows = [(*row[:4], row[4].replace(b"-7500055", b"-7500044")) for row in rows_of(folder, manifest_in(folder))]
    (first, last) = map(int, path.stem.split("-"))
    ours = [row for row in rows if first <= row[0] <= last]
    path.write_bytes(parquet_of(ours, bodies_of(ours), leaves_of(ours)))
    resealed(lake)
    root = roots_at((leaf_hash(*row[1:]) for row in rows), [len(rows)])[len(rows)]
    spoilt_manifest(lake, root=root_text(root))


@pytest.mark.in_a_file
def test_two_writers_at_once(terminal: Terminal, tmp_path: Path) -> None:
    """The second is told to wait; the lake is whole."""
    import fcntl

    lake = tmp_path / "lake"
    written(terminal, lake)
    with (lake / "city=HML" / "_lock").open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = terminal.run(f"lake write {lake} --city-code HML")
        assert (result.exit_code, "somebody else is writing" in result.stderr) == (1, True)


@pytest.mark.in_a_file
def test_a_log_that_is_not_what_its_tree_says_is_not_written(terminal: Terminal, tmp_path: Path) -> None:
    """A changed event of the store is not made into a lake that looks whole."""
    with sqlite3.connect(terminal.store) as connection:
        connection.execute("DROP TRIGGER stored_events_UPDATE")
        connection.execute("UPDATE stored_events SET state = CAST(replace(state, '-7500055', '-7500044') AS BLOB)")
    connection.close()
    result = terminal.run(f"lake write {tmp_path / 'lake'} --city-code HML")
    assert (result.exit_code, "not what its tree says" in result.stderr) == (1, True)
    assert not list((tmp_path / "lake").rglob("*.parquet"))


@pytest.mark.parametrize(
    ("line", "said"),
    [("lake verify nowhere", "is no folder"), ("lake verify {empty}", "holds no city")],
)
def test_what_is_no_lake(tmp_path: Path, line: str, said: str) -> None:
    """One sentence says so, and what to do."""
    (tmp_path / "empty").mkdir()
    result = Terminal("nowhere.db").run(line.format(empty=tmp_path / "empty"))
    assert (result.exit_code, said in result.stderr) == (2, True)
