"""Files made to hurt: who takes one answers or refuses it in one sentence, at once and in little memory."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import zlib
from base64 import b64encode
from time import process_time
from typing import TYPE_CHECKING
from zipfile import ZipFile

import orjson
import pytest
from attrs import frozen

from heinola_es.files import input_files
from heinola_es.files.toml_tables import toml_in
from heinola_es.store.reading import LogReader
from tests.heinola_es.importing.ledger.workbooks import repacked, workbook
from tests.heinola_es.importing.report.reports import TABLE, report
from tests.loaded import Ended, run
from tests.terminal import ROOT, Terminal, environment, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEGABYTES = 300
SECONDS = 2.0
"""What a program may take of a processor, on a machine that counts as fast as the one this was written on."""
COUNTING_SECONDS = 0.24
NOISE = 1.5
"""Neighbours of a machine slow one run down and not the next; what hurts takes many times as long."""
_COUNTING = [sys.executable, "-c", "for number in range(2_000_000): str(number).encode()"]


def seconds_allowed() -> float:
    """Return what a program may take of this machine's processor, as fast as it is at this moment."""
    before = os.times().children_user
    subprocess.run(_COUNTING, check=True)
    return SECONDS * NOISE * max(1.0, (os.times().children_user - before) / COUNTING_SECONDS)


def ran(*words: str, besides: float = 0.0) -> Ended:
    """Run the program, which must not take much time or memory nor break, and return how it ended.

    `besides` are the seconds that it takes for what it does besides reading its input.
    """
    ended = run(*words, cwd=ROOT, env=environment())
    assert b"Traceback" not in ended.stderr
    assert ended.megabytes < MEGABYTES
    assert ended.user_seconds < SECONDS + besides or ended.user_seconds < seconds_allowed() + besides
    return ended


