"""`audit check-document`: a report's file is what its proof says, and every change of a figure is found and named."""

from __future__ import annotations

import io
import json
import re
import zipfile
import zlib
from contextlib import suppress
from random import Random
from typing import TYPE_CHECKING, Any

import openpyxl
import pikepdf
import pytest
from attrs import evolve
from click.testing import CliRunner

from cli import main
from projections.documents.checking import check
from projections.documents.printed import NoProof, PrintedReport, PrintedTable, Unreadable
from projections.documents.reading import read_report
from projections.report.content.document import OfRow
from projections.report.theme.theme import Theme
from projections.writers.page.html import page
from projections.writers.pdf.pdf import pdf
from projections.writers.word.word import word
from projections.writers.xlsx.workbook import workbook
from tests.projections.conftest import SAMPLE
from tests.projections.report.built import report_of
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from projections.report.content.document import Document

FORMATS = ("html", "pdf", "docx", "xlsx")
SEAL = "report.seal"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Terminal:
    """Give a terminal at a city that has published the sample report, with its key, its seal and its files."""
    folder = tmp_path_factory.mktemp("city")
    terminal = Terminal(folder / "city.db")
    key = f"--key {folder / 'seal.key'}"
    for line in (
        "init --city Heinola",
        f"import report {SAMPLE}",
        f"keys init {key}",
        f"publish 2020Q2 --incomplete {key} -o {folder / SEAL}",
    ):
        result = terminal.run(line)
        assert result.exit_code == 0, result.output
    (folder / "heinola.pub").write_text(terminal.run(f"keys show {key}").stdout)
    for form in FORMATS:
        line = f"report 2020Q2 --published --seal {folder / SEAL} -o {folder / f'q2.{form}'}"
        assert terminal.run(line).exit_code == 0
    return terminal


@pytest.fixture(scope="module")
def files(office: Terminal) -> Path:
    """Give the folder with the files of the published report."""
    return office.store.parent


def checked(folder: Path, name: str, key: str = "heinola.pub") -> tuple[int, str, str]:
    """Check a file as an auditor does, who has neither a store nor a private key."""
    result = Terminal("/nowhere").run(f"audit check-document {folder / name} --key {folder / key}")
    return result.exit_code, result.stdout, result.stderr


# ---------------------------------------------------------------- what is as it was made


@pytest.mark.parametrize("form", FORMATS)
def test_a_published_report_proves_itself(files: Path, form: str) -> None:
    """With the city's public key alone: seal, snapshot and figures agree, and each is told."""
    code, told, warned = checked(files, f"q2.{form}")
    assert (code, warned) == (0, "")
    assert "the report 1.4.–30.6.2020 is as it was made: " in told
    assert int(re.findall(r"(\d+) figures", told)[0]) > 200
    digest = re.findall(r"snapshot (sha256:[0-9a-f]{64})", (files / SEAL).read_text())[0]
    assert f"its snapshot: {digest}" in told
    root = (files / SEAL).read_text().splitlines()[2]
    assert f"sealed: the seal of heinola-es/heinola, revision 1, root {root} over" in told


def test_a_report_that_is_not_published_says_that_it_has_no_seal(office: Terminal, tmp_path: Path) -> None:
    """It proves that its figures are those of its snapshot, and no more, which is said."""
    assert office.run(f"report 2020Q2 --unit 4160 --lang sv -o {tmp_path / 'lukio.html'}").exit_code == 0
    result = Terminal("/nowhere").run(f"audit check-document {tmp_path / 'lukio.html'}")
    assert result.exit_code == 0
    assert "it carries no seal" in result.stdout


@pytest.mark.parametrize("form", FORMATS)
def test_the_proof_leaves_the_same_bytes_for_the_same_report(office: Terminal, tmp_path: Path, form: str) -> None:
    """Written twice, a report is the same file."""
    folder = office.store.parent
    line = f"report 2020Q2 --published --seal {folder / SEAL} -o {tmp_path / f'again.{form}'}"
    assert office.run(line).exit_code == 0
    assert (tmp_path / f"again.{form}").read_bytes() == (folder / f"q2.{form}").read_bytes()


