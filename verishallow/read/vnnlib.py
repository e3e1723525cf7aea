"""Input constraints of VNN-LIB files, versions 1.0 and 2.0, as a union of polyhedra; outputs are skipped.

Version 1.0 declares the inputs X_0, X_1, ... one by one; version 2.0 declares tensors in ``declare-network``, and names
their entries ``X[0,3]``. Strict inequalities are read as closed: a claim on the closure includes the set itself.
Source: the VNN-LIB standard, https://www.vnnlib.org.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product
from math import prod

from gmpy2 import mpq

from verishallow.errors import DomainError
from verishallow.rationals import Vector, parse_rational
from verishallow.read.places import shown, within

Expression = str | list["Expression"]
TOKEN = re.compile(r";[^\n]*|[()]|[^\s();]+")
MOST_PARTS, MOST_INPUTS, DEEPEST = 1024, 1 << 20, 200

COMPARISONS = {"<=": -1, "<": -1, ">=": 1, ">": 1, "=": 0, "==": 0}
OUTPUT_KINDS = ("declare-output", "declare-hidden")


@dataclass(frozen=True, slots=True)
class Part:
    """One polyhedron of the union: rows ``[b, a1, ..., an]`` with ``b + a.x >= 0``, and rows with ``b + a.x = 0``."""

    inequalities: tuple[Vector, ...] = ()
    equations: tuple[Vector, ...] = ()

    def __add__(self, other: "Part") -> "Part":
        return Part(self.inequalities + other.inequalities, self.equations + other.equations)


@dataclass(frozen=True, slots=True)
class _Linear:
    """A linear expression in the inputs; ``None`` as its row where it names an output."""

    row: tuple[mpq, ...] | None


def parts_of_vnnlib(text: str) -> tuple[Part, ...]:
    """The polyhedra whose union the input constraints of a file describe; rows are over all its inputs.

    >>> one, other = parts_of_vnnlib("(declare-const X_0 Real) (assert (or (<= X_0 -1.5) (>= X_0 2)))")
    >>> one
    Part(inequalities=((mpq(-3,2), mpq(-1,1)),), equations=())
    """
    statements = _parsed(text)
    reader = _Reader(_variables(statements))
    parts = [Part()]
    for number, statement in enumerate(statements, start=1):
        if isinstance(statement, list) and statement[:1] == ["assert"]:
            with within(f"statement {number}", DomainError):
                parts = _conjunction(parts, reader.parts(_only(statement[1:])))
    return tuple(dict.fromkeys(parts))


def _parsed(text: str) -> list[Expression]:
    """The expressions of a file, one a statement."""
    stack: list[list[Expression]] = [[]]
    for word in TOKEN.findall(text):
        if word == "(":
            stack.append([])
            if len(stack) > DEEPEST:
                raise DomainError(f"expressions are nested more than {DEEPEST} deep")
        elif word == ")":
            if len(stack) == 1:
                raise DomainError("a closing parenthesis without an opening one")
            closed = stack.pop()
            stack[-1].append(closed)
        elif not word.startswith(";"):
            stack[-1].append(word)
    if len(stack) > 1:
        raise DomainError("an opening parenthesis without a closing one: the file is cut short")
    return stack[0]


# -------------------------------------------------------------------------------------------- Variables


def _variables(statements: Sequence[Expression]) -> dict[str, int | None]:
    """The position of every input, by its name as it is used; ``None`` for outputs."""
    names: dict[str, int | None] = {}
    inputs = 0
    for number, statement in enumerate(statements, start=1):
        with within(f"statement {number}", DomainError):
            for found, is_input in _declared(statement):
                if found in names:
                    raise DomainError(f"{shown(found)} is declared twice")
                names[found] = inputs if is_input else None
                inputs += is_input
                if len(names) > MOST_INPUTS:
                    raise DomainError(f"more than {MOST_INPUTS} variables are declared")
    if not inputs:
        raise DomainError("expected declarations of inputs, X_0 or declare-input, found none")
    return names


def _declared(statement: Expression) -> Iterator[tuple[str, bool]]:
    match statement:
        case ["declare-const" | "declare-fun", str(name), *_]:
            if not re.fullmatch(r"[XYH]_[0-9]+", name, re.ASCII):
                raise DomainError(f"expected a variable X_i or Y_i, found {shown(name)}")
            yield name, name.startswith("X")
        case ["declare-network", str(_), *declarations]:
            for declaration in declarations:
                yield from _declared(declaration)
        case ["declare-input", str(name), str(_), str(shape), *_]:
            yield from ((entry, True) for entry in _entries(name, shape))
        case [kind, str(name), str(_), str(shape), *_] if kind in OUTPUT_KINDS:
            yield from ((entry, False) for entry in _entries(name, shape))


def _entries(name: str, shape: str) -> Iterator[str]:
    """The names of a tensor's entries, in the order of the last index first; a scalar has one."""
    if not re.fullmatch(r"\[([0-9]+(,[0-9]+)*)?\]", shape, re.ASCII):
        raise DomainError(f"{shown(name)}: expected a shape such as [1,5], found {shown(shape)}")
    sizes = [int(size) for size in shape[1:-1].split(",") if size]
    if any(len(str(size)) > 7 for size in sizes) or prod(sizes) > MOST_INPUTS:
        raise DomainError(f"{shown(name)}: the shape {shown(shape)} has more than {MOST_INPUTS} entries")
    if prod(sizes) == 1:
        yield name
    for index in product(*map(range, sizes)):
        if index or not sizes:
            yield f"{name}[{','.join(map(str, index))}]"


