"""Roles: whoever has none records nothing, by whichever command; each control shows that the same command records."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from events.language import BY_TOPIC
from events.period import Period
from events.roles import RoleGiven
from events.streams import roles_stream
from heinola_es.domain.aggregates.rights import Rights
from heinola_es.handlers.roles import Permit
from heinola_es.store.log import EventLog
from tests.city import CITY, MADE, found_city
from tests.docs.command_page import VERBS, words_of
from tests.heinola_es.importing.ledger.ledgers import PLAIN, lined, written
from tests.projections.conftest import SAMPLE
from tests.terminal import ROOT, Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases import Database

EARLIER, TODAY = datetime(2020, 1, 1, 9, 0, tzinfo=UTC), Period.of_day(date(2020, 1, 1))
SAMPLES = sorted((ROOT / "tests" / "stored_events").glob("*.json"))
FACTS = '[[outlook]]\nunit = "4160"\nperiod = "2020Q2"\ntext = "Kuten ennen."\n'
DONE: dict[str, str] = {
    "record unit": "record unit 4999 Uusi --parent 410 --on 1.1.2020",
    "record rename": "record rename 4999 Uudempi --on 1.2.2020",
    "record move": "record move 4999 400 --on 1.3.2020",
    "record responsible": "record responsible 4999 rehtori --on 1.3.2020",
    "record merge": "record merge 4999 4030 --on 31.12.2020",
    "record city": "record city Heinola --code 111",
    "record translation": "record translation Lukio Gymnasiet --lang sv --unit 4160",
    "record budget": "record budget 4160 sales 2020 1000 --on 1.1.2020",
    "record amendment": "record amendment 4160 sales 2020 100 --on 1.2.2020",
    "record decision": "",
    "record actual": "record actual 4160 sales 1/2020 100",
    "record correction": "record correction 4160 sales 1/2020 10 --reason virhe",
    "record statement": "record statement 4030 sales 2020H1 500",
    "record withdrawal": "record withdrawal 4030 sales 2020H1 --reason virhe",
    "record complete": "record complete 2/2020 --unit 4160",
    "record incomplete": "record incomplete 2/2020 --unit 4160 --reason virhe",
    "record close": "record close 1/2019 --unit 4160",
    "record reopen": "record reopen 1/2019 --unit 4160 --reason virhe",
    "record chart": "record chart jhs192-2020 --from 2027",
    "record role": "record role ville reader",
    "record goal": "record goal 4160 G1 2020 --binding-goal Kysely",
    "record goal-status": "record goal-status 4160 G1 2020Q2 delayed",
    "record priority": "record priority 4160 1 2020Q2 Tehty --title Laitteet",
    "record goal-withdrawal": "record goal-withdrawal 4160 G1 --on 1.10.2020 --reason turha",
    "record narrative": "record narrative 4160 2020Q2 Tapahtumat Etäopetus.",
    "record outlook": "record outlook 4160 2020Q2 Toteutuu.",
    "record indicator": "record indicator 4160 2020Q2 Opiskelijoita 392",
    "record forecast": "record forecast 4160 sales 2020Q2 2000",
    "record project": "record project Tutorit 4160 2020",
    "record project-revision": "record project-revision Tutorit --on 1.3.2020 --phase alku",
    "record progress": "record progress Tutorit 2020Q2 Kesken --percent 50",
    "record project-end": "record project-end Tutorit Valmis --on 31.12.2020",
    "record unit-end": "record unit-end INV-1 --on 31.12.2020",
    "import figures": "import figures {folder}/ledger.csv --mapping {folder}/mapping.toml",
    "import report": f"import report {SAMPLE} --large",
    "import facts": "import facts {folder}/facts.toml",
    "import form": "import form {folder}/form.json",
    "undo": "undo {last} --reason virhe",
    "round open": "round open 2020Q2 --due 15.7.2020 --unit 4160",
    "round submit": "round submit 4160",
    "round accept": "round accept 4160",
    "round return": "round return 4160 --reason puuttuu",
    "round close": "round close",
    "publish": "publish 2020Q2 --incomplete --key {folder}/key -o {folder}/q2.seal",
}

NO_RECORDING = {"audit log"}
"""The commands that have an option of a recording, and only read."""


@pytest.fixture
def ruled(founded: Path, tmp_path: Path) -> Terminal:
    """Give a small city whose controller is the only one with a role, and files to import."""
    terminal = Terminal(shutil.copyfile(founded, tmp_path / "heinola.db"))
    (tmp_path / "facts.toml").write_text(FACTS, "utf-8")
    written(tmp_path, lined("4160 10/2021 -100,00"), "ledger.csv")
    written(tmp_path, PLAIN, "mapping.toml")
    made = terminal.run(f"form 2020Q3 --unit 4160 -o {tmp_path / 'form.json'}")
    assert made.exit_code == 0, made.stderr
    form = tmp_path / "form.json"
    filled = json.loads(form.read_text("utf-8"))
    filled["unit"][0]["outlook"][0]["text"] = "Hyvin."
    form.write_text(json.dumps(filled), "utf-8")
    terminal.done("record role controller controller")
    return terminal


def recording_commands() -> set[str]:
    """Return the commands that record: those with the options of a recording, and `import form`."""
    asked = {"--source", "--dry-run", "--once"}
    found = {words_of(context) for command, context in VERBS if asked & {o for p in command.params for o in p.opts}}
    return found - NO_RECORDING


def refused_by(terminal: Terminal, actor: str, line: str) -> str:
    """Give a command as somebody that must be refused, recording nothing, and return what was said."""
    before = terminal.events()
    result = terminal.run(f"--actor {actor} {line}")
    assert (result.exit_code, terminal.events() == before) == (1, True), (line, result.stdout, result.stderr)
    return result.stderr


def proposed(terminal: Terminal) -> str:
    """Let the controller propose an amendment, and return its position."""
    how = "--on 1.2.2020 --proposed --organ kaupunginhallitus"
    return terminal.done(f"record amendment 4160 fees 2020 50 {how}").split()[0]


def test_no_command_is_left_out() -> None:
    """A further command that records fails here until it is tried without a role below."""
    assert recording_commands() == DONE.keys()


def test_without_a_role_nothing_is_recorded_by_any_command(ruled: Terminal, tmp_path: Path) -> None:
    """Given a controller, when somebody without a role gives a command, it is refused, and the controller's not."""
    ruled.run(f"keys init --key {tmp_path / 'key'}")
    for command, told in DONE.items():
        line = told.format(folder=tmp_path, last=len(ruled.events()) + 1)
        if command == "record decision":
            line = f"record decision {proposed(ruled)} --on 1.3.2020 --organ kaupunginvaltuusto"
        eve = refused_by(ruled, "eve", line)
        assert "eve may not record this: it needs the role " in eve, (command, eve)
        before = len(ruled.events())
        result = ruled.run(line)
        assert result.exit_code == 0, (command, result.stderr)
        assert len(ruled.events()) > before, command


