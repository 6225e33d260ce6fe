"""Whether a report's file says what the snapshot says that it carries, and whether a seal holds that snapshot.

The snapshot in the file is believed as far as its seal goes. From it every figure is written anew, in the words of the
report's language, and held against what the file prints. What is worked out from figures, and the other texts of
tables, are held against the copy in the proof, which no seal covers.
"""

from __future__ import annotations

from hashlib import sha256
from itertools import zip_longest
from typing import TYPE_CHECKING

from attrs import define, field, frozen

from heinola_es.sealing.cosignatures import NO_WITNESSES, Witnesses
from heinola_es.sealing.notes import BadSeal
from heinola_es.sealing.seals import Seal, parse_seal
from projections.documents.figures import Figures
from projections.documents.printed import NoProof, packed
from projections.documents.proof import CarriedProof, proof_in
from projections.published.kept_reports import shown
from projections.report.content.prose import one_line
from projections.snapshot.encoding import UnreadableSnapshot, decoded

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from heinola_es.sealing.notes import Verifier
    from projections.documents.printed import Printed, PrintedReport, PrintedTable
    from projections.documents.proof import ProofRow, ProofTable
    from projections.snapshot.model import Snapshot

MOST_TOLD = 200
"""So many findings are told one by one."""
_MOST_CHARACTERS = 120


@frozen(slots=True, kw_only=True)
class Checked:
    """What a check of a file came to.

    Attributes:
        findings: what is wrong, each a sentence.
        seal: that of the publication, where the file carries one that can be read.
        digest: hex SHA-256 of the snapshot.
        label: what the report is of: `1.4.–30.6.2020`.
        figures: how many cells were held against the snapshot.
        copied: how many against the copy in the proof.
        cosigned: who has cosigned the seal, in words; empty where nobody has.
    """

    findings: tuple[str, ...]
    seal: Seal | None
    digest: str
    label: str
    figures: int
    copied: int
    cosigned: str = ""


def check(report: PrintedReport, name: str, verifier: Verifier | None, witnesses: Witnesses = NO_WITNESSES) -> Checked:
    """Check a report's file by what it carries.

    Args:
        report: what was read.
        name: of the file.
        verifier: the public key of the city's seals; None leaves the signature unchecked.
        witnesses: who must have cosigned the seal.

    Raises:
        NoProof: its proof is damaged.
    """
    proof = proof_in(report, name)
    try:
        snapshot = decoded(shown(proof.snapshot, {}))
    except (UnreadableSnapshot, ValueError) as error:
        raise NoProof(f"the snapshot in {name} is damaged: {error}") from None
    digest = sha256(proof.snapshot).hexdigest()
    seal, findings = _sealed(proof, snapshot, digest, verifier)
    cosigned, not_cosigned = _cosigned(proof, witnesses)
    findings += not_cosigned
    comparing = _Comparing(proof, Figures.of(snapshot, proof.language))
    findings += comparing.findings(report.tables)
    return Checked(
        findings=tuple(findings),
        seal=seal,
        digest=digest,
        label=snapshot.period.label,
        figures=comparing.figures_seen,
        copied=comparing.copies_seen,
        cosigned=cosigned,
    )


def _sealed(
    proof: CarriedProof, snapshot: Snapshot, digest: str, verifier: Verifier | None
) -> tuple[Seal | None, list[str]]:
    """Return the seal, and what is wrong with it."""
    if not proof.seal:
        return None, []
    try:
        seal = parse_seal(proof.seal, verifier)
    except BadSeal as error:
        return None, [f"the seal in the file: {error}"]
    if seal.snapshot_sha256 != digest:
        return seal, ["the snapshot in the file is not the one that its seal is of; one of them was changed"]
    if seal.period != snapshot.period:
        return seal, [f"the seal is of the report {seal.period.label}, and the file is of {snapshot.period.label}"]
    return seal, []


def _cosigned(proof: CarriedProof, witnesses: Witnesses) -> tuple[str, list[str]]:
    """Return who has cosigned the seal, and what is wrong with that."""
    if not proof.seal:
        return "", ["the file carries no seal that the witnesses could have cosigned"] if witnesses.quorum else []
    try:
        return witnesses.told("its seal", proof.seal), []
    except BadSeal as error:
        return "", [f"the seal in the file: {error}"]


