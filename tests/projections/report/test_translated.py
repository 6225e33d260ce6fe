"""A report in another language is the same report: only words differ, and each of them is translated or as recorded."""

from __future__ import annotations

from attrs import evolve
from hypothesis import given as for_all
from hypothesis import settings
from hypothesis import strategies as st

from events.period import Period
from heinola_es.languages import LANGUAGES
from projections.snapshot.encoding import as_json, decoded, encoded
from projections.snapshot.model import Goal, Priority, Snapshot, Translation, UnitReport
from projections.snapshot.translating import told_in, with_translations, words_of

WORDS = st.text("abcÅä ", min_size=1, max_size=6)
GOALS = st.builds(
    Goal,
    id=st.just("g"),
    programme_goal=WORDS,
    binding_goal=WORDS,
    metric=WORDS,
    target_level=WORDS,
    strategic_goal=WORDS,
    subtask=WORDS,
    status=st.sampled_from([None, "achieved", "delayed"]),
    text=st.none() | WORDS,
)
PRIORITIES = st.builds(Priority, number=st.integers(1, 9), title=WORDS, metric=WORDS, text=WORDS)
UNITS = st.builds(
    UnitReport,
    code=st.just("4160"),
    name=WORDS,
    kind=st.just("unit"),
    parent=st.none(),
    responsible=WORDS,
    goals=st.lists(GOALS, max_size=2).map(tuple),
    priorities=st.lists(PRIORITIES, max_size=2).map(tuple),
    outlook=st.none() | WORDS,
)
TRANSLATIONS = st.lists(st.builds(Translation, original=WORDS, language=st.sampled_from(LANGUAGES), text=WORDS))


def snapshot_of(unit: UnitReport) -> Snapshot:
    """Return the report of one unit."""
    period = Period.of_months(2020, 4, 6)
    return Snapshot(
        city="Heinola",
        period=period,
        known_at=None,
        structure=period.end,
        position=1,
        columns=(),
        units=(unit,),
        projects=(),
        findings=(),
        unplaced=(),
    )


@settings(max_examples=100)
@for_all(unit=UNITS, translations=TRANSLATIONS, language=st.sampled_from(LANGUAGES))
def test_every_word_is_translated_or_as_recorded(
    unit: UnitReport, translations: list[Translation], language: str
) -> None:
    """Word for word, in the order of the report; what is no word, and a report without translations, stays."""
    reported = with_translations(unit, "4160", {"4160": translations})
    (told,) = told_in(snapshot_of(reported), language).units
    reads = {one.original: one.text for one in translations if one.language == language}
    assert list(words_of(told)) == [reads.get(word, word) for word in words_of(unit)]
    assert [goal.status for goal in told.goals] == [goal.status for goal in unit.goals]
    assert (told.figures, told.code, told.kind) == (unit.figures, unit.code, unit.kind)
    if not reported.translations:
        assert told_in(snapshot_of(unit), language) == snapshot_of(unit)


@settings(max_examples=30)
@for_all(unit=UNITS, translations=TRANSLATIONS)
def test_a_snapshot_keeps_its_translations(unit: UnitReport, translations: list[Translation]) -> None:
    """Its bytes tell all of them, and nothing else than before where there is none of its words."""
    reported = with_translations(unit, "4160", {"4160": translations})
    document = encoded(snapshot_of(reported))
    assert decoded(document).units == (reported,)
    plain = as_json(snapshot_of(evolve(reported, translations=())))
    assert encoded(snapshot_of(unit)) == encoded(snapshot_of(evolve(reported, translations=())))
    assert ("translations" in str(as_json(snapshot_of(reported)))) == bool(reported.translations)
    assert "translations" not in str(plain)
