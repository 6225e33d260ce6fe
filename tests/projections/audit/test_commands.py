"""`heinola publish`, `keys`, `snapshot --published`, `audit verify|prove|check-proof`, from the command line."""

from __future__ import annotations

import json
import subprocess
import sys
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from heinola_es.sealing.seals import Seal
from heinola_es.store.reading import LogReader
from projections.published.publications import all_published
from tests.projections.audit.tampering import unguarded
from tests.terminal import ROOT, Terminal, environment, started

if TYPE_CHECKING:
    from heinola_es.sealing.keys import Signer
    from tests.projections.audit.conftest import PublishedStore
    from tests.projections.conftest import ImportedReport

FIRST_SEAL = "heinola-2020-04-01_2020-06-30-r1.seal"
CORRECTION = 'record correction 4100 operating_income 1-6/2020 1000 --reason "kirjausvirhe"'


@pytest.fixture
def terminal(sample: ImportedReport, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Give a terminal in front of the imported sample, in a folder of its own, with a new key."""
    folder = tmp_path / "työ"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("HEINOLA_KEY", raising=False)
    terminal = Terminal(sample.path)
    assert terminal.run("keys init").exit_code == 0
    return terminal


def last_publication(terminal: Terminal) -> tuple[int, str]:
    """Return the position of the last publication and the digest that it holds."""
    with LogReader(terminal.store) as reader:
        published = all_published(reader)[-1]
    return published.at, published.snapshot_sha256


def test_a_report_is_published_and_sealed(terminal: Terminal) -> None:
    """One command records the publication and writes the seal, named for the report, into the folder."""
    said = terminal.done("publish 2020Q2").splitlines()
    at, digest = last_publication(terminal)
    assert said == [f"#{at} published 1.4.–30.6.2020 as of event {at - 1}", f"sealed in {FIRST_SEAL}"]
    seal = Path(FIRST_SEAL).read_text(encoding="utf-8").splitlines()
    assert seal[:2] == ["heinola-es/heinola", str(at)]
    assert seal[-3] == f"snapshot sha256:{digest}"


def test_publishing_again_without_change_is_refused(terminal: Terminal) -> None:
    """Refused with exit code 1 and a sentence; nothing is recorded."""
    terminal.done("publish 2020Q2")
    assert "nothing in it has changed since; nothing was recorded" in terminal.refused("publish 2020Q2")


def test_a_revision_tells_what_changed(terminal: Terminal) -> None:
    """The second publication shows the changed cells and who changed them, and has a seal of its own."""
    terminal.done("publish 2020Q2")
    terminal.done(CORRECTION)
    said = terminal.done("publish 2020Q2")
    assert "published 1.4.–30.6.2020 (revision 2)" in said
    assert "4100 TULOT · TOT 2020 6 kk" in said.replace("\u00a0", " ")
    assert "kirjausvirhe" in said
    assert Path("heinola-2020-04-01_2020-06-30-r2.seal").exists()


def test_a_seal_can_be_written_again_to_the_byte(terminal: Terminal) -> None:
    """A lost seal is made again from the log, for any revision, without recording anything."""
    terminal.done("publish 2020Q2")
    seal = Path(FIRST_SEAL).read_bytes()
    terminal.done(CORRECTION)
    terminal.done("publish 2020Q2")
    Path(FIRST_SEAL).unlink()
    events = len(terminal.events())
    assert terminal.done("publish 2020Q2 --seal-again 1") == f"sealed in {FIRST_SEAL}"
    assert terminal.done("publish 2020Q2 --seal-again") == "sealed in heinola-2020-04-01_2020-06-30-r2.seal"
    assert Path(FIRST_SEAL).read_bytes() == seal
    assert len(terminal.events()) == events


def test_a_name_that_is_taken_is_refused_before_anything_is_recorded(terminal: Terminal) -> None:
    """A file in the way of the seal is told of while another can still be chosen."""
    Path(FIRST_SEAL).write_text("something else", encoding="utf-8")
    assert f"{FIRST_SEAL} exists already" in terminal.refused("publish 2020Q2", code=2)
    assert Path(FIRST_SEAL).read_text(encoding="utf-8") == "something else"


def test_a_seal_that_cannot_be_written_loses_no_publication(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where somebody takes the name meanwhile, the publication stands; the sentence says how to get its seal."""
    signed_by = Seal.signed_by

    def taken(seal: Seal, signer: Signer) -> str:
        Path(FIRST_SEAL).write_text("something else", encoding="utf-8")
        return signed_by(seal, signer)

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Seal, "signed_by", taken)
        result = terminal.run("publish 2020Q2")
    at, _digest = last_publication(terminal)
    assert result.exit_code == 4
    assert result.stdout.startswith(f"#{at} published ")
    assert f"the report is published (#{at}), but its seal {FIRST_SEAL} could not be written" in result.stderr
    assert "--seal-again 1 -o FILE" in result.stderr
    assert Path(FIRST_SEAL).read_text(encoding="utf-8") == "something else"
    terminal.done("publish 2020Q2 --seal-again 1 -o toinen.seal")
    terminal.done("audit verify --seal toinen.seal")


