"""One three-layer network for all networks that compute the same function."""

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.regions.cell_tree import Cut, Piece
from verishallow.regions.kinks import kinks
from verishallow.shallow.kink_tree import kink_tree
from verishallow.shallow.signed_faces import gated_leaf
from verishallow.shallow.three_layer import ThreeLayerBuilder, ThreeLayerNetwork


def canonical_network(network: ReLUNetwork, domain: Polyhedron) -> ThreeLayerNetwork:
    """The canonical three-layer network of a network's function on a full-dimensional domain.

    It is made from the kinks of the function alone: networks with the same function on the domain, such as those with
    permuted neurons or rescaled weights, have the same canonical network, weight for weight. Source: arXiv 2306.11827.

    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> rewritten = ReLUNetwork.of([([[-3], [2], [1]], [0, 0, 7]), ([["1/3", "1/2", 0]], [0])])
    >>> line = Polyhedron.whole_space(1)
    >>> canonical_network(modulus, line) == canonical_network(rewritten, line)
    True
    """
    rows = sorted(domain.normalised().inequalities, key=lambda form: form.row)
    ordered = Polyhedron(domain.dimension, tuple(rows))
    builder = ThreeLayerBuilder(network.inputs, network.outputs)
    scopes: list[tuple[int, ...]] = [()]
    for node in kink_tree(network, ordered, kinks(network, ordered)):
        if isinstance(node, Cut):
            scope = (*scopes.pop(), builder.add_plane(node.plane))
            scopes += [scope, scope]
        elif isinstance(node, Piece):
            _add_piece(builder, node, scopes.pop())
    return builder.build().reduced()


def _add_piece(builder: ThreeLayerBuilder, piece: Piece, scope: tuple[int, ...]) -> None:
    """The units of a piece; ``scope`` has the first unit of each plane on its path."""
    for face in gated_leaf(piece.leaf.cell, "exact").faces:
        gates = [scope[abs(unit) - 1] + (unit < 0) for unit in face.gates]
        builder.add_gated_map(piece.leaf.affine_map, gates, face.sign)
