"""A report of any shape, read by its profile: what that names is taken, what it does not is told."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from attrs import define, evolve, field

from heinola_es.domain.chart import Chart
from heinola_es.errors import BadInput
from heinola_es.importing.documents.pieces import Piece
from heinola_es.importing.profiled.figures import FigureTable, Header, Stated, figure_table, looks_numeric
from heinola_es.importing.profiled.goals import GoalHeader, GoalTable, goal_table
from heinola_es.importing.profiled.lists import list_table, read_list
from heinola_es.importing.profiled.profile import Profile, TextRule, key_of, responsible_in
from heinola_es.importing.profiled.unit_rows import UnitTable
from heinola_es.importing.report.document import (
    Finding,
    Goal,
    GoalStatus,
    Indicator,
    Narrative,
    Outlook,
    Priority,
    Project,
    ReportDocument,
    ReportUnit,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from heinola_es.importing.documents.pieces import Source
    from heinola_es.importing.report.document import FindingKind

MOST_FINDINGS = 1_000
MOST_UNITS = 1_000
_EXCERPT = 60


@define(slots=True)
class Open:
    """A text whose heading was read, and that goes on.

    Attributes:
        rule: what opened it.
        unit: whose it is.
        title: its heading.
        lines: of the heading and the text.
        paragraphs: of the text.
    """

    rule: TextRule
    unit: str
    title: str
    lines: list[int]
    paragraphs: list[str] = field(factory=list)


@define(slots=True)
class Reading:
    """A report while it is being read by a profile.

    Attributes:
        profile, chart: what is known before.
        figures_only: whether goals and texts are left out.
        units: so far, by code.
        open_units: codes of the units that are open, each with the place of its rule; the last is the innermost.
        text: that is open.
        above: the last paragraph, which may be the title of the table below it.
        last: the table that was read last, with its last row, where nothing stands below it yet.
        depths: of the rules by which units were opened, by their codes.
    """

    profile: Profile
    chart: Chart
    figures_only: bool = False
    units: dict[str, ReportUnit] = field(factory=dict)
    open_units: list[tuple[int, str]] = field(factory=list)
    text: Open | None = None
    stated: Stated = field(factory=Stated)
    goals: list[Goal] = field(factory=list)
    statuses: list[GoalStatus] = field(factory=list)
    priorities: list[Priority] = field(factory=list)
    indicators: list[Indicator] = field(factory=list)
    projects: list[Project] = field(factory=list)
    narratives: list[Narrative] = field(factory=list)
    outlooks: list[Outlook] = field(factory=list)
    findings: list[Finding] = field(factory=list)
    tables: int = 0
    above: str = ""
    last: tuple[FigureTable, Piece] | None = None
    depths: dict[str, int] = field(factory=dict)

    @property
    def owner(self) -> ReportUnit | None:
        """The unit whose part of the report is being read."""
        return self.units[self.open_units[-1][1]] if self.open_units else None

    def find(self, kind: FindingKind, piece: Piece, message: str, *, of_figures: bool = False) -> None:
        """Take note of what was concluded, could not be placed, or contradicts itself.

        Raises:
            BadInput: there is more of that than a report of this profile has.
        """
        if len(self.findings) >= MOST_FINDINGS:
            raise BadInput(
                f"{piece.place}: more than {MOST_FINDINGS} things up to here are not as the profile has them; mend the "
                "profile, or write a new one with --suggest"
            )
        unit = self.owner.code if self.owner else None
        self.findings.append(Finding(kind=kind, unit=unit, line=piece.number, message=message, of_figures=of_figures))

    def leave(self, piece: Piece, why: str, *, of_figures: bool = False) -> None:
        """Say that a piece was left out, and why."""
        self.find("unparsed", piece, f"{why}: {_excerpt(piece)}", of_figures=of_figures)

    def open_unit(self, piece: Piece, text: str, *, in_row: bool = False) -> bool:
        """Open the unit that a heading names; return whether it names one."""
        for depth, rule in enumerate(self.profile.units):
            found = rule.unit_in(text, None if piece.table else piece.style, in_row=in_row)
            if found is None:
                continue
            while self.open_units and self.open_units[-1][0] >= depth:
                self.open_units.pop()
            parent = self.open_units[-1][1] if self.open_units else None
            code, name = found
            known = self.units.get(code)
            if known is not None and (known.parent, known.name) != (parent, name):
                raise BadInput(
                    f"{piece.place}: {code} {name} stands before as {known.name}, under {known.parent or 'nothing'}; "
                    "correct its code, or the profile"
                )
            if len(self.units) >= MOST_UNITS:
                raise BadInput(f"{piece.place}: {code} is one more than {MOST_UNITS} units; mend the profile")
            if known is None:
                self.units[code] = ReportUnit(
                    code=code, name=name, kind=rule.kind, parent=parent, lines=(piece.number,)
                )
            self.open_units.append((depth, code))
            self.depths[code] = depth
            return True
        return False

    def open_row_unit(self, piece: Piece, text: str) -> bool:
        """Open the unit that a row of a table names, one that is known by its code and name or either; else a new one.

        A name that several units have names none.
        """
        key = key_of(text)
        named = [unit for unit in self.units.values() if key in {key_of(unit.code + unit.name), key_of(unit.code)}]
        named = named or [unit for unit in self.units.values() if key == key_of(unit.name)]
        if len(named) > 1:
            return False
        if not named:
            return self.open_unit(piece, text)
        path: list[tuple[int, str]] = []
        above: ReportUnit | None = named[0]
        while above is not None:
            path.insert(0, (self.depths.get(above.code, -1), above.code))
            above = self.units.get(above.parent or "")
        self.open_units[:] = path
        return True

    def name_responsible(self, piece: Piece, text: str) -> bool:
        """Take in who answers for the unit that is open, from the line below its heading; return whether it is one."""
        owner, person = self.owner, responsible_in(text)
        if owner is None or person is None or owner.responsible or self.text is not None:
            return False
        self.units[owner.code] = evolve(owner, responsible=person, lines=(*owner.lines, piece.number))
        return True


def read_profiled(source: Source, profile: Profile, chart: Chart, *, figures_only: bool = False) -> ReportDocument:
    """Return what a report says, by its profile.

    Args:
        source: the document.
        profile: how it is built.
        chart: the lines that its tables have.
        figures_only: leave out all but units and figures.

    Raises:
        BadInput: no table of it is one of figures, two of its figures contradict each other, or more of it than can be
            told is not as the profile has it.
    """
    reading = Reading(profile, chart, figures_only=figures_only)
    if profile.unit is not None:
        code, name, kind = profile.unit
        reading.units[code] = ReportUnit(code=code, name=name, kind=kind, parent=None)
        reading.open_units.append((-1, code))
    for number, group in groupby(source.pieces, lambda piece: piece.table or -piece.number):
        pieces = list(group)
        if number > 0:
            _read_table(reading, pieces)
        else:
            _read_paragraph(reading, pieces[0])
    _close_text(reading)
    if not reading.tables:
        raise BadInput(nothing_found(source, profile))
    return _document(reading)


def nothing_found(source: Source, profile: Profile | None = None) -> str:
    """Return what was looked for where a document has no table of figures, and the ways on."""
    looked = "the columns TP, TOT, TA, TOT and TOT % of the built-in profile"
    if profile is not None:
        looked = (
            ", ".join(repr(rule.header) for rule in profile.columns.values())
            or "columns, of which the profile has none"
        )
    return (
        f"{source.name} has no table of figures that is known: looked for a header with {looked}; write a profile of "
        f"the document with `heinola import report {source.name} --suggest`, or take its figures from a workbook or "
        "CSV with `heinola import figures`"
    )


def _read_table(reading: Reading, rows: list[Piece]) -> None:
    titled, title = _titled(reading, rows), rows[0].filled[0] if len(rows[0].filled) == 1 else ""
    rows = titled
    goes_on, reading.last = _going_on(reading, rows), None
    if (header := figure_table(reading.profile, rows)) is not None:
        reading.tables += 1
        table = _figures_under(reading, header, title)
        table.read(rows)
        reading.last = table, rows[-1]
    elif goes_on is not None:
        reading.find("inferred", rows[0], "This table goes on from the page before, under its header", of_figures=True)
        goes_on.go_on(rows)
        reading.last = goes_on, rows[-1]
    elif (goals := goal_table(reading.profile, rows)) is not None and not _is_rather_a_list(reading, goals, rows):
        _close_text(reading)
        if not reading.figures_only:
            GoalTable(reading, goals).read(rows)
    elif (listed := list_table(reading.profile, rows)) is not None:
        _close_text(reading)
        if not reading.figures_only:
            read_list(reading, listed, rows)
    elif not reading.figures_only or _has_numbers(rows):
        for row in rows:
            reading.leave(row, "This row is of a table that the profile does not know", of_figures=_has_numbers([row]))


def _is_rather_a_list(reading: Reading, goals: GoalHeader, rows: list[Piece]) -> bool:
    """Return whether more columns of a table are those of projects, priorities or statistics than those of goals."""
    listed = list_table(reading.profile, rows)
    return listed is not None and len(listed.columns) > len(goals.columns)


def _figures_under(reading: Reading, header: Header, title: str) -> FigureTable:
    """Return the table that a header begins: with a unit in each row, where the profile says so, or with a line."""
    above = [key_of(text) for text in (title, header.corner, reading.above) if text]
    lines = [line for heading, line in reading.profile.unit_tables if any(key.startswith(heading) for key in above)]
    if lines or any(rule.line for rule in header.columns.values()):
        return UnitTable(reading, header, lines[0] if lines else "")
    return FigureTable(reading, header)


def _going_on(reading: Reading, rows: list[Piece]) -> FigureTable | None:
    """Return the table that goes on in rows at the top of the next page: its columns stand in the same places."""
    if reading.last is None or not rows[0].columns or not _has_numbers(rows):
        return None
    table, last = reading.last
    (page, columns), (before, above) = ((row.page, row.columns) for row in (rows[0], last))
    if page != before + 1 or len(columns) != len(above):
        return None
    same = all(left < right_ and left_ < right for (left, right), (left_, right_) in zip(columns, above, strict=True))
    return table if same else None


def _titled(reading: Reading, rows: list[Piece]) -> list[Piece]:
    """Let the unit that the first row of a table names, merged over it, be opened; return the other rows."""
    first = rows[0]
    if len(first.filled) == 1 and len(rows) > 1 and reading.open_unit(first, first.filled[0]):
        _close_text(reading)
        return rows[1:]
    return rows


def _has_numbers(rows: Sequence[Piece]) -> bool:
    return any(looks_numeric(cell) for row in rows for cell in row.filled[1:])


def _read_paragraph(reading: Reading, piece: Piece) -> None:
    text = piece.filled[0] if piece.filled else ""
    reading.above, reading.last = text, None
    if reading.open_unit(piece, text):
        _close_text(reading)
        return
    if reading.name_responsible(piece, text):
        return
    rule = _text_rule(reading.profile, piece, text)
    if rule is not None:
        _close_text(reading)
        owner = reading.owner
        if owner is None and rule.what != "skip":
            reading.leave(piece, "No unit is open, so this text is nobody's")
        reading.text = Open(rule, owner.code if owner else "", text.rstrip(": "), [piece.number])
    elif piece.heading:
        _close_text(reading)
        if not reading.figures_only:
            reading.leave(piece, "The profile does not know this heading")
    elif reading.text is not None:
        reading.text.paragraphs.append(text)
        reading.text.lines.append(piece.number)
    elif not reading.figures_only:
        reading.leave(piece, "This stands under no heading that the profile knows")


def _text_rule(profile: Profile, piece: Piece, text: str) -> TextRule | None:
    key = key_of(text)
    for rule in profile.texts:
        if rule.style and rule.style != piece.style:
            continue
        if not rule.heading or key == rule.heading or (piece.heading and key.startswith(rule.heading)):
            return rule
    return None


def _close_text(reading: Reading) -> None:
    text, reading.text = reading.text, None
    if text is None or text.rule.what == "skip" or not text.unit or not text.paragraphs or reading.figures_only:
        return
    said, lines = "\n\n".join(text.paragraphs), tuple(text.lines)
    period = reading.profile.period
    if text.rule.what == "outlook":
        reading.outlooks.append(Outlook(unit=text.unit, text=said, period=period, lines=lines))
        return
    part = 1 + sum((told.unit, told.section) == (text.unit, text.title) for told in reading.narratives)
    reading.narratives.append(
        Narrative(
            unit=text.unit,
            section=text.title,
            programme=None,
            part=part,
            period=period,
            kind="other",
            text=said,
            lines=lines,
        )
    )


def _document(reading: Reading) -> ReportDocument:
    stated = reading.stated
    top = next(iter(reading.units.values()))
    return ReportDocument(
        sector=top.name,
        committee="",
        period=reading.profile.period,
        fiscal_year=reading.profile.period.year,
        units=tuple(reading.units.values()),
        figures=(),
        goals=tuple(reading.goals),
        priorities=tuple(reading.priorities),
        narratives=tuple(reading.narratives),
        outlooks=tuple(reading.outlooks),
        indicators=tuple(reading.indicators),
        projects=tuple(reading.projects),
        findings=tuple(_in_order(reading.findings)),
        line_uses=(),
        stated=tuple(stated.figures),
        forecasts=tuple(stated.forecasts),
        statuses=tuple(reading.statuses),
    )


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as they are told: those of figures first, each in the order of the document."""
    return sorted(findings, key=lambda finding: (not finding.of_figures, finding.line))


def _excerpt(piece: Piece) -> str:
    text = " | ".join(piece.filled)
    return text if len(text) <= _EXCERPT else f"{text[:_EXCERPT]}…"
