"""The adjacency graph of the regions, through facets, in Graphviz's DOT language."""

from collections.abc import Iterator

from verishallow.certificate.certificate import Certificate
from verishallow.regions.neighbours import Neighbours, neighbours
from verishallow.regions.region import Region, piece_numbers
from verishallow.regions.region_shapes import require_vertices
from verishallow.regions.region_words import map_text, pattern_text
from verishallow.write.provenance import comment

LONGEST_LABEL = 120
"""Characters up to which a node shows its map; a longer one is in its tooltip only."""

GOLDEN = 0.618033988749895
"""Multiples of it, modulo 1, lie far apart: hues of successive pieces."""


def dot(certificate: Certificate) -> bytes:
    """An undirected graph with one node per region and one edge per pair that shares a facet, or a part of one.

    Nodes are labelled with number, activation pattern, affine piece and map (exact; the tooltip always has it),
    coloured by piece; edges with the hyperplane of the facet, dashed where the map does not change.
    Raises :class:`~verishallow.errors.LimitError` where there may be too many vertices.

    >>> from verishallow import ReLUNetwork, prove
    >>> text = dot(prove(ReLUNetwork.of([([[1]], [0]), ([[1]], [0])]))).decode()
    >>> print(*[line for line in text.splitlines() if "--" in line])
      r1 -- r2 [label="x0 = 0"];
    """
    require_vertices("dot", certificate.network.inputs)
    regions = certificate.regions
    pieces = piece_numbers(regions)
    nodes = (
        _node(number, region, piece) for number, (region, piece) in enumerate(zip(regions, pieces, strict=True), 1)
    )
    edges = (
        _edge(pair, same=pieces[pair.one] == pieces[pair.other]) for pair in neighbours(regions, certificate.domain)
    )
    return "\n".join([*comment(certificate, "//"), *_graph(nodes, edges), ""]).encode()


def _graph(nodes: Iterator[str], edges: Iterator[str]) -> Iterator[str]:
    yield "graph regions {"
    yield '  node [shape=box, style="rounded,filled"];'
    yield from nodes
    yield from edges
    yield "}"


def _node(number: int, region: Region, piece: int) -> str:
    function = map_text(region.affine_map)
    lines = [f"region {number}", pattern_text(region.pattern), f"piece {piece}"]
    shown = [*lines, *function.split("; ")] if len(function) <= LONGEST_LABEL else lines
    label = "\\n".join(line for line in shown if line)
    return f'  r{number} [label="{label}", tooltip="{function}", fillcolor="{_colour(piece)}"];'


def _colour(piece: int) -> str:
    return f"{piece * GOLDEN % 1:.3f} 0.25 1.000"


def _edge(pair: Neighbours, *, same: bool) -> str:
    plane = f"{pair.plane} = 0"
    label = f'label="{plane}"' if len(plane) <= LONGEST_LABEL else f'tooltip="{plane}"'
    style = ", style=dashed" if same else ""
    return f"  r{pair.one + 1} -- r{pair.other + 1} [{label}{style}];"
