"""Signed heads: whoever has the database and no key changes nothing unseen, from the last command to the next."""

from __future__ import annotations

import base64
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson
import pytest
from attrs import frozen

from events.keys import KeysRequired
from events.streams import keys_stream
from heinola_es.errors import BadInput, Refused
from heinola_es.handlers.organisation import rename_unit
from heinola_es.handlers.session import run
from heinola_es.sealing.at_hand import KeyAtHand, StatingKey
from heinola_es.sealing.heads import Asked, keys_in, sign_head
from heinola_es.sealing.keys import NoKey, create_key, load_signer
from heinola_es.sealing.notes import Checkpoint, opened
from heinola_es.sealing.seals import origin_of
from heinola_es.store.appending import Written
from heinola_es.store.head import TreeHead
from heinola_es.store.location import is_on_server, server_store
from heinola_es.store.log import EventLog, Request, StoreNotSound
from heinola_es.store.merkle import append_leaves, leaf_hash, root_of
from heinola_es.store.reading import LogReader
from heinola_es.store.signing import HeadNotSigned, Statement
from heinola_es.store.transfer import exported, import_into
from heinola_es.store.transfer_lines import NotThatLog
from projections.verifying.likeness import examined
from projections.verifying.verification import verify
from tests.city import CITY, FOUNDED, FOUNDED_AT, MADE, found_city
from tests.projections.forging import Forger
from tests.terminal import Terminal

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from heinola_es.sealing.keys import Signer
    from heinola_es.sealing.notes import Verifier
    from tests.databases import Database

ASKED = Request("controller", reason="a reason", clock_is_right=True)
"""What every command of these tests is asked by."""


class Keys(NamedTuple):
    """Whose keys there are: the city's, that of somebody else who records, and that of somebody who may not."""

    city: Path
    liisa: Path
    mallory: Path


@pytest.fixture
def keys(tmp_path: Path) -> Keys:
    """Give three keys."""
    made = Keys(*(tmp_path / f"{name}.key" for name in Keys._fields))
    for path in made:
        create_key(path, path.stem)
    return made


@pytest.fixture
def signed(kept_in: Database, keys: Keys) -> str:
    """Give the small city in a store whose head is signed with the city's key from the first event on."""
    location = kept_in.new("signed")
    with EventLog.create(location, CITY, now=MADE, by="controller", signing=KeyAtHand(keys.city)) as log:
        found_city(log)
    return location


@frozen
class WithoutTheKey:
    """Whoever has the database and knows every rule, but no key: leaves as the signature what they like."""

    leave: Callable[[str, TreeHead], str]

    def require_signed(self, city: str, head: TreeHead, note: str, statements: Sequence[Statement]) -> None:
        """Look away."""

    def signed(self, city: str, head: TreeHead) -> str:
        """Return what is left in place of a signature."""
        return self.leave(city, head)

    def statement(self, city: str, head: TreeHead, statements: Sequence[Statement]) -> Statement:
        """Is never asked."""
        raise NotImplementedError


def rename(location: str, signing: KeyAtHand | WithoutTheKey | None, name: str = "Kaupungin lukio") -> None:
    """Record something."""
    with EventLog.open(location, signing) as log:
        run(log, FOUNDED_AT, ASKED, lambda session: rename_unit(session, "4160", FOUNDED.replace(year=2019), name))


def require(location: str, key: Path, *others: Path, without: Sequence[Path] = (), vouch: bool = False) -> None:
    """State which keys are required."""
    asked = Asked(tuple(map(public, others)), tuple(map(public, without)), vouch)
    with EventLog.open(location, StatingKey(key, asked)) as log:
        log.require_keys(FOUNDED_AT, ASKED)


def public(key: Path) -> Verifier:
    """Return the public side of a key."""
    return load_signer(key).verifier


def state(location: str) -> tuple[int, bytes, str | None]:
    """Return size and root of the log, and the signed note of its head."""
    with LogReader.open(location) as reader:
        head = reader.head()
        return head.size, head.root, reader.signature()


def found_by_verify(location: str, trusted: Path | None = None) -> list[str]:
    """Return the problems that a verification names, with the key that whoever verifies trusts."""
    with examined(location) as store:
        verdict = verify(store, trusted=lambda: None if trusted is None else public(trusted))
    return [problem.message for problem in verdict.problems]


