"""The words of the report: every one of them is there in each language, and none that is not used."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po

import projections.audit
import projections.forms
import projections.report
import projections.rounds
import projections.web
import projections.writers.terminal
from events.goals import GOAL_STATUSES
from heinola_es.domain.chart import CHARTS, load_chart
from projections.report.language.languages import LANGUAGES
from projections.report.language.statuses import STATUSES, GoalStatus, status_word
from projections.report.language.unit_kinds import UNIT_KINDS
from projections.report.language.words import LOCALE, words_in

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

READ = (
    projections.report,
    projections.writers.terminal,
    projections.audit,
    projections.forms,
    projections.rounds,
    projections.web,
)
"""The packages whose texts people read in their language."""
SOURCES = sorted(file for package in READ for path in package.__path__ for file in Path(path).rglob("*.py"))
KEYWORDS: dict[str, Any] = {"say": None, "say_of": (1, 2), "msgid": None}
"""What takes a text that is translated; `say_of` takes its forms for one and for many."""

in_each_language = pytest.mark.parametrize("language", LANGUAGES)


def used() -> set[str | tuple[str, ...]]:
    """Return every text that the source asks to be translated."""
    return {
        message
        for path in SOURCES
        for _line, message, _comments, _context in extract_from_file("python", str(path), keywords=KEYWORDS)
    }


def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language."""
    with (LOCALE / language / "LC_MESSAGES" / "heinola.po").open("rb") as file:
        return read_po(file, language, abort_invalid=True)


def forms(text: Any) -> tuple[str, ...]:  # noqa: ANN401 - a string, or a tuple of them
    """Return the forms of a message or a translation: one, or one for each number."""
    return (text,) if isinstance(text, str) else tuple(text)


def placeholders(text: str) -> list[str]:
    """Return the placeholders of a text."""
    return sorted(re.findall(r"\{\w*\}", text))


@in_each_language
def test_every_text_is_translated(language: str) -> None:
    """Each text of the source has its translation, in all its forms, and the catalogue has no other."""
    messages = {message.id: message for message in catalogue(language) if message.id}
    assert set(messages) == used()
    assert [key for key, message in messages.items() if message.fuzzy or not all(forms(message.string))] == []
    assert not catalogue(language).obsolete


@in_each_language
def test_translations_have_the_placeholders_of_their_texts(language: str) -> None:
    """What is filled in stands in the translation too, in each of its forms, and nothing else does."""
    for message in catalogue(language):
        wanted = {tuple(placeholders(text)) for text in forms(message.id)}
        assert {tuple(placeholders(text)) for text in forms(message.string)} == wanted, message.id


def test_the_source_asks_for_texts() -> None:
    """The extractor finds what it looks for: plain texts, texts with a number, and those that are marked."""
    assert {"Summary", ("{count} month", "{count} months"), "delayed"} <= used()


@in_each_language
def test_every_goal_status_has_a_word(language: str) -> None:
    """Whatever status a goal can be given has a word of its own."""
    words = words_in(language)
    told = [status_word(words, status) for status in STATUSES]
    assert set(STATUSES) == set(get_args(GoalStatus))
    assert len(set(told)) == len(told)


def test_the_statuses_are_those_that_are_recorded() -> None:
    """The language of events knows no status that the report does not, and no status at all is `unknown`."""
    assert {*GOAL_STATUSES, "unknown"} == set(STATUSES)


@in_each_language
def test_every_kind_of_unit_has_a_word(language: str) -> None:
    """Each kind of unit of the chart is named."""
    assert set(UNIT_KINDS) == set(load_chart().kinds)
    assert all(words_in(language).say(kind) for kind in UNIT_KINDS.values())


@pytest.mark.parametrize("chart", [path.stem for path in CHARTS.glob("*.json")])
@in_each_language
def test_every_line_has_a_label(chart: str, language: str) -> None:
    """The charts that are shipped name their lines in every language of the report."""
    assert [line.code for line in load_chart(chart).lines.values() if not line.labels.get(language)] == []


def test_numbers_choose_their_form() -> None:
    """One is one and two are many, in the language's own words."""
    assert [words_in("sv").say_of(", and {count} other unit", ", and {count} other units", n) for n in (1, 2)] == [
        " och 1 annan enhet",
        " och 2 andra enheter",
    ]
