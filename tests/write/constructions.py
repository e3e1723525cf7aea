"""Certificates of the shared examples with the other constructions of three-layer networks."""

from functools import cache

import pytest

from tests.examples import EXAMPLES
from verishallow.certificate.certificate import Certificate
from verishallow.claims.bounds import output_range
from verishallow.claims.equality import Equality
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove

CONSTRUCTIONS = ("merge", "gated", "one unit")
CHOSEN = (
    "absolute value",
    "neuron identically 0",
    "layer that reads the input and two earlier layers",
    "residual block",
    "max of three on a cube",
    "sawtooth of depth 3",
    "sawtooth of depth 3 on the line",
    "one affine map on many regions",
    "two layers on a square",
    "weights of float32",
)
"""With hidden layers from one to three, for which the gated construction has no cells, and some."""

each_construction = pytest.mark.parametrize("construction", CONSTRUCTIONS)
each_chosen = pytest.mark.parametrize("name", CHOSEN)


@cache
def constructed(name: str, construction: str) -> Certificate:
    network, domain = EXAMPLES[name].network, EXAMPLES[name].domain
    if construction == "one unit":
        return _one_unit(network, domain)
    return prove(network, domain, claim=Merged() if construction == "merge" else gated(network))


def _one_unit(network: ReLUNetwork, domain: Polyhedron | str | None) -> Certificate:
    """One unit per face and output, on a box where outputs are not bounded below on the domain."""
    for part in (domain, "box:-8,8"):
        low = {bound.output: bound.low for bound in output_range(network, part)}
        if None not in (lows := [low.get(output) for output in range(network.outputs)]):
            return prove(network, part, claim=Equality(low=tuple(bound for bound in lows if bound is not None)))
    raise AssertionError("outputs are bounded on a box")
