"""A small city in which two units have told of the second quarter, and are asked about the third."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from heinola_es.store.log import EventLog

FACTS = """
[[goal]]
unit = "4160"
goal = "4160-1"
year = 2020
binding_goal = "Hyvä kysely"
metric = "Kysely"
target_level = "yli 8"
[[goal]]
unit = "410"
goal = "410-1"
year = 2020
binding_goal = "Kaikille paikka"
[[goal-status]]
unit = "4160"
goal = "4160-1"
period = "2020Q2"
status = "delayed"
text = "Kysely siirtyi."
[[priority]]
unit = "4160"
number = 1
period = "2020Q2"
title = "Digitaalisuus"
text = "Laitteet tilattu."
[[narrative]]
unit = "4160"
period = "2020Q2"
section = "Oleelliset tapahtumat"
text = "Etäopetus.\\n\\nYlioppilaskirjoitukset."
[[narrative]]
unit = "4160"
period = "2020Q3"
section = "Oleelliset tapahtumat"
text = "Lähiopetus alkoi."
[[indicator]]
unit = "4160"
period = "2020Q2"
name = "Opiskelijoita"
value = 392
measured_in = "kpl"
[[project]]
name = "Tutorit"
unit = "4160"
period = "1.8.2019-31.12.2020"
phase = "käynnissä"
[[progress]]
project = "Tutorit"
period = "2020Q2"
percent = "29,2"
text = "Koulutukset pidetty."
[[forecast]]
unit = "4160"
line = "expenses"
period = "2020Q2"
amount = -110000
text = "Sijaiset."
[[outlook]]
unit = "4160"
period = "2020Q2"
text = "Pitää."
"""


@pytest.fixture
def terminal(store: EventLog, tmp_path: Path) -> Terminal:
    """Give a terminal in front of the small city, with what two units told of the second quarter."""
    at = Terminal(store.location)
    facts = tmp_path / "alku.toml"
    facts.write_text(FACTS, "utf-8")
    at.done(f"import facts {facts}")
    at.done("record budget 4160 personnel 2020 -100 000 --on 16.12.2019")
    return at


@pytest.fixture
def form(terminal: Terminal, tmp_path: Path) -> Path:
    """Give the form of the unit 4160 for the third quarter, as it was made."""
    path = tmp_path / "4160.xlsx"
    told = terminal.run(f"form 2020Q3 --unit 4160 -o {path}")
    assert (told.exit_code, told.stderr) == (0, f"wrote {path}\n")
    return path
