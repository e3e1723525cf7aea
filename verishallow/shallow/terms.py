"""Sums of terms ``weight * max(0, form, ...)``: networks with one or two hidden layers and finite weights."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from operator import mul
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO, AffineForm, AffineMap
from verishallow.network import ReLUNetwork, rectified
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import ExtendedRational, Vector, vector
from verishallow.regions.cell_tree import Pattern
from verishallow.shallow.finite_network import FiniteNetwork, sparse
from verishallow.shallow.three_layer import SparseLayer, SparseRow


@dataclass(frozen=True, slots=True)
class Term:
    """``weight * max(0, forms...)`` with one or two forms; the weight is a vector with one entry per output.

    >>> Term((AffineForm.of([1, 2]),), vector([3])).at([5])
    (mpq(33,1),)
    """

    forms: tuple[AffineForm, ...]
    weight: Vector

    def at(self, point: Iterable[Any]) -> Vector:
        """The value at a point."""
        x = vector(point)
        height = max(ZERO, *(form(x) for form in self.forms))
        return tuple(w * height for w in self.weight)

    def balanced(self) -> "Term":
        """The same term with its forms scaled by a power of two, so that their largest coefficient is between 1 and 2.

        Training by gradients works badly on weights of very different sizes.

        >>> Term((AffineForm.of([0, 12]),), vector([1])).balanced()
        Term(forms=(AffineForm(3/2*x0),), weight=(mpq(8,1),))
        """
        size = max(abs(a) for form in self.forms for a in form.linear)
        power = mpq(2) ** (size.numerator.bit_length() - size.denominator.bit_length())
        power = power / 2 if power > size else power
        return Term(tuple(form.scaled(1 / power) for form in self.forms), tuple(power * w for w in self.weight))

    def turned(self, point: Vector) -> "Term":
        """The same term up to an affine map, so that it is 0 at a point and slightly off it (see :func:`pattern_near`).

        >>> Term((AffineForm.of([1, 2]),), vector([3])).turned(vector([0]))
        Term(forms=(AffineForm(-1 - 2*x0),), weight=(mpq(3,1),))
        """
        forms = (AffineForm.zero(len(point)), *self.forms)
        top = max(forms, key=lambda form: _near(form, point, None))
        return Term(tuple(form - top for form in forms if form != top), self.weight)


@dataclass(frozen=True, slots=True)
class SumOfTerms:
    """The sum of an affine map and of terms.

    >>> modulus = SumOfTerms(AffineMap.of([[0, -1]]), (Term((AffineForm.of([0, 1]),), vector([2])),))
    >>> modulus([-3]), modulus.network.widths
    ((mpq(3,1),), (1, 3, 1))
    """

    affine: AffineMap
    terms: tuple[Term, ...]

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The value at a point."""
        x = vector(point)
        return tuple(map(sum, zip(self.affine(x), *(term.at(x) for term in self.terms), strict=True)))

    @property
    def inputs(self) -> int:
        """The number of inputs, n."""
        return self.affine.forms[0].dimension

    @property
    def hidden_layers(self) -> int:
        """Two if a term has two forms, else one."""
        return 2 if any(len(term.forms) > 1 for term in self.terms) else 1

    @property
    def width(self) -> int:
        """The number of units of each hidden layer: ``ReLU(x_i)`` and ``ReLU(-x_i)`` per input, and one per term."""
        return 2 * self.inputs + len(self.terms)

    @property
    def network(self) -> FiniteNetwork:
        """The network as a chain of layers.

        Layer 1 has the units ``ReLU(x_i)``, ``ReLU(-x_i)``, and per term ``ReLU(form)``, or ``ReLU(b - a)`` for two
        forms a, b. Layer 2, if there is one, passes them through, except that ``max(0, a, b) = ReLU(a + ReLU(b - a))``.
        """
        first, last = self._first(), [self._output(output) for output in range(len(self.affine.forms))]
        hidden = [SparseLayer(tuple(sparse(form.linear) for form in first), tuple(f.constant for f in first))]
        if self.hidden_layers > 1:
            rows = [self._second(unit) for unit in range(self.width)]
            hidden.append(SparseLayer(tuple(row for row, _ in rows), tuple(bias for _, bias in rows)))
        biases = tuple(form.constant for form in self.affine.forms)
        return FiniteNetwork(self.inputs, (*hidden, SparseLayer(tuple(map(sparse, last)), biases)))

    def _first(self) -> list[AffineForm]:
        passed = [form for x in AffineMap.identity(self.inputs).forms for form in (x, -x)]
        single = (term.forms[-1] - term.forms[0] if len(term.forms) > 1 else term.forms[0] for term in self.terms)
        return [*passed, *single]

    def _second(self, unit: int) -> tuple[SparseRow, mpq]:
        """The weights of a unit of layer 2, and its bias."""
        number, itself = unit - 2 * self.inputs, (unit, ExtendedRational(ONE))
        if number < 0 or len(self.terms[number].forms) == 1:
            return (itself,), ZERO
        form = self.terms[number].forms[0]
        return (*sparse(sign * a for a in form.linear for sign in (1, -1)), itself), form.constant

    def _output(self, output: int) -> Vector:
        through = (sign * a for a in self.affine.forms[output].linear for sign in (1, -1))
        return (*through, *(term.weight[output] for term in self.terms))