def test_the_files_in_a_pdf_are_the_snapshot_and_the_seal_as_they_are(files: Path) -> None:
    """Any reader of PDF takes them out; the snapshot's digest is the one that the seal holds (PDF/A-3, ua-1)."""
    with pikepdf.open(files / "q2.pdf") as file:
        attached = {str(each.UF): each for each in file.Root.AF}
        kinds = {name: str(each.AFRelationship) for name, each in attached.items()}
        seal = attached["report.seal"].EF.F.read_bytes()
        metadata = bytes(file.Root.Metadata.read_bytes())
    assert kinds == {"snapshot.json": "/Source", "report.seal": "/Supplement", "heinola-proof.json": "/Data"}
    assert seal == (files / SEAL).read_bytes()
    assert b"<pdfaid:part>3<" in metadata
    assert b"<pdfuaid:part>1<" in metadata


WRITERS: dict[str, Callable[[Document], bytes]] = {
    "html": lambda document: page(document, Theme()),
    "pdf": lambda document: pdf(document, Theme()),
    "docx": lambda document: word(document, Theme()),
    "xlsx": workbook,
}


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_language_and_every_column_can_be_checked(
    office: Terminal, tmp_path: Path, form: str, language: str
) -> None:
    """A wide table in parts, further prior years, and euros where thousands are known, too."""
    columns = ("original_budget", "amendments", "budget", "quarter", "actual", "percent", "deviation", "change")
    document = report_of(office.location, language=language, columns=columns, years=2, euros=True)
    (tmp_path / "file").write_bytes(WRITERS[form](document))
    found = check(read_report(tmp_path / "file"), "file", None)
    assert found.findings == ()
    assert found.figures > 400


# ---------------------------------------------------------------- what was changed


def in_html(content: bytes) -> bytes:
    """Change a digit of the net of 4160 in a page, or in a part of a document."""
    return re.sub("−897\u00a0825".encode(), "−897\u00a0826".encode(), content)


def in_docx(content: bytes) -> bytes:
    """Change it in a Word document."""
    return rezipped(content, "word/document.xml", in_html)


def in_xlsx(content: bytes) -> bytes:
    """Change it in a workbook, and save that by another program."""
    book = openpyxl.load_workbook(io.BytesIO(content))
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.value == -897825:
                    cell.value = -897826
    changed = io.BytesIO()
    book.save(changed)
    return changed.getvalue()


def in_pdf(content: bytes) -> bytes:
    """Change it where a page draws it, by the numbers of the typeface's shapes."""
    with pikepdf.open(io.BytesIO(content)) as file:
        for sheet in file.pages:
            for font in sheet.Resources.Font.values():
                table = bytes(font.ToUnicode.read_bytes()).decode()
                meant = {int(of, 16): chr(int(to, 16)) for of, to in re.findall(r"<(\w{4})> <(\w{4})>\n", table)}
                shown = [changed(each, meant) for each in pikepdf.parse_content_stream(sheet)]
                sheet.Contents = file.make_stream(pikepdf.unparse_content_stream(shown))
        written = io.BytesIO()
        file.save(written)
    return written.getvalue()


def changed(each: Any, meant: dict[int, str]) -> Any:  # noqa: ANN401 - as pikepdf has it
    """Return an instruction of a page, another one where it shows 825 in a typeface whose shapes mean this."""
    if str(each.operator) not in {"TJ", "Tj"}:
        return each
    strings = each.operands[0] if isinstance(each.operands[0], pikepdf.Array) else [each.operands[0]]
    codes = b"".join(bytes(string) for string in strings if isinstance(string, pikepdf.String))
    if "".join(meant.get(int.from_bytes(codes[at : at + 2]), "") for at in range(0, len(codes), 2)) != "825":
        return each
    six = next(code for code, digit in meant.items() if digit == "6")
    other = pikepdf.String(codes[:4] + six.to_bytes(2))
    return pikepdf.ContentStreamInstruction([pikepdf.Array([other])], pikepdf.Operator("TJ"))


