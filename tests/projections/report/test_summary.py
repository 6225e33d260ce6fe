"""The summary says what the figures say: every claim is worked out here again, from the snapshot alone."""

from __future__ import annotations

import re
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from events.period import Period
from heinola_es.domain.periods import parse_period
from heinola_es.handlers.figures import adopt_budget, post_actual
from heinola_es.handlers.goals import set_goal, update_goal_status
from heinola_es.handlers.organisation import establish_unit
from heinola_es.handlers.projects import end_project, launch_project, report_progress
from heinola_es.store.log import EventLog
from projections.report.content.document import Bullets, Paragraph
from projections.report.language.languages import LANGUAGES
from projections.report.theme.theme import Theme, Thresholds
from tests.city import FOUNDED, MADE
from tests.projections.asking import complete, record, row_of, snapshot_of
from tests.projections.report.built import below_label, report_of, sentences, texts_in

if TYPE_CHECKING:
    from pathlib import Path

    from projections.report.content.document import Document
    from tests.projections.conftest import ImportedReport

QUARTER = parse_period("2020Q2")
LABELS = {
    "expenses": ("Menot verrattuna tasaiseen käyttöön", "Expenses compared with even use"),
    "income": ("Tulot verrattuna tasaiseen kertymään", "Income compared with even accumulation"),
}
SENTENCE = re.compile(
    r"(?P<unit>\S+) .+: (?:used|received) (?P<percent>[\d.]+)% \(even (?P<even>[\d.]+)%\), "
    r"(?P<points>[\d.]+) percentage points (?P<way>over|under), €(?P<euros>[\d,]+)\."
)
ALL = Thresholds(points=Decimal(0), euros=Decimal(0), largest=1000)


def summary_of(store: EventLog | Path | str, language: str = "en", **asked: Any) -> list[str]:  # noqa: ANN401
    """Return the texts of the summary, with ordinary spaces."""
    return [sentences(text) for text in texts_in(report_of(store, language=language, **asked).summary)]


def told(document: Document, line: str) -> list[dict[str, str]]:
    """Return what the summary tells of units beside even use of their budget, in English, in its order."""
    items = [
        sentences(text)
        for block in between(document, LABELS[line][1])
        if isinstance(block, Bullets)
        for text in texts_in([block])
    ]
    found = [SENTENCE.fullmatch(item) for item in items]
    assert all(found), items
    return [match.groupdict() for match in found if match]


def between(document: Document, label: str) -> list[Any]:
    """Return the blocks of the summary between a label and the next one."""
    blocks = list(document.summary)
    labels = [n for n, b in enumerate(blocks) if isinstance(b, Paragraph) and b.style == "label"]
    begun = next(n for n in labels if texts_in([blocks[n]]) == [label])
    return blocks[begun + 1 : next((n for n in labels if n > begun), len(blocks))]


def rounded(value: Fraction, places: str) -> Decimal:
    """Return a number rounded half up."""
    return (Decimal(value.numerator) / Decimal(value.denominator)).quantize(Decimal(places), ROUND_HALF_UP)


def beyond(snapshot: dict[str, Any], line: str, share: Fraction) -> dict[str, tuple[Decimal, Fraction, Fraction]]:
    """Return, for each unit without units below, per cent used, points and euros over even use; known ones alone."""
    parents = {unit["parent"] for unit in snapshot["units"]}
    found = {}
    for unit in snapshot["units"]:
        if unit["code"] in parents or unit["kind"].startswith("investment"):
            continue
        row = row_of(snapshot, unit["code"], line)
        if row["budget"] is None or row["actual"] is None or not row["budget"]["cents"]:
            continue
        budget, actual = row["budget"]["cents"], row["actual"]["cents"]
        percent = rounded(Fraction(actual * 100, budget), "0.01")
        over = (actual - budget * share) / 100 * (1 if budget > 0 else -1)
        found[unit["code"]] = (percent, Fraction(percent) - Fraction(rounded(share * 100, "0.01")), over)
    return found


