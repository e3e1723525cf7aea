"""How many hidden layers a function needs: none, one, or more, decided exactly, with the reason either way.

A function is ``affine + sum of w ReLU(h)`` on a domain just when along each hyperplane H that carries a kink the
gradient jumps by one vector everywhere in the interior of the domain; where there is no kink the jump is 0. So "no" is
two points of one hyperplane with different jumps, and "yes" is a network, proved equal.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from verishallow.affine import ZERO, AffineForm, AffineMap, pivots, plane_of, row_echelon
from verishallow.certificate.certificate import Certificate
from verishallow.claims.finite import Finite
from verishallow.claims.finite import finite as of_finite_weights
from verishallow.claims.one_hidden import OneHidden
from verishallow.errors import InputError, KinkError, ProofError
from verishallow.network import Layer, ReLUNetwork, side_by_side
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import Vector, point_text, vector
from verishallow.read.domains.usable_domain import parts_of, usable_domain
from verishallow.regions.kinks import Kink, kinks
from verishallow.shallow.one_hidden import network_of_neurons, one_hidden_layer
from verishallow.shallow.terms import Term, map_near, pattern_near, sum_of
from verishallow.shallow.vertex_fans import multiples_of_normal
from verishallow.slices import Slice


@dataclass(frozen=True, slots=True)
class Jump:
    """How the gradient jumps at a point of a hyperplane.

    ``vectors[o]`` is the gradient of output o on the side where the plane's form is positive, minus that on the other.
    """

    point: Vector
    vectors: tuple[Vector, ...]

    def __str__(self) -> str:
        return f"at {point_text(self.point)} by {', '.join(map(point_text, self.vectors))}"


@dataclass(frozen=True)
class Depth:
    """How many hidden layers a network's function needs on a domain, and why.

    ``explicit`` is a network with one hidden layer or none that equals the given one; ``least_neurons`` are a lower and
    an upper bound of how many neurons one layer needs, equal where that is known. If one layer is not enough,
    ``explicit`` is ``None``, and at two points of the hyperplane ``{plane = 0}`` the gradient jumps differently.
    """

    network: ReLUNetwork
    domain: Polyhedron
    explicit: ReLUNetwork | None
    least_neurons: tuple[int, int] | None = None
    plane: AffineForm | None = None
    jumps: tuple[Jump, ...] = ()

    @property
    def hidden_layers(self) -> int:
        """0: the function is affine; 1: one hidden layer is enough; 2: at least two are needed."""
        return 2 if self.explicit is None else len(self.explicit.hidden)

    @cached_property
    def certificate(self) -> Certificate:
        """The proof of "yes": the network equals the explicit one on the whole domain.

        Raises :class:`~verishallow.errors.InputError` where more than one hidden layer is needed.
        """
        if self.explicit is None:
            raise InputError(f"no network with one hidden layer equals this one: {self.reason}")
        return prove(self.network, self.domain, claim=OneHidden(self.explicit))

    @property
    def reason(self) -> str:
        """Why, in one line.

        >>> depth(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])).reason
        '2 neurons are enough, and fewer are not'
        """
        if self.explicit is None:
            return f"on the hyperplane {self.plane} = 0 the gradient jumps {' and '.join(map(str, self.jumps))}"
        if self.least_neurons is None:
            forms = self.explicit.layers[0].on([AffineMap.identity(self.network.inputs)]).forms
            return f"the function is affine: {', '.join(map(str, forms))}"
        low, high = self.least_neurons
        fewer = "fewer are not" if low == high else f"fewer than {low} are not"
        return f"{high} neuron{'s are' if high > 1 else ' is'} enough, and {fewer}"

    def holds(self) -> bool:
        """Check the reason again: the proof of "yes"; or the jumps of "no", computed from the network anew."""
        if self.explicit is not None:
            return self.certificate.check().kind == "valid"
        plane = self.plane
        return (
            plane is not None
            and len({jump.vectors for jump in self.jumps}) > 1
            and all(plane(jump.point) == 0 and self.domain.contains_strictly(jump.point) for jump in self.jumps)
            and all(jump_at(self.network, plane, jump.point) == jump for jump in self.jumps)
        )


def depth(network: ReLUNetwork, domain: Polyhedron | str | None = None) -> Depth:
    """Decide whether a network's function is affine on a domain, has one hidden layer, or needs more.

    ``domain`` is full-dimensional; by default all of R^n. With one input one hidden layer is always enough. The least
    number of neurons of scalar functions on R^n: Dereich & Kassing, arXiv 2108.05643.

    >>> from verishallow import ReLUNetwork, depth
    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> depth(maximum).least_neurons
    (3, 3)
    >>> found = depth(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])]))
    >>> found.hidden_layers, found.reason
    (2, 'on the hyperplane x0 = 0 the gradient jumps at (0, 1) by (0, 0) and at (0, -1) by (1, 0)')
    """
    usable = usable_domain(domain, network.inputs)
    found = kinks(network, usable)
    if not found:
        return Depth(network, usable, _affine(map_near(network, usable.interior_point())))
    terms = list[Term]()
    for plane, facets in _by_plane(found).items():
        other = next((facet for facet in facets if facet.jump != facets[0].jump), None)
        if other is not None:
            return _deeper(network, usable, plane, [inner_point(facets[0]), inner_point(other)])
        terms.append(_term(facets[0]).balanced())
    uncovered = kinks(_without(network, terms), usable)
    if uncovered:
        plane = uncovered[0].plane
        covered = next(facet for facet in found if facet.plane == plane)
        return _deeper(network, usable, plane, [inner_point(uncovered[0]), inner_point(covered)])
    layer = one_hidden_layer(sum_of(network, terms, usable), usable)
    return Depth(network, usable, layer.network, layer.least)


def one_hidden(
    network: ReLUNetwork, domain: Polyhedron | str | None = None, embedding: Slice | None = None
) -> OneHidden:
    """The claim that a network equals one with a single hidden layer (or none) on a domain.

    On a slice the domain is one of its parameters, and the network with one hidden layer reads the inputs.
    Raises :class:`~verishallow.errors.InputError` with the reason where more hidden layers are needed.

    >>> from verishallow import ReLUNetwork, prove
    >>> bend = ReLUNetwork.of([([[2]], [0]), ([[-1]], [3]), ([[1]], [0])])
    >>> prove(bend, claim=one_hidden(bend)).counts["units"]
    {'layer1': 2, 'layer2': 0}
    """
    (part,) = parts_of(domain, network.inputs, embedding, most=1)
    found = depth(network if part.slice is None else part.slice.restricted(network), part.polyhedron)
    if found.explicit is None:
        raise InputError(f"one-hidden: this function needs more than one hidden layer: {found.reason}")
    return OneHidden(found.explicit if part.slice is None else _of_inputs(found.explicit, part.slice))


def finite(network: ReLUNetwork, domain: Polyhedron | str | None = None, embedding: Slice | None = None) -> Finite:
    """The claim that a network equals one of finite weights, of one hidden layer for one input and of two for two.

    On a slice (``embedding``) the inputs are its parameters. Exported, it is an ordinary network that can be trained.
    Raises :class:`~verishallow.errors.InputError` for more inputs.

    >>> from verishallow import ReLUNetwork, prove
    >>> corner = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
    >>> certificate = prove(corner, "box:-1,1", claim=finite(corner, "box:-1,1"))
    >>> certificate.check().kind, certificate.finite.widths
    ('valid', (2, 6, 6, 1))
    """
    (part,) = parts_of(domain, network.inputs, embedding, most=1)
    return of_finite_weights(network if part.slice is None else part.slice.restricted(network), part.polyhedron)


def _of_inputs(network: ReLUNetwork, embedding: Slice) -> ReLUNetwork:
    """A network of a slice's parameters as one of the inputs: it first finds the parameters of a point of the slice."""
    forms, size = embedding.embedding.forms, embedding.parameters
    unit = AffineMap.identity(len(forms)).forms
    reduced = row_echelon([(*form.linear, *x.linear) for form, x in zip(forms, unit, strict=True)])
    if pivots(reduced)[:size] != tuple(range(size)):
        raise InputError("one-hidden: expected a slice whose points have one tuple of parameters each, found several")
    inverse = tuple(row[size:] for row in reduced[:size])
    start = tuple(form.constant for form in forms)
    shift = tuple(-sum((a * b for a, b in zip(row, start, strict=True)), ZERO) for row in inverse)
    composed = (
        AffineMap.identity(len(forms)).then(inverse, shift).then(network.layers[0].weight, network.layers[0].bias)
    )
    return ReLUNetwork(len(forms), (Layer.of_forms(composed.forms), *network.layers[1:]))


