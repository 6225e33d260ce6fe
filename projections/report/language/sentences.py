"""What the product observes of figures, in the reader's language: the codes of findings and notes as sentences."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from events.period import Period
from projections.report.language.numbers import NBSP
from projections.report.language.words import msgid
from projections.snapshot.codes import FINDINGS, NOTES, Parameter, ParameterKind, Parameters, Route

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from projections.report.language.words import Words
    from projections.snapshot.model import Finding, Note

OF_FINDINGS: Mapping[str, str] = {
    "routes_differ": "{first}, {second}",
    "routes_differ_in_part": "{first}, {second}",
    "known_through": msgid("known through {through}"),
    "known_in_part": msgid("known in part"),
    "not_reported": msgid("has not handed in its part of the report"),
    "not_accepted": msgid("its part of the report is handed in and not accepted yet"),
    "text_stale": msgid("was {stated} when this unit wrote of it, and is {computed} now; texts to look at: {texts}"),
    "translation_stale": msgid(
        "“{words}” was changed after it was translated ({language}); translations to look at: {texts}"
    ),
    "percent_differs": msgid("the printed per cent is {stated}, the figures give {computed}"),
    "percent_of_nothing": msgid("the printed per cent is {stated}, there is none, because the budget is 0"),
    "project_differs": msgid(
        "project {project}: income {income_cents} and the city's share {city_share_cents} make {computed}, the "
        "expenses are {stated}"
    ),
    "project_unread": msgid("project {project}: an amount of event {position} cannot be counted; revise the project"),
    "amount_unread": msgid(
        "the amount of event {position} cannot be counted; its cells are left empty until a total is stated"
    ),
    "amounts_unread": msgid(
        "the amount of event {position} and {more} more like it cannot be counted; their cells are left empty until a "
        "total is stated"
    ),
    "sum_unread": msgid("its sum is beyond all measure; its cells are left empty until a total is stated"),
    "line_unknown": msgid(
        "event {position} is on the line “{line}”, which the chart of its year does not have; the unit’s figures are "
        "left empty until it is undone or a total is stated"
    ),
    "line_unknown_of_several": msgid(
        "event {position} and {more} more are on the line “{line}”, which the chart of their year does not have; the "
        "unit’s figures are left empty until they are undone or a total is stated"
    ),
    "internal_differs": msgid(
        "internal income {income_cents} and internal expenses {expenses_cents} of the whole city do not meet"
    ),
    "no_counterpart": msgid(
        "{cents} is on a line that no line of this year continues, and in the sums of its year alone"
    ),
    "imported": "{file}:{row}: {sentence}",
    "told": "{sentence}",
}
OF_NOTES: Mapping[str, str] = {
    "unread": msgid("an amount below it cannot be counted; see the findings"),
    "unknown": msgid("nobody stated or posted it for {period}"),
    "stated_elsewhere": msgid("nobody stated or posted it for {period}; stated for {periods}"),
    "known_through": msgid("known through {through}"),
    "known_in_part": msgid("known in part"),
    "lines_missing": msgid("known in part, without {missing_lines}"),
    "budget_decided_from": msgid("there was no budget yet; the first decision on it is of {day}"),
    "budget_stated_from": msgid("not known as of the end of the period; stated as of {day}"),
    "no_counterpart": msgid("the chart of {period} has no line that it continues"),
    "left_the_city": msgid("left the city; ended on {day}, and earlier years are shown without it"),
    "internal_unknown": msgid("known with internal items alone, since these are not known by themselves"),
    "posted_only": msgid("only what was posted; the total stated for {periods} is not part of it"),
    "forecast_given": msgid("given by the unit"),
    "forecast_said": msgid("given by the unit: {text}"),
    "forecast_sum": msgid("a sum: {given} given, {computed} computed"),
    "forecast_sum_tried": msgid(
        "a sum: {given} given, {computed} computed; these were wrong by {error_cents} at most on average"
    ),
    "forecast_by_actual": msgid("the year has ended: the actual"),
    "forecast_by_budget": msgid("computed: the budget as it stands; no earlier year to try it on"),
    "forecast_by_share": msgid("computed: by the share of earlier years by then; no earlier year to try it on"),
    "forecast_by_last_year": msgid("computed: as the rest of the year before; no earlier year to try it on"),
    "forecast_by_evenly": msgid("computed: as if the rest of the year went on alike; no earlier year to try it on"),
    "forecast_by_budget_tried": msgid(
        "computed: the budget as it stands; wrong by {error_cents} on average in {years} earlier years"
    ),
    "forecast_by_share_tried": msgid(
        "computed: by the share of earlier years by then; wrong by {error_cents} on average in {years} earlier years"
    ),
    "forecast_by_last_year_tried": msgid(
        "computed: as the rest of the year before; wrong by {error_cents} on average in {years} earlier years"
    ),
    "forecast_by_evenly_tried": msgid(
        "computed: as if the rest of the year went on alike; wrong by {error_cents} on average in {years} earlier years"
    ),
    "better_than_budget": msgid("better than the budget"),
    "worse_than_budget": msgid("worse than the budget"),
    "told": "{sentence}",
}
NOT_WHOLE = frozenset({"known_through", "known_in_part"})
"""Codes of findings and notes that tell what a figure lacks to be whole."""
REACHED: Mapping[Route, str] = {
    "statement": msgid("the stated total is {amount}"),
    "parts": msgid("the parts of the period add up to {amount}"),
    "units": msgid("the units below add up to {amount}"),
    "components": msgid("its component lines add up to {amount}"),
    "postings": msgid("what is posted adds up to {amount}"),
    "details": msgid("its details add up to {amount}"),
}


def finding_sentence(words: Words, finding: Finding, label: Callable[[str], str] = str) -> str:
    """Return what a finding says; `label` tells what a line is called, else its code stands there."""
    told = _texts(words, FINDINGS[finding.code], finding.parameters, label)
    stated, computed = (_compared(words, value) for value in (finding.stated, finding.computed))
    if finding.code.startswith("routes_differ"):
        known = told.get("known_units", "")
        told = {
            "first": _reached(words, str(finding.parameters["first"]), stated, known),
            "second": _reached(words, str(finding.parameters["second"]), computed, known),
        }
    sentence = words.say(OF_FINDINGS[finding.code], **told, stated=stated, computed=computed)
    return "; ".join([sentence, *_missing(words, told)]) if finding.code in NOT_WHOLE else sentence


def difference(finding: Finding) -> int | Decimal | None:
    """Return how far the computed figure is from the stated one: cents, or percentage points; None where unknown."""
    stated, computed = finding.stated, finding.computed
    if isinstance(stated, int) and isinstance(computed, int):
        return computed - stated
    if isinstance(stated, str) and isinstance(computed, str):
        return Decimal(computed) - Decimal(stated)
    return None


def difference_text(words: Words, finding: Finding) -> str:
    """Return how far the two figures of a finding are apart: `−1 €`, `0,03 %-yks.`; empty where one is not known."""
    between = difference(finding)
    if between is None:
        return ""
    if isinstance(between, int):
        return words.numbers.exact_euros(between)
    return words.numbers.plain(between, 2) + NBSP + words.say("pp")


def note_sentence(words: Words, note: Note, label: Callable[[str], str] = str) -> str:
    """Return what a note on a cell says; `label` tells what a line is called, else its code stands there."""
    sentence = words.say(OF_NOTES[note.code], **_texts(words, NOTES[note.code], note.parameters, label))
    missing = note.parameters.get("missing_units")
    if note.code not in NOT_WHOLE or not isinstance(missing, int) or not missing:
        return sentence
    lacking = words.say_of("{count} unit is missing", "{count} units are missing", missing)
    return f"{sentence}; {lacking}"


def _missing(words: Words, told: Mapping[str, str]) -> Iterator[str]:
    """Yield what cells that are not whole would need, as far as a finding names it."""
    if told.get("missing_units"):
        yield words.say("units missing: {units}", units=told["missing_units"])
    if told.get("missing_lines"):
        yield words.say("lines missing: {lines}", lines=told["missing_lines"])
    if told.get("cut"):
        yield words.say("cut in two by the period: {events}", events=told["cut"])


def _reached(words: Words, route: str, amount: str, known_units: str) -> str:
    if route == "units" and known_units:
        return words.say("the units below that know it ({units}) add up to {amount}", units=known_units, amount=amount)
    return words.say(REACHED[route], amount=amount)  # type: ignore[index]


def _compared(words: Words, value: int | str | None) -> str:
    """Return one of the two figures compared: an amount, or a per cent."""
    if value is None:
        return ""
    numbers = words.numbers
    return numbers.exact_euros(value) if isinstance(value, int) else numbers.percent(Decimal(value), 2)


def _texts(
    words: Words, kinds: Parameters, parameters: Mapping[str, Parameter], label: Callable[[str], str]
) -> dict[str, str]:
    told = {name: _text(words, kinds[name], value) for name, value in parameters.items()}
    missing = parameters.get("missing_lines")
    if isinstance(missing, tuple) and missing:
        told["missing_lines"] = ", ".join(label(str(line)) for line in missing)
    return told


def _text(words: Words, kind: ParameterKind, value: Parameter) -> str:
    numbers = words.numbers
    if isinstance(value, tuple):
        return ", ".join(_text(words, kind, one) for one in value)
    if isinstance(value, date):
        return numbers.day(value)
    if isinstance(value, Period):
        return numbers.span(value.start, value.end)
    if isinstance(value, int) and kind == "cents":
        return numbers.exact_euros(value)
    return numbers.plain(value) if isinstance(value, int) and kind == "number" else str(value)