def refused(*words: str) -> str:
    """Run the program, which must refuse its input in one sentence, and return the sentence."""
    done = ran(*words)
    assert done.returncode in {1, 2}
    (sentence,) = done.stderr.decode().splitlines()
    assert sentence.startswith("heinola: ")
    return sentence


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a store with the sample report."""
    path = tmp_path_factory.mktemp("store") / "heinola.db"
    assert started("--store", str(path), "init").returncode == 0
    sample = str(ROOT / "examples" / "hyvinvointi-2020-q2.txt")
    assert started("--store", str(path), "--actor", "a", "import", "report", sample).returncode == 0
    return path


# ---------------------------------------------------------------- what is no file

TAKERS = {
    "report": "import report {}",
    "figures": "import figures {} --mapping {}",
    "suggestion": "import figures {} --suggest",
    "log": "import events {}",
    "theme": "report 2020Q2 --theme {} -o -",
    "text": "record outlook 4100 2020Q2 --text-file {}",
    "seal": "audit verify --seal {}",
    "proof": "audit check-proof {} --seal {} --key {}",
    "key": "keys show --key {}",
}


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(path))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("taker", TAKERS)
@pytest.mark.parametrize("make", [_pipe, _socket, _device, _folder])
def test_what_is_no_file_is_refused_at_once(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], taker: str
) -> None:
    """A pipe nobody writes to is not waited for, a device without an end not read, by any command that takes a file."""
    monkeypatch.chdir(tmp_path)  # the path of a socket is short
    make(tmp_path / "x")
    words = TAKERS[taker].format(*[str(tmp_path / "x")] * 3).split()
    before = store.read_bytes()
    refused("--store", str(store), "--actor", "a", *words)
    assert store.read_bytes() == before


NAMED = (
    *(f"import facts x.{ending}" for ending in ("toml", "csv", "jsonl")),
    *(f"import form x.{ending}" for ending in ("xlsx", "ods", "docx", "toml", "json")),
    *(f"import report x.{ending}" for ending in ("docx", "pdf", "docx --suggest", "pdf --profile x")),
    *(f"audit check-document x.{ending} --key x" for ending in ("html", "pdf", "xlsx", "docx", "ods", "json")),
    "audit verify --actors x",
    "audit cosign x --key x",
    "record chart --from 2030 x",
    "publish 2020Q2 --key x -o 1.seal",
)
"""Takers that go by the ending of a name, or are asked seldom."""


@pytest.mark.parametrize("line", NAMED)
@pytest.mark.parametrize("make", [_pipe, _socket, _device, _folder])
def test_whatever_it_is_named_what_is_no_file_is_refused(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, make: Callable[[Path], None], line: str
) -> None:
    """The ending of a name makes no file of it; each taker says so, and waits for nobody."""
    monkeypatch.chdir(tmp_path)
    for name in {word for word in line.split() if word == "x" or word.startswith("x.")}:
        make(tmp_path / name)
    before = recorded_in(store)
    begun = process_time()
    result = Terminal(store).run(line)
    assert process_time() - begun < SECONDS * 5
    assert result.exit_code in {1, 2}, result.stdout
    assert result.stderr.startswith("heinola: ")
    assert recorded_in(store) == before


def recorded_in(store: Path) -> int:
    """Return how many events a store has."""
    with LogReader.open(str(store)) as log:
        return log.size()


@pytest.mark.parametrize("taker", TAKERS)
def test_what_has_nothing_just_now_is_refused(
    store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, taker: str
) -> None:
    """Some files of the system look like ordinary ones, and have no end: `/proc/kmsg`, for which a pipe stands here."""
    waiting = tmp_path / "x"
    os.mkfifo(waiting)
    monkeypatch.setattr(input_files, "_require_regular", lambda _facts: None)
    words = TAKERS[taker].format(*[waiting] * 3)
    writer = os.open(waiting, os.O_RDWR)  # so that there is more to come
    try:
        result = Terminal(store).run(words)
    finally:
        os.close(writer)
    assert result.exit_code in {1, 2}, result.stderr
    assert len(result.stderr.splitlines()) == 1


# ---------------------------------------------------------------- reports

BASE = report(f"502 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{TABLE}")
REPORTS = {
    "a megabyte of blank lines": lambda: "\n" * 1_000_000,
    "19 megabytes of blank lines": lambda: "\n" * 19_000_000,
    "form feeds": lambda: "\f\n" * 900_000,
    "one long line": lambda: "x" * 1_900_000,
    "tabs": lambda: "x" + "\t" * 1_900_000,
    "lines of nothing known": lambda: BASE + "x\n" * 900_000,
    "findings": lambda: BASE + "x\n\n" * 9_000,
    "headings": lambda: BASE + "".join(f"{1000 + at} Yksikkö {at} Vastuuhenkilö: joku\n" for at in range(9_000)),
    "one paragraph": lambda: f"{BASE}\n\nMuut asiat:\n" + "Teksti jatkuu tässä\n" * 19_000,
    "lists of priorities": lambda: (
        BASE
        + "".join(f"{1000 + at} Yksikkö {at} Vastuuhenkilö: joku\n" for at in range(900))
        + "".join(f"Toiminnalliset painopisteet 2021/ asia {at}\n1. Asia\n" for at in range(9_000))
    ),
    "null bytes": lambda: "\0" * 1_000_000,
}


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_made_to_hurt_is_refused(store: Path, tmp_path: Path, kind: str) -> None:
    """The time and memory of reading a report grow with what it says alone, and what no report is, is refused."""
    (tmp_path / "report.txt").write_text(REPORTS[kind]())
    refused("--store", str(store), "--actor", "a", "import", "report", str(tmp_path / "report.txt"))


@pytest.mark.parametrize(
    "more",
    [
        "\n" * 1_900_000,
        "\f\n" * 900_000,
        " " * 1_900_000,
        ("*" * 19_000 + "\n") * 90,
        ("1.1." * 4_900 + "\n") * 90,
        ("\tTP" + " " * 19_000 + "\n") * 90,
        "\n\nKäynnit, tilasto 1.1.–30.9.2021\tkpl\n" + ("a " * 9_000 + "\t\n") * 90,
    ],
    ids=["lines", "pages", "spaces", "stars", "dates", "columns", "shares"],
)
def test_a_report_with_much_of_nothing_is_read(store: Path, tmp_path: Path, more: str) -> None:
    """Blank lines and what means nothing cost next to nothing."""
    (tmp_path / "report.txt").write_text(BASE + more)
    done = ran("--store", str(store), "--actor", "a", "import", "report", "--dry-run", str(tmp_path / "report.txt"))
    assert done.returncode == 0


GOALS = "\nOhjelmatavoite\tSitova tavoite\tMittari\tTavoitetaso\n"
LONG_REPORTS = {
    "goals": lambda: BASE + GOALS + "".join(f"Tavoite {at}.\tSitova {at}.\tMittari.\tTaso.\n" for at in range(18_000)),
    "sections": lambda: BASE + "".join(f"\nOtsikko {at}:\n\nTeksti {at} on tässä.\n" for at in range(9_000)),
    "one section again and again": lambda: BASE + "\nOtsikko:\n\nTeksti on tässä.\n" * 9_000,
    "torn goals": lambda: BASE + GOALS + "Tavoite ja,\tsitova ja,\tmittari ja,\ttaso ja,\n" * 18_000,
    "statistics": lambda: BASE + "\n\nKäynnit, tilasto 1.1.–30.9.2021\tkpl\n" + "Kävijät\t5\n" * 18_000,
}


@pytest.mark.parametrize("kind", LONG_REPORTS)
def test_a_report_of_a_thousand_cities_is_read_in_time(store: Path, tmp_path: Path, kind: str) -> None:
    """What is sound and beyond all measure of a city costs what it says, and no more: it is read, or refused."""
    (tmp_path / "report.txt").write_text(LONG_REPORTS[kind]())
    done = ran("--store", str(store), "--actor", "a", "import", "report", "--dry-run", str(tmp_path / "report.txt"))
    assert done.returncode in {0, 1, 2}


# ---------------------------------------------------------------- exported logs

HEADER = {"format": "heinola/events/1", "city": "Heinola", "chart": "jhs192-2020", "root": "", "recorded": ""}
LOGS = {
    "a line without an end": lambda: b"x" * 100_000_000,
    "a second line without an end": lambda: orjson.dumps(HEADER | {"size": 1}) + b"\n" + b"x" * 100_000_000,
    "nested lists": lambda: b"[" * 8_000_000,
    "many objects": lambda: b"[" + b"{}," * 2_900_000 + b"{}]",
    "a number without an end": lambda: b'{"format":"heinola/events/1","size":' + b"9" * 8_000_000 + b"}",
    "more events than there are": lambda: orjson.dumps(HEADER | {"size": 10**12}),
    "fewer than none": lambda: orjson.dumps(HEADER | {"size": -1}),
    "a size that is none": lambda: orjson.dumps(HEADER | {"size": 1.5}),
}


@pytest.mark.parametrize("kind", LOGS)
def test_a_log_made_to_hurt_is_refused(tmp_path: Path, kind: str) -> None:
    """What no export wrote is refused by its first bytes, and nothing is made."""
    (tmp_path / "log.jsonl").write_bytes(LOGS[kind]())
    refused("--store", str(tmp_path / "new.db"), "--actor", "a", "import", "events", str(tmp_path / "log.jsonl"))
    assert not (tmp_path / "new.db").exists()


# ---------------------------------------------------------------- ledgers and mappings

MAPPING = """version = 1
[file]
header = 1
[[units]]
kind = "sector"
column = "Yksikkö"
[account]
column = "Tili"
[period]
column = "Kk"
[[amounts]]
is = "actual"
column = "Euroa"
"""
HEAD = "Yksikkö;Tili;Kk;Euroa\n"
LEDGERS = {
    "a cell without an end": lambda: HEAD + "x" * 50_000_000,
    "columns": lambda: HEAD + "x;" * 100_000 + "\n",
    "an open quotation mark": lambda: HEAD + '"' + "abc\n" * 1_000_000,
    "a row over many lines": lambda: HEAD + '"\n";' * 1_000_000,
    "a long cell": lambda: HEAD + "410;4000;1/2020;" + "1" * 500_000 + "\n",
    "spaces": lambda: HEAD + ("410;4000;1/2020;1" + " " * 120_000 + "x\n"),
    "rows of nothing": lambda: HEAD + "\n" * 4_000_000,
    "rows of blanks": lambda: HEAD + "   \n" * 4_000_000,
    "rows of empty cells": lambda: HEAD + ";;;\n" * 4_000_000,
    "rows of nothing above": lambda: "\n" * 1_000_000 + HEAD,
    "carriage returns alone": lambda: HEAD.replace("\n", "\r") + "\r" * 4_000_000,
    "carriage returns among lines": lambda: HEAD + ("\r" * 900_000 + "\n") * 20,
}
LONG_CELLS = {"long cells": lambda: HEAD + ("x" * 50_000 + ";4000;1/2020;1\n") * 3_000}


def _figures(store: Path, folder: Path, mapping: str, ledger: bytes) -> Ended:
    (folder / "m.toml").write_text(mapping)
    (folder / "l.csv").write_bytes(ledger)
    mapped = ("--mapping", str(folder / "m.toml"))
    return ran("--store", str(store), "--actor", "a", "import", "figures", str(folder / "l.csv"), *mapped)


@pytest.mark.parametrize("kind", LEDGERS)
def test_a_ledger_made_to_hurt_is_refused(store: Path, tmp_path: Path, kind: str) -> None:
    """Rows and cells beyond all measure are refused before they fill the memory."""
    before = store.read_bytes()
    assert _figures(store, tmp_path, MAPPING, LEDGERS[kind]().encode()).returncode == 2
    assert store.read_bytes() == before


@pytest.mark.parametrize("kind", LONG_CELLS | LEDGERS)
def test_a_suggestion_looks_at_a_part_of_a_ledger(store: Path, tmp_path: Path, kind: str) -> None:
    """However long a file and its cells are, a first mapping comes at once, or a refusal."""
    ledger = (LONG_CELLS | LEDGERS)[kind]()
    (tmp_path / "l.csv").write_bytes(ledger.encode())
    words = ("--store", str(store), "--actor", "a", "import", "figures", str(tmp_path / "l.csv"), "--suggest")
    tried = len(ledger) / 100_000_000  # the dry run beside the suggestion reads every byte
    assert ran(*words, besides=tried).returncode in {0, 2}


@pytest.mark.parametrize("ledger", [b"\xff\xfe" + b"x\0" * 20_000_000, b"\xff\xfea"], ids=["line", "odd"])
def test_text_of_two_bytes_a_letter_is_bounded_too(store: Path, tmp_path: Path, ledger: bytes) -> None:
    """A line of UTF-16 has a limit, and half a letter at its end is told."""
    assert _figures(store, tmp_path, MAPPING, ledger).returncode == 2


def test_problems_by_the_hundred_thousand_are_not_gathered(store: Path, tmp_path: Path) -> None:
    """The first 10 000 are told word for word; then reading stops, and that is told."""
    rows = "410;4000;1/2020;x\n" * 300_000
    said = _figures(store, tmp_path, MAPPING, (HEAD + rows).encode()).stderr.decode().splitlines()
    assert len(said) < 10_010
    assert "were not looked at" in said[0]
    assert said[-1].startswith("heinola: l.csv: 10 ")


# ---------------------------------------------------------------- workbooks

SHEET, STRINGS, STYLES, BOOK = (
    f"xl/{name}.xml" for name in ("worksheets/sheet1", "sharedStrings", "styles", "workbook")
)
_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_SHEET_AGAIN = (
    '<sheet name="n{1}" sheetId="{0}" r:id="rId1" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"/>'
)


@frozen
class Bomb:
    """What there is too much of in a workbook: in `part`, before `before`, `number` times `one` with other digits."""

    part: str
    before: bytes
    one: str
    number: int
    around: str = "{}"

    def content(self) -> bytes:
        """Return all of it."""
        many = (self.one.format(at, at * 2654435761 % (1 << 32)) for at in range(1, self.number + 1))
        return self.around.format("".join(many)).encode()


BOMBS = {
    "merged cells": Bomb(
        SHEET, b"</worksheet>", '<mergeCell ref="A{0}:B{1}"/>', 1_000_000, "<mergeCells>{}</mergeCells>"
    ),
    "conditions": Bomb(
        SHEET,
        b"</worksheet>",
        '<conditionalFormatting sqref="A{0}"><cfRule><formula>{1}</formula></cfRule></conditionalFormatting>',
        500_000,
    ),
    "columns": Bomb(SHEET, b"<sheetData>", '<col min="{0}" max="{1}"/>', 1_000_000, "<cols>{}</cols>"),
    "rows": Bomb(SHEET, b"</sheetData>", '<row r="{0}"><c r="C{0}"><v>{1}</v></c></row>', 1_000_000),
    "styles": Bomb(STYLES, b"</cellXfs>", '<xf numFmtId="{1}"/>', 300_000),
    "formats": Bomb(STYLES, b"<fonts", '<numFmt numFmtId="{0}" formatCode="{1}"/>', 150_000, "<numFmts>{}</numFmts>"),
    "names": Bomb(
        BOOK, b"</workbook>", '<definedName name="n{0}">{1}</definedName>', 150_000, "<definedNames>{}</definedNames>"
    ),
    "sheets": Bomb(BOOK, b"</sheets>", _SHEET_AGAIN, 50_000),
    "texts": Bomb(STRINGS, b"", "<si><t>{0} {1} {0}</t></si>", 1_500_000, f"<sst {_MAIN}>{{}}</sst>"),
    "pieces of a text": Bomb(STRINGS, b"", "<r><t>{1}</t></r>", 2_000_000, f"<sst {_MAIN}><si>{{}}</si></sst>"),
    "comments": Bomb(
        "xl/comments1.xml",
        b"",
        '<comment ref="A1"><text><t>{1}</t></text></comment>',
        140_000,
        f"<comments {_MAIN}>{{}}</comments>",
    ),
    "pictures": Bomb("xl/media/image1.png", b"", "{0}{1}", 3_000_000),
}


def _workbook(folder: Path, bomb: Bomb) -> Path:
    """Write a workbook with a small table, and something huge in one part of it."""
    plain = workbook(folder / "plain.xlsx", [["Yksikkö", "Tili", "Kk", "Euroa"], ["410", 4000, "1/2020", -5]])
    with ZipFile(plain) as package:
        there = package.read(bomb.part) if bomb.before else b""
    huge = bomb.content()
    return repacked(plain, {bomb.part: there.replace(bomb.before, huge + bomb.before, 1) if there else huge})


@pytest.mark.parametrize("kind", BOMBS)
def test_a_workbook_made_to_hurt_is_refused_or_read(store: Path, tmp_path: Path, kind: str) -> None:
    """Whatever there is too much of in a workbook, its table is read, or it is refused in a few lines."""
    (tmp_path / "m.toml").write_text(MAPPING)
    path = _workbook(tmp_path, BOMBS[kind])
    mapped = ("--dry-run", "--mapping", str(tmp_path / "m.toml"))
    done = ran("--store", str(store), "--actor", "a", "import", "figures", str(path), *mapped)
    assert done.returncode in {0, 1, 2}
    assert len(done.stderr) < 10_000


# ---------------------------------------------------------------- mappings


def test_an_expression_that_would_never_end_ends(store: Path, tmp_path: Path) -> None:
    """A mapping's regular expression takes time that grows with the cell alone."""
    where = '[skip]\nwhere = [{ column = "Yksikkö", matches = "(a+)+$" }]\n'
    row = "a" * 50_000 + "!;4000;1/2020;x\n"
    said = _figures(store, tmp_path, MAPPING + where, (HEAD + row).encode())
    assert said.returncode == 2