def enough(inputs: int) -> int:
    """So many hidden layers are enough for every piecewise linear function of so many inputs.

    Sources: arXiv 2503.13001 for two inputs, arXiv 2505.14338 from three on.

    >>> [enough(inputs) for inputs in (1, 2, 3, 4, 5, 10, 11)]
    [1, 2, 2, 2, 3, 3, 4]
    """
    if inputs < 3:
        return inputs
    layers = 0
    while 3**layers < inputs - 1:
        layers += 1
    return layers + 1


def jump_at(network: ReLUNetwork, plane: AffineForm, point: Iterable[Any]) -> Jump:
    """The jump of a network's gradient at a point of a hyperplane, from the network alone.

    Raises :class:`~verishallow.errors.KinkError` where neurons may bend along other hyperplanes through the point too.

    >>> bend = ReLUNetwork.of([([[3]], [0]), ([[-1]], [0])])
    >>> print(jump_at(bend, AffineForm.of([0, 1]), [0]))
    at (0) by (-3)
    """
    x = vector(point)
    if plane(x):
        raise InputError(f"expected a point of the hyperplane {plane} = 0, found {point_text(x)}")
    sides = [_map_beside(network, plane, x, side) for side in (1, -1)]
    pairs = zip(*(side.forms for side in sides), strict=True)
    return Jump(x, tuple((above - below).linear for above, below in pairs))


