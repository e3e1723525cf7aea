"""Mutants of the checker: its source without one check, or with one comparison that is another."""

import ast
import re
import sys
import types
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, BinaryIO

from tests.checker.source_changes import CHANGES
from verishallow.write.paper.assembled_checker import assembled_checker

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
    "expected_unsafe",
    "expected_conjunction",
    "numbers_below",
    "same_unsafe",
    "told",
    "primitive_of",
    "closed_once",
    "integral",
    "main",
    "report",
    "same_domain",
    "source_number",
    "Judge.meet_expectations",
)
"""Functions of the command line and of what the caller expects; all others judge a certificate."""


COUNTING = ("Relaxation.spend", "Property.neuron_lows", "Property.form_low")
"""Functions that count products: no case has as many as are allowed, and `test_products` makes the limit small."""


@dataclass(frozen=True)
class Mutant:
    """``function`` is where it differs from the checker, ``name`` says how."""

    function: str
    name: str
    source: str

    @property
    def file(self) -> str:
        """The file of the checker in which the function stands, or what is changed outside of all functions."""
        lines = zip(SOURCE.splitlines(), self.source.splitlines(), strict=False)
        number = next((number for number, (line, other) in enumerate(lines) if line != other), 0)
        above = "\n".join(SOURCE.splitlines()[: number + 1])
        names: list[str] = re.findall(r"^# (\w+)\.py -+$", above, re.MULTILINE)
        return names[-1]


def mutants(functions: Iterable[str] = (), but: Iterable[str] = ()) -> list[Mutant]:
    """All mutants in these functions; without any named, in all ``but`` those."""
    every = [*without_a_check(), *without_an_entry(), *with_a_change()]
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


def _text(node: ast.AST) -> str:
    return ast.get_source_segment(SOURCE, node) or ""


def _replaced(node: ast.AST, text: str) -> str:
    start = _offset(node)
    return SOURCE[:start] + text + SOURCE[start + len(_text(node)) :]


def _offset(node: Any) -> int:
    """Where a node begins in the source, which is ASCII."""
    return sum(map(len, SOURCE.splitlines(keepends=True)[: node.lineno - 1])) + int(node.col_offset)


def _without(statement: ast.stmt) -> str:
    lines = SOURCE.splitlines(keepends=True)
    first, last = statement.lineno - 1, statement.end_lineno
    indent = lines[first][: statement.col_offset]
    # A handler that says nothing could try for ever: there the exception itself goes on.
    instead = "raise" if isinstance(statement, ast.Raise) and statement.cause else "pass"
    return "".join([*lines[:first], f"{indent}{instead}\n", *lines[last:]])


def without_an_entry() -> Iterator[Mutant]:
    """One mutant for each entry of a tuple or an object in the lines of the table."""
    for name, value in declarations():
        for node in ast.walk(value):
            for entry, rest in entries(node):
                yield Mutant(name, f"without {entry} in {_text(node).splitlines()[0]}", _replaced(node, rest))


def declarations() -> Iterator[tuple[str, ast.expr]]:
    """The lines of the table, and what they share, by their names."""
    for node in ast.parse(SOURCE).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name in DECLARED or _calls_rules(value):
                yield name, value


DECLARED = ("NODES", "EVERY_HEADER")


def _calls_rules(value: ast.expr) -> bool:
    called = [
        node.func.id for node in ast.walk(value) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    ]
    return "Rules" in called or "replace" in called


def entries(node: ast.AST) -> Iterator[tuple[str, str]]:
    """Each text in a tuple, or each member of an object that has a name, with the source of all others."""
    match node:
        case ast.Tuple(elts=elements):
            for element in elements:
                if isinstance(element, ast.Constant):
                    yield _text(element), "(" + "".join(f"{_text(e)}, " for e in elements if e is not element) + ")"
        case ast.Dict(keys=keys, values=values):
            for name in keys:
                pairs = [(key, value) for key, value in zip(keys, values, strict=True) if key is not name]
                rest = "".join(f"{_text(key)}: {_text(v)}, " if key else f"**{_text(v)}, " for key, v in pairs)
                if name:
                    yield _text(name), "{" + rest + "}"


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


def answer(module: Any, file: BinaryIO) -> tuple[str, ...]:
    """The kind, the reason and the files of a verdict, or the exception that came instead."""
    try:
        chunks = bounded(module.chunks_of(file))
        verdict = module.check_lines(bounded(module.lines_of(chunks)))
    except Exception as error:  # noqa: BLE001 - whatever a mutant raises is its answer
        return "crash", type(error).__name__
    return verdict.kind, verdict.reason, *verdict.files
