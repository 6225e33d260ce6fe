"""A theme file: what it decides, and what it is told no to, by file and key."""

from __future__ import annotations

import json
import tomllib
from decimal import Decimal
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from heinola_es.errors import BadInput
from projections.report.theme.contrast import contrast, is_colour
from projections.report.theme.logo import LIMIT_BYTES
from projections.report.theme.palette import DARK, PRINT
from projections.report.theme.theme import Theme, Thresholds
from projections.report.theme.theme_file import load_theme
from projections.report.theme.theme_tables import schema_file
from tests.conftest import ROOT

if TYPE_CHECKING:
    from pathlib import Path

SCHEMA_FILE = ROOT / "docs" / "theme.schema.json"
EXAMPLE = ROOT / "examples" / "theme.toml"
SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">{}</svg>'
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


def write(folder: Path, text: str) -> Path:
    """Return a theme file with this text."""
    path = folder / "theme.toml"
    path.write_text(text, encoding="utf-8")
    return path


def refusal(folder: Path, text: str) -> list[str]:
    """Return what is told of a theme file, a line for each complaint, without the file's name."""
    path = write(folder, text)
    with pytest.raises(BadInput) as told:
        load_theme(path)
    lines = str(told.value).split("\n")
    assert all(line.startswith(f"{path}: ") for line in lines)
    return [line.removeprefix(f"{path}: ") for line in lines]


def with_logo(folder: Path, content: bytes | str, name: str = "mark.svg") -> Path:
    """Return a theme file whose mark has this content."""
    (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return write(folder, f'[logo]\nfile = "{name}"\nalternative = "Mallikylä"\n')


# ---------------------------------------------------------------- what it decides


def test_an_empty_file_decides_nothing(tmp_path: Path) -> None:
    """Everything may be left out."""
    assert load_theme(write(tmp_path, "")) == Theme()


def test_the_example_decides_everything() -> None:
    """The example has every key, and its mark."""
    theme = load_theme(EXAMPLE)
    assert (theme.accent, theme.accent_on_dark) == ("#00563f", "#7fd1ae")
    assert theme.logo == ((EXAMPLE.parent / "theme-logo.svg").read_bytes(), "image/svg+xml")
    assert theme.logo_alternative == "Mallikylän kaupunki"
    assert theme.thresholds == Thresholds(
        points=Decimal(5), euros=Decimal(10_000), largest=5, project_points=Decimal(25)
    )


def test_thresholds_are_exact(tmp_path: Path) -> None:
    """Numbers with decimals stay what was written."""
    text = "[thresholds]\npoints = 7.1\neuros = 2500.50\nlargest = 3\nproject_points = 0\n"
    expected = Thresholds(points=Decimal("7.1"), euros=Decimal("2500.50"), largest=3, project_points=Decimal(0))
    assert load_theme(write(tmp_path, text)).thresholds == expected


def test_a_mark_lies_beside_its_theme(tmp_path: Path) -> None:
    """Its name is relative to the theme file; its content tells what it is, not its name."""
    (tmp_path / "marks").mkdir()
    (tmp_path / "marks" / "mark.svg").write_bytes(PNG)
    path = write(tmp_path, '[logo]\nfile = "marks/mark.svg"\nalternative = "Mallikylä"')
    assert load_theme(path).logo == (PNG, "image/png")


@pytest.mark.parametrize(
    "inside",
    [
        '<rect fill="url(#shade)"/>',
        "<use xlink:href='#shape'/>",
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>rect { fill: url( '#shade' ) }</style>",
        "<!-- <script/> --><?hint script?><title>script</title>",
    ],
)
def test_a_mark_may_refer_to_itself(tmp_path: Path, inside: str) -> None:
    """References inside the file, and pictures in it, are taken."""
    assert load_theme(with_logo(tmp_path, SVG.format(inside))).logo == (SVG.format(inside).encode(), "image/svg+xml")


# ---------------------------------------------------------------- what it is told no to


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = 1", "x is no word of a theme; remove it"),
        ('[colors]\naccent = "#000000"', "colors is no word of a theme; did you mean colours?; remove it"),
        ('[colours]\nacent = "#000000"', "colours.acent is no word of a theme; did you mean accent?; remove it"),
        ("colours = 3", "colours is 3; it should be a table"),
        ("[colours]\naccent = 3", 'colours.accent is 3; it should be a colour such as "#1b4f72"'),
        ('[colours]\naccent = "red"', "colours.accent is 'red'; it should be a colour such as \"#1b4f72\""),
        ('[colours]\naccent = "#fff"', "colours.accent is '#fff'; it should be a colour such as \"#1b4f72\""),
        (
            '[colours]\naccent = "#777777"',
            "colours.accent is #777777, whose contrast on #ffffff is 4.47:1 and should be 4.5:1 at least; take a",
        ),
        (
            '[colours]\naccent_on_dark = "#1b4f72"',
            "colours.accent_on_dark is #1b4f72, whose contrast on #14191f is 2.02:1 and should be 4.5:1 at least; take",
        ),
        ('[logo]\nfile = "no.svg"\nalternative = "x"', "logo.file is {}/no.svg, which cannot be read: No such file"),
        ('[logo]\nalternative = "x"', "logo.file is missing; name the file of the mark, or leave [logo] out"),
        ('[logo]\nfile = ""\nalternative = "x"', "logo.file is empty; leave it out"),
        ("[thresholds]\nlargest = 2.5", "thresholds.largest is 2.5; it should be a whole number from 0 to 100"),
        ("[thresholds]\nlargest = true", "thresholds.largest is True; it should be a whole number from 0 to 100"),
        ("[thresholds]\npoints = -1", "thresholds.points is -1; it should be a number from 0 to 1000"),
        ("[thresholds]\npoints = nan", "thresholds.points is NaN; it should be a number from 0 to 1000"),
        ('[thresholds]\neuros = "1"', "thresholds.euros is '1'; it should be a number from 0 to 1000000000000"),
    ],
)
def test_what_is_wrong_is_told_by_its_key(tmp_path: Path, text: str, expected: str) -> None:
    """One line says which key is wrong, what it should be, and what to do."""
    (told,) = refusal(tmp_path, text)
    assert told.startswith(expected.format(tmp_path))


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    """Who mends a theme mends it once."""
    text = '[colours]\naccent = "red"\n[thresholds]\npoints = "x"\nlargset = 3\n'
    assert [line.partition(" ")[0] for line in refusal(tmp_path, text)] == [
        "colours.accent",
        "thresholds.points",
        "thresholds.largset",
    ]


