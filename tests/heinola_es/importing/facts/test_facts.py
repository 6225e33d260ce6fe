"""Facts in bulk: TOML, CSV and JSON Lines say the same, all of it is recorded or nothing, all problems are told."""

from __future__ import annotations

import csv
import json
import tomllib
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from events.forecasts import ForecastGiven
from events.goals import GoalSet, GoalStatusUpdated
from events.imports import FileImported
from events.projects import ProjectLaunched
from heinola_es.commands.record.group import FAMILIES
from heinola_es.errors import BadInput
from heinola_es.importing.facts.kinds import KINDS
from heinola_es.importing.facts.reading import read_facts
from heinola_es.importing.facts.schema import schema, written
from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

TOML = """
[defaults]
period = "2020Q2"
[[goal-status]]
unit = "4160"
goal = "4160-1"
status = "toteutunut"
text = "Ensimmäinen kappale.\\n\\nToinen; kappale."
[[goal]]
unit = "4160"
goal = "4160-1"
year = 2020
binding_goal = "Hyvä kysely"
[[indicator]]
unit = "4160"
name = "Opiskelijoita"
value = 1224.5
[[progress]]
project = "Tutorit"
percent = "29,2"
[[project]]
name = "Tutorit"
unit = "4160"
period = "1.8.2019-31.7.2020"
income = "42 000"
budget_years = [2019, 2020]
"""
CSV = (
    "fact;unit;goal;year;period;status;text;binding_goal;name;value;project;percent;income;budget_years\r\n"
    'goal-status;4160;4160-1;;2020Q2;toteutunut;"Ensimmäinen kappale.\r\n\r\nToinen; kappale.";;;;;;;\r\n'
    "goal;4160;4160-1;2020;;;;Hyvä kysely;;;;;;\r\n"
    "indicator;4160;;;2020Q2;;;;Opiskelijoita;1 224,5;;;;\r\n"
    "progress;;;;2020Q2;;;;;;Tutorit;29,2;;\r\n"
    "project;4160;;;1.8.2019-31.7.2020;;;;Tutorit;;;;42000;2019 2020\r\n"
)
JSON_LINES = "\n".join(
    json.dumps(line)
    for line in (
        {
            "fact": "goal-status",
            "unit": "4160",
            "goal": "4160-1",
            "period": "2020Q2",
            "status": "achieved",
            "text": "Ensimmäinen kappale.\n\nToinen; kappale.",
        },
        {"fact": "goal", "unit": 4160, "goal": "4160-1", "year": 2020, "binding_goal": "Hyvä kysely"},
        {"fact": "indicator", "unit": "4160", "period": "2020Q2", "name": "Opiskelijoita", "value": 1224.5},
        {"fact": "progress", "project": "Tutorit", "period": "2020Q2", "percent": 29.2},
        {
            "fact": "project",
            "name": "Tutorit",
            "unit": "4160",
            "period": "1.8.2019-31.7.2020",
            "income": 42000,
            "budget_years": [2019, 2020],
        },
    )
)
RECORDED = ["GoalSet", "GoalStatusUpdated", "IndicatorObserved", "ProjectLaunched", "ProjectProgressReported"]


@pytest.fixture
def terminal(store: EventLog) -> Terminal:
    """Give a terminal in front of the small city's store; its last event is #14."""
    return Terminal(store.location)


def written_to(folder: Path, name: str, text: str) -> Path:
    """Return a file with a text, whose line ends are left as they are."""
    path = folder / name
    path.write_bytes(text.encode())
    return path


@pytest.mark.parametrize(("name", "text"), [("f.toml", TOML), ("f.csv", CSV), ("f.jsonl", JSON_LINES)])
def test_three_ways_of_writing_say_the_same(terminal: Terminal, tmp_path: Path, name: str, text: str) -> None:
    """Whatever the format, the same facts are recorded, in the order in which they can be, whatever the file's."""
    path = written_to(tmp_path, name, text)
    assert terminal.done(f"import facts {path}").splitlines()[0] == f"{name}: recorded 6 events, #15–#20"
    events = terminal.events()[13:]
    assert [event.TOPIC for event in events] == [*RECORDED, "FileImported"]
    goal, status, indicator, project, progress, imported = events
    assert isinstance(goal, GoalSet)
    assert isinstance(status, GoalStatusUpdated)
    assert isinstance(project, ProjectLaunched)
    assert isinstance(imported, FileImported)
    assert (status.status, status.text) == ("achieved", "Ensimmäinen kappale.\n\nToinen; kappale.")
    assert getattr(indicator, "value") == "1224.5"  # noqa: B009 - of any event
    assert (project.income_cents, project.budget_years) == (4_200_000, (2019, 2020))
    assert getattr(progress, "percent") == "29.2"  # noqa: B009
    assert goal.source.startswith(f"{name}: ")
    assert (imported.format, imported.effective.label) == ("facts", "1.8.2019–31.12.2020")


