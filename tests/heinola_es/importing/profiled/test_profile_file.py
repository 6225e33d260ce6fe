"""Profiles: what a file says, all that is wrong with one at once, and the schema that says the same to editors."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from events.period import Period
from heinola_es.importing.profiled.profile_file import ProfileUnfit, profile_from
from heinola_es.importing.profiled.profile_tables import schema_file
from tests.heinola_es.importing.profiled.reports_of_cities import (
    MERGED_PROFILE,
    MILLIONS_PROFILE,
    SWEDISH_PROFILE,
    UNIT_ROWS_PROFILE,
)

ROOT = Path(__file__).resolve().parents[4]
SCHEMA_FILE = ROOT / "docs" / "report-profile.schema.json"
SCHEMA = json.loads(SCHEMA_FILE.read_text("utf-8"))
EXAMPLE = (ROOT / "examples" / "delarsrapport-2024-08.toml").read_text("utf-8")
PROFILES = {
    "swedish": SWEDISH_PROFILE,
    "millions": MILLIONS_PROFILE,
    "merged": MERGED_PROFILE,
    "rows": UNIT_ROWS_PROFILE,
    "example": EXAMPLE,
}


@pytest.mark.parametrize("profile", PROFILES)
def test_the_schema_and_the_reader_take_what_is_right(profile: str) -> None:
    """Every profile that is shipped or tested is right by both."""
    said = tomllib.loads(PROFILES[profile])
    Draft202012Validator.check_schema(SCHEMA)
    Draft202012Validator(SCHEMA).validate(said)
    profile_from(said, profile)


def test_what_is_not_said_follows_from_the_report_s_period() -> None:
    """A budget is that of the year, an actual that since 1 January, unless the profile says otherwise."""
    columns = [
        {"header": "TA", "is": "budget"},
        {"header": "TOT", "is": "actual"},
        {"header": "ed.", "is": "budget", "period": "2023"},
    ]
    profile = profile_from({"version": 1, "period": "2024Q2", "figures": {"columns": columns}}, "p")
    assert [rule.period for rule in profile.columns.values()] == [
        Period.of_months(2024, 1, 6),
        Period.of_months(2024, 1, 6),
        Period.of_year(2023),
    ]


WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "no version": ({"version": None}, "version is missing"),
    "a version of a newer program": ({"version": 2}, "version should be 1; write version = 1"),
    "a table that is none": ({"unit": "A"}, "unit is 'A'; it should be a table"),
    "tables that are none": ({"units": [1]}, "units should be a list of tables"),
    "no period": ({"period": None}, "period is missing"),
    "a word nobody knows": ({"colums": []}, "colums is no word of a profile"),
    "expenses": ({"expenses": "minus"}, "expenses is 'minus'"),
    "a unit without a name": ({"unit": {"code": "A"}}, "unit.name is missing"),
    "headings of nothing": ({"units": [{"kind": "unit"}]}, "units[1].names is missing"),
    "a kind": ({"units": [{"kind": "office", "numbered": True}]}, "units[1].kind is 'office'"),
    "a column of what": (
        {"figures": {"columns": [{"header": "TA", "is": "budjetti"}]}},
        "figures.columns[1].is is 'budjetti'",
    ),
    "compared": (
        {"figures": {"columns": [{"header": "Ero", "is": "deviation", "of": ["budget"]}]}},
        "figures.columns[1].of should be two",
    ),
    "a table of units": ({"figures": {"unit_tables": [{"heading": "Kate"}]}}, "figures.unit_tables[1].line is missing"),
    "a goal's column": ({"goals": {"columns": {"Mål": "goal"}}}, "goals.columns says 'goal' of 'Mål'"),
    "a status": ({"goals": {"statuses": {"Klar": "done"}}}, "goals.statuses says 'done' of 'Klar'"),
    "a text without a heading": ({"texts": [{"is": "outlook"}]}, "texts[1].heading is missing"),
}


@pytest.mark.parametrize("what", WRONG)
def test_the_schema_and_the_reader_refuse_what_is_wrong(what: str) -> None:
    """What is wrong is refused by both; the reader's sentence says where and what to write."""
    change, words = WRONG[what]
    said = {key: value for key, value in ({"version": 1, "period": "2024Q2"} | change).items() if value is not None}
    assert not Draft202012Validator(SCHEMA).is_valid(said)
    with pytest.raises(ProfileUnfit) as refused:
        profile_from(said, "profile.toml")
    assert f"profile.toml: {words}" in str(refused.value)


UNSEEN: dict[str, tuple[dict[str, Any], str]] = {
    "a period that is none": ({"period": "kevät"}, "period names no period: "),
    "a name that is none": ({"units": [{"names": {"A": " "}}]}, "units[1].names has ' ' for A; it should be the name"),
    "a period of a comparison": (
        {"figures": {"columns": [{"header": "Ero", "is": "deviation", "period": "2024"}]}},
        "figures.columns[1].period is nothing that a column of deviation has",
    ),
    "a line of nothing": (
        {"figures": {"columns": [{"header": "Ero", "is": "skip", "line": "net"}]}},
        "figures.columns[1].line is nothing that a column that is skipped has",
    ),
    "a period of a name": (
        {"statistics": {"columns": [{"header": "Nimi", "is": "name", "period": "2024"}]}},
        "statistics.columns[1].period is nothing that a column of name has",
    ),
}


@pytest.mark.parametrize("what", UNSEEN)
def test_what_no_schema_sees_is_refused_by_the_reader(what: str) -> None:
    """What several keys say together, or what a text means, is told by the key that is to be changed."""
    change, words = UNSEEN[what]
    with pytest.raises(ProfileUnfit) as refused:
        profile_from({"version": 1, "period": "2024Q2"} | change, "p")
    (told,) = refused.value.lines
    assert told.startswith(f"p: {words}")


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Every complaint has a line of its own, also those that no schema can see."""
    columns = [
        {"header": "Ennuste", "is": "forecast", "period": "2025"},
        {"header": "TA", "is": "budget", "money": "sataset"},
        {"header": "T A", "is": "budget"},
    ]
    with pytest.raises(ProfileUnfit) as refused:
        profile_from({"version": 1, "period": "2024Q2", "figures": {"columns": columns}}, "p")
    assert [line.split(" ")[1] for line in refused.value.lines] == [
        "figures.columns[2].money",
        "figures.columns[3].header",
        "figures.columns[1].period",
    ]


def test_the_schema_is_made_of_the_classes() -> None:
    """`docs/report-profile.schema.json` is what the classes that read a profile make."""
    assert SCHEMA_FILE.read_text("utf-8") == schema_file()
