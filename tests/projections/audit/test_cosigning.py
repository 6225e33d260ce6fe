"""`audit cosign`: a witness sees every seal, and whoever shows two histories does without the witness for one."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.projections.audit.test_commands import FIRST_SEAL
from tests.terminal import Terminal

if TYPE_CHECKING:
    from tests.projections.conftest import ImportedReport

SECOND_SEAL = "heinola-2020-04-01_2020-06-30-r2.seal"
CORRECTION = "record correction 4100 operating_income 1-6/2020 {amount} --reason virhe"


@pytest.fixture
def terminal(sample: ImportedReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal of a city that has published once, with its public key and two witnesses' keys beside it."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("HEINOLA_KEY", raising=False)
    terminal = Terminal(sample.path)
    for line in ("", "--key auditor.key --name tarkastaja", "--key union.key --name liitto"):
        assert terminal.run(f"keys init {line}").exit_code == 0
    Path("heinola.pub").write_text(terminal.done("keys show"))
    Path("auditor.pub").write_text(terminal.done("keys show --key auditor.key"))
    Path("union.pub").write_text(terminal.done("keys show --key union.key"))
    terminal.done("publish 2020Q2")
    return terminal


def published_again(terminal: Terminal, amount: int) -> None:
    """Put something right and publish the revision."""
    terminal.done(CORRECTION.format(amount=amount))
    terminal.done("publish 2020Q2 --reason korjaus")


def cosign(terminal: Terminal, rest: str) -> tuple[int, str]:
    """Cosign as the auditor; return the exit code and all that was said."""
    result = terminal.run(f"audit cosign --log-key heinola.pub --key auditor.key {rest}")
    return result.exit_code, result.stdout + result.stderr


def test_a_witness_cosigns_and_the_verification_says_so(terminal: Terminal) -> None:
    """With no store at hand; then `verify` names who has seen the seal, and can ask for more of them."""
    code, said = cosign(Terminal("nowhere.db"), FIRST_SEAL)
    assert code == 0
    assert said.startswith(f"tarkastaja has cosigned {FIRST_SEAL}: ")
    verify = f"audit verify --key heinola.pub --seal {FIRST_SEAL}"
    assert "is cosigned by tarkastaja (unchecked" in terminal.done(verify)
    shown = terminal.done(f"{verify} --witness auditor.pub")
    assert f"{FIRST_SEAL} is cosigned by tarkastaja (20" in shown
    result = terminal.run(f"{verify} --witness auditor.pub --witness union.pub")
    assert result.exit_code == 3
    assert "cosigned by 1 of the 2 witnesses asked for; not by liitto" in result.stdout
    terminal.done(f"{verify} --witness auditor.pub --witness union.pub --quorum 1")
    assert terminal.run("audit cosign --log-key heinola.pub --key union.key " + FIRST_SEAL).exit_code == 0
    assert "liitto (" in terminal.done(f"{verify} --witness auditor.pub --witness union.pub")


def test_a_log_that_was_continued(terminal: Terminal) -> None:
    """The next seal is cosigned with the proof that its log continues the one last seen."""
    cosign(terminal, FIRST_SEAL)
    published_again(terminal, 1000)
    code, said = cosign(terminal, f"{SECOND_SEAL} --since {FIRST_SEAL}")
    assert (code, "audit prove --from" in said) == (2, True)
    terminal.done(f"audit prove --from {FIRST_SEAL} --to {SECOND_SEAL} -o grown.proof")
    before = Path(SECOND_SEAL).read_bytes()
    assert cosign(terminal, f"{SECOND_SEAL} --since {FIRST_SEAL} --proof grown.proof -o seen.seal")[0] == 0
    assert Path(SECOND_SEAL).read_bytes() == before
    terminal.done("audit verify --key heinola.pub --seal seen.seal --witness auditor.pub")


def test_two_histories_are_caught_by_the_first_witness(terminal: Terminal) -> None:
    """A store that was forked: the city's own key signs both, and no proof leads from what was seen to the other."""
    fork = Terminal(terminal.store.with_name("fork.db"))
    assert terminal.run(f"store copy {terminal.location} {fork.location}").exit_code == 0
    published_again(terminal, 1000)
    terminal.done(f"audit prove --from {FIRST_SEAL} --to {SECOND_SEAL} -o grown.proof")
    assert cosign(terminal, f"{SECOND_SEAL} --since {FIRST_SEAL} --proof grown.proof")[0] == 0
    shutil.move(SECOND_SEAL, "seen.seal")
    published_again(fork, 2000)  # signed by the city's key just as well
    fork.done(f"audit prove --from {FIRST_SEAL} --to {SECOND_SEAL} -o forked.proof")
    before = Path(SECOND_SEAL).read_bytes()
    for rest in ("--since seen.seal", "--since seen.seal --proof forked.proof"):
        code, said = cosign(fork, f"{SECOND_SEAL} {rest}")
        assert (code, "two histories" in said) == (3, True), said
    assert Path(SECOND_SEAL).read_bytes() == before
    # Control: a witness who forgets what was seen is deceived.
    assert cosign(fork, f"{SECOND_SEAL} --since {FIRST_SEAL} --proof forked.proof")[0] == 0


