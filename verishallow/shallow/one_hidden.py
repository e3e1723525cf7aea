"""Networks with one hidden layer: one neuron per hyperplane along which the gradient jumps by one vector.

Without these neurons an affine map remains. Turning a neuron round, ``ReLU(h) = ReLU(-h) + h``, changes that map, and
what remains of its linear part costs further neurons. So a choice of sides is searched for that leaves little.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from gmpy2 import mpq

from verishallow.affine import ZERO, AffineForm, AffineMap, pivots, plane_of, row_echelon
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.shallow.terms import SumOfTerms, Term

MOST_TURNED = 20
"""With at most this many neurons, all choices of sides are searched."""


@dataclass(frozen=True, slots=True)
class OneHiddenLayer:
    """``constants + sum of weight * ReLU(form)``, with bounds of the least possible number of such terms.

    ``least`` are a lower and an upper bound, equal if the number is known; the upper one is the number of ``terms``.
    Source for scalar functions on R^n: Dereich & Kassing, arXiv 2108.05643.
    """

    constants: Vector
    terms: tuple[Term, ...]
    least: tuple[int, int]
    inputs: int

    @property
    def network(self) -> ReLUNetwork:
        """The network; without a hidden layer if there is no term."""
        return network_of_neurons(self.inputs, self.constants, [(term.forms[0], term.weight) for term in self.terms])


def network_of_neurons(inputs: int, constants: Vector, neurons: Sequence[tuple[AffineForm, Vector]]) -> ReLUNetwork:
    """``constants + sum of weight * ReLU(form)`` over pairs (form, weight); a weight has one entry per output.

    Without neurons it has no hidden layer.

    >>> network_of_neurons(1, (mpq(1),), [(AffineForm.of([0, 1]), (mpq(3),))])([2])
    (mpq(7,1),)
    """
    if not neurons:
        return ReLUNetwork(inputs, (Layer(((ZERO,) * inputs,) * len(constants), constants, (0,)),))
    rows = tuple(zip(*(weight for _, weight in neurons), strict=True))
    return ReLUNetwork(inputs, (Layer.of_forms(form for form, _ in neurons), Layer(rows, constants, (1,))))


def one_hidden_layer(function: SumOfTerms, domain: Polyhedron) -> OneHiddenLayer:
    """The network of a sum of terms of one form each, on different hyperplanes that meet the interior of the domain.

    >>> line = Polyhedron.whole_space(1)
    >>> bent = SumOfTerms(AffineMap.of([[5, -1]]), (Term((AffineForm.of([0, 2]),), (mpq(1),)),))
    >>> one_hidden_layer(bent, line).least, one_hidden_layer(bent, line).network(["-7"]) == bent(["-7"])
    ((2, 2), True)
    """
    turned, impossible = _sides(function, domain)
    function = _turned(function, turned)
    left = [form.linear for form in function.affine.forms]
    constants, terms = [form.constant for form in function.affine.forms], list(function.terms)
    for direction in row_echelon([row for row in left if any(row)]):
        (column,) = pivots([direction])
        weight = tuple(row[column] for row in left)
        shift = _added(terms, AffineForm((ZERO, *direction)), weight, domain)
        constants = [a + shift * b for a, b in zip(constants, weight, strict=True)]
    terms = [term for term in terms if any(term.weight)]
    low = min(len(function.terms) + impossible, len(terms))
    return OneHiddenLayer(tuple(constants), tuple(terms), (low, len(terms)), function.inputs)


def _added(terms: list[Term], form: AffineForm, weight: Vector, domain: Polyhedron) -> mpq:
    """Add terms whose sum is ``weight * (form - c)`` on the domain; return c."""
    for sign in (1, -1):
        signed = form if sign > 0 else -form
        least = domain.minimise(signed).value
        if least is not None:
            zero = AffineForm((least, *(ZERO,) * form.dimension))
            terms.append(Term((signed - zero,), tuple(sign * w for w in weight)))
            return sign * least
    for number, term in enumerate(terms):
        own = term.forms[0]
        if plane_of(AffineForm((ZERO, *own.linear))) == plane_of(form):
            # ReLU(h) - ReLU(-h) = h: one more neuron on a hyperplane that has one already.
            ratio = next(a / b for a, b in zip(form.linear, own.linear, strict=True) if b)
            share = tuple(ratio * w for w in weight)
            terms[number] = replace(term, weight=tuple(a + b for a, b in zip(term.weight, share, strict=True)))
            terms.append(Term((-own,), tuple(-a for a in share)))
            return -ratio * own.constant
    terms += [Term((form,), weight), Term((-form,), tuple(-w for w in weight))]
    return ZERO


# ------------------------------------------------------------------------------------------------- Sides


def _turned(function: SumOfTerms, turned: Iterable[bool]) -> SumOfTerms:
    """The same function with some neurons turned round: ``w ReLU(h) = w ReLU(-h) + w h``."""
    affine, terms = function.affine, list[Term]()
    for term, other in zip(function.terms, turned, strict=True):
        form = term.forms[0]
        terms.append(Term((-form,), term.weight) if other else term)
        if other:
            forms = zip(affine.forms, term.weight, strict=True)
            affine = AffineMap(tuple(own + form.scaled(weight) for own, weight in forms))
    return SumOfTerms(affine, tuple(terms))


def _sides(function: SumOfTerms, domain: Polyhedron) -> tuple[list[bool], int]:
    """Which neurons to turn round, and how many further neurons are proved to be needed (0, 1 or 2).

    Without a further neuron, the sides must leave no linear part. With one, on all of R^n, it must lie on a hyperplane
    that has a neuron already, since otherwise the function would bend there: so the sides must leave multiples of that
    hyperplane's normal.
    """
    none = [False] * len(function.terms)
    if len(none) > MOST_TURNED:
        return none, 0
    start = [form.linear for form in function.affine.forms]
    added = [[tuple(w * a for a in term.forms[0].linear) for w in term.weight] for term in function.terms]
    if (found := _cancelling(start, added)) is not None:
        return found, 0
    if domain.inequalities:
        return none, 1
    for normal in dict.fromkeys(plane_of(AffineForm((ZERO, *t.forms[0].linear))).linear for t in function.terms):
        if (found := _cancelling(_across(start, normal), [_across(rows, normal) for rows in added])) is not None:
            return found, 1
    return none, 2


def _across(rows: Iterable[Vector], normal: Vector) -> list[Vector]:
    """The rows without their components along a vector."""
    square = sum(a * a for a in normal)
    shares = [(row, sum(a * b for a, b in zip(row, normal, strict=True)) / square) for row in rows]
    return [tuple(a - share * b for a, b in zip(row, normal, strict=True)) for row, share in shares]


def _cancelling(start: Sequence[Vector], added: Sequence[Sequence[Vector]]) -> list[bool] | None:
    """Which of the added matrices add up to minus ``start``, if any: sums of one half meet those of the other."""
    flat = [tuple(a for row in rows for a in row) for rows in added]
    target = tuple(-a for row in start for a in row)
    half = len(flat) // 2
    first = _sums(flat[:half], len(target))
    for chosen, total in _sums(flat[half:], len(target)).values():
        rest = tuple(a - b for a, b in zip(target, total, strict=True))
        if rest in first:
            bits = first[rest][0] | chosen << half
            return [bool(bits >> number & 1) for number in range(len(flat))]
    return None


def _sums(vectors: Sequence[Vector], size: int) -> dict[Vector, tuple[int, Vector]]:
    """The sums of all subsets of the vectors: the subset, as bits, and its sum."""
    found = {(ZERO,) * size: (0, (ZERO,) * size)}
    for number, vector in enumerate(vectors):
        for total, (chosen, _) in list(found.items()):
            larger = tuple(a + b for a, b in zip(total, vector, strict=True))
            found.setdefault(larger, (chosen | 1 << number, larger))
    return found
