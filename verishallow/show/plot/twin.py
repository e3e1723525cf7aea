"""A deep network, its function, and the three-layer network of the same function, side by side."""

from collections.abc import Sequence
from os import PathLike

from verishallow.affine import AffineMap
from verishallow.certificate.certificate import Certificate
from verishallow.claims.equality import CELLS
from verishallow.errors import InputError
from verishallow.explain.names import Names
from verishallow.rationals import ExtendedRational, counted
from verishallow.read.domains.usable_domain import Domain
from verishallow.read.sources import Model
from verishallow.regions.region import Region
from verishallow.shallow.three_layer import SparseLayer, ThreeLayerNetwork
from verishallow.show.certified import certified
from verishallow.show.plot.cells import cells_of
from verishallow.show.plot.colours import coloured
from verishallow.show.plot.diagram import FAINT, deep_diagram, draw_diagram, rows_shown, twin_diagram
from verishallow.show.plot.files import figure_bytes, kind_of, write_bytes
from verishallow.show.plot.frame import frame_of
from verishallow.show.plot.graph import draw_graph
from verishallow.show.plot.matplotlib_parts import Axes, Figure, rc_context
from verishallow.show.plot.own_axes import own_figure
from verishallow.show.plot.regions import draw_regions
from verishallow.show.plot.style import MUTED, SETTINGS

EXPLAINED = (
    "Lines are weights, blue where positive and orange where negative. Units in layer 2 of the three-layer network, "
    "and their weights, have the colour of the affine piece that\nthey compute on their region; dotted weights are "
    "−∞, and switch units off outside it; grey units belong to facets and vertices, so that no point counts twice."
)


def plot_twin(
    function: Model,
    domain: Domain = None,
    *,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> Figure:
    """A deep network, its function (of one or two inputs), and its three-layer network, as a matplotlib figure.

    ``function`` is a certificate, or its file; a network, its file or a model is proved first, on the ``domain``. A
    unit of layer 2 has the colour of the piece of its region; grey ones belong to facets and smaller faces.
    Weights that are -inf are dotted. Of a layer of more than 400 units the first ones and the last are drawn. Raises
    :class:`~verishallow.errors.InputError` for certificates without a three-layer network.

    >>> from verishallow import ReLUNetwork, prove
    >>> figure = plot_twin(prove(ReLUNetwork.of([([[1]], [0]), ([[2]], [1])]), "box:-1,1"))
    >>> len(figure.axes)
    3
    """
    certificate = certified(function, domain)
    network, shallow = certificate.network, _drawable(certificate)
    named = Names.of(network.inputs, network.outputs, names, output_names)
    drawable = network.inputs in (1, 2)
    figure: Figure = own_figure((11.3, 4.7) if drawable else (9, 4.4))
    axes = list(figure.subplots(1, 3 if drawable else 2, width_ratios=(1, 1.25, 1.25) if drawable else (1, 1.4)))
    colours = _draw_function(axes[1], certificate, named) if drawable else {}
    draw_diagram(axes[0], deep_diagram(network), "deep")
    draw_diagram(axes[-1], twin_diagram(shallow, _unit_colours(shallow, certificate.regions, colours)), "twin")
    for drawn, text in zip(axes, _titles(certificate, shallow, drawable), strict=True):
        drawn.set_title(text, fontsize=10, pad=10)
    return figure


def write_twin(certificate: Certificate, path: str | PathLike[str], names: Names, *, caption: bool = True) -> None:
    """Write this figure to a file, .svg, .pdf, .png or .html, whole or not at all."""
    kind = kind_of(path)
    with rc_context(SETTINGS):
        figure = plot_twin(certificate, names=names.features, output_names=names.outputs)
        if caption and kind != "html":
            figure.supxlabel(f"\n{EXPLAINED}", fontsize=8, color=MUTED, linespacing=1.3)
        content = figure_bytes(figure, kind, "A deep ReLU network and its three-layer network", EXPLAINED, caption)
    write_bytes(path, content)


def _drawable(certificate: Certificate) -> ThreeLayerNetwork:
    if certificate.claim == "equality" and certificate.construction is not CELLS:
        raise InputError("twin: expected a certificate of the construction cells, whose units stand for regions")
    return certificate.shallow.reduced()


def _titles(certificate: Certificate, shallow: ThreeLayerNetwork, drawable: bool) -> list[str]:
    network = certificate.network
    hidden, neurons = len(network.hidden), sum(layer.width for layer in network.hidden)
    deep = f"deep f: {counted(hidden, 'hidden layer')}, {counted(neurons, 'neuron')}"
    units = shallow.layer1.width + shallow.layer2.width
    twin = f"shallow S: 2 hidden layers, {counted(units, 'unit')}"
    where = "everywhere" if not certificate.domain.inequalities else "on all of the domain"
    off = " off region boundaries" if certificate.boundary == "ignore" else ""
    return [deep, f"f = S {where}{off}, proved", twin] if drawable else [deep, twin]


def _draw_function(axes: Axes, certificate: Certificate, names: Names) -> dict[AffineMap, str]:
    """The graph or the regions; the colour of each affine map."""
    network, domain = certificate.network, certificate.domain
    frame = frame_of(network, domain)
    cells = cells_of(network, domain, frame)
    if network.inputs == 1:
        draw_graph(axes, cells, frame, names, "piece", list(range(network.outputs)))
    else:
        draw_regions(axes, cells, frame, names, "piece", 0, decision=False)
    legend = axes.get_legend()
    if legend is not None:
        legend.remove()
    found = coloured(cells, "piece", names)
    return {cell.affine_map: found.of_cell(number) for number, cell in enumerate(cells.cells)}


def _unit_colours(shallow: ThreeLayerNetwork, regions: Sequence[Region], colours: dict[AffineMap, str]) -> list[str]:
    """For each unit of layer 2 the colour of the region inside which it is on; grey where there is none.

    Those that are not drawn are not looked at.
    """
    found, drawn = [FAINT] * shallow.layer2.width, rows_shown(shallow.layer2.width)
    rows, bias = ([entries[unit] for unit in drawn] for entries in (shallow.layer2.rows, shallow.layer2.bias))
    second = SparseLayer(tuple(rows), tuple(bias))
    for region in regions:
        values = [ExtendedRational(x) for x in region.witness]
        first = [z.relu() for z in shallow.layer1(values)]
        for unit, value in zip(drawn, second(first), strict=True):
            if not value.infinite:
                found[unit] = colours.get(region.affine_map, "#56b4e9")
    return found
