"""The words of the audit trail: for every kind of event, and for everything that stands in one."""

from __future__ import annotations

import attrs
import pytest

from events.base import Event
from events.language import BY_TOPIC
from projections.audit.listing import KINDS as LISTS
from projections.audit.values import _GOAL_TEXTS, _UNIT_FACTS
from projections.report.language.coverage import COVERED_BY
from projections.report.language.events import KINDS, topics_by_word
from projections.report.language.fields import FIELDS
from projections.report.language.languages import LANGUAGES
from projections.report.language.words import words_in
from projections.snapshot.coverage import BY

ENVELOPE = {field.name for field in attrs.fields(Event)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_event_has_a_word_of_its_own(language: str) -> None:
    """A kind that has none is to be added to `projections/report/language/events.py`, and to the catalogues."""
    assert set(KINDS) == set(BY_TOPIC)
    assert len(topics_by_word(words_in(language))) == len(KINDS)


@pytest.mark.parametrize("topic", BY_TOPIC)
def test_every_field_of_an_event_has_a_word(topic: str) -> None:
    """A field that has none is to be added to `projections/report/language/fields.py`, and to the catalogues."""
    fields = {field.name.removesuffix("_cents") for field in attrs.fields(BY_TOPIC[topic])} - ENVELOPE
    assert fields - set(FIELDS) == set()


def test_what_is_compared_and_listed_has_words() -> None:
    """So do the facts of a report that a difference names, and what covers a month."""
    assert {*_UNIT_FACTS, *_GOAL_TEXTS} <= set(FIELDS)
    assert set(BY) == set(COVERED_BY)
    assert LISTS
