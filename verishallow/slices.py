"""Slices: networks restricted, exactly, to an affine subspace of their inputs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self

from verishallow.affine import AffineForm, AffineMap, pivots, rank, row_echelon
from verishallow.errors import DomainError, NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector


@dataclass(frozen=True, slots=True)
class Slice:
    """The affine map ``R^k -> R^n`` whose image is the slice; its k arguments are the parameters.

    >>> Slice.line([0, 0], [2, 1]).affine_map(["1/2"])
    (mpq(1,1), mpq(1,2))
    """

    affine_map: AffineMap

    @classmethod
    def of(cls, rows: Iterable[Iterable[Any]]) -> Self:
        """The slice whose inputs are the affine forms ``[b, a1, ..., ak]`` of the parameters."""
        return cls(AffineMap.of(rows))

    @classmethod
    def line(cls, start: Iterable[Any], end: Iterable[Any]) -> Self:
        """The line through two points, which have the parameters 0 and 1."""
        return cls._through([vector(start), vector(end)])

    @classmethod
    def plane(cls, origin: Iterable[Any], first: Iterable[Any], second: Iterable[Any]) -> Self:
        """The plane through three points, which have the parameters (0, 0), (1, 0) and (0, 1)."""
        return cls._through([vector(origin), vector(first), vector(second)])

    @classmethod
    def _through(cls, points: Sequence[Vector]) -> Self:
        origin, *others = points
        if any(len(point) != len(origin) for point in others):
            raise DomainError(f"slice: expected points of one dimension, found {[len(point) for point in points]}")
        directions = [tuple(b - a for a, b in zip(origin, point, strict=True)) for point in others]
        if rank(directions) < len(directions):
            raise DomainError(
                "slice: expected points that span it, found " + ("three on a line" if others[1:] else "P = Q")
            )
        return cls(AffineMap(tuple(map(AffineForm, zip(origin, *directions, strict=True)))))

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The names of the parameters: ``t0``, ``t1``, ..."""
        return tuple(f"t{index}" for index in range(self.parameters))

    @property
    def parameters(self) -> int:
        """The number of parameters, k."""
        return self.affine_map.forms[0].dimension

    @property
    def inputs(self) -> int:
        """The number of inputs, n."""
        return len(self.affine_map.forms)

    def after(self, inner: "Slice") -> "Slice":
        """The slice of the inputs that another slice of this one's parameters gives."""
        rows = [form.linear for form in self.affine_map.forms]
        return Slice(inner.affine_map.then(rows, tuple(form.constant for form in self.affine_map.forms)))

    def pulled_back(self, forms: Sequence[AffineForm]) -> tuple[AffineForm, ...]:
        """Affine forms of the inputs as forms of the parameters.

        >>> Slice.line([0, 0], [2, 1]).pulled_back([AffineForm.of([1, 1, -1])])
        (AffineForm(1 + x0),)
        """
        if not forms:
            return ()
        return self.affine_map.then([form.linear for form in forms], tuple(form.constant for form in forms)).forms

    def preimage(self, domain: Polyhedron) -> Polyhedron:
        """The parameters of the points of the slice that lie in a polyhedron."""
        return Polyhedron(self.parameters, self.pulled_back(domain.inequalities))

    def restricted(self, network: ReLUNetwork) -> ReLUNetwork:
        """The network on the slice, as a network of the parameters; no neuron is added.

        >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
        >>> Slice.line([0, 0], [1, 2]).restricted(maximum)(["3"])
        (mpq(6,1),)
        """
        if network.inputs != self.inputs:
            raise NetworkError(f"slice: expected a network with {self.inputs} inputs, found {network.inputs}")
        return replace(network, inputs=self.parameters, layers=tuple(map(self._restricted_layer, network.layers)))

    def _restricted_layer(self, layer: Layer) -> Layer:
        if layer.reads[0] != 0:
            return layer
        own = [row[: self.inputs] for row in layer.weight]
        composed = self.affine_map.then(own, layer.bias).forms
        rows = [(*form.linear, *row[self.inputs :]) for form, row in zip(composed, layer.weight, strict=True)]
        return Layer(tuple(rows), tuple(form.constant for form in composed), layer.reads)


def affine_hull(equations: Sequence[AffineForm], dimension: int) -> Slice | None:
    """The slice where forms vanish, with some coordinates as parameters; ``None`` if it has at most one point.

    >>> hull = affine_hull([AffineForm.of([-1, 0, 2])], 2)
    >>> hull.affine_map
    AffineMap(forms=(AffineForm(x0), AffineForm(1/2)))
    """
    rows = row_echelon([(*form.linear, -form.constant) for form in equations])
    leading = pivots(rows)
    free = [i for i in range(dimension) if i not in leading]
    if dimension in leading or not free:
        return None
    forms = {i: AffineForm((row[-1], *(-row[j] for j in free))) for i, row in zip(leading, rows, strict=True)}
    forms |= {i: AffineForm.coordinate(position, len(free)) for position, i in enumerate(free)}
    return Slice(AffineMap(tuple(forms[i] for i in range(dimension))))
