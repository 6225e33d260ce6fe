"""`heinola export datapackage`: where a package goes, and what is refused."""

from __future__ import annotations

from io import BytesIO
from stat import S_IMODE
from typing import TYPE_CHECKING
from zipfile import ZIP_STORED, ZipFile

import pytest

from projections.writers.datapackage.delivery import write_files
from tests.projections.writers.datapackage.packages import descriptor, package_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.projections.conftest import ImportedReport


@pytest.fixture
def reading(sample: ImportedReport) -> Terminal:
    """Give a terminal in front of a store that holds the sample report of 1.4.–30.6.2020."""
    return Terminal(sample.path)


def files_in(archive: bytes) -> dict[str, bytes]:
    """Return the files of a zip archive, which must be whole."""
    with ZipFile(BytesIO(archive)) as opened:
        assert opened.testzip() is None
        return {name: opened.read(name) for name in opened.namelist()}


def test_archive_directory_and_pipe_hold_the_same(reading: Terminal, tmp_path: Path) -> None:
    """Three ways out, one package; the archive has the same bytes whichever way it goes."""
    archive, directory = tmp_path / "open.zip", tmp_path / "open"
    said = reading.run(f"export datapackage 2020Q2 2020Q1 -o {archive}")
    assert (said.exit_code, said.stdout, said.stderr) == (0, "", f"wrote 9 files to {archive}\n")
    assert reading.run(f"export datapackage 2020Q2 2020Q1 -o {directory}").exit_code == 0
    piped = reading.run("export datapackage 2020Q2 2020Q1 -o -")
    assert (piped.exit_code, piped.stderr) == (0, "")
    assert piped.stdout_bytes == archive.read_bytes()
    expected = package_of(reading.location, "2020Q1", "2020Q2")
    assert files_in(archive.read_bytes()) == expected
    assert {path.name: path.read_bytes() for path in directory.iterdir()} == expected


def test_the_archive_holds_nothing_of_the_machine(reading: Terminal) -> None:
    """Files stand in a fixed order, without dates, owners or compression that differ between machines."""
    with ZipFile(BytesIO(reading.run("export datapackage 2020Q2 -o -").stdout_bytes)) as archive:
        entries = archive.infolist()
    assert [entry.filename for entry in entries][:2] == ["datapackage.json", "periods.csv"]
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.compress_type for entry in entries} == {ZIP_STORED}
    assert {(entry.create_system, entry.external_attr >> 16, entry.extra) for entry in entries} == {(3, 0o644, b"")}


def test_options_reach_the_package(reading: Terminal, tmp_path: Path) -> None:
    """Unit, moment and licence are those that were given."""
    reading.run(
        f"export datapackage 2020Q2 --unit 410 --known-at 2020-08-15 --licence cc0-1.0 -o {tmp_path / 'one.zip'}"
    )
    told = descriptor(files_in((tmp_path / "one.zip").read_bytes()))
    assert (told["name"], told["heinola"]["unit"]) == ("heinola-interim-report-410", "410")
    assert told["licenses"][0]["name"] == "CC0-1.0"


def test_an_archive_of_ours_is_replaced(reading: Terminal, tmp_path: Path) -> None:
    """Yesterday's package gives way to today's, as a whole, and nothing else is left behind."""
    archive = tmp_path / "open.zip"
    reading.run(f"export datapackage 2020Q2 -o {archive}")
    yesterday = archive.read_bytes()
    assert reading.run(f"export datapackage 2020Q1 -o {archive}").exit_code == 0
    assert archive.read_bytes() != yesterday
    assert list(tmp_path.glob("open.zip*")) == [archive]


@pytest.mark.parametrize("content", ["text", "another archive"])
def test_what_others_wrote_is_never_replaced(reading: Terminal, tmp_path: Path, content: str) -> None:
    """A file that is no package of ours is left as it is."""
    archive = tmp_path / "open.zip"
    if content == "text":
        archive.write_text("theirs", encoding="utf-8")
    else:
        with ZipFile(archive, "w") as opened:
            opened.writestr("datapackage.json", "[]")
    before = archive.read_bytes()
    sentence = reading.refused(f"export datapackage 2020Q2 -o {archive}", code=2)
    assert sentence == (
        f"heinola: {archive} is there already and is no data package of ours; name another file with -o"
    )
    assert archive.read_bytes() == before


def test_a_directory_with_something_in_it_is_left_alone(reading: Terminal, tmp_path: Path) -> None:
    """An empty directory is filled; the same one again is refused, and nothing in it is touched."""
    directory = tmp_path / "empty.zip"
    directory.mkdir()
    assert reading.run(f"export datapackage 2020Q2 -o {directory}").exit_code == 0
    before = {path: path.stat().st_mtime_ns for path in directory.iterdir()}
    assert len(before) == 9
    sentence = reading.refused(f"export datapackage 2020Q1 -o {directory}", code=2)
    assert sentence == f"heinola: the directory {directory} is not empty; name a new or an empty one with -o"
    assert {path: path.stat().st_mtime_ns for path in directory.iterdir()} == before


