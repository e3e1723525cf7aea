"""The tree in the lines of a proof, with its states recomputed: what goes on from open nodes begins with it."""

import json
from collections.abc import Iterator, Sequence

import numpy as np

from verishallow.errors import ProofError
from verishallow.rationals import parse_rational
from verishallow.records.spelling import Record
from verishallow.verify.problem import Problem
from verishallow.verify.records import DEFAULT, LEVEL_LETTERS
from verishallow.verify.relaxation import Multipliers
from verishallow.verify.tree import Halving, ProofNode, Refutation, SignSplit


def tree_of(problem: Problem, lines: Sequence[bytes]) -> ProofNode:
    """The tree of a certificate of this problem; its leaves are taken over as they are, its open nodes are open.

    The certificate has been checked, and states the problem's own property.
    """
    records = [json.loads(line) for line in lines]
    nodes = iter(record for record in records[1:-1] if record["record"] != "network")
    root = ProofNode(problem.root)
    waiting = [root]
    while waiting:
        node = waiting.pop()
        _fill(problem, node, nodes)
        waiting += node.children[::-1]
    return root


def _fill(problem: Problem, node: ProofNode, records: Iterator[Record]) -> None:
    record = next(records)
    if record["record"] == "relax":
        node.words = tuple(
            text or "u" * width for text, width in zip(record["words"], problem.network.widths[1:], strict=False)
        )
        (cell,) = problem.rule.relaxed([node.cell], [node.words])
        if cell is None:
            raise ProofError("a relaxation that was checked does not hold")
        node.cell, node.unrelaxed = cell, -1
        record = next(records)
    match record["record"]:
        case "halve":
            node.split = Halving(record["input"], parse_rational(record["at"]))
            cells = node.cell.halved(node.split.input, node.split.at)
        case "sign":
            node.split = SignSplit(record["layer"], record["neuron"])
            at = node.split.layer, node.split.neuron
            cells = node.cell.with_sign(*at, 1), node.cell.with_sign(*at, -1)
        case "refuted":
            node.refutations = tuple(_refutation(each) for each in record["disjuncts"])
            return
        case _:
            return
    node.children = [ProofNode(cell, node.depth + 1, node.unrelaxed + 1) for cell in cells]


def _refutation(record: Record) -> Refutation:
    alphas = tuple(_slopes(text) for text in record.get("alphas", ()))
    betas = tuple((layer, neuron, int(t)) for layer, neuron, t in record.get("betas", ()))
    lambdas = tuple((row, int(t)) for row, t in record.get("lambdas", ()))
    return Refutation(tuple(map(int, record["w"])), Multipliers(alphas, betas, lambdas))


def _slopes(text: str) -> np.typing.NDArray[np.int8]:
    return np.array([-1 if letter == DEFAULT else LEVEL_LETTERS.index(letter) for letter in text], dtype=np.int8)
