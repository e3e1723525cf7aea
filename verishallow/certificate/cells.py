"""The leaves of a certificate as cells given by inequalities, each computed when it is needed."""

from collections.abc import Iterator
from dataclasses import dataclass

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.certificate.certificate import Certificate
from verishallow.network import ReLUNetwork
from verishallow.records.walk import PlaceInTree
from verishallow.regions.cell_tree import Pattern


def padded(network: ReLUNetwork, pattern: Pattern) -> Pattern:
    """The pattern with undecided layers as inactive: no form of a lower layer depends on them."""
    rest = network.hidden[len(pattern) :]
    return (*pattern, *((False,) * layer.width for layer in rest))


def path_constraints(network: ReLUNetwork, place: PlaceInTree) -> tuple[AffineForm, ...]:
    """The sides of the splits above a place, from the root down, with primitive forms."""
    forms = network.pre_activations_for(padded(network, place.pattern))
    return tuple(forms[layer - 1][neuron].scaled(mpq(sign)).primitive() for layer, neuron, sign in place.path)


@dataclass(frozen=True, slots=True)
class RecordedCell:
    """A leaf: its line, the network's map, and the inequalities that it needs in addition to the domain's."""

    line: int
    affine_map: AffineMap
    inequalities: tuple[AffineForm, ...]


def cells(certificate: Certificate) -> Iterator[RecordedCell]:
    """The leaves in the order of the tree, each computed when it is needed, without computing vertices.

    >>> from verishallow import ReLUNetwork, prove
    >>> clipped = prove(ReLUNetwork.of([([[1], [1]], [0, -1]), ([[1, -1]], [0])]))
    >>> [(cell.line, str(cell.affine_map.forms[0]), *map(str, cell.inequalities)) for cell in cells(clipped)]
    [(7, '1', '-1 + x0'), (8, 'x0', 'x0', '1 - x0'), (10, '0', '-x0')]
    """
    network, rows = certificate.explored, len(certificate.domain.inequalities)
    for step in certificate.steps():
        if step.kind == "leaf":
            path = enumerate(path_constraints(network, step.place), start=rows)
            kept = dict.fromkeys(form for number, form in path if number not in step.place.dropped)
            pattern = step.place.whole_pattern()[: len(certificate.network.hidden)]
            yield RecordedCell(step.line, certificate.network.affine_map_for(pattern), tuple(kept))