@pytest.mark.parametrize("recorded_meanwhile", [False, True])
def test_who_must_read_a_private_copy_seals_what_was_published(
    terminal: Terminal, monkeypatch: pytest.MonkeyPatch, *, recorded_meanwhile: bool
) -> None:
    """A copy made before the publication lacks it, and what others recorded since: it is no sign of a changed log."""
    opened = LogReader.open

    def copied(location: str, **options: bool) -> LogReader:
        monkeypatch.setattr(LogReader, "open", opened)
        reader = opened(location, **options)
        assert reader.read_privately()
        if recorded_meanwhile:
            terminal.done(CORRECTION)
        return reader

    monkeypatch.setattr(LogReader, "open", copied)
    result = terminal.run("publish 2020Q2")
    assert (result.exit_code, result.stderr) == (0, "")
    assert f"sealed in {FIRST_SEAL}" in result.stdout
    terminal.done(f"audit verify --seal {FIRST_SEAL}")


@pytest.mark.parametrize("output", ["missing/x.seal", "there.seal"])
def test_an_impossible_place_is_refused_before_anything_is_recorded(terminal: Terminal, output: str) -> None:
    """A folder that is not there, or a file that is: the user chooses another, and nothing was published."""
    Path("there.seal").touch()
    terminal.refused(f"publish 2020Q2 -o {output}", code=2)


def test_without_a_key_nothing_is_published(terminal: Terminal) -> None:
    """No key, no seal, no publication."""
    assert "make one with `heinola keys init`" in terminal.refused("publish 2020Q2 --key missing.key", code=2)


def test_a_unit_is_published_under_its_own_name(terminal: Terminal) -> None:
    """The seal of a unit's report bears its code."""
    assert "sealed in heinola-410-2020-04-01_2020-06-30-r1.seal" in terminal.done("publish 2020Q2 --unit 410")
    assert "was never published" in terminal.refused("snapshot 2020Q2 --published")


def test_a_published_snapshot_has_the_sealed_bytes(terminal: Terminal) -> None:
    """`snapshot --published --format sealed` has the digest that was sealed, before and after a correction."""
    terminal.done("publish 2020Q2")
    _at, first = last_publication(terminal)
    terminal.done(CORRECTION)
    terminal.done("publish 2020Q2")
    _at, second = last_publication(terminal)
    for option, digest in (("1", first), ("2", second), ("", second)):
        result = terminal.run(f"snapshot 2020Q2 --format sealed --published {option}")
        assert sha256(result.stdout_bytes).hexdigest() == digest
    assert first != second


def test_only_what_was_published_is_sealed(terminal: Terminal) -> None:
    """A report that was not published has no sealed bytes."""
    sentence = terminal.refused("snapshot 2020Q2 --format sealed", code=2)
    assert "only what was published is sealed; add --published" in sentence


def test_a_published_snapshot_is_not_bent(terminal: Terminal) -> None:
    """What was published has no other structure and no other moment."""
    terminal.done("publish 2020Q2")
    sentence = terminal.refused("snapshot 2020Q2 --published --known-at 2020-08-15", code=2)
    assert "a published report is what it is" in sentence


def test_a_cell_is_explained_as_it_was_published(terminal: Terminal) -> None:
    """In its own revision, of the unit's own report or of one that it is in; whatever was recorded since."""
    before = json.loads(terminal.done("audit explain 410 income 2020Q2 --format json"))
    terminal.done("publish 2020Q2")
    terminal.done(CORRECTION)
    first = json.loads(terminal.done("audit explain 410 income 2020Q2 --published --format json"))
    assert (first["cents"], first["parts"]) == (before["cents"], before["parts"])
    now = json.loads(terminal.done("audit explain 410 income 2020Q2 --format json"))
    assert now["cents"] == first["cents"] + 100_000
    terminal.done("publish 2020Q2 --unit 410")
    own = json.loads(terminal.done("audit explain 4100 income 2020Q2 --published --format json"))
    assert own["parts"][-1]["event"]["reason"] == "kirjausvirhe"
    assert "has no revision 2" in terminal.refused("audit explain 400 income 2020Q2 --published 2")
    assert "leave out --known-at" in terminal.refused(
        "audit explain 410 net 2020Q2 --published --known-at 2020-08-15", code=2
    )
    assert "was never published" in terminal.refused("audit explain 410 net 2020Q1 --published")


