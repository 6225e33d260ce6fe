"""A published report is kept: shown as it was by whatever program, its names can go, and what is kept cannot."""

from __future__ import annotations

import zlib
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from attrs import evolve, frozen
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given as examples
from hypothesis import strategies as st

from heinola_es.domain.aggregates.publication import PublishedBefore
from heinola_es.domain.periods import parse_period
from heinola_es.errors import Refused
from heinola_es.handlers.figures import correct_actual
from heinola_es.handlers.goals import report_narrative
from heinola_es.handlers.organisation import assign_responsible
from heinola_es.handlers.projects import revise_project
from heinola_es.sealing.keys import Signer
from heinola_es.store import kept as keeping
from heinola_es.store.kept import MOST_BYTES, KeptName, KeptReport, NotAsKept, TooLongToKeep, references_in
from heinola_es.store.log import EventLog, KeyUsedBefore, Request
from heinola_es.store.reading import LogReader
from heinola_es.store.transfer import exported, import_into
from heinola_es.store.transfer_lines import NotThatLog
from projections.published.kept_reports import ERASED, sealed, shown
from projections.published.publications import (
    Published,
    PublishedDiffers,
    last_published,
    published_document,
    published_snapshot,
    sealed_bytes,
)
from projections.publishing import Publisher, Publishing, publish, seal_of
from projections.report.content.build import build_report
from projections.report.content.query import ReportQuery
from projections.report.language.languages import LANGUAGES
from projections.report.theme.theme import Theme
from projections.snapshot.encoding import SCHEMA, encoded
from projections.snapshot.first_format import encoded_first
from projections.snapshot.model import ProjectReport, Snapshot, UnitReport
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from projections.verifying.likeness import examined
from projections.verifying.problems import LOST
from projections.verifying.seals import SealFile
from projections.verifying.verification import verify
from projections.writers.datapackage.package import PackageQuery, build_package
from tests.city import MADE
from tests.projections.asking import LATER, record
from tests.projections.forging import Forger
from tests.specification import SALT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from projections.verifying.verification import Verdict
    from tests.databases import Database

SECOND = parse_period("2020Q2")
BY = Request("controller", clock_is_right=True)
HEAD, PROJECT_HEAD = "Esimerkki Henkilö", 'Toinen "Henkilö" {person}'
SIGNER = Signer("heinola-es/heinola", Ed25519PrivateKey.from_private_bytes(bytes(32)))
HALF = parse_period("2020H1")


def publish_second(log: EventLog, unit: str | None = None, request: Request = BY) -> Publishing:
    """Publish the report of the second quarter."""
    with LogReader.open(log.location) as reader:
        return publish(Publisher(log, reader, LATER, request, SALT), SECOND, unit, incomplete=True)


def correct(log: EventLog, cents: int = 100_000) -> None:
    """Put something right that the report shows."""
    record(log, correct_actual, "4100", "operating_income", HALF, cents, reason="kirjausvirhe")


@frozen
class Handed:
    """A store with a published report, and what was handed out with it.

    Attributes:
        log: of the store.
        published: the publication.
        document, sealed: the report as it was shown then, and as it was sealed.
        seal: of the publication.
    """

    log: EventLog
    published: Published
    document: bytes
    sealed: bytes
    seal: SealFile

    def verdict(self) -> Verdict:
        """Verify the store with its seal."""
        return verdict(self.log.location, self.seal)

    def document_now(self) -> bytes:
        """Return the report as it is shown now."""
        with LogReader.open(self.log.location) as reader:
            return published_document(reader, last_published(reader, SECOND, None, 1))


def verdict(location: str, *seals: SealFile) -> Verdict:
    """Verify a store, with seals."""
    with examined(location) as what:
        return verify(what, seals, SIGNER.verifier)


@pytest.fixture
def handed(sample_log: EventLog) -> Handed:
    """Give the sample report, published once names had been put where roles belong."""
    record(sample_log, assign_responsible, "4160", parse_period("1.2.2020").start, HEAD)
    with LogReader.open(sample_log.location) as reader:
        project = next(iter(reader.project_owners()))
    record(
        sample_log, revise_project, project, SECOND.end, responsible=PROJECT_HEAD, administrator=HEAD, reason="nimet"
    )
    return handed_out(sample_log)


