"""The bound on coefficients and depth holds to the last one: small bounds on small certificates."""

from typing import Any

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.editing import parsed
from tests.checker.property_bases import PROPERTY_BASES
from verishallow import checker
from verishallow.checker import values


def least_bound(name: str) -> Any:
    """The greatest number that is bounded: all numbers are so small here that each is one word.

    These are the coefficients of all forms, inputs and output included, times the depth of the deepest split; the
    square of the number of constraints there; the weights; the square of the number of layers; and the terms, times
    the rows of the domain.
    """
    header, *records, _ = parsed(base_lines(name))
    networks = [record for record in records if record["record"] == "network"]
    nodes = [record for record in records if record["record"] != "network"]
    first = len(header["slice"]) if "slice" in header else header["inputs"]
    layers = [layer for network in networks for layer in network["layers"]]
    coefficients = (first + sum(len(layer["bias"]) for layer in layers)) * (header["inputs"] + 1)
    weights = sum(len(row) for layer in layers for row in layer["weight"])
    depths, rows = depths_of_splits(nodes), len(header["domain"])
    terms = sum(len(record["terms"]) for record in nodes if record["record"] == "terms")
    splits = max([0, *(max(depth * coefficients, (rows + depth) ** 2) for depth in depths)])
    return max(coefficients, weights, len(layers) ** 2, terms * rows, splits)


def depths_of_splits(nodes: list[dict[str, object]]) -> list[int]:
    waiting, depths = [0], list[int]()
    for node in nodes:
        depth = waiting.pop()
        if node["record"] in ("split", "cut"):
            depths.append(depth)
            waiting += [depth + 1, depth + 1]
        elif node["record"] not in ("leaf", "same", "open", "dropped"):
            waiting.append(depth)
    return depths


@pytest.mark.parametrize("name", [name for name in BASES if name not in PROPERTY_BASES])
def test_the_bound_on_coefficients_is_exact(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bound = least_bound(name)
    monkeypatch.setattr(values, "MAX_COEFFICIENTS", bound)
    assert checker.check_lines(base_lines(name)).kind in ("valid", "incomplete")
    monkeypatch.setattr(values, "MAX_COEFFICIENTS", bound - 1)
    verdict = checker.check_lines(base_lines(name))
    assert verdict.kind == "invalid"
    assert any(words in verdict.reason for words in ("too wide", "too deep for so wide", "too many terms"))