def test_every_command_asks_before_it_appends() -> None:
    """Whatever opens a command of the log in what is shipped asks the roles first, but for a store's own upgrade."""
    sources = [
        path.read_text("utf-8") for package in ("heinola_es", "projections") for path in (ROOT / package).rglob("*.py")
    ]
    opened = [call for source in sources for call in re.findall(r"with log\.command\(.*", source)]
    assert len(opened) == 3
    assert [call for call in opened if "permit=Permit(log)" not in call] == []


def test_a_dry_run_refuses_too(ruled: Terminal, tmp_path: Path) -> None:
    """What would be refused is refused when it is tried, a ledger too, whose dry run appends nothing."""
    for line in ("record outlook 4160 2020Q2 Toteutuu. --dry-run", f"{DONE['import figures']} --dry-run"):
        assert "needs the role" in refused_by(ruled, "eve", line.format(folder=tmp_path))
        assert ruled.run(line.format(folder=tmp_path)).exit_code == 0


REPORTED = ("outlook 4160 2020Q2 Toteutuu.", "actual 4160 sales 1/2020 100", "goal 4160 G1 2020 --binding-goal Kysely")
DECIDED = ("budget 4160 sales 2020 1000", "close 1/2019 --unit 4160", "rename 4160 Uusi --on 1.1.2021")


