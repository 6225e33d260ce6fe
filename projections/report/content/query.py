"""What a report is asked for."""

from __future__ import annotations

from datetime import date, datetime

from attrs import frozen

from events.period import Period
from projections.report.language.languages import LANGUAGES


@frozen(slots=True, kw_only=True)
class ReportQuery:
    """What a report is asked for.

    Attributes:
        period: inside one fiscal year; figures are cumulative from 1 January to its end.
        unit: only this unit and what stands under it, or None for the whole city.
        known_at: only what was recorded up to this instant, or None for everything.
        structure: the organisation as of this day, or None for the period's end.
        comparable: earlier years without what left the city before the report's year.
        published: the revision that was published, 0 for the last; None for the report as it stands.
        language: one of `LANGUAGES`.
        columns: the names of the columns of figures, in their order; none for those of every report.
        years: how many prior years the figures are shown beside.
        euros: show every amount in euros, also where a column is known in thousands alone.
        layout: of the chart, that the city's own statement is in; None for the one that the chart says.
        forecast_method: what forecasts are computed by, as in `SnapshotQuery`.
        seal: the text of the publication's seal, which the report carries along; or empty.
    """

    period: Period
    unit: str | None = None
    known_at: datetime | None = None
    structure: date | None = None
    comparable: bool = False
    published: int | None = None
    language: str = LANGUAGES[0]
    columns: tuple[str, ...] = ()
    years: int = 1
    euros: bool = False
    layout: str | None = None
    forecast_method: str = ""
    seal: str = ""
