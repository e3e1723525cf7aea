"""Rows in inputs and outputs as forms of the sources: the outputs are affine in them."""

from collections.abc import Sequence
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import ONE, ZERO, AffineForm
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector


@dataclass(frozen=True, slots=True)
class SourceForm:
    """``constant + inputs . x + sum over hidden s of parts[s] . v_s``; sources that do not occur are left out."""

    constant: mpq
    inputs: Vector
    parts: dict[int, Vector]

    def __call__(self, sources: Sequence[Vector]) -> mpq:
        """The value, from those of all sources."""
        terms = [(self.inputs, sources[0]), *((part, sources[s]) for s, part in self.parts.items())]
        return self.constant + sum((a * v for row, at in terms for a, v in zip(row, at, strict=True)), ZERO)

    def scaled(self, factor: mpq) -> "SourceForm":
        """The form times a number."""
        parts = {source: tuple(factor * a for a in part) for source, part in self.parts.items()}
        return SourceForm(factor * self.constant, tuple(factor * a for a in self.inputs), parts)

    def plus(self, other: "SourceForm") -> "SourceForm":
        """The sum of two forms."""
        parts = dict(self.parts)
        for source, part in other.parts.items():
            parts[source] = _sum(parts.get(source, (ZERO,) * len(part)), part, ONE)
        return SourceForm(self.constant + other.constant, _sum(self.inputs, other.inputs, ONE), parts)


def neuron_forms(network: ReLUNetwork, layer: int) -> tuple[SourceForm, ...]:
    """The pre-activations of a layer, counted from 1.

    >>> neuron_forms(ReLUNetwork.of([([[2]], [1]), ([[3, -1]], [0], [0, 1])]), 2)
    (SourceForm(constant=mpq(0,1), inputs=(mpq(3,1),), parts={1: (mpq(-1,1),)}),)
    """
    chosen = network.layers[layer - 1]
    found = []
    for row, bias in zip(chosen.weight, chosen.bias, strict=True):
        blocks, start = dict[int, Vector](), 0
        for source in chosen.reads:
            blocks[source] = row[start : start + network.widths[source]]
            start += network.widths[source]
        found.append(SourceForm(bias, blocks.pop(0, (ZERO,) * network.inputs), blocks))
    return tuple(found)


def substituted(network: ReLUNetwork, form: AffineForm) -> SourceForm:
    """A form in inputs and outputs as one of the sources."""
    own, coefficients = form.linear[: network.inputs], form.linear[network.inputs :]
    total = SourceForm(form.constant, own, {})
    for a, output in zip(coefficients, neuron_forms(network, len(network.layers)), strict=True):
        total = total.plus(output.scaled(a)) if a else total
    return total


def _sum(one: Vector, other: Vector, factor: mpq) -> Vector:
    return tuple(a + factor * b if b else a for a, b in zip(one, other, strict=True))
