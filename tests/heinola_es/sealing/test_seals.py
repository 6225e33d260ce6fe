"""A seal says what was published; only what a seal says, in its one form, is read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from attrs import evolve

from heinola_es.errors import BadInput
from heinola_es.sealing.notes import BadSeal
from heinola_es.sealing.seals import origin_of, parse_seal, read_seal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.sealing.keys import Signer
    from heinola_es.sealing.seals import Seal


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("revision 1\n", ""),
        ("revision 1\n", "revision 1\nrevision 1\n"),
        ("revision 1\nposition 532\n", "position 532\nrevision 1\n"),
        ("revision 1\n", "revision 01\n"),
        ("revision 1\n", "revision x\n"),
        ("2020-04-01/2020-06-30", "2020-06-30/2020-04-01"),
        ("2020-04-01/2020-06-30", "2020Q2"),
        ("sha256:5f", "sha256:5F"),
        ("sha256:5f", "sha512:5f"),
        ("position 532\n", "position 532\nnote hello\n"),
    ],
)
def test_only_the_lines_of_a_seal_are_read(signer: Signer, seal: Seal, old: str, new: str) -> None:
    """A line lost, doubled, out of place, of another form or added is refused even where the signature holds."""
    text = seal.checkpoint().text()
    assert old in text
    with pytest.raises(BadSeal):
        parse_seal(signer.sign(text.replace(old, new, 1)), signer.verifier)


def test_a_file_is_named_for_its_report(seal: Seal) -> None:
    """The name tells period, unit and revision, and is a file name whatever the unit's code is."""
    assert seal.file_name() == "heinola-2020-04-01_2020-06-30-r1.seal"
    assert evolve(seal, scope="410", revision=2).file_name() == "heinola-410-2020-04-01_2020-06-30-r2.seal"
    assert evolve(seal, origin="heinola-es/kristinestad").file_name() == "kristinestad-2020-04-01_2020-06-30-r1.seal"
    assert evolve(seal, scope="a/../b c").file_name() == "heinola-a_.._b_c-2020-04-01_2020-06-30-r1.seal"


@pytest.mark.parametrize(
    ("city", "origin"),
    [
        ("Heinola", "heinola-es/heinola"),
        ("Hämeenlinna", "heinola-es/hämeenlinna"),
        ("Nya  Karleby", "heinola-es/nya-karleby"),
        (" A+B ", "heinola-es/a-b"),
    ],
)
def test_an_origin_can_name_a_key(city: str, origin: str) -> None:
    """The origin has neither a space nor a plus, so that the key can bear its name (C2SP tlog-checkpoint)."""
    assert origin_of(city) == origin


def test_a_file_that_is_not_text_is_no_seal(tmp_path: Path, signer: Signer) -> None:
    """Bytes that are no text are told as damage."""
    (tmp_path / "x.seal").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSeal, match="not text"):
        read_seal(tmp_path / "x.seal", signer.verifier)


def test_a_missing_file_is_bad_input(tmp_path: Path, signer: Signer) -> None:
    """A wrong name is the user's to mend, and no damage."""
    with pytest.raises(BadInput, match="cannot read the seal"):
        read_seal(tmp_path / "x.seal", signer.verifier)
