"""A city's own chart: read from TOML, held against its schema, refused with everything that is wrong with it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from jsonschema import Draft202012Validator

from heinola_es.domain.chart import CHARTS, DEFAULT_CHART, ChartDamaged, chart_in, is_shipped
from heinola_es.domain.chart_file import ChartUnfit, flaws, read_chart
from heinola_es.domain.chart_tables import schema_file
from heinola_es.errors import BadInput

if TYPE_CHECKING:
    from heinola_es.domain.chart import Chart

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE, KOMMUN = ROOT / "examples" / "chart.toml", ROOT / "tests" / "charts" / "kommun.toml"
SCHEMA_FILE = ROOT / "docs" / "chart.schema.json"
SCHEMA = Draft202012Validator(json.loads(SCHEMA_FILE.read_text(encoding="utf-8")))


def chart_of(path: Path) -> Chart:
    """Return the chart in a file, as a log would give it back."""
    own = read_chart(path)
    return chart_in(own.id, [orjson.dumps({"chart": own.id, "content": own.content})])


def refusal(folder: Path, old: str, new: str) -> list[str]:
    """Return what is said of the Swedish chart with one place changed."""
    text = KOMMUN.read_text(encoding="utf-8")
    assert old in text
    file = folder / "chart.toml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ChartUnfit) as caught:
        read_chart(file)
    return [line.removeprefix(f"{file}: ") for line in caught.value.lines]


def test_the_example_is_the_shipped_chart() -> None:
    """Whoever begins with the example begins with the very chart that the program has; only the head differs."""
    example, shipped = (
        json.loads(read_chart(EXAMPLE).content),
        json.loads((CHARTS / f"{DEFAULT_CHART}.json").read_bytes()),
    )
    filled = [{"components": [], **line} for line in example["lines"]]
    for layout in (*example["layouts"].values(), *shipped["layouts"].values()):
        layout.setdefault("only_when_known", [])
    assert filled == [{"components": [], **line} for line in shipped["lines"]]
    for part in ("layouts", "roles", "kinds", "source"):
        assert example[part] == shipped[part]


@pytest.mark.parametrize("path", [EXAMPLE, KOMMUN], ids=lambda path: path.stem)
def test_a_chart_fits_the_schema(path: Path) -> None:
    """As TOML, and as it is kept in the log."""
    SCHEMA.validate(tomllib.loads(path.read_text(encoding="utf-8")))
    SCHEMA.validate(json.loads(read_chart(path).content))


@pytest.mark.parametrize("path", sorted(CHARTS.glob("*.json")), ids=lambda path: path.stem)
def test_what_is_shipped_fits_too(path: Path) -> None:
    """Shipped charts are of the same form and hold what is asked of others, but for the id, which is theirs alone."""
    SCHEMA.validate(json.loads(path.read_text(encoding="utf-8")))
    assert is_shipped(path.stem)
    assert flaws(chart_in(path.stem, [])) == []


def test_the_schema_is_made_of_the_classes() -> None:
    """`docs/chart.schema.json` is what the classes that read a chart make."""
    assert SCHEMA_FILE.read_text("utf-8") == schema_file()


@pytest.mark.parametrize("key", ["id", "title", "source", "lines", "layouts", "roles", "kinds"])
@pytest.mark.parametrize("value", ["3", "[3]", "{ x = 3 }", "[{ x = 3 }]", "{ x = { y = 3 } }"])
def test_of_whatever_kind_a_value_is_it_is_told(tmp_path: Path, key: str, value: str) -> None:
    """A value of a kind that its key does not have is refused by its name, however the rest depends on it."""
    said = tomllib.loads(KOMMUN.read_text("utf-8")) | tomllib.loads(f"{key} = {value}")
    assert not SCHEMA.is_valid(said)
    file = tmp_path / "chart.toml"
    file.write_text(f"{key} = {value}\n", "utf-8")
    with pytest.raises(ChartUnfit) as caught:
        read_chart(file)
    assert any(line.startswith((f"{file}: {key} is ", f"{file}: {key} should ", f"{file}: {key}.", f"{file}: {key}["))
               for line in caught.value.lines), caught.value.lines  # fmt: skip


def test_a_label_stands_in_for_the_languages_without_one() -> None:
    """Of Finnish, Swedish and English, the first there is."""
    lines = chart_of(KOMMUN).lines
    assert lines["charges"].labels == dict.fromkeys(("fi", "sv", "en"), "Taxor och avgifter")
    assert lines["staff"].labels == {"fi": "Väki", "sv": "Personal", "en": "Väki"}


def test_details_are_part_of_a_sum_and_make_no_section() -> None:
    """Lines of which another consists add up to it, which stays one of its section as if it had none."""
    chart = chart_of(KOMMUN)
    assert chart.at_or_below("staff") == {"staff", "pay", "social"}
    assert chart.section_of("staff") == "costs"
    assert chart.section_of("pay") == "costs"
    assert not chart.is_total("staff")


@pytest.mark.parametrize(
    ("line", "kind", "found"),
    [
        ("inflow", "sector", ("revenue",)),
        ("outcome", "sector", ("outcome",)),
        ("outflow", "investment_item", ("outflow",)),
        ("inflow", "investment_item", ()),
    ],
)
def test_a_line_is_found_among_the_rows_of_another_layout(line: str, kind: str, found: tuple[str, ...]) -> None:
    """By itself, or by the row that is made of the same; by none where there is no such row."""
    assert chart_of(KOMMUN).counterparts(line, kind) == found


REFUSED: dict[str, tuple[str, str, str]] = {
    "a shipped id": (
        'id = "kommun-2020"',
        'id = "jhs192-2020"',
        "id is 'jhs192-2020', and ids that begin with jhs192-",
    ),
    "an id with blanks": ('id = "kommun-2020"', 'id = "vår kommun"', "id is 'vår kommun'; it should be of a–z, 0–9,"),
    "no id": ('id = "kommun-2020"', "", "id is missing"),
    "no label": (
        'labels = { sv = "Inköp" }',
        "labels = { de = 'Einkauf' }",
        "lines[7].labels should name it in one of",
    ),
    "a label in two lines": ('sv = "Inköp"', 'sv = "In\\nköp"', "lines[7].labels.sv cannot be a name: "),
    "no sign": (
        'labels = { sv = "Inköp" }\nsign = -1',
        'labels = { sv = "Inköp" }',
        "lines[7].sign is missing; it should",
    ),
    "a sign that is none": (
        'labels = { sv = "Inköp" }\nsign = -1',
        'labels = { sv = "I" }\nsign = 2',
        "lines[7].sign is 2;",
    ),
    "a code that is none": (
        'code = "pay"',
        'code = "Pay 1"',
        "lines[4].code is 'Pay 1'; it should be of a–z, 0–9 and _",
    ),
    "a code twice": ('code = "social"', 'code = "pay"', "two lines have the code pay"),
    "an unknown word": (
        'posts_to = "revenue"',
        'post_to = "revenue"',
        "lines[9].post_to is no word of a chart; did you",
    ),
    "a lost component": (
        '["charges", "subsidies"]\n\n',
        '["charges", "subsidy"]\n\n',
        "the line revenue is the sum of 'sub",
    ),
    "a lost row": (
        'rows = ["outflow"]',
        'rows = ["outflows"]',
        "the layout bygge prints 'outflows', and there is no such line",
    ),
    "a lost layout": ('unit = "kort"', 'unit = "lång"', "kinds.unit is 'lång', and there is no such layout"),
    "a kind without one": ('unit = "kort"\n', "", "kinds.unit is missing; name the layout of its units"),
    "no roles": ('net = ["outcome"]', "", "roles.net is missing; name the lines that say it"),
    "a circle": (
        'components = ["staff", "purchases"]',
        'components = ["staff", "outflow"]',
        "the line costs is a sum of it",
    ),
    "a part twice": (
        'components = ["revenue"]',
        'components = ["revenue", "charges"]',
        "the line inflow has charges in its",
    ),
    "a part of the other sign": (
        '["charges", "subsidies"]\n\n',
        '["charges", "pay"]\n\n',
        "the line revenue has the sign 1, and",
    ),
    "accounts twice": (
        "[[5200, 5299]]",
        "[[5100, 5299]]",
        "the accounts 5000–5199 of pay and those of social from 5100",
    ),
    "accounts backwards": (
        "[[5200, 5299]]",
        "[[5299, 5200]]",
        "lines[5].accounts has the range 5299–5200; it should run",
    ),
    "accounts of another form": (
        "[[5200, 5299]]",
        '["5200"]',
        "lines[5].accounts is ['5200']; it should be a list of ranges of four-digit",
    ),
    "nothing to record on": (
        'sign = 0\ncomponents = ["inflow", "outflow"]\n',
        "sign = 0\n",
        "the line outcome takes no post",
    ),
    "a posting that goes nowhere": (
        'posts_to = "costs"',
        'posts_to = "staff"',
        "the line outflow posts to staff, which should",
    ),
    "a name twice": ('sv = "Inköp"', 'sv = "PERSONAL"', "both staff and purchases are called 'PERSONAL'"),
    "a row twice": ('rows = ["outflow"]', 'rows = ["outflow", "outflow"]', "the layout bygge prints outflow twice"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_told(tmp_path: Path, case: str) -> None:
    """Where, what, and what would be right; nothing is made of a chart with a flaw."""
    old, new, said = REFUSED[case]
    assert any(line.startswith(said) for line in refusal(tmp_path, old, new)), refusal(tmp_path, old, new)


def test_everything_wrong_is_told_at_once(tmp_path: Path) -> None:
    """A sentence a line, so that a chart is mended in one go."""
    text = KOMMUN.read_text(encoding="utf-8").replace("sign = -1", "sign = 5")
    (tmp_path / "chart.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ChartUnfit) as caught:
        read_chart(tmp_path / "chart.toml")
    assert len(caught.value.lines) == text.count("sign = 5")


def test_a_file_that_is_none_is_told_by_its_name(tmp_path: Path) -> None:
    """A file that is not there, and one that is no TOML."""
    with pytest.raises(BadInput, match=r"chart\.toml cannot be read: No such file"):
        read_chart(tmp_path / "chart.toml")
    (tmp_path / "chart.toml").write_text("id = ")
    with pytest.raises(BadInput, match=r"chart\.toml is not TOML"):
        read_chart(tmp_path / "chart.toml")


BODIES: dict[str, tuple[list[Any], str]] = {
    "it is not there": ([], "the chart kommun-2020 is neither shipped nor in the log; see `heinola audit verify`"),
    "another is": ([{"chart": "lahti", "content": "{}"}], "the chart kommun-2020 is neither shipped nor in the log"),
    "it lacks its lines": ([{"chart": "kommun-2020", "content": "{}"}], "in the log cannot be read (it lacks 'lines')"),
    "it is no JSON": ([{"chart": "kommun-2020", "content": "{"}], "the chart kommun-2020 in the log cannot be read ("),
}


@pytest.mark.parametrize("case", BODIES)
def test_a_chart_that_the_log_does_not_hold_is_told(case: str) -> None:
    """No other is taken in its place."""
    bodies, said = BODIES[case]
    with pytest.raises(ChartDamaged) as caught:
        chart_in("kommun-2020", map(orjson.dumps, bodies))
    assert said in str(caught.value)


def test_the_first_chart_with_an_id_is_the_one() -> None:
    """What somebody adds to the log under the same id changes no report of before."""
    own = read_chart(KOMMUN)
    later = own.content.replace("Intäkter", "Utgifter")
    bodies = [orjson.dumps({"chart": own.id, "content": content}) for content in (own.content, later)]
    assert chart_in(own.id, bodies).lines["revenue"].labels["sv"] == "Intäkter"
