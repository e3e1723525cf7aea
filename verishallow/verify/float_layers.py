"""A network and the rows of a property in floating point: an oracle; what it says is proved again exactly."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from verishallow.affine import AffineForm
from verishallow.network import ReLUNetwork
from verishallow.verify.outputs import SourceForm, neuron_forms, substituted

Array = NDArray[np.float64]

LARGEST = 10**100
"""Numbers beyond are cut off: floats only say what to try."""


@dataclass(frozen=True, slots=True)
class FloatForms:
    """Forms of the sources, one per line: constants, and per source (0: the input) a matrix of coefficients."""

    constant: Array
    parts: dict[int, Array]

    @classmethod
    def of(cls, forms: Sequence[SourceForm], widths: Sequence[int]) -> Self:
        """The nearest floats."""
        sources = sorted({source for form in forms for source in form.parts})
        parts = {s: np.array([_floats(form.parts.get(s, (0,) * widths[s])) for form in forms]) for s in sources}
        inputs = np.array([_floats(form.inputs) for form in forms]).reshape(len(forms), widths[0])
        return cls(np.array(_floats(form.constant for form in forms)), {0: inputs, **parts})

    def of_rows(self, rows: Any) -> "FloatForms":
        """Some of them."""
        return FloatForms(self.constant[rows], {source: part[rows] for source, part in self.parts.items()})

    def values(self, sources: Sequence[Array]) -> Array:
        """Their values, one line per point, from those of all sources."""
        total: Array = self.constant + sum(sources[s] @ part.T for s, part in self.parts.items())
        return total


@dataclass(frozen=True, slots=True)
class FloatLayers:
    """The hidden layers as forms of their sources, and the unsafe conjunctions likewise.

    ``rows`` are the rows of all conjunctions, one below the other; ``owner`` says whose each is.
    """

    widths: tuple[int, ...]
    hidden: tuple[FloatForms, ...]
    rows: FloatForms
    owner: NDArray[np.intp]
    conjunctions: int

    @classmethod
    def of(cls, network: ReLUNetwork, unsafe: Sequence[Sequence[AffineForm]]) -> Self:
        """The floats of a network, and of rows in inputs and outputs."""
        widths = network.widths[:-1]
        hidden = tuple(FloatForms.of(neuron_forms(network, k), widths) for k in range(1, len(network.layers)))
        rows = [substituted(network, form) for conjunction in unsafe for form in conjunction]
        owner = [number for number, conjunction in enumerate(unsafe) for _ in conjunction]
        return cls(widths, hidden, FloatForms.of(rows, widths), np.array(owner, dtype=np.intp), len(unsafe))

    def sources(self, points: Array) -> tuple[list[Array], list[Array]]:
        """At points, one per line: the values of all sources, and the pre-activations of the hidden layers."""
        values, before = [points], list[Array]()
        for layer in self.hidden:
            before.append(layer.values(values))
            values.append(np.maximum(before[-1], 0.0))
        return values, before

    def margins(self, points: Array) -> Array:
        """Per point and conjunction the least of its rows: unsafe where that is not negative."""
        return self.least_rows(self.rows.values(self.sources(points)[0]))

    def least_rows(self, values: Array) -> Array:
        """The least value of the rows of each conjunction; infinite for the one without rows."""
        found = np.full((len(values), self.conjunctions), np.inf)
        for row, owner in enumerate(self.owner.tolist()):
            found[:, owner] = np.minimum(found[:, owner], values[:, row])
        return found

    def gradients(self, points: Array, chosen: Array) -> Array:
        """The gradients, by the input, of combinations of rows: ``chosen`` has one line of weights per point."""
        _, before = self.sources(points)
        parts = {source: chosen @ part for source, part in self.rows.parts.items()}
        for source in range(len(self.hidden), 0, -1):
            if source in parts:
                passed = np.where(before[source - 1] > 0, parts.pop(source), 0.0)
                for reads, part in self.hidden[source - 1].parts.items():
                    parts[reads] = parts.get(reads, 0.0) + passed @ part
        return parts[0]


def _floats(values: Any) -> list[float]:
    return [nearest(value) for value in values]


def nearest(value: Any) -> float:
    """A float near a rational; one that is too large for a float is the largest that is calculated with.

    >>> from gmpy2 import mpq
    >>> nearest(mpq(10) ** 400)
    1e+100
    """
    return float(max(-LARGEST, min(LARGEST, value)))