def test_a_reporter_tells_of_the_units_given_and_below_only(ruled: Terminal) -> None:
    """Given a reporter of a service area, what is told of its units is recorded; of others not, nor what is decided."""
    ruled.done("record role rehtori reporter --unit 410")
    for line in REPORTED:
        assert ruled.run(f"--actor rehtori record {line}").exit_code == 0
        other = refused_by(ruled, "rehtori", f"record {line.replace('4160', '4030')}")
        assert "it needs the role reporter for 4030, and rehtori has reporter of 410" in other
    for line in DECIDED:
        assert "it needs the role controller for 4160" in refused_by(ruled, "rehtori", f"record {line}")
    assert "the role controller for the whole city" in refused_by(ruled, "rehtori", "record role eve reader")


def test_a_controller_of_a_unit_decides_there_alone(ruled: Terminal) -> None:
    """Whoever is a controller for a unit decides of it and what stands below, gives no roles and renames no city."""
    ruled.done("record role päällikkö controller --unit 410")
    for line in (*REPORTED, *DECIDED):
        assert ruled.run(f"--actor päällikkö record {line}").exit_code == 0
        assert refused_by(ruled, "päällikkö", f"record {line.replace('4160', '4030')}")
    for line in ("role eve reader", "city Muu", "unit 5 Uusi --on 1.1.2020", "move 4160 400 --on 1.2.2021"):
        assert "needs the role controller for" in refused_by(ruled, "päällikkö", f"record {line}")


@pytest.mark.parametrize("role", ["reader", "auditor"])
def test_whoever_reads_records_nothing(ruled: Terminal, role: str) -> None:
    """Readers and auditors read all of the city, and record nothing."""
    ruled.done(f"record role lukija {role}")
    assert f"lukija has {role} of the whole city" in refused_by(ruled, "lukija", f"record {REPORTED[0]}")
    assert "give the role" in ruled.refused(f"record role toinen {role} --unit 410", code=2)


def test_nobody_locks_everybody_out(founded: Path, tmp_path: Path) -> None:
    """The first role is a controller's of the whole city, and the last of these stays."""
    terminal = Terminal(shutil.copyfile(founded, tmp_path / "heinola.db"))
    for line in ("rehtori reporter --unit 4160", "rehtori reader", "rehtori controller --unit 410"):
        assert "the first role is that of a controller of the whole city" in terminal.refused(f"record role {line}")
    terminal.done("record role controller controller")
    assert "the last controller" in terminal.refused("record role controller controller --withdraw")
    assert "which the next decision puts right" in terminal.refused(f"undo {len(terminal.events()) + 1} --reason virhe")
    terminal.done("record role toinen controller")
    terminal.done("record role controller controller --withdraw")
    assert "controller has no role" in refused_by(terminal, "controller", "record role controller controller")
    assert terminal.run("--actor toinen record role controller controller").exit_code == 0


def test_roles_are_listed(ruled: Terminal) -> None:
    """Who has which is listed, with who gave it; what was withdrawn is not, and what a unit's are can be asked for."""
    ruled.done("record role rehtori reporter --unit 4160")
    ruled.done("record role ville auditor")
    ruled.done("record role ville auditor --withdraw")
    told = json.loads(ruled.done("list roles --format json"))
    assert [(row["actor"], row["role"], row["unit"], row["by"]) for row in told] == [
        ("controller", "controller", None, "controller"),
        ("rehtori", "reporter", "4160", "controller"),
    ]
    assert "rehtori" in ruled.done("list roles --unit 410")
    assert "raportoija" in ruled.done("list roles")


def test_rights_follow_the_structure_of_today(ruled: Terminal) -> None:
    """Given a unit that moved away, whoever reported for where it stood reports for it no longer."""
    ruled.done("record role rehtori reporter --unit 410")
    ruled.done("record role johtaja reporter --unit 400")
    assert refused_by(ruled, "johtaja", "record outlook 4160 2020Q2 Toteutuu.")
    assert ruled.run("--actor rehtori record outlook 4160 2020Q2 Toteutuu.").exit_code == 0
    ruled.done("record move 4160 400 --on 1.1.2021")
    assert refused_by(ruled, "rehtori", "record outlook 4160 2020Q2 Toisin.")
    assert ruled.run("--actor johtaja record outlook 4160 2020Q2 Toisin.").exit_code == 0
    assert ruled.run("audit verify").exit_code == 0