# ---------------------------------------------------------------- money


@pytest.mark.parametrize("line", ["expenses", "income"])
@pytest.mark.parametrize(
    "limits",
    [Thresholds(), Thresholds(points=Decimal(2), euros=Decimal(100), largest=20), ALL],
    ids=["usual", "low", "none"],
)
def test_units_far_from_even_use_are_told(report_2020: ImportedReport, line: str, limits: Thresholds) -> None:
    """Those beyond both thresholds are told, no other, the largest in euros first, each with its own figures."""
    document = report_of(report_2020.path, language="en", theme=Theme(thresholds=limits))
    expected = {
        code: figures
        for code, figures in beyond(snapshot_of(report_2020.path, "2020Q2"), line, Fraction(1, 2)).items()
        if abs(figures[1]) > limits.points and abs(rounded(figures[2], "0.01")) >= limits.euros
    }
    largest = sorted(expected, key=lambda code: -abs(rounded(expected[code][2], "0.01")))[: limits.largest]
    assert [found["unit"] for found in told(document, line)] == largest
    for found in told(document, line):
        percent, _points, euros = expected[found["unit"]]
        assert Decimal(found["percent"]) == percent.quantize(Decimal("0.1"), ROUND_HALF_UP)
        assert Decimal(found["even"]) == 50
        assert Decimal(found["points"]) == abs(Decimal(found["percent"]) - 50), "what a reader works out"
        assert found["way"] == ("over" if euros > 0 else "under")
        assert Decimal(found["euros"].replace(",", "")) == abs(rounded(euros, "1"))


def test_more_than_the_theme_wants_are_counted(sample: ImportedReport) -> None:
    """Units beyond the thresholds that are not told one by one are counted."""
    few = Theme(thresholds=Thresholds(points=Decimal(0), euros=Decimal(0), largest=2))
    document = report_of(sample.path, language="en", theme=few)
    number = len(beyond(snapshot_of(sample.path, "2020Q2"), "expenses", Fraction(1, 2)))
    assert below_label(document.summary, LABELS["expenses"][1])[-1] == f"And {number - 2} other units."


def test_where_nothing_is_far_from_even_the_summary_says_so(sample: ImportedReport) -> None:
    """Thresholds that nothing reaches are told with the sentence that nothing does."""
    high = Theme(thresholds=Thresholds(points=Decimal(99), euros=Decimal(10**9)))
    document = report_of(sample.path, language="en", theme=high)
    assert below_label(document.summary, LABELS["income"][1]) == [
        "No unit is both more than 99 percentage points and at least €1,000,000,000 from even."
    ]


def test_of_units_that_are_not_known_nothing_is_concluded(sample_log: EventLog) -> None:
    """Where one unit alone has books for July, that none is far from even is said of that one and of no other."""
    record(sample_log, post_actual, "4160", "personnel", Period.of_month(2020, 7), -75_000_00)
    high = Theme(thresholds=Thresholds(points=Decimal(99), euros=Decimal(10**9)))
    document = report_of(sample_log, "1-7/2020", language="en", theme=high)
    (text,) = below_label(document.summary, LABELS["expenses"][1])
    assert text.startswith("Of 1 unit that is known in whole, none is more than 99 percentage points")


@pytest.fixture
def one_unit(tmp_path: Path) -> EventLog:
    """Give a city of one unit whose expenses budget is 12,000 euros."""
    log = EventLog.create(str(tmp_path / "one.db"), "Pikkukylä", now=MADE, by="controller")
    record(log, establish_unit, "10", FOUNDED, name="Kylänraitti", kind="unit", parent=None)
    record(log, adopt_budget, "10", "personnel", 2020, -1_200_000, day=date(2020, 1, 1))
    return log


