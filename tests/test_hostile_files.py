"""Files made to hurt: who takes one answers or refuses it in one sentence, at once and in little memory."""

from __future__ import annotations

import os
import socket
import struct
import subprocess
import sys
import zlib
from base64 import b64encode
from typing import TYPE_CHECKING

import orjson
import pytest

from tests.heinola_es.importing.report.reports import TABLE, report
from tests.terminal import ROOT, environment, started

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

MEGABYTES = 300
HANGS = 60
"""Seconds after which a program is taken to hang; nothing here takes more than two on a machine of its own."""

# Started by this little program, a process takes over none of the memory of the tests.
_MEASURED = """
import os, resource, subprocess, sys
done = subprocess.run([sys.executable, "-m", "cli", *sys.argv[1:]])
print("PEAK", resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
sys.exit(done.returncode)
"""


def ran(*words: str) -> subprocess.CompletedProcess[bytes]:
    """Run the program, which must neither hang nor take much memory nor break, and return how it ended."""
    with subprocess.Popen(
        [sys.executable, "-c", _MEASURED, *words],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as process:
        try:
            out, said = process.communicate(timeout=HANGS)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, 9)
            raise
    said, _, peak = said.rpartition(b"PEAK ")
    assert b"Traceback" not in said
    assert int(peak) < MEGABYTES * 1024
    return subprocess.CompletedProcess(words, process.returncode, out, said)


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


# ---------------------------------------------------------------- reports

BASE = report(f"502 Mittaus\n\nVastuuhenkilö: kaavoittaja\n{TABLE}")
REPORTS = {
    "a megabyte of blank lines": "\n" * 1_000_000,
    "19 megabytes of blank lines": "\n" * 19_000_000,
    "form feeds": "\f\n" * 900_000,
    "one long line": "x" * 1_900_000,
    "tabs": "x" + "\t" * 1_900_000,
    "lines of nothing known": BASE + "x\n" * 900_000,
    "findings": BASE + "x\n\n" * 9_000,
    "headings": BASE + "".join(f"{1000 + at} Yksikkö {at} Vastuuhenkilö: joku\n" for at in range(9_000)),
    "one paragraph": f"{BASE}\n\nMuut asiat:\n" + "Teksti jatkuu tässä\n" * 19_000,
    "lists of priorities": BASE
    + "".join(f"{1000 + at} Yksikkö {at} Vastuuhenkilö: joku\n" for at in range(900))
    + "".join(f"Toiminnalliset painopisteet 2021/ asia {at}\n1. Asia\n" for at in range(9_000)),
    "null bytes": "\0" * 1_000_000,
}


@pytest.mark.parametrize("kind", REPORTS)
def test_a_report_made_to_hurt_is_refused(store: Path, tmp_path: Path, kind: str) -> None:
    """The time and memory of reading a report grow with what it says alone, and what no report is, is refused."""
    (tmp_path / "report.txt").write_text(REPORTS[kind])
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


# ---------------------------------------------------------------- exported logs

HEADER = {"format": "heinola/events/1", "city": "Heinola", "chart": "jhs192-2020", "root": "", "recorded": ""}
LOGS = {
    "a line without an end": b"x" * 100_000_000,
    "a second line without an end": orjson.dumps(HEADER | {"size": 1}) + b"\n" + b"x" * 100_000_000,
    "nested lists": b"[" * 8_000_000,
    "many objects": b"[" + b"{}," * 2_900_000 + b"{}]",
    "a number without an end": b'{"format":"heinola/events/1","size":' + b"9" * 8_000_000 + b"}",
    "more events than there are": orjson.dumps(HEADER | {"size": 10**12}),
    "fewer than none": orjson.dumps(HEADER | {"size": -1}),
    "a size that is none": orjson.dumps(HEADER | {"size": 1.5}),
}


@pytest.mark.parametrize("kind", LOGS)
def test_a_log_made_to_hurt_is_refused(tmp_path: Path, kind: str) -> None:
    """What no export wrote is refused by its first bytes, and nothing is made."""
    (tmp_path / "log.jsonl").write_bytes(LOGS[kind])
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
    "a cell without an end": HEAD + "x" * 50_000_000,
    "columns": HEAD + "x;" * 100_000 + "\n",
    "an open quotation mark": HEAD + '"' + "abc\n" * 1_000_000,
    "a row over many lines": HEAD + '"\n";' * 1_000_000,
    "a long cell": HEAD + "410;4000;1/2020;" + "1" * 500_000 + "\n",
    "spaces": HEAD + ("410;4000;1/2020;1" + " " * 120_000 + "x\n"),
}


def _figures(store: Path, folder: Path, mapping: str, ledger: bytes) -> subprocess.CompletedProcess[bytes]:
    (folder / "m.toml").write_text(mapping)
    (folder / "l.csv").write_bytes(ledger)
    mapped = ("--mapping", str(folder / "m.toml"))
    return ran("--store", str(store), "--actor", "a", "import", "figures", str(folder / "l.csv"), *mapped)


@pytest.mark.parametrize("kind", LEDGERS)
def test_a_ledger_made_to_hurt_is_refused(store: Path, tmp_path: Path, kind: str) -> None:
    """Rows and cells beyond all measure are refused before they fill the memory."""
    before = store.read_bytes()
    assert _figures(store, tmp_path, MAPPING, LEDGERS[kind].encode()).returncode == 2
    assert store.read_bytes() == before


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
    assert not (tmp_path / "q2.docx").exists()
