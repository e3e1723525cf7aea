"""Properties written in Python: affine expressions of inputs and outputs, comparisons, unions and intersections.

>>> inputs, outputs = variables(2, 1)
>>> unsafe = (outputs[0] >= 1500) | ((inputs[0] < 0) & (outputs[0] <= 2 * inputs[1]))
>>> asked = property_where(unsafe, domain=(inputs[0] >= -1) & (inputs[0] <= 1))
>>> [conjunction.strict for conjunction in asked.unsafe], asked.domain.forms[0]
([(), (0,)], AffineForm(1 + x0))
"""

from dataclasses import dataclass
from itertools import product
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import InputError, LimitError
from verishallow.rationals import rational
from verishallow.read.places import shown
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property

MOST_PARTS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Expression:
    """An affine form of inputs and outputs; compared with a number or another one it is a condition.

    >>> inputs, outputs = variables(1, 1)
    >>> (2 * outputs[0] - inputs[0] / 3 + 1).form
    AffineForm(1 - 1/3*x0 + 2*x1)
    """

    form: AffineForm
    inputs: int

    def _other(self, value: Any) -> AffineForm:
        if isinstance(value, Expression):
            if (value.form.dimension, value.inputs) != (self.form.dimension, self.inputs):
                raise InputError("expected expressions of the same variables")
            return value.form
        return AffineForm((rational(value), *(mpq(0),) * self.form.dimension))

    def __add__(self, other: Any) -> "Expression":
        return Expression(self.form + self._other(other), self.inputs)

    def __neg__(self) -> "Expression":
        return Expression(-self.form, self.inputs)

    def __sub__(self, other: Any) -> "Expression":
        return Expression(self.form - self._other(other), self.inputs)

    def __rsub__(self, other: Any) -> "Expression":
        return (-self).__add__(other)

    def __mul__(self, factor: Any) -> "Expression":
        if isinstance(factor, Expression):
            raise InputError("a product of two variables is not linear")
        return Expression(self.form.scaled(rational(factor)), self.inputs)

    def __truediv__(self, divisor: Any) -> "Expression":
        if not rational(divisor):
            raise InputError("expected a division by a number other than 0")
        return self.__mul__(1 / rational(divisor))

    __radd__, __rmul__ = __add__, __mul__

    def __ge__(self, other: Any) -> "Condition":
        return self._condition((self.form - self._other(other), False))

    def __gt__(self, other: Any) -> "Condition":
        return self._condition((self.form - self._other(other), True))

    def __le__(self, other: Any) -> "Condition":
        return self._condition((self._other(other) - self.form, False))

    def __lt__(self, other: Any) -> "Condition":
        return self._condition((self._other(other) - self.form, True))

    def equals(self, other: Any) -> "Condition":
        """The condition that both are equal."""
        return self.__ge__(other) & self.__le__(other)

    def differs(self, other: Any) -> "Condition":
        """The condition that they are not."""
        return self.__gt__(other) | self.__lt__(other)

    def _condition(self, pair: tuple[AffineForm, bool]) -> "Condition":
        return Condition((Conjunction.of_pairs([pair]),), self.inputs, self.form.dimension - self.inputs)


@dataclass(frozen=True, slots=True)
class Condition:
    """A union of conjunctions of rows in inputs and outputs: ``|`` unites, ``&`` intersects."""

    parts: tuple[Conjunction, ...]
    inputs: int
    outputs: int

    def __or__(self, other: "Condition") -> "Condition":
        self._require_same(other)
        return Condition((*self.parts, *other.parts), self.inputs, self.outputs)

    def __and__(self, other: "Condition") -> "Condition":
        self._require_same(other)
        if len(self.parts) * len(other.parts) > MOST_PARTS:
            raise LimitError(f"the union has more than {MOST_PARTS} parts")
        both = tuple(one.also(two) for one, two in product(self.parts, other.parts))
        return Condition(both, self.inputs, self.outputs)

    def __bool__(self) -> bool:
        raise InputError("a condition is neither true nor false: combine conditions with & and |, in parentheses")

    def _require_same(self, other: "Condition") -> None:
        if not isinstance(other, Condition) or (other.inputs, other.outputs) != (self.inputs, self.outputs):
            raise InputError(f"expected a condition on the same variables, found {shown(other)}")


def variables(inputs: int, outputs: int) -> tuple[tuple[Expression, ...], tuple[Expression, ...]]:
    """The inputs and the outputs of a network, as expressions."""
    dimension = inputs + outputs
    made = tuple(Expression(AffineForm.coordinate(i, dimension), inputs) for i in range(dimension))
    return made[:inputs], made[inputs:]


def property_where(unsafe: Condition, domain: Condition | None = None) -> Property:
    """The property that ``unsafe`` holds nowhere in a domain, which is one conjunction about inputs alone."""
    n, m = unsafe.inputs, unsafe.outputs
    parts = (Conjunction(),) if domain is None else domain.parts
    if len(parts) != 1:
        raise InputError(
            f"domain: expected one conjunction, found {len(parts)}; put the union into the unsafe condition"
        )
    (part,) = parts
    if any(any(form.linear[n:]) for form in part.forms):
        raise InputError("domain: expected conditions on inputs alone, found an output")
    rows = Conjunction(tuple(AffineForm(form.row[: n + 1]) for form in part.forms), part.strict)
    return Property.of(n, m, rows, unsafe.parts)