def handed_out(log: EventLog) -> Handed:
    """Publish the report, and return what is handed out."""
    published = publish_second(log).published
    with LogReader.open(log.location) as reader:
        seal = seal_of(reader, published)
        document, content = published_document(reader, published), sealed_bytes(reader, published)
    return Handed(log, published, document, content, SealFile("1.seal", seal.signed_by(SIGNER).encode()))


# ---------------------------------------------------------------- what is kept


def test_what_is_sealed_names_nobody(handed: Handed) -> None:
    """The sealed bytes have the digest of the publication and its seal, and hold no name; what is shown has them."""
    assert sha256(handed.sealed).hexdigest() == handed.published.snapshot_sha256
    assert f"sha256:{handed.published.snapshot_sha256}".encode() in handed.seal.content
    told = orjson.loads(handed.document)
    names = {text for project in told["projects"] for text in (project["responsible"], project["administrator"])}
    names |= {unit["responsible"] for unit in told["units"]}
    assert names >= {HEAD, PROJECT_HEAD}
    persons = {each["person"] for part in ("units", "projects") for each in _persons(orjson.loads(handed.sealed)[part])}
    assert len(persons) == len(names - {""})
    assert HEAD.encode() in handed.document
    assert HEAD.encode() not in handed.sealed
    with LogReader.open(handed.log.location) as reader:
        assert encoded(take_snapshot(reader, handed.published.query())) == handed.document


def _persons(told: list[dict[str, Any]]) -> list[dict[str, str]]:
    fields = (each.get(name) for each in told for name in ("responsible", "administrator"))
    return [person for person in fields if person]


def test_each_publication_has_salts_of_its_own(handed: Handed) -> None:
    """The same name has another reference in another publication, so that two reports do not tell of one person."""
    publish_second(handed.log, "410")
    with LogReader.open(handed.log.location) as reader:
        other = sealed_bytes(reader, last_published(reader, SECOND, "410"))
    assert references_in(other)
    assert not set(references_in(other)) & set(references_in(handed.sealed))


NAMES = st.text() | st.sampled_from(['{"person": "' + "0" * 64 + '"}', '"', "\\", "a\nb", ERASED])


@examples(roles=st.lists(NAMES, min_size=1, max_size=6), projects=st.lists(st.tuples(NAMES, NAMES), max_size=4))
def test_names_go_out_and_come_back(roles: list[str], projects: list[tuple[str, str]]) -> None:
    """Whatever stands where a person can, the sealed bytes refer to it, and what is shown is what was taken."""
    snapshot = _snapshot(roles, projects)
    report, names = sealed(snapshot, SALT)
    content = report.content()
    texts = {text for text in [*roles, *(text for pair in projects for text in pair)] if text}
    assert {name.text() for name in names} == texts
    assert sorted(references_in(content)) == sorted(name.digest for name in names)
    assert len({name.salt for name in names}) == len(names)
    assert shown(content, {name.digest: name.text() for name in names}) == encoded(snapshot)
    for text in texts:
        if len(text) > 8:  # shorter ones stand in the names of fields, and in digests
            assert orjson.dumps(text)[1:-1] not in content
    gone = orjson.loads(shown(content, {}, "–"))
    assert [unit["responsible"] for unit in gone["units"]] == ["–" if role else "" for role in roles]


