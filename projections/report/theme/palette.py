"""The colours of the report's pictures: for paper, for a dark page, and as custom properties that a page decides."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from attrs import evolve, fields, frozen

if TYPE_CHECKING:
    from projections.report.language.statuses import GoalStatus
    from projections.report.theme.theme import Theme


@frozen(slots=True, kw_only=True)
class Filling:
    """What an area is filled with, and what is written on it (and drawn around it, where it has an edge)."""

    fill: str
    text: str


@frozen(slots=True, kw_only=True)
class Palette:
    """The colours of a picture. Nothing is told by hue alone: what must be told apart differs in lightness and in form.

    Attributes:
        ink: text.
        muted: small print and axes.
        grid: lines behind the figures.
        paper: what the picture stands on; it paints no background, only what is cut out of a mark.
        series_1: what the picture is about.
        series_2: what that is compared with, as lines and edges.
        series_3: the same as areas, pale enough to be written on.
        reference: the line of even use.
        achieved, in_progress, not_started, delayed, not_achieved, suspended, unknown: statuses of goals.
    """

    ink: str
    muted: str
    grid: str
    paper: str
    series_1: str
    series_2: str
    series_3: str
    reference: str
    achieved: Filling
    in_progress: Filling
    not_started: Filling
    delayed: Filling
    not_achieved: Filling
    suspended: Filling
    unknown: Filling

    def of_status(self, status: GoalStatus) -> Filling:
        """Return the colours of a status."""
        filling: Filling = getattr(self, status)
        return filling


PRINT = Palette(
    ink="#1c2430",
    muted="#56616e",
    grid="#dfe4e9",
    paper="#ffffff",
    series_1="#1b4f72",
    series_2="#6f95b3",
    series_3="#d3e0ea",
    reference="#a8480f",
    achieved=Filling(fill="#1b4f72", text="#ffffff"),
    in_progress=Filling(fill="#6fa3c9", text="#1c2430"),
    not_started=Filling(fill="#f0f3f6", text="#1c2430"),
    delayed=Filling(fill="#f4c97f", text="#1c2430"),
    not_achieved=Filling(fill="#ffffff", text="#9c2f18"),
    suspended=Filling(fill="#6b7580", text="#ffffff"),
    unknown=Filling(fill="#ffffff", text="#1c2430"),
)
"""For white paper."""

DARK = Palette(
    ink="#e8edf2",
    muted="#aab5c0",
    grid="#35404b",
    paper="#14191f",
    series_1="#8ec9ee",
    series_2="#6b8fab",
    series_3="#2c4356",
    reference="#f0a05a",
    achieved=Filling(fill="#b8dcf4", text="#10161c"),
    in_progress=Filling(fill="#336588", text="#ffffff"),
    not_started=Filling(fill="#262f38", text="#e8edf2"),
    delayed=Filling(fill="#d09439", text="#10161c"),
    not_achieved=Filling(fill="#14191f", text="#ff9d8a"),
    suspended=Filling(fill="#7b8792", text="#10161c"),
    unknown=Filling(fill="#14191f", text="#e8edf2"),
)
"""For a dark page."""

_NAMES = {"series_1": "1", "series_2": "2", "series_3": "3"}


def properties(palette: Palette) -> dict[str, str]:
    """Return the colours by the custom properties of CSS that stand for them in `SCREEN`: `--chart-1` and so on."""
    named: dict[str, str] = {}
    for field in fields(Palette):
        name, colour = _property(field.name), getattr(palette, field.name)
        if isinstance(colour, Filling):
            named |= {name: colour.fill, f"{name}-text": colour.text}
        else:
            named[name] = colour
    return named


def _property(field: str) -> str:
    return f"--chart-{_NAMES.get(field, field.replace('_', '-'))}"


def _on_screen(field: str) -> Any:  # noqa: ANN401 - what the field of a palette is: a colour, or two
    """Return a colour as the custom property that decides it, with that of paper where the page says nothing."""
    name, colour = _property(field), getattr(PRINT, field)
    if isinstance(colour, Filling):
        return Filling(fill=f"var({name}, {colour.fill})", text=f"var({name}-text, {colour.text})")
    return f"var({name}, {colour})"


SCREEN = evolve(PRINT, **{field.name: _on_screen(field.name) for field in fields(Palette)})
"""For a page that has a light and a dark look: one drawing serves both."""


def palette_for(theme: Theme) -> Palette:
    """Return the colours for paper, with what a picture is about in the city's own."""
    return evolve(PRINT, series_1=theme.accent)
