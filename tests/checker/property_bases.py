"""Certificates of the claims ``property`` and ``counterexample``, record by record, so that no search is in them."""

from dataclasses import dataclass
from typing import Any

from tests.checker.editing import Records, encoded, sealed

Lines = tuple[bytes, ...]


@dataclass(frozen=True)
class Claimed:
    """What stands in the header and says what is claimed."""

    name: str

    def header(self) -> dict[str, Any]:
        return {"claim": self.name}


@dataclass(frozen=True)
class Written:
    """A certificate whose nodes are given; ``about`` are further members of the header."""

    layers: tuple[Any, ...]
    domain: tuple[Any, ...]
    unsafe: tuple[Any, ...]
    about: dict[str, Any]
    nodes: tuple[Any, ...] = ()
    other: tuple[Any, ...] | None = None
    strict: tuple[int, ...] = ()

    @property
    def claim(self) -> Claimed:
        return Claimed("counterexample" if "point" in self.about else "property")

    @property
    def last_leaf_open(self) -> bool:
        return any(node["record"] == "open" for node in self.nodes)

    def lines(self) -> Lines:
        networks = [network(layers) for layers in (self.layers, self.other) if layers is not None]
        kinds = [node["record"] for node in self.nodes]
        end = {"record": "end", "leaves": kinds.count("refuted") + kinds.count("empty"), "open": kinds.count("open")}
        return tuple(sealed(encoded([self.header(), *networks, *self.nodes, {**end, "sha256": ""}])))

    def header(self) -> Any:
        slice_ = self.about.get("slice")
        first = self.layers[0][0][0]
        return {
            "record": "header", "format": "verishallow-certificate", "version": 1, "network_sha256": "",
            **({} if self.other is None else {"other_network_sha256": ""}),
            "claim": self.claim.name, "inputs": len(slice_[0]) - 1 if slice_ else len(first),
            "outputs": len(self.layers[-1][1]), "domain": texts(self.domain), "strict": list(self.strict),
            "unsafe": [{"rows": texts(rows), "strict": list(strict)} for rows, strict in self.unsafe], **self.about,
        }  # fmt: skip


def texts(value: Any) -> Any:
    return [texts(each) for each in value] if isinstance(value, list | tuple) else str(value)


def network(layers: tuple[Any, ...]) -> Any:
    told = [
        {"weight": texts(weight), "bias": texts(bias), **({"reads": list(*reads)} if reads else {})}
        for weight, bias, *reads in layers
    ]
    return {"record": "network", "layers": told}


def refuted(*disjuncts: Any) -> Any:
    """A leaf, from pairs of weights and of other members."""
    return {"record": "refuted", "disjuncts": [{"w": texts(weights), **members} for weights, members in disjuncts]}


def relax(*words: str) -> Any:
    return {"record": "relax", "words": list(words)}


def halve(number: int, at: str) -> Any:
    return {"record": "halve", "input": number, "at": at}


def sign(layer: int, neuron: int) -> Any:
    return {"record": "sign", "layer": layer, "neuron": neuron}


def rounded(p: int, s: int, x: int) -> Any:
    return {"precision": {"P": p, "S": s, "X": x}}


OPEN = {"record": "open"}

MODULUS_OF_THE_SECOND = (([[0, 1], [0, -1]], [0, 0]), ([[1, 1]], [0]))
MODULUS = (([[1], [-1]], [0, 0]), ([[1, 1]], [0]))
TRIANGLE = ([0, 1, 1], [0, 1, -1], [2, -1, 0])
ABOVE_TWO = ([[-2, 0, 0, 1]], ())
BELOW_THE_FIRST = ([[0, 0, -1, -1]], (0,))
SIDES = [[0, "low", "2", [[0, "64"], [1, "64"]]], [1, "low", "1", [[0, "64"]]], [1, "high", "1", [[1, "64"]]]]
TRIANGLE_PROOF = (
    relax("bb"),
    sign(1, 0),
    refuted(([1], {"lambdas": [[1, "32"], [2, "32"]]}), ([1], {"betas": [[1, 0, "128"]]})),
    halve(1, "1"),
    refuted(([1], {"lambdas": [[0, "32"], [2, "32"]]}), ([1], {"alphas": [".="]})),
    {"record": "empty", "reason": {"betas": [[1, 0, "64"]]}},
)

