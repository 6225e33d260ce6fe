"""The shape of the packages: cli → projections → heinola_es → events, never back.

The rules are read off the source with ``ast``, so an import inside a function, under ``TYPE_CHECKING`` or named in a
string counts like any other. Each rule is also tried on source that breaks it: a check that cannot fail proves nothing.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LAYERS = ("cli", "projections", "heinola_es", "events")  # each may import itself and those after it
PACKAGES = LAYERS[1:]
NEVER_SHIPPED = ("tests", "benchmarks")
LANGUAGE_MAY_IMPORT = sys.stdlib_module_names | {"attr", "attrs", "events"}
HEAVY = {
    *("eventsourcing", "psycopg", "pyarrow", "sqlalchemy", "cattrs"),  # storage
    *("babel", "rich", "jinja2", "starlette", "uvicorn", "typst", "docx", "openpyxl"),  # reports
}
LONGEST_FUNCTION_LINES = 70
DOTTED_NAME = re.compile(r"[a-z_]\w*(?:[.:]\w+)+")


# ---------------------------------------------------------------- the rules, on source text


def imports(source: str) -> list[str]:
    """List the absolute imports anywhere in a source text; a relative one stays inside its own package."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.append(node.module)
    return found


def imports_on_load(source: str) -> list[str]:
    """List the imports that run when the module is loaded: not those inside a function or for the type checker."""
    found: list[str] = []
    waiting: list[ast.AST] = [ast.parse(source)]
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.Import | ast.ImportFrom):
            found += imports(ast.unparse(node))
        elif isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}:
            waiting += node.orelse
        elif not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            waiting += ast.iter_child_nodes(node)
    return found


def names_in_strings(source: str) -> list[str]:
    """List the strings that read like a module's name: what ``import_module``, a lazy command or a topic would load."""
    return [
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and DOTTED_NAME.fullmatch(node.value)
    ]


def top(name: str) -> str:
    """Return the top-level package of a dotted name or topic."""
    return re.split(r"[.:]", name, maxsplit=1)[0]


def backward(layer: str, source: str) -> list[str]:
    """List what a layer's source imports from a layer above it, or from what is never shipped."""
    forbidden = {*LAYERS[: LAYERS.index(layer)], *NEVER_SHIPPED}
    return [name for name in imports(source) + names_in_strings(source) if top(name) in forbidden]


def foreign_to_the_language(source: str) -> list[str]:
    """List what a module of ``events`` imports beyond the standard library, attrs and its own package."""
    return [name for name in imports(source) if top(name) not in LANGUAGE_MAY_IMPORT]


def is_docstring_alone(source: str) -> bool:
    """Tell whether a module holds its docstring and nothing else."""
    tree = ast.parse(source)
    return len(tree.body) == 1 and ast.get_docstring(tree) is not None


def long_functions(source: str) -> list[str]:
    """List the functions longer than the limit, from ``def`` to the last line, docstring included."""
    return [
        f"{node.name} ({length} lines)"
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION_LINES
    ]


def rooms(sources: dict[str, str]) -> dict[str, set[str]]:
    """Return the rooms that each room leans on: a room is a folder of modules, and any import counts."""
    known = {path.removesuffix(".py").replace("/", ".") for path in sources}
    leaning: dict[str, set[str]] = {}
    for path, source in sources.items():
        room = path.rpartition("/")[0].replace("/", ".")
        for name in named_modules(source):
            if name in known and (other := name.rpartition(".")[0]) != room:
                leaning.setdefault(room, set()).add(other)
    return leaning


def named_modules(source: str) -> list[str]:
    """List what may be modules among the imports of a source text: where a name is taken from, and with the name."""
    nodes = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.ImportFrom) and node.module]
    named = [f"{node.module}.{alias.name}" for node in nodes for alias in node.names]
    return [*imports(source), *named]


def circles(leaning: dict[str, set[str]]) -> list[str]:
    """Return the rooms that lean on themselves, through others."""

    def reached(room: str) -> set[str]:
        found: set[str] = set()
        waiting = list(leaning.get(room, ()))
        while waiting:
            if (other := waiting.pop()) not in found:
                found.add(other)
                waiting += leaning.get(other, ())
        return found

    return sorted(room for room in leaning if room in reached(room))


