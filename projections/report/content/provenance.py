"""How the report was made: what it covers, where in the log it ends, and how to make it again."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from events.codec import parse_recorded
from heinola_es.domain.periods import format_instant
from heinola_es.sealing.seals import root_text
from projections.report.content.document import Fact, Facts, Section
from projections.report.content.notes import iso
from projections.report.content.prose import paragraph, plain, safe
from projections.report.language import comparison

if TYPE_CHECKING:
    from collections.abc import Iterator

    from projections.published.publications import Published
    from projections.report.content.material import Material
    from projections.report.content.query import ReportQuery

KEY = "provenance"


def cover(material: Material) -> Facts:
    """Return the facts for the title page: what is covered, known when, published or not."""
    words = material.words
    return Facts(
        facts=(
            Fact(name=words.say("Period"), value=words.numbers.span(*material.period)),
            *_covered(material),
            Fact(name=words.say("Publication"), value=_publication(material)),
        )
    )


def provenance_section(material: Material) -> Section:
    """Return the last part of the report: how it was made."""
    words = material.words
    return Section(
        key=KEY,
        title=words.say("How this report was made"),
        blocks=(
            paragraph(
                words.say(
                    "Every figure and text is from a log of events that only grows. The same command gives the same "
                    "report again, from the same events."
                )
            ),
            Facts(facts=tuple(_facts(material))),
        ),
    )


def _covered(material: Material) -> Iterator[Fact]:
    words, origin = material.words, material.origin
    numbers, known_at = words.numbers, material.query.known_at
    day = material.view.organisation.day
    cumulative = words.say(
        "{period} ({months})", period=numbers.span(*material.cumulative), months=material.months_covered
    )
    if not material.snapshot.period.is_year:  # which says it all
        yield Fact(name=words.say("Cumulative figures"), value=cumulative)
    yield Fact(name=words.say("Organisation as of"), value=numbers.day(day))
    if material.snapshot.comparable:
        yield Fact(name=words.say("Earlier years"), value=comparison.without_what_left(words, material.snapshot))
    if known_at is not None and known_at != origin.recorded:
        yield Fact(name=words.say("Known at"), value=numbers.instant(known_at))
    if origin.recorded is not None:
        yield Fact(name=words.say("Last recorded"), value=numbers.instant(origin.recorded))


def _publication(material: Material) -> str:
    words, origin = material.words, material.origin
    if origin.published is not None:
        return _revision(material, origin.published)
    if origin.last_published is not None:
        said = _revision(material, origin.last_published)
        return words.say("not as published; last published: {revision}", revision=said)
    return words.say("not published")


def _revision(material: Material, published: Published) -> str:
    numbers = material.words.numbers
    return material.words.say(
        "revision {number}, {moment}",
        number=numbers.plain(published.revision),
        moment=numbers.instant(parse_recorded(published.recorded)),
    )


def _facts(material: Material) -> Iterator[Fact]:
    words, origin = material.words, material.origin
    yield Fact(name=words.say("Period"), value=words.numbers.span(*material.period))
    yield from _covered(material)
    yield Fact(name=words.say("Events"), value=_events(material))
    yield Fact(name=words.say("Root of the log's tree"), value=root_text(bytes.fromhex(origin.root)), machine=True)
    yield Fact(name=words.say("Digest of the snapshot"), value=f"sha256:{origin.digest}", machine=True)
    yield Fact(name=words.say("Publication"), value=_publication(material))
    if origin.published is not None:
        yield Fact(name=words.say("Published by"), value=plain(origin.published.recorded_by))
    if origin.seal is not None:
        size = words.numbers.plain(origin.seal.size)
        yield Fact(name=words.say("Seal covers events"), value=f"1–{size}")
        yield Fact(name=words.say("Root in the seal"), value=root_text(origin.seal.root), machine=True)
    yield Fact(name=words.say("Command"), value=safe(command(material)), machine=True)
    yield Fact(name=words.say("Program"), value=f"Heinola ES {origin.version}".strip())


def _events(material: Material) -> str:
    position = material.origin.position
    if not position:
        return material.words.say("none")
    return f"1–{material.words.numbers.plain(position)}"


def command(material: Material) -> str:
    """Return the command that makes the same report again, whatever is recorded after it."""
    query, origin = material.query, material.origin
    words = ["heinola", "report", iso(material), "--lang", query.language]
    if query.unit is not None:
        words += ["--unit", query.unit]
    if origin.published is not None:
        words += ["--published", str(origin.published.revision)]
    elif (known := query.known_at or origin.recorded) is not None:
        words += ["--known-at", format_instant(known)]
    if query.structure is not None:
        words += ["--structure", query.structure.isoformat()]
    words += ["--comparable"] if query.comparable else []
    words += _of_columns(query)
    return shlex.join([*words, *(["--euros"] if query.euros else [])])


def _of_columns(query: ReportQuery) -> list[str]:
    """Return the options that say which columns there are, and of which layout."""
    words = []
    if query.columns:
        words += ["--columns", ",".join(query.columns)]
    if query.years > 1:
        words += ["--years", str(query.years)]
    if query.layout is not None:
        words += ["--layout", query.layout]
    if query.forecast_method:
        words += ["--forecast-method", query.forecast_method.replace("_", "-")]
    return words