def rezipped(content: bytes, name: str, made: Callable[[bytes], bytes]) -> bytes:
    """Return a package with one part made anew."""
    changed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as package, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as other:
        for each in package.namelist():
            part = package.read(each)
            other.writestr(each, made(part) if each == name else part)
    return changed.getvalue()


CHANGES = {"html": in_html, "docx": in_docx, "xlsx": in_xlsx, "pdf": in_pdf}


@pytest.mark.parametrize("form", FORMATS)
def test_a_changed_digit_is_named_by_unit_line_and_column(files: Path, tmp_path: Path, form: str) -> None:
    """One digit of the net of the upper secondary school (4160), changed in the file itself."""
    changed = CHANGES[form]((files / f"q2.{form}").read_bytes())
    (tmp_path / f"q2.{form}").write_bytes(changed)
    (tmp_path / "heinola.pub").write_bytes((files / "heinola.pub").read_bytes())
    code, told, warned = checked(tmp_path, f"q2.{form}")
    assert code == 3
    finding = next(line for line in told.splitlines() if line.startswith("4160 Netto · TOT 2020 6 kk"))
    assert "is printed, −897 825 is in the snapshot" in finding
    count = len(told[: told.index("its snapshot: ")].splitlines())
    things = "1 thing in it is" if count == 1 else f"{count} things in it are"
    assert f"heinola: {things} not as the report was made" in warned


def printed(files: Path, form: str) -> PrintedReport:
    """Return the published report as it is read."""
    return read_report(files / f"q2.{form}")


@pytest.mark.parametrize("form", FORMATS)
def test_any_changed_cell_of_any_table_is_found_and_named(files: Path, form: str) -> None:
    """Every cell with a figure, one by one of each table: what is told names the unit, the line and the column."""
    whole = printed(files, form)
    assert check(whole, "file", None).findings == ()
    random = Random(15)
    for at, table in enumerate(whole.tables):
        places = [(r, c) for r, row in enumerate(table.rows) for c, cell in enumerate(row) if r and is_figure(cell)]
        for row, column in random.sample(places, min(2, len(places))):
            other = evolve(whole, tables=(*whole.tables[:at], altered(table, row, column), *whole.tables[at + 1 :]))
            found = check(other, "file", None).findings
            if form == "xlsx" and at == 0:  # the summary is no list
                continue
            assert found, (table.caption, table.rows[row])
            assert any("is printed" in each for each in found)


def is_figure(cell: str | float) -> bool:
    """Return whether a cell is a number."""
    return isinstance(cell, float) or bool(re.fullmatch(r"[\u2212\[]?\d[\d\s,.\]]*", cell))


def altered(table: PrintedTable, row: int, column: int) -> PrintedTable:
    """Return a table with another number in one cell."""
    cell = table.rows[row][column]
    other = cell + 1 if isinstance(cell, float) else cell.translate(str.maketrans("0123456789", "1234567890"))
    cells = (*table.rows[row][:column], other, *table.rows[row][column + 1 :])
    return evolve(table, rows=(*table.rows[:row], cells, *table.rows[row + 1 :]))


def test_a_row_a_table_or_a_header_that_was_changed_is_told(files: Path) -> None:
    """Rows and tables that are gone or put in, and a column that is headed otherwise."""
    whole = printed(files, "html")
    first = whole.tables[0]
    gone = check(evolve(whole, tables=whole.tables[1:]), "file", None).findings
    assert gone == ("the table 'Avainluvut: netto' is not in the file; it was taken out or renamed",)
    more = check(evolve(whole, tables=(*whole.tables, evolve(first, caption="Muuta"))), "file", None).findings
    assert more == ("the table 'Muuta' was put in; the report had none",)
    shorter = evolve(first, rows=first.rows[:-1])
    (short,) = check(evolve(whole, tables=(shorter, *whole.tables[1:])), "file", None).findings
    assert "some were put in or taken out" in short
    header = (first.rows[0][0], "TP 2018\n1 000 €", *first.rows[0][2:])
    renamed = evolve(first, rows=(header, *first.rows[1:]))
    (told,) = check(evolve(whole, tables=(renamed, *whole.tables[1:])), "file", None).findings
    assert "a column is headed 'TP 2018 1 000 €', and should be 'TP 2019 1 000 €'" in told


