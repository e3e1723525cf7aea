"""The construction ``finite``: all weights finite; equality is proved by comparing the kinks of both networks."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from verishallow.affine import AffineMap
from verishallow.claims.claim import Claim
from verishallow.claims.construction import Asked, Construction, Recorded
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, vector
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, parts_of
from verishallow.read.sources import Model
from verishallow.records.lines import NOTHING, Tally
from verishallow.records.spelling import Record, form_texts, rational_texts
from verishallow.regions.cell_tree import Engine, Explicit, Leaf, Node, Reported
from verishallow.regions.kinks import kinks
from verishallow.shallow.finite_network import FiniteNetwork
from verishallow.shallow.terms import SumOfTerms, Term
from verishallow.shallow.vertex_fans import terms_of_kinks
from verishallow.slices import Slice

MOST_INPUTS = 2


BEYOND = (
    "finite: expected a network of one input or two, found {inputs}: the decomposition into few neurons works in the "
    "plane (arXiv 2503.13001); two hidden layers are known to be enough up to four inputs (arXiv 2505.14338), but that "
    "is not built here"
)


@dataclass(frozen=True, slots=True)
class Finite(Claim):
    """The network equals a sum of terms ``weight * max(0, ...)``, on a domain of one dimension or two.

    :func:`finite` makes it. ``terms`` have the network's kinks; at the first leaf they are turned so that all are 0
    there. Otherwise the affine map would have to compensate for all of them, with as many digits as all have together.
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
        self, engine: Engine, network: ReLUNetwork, domain: Polyhedron, reference: Vector
    ) -> Iterator[Node | Reported]:
        """The terms, as the first leaf needs them, and the tree of the network."""
        nodes, first = engine(network, domain, reference, reporting=self.reports), list[Node | Reported]()
        for node in nodes:
            first.append(node)
            if isinstance(node, Leaf):
                yield Explicit(SumOfTerms(node.affine_map, tuple(term.turned(node.witness) for term in self.terms)))
                break
        yield from first
        yield from nodes

    def node(self, node: Node) -> tuple[Record, Tally] | None:
        """The record of the terms; all other records are those of the claim ``regions``."""
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


def finite(network: Model, domain: Domain = None, on_slice: Slice | None = None) -> Finite:
    """The claim that a network equals one with finite weights, one hidden layer for one input and two for two inputs.

    The number of neurons is bounded by a multiple of the number of linear regions. On a slice (``on_slice``) the inputs
    are its parameters. Exported, it is an ordinary network that can be trained.
    Raises :class:`~verishallow.errors.InputError` for more inputs.

    >>> from verishallow import ReLUNetwork, prove
    >>> corner = ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
    >>> certificate = prove(corner, "box:-1,1", claim=finite(corner, "box:-1,1"))
    >>> certificate.check().kind, certificate.finite.widths, certificate.shallow.layer2.infinite_weights()
    ('valid', (2, 6, 6, 1), 0)
    """
    read = load(network)
    (part,) = parts_of(domain, read.inputs, on_slice, most=1)
    function = read if part.slice is None else part.slice.restricted(read)
    if function.inputs > MOST_INPUTS:
        raise InputError(BEYOND.format(inputs=function.inputs))
    return Finite(terms_of_kinks(kinks(function, part.polyhedron), part.polyhedron))


def terms_of(record: Record) -> SumOfTerms:
    """The affine map and the terms in the first record of a certificate's tree."""
    terms = (Term(AffineMap.of(term["forms"]).forms, vector(term["weight"])) for term in record["terms"])
    return SumOfTerms(AffineMap.of(record["affine"]), tuple(terms))


def finite_network(recorded: Recorded) -> FiniteNetwork:
    """The network of the terms."""
    return terms_of(recorded.tree.first).network


def _asked(asked: Asked) -> Finite:
    part = asked.only_part(Finite.construction)
    return finite(asked.network, part.polyhedron, part.slice)


FINITE = Construction(
    Finite.construction,
    what="kinks, for one input or two, with no infinite weight",
    section="15.5",
    make=_asked,
    three_layer=lambda recorded: finite_network(recorded).three_layer(),
    finite=finite_network,
)