def test_a_document_that_carries_a_cosigned_seal(terminal: Terminal) -> None:
    """Who checks the document can ask for witnesses too; one whose seal they have not cosigned does not pass."""

    def checked(witnesses: str) -> tuple[int, str]:
        result = terminal.run(f"audit check-document report.html --key heinola.pub {witnesses}")
        return result.exit_code, result.stdout

    write = f"report 2020Q2 --published --seal {FIRST_SEAL} -o report.html"
    assert terminal.run(write).exit_code == 0
    assert checked("")[0] == 0
    code, said = checked("--witness auditor.pub")
    assert (code, "cosigned by 0 of the 1 witnesses asked for; not by tarkastaja" in said) == (3, True)
    cosign(terminal, FIRST_SEAL)
    assert terminal.run(write).exit_code == 0
    code, said = checked("--witness auditor.pub")
    assert (code, "its seal is cosigned by tarkastaja (20" in said) == (0, True)
    assert terminal.run("report 2020Q2 --published -o report.html").exit_code == 0
    code, said = checked("--witness auditor.pub")
    assert (code, "carries no seal that the witnesses could have cosigned" in said) == (3, True)


@pytest.mark.parametrize(
    ("rest", "code", "words"),
    [
        ("nowhere.seal", 2, "cannot read nowhere.seal"),
        ("heinola.pub", 3, "has not the form of a signed note"),
        (f"{FIRST_SEAL} --proof heinola.pub", 2, "name that with --since"),
        (f"{FIRST_SEAL} --since heinola.pub", 3, "has not the form of a signed note"),
        (f"{FIRST_SEAL} -o auditor.key", 2, "is the key"),
    ],
)
def test_what_is_none_is_refused(terminal: Terminal, rest: str, code: int, words: str) -> None:
    """In one sentence, and the seal stays as it was."""
    before = Path(FIRST_SEAL).read_bytes()
    ended, said = cosign(terminal, rest)
    assert (ended, words in said) == (code, True), said
    assert Path(FIRST_SEAL).read_bytes() == before


def test_a_seal_of_another_key_is_not_cosigned(terminal: Terminal) -> None:
    """The city's public key tells whose seal it is; without it, it is said that nobody looked."""
    result = terminal.run(f"audit cosign {FIRST_SEAL} --log-key union.pub --key auditor.key")
    assert (result.exit_code, "bears no signature of the key liitto" in result.stderr) == (3, True)
    result = terminal.run(f"audit cosign {FIRST_SEAL} --key auditor.key")
    assert (result.exit_code, "was not checked" in result.stderr) == (0, True)


@pytest.mark.parametrize(
    ("rest", "words"),
    [
        ("--witness auditor.pub", "name it with --seal"),
        ("--quorum 1", "--witness names 0"),
        (f"--seal {FIRST_SEAL} --witness auditor.pub --witness auditor.key", "named twice"),
        (f"--seal {FIRST_SEAL} --witness auditor.pub --quorum 2", "--witness names 1"),
        (f"--seal {FIRST_SEAL} --witness none.pub", "the witness's `heinola keys show`"),
    ],
)
def test_a_verification_asked_for_what_cannot_be(terminal: Terminal, rest: str, words: str) -> None:
    """In one sentence each."""
    assert words in terminal.refused(f"audit verify --key heinola.pub {rest}", code=2)
