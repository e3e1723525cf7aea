"""Claims that are asked for by their names."""

from typing import Any

import pytest

from tests.examples import (
    ABSOLUTE_VALUE,
    MAX_OF_TWO,
)
from verishallow.claims.bounds import Bound, OutputBounds, output_range
from verishallow.claims.regions import RegionCount
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove, prove_equal
from verishallow.regions.enumeration import ENGINES

ENGINE_NAMES = ("auto", *ENGINES)
MODULUS, MAXIMUM = ReLUNetwork.of(ABSOLUTE_VALUE), ReLUNetwork.of(MAX_OF_TWO)
MAXIMUM_EXCHANGED = ReLUNetwork.of([([[-1, 1]], [0]), ([[1, 0, 1]], [0], [0, 1])])

Problem = tuple[ReLUNetwork, Polyhedron]


def test_a_claim_that_its_name_says_may_be_named() -> None:
    network = ReLUNetwork.of(ABSOLUTE_VALUE)
    assert prove(network, claim="equality", boundary="ignore") == prove(network, boundary="ignore")
    assert prove(network, claim="regions") == prove(network, claim=RegionCount())


@pytest.mark.parametrize("claim", ["another", 3, RegionCount])
def test_any_other_name_is_refused_with_the_names_there_are(claim: Any) -> None:
    network = ReLUNetwork.of(ABSOLUTE_VALUE)
    with pytest.raises(InputError, match=r"^claim: expected equality, regions, bounds or equal, found "):
        prove(network, claim=claim)


def test_bounds_and_equality_of_two_may_be_named_too() -> None:
    network = ReLUNetwork.of(ABSOLUTE_VALUE)
    given = OutputBounds((Bound.of(0, 0, 2),))
    assert prove(network, "box:-1,2", claim="bounds", bounds={0: (0, 2.0)}) == prove(network, "box:-1,2", claim=given)
    assert prove(network, claim="equal", other=network) == prove_equal(network, network)
    with pytest.raises(InputError, match="name the second network"):
        prove(network, claim="equal")


def test_the_bounds_that_the_message_names_are_a_claim() -> None:
    network = ReLUNetwork.of(ABSOLUTE_VALUE)
    assert prove(network, claim=OutputBounds(output_range(network))).claim == "bounds"
