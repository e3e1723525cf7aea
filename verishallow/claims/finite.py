"""The construction ``finite``: finite weights alone, compared with the network by the kinks of both."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from verishallow.claims.claim import Claim
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.records.lines import NOTHING, Tally
from verishallow.records.spelling import Record, form_texts, rational_texts
from verishallow.regions.cell_tree import Engine, Explicit, Leaf, Node, Reported
from verishallow.regions.kinks import kinks
from verishallow.shallow.terms import SumOfTerms, Term
from verishallow.shallow.vertex_fans import terms_of_kinks

MOST_INPUTS = 2


BEYOND = (
    "finite: expected a network of one input or two, found {inputs}: the decomposition into few neurons is one of the "
    "plane (arXiv 2503.13001); that two hidden layers are enough up to four inputs is known (arXiv 2505.14338), and "
    "not built here"
)


@dataclass(frozen=True, slots=True)
class Finite(Claim):
    """The network equals a sum of terms ``weight * max(0, ...)``, on a domain of one dimension or two.

    :func:`finite` makes it. ``terms`` have the network's kinks; at the first leaf they are turned so that all are 0
    there, since an affine map that made up for all of them would need as many digits as they have together.
    """

    terms: tuple[Term, ...]
    name: ClassVar[str] = "equality"
    construction: ClassVar[str] = "finite"
    in_parts: ClassVar[bool] = False
    """The terms come first."""

    def header(self) -> Record:
        """The construction."""
        return {"claim": self.name, "construction": self.construction, "boundary": "exact"}

    def tree(
        self, engine: Engine, network: ReLUNetwork, domain: Polyhedron, owner: Vector
    ) -> Iterator[Node | Reported]:
        """The terms, as the first leaf needs them, and the tree of the network."""
        nodes, first = engine(network, domain, owner), list[Node | Reported]()
        for node in nodes:
            first.append(node)
            if isinstance(node, Leaf):
                yield Explicit(SumOfTerms(node.affine_map, tuple(term.turned(node.witness) for term in self.terms)))
                break
        yield from first
        yield from nodes

    def node(self, node: Node) -> tuple[Record, Tally] | None:
        """The terms are a record; all others are those of a count of regions."""
        if not isinstance(node, Explicit) or not isinstance(node.of, SumOfTerms):
            return super(Finite, self).node(node)
        terms = [
            {"forms": [form_texts(form) for form in term.forms], "weight": rational_texts(term.weight)}
            for term in node.of.terms
        ]
        affine = [form_texts(form) for form in node.of.affine.forms]
        return {"record": "terms", "affine": affine, "terms": terms}, NOTHING

    def end(self, inputs: int, outputs: int, total: Tally, reported: Reported) -> Record:
        """The counts; leaves are the activation regions of the network."""
        width, two = 2 * inputs + len(self.terms), any(len(term.forms) > 1 for term in self.terms)
        units = {"layer1": width, "layer2": width if two else 0}
        return {**super(Finite, self).end(inputs, outputs, total, reported), "units": units}


def finite(network: ReLUNetwork, domain: Polyhedron) -> Finite:
    """The finite construction for a network on a full-dimensional, normalised domain.

    Of one input it has one hidden layer; of two it has two, and a number of neurons that is bounded by the number of
    linear regions. Raises :class:`~verishallow.errors.InputError` for more inputs.

    >>> from verishallow import ReLUNetwork, prove
    >>> corner = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
    >>> certificate = prove(corner, claim=finite(corner, Polyhedron.whole_space(2)))
    >>> certificate.counts["units"], certificate.shallow.layer2.infinite_weights(), certificate(["5/2", 1])
    ({'layer1': 6, 'layer2': 6}, 0, (mpq(3,2),))
    """
    if network.inputs > MOST_INPUTS:
        raise InputError(BEYOND.format(inputs=network.inputs))
    return Finite(terms_of_kinks(kinks(network, domain), domain))
