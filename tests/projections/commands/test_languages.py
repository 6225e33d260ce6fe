"""One language at a time: chosen by the command, before it, by the environment or by the locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from heinola_es.languages import LANGUAGES, language_of_locale

if TYPE_CHECKING:
    from tests.terminal import Terminal

TITLES = {
    "fi": "Osavuosikatsaus 1.4.–30.6.2020",
    "sv": "Delårsrapport 1.4–30.6.2020",
    "en": "Interim report 1 April–30",
}
CORRECTION = 'record correction 4100 income 6/2020 1000,00 --reason "Lasku kirjattu kahdesti"'
SHOWN = {
    "snapshot 2020Q2": TITLES,
    "snapshot 2020Q2 --coverage": {"fi": "1–6 ilmoitettu", "sv": "1–6 uppgett", "en": "1–6 stated"},
    "list units": {"fi": "Vastuuhenkilö", "sv": "Ansvarig", "en": "Responsible"},
    "audit log": {"fi": "oikaisu", "sv": "rättelse", "en": "correction"},
    "audit show 533": {"fi": "Edellinen", "sv": "Före den", "en": "Before it"},
    "audit explain 410 net 2020Q2": {"fi": "oikaisu", "sv": "rättelse", "en": "correction"},
    "audit diff 2020Q2 --from 532": {"fi": "8 muutosta", "sv": "8 ändringar", "en": "8 changes"},
    "audit actors": {"fi": "ilmoitus", "sv": "uppgift", "en": "statement"},
}
"""What each command says in each language."""


@pytest.mark.parametrize(
    ("locale", "language"),
    [
        ("fi_FI.UTF-8", "fi"),
        ("sv_FI", "sv"),
        ("en", "en"),
        ("en_GB@euro", "en"),
        ("EN-us", "en"),
        ("de_DE.UTF-8", "fi"),
        ("C.UTF-8", "fi"),
        ("", "fi"),
        (None, "fi"),
    ],
)
def test_a_locale_has_a_language(locale: str | None, language: str) -> None:
    """One of ours where the locale is of one of them, else Finnish."""
    assert language_of_locale(locale) == language


@pytest.mark.parametrize("words", SHOWN)
def test_whatever_is_shown_is_in_the_language_that_was_asked_for(reading: Terminal, words: str) -> None:
    """After the command, before it and by the environment: the same words, and those of no other language."""
    reading.done(CORRECTION)
    for language in LANGUAGES:
        said = reading.done(f"{words} --lang {language}")
        assert said == reading.done(f"--lang {language} {words}")
        assert said == reading.run(words, HEINOLA_LANG=language).stdout.removesuffix("\n")
        assert [each for each in LANGUAGES if SHOWN[words][each] in said.replace("\u00a0", " ")] == [language]


def test_the_nearest_choice_counts(reading: Terminal) -> None:
    """The command's own option before that of the root, before HEINOLA_LANG, before LC_ALL, LC_MESSAGES and LANG."""
    snapshot = "snapshot 2020Q2 --unit 4160"
    told = {"HEINOLA_LANG": "fi", "LC_ALL": "en_GB.UTF-8", "LC_MESSAGES": "fi_FI", "LANG": "sv_FI"}
    assert TITLES["sv"] in reading.run(f"--lang en {snapshot} --lang sv", **told).stdout
    assert TITLES["en"] in reading.run(f"--lang en {snapshot}", **told).stdout
    assert TITLES["fi"] in reading.run(snapshot, **told).stdout
    assert TITLES["en"] in reading.run(snapshot, **(told | {"HEINOLA_LANG": ""})).stdout
    assert TITLES["fi"] in reading.run(snapshot, **(told | {"HEINOLA_LANG": "", "LC_ALL": ""})).stdout
    last = dict.fromkeys(("HEINOLA_LANG", "LC_ALL", "LC_MESSAGES"), "")
    assert TITLES["sv"] in reading.run(snapshot, **(told | last)).stdout


def test_a_language_that_is_none_of_ours_is_refused(reading: Terminal) -> None:
    """As an option and in the environment, with those that there are."""
    assert "'de' is not one of 'fi', 'sv', 'en'" in reading.refused("snapshot 2020Q2 --lang de", code=2)
    refused = reading.run("snapshot 2020Q2", HEINOLA_LANG="de")
    assert (refused.exit_code, "HEINOLA_LANG" in refused.stderr) == (2, True)


@pytest.mark.parametrize("form", ["json", "csv"])
@pytest.mark.parametrize("words", ["snapshot 2020Q2", "snapshot 2020Q2 --coverage", "list units", "audit log"])
def test_what_programs_read_has_no_language(reading: Terminal, words: str, form: str) -> None:
    """JSON and CSV have codes, the same in every language."""
    assert len({reading.done(f"--lang {language} {words} --format {form}") for language in LANGUAGES}) == 1
