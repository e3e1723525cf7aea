"""Networks, regions, complexes and certificates as exact formulas in LaTeX; large ones by their shapes."""

from collections.abc import Sequence
from functools import singledispatch

from verishallow.certificate.certificate import Certificate
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import Vector
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.region import Region
from verishallow.regions.region_shapes import facets_of
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.write.paper.tex_numbers import form_latex, names_of, number_latex

MOST_ENTRIES = 60
"""Weights and biases up to which a network is written out."""

NEW_LINE = r" \\ "

MOST_ROWS, MOST_TERMS = 8, 8
"""Rules or outputs, and terms of each, that are written out."""


@singledispatch
def formula(value: object) -> str | None:
    r"""A value as LaTeX in math mode; ``None`` for types that have no formula.

    >>> print(formula(ReLUNetwork.of([([[1], ["-1/2"]], [0, 3])])))
    f(x) = \begin{pmatrix}1 \\ - \frac{1}{2}\end{pmatrix} x + \begin{pmatrix}0 \\ 3\end{pmatrix}
    """
    del value
    return None


@formula.register
def _(value: ReLUNetwork) -> str:
    entries = sum(len(layer.bias) + sum(map(len, layer.weight)) for layer in value.layers)
    steps = [_step(value, number, layer, short=entries > MOST_ENTRIES) for number, layer in enumerate(value.layers, 1)]
    if len(steps) == 1:
        return steps[0]
    lines = NEW_LINE.join(step.replace(" = ", " &= ", 1) for step in steps)
    return f"\\begin{{aligned}}{lines}\\end{{aligned}}"


def _step(network: ReLUNetwork, number: int, layer: Layer, *, short: bool) -> str:
    below = ["x" if source == 0 else f"h_{{{source}}}" for source in layer.reads]
    sources = below[0] if len(below) == 1 else f"({', '.join(below)})"
    columns = len(layer.weight[0])
    weight = f"W_{{{number}}}" if short else matrix(layer.weight)
    bias = f"b_{{{number}}}" if short else matrix([(b,) for b in layer.bias])
    inner = f"{weight} {sources} + {bias}"
    size = f",\\quad W_{{{number}}} \\in \\mathbb{{Q}}^{{{layer.width} \\times {columns}}}" if short else ""
    if number == len(network.layers):
        return f"f(x) = {inner}{size}"
    return f"h_{{{number}}} = \\operatorname{{ReLU}}({inner}){size}"


def matrix(rows: Sequence[Vector]) -> str:
    r"""A matrix, or a vector as a matrix of one column.

    >>> from gmpy2 import mpq
    >>> print(matrix([(mpq(1), mpq(0))]))
    \begin{pmatrix}1 & 0\end{pmatrix}
    """
    lines = NEW_LINE.join(" & ".join(map(number_latex, row)) for row in rows)
    return f"\\begin{{pmatrix}}{lines}\\end{{pmatrix}}"


@formula.register
def _(value: ThreeLayerNetwork) -> str:
    relu, (first, second) = "\\operatorname{ReLU}", (value.layer1.width, value.layer2.width)
    extended = "\\mathbb{Q} \\cup \\{-\\infty\\}"
    return (
        f"S(x) = W_3 {relu}(W_2 {relu}(W_1 x + b_1) + b_2) + b_3,\\quad "
        f"W_1 \\in \\mathbb{{Q}}^{{{first} \\times {value.inputs}}},\\ "
        f"W_2 \\in ({extended})^{{{second} \\times {first}}},\\ "
        f"W_3 \\in \\mathbb{{Q}}^{{{value.outputs} \\times {second}}}"
    )


@formula.register
def _(value: Region) -> str:
    point = ", ".join(names_of(value.polyhedron.dimension)) if value.polyhedron.dimension <= MOST_TERMS else "x"
    outputs = [form_latex(form, most_terms=MOST_TERMS) for form in value.affine_map.forms[:MOST_ROWS]]
    more = ["\\dots"] if len(value.affine_map.forms) > MOST_ROWS else []
    image = outputs[0] if len(value.affine_map.forms) == 1 else f"({', '.join([*outputs, *more])})"
    facets = facets_of(value)
    rules = [f"{form_latex(form, most_terms=MOST_TERMS)} \\ge 0" for form in facets[:MOST_ROWS]]
    left = len(facets) - len(rules)
    said = [*rules, *([f"\\text{{and {left} more}}"] if left else [])]
    where = ",\\ ".join(said) or f"x \\in \\mathbb{{R}}^{{{value.polyhedron.dimension}}}"
    return f"f({point}) = {image} \\quad\\text{{where }} {where}"


@formula.register
def _(value: PolyhedralComplex) -> str:
    numbers = ", ".join(map(str, value.f_vector))
    return f"(f_0, \\dots, f_{{{value.dimension}}}) = ({numbers}),\\quad \\chi = {value.euler_characteristic}"


@formula.register
def _(value: Certificate) -> str | None:
    claims = {"equality": "f(x) = S(x)", "equal": "f(x) = g(x)"}
    if value.claim not in claims or value.boundary == "ignore":
        return None
    return (
        f"{claims[value.claim]} \\quad\\text{{for all }} x \\in D \\subseteq \\mathbb{{R}}^{{{value.header['inputs']}}}"
    )