MAPPINGS = {
    "nested lists": "a=" + "[" * 400_000,
    "a long number": "version=" + "1" * 10_000,
    "a deep key": "a" + ".a" * 400_000 + "=1",
    "a deep table": "[" + '"a".' * 200_000 + "a]",
    "ten megabytes": "#" * 10_000_000,
    "a look-around": MAPPING + '[skip]\nwhere = [{ column = "a", matches = "(?=x)" }]\n',
}


@pytest.mark.parametrize("kind", MAPPINGS)
def test_a_mapping_made_to_hurt_is_refused(store: Path, tmp_path: Path, kind: str) -> None:
    """Depth, numbers and size of TOML are bounded, and what no linear engine follows is told."""
    done = _figures(store, tmp_path, MAPPINGS[kind], HEAD.encode())
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("what", ["facts", "form"])
@pytest.mark.parametrize("kind", ["nested lists", "a long number", "a deep key", "a deep table"])
def test_facts_and_forms_made_to_hurt_are_refused(store: Path, tmp_path: Path, what: str, kind: str) -> None:
    """What is told of in TOML is bounded as a mapping is."""
    (tmp_path / "x.toml").write_text(MAPPINGS[kind])
    done = ran("--store", str(store), "--actor", "a", "import", what, str(tmp_path / "x.toml"))
    assert done.returncode == 2
    assert b"x.toml" in done.stderr.splitlines()[-1]