def test_a_proof_that_was_changed_with_its_figures_is_not_the_sealed_one(files: Path) -> None:
    """Whoever changes the snapshot in the file as well has another digest than the seal."""
    whole = printed(files, "html")
    told = json.loads(whole.proof)
    told["snapshot"] = (
        told["snapshot"]
        .replace('"cents":-89782500', '"cents":-89782600')
        .replace('"cents": -89782500', '"cents": -89782600')
    )
    found = check(evolve(whole, proof=json.dumps(told)), "file", None).findings
    assert found[0] == "the snapshot in the file is not the one that its seal is of; one of them was changed"
    assert any(line.startswith("4160 Netto") for line in found)


def test_figures_that_are_said_to_be_of_another_unit_are_told(files: Path) -> None:
    """A proof that points a row at another unit's figures does not get by: the table names its unit."""
    whole = printed(files, "html")
    told = json.loads(whole.proof)
    row = next(row for table in told["tables"] for row in table["rows"] if row.get("of", [""])[0] == "4160")
    row["of"] = OfRow("4200", row["of"][1]).unit, row["of"][1], False
    found = check(evolve(whole, proof=json.dumps(told)), "file", None).findings
    assert any("shows figures of another unit, 4200" in line for line in found)


def test_another_citys_key_and_a_forged_seal_are_told(files: Path, tmp_path: Path) -> None:
    """The signature counts, and nothing that the seal says of itself."""
    result = Terminal("/nowhere").run(f"keys init --name heinola-es/heinola --key {tmp_path / 'other.key'}")
    assert result.exit_code == 0
    code, told, _warned = checked(tmp_path, str(files / "q2.html"), "other.key")
    assert code == 3
    assert "the seal in the file: the seal bears no signature of the key heinola-es/heinola+" in told
    assert "its seal proves nothing" in told


# ---------------------------------------------------------------- what is no report, or damaged


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"<!doctype html><p>no", "carries no proof"),
        (b"hello", "is no report as PDF, page"),
        (b"", "is no report as PDF, page"),
        (b"%PDF-1.7\nnothing", "is damaged and cannot be read as a PDF"),
        (b"PK\x03\x04nothing", "is damaged"),
        (b'<!doctype html><script id="heinola-proof">{"schema":"heinola/document/9"}</script>', "a newer version"),
        (b'<!doctype html><script id="heinola-proof">[1,</script>', "the proof in"),
        (b'<!doctype html><script id="heinola-proof">' + b"[" * 50_000 + b"</script>", "the proof in"),
    ],
)
def test_what_is_no_report_gets_a_clear_sentence(tmp_path: Path, content: bytes, sentence: str) -> None:
    """One sentence on the standard error, exit code 3, nothing on the standard output."""
    (tmp_path / "file").write_bytes(content)
    result = Terminal("/nowhere").run(f"audit check-document {tmp_path / 'file'}")
    assert (result.exit_code, result.stdout) == (3, "")
    (told,) = result.stderr.splitlines()
    assert sentence in told


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_without_proof_gets_a_clear_sentence(office: Terminal, tmp_path: Path, form: str) -> None:
    """As of an older report, or of one that another program saved without it."""
    document = evolve(report_of(office.location, unit="4160"), proof=None)
    (tmp_path / "file").write_bytes(WRITERS[form](document))
    with pytest.raises(NoProof, match="file carries no proof: it is no report of `heinola report`, was made before"):
        read_report(tmp_path / "file")


@pytest.mark.parametrize("form", FORMATS)
def test_damaged_files_are_told_and_never_break_the_program(files: Path, tmp_path: Path, form: str) -> None:
    """Cut, flipped, doubled at random places: a sentence or findings, never another error."""
    whole, random = (files / f"q2.{form}").read_bytes(), Random(form)
    path = tmp_path / f"file.{form}"
    for number in range(25):
        damaged = bytearray(whole)
        if number % 5 == 0:
            del damaged[random.randrange(len(whole)) :]
        else:
            for _each in range(random.choice([1, 3, 30, 300])):
                damaged[random.randrange(len(damaged))] = random.randrange(256)
        path.write_bytes(bytes(damaged))
        with suppress(NoProof, Unreadable):
            check(read_report(path), path.name, None)