def _snapshot(roles: list[str], projects: list[tuple[str, str]]) -> Snapshot:
    units = [
        UnitReport(code=str(number), name="Yksikkö", kind="unit", parent=None, responsible=role)
        for number, role in enumerate(roles)
    ]
    empty: Any = dict.fromkeys(("description", "phase", "funder", "city_decision", "amount_notes", "other", "text"), "")
    nothing: Any = dict.fromkeys(
        ("start", "end", "ended", "income_cents", "expense_cents", "city_share_cents", "percent")
    )
    told: list[Any] = [
        {"name": str(n), "unit": "0", "budget_years": (), "responsible": r, "administrator": a}
        for n, (r, a) in enumerate(projects)
    ]
    return Snapshot(
        city="Heinola",
        period=SECOND,
        known_at=None,
        structure=SECOND.end,
        position=1,
        columns=("final_accounts", "prior_actual", "budget", "actual", "percent"),
        units=tuple(units),
        projects=tuple(ProjectReport(**each, **empty, **nothing) for each in told),
        findings=(),
        unplaced=(),
    )


@examples(st.binary(max_size=2000))
def test_bytes_are_packed_and_unpacked(content: bytes) -> None:
    """What is kept is what was given."""
    kept = KeptReport.of(content)
    assert kept.content() == content
    for changed in (kept.packed[:-1], kept.packed + b"x", b"", kept.packed[1:]):
        with pytest.raises(NotAsKept):
            evolve(kept, packed=changed).content()


def test_what_unpacks_without_an_end_is_not_unpacked() -> None:
    """Packed bytes that would fill the memory are refused when they come to more than any report has."""
    bomb = zlib.compress(bytes(MOST_BYTES + 1), 9)
    with pytest.raises(NotAsKept, match="more than any report has"):
        KeptReport("0" * 64, bomb).content()


def test_a_report_longer_than_any_is_not_published(sample_log: EventLog, monkeypatch: pytest.MonkeyPatch) -> None:
    """The sentence says what to do, and nothing is recorded."""
    monkeypatch.setattr(keeping, "MOST_BYTES", 10_000)
    before = sample_log.head()
    with pytest.raises(TooLongToKeep, match="more than can be kept; publish its units, each by itself, with --unit"):
        publish_second(sample_log)
    assert sample_log.head() == before


def test_a_long_report_is_published_shown_and_moved(sample_log: EventLog, kept_in: Database) -> None:
    """A report of five megabytes that hardly pack is kept, verified, exported and taken in like any other."""
    for number in range(5):
        text = "".join(sha256(f"{number}/{line}".encode()).hexdigest() + "\n" for line in range(16_000))
        record(sample_log, report_narrative, "4160", SECOND, f"Liite {number}", text)
    handed = handed_out(sample_log)
    assert len(handed.sealed) > 5_000_000
    assert handed.verdict().problems == ()
    location = kept_in.new("moved")
    with LogReader.open(sample_log.location) as reader:
        lines = list(exported(reader))
    import_into(location, lambda: lines, now=MADE, by="controller")
    with LogReader.open(location) as reader:
        assert published_document(reader, last_published(reader, SECOND, None)) == handed.document


# ---------------------------------------------------------------- another program


def one_cent_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let this program work the actual of every unit out otherwise, as another version might."""
    from heinola_es.domain.value_rule import column

    right = column.Column.cells

    def wrong(self: column.Column, unit: str) -> Callable[[str], tuple[int, int] | None]:
        of_line, actual = right(self, unit), self.rule.facts.measure == "actual" and self.period.year == SECOND.year

        def more(line: str) -> tuple[int, int] | None:
            cell = of_line(line)
            return cell if cell is None or not actual else (cell[0] + 1, cell[1])

        return more

    monkeypatch.setattr(column.Column, "cells", wrong)


def test_other_figures_of_a_newer_program_are_told_and_are_no_tampering(
    handed: Handed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Which cells, published and computed; the report is shown as it was, and nothing is wrong with the store."""
    one_cent_more(monkeypatch)
    found = handed.verdict()
    assert found.problems == ()
    (note,) = found.notes
    assert note.message.startswith(f"the report 1.4.–30.6.2020 (event {handed.published.at}) was published by")
    assert "410 net actual: published -6 790 938 €, computed -6 790 937,99 €" in "\n".join([*note.lines, *_all(handed)])
    assert note.lines[-1].startswith("and ")
    assert handed.document_now() == handed.document