@pytest.mark.parametrize(
    ("spent", "limits", "tells"),
    [
        (660_000, Thresholds(points=Decimal(5), euros=Decimal(0)), False),
        (660_012, Thresholds(points=Decimal(5), euros=Decimal(0)), False),
        (660_060, Thresholds(points=Decimal(5), euros=Decimal(0)), True),
        (540_000, Thresholds(points=Decimal(5), euros=Decimal(0)), False),
        (539_928, Thresholds(points=Decimal(5), euros=Decimal(0)), True),
        (700_000, Thresholds(points=Decimal(0), euros=Decimal(1000)), True),
        (699_999, Thresholds(points=Decimal(0), euros=Decimal(1000)), False),
    ],
)
def test_the_thresholds_are_sharp(one_unit: EventLog, spent: int, limits: Thresholds, *, tells: bool) -> None:
    """More than so many points, as the report prints them, and at least so many euros: to the cent."""
    with one_unit:
        record(one_unit, post_actual, "10", "personnel", Period.of_months(2020, 1, 6), -spent)
        document = report_of(one_unit, language="en", theme=Theme(thresholds=limits))
    assert bool(told(document, "expenses")) is tells


@pytest.mark.parametrize(
    ("period", "even"),
    [
        ("2020Q1", "25"),
        ("2020T1", "33.33"),
        ("2020Q2", "50"),
        ("15.8.2020", "62.3"),
        ("15.8.2021", "62.19"),
        ("2020T2", "66.67"),
    ],
)
def test_even_use_is_the_share_of_the_year_that_has_gone(one_unit: EventLog, period: str, even: str) -> None:
    """In months where the period ends with one, else in days, of which a leap year has one more.

    Of a year that is over there is none: what is told of it is in `test_whole_year`.
    """
    with one_unit:
        year = parse_period(period).year
        if year != 2020:
            record(one_unit, adopt_budget, "10", "personnel", year, -1_200_000, day=date(year, 1, 1))
        record(one_unit, post_actual, "10", "personnel", Period.of_month(year, 1), -10)
        complete(one_unit, str(year))
        (found,) = told(report_of(one_unit, period, language="en", theme=Theme(thresholds=ALL)), "expenses")
    assert found["even"] == even


def test_a_part_is_told_of_and_not_its_whole_again(one_unit: EventLog) -> None:
    """What is beyond even use in a unit is not told a second time of the unit above."""
    with one_unit:
        record(one_unit, establish_unit, "101", FOUNDED, name="Puisto", kind="unit", parent="10")
        record(one_unit, adopt_budget, "101", "personnel", 2020, -600_000, day=date(2020, 1, 1))
        record(one_unit, post_actual, "101", "personnel", Period.of_month(2020, 3), -590_000)
        complete(one_unit, "1-6/2020")
        document = report_of(one_unit, language="en", theme=Theme(thresholds=ALL))
    assert [found["unit"] for found in told(document, "expenses")] == ["101"]


def test_the_net_result_is_told_beside_budget_even_use_and_last_year(report_2020: ImportedReport) -> None:
    """The first sentences hold the figures of the sector's margin, worked out from its row."""
    row = row_of(snapshot_of(report_2020.path, "2020Q2"), "HYV", "operating_margin")
    budget, actual = Fraction(row["budget"]["cents"], 100), Fraction(row["actual"]["cents"], 100)
    percent = actual * 100 / budget
    last_year = Fraction(row["prior_actual"]["cents"] * 100, row["final_accounts"]["cents"])
    points, euros = 50 - rounded(percent, "0.1"), rounded(abs(actual - budget / 2), "1")
    assert points > 0
    assert summary_of(report_2020.path)[0] == (
        f"Hyvinvointilautakunnan toimiala: operating margin −€{-rounded(actual, '1'):,}, which is "
        f"{rounded(percent, '0.1')}% of the budget for the whole year (−€{-rounded(budget, '1'):,}). "
        f"Compared with even use (50%): {points} percentage points under, €{euros:,}. "
        f"Last year at the same time: {rounded(last_year, '0.1')}% of the actual for the whole year."
    )


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fi", "Tasaiseen käyttöön (50 %) verrattuna 5,8 prosenttiyksikköä alle, 1 559 928 €."),
        ("sv", "Jämfört med jämn användning (50 %): 5,8 procentenheter under, 1 559 928 €."),
        ("en", "Compared with even use (50%): 5.8 percentage points under, €1,559,928."),
    ],
)
def test_the_summary_speaks_the_language_of_the_report(sample: ImportedReport, language: str, words: str) -> None:
    """The same claim in each language, with its numbers; less than even is under even, and nothing was saved."""
    text = " ".join(summary_of(sample.path, language))
    assert words in text
    assert not re.search("sääst|inbespar|saved", text)


