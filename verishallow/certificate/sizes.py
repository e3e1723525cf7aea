"""The sizes of a deep network and of the three-layer network that a certificate proves equal to it."""

from dataclasses import asdict, dataclass
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.network import ReLUNetwork


@dataclass(frozen=True, slots=True)
class DeepSize:
    """The widths of the hidden layers, and the numbers of hidden neurons and of non-zero weights.

    >>> DeepSize.of(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]))
    DeepSize(hidden=(2,), neurons=2, nonzeros=4)
    """

    hidden: tuple[int, ...]
    neurons: int
    nonzeros: int

    @classmethod
    def of(cls, network: ReLUNetwork) -> "DeepSize":
        """The size of a deep network."""
        hidden = tuple(layer.width for layer in network.hidden)
        weights = (weight for layer in network.layers for row in layer.weight for weight in row)
        return cls(hidden, sum(hidden), sum(1 for weight in weights if weight))

    def facts(self) -> dict[str, Any]:
        """The size as a JSON object."""
        return {**asdict(self), "hidden": list(self.hidden)}


@dataclass(frozen=True, slots=True)
class ShallowSize:
    """The units of both hidden layers, nothing merged, the non-zero weights, and the weights -inf among them.

    >>> from verishallow import prove
    >>> ShallowSize.of(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])))
    ShallowSize(layer1=4, layer2=6, nonzeros=22, infinite_weights=8)
    """

    layer1: int
    layer2: int
    nonzeros: int
    infinite_weights: int

    @classmethod
    def of(cls, certificate: Certificate) -> "ShallowSize":
        """The size of a certificate's three-layer network; if the construction has fewer layers, of that network."""
        if certificate.finite is not None:
            layers, widths = certificate.finite.layers, (*certificate.finite.widths[1:-1], 0, 0)
        else:
            shallow = certificate.shallow
            layers, widths = (
                (shallow.layer1, shallow.layer2, shallow.layer3),
                (shallow.layer1.width, shallow.layer2.width),
            )
        nonzeros, infinite = (sum(counts) for counts in zip(*map(_weights, layers), strict=True))
        return cls(widths[0], widths[1], nonzeros, infinite)


def _weights(layer: Any) -> tuple[int, int]:
    return layer.nonzeros(), layer.infinite_weights()