def refusal(location: str, key: Path) -> str:
    """Return why nothing can be recorded; the log stays as it is."""
    before = state(location)
    with pytest.raises(HeadNotSigned) as caught:
        rename(location, KeyAtHand(key))
    assert state(location) == before
    return str(caught.value)


def mallorys(keys: Keys) -> Signer:
    """Return the key of somebody who may not sign."""
    return load_signer(keys.mallory)


def test_every_command_signs_the_head_that_it_leaves(signed: str, keys: Keys) -> None:
    """The note is a checkpoint of exactly the head that is there, and a verification is content."""
    for name in ("Kaupungin lukio", "Heinolan lukio"):
        rename(signed, KeyAtHand(keys.city), name)
        size, root, note = state(signed)
        assert opened(str(note), public(keys.city)) == Checkpoint(origin_of(CITY), size, root).text()
        assert found_by_verify(signed, keys.city) == []


LEFT = {
    "the signature before": lambda _keys, before: lambda _city, _head: before,
    "none": lambda _keys, _before: lambda _city, _head: "",
    "no note": lambda _keys, _before: lambda _city, _head: "— city",
    "that of another key": lambda keys, _before: lambda city, head: sign_head(mallorys(keys), city, head),
    "the right text with an old signature": lambda _keys, before: (
        lambda city, head: (
            Checkpoint(origin_of(city), head.size, head.root).text() + "\n" + before.rpartition("\n\n")[2]
        )
    ),
}


@pytest.mark.in_a_file
@pytest.mark.parametrize("left", LEFT.values(), ids=LEFT)
def test_what_is_appended_without_the_key_is_named_and_stops_recording(
    signed: str, keys: Keys, left: Callable[[Keys, str], Callable[[str, TreeHead], str]]
) -> None:
    """However the log and its head agree, and whatever is left in place of the signature."""
    before = str(state(signed)[2])
    rename(signed, WithoutTheKey(left(keys, before)))
    assert "the head of the log is" in refusal(signed, keys.city)
    assert any("the head of the log is" in message for message in found_by_verify(signed, keys.city))


@pytest.mark.in_a_file
def test_a_store_that_requires_nothing_would_not_have_told(kept_in: Database, keys: Keys) -> None:
    """The control: the same in a store that is not signed; nothing tells, and recording goes on, with no key at all."""
    location = kept_in.new("plain")
    with EventLog.create(location, CITY, now=MADE, by="controller") as log:
        found_city(log)
    rename(location, WithoutTheKey(lambda _city, _head: ""))
    assert found_by_verify(location, keys.city) == []
    rename(location, None, "Lukio")
    rename(location, KeyAtHand(keys.city.with_name("none.key")), "Kaupungin lukio")
    assert state(location)[2] is None


def rewritten(lines: Sequence[bytes], change: Callable[[dict[str, object]], None], note: str) -> list[bytes]:
    """Return an exported log with some events changed, all hashes made to fit, and a note in which the head fits."""
    header, events, frontier = orjson.loads(lines[0]), [orjson.loads(line) for line in lines[1:]], list[bytes]()
    for size, event in enumerate(events):
        body = orjson.loads(event["body"])
        change(body)
        event["body"] = orjson.dumps(body).decode()
        leaf = leaf_hash(event["stream"], event["version"], event["topic"], event["body"].encode())
        event["leaf_hash"] = leaf.hex()
        append_leaves(size, frontier, [leaf])
    root = root_of(frontier)
    text, _, signature = note.rpartition("\n\n")
    text = text.replace(text.split("\n")[2], base64.b64encode(root).decode())
    header |= {"root": root.hex(), "signature": f"{text}\n\n{signature}"}
    return [orjson.dumps(line) + b"\n" for line in (header, *events)]


