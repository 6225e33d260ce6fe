"""What the documents say is so: their commands print what is shown, their links lead somewhere, their targets exist."""

from __future__ import annotations

import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest

from tests.docs.console import ROOT, Step, blocks_of, differences, matches, run, steps_of
from tests.docs.edit import edited
from tests.servers import NoServerHere, postgres_server, programs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")])
LANGUAGES = {"console", "sh", "python", "json", "text", "sql"}
"""Of the fenced blocks: `console` and `python` are run; `sh` is for setting up, before there is anything to run."""

each_document = pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())


@contextmanager
def server_for(document: str) -> Iterator[dict[str, str]]:
    """Give a document that speaks of `$DATABASE` a PostgreSQL server of its own, and the programs that come with it."""
    if "$DATABASE" not in document:
        yield {}
        return
    try:
        with postgres_server() as address:
            yield {"DATABASE": address, "POSTGRES_PROGRAMS": str(programs())}
    except NoServerHere as missing:
        pytest.skip(str(missing))


@each_document
def test_commands_print_what_is_shown(document: Path, tmp_path: Path) -> None:
    """Every command of a document, run in order, prints what the document shows."""
    text = document.read_text("utf-8")
    steps = steps_of(text)
    with server_for(text) as variables:
        wrong = differences(steps, run(steps, tmp_path, **variables)) if steps else []
    assert not wrong, f"{document.name} lies:\n\n" + "\n".join(wrong)


@each_document
def test_links_lead_somewhere(document: Path) -> None:
    """A link inside the repository leads to a file or folder that is there, and to a heading that it has."""
    text = document.read_text("utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if target.startswith(("https://", "http://")):
            continue
        path, _, heading = target.partition("#")
        linked = (document.parent / path).resolve() if path else document
        assert linked.exists(), f"{document.name} links to {target}, which is not there"
        if heading:
            assert heading in anchors_of(linked.read_text("utf-8")), f"{linked.name} has no heading for {target}"


@each_document
def test_files_named_are_there(document: Path) -> None:
    """A path of the repository named in a document is there."""
    named = re.findall(
        r"`((?:events|heinola_es|projections|tests|examples|docs|\.ci)/[\w./-]*)`", document.read_text("utf-8")
    )
    missing = [path for path in named if not (ROOT / path).exists()]
    assert not missing, f"{document.name} names {missing}"


@each_document
def test_blocks_are_run_or_cannot_be(document: Path) -> None:
    """Every fenced block is of a known language, and no use of the tool hides in one that is not run."""
    text = document.read_text("utf-8")
    used = set(re.findall(r"^```(\w*)$", text, re.MULTILINE)) - {""}
    assert used <= LANGUAGES, f"{document.name} has blocks of {used - LANGUAGES}"
    for begun, block in blocks_of(text, "sh"):
        for line in block.splitlines():
            said = line.split("#")[0].strip()
            ok = not said.startswith("heinola ") or said == "heinola --help"
            assert ok, f"{document.name}: {said!r} near line {begun} belongs in a console block, which is run"


@each_document
def test_python_blocks_are_put_to_work(document: Path) -> None:
    """Every Python block is an edit that the commands after it rely on."""
    text = document.read_text("utf-8")
    edits = [step for step in steps_of(text) if "END_OF_BLOCK" in step.command]
    assert len(edits) == len(blocks_of(text, "python"))


def test_make_targets_are_there() -> None:
    """Every `make TARGET` that a document names is a target of the Makefile."""
    targets = set(re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    for document in DOCUMENTS:
        named = set(re.findall(r"(?:^|`)make ([a-z-]+)", document.read_text("utf-8"), re.MULTILINE))
        assert named <= targets, f"{document.name} names make {named - targets}"


def test_every_document_is_found_from_the_readme() -> None:
    """The README links every page under docs/ and the changelog."""
    readme = (ROOT / "README.md").read_text("utf-8")
    for document in DOCUMENTS:
        name = document.relative_to(ROOT).as_posix()
        assert name == "README.md" or f"]({name})" in readme, f"the README does not link {name}"


def test_an_ellipsis_stands_for_what_is_left_out() -> None:
    """`…` matches text within a line, and alone any lines; everything else must be printed as it is."""
    assert matches("a…c\n", "abbbc\n")
    assert matches("first\n…\nlast\n", "first\n1\n2\nlast\n")
    assert matches("first\n…\nlast\n", "first\nlast\n")
    assert not matches("a…c\n", "a\nc\n")
    assert not matches("first\nlast\n", "first\n1\nlast\n")
    assert not matches("", "said\n")


def test_a_document_that_lies_is_found_out(tmp_path: Path) -> None:
    """A command that prints something else, or fails unseen, is told with its line."""
    steps = steps_of(
        "```console\n$ x=1\n$ echo $x\n2\n$ false\n```\n<!-- run: exit 3 -->\n".replace("exit 3", "(exit 3)")
    )
    assert steps[1] == Step(3, "echo $x", "2\n")
    wrong = differences(steps, run(steps, tmp_path))
    assert [line.split(":")[0] for line in wrong] == ["line 3", "line 5", "line 7"]


def test_an_edit_is_made_where_it_belongs() -> None:
    """A block goes before the first line that begins with the words, or takes its place; else it fails."""
    assert edited("a = 1\n  b = 2\n", "instead", "b =", "  b = 3\n") == "a = 1\n  b = 3\n"
    assert edited("x\nb\n", "before", "b", "class A: ...\n") == "x\nclass A: ...\n\n\nb\n"
    assert edited("x\n    b\n", "before", "b", "    a\n") == "x\n    a\n    b\n"
    with pytest.raises(ValueError, match="no line begins with 'c'"):
        edited("a\nb\n", "before", "c", "x\n")


def test_a_kind_of_fact_is_added_in_eight_files() -> None:
    """The walk through what a new kind of event touches is at most eight files of the program."""
    page = (ROOT / "docs/adding-an-event.md").read_text("utf-8")
    touched = set(re.findall(r"^<!-- edit: .* in (\S+) -->$", page, re.MULTILINE))
    assert 1 < len(touched) <= 8, f"it touches {sorted(touched)}"


def anchors_of(text: str) -> set[str]:
    """Return the anchors that a page's headings get."""
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "")).strip().lower().replace(" ", "-") for heading in headings}
