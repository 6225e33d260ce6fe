"""The comparison of cities as a document: per inhabitant, by size, what lies far out, and what is not compared."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from hashlib import sha256
from typing import TYPE_CHECKING

from attrs import evolve, frozen

from events.codec import parse_recorded
from events.period import Period
from heinola_es.domain.chart import load_chart
from heinola_es.domain.periods import format_instant
from heinola_es.version import program_version
from projections.country.cities import NO_CITY
from projections.country.comparing import BOUNDS, FENCE, FEWEST_FOR_QUARTILES, Comparison
from projections.report.content.build import interface
from projections.report.content.document import (
    Block,
    Bullets,
    Callout,
    Cell,
    Column,
    Document,
    Fact,
    Facts,
    Picture,
    Row,
    Run,
    Section,
    Table,
)
from projections.report.content.picture_data import UseOfBudget
from projections.report.content.prose import paragraph, plain, safe
from projections.report.language.line_labels import begun
from projections.report.language.scale import UNKNOWN
from projections.report.language.words import Words, words_in
from projections.snapshot.canonical import canonical_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from fractions import Fraction

    from projections.country.comparing import ComparedCity, Spread

LINES = ("operating_income", "operating_expenses", "operating_margin", "annual_margin", "result")
"""What is compared, as far as any city has it."""
_USED = ("operating_expenses", "expenses")
"""The line of whose budget it is told how much was used: the first that is there."""
_CENT = Decimal("0.01")


@frozen(slots=True, kw_only=True, eq=False, repr=False)
class CountryAsked:
    """What is compared.

    Attributes:
        period: of the reports.
        known_at: as of which moment, or None for now.
        language: `fi`, `sv` or `en`.
    """

    period: Period
    known_at: datetime | None
    language: str


def country_report(cities: Sequence[ComparedCity], errors: Mapping[str, str], asked: CountryAsked) -> Document:
    """Return the comparison of cities as a document; the same cities and question always give the same.

    Args:
        cities: in the order of the lake.
        errors: why a city cannot be computed, by its code.
        asked: what is compared, and in which language.
    """
    lines = [line for line in (*LINES, "income", "expenses") if any(line in city.lines for city in cities)]
    return _Report(Comparison(cities, lines), errors, asked, words_in(asked.language)).document()


@frozen(slots=True, eq=False, repr=False)
class _Report:
    """A comparison on its way into a document."""

    comparison: Comparison
    errors: Mapping[str, str]
    asked: CountryAsked
    words: Words

    def document(self) -> Document:
        words, period = self.words, self.words.numbers.span(self.asked.period.start, self.asked.period.end)
        compared = (self.by_size(), self.use_of_budget(), self.far_out(), self.city_by_city())
        sections = (*(compared if self.comparison.classes else ()), self.not_compared())
        return Document(
            language=words.language,
            title=words.say("Comparison of cities {period}", period=period),
            city=words.say_of("{count} city", "{count} cities", len(self.comparison.cities) + len(self.errors)),
            subject=words.say("Per inhabitant, by size of the city"),
            subject_language=None,
            period=period,
            cover=Facts(facts=tuple(self._facts())),
            summary=tuple(self._summary()),
            sections=(*(section for section in sections if section is not None), self.made()),
            interface=interface(words),
            written=self._written(),
            identity=self._identity(),
        )

    # ------------------------------------------------------------------ in front

    def _facts(self) -> Iterator[Fact]:
        words, numbers = self.words, self.words.numbers
        cumulative = self.asked.period.year_to_date()
        yield Fact(name=words.say("Cumulative figures"), value=numbers.span(cumulative.start, cumulative.end))
        yield Fact(name=words.say("Cities compared"), value=numbers.plain(len(self.comparison.of_class(None))))
        yield Fact(name=words.say("Inhabitants"), value=numbers.plain(self._people()))
        if self.asked.known_at is not None:
            yield Fact(name=words.say("Known at"), value=numbers.instant(self.asked.known_at))
        yield Fact(name=words.say("Last recorded"), value=numbers.instant(self._written()))

    def _people(self) -> int:
        return sum(city.inhabitants.number for city in self.comparison.cities if city.inhabitants is not None)

    def _summary(self) -> Iterator[Block]:
        words = self.words
        yield paragraph(
            words.say_of(
                "{count} city of {people} inhabitants is compared with others of its size.",
                "{count} cities of {people} inhabitants in all are compared with others of their size.",
                len(self.comparison.of_class(None)),
                people=words.numbers.plain(self._people()),
            ),
            style="lead",
        )
        told = [self._told(line, spread) for line in self.lines() if (spread := self.comparison.per_inhabitant(line))]
        if told:
            yield Bullets(items=tuple((Run(text),) for text in told))
        if found := self.comparison.outliers:
            yield paragraph(
                words.say_of(
                    "{count} amount lies far from those of other cities of its size.",
                    "{count} amounts lie far from those of other cities of their size.",
                    len(found),
                )
            )
        if left := len(self._left_out()):
            said = words.say_of(
                "{count} city is left out; the reason is below.",
                "{count} cities are left out; the reasons are below.",
                left,
            )
            yield Callout(title=words.say("Not all are here"), tone="attention", blocks=(paragraph(said),))

    def _told(self, line: str, spread: Spread) -> str:
        """Return what a line comes to among all cities, in a sentence."""
        words, median = self.words, self._euros(line, spread.median)
        if spread.quartiles is None:
            return words.say("{line} per inhabitant: median {median}.", line=self.label(line), median=median)
        lower, upper = self._in_order(line, spread.quartiles)
        return words.say(
            "{line} per inhabitant: median {median}, half of the cities between {lower} and {upper}.",
            line=self.label(line),
            median=median,
            lower=self._euros(line, lower),
            upper=self._euros(line, upper),
        )

    # ------------------------------------------------------------------ parts

    def by_size(self) -> Section:
        words = self.words
        rows: list[Row] = []
        for line in self.lines():
            head = Cell(text=self.label(line))
            empty = (Cell(text=""),) * 6
            rows.append(Row(cells=(head, *empty), kind="group"))
            rows += [self._spread_row(line, place) for place in self.comparison.classes]
            rows.append(self._spread_row(line, None))
        quartiles = words.say("Lower quartile"), words.say("Median"), words.say("Upper quartile")
        money = words.say("Lowest"), *quartiles, words.say("Highest")
        table = Table(
            key="per-inhabitant",
            caption=words.say("Per inhabitant, by size of the city"),
            columns=(
                Column(title=words.say("Inhabitants"), share=2),
                Column(title=words.say("Cities"), numeric=True),
                *(Column(title=f"{title}\n€", numeric=True, sheet_title=f"{title}, €") for title in money),
            ),
            rows=tuple(rows),
            sheet=words.say("By size"),
            note=words.say("Expenses are shown as they were spent, without a minus."),
            group_titles=(words.say("Line"),),
        )
        return Section(key="by-size", title=words.say("By size of the city"), blocks=(table,))

    def _spread_row(self, line: str, place: int | None) -> Row:
        spread = self.comparison.per_inhabitant(line, place)
        count = 0 if spread is None else len(spread.values)
        values: Sequence[Fraction | None] = (None,) * 5
        if spread is not None:
            lower, upper = spread.quartiles or (None, None)
            values = (spread.values[0], lower, spread.median, upper, spread.values[-1])
            values = values if self._sign(line) > 0 else tuple(reversed(values))
        return Row(
            cells=(self._class_cell(place), self._number(count), *(self._money(line, value) for value in values)),
        )

    def use_of_budget(self) -> Section | None:
        words, comparison = self.words, self.comparison
        line = next((one for one in _USED if one in comparison.lines and comparison.used(one)), None)
        if line is None:
            return None
        quartiles = words.say("Lower quartile"), words.say("Median"), words.say("Upper quartile")
        titles = *quartiles, words.say("Median a year before")
        table = Table(
            key="used",
            caption=words.say("{line}: used of the year's budget, %", line=self.label(line)),
            columns=(
                Column(title=words.say("Inhabitants"), share=2),
                Column(title=words.say("Cities"), numeric=True),
                *(Column(title=f"{title}\n%", numeric=True, sheet_title=f"{title}, %") for title in titles),
            ),
            rows=tuple(self._used_row(line, place) for place in (*comparison.classes, None)),
            sheet=words.say("Use of the budget"),
            note=words.say("A year before: what the same months were of that whole year."),
        )
        picture = self._picture(line, table)
        return Section(key="used", title=words.say("Use of the budget"), blocks=(picture, table))

    def _used_row(self, line: str, place: int | None) -> Row:
        used, before = self.comparison.used(line, place), self.comparison.used_last_year(line, place)
        lower, upper = (None, None) if used is None or used.quartiles is None else used.quartiles
        shares = (lower, None if used is None else used.median, upper, None if before is None else before.median)
        count = self._number(0 if used is None else len(used.values))
        return Row(
            cells=(self._class_cell(place), count, *map(self._share, shares)),
            kind="total" if place is None else "normal",
        )

    def _picture(self, line: str, table: Table) -> Picture:
        words, comparison, numbers = self.words, self.comparison, self.words.numbers
        expected = Decimal(100 * self.asked.period.end.month) / 12
        bars = []
        for place in comparison.classes:
            used, before = comparison.used(line, place), comparison.used_last_year(line, place)
            if used is not None:
                year_before = None if before is None else _rounded(before.median)
                bars.append((self._class(place), _rounded(used.median), year_before))
        whole = comparison.used(line)
        return Picture(
            key="used-by-size",
            caption=words.say("{line}: used of the year's budget, median by size of the city", line=self.label(line)),
            alternative=words.say(
                "In the median city {used} of the year's budget is used, where even use would be {even}.",
                used=UNKNOWN if whole is None else numbers.percent(_rounded(whole.median)),
                even=numbers.percent(expected),
            ),
            chart=UseOfBudget(
                expected=expected,
                expected_label=words.say("Even use {percent}", percent=numbers.percent(expected, 0)),
                used_label=words.say("Used of the budget"),
                last_year_label=words.say("Last year at the same time"),
                axis=words.say("% of the budget"),
                bars=tuple(bars),
                locale=words.language,
            ),
            table_key=table.key,
        )

    def far_out(self) -> Section:
        words, rows, last = self.words, list[Row](), ""
        for one in self.comparison.outliers:
            if one.line != last:
                last = one.line
                rows.append(Row(cells=(Cell(text=self.label(last)), *(Cell(text=""),) * 4), kind="group"))
            above = one.above if self._sign(one.line) > 0 else not one.above
            rows.append(
                Row(
                    cells=(
                        self._city(one.city),
                        self._class_cell(one.city.size_class),
                        self._money(one.line, one.value),
                        self._money(one.line, one.median),
                        Cell(text=words.say("above the others") if above else words.say("below the others")),
                    )
                )
            )
        told = words.say(
            "An amount lies far out where it is more than {times} times the distance between the quartiles of its size "
            "class beyond one of them. It may be right: it asks for a look.",
            times=words.numbers.as_known(Decimal(FENCE.numerator) / FENCE.denominator),
        )
        if not rows:
            none = words.say("No amount lies far from those of other cities of its size.")
            blocks = paragraph(none), paragraph(told, style="note")
            return Section(key="far-out", title=words.say("Far from others"), blocks=blocks)
        table = Table(
            key="far-out",
            caption=words.say("Amounts far from those of other cities of the size, € per inhabitant"),
            columns=(
                Column(title=words.say("City"), share=2),
                Column(title=words.say("Inhabitants"), share=2),
                Column(title=words.say("Per inhabitant") + "\n€", numeric=True),
                Column(title=words.say("Median of its size") + "\n€", numeric=True),
                Column(title=words.say("Where"), share=2),
            ),
            rows=tuple(rows),
            sheet=words.say("Far from others"),
            group_titles=(words.say("Line"),),
        )
        return Section(key="far-out", title=words.say("Far from others"), blocks=(paragraph(told), table))

    def city_by_city(self) -> Section:
        words, rows = self.words, list[Row]()
        lines = self.lines()
        for place in self.comparison.classes:
            rows.append(Row(cells=(Cell(text=self._class(place)), *(Cell(text=""),) * (len(lines) + 1)), kind="group"))
            ordered = sorted(self.comparison.of_class(place), key=lambda city: (city.name, city.code))
            rows += [self._city_row(city, lines) for city in ordered]
        labels = [self.label(line) for line in lines]
        table = Table(
            key="cities",
            caption=words.say("City by city, € per inhabitant"),
            columns=(
                Column(title=words.say("City"), share=3, aside=words.say("Code")),
                Column(title=words.say("Inhabitants"), numeric=True, aside=words.say("Counted for")),
                *(Column(title=f"{label}\n€", numeric=True, sheet_title=f"{label}, €", share=2) for label in labels),
            ),
            rows=tuple(rows),
            sheet=words.say("City by city"),
            note=words.say("A dash: not known, or not in whole."),
            group_titles=(words.say("Size of the city"),),
        )
        return Section(key="cities", title=words.say("City by city"), blocks=(table,), new_page=True)

    def _city_row(self, city: ComparedCity, lines: Sequence[str]) -> Row:
        counted = city.inhabitants
        number = Cell(text=UNKNOWN)
        if counted is not None:
            number = evolve(self._number(counted.number), aside=self._days(counted.of))
        amounts = [self._money(line, city.per_inhabitant(line)) for line in lines]
        return Row(cells=(evolve(self._city(city), aside=safe(city.code)), number, *amounts))

    def _days(self, of: Period) -> str:
        return str(of.year) if of.is_year else self.words.numbers.span(of.start, of.end)

    # ------------------------------------------------------------------ what is left open

    def _left_out(self) -> list[tuple[Cell, Cell, Cell]]:
        """Return the name, the code and the reason of each city that is compared on no line."""
        found = [
            (Cell(text=safe(code)), Cell(text=safe(code)), self._why(error)) for code, error in self.errors.items()
        ]
        said = Cell(text=self.words.say("it does not say how many people live there"))
        without = [city for city in self.comparison.cities if city.inhabitants is None]
        return found + [(self._city(city), Cell(text=safe(city.code)), said) for city in without]

    def _why(self, error: str) -> Cell:
        if error == NO_CITY:
            return Cell(text=self.words.say("none of its units is the city itself"))
        return Cell(text=safe(error), language="en")

    def not_compared(self) -> Section:
        words, blocks = self.words, list[Block]()
        if left := self._left_out():
            rows = [Row(cells=cells) for cells in left]
            blocks.append(
                Table(
                    key="left-out",
                    caption=words.say("Cities that are left out"),
                    columns=(
                        Column(title=words.say("City")),
                        Column(title=words.say("Code")),
                        Column(title=words.say("Reason"), share=4),
                    ),
                    rows=tuple(rows),
                    sheet=words.say("Left out"),
                )
            )
        partly = [
            words.say("{line}: {cities}", line=self.label(line), cities=", ".join(names))
            for line in self.lines()
            if (names := self._not_whole(line))
        ]
        if partly:
            blocks.append(paragraph(words.say("These are not known in whole, and are left out of their line:")))
            blocks.append(Bullets(items=tuple((Run(text),) for text in partly)))
        if not blocks:
            blocks.append(paragraph(words.say("Every city is compared on every line.")))
        return Section(key="not-compared", title=words.say("What is not compared"), blocks=tuple(blocks))

    def _not_whole(self, line: str) -> list[str]:
        return [plain(one.name) for one in self.comparison.of_class(None) if one.per_inhabitant(line) is None]

    def made(self) -> Section:
        words = self.words
        told = (
            words.say("Each figure is that of the city's own snapshot; only what is known in whole is compared."),
            words.say("How many people live in a city is what its own indicator says for the latest days."),
            words.say("Lines of different cities are the same where their charts share the code."),
            words.say(
                "Quartiles lie between two values in proportion, and are shown for {count} cities or more.",
                count=words.numbers.plain(FEWEST_FOR_QUARTILES),
            ),
        )
        logs = Table(
            key="logs",
            caption=words.say("The logs that this rests on"),
            columns=(
                Column(title=words.say("Code")),
                Column(title=words.say("City"), share=2),
                Column(title=words.say("Events"), numeric=True),
                Column(title=words.say("Root of the log's tree"), share=5),
            ),
            rows=tuple(
                Row(
                    cells=(
                        Cell(text=safe(city.code)),
                        self._city(city),
                        self._number(city.events),
                        Cell(text=city.root),
                    )
                )
                for city in self.comparison.cities
            ),
            sheet=words.say("Logs"),
            folded=True,
        )
        program = Facts(facts=(Fact(name=words.say("Program"), value=f"Heinola ES {program_version()}".strip()),))
        blocks = (Bullets(items=tuple((Run(text),) for text in told)), program, logs)
        return Section(key="made", title=words.say("How this was made"), blocks=blocks)

    # ------------------------------------------------------------------ words and numbers

    def lines(self) -> Sequence[str]:
        return self.comparison.lines

    def label(self, line: str) -> str:
        known = load_chart().lines.get(line)
        return begun(known.labels[self.words.language]) if known else safe(line)

    def _sign(self, line: str) -> int:
        """Return -1 for a line of expenses, whose amounts are shown as they were spent."""
        known = load_chart().lines.get(line)
        return -1 if known is not None and known.sign < 0 else 1

    def _in_order(self, line: str, pair: tuple[Fraction, Fraction]) -> tuple[Fraction, Fraction]:
        return pair if self._sign(line) > 0 else (pair[1], pair[0])

    def _shown(self, line: str, cents: Fraction) -> Decimal:
        return _rounded(cents * self._sign(line) / 100)

    def _euros(self, line: str, cents: Fraction) -> str:
        return self.words.numbers.euros(self._shown(line, cents))

    def _money(self, line: str, cents: Fraction | None) -> Cell:
        if cents is None:
            return Cell(text=UNKNOWN)
        euros = self._shown(line, cents)
        return Cell(text=self.words.numbers.plain(euros), value=euros, form="euros")

    def _share(self, percent: Fraction | None) -> Cell:
        if percent is None:
            return Cell(text=UNKNOWN)
        value = _rounded(percent)
        return Cell(text=self.words.numbers.plain(value, 1), value=value, form="percent")

    def _number(self, value: int) -> Cell:
        return Cell(text=self.words.numbers.plain(value), value=value, form="plain")

    def _city(self, city: ComparedCity) -> Cell:
        return Cell(text=plain(city.name), language=self.words.content)

    def _class_cell(self, place: int | None) -> Cell:
        return Cell(text=self.words.say("All cities") if place is None else self._class(place))

    def _class(self, place: int) -> str:
        """Return a size class in words: `2 000–4 999`."""
        first, words = self.words.numbers.plain(BOUNDS[place]), self.words
        if place == 0:
            return words.say("under {number}", number=words.numbers.plain(BOUNDS[1]))
        if place == len(BOUNDS) - 1:
            return words.say("{number} or more", number=first)
        return f"{first}–{words.numbers.plain(BOUNDS[place + 1] - 1)}"

    # ------------------------------------------------------------------ what it is known by

    def _written(self) -> datetime:
        """Return the instant of the last event that it rests on."""
        return max(parse_recorded(city.recorded) for city in self.comparison.cities)

    def _identity(self) -> str:
        known_at = self.asked.known_at
        told = {
            "version": program_version(),
            "language": self.words.language,
            "period": str(self.asked.period),
            "known_at": None if known_at is None else format_instant(known_at),
            "logs": [[city.code, city.root] for city in self.comparison.cities],
            "errors": dict(self.errors),
        }
        return sha256(canonical_json(told)).hexdigest()


def _rounded(value: Fraction) -> Decimal:
    """Return a fraction to two decimals, half away from zero."""
    hundredths = abs(value) * 100
    whole = (2 * hundredths.numerator + hundredths.denominator) // (2 * hundredths.denominator)
    return (Decimal(whole if value >= 0 else -whole) / 100).quantize(_CENT, ROUND_HALF_UP)
