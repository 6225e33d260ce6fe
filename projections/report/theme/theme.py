"""What a city decides about its reports: a colour, a mark, and what counts as worth telling."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from attrs import field, frozen


@frozen(slots=True, kw_only=True)
class Thresholds:
    """What the summary tells of.

    Attributes:
        points: a unit's use of its budget is told where it is further than this from even use, in percentage points.
        euros: and where that is at least this many euros.
        largest: how many of them are told, the largest first.
        project_points: a project is told where its progress is this many percentage points behind the time gone.
    """

    points: Decimal = Decimal(5)
    euros: Decimal = Decimal(10_000)
    largest: int = 5
    project_points: Decimal = Decimal(25)


@frozen(slots=True, kw_only=True)
class Theme:
    """How the reports of a city look, and what they tell.

    Attributes:
        accent: colour of headings and rules on white, `#rrggbb`; dark enough to be read (WCAG 2.1, 4.5:1).
        accent_on_dark: the same on a dark page.
        logo: the city's mark (SVG or PNG) and its media type; or None.
        logo_alternative: what the mark says.
        thresholds: see there.
        columns: sets of columns that it asks for by a name, by that name.
    """

    accent: str = "#1b4f72"
    accent_on_dark: str = "#8ec9ee"
    logo: tuple[bytes, str] | None = None
    logo_alternative: str = ""
    thresholds: Thresholds = Thresholds()
    columns: Mapping[str, tuple[str, ...]] = field(factory=dict)
