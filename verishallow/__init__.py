"""Exact linear regions of ReLU networks, their three-layer twins, and certificates that the two are one function.

>>> import verishallow
>>> network = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> certificate = verishallow.prove(network)
>>> print(certificate.check().kind, len(certificate.regions), certificate.shallow(["-1/3"]))
valid 2 (mpq(1,3),)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from verishallow.displayed import Displayed

if TYPE_CHECKING:
    from verishallow.certificate.certificate import Certificate as Certificate
    from verishallow.certificate.trimming import trimmed_to_points as trimmed_to_points
    from verishallow.checker import Verdict as Verdict
    from verishallow.claims.bounds import Bound as Bound
    from verishallow.claims.bounds import OutputBounds as OutputBounds
    from verishallow.claims.bounds import output_range as output_range
    from verishallow.claims.equal import EqualNetworks as EqualNetworks
    from verishallow.claims.equality import Equality as Equality
    from verishallow.claims.finite import finite as finite
    from verishallow.claims.gated import gated as gated
    from verishallow.claims.merge import Merged as Merged
    from verishallow.claims.one_hidden import one_hidden as one_hidden
    from verishallow.claims.quantised import quantised as quantised
    from verishallow.claims.regions import RegionCount as RegionCount
    from verishallow.explain import explain as explain
    from verishallow.hidden_layers.decide import depth as depth
    from verishallow.hidden_layers.one_input import from_points as from_points
    from verishallow.hidden_layers.one_input import one_sided as one_sided
    from verishallow.hidden_layers.one_input import read_neurons as read_neurons
    from verishallow.hidden_layers.one_input import two_sided as two_sided
    from verishallow.network import Layer as Layer
    from verishallow.network import ReLUNetwork as ReLUNetwork
    from verishallow.polyhedron import Polyhedron as Polyhedron
    from verishallow.proof import Difference as Difference
    from verishallow.proof import canonical as canonical
    from verishallow.proof import difference as difference
    from verishallow.proof import polyhedral_complex as polyhedral_complex
    from verishallow.proof import prove as prove
    from verishallow.proof import prove_equal as prove_equal
    from verishallow.read import load as load
    from verishallow.read.domains.usable_domain import parts_of as parts_of
    from verishallow.regions.complex import PolyhedralComplex as PolyhedralComplex
    from verishallow.regions.enumeration import enumerate_regions as enumerate_regions
    from verishallow.regions.region import Region as Region
    from verishallow.shallow.grids import Grid as Grid
    from verishallow.shallow.three_layer import ThreeLayerNetwork as ThreeLayerNetwork
    from verishallow.show.plot.graph import plot_graph as plot_graph
    from verishallow.show.plot.in_space import plot_cells as plot_cells
    from verishallow.show.plot.in_space import plot_surface as plot_surface
    from verishallow.show.plot.picture import plot as plot
    from verishallow.show.plot.regions import plot_regions as plot_regions
    from verishallow.show.plot.twin import plot_twin as plot_twin
    from verishallow.show.report import report as report
    from verishallow.slices import Slice as Slice

__version__ = "0.1.0"

# A notebook asks an object how it looks, and only then are the pictures imported.
Displayed.renderer = staticmethod(lambda: import_module("verishallow.show.notebook"))

_HOMES = {
    "Bound": "claims.bounds",
    "Certificate": "certificate.certificate",
    "Difference": "proof",
    "EqualNetworks": "claims.equal",
    "Equality": "claims.equality",
    "Grid": "shallow.grids",
    "Layer": "network",
    "Merged": "claims.merge",
    "OutputBounds": "claims.bounds",
    "PolyhedralComplex": "regions.complex",
    "Polyhedron": "polyhedron",
    "ReLUNetwork": "network",
    "Region": "regions.region",
    "RegionCount": "claims.regions",
    "Slice": "slices",
    "ThreeLayerNetwork": "shallow.three_layer",
    "Verdict": "checker",
    "canonical": "proof",
    "check": "fast_checker.checking",
    "depth": "hidden_layers.decide",
    "finite": "claims.finite",
    "one_hidden": "claims.one_hidden",
    "difference": "proof",
    "enumerate_regions": "regions.enumeration",
    "explain": "explain",
    "from_points": "hidden_layers.one_input",
    "gated": "claims.gated",
    "load": "read",
    "one_sided": "hidden_layers.one_input",
    "output_range": "claims.bounds",
    "parts_of": "read.domains.usable_domain",
    "plot": "show.plot.picture",
    "plot_cells": "show.plot.in_space",
    "plot_graph": "show.plot.graph",
    "plot_regions": "show.plot.regions",
    "plot_surface": "show.plot.in_space",
    "plot_twin": "show.plot.twin",
    "polyhedral_complex": "proof",
    "prove": "proof",
    "prove_equal": "proof",
    "quantised": "claims.quantised",
    "read_neurons": "hidden_layers.one_input",
    "report": "show.report",
    "trimmed_to_points": "certificate.trimming",
    "two_sided": "hidden_layers.one_input",
}

__all__ = [
    "Bound",
    "Certificate",
    "Difference",
    "EqualNetworks",
    "Equality",
    "Grid",
    "Layer",
    "Merged",
    "OutputBounds",
    "PolyhedralComplex",
    "Polyhedron",
    "ReLUNetwork",
    "Region",
    "RegionCount",
    "Slice",
    "ThreeLayerNetwork",
    "Verdict",
    "canonical",
    "check",
    "depth",
    "difference",
    "enumerate_regions",
    "explain",
    "finite",
    "from_points",
    "gated",
    "load",
    "one_hidden",
    "one_sided",
    "output_range",
    "parts_of",
    "plot",
    "plot_cells",
    "plot_graph",
    "plot_regions",
    "plot_surface",
    "plot_twin",
    "polyhedral_complex",
    "prove",
    "prove_equal",
    "quantised",
    "read_neurons",
    "report",
    "trimmed_to_points",
    "two_sided",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import verishallow`` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'verishallow' has no attribute {name!r}")
    home = import_module(f"verishallow.{_HOMES[name]}")
    # A name that is its own home is a module, one that can be called.
    value = home if _HOMES[name] == name else getattr(home, name)
    globals()[name] = value
    return value
