"""Mutants of the checker: its source without one check, or with one comparison that is another."""

import ast
import sys
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from tests.checker.source_changes import CHANGES
from verishallow.write.assembled_checker import assembled_checker

SOURCE = assembled_checker().decode()
Function = tuple[str, ast.FunctionDef]


def functions_of(body: Iterable[ast.stmt], prefix: str = "") -> Iterator[Function]:
    """The functions and the methods, by their dotted names."""
    for node in body:
        if isinstance(node, ast.FunctionDef):
            yield prefix + node.name, node
        elif isinstance(node, ast.ClassDef):
            yield from functions_of(node.body, f"{prefix}{node.name}.")


FUNCTIONS = list(functions_of(ast.parse(SOURCE).body))
COMMAND = (
    "exact",
    "read_json",
    "expected_network",
    "expected_domain",
    "expected_slice",
    "main",
    "Judge.meet_expectations",
)
"""Functions of the command line and of what the caller expects; all others judge a certificate."""


@dataclass(frozen=True)
class Mutant:
    """``function`` is where it differs from the checker, ``name`` says how."""

    function: str
    name: str
    source: str


def mutants(functions: Iterable[str] = (), but: Iterable[str] = ()) -> list[Mutant]:
    """All mutants in these functions; without any named, in all ``but`` those."""
    every = [*without_a_check(), *with_a_change()]
    return [mutant for mutant in every if mutant.function in functions or (but and mutant.function not in but)]


def without_a_check() -> Iterator[Mutant]:
    """One mutant for each ``require(...)`` statement and each ``raise Invalid(...)``."""
    for function, statement in checks():
        yield Mutant(function, f"without {_text(statement).splitlines()[0]}", _without(statement))


def checks() -> Iterator[tuple[str, ast.stmt]]:
    for name, function in FUNCTIONS:
        if name != "require":
            statements = [node for node in ast.walk(function) if isinstance(node, ast.stmt)]
            yield from ((name, node) for node in statements if _is_check(node))


def _is_check(node: ast.stmt) -> bool:
    match node:
        case ast.Expr(value=ast.Call(func=ast.Name(id="require"))):
            return True
        case ast.Raise(exc=ast.Call(func=ast.Name(id="Invalid"))):
            return True
    return False


def _text(node: ast.stmt) -> str:
    return ast.get_source_segment(SOURCE, node) or ""


def _without(statement: ast.stmt) -> str:
    lines = SOURCE.splitlines(keepends=True)
    first, last = statement.lineno - 1, statement.end_lineno
    indent = lines[first][: statement.col_offset]
    # A handler that says nothing could try for ever: there the exception itself goes on.
    instead = "raise" if isinstance(statement, ast.Raise) and statement.cause else "pass"
    return "".join([*lines[:first], f"{indent}{instead}\n", *lines[last:]])


def with_a_change() -> Iterator[Mutant]:
    for function, old, new in CHANGES:
        name, body = named(function) if function else ("", SOURCE)
        changed = SOURCE.replace(body, body.replace(old, new)) if body.count(old) == 1 else SOURCE
        yield Mutant(name, f"{old!r} is {new!r}", changed)


def named(function: str) -> tuple[str, str]:
    """The dotted name and the source of the only function with this name; nothing where there are several."""
    found = [(name, _text(node)) for name, node in FUNCTIONS if name == function or name.endswith(f".{function}")]
    return found[0] if len(found) == 1 else (function, "")


# -------------------------------------------------------------------------------------- Running a mutant

STEPS = 10_000
"""More pieces of a file than any case has: a mutant that reads on for ever runs out of them."""


class EndlessError(Exception):
    """A mutant does not stop."""


def loaded(source: str) -> Any:
    module = types.ModuleType("mutated_checker")
    sys.modules[module.__name__] = module
    exec(compile(source, module.__name__, "exec"), module.__dict__)  # noqa: S102 - our own source, changed in one place
    return module


def bounded(items: Iterator[bytes]) -> Iterator[bytes]:
    yield from islice(items, STEPS)
    if next(items, None) is not None:
        raise EndlessError


def answer(module: Any, file: BinaryIO) -> tuple[str, str]:
    """The kind and the reason of a verdict, or the exception that came instead."""
    try:
        chunks = bounded(module.chunks_of(file))
        verdict = module.check_lines(bounded(module.lines_of(chunks)))
    except Exception as error:  # noqa: BLE001 - whatever a mutant raises is its answer
        return "crash", type(error).__name__
    return verdict.kind, verdict.reason
