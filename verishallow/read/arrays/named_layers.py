"""Dense layers from named arrays: the names give the order of the layers, and nothing is guessed.

Two naming schemes are read. One is ``W1, b1, W2, b2, ...`` (also from 0; also w, weight, weights and b, bias, biases;
``weight_1`` too). The other is ``0.weight, 0.bias, 2.weight, ...`` as in torch's state dictionaries, perhaps with one
prefix, as in ``layers.0.weight`` or ``fc1.weight``. A weight has one row per output; a missing bias is zero; ReLU
stands between the layers.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from verishallow.affine import ZERO
from verishallow.errors import NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read.arrays.exact_arrays import Array, exact_matrix, exact_vector, require_sizes
from verishallow.read.places import shown

_NUMBERED = re.compile(r"(?:(W|w|weights?)|b|bias|biases)_?([0-9]{1,4})", re.ASCII)
_DOTTED = re.compile(r"(.*?(?<![0-9]))([0-9]{1,4})\.(?:(weight)|bias)", re.ASCII)

EXPECTED = "W1, b1, W2, b2, ... or 0.weight, 0.bias, 2.weight, ... (perhaps with a prefix)"


class _LayerPlace(NamedTuple):
    """The place that a name gives an array: a prefix (None: W1, b1) and a number."""

    prefix: str | None
    number: int
    is_weight: bool


@dataclass(frozen=True, slots=True)
class _Dense:
    """The names of a layer's arrays."""

    weight: str
    bias: str | None


def network_from_arrays(arrays: Mapping[str, Array]) -> ReLUNetwork:
    """The network whose dense layers are these arrays, in the order of their names, ReLU between them.

    Raises :class:`~verishallow.errors.NetworkError` where the names do not settle the order, or what stands between.

    >>> import numpy as np
    >>> arrays = {"W1": np.array([[1], [-1]]), "b1": np.array([0, 0]), "W2": np.array([[1, 0.5]])}
    >>> network_from_arrays(arrays)([-3])
    (mpq(3,2),)
    """
    require_sizes(array.size for array in arrays.values())
    named = _in_order(arrays)
    _require_chain(arrays, named)
    layers = tuple(_layer(arrays, dense, number) for number, dense in enumerate(named))
    return ReLUNetwork(len(layers[0].weight[0]), layers)


def _in_order(names: Iterable[str]) -> list[_Dense]:
    places = _places(names)
    weights = {place.number: name for place, name in places.items() if place.is_weight}
    biases = {place.number: name for place, name in places.items() if not place.is_weight}
    for number, name in biases.items():
        if number not in weights:
            raise NetworkError(f"{shown(name)}: expected a weight with the same number, found none")
    _require_alternation(next(iter(places)).prefix, sorted(weights), weights)
    return [_Dense(weights[number], biases.get(number)) for number in sorted(weights)]


def _places(names: Iterable[str]) -> dict[_LayerPlace, str]:
    places: dict[_LayerPlace, str] = {}
    for name in names:
        place = _place(name)
        if place in places:
            raise NetworkError(f"expected one array for each place, found {shown(places[place])} and {shown(name)}")
        places[place] = name
    if not places:
        raise NetworkError(f"expected arrays named {EXPECTED}, found none")
    _require_one_naming(places)
    return places


def _place(name: str) -> _LayerPlace:
    if match := _NUMBERED.fullmatch(name):
        return _LayerPlace(None, int(match[2]), match[1] is not None)
    if match := _DOTTED.fullmatch(name):
        return _LayerPlace(match[1], int(match[2]), match[3] is not None)
    raise NetworkError(f"expected arrays named {EXPECTED}, found {shown(name)}")


def _require_one_naming(places: Mapping[_LayerPlace, str]) -> None:
    (first, name), *others = places.items()
    for place, other in others:
        if place.prefix != first.prefix:
            raise NetworkError(f"expected one naming, found {shown(name)} and {shown(other)}: their order is not known")


def _require_alternation(prefix: str | None, numbers: Sequence[int], names: Mapping[int, str]) -> None:
    """Refuse numbers from which it is unclear whether exactly a ReLU stands between the layers."""
    if numbers[0] > 1:
        raise NetworkError(f"expected layers numbered from 0 or 1, found {shown(names[numbers[0]])} first")
    # In a bare Sequential each module counts, the ReLU too; elsewhere names may count the dense layers alone.
    steps = {None: {1}, "": {2}}.get(prefix, {1, 2})
    for before, after in pairwise(numbers):
        if after - before not in steps or after - before != numbers[1] - numbers[0]:
            raise NetworkError(
                f"{shown(names[before])} and {shown(names[after])}: their numbers leave open what stands between them; "
                f"expected steps of {' or of '.join(map(str, sorted(steps)))}, with a ReLU between; "
                "rename them, or load the model object itself"
            )


def _require_chain(arrays: Mapping[str, Array], named: Sequence[_Dense]) -> None:
    columns = None
    for dense in named:
        shape = arrays[dense.weight].shape
        if len(shape) != 2 or 0 in shape:
            raise NetworkError(
                f"{shown(dense.weight)}: expected a matrix, one row per output, found shape {list(shape)}; "
                "only dense layers are known by their names alone"
            )
        if columns not in (None, shape[1]):
            raise NetworkError(
                f"{shown(dense.weight)}: expected one row per output and {columns} columns, the outputs of the layer "
                f"before, found shape {list(shape)}"
            )
        if dense.bias is not None and arrays[dense.bias].shape != shape[:1]:
            raise NetworkError(
                f"{shown(dense.bias)}: expected shape {[shape[0]]}, found {list(arrays[dense.bias].shape)}"
            )
        columns = shape[0]


def _layer(arrays: Mapping[str, Array], dense: _Dense, reads: int) -> Layer:
    weight = exact_matrix(arrays[dense.weight], shown(dense.weight))
    return Layer(weight, _bias(arrays, dense.bias, len(weight)), (reads,))


def _bias(arrays: Mapping[str, Array], name: str | None, width: int) -> Vector:
    return (ZERO,) * width if name is None else exact_vector(arrays[name], shown(name))