def test_another_figure_than_the_published_one_is_told(terminal: Terminal) -> None:
    """Where the log under a publication was changed, what is explained is not what was published: that is said."""
    terminal.done("publish 2020Q2")
    with unguarded(terminal.store) as connection:
        connection.execute("UPDATE stored_events SET state = CAST(replace(state, '87887400', '87887300') AS BLOB)")
        assert connection.execute("SELECT changes()").fetchone() != (0,)
    result = terminal.run("audit explain 410 income 2020Q2 --published")
    assert "was published with another figure here" in result.stderr


def test_a_published_report_stays_whatever_becomes_of_the_log(terminal: Terminal) -> None:
    """Where the log no longer gives what was published, it is shown as it was published all the same."""
    terminal.done("publish 2020Q2")
    shown = terminal.done("snapshot 2020Q2 --published")
    with unguarded(terminal.store) as connection:
        connection.execute(
            "UPDATE stored_events SET state = CAST(replace(state, '-679093800', '-669093800') AS BLOB) "
            "WHERE CAST(state AS TEXT) LIKE '%-679093800%'"
        )
        assert connection.execute("SELECT changes()").fetchone() != (0,)
    terminal.done("projections rebuild")
    assert terminal.done("snapshot 2020Q2 --published") == shown != terminal.done("snapshot 2020Q2")


def test_a_published_report_that_was_changed_is_not_shown(terminal: Terminal) -> None:
    """Where the bytes that are kept are not those that were published, nothing is passed off as them."""
    terminal.done("publish 2020Q2")
    with unguarded(terminal.store) as connection:
        connection.execute("UPDATE kept_reports SET packed = zeroblob(9)")
    for line in (
        "snapshot 2020Q2 --published",
        "report 2020Q2 --published -o x.md",
        "audit diff 2020Q2 --from published",
    ):
        assert "is not kept as it was published: they cannot be unpacked" in terminal.refused(line)


@pytest.mark.parametrize(
    "line", ["snapshot 2020Q2", "publish 2020Q2", "audit log", "record outlook 410 2020Q2 Toteutuu"]
)
def test_another_city_beside_the_log_is_told(terminal: Terminal, line: str) -> None:
    """Whose reports they are stands in the log; where the copy beside it says otherwise, nothing is done."""
    with unguarded(terminal.store) as connection:
        connection.execute("UPDATE store_settings SET value = 'Lahti' WHERE name = 'city'")
    result = terminal.run(line)
    assert (result.exit_code, result.stdout) == (1, "")
    assert "the setting 'city' is 'Lahti', and the log says 'Heinola'; see `heinola audit verify`" in result.stderr


def test_a_clean_store_verifies(published: PublishedStore, tmp_path: Path) -> None:
    """Exit code 0, and one line that says how much was looked at."""
    terminal = Terminal(published.path)
    options = handed_out(published, tmp_path)
    assert (
        terminal.done("audit verify")
        == f"all is as it was recorded: {published.size} events, 3 published reports, 0 seals"
    )
    assert terminal.done(f"audit verify {options}").endswith("3 published reports, 3 seals")


def handed_out(store: PublishedStore, folder: Path) -> str:
    """Write the seals and the public key to files and return the options that name them."""
    (folder / "heinola.pub").write_text(f"{store.verifier}\n", encoding="utf-8")
    for seal in store.seals:
        (folder / seal.name).write_bytes(seal.content)
    seals = " ".join(f"--seal {folder / seal.name}" for seal in store.seals)
    return f"{seals} --key {folder / 'heinola.pub'}"


def test_a_changed_event_is_told_with_what_rests_on_it(published: PublishedStore) -> None:
    """Exit code 3; the event by its position, then the reports that rest on it; nothing about other events."""
    with unguarded(published.path) as connection:
        connection.execute("UPDATE stored_events SET state = replace(state, '0', '1') WHERE position = 300")
    result = Terminal(published.path).run("audit verify")
    assert result.exit_code == 3
    reports = "reports 1.4.–30.6.2020, 1.7.–30.9.2020 and 1.4.–30.6.2020 of 410"
    assert f"event 300 was changed; {reports} rest on it\n" in result.stdout
    assert "problems in" in result.stderr