@pytest.mark.in_a_file
def test_a_rewritten_history_is_named_and_stops_recording(signed: str, keys: Keys, kept_in: Database) -> None:
    """Of an event that is not even the last, with all hashes made to fit, and the root in the signed note, too."""

    def change(body: dict[str, object]) -> None:
        if body.get("name") == "Perusopetus":
            body["name"] = "Peruskoulu"

    with LogReader.open(signed) as reader:
        lines = rewritten(list(exported(reader)), change, str(reader.signature()))
        same = rewritten(list(exported(reader)), lambda _body: None, str(reader.signature()))
    forged, true = kept_in.new("forged"), kept_in.new("true")
    import_into(true, lambda: same, now=FOUNDED_AT, by="controller")
    assert found_by_verify(true, keys.city) == []  # what was changed is all that makes the difference
    import_into(forged, lambda: lines, now=FOUNDED_AT, by="mallory")
    assert "not signed" in refusal(forged, keys.city)
    assert any("not signed" in message for message in found_by_verify(forged, keys.city))


def planted(location: str, signer: Signer, named: Sequence[Verifier], *, vouched: bool) -> None:
    """Plant a statement of keys, and sign the head with a key that it names."""
    signing = WithoutTheKey(lambda city, head: sign_head(signer, city, head))
    with EventLog.open(location, signing) as log, log.command(FOUNDED_AT, ASKED) as command:
        head, version = log.head(), len(log.events_of(keys_stream())) + 1
        keys = tuple(("key", str(one)) for one in named)
        note = signer.sign(Checkpoint(origin_of(CITY), head.size, head.root, keys).text())
        stamp = log._own_stamp(command.recorded, "mallory")
        stamp |= {"originator_id": keys_stream(), "originator_version": version}
        command.append([KeysRequired(**stamp, note=note, vouched=vouched)])


@pytest.mark.in_a_file
@pytest.mark.parametrize("vouched", [False, True])
def test_keys_that_somebody_plants_are_not_believed(signed: str, keys: Keys, *, vouched: bool) -> None:
    """Not even where the city's own key is among them, so that its holder would go on recording unawares."""
    planted(signed, mallorys(keys), [public(keys.mallory), public(keys.city)], vouched=vouched)
    rename(signed, KeyAtHand(keys.mallory)) if vouched else None
    said = refusal(signed, keys.city)
    (first, *_others) = found_by_verify(signed, keys.city)
    if vouched:
        assert "yours has not agreed yet" in said
        assert "has not agreed to" in first
        assert any("vouches, by mallory" in message for message in found_by_verify(signed))
        assert found_by_verify(signed, keys.mallory) == []
    else:
        assert "was not required" in said
        assert "was not required" in first
    require(signed, keys.city, vouch=True)  # the way on, for whoever knows that nothing but this was done to the log
    rename(signed, KeyAtHand(keys.city), "Oma lukio")
    assert found_by_verify(signed, keys.city) == []
    assert any("event" in message for message in found_by_verify(signed))
    assert "let a holder of such a key" in refusal(signed, keys.mallory)


@pytest.mark.in_a_file
def test_keys_come_and_go(signed: str, keys: Keys) -> None:
    """A key is required besides, agrees with what was recorded, records, and takes the place of the one before."""
    assert "let a holder of such a key" in refusal(signed, keys.liisa)
    require(signed, keys.city, keys.liisa)
    assert "yours has not agreed yet" in refusal(signed, keys.liisa)
    require(signed, keys.liisa)
    rename(signed, KeyAtHand(keys.liisa))
    assert found_by_verify(signed, keys.city) == found_by_verify(signed, keys.liisa) == []
    require(signed, keys.liisa, without=[keys.city])
    assert "let a holder of such a key" in refusal(signed, keys.city)
    assert found_by_verify(signed, keys.city) == found_by_verify(signed, keys.liisa) == []
    assert found_by_verify(signed, keys.mallory) != []


@pytest.mark.in_a_file
def test_whoever_reports_agrees_and_a_controller_states(keys: Keys, new_store: EventLog) -> None:
    """Where there are roles: which keys are required takes a controller; to agree with them, any role to record."""
    location, at = new_store.location, Terminal(new_store.location)
    at.done("record unit HYV Hyvinvointi --kind sector --on 1.1.2020")
    at.done("record role controller controller")
    at.done("record role liisa reporter --unit HYV")
    as_liisa = f"--actor liisa keys require --key {keys.liisa}"
    assert "it needs the role controller for the whole city" in at.refused(as_liisa)
    at.done(f"keys require {keys.liisa} --key {keys.city}")
    assert "you agree that the head" in at.done(as_liisa)
    assert "it needs the role controller" in at.refused(f"{as_liisa} {keys.mallory}")
    assert at.run("--actor liisa record outlook HYV 2020Q2 Hyvin", HEINOLA_KEY=str(keys.liisa)).exit_code == 0
    assert found_by_verify(location, keys.liisa) == []