DEEP = (
    ([["1/3", "-2/7"], ["3/5", 1], [-1, "1/2"]], ["1/9", "-2/3", "1/4"]),
    ([["1/7", "-2/3", "1/5"], ["5/11", "1/3", "-3/7"]], ["1/8", "-1/6"]),
    ([[1, "-1/3", "2/7", "1/5", "-4/9"], ["-1/2", 1, "3/4", "-1/7", "1/3"]], ["1/5", "-1/3"], [1, 2]),
    ([["1/3", "-2/5", "4/7", "-3/4"]], ["1/7"], [0, 3]),
)
"""Skips, and no weight that is a multiple of a power of 1/2."""

BOX = ([1, 1, 0], [1, -1, 0], [2, 3, 1], [1, 0, -1], [5, 1, 3])
DEEP_UNSAFE = (([[-1, 0, 0, "1/3"], [-2, "1/2", "1/3", "1/5"]], (1,)), ([["-20", 1, "1/7", -3]], ()))

STEEP = (([[1], [-1]], [0, 0]), ([[10, "-1"]], [-5]), ([["7/3"]], [0]))

ONE_BEND = (([[1]], ["-1/2"]), ([[2]], [1]))

PROPERTY_BASES = {
    "property": Written(
        MODULUS_OF_THE_SECOND, TRIANGLE, (ABOVE_TWO, BELOW_THE_FIRST),
        {**rounded(6, 0, 0), "witness": ["1", "0"], "sides": SIDES}, TRIANGLE_PROOF, strict=(2,),
    ),
    "property, deep": Written(
        DEEP, BOX, DEEP_UNSAFE, {**rounded(7, 3, 4), "sides": [[1, "low", "3", [[4, "129"]]]]},
        (
            relax("bbb", "bb", "bb"),
            sign(1, 0),
            halve(1, "-1/16"),
            relax("uub", "", "ub"),
            refuted(([0, 3], {"betas": [[1, 0, "3"]]}), ([2], {"alphas": ["", "G.", "7k"]})),
            refuted(([0, 2], {}), ([1], {})),
            relax("", "bu", "bb"),
            sign(3, 1),
            refuted(([0, 1], {}), ([1], {"betas": [[1, 0, "1"], [3, 1, "2"]]})),
            refuted(([1, 5], {}), ([1], {"lambdas": [[0, "5"], [4, "7"]]})),
        ),
    ),
    "property, words": Written(
        MODULUS, ([0, 1], [2, -1]), (([[-2, 0, 1]], (0,)),), rounded(6, 0, 0), (relax("ai"), refuted(([1], {}))),
    ),
    "property, a row strict and not": Written(
        MODULUS, ([0, 1], [2, -1], [2, -1]), (([[-2, 0, 1]], ()),), rounded(6, 0, 0),
        (relax("ai"), refuted(([1], {"lambdas": [[2, "64"]]}))), strict=(2,),
    ),
    "property, words after a cut": Written(
        MODULUS, ([1, 1], [2, -1]), (([[-2, 0, 1]], (0,)),), rounded(6, 1, 1),
        (halve(0, "1/2"), relax("bb"), refuted(([1], {})), relax("ai"), refuted(([1], {}))),
    ),
    "property, steep": Written(
        STEEP, ([4, 1], [4, -1]), (([[-85, 0, 1]], (0,)),), rounded(8, 4, 4),
        (relax("bb", ""), halve(0, "0"), relax("ia", "i"), refuted(([1], {})), relax("ai", "b"), refuted(([1], {}))),
    ),
    "property, of rows that add up": Written(
        MODULUS, ([1, 1], [1, -1]), (([[-1, 1, 1], ["1/4", -2, 1], ["1/2", 0, 0]], (2,)),), rounded(6, 0, 2),
        (halve(0, "0"), relax("ia"), refuted(([1, 0, 0], {})), relax("ai"), refuted(([1, 2, 0], {}))),
    ),
    "property, unbounded": Written(
        MODULUS, (), (([[0, 0, -1]], (0,)), ([[-1, 0, 0]], ())), rounded(6, 0, 0), (refuted(([1], {}), ([1], {})),),
    ),
    "property, a half line": Written(
        ONE_BEND, ([-1, 1],), (([[0, -2, 1]], (0,)),), rounded(6, 0, 0),
        (relax("a"), refuted(([1], {}))),
    ),
    "property, without hidden layers": Written(
        (([["1/3", "-1/2"]], ["1/7"]),), ([0, 1, 0], [1, -1, 0], [0, 0, 1]), (([[-1, 0, 0, 1]], ()),), rounded(6, 0, 5),
        (halve(0, "1/2"), refuted(([1], {})), refuted(([21], {"lambdas": [[2, "672"]]}))),
    ),
    "property, two networks": Written(
        MODULUS, ([1, 1], [1, -1]), (([["-1/2", 0, 1, -1]], (0,)), ([[-1, 0, -1, 1]], (0,))), rounded(6, 2, 2),
        (halve(0, "0"), relax("ia", "i"), refuted(([4], {}), ([4], {})), relax("ai", "b"), sign(2, 0),
         refuted(([4], {}), ([4], {})), refuted(([4], {"betas": [[2, 0, "64"]]}), ([4], {}))),
        other=(([[2]], ["-1/2"]), ([[1]], ["1/2"])),
    ),
    "property, on a slice": Written(
        MODULUS_OF_THE_SECOND, ([1, 1], [1, -1]), (([[-2, "1/2", 1]], (0,)),),
        {**rounded(6, 0, 2), "slice": [["1/3", "1"], ["1/2", "1"]]},
        (relax("bb"), refuted(([1], {}))),
    ),
    "property, nothing assumed of D": Written(
        MODULUS, ([-1, 1], [0, -1]), (((), ()),), rounded(6, 0, 0),
        ({"record": "empty", "reason": {"lambdas": [[0, "64"], [1, "64"]]}},),
    ),
    "property, left open": Written(
        MODULUS, ([1, 1], [2, -1]), (([[-2, 0, 1]], (0,)),), rounded(6, 0, 0),
        (relax("bb"), halve(0, "0"), OPEN, relax("ai"), refuted(([1], {}))),
    ),
    "counterexample": Written(
        MODULUS_OF_THE_SECOND, TRIANGLE, (ABOVE_TWO, BELOW_THE_FIRST), {"point": ["2", "2"], "disjunct": 0},
    ),
    "counterexample, deep": Written(
        DEEP, BOX[:4], (([[-1, 0, 0, 1]], ()), ((), ()), ([["1/2", "1/2", 0, -1], [0, 0, "1/5", 1]], (0,))),
        {"point": ["-1/3", "1/7"], "disjunct": 2}, strict=(0, 1),
    ),
    "counterexample, two networks": Written(
        MODULUS, (), (([[-1, 0, 1, -1], [1, 1, 0, 0]], (0,)),), {"point": ["-1"], "disjunct": 0},
        other=(([["1/2"]], ["1/4"]), ([["1/3"]], ["-1/4"])),
    ),
    "counterexample, on a slice": Written(
        MODULUS_OF_THE_SECOND, ([0, 1], [1, -1]), (([[-1, "1/2", 1]], (0,)),),
        {"slice": [["0", "3"], ["1/4", "1"]], "point": ["2/3"], "disjunct": 0}, strict=(0,),
    ),
}  # fmt: skip
"""By their names; ``Written`` has what a base needs."""


def changed_nodes(*nodes: Any) -> Any:
    """The edit that puts these nodes in place of all, and counts."""

    def edit(records: Records) -> None:
        first = 3 if "other_network_sha256" in records[0] else 2
        records[first:-1] = [dict(node) for node in nodes]
        kinds = [node["record"] for node in nodes]
        records[-1].update(leaves=kinds.count("refuted") + kinds.count("empty"), open=kinds.count("open"))

    return edit