@define(slots=True)
class _Comparing:
    """A file's tables beside those that it should have."""

    proof: CarriedProof
    figures: Figures
    figures_seen: int = 0
    copies_seen: int = 0
    _shown: set[tuple[str, str]] = field(factory=set)

    def findings(self, printed: Sequence[PrintedTable]) -> Iterator[str]:
        """Yield what is wrong, in the order of the file."""
        waiting = list(printed)
        for table in self.proof.tables:
            at = next((at for at, each in enumerate(waiting) if self._is(each, table)), None)
            if at is None:
                yield f"the table {_told(table.caption)!r} is not in the file; it was taken out or renamed"
                self._mark(table)
                continue
            yield from self._table(waiting.pop(at), table)
        if not self._has_sheets(printed):
            yield from (f"the table {_told(each.caption)!r} was put in; the report had none" for each in waiting)
        for unit, line in self.figures.rows():
            if (unit, line) not in self._shown:
                label = self.figures.label(line)
                yield f"{unit} {label}: the snapshot has figures of it, and no table of the report shows them"

    @staticmethod
    def _has_sheets(printed: Sequence[PrintedTable]) -> bool:
        """Return whether the tables are sheets: a workbook has further ones, such as its summary."""
        return any(isinstance(cell, float) for table in printed for row in table.rows for cell in row)

    def _is(self, printed: PrintedTable, table: ProofTable) -> bool:
        there, wanted = packed(printed.caption), packed(table.caption)
        if there == wanted:
            return True
        number = there.removesuffix(wanted).removeprefix(packed(self.proof.word))
        return there.endswith(wanted) and number.endswith(".") and number[:-1].isdecimal()

    def _mark(self, table: ProofTable) -> None:
        self._shown |= {(row.of.unit, row.of.line) for row in table.rows if row.of is not None}

    def _table(self, printed: PrintedTable, table: ProofTable) -> Iterator[str]:
        self._mark(table)
        where = f"the table {_told(table.caption)!r}"
        header, rows = (printed.rows[0], printed.rows[1:]) if printed.rows else ((), ())
        for column, there in zip_longest(table.columns, header[: len(table.columns)]):
            wanted = self.figures.headers(column)
            if packed(str(there or "")) not in set(map(packed, wanted)):
                yield f"{where}: a column is headed {_told(str(there or ''))!r}, and should be {_told(wanted[0])!r}"
        if len(rows) < len(table.rows) or (len(rows) > len(table.rows) and not _is_note(rows[len(table.rows) :])):
            yield f"{where} has {len(rows)} rows, and should have {len(table.rows)}; some were put in or taken out"
        heading = ""
        for row, cells in zip(table.rows, rows, strict=False):
            heading = str(row.cells[0]) if row.heading else heading
            yield from self._row(table, row, cells, heading)

    def _row(self, table: ProofTable, row: ProofRow, cells: tuple[Printed, ...], heading: str) -> Iterator[str]:
        label = _told(str(row.cells[0] or ""))
        if row.of is not None and not self.figures.is_about(row.of.unit, (table.caption, heading, *row.cells)):
            yield f"the table {_told(table.caption)!r}, row {label!r}: it shows figures of another unit, {row.of.unit}"
        where = f"{row.of.unit} {self.figures.label(row.of.line)}" if row.of is not None else f"{label}"
        for at, wanted in enumerate(row.cells):
            there = cells[at] if at < len(cells) else ""
            column = table.columns[at]
            if row.of is not None and column.of is not None:
                self.figures_seen += 1
                told = self.figures.differs(row.of, column.of, there)
                if told is not None:
                    yield (
                        f"{where} · {_told(self.figures.headers(column)[0])}: {_printed(there)} is printed, "
                        f"{_told(told)} is in the snapshot (table {_told(table.caption)!r}, row {label!r})"
                    )
            elif wanted is not None:
                self.copies_seen += 1
                if not _is_copy(there, wanted):
                    yield (
                        f"{where} · {_told(column.title)}: {_printed(there)} is printed, {_told(wanted)!r} was there "
                        f"when the report was made (table {_told(table.caption)!r})"
                    )


def _is_copy(there: Printed, wanted: str) -> bool:
    if isinstance(there, float):
        try:
            return float(wanted) == there
        except ValueError:
            return False
    return packed(there) == packed(wanted) or (there.strip() == "" and wanted.strip() in {"", "–"})


def _is_note(rows: Sequence[tuple[Printed, ...]]) -> bool:
    """Return whether what follows the rows of a list are notes: an empty row, then texts in the first column."""
    return not any(map(_said, rows[0])) and not any(_said(cell) for row in rows for cell in row[1:])


def _said(cell: Printed) -> bool:
    return isinstance(cell, float) or bool(cell.strip())


def _printed(there: Printed) -> str:
    if isinstance(there, float):
        return repr(int(there)) if there.is_integer() else repr(there)
    return _told(there) or "nothing"


def _told(text: str) -> str:
    """Return a text on one line, safe to print, and no longer than a sentence."""
    line = one_line(text)
    return line if len(line) <= _MOST_CHARACTERS else f"{line[: _MOST_CHARACTERS - 1]}…"
