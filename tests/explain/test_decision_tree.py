"""The decision tree: the same function, in its nodes, in its text and as a graph."""

import re

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.examples import ABSOLUTE_VALUE, EXAMPLES, MAX_OF_THREE, NO_HIDDEN_LAYER, each_example, example_leaves
from tests.strategies import points, problems
from verishallow.errors import OutsideDomainError
from verishallow.explain import DecisionTree, decision_tree
from verishallow.explain.decision_tree import Branch, Formula
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.regions.enumeration import ENGINES


def well_formed(tree: DecisionTree) -> None:
    """In preorder: above comes next, below after all of it, and every node but the root has one parent."""
    children = [child for node in tree.nodes if isinstance(node, Branch) for child in (node.above, node.below)]
    assert sorted(children) == list(range(1, len(tree.nodes)))
    assert all(node.above == i + 1 < node.below for i, node in enumerate(tree.nodes) if isinstance(node, Branch))


def run(text: str, point: Vector) -> list[mpq]:
    """The text of a tree as the program that it looks like."""
    exact = re.sub(r"(?<![a-z0-9])\d+(/\d+)?", lambda number: f"mpq('{number[0]}')", text.replace("; ", ";"))
    names = {f"x{i}": x for i, x in enumerate(point)}
    exec(exact, {"mpq": mpq}, names)  # noqa: S102 - a text of our own
    return [names[f"y{i}"] for i in range(len(names)) if f"y{i}" in names]


@each_example
def test_it_is_the_same_function(name: str) -> None:
    example, leaves = EXAMPLES[name], example_leaves(name)
    tree = decision_tree(example.network, example.domain)
    merged, text = tree.merged(), tree.text()
    assert tree.leaves == len(leaves) >= merged.leaves
    for each in (tree, merged):
        well_formed(each)
    for leaf in leaves[:6]:
        for point in (leaf.witness, *leaf.cell.polyhedron.v_representation.vertices[:3]):
            value = example.network(point)
            assert tree(point) == merged(point) == value
            assert run(text, point) == run(merged.text(), point) == list(value)


@given(problems(most_neurons=6), st.data())
@settings(max_examples=25, deadline=None)
def test_any_network(problem: tuple[ReLUNetwork, Polyhedron], data: st.DataObject) -> None:
    network, domain = problem
    tree = decision_tree(network, domain)
    for point in data.draw(st.lists(points(network.inputs), max_size=6)):
        if domain.contains(point):
            assert tree(point) == tree.merged()(point) == network(point)


@pytest.mark.parametrize("engine", list(ENGINES))
def test_engines_make_one_tree(engine: str) -> None:
    example = EXAMPLES["two layers on a square"]
    tree = decision_tree(example.network, example.domain, engine=engine)
    assert tree.nodes == decision_tree(example.network, example.domain).nodes


def test_text_with_names() -> None:
    tree = decision_tree(ReLUNetwork.of(MAX_OF_THREE), names=["a", "b", "c"], output_names=["best"])
    assert tree.text() == (
        "if a - b >= 0:\n  if a - c >= 0:\n    best = a\n  else:\n    best = c\n"
        "else:\n  if b - c >= 0:\n    best = b\n  else:\n    best = c"
    )
    assert (tree.leaves, tree.depth) == (4, 2)
    assert tree.text(lambda x: f"{float(x):.1f}").startswith("if a - b >= 0.0:")


def test_one_formula() -> None:
    tree = decision_tree(ReLUNetwork.of(NO_HIDDEN_LAYER))
    assert (tree.text(), tree.depth) == ("y0 = 1 + 1/2*x0 - x1; y1 = -2/3 + 3*x1", 0)
    assert tree.merged() == tree


def test_a_dead_end_is_merged_away() -> None:
    shadows = ReLUNetwork.of([([[1], [2], [1]], [0, 0, 1]), ([[0, 0, 1]], [0])])
    tree = decision_tree(shadows)
    (root, *rest) = tree.merged().nodes
    assert isinstance(root, Branch)
    assert len(tree.nodes) >= len(rest) + 1
    assert tree.merged().merged() == tree.merged()


def test_the_graph_has_the_same_nodes_and_edges() -> None:
    tree = decision_tree(ReLUNetwork.of(ABSOLUTE_VALUE), "box:-1,2", ['a "quoted" name'])
    dot = tree.dot()
    assert dot.startswith("digraph tree {\n")
    assert dot.endswith("}\n")
    nodes = re.findall(r"^  n(\d+) \[", dot, re.MULTILINE)
    edges = re.findall(r"n(\d+) -> n(\d+) \[label=\"(yes|no)\"", dot)
    assert [int(number) for number in nodes] == list(range(len(tree.nodes)))
    expected = [
        edge
        for i, node in enumerate(tree.nodes)
        if isinstance(node, Branch)
        for edge in ((str(i), str(node.above), "yes"), (str(i), str(node.below), "no"))
    ]
    assert edges == expected
    assert r"a \"quoted\" name >= 0" in dot
    assert sum(isinstance(node, Formula) for node in tree.nodes) == dot.count("rounded,filled") == 2


def test_outside_the_domain_it_says_nothing() -> None:
    with pytest.raises(OutsideDomainError, match="outside the domain of the decision tree"):
        decision_tree(ReLUNetwork.of(ABSOLUTE_VALUE), "box:-1,2")([3])