def test_what_expands_without_end_is_refused(files: Path, tmp_path: Path) -> None:
    """A part of a PDF or of a package that is larger than any report's is not unpacked to its end."""
    bomb = zlib.compress(bytes(120_000_000), 9)
    with pikepdf.open(files / "q2.pdf") as file:
        stream = file.Root.AF[0].EF.F
        stream.write(bomb, filter=pikepdf.Name.FlateDecode)
        file.save(tmp_path / "bomb.pdf")
    with pytest.raises(Unreadable, match="larger than any report"):
        read_report(tmp_path / "bomb.pdf")
    content = rezipped(
        (files / "q2.docx").read_bytes(), "customXml/item1.xml", lambda _part: b"<a>" + b" " * 120_000_000
    )
    (tmp_path / "bomb.docx").write_bytes(content)
    with pytest.raises(Unreadable, match="expands to"):
        read_report(tmp_path / "bomb.docx")
    with (tmp_path / "long.html").open("wb") as file:
        file.truncate(101_000_000)
    assert checked(tmp_path, "long.html", str(files / "heinola.pub"))[0] != 0


def test_a_seal_is_asked_for_a_publication_alone(office: Terminal, files: Path, tmp_path: Path) -> None:
    """`report --seal` without `--published`, with another file, or of another report is refused in a sentence."""
    where = tmp_path / "q2.html"
    assert "add --published" in office.refused(f"report 2020Q2 --seal {files / SEAL} -o {where}", code=2)
    assert "name the seal that" in office.refused(f"report 2020Q2 --published --seal {SAMPLE} -o {where}", code=2)
    changed = tmp_path / "other.seal"
    changed.write_text((files / SEAL).read_text().replace("revision 1", "revision 2"))
    assert "the seal is not of the report" in office.refused(
        f"report 2020Q2 --published --seal {changed} -o {where}", code=2
    )


# ---------------------------------------------------------------- an auditor who has a seal and a public key alone


def test_a_seal_can_be_verified_without_a_store(files: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its signature is checked and what it is of is told; that the log was not, too. Nobody is told to make a store."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("HEINOLA_STORE", raising=False)
    result = CliRunner().invoke(main, ["audit", "verify", "--seal", str(files / SEAL), "--key", f"{files}/heinola.pub"])
    assert result.exit_code == 0
    assert "is signed: the report 1.4.–30.6.2020, snapshot sha256:" in result.stdout
    assert result.stderr == (
        "note: there is no store here, so the log was not checked; whoever has it names it with --store\n"
    )
    (tmp_path / "changed").write_text((files / SEAL).read_text().replace("revision 1", "revision 2"))
    result = CliRunner().invoke(main, ["audit", "verify", "--seal", "changed", "--key", f"{files}/heinola.pub"])
    assert result.exit_code == 3
    assert "the signature does not hold" in result.stdout


def test_a_store_that_was_named_and_is_not_there_is_told(files: Path) -> None:
    """A mistyped store never passes for one that was checked; and nobody is told to make one."""
    result = Terminal("/nowhere.db").run(f"audit verify --seal {files / SEAL} --key {files / 'heinola.pub'}")
    assert result.exit_code == 1
    assert result.stderr == (
        "heinola: no store here (/nowhere.db); name it with --store, or leave that out to check the seals alone\n"
    )


@pytest.mark.parametrize("line", ["audit verify --seal {seal}", "audit check-proof {seal} --seal {seal}"])
def test_an_auditor_without_a_key_is_told_whose_to_name(files: Path, tmp_path: Path, line: str) -> None:
    """The city's public key is what they need, and never one of their own."""
    result = Terminal("/nowhere.db").run(line.format(seal=files / SEAL), XDG_CONFIG_HOME=str(tmp_path), HEINOLA_KEY="")
    assert result.exit_code == 2
    assert "put the line that the city's `heinola keys show` prints into a file" in result.stderr
    assert "init" not in result.stderr