@pytest.mark.in_a_file
def test_a_statement_that_says_nothing_new_is_refused(signed: str, keys: Keys) -> None:
    """And one that takes out the key that signs it, or one that is not there, or vouches without need."""
    asked: dict[str, tuple[list[Path], bool]] = {
        "required already": ([], False),
        "cannot take itself out": ([keys.city], False),
        "is not required": ([keys.liisa], False),
        "leave out --vouch": ([], True),
    }
    before = state(signed)
    for words, (without, vouch) in asked.items():
        with pytest.raises(BadInput, match=words):
            require(signed, keys.city, without=without, vouch=vouch)
        assert state(signed) == before


@pytest.mark.in_a_file
def test_where_the_key_is_lost_another_vouches_for_the_log(signed: str, keys: Keys) -> None:
    """It goes on from there; the log says so for ever, and the key of before is worth nothing any more."""
    with pytest.raises(HeadNotSigned, match="let a holder of such a key"):
        require(signed, keys.liisa)
    require(signed, keys.liisa, vouch=True)
    rename(signed, KeyAtHand(keys.liisa))
    assert "let a holder of such a key" in refusal(signed, keys.city)
    assert found_by_verify(signed, keys.liisa) == []
    assert len(found_by_verify(signed, keys.city)) == 1
    assert len(found_by_verify(signed)) == 1


@pytest.mark.in_a_file
def test_where_the_signature_is_gone_its_own_key_vouches_for_the_log(signed: str, keys: Keys) -> None:
    """After somebody looked at what happened; then it goes on."""
    Forger(signed).execute("UPDATE head_signature SET note = ''")
    assert "--vouch" in refusal(signed, keys.city)
    require(signed, keys.city, vouch=True)
    rename(signed, KeyAtHand(keys.city))
    assert found_by_verify(signed, keys.city) == []


def test_a_log_is_moved_with_its_signature(signed: str, keys: Keys, kept_in: Database) -> None:
    """The copy goes on as it is; one without the signature of its head is not taken in."""
    with LogReader.open(signed) as reader:
        lines = list(exported(reader))
    copy = kept_in.new("copy")
    import_into(copy, lambda: lines, now=FOUNDED_AT, by="controller")
    assert state(copy) == state(signed)
    rename(copy, KeyAtHand(keys.city))
    assert found_by_verify(copy, keys.city) == []
    rename(signed, KeyAtHand(keys.city))
    later = orjson.loads(lines[0]) | {"signature": state(signed)[2]}
    for changed in ({**later, "signature": None}, later, {**later, "signature": 7}):
        with pytest.raises(NotThatLog, match="sign"):
            import_into(kept_in.new("other"), lambda: [orjson.dumps(changed) + b"\n", *lines[1:]], now=MADE, by="x")  # noqa: B023


def test_without_a_key_at_hand_nothing_is_recorded(signed: str, keys: Keys) -> None:
    """In one sentence each, whether no place of a key is known, or there is none at it."""
    before = state(signed)
    with pytest.raises(HeadNotSigned, match="there is no key at hand"):
        rename(signed, None)
    with pytest.raises(NoKey, match="name your key with HEINOLA_KEY"):
        rename(signed, KeyAtHand(keys.city.with_name("none.key")))
    assert state(signed) == before