# ------------------------------------------------------------------------------------------- Constraints


class _Reader:
    """Reads formulas over known variables."""

    def __init__(self, names: dict[str, int | None]) -> None:
        self.names = names
        self.inputs = 1 + max(position for position in names.values() if position is not None)

    def parts(self, formula: Expression) -> list[Part]:
        """The union that a formula describes; of conditions on outputs nothing is known, so they leave all points."""
        match formula:
            case ["and", *formulas]:
                parts = [Part()]
                for each in formulas:
                    parts = _conjunction(parts, self.parts(each))
                return parts
            case ["or", *formulas]:
                found = [part for each in formulas for part in self.parts(each)]
                return [Part()] if Part() in found else found
            case [str(sign), *sides] if sign in COMPARISONS:
                return [_chain(COMPARISONS[sign], [self.linear(side) for side in sides])]
        raise DomainError(f"expected and, or, <=, >=, <, > or =, found {shown(_text(formula))}")

    def linear(self, expression: Expression) -> _Linear:
        """A linear expression."""
        match expression:
            case str(name) if name in self.names:
                position = self.names[name]
                return _Linear(None if position is None else self._unit(position))
            case str(number):
                with within(f"expected a declared variable or a number, found {shown(number)}", DomainError):
                    return _Linear((parse_rational(number), *(mpq(0),) * self.inputs))
            case ["+", *terms]:
                return _sum([self.linear(term) for term in terms])
            case ["-", only]:
                return _scaled(self.linear(only), mpq(-1))
            case ["-", first, *others]:
                return _sum([self.linear(first), *(_scaled(self.linear(other), mpq(-1)) for other in others)])
            case ["*", *factors]:
                return self._product([self.linear(factor) for factor in factors])
        raise DomainError(f"expected a linear expression, found {shown(_text(expression))}")

    def _unit(self, position: int) -> tuple[mpq, ...]:
        return tuple(mpq(index == position + 1) for index in range(self.inputs + 1))

    def _product(self, factors: Sequence[_Linear]) -> _Linear:
        total = _Linear((mpq(1), *(mpq(0),) * self.inputs))
        for factor in factors:
            number, other = (factor, total) if _is_constant(factor) else (total, factor)
            if number.row is None or not _is_constant(number):
                raise DomainError("a product of two variables is not linear")
            total = _scaled(other, number.row[0])
        return total


def _is_constant(linear: _Linear) -> bool:
    return linear.row is not None and not any(linear.row[1:])


def _sum(terms: Sequence[_Linear]) -> _Linear:
    rows = [term.row for term in terms if term.row is not None]
    return _Linear(tuple(map(sum, zip(*rows, strict=True))) if len(rows) == len(terms) else None)


def _scaled(linear: _Linear, factor: mpq) -> _Linear:
    return _Linear(None if linear.row is None else tuple(factor * a for a in linear.row))


def _chain(sign: int, sides: Sequence[_Linear]) -> Part:
    """``a <= b <= c``, and likewise; a comparison with an output says nothing of inputs."""
    if len(sides) < 2:
        raise DomainError("a comparison needs two sides")
    part = Part()
    for one, other in pairwise(sides):
        difference = _sum([one, _scaled(other, mpq(-1))])
        if difference.row is not None:
            row = tuple(a * (sign or 1) for a in difference.row)
            part += Part((row,)) if sign else Part((), (row,))
    return part


def _conjunction(parts: Sequence[Part], others: Sequence[Part]) -> list[Part]:
    found = list(dict.fromkeys(one + other for one in parts for other in others))
    if len(found) > MOST_PARTS:
        raise DomainError(f"the union has more than {MOST_PARTS} parts")
    return found


def _only(expressions: Sequence[Expression]) -> Expression:
    if len(expressions) != 1:
        raise DomainError(f"expected one formula, found {len(expressions)}")
    return expressions[0]


def _text(expression: Expression) -> str:
    return expression if isinstance(expression, str) else f"({' '.join(map(_text, expression))})"
