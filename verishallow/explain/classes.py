"""Classes: the class of a point is the output that is greatest there; of a single output, whether it is positive.

The scores of the classes are the outputs; a single output y gives the two scores 0 (class 0) and y (class 1).
"""

from collections.abc import Iterable, Sequence
from typing import Any

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO, AffineForm, AffineMap
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector
from verishallow.read import load
from verishallow.read.sources import Model

Winners = tuple[int, ...]
"""The classes with the greatest score, increasing; several where they tie."""


def class_count(network: Model) -> int:
    """The number of classes: that of the outputs, but 2 for a single one."""
    return max(load(network).outputs, 2)


def scores(outputs: Vector) -> Vector:
    """The scores of the classes, computed from the outputs."""
    return outputs if len(outputs) > 1 else (ZERO, *outputs)


def score_forms(affine_map: AffineMap) -> tuple[AffineForm, ...]:
    """The scores of the classes as affine forms."""
    forms = affine_map.forms
    return forms if len(forms) > 1 else (AffineForm.zero(forms[0].dimension), *forms)


def winners(values: Sequence[mpq]) -> Winners:
    """The classes with the greatest score.

    >>> winners((mpq(1), mpq(3), mpq(3)))
    (1, 2)
    """
    greatest = max(values)
    return tuple(index for index, value in enumerate(values) if value == greatest)


def classes_at(network: Model, point: Iterable[Any]) -> Winners:
    """The class of a point; several where they tie.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [-2])])
    >>> classes_at(modulus, [1]), classes_at(modulus, [2]), classes_at(modulus, [3])
    ((0,), (0, 1), (1,))
    """
    return winners(scores(load(network)(point)))


def comparing(network: ReLUNetwork) -> ReLUNetwork:
    """The same function with extra hidden neurons that compare its scores, so that one class wins on every region.

    Neuron k of them, alone in its layer, is ``ReLU(score_k - max(score_0, ..., score_(k-1)))``: that maximum is
    score_0 plus all neurons before it. No output reads them.
    """
    last, first = network.layers[-1], len(network.layers)
    rows, bias = last.weight, scores(last.bias)
    if network.outputs == 1:
        rows = ((ZERO,) * len(rows[0]), *rows)
    layers = list(network.hidden)
    for k in range(1, len(rows)):
        weight = tuple(a - b for a, b in zip(rows[k], rows[0], strict=True))
        before = tuple(range(first, first + k - 1))
        layers.append(Layer(((*weight, *(-ONE,) * (k - 1)),), (bias[k] - bias[0],), (*last.reads, *before)))
    return ReLUNetwork(network.inputs, (*layers, last))


def winners_text(won: Winners, outputs: Sequence[str]) -> str:
    """The classes that win, by the names of the outputs; of a single output, its sign.

    >>> winners_text((0, 2), ("cat", "dog", "owl")), winners_text((1,), ("y",)), winners_text((0, 1), ("y",))
    ('cat = owl', 'y > 0', 'y = 0')
    """
    if len(outputs) > 1:
        return " = ".join(outputs[number] for number in won)
    return f"{outputs[0]} {'= 0' if len(won) > 1 else '> 0' if won[0] else '< 0'}"


def winners_of(signs: Sequence[int]) -> Winners:
    """The classes that win on a region, from the signs of the comparing neurons there.

    >>> winners_of([1, -1]), winners_of([-1, 0]), winners_of([0, 1])
    ((1,), (0, 2), (2,))
    """
    leaders = [0]
    for challenger, sign in enumerate(signs, start=1):
        if sign >= 0:
            leaders = [challenger] if sign > 0 else [*leaders, challenger]
    return tuple(leaders)
