"""Ours, the float twin and the peers as tools: each makes a case ready, and then counts its regions."""

from importlib import import_module
from typing import Any
from warnings import catch_warnings, simplefilter

import numpy as np

from tests.benchmarks.float_twin import float_twin
from tests.benchmarks.measuring import Tool, Work, installed
from tests.benchmarks.networks import Case
from verishallow.regions.enumeration import enumerate_regions
from verishallow.regions.lattice_engine import lattice_engine

TINY = Case("2-3-1")
OURS, TWIN, AFFINITREE, REGIONCAM = "verishallow", "float twin", "affinitree", "regioncam"


def ours(case: Case) -> Work:
    """The whole complex: all faces, vertices, patterns and signs."""
    network, domain = case.network, case.polyhedron
    return lambda: lattice_engine(network, domain).cells


def ours_with_maps(case: Case) -> Work:
    """The complex, and the affine map of every cell, as trees of affine functions have them."""
    network, domain = case.network, case.polyhedron
    return lambda: enumerate_regions(network, domain, "lattice").activation_regions


def twin(case: Case) -> Work:
    network, domain = case.network, case.polyhedron
    return lambda: len(float_twin(network, domain)[0])


def imported(name: str) -> Any:
    """A peer; some warn of what they miss when they are imported."""
    with catch_warnings():
        simplefilter("ignore")
        return import_module(name)


def affinitree(case: Case) -> Work:
    """The tree of affine functions, whose infeasible paths are eliminated while it is built."""
    peer = imported(AFFINITREE)
    network = peer.Architecture(case.inputs)
    for weight, bias, relu in case.float_layers():
        network.linear(peer.AffFunc.from_mats(np.ascontiguousarray(weight), bias))
        if relu:
            network.relu()
    if case.bounds is None:
        return lambda: int(peer.builder.from_layers(network).num_terminals())
    box = peer.Polytope.hyperrectangle(case.inputs, case.bounds)
    inside = peer.AffTree.from_poly(box, peer.AffFunc.identity(case.inputs))
    return lambda: int(peer.builder.from_layers(network, inside).num_terminals())


def regioncam(case: Case) -> Work:
    """The subdivision of a square, in float32."""
    peer = imported(REGIONCAM)
    size = square(case)
    if size is None:
        raise ValueError("regioncam knows squares around 0")
    layers: list[tuple[Any, Any, bool]] = [
        (np.ascontiguousarray(weight.T, dtype=np.float32), bias.astype(np.float32), relu)
        for weight, bias, relu in case.float_layers()
    ]

    def work() -> int:
        plane = peer.Regioncam(size=size)
        for weight, bias, relu in layers:
            plane.linear(weight, bias)
            if relu:
                plane.relu()
        return int(plane.num_faces)

    return work


def square(case: Case) -> float | None:
    """The s for which the domain is ``[-s, s]^2``."""
    bounds = case.bounds or []
    high = bounds[0][1] if bounds else 0.0
    return high if bounds == [(-high, high)] * 2 else None


def tools_for(case: Case, maps: bool = False) -> dict[str, Tool]:
    """Ours, and every other tool that is installed and can be asked about a case."""
    chosen: dict[str, Tool] = {OURS: ours, TWIN: twin}
    if maps:
        chosen[f"{OURS} with maps"] = ours_with_maps
    if installed(AFFINITREE):
        chosen[AFFINITREE] = affinitree
    if installed(REGIONCAM) and square(case) is not None:
        chosen[REGIONCAM] = regioncam
    return chosen