def test_what_is_undone_needs_what_it_needed(ruled: Terminal) -> None:
    """A reporter takes back what is told of their units, and neither what is decided nor what others told elsewhere."""
    ruled.done("record role rehtori reporter --unit 4160")
    at = [int(ruled.done(f"record {line}").split()[0].lstrip("#")) for line in (REPORTED[0], DECIDED[0])]
    at.append(int(ruled.done("record outlook 4030 2020Q2 Toteutuu.").split()[0].lstrip("#")))
    told, decided, elsewhere = at
    assert ruled.run(f"--actor rehtori undo {told} --reason virhe").exit_code == 0
    assert "the role controller for 4160" in refused_by(ruled, "rehtori", f"undo {decided} --reason virhe")
    assert "the role reporter for 4030" in refused_by(ruled, "rehtori", f"undo {elsewhere} --reason virhe")


def test_verify_names_what_was_recorded_without_a_role(ruled: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    """Given a program that does not ask, when the log is verified, then the event is named; a sound one has no such."""
    ruled.done("record role rehtori reporter --unit 4160")
    assert ruled.run("--actor rehtori record outlook 4160 2020Q2 Toteutuu.").exit_code == 0
    assert ruled.run("audit verify").exit_code == 0
    with monkeypatch.context() as without:
        without.setattr(Permit, "require", lambda _permit, _events: None)
        recorded = ruled.run("--actor eve record outlook 4160 2020Q2 Hyvin.")
    assert recorded.exit_code == 0, recorded.stderr
    verdict = ruled.run("audit verify")
    assert verdict.exit_code == 3
    at = recorded.stdout.split()[0].lstrip("#")
    assert f"event {at} was recorded by 'eve' without the role reporter for 4160, with no role" in verdict.output


def test_every_kind_of_event_needs_a_role() -> None:
    """Whoever has no role lacks one for every kind of event, but for what the store says of itself."""
    head: dict[str, Any] = {
        "originator_id": roles_stream(),
        "recorded": EARLIER,
        "recorded_by": "controller",
        "effective": TODAY,
    }
    first = RoleGiven(**head, originator_version=1, actor="controller", role="controller")
    bodies = {path.name.split(".")[0]: orjson.loads(orjson.loads(path.read_bytes())["body"]) for path in SAMPLES}
    assert bodies.keys() == BY_TOPIC.keys()
    facts = [(version, "BudgetAdopted", {"unit": "4160"}) for version in range(1, 100)]
    rights = Rights(lambda stream: [first] if stream == roles_stream() else [], lambda _stream: facts)
    free = {topic for topic, body in bodies.items() if rights.lack(topic, body | {"recorded_by": "eve"}) is None}
    assert free == {"StoreInitialised", "StoreUpgraded", "CommandKeyed"}
    assert not [t for t, body in bodies.items() if rights.lack(t, body | {"recorded_by": "controller"})]


def test_a_role_counts_under_its_login(server: Database) -> None:
    """Given a role bound to a login of the database, it counts under that login, and not under another."""
    with EventLog.create(server.new("heinola"), CITY, now=MADE, by="controller") as log:
        found_city(log)
        terminal = Terminal(log.location)
    terminal.done("record role controller controller")
    login = terminal.events()[-1].login
    assert login
    terminal.done("record role rehtori reporter --unit 4160 --login toinen")
    assert "not with the login" in refused_by(terminal, "rehtori", "record outlook 4160 2020Q2 Toteutuu.")
    terminal.done(f"record role rehtori reporter --unit 4160 --login {login}")
    assert terminal.run("--actor rehtori record outlook 4160 2020Q2 Toteutuu.").exit_code == 0
    assert terminal.run("audit verify").exit_code == 0
