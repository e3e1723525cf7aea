"""One three-layer network for all networks that are one function."""

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.kinks import kinks
from verishallow.shallow.kink_tree import kink_tree
from verishallow.shallow.signed_faces import gated_leaf
from verishallow.shallow.three_layer import ThreeLayerBuilder, ThreeLayerNetwork


def canonical_network(network: ReLUNetwork, domain: Polyhedron) -> ThreeLayerNetwork:
    """The three-layer network of the function that a network is on a full-dimensional domain.

    It is made from the kinks of the function alone: networks that are one function on the domain, such as those with
    permuted neurons or rescaled weights, have the same one, weight for weight. Source: arXiv 2306.11827.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> rewritten = ReLUNetwork.of([([[-3], [2], [1]], [0, 0, 7]), ([["1/3", "1/2", 0]], [0])])
    >>> line = Polyhedron.whole_space(1)
    >>> canonical_network(modulus, line) == canonical_network(rewritten, line)
    True
    """
    rows = sorted(domain.normalised().inequalities, key=lambda form: form.row)
    ordered = Polyhedron(domain.dimension, tuple(rows))
    tree = kink_tree(network, ordered, kinks(network, ordered))
    builder = ThreeLayerBuilder(network.inputs, network.outputs)
    first = [builder.add_plane(plane) for plane in tree.planes]
    for leaf in tree.leaves:
        for face in gated_leaf(leaf.cell, "exact").faces:
            gates = [first[abs(unit) - 1] + (unit < 0) for unit in face.gates]
            builder.add_gated_map(leaf.affine_map, gates, face.sign)
    return builder.build().reduced()