@pytest.mark.parametrize(("language", "marked"), [("fi", None), ("sv", "fi"), ("en", "fi")])
def test_recorded_names_are_marked_with_their_language(
    report_2020: ImportedReport, language: str, marked: str | None
) -> None:
    """In a report in another language, the names of units and projects in its sentences are marked as Finnish."""
    names = {unit["name"] for unit in snapshot_of(report_2020.path, "2020Q2")["units"]}
    document = report_of(report_2020.path, language=language)
    lead, *_others = (block for block in document.summary if isinstance(block, Paragraph))
    assert (lead.runs[0].text.startswith("Hyvinvointilautakunnan toimiala"), lead.runs[0].language) == (True, marked)
    items = [item for block in document.summary if isinstance(block, Bullets) for item in block.items]
    assert any(name in items[0][0].text for name in names)
    assert {item[0].language for item in items} == {marked}
    assert {run.language for item in items for run in item[1:]} <= {None}


def test_without_a_budget_nothing_is_compared(tmp_path: Path) -> None:
    """Where there is no budget, the actual is told by itself; where there is no actual, that it is unknown."""
    with EventLog.create(str(tmp_path / "new.db"), "Uusikylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "10", FOUNDED, name="Kylänraitti", kind="unit", parent=None)
        assert summary_of(log)[0] == "Kylänraitti: the net result is unknown."
        record(log, post_actual, "10", "personnel", Period.of_month(2020, 2), -12_345_00)
        complete(log, "1-6/2020")
        assert summary_of(log)[0] == "Kylänraitti: net −€12,345; there is no budget to compare it with."


def test_a_budget_of_nothing_is_told_and_not_compared(tmp_path: Path) -> None:
    """Income and expenses budgeted to be even: the net budget is 0, which is told, and is not the same as none."""
    with EventLog.create(str(tmp_path / "even.db"), "Uusikylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "10", FOUNDED, name="Satama", kind="unit", parent=None)
        for line, budget, actual in (("fees", 100_000_00, 80_000_00), ("personnel", -100_000_00, -60_000_00)):
            record(log, adopt_budget, "10", line, 2020, budget, day=date(2020, 1, 1))
            record(log, post_actual, "10", line, Period.of_month(2020, 2), actual)
        complete(log, "1-6/2020")
        assert summary_of(log)[0] == "Satama: net €20,000; the budget for the whole year is €0."


def test_a_surplus_is_no_share_of_a_budgeted_deficit(one_unit: EventLog) -> None:
    """Where the net came out on the other side of 0 than its budget, both are told, and no per cent of one another."""
    with one_unit:
        record(one_unit, post_actual, "10", "fees", Period.of_month(2020, 2), 3_000_000)
        complete(one_unit, "1-6/2020")
        assert summary_of(one_unit)[0] == "Kylänraitti: net €30,000; the budget for the whole year is −€12,000."


def test_nothing_is_said_of_even_use_where_no_budget_is_known(tmp_path: Path) -> None:
    """Without budgets nobody knows that no unit is far from even; with those of income, it is said of income alone."""
    with EventLog.create(str(tmp_path / "new.db"), "Uusikylä", now=MADE, by="controller") as log:
        record(log, establish_unit, "10", FOUNDED, name="Satama", kind="unit", parent=None)
        record(log, post_actual, "10", "fees", Period.of_month(2020, 2), 700_00)
        record(log, post_actual, "10", "personnel", Period.of_month(2020, 2), -900_00)
        complete(log, "1-6/2020")
        assert not [text for text in summary_of(log) if "even" in text]
        record(log, adopt_budget, "10", "fees", 2020, 1_400_00, day=date(2020, 1, 1))
        texts = summary_of(log)
    assert LABELS["income"][1] in texts
    assert LABELS["expenses"][1] not in texts


def test_a_theme_can_want_no_unit_told(sample: ImportedReport) -> None:
    """A theme that tells of none has no empty list, nor a count of the others."""
    none = Theme(thresholds=Thresholds(points=Decimal(0), euros=Decimal(0), largest=0))
    document = report_of(sample.path, language="en", theme=none)
    assert not [block for block in document.summary if isinstance(block, Bullets) and not block.items]
    assert not [text for text in texts_in(document.summary) if "other unit" in text or text == LABELS["expenses"][1]]


def test_of_expenses_that_are_to_bring_money_in_nothing_is_used(one_unit: EventLog) -> None:
    """A budget against the sign of its line has no use: what was spent beside it is not told as under even use."""
    with one_unit:
        record(one_unit, adopt_budget, "10", "services", 2020, 5_000_000, day=date(2020, 1, 1), contra=True)
        record(one_unit, post_actual, "10", "services", Period.of_month(2020, 2), -2_000_000)
        complete(one_unit, "1-6/2020")
        row = row_of(snapshot_of(one_unit, "2020Q2"), "10", "expenses")
        assert (row["budget"]["cents"], row["actual"]["cents"]) == (3_800_000, -2_000_000)
        texts = summary_of(one_unit, theme=Theme(thresholds=ALL))
    assert not [text for text in texts if "used" in text or text.startswith("Expenses")]


def test_investments_are_told_beside_their_budget_alone(report_2020: ImportedReport) -> None:
    """What each programme has used of its budget; a report of investments alone speaks of no even use."""
    row = row_of(snapshot_of(report_2020.path, "2020Q2"), "HYV-INV", "expenses")
    percent = rounded(Fraction(row["actual"]["cents"] * 100, row["budget"]["cents"]), "0.1")
    (told_of,) = below_label(report_of(report_2020.path, language="en").summary, "Investments")
    actual, budget = (f"−€{-row[name]['cents'] // 100:,}" for name in ("actual", "budget"))
    assert told_of == f"Hyvinvointitoimialan investoinnit: {actual}, {percent}% of the budget ({budget})."
    assert not [text for text in summary_of(report_2020.path, unit="HYV-INV") if "even" in text]


# ---------------------------------------------------------------- goals and projects


def test_goals_are_counted_by_status_and_late_ones_named(sample_log: EventLog) -> None:
    """How many goals have which status, those not assessed too; the delayed and the missed ones by name."""
    goals = [goal for unit in snapshot_of(sample_log, "2020Q2")["units"] for goal in unit["goals"]]
    statuses = ["achieved", "achieved", "in_progress", "delayed", "not_achieved", "suspended", "not_started"]
    assert len(goals) > len(statuses)
    owners = {g["id"]: u["code"] for u in snapshot_of(sample_log, "2020Q2")["units"] for g in u["goals"]}
    for goal, status in zip(goals, statuses, strict=False):
        record(sample_log, update_goal_status, owners[goal["id"]], QUARTER, goal["id"], status)
    document = report_of(sample_log, language="en")
    texts = below_label(document.summary, "Goals")
    left = len(goals) - len(statuses)
    assert texts[0] == (
        f"{len(goals)} goals: achieved 2, in progress 1, not started 1, delayed 1, not achieved 1, suspended 1, "
        f"not assessed {left}."
    )
    assert [text.split(" ")[0] for text in texts[2:]] == [goals[3]["id"], goals[4]["id"]]


def test_the_many_late_goals_of_a_city_are_counted(one_unit: EventLog) -> None:
    """Of many late goals the first are named, and the rest counted."""
    with one_unit:
        for number in range(13):
            record(one_unit, set_goal, "10", 2020, f"10-{number}", binding_goal="Puistot ovat siistejä")
            record(one_unit, update_goal_status, "10", QUARTER, f"10-{number}", "delayed")
        texts = below_label(report_of(one_unit, language="en").summary, "Goals")
    assert (len(texts), texts[-1]) == (2 + 10 + 1, "And 3 more.")


@pytest.mark.parametrize("points", [Decimal(25), Decimal(10), Decimal(1)])
def test_projects_behind_their_time_are_told(report_2020: ImportedReport, points: Decimal) -> None:
    """Those whose progress is at least so many points behind the share of their days that has gone, and no other."""
    document = report_of(report_2020.path, language="en", theme=Theme(thresholds=Thresholds(project_points=points)))
    late = {
        project["name"]: gone - Fraction(project["percent"])
        for project in snapshot_of(report_2020.path, "2020Q2")["projects"]
        if project["percent"] is not None and (gone := days_gone(project)) is not None
    }
    wanted = [name for name in sorted(late, key=lambda name: -late[name]) if late[name] >= points]
    texts = below_label(document.summary, "Projects")
    assert texts[0].endswith(f"behind the time elapsed: {len(wanted)}.")
    named = [re.sub(r": progress .*", "", sentences(text)) for text in texts[1:] if ": progress " in text]
    assert named == [" ".join(name.split()) for name in wanted[:10]]


def days_gone(project: dict[str, Any]) -> Fraction | None:
    """Return how much of a project's days, the first and the last counted, has gone by 30 June 2020, in per cent."""
    if not project["start"] or not project["end"]:
        return None
    first, last = (date.fromisoformat(project[name]).toordinal() for name in ("start", "end"))
    gone = min(max(date(2020, 6, 30).toordinal() - first + 1, 0), last - first + 1)
    return Fraction(100 * gone, last - first + 1)


def test_a_project_that_has_ended_is_not_late(one_unit: EventLog) -> None:
    """What was ended in the period is told as ended, not as behind its time."""
    with one_unit:
        whole = Period.of_year(2020)
        record(one_unit, launch_project, "Puistokatu", whole, "10", start=whole.start, end=whole.end)
        record(one_unit, report_progress, "Puistokatu", QUARTER, "10")
        assert len(below_label(report_of(one_unit, language="en").summary, "Projects")) == 2
        record(one_unit, end_project, "Puistokatu", date(2020, 6, 1))
        texts = below_label(report_of(one_unit, language="en").summary, "Projects")
    assert texts == ["1 project. Progress at least 25 percentage points behind the time elapsed: 0."]


# ---------------------------------------------------------------- what is open


def test_unknown_figures_and_mismatches_are_counted(report_2020: ImportedReport) -> None:
    """The summary ends with how many figures are unknown, and how many contradict another, as the snapshot has them."""
    snapshot = snapshot_of(report_2020.path, "2020Q2")
    mismatches = sum(finding["kind"] == "mismatch" for finding in snapshot["findings"])
    assert mismatches > 1
    texts = below_label(report_of(report_2020.path, language="en").summary, "What the figures leave open")
    told_of = f"{mismatches} figures differ from what other figures give, by more than rounding explains."
    assert texts == [f"{told_of} See “Notes to the reader”."]


def test_unknown_figures_are_told(one_unit: EventLog) -> None:
    """Cells that nobody stated or posted are counted among all cells."""
    with one_unit:
        texts = below_label(report_of(one_unit, language="en").summary, "What the figures leave open")
        rows = snapshot_of(one_unit, "2020Q2")["units"][0]["figures"]
    cells = [row[name] for row in rows for name in ("final_accounts", "prior_actual", "budget", "actual")]
    assert texts == [f"{cells.count(None)} of {len(cells)} figures are unknown. See “Notes to the reader”."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_whole(report_2020: ImportedReport, language: str) -> None:
    """No placeholder and no doubled space or stop is left in any language."""
    for text in summary_of(report_2020.path, language):
        assert not re.search(r"[{}]|  |\.\.", text), text
