"""The construction ``one-hidden``: one hidden layer, the two networks side by side."""

from dataclasses import dataclass
from typing import ClassVar

from verishallow.affine import ZERO, AffineMap, pivots, row_echelon
from verishallow.claims.claim import without
from verishallow.claims.construction import Asked, Construction, Recorded
from verishallow.claims.equal import EqualNetworks
from verishallow.errors import InputError
from verishallow.network import Layer, ReLUNetwork
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, parts_of
from verishallow.read.sources import Model
from verishallow.records.lines import Tally
from verishallow.records.spelling import Record, network_sha256
from verishallow.regions.cell_tree import Reported
from verishallow.shallow.decision import decision
from verishallow.shallow.finite_network import FiniteNetwork
from verishallow.slices import Slice


@dataclass(frozen=True, slots=True)
class OneHidden(EqualNetworks):
    """The network equals ``other``, which has at most one hidden layer and no outputs that skip it.

    :func:`verishallow.depth` finds such a network, if there is one.

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
        """The construction, and the hash of the other network."""
        return {
            "claim": self.name,
            "construction": self.construction,
            "boundary": "exact",
            "other_network_sha256": network_sha256(self.other),
        }

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The counts; as the cells are those of both networks, no number of regions is claimed."""
        counts = super(OneHidden, self).end(inputs, outputs, total, reported)
        units = sum(layer.width for layer in self.other.hidden)
        return {**without(counts, "activation_regions"), "units": {"layer1": units, "layer2": 0}}


def one_hidden(network: Model, domain: Domain = None, on_slice: Slice | None = None) -> OneHidden:
    """The claim that a network equals one with a single hidden layer (or none) on a domain.

    On a slice the domain is a set of its parameters, but the network with one hidden layer reads the inputs.
    Raises :class:`~verishallow.errors.InputError` with the reason if more hidden layers are needed.

    >>> from verishallow import ReLUNetwork, prove
    >>> bend = ReLUNetwork.of([([[2]], [0]), ([[-1]], [3]), ([[1]], [0])])
    >>> prove(bend, claim=one_hidden(bend)).counts["units"]
    {'layer1': 2, 'layer2': 0}
    """
    read = load(network)
    (part,) = parts_of(domain, read.inputs, on_slice, most=1)
    found = decision(read if part.slice is None else part.slice.restricted(read), part.polyhedron)
    if found.explicit is None:
        raise InputError(f"one-hidden: this function needs more than one hidden layer: {found.reason}")
    return OneHidden(found.explicit if part.slice is None else _of_inputs(found.explicit, part.slice))


def _of_inputs(network: ReLUNetwork, on_slice: Slice) -> ReLUNetwork:
    """A network of a slice's parameters as a network of the inputs, from which it computes the parameters."""
    forms, size = on_slice.affine_map.forms, on_slice.parameters
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


def explicit_network(recorded: Recorded) -> FiniteNetwork:
    """The second network of the certificate, which has at most one hidden layer."""
    if recorded.other is None:
        raise InputError("one-hidden: expected a certificate with two networks, found one")
    return FiniteNetwork.of(recorded.other)


def _asked(asked: Asked) -> OneHidden:
    part = asked.only_part(OneHidden.construction)
    return one_hidden(asked.network, part.polyhedron, part.slice)


ONE_HIDDEN = Construction(
    OneHidden.construction,
    what="one hidden layer, where one is enough",
    section="15.4",
    make=_asked,
    three_layer=lambda recorded: explicit_network(recorded).three_layer(),
    finite=explicit_network,
)
