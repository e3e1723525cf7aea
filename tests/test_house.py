"""The rules of the house: short files, short functions, a docstring on what is public, no path of one machine."""

import ast
import inspect
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import pytest

import verishallow
from verishallow.claims import CONSTRUCTIONS

ROOT = Path(__file__).resolve().parents[1]
PACKAGE = ROOT / "verishallow"
SOURCES = sorted(PACKAGE.rglob("*.py"))
CHECKER = PACKAGE / "checker"
"""What a name of the checker stands for is said in its section of the format."""

each_source = pytest.mark.parametrize("source", SOURCES, ids=lambda source: str(source.relative_to(PACKAGE)))

MACHINE = re.compile(rb"(?<![\w.~])/(?:home|root|Users|work|tmp|mnt|scratch)/\w|\b[A-Z]:\\+Users")


def syntax(source: Path) -> ast.Module:
    return ast.parse(source.read_text(encoding="utf-8"))


def test_the_package_is_found() -> None:
    assert {"lines.py", "walk.py", "network.py"} <= {source.name for source in SOURCES}


@each_source
def test_files_are_short(source: Path) -> None:
    lines = source.read_text(encoding="utf-8").count("\n")
    assert lines <= (450 if source.is_relative_to(CHECKER) else 399)


def functions(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    return (function.end_lineno or 0) - function.lineno + 1


def test_the_median_function_is_shorter_than_ten_lines() -> None:
    lengths = [length(function) for source in SOURCES for function in functions(syntax(source))]
    assert median(lengths) < 10


@each_source
def test_every_file_says_what_it_is(source: Path) -> None:
    assert ast.get_docstring(syntax(source))


def public(body: list[ast.stmt], prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.ClassDef]]:
    """The public functions, classes and methods, by their dotted names."""
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            yield prefix + node.name, node
            if isinstance(node, ast.ClassDef):
                yield from public(node.body, f"{prefix}{node.name}.")


@pytest.mark.parametrize("name", verishallow.__all__)
def test_every_public_name_has_a_doctest(name: str) -> None:
    assert ">>>" in (getattr(verishallow, name).__doc__ or "")


@each_source
def test_what_is_public_has_a_docstring(source: Path) -> None:
    bare = [name for name, node in public(syntax(source).body) if not ast.get_docstring(node)]
    assert bare == [] or source.is_relative_to(CHECKER)


def tracked() -> list[Path]:
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
    return [path for name in listed.decode().split("\0") if name and (path := ROOT / name).is_file()]


def test_no_tracked_file_names_a_path_of_one_machine() -> None:
    found = {
        str(path.relative_to(ROOT)): match[0] for path in tracked() if (match := MACHINE.search(path.read_bytes()))
    }
    assert found == {}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (b"cd /" + b"home/somebody", True),
        (b"open('/" + b"Users/somebody/x')", True),
        (b'"C:\\' + b'Users\\x"', True),
        (b"see /" + b"work/project", True),
        (b"https://example.org/home/page", False),
        (b"tests/home/x and ~/tmp/x", False),
        (b"a fraction 1/2 and /", False),
    ],
)
def test_such_paths_are_recognised(text: bytes, named: bool) -> None:
    assert bool(MACHINE.search(text)) == named


def literals(source: Path) -> set[str]:
    """The texts in a file's code that are no docstrings."""
    tree = syntax(source)
    said = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in said
    }


PUBLIC_NAMES = ("__init__.py", "checker/__init__.py")
"""The root lists its public functions, the checker its files; some have the name of a construction."""

OWN_FILES = {"cells": {"equality", "units"}}
"""Cells are what equality is proved of at first, by units."""


@pytest.mark.parametrize("construction", CONSTRUCTIONS)
def test_the_name_of_a_construction_stands_in_its_own_files_alone(construction: str) -> None:
    files = {str(source.relative_to(PACKAGE)) for source in SOURCES if construction in literals(source)}
    made = {Path(inspect.getfile(CONSTRUCTIONS[construction].make)).stem}
    assert {Path(file).stem for file in files - set(PUBLIC_NAMES)} <= OWN_FILES.get(construction, made)


def test_every_class_has_a_name_of_its_own() -> None:
    """Two things, two words; the checker, which stands alone, has its own."""
    homes = [
        node.name
        for source in SOURCES
        if "checker" not in source.relative_to(PACKAGE).parts[0] or source.parent.name == "fast_checker"
        for node in ast.walk(syntax(source))
        if isinstance(node, ast.ClassDef)
    ]
    assert {name: count for name, count in Counter(homes).items() if count > 1} == {}


def test_the_root_is_small() -> None:
    assert len(list(PACKAGE.glob("*.py"))) <= 16
