"""Stores that earlier versions made, with what they published, sealed and proved: every later version opens them.

A folder of `tests/golden` is named for the version that made it and is never edited; each release adds one, by
`python -m tests.golden_store tests/golden/VERSION`.
"""

from __future__ import annotations

import gzip
import re
from itertools import chain
from pathlib import Path
from typing import Any

import orjson
import pytest

from heinola_es.domain.aggregates.publication import PublishedBefore
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import correct_actual
from heinola_es.handlers.session import run
from heinola_es.sealing.keys import load_verifier
from heinola_es.sealing.proof_files import ConsistencyProof, parse_proof
from heinola_es.sealing.seals import read_seal
from heinola_es.store.log import EventLog, KeyUsedBefore, Request
from heinola_es.store.reading import LogReader
from heinola_es.store.schema import FORMAT
from heinola_es.store.transfer import exported
from projections.publishing import Publisher, Publishing, publish
from projections.verifying.seals import SealFile
from projections.verifying.verification import Verdict, verify
from tests.projections.forging import Forger
from tests.specification import NOW, SALT
from tests.terminal import Terminal

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(folder.name for folder in GOLDEN.iterdir())
SECOND, HALF = parse_period("2020Q2"), parse_period("2020H1")
PUBLISHED = ("q2-r1", "q2-r2", "q2-410-r1")
FIRST = "0.1.0"
"""The one whose log did not keep its settings and command keys itself."""
KEPT_NO_BYTES = {FIRST, "0.1.0-format-2"}
"""Those whose publications hold a digest alone."""
AS_IT_WAS, BROUGHT = "as it was made", "brought to this format"


@pytest.fixture(params=VERSIONS)
def golden(request: pytest.FixtureRequest) -> Path:
    """Give the folder of what a version made."""
    return GOLDEN / str(request.param)


@pytest.fixture(params=[AS_IT_WAS, BROUGHT])
def store(request: pytest.FixtureRequest, golden: Path, tmp_path: Path) -> Path:
    """Give the store that a version made, as it was and after it was brought to the format of this version."""
    path = unpacked(golden, tmp_path)
    if request.param == BROUGHT:
        with EventLog.open(str(path)) as log:
            before, size = log.setting("format"), log.head().size
            assert log.upgrade(NOW, Request("controller", clock_is_right=True)) == (before != FORMAT) * (size + 1)
            assert log.setting("format") == FORMAT
    return path


def unpacked(golden: Path, folder: Path) -> Path:
    """Return the store that a version made, in a folder of its own."""
    path = folder / "heinola.db"
    path.write_bytes(content(golden, "heinola.db"))
    return path


def content(golden: Path, name: str) -> bytes:
    """Return what a packed file of a golden folder holds."""
    return gzip.decompress((golden / f"{name}.gz").read_bytes())


def lines_of(golden: Path) -> list[dict[str, Any]]:
    """Return the lines of the export that the version itself wrote."""
    return [orjson.loads(line) for line in content(golden, "events.jsonl").splitlines()]


def verified(store: Path, golden: Path) -> Verdict:
    """Return what a verification finds in a store, with all its seals."""
    seals = [SealFile(path.name, path.read_bytes()) for path in sorted(golden.glob("*.seal"))]
    return verify(store, seals, load_verifier(golden / "heinola.pub"))