@pytest.mark.in_a_file
@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("DROP TABLE head_signature", "is not signed"),
        ("DROP TRIGGER head_signature_DELETE", "the trigger head_signature_DELETE was dropped"),
        ("ALTER TABLE head_signature ADD COLUMN also", "the table head_signature was changed"),
        ("ALTER TABLE head_signature RENAME COLUMN note TO noted", "the table head_signature was changed"),
        ("UPDATE head_signature SET note = x'00ff'", "is not signed"),
        ("UPDATE stored_events SET state = x'7b7d' WHERE topic = 'KeysRequired'", "event 2 was changed"),
    ],
)
def test_what_is_done_to_the_signature_itself_is_named(signed: str, keys: Keys, statement: str, flaw: str) -> None:
    """Its table and guards are compared like all others, and what cannot be read is no signature."""
    with closing(sqlite3.connect(signed)) as file:
        file.execute("DROP TRIGGER stored_events_UPDATE")
        file.executescript(statement)
        file.commit()
    assert any(flaw in message for message in found_by_verify(signed, keys.city))
    before = signature_of(signed)
    with pytest.raises((HeadNotSigned, Refused)):
        rename(signed, KeyAtHand(keys.city))
    assert signature_of(signed) == before


def signature_of(location: str) -> list[tuple[object, ...]]:
    """Return all that the file has of the log and its signature, whatever that is."""
    with closing(sqlite3.connect(location)) as file:
        there = [name for (name,) in file.execute("SELECT name FROM sqlite_master WHERE name = 'head_signature'")]
        return [
            row for table in (*there, "tree_head", "stored_events") for row in file.execute(f"SELECT * FROM {table}")
        ]


def test_where_signing_fails_nothing_is_recorded(signed: str, keys: Keys, monkeypatch: pytest.MonkeyPatch) -> None:
    """Event and signature are there together, or neither is; and the next command goes on."""
    before = state(signed)
    with monkeypatch.context() as patch:
        patch.setattr(KeyAtHand, "signed", _fail)
        with pytest.raises(BadInput, match="the disk with the key is gone"):
            rename(signed, KeyAtHand(keys.city))
    assert state(signed) == before
    rename(signed, KeyAtHand(keys.city))
    assert state(signed)[0] == before[0] + 1


def _fail(*_args: object) -> str:
    raise BadInput("the disk with the key is gone")


