"""The report on what nobody foresaw: what developers need, and no password."""

from __future__ import annotations

import pytest

from heinola_es.commands.report_file import report

PASSWORDS = ("geheim", "ge@heim", "ge:heim", "ge/heim", "ge%40heim", "ge?heim")


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize(
    "location", ["postgresql://liisa:{}@host/db", "postgresql://liisa@host/db?password={}", "mysql://x:{}@host/db"]
)
@pytest.mark.parametrize("form", ["--store {}", "--store={}", "store copy {} x.db"])
def test_a_report_has_no_password(password: str, location: str, form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither in the arguments, nor in the environment, nor where a library put it into its own error."""
    place = location.format(password)
    monkeypatch.setenv("HEINOLA_STORE", place)
    told = report(ValueError(f"cannot connect to {place} with {password}"), form.format(place).split(" "))
    assert "ValueError" in told
    assert not [word for word in (password, "geheim") if word in told]


def test_a_report_says_what_was_asked_and_where() -> None:
    """The command line, the version, the system, and the whole traceback with its causes."""
    outer = ValueError("outer")
    outer.__cause__ = KeyError("inner")
    told = report(outer, ["audit", "show", "\udcff"])
    assert "'audit', 'show', '\\udcff'" in told
    assert "KeyError: 'inner'" in told
    assert "ValueError: outer" in told
    assert "Python 3" in told
