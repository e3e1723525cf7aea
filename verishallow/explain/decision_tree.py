"""The cell tree read as a multivariate decision tree: affine tests inside, affine formulas at the leaves."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from verishallow.affine import AffineForm, AffineMap
from verishallow.errors import OutsideDomainError
from verishallow.explain.names import Names
from verishallow.explain.texts import Spelling, formula_text, largest_one, rule_text
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector, format_rational, vector
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, usable_domain
from verishallow.read.sources import Model
from verishallow.regions.cdd_engine import generic_point
from verishallow.regions.cell_tree import Leaf
from verishallow.regions.enumeration import ENGINES, engine_named


@dataclass(frozen=True, slots=True)
class Branch:
    """``form >= 0`` leads to the node numbered ``above``, ``form < 0`` to the one numbered ``below``."""

    form: AffineForm
    above: int
    below: int


@dataclass(frozen=True, slots=True)
class Formula:
    """A leaf: the function is this affine map."""

    affine_map: AffineMap


Node = Branch | Formula


@dataclass(frozen=True)
class DecisionTree:
    """A function on a domain as a decision tree; ``nodes`` in preorder, the root first, ``above`` before ``below``.

    >>> from verishallow import ReLUNetwork
    >>> tree = decision_tree(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]), "box:-1,2", ["age"])
    >>> print(tree.text())
    if age >= 0:
      y0 = age
    else:
      y0 = -age
    >>> tree(["-1/2"]), tree.leaves, tree.depth
    ((mpq(1,2),), 2, 1)
    """

    domain: Polyhedron
    nodes: tuple[Node, ...]
    names: Names

    def __call__(self, point: Iterable[Any]) -> Vector:
        """The value at a point of the domain, by its tests alone."""
        at = vector(point)
        if not self.domain.contains(at):
            raise OutsideDomainError("the point lies outside the domain of the decision tree")
        node = self.nodes[0]
        while isinstance(node, Branch):
            node = self.nodes[node.above if node.form(at) >= 0 else node.below]
        return node.affine_map(at)

    @property
    def leaves(self) -> int:
        """The number of formulas."""
        return sum(isinstance(node, Formula) for node in self.nodes)

    @property
    def depth(self) -> int:
        """The largest number of tests on the way to a formula."""
        return max(depth for depth, _, _ in self._walk())

    def merged(self) -> "DecisionTree":
        """The same function, without tests whose two sides have one formula throughout.

        >>> from verishallow import ReLUNetwork
        >>> clipped = ReLUNetwork.of([([[2], [1]], [1, 0]), ([[1, 0]], [0])])
        >>> decision_tree(clipped).leaves, decision_tree(clipped).merged().leaves
        (3, 2)
        """
        found = list(self.nodes)
        # Children come after their parents: backwards, both sides of a test are known when its turn comes.
        for number in range(len(found) - 1, -1, -1):
            node = found[number]
            if isinstance(node, Branch) and isinstance(found[node.above], Formula):
                found[number] = found[node.above] if found[node.above] == found[node.below] else node
        return replace(self, nodes=tuple(_preorder(found)))

    def text(self, number: Spelling = format_rational) -> str:
        """The tree as nested rules; numbers exact, or spelled by a function that rounds."""
        return "\n".join(
            f"{'  ' * depth}{'else:' if kind == 'else' else self._words(node, number)}"
            for depth, kind, node in self._walk()
        )

    def dot(self, number: Spelling = format_rational) -> str:
        """The tree in Graphviz's DOT language."""
        lines = ["digraph tree {", "  node [shape=box];"]
        for index, node in enumerate(self.nodes):
            shape = "" if isinstance(node, Branch) else ', style="rounded,filled", fillcolor="#e8eef7"'
            lines.append(f'  n{index} [label="{_quoted(self._label(node, number))}"{shape}];')
            if isinstance(node, Branch):
                lines += [f'  n{index} -> n{node.above} [label="yes"];', f'  n{index} -> n{node.below} [label="no"];']
        return "\n".join([*lines, "}", ""])

    def _walk(self) -> Iterator[tuple[int, str, Node]]:
        """Every line of the text: its depth, its kind ("if" or "else"), and its node."""
        waiting = [(0, "if", 0)]
        while waiting:
            depth, kind, number = waiting.pop()
            node = self.nodes[number]
            yield depth, kind, node
            if kind == "if" and isinstance(node, Branch):
                waiting += [(depth + 1, "if", node.below), (depth, "else", number), (depth + 1, "if", node.above)]

    def _words(self, node: Node, number: Spelling) -> str:
        return f"if {self._label(node, number)}:" if isinstance(node, Branch) else self._label(node, number, "; ")

    def _label(self, node: Node, number: Spelling, between: str = "\n") -> str:
        if isinstance(node, Branch):
            form = node.form if number is format_rational else largest_one(node.form)
            return rule_text(form, self.names.features, number)
        pairs = zip(self.names.outputs, node.affine_map.forms, strict=True)
        return between.join(f"{name} = {formula_text(form, self.names.features, number)}" for name, form in pairs)


def decision_tree(
    network: Model,
    domain: Domain = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    engine: str = "auto",
) -> DecisionTree:
    """The cell tree of a network as a decision tree: one leaf per activation region, exactly the same function.

    >>> from verishallow import ReLUNetwork
    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> print(decision_tree(maximum).text())
    if x0 - x1 >= 0:
      y0 = x0
    else:
      y0 = x1
    """
    network = load(network)
    usable = usable_domain(domain, network.inputs)
    found = ENGINES[engine_named(engine, network.inputs)](network, usable, generic_point(usable), reporting=False)
    nodes = _nodes(node for node in found if isinstance(node, Leaf))
    return DecisionTree(usable, nodes, Names.of(network.inputs, network.outputs, names, output_names))


def _nodes(leaves: Iterable[Leaf]) -> tuple[Node, ...]:
    """The tests and formulas of leaves in preorder; successive leaves share the tests that their paths share."""
    nodes, path = list[Node](), list[AffineForm]()
    tests: list[int] = []
    for leaf in leaves:
        forms = [constraint.form for constraint in leaf.cell.path]
        parted = next((i for i, (a, b) in enumerate(zip(path, forms, strict=False)) if a != b), None)
        if parted is not None:
            nodes[tests[parted]] = Branch(path[parted], tests[parted] + 1, len(nodes))
            del tests[parted + 1 :]
        for form in forms[len(tests) :]:
            tests.append(len(nodes))
            nodes.append(Branch(form, len(nodes) + 1, len(nodes) + 1))
        nodes.append(Formula(leaf.affine_map))
        path = forms
    return tuple(nodes)


def _preorder(nodes: Sequence[Node]) -> Iterator[Node]:
    """The nodes that can be reached from the first one, in preorder, renumbered."""
    order, waiting = list[int](), [0]
    while waiting:
        order.append(waiting.pop())
        node = nodes[order[-1]]
        waiting += [node.below, node.above] if isinstance(node, Branch) else []
    place = {number: index for index, number in enumerate(order)}
    for number in order:
        node = nodes[number]
        yield replace(node, above=place[node.above], below=place[node.below]) if isinstance(node, Branch) else node


def _quoted(label: str) -> str:
    return label.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