def test_a_signature_that_is_swallowed_is_not_acknowledged(
    signed: str, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was written is read back before the commit; the control does not look, and leaves a head without one."""
    with monkeypatch.context() as patch:
        with EventLog.open(signed) as log:
            patch.setattr(type(log._recorder), "sign", _swallow)
        before = state(signed)
        with pytest.raises(StoreNotSound, match="the signature of the head is not in the database as it was written"):
            rename(signed, KeyAtHand(keys.city))
        assert state(signed) == before
        patch.setattr(Written, "require_signed", lambda *_args: None)
        rename(signed, KeyAtHand(keys.city))
    assert "is signed with" in refusal(signed, keys.city)


def _swallow(recorder: Any, note: str) -> None:  # noqa: ANN401 - of either database
    recorder._open.written.signature = note


def test_many_who_record_at_once_leave_signed_heads(signed: str, keys: Keys) -> None:
    """One after another, each after the signature of the one before; none is lost."""
    require(signed, keys.city, keys.liisa)
    require(signed, keys.liisa)
    size = state(signed)[0]

    def record(number: int) -> None:
        signing = KeyAtHand((keys.city, keys.liisa)[number % 2])
        for turn in range(3):
            rename(signed, signing, f"Lukio {number} {turn}")

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(record, range(4)))
    assert state(signed)[0] == size + 12
    assert found_by_verify(signed, keys.city) == []


def test_a_command_that_records_nothing_signs_nothing(signed: str, keys: Keys) -> None:
    """Neither what is only tried, nor a retry."""
    once = Request("controller", key="once", clock_is_right=True)
    with EventLog.open(signed, KeyAtHand(keys.city)) as log:
        for dry_run, repeated in ((True, False), (False, False), (False, True)):
            before = state(signed)
            receipt = run(log, FOUNDED_AT, once, lambda to: rename_unit(to, "4100", FOUNDED, "Koulu"), dry_run=dry_run)
            assert receipt.repeated is repeated
            assert (state(signed) == before) is (dry_run or repeated)
    assert found_by_verify(signed, keys.city) == []


def test_a_store_becomes_a_signed_one_and_its_log_stays(kept_in: Database, keys: Keys) -> None:
    """What was recorded before is signed as it stood."""
    location = kept_in.new("later")
    with EventLog.create(location, CITY, now=MADE, by="controller") as log:
        found_city(log)
    size, root, _none = state(location)
    require(location, keys.city)
    with LogReader.open(location) as reader:
        (row,) = reader.rows_of(keys_stream(), reader.size())
    note = orjson.loads(row[-1])["note"]
    assert opened(note, public(keys.city)).startswith(Checkpoint(origin_of(CITY), size, root).text())
    assert keys_in(note) == (public(keys.city),)
    rename(location, KeyAtHand(keys.city))
    assert found_by_verify(location, keys.city) == []


def test_a_signature_where_none_is_required_is_named(kept_in: Database, keys: Keys, signed: str) -> None:
    """The statement was taken out of the log, and with it whoever would have to sign."""
    Forger(signed).execute("DELETE FROM stored_events WHERE topic = 'KeysRequired'")
    assert any("the log requires none" in message for message in found_by_verify(signed))
    assert "the log requires none" in refusal(signed, keys.city)


BROKEN_TABLES = {
    "no row": "DELETE FROM head_signature",
    "two rows": "INSERT INTO head_signature VALUES (2, 'x')",
    "two rows with the signature": "INSERT INTO head_signature SELECT 2, note FROM head_signature",
    "no text": "UPDATE head_signature SET note = CAST(note AS BLOB)",
    "no UTF-8": "UPDATE head_signature SET note = CAST(x'ff' || note AS TEXT)",
    "no table": "DROP TABLE head_signature",
}
IN_A_FILE_ALONE = BROKEN_TABLES.keys() - {"no row", "no table"}
"""On a server a second row needs a constraint dropped, which is named, and a text is one."""


@pytest.mark.parametrize(
    "broken",
    [pytest.param(name, marks=[pytest.mark.in_a_file] * (name in IN_A_FILE_ALONE)) for name in BROKEN_TABLES],
)
def test_a_signature_that_is_not_one_text_in_one_row_is_none(signed: str, keys: Keys, broken: str) -> None:
    """Recording and verifying agree that the head is not signed, whatever stands there; to vouch mends the table."""
    meddle(signed, BROKEN_TABLES[broken])
    assert NOT_SIGNED in refusal(signed, keys.city)
    assert any(NOT_SIGNED in problem for problem in found_by_verify(signed, keys.city))
    require(signed, keys.city, vouch=True)
    assert found_by_verify(signed, keys.city) == []
    rename(signed, KeyAtHand(keys.city))
    assert found_by_verify(signed, keys.city) == []


@pytest.mark.parametrize("filler", ["x", "\n"])
def test_of_a_note_without_end_no_more_is_read_than_notes_have(signed: str, keys: Keys, filler: str) -> None:
    """Who may write the note may not fill the memory of whoever reads it; the head is then not signed."""
    longer = f"'{filler * 200_000}'"
    meddle(signed, f"UPDATE head_signature SET note = note || {longer}")
    with LogReader.open(signed) as reader:
        assert len(reader.signature() or "") == 1 << 16
    assert NOT_SIGNED in refusal(signed, keys.city)
    assert any(NOT_SIGNED in problem for problem in found_by_verify(signed, keys.city))


NOT_SIGNED = "the head of the log is not signed by a key that it requires"


def meddle(location: str, statement: str) -> None:
    """Do something to the table of the signature, past its guards; they stand as before, where the table does."""
    if is_on_server(location):
        store = server_store(location)
        with closing(pytest.importorskip("psycopg").connect(store.url, autocommit=True)) as server:
            server.execute(f"SET search_path = {store.schema}")
            server.execute("ALTER TABLE head_signature DISABLE TRIGGER USER")
            server.execute(statement)
            if server.execute("SELECT to_regclass('head_signature')").fetchone() != (None,):
                server.execute("ALTER TABLE head_signature ENABLE ALWAYS TRIGGER head_signature_stays")
        return
    with closing(sqlite3.connect(location, isolation_level=None)) as file:
        file.execute("PRAGMA ignore_check_constraints = ON")
        listed = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'head_signature'"
        guards = file.execute(listed).fetchall()
        for name, _sql in guards:
            file.execute(f"DROP TRIGGER {name}")
        file.execute(statement)
        if not statement.startswith("DROP TABLE"):
            for _name, sql in guards:
                file.execute(sql)
