"""The snapshot in JSON: written and read back without loss, of both formats, and described by its published schema."""

from __future__ import annotations

import gzip
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from heinola_es.domain.periods import parse_reporting_period
from heinola_es.store.reading import LogReader
from projections.snapshot.canonical import canonical_json
from projections.snapshot.encoding import UnreadableSnapshot, as_json, decoded, encoded
from projections.snapshot.first_format import as_first_format, encoded_first
from projections.snapshot.schema import schema_file
from projections.snapshot.taking import SnapshotQuery, take_snapshot
from tests.terminal import ROOT

if TYPE_CHECKING:
    from projections.snapshot.model import Snapshot
    from tests.projections.conftest import ImportedReport

PERIODS = ("2020Q2", "2020Q3", "15.8.2020", "2021Q1", "1990Q1")
PUBLISHED = sorted((Path(ROOT) / "tests" / "golden").glob("*/*.json.gz"))


@pytest.fixture(params=PERIODS)
def snapshot(request: pytest.FixtureRequest, sample: ImportedReport) -> Snapshot:
    """Give a report with notes, findings, prior years and further lines, or an empty one."""
    query = SnapshotQuery(period=parse_reporting_period(request.param), years=3, all_lines=True)
    with LogReader.open(str(sample.path)) as reader:
        return take_snapshot(reader, query)


def closed(schema: Any) -> Any:  # noqa: ANN401 - any part of a schema
    """Return a schema that lets nothing pass but what it names."""
    if isinstance(schema, list):
        return [closed(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    parts = {name: closed(part) for name, part in schema.items()}
    return parts | ({"additionalProperties": False} if "properties" in schema and "type" in schema else {})


def test_a_snapshot_is_read_back_as_it_was_written(snapshot: Snapshot) -> None:
    """Nothing is lost: periods, days, amounts, per cents, codes with their parameters."""
    assert decoded(encoded(snapshot)) == snapshot


def test_a_snapshot_is_as_its_schema_says(snapshot: Snapshot) -> None:
    """Every field that is written is in the schema with its type, and not one more."""
    validator = Draft202012Validator(closed(orjson.loads(schema_file())))
    assert [error.message for error in validator.iter_errors(orjson.loads(encoded(snapshot)))] == []


def test_the_published_schema_is_that_of_the_classes() -> None:
    """`docs/snapshot.schema.json` is made by `python -m projections.snapshot.schema`."""
    assert (Path(ROOT) / "docs" / "snapshot.schema.json").read_bytes() == schema_file()


def test_the_first_format_is_read(snapshot: Snapshot) -> None:
    """A document of the first format is read, and written again as it was: its sentences are kept as they are."""
    document = encoded_first(snapshot)
    assert encoded_first(decoded(document)) == document
    assert {finding.code for finding in decoded(document).findings} <= {"told"}


def test_the_first_format_gets_no_more_fields(snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is added to a snapshot, anywhere in it, what version 1 published has the digest that it had."""
    before = encoded_first(snapshot)

    def with_more(value: Any) -> Any:  # noqa: ANN401 - any JSON value
        if isinstance(value, list):
            return [with_more(item) for item in value]
        if not isinstance(value, dict):
            return value
        return {name: with_more(item) for name, item in value.items()} | {"later": {"cents": 1}}

    def as_json_later(snapshot: Snapshot) -> Any:  # noqa: ANN401 - any JSON value
        return with_more(as_json(snapshot))

    monkeypatch.setattr("projections.snapshot.first_format.as_json", as_json_later)
    assert b"later" in canonical_json(as_first_format(snapshot))
    assert encoded_first(snapshot) == before


@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_earlier_versions_published_is_read(path: Path) -> None:
    """A published document is read, and gives the same bytes, in the format that it has."""
    document = gzip.decompress(path.read_bytes())
    written = encoded if b'"heinola/snapshot/2"' in document else encoded_first
    assert written(decoded(document)) == document


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"[", "is no JSON"),
        (b"[]", r"is no snapshot: \[\] is no object"),
        (b"{}", "schema is None; this program reads heinola/snapshot/2"),
        (b'{"schema": "heinola/snapshot/2"}', "is no snapshot: period None is no object"),
    ],
)
def test_what_is_no_snapshot_is_refused(document: bytes, said: str) -> None:
    """One sentence says what is wrong with a document."""
    with pytest.raises(UnreadableSnapshot, match=said):
        decoded(document)


def test_a_wrong_value_is_named_with_its_place(snapshot: Snapshot) -> None:
    """Whoever wrote a document by hand is told where it is not of the format."""
    document = orjson.loads(encoded(snapshot))
    document["findings"] = [{"kind": "mismatch", "code": "routes_differ", "parameters": {"first": "luck"}}]
    with pytest.raises(UnreadableSnapshot, match=r"findings\[0\].parameters have no second"):
        decoded(orjson.dumps(document))