def test_sentences_of_one_word_are_no_key() -> None:
    """Facts are told in prose, which may have many full stops."""
    text = "Kyllä. Ei. " * 20
    assert toml_in(f'x = "{text}"\n', "x.toml", kind="facts") == {"x": text}


def test_complaints_about_a_mapping_are_bounded(store: Path, tmp_path: Path) -> None:
    """Unknown words by the thousand are one mistake: the first hundred are told."""
    done = _figures(store, tmp_path, "".join(f"word{at} = 1\n" for at in range(50_000)), HEAD.encode())
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 100


# ---------------------------------------------------------------- marks

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="200" height="60">{}</svg>'


def _levels(one: str, of: str) -> str:
    """Return ten times ten times … of something small, each level by an element that refers to the one below."""
    return "".join(one.format(at, "".join([of.format(at - 1)] * 10)) for at in range(1, 10))


def png(width: int, height: int) -> bytes:
    """Return the beginning of a picture that says that it is so large."""
    head = b"IHDR" + struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = b"IDAT" + zlib.compress(b"\0" * 1_000)
    chunks = (struct.pack(">I", len(part) - 4) + part + struct.pack(">I", zlib.crc32(part)) for part in (head, data))
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


MARKS: dict[str, str | bytes] = {
    "use of use": SVG.format('<rect id="u0"/>' + _levels('<g id="u{}">{}</g>', '<use href="#u{}"/>')),
    "pattern of pattern": SVG.format(
        _levels('<pattern id="u{}">{}</pattern>', '<rect fill="url(#u{})"/>') + '<rect fill="url(#u9)"/>'
    ),
    "mask of mask": SVG.format(
        _levels('<mask id="u{}">{}</mask>', '<rect style="mask: url( #u{} )"/>') + '<rect mask="url(#u9)"/>'
    ),
    "by a style sheet": SVG.format(
        "<style>"
        + "".join(f".c{at}{{fill:url(#u{at - 1})}}" for at in range(1, 11))
        + "</style>"
        + _levels('<pattern id="u{}">{}</pattern>', '<rect class="c{}"/>')
        + '<rect class="c10"/>'
    ),
    "itself": SVG.format('<g id="a"><use href="#a"/></g>'),
    "depth": SVG.format("<g>" * 20_000 + "</g>" * 20_000),
    "shapes": SVG.format("<rect/>" * 60_000),
    "turbulence": SVG.format('<filter id="f"><feTurbulence numOctaves="1000000"/></filter><rect filter="url(#f)"/>'),
    "size": SVG.replace('width="200"', 'width="100000000"').format(""),
    "rules": SVG.format(
        "<style>" + "".join(f".c{at}{{fill:red}}" for at in range(28_000)) + "</style>" + '<rect class="c1"/>' * 10
    ),
    "selectors": SVG.format(f"<style>{'a,' * 200_000}a{{fill:red}}</style>"),
    "attributes": SVG.format("<rect " + " ".join(f"a{at}='x'" for at in range(40_000)) + "/>"),
    "declarations": SVG.format(f'<rect style="{"fill:red;" * 45_000}"/>'),
    "arcs": SVG.format(f'<path d="M0 0{"A9 9 0 0 1 5 5" * 30_000}"/>'),
    "corners": SVG.format(f'<path d="M0 0{"".join(f"L{at % 200} 50L{at % 190} 0" for at in range(30_000))}"/>'),
    "a book": SVG.format(f"<text>{'x' * 480_000}</text>"),
    "letters": SVG.format(f"<text>{'<tspan>x</tspan>' * 9_000}</text>"),
    "points": png(30_000, 30_000),
    "points inside": SVG.format(f'<image href="data:image/png;base64,{b64encode(png(20_000, 20_000)).decode()}"/>'),
}


