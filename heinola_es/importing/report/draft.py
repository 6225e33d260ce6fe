"""The document while it is being read: what is open, what was found so far, and what became of each line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from attrs import define, evolve, field, frozen

from heinola_es.domain.chart import Chart
from heinola_es.errors import BadInput
from heinola_es.importing.report.document import (
    FigureRow,
    Finding,
    Goal,
    Indicator,
    LineUse,
    Narrative,
    Outlook,
    Priority,
    Project,
    ReportDocument,
    ReportUnit,
    UnitKind,
)
from heinola_es.importing.report.frame import Frame
from heinola_es.importing.report.lines import Line, Lines
from heinola_es.importing.report.outline import Outline
from heinola_es.importing.report.passages import Passage
from heinola_es.importing.report.wording import folded, words_of

if TYPE_CHECKING:
    from collections.abc import Iterable

MOST_FINDINGS = 1_000  # the report of a committee gives some dozens
MOST_UNITS = 1_000
_EXCERPT = 60  # characters of a line shown in a message


@frozen(slots=True)
class Placement:
    """A place in the tree that was inferred.

    Attributes:
        line: where.
        unit: code of the unit that was placed.
        parents: codes of the units whose sums must hold for the place to be right.
        message: what was inferred, without a full stop.
    """

    line: int
    unit: str
    parents: tuple[str, ...]
    message: str


@define(slots=True)
class Draft:
    """Collects items and accounts for lines.

    Attributes:
        lines, outline, frame, chart: what is known before reading starts.
        owner: code of the unit whose section is open.
        area: code of the service area (or investment area, or sector) that `owner` stands in.
        named: code of the unit that the last heading of priorities named; statistics after them are its own.
        strategic_goal: the strategic goal that the next table of goals stands under.
        passage: the prose that is open, if any.
        placements: places in the tree that were inferred, to be confirmed by the sums.
        uses: what each line was read as.
        letters: the names of the units, folded for comparing, by their codes.
        words: the words of those names.
        with_figures: codes of the units that have figures.
        counts: how many there are of what is numbered, by what they are and whose.
    """

    lines: Lines
    outline: Outline
    frame: Frame
    chart: Chart
    owner: str = ""
    area: str = ""
    named: str = ""
    strategic_goal: str = ""
    committee: str = ""
    passage: Passage | None = None
    units: dict[str, ReportUnit] = field(factory=dict)
    figures: list[FigureRow] = field(factory=list)
    goals: list[Goal] = field(factory=list)
    priorities: list[Priority] = field(factory=list)
    narratives: list[Narrative] = field(factory=list)
    outlooks: list[Outlook] = field(factory=list)
    indicators: list[Indicator] = field(factory=list)
    projects: list[Project] = field(factory=list)
    placements: list[Placement] = field(factory=list)
    findings: list[Finding] = field(factory=list)
    uses: dict[int, str] = field(factory=dict)
    letters: dict[str, str] = field(factory=dict)
    words: dict[str, list[str]] = field(factory=dict)
    with_figures: set[str] = field(factory=set)
    counts: Counter[tuple[object, ...]] = field(factory=Counter)

    def use(self, lines: Iterable[Line], use: str) -> None:
        """Account for lines: say what they were read as."""
        self.uses.update({line.number: use for line in lines})

    def infer(self, line: int, message: str, unit: str | None = None) -> None:
        """Say what was concluded without being printed; `unit` is the open one unless given."""
        self._find(Finding(kind="inferred", unit=unit or self.owner or None, line=line, message=message))

    def leave_unparsed(self, line: Line, message: str = "") -> None:
        """Say that a line could not be placed."""
        text = " | ".join(line.filled)
        excerpt = text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
        message = message or f"This line fits nothing that a report has here: {excerpt}"
        self._find(Finding(kind="unparsed", unit=self.owner or None, line=line.number, message=message))
        self.uses.pop(line.number, None)

    def _find(self, finding: Finding) -> None:
        if len(self.findings) >= MOST_FINDINGS:
            raise BadInput(
                f"line {finding.line}: more than {MOST_FINDINGS} things up to here are not as a report has them; "
                "extract the report's text again, or check what the file is"
            )
        self.findings.append(finding)

    def open_unit(
        self, line: int, code: str, name: str, kind: UnitKind, parent: str | None, responsible: str = ""
    ) -> None:
        """Add a unit, and let its section begin.

        Raises:
            BadInput: the code stands in the document already, or there are more units than any city has.
        """
        if len(self.units) >= MOST_UNITS:
            raise BadInput(
                f"line {line}: {code} {name} is one more than {MOST_UNITS} units; import the report in parts"
            )
        if code in self.units:
            raise BadInput(
                f"line {line}: the code {code} stands in the document already (line {self.units[code].lines[0]}, "
                f"{self.units[code].name}); correct the code of {name}"
            )
        self.letters[code], self.words[code] = folded(name), words_of(name)
        self.units[code] = ReportUnit(
            code=code, name=name, kind=kind, parent=parent, responsible=responsible, lines=(line,)
        )
        self.owner = code
        self.named = ""
        self.strategic_goal = ""
        if kind in {"sector", "service_area", "investment_programme", "investment_area"}:
            self.area = code

    def extend_unit(self, code: str, lines: Iterable[int], responsible: str = "") -> None:
        """Add lines to what a unit came from, and who answers for it where that is said on them."""
        unit = self.units[code]
        self.units[code] = evolve(
            unit,
            lines=tuple(sorted({*unit.lines, *lines})),
            responsible=responsible or unit.responsible,
        )

    @property
    def sector(self) -> ReportUnit:
        """The unit that the whole report is about; it is opened before anything else is read."""
        return next(iter(self.units.values()))

    @property
    def has_figures(self) -> bool:
        """Whether the open unit's table has been read."""
        return self.owner in self.with_figures

    def add_figures(self, row: FigureRow) -> None:
        """Add a row of figures."""
        self.figures.append(row)
        self.with_figures.add(row.unit)

    def next_number(self, *of: object) -> int:
        """Return the next number, from 1, of what is numbered within a unit."""
        self.counts[of] += 1
        return self.counts[of]

    def document(self) -> ReportDocument:
        """Return what was read, findings in the order of their lines."""
        return ReportDocument(
            sector=self.sector.name,
            committee=self.committee,
            period=self.frame.period,
            fiscal_year=self.frame.fiscal_year,
            units=tuple(self.units.values()),
            figures=tuple(self.figures),
            goals=tuple(self.goals),
            priorities=tuple(self.priorities),
            narratives=tuple(sorted(self.narratives, key=lambda narrative: narrative.lines)),
            outlooks=tuple(self.outlooks),
            indicators=tuple(self.indicators),
            projects=tuple(self.projects),
            findings=tuple(sorted(self.findings, key=lambda finding: finding.line)),
            line_uses=tuple(LineUse(line, use) for line, use in sorted(self.uses.items())),
        )