def modules(layer: str) -> dict[str, str]:
    """Read a layer's source texts, by path from the root; an empty layer would pass every rule, so it is refused."""
    paths = [ROOT / "cli.py"] if layer == "cli" else sorted((ROOT / layer).rglob("*.py"))
    assert paths, f"no modules in {layer}"
    return {path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8") for path in paths}


# ---------------------------------------------------------------- the product keeps them


@pytest.mark.parametrize("layer", LAYERS)
def test_no_layer_imports_one_above_it(layer: str) -> None:
    """A layer imports itself and those below it: a change above can never break what lies below."""
    assert [(path, name) for path, source in modules(layer).items() for name in backward(layer, source)] == []


def test_the_language_imports_the_standard_library_and_attrs_alone() -> None:
    """Events are plain records: whoever reads the log in twenty years needs Python and attrs, no framework of today."""
    found = [(path, name) for path, source in modules("events").items() for name in foreign_to_the_language(source)]
    assert found == []


@pytest.mark.parametrize("layer", PACKAGES)
def test_package_files_hold_a_docstring_and_nothing_else(layer: str) -> None:
    """An ``__init__.py`` says what its folder is for; it loads nothing, registers nothing and re-exports nothing."""
    inits = {path: source for path, source in modules(layer).items() if path.endswith("__init__.py")}
    assert f"{layer}/__init__.py" in inits
    assert [path for path, source in inits.items() if not is_docstring_alone(source)] == []


def test_no_room_leans_on_itself_through_others() -> None:
    """Rooms stand on floors: each can be understood without those above it."""
    found = rooms({path: source for layer in PACKAGES for path, source in modules(layer).items()})
    assert len(found) > 20  # or the rooms were not found
    assert circles(found) == []


@pytest.mark.parametrize("layer", PACKAGES)
def test_every_folder_of_modules_is_a_package(layer: str) -> None:
    """A folder with modules has an ``__init__.py``: without it, another distribution could add modules of its own."""
    paths = [Path(path) for path in modules(layer)]
    assert {path.parent for path in paths} == {path.parent for path in paths if path.name == "__init__.py"}


def test_benchmarks_import_no_tests() -> None:
    """A benchmark is made of the product alone; tests may use its cities and ledgers, and never the other way round."""
    sources = {path.name: path.read_text("utf-8") for path in (ROOT / "benchmarks").rglob("*.py")}
    assert [(name, one) for name, source in sources.items() for one in imports(source) if top(one) == "tests"] == []


@pytest.mark.parametrize("layer", LAYERS)
def test_no_function_is_longer_than_a_screen(layer: str) -> None:
    """Every function of the product is read without scrolling: at most 70 lines."""
    assert [(path, name) for path, source in modules(layer).items() for name in long_functions(source)] == []


def test_the_door_names_no_heavy_library_on_load() -> None:
    """cli.py imports no heavy library at module level: the command that needs one imports it."""
    found = [(path, name) for path, source in modules("cli").items() for name in imports_on_load(source)]
    assert [(path, name) for path, name in found if top(name) in HEAVY] == []


def test_loading_the_door_loads_no_heavy_library() -> None:
    """Importing cli loads no heavy library through anything it imports either: ``heinola --help`` answers at once."""
    loaded = subprocess.run(
        [sys.executable, "-c", "import sys, cli; print(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    assert "cli" in loaded
    assert sorted(HEAVY.intersection(loaded)) == []


# ---------------------------------------------------------------- the rules can fail


@pytest.mark.parametrize(
    ("layer", "source", "name"),
    [
        ("events", "import heinola_es", "heinola_es"),
        ("events", "from heinola_es.values import Period", "heinola_es.values"),
        ("heinola_es", "import os, projections.snapshot as s", "projections.snapshot"),
        ("heinola_es", "def late():\n    from projections import snapshot", "projections"),
        ("heinola_es", "if TYPE_CHECKING:\n    from projections.rows import Row", "projections.rows"),
        ("heinola_es", "import_module('projections.snapshot')", "projections.snapshot"),
        ("heinola_es", "TOPIC = 'projections.mapper:Mapper'", "projections.mapper:Mapper"),
        ("projections", "from cli import main", "cli"),
        ("cli", "from tests.given import given", "tests.given"),
    ],
)
def test_a_backward_import_is_found(layer: str, source: str, name: str) -> None:
    """An import against the direction is found wherever it hides."""
    assert backward(layer, source) == [name]


@pytest.mark.parametrize(
    ("layer", "source"),
    [
        ("cli", "import projections, heinola_es, events, click"),
        ("projections", "from heinola_es.values import Period\nfrom events import figures\nfrom . import cli"),
        ("heinola_es", "from events.figures import BudgetAdopted\nfrom .values import Period"),
        ("events", "from .figures import BudgetAdopted\nLABEL = 'projections are folds. cli: none'"),
    ],
)
def test_a_forward_import_is_no_violation(layer: str, source: str) -> None:
    """Imports along the direction, relative imports and prose that mentions a layer are let through."""
    assert backward(layer, source) == []


def test_a_circle_of_rooms_is_found() -> None:
    """Three rooms that lean on each other are named, whatever is imported; one above them is not."""
    sources = {
        "a/x/one.py": "from a.y.two import Two",
        "a/y/two.py": "from a.z import three",
        "a/z/three.py": "if TYPE_CHECKING:\n    import a.x.one",
        "a/w/four.py": "from a.x import one",
    }
    assert circles(rooms(sources)) == ["a.x", "a.y", "a.z"]


def test_a_foreign_import_in_the_language_is_found() -> None:
    """Any third library in events is found; the standard library, attrs and events itself are not."""
    source = "import attrs, datetime\nfrom events import goals\nimport orjson\nfrom eventsourcing.domain import event"
    assert foreign_to_the_language(source) == ["orjson", "eventsourcing.domain"]


@pytest.mark.parametrize(
    ("source", "alone"),
    [
        ('"""What can happen."""\n', True),
        ("", False),
        ("# What can happen.\n", False),
        ('"""What can happen."""\nfrom events.goals import GoalSet\n', False),
        ("VERSION = 1\n", False),
    ],
)
def test_a_package_file_with_code_or_without_docstring_is_found(source: str, *, alone: bool) -> None:
    """A docstring alone passes; code beside it, or no docstring at all, does not."""
    assert is_docstring_alone(source) is alone


def test_a_long_function_is_found() -> None:
    """A function of 71 lines is found, as a method too; one of 70 is not."""
    longest = "def longest():\n" + "    x = 1\n" * 69
    too_long = "class A:\n    async def too_long(self):\n" + "        x = 1\n" * 70
    assert long_functions(longest + too_long) == ["too_long (71 lines)"]


def test_only_what_runs_on_load_counts_as_loaded() -> None:
    """An import at module level or in a condition runs on load; one in a function or for the type checker does not."""
    source = (
        "import rich\n"
        "if TYPE_CHECKING:\n    import psycopg\n"
        "try:\n    from babel import numbers\nfinally:\n    pass\n"
        "def verb():\n    import eventsourcing\n"
    )
    assert sorted(imports_on_load(source)) == ["babel", "rich"]