def test_an_event_after_the_last_report_bears_on_none(published: PublishedStore) -> None:
    """A change that no published report rests on is told as such."""
    with unguarded(published.path) as connection:
        connection.execute(
            "UPDATE stored_events SET leaf_hash = zeroblob(32) WHERE position = ?", (published.sizes[-1] + 2,)
        )
    result = Terminal(published.path).run("audit verify")
    assert f"event {published.sizes[-1] + 2} was changed; no published report rests on it\n" in result.stdout


def test_exit_codes_as_a_process(published: PublishedStore, tmp_path: Path) -> None:
    """A process of its own ends with 0 on a clean store, 3 on a forged seal, 2 without the key for a seal."""
    handed_out(published, tmp_path)
    seal, key = tmp_path / published.seals[0].name, tmp_path / "heinola.pub"
    verify = ("--store", str(published.path), "audit", "verify")
    nobody = str(tmp_path / "nobody")
    assert started(*verify).returncode == 0
    assert started(*verify, "--seal", str(seal), "--key", str(key), XDG_CONFIG_HOME=nobody).returncode == 0
    assert started(*verify, "--seal", str(seal), HEINOLA_KEY=str(key)).returncode == 0
    assert started(*verify, "--seal", str(seal), XDG_CONFIG_HOME=nobody).returncode == 2
    seal.write_bytes(seal.read_bytes().replace(b"revision 1", b"revision 2"))
    forged = started(*verify, "--seal", str(seal), "--key", str(key))
    assert (forged.returncode, "the signature does not hold" in forged.stdout) == (3, True)


def test_a_store_that_is_no_database_is_told(published: PublishedStore) -> None:
    """A file that SQLite cannot open ends with 3 and a sentence, without a traceback."""
    published.path.write_bytes(b"not a database at all" * 400)
    result = Terminal(published.path).run("audit verify")
    assert result.exit_code == 3
    assert "the database file is damaged" in result.stdout


def test_one_event_is_shown_to_whoever_holds_a_seal(published: PublishedStore, tmp_path: Path) -> None:
    """The proof is checked without the store: with the seal and the public key alone."""
    handed_out(published, tmp_path)
    proof, seal, key = tmp_path / "e.proof", tmp_path / published.seals[0].name, tmp_path / "heinola.pub"
    terminal = Terminal(published.path)
    terminal.done(f"audit prove 42 --seal {seal} --key {key} -o {proof}")
    published.path.unlink()
    told = terminal.done(f"audit check-proof {proof} --seal {seal} --key {key}")
    assert told.startswith(f"event 42 is in the log of heinola-es/heinola with {published.sizes[0]} events: ")
    assert '"recorded_by":"controller"' in told


def test_a_proof_is_for_the_last_seal_unless_told(published: PublishedStore, tmp_path: Path) -> None:
    """Without --seal the proof fits the seal of the last publication, and no other."""
    handed_out(published, tmp_path)
    proof, key, terminal = tmp_path / "e.proof", tmp_path / "heinola.pub", Terminal(published.path)
    terminal.done(f"audit prove 42 -o {proof}")
    last, first = tmp_path / published.seals[-1].name, tmp_path / published.seals[0].name
    terminal.done(f"audit check-proof {proof} --seal {last} --key {key}")
    refused = terminal.run(f"audit check-proof {proof} --seal {first} --key {key}")
    assert (refused.exit_code, "the proof is not for this seal" in refused.stderr) == (3, True)


def test_a_proof_of_another_event_is_refused(published: PublishedStore, tmp_path: Path) -> None:
    """Edit anything in the proof, and it ends with 3."""
    handed_out(published, tmp_path)
    proof, seal, key = tmp_path / "e.proof", tmp_path / published.seals[0].name, tmp_path / "heinola.pub"
    terminal = Terminal(published.path)
    terminal.done(f"audit prove 42 --seal {seal} --key {key} -o {proof}")
    honest = proof.read_bytes()
    for old, new in ((b"position 42", b"position 43"), (b"controller", b"controler"), (b"path\n", b"path\n\n")):
        proof.write_bytes(honest.replace(old, new))
        result = terminal.run(f"audit check-proof {proof} --seal {seal} --key {key}")
        assert (result.exit_code, result.stdout) == (3, "")


