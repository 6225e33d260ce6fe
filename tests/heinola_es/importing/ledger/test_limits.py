"""Files beyond the limits, and files that mean harm: each has its sentence at once, and nothing is recorded."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zipfile import ZIP_DEFLATED, ZipFile

import openpyxl
import pytest

from events.figures import ActualPosted
from tests.heinola_es.importing.ledger.ledgers import PLAIN, written
from tests.heinola_es.importing.ledger.workbooks import (
    HEADER,
    ROW,
    SHEET,
    lying,
    open_document,
    repacked,
    sized,
    with_cells,
    workbook,
)
from tests.loaded import run
from tests.terminal import Terminal, environment

if TYPE_CHECKING:
    from collections.abc import Callable

    from heinola_es.store.log import EventLog

OLD_WORKBOOK = Path(__file__).with_name("cases") / "old-workbook.xls"
SECONDS, MEGABYTES = 2.0, 300


def far_corner(folder: Path) -> Path:
    """One cell at the far corner of the sheet."""
    return workbook(folder / "corner.xlsx", cells={"XFD1048576": 1})


def far_down(folder: Path) -> Path:
    """One cell in the last row."""
    return workbook(folder / "down.xlsx", cells={"A1048576": "x"})


def hidden_corner(folder: Path) -> Path:
    """A cell at the far corner, written as no spreadsheet program writes it, beside a decoy."""
    cell = b'<row><c\tr\n=\n\'XFD1048576\' t="inlineStr"><is><t> r="A1" r="A1"</t></is></c></row>'
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(cell)})


def prefixed_corner(folder: Path) -> Path:
    """A cell at the far corner under a prefix of its own."""
    cell = (
        b'<y:row xmlns:y="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        b'<y:c r="XFD9"><y:v>1</y:v></y:c></y:row>'
    )
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(cell)})


def twice_placed(folder: Path) -> Path:
    """A cell that says its place twice; a lenient reader believes the second."""
    cell = b'<row r="9"><c r="A9" t="n"r="XFD1048576"><v>1</v></c></row>'
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(cell)})


def far_row(folder: Path) -> Path:
    """A row whose number is beyond the sheet, with a cell that says no place."""
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(b'<row r="4294967295"><c><v>1</v></c></row>')})


def overflowing(folder: Path) -> Path:
    """A place that overflows the counters of a reader."""
    return repacked(
        workbook(folder / "plain.xlsx"), {SHEET: with_cells(b'<row><c r="A99999999999"><v>1</v></c></row>')}
    )


def commented(folder: Path) -> Path:
    """Rows in a comment, which would make whoever counts begin anew."""
    cells = b"<row>" + b"<c><v>1</v></c>" * 900 + b"<!--<row>-->" + b"<c><v>1</v></c>" * 900 + b"</row>"
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(cells)})


def boasting_strings(folder: Path) -> Path:
    """A table of texts that says it has billions: a reader would reserve room for them."""
    strings = {"xl/sharedStrings.xml": lambda xml: re.sub(rb'uniqueCount="\d+"', b'uniqueCount="4999999999993"', xml)}
    return repacked(workbook(folder / "plain.xlsx"), strings)


def unplaced_cells(folder: Path) -> Path:
    """A row of cells without their places, further than any ledger."""
    cells = b"<row>" + b"<c><v>1</v></c>" * 20_000 + b"</row>"
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(cells)})


def zip_bomb(folder: Path) -> Path:
    """A sheet of blanks that expands a thousandfold."""
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(b" " * 90_000_000)})


def repeated_cells(folder: Path) -> Path:
    """A cell of an OpenDocument sheet that says it stands there sixteen thousand times."""
    cell = b'<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    return open_document(folder / "repeated.ods", more=b"<table:table-row>" + cell + b"</table:table-row>")


def repeated_rows(folder: Path) -> Path:
    """A row that says it stands there a million times."""
    cell = b'<table:table-cell office:value-type="float" office:value="1"/>'
    row = b'<table:table-row table:number-rows-repeated="999999">' + cell + b"</table:table-row>"
    return open_document(folder / "repeated.ods", more=row)


def repeated_beyond_count(folder: Path) -> Path:
    """A row that says it stands there more often than a sheet has rows."""
    row = b'<table:table-row table:number-rows-repeated="99999999999"></table:table-row>'
    return open_document(folder / "repeated.ods", more=row)


def open_document_with_macros(folder: Path) -> Path:
    """An OpenDocument workbook with a program in it."""
    return repacked(open_document(folder / "plain.ods"), {"Basic/Standard/Module1.xml": b"<x/>"}, "macros.ods")


def open_document_with_links(folder: Path) -> Path:
    """A formula that looks into another file."""
    cell = b'<table:table-cell table:formula="of:=[\'file:///x.ods\'#$A.A1]" office:value-type="float"/>'
    return open_document(folder / "links.ods", more=b"<table:table-row>" + cell + b"</table:table-row>")


def open_document_with_a_password(folder: Path) -> Path:
    """An encrypted OpenDocument workbook says so in its table of contents."""
    manifest = {"META-INF/manifest.xml": b"<manifest:manifest><manifest:encryption-data/></manifest:manifest>"}
    return repacked(open_document(folder / "plain.ods"), manifest, "secret.ods")


def old_workbook_that_boasts(folder: Path) -> Path:
    """A sheet of an old workbook that says it reaches over eight million rows: a reader would reserve room for them."""
    content = OLD_WORKBOOK.read_bytes()
    dimensions = bytes.fromhex("00020e000000000008000000000004000000")
    assert dimensions in content
    boast = bytes.fromhex("00020e000000000008008100000004000000")
    return written(folder, content.replace(dimensions, boast), "boasts.xls")


def old_workbook_cut_off(folder: Path) -> Path:
    """The first half of an old workbook."""
    return written(folder, OLD_WORKBOOK.read_bytes()[:2048], "half.xls")


def too_large_inside(folder: Path) -> Path:
    """A part that is larger than all of a workbook may be."""
    return repacked(workbook(folder / "plain.xlsx"), {"xl/media/video.bin": b"\0" * 160_000_000})


def lying_zip(folder: Path) -> Path:
    """A sheet of a hundred megabytes that says it has a thousand bytes."""
    return lying(workbook(folder / "plain.xlsx"), b"<worksheet>" + b" " * 100_000_000, 1_000)


def one_huge_cell(folder: Path) -> Path:
    """A tag of many megabytes."""
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: with_cells(b"<c" + b" " * 4_000_000 + b'r="A9"/>')})


def entities(folder: Path) -> Path:
    """Entities that expand to a billion laughs."""
    laughs = b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;">]>'
    return repacked(workbook(folder / "plain.xlsx"), {SHEET: lambda sheet: laughs + sheet.partition(b"?>\n")[2]})


def other_encoding(folder: Path) -> Path:
    """A sheet in UTF-16, where what is forbidden would not be seen."""
    return repacked(
        workbook(folder / "plain.xlsx"),
        {SHEET: lambda sheet: sheet.decode().replace("UTF-8", "UTF-16").encode("utf-16")},
    )


def macros(folder: Path) -> Path:
    """A workbook with macros, under an honest name."""
    return repacked(workbook(folder / "plain.xlsx"), {"xl/vbaProject.bin": b"Sub Auto_Open()"}, "macros.xlsx")


def external_links(folder: Path) -> Path:
    """A workbook that takes values from another."""
    return repacked(workbook(folder / "plain.xlsx"), {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})


def connections(folder: Path) -> Path:
    """A workbook that takes values from a database."""
    return repacked(workbook(folder / "plain.xlsx"), {"xl/connections.xml": b"<connections/>"})


def many_parts(folder: Path) -> Path:
    """A zip of thousands of parts."""
    return repacked(workbook(folder / "plain.xlsx"), {f"xl/media/{at}.bin": b"x" for at in range(2_100)})


def long_directory(folder: Path) -> Path:
    """A zip whose table of contents is megabytes long."""
    return repacked(workbook(folder / "plain.xlsx"), {f"xl/media/{'x' * 200}{at}": b"" for at in range(6_000)})


def many_strings(folder: Path) -> Path:
    """Millions of empty texts, with enough noise that the ratio looks honest."""
    noise = Random(1).randbytes(200_000).hex().encode()
    strings = b"<sst>" + b"<si/>" * 2_500_000 + b"<!--" + noise + b"--></sst>"
    return repacked(workbook(folder / "plain.xlsx"), {"xl/sharedStrings.xml": lambda _strings: strings})


def cut_off(folder: Path) -> Path:
    """A workbook that breaks off."""
    whole = workbook(folder / "plain.xlsx").read_bytes()
    return written(folder, whole[: len(whole) // 2], "half.xlsx")


def damaged(folder: Path) -> Path:
    """A workbook in whose middle some bytes are wrong."""
    whole = bytearray(workbook(folder / "plain.xlsx").read_bytes())
    whole[40:60] = b"\xff" * 20
    return written(folder, bytes(whole), "damaged.xlsx")


def no_workbook(folder: Path) -> Path:
    """A zip of something else."""
    with ZipFile(folder / "photos.zip", "w", ZIP_DEFLATED) as package:
        package.writestr("photo.jpg", b"x")
    return folder / "photos.zip"


def nothing_in_it(folder: Path) -> Path:
    """A workbook without a cell."""
    return workbook(folder / "empty.xlsx", rows=())


def two_sheets(folder: Path) -> Path:
    """A workbook that leaves open which sheet is meant."""
    book = openpyxl.Workbook()
    for name in ("Tammi", "Helmi"):
        book.create_sheet(name).append(HEADER)
    book.save(folder / "two.xlsx")
    return folder / "two.xlsx"


HOSTILE: list[tuple[Callable[[Path], Path], str]] = [
    (
        lambda folder: sized(folder / "huge.csv", b"a;b\n", 2_000_000_000),
        "has 2 000 MB and the limit is 500 MB; split it",
    ),
    (
        lambda folder: sized(folder / "huge.xlsx", b"PK\x03\x04", 60_000_000),
        "has 60 MB and the limit is 50 MB; save the",
    ),
    (lambda folder: written(folder, b"", "empty.csv"), "is empty; export it again"),
    (lambda folder: folder / "missing.csv", "cannot be read: No such file or directory; check the path"),
    (lambda folder: folder, "cannot be read: Is a directory; check the path"),
    (
        lambda folder: written(folder, bytes.fromhex("d0cf11e0a1b11ae1") * 9, "old.xls"),
        "is damaged and cannot be read (its sectors are of no known size); save it anew, as .xlsx",
    ),
    (lambda folder: written(folder, b"%PDF-1.7 ledger", "ledger.pdf"), "is a PDF; export the ledger as .xlsx or CSV"),
    (lambda folder: written(folder, b"\x1f\x8b\x08 ledger", "ledger.csv.gz"), "is compressed; unpack it first"),
    (far_corner, "has a cell in column 16 384, far from any ledger; delete what stands outside the table"),
    (far_down, "reaches over 1 048 576 rows and 7 columns, more than 1 200 000 cells; delete what stands outside"),
    (hidden_corner, "has a cell in column 16 384, far from any ledger"),
    (twice_placed, "has cells written as no spreadsheet program writes them; open it in one and save it anew"),
    (far_row, "has cells written as no spreadsheet program writes them; open it in one and save it anew"),
    (overflowing, "has cells written as no spreadsheet program writes them; open it in one and save it anew"),
    (commented, "has cells written as no spreadsheet program writes them; open it in one and save it anew"),
    (boasting_strings, "says that it has more of something than a workbook holds; check it, save it anew"),
    (prefixed_corner, "has a cell in column 16 384, far from any ledger"),
    (unplaced_cells, "has a cell in column 19 999, far from any ledger"),
    (zip_bomb, "times its size, as a zip bomb does and no ledger; check the file"),
    (too_large_inside, "expands to 160 MB, beyond 100 MB; save it as CSV"),
    (lying_zip, "is larger inside than it says, as a zip bomb is; check where it comes from"),
    (one_huge_cell, "has a cell of more than 1 000 000 bytes; check it"),
    (entities, "defines entities of its own, which no ledger needs; check where it comes from"),
    (other_encoding, "is damaged: xl/worksheets/sheet1.xml is no plain XML; export it again"),
    (macros, "has macros; nothing in it is run or recorded: save it as .xlsx, without macros"),
    (external_links, "takes values from elsewhere (links to other workbooks or data connections), which may be old"),
    (connections, "takes values from elsewhere (links to other workbooks or data connections), which may be old"),
    (many_parts, "has more than 2 000 parts, or two of one name; save it anew, or save it as CSV"),
    (long_directory, "has more parts than a workbook needs; save it anew, or save the sheet as CSV"),
    (many_strings, "has more than 2 000 000 texts; save the sheet as CSV"),
    (cut_off, "is damaged: it breaks off before its end; copy or export it again"),
    (damaged, "is damaged and cannot be unpacked"),
    (no_workbook, "is a zip file and no workbook; save it as .xlsx or CSV"),
    (repeated_cells, "has a cell in column 16 384, far from any ledger"),
    (repeated_rows, "reaches over 1 000 001 rows and 7 columns, more than"),
    (repeated_beyond_count, "repeats a cell or row '99999999999' times; save it as .xlsx or CSV"),
    (open_document_with_macros, "has macros; nothing in it is run or recorded: save it as .xlsx, without macros"),
    (open_document_with_links, "takes values from elsewhere (links to other files), which may be old; break the links"),
    (open_document_with_a_password, "has a password; save it without one, or as CSV"),
    (old_workbook_that_boasts, "reaches over 8 454 152 rows and 4 columns, more than"),
    (old_workbook_cut_off, "is damaged and cannot be read (it breaks off); save it anew, as .xlsx"),
    (nothing_in_it, "has nothing in any sheet"),
    (two_sheets, 'has 2 sheets with cells (Tammi, Helmi); say which in the mapping: sheet = "Tammi" under [file]'),
]


@pytest.mark.parametrize(("made", "sentence"), HOSTILE)
def test_a_file_beyond_a_limit_is_refused_at_once(
    tmp_path: Path, new_store: EventLog, made: Callable[[Path], Path], sentence: str
) -> None:
    """One plain sentence, exit 2, within two seconds and 300 MB, and nothing recorded."""
    folder = tmp_path / "files"
    folder.mkdir()
    mapping, file = written(tmp_path, PLAIN, "mapping.toml"), made(folder)
    words = [
        "--store",
        str(new_store.path),
        "--actor",
        "a",
        "import",
        "figures",
        str(file),
        "--mapping",
        str(mapping),
    ]
    ended = run(*words, cwd=tmp_path, env=environment())
    (said,) = ended.stderr.decode().splitlines()
    assert said.startswith(f"heinola: {file}")
    assert sentence in said
    assert ended.returncode == 2
    assert ended.seconds < SECONDS
    assert ended.megabytes < MEGABYTES
    assert Terminal(new_store.path).events() == []


def test_a_cell_with_a_formula_is_read_as_its_stored_value(tmp_path: Path, new_store: EventLog) -> None:
    """Nothing is executed: what the program that wrote the file stored is read, and the import says so."""
    file = workbook(tmp_path / "formula.xlsx", rows=(HEADER, ROW[:-1]))
    cell = (
        b'<row r="3"><c r="A3" t="str"><f>A2</f><v>HYV</v></c><c r="B3"><v>410</v></c><c r="C3"><v>4100</v></c>'
        b'<c r="D3" t="str"><v>x</v></c><c r="E3"><v>4100</v></c><c r="F3" t="str"><v>2/2020</v></c>'
        b'<c r="G3"><f>CALL("evil")</f><v>-12.5</v></c></row>'
    )
    file = repacked(file, {SHEET: with_cells(cell)})
    said = written(tmp_path, PLAIN, "mapping.toml")
    result = Terminal(new_store.path).run(f"import figures {file} --mapping {said}")
    assert result.exit_code == 0
    assert "note: the sheet has 2 formulas; the values stored with them are read, none is run" in result.stderr
    events = Terminal(new_store.path).events()
    assert [event.amount_cents for event in events if isinstance(event, ActualPosted)] == [-1250]


def test_a_formula_that_was_never_worked_out_is_a_problem(tmp_path: Path, new_store: EventLog) -> None:
    """A formula without a stored value, and an error, are no zero: each cell is told with its row and column."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in (HEADER, [*ROW[:-1], "=1+1"], [*ROW[:5], "2/2020", -1]):
        sheet.append(row)
    book.save(tmp_path / "made.xlsx")
    error = (
        b'<row r="4"><c r="A4" t="inlineStr"><is><t>HYV</t></is></c><c r="B4"><v>410</v></c><c r="C4"><v>4100</v></c>'
        b'<c r="E4"><v>4000</v></c><c r="F4" t="inlineStr"><is><t>3/2020</t></is></c>'
        b'<c r="G4" t="e"><v>#DIV/0!</v></c></row>'
    )
    file = repacked(tmp_path / "made.xlsx", {SHEET: with_cells(error)})
    said = written(tmp_path, PLAIN, "mapping.toml")
    result = Terminal(new_store.path).run(f"import figures {file} --mapping {said}")
    advice = "open the file in a spreadsheet program, mend the cell and save"
    assert result.exit_code == 2
    assert result.stderr.splitlines() == [
        "  note: the sheet has 1 formula; the values stored with them are read, none is run",
        f"  row 2, column actual: the cell holds a formula whose value was never stored; {advice}",
        f"  row 4, column actual: the cell holds an error (such as #DIV/0!); {advice}",
        "heinola: hostile.xlsx: 2 problems; nothing was recorded",
    ]
    assert Terminal(new_store.path).events() == []


