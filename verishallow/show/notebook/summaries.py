"""Networks, regions, complexes and certificates as a few rows of a table."""

from collections.abc import Iterable, Iterator, Sequence
from functools import singledispatch
from xml.etree.ElementTree import Element

from gmpy2 import mpq

from verishallow.affine import AffineForm, AffineMap
from verishallow.certificate.certificate import Certificate
from verishallow.checker import Verdict
from verishallow.checker.unsafe import conjunction_in_words, unsafe_in_words
from verishallow.explain.local import Explanation
from verishallow.explain.texts import formula_text, largest_one, rule_text
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import clipped
from verishallow.regions.complex import PolyhedralComplex
from verishallow.regions.region import Region
from verishallow.regions.region_shapes import facets_of
from verishallow.regions.region_words import pattern_text
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.show.report.elements import Child, count, element, number
from verishallow.show.tables import rounded
from verishallow.verify.verification import Outcome

MOST_ROWS = 12
"""Outputs, rules or coordinates that are listed; then the number left out is given."""

Rows = list[tuple[str, Child]]


@singledispatch
def summary(value: object) -> Rows | None:
    """The rows (name, content) for a value; ``None`` for types that have none.

    >>> summary(ReLUNetwork.of([([[1, 2]], [0])]))[1]
    ('hidden layers', 'none')
    """
    del value
    return None


@summary.register
def _(value: ReLUNetwork) -> Rows:
    hidden = [layer.width for layer in value.hidden]
    weights = sum(1 for layer in value.layers for row in layer.weight for a in row if a)
    return [
        ("inputs", count(value.inputs)),
        ("hidden layers", clipped(", ".join(map(str, hidden)) or "none")),
        ("outputs", count(value.outputs)),
        ("weights that are not 0", count(weights)),
        *(("note", clipped(note)) for note in value.notes[:MOST_ROWS]),
    ]


@summary.register
def _(value: ThreeLayerNetwork) -> Rows:
    layers = (value.layer1, value.layer2, value.layer3)
    infinite = sum(layer.infinite_weights() for layer in layers)
    return [
        ("inputs", count(value.inputs)),
        ("units of layer 1", count(value.layer1.width)),
        ("units of layer 2", count(value.layer2.width)),
        ("outputs", count(value.outputs)),
        ("finite weights that are not 0", count(sum(layer.nonzeros() for layer in layers) - infinite)),
        ("weights -inf", count(infinite)),
    ]


@summary.register
def _(value: Outcome) -> Rows:
    header = value.certificate.header
    if value.conjunction is None:
        proved = "no x in D with " if value.verdict == "holds" else "not known: an x in D with "
        said = f"{proved}{unsafe_in_words(header)}"
    else:
        said = " and ".join(conjunction_in_words(header, header["unsafe"][value.conjunction]))
    named = (("x", value.point), ("y", value.outputs))
    numbers = [(f"{name}{i}", number(a)) for name, each in named for i, a in enumerate(each or ())]
    return [
        ("verdict", value.verdict),
        ("violated" if value.verdict == "violated" else "property", clipped(said)),
        *numbers[:MOST_ROWS],
        ("cells bounded", count(value.nodes)),
        ("leaves", count(value.leaves)),
    ]


@summary.register
def _(value: Verdict) -> Rows:
    units = value.counts.get("units", {}).items()
    counts = {name: found for name, found in value.counts.items() if isinstance(found, int)}
    counts.update({f"units of {name}": found for name, found in units})
    said = ((name, value.header.get(name)) for name in ("claim", "construction", "boundary"))
    return [
        ("verdict", value.kind),
        ("reason" if not value else "proved", clipped(value.reason)),
        *((name, str(found)) for name, found in said if found),
        *((name.replace("_", " "), count(found)) for name, found in list(counts.items())[:MOST_ROWS]),
    ]


@summary.register
def _(value: Region) -> Rows:
    inputs, outputs = value.polyhedron.dimension, len(value.affine_map.forms)
    names = [f"x{index}" for index in range(inputs)]
    facets = facets_of(value)
    formulas = (_formula(f"y{k}", form, names) for k, form in enumerate(value.affine_map.forms[:MOST_ROWS]))
    rules = (_rule(form, names) for form in facets[:MOST_ROWS])
    point = (element("div", f"{name} = ", number(x)) for name, x in zip(names, value.witness[:MOST_ROWS], strict=False))
    return [
        ("activation pattern", element("code", clipped(pattern_text(value.pattern) or "none"))),
        ("affine map", _listed(formulas, outputs)),
        ("facets", _listed(rules, len(facets)) if facets else "none: the region is the whole space"),
        ("a point strictly inside", _listed(point, inputs)),
    ]


