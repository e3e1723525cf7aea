"""The reader of trees of proofs: the same boxes, signs and leaves as the search that goes on from them."""

import random

import pytest
from gmpy2 import mpq

from tests.show.report.pages import random_network
from tests.verify.random_cells import network_of
from tests.verify.test_verification import random_property
from verishallow.network import ReLUNetwork
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.records.relaxed_tree import AssumedSign, TreeCell, nodes_of, root_cell
from verishallow.verify.precision import RoundingBits
from verishallow.verify.problem import Problem
from verishallow.verify.replay import tree_of
from verishallow.verify.root_box import with_sides
from verishallow.verify.tree import preorder
from verishallow.verify.verification import Outcome, verify


@pytest.mark.parametrize("seed", range(40))
def test_cells_are_those_of_the_search(seed: int) -> None:
    rng = random.Random(seed)
    network = network_of(rng, "any", rng.randint(1, 3))
    asked = random_property(rng, network)
    outcome = verify(network, asked, max_nodes=rng.choice([3, 60]))
    if outcome.point is not None:
        assert list(nodes_of(outcome.lines)) == []
        return
    require_same(network, asked, outcome)


TRIANGLE = Conjunction.of([[1, 1, 0], [1, 0, 1], [1, -3, -1]], strict=[2])


@pytest.mark.parametrize("domain", [Conjunction(), TRIANGLE], ids=["a square", "a triangle"])
@pytest.mark.parametrize("nodes", [7, 40, None])
@pytest.mark.parametrize("precise", [False, True])
def test_cells_of_deep_trees_are_those_of_the_search(domain: Conjunction, nodes: int | None, precise: bool) -> None:
    network = random_network((2, 8, 8, 1))
    high = mpq("2488619/479232") + (0 if precise else mpq(1, 10))
    square = Conjunction.of([[1, 1, 0], [1, -1, 0], [1, 0, 1], [1, 0, -1]])
    asked = Property.of(2, 1, domain.also(square), [Conjunction.of([[-high, 0, 0, 1]], strict=[0])])
    outcome = verify(network, asked, max_nodes=nodes)
    assert outcome.verdict in ("holds", "unknown")
    require_same(network, asked, outcome)
    kinds = {node.kind for node in nodes_of(outcome.lines)}
    assert kinds & {"halve", "sign"}


def require_same(network: ReLUNetwork, asked: Property, outcome: Outcome) -> None:
    problem, _ = with_sides(Problem.of(network, asked, RoundingBits()))
    expected = preorder(tree_of(problem, outcome.lines))
    found = list(nodes_of(outcome.lines))
    assert len(found) == len(expected)
    for one, other in zip(found, expected, strict=True):
        assert (one.cell.lows, one.cell.highs) == (other.cell.lows, other.cell.highs)
        assert [(s.layer, s.neuron, s.sign) for s in one.cell.signs] == list(other.cell.signs)
        assert (one.is_leaf, one.kind == "open") == (other.refutations is not None, other.open)
        assert one.depth == other.depth
    assert sum(node.is_leaf for node in found) == outcome.leaves


def test_a_box_without_rows_is_infinite() -> None:
    root = root_cell({"inputs": 2, "domain": [["0", "2", "0"], ["1", "1", "1"]]})
    assert (root.lows, root.highs) == ((mpq(0), None), (None, None))
    assert root.widths == (None, None)


def test_a_cell_is_checked_when_born() -> None:
    with pytest.raises(ValueError, match="1 low sides and 0 high ones"):
        TreeCell((mpq(0),), ())
    with pytest.raises(ValueError, match="a sign is 1 or -1"):
        AssumedSign(1, 0, 0)
