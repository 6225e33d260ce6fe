"""Pages over a store on a PostgreSQL server: shown, filled in and recorded as over a file, with its login."""

from __future__ import annotations

from typing import TYPE_CHECKING

from heinola_es.store.log import EventLog
from tests.city import CITY, MADE, found_city
from tests.projections.forms.conftest import FACTS
from tests.projections.web.served import served
from tests.projections.web.test_screens import said
from tests.terminal import Terminal

if TYPE_CHECKING:
    from pathlib import Path

    from tests.databases import Database

FORM = "/form?period=2020Q3&unit=4160&lang=fi"


def test_pages_over_a_server(server: Database, tmp_path: Path) -> None:
    """Given a store on a server, screens are shown, a form is recorded under its login, and the log verifies."""
    with EventLog.create(server.new("heinola"), CITY, now=MADE, by="controller") as log:
        found_city(log)
        terminal = Terminal(log.location)
    (tmp_path / "facts.toml").write_text(FACTS, "utf-8")
    terminal.done(f"import facts {tmp_path / 'facts.toml'}")
    with served(terminal.location, tmp_path, actor="rehtori") as head:
        head.opened()
        for address in ("/?period=2020Q3", "/log", "/round?period=2020Q3", "/published"):
            assert head.get(address).status == 200, address
        filled = head.shown(FORM).filled() | {'field ["outlook", "text"]': "Hyvin."}
        assert "Kirjattu: #" in said(head.send(FORM, filled).text)
        assert "Hyvin." in head.shown("/?period=2020Q3&unit=4160").text
        last = terminal.events()[-1]
        assert (last.recorded_by, bool(last.login)) == ("rehtori", True)
        terminal.done("record role controller controller")
        assert head.get("/?period=2020Q3").status == 403
        assert head.send(FORM, filled).status == 403
    assert terminal.run("audit verify").exit_code == 0
