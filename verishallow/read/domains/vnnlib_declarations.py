"""The variables that a VNN-LIB file declares: version 1.0 one by one (X_0, Y_3), version 2.0 as tensors (X[0,3])."""

import re
from dataclasses import dataclass, field
from math import prod

from verishallow.errors import DomainError
from verishallow.read.places import shown

Expression = str | list["Expression"]
"""A word, or a list in parentheses."""

MOST_VARIABLES = 1 << 18

_SINGLE = re.compile(r"([XYH])_(0|[1-9][0-9]{0,8})", re.ASCII)
_SHAPE = re.compile(r"\[((?:0|[1-9][0-9]{0,8})(?:,(?:0|[1-9][0-9]{0,8})){0,15})?\]", re.ASCII)
_KINDS = {"declare-input": True, "declare-output": False, "declare-hidden": False}


@dataclass(frozen=True, slots=True)
class DeclaredTensor:
    """Variables under one name, in row-major order; ``first`` is the number of the first one among the inputs."""

    shape: tuple[int, ...]
    first: int | None
    """``None`` where they are not inputs."""


@dataclass(slots=True)
class Declarations:
    """The variables declared so far.

    >>> declarations = Declarations()
    >>> declarations.add(["declare-network", "f", ["declare-input", "X", "Real", "[2,3]"]])
    >>> declarations.inputs, declarations.position("X[1,0]")
    (6, 3)
    """

    tensors: dict[str, DeclaredTensor] = field(default_factory=dict)
    inputs: int = 0
    others: int = 0
    networks: int = 0
    singly: bool = False

    def add(self, statement: Expression) -> None:
        """Add the variables that a statement declares; a statement that is no declaration is ignored."""
        match statement:
            case ["declare-const", str(name), str(_)] | ["declare-fun", str(name), [], str(_)]:
                self._add_single(name)
            case ["declare-network", str(_), *members]:
                self.networks += 1
                if self.networks > 1:
                    raise DomainError("expected one network, found a second")
                for member in members:
                    self._add_tensor(member)
            case [kind, *_] if isinstance(kind, str) and kind.startswith("declare-"):
                raise DomainError(
                    "expected (declare-const X_0 Real) or (declare-network NAME ...), "
                    f"found {shown(text_of(statement))}"
                )

    def position(self, word: str) -> int | None:
        """The number of an input among the inputs, ``None`` for an output.

        Raises :class:`~verishallow.errors.DomainError` for what is not declared.
        """
        name, bracket, indices = word.partition("[")
        tensor = self.tensors.get(name)
        if tensor is None:
            raise DomainError(f"{shown(word)} is not declared")
        if not bracket and prod(tensor.shape) == 1:
            return tensor.first
        index = _numbers(bracket + indices)
        if index is None or len(index) != len(tensor.shape) or not _within(index, tensor.shape):
            raise DomainError(f"expected an entry of {name}, of shape {list(tensor.shape)}, found {shown(word)}")
        return None if tensor.first is None else tensor.first + _flat(index, tensor.shape)

    def require_inputs(self) -> int:
        """The number of inputs, all of which are declared."""
        if not self.inputs:
            raise DomainError("expected declarations of inputs, X_0 or declare-input, found none")
        missing = [i for i in range(self.inputs) if f"X_{i}" not in self.tensors] if self.singly else []
        if missing:
            raise DomainError(f"X_{missing[0]} is not declared, but an input with a greater number is")
        return self.inputs

    def _add_single(self, name: str) -> None:
        match = _SINGLE.fullmatch(name)
        if not match:
            raise DomainError(f"expected a variable X_0, X_1, ... or Y_0, ..., found {shown(name)}")
        self.singly = True
        self._add(name, DeclaredTensor((), int(match[2]) if match[1] == "X" else None))

    def _add_tensor(self, member: Expression) -> None:
        match member:
            case ["equal-to" | "isomorphic-to", *_]:
                raise DomainError("expected one network, found one that is related to another")
            case [str(kind), str(name), str(_), str(shape), *_] if kind in _KINDS:
                sizes = _numbers(shape)
                if sizes is None or not prod(sizes):
                    raise DomainError(f"{shown(name)}: expected a shape such as [1,5], found {shown(shape)}")
                self._add(name, DeclaredTensor(sizes, self.inputs if _KINDS[kind] else None))
            case _:
                raise DomainError(
                    f"expected (declare-input NAME TYPE [SIZES]) or declare-output, found {shown(text_of(member))}"
                )

    def _add(self, name: str, tensor: DeclaredTensor) -> None:
        if name in self.tensors:
            raise DomainError(f"{shown(name)} is declared twice")
        if tensor.first is None:
            self.others += prod(tensor.shape)
        else:
            self.inputs += prod(tensor.shape)
        if self.inputs + self.others > MOST_VARIABLES:
            raise DomainError(f"{shown(name)}: more than {MOST_VARIABLES} variables are declared")
        if self.singly and self.networks:
            raise DomainError(f"{shown(name)}: expected variables one by one or in a network, found both")
        self.tensors[name] = tensor


def text_of(expression: Expression) -> str:
    """An expression as it is written, as far as an error shows it.

    >>> text_of(["<=", "X_0", ["-", "1"]])
    '(<= X_0 (- 1))'
    """
    return expression if isinstance(expression, str) else f"({' '.join(map(text_of, expression[:20]))})"


def _numbers(text: str) -> tuple[int, ...] | None:
    match = _SHAPE.fullmatch(text)
    return tuple(int(size) for size in (match[1] or "").split(",") if size) if match else None


def _within(index: tuple[int, ...], shape: tuple[int, ...]) -> bool:
    return all(i < size for i, size in zip(index, shape, strict=True))


def _flat(index: tuple[int, ...], shape: tuple[int, ...]) -> int:
    found = 0
    for i, size in zip(index, shape, strict=True):
        found = found * size + i
    return found
