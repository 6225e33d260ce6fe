"""The shipped charts: consistent in themselves, and found by any of their names."""

from __future__ import annotations

import json
from collections import Counter
from importlib import resources
from itertools import pairwise

import pytest

from events.organisation import CITY, UNIT_KINDS
from heinola_es.domain.chart import Chart, LineNotPostable, UnknownLine, load_chart
from heinola_es.errors import BadInput

SHIPPED = sorted(
    entry.name.removesuffix(".json")
    for entry in (resources.files("heinola_es.domain") / "charts").iterdir()
    if entry.name.endswith(".json")
)
CHART, OF_2020 = load_chart(), load_chart("jhs192-2020")
LANGUAGES = {"fi", "sv", "en"}


@pytest.fixture(params=SHIPPED)
def chart(request: pytest.FixtureRequest) -> Chart:
    """Give each of the shipped charts."""
    return load_chart(request.param)


def depth(chart: Chart, code: str, under: tuple[str, ...] = ()) -> int:
    """Return how many levels a line is the sum of; a circle fails."""
    assert code not in under, f"{code} is part of itself"
    below = [depth(chart, component, (*under, code)) for component in chart.lines[code].components]
    return 1 + max(below, default=0)


class TestShippedData:
    """What no chart may get wrong."""

    def test_a_chart_is_shipped_under_its_id(self, chart: Chart) -> None:
        """The file's name is the id inside; the default is one of them."""
        assert SHIPPED == ["jhs192-2020", "jhs192-2026"]
        assert chart.id in SHIPPED

    def test_components_exist_and_form_no_circle(self, chart: Chart) -> None:
        """Every line is the sum of lines that there are, and never of itself."""
        for code in chart.lines:
            assert set(chart.lines[code].components) <= chart.lines.keys()
            assert depth(chart, code) <= 10

    def test_no_line_is_in_a_sum_twice(self, chart: Chart) -> None:
        """Whatever a line is the sum of, it reaches each part by one way: nothing is counted twice."""

        def reached(code: str) -> list[str]:
            return [code, *(part for component in chart.lines[code].components for part in reached(component))]

        for code in chart.lines:
            assert max(Counter(reached(code)).values()) == 1, code

    def test_components_have_the_sign_of_their_sum(self, chart: Chart) -> None:
        """A sum with a sign has no part of the other; financial items, which have none, may be in expenses."""
        for line in chart.lines.values():
            signs = {chart.lines[component].sign for component in line.components}
            assert signs <= ({1, 0, -1} if line.sign == 0 else {line.sign, 0}), line.code

    def test_account_ranges_do_not_overlap(self, chart: Chart) -> None:
        """An account feeds one line; ranges run forwards and feed no sums, though details may break a line down."""
        ranges = sorted((*limits, line.code) for line in chart.lines.values() for limits in line.accounts)
        assert all(first <= last for first, last, _code in ranges)
        assert all(one[1] < other[0] for one, other in pairwise(ranges))
        assert all(not chart.lines[code].summed for _first, _last, code in ranges)

    def test_every_line_is_labelled_in_three_languages(self, chart: Chart) -> None:
        """Finnish, Swedish and English; and within a layout no label means two lines."""
        assert all(line.labels.keys() == LANGUAGES and all(line.labels.values()) for line in chart.lines.values())
        for layout in chart.layouts.values():
            for language in LANGUAGES:
                labels = [chart.lines[code].labels[language] for code in layout.rows]
                assert len(set(labels)) == len(labels)

    def test_layouts_print_lines_that_there_are(self, chart: Chart) -> None:
        """Each once; what shows only when known is one of its rows."""
        for layout in chart.layouts.values():
            assert set(layout.rows) <= chart.lines.keys()
            assert len(set(layout.rows)) == len(layout.rows)
            assert layout.only_when_known <= set(layout.rows)

    def test_every_kind_of_unit_has_a_layout(self, chart: Chart) -> None:
        """Whatever can be established can be printed."""
        assert set(UNIT_KINDS) - set(chart.kinds) <= {"city"}
        assert {name for names in chart.kinds.values() for name in names} <= set(chart.layouts)
        assert all(chart.layout_of(kind).rows for kind in UNIT_KINDS)

    def test_a_posting_is_recorded_on_an_additive_part(self, chart: Chart) -> None:
        """Where postings go to another line, that is an additive component of the same sign, which stays put."""
        for line in chart.lines.values():
            if line.posts_to:
                target = chart.lines[line.posts_to]
                assert target.code in line.components
                assert target.additive
                assert target.sign == line.sign
                assert target.posts_to is None

    def test_names_are_not_ambiguous(self, chart: Chart) -> None:
        """A line called by its code or any label is that line, but where a code reads like another's label."""
        for line in chart.lines.values():
            for name in (line.code, *line.labels.values()):
                assert chart.line(name) is line, name
                assert chart.line(name.upper()) is line, name

    def test_a_computed_line_takes_no_postings_and_every_other_does(self, chart: Chart) -> None:
        """Lines without a posting of their own are the sums of lines of both signs."""
        computed = {line.code for line in chart.lines.values() if not line.additive}
        of_city = {"surplus", "operations_cash", "investing_cash", "financing_cash", "cash_change", "cash_end"}
        with_rents = {"all_other_income", "all_other_expenses"}
        further = of_city | with_rents if chart.id == "jhs192-2026" else set()
        assert computed == {"operating_margin", "annual_margin", "result", "net"} | further
        for code in computed:
            with pytest.raises(LineNotPostable, match=f"{code} is computed from"):
                chart.postable(code, "unit")