def test_it_is_whole_and_its_seals_hold(store: Path, golden: Path) -> None:
    """Leaves, roots, publications and seals of before stay true; it says from where on settings are protected."""
    verdict = verified(store, golden)
    assert verdict.problems == ()
    size = lines_of(golden)[0]["size"]
    assert verdict.size in {size, size + 1}
    assert (verdict.reports, verdict.seals) == (3, 3)
    assert verdict.protected == (1 if golden.name != FIRST else size + 1 if verdict.size > size else 0)


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_it_published_is_served(store: Path, golden: Path, name: str) -> None:
    """A published report comes out as it was published, whatever was recorded or upgraded since.

    What was published before its bytes were kept is worked out again: its figures are those that were published, and it
    is told that it is not word for word.
    """
    unit, revision = re.fullmatch(r"q2(?:-(\d+))?-r(\d)", name).groups()  # type: ignore[union-attr]
    of_unit = f"--unit {unit}" if unit else ""
    told = Terminal(store).run(f"snapshot 2020Q2 {of_unit} --published {revision} --format json")
    published = content(golden, f"{name}.json")
    if golden.name in KEPT_NO_BYTES:
        assert figures_of(told.stdout_bytes) == figures_of(published)
        assert "was published before its bytes were kept: this is what value rule 2 makes of the log" in told.stderr
    else:
        assert told.stdout_bytes == published


def figures_of(document: bytes) -> list[Any]:
    """Return everything that a snapshot says but for what the product observes about it."""
    told = orjson.loads(document)
    rows = [{**row, "notes": None} for unit in told["units"] for row in unit["figures"]]
    words = [{**unit, "figures": None} for unit in told["units"]]
    return [rows, words, told["projects"], told["period"], told["position"]]


def test_its_proofs_hold(golden: Path) -> None:
    """A proof that somebody was given is checked with the seal alone."""
    event, grown = (parse_proof((golden / f"{name}.proof").read_bytes()) for name in ("event-42", "r1-to-410"))
    assert isinstance(grown, ConsistencyProof)
    assert grown.old_size == read_seal(golden / "q2-r1.seal", load_verifier(golden / "heinola.pub")).size
    proofs = {
        f"event-42.proof --seal {golden}/q2-r1.seal": f"event 42 is in the log of {event.origin} with {grown.old_size}",
        f"r1-to-410.proof --seal {golden}/q2-r1.seal --seal {golden}/q2-410-r1.seal": (
            f"with {grown.new_size} events continues the one with {grown.old_size}"
        ),
    }
    for words, told in proofs.items():
        checked = Terminal(golden / "none.db").done(f"audit check-proof {golden}/{words} --key {golden}/heinola.pub")
        assert told in checked


def test_its_log_is_exported_byte_for_byte(golden: Path, tmp_path: Path) -> None:
    """As long as nothing was recorded, the export is the one that the version itself wrote, command keys and all."""
    with LogReader.open(str(unpacked(golden, tmp_path))) as reader:
        assert b"".join(exported(reader)) == content(golden, "events.jsonl")


def test_its_log_makes_a_store_of_this_format(golden: Path, tmp_path: Path) -> None:
    """What the version itself exported is taken in, verifies with its seals, and serves what was published."""
    lines = tmp_path / "events.jsonl"
    lines.write_bytes(content(golden, "events.jsonl"))
    new = Terminal(tmp_path / "new.db")
    assert new.done(f"import events {lines}").startswith("recorded ")
    assert verified(new.store, golden).problems == ()
    for name in PUBLISHED[:1]:
        told = new.run("snapshot 2020Q2 --published 1 --format json")
        assert figures_of(told.stdout_bytes) == figures_of(content(golden, f"{name}.json"))


def test_its_command_keys_are_recognised(store: Path, golden: Path) -> None:
    """A key that was used before the store was brought to this format is known after it."""
    bodies = (orjson.loads(line["body"]) for line in lines_of(golden) if line.get("topic") == "CommandKeyed")
    beside = (line for line in lines_of(golden) if "key" in line)
    (keyed,) = list(chain(bodies, beside))
    with EventLog.open(str(store)) as log:
        request = Request("controller", key="tosite-4711", digest="another command", clock_is_right=True)
        with pytest.raises(KeyUsedBefore, match="was used for another command"):
            run(log, NOW, request, lambda _session: None)
        same = Request("controller", key="tosite-4711", digest=keyed["digest"], clock_is_right=True)
        receipt = run(log, NOW, same, lambda _session: None)
        assert (receipt.repeated, receipt.first, receipt.last) == (True, keyed["first"], keyed["last"])


# ---------------------------------------------------------------- published before anything was kept

