"""Sums of what was placed, beside the file's own totals rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attrs import define, field, frozen

from heinola_es.domain.amounts import format_cents

if TYPE_CHECKING:
    from heinola_es.importing.ledger.placing.ledger import Ledger, TotalsRow


@frozen(slots=True)
class Check:
    """A totals row of the file beside the sum of the rows above it.

    Attributes:
        row, label: of the file.
        source: index of the column of amounts.
        stated: what the file says, in its own signs.
        summed: the sum that equals it, or else the sum of all rows above that no total was drawn under.
        fits: whether they are equal.
    """

    row: int
    label: str
    source: int
    stated: int
    summed: int
    fits: bool


def sums_by_line(ledger: Ledger) -> dict[str, dict[int, int]]:
    """Return the placed cents by line and by source, as they are recorded."""
    amounts, sums = ledger.amounts, dict[str, dict[int, int]]()
    lines = [account.line for account in ledger.accounts]
    for account, source, cents in zip(amounts.account, amounts.source, amounts.cents, strict=True):
        of_line = sums.setdefault(lines[account], {})
        of_line[source] = of_line.get(source, 0) + cents
    return sums


def checks_of(ledger: Ledger) -> list[Check]:
    """Return each total of the file beside our sum of what it stands under.

    A total may be of everything above it, of what stands since any total above it (a unit, then its sector), and in the
    file's own signs (income and expenses both positive) or in ours (so that a margin is a difference).
    """
    running = _Running(len(ledger.sources))
    checks: list[Check] = []
    for total in ledger.totals:
        running.go_on(ledger, total.placed)
        checks.extend(running.check(total, at, stated) for at, stated in total.cents.items())
        running.mark()
    return checks


def findings_of(ledger: Ledger) -> list[tuple[int, str]]:
    """Return a sentence with its row for every total or sum of the file that no sum of ours equals."""
    return [
        (
            check.row,
            (
                f"{check.label}, {ledger.sources[check.source].name}: the file says {format_cents(check.stated)}, "
                f"its rows add up to {format_cents(check.summed)}"
            ),
        )
        for check in checks_of(ledger)
        if not check.fits
    ] + [
        (
            check.row,
            (
                f"{check.unit} {check.line}, {ledger.sources[check.source].name}: the file says "
                f"{format_cents(check.stated)}, its parts add up to {format_cents(check.summed)}"
            ),
        )
        for check in ledger.sums
        if not check.fits
    ]


@define(slots=True)
class _Running:
    """The sums so far, in the file's signs and in ours, with what they were at each total above."""

    sources: int
    raw: list[int] = field(init=False)
    ours: list[int] = field(init=False)
    raw_marks: list[set[int]] = field(init=False)
    our_marks: list[set[int]] = field(init=False)
    last: list[int] = field(init=False)
    at: int = 0

    def __attrs_post_init__(self) -> None:
        """Begin at nothing."""
        self.raw, self.ours, self.last = ([0] * self.sources for _ in range(3))
        self.raw_marks, self.our_marks = ([{0} for _ in range(self.sources)] for _ in range(2))

    def go_on(self, ledger: Ledger, upto: int) -> None:
        amounts = ledger.amounts
        for index in range(self.at, upto):
            source, cents = amounts.source[index], amounts.cents[index] + ledger.originals.get(index, 0)
            self.ours[source] += cents
            self.raw[source] += cents * ledger.factor(ledger.accounts[amounts.account[index]], ledger.sources[source])
        self.at = upto

    def check(self, total: TotalsRow, at: int, stated: int) -> Check:
        """Compare a total with the sums since every mark: at one of them it was what it is now, less the total."""
        fits = (
            self.raw[at] - stated in self.raw_marks[at]
            or self.ours[at] - stated in self.our_marks[at]
            or self.ours[at] + stated in self.our_marks[at]
        )
        return Check(total.row, total.label, at, stated, stated if fits else self.raw[at] - self.last[at], fits)

    def mark(self) -> None:
        for at in range(self.sources):
            self.raw_marks[at].add(self.raw[at])
            self.our_marks[at].add(self.ours[at])
            self.last[at] = self.raw[at]