def test_cells_without_their_places_are_read(tmp_path: Path, new_store: EventLog) -> None:
    """Some programs leave the places of cells out, which the format allows: they follow one another."""
    plain = workbook(tmp_path / "plain.xlsx")
    file = repacked(plain, {SHEET: lambda sheet: re.sub(rb' r="[A-Z]+\d+"', b"", sheet)})
    said = written(tmp_path, PLAIN, "mapping.toml")
    assert "1 posting" in Terminal(new_store.path).done(f"import figures {file} --mapping {said}")


def broken_bytes(content: bytes, random: Random) -> bytes:
    """Return a file with a few of its bytes changed, most of them to what a reader would take for a large number."""
    broken = bytearray(content)
    for _ in range(random.randrange(1, 8)):
        at = random.randrange(len(broken) - 4)
        broken[at : at + 4] = random.choice(
            [
                random.randbytes(4),
                b"\xff\xff\xff\x7f",
                b"\xff\xff\xff\xff",
                b"\0\0\0\0",
                b"\0\xff\0\0",
                broken[at : at + 3] + b"\x10",
            ]
        )
    return bytes(broken)


BROKEN_OLD = """
import sys
from pathlib import Path
from random import Random
from heinola_es.errors import BadInput
from heinola_es.importing.ledger.mapping.mapping import FileForm
from heinola_es.importing.ledger.placing.reading import open_table
from tests.heinola_es.importing.ledger.test_limits import OLD_WORKBOOK, broken_bytes

file, random, refused = Path(sys.argv[1]), Random(7), 0
for _ in range(400):
    file.write_bytes(broken_bytes(OLD_WORKBOOK.read_bytes(), random))
    try:
        list(open_table(file, FileForm()).rows())
    except BadInput:
        refused += 1
print(refused)
"""