def test_the_same_content_is_recorded_once(terminal: Terminal, tmp_path: Path) -> None:
    """A second import of the same bytes, under whatever name, is refused and records nothing."""
    terminal.done(f"import facts {written_to(tmp_path, 'a.toml', TOML)}")
    again = terminal.run(f"import facts {written_to(tmp_path, 'b.toml', TOML)}")
    assert again.exit_code == 1
    assert "this content was already imported" in again.stderr
    assert len(terminal.events()) == 19


def test_with_a_key_a_retry_is_told_as_done(terminal: Terminal, tmp_path: Path) -> None:
    """With `--once` a retry succeeds, and says that it was recorded before."""
    path = written_to(tmp_path, "a.toml", TOML)
    terminal.done(f"import facts {path} --once k1")
    assert terminal.done(f"import facts {path} --once k1").startswith("recorded before as #15–#20")


def test_a_dry_run_records_nothing(terminal: Terminal, tmp_path: Path) -> None:
    """`--dry-run` tells every event that would be recorded."""
    said = terminal.done(f"import facts {written_to(tmp_path, 'a.toml', TOML)} --dry-run")
    assert "would record GoalSet 4160 4160-1 1.1.–31.12.2020" in said
    assert said.endswith("nothing was recorded")
    assert len(terminal.events()) == 13


PROBLEMS = """
[[unit]]
code = "41 61"
name = "Musiikkiopisto"
on = "1.1.2020"
[[unit]]
code = "4162"
name = "Kuvataidekoulu"
parent = "999"
on = "1.1.2020"
[[goal]]
unit = "4162"
goal = "4162-1"
year = 2020
binding_goal = "Rests on a unit that is refused"
[[goal-status]]
unit = "4160"
goal = "4160-9"
period = "2020Q2"
status = "hyvä"
[[goal-status]]
unit = "4160"
goal = "4160-9"
period = "2020Q2"
status = "achieved"
[[indicator]]
unit = "4160"
period = "2020Q5"
name = "Kävijöitä"
valeu = 12
[[weather]]
unit = "4160"
"""


def test_all_problems_are_told_at_once(terminal: Terminal, tmp_path: Path) -> None:
    """Every problem is told with its place and key, what rests on it is counted, and nothing is recorded."""
    refused = terminal.run(f"import facts {written_to(tmp_path, 'p.toml', PROBLEMS)}")
    first, *others = refused.stderr.splitlines()
    assert refused.exit_code == 2
    assert first == "heinola: p.toml: 8 problems; nothing was recorded"
    places = [line.split(": ")[0].strip() + ": " + line.split(": ")[1].split(" ")[0] for line in others[:8]]
    assert places == [
        "unit[1]: code",
        "goal-status[1]: status",
        "indicator[1]: period",
        "indicator[1]: valeu",
        "indicator[1]: value",
        "weather[1]: there",
        "unit[2]: unknown",
        "goal-status[2]: unit",
    ]
    assert others[8].strip() == "1 more rest on these, and were not looked at"
    assert len(terminal.events()) == 13


def test_what_a_rule_refuses_one_by_one_it_refuses_in_bulk(terminal: Terminal, tmp_path: Path) -> None:
    """The sentence of a refusal is that of `heinola record`, and so is the exit code."""
    alone = terminal.run("record goal-status 4160 4160-9 2020Q2 achieved")
    line = '{"fact": "goal-status", "unit": "4160", "goal": "4160-9", "period": "2020Q2", "status": "achieved"}'
    together = terminal.run(f"import facts {written_to(tmp_path, 'p.jsonl', line)}")
    assert together.exit_code == alone.exit_code == 1
    assert alone.stderr.removeprefix("heinola: ").strip() in together.stderr


def test_a_new_city_is_set_up_in_one_go(new_store: EventLog) -> None:
    """The example file sets up units, goals, priorities and projects of a city that had nothing."""
    terminal = Terminal(new_store.location)
    said = terminal.done(f"import facts {ROOT / 'examples' / 'uusi-kunta.toml'}")
    assert "4 UnitEstablished, 1 ResponsibleAssigned, 2 GoalSet, 1 PrioritySet, 1 ProjectLaunched" in said


def test_closed_books_ask_whether_it_is_meant(terminal: Terminal, tmp_path: Path) -> None:
    """Words of a closed period are refused in bulk as one by one, and recorded with `--restates`."""
    terminal.done("record close 2020Q2 --unit 4160")
    path = written_to(tmp_path, "o.jsonl", '{"fact": "outlook", "unit": "4160", "period": "2020Q2", "text": "Pitää."}')
    refused = terminal.run(f"import facts {path}")
    assert (refused.exit_code, "--restates" in refused.stderr) == (1, True)
    terminal.done(f"import facts {path} --restates")