def _map_beside(network: ReLUNetwork, plane: AffineForm, point: Vector, side: int) -> AffineMap:
    direction = tuple(side * a for a in plane.linear)
    nearby = pattern_near(network, point, direction)
    for layer in network.pre_activations_for(nearby):
        for form in layer:
            if not form(point) and not form.is_constant() and plane_of(form) != plane:
                raise KinkError(f"neurons bend along {form} = 0 too at {point_text(point)}; name another point")
    return network.affine_map_for(nearby)


# ------------------------------------------------------------------------------------------------- Pieces


def inner_point(kink: Kink) -> Vector:
    """A point of the relative interior of a kink's facet."""
    vertices = [row[1:] for row in kink.generators if row[0]]
    # Rays of any length do: those whose largest entry is 1 keep the point near the vertices.
    rays = [tuple(a / max(map(abs, row)) for a in row[1:]) for row in kink.generators if not row[0]]
    mean = [sum(column) / len(vertices) for column in zip(*vertices, strict=True)]
    return tuple(sum(column) for column in zip(mean, *rays, strict=True))


def _term(kink: Kink) -> Term:
    return Term((kink.plane,), multiples_of_normal(kink))


def _by_plane(found: Iterable[Kink]) -> dict[AffineForm, list[Kink]]:
    planes = defaultdict[AffineForm, list[Kink]](list)
    for kink in found:
        planes[kink.plane].append(kink)
    return planes


def _without(network: ReLUNetwork, terms: Sequence[Term]) -> ReLUNetwork:
    """The network minus a sum of terms of one form each."""
    m = network.outputs
    other = network_of_neurons(network.inputs, (ZERO,) * m, [(term.forms[0], term.weight) for term in terms])
    both = side_by_side(network, other)
    weight, bias = both.layers[-1].weight, both.layers[-1].bias
    less = tuple(tuple(a - b for a, b in zip(weight[o], weight[o + m], strict=True)) for o in range(m))
    return ReLUNetwork(network.inputs, (*both.hidden, Layer(less, bias[:m], both.layers[-1].reads)))


def _affine(affine_map: AffineMap) -> ReLUNetwork:
    return ReLUNetwork(affine_map.forms[0].dimension, (Layer.of_forms(affine_map.forms),))


def _deeper(network: ReLUNetwork, domain: Polyhedron, plane: AffineForm, points: Sequence[Vector]) -> Depth:
    found = Depth(network, domain, None, None, plane, tuple(jump_at(network, plane, point) for point in points))
    if not found.holds():
        raise ProofError(f"the jumps on {plane} = 0 do not differ: {found.reason}")
    return found