def test_no_damage_to_an_old_workbook_brings_the_reader_down(tmp_path: Path) -> None:
    """However an old workbook is broken, it is read or refused in a sentence, and nothing else is said."""
    words = [sys.executable, "-c", BROKEN_OLD, str(tmp_path / "broken.xls")]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 100


BROKEN = """
import sys
from pathlib import Path
from random import Random
from heinola_es.errors import BadInput
from tests.heinola_es.importing.ledger.ledgers import read_file
from tests.heinola_es.importing.ledger.workbooks import mutated, repacked

workbook, mapping, part, seed = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4])
random, refused = Random(seed), 0
for _ in range(60):
    try:
        read_file(repacked(workbook, {part: lambda xml: mutated(xml, random)}), mapping)
    except BadInput:
        refused += 1
print(refused)
"""


@pytest.mark.parametrize(
    "part", [SHEET, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "content.xml", "mimetype"]
)
def test_no_damage_brings_the_reader_down(tmp_path: Path, part: str) -> None:
    """However the parts of a workbook are broken, it is read or refused in a sentence; no library aborts or panics."""
    made = workbook if part.startswith("xl/") else open_document
    file, mapping = made(tmp_path / "plain"), written(tmp_path, PLAIN, "mapping.toml")
    words = [sys.executable, "-c", BROKEN, str(file), str(mapping), part, "7"]
    done = subprocess.run(words, env=environment(), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert int(done.stdout) > 0
