"""What a report is asked for."""

from __future__ import annotations

from datetime import datetime

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
        published: the revision that was published, 0 for the last; None for the report as it stands.
        language: one of `LANGUAGES`.
        euros: show every amount in euros, also where a column is known in thousands alone.
        forecast_method: what forecasts are computed by, as in `SnapshotQuery`.
    """

    period: Period
    unit: str | None = None
    known_at: datetime | None = None
    published: int | None = None
    language: str = LANGUAGES[0]
    euros: bool = False
    forecast_method: str = ""
