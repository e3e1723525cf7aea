"""Exact linear regions of ReLU networks, equal networks of three layers, and certificates that both are one function.

>>> import verishallow
>>> network = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> certificate = verishallow.prove(network)
>>> print(certificate.check().kind, len(certificate.regions), certificate.shallow(["-1/3"]))
valid 2 (mpq(1,3),)

The story, in the order of the packages: a network is read exactly (`read`), its regions are enumerated (`regions`), a
three-layer network is made of them (`shallow`), a claim is written line by line (`claims`, `records`), the file is
read as one object (`certificate`), and a stand-alone program checks it (`checker`). All else is made of these:
`hidden_layers`, `explain`, `write`, `show`, `kept_proofs`, `cli`.

Where a function takes a network it takes its file and a model of torch, Keras or scikit-learn too, and a domain is a
`Polyhedron`, a text such as `"box:-1,1"`, pairs (low, high) or a file.

| I want to | names |
|---|---|
| read | `load`, `parts_of`, `from_points` |
| prove | `prove`, `prove_equal` |
| claim equality | `Equality`, `Merged`, `gated`, `quantised`, `one_hidden`, `finite` |
| claim what else holds | `RegionCount`, `OutputBounds`, `EqualNetworks` |
| check | `check`, `Verdict` |
| hold a proof | `Certificate`, `trimmed_to_points` |
| count regions | `enumerate_regions`, `polyhedral_complex`, `PolyhedralComplex`, `Region` |
| verify a property | `verify`, `robust`, `within`, `Outcome` |
| ask | `output_range`, `difference`, `depth`, `canonical`, `one_sided`, `two_sided`, `read_neurons` |
| explain | `explain` |
| draw | `plot`, `plot_graph`, `plot_regions`, `plot_surface`, `plot_cells`, `plot_twin` |
| tell others | `report` |
| spell networks | `ReLUNetwork`, `Layer`, `ThreeLayerNetwork` |
| spell domains and answers | `Polyhedron`, `Slice`, `Grid`, `Bound`, `Difference` |

The guides are the docstrings of packages:

| guide | about |
|---|---|
| `verishallow.read` | networks, models, domains and slices that it reads |
| `verishallow.regions` | engines, and three counts that are never mixed up |
| `verishallow.shallow` | constructions and their sizes, hidden layers, the paper's notation, questions |
| `verishallow.claims` | what a certificate can say, what the checker checks, what is trusted |
| `verishallow.verify` | properties, robustness, differences: decided without listing regions |
| `verishallow.explain` | explanations of a point, a domain, a decision |
| `verishallow.show` | pictures, the report, notebooks |
| `verishallow.write` | exports for papers and for other tools |
| `verishallow.kept_proofs` | proofs in a test suite, and a library of proofs |

## Glossary

**Functions and regions**

- *Activation pattern*: which hidden neurons are active (their pre-activation is positive) and which are not.
- *Activation region*: a maximal open set on which each neuron is positive, negative or identically zero.
- *Affine piece*: one of the distinct affine maps that the function is somewhere.
- *Linear region*: a maximal set, connected through facets, on which the function is one affine map.
- *Kink*: a part of a hyperplane along which the gradient jumps; of a function of one input, a *knot*.
- *Basis function*: `ReLU(x - t)` or `ReLU(t - x)` at a knot t.
- *H-representation*: a polyhedron as inequalities `b + a.x >= 0`, rows `[b, a]`; *V-representation*: as vertices, rays
  and lines.
- *Domain* D: the polyhedron on which something is claimed; by default all of R^n.
- *Facet*: a face of a polyhedron of one dimension less; *boundary facet*: a facet of a region in the boundary of its
  part of the domain.
- *Polyhedral complex*: all cells with all their faces.
- *Slice*: a rational affine map of few parameters to the inputs; the network restricted to its image.

**Networks of three layers**

- *Three-layer network S*: two hidden layers and an output layer, weights rational or minus infinity, the same function
  as the deep network.
- *Construction*: how S is made: `cells`, `merge`, `gated`, `quantised`, `finite`, `one-hidden`.
- *Unit*: a neuron of S. A *violation unit* of layer 1 is positive where a constraint fails; a *gate* is its weight to
  a unit of layer 2, which it switches off.
- *Signed face*: a cell or a face of it, with a sign. The signed faces of a cell add up to its half-open cell, so that
  each point of the domain counts exactly once.
- *Reference point*: the generic point that says to which of two cells their common facet belongs.
- *Boundary* `exact`: equality everywhere; `ignore`: off the hyperplanes where cells meet.

**Proofs**

- *Property*: no point of a domain is unsafe, in terms of inputs and outputs; a point that is, is a *counterexample*.
- *Certificate*: a file that states a claim and proves it (`proofs/FORMAT.md`).
- *Claim*: what is proved: `equality`, `regions`, `bounds`, `equal`, `property`, `counterexample`, and the weaker
  `equality-on-grid` and
  `equality-on-cells`.
- *Checker*: the stand-alone program that reads a certificate and says valid, invalid or incomplete. The *fast checker*
  gives the same verdicts sooner; the *verified checker* is proved correct in Coq.
- *Cell tree*: the domain, split by hyperplanes of neurons. A *split* is an inner node, a *leaf* is a cell on which the
  network is affine; a *path* leads from the root to a node.
- *Stable neuron*: one that has a single sign on a cell.
- *Farkas certificate*: non-negative multipliers of the constraints of a cell that prove that a form has a sign there.
- *Witness*: a rational point strictly inside a cell.
- *LP cell*: a cell known through linear programs, not through its vertices (engine `tree`).
- *Ray shooting*: following a line from a point inside a cell, both ways, to the first hyperplanes that it meets.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from verishallow.displayed import Displayed, show_in_ipython

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
    from verishallow.proof import enumerate_regions as enumerate_regions
    from verishallow.proof import polyhedral_complex as polyhedral_complex
    from verishallow.proof import prove as prove
    from verishallow.proof import prove_equal as prove_equal
    from verishallow.read import load as load
    from verishallow.read.domains.usable_domain import parts_of as parts_of
    from verishallow.regions.complex import PolyhedralComplex as PolyhedralComplex
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
    from verishallow.verify import verify as verify
    from verishallow.verify.asking import robust as robust
    from verishallow.verify.asking import within as within
    from verishallow.verify.verification import Outcome as Outcome

__version__ = "0.1.0"

# A notebook asks an object how it looks, and only then are the pictures imported.
Displayed.renderer = staticmethod(lambda: import_module("verishallow.show.notebook"))
# The checker stands alone, so its verdict cannot say how it looks.
show_in_ipython("verishallow.checker.judge", "Verdict")

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
    "Outcome": "verify.verification",
    "robust": "verify.asking",
    "verify": "verify",
    "within": "verify.asking",
    "difference": "proof",
    "enumerate_regions": "proof",
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
    "Outcome",
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
    "robust",
    "trimmed_to_points",
    "two_sided",
    "verify",
    "within",
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


def __dir__() -> list[str]:
    """The public names, and nothing else."""
    return [*__all__, "__doc__", "__version__"]
