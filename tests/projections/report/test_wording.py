"""How a report fits labels of lines into its sentences: its own in small letters, a city's as the city writes them."""

from __future__ import annotations

from heinola_es.domain.chart import load_chart
from projections.report.language.line_labels import begun, in_sentence


def test_the_labels_of_a_city_keep_their_case() -> None:
    """A label of a chart of ours is fitted into the sentence; one that a city wrote is not."""
    net = load_chart().lines["net"].labels["fi"]
    assert (begun(net), in_sentence(net)) == ("Netto", "netto")
    assert [begun(label) for label in ("ICT", "eMenot", "KVTES-palkat")] == ["ICT", "eMenot", "KVTES-palkat"]
    assert [in_sentence(label) for label in ("ICT", "HUS-maksut", "KVTES-palkat")] == [
        "ICT",
        "HUS-maksut",
        "KVTES-palkat",
    ]
