"""Files that are small and once were slow: they are read in a moment, or refused."""

import math
import time
from typing import Any

from tests.checker.editing import encoded, sealed
from verishallow import checker, fast_checker

MODULUS = (1 << 61) - 1
"""Integers that differ by a multiple of it have one hash in CPython."""

MOMENT = 20
"""Seconds of processor time, many times what the files take; what grew with the square of their size took minutes."""

WIDE = 40_000


def certificate(layers: list[Any], nodes: list[Any], domain: Any = (), inputs: int = 1) -> list[bytes]:
    """A count of regions, all but its nodes and its network left open."""
    header = {
        "record": "header", "format": "verishallow-certificate", "version": 1, "claim": "regions",
        "inputs": inputs, "outputs": 1, "domain": domain, "network_sha256": "",
    }  # fmt: skip
    end = {"record": "end", "activation_regions": 0, "leaves": 0, "open": 1, "sha256": ""}
    return sealed(encoded([header, {"record": "network", "layers": layers}, *nodes, {"record": "open"}, end]))


def kinds_in_a_moment(lines: list[bytes], **expected: Any) -> list[str]:
    start = time.process_time()
    kinds = [judge.check_lines(lines, **expected).kind for judge in (checker, fast_checker)]
    assert time.process_time() - start < MOMENT
    return kinds


def colliding_rows(number: int) -> list[list[str]]:
    return [[str(MODULUS * k), "1"] for k in range(1, number + 1)]


def test_planes_of_one_hash() -> None:
    rows = colliding_rows(WIDE)
    assert len({hash(tuple(map(int, row))) for row in rows[:100]}) == 1
    layers = [{"weight": [["1"]] * WIDE, "bias": [row[0] for row in rows]}, {"weight": [["0"] * WIDE], "bias": ["0"]}]
    entered = {"record": "layer", "layer": 1, "active": [], "inactive": [], "planes": rows, "undecided": [*range(WIDE)]}
    assert kinds_in_a_moment(certificate(layers, [entered])) == ["incomplete"] * 2


def test_rows_of_a_domain_of_one_hash() -> None:
    rows = colliding_rows(WIDE)
    lines = certificate([{"weight": [["1"]], "bias": ["0"]}], [], rows)
    domain = [tuple(map(int, row)) for row in rows]
    assert kinds_in_a_moment(lines, domain=domain) == ["incomplete"] * 2
    assert kinds_in_a_moment(lines, domain=domain[1:]) == ["invalid"] * 2


def test_many_weights_over_large_denominators() -> None:
    number = 3000
    large = [f"1/{base ** int(3950 / math.log10(base))}" for base in (2, 3, 5, 7, 11, 13)]
    first = {"weight": [["1"]] * 3, "bias": large[:3]}
    second = {"weight": [["1"] * 3] * number, "bias": [*large[3:], *["0"] * (number - 3)]}
    last = {"weight": [["1"] * number], "bias": ["0"]}
    assert kinds_in_a_moment(certificate([first, second, last], [])) == ["incomplete"] * 2