@pytest.mark.parametrize("kind", MARKS)
def test_a_mark_made_to_hurt_is_refused(store: Path, tmp_path: Path, kind: str) -> None:
    """What there is to draw is counted before any of it is drawn."""
    mark: str | bytes = MARKS[kind]
    (tmp_path / "mark").write_bytes(mark if isinstance(mark, bytes) else mark.encode())
    (tmp_path / "theme.toml").write_text('[logo]\nfile = "mark"\nalternative = "Heinola"\n')
    theme = ("--theme", str(tmp_path / "theme.toml"), "-o", str(tmp_path / "q2.docx"))
    sentence = refused("--store", str(store), "report", "2020Q2", *theme)
    assert "logo.file is " in sentence
    assert len(sentence) < 1_000
    assert not (tmp_path / "q2.docx").exists()


def test_a_mark_as_large_as_marks_are_is_drawn(store: Path, tmp_path: Path) -> None:
    """A traced coat of arms has a hundred shapes of many corners, styles and a program's notes beside them."""
    shape = "".join(f"c{at % 7} {at % 5} {at % 3} 1 2 {at % 4}" for at in range(150))
    notes = f"<metadata>{'notes ' * 10_000}</metadata><style>.a{{fill:#123}}</style>"
    (tmp_path / "mark").write_text(SVG.format(notes + f'<path class="a" d="M9 9{shape}z"/>' * 100))
    (tmp_path / "theme.toml").write_text('[logo]\nfile = "mark"\nalternative = "Heinola"\n')
    theme = ("--theme", str(tmp_path / "theme.toml"), "-o", str(tmp_path / "q2.docx"))
    assert ran("--store", str(store), "report", "2020Q2", *theme, besides=2.0).returncode == 0
