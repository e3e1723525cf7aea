"""Exact linear regions of ReLU networks, their three-layer twins, and certificates that the two are one function.

>>> import verishallow
>>> network = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> certificate = verishallow.prove(network)
>>> print(certificate.check().kind, len(certificate.regions), certificate.shallow(["-1/3"]))
valid 2 (mpq(1,3),)
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from verishallow.certificate import Certificate as Certificate
    from verishallow.checker import Verdict as Verdict
    from verishallow.network import Layer as Layer
    from verishallow.network import ReLUNetwork as ReLUNetwork
    from verishallow.polyhedron import Polyhedron as Polyhedron
    from verishallow.proof import check as check
    from verishallow.proof import polyhedral_complex as polyhedral_complex
    from verishallow.proof import prove as prove
    from verishallow.read import load as load
    from verishallow.regions.complex import PolyhedralComplex as PolyhedralComplex
    from verishallow.regions.enumeration import enumerate_regions as enumerate_regions
    from verishallow.regions.region import Region as Region
    from verishallow.shallow.three_layer import ThreeLayerNetwork as ThreeLayerNetwork

__version__ = "0.1.0"

_HOMES = {
    "Certificate": "certificate",
    "Layer": "network",
    "PolyhedralComplex": "regions.complex",
    "Polyhedron": "polyhedron",
    "ReLUNetwork": "network",
    "Region": "regions.region",
    "ThreeLayerNetwork": "shallow.three_layer",
    "Verdict": "checker",
    "check": "proof",
    "enumerate_regions": "regions.enumeration",
    "load": "read",
    "polyhedral_complex": "proof",
    "prove": "proof",
}

__all__ = [
    "Certificate",
    "Layer",
    "PolyhedralComplex",
    "Polyhedron",
    "ReLUNetwork",
    "Region",
    "ThreeLayerNetwork",
    "Verdict",
    "check",
    "enumerate_regions",
    "load",
    "polyhedral_complex",
    "prove",
]


def __getattr__(name: str) -> Any:
    """Import a public name when it is first used, so that ``import verishallow`` costs next to nothing."""
    if name not in _HOMES:
        raise AttributeError(f"module 'verishallow' has no attribute {name!r}")
    value = getattr(import_module(f"verishallow.{_HOMES[name]}"), name)
    globals()[name] = value
    return value