RIGHT = ("", '[colours]\naccent = "#00563F"\n[thresholds]\npoints = 7.5\nlargest = 3\n[columns]\nmine = ["budget"]\n')
WRONG = (
    "x = 1",
    "colours = 3",
    '[colours]\naccent = "red"',
    '[logo]\nfile = "a.svg"',
    '[logo]\nalternative = "x"',
    "[thresholds]\nlargest = 2.5",
    "[thresholds]\npoints = -1",
    '[thresholds]\neuros = "1"',
    "[columns]\nmine = 3",
)


def test_the_schema_is_made_of_the_classes() -> None:
    """`docs/theme.schema.json` is what the classes that read a theme make, and takes the example."""
    assert SCHEMA_FILE.read_text("utf-8") == schema_file()
    schema = json.loads(schema_file())
    Draft202012Validator.check_schema(schema)
    for text in (EXAMPLE.read_text("utf-8"), *RIGHT):
        Draft202012Validator(schema).validate(tomllib.loads(text))


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_wrong_by_the_schema_too(tmp_path: Path, text: str) -> None:
    """An editor that knows the schema marks what the program would refuse."""
    assert refusal(tmp_path, text)
    assert not Draft202012Validator(json.loads(schema_file())).is_valid(tomllib.loads(text))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[columns]\nmine = 3", "columns.mine is 3; it should be a list of names of columns"),
        ('[columns]\nmine = ["budjet"]', "columns.mine cannot be: "),
        ("columns = 3", "columns is 3; it should be a table of lists of columns"),
    ],
)
def test_a_set_of_columns_has_columns(tmp_path: Path, text: str, expected: str) -> None:
    """A set that is no list, or names what is no column, is told by its name."""
    (told,) = refusal(tmp_path, text)
    assert told.startswith(expected)


