"""Stores that earlier versions made, with what they published, sealed and proved: every later version opens them.

A folder of `tests/golden` is named for the version that made it and is never edited; each release adds one.
"""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from heinola_es.sealing.keys import load_verifier
from heinola_es.session import run
from heinola_es.store.log import EventLog, KeyUsedBefore, Request
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported
from projections.verifying.seals import SealFile
from projections.verifying.verification import Verdict, verify
from tests.specification import NOW
from tests.terminal import Terminal

GOLDEN = Path(__file__).parent / "golden"
VERSIONS = sorted(folder.name for folder in GOLDEN.iterdir())
DIGEST = "17c3bd99b03bb77a25d74bda6445d774b0e5fb5270384d385e8eb4e3337908cd"
"""What the one command with a key asked for."""
PUBLISHED = {
    "q2-r1.json": "snapshot 2020Q2 --published 1 --format json",
    "q2-r2.json": "snapshot 2020Q2 --published 2 --format json",
    "q2-410-r1.json": "snapshot 2020Q2 --unit 410 --published --format json",
}


@pytest.fixture(params=VERSIONS)
def golden(request: pytest.FixtureRequest) -> Path:
    """Give the folder of what a version made."""
    return GOLDEN / str(request.param)


@pytest.fixture(params=["as it was made", "brought to this format"])
def store(request: pytest.FixtureRequest, golden: Path, tmp_path: Path) -> Path:
    """Give the store that a version made, as it was and after it was brought to the format of this version."""
    path = tmp_path / "heinola.db"
    path.write_bytes(gzip.decompress((golden / "heinola.db.gz").read_bytes()))
    if request.param != "as it was made":
        with EventLog.open(str(path)) as log:
            assert log.upgrade(NOW, Request("controller", clock_is_right=True)) == 536
    return path


def verified(store: Path, golden: Path) -> Verdict:
    """Return what a verification finds in a store, with all its seals."""
    seals = [SealFile(path.name, path.read_bytes()) for path in sorted(golden.glob("*.seal"))]
    return verify(store, seals, load_verifier(golden / "heinola.pub"))


def test_it_is_whole_and_its_seals_hold(store: Path, golden: Path) -> None:
    """Leaves, roots, publications and seals of before stay true; it says from where on settings are protected."""
    verdict = verified(store, golden)
    assert verdict.problems == ()
    assert (verdict.size, verdict.reports, verdict.seals) in {(535, 3, 3), (536, 3, 3)}
    assert verdict.protected == (536 if verdict.size == 536 else 0)


@pytest.mark.parametrize("name", PUBLISHED)
def test_what_it_published_is_served_byte_for_byte(store: Path, golden: Path, name: str) -> None:
    """A published report comes out as it was published, whatever was recorded or upgraded since."""
    told = Terminal(store).run(PUBLISHED[name])
    assert told.stdout_bytes == gzip.decompress((golden / f"{name}.gz").read_bytes())


def test_its_proofs_hold(golden: Path) -> None:
    """A proof that somebody was given is checked with the seal alone."""
    proofs = {
        f"event-42.proof --seal {golden}/q2-r1.seal": "event 42 is in the log",
        f"r1-to-410.proof --seal {golden}/q2-r1.seal --seal {golden}/q2-410-r1.seal": "continues the one with 532",
    }
    for words, told in proofs.items():
        checked = Terminal(golden / "none.db").done(f"audit check-proof {golden}/{words} --key {golden}/heinola.pub")
        assert told in checked


def test_its_log_is_exported_byte_for_byte(golden: Path, tmp_path: Path) -> None:
    """As long as nothing was recorded, the export is the one that the version itself wrote, command keys and all."""
    path = tmp_path / "heinola.db"
    path.write_bytes(gzip.decompress((golden / "heinola.db.gz").read_bytes()))
    with LogReader.open(str(path)) as reader:
        assert b"".join(exported(reader)) == gzip.decompress((golden / "events.jsonl.gz").read_bytes())


def test_its_command_keys_are_recognised(store: Path) -> None:
    """A key that was used before the store was brought to this format is known after it."""
    with EventLog.open(str(store)) as log:
        request = Request("controller", key="tosite-4711", digest="another command", clock_is_right=True)
        with pytest.raises(KeyUsedBefore, match="was used for another command"):
            run(log, NOW, request, lambda _session: None)
        same = Request("controller", key="tosite-4711", digest=DIGEST, clock_is_right=True)
        receipt = run(log, NOW, same, lambda _session: None)
        assert (receipt.repeated, receipt.first, receipt.last) == (True, 533, 533)
