"""Certificates of the shared examples with the other constructions of three-layer networks."""

from functools import cache

import pytest

from tests.examples import EXAMPLES
from verishallow.certificate import Certificate
from verishallow.constructions import Merged, gated
from verishallow.proof import prove

CONSTRUCTIONS = ("merge", "gated")
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
    network = EXAMPLES[name].network
    return prove(network, EXAMPLES[name].domain, claim=Merged() if construction == "merge" else gated(network))