def pattern_near(network: ReLUNetwork, point: Iterable[Any], direction: Vector | None = None) -> Pattern:
    """Which neurons are positive slightly off a point, first along a direction, then along the axes in order.

    That is, at ``point + t direction + t^2 e_1 + t^3 e_2 + ...`` for all small t > 0.

    >>> bend = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    >>> pattern_near(bend, [0]), pattern_near(bend, [0], vector([-1]))
    (((True,),), ((False,),))
    """
    x, sources, pattern = vector(point), [AffineMap.identity(network.inputs)], list[tuple[bool, ...]]()
    for layer in network.hidden:
        forms = layer.on(sources)
        pattern.append(tuple(_first(_near(form, x, direction)) > 0 for form in forms.forms))
        sources.append(rectified(forms, pattern[-1]))
    return tuple(pattern)


def map_near(network: ReLUNetwork, point: Iterable[Any]) -> AffineMap:
    """The affine map of a network slightly off a point, along the axes in order (see :func:`pattern_near`).

    >>> map_near(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]), [0])
    AffineMap(forms=(AffineForm(x0),))
    """
    return network.affine_map_for(pattern_near(network, point))


def sum_of(network: ReLUNetwork, terms: Sequence[Term], domain: Polyhedron) -> SumOfTerms:
    """The sum of the terms and of the affine map by which a network differs from them on a domain, if it is affine.

    >>> bend = ReLUNetwork.of([([[1]], [1]), ([[1]], [0])])
    >>> sum_of(bend, [Term((AffineForm.of([-1, -1]),), vector([1]))], Polyhedron.whole_space(1)).affine
    AffineMap(forms=(AffineForm(1 + x0),))
    """
    point = domain.interior_point()
    whole = map_near(network, point)
    summed = slope_of_terms(terms, network.inputs, network.outputs, point)
    pairs = zip(whole.forms, summed.forms, strict=True)
    return SumOfTerms(AffineMap(tuple(one - other for one, other in pairs)), tuple(terms))


def slope_of_terms(terms: Iterable[Term], inputs: int, outputs: int, point: Vector) -> AffineMap:
    """The affine map of a sum of terms slightly off a point, along the axes in order."""
    total = [AffineForm.zero(inputs) for _ in range(outputs)]
    for term in terms:
        height = max((AffineForm.zero(inputs), *term.forms), key=lambda form: _near(form, point, None))
        total = [form + height.scaled(weight) for form, weight in zip(total, term.weight, strict=True)]
    return AffineMap(tuple(total))


def _near(form: AffineForm, point: Vector, direction: Vector | None) -> tuple[mpq, ...]:
    """A key that orders forms by their values slightly off a point."""
    along = () if direction is None else (sum(map(mul, form.linear, direction), ZERO),)
    return (form(point), *along, *form.linear)


def _first(values: Iterable[mpq]) -> mpq:
    return next((value for value in values if value), ZERO)
