"""Labels of lines inside texts: those of the charts that come with the program are ours to fit in, a city's are not."""

from __future__ import annotations

from functools import cache

from heinola_es.domain.chart import CHARTS, load_chart


def begun(label: str) -> str:
    """Return a label as it begins a line of a table: ours in capitals begin with one, `Menot`; a city's `ICT` stays."""
    return label.capitalize() if label.isupper() and label in _ours() else label


def in_sentence(label: str) -> str:
    """Return a label as it stands inside a sentence: ours in small letters, a city's as the city writes it."""
    return label.lower() if label in _ours() else label


@cache
def _ours() -> frozenset[str]:
    """Return every label that a chart of ours has, in any language, in capitals and as `begun` returns it."""
    charts = [load_chart(file.stem) for file in sorted(CHARTS.glob("*.json"))]
    labels = {label for chart in charts for line in chart.lines.values() for label in line.labels.values()}
    return frozenset(labels | {label.capitalize() for label in labels if label.isupper()})