class TestTheChartOfTheDesign:
    """The municipal chart, as the reports of 2020 have it."""

    ACCOUNTS = {  # noqa: RUF012 - read, never written
        **dict.fromkeys((30, 31), "sales"),
        32: "fees",
        33: "grants_received",
        34: "rents_received",
        35: "other_income",
        36: "own_production",
        **dict.fromkeys((40, 41, 42), "personnel"),
        **dict.fromkeys((43, 44), "services"),
        **dict.fromkeys((45, 46), "materials"),
        47: "grants_given",
        48: "rents_paid",
        49: "other_expenses",
        **dict.fromkeys((60, 61, 62, 63), "financial_items"),
        **dict.fromkeys((70, 71, 72), "depreciation"),
    }
    OF_A_CITY = {  # noqa: RUF012 - read, never written
        **dict.fromkeys(range(50, 55), "tax_revenue"),
        **dict.fromkeys(range(55, 60), "state_grants"),
        **dict.fromkeys((80, 81), "extraordinary_items"),
        82: "depreciation_difference",
        83: "reserves",
        84: "funds",
    }

    @pytest.mark.parametrize("group", range(30, 90))
    def test_account_groups_feed_their_lines(self, chart: Chart, group: int) -> None:
        """Each group of accounts feeds the line that JHS 192 gives it, or a detail of it, from first to last."""
        wanted = self.ACCOUNTS | (self.OF_A_CITY if chart.kinds_with_own_lines else {})
        for account in (group * 100, group * 100 + 49, group * 100 + 50, group * 100 + 99):
            fed = [
                line.code for line in chart.lines.values() for first, last in line.accounts if first <= account <= last
            ]
            with_details = {line: {line, *chart.lines[line].details} for line in wanted.values()}
            assert len(fed) == (group in wanted)
            assert set(fed) <= (with_details[wanted[group]] if group in wanted else set())

    @pytest.mark.parametrize(
        ("label", "layout", "code"),
        [
            ("Aineet,tarvikkeet ja tavarat", "income_statement", "materials"),
            ("Vuokratulut", "income_statement", "rents_paid"),
            ("Vuokratuotot", "income_statement", "rents_received"),
            ("TOIMINTAKATE", "income_statement", "operating_margin"),
            ("TILIKAUDEN TULOS", "income_statement", "result"),
            ("TULOT", "summary", "income"),
            ("Menot", "summary", "expenses"),
            ("NETTO", "investment", "net"),
            ("TULOT", "income_statement", None),
            ("TOIMINTATULOT", "summary", None),
        ],
    )
    def test_a_printed_label_is_found_in_its_layout(self, label: str, layout: str, code: str | None) -> None:
        """As reports print it, in any case, and only among the rows of that table."""
        assert CHART.line_by_label(label, layout) == code

    def test_sums_are_those_of_the_report(self) -> None:
        """Margins and totals have the parts that the report adds up, depreciation only in the result."""
        assert OF_2020.at_or_below("net") == {
            *("net", "income", "expenses", "operating_income", "operating_expenses", "own_production"),
            *("financial_items", "sales", "fees", "grants_received", "rents_received", "other_income"),
            *("personnel", "services", "materials", "grants_given", "rents_paid", "other_expenses"),
        }
        assert OF_2020.at_or_above("depreciation") == {"depreciation", "result"}
        assert OF_2020.at_or_above("personnel") == {
            *("personnel", "operating_expenses", "operating_margin", "annual_margin", "result", "expenses", "net"),
        }

    @pytest.mark.parametrize(
        ("name", "kind", "code"),
        [
            ("TULOT", "unit", "operating_income"),
            ("MENOT", "service_area", "operating_expenses"),
            ("MENOT", "investment_item", "expenses"),
            ("TULOT", "investment_programme", "income"),
            ("Henkilöstökulut", "unit", "personnel"),
        ],
    )
    def test_where_a_posting_is_recorded(self, name: str, kind: str, code: str) -> None:
        """On the line itself, but for the two summary lines of operations."""
        assert CHART.postable(name, kind).code == code