def test_a_mark_says_what_it_is(tmp_path: Path) -> None:
    """A mark without a text for those who do not see it is refused."""
    (tmp_path / "mark.png").write_bytes(PNG)
    expected = "logo.alternative is missing; write what the mark says, for who does not see it"
    assert refusal(tmp_path, '[logo]\nfile = "mark.png"') == [expected]
    empty = refusal(tmp_path, '[logo]\nfile = "mark.png"\nalternative = ""')
    assert [line.partition(" ")[0] for line in empty] == ["logo.alternative"]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        ("GIF89a", "is neither SVG nor PNG; save it as one of them"),
        ("", "is neither SVG nor PNG; save it as one of them"),
        ("<svg viewBox='0 0 1 1'/>", "is neither SVG nor PNG; save it as one of them"),
        (SVG.format("<rect>"), "is neither SVG nor PNG; save it as one of them"),
        ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("&a;"), "declares entities; save it as plain SVG"),
        (
            ("<!DOCTYPE svg [<!ENTITY a 'b'>]>" + SVG.format("&a;")).encode("utf-16"),
            "declares entities; save it as plain SVG",
        ),
        (SVG.format("<script>1</script>"), "runs or moves something in <script>; save it as plain SVG"),
        (SVG.format("<g><SCRIPT/></g>"), "runs or moves something in <SCRIPT>; save it as plain SVG"),
        (SVG.format("<foreignObject/>"), "runs or moves something in <foreignObject>; save it as plain SVG"),
        (SVG.format("<rect onclick='a()'/>"), "runs or moves something in <rect>; save it as plain SVG"),
        (SVG.format("<set attributeName='x'/>"), "runs or moves something in <set>; save it as plain SVG"),
        (SVG.format("<animateMotion/>"), "runs or moves something in <animateMotion>; save it as plain SVG"),
        (
            SVG.format("<image xlink:href='https://a.invalid/b.png'/>"),
            "fetches 'https://a.invalid/b.png'; put what it shows into the file",
        ),
        (SVG.format("<use href='other.svg#a'/>"), "fetches 'other.svg#a'; put what it shows into the file"),
        (
            SVG.format("<image href='data:image/svg+xml;base64,AA'/>"),
            "fetches 'data:image/svg+xml;base64,AA'; put what it shows into the file",
        ),
        (SVG.format("<a href='javascript:a()'/>"), "fetches 'javascript:a()'; put what it shows into the file"),
        (SVG.format("<rect fill='url(//a.invalid/b)'/>"), "fetches '//a.invalid/b'; put what it shows into the file"),
        (
            SVG.format("<rect style='fill: url(\"//a.invalid/b\")'/>"),
            "fetches '//a.invalid/b'; put what it shows into the file",
        ),
        (
            SVG.format("<style>@import '//a.invalid/b.css';</style>"),
            "fetches '@import'; put what it shows into the file",
        ),
        (
            "<?xml-stylesheet href='//a.invalid/b.css'?>" + SVG.format(""),
            "fetches a style sheet; put what it says into the file",
        ),
    ],
)
def test_a_mark_that_does_more_than_show_is_refused(tmp_path: Path, content: bytes | str, expected: str) -> None:
    """What a reader opens years later neither runs nor fetches anything."""
    with pytest.raises(BadInput) as told:
        load_theme(with_logo(tmp_path, content))
    path = tmp_path / "theme.toml"
    assert str(told.value) == f"{path}: logo.file is {tmp_path / 'mark.svg'}, which {expected}"


def test_a_large_mark_is_refused(tmp_path: Path) -> None:
    """A mark is in every report: it has at most 500 kB."""
    load_theme(with_logo(tmp_path, PNG + bytes(LIMIT_BYTES - len(PNG)), "mark.png"))
    with pytest.raises(BadInput, match="has more than 500 kB; make it smaller"):
        load_theme(with_logo(tmp_path, PNG + bytes(LIMIT_BYTES - len(PNG) + 1), "mark.png"))


def test_what_is_no_toml_is_told(tmp_path: Path) -> None:
    """A file that is none, that is not there or that is a folder is told in one line."""
    for path in (write(tmp_path, "[colours"), tmp_path / "nowhere.toml", tmp_path):
        with pytest.raises(BadInput) as told:
            load_theme(path)
        assert str(told.value).startswith(f"{path} ")
        assert "\n" not in str(told.value)


# ---------------------------------------------------------------- contrast


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ("#000000", "#ffffff", 21),
        ("#ffffff", "#ffffff", 1),
        ("#767676", "#ffffff", 4.54),
        ("#777777", "#ffffff", 4.48),
        ("#0000ff", "#ffffff", 8.59),
        ("#FF0000", "#ffffff", 4.0),
        ("#00ff00", "#000000", 15.3),
    ],
)
def test_contrast_is_that_of_wcag(one: str, other: str, expected: float) -> None:
    """The ratio is that which WCAG's own tools give, whichever colour comes first."""
    assert contrast(one, other) == pytest.approx(expected, abs=0.005)
    assert contrast(other, one) == contrast(one, other)


def test_only_colours_are_colours() -> None:
    """Six hexadecimal digits after a hash, and nothing else, which would end up in a style."""
    assert is_colour("#00aAfF")
    for text in ("#00aaf", "00aaff", "#00aaff0", "#00aafg", "#00aaff\n", "#00aaff;}", "red"):
        assert not is_colour(text)


def test_the_usual_colours_are_readable() -> None:
    """What a city gets that decides nothing keeps the rule that a theme has to keep."""
    assert contrast(Theme().accent, PRINT.paper) >= 4.5
    assert contrast(Theme().accent_on_dark, DARK.paper) >= 4.5