def _formula(output: str, form: AffineForm, names: Sequence[str]) -> Element:
    exact = formula_text(form, names)
    return element("div", clipped(f"{output} = {formula_text(form, names, rounded)}"), title=clipped(exact))


def _rule(form: AffineForm, names: Sequence[str]) -> Element:
    shown = rule_text(largest_one(form), names, rounded)
    return element("div", clipped(shown), title=clipped(rule_text(form, names)))


def _listed(shown: Iterable[Child], total: int) -> Element:
    left = total - MOST_ROWS
    return element("div", *shown, element("div", f"and {left} more") if left > 0 else None)


@summary.register
def _(value: PolyhedralComplex) -> Rows:
    return [
        ("dimension", count(value.dimension)),
        ("cells (activation regions)", count(value.cells)),
        ("faces of dimension 0, 1, ...", ", ".join(map(str, value.f_vector))),
        ("Euler characteristic", count(value.euler_characteristic)),
        ("lines in every face", count(len(value.lines))),
    ]


@summary.register
def _(value: Certificate) -> Rows:
    return [
        ("claim", clipped(f"{value.claim}, {_how(value)}")),
        ("inputs", count(value.header["inputs"])),
        ("outputs", count(value.header["outputs"])),
        ("inequalities of the domain", count(len(value.header["domain"]))),
        *_counts(value),
        ("network sha256", element("code", value.header["network_sha256"])),
        ("to check it", element("code", ".check()")),
    ]


def _how(value: Certificate) -> str:
    names = ("construction", "boundary")
    known = [f"{name} {value.header[name]}" for name in names if name in value.header]
    on = [f"on a slice of {value.slice.inputs} inputs"] if value.slice else []
    return ", ".join([*known, *on]) or "for the whole domain"


def _counts(value: Certificate) -> Iterator[tuple[str, Child]]:
    for name, found in value.counts.items():
        if isinstance(found, dict):
            yield name, ", ".join(f"{size} in {layer.replace('layer', 'layer ')}" for layer, size in found.items())
        elif isinstance(found, int) and name != "open":
            yield name.replace("_", " "), count(found)


@summary.register
def _(value: Layer) -> Rows:
    return [
        ("neurons", count(value.width)),
        ("weights of each", count(len(value.weight[0]))),
        ("weights that are not 0", count(sum(1 for row in value.weight for a in row if a))),
        ("reads", ", ".join("the input" if source == 0 else f"layer {source}" for source in value.reads)),
    ]


@summary.register
def _(value: AffineMap) -> Rows:
    inputs, outputs = value.forms[0].dimension, len(value.forms)
    names = [f"x{index}" for index in range(inputs)]
    formulas = (_formula(f"y{k}", form, names) for k, form in enumerate(value.forms[:MOST_ROWS]))
    return [("inputs", count(inputs)), ("outputs", count(outputs)), ("affine map", _listed(formulas, outputs))]


@summary.register
def _(value: Explanation) -> Rows:
    names, region = value.names, value.region
    formulas = (
        _formula(name, form, names.features)
        for name, form in zip(names.outputs, region.affine_map.forms[:MOST_ROWS], strict=False)
    )
    rules = (_rule(facet.form, names.features) for facet in region.facets[:MOST_ROWS])
    return [
        ("at", _listed(_named(names.features, value.point), len(value.point))),
        ("value", _listed(_named(names.outputs, value.output), len(value.output))),
        ("regions that meet here", count(len(value.regions))),
        ("affine map", _listed(formulas, len(value.output))),
        ("where", _listed(rules, len(region.facets)) if region.facets else "everywhere"),
    ]


def _named(names: Sequence[str], values: Sequence[mpq]) -> Iterator[Element]:
    pairs = zip(names, values[:MOST_ROWS], strict=False)
    return (element("div", f"{name} = ", number(value)) for name, value in pairs)
