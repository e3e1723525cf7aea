"""Input constraints of VNN-LIB files, versions 1.0 and 2.0, as a union of polyhedra; outputs are left out, and noted.

What a file says about outputs, alone or together with inputs, leaves all points. Strict inequalities are read as closed
ones, and noted too, and ``!=`` is noted alone: a claim on the closure includes the one on the set itself.
Source: the VNN-LIB standard, https://www.vnnlib.org.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import DomainError, LimitError, RationalError
from verishallow.rationals import MAX_DIGITS, Vector, parse_rational
from verishallow.read.domains.vnnlib_declarations import Declarations, Expression, text_of
from verishallow.read.places import shown, within

MOST_PARTS = 1024
MOST_WORK = 1 << 21
"""Coefficients that may be read, added, multiplied or joined, each counted every time."""

MOST_TEXT = 1 << 26
"""Characters allowed in a file."""

DEEPEST = 200

_TOKEN = re.compile(r';[^\n]*|"(?:[^"\\]|\\.)*"|[()]|[^\s();"\[]*\[[^\]\[();"]*\]|[^\s();"]+|"')
_MOST_BITS = 4 * MAX_DIGITS

_COMPARISONS = {"<=": -1, "<": -1, ">=": 1, ">": 1, "=": 0, "==": 0}
_STRICT = ("<", ">")


@dataclass(frozen=True, slots=True)
class Linear:
    """An affine form of the inputs, ``constant + sum of a x_i`` over the pairs (i, a), i increasing, no a being 0."""

    constant: mpq
    terms: tuple[tuple[int, mpq], ...]

    def at(self, point: Vector) -> mpq:
        """The value at an input."""
        return self.constant + sum(a * point[position] for position, a in self.terms)

    def on(self, inputs: AffineMap) -> AffineForm:
        """The form where each input is an affine form."""
        total = list(AffineForm.zero(inputs.forms[0].dimension).row)
        total[0] += self.constant
        for position, a in self.terms:
            total = [b + a * c if c else b for b, c in zip(total, inputs.forms[position].row, strict=True)]
        return AffineForm(tuple(total))

    def __str__(self) -> str:
        most = 1 + max((position for position, _ in self.terms), default=0)
        weights = dict(self.terms)
        return str(AffineForm((self.constant, *(weights.get(i, mpq(0)) for i in range(most)))))


@dataclass(frozen=True, slots=True)
class Part:
    """One polyhedron of the union: forms that are not negative in it, and forms that vanish.

    Some of the former are ``strict``, and ``nonzero`` forms do not vanish: of a closed set they say nothing.
    """

    inequalities: tuple[Linear, ...] = ()
    equations: tuple[Linear, ...] = ()
    strict: tuple[Linear, ...] = ()
    nonzero: tuple[Linear, ...] = ()

    @property
    def size(self) -> int:
        """The number of coefficients in it."""
        return sum(1 + len(form.terms) for form in (*self.inequalities, *self.equations, *self.nonzero))

    @classmethod
    def all_of(cls, parts: "Sequence[Part]") -> "Part":
        """The intersection of the parts."""
        return cls(
            tuple(dict.fromkeys(form for part in parts for form in part.inequalities)),
            tuple(dict.fromkeys(form for part in parts for form in part.equations)),
            tuple(dict.fromkeys(form for part in parts for form in part.strict)),
            tuple(dict.fromkeys(form for part in parts for form in part.nonzero)),
        )


@dataclass(frozen=True, slots=True)
class InputConstraints:
    """A union of polyhedra, and the number of inputs."""

    inputs: int
    parts: tuple[Part, ...]
    about_outputs: str | None = None


def constraints_of_vnnlib(text: str) -> InputConstraints:
    """The polyhedra whose union the input constraints of a file describe.

    >>> found = constraints_of_vnnlib("(declare-const X_0 Real) (assert (or (<= X_0 -1.5) (>= X_0 2)))")
    >>> found.parts[0].inequalities
    (Linear(constant=mpq(-3,2), terms=((0, mpq(-1,1)),)),)
    """
    reader = _Reader()
    for number, statement in enumerate(_statements(text), start=1):
        with within(f"statement {number}", DomainError):
            reader.take(statement)
    return InputConstraints(reader.declarations.require_inputs(), reader.union(), reader.about_outputs)


def _statements(text: str) -> Iterator[Expression]:
    """The expressions of a file, one per statement."""
    if len(text) > MOST_TEXT:
        raise LimitError(f"expected at most {MOST_TEXT >> 20} MiB of text, found more")
    stack: list[list[Expression]] = []
    for match in _TOKEN.finditer(text):
        if (word := match[0]) == "(":
            stack.append([])
            if len(stack) > DEEPEST:
                raise LimitError(f"expressions are nested more than {DEEPEST} deep")
        elif word == ")":
            if not stack:
                raise DomainError("found a closing parenthesis without an opening one")
            yield from _closed(stack)
        elif word == '"':
            raise DomainError("found a quotation mark without a second one")
        elif not word.startswith(";"):
            _require_open(stack, word).append("".join(word.split()))
    if stack:
        raise DomainError("found an opening parenthesis without a closing one: the file is cut short")


def _closed(stack: list[list[Expression]]) -> Iterator[Expression]:
    """An expression is added to the one around it; an outermost one is a statement."""
    closed = stack.pop()
    if stack:
        stack[-1].append(closed)
    else:
        yield closed


def _require_open(stack: list[list[Expression]], word: str) -> list[Expression]:
    if not stack:
        raise DomainError(f"expected a statement in parentheses, found {shown(word)}")
    return stack[-1]


class _Reader:
    """Reads statements one by one, and keeps constraints that always hold apart from unions."""

    def __init__(self) -> None:
        self.declarations, self.work = Declarations(), 0
        self.common, self.choices = list[Part](), [Part()]
        self.about_outputs: str | None = None

    def take(self, statement: Expression) -> None:
        """Declare variables, or add the constraints of an assertion; other statements are ignored."""
        match statement:
            case ["assert", formula]:
                self._require(self.parts(formula))
            case ["assert", *formulas]:
                raise DomainError(f"expected one formula, found {len(formulas)}")
            case _:
                self.declarations.add(statement)

    def _require(self, parts: Sequence[Part]) -> None:
        if len(parts) == 1:
            self.common += parts
        else:
            self.choices = self._product(self.choices, parts)

    def union(self) -> tuple[Part, ...]:
        """The parts of all assertions together."""
        common = Part.all_of(self.common)
        self._spend(len(self.choices) * common.size)
        return tuple(_apart(Part.all_of([common, choice]) for choice in self.choices))

    # ------------------------------------------------------------------------------------------- Formulas

    def parts(self, formula: Expression) -> list[Part]:
        """The union that a formula describes; a condition on outputs leaves all points."""
        match formula:
            case ["and", *formulas]:
                return self._conjunction([self.parts(each) for each in formulas])
            case ["or", *formulas]:
                return self._disjunction([part for each in formulas for part in self.parts(each)])
            case [str(sign), *sides] if sign in _COMPARISONS:
                return [self._chain(sign, self._sides(formula, sides))]
            case ["!=", one, other]:
                (form,) = self._sides(formula, [["-", one, other]])
                return [Part() if form is None else Part(nonzero=(form,))]
        raise DomainError(f"expected and, or, <=, >=, <, >, = or !=, found {shown(text_of(formula))}")

    def _sides(self, formula: Expression, sides: Sequence[Expression]) -> list[Linear | None]:
        found = [self.linear(side) for side in sides]
        if None in found and self.about_outputs is None:
            self.about_outputs = text_of(formula)
        return found

    def _conjunction(self, unions: Sequence[Sequence[Part]]) -> list[Part]:
        self._spend(sum(part.size for parts in unions for part in parts))
        found = [Part.all_of([part for parts in unions if len(parts) == 1 for part in parts])]
        for parts in unions:
            found = found if len(parts) == 1 else self._product(found, parts)
        return found

    def _disjunction(self, parts: list[Part]) -> list[Part]:
        found = [Part()] if any(not part.size for part in parts) else _apart(parts)
        if len(found) > MOST_PARTS:
            raise LimitError(f"the union has more than {MOST_PARTS} parts")
        return found

    def _product(self, parts: Sequence[Part], others: Sequence[Part]) -> list[Part]:
        self._spend(len(others) * sum(1 + part.size for part in parts) + len(parts) * sum(p.size for p in others))
        return self._disjunction([Part.all_of(both) for both in product(parts, others)])

    def _chain(self, comparison: str, sides: Sequence[Linear | None]) -> Part:
        """``a <= b <= c``, and likewise; a comparison with an output says nothing of inputs."""
        if len(sides) < 2:
            raise DomainError("a comparison needs two sides")
        sign = _COMPARISONS[comparison]
        pairs = [(one, other) for one, other in pairwise(sides) if one is not None and other is not None]
        greater = [(one, other) if sign >= 0 else (other, one) for one, other in pairs]
        forms = tuple(self._sum([one, self._scaled(other, mpq(-1))]) for one, other in greater)
        return Part(forms, strict=forms if comparison in _STRICT else ()) if sign else Part((), forms)

    # ------------------------------------------------------------------------------------------ Expressions

    def linear(self, expression: Expression) -> Linear | None:
        """A linear expression in the inputs; ``None`` for one in which an output occurs."""
        match expression:
            case str(word):
                return self._word(word)
            case ["+", *terms] if terms:
                return self._known(self._sum, terms)
            case ["-", only]:
                return self._known(lambda forms: self._scaled(forms[0], mpq(-1)), [only])
            case ["-", first, *others]:
                return self._known(self._sum, [first, *(["-", other] for other in others)])
            case ["*", *factors] if factors:
                return self._known(self._times, factors)
            case ["/", one, other]:
                return self._known(self._quotient, [one, other])
        raise DomainError(f"expected a linear expression, found {shown(text_of(expression))}")

    def _word(self, word: str) -> Linear | None:
        if re.match("[-+.0-9]", word):
            with within("expected a declared variable or a number", RationalError):
                return Linear(parse_rational(word), ())
        position = self.declarations.position(word)
        return None if position is None else Linear(mpq(0), ((position, mpq(1)),))

    def _known(self, operation: Callable[[list[Linear]], Linear], operands: Iterable[Expression]) -> Linear | None:
        """The result of an operation; ``None`` where an output occurs in an operand."""
        forms = [self.linear(operand) for operand in operands]
        known = [form for form in forms if form is not None]
        return operation(known) if len(known) == len(forms) else None

    def _sum(self, forms: Sequence[Linear]) -> Linear:
        self._spend(sum(1 + len(form.terms) for form in forms))
        constant, total = mpq(0), dict[int, mpq]()
        for form in forms:
            constant = _bounded(constant + form.constant)
            for position, a in form.terms:
                total[position] = _bounded(total.get(position, mpq(0)) + a)
        return Linear(constant, tuple((position, a) for position, a in sorted(total.items()) if a))

    def _scaled(self, form: Linear, factor: mpq) -> Linear:
        self._spend((1 + len(form.terms)) * (1 + _bits(factor) // 256))
        terms = tuple((position, _bounded(factor * a)) for position, a in form.terms if factor)
        return Linear(_bounded(factor * form.constant), terms)

    def _times(self, factors: Sequence[Linear]) -> Linear:
        total = Linear(mpq(1), ())
        for factor in factors:
            number, other = (total, factor) if not total.terms else (factor, total)
            if number.terms:
                raise DomainError("a product of two variables is not linear")
            total = self._scaled(other, number.constant)
        return total

    def _quotient(self, sides: Sequence[Linear]) -> Linear:
        one, other = sides
        if other.terms or not other.constant:
            raise DomainError("expected a division by a number other than 0")
        return self._scaled(one, 1 / other.constant)

    def _spend(self, work: int) -> None:
        self.work += work
        if self.work > MOST_WORK:
            raise LimitError(f"the constraints have more than {MOST_WORK} coefficients, sums and products written out")


def _apart(parts: Iterable[Part]) -> list[Part]:
    """Each part once, whatever the order of its forms; of two that differ in strict forms alone the larger one."""
    found = dict[tuple[frozenset[Linear], ...], list[Part]]()
    for part in parts:
        alike = found.setdefault((frozenset(part.inequalities), frozenset(part.equations)), [])
        if not any(_includes(other, part) for other in alike):
            alike[:] = [*(other for other in alike if not _includes(part, other)), part]
    return [part for alike in found.values() for part in alike]


def _includes(part: Part, other: Part) -> bool:
    """Whether a part with the closure of another one excludes nothing that the other includes."""
    return {*part.strict} <= {*other.strict} and {*part.nonzero} <= {*other.nonzero}


def _bounded(value: mpq) -> mpq:
    if _bits(value) > _MOST_BITS:
        raise LimitError(f"a number needs more than {MAX_DIGITS} digits")
    return value


def _bits(value: mpq) -> int:
    return max(int(value.numerator.bit_length()), int(value.denominator.bit_length()))
