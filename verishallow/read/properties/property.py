"""A property: no point of a domain is unsafe."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.errors import InputError
from verishallow.rationals import Vector, format_rational, vector
from verishallow.read.properties.conjunction import Conjunction


@dataclass(frozen=True, slots=True)
class Property:
    """For all x in D, (x, f(x)) is in none of the conjunctions in ``unsafe``, at least one.

    ``domain`` has rows in the ``inputs`` coordinates of x; those of ``unsafe`` are in x, then in the ``outputs``
    coordinates of f(x) (of two networks side by side: of f(x), then of g(x)). The domain may be unbounded, flat or
    empty. Its rows are kept primitive, those that always hold left out.

    >>> at_least_two = Conjunction.of([[-2, 0, 1]])
    >>> Property.of(1, 1, Conjunction.of([[0, 1], [3, -2], [5, 0]]), [at_least_two]).domain
    Conjunction(forms=(AffineForm(x0), AffineForm(3 - 2*x0)), strict=())
    """

    inputs: int
    outputs: int
    domain: Conjunction
    unsafe: tuple[Conjunction, ...]

    def __post_init__(self) -> None:
        if not self.unsafe:
            raise InputError("property: expected at least one conjunction that is unsafe, found none")
        _require_dimension("the domain", self.domain, self.inputs, "inputs")
        if any(form.is_constant() or form != form.primitive() for form in self.domain.forms):
            raise InputError("the domain: expected primitive integer rows with a linear part; Property.of makes them")
        for number, conjunction in enumerate(self.unsafe):
            place = f"unsafe conjunction {number}"
            _require_dimension(place, conjunction, self.inputs + self.outputs, "inputs and outputs together")

    @classmethod
    def of(cls, inputs: int, outputs: int, domain: Conjunction, unsafe: Iterable[Conjunction]) -> "Property":
        """The property with the rows of its domain made primitive; one that never holds makes a domain empty."""
        pairs = dict.fromkeys((form.primitive(), strict) for form, strict in domain.pairs())
        told = [pair for pair in pairs if not _says_nothing(*pair)]
        if any(form.is_constant() for form, _ in told):
            told = [(form, False) for form in _nowhere(inputs)]
        return cls(inputs, outputs, Conjunction.of_pairs(told), tuple(unsafe))

    def violated_at(self, point: Iterable[Any], outputs: Iterable[Any]) -> int | None:
        """The number of the first unsafe conjunction that a point of the domain is in; ``None`` for none."""
        at = vector(point)
        if not self.domain.contains(at):
            return None
        both: Vector = (*at, *vector(outputs))
        return next((number for number, each in enumerate(self.unsafe) if each.contains(both)), None)

    def expected(self) -> dict[str, Any]:
        """The domain, its strict rows and what is unsafe, in the form that the checker compares.

        >>> Property.of(1, 1, Conjunction.of([[0, 1]], [0]), [Conjunction.of([[-2, 0, 1]])]).expected()
        {'domain': [(0, 1)], 'strict': (0,), 'unsafe': [{'rows': [['-2', '0', '1']], 'strict': []}]}
        """
        unsafe = [
            {"rows": [[format_rational(a) for a in form.row] for form in each.forms], "strict": list(each.strict)}
            for each in self.unsafe
        ]
        rows = [tuple(int(a) for a in form.row) for form in self.domain.forms]
        return {"domain": rows, "strict": self.domain.strict, "unsafe": unsafe}

    def key(self) -> tuple[object, ...]:
        """What it says: properties with one key are the same."""
        return self.inputs, self.outputs, self.domain.key(), frozenset(each.key() for each in self.unsafe)


def _says_nothing(form: AffineForm, strict: bool) -> bool:
    return form.is_constant() and (form.constant > 0 or (form.constant == 0 and not strict))


def _nowhere(inputs: int) -> Iterable[AffineForm]:
    """x_0 >= 1 and x_0 <= 0."""
    rest = (mpq(0),) * (inputs - 1)
    return AffineForm((mpq(-1), mpq(1), *rest)), AffineForm((mpq(0), mpq(-1), *rest))


def _require_dimension(place: str, conjunction: Conjunction, dimension: int, what: str) -> None:
    for form in conjunction.forms:
        if form.dimension != dimension:
            raise InputError(f"{place}: expected rows of {dimension} {what}, found {form.dimension}")
