"""The key lives outside the store, in a file that its owner alone can read; a damaged or open one is not used."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.errors import BadInput
from heinola_es.sealing.keys import KeyExists, KeyTooOpen, NoKey, create_key, load_signer, load_verifier

if TYPE_CHECKING:
    from pathlib import Path

NAME = "heinola-es/heinola"


@pytest.fixture
def key(tmp_path: Path) -> Path:
    """Give the path of a new key, in a folder of its own."""
    path = tmp_path / "config" / "heinola" / "seal.key"
    create_key(path, NAME)
    return path


def test_the_owner_alone_can_read_it(key: Path) -> None:
    """The file has mode 600 and its folder 700, whatever the umask lets through."""
    assert key.stat().st_mode & 0o777 == 0o600
    assert key.parent.stat().st_mode & 0o777 == 0o700


def test_what_was_made_is_what_is_loaded(tmp_path: Path) -> None:
    """The public side that was shown is that of the key that signs, and is checked with."""
    verifier = create_key(tmp_path / "seal.key", NAME)
    signer = load_signer(tmp_path / "seal.key")
    assert str(signer.verifier) == str(verifier) == str(load_verifier(tmp_path / "seal.key"))
    assert signer.name == NAME


def test_a_public_file_checks_and_does_not_sign(tmp_path: Path, key: Path) -> None:
    """What `keys show` prints is enough to check seals, may be read by all, and signs nothing."""
    public = tmp_path / "heinola.pub"
    public.write_text(f"{load_verifier(key)}\n")
    public.chmod(0o644)
    assert str(load_verifier(public)) == str(load_verifier(key))
    with pytest.raises(NoKey, match="holds no private key"):
        load_signer(public)


def test_no_two_keys_are_alike(tmp_path: Path) -> None:
    """Every key is new."""
    assert str(create_key(tmp_path / "a", NAME)) != str(create_key(tmp_path / "b", NAME))


def test_a_key_is_never_overwritten(key: Path) -> None:
    """Seals in the world depend on the key: a second `init` leaves it as it is."""
    before = key.read_bytes()
    with pytest.raises(KeyExists, match="never overwritten"):
        create_key(key, NAME)
    assert key.read_bytes() == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o666, 0o610])
def test_a_key_that_others_can_reach_is_refused(key: Path, mode: int) -> None:
    """A private key open to the group or the world is not used, and the way to close it is told."""
    key.chmod(mode)
    with pytest.raises(KeyTooOpen, match="chmod 600"):
        load_signer(key)
    with pytest.raises(KeyTooOpen):
        load_verifier(key)


def test_an_auditor_without_the_key_is_told_whose_it_is(tmp_path: Path) -> None:
    """Who checks makes no key of their own: the sentence names that of the city; who signs is told to make one."""
    with pytest.raises(NoKey, match="the city's `heinola keys show`") as told:
        load_verifier(tmp_path / "none")
    assert "keys init" not in str(told.value)
    with pytest.raises(NoKey, match="`heinola keys init`"):
        load_signer(tmp_path / "none")


def test_every_damaged_byte_of_a_key_is_found(key: Path) -> None:
    """The line is read exactly: with any byte of it changed, it is no key any more."""
    line = key.read_bytes()
    for at in range(len(line)):
        key.write_bytes(bytes([*line[:at], line[at] ^ 1, *line[at + 1 :]]))
        with pytest.raises(NoKey):
            load_signer(key)


@pytest.mark.parametrize("name", ["", "two words", "a+b", "line\nbreak"])
def test_a_name_that_no_note_can_bear_is_refused(tmp_path: Path, name: str) -> None:
    """A key's name has neither a space nor a plus (C2SP signed-note); nothing is made."""
    with pytest.raises(BadInput, match="cannot name a key"):
        create_key(tmp_path / "seal.key", name)
    assert not (tmp_path / "seal.key").exists()


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    """Whoever has no key is told of `heinola keys init`."""
    with pytest.raises(NoKey, match="make one with `heinola keys init`"):
        load_signer(tmp_path / "seal.key")


def test_a_folder_is_no_key(tmp_path: Path) -> None:
    """What cannot be read is told in a sentence."""
    with pytest.raises(NoKey, match="cannot read the key"):
        load_signer(tmp_path)
