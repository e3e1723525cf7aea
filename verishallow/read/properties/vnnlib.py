"""Properties in VNN-LIB files, versions 1.0 and 2.0: what is said of inputs alone is the domain, the rest is unsafe.

A file describes the counterexamples that a property must not have. Conjoined assertions about inputs alone make the
domain; every other one makes the unsafe set, in which a disjunction that has inputs in it keeps them as rows. Strict
rows stay strict, ``!=`` is either side. Source: the VNN-LIB standard, https://www.vnnlib.org.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import DomainError, LimitError
from verishallow.read.domains.vnnlib import MOST_PARTS, MOST_WORK, Linear, _Reader, _statements
from verishallow.read.domains.vnnlib_declarations import MOST_VARIABLES, Declarations, Expression, text_of
from verishallow.read.files import file_bytes, utf8_text
from verishallow.read.places import shown, within
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property

OUTPUTS = MOST_VARIABLES
"""Output i is the variable OUTPUTS + i; inputs are below."""

_SINGLE = re.compile(r"([XYH])_(.*)", re.ASCII | re.DOTALL)

_COMPARISONS = {"<=": (-1, False), "<": (-1, True), ">=": (1, False), ">": (1, True), "=": (0, False), "==": (0, False)}


@dataclass(frozen=True, slots=True)
class Atom:
    """A form of the variables that is at least 0, or above 0."""

    form: Linear
    strict: bool = False

    @property
    def about_inputs(self) -> bool:
        """Whether no output occurs."""
        return all(position < OUTPUTS for position, _ in self.form.terms)


Clause = tuple[Atom, ...]
"""Atoms that hold together."""


def read_property(path: str) -> Property:
    """The property in a VNN-LIB file, gzipped or not.

    Raises :class:`~verishallow.errors.DomainError` that names the file and the statement.
    """
    data = file_bytes(path)
    with within(path, DomainError):
        return property_of_vnnlib(utf8_text(data))


def property_of_vnnlib(text: str) -> Property:
    """The property that a VNN-LIB text describes.

    >>> found = property_of_vnnlib('''(declare-const X_0 Real) (declare-const Y_0 Real)
    ...     (assert (>= X_0 -1)) (assert (<= X_0 0.5)) (assert (> Y_0 2))''')
    >>> found.domain.forms, found.unsafe
    ((AffineForm(1 + x0), AffineForm(1 - 2*x0)), (Conjunction(forms=(AffineForm(-2 + x1),), strict=(0,)),))
    """
    reader = _PropertyReader()
    for number, statement in enumerate(_statements(text), start=1):
        with within(f"statement {number}", DomainError):
            reader.take(statement)
    return reader.property()


@dataclass
class _Outputs:
    """The variables that are outputs, declared as if they were inputs."""

    declared: Declarations = field(default_factory=Declarations)

    def add(self, statement: Expression) -> None:
        match statement:
            case ["declare-const" | "declare-fun" as kind, str(name), *rest]:
                self.declared.add([kind, self._single(name), *rest])
            case ["declare-network", name, *members]:
                self.declared.add(["declare-network", name, *map(self._swapped, members)])

    def position(self, word: str) -> int | None:
        return self.declared.position(self._single(word) if self.declared.singly else word)

    def _single(self, name: str) -> str:
        """Y_0 is X_0 here; inputs get another letter."""
        match = _SINGLE.fullmatch(name)
        return name if match is None else {"Y": "X", "X": "Y", "H": "H"}[match[1]] + "_" + match[2]

    def _swapped(self, member: Expression) -> Expression:
        match member:
            case ["declare-output", *rest]:
                return ["declare-input", *rest]
            case ["declare-input", *rest]:
                return ["declare-hidden", *rest]
        return member


class _PropertyReader(_Reader):
    """Reads statements one by one, outputs as variables too."""

    def __init__(self) -> None:
        super().__init__()
        self.outputs, self.domain, self.unsafe, self.counted = _Outputs(), list[Atom](), list[Clause]([()]), 0

    def take(self, statement: Expression) -> None:
        """Declare variables, or add an assertion."""
        match statement:
            case ["assert", formula]:
                self._assert(self.clauses(formula))
            case ["assert", *formulas]:
                raise DomainError(f"expected one formula, found {len(formulas)}")
            case _:
                self.declarations.add(statement)
                self.outputs.add(statement)

    def _assert(self, clauses: Sequence[Clause]) -> None:
        if len(clauses) == 1:
            self.domain += [atom for atom in clauses[0] if atom.about_inputs]
            self.unsafe = self._both(self.unsafe, [tuple(atom for atom in clauses[0] if not atom.about_inputs)])
        else:
            self.domain += hull(clauses)
            self.unsafe = self._both(self.unsafe, clauses)

    def property(self) -> Property:
        """What all assertions say together."""
        inputs = self.declarations.require_inputs()
        outputs = self.outputs.declared.inputs
        if not outputs:
            raise DomainError("expected declarations of outputs, Y_0 or declare-output, found none")
        self.outputs.declared.require_inputs()
        if not any(not atom.about_inputs for clause in self.unsafe for atom in clause):
            raise DomainError("expected an assertion about outputs, found none: this is a domain, not a property")
        domain = Conjunction.of_pairs((_row(atom.form, inputs, 0), atom.strict) for atom in self.domain)
        unsafe = [
            Conjunction.of_pairs((_row(atom.form, inputs, outputs), atom.strict) for atom in clause)
            for clause in self.unsafe
        ]
        return Property.of(inputs, outputs, domain, unsafe or [_never(inputs, outputs)])

    # ------------------------------------------------------------------------------------------- Formulas

    def clauses(self, formula: Expression) -> list[Clause]:
        """A formula as a disjunction of conjunctions."""
        match formula:
            case ["and", *formulas]:
                found: list[Clause] = [()]
                for each in formulas:
                    found = self._both(found, self.clauses(each))
                return found
            case ["or", *formulas]:
                return self._few(clause for each in formulas for clause in self.clauses(each))
            case [str(sign), *sides] if sign in _COMPARISONS:
                return [self._compared(*_COMPARISONS[sign], [self._form(side) for side in sides])]
            case ["!=", one, other]:
                pair = [self._form(one), self._form(other)]
                return [self._compared(sign, True, pair) for sign in (-1, 1)]
        raise DomainError(f"expected and, or, <=, >=, <, >, = or !=, found {shown(text_of(formula))}")

    def _both(self, one: Sequence[Clause], other: Sequence[Clause]) -> list[Clause]:
        if len(one) * len(other) > MOST_PARTS:
            raise LimitError(f"the union has more than {MOST_PARTS} parts")
        return self._few(tuple(dict.fromkeys((*a, *b))) for a, b in product(one, other))

    def _few(self, clauses: Iterable[Clause]) -> list[Clause]:
        found = list(dict.fromkeys(clauses))
        self.counted += sum(1 + len(atom.form.terms) for clause in found for atom in clause)
        if self.counted > MOST_WORK or len(found) > MOST_PARTS:
            raise LimitError(
                f"the unsafe set has more than {MOST_PARTS} parts, or {MOST_WORK} coefficients written out"
            )
        return found

    def _compared(self, sign: int, strict: bool, sides: Sequence[Linear]) -> Clause:
        """``a <= b <= c``, and likewise."""
        if len(sides) < 2:
            raise DomainError("a comparison needs two sides")
        pairs = [(a, b) if sign >= 0 else (b, a) for a, b in pairwise(sides)]
        pairs += [(b, a) for a, b in pairwise(sides)] if sign == 0 else []
        return tuple(Atom(self._sum([one, self._scaled(other, mpq(-1))]), strict) for one, other in pairs)

    def _form(self, expression: Expression) -> Linear:
        form = self.linear(expression)
        if form is None:
            raise DomainError(f"expected inputs and outputs, found {shown(text_of(expression))}")
        return form

    def _word(self, word: str) -> Linear | None:
        found = super()._word(word)
        if found is not None:
            return found
        position = self.outputs.position(word)
        if position is None:
            raise DomainError(f"{shown(word)} is a hidden variable: expected inputs and outputs alone")
        return Linear(mpq(0), ((OUTPUTS + position, mpq(1)),))


def hull(clauses: Sequence[Clause]) -> list[Atom]:
    """The sides of a box around the boxes of all clauses, where each has them."""
    sides = [_sides(clause) for clause in clauses]
    common = set[tuple[int, int]]().union(*sides).intersection(*sides) if sides else set[tuple[int, int]]()
    return [Atom(Linear(-min(sign * each[i, sign] for each in sides), ((i, mpq(sign)),))) for i, sign in sorted(common)]


def _sides(clause: Clause) -> dict[tuple[int, int], mpq]:
    """The tightest bounds of single inputs, by (input, 1: low or -1: high)."""
    found = dict[tuple[int, int], mpq]()
    for atom in clause:
        if len(atom.form.terms) == 1 and atom.about_inputs:
            ((i, a),) = atom.form.terms
            bound, sign = -atom.form.constant / a, 1 if a > 0 else -1
            found[i, sign] = sign * max(sign * found.get((i, sign), bound), sign * bound)
    return found


def _row(form: Linear, inputs: int, outputs: int) -> AffineForm:
    row = [mpq(0)] * (1 + inputs + outputs)
    row[0] = form.constant
    for position, a in form.terms:
        row[1 + position if position < OUTPUTS else 1 + inputs + position - OUTPUTS] = a
    return AffineForm(tuple(row))


def _never(inputs: int, outputs: int) -> Conjunction:
    """What holds nowhere."""
    return Conjunction((AffineForm((mpq(-1), *(mpq(0),) * (inputs + outputs))),))