def test_what_breaks_off_leaves_nothing(reading: Terminal, tmp_path: Path) -> None:
    """Where a file cannot be written, no directory, no half of a package and no part of an archive stays."""
    place = tmp_path / "place"
    place.mkdir()
    (place / "file").touch()
    for output in (place / "file" / "open.zip", place / "file" / "open", place / "missing" / "open"):
        sentence = reading.refused(f"export datapackage 2020Q2 -o {output}", code=2)
        assert sentence.startswith(f"heinola: cannot write {output}: ")
        assert sentence.endswith("; name another place with -o")
    assert [path.name for path in place.iterdir()] == ["file"]


def test_a_file_that_cannot_be_written_takes_the_others_with_it(tmp_path: Path) -> None:
    """Files that were written before one could not be are taken away again."""
    too_long = "x" * 300 + ".csv"
    with pytest.raises(OSError, match="too long"):
        write_files({"datapackage.json": b"{}", "a.csv": b"a", too_long: b"b"}, tmp_path / "new")
    assert not (tmp_path / "new").exists()
    (tmp_path / "empty").mkdir()
    with pytest.raises(OSError, match="too long"):
        write_files({"datapackage.json": b"{}", "a.csv": b"a", too_long: b"b"}, tmp_path / "empty")
    assert list((tmp_path / "empty").iterdir()) == []


def test_the_descriptor_is_written_last(tmp_path: Path) -> None:
    """Whoever sees a `datapackage.json` in a directory finds everything that it names."""
    there: list[tuple[str, set[str]]] = []

    class Watched(dict[str, bytes]):
        """Files that tell what is in the directory when each is asked for."""

        def __getitem__(self, path: str) -> bytes:
            there.append((path, {file.name for file in (tmp_path / "new").iterdir()} - {path}))
            return super().__getitem__(path)

    write_files(Watched({"datapackage.json": b"{}", "a.csv": b"a", "z.csv": b"z"}), tmp_path / "new")
    assert there == [("a.csv", set()), ("z.csv", {"a.csv"}), ("datapackage.json", {"a.csv", "z.csv"})]


@pytest.mark.in_a_file
def test_the_store_itself_is_never_written_over(reading: Terminal) -> None:
    """-o with the store's own file is refused, by whatever path."""
    before = reading.store.read_bytes()
    folder = reading.store.parent
    sentence = reading.refused(f"export datapackage 2020Q2 -o {folder}/../{folder.name}/{reading.store.name}", code=2)
    assert "is the store itself; name another place with -o" in sentence
    assert reading.store.read_bytes() == before


@pytest.mark.parametrize(
    ("options", "code", "told"),
    [
        ("2020Q2 --unit 41 -o x.zip", 2, "heinola: unknown unit '41'; did you mean"),
        ("2020Q2 --licence GPL -o x.zip", 2, "heinola: unknown licence 'GPL'; the licences are CC-BY-4.0, CC0-1.0"),
        ("2020Q5 -o x.zip", 2, "heinola: '2020Q5' is not a period: a year has no Q5; check the dates"),
        ("1900 -o x.zip", 1, "heinola: no unit of the city is known in 1.1.–31.12.1900; name a later period"),
        ("2020Q2 -o x.zip --published", 1, "heinola: the report 1.4.–30.6.2020 was never published"),
        ("2020Q2 -o x.zip --published --known-at 2020-08-15", 2, "heinola: a published report is what it is"),
        ("-o x.zip", 2, "heinola: Missing argument 'PERIOD...'"),
        ("2020Q2", 2, "heinola: Missing option '-o' / '--output'"),
    ],
)
def test_what_cannot_be_given_is_told_in_a_sentence(
    reading: Terminal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: str, code: int, told: str
) -> None:
    """A slip is told in one sentence, with the exit code of its kind, and no file is made."""
    monkeypatch.chdir(tmp_path)
    assert reading.refused(f"export datapackage {options}", code=code).startswith(told)
    assert not (tmp_path / "x.zip").exists()


@pytest.mark.parametrize(("mode", "of_folder"), [(None, 0o700), (0o640, 0o750), (0o644, 0o755)])
def test_files_may_be_read_by_whom_the_user_lets(
    reading: Terminal, tmp_path: Path, mode: int | None, of_folder: int
) -> None:
    """Nobody else reads what is exported, unless HEINOLA_FILE_MODE says who may."""
    setting = {} if mode is None else {"HEINOLA_FILE_MODE": f"{mode:o}"}
    reading.run(f"export datapackage 2020Q2 -o {tmp_path / 'open'}", **setting)
    reading.run(f"export datapackage 2020Q2 -o {tmp_path / 'open.zip'}", **setting)
    made = [*(tmp_path / "open").iterdir(), tmp_path / "open.zip"]
    assert {S_IMODE(path.stat().st_mode) for path in made} == {mode or 0o600}
    assert S_IMODE((tmp_path / "open").stat().st_mode) == of_folder
