"""Whether one hidden layer is enough for a function, decided from its kinks; and why."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from verishallow.affine import ZERO, AffineForm, AffineMap, plane_of
from verishallow.errors import InputError, KinkError, ProofError
from verishallow.network import Layer, ReLUNetwork, side_by_side
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, point_text, vector
from verishallow.regions.kinks import Kink, kinks
from verishallow.shallow.one_hidden import network_of_neurons, one_hidden_layer
from verishallow.shallow.terms import Term, map_near, pattern_near, sum_of
from verishallow.shallow.vertex_fans import multiples_of_normal


@dataclass(frozen=True, slots=True)
class Jump:
    """The jump of the gradient at a point of a hyperplane.

    ``vectors[o]`` is the gradient of output o where the plane's form is positive, minus that on the other side.
    """

    point: Vector
    vectors: tuple[Vector, ...]

    def __str__(self) -> str:
        return f"at {point_text(self.point)} by {', '.join(map(point_text, self.vectors))}"


@dataclass(frozen=True)
class DepthDecision:
    """How many hidden layers a network's function needs on a domain, and why.

    ``explicit`` is a network with at most one hidden layer that equals the given one. ``least_neurons`` are a lower and
    an upper bound of the number of neurons that one layer needs; they are equal if that number is known. If one layer
    is not enough, ``explicit`` is ``None``, and the gradient jumps differently at two points of ``{plane = 0}``.
    """

    network: ReLUNetwork
    domain: Polyhedron
    explicit: ReLUNetwork | None
    least_neurons: tuple[int, int] | None = None
    plane: AffineForm | None = None
    jumps: tuple[Jump, ...] = ()

    def __bool__(self) -> bool:
        raise InputError("a depth is a number, neither true nor false: ask depth(...).hidden_layers (0, 1 or 2)")

    @property
    def hidden_layers(self) -> int:
        """0: the function is affine; 1: one hidden layer is enough; 2: at least two are needed."""
        return 2 if self.explicit is None else len(self.explicit.hidden)

    @property
    def reason(self) -> str:
        """Why, in one line.

        >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
        >>> decision(modulus, Polyhedron.whole_space(1)).reason
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

    def jumps_differ(self) -> bool:
        """Whether the gradient jumps differently at the two points of "no", recomputed from the network."""
        plane = self.plane
        return (
            plane is not None
            and len({jump.vectors for jump in self.jumps}) > 1
            and all(plane(jump.point) == 0 and self.domain.contains_strictly(jump.point) for jump in self.jumps)
            and all(jump_at(self.network, plane, jump.point) == jump for jump in self.jumps)
        )


def decision(network: ReLUNetwork, usable: Polyhedron) -> DepthDecision:
    """Decide whether a function is affine on a normalised domain, needs one hidden layer, or needs more."""
    found = kinks(network, usable)
    if not found:
        return DepthDecision(network, usable, _affine(map_near(network, usable.interior_point())))
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
    return DepthDecision(network, usable, layer.network, layer.least)


def jump_at(network: ReLUNetwork, plane: AffineForm, point: Iterable[Any]) -> Jump:
    """The jump of a network's gradient at a point of a hyperplane, from the network alone.

    Raises :class:`~verishallow.errors.KinkError` if neurons may bend along other hyperplanes through the point too.

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


def inner_point(kink: Kink) -> Vector:
    """A point of the relative interior of a kink's facet."""
    vertices = [row[1:] for row in kink.generators if row[0]]
    # Rays of any length will do; with largest entry 1 they keep the point near the vertices.
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


def _deeper(network: ReLUNetwork, domain: Polyhedron, plane: AffineForm, points: Sequence[Vector]) -> DepthDecision:
    found = DepthDecision(network, domain, None, None, plane, tuple(jump_at(network, plane, point) for point in points))
    if not found.jumps_differ():
        raise ProofError(f"the jumps on {plane} = 0 do not differ: {found.reason}")
    return found
