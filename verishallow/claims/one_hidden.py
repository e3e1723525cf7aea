"""The construction ``one-hidden``: one hidden layer, the two networks side by side."""

from dataclasses import dataclass
from typing import ClassVar

from verishallow.claims.claim import without
from verishallow.claims.equal import EqualNetworks
from verishallow.errors import InputError
from verishallow.records.lines import Tally
from verishallow.records.spelling import Record, network_sha256
from verishallow.regions.cell_tree import Reported


@dataclass(frozen=True, slots=True)
class OneHidden(EqualNetworks):
    """The network equals ``other``, which has one hidden layer, or none, and outputs that read nothing else.

    :func:`verishallow.depth` finds one, if there is any.

    >>> from verishallow import ReLUNetwork, depth
    >>> deep = ReLUNetwork.of([([[1]], [0]), ([[-1]], [2]), ([[1]], [0])])
    >>> certificate = depth(deep).certificate
    >>> certificate.counts["units"], certificate(["3/2"])
    ({'layer1': 2, 'layer2': 0}, (mpq(1,2),))
    """

    name: ClassVar[str] = "equality"
    construction: ClassVar[str] = "one-hidden"

    def __post_init__(self) -> None:
        if len(self.other.layers) > 2 or self.other.layers[-1].reads != (len(self.other.hidden),):
            raise InputError(
                "one-hidden: expected a network with at most one hidden layer, and no outputs that skip it"
            )

    def header(self) -> Record:
        """The construction, and which network the shallow one is."""
        return {
            "claim": self.name,
            "construction": self.construction,
            "boundary": "exact",
            "other_network_sha256": network_sha256(self.other),
        }

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The counts; the cells are those of both networks, and no number of regions of one is claimed."""
        counts = super(OneHidden, self).end(inputs, outputs, total, reported)
        units = sum(layer.width for layer in self.other.hidden)
        return {**without(counts, "activation_regions"), "units": {"layer1": units, "layer2": 0}}