ASKED = Request("controller", clock_is_right=True)


def publish_second(store: Path) -> Publishing:
    """Publish the report of the second quarter once more."""
    with EventLog.open(str(store)) as log, LogReader.open(str(store)) as reader:
        return publish(Publisher(log, reader, NOW, ASKED, SALT), SECOND, None, incomplete=True)


def test_an_unchanged_report_is_not_published_again(store: Path) -> None:
    """Nothing in it has changed since, whatever format it was published in."""
    with pytest.raises(PublishedBefore, match="as revision 2, and nothing in it has changed since"):
        publish_second(store)


def test_a_revision_is_kept_beside_what_was_not(store: Path, golden: Path) -> None:
    """What is published now keeps its bytes; what was published then is served as it was, and all of it verifies."""
    with EventLog.open(str(store)) as log:
        reason = Request("controller", reason="kirjausvirhe", clock_is_right=True)
        run(log, NOW, reason, lambda session: correct_actual(session, "4100", "operating_income", HALF, 100_000))
    done = publish_second(store)
    assert (done.published.revision, done.published.is_kept) == (3, True)
    assert not done.before_differs  # where no bytes were kept, the log under it is as it was
    assert done.changes is not None
    assert ("figure", "4100", "income", "actual") in {change.key for change in done.changes.changes}
    verdict = verified(store, golden)
    assert (verdict.problems, verdict.reports) == ((), 4)
    assert len(verdict.notes) == (3 if golden.name in KEPT_NO_BYTES else 0)
    for name in PUBLISHED:
        test_what_it_published_is_served(store, golden, name)


def other_words(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this program say something of a report otherwise than the one that published it."""
    monkeypatch.setattr("projections.snapshot.first_format.note_sentence", lambda _note: "Something else.")
    monkeypatch.setattr("projections.snapshot.first_format.finding_sentence", lambda _finding: "Something else.")


@pytest.mark.parametrize("name", [FIRST, "0.1.0-format-2"])
def test_what_a_later_program_words_otherwise_is_no_tampering(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Of version 1 there is a digest alone: it is told that they differ, and that it cannot be proved why."""
    store = unpacked(GOLDEN / name, tmp_path)
    other_words(monkeypatch)
    verdict = verified(store, GOLDEN / name)
    assert verdict.problems == ()
    assert [note.message.count("cannot be proved") for note in verdict.notes] == [1, 1, 1]
    terminal = Terminal(store)
    told = terminal.run("audit verify")
    assert told.exit_code == 0
    assert told.stdout.startswith("all is as it was recorded: ")
    assert told.stdout.count("note: the report 1.4.–30.6.2020") == 3
    assert "no bytes of 3 published reports were kept then" in told.stderr
    again = terminal.run("snapshot 2020Q2 --published")
    assert again.exit_code == 0
    assert "was published before its bytes were kept" in again.stderr


@pytest.mark.parametrize("name", [FIRST, "0.1.0-format-2"])
def test_what_differs_because_the_log_was_changed_is_tampering(tmp_path: Path, name: str) -> None:
    """Where an event under a report of version 1 was changed, that it comes out differently is a problem."""
    store = unpacked(GOLDEN / name, tmp_path)
    with LogReader.open(str(store)) as reader:
        row = next(row for row in reader.rows_about("FigureStated") if b'"unit":"4160","line":"income"' in row[4])
    changed = row[4].replace(b'"amount_cents":', b'"amount_cents":1')
    Forger(str(store)).execute("UPDATE stored_events SET state = ? WHERE position = ?", (changed, row[0]))
    verdict = verified(store, GOLDEN / name)
    told = [str(problem) for problem in verdict.problems if problem.kind == "report"]
    assert sum("comes out differently than it was published" in each for each in told) == 3
    assert verdict.notes == ()

    refused = Terminal(store).run("snapshot 2020Q2 --published 1")
    assert (refused.exit_code, "the log under it was changed since" in refused.stderr) == (1, True)
