"""What a whole report is made of: a snapshot, and the log, the question and the theme behind it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from attrs import frozen

from projections.report.content.monthly import Monthly
from projections.report.content.origin import Origin
from projections.report.content.prose import plain
from projections.report.content.query import ReportQuery
from projections.report.content.snapshot_material import SnapshotMaterial
from projections.report.theme.theme import Theme
from projections.snapshot.taking import View

if TYPE_CHECKING:
    from heinola_es.domain.chart import Line
    from projections.report.language.words import Words
    from projections.snapshot.model import Snapshot


@frozen(slots=False, eq=False, repr=False, kw_only=True)
class Material(SnapshotMaterial):
    """What the parts of a report are made of, beside its snapshot.

    Attributes:
        query, theme: as asked for.
        view: the read models that the snapshot was taken of.
        origin: what it rests on.
    """

    query: ReportQuery
    theme: Theme
    view: View
    origin: Origin

    @classmethod
    def of(
        cls, query: ReportQuery, theme: Theme, view: View, snapshot: Snapshot, origin: Origin, words: Words
    ) -> Material:
        """Return what the report is made of that a query asks for."""
        return cls(
            snapshot=snapshot,
            words=words,
            chart=view.chart,
            chosen=query.columns,
            in_euros=query.euros,
            query=query,
            theme=theme,
            view=view,
            origin=origin,
        )

    @cached_property
    def monthly(self) -> Monthly:
        """The cumulative figures by month."""
        return Monthly.of(self.view, self.query.period)

    def called(self, code: str) -> str:
        """Return what the unit of a code is called; one that has no part of the report by its name all the same."""
        unit = None if code in self.units else self.view.organisation.units.get(code)
        return super().called(code) if unit is None else f"{plain(code)} {plain(unit.name)}"

    def _known_line(self, line: str) -> Line | None:
        known, charts = super()._known_line(line), self.view.figures.charts
        if known is None and charts is not None:  # of an earlier year's chart
            return charts.joined.lines.get(line)
        return known