def _all(handed: Handed) -> Iterator[str]:
    """Yield every figure that is told otherwise, also beyond those that a verification names."""
    from projections.snapshot.comparing import differing_figures
    from projections.verifying.reports import _cells_in_words

    with LogReader.open(handed.log.location) as reader:
        taken = take_snapshot(reader, handed.published.query())
        cells = differing_figures(published_snapshot(reader, handed.published), taken)
    for cell in cells:
        yield from _cells_in_words(handed.published, [cell])


def test_other_figures_on_a_log_that_was_changed_are_a_problem(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where an event under the report was changed, what the log gives now is told as what it is."""
    with LogReader.open(handed.log.location) as reader:
        row = next(row for row in reader.rows_about("FigureStated") if b'"unit":"4160","line":"income"' in row[4])
    changed = row[4].replace(b'"amount_cents":', b'"amount_cents":1')
    Forger(handed.log.location).execute("UPDATE stored_events SET state = ? WHERE position = ?", (changed, row[0]))
    found = handed.verdict()
    assert found.notes == ()
    told = [str(problem) for problem in found.problems if problem.kind == "report"]
    assert any("the log gives the report 1.4.–30.6.2020" in each and "4160 income" in each for each in told)
    assert all("what was published is kept, and shown as it was" in each for each in told)
    assert handed.document_now() == handed.document


def test_other_words_of_a_newer_program_are_nothing_to_tell(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """A finding more or less changes no seal, and is not worth a word."""
    from projections.snapshot import taking

    class NoFindings:
        def __init__(self, *_args: object) -> None:
            pass

        def findings(self, *_args: object) -> tuple[()]:
            return ()

    monkeypatch.setattr(taking, "Reconciliation", NoFindings)
    found = handed.verdict()
    assert (found.problems, found.notes) == ((), ())
    assert handed.document_now() == handed.document


def test_a_field_more_in_a_snapshot_breaks_no_seal(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """A program that says more of a unit shows what was published as it was, and publishes more."""
    from projections.snapshot import encoding

    right = encoding.as_json

    def more(snapshot: Snapshot) -> dict[str, Any]:
        told: dict[str, Any] = right(snapshot)
        return {**told, "units": [{**unit, "staff": "12.5"} for unit in told["units"]]}

    monkeypatch.setattr("projections.published.kept_reports.as_json", more)
    found = handed.verdict()
    assert (found.problems, found.notes) == ((), ())
    assert handed.document_now() == handed.document
    correct(handed.log)
    publish_second(handed.log)
    with LogReader.open(handed.log.location) as reader:
        last = last_published(reader, SECOND, None)
        assert b'"staff": "12.5"' in published_document(reader, last)
        assert published_snapshot(reader, last).units


def test_a_report_is_shown_in_every_form_as_it_was_published(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents and open data of a published report are the same, whatever the program works out now."""

    def forms() -> list[object]:
        with LogReader.open(handed.log.location) as reader:
            query = ReportQuery(period=SECOND, published=1)
            document = build_report(reader, query, Theme())
            return [document, build_package(reader, PackageQuery(periods=(SECOND,), published=True, revision=1))]

    before = forms()
    one_cent_more(monkeypatch)
    correct(handed.log)
    assert forms() == before


# ---------------------------------------------------------------- published again


def test_an_unchanged_report_is_published_once(handed: Handed, monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, also where the program says it in other words; where it comes to other figures, it is a revision."""
    with pytest.raises(PublishedBefore):
        publish_second(handed.log)
    one_cent_more(monkeypatch)
    done = publish_second(handed.log)
    assert (done.published.revision, done.before_differs) == (2, False)
    assert done.changes is not None
    changed = {change.key: change.events for change in done.changes.changes}
    assert changed["figure", "410", "net", "actual"] == 0


def test_a_revision_of_a_report_that_was_changed_is_told(handed: Handed) -> None:
    """Where what is kept of the report before is not what was published, the revision stands, and it is said so."""
    correct(handed.log)
    Forger(handed.log.location).execute("UPDATE kept_reports SET packed = ?", (b"x",))
    done = publish_second(handed.log)
    assert (done.published.revision, done.before_differs) == (2, True)


def test_a_retry_publishes_once(sample_log: EventLog) -> None:
    """With a key, the same command given again finds what it published; the key stands for no other command."""
    request = evolve(BY, key="q2", digest="the second quarter")
    done = publish_second(sample_log, request=request)
    size = sample_log.head().size
    again = publish_second(sample_log, request=request)
    assert (again.published, again.repeated) == (done.published, True)
    correct(sample_log)
    assert publish_second(sample_log, request=request).published == done.published
    with pytest.raises(KeyUsedBefore):
        publish_second(sample_log, "410", evolve(request, digest="another"))
    assert sample_log.head().size == size + 1


# ---------------------------------------------------------------- names that are erased


def erase(log: EventLog, name: str) -> None:
    """Delete a name from beside the log, as its owner may."""
    Forger(log.location).execute("DELETE FROM kept_names WHERE name = ?", (name.encode(),))


def test_an_erased_name_breaks_no_seal(handed: Handed) -> None:
    """Digest, root and seal hold; what is shown says that a name was erased, and everything else is as it was."""
    erase(handed.log, HEAD)
    found = handed.verdict()
    assert found.problems == ()
    assert [note.message for note in found.notes] == [
        f"the report 1.4.–30.6.2020 (event {handed.published.at}): names that were erased from it: 1"
    ]
    assert handed.document_now() == handed.document.replace(HEAD.encode(), ERASED.encode())
    with LogReader.open(handed.log.location) as reader:
        assert sealed_bytes(reader, handed.published) == handed.sealed
        told = {
            language: str(build_report(reader, ReportQuery(period=SECOND, published=1, language=language), Theme()))
            for language in LANGUAGES
        }
    said = {"fi": "(nimi poistettu)", "sv": "(namnet borttaget)", "en": "(name erased)"}
    for language, text in said.items():
        assert text in told[language]
        assert HEAD not in told[language]


def test_an_erased_name_does_not_come_back(handed: Handed, kept_in: Database) -> None:
    """The log is exported without it, and taken in elsewhere without it; the seal holds there, too."""
    erase(handed.log, HEAD)
    with LogReader.open(handed.log.location) as reader:
        lines = list(exported(reader))
    assert not any(b'"name":"Esimerkki' in line for line in lines)
    location = kept_in.new("moved")
    import_into(location, lambda: lines, now=MADE, by="controller")
    with LogReader.open(location) as reader:
        shown_there = published_document(reader, last_published(reader, SECOND, None))
    assert shown_there == handed.document_now()
    assert verdict(location, handed.seal).problems == ()


def test_an_unchanged_report_with_an_erased_name_is_published_once(handed: Handed) -> None:
    """That a name was erased is no change of the report."""
    erase(handed.log, HEAD)
    with pytest.raises(PublishedBefore):
        publish_second(handed.log)


# ---------------------------------------------------------------- tampering


OF_ANOTHER = (
    "UPDATE kept_reports SET packed = (SELECT packed FROM kept_reports WHERE digest = {other}) WHERE digest = {one}"
)
TAMPERINGS: dict[str, tuple[tuple[tuple[str, tuple[object, ...]], ...], str, str]] = {
    "a byte of the bytes": (
        (("UPDATE kept_reports SET packed = ? WHERE digest = {one}", (b"x\x9c",)),),
        r"the bytes of the report 1\.4\.–30\.6\.2020.* were changed",
        "is not kept as it was published",
    ),
    "other bytes that unpack": (
        (("UPDATE kept_reports SET packed = ? WHERE digest = {one}", (KeptReport.of(b"{}\n").packed,)),),
        r"the bytes of the report 1\.4\.–30\.6\.2020.* were changed: the bytes are others than were published",
        "the bytes are others than were published",
    ),
    "the bytes of another report": (
        (
            (
                (
                    "UPDATE kept_reports SET packed = (SELECT packed FROM kept_reports WHERE digest = {other}) "
                    "WHERE digest = {one}"
                ),
                (),
            ),
        ),
        r"what is kept as the report 1\.4\.–30\.6\.2020 \(event \d+\) are the bytes of the report .* of 410",
        "the bytes are others than were published",
    ),
    "the bytes gone": (
        (("DELETE FROM kept_reports WHERE digest = {one}", ()),),
        r"the bytes of the report 1\.4\.–30\.6\.2020 \(event \d+\) are gone",
        "its bytes are gone",
    ),
    "a name changed": (
        (("UPDATE kept_names SET name = ? WHERE digest = {name}", (b"Joku Muu",)),),
        r"a name in the report .* was changed",
        "the name is another than was published",
    ),
}
EXCHANGED = (
    ("UPDATE kept_reports SET digest = ? WHERE digest = {one}", ("0" * 64,)),
    ("UPDATE kept_reports SET digest = {one} WHERE digest = {other}", ()),
    ("UPDATE kept_reports SET digest = {other} WHERE digest = ?", ("0" * 64,)),
)


def tampered(handed: Handed, *changes: tuple[str, tuple[object, ...]]) -> None:
    """Publish a second report, and change what is kept of the first, behind the back of the program."""
    other = publish_second(handed.log, "410").published.snapshot_sha256
    allow_odd_names(handed.log.location)
    forger = Forger(handed.log.location)
    for change, values in changes:
        one, name = handed.published.snapshot_sha256, references_in(handed.sealed)[0]
        statement = change.format(one=f"'{one}'", other=f"'{other}'", name=f"'{name}'")
        forger.execute(statement, values)


def allow_odd_names(location: str) -> None:
    """Take away, on a server, what refuses a name that is none."""
    if "://" in location:
        Forger(location).execute("ALTER TABLE kept_names DROP CONSTRAINT kept_names_check")


@pytest.mark.parametrize(("changes", "words", "shown_as"), TAMPERINGS.values(), ids=TAMPERINGS)
def test_what_is_kept_is_held_against_what_was_published(
    handed: Handed, changes: tuple[tuple[str, tuple[object, ...]], ...], words: str, shown_as: str
) -> None:
    """A verification names it, with the seal and without; whoever asks for the report is refused, in a sentence."""
    tampered(handed, *changes)
    for found in (handed.verdict(), verdict(handed.log.location)):
        told = [str(problem) for problem in found.problems]
        assert any(_matches(f"{words}.*{LOST}", each) for each in told), told
    with pytest.raises(PublishedDiffers, match=shown_as):
        handed.document_now()
    with LogReader.open(handed.log.location) as reader:
        assert published_document(reader, last_published(reader, SECOND, "410"))
        with pytest.raises(Refused, match="is not kept as it was published"):
            list(exported(reader))


def _matches(words: str, text: str) -> bool:
    from re import search

    return search(words, text) is not None


def test_exchanged_reports_are_told(handed: Handed) -> None:
    """Two reports whose bytes changed places: both are named, and neither is shown as the other."""
    tampered(handed, *EXCHANGED)
    told = [str(problem) for problem in handed.verdict().problems]
    assert sum("what is kept as the report" in each for each in told) == 2
    with LogReader.open(handed.log.location) as reader:
        for unit in (None, "410"):
            with pytest.raises(PublishedDiffers):
                published_document(reader, last_published(reader, SECOND, unit))


@pytest.mark.parametrize(
    ("row", "words"),
    [
        (KeptReport.of(b'{"schema": "heinola/snapshot/2"}\n'), "a report is kept .* that no publication names"),
        (KeptName.of("Joku", bytes(32)), r"names are kept that no published report refers to \(1\)"),
    ],
)
def test_what_was_planted_is_told(handed: Handed, row: KeptReport | KeptName, words: str) -> None:
    """What belongs to no publication is named; the reports that were published are shown as before."""
    Forger(handed.log.location).execute(row.KEEP, row.row())
    (problem,) = handed.verdict().problems
    assert _matches(words, str(problem))
    assert handed.document_now() == handed.document


def test_a_publication_of_other_bytes_is_told(handed: Handed) -> None:
    """Somebody who may record publishes bytes under the name of another report: they are looked at, too."""
    kept = KeptReport.of(handed.sealed.replace(b'"end": "2020-06-30"', b'"end": "2020-06-29"'))
    with LogReader.open(handed.log.location) as reader:
        (row,) = reader.rows_about("ReportPublished")
    body = row[4].replace(handed.published.snapshot_sha256.encode(), kept.digest.encode())
    forger = Forger(handed.log.location)
    forger.execute("UPDATE stored_events SET state = ? WHERE position = ?", (body, row[0]))
    forger.execute("UPDATE kept_reports SET digest = ?, packed = ?", kept.row())
    told = [str(problem) for problem in handed.verdict().problems]
    assert any("are those of another report, and its publication names them" in each for each in told)
    with pytest.raises(PublishedDiffers, match="the publication itself was changed"):
        handed.document_now()


# ---------------------------------------------------------------- moved


LIES: dict[str, Callable[[list[dict[str, Any]]], object]] = {
    "another packing": lambda told: told[0].update(packed="eJwDAAAAAAE="),
    "no packing": lambda told: told[0].update(packed="§"),
    "a number": lambda told: told[0].update(packed=7),
    "another digest": lambda told: told[0].update(digest="0" * 64),
    "no digest": lambda told: told[0].pop("digest"),
    "a digest that is none": lambda told: told[0].update(digest=["0"]),
    "left out": lambda told: told.pop(0),
    "twice": lambda told: told.append(told[0]),
    "a name twice": lambda told: told.append(told[1]),
    "another name": lambda told: told[1].update(name="Joku Muu"),
    "another salt": lambda told: told[1].update(salt="00" * 32),
    "a salt that is none": lambda told: told[1].update(salt="x"),
    "names before the report": lambda told: told.insert(0, told.pop()),
    "a name of nobody": lambda told: told.append({"digest": "1" * 64, "salt": "00" * 32, "name": "x"}),
    "something else": lambda told: told.append({"key": "k", "digest": "d", "first": 1, "last": 1}),
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES)
def test_what_is_not_as_it_was_exported_is_not_taken_in(
    handed: Handed, kept_in: Database, lie: Callable[[list[dict[str, Any]]], object]
) -> None:
    """Whatever was changed on the way, no store is made."""
    with LogReader.open(handed.log.location) as reader:
        size, lines = reader.size(), list(exported(reader))
    told = [orjson.loads(line) for line in lines[size + 1 :]]
    lie(told)
    changed = [*lines[: size + 1], *map(orjson.dumps, told)]
    location = kept_in.new("moved")
    with pytest.raises(NotThatLog):
        import_into(location, lambda: changed, now=MADE, by="controller")
    with pytest.raises(Refused, match=r"no store here|not a store of ours"):
        LogReader.open(location)


def test_a_file_that_changes_between_two_readings_makes_no_store(handed: Handed, kept_in: Database) -> None:
    """What was checked is what is kept."""
    with LogReader.open(handed.log.location) as reader:
        lines = list(exported(reader))
    other = KeptName.of("Joku Muu", bytes(32))
    changed = [*lines[:-1], orjson.dumps({"digest": other.digest, "salt": other.salt.hex(), "name": "Joku Muu"})]
    readings = iter([lines, lines, changed])
    with pytest.raises(NotThatLog, match="is kept for nothing that the log published"):
        import_into(kept_in.new("moved"), lambda: next(readings), now=MADE, by="controller")


def test_the_earlier_format_of_a_report_is_kept_as_well(sample_log: EventLog) -> None:
    """What is kept need not be of this format: a document of the first is shown, and read, as it is."""
    with LogReader.open(sample_log.location) as reader:
        snapshot = take_snapshot(reader, SnapshotQuery(period=SECOND))
    first = KeptReport.of(encoded_first(snapshot))
    assert SCHEMA.encode() not in first.content()
    assert shown(first.content(), {}) == first.content()