def test_a_log_is_shown_to_continue_another(published: PublishedStore, tmp_path: Path) -> None:
    """A proof of continuation joins two seals, in whichever order they are given."""
    handed_out(published, tmp_path)
    old, _, new = (tmp_path / seal.name for seal in published.seals)
    proof, key, terminal = tmp_path / "c.proof", tmp_path / "heinola.pub", Terminal(published.path)
    terminal.done(f"audit prove --from {old} --to {new} --key {key} -o {proof}")
    for one, other in ((old, new), (new, old)):
        told = terminal.done(f"audit check-proof {proof} --seal {one} --seal {other} --key {key}")
        assert told.endswith(
            f"with {published.sizes[2]} events continues the one with {published.sizes[0]}: nothing was changed"
        )
    assert terminal.run(f"audit check-proof {proof} --seal {old} --key {key}").exit_code == 2


def test_what_cannot_be_proved_is_refused(published: PublishedStore, tmp_path: Path) -> None:
    """No such event, an event after the last seal, a changed event, a log that was rewritten: no proof is written."""
    handed_out(published, tmp_path)
    seal, key = tmp_path / published.seals[-1].name, tmp_path / "heinola.pub"
    terminal, proof = Terminal(published.path), tmp_path / "e.proof"
    assert "there is no event 9999" in terminal.refused(f"audit prove 9999 -o {proof}", code=2)
    assert "is not sealed yet" in terminal.refused(f"audit prove {published.size} -o {proof}")
    assert "give the POSITION" in terminal.refused(f"audit prove -o {proof}", code=2)
    with unguarded(published.path) as connection:
        connection.execute("UPDATE stored_events SET state = replace(state, '0', '1') WHERE position = 42")
        connection.execute("UPDATE stored_events SET leaf_hash = zeroblob(32) WHERE position = 43")
    assert "event 42 was changed" in terminal.run(f"audit prove 42 -o {proof}").stderr
    assert "not the one that was sealed" in terminal.run(f"audit prove 7 --seal {seal} --key {key} -o {proof}").stderr
    assert not proof.exists()


def test_a_sealed_log_that_was_changed_is_not_sealed_again(terminal: Terminal) -> None:
    """Making a seal again checks the root that was published: a changed log gets no second seal."""
    terminal.done("publish 2020Q2")
    with unguarded(terminal.store) as connection:
        connection.execute("UPDATE stored_events SET leaf_hash = zeroblob(32) WHERE position = 43")
    assert "is not the one that was published" in terminal.refused("publish 2020Q2 --seal-again -o x.seal")


def test_the_key_is_made_and_shown(terminal: Terminal, tmp_path: Path) -> None:
    """`keys init` keeps the key in the configuration folder; `keys show` prints its public line; neither twice."""
    key = tmp_path / "config" / "heinola" / "seal.key"
    assert key.stat().st_mode & 0o777 == 0o600
    line = terminal.done("keys show")
    assert line.startswith("heinola-es/heinola+")
    assert line in Terminal(terminal.store).run("keys show").stdout
    assert "never overwritten" in terminal.refused("keys init")
    assert key.read_text(encoding="utf-8") not in line


def test_a_key_has_the_name_and_place_that_are_chosen(terminal: Terminal, tmp_path: Path) -> None:
    """`--key` and `--name` say where it is and what it signs as; no store is needed then."""
    terminal.store.unlink()
    made = Terminal(terminal.store).run(f"keys init --key {tmp_path / 'k'} --name audit")
    assert (made.exit_code, made.stdout[:6]) == (0, "audit+")
    assert Terminal(terminal.store).run("keys init --key other").exit_code == 1


def test_a_key_that_others_can_read_does_not_sign(terminal: Terminal, tmp_path: Path) -> None:
    """Opened to the group, the key is refused with the command that closes it, and nothing is published."""
    (tmp_path / "config" / "heinola" / "seal.key").chmod(0o640)
    assert "chmod 600" in terminal.refused("publish 2020Q2")


def test_verification_needs_no_library_of_the_store(published: PublishedStore) -> None:
    """The check of the store does without the library that wrote it."""
    code = (
        "import sys; from pathlib import Path; from projections.verifying.verification import verify; "
        f"assert not verify(Path({str(published.path)!r})).problems; print('eventsourcing' in sys.modules)"
    )
    words = [sys.executable, "-c", code]
    done = subprocess.run(words, env=environment(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("False\n", "")