class TestTheCity:
    """What the chart of 2026 has beside that of 2020: the statements of a city, by appendices 1 and 2 of JHS 192."""

    def test_the_statement_has_the_order_of_appendix_1(self) -> None:
        """Its sums and results, from operating income to the surplus."""
        sums = [row for row in CHART.layouts["city"].rows if row in ORDER]
        assert sums == ORDER

    def test_the_annual_margin_has_taxes_and_grants(self) -> None:
        """And the surplus everything that stands above it in the statement; nothing that the cash flow adds."""
        margin = {"operating_margin", "tax_revenue", "state_grants", "financial_items"}
        assert set(CHART.lines["annual_margin"].components) == margin
        statement = {*CHART.layouts["city"].rows}
        assert CHART.at_or_below("surplus") == statement

    def test_the_official_form_folds_rents(self) -> None:
        """Into other income and other expenses; the rest stands as in the other form."""
        city, official = CHART.layouts["city"].rows, CHART.layouts["official"].rows
        folded = {"other_income": "all_other_income", "other_expenses": "all_other_expenses"}
        assert list(official) == [folded.get(row, row) for row in city if row not in {"rents_received", "rents_paid"}]
        assert CHART.at_or_below("all_other_income") == {"all_other_income", "rents_received", "other_income"}

    def test_the_cash_flow_adds_up_to_the_cash_at_the_end(self) -> None:
        """Operations, investments, financing; the annual margin and extraordinary items are those of the statement."""
        rows = set(CHART.layouts["cash_flow"].rows)
        assert rows < CHART.at_or_below("cash_end")
        assert rows & set(CHART.layouts["city"].rows) == {"annual_margin", "extraordinary_items"}

    def test_a_sector_is_laid_out_as_before(self) -> None:
        """Every other kind of unit has the rows that it had in the chart of 2020, in every table."""
        for kind in OF_2020.kinds:
            assert CHART.layout_of(kind) == OF_2020.layout_of(kind)
        assert {line.code: line.labels for line in OF_2020.lines.values()}.items() <= {
            line.code: line.labels for line in CHART.lines.values()
        }.items()

    def test_only_a_city_has_taxes(self) -> None:
        """And what else appendix 1 adds to a sector's statement, and the lines of the cash flow."""
        own = CHART.lines_of(CITY)
        assert {"tax_revenue", "property_tax", "state_grants", "extraordinary_items", "funds", "loans_long"} <= own
        assert own.isdisjoint(row for kind in OF_2020.kinds for row in OF_2020.layout_of(kind).rows)


ORDER = [
    *("operating_income", "own_production", "operating_expenses", "operating_margin", "tax_revenue", "state_grants"),
    *("financial_items", "annual_margin", "depreciation", "extraordinary_items", "result"),
    *("depreciation_difference", "reserves", "funds", "surplus"),
]


def test_an_unknown_line_lists_those_there_are() -> None:
    """The nearest is suggested, by code or by label, and all codes are listed, each with its Finnish label."""
    known = [f"{line.code} ({line.labels['fi']})" for line in CHART.lines.values()]
    with pytest.raises(UnknownLine) as refusal:
        CHART.line("Henkilökulut")
    assert str(refusal.value) == (
        f"unknown line 'Henkilökulut'; did you mean Henkilöstökulut?; the lines are {', '.join(known)}"
    )
    with pytest.raises(UnknownLine, match=r"unknown line '4010'; the lines are sales \(Myyntituotot\), "):
        CHART.line("4010")


def test_an_unknown_chart_lists_those_shipped() -> None:
    """A chart is chosen by its id."""
    with pytest.raises(BadInput) as refusal:
        load_chart("jhs192-2019")
    said = "unknown chart 'jhs192-2019'; did you mean jhs192-2026?; shipped charts: jhs192-2020, jhs192-2026"
    assert str(refusal.value) == said


def test_the_shipped_file_says_where_it_is_from() -> None:
    """Data without a source is hearsay."""
    file = resources.files("heinola_es.domain") / "charts" / "jhs192-2020.json"
    data = json.loads(file.read_text(encoding="utf-8"))
    assert (data["id"], data["source"]) == ("jhs192-2020", "JHS 192 Kuntien ja kuntayhtymien tililuettelo")
