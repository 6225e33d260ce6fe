"""Which comparison a report makes, in its language: what moved, merged, ended, and what earlier years are without."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from projections.report.language.columns import column_name
from projections.report.language.line_labels import in_sentence
from projections.report.language.words import msgid
from projections.snapshot.columns import column_named

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from heinola_es.domain.chart import Chart
    from projections.report.language.words import Words
    from projections.snapshot.model import Excluded, ExcludedRow, Snapshot, UnitChange

    Title = Callable[[str, str], str]
    """How a unit is called, by its code and its name."""

WHAT = {"moved": msgid("moved"), "merged": msgid("merged"), "ended": msgid("ended")}


def comparison(words: Words, snapshot: Snapshot) -> list[str]:
    """Return the sentences that say how years are compared; none where nothing changed and nobody asked."""
    sentences = []
    if snapshot.changes:
        day = words.numbers.day(snapshot.structure)
        sentences.append(words.say("All years are shown in the organisation of {day}.", day=day))
        if any(change.what != "ended" for change in snapshot.changes):
            sentences.append(
                words.say("What moved or merged stands, in earlier years too, where it stands on that day.")
            )
        if any(change.what == "ended" for change in snapshot.changes) and not snapshot.comparable:
            sentences.append(words.say("What ended is in the figures of the years in which it was there."))
    if snapshot.comparable:
        sentences.append(without_what_left(words, snapshot, in_full=True))
    return sentences


def without_what_left(words: Words, snapshot: Snapshot, *, in_full: bool = False) -> str:
    """Return how earlier years are comparable: briefly, or as a sentence."""
    year = str(snapshot.period.year)
    if not snapshot.excluded:
        return words.say(
            "Nothing left the city before {year} that earlier years would have to be shown without.", year=year
        )
    if not in_full:
        return words.say("comparable: without what left the city before {year}", year=year)
    return words.say(
        "Earlier years are comparable: they hold only what is still there, without what left the city before {year}.",
        year=year,
    )


def change_sentence(words: Words, change: UnitChange, title: Title) -> str:
    """Return that a unit moved, merged or ended."""
    unit, day = title(change.unit, change.name), words.numbers.day(change.day)
    before, after = (
        _above(words, change.before, change.before_name, title),
        _above(words, change.after, change.after_name, title),
    )
    if change.what == "moved":
        return words.say(
            "{unit}: moved from {before} to {after} on {day}.", unit=unit, before=before, after=after, day=day
        )
    if change.what == "merged":
        return words.say("{unit}: part of {after} since {day}, into which it merged.", unit=unit, after=after, day=day)
    return words.say("{unit}: ended on {day}.", unit=unit, day=day)


def _above(words: Words, code: str | None, name: str | None, title: Title) -> str:
    return words.say("the top") if code is None else title(code, name or code)


def excluded_sentence(words: Words, snapshot: Snapshot, one: Excluded, chart: Chart, title: Title) -> str:
    """Return what a unit that left comes to in earlier years: its net, where it has one."""
    unit, day = title(one.unit, one.name), words.numbers.day(one.last_day)
    rows = {row.line: row for row in one.figures}
    row = next((rows[line] for line in chart.net if line in rows), one.figures[-1])
    label = in_sentence(chart.lines[row.line].labels[words.language])
    amounts = "; ".join(_amounts(words, snapshot, row))
    return words.say("{unit}, until {day}: {line} {amounts}.", unit=unit, day=day, line=label, amounts=amounts)


def _amounts(words: Words, snapshot: Snapshot, row: ExcludedRow) -> Iterator[str]:
    """Yield what a line comes to by column, those that tell the same once; what is not whole is said to be so."""
    told = set()
    for name, cell in row.cells.items():
        column = column_named(name)
        if column.tells(snapshot.period) in told:
            continue
        told.add(column.tells(snapshot.period))
        amount = words.say("not known in whole") if cell is None else words.numbers.euros(Decimal(cell.cents) / 100)
        yield f"{amount} ({column_name(words, column, snapshot.period)})"