def test_a_forecast_is_told_by_its_amount_or_by_its_deviation(terminal: Terminal, tmp_path: Path) -> None:
    """Either, and not both; against the budget as it is known."""
    terminal.done("record budget 4160 personnel 2020 -100 000 --on 16.12.2019")
    one = {"fact": "forecast", "unit": "4160", "line": "personnel", "period": "2020Q2"}
    lines = [one | {"amount": -110_000, "deviation": 5}, one]
    refused = terminal.run(f"import facts {written_to(tmp_path, 'b.jsonl', chr(10).join(map(json.dumps, lines)))}")
    assert "line 1: the forecast has two amounts" in refused.stderr
    assert "line 2: the forecast has no amount" in refused.stderr
    told = one | {"deviation": "-10 000", "precision": "thousand", "text": "Sijaiset."}
    terminal.done(f"import facts {written_to(tmp_path, 'f.jsonl', json.dumps(told))}")
    forecast = terminal.events()[-2]
    assert isinstance(forecast, ForecastGiven)
    assert (forecast.amount_cents, forecast.deviation_cents) == (-11_000_000, -1_000_000)
    assert (forecast.precision_cents, forecast.text) == (100_000, "Sijaiset.")


def test_every_command_about_units_goals_texts_and_projects_has_its_kind() -> None:
    """What `record` can record of these families, a file of facts can say, under the same name."""
    wanted = {
        name
        for family in ("organisation", "goals", "narratives", "projects", "forecasts")
        for name in FAMILIES.get(family, "").split()
    }
    assert {kind.name for kind in KINDS} == wanted


def test_the_schema_is_of_the_definition() -> None:
    """`docs/facts.schema.json` is what the definition makes, and takes the lines that are taken."""
    assert (ROOT / "docs" / "facts.schema.json").read_text("utf-8") == written()
    Draft202012Validator.check_schema(schema())
    validator = Draft202012Validator(schema())
    for line in JSON_LINES.splitlines():
        assert validator.is_valid(json.loads(line)), line
    assert not validator.is_valid({"fact": "goal", "unit": "4160"})
    example = tomllib.loads((ROOT / "examples" / "uusi-kunta.toml").read_text("utf-8"))
    defaults = example.pop("defaults")
    for kind, tables in example.items():
        keys = schema()["$defs"][kind]["properties"]
        for table in tables:
            known = {key: value for key, value in defaults.items() if key in keys}
            assert validator.is_valid({"fact": kind, **known, **table}), table


def test_a_first_day_that_was_said_is_not_moved_by_a_ledger(terminal: Terminal, tmp_path: Path) -> None:
    """A unit exists from the day that the file says; what a later import tells of before is refused, as ever."""
    unit = '{"fact": "unit", "code": "4170", "name": "Musiikkiopisto", "parent": "410", "on": "1.1.2020"}'
    terminal.done(f"import facts {written_to(tmp_path, 'u.jsonl', unit)}")
    ledger = written_to(tmp_path, "l.csv", "unit;account;month;amount\n4170;4000;6/2019;-100\n")
    said = terminal.run(f"import figures {ledger} --suggest")
    mapping = written_to(tmp_path, "l.toml", said.stdout)
    refused = terminal.run(f"import figures {ledger} --mapping {mapping}")
    assert refused.exit_code != 0
    assert "1.1.2020" in refused.output


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("f.txt", "", "facts are read from .toml, .csv, .jsonl"),
        ("f.toml", "[[goal]", "is not TOML"),
        ("f.toml", "", "has no facts in it"),
        ("f.toml", "goal = 3", "goal should be a list of tables"),
        ("f.csv", "unit;goal\n1;2\n", "has no column fact"),
        ("f.csv", "fact;unit;unit\n", "has the column 'unit' twice"),
        ("f.csv", 'fact;unit\ngoal;"1', "is not CSV"),
        ("f.jsonl", "{", "line 1: it is no JSON"),
        ("f.jsonl", "[]", "line 1: it does not say of which kind it is"),
    ],
)
def test_what_is_no_file_of_facts_is_told(
    terminal: Terminal, tmp_path: Path, name: str, text: str, sentence: str
) -> None:
    """A file that cannot be read gets one sentence that says what is wrong with it."""
    refused = terminal.run(f"import facts {written_to(tmp_path, name, text)}")
    assert (refused.exit_code, sentence in refused.stderr) == (2, True), refused.stderr


def test_reading_facts_leaves_the_limits_of_other_readers_as_they_are(tmp_path: Path) -> None:
    """How long a cell of CSV may be is a limit of the whole program: it is as before, even after a bad file."""
    limit = csv.field_size_limit()
    good, broken = tmp_path / "good.csv", tmp_path / "broken.csv"
    good.write_text(CSV, "utf-8")
    broken.write_text('fact;unit\ngoal;"4160\n', "utf-8")
    assert read_facts(good).facts
    with pytest.raises(BadInput, match="is not CSV"):
        read_facts(broken)
    assert csv.field_size_limit() == limit
