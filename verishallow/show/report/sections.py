"""The sections of the page in words and numbers: verdict, counts, sizes, outputs, importance, classes."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element

from gmpy2 import mpq

from verishallow.certificate.facts import facts as facts_of
from verishallow.claims.bounds import output_range
from verishallow.errors import InputError
from verishallow.explain.classes import winners_text
from verishallow.explain.distances import Norm
from verishallow.explain.operator_norms import NormInterval
from verishallow.network import ReLUNetwork
from verishallow.rationals import counted
from verishallow.shallow.three_layer import ThreeLayerNetwork
from verishallow.show.report.contents import Contents
from verishallow.show.report.elements import Child, count, element, facts, number, table

MOST_POINTS = 3
"""Points that are listed for each end of the range of an output."""

CHECK = "python3 -I -S verishallow/checker/__main__.py CERTIFICATE"


def section(identity: str, heading: str, *children: Child) -> Element:
    """A section of the page with its heading."""
    head = element("h2", heading, id=f"{identity}-heading")
    return element("section", head, *children, id=identity, aria_labelledby=f"{identity}-heading")


def verdict_section(contents: Contents) -> Element:
    """The claim, the verdict of the stand-alone checker, and the hashes."""
    certificate = contents.certificate
    hashes = {
        "network sha256": certificate.header["network_sha256"],
        "certificate sha256": certificate.counts["sha256"],
    }
    other = certificate.header.get("other_network_sha256")
    return section(
        "verdict",
        "What is proved",
        element("p", element("strong", f"\N{CHECK MARK} {contents.verdict.kind}"), class_="verdict"),
        element("p", str(contents.verdict), class_="claim"),
        facts([*((name, element("code", text)) for name, text in hashes.items()), *_other(other)]),
        *how_to_check(),
    )


def how_to_check() -> Iterator[Element]:
    """Who checked the certificate, how to do it again, and a button that saves it."""
    yield element(
        "p",
        "The stand-alone checker read every line of the certificate when this page was made. To check it again, "
        "save it here and run ",
        element("code", CHECK),
        ": it needs Python alone.",
    )
    yield element("p", element("button", "Save the certificate", type="button", id="save"))


def _other(sha256: str | None) -> list[tuple[str, Child]]:
    return [("the other network's sha256", element("code", sha256))] if sha256 else []


def counts_section(contents: Contents) -> Element:
    """The counts of the end record, and how far each is certified."""
    rows = [
        (fact.words, count(fact.value), fact.standing)
        for fact in facts_of(contents.certificate)
        if fact.standing in ("certified", "reported")
    ]
    words = (
        "Certified: the checker counts them itself. Reported: counted by the prover; verishallow check --symbolic "
        "counts affine pieces and linear regions again."
    )
    return section("counts", "Counts", table(("", "number", ""), rows), element("p", words, class_="hint"))


def sizes_section(contents: Contents) -> Element:
    """The sizes of the deep network and of the three-layer network, side by side."""
    certificate = contents.certificate
    columns = [("deep network", dict(deep_sizes(certificate.whole_network)))]
    if certificate.whole_other is not None:
        columns.append(("other deep network", dict(deep_sizes(certificate.whole_other))))
    note = None
    try:
        columns.append(("three-layer network", dict(_shallow(certificate.shallow))))
    except InputError as error:
        note = element("p", f"There is no three-layer network: {error}.")
    names = dict.fromkeys(name for _, column in columns for name in column)
    rows = [(name, *(column.get(name) for _, column in columns)) for name in names]
    return section("sizes", "Deep and shallow", table(("", *(head for head, _ in columns)), rows), note)


def deep_sizes(network: ReLUNetwork) -> Iterator[tuple[str, Child]]:
    """The sizes of a deep network, each with its name."""
    yield "inputs", count(network.inputs)
    yield "hidden layers", count(len(network.hidden))
    yield "neurons in them", element("span", ", ".join(str(layer.width) for layer in network.hidden) or "none")
    yield "outputs", count(network.outputs)
    yield (
        "finite weights that are not 0",
        count(sum(1 for layer in network.layers for row in layer.weight for a in row if a)),
    )
    yield "weights -inf", count(0)


def _shallow(network: ThreeLayerNetwork) -> Iterator[tuple[str, Child]]:
    layers = (network.layer1, network.layer2, network.layer3)
    infinite = sum(layer.infinite_weights() for layer in layers)
    yield "inputs", count(network.inputs)
    yield "hidden layers", count(2)
    yield "neurons in them", element("span", f"{network.layer1.width}, {network.layer2.width}")
    yield "outputs", count(network.outputs)
    yield "finite weights that are not 0", count(sum(layer.nonzeros() for layer in layers) - infinite)
    yield "weights -inf", count(infinite)


def outputs_section(contents: Contents) -> Element:
    """The exact range of every output, with the points that attain it, and mean and variance on a bounded domain."""
    if contents.summary is None:
        return section("outputs", "Range of the outputs", *_ranges(contents))
    found = contents.summary
    rows = [
        (name, number(r.low), _points(r.low_at), number(r.high), _points(r.high_at), number(mean), number(variance))
        for name, r, mean, variance in zip(found.names.outputs, found.ranges, found.mean, found.variance, strict=True)
    ]
    heads = ("output", "least", "at", "greatest", "at", "mean", "variance")
    lipschitz = [(words, _enclosed(found.lipschitz[norm].constant)) for norm, words in NORM_WORDS.items()]
    return section(
        "outputs",
        "Range of the outputs",
        element("p", "Over the whole domain, exactly; means and variances for the uniform distribution."),
        table(heads, rows, "Range, mean and variance"),
        table(("norm", "constant"), lipschitz, "Lipschitz constants"),
    )


NORM_WORDS: dict[Norm, str] = {"l1": "L1", "linf": "Linf", "l2": "L2, its square"}


def _enclosed(constant: NormInterval) -> Child:
    if constant.is_exact:
        return number(constant.high)
    return element("span", "between ", number(constant.low), " and ", number(constant.high))


def _points(points: tuple[tuple[mpq, ...], ...]) -> Element:
    shown = [element("span", *_point(point), class_="point") for point in points[:MOST_POINTS]]
    more = len(points) - len(shown)
    return element("span", *shown, f" and {counted(more, 'more vertex', 'more vertices')}" if more else None)


def _point(point: tuple[mpq, ...]) -> Iterator[Child]:
    yield "("
    for index, value in enumerate(point):
        yield ", " if index else None
        yield number(value)
    yield ") "


def _ranges(contents: Contents) -> Iterator[Element]:
    certificate, names = contents.certificate, contents.names.outputs
    if contents.no_regions:
        yield element("p", "Not computed for this construction.")
        return
    bounds = {bound.output: bound for bound in output_range(certificate.network, certificate.domain)}
    rows = [
        (name, *(_end(getattr(bounds.get(index), side, None)) for side in ("low", "high")))
        for index, name in enumerate(names)
    ]
    yield element("p", "Over the whole domain, exactly.")
    yield table(("output", "least", "greatest"), rows, "Range")


def _end(value: mpq | None) -> Child:
    return "unbounded" if value is None else number(value)


BAR = 200

MOST_TABLES = 6
"""Outputs up to which each has its own table, with bars."""


def importance_section(contents: Contents) -> Element:
    """Mean absolute gradients, one bar per feature."""
    if contents.summary is None:
        return section("importance", "Feature importance", element("p", contents.no_volumes))
    found = contents.summary
    means = zip(found.names.outputs, found.mean_absolute_gradient, found.mean_gradient, strict=True)
    if len(found.names.outputs) <= MOST_TABLES:
        tables = [_importance(name, found.names.features, absolute, signed) for name, absolute, signed in means]
    else:
        rows: list[list[Child]] = [[name, *map(number, absolute)] for name, absolute, _ in means]
        tables = [table(("output", *found.names.features), rows, "Mean |slope| of each output in each feature")]
    return section(
        "importance",
        "Feature importance",
        element("p", "The mean of the absolute slope of an output over the domain, exactly, weighted by volume."),
        *tables,
    )


def _importance(name: str, features: tuple[str, ...], absolute: tuple[mpq, ...], signed: tuple[mpq, ...]) -> Element:
    greatest = max(absolute)
    order = sorted(range(len(features)), key=lambda index: (-absolute[index], index))
    rows = [(features[i], number(absolute[i]), bar(absolute[i], greatest), number(signed[i])) for i in order]
    return table(("feature", "mean |slope|", "", "mean slope"), rows, f"Importance for {name}")


def bar(value: mpq, greatest: mpq) -> Element:
    """A bar whose length is its share of the greatest value."""
    width = float(BAR * value / greatest) if greatest else 0
    drawn = element("rect", width=f"{width:.1f}", height="12", fill="currentColor")
    return element("svg", drawn, viewBox=f"0 0 {BAR} 12", class_="bar", aria_hidden="true")


def classes_section(contents: Contents) -> Element | None:
    """The share of the domain on which each class wins."""
    if contents.summary is None:
        return None
    rows = [
        (winners_text(won, contents.names.outputs), number(100 * share), bar(share, mpq(1)))
        for won, share in contents.summary.class_shares.items()
    ]
    words = (
        "The class of a point is its greatest output; ties that fill an area are listed apart."
        if len(contents.names.outputs) > 1
        else "A single output makes two classes, by its sign."
    )
    return section("classes", "Share of each class", element("p", words), table(("class", "per cent", ""), rows))
