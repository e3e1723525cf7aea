"""Certificates of properties: the fast checker says what the stand-alone one says, and computes less."""

import random
from collections.abc import Callable, Iterable
from functools import cache, partial
from typing import Any

import pytest

from tests.checker.editing import parsed
from tests.checker.mutations import mutant
from tests.fast_checker.two_checkers import both, random_network
from tests.respelling import respelled
from tests.verify.random_cells import network_of
from tests.verify.test_verification import BELOW, MODULUS, SAW, VERDICTS, random_property
from verishallow import checker, fast_checker
from verishallow.checker import property as rules
from verishallow.checker import relaxation
from verishallow.network import ReLUNetwork
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.read.properties.sugar import bounds, within
from verishallow.slices import Slice
from verishallow.verify.precision import RoundingBits
from verishallow.verify.verification import verify

MUTANTS = 12
"""The number of mutants of each certificate, and of respelled ones."""

WIDE = random_network(2, 12, 12, 12, 1, bits=20)
"""Wide enough that floats pay."""


@cache
def lines_of_wide() -> tuple[bytes, ...]:
    return verify(WIDE, bounds(WIDE, "box:-1,1", high={0: "6/10"}), max_nodes=300).lines


def with_a_second_network() -> tuple[bytes, ...]:
    near = ReLUNetwork.of([([[1], [-1]], [0, "1/100"]), ([[1, 1]], [0])])
    return verify(MODULUS, within(MODULUS, near, "box:-1,1", "1/100"), other=near).lines


def on_a_slice() -> tuple[bytes, ...]:
    total = ReLUNetwork.of([([[1, 1]], [0]), ([[1]], [0])])
    flat = Property.of(1, 1, Conjunction(), [Conjunction.of([[0, 0, 1]], [0])])
    return verify(total, flat, on_slice=Slice.line([0, 0], [1, -1])).lines


def in_a_triangle() -> tuple[bytes, ...]:
    total = ReLUNetwork.of([([[1, 1]], [0]), ([[1]], [0])])
    triangle = Conjunction.of([[0, 1, 0], [0, 0, 1], [1, -3, -3]])
    return verify(total, bounds(total, triangle, high={0: "1/3"})).lines


def rounded_otherwise() -> tuple[bytes, ...]:
    return verify(SAW, BELOW, precision=RoundingBits(0, 8, 6)).lines


def decided(case: str) -> tuple[bytes, ...]:
    network, property_, _ = VERDICTS[case]
    return verify(network, property_, max_nodes=400).lines


CERTIFICATES: dict[str, Callable[[], tuple[bytes, ...]]] = {
    **{name: partial(decided, name) for name in VERDICTS},
    "a saw": lambda: verify(SAW, BELOW).lines,
    "a saw, stopped": lambda: verify(SAW, BELOW, max_nodes=3).lines,
    "few bits": rounded_otherwise,
    "two networks": with_a_second_network,
    "a slice": on_a_slice,
    "a triangle": in_a_triangle,
    "wide layers": lines_of_wide,
}


@pytest.mark.parametrize("name", CERTIFICATES)
def test_the_checkers_agree_on_properties(name: str) -> None:
    lines = CERTIFICATES[name]()
    assert both(lines).kind in ("valid", "incomplete")
    mutated(lines, random.Random(name))


@pytest.mark.parametrize("seed", range(25))
def test_the_checkers_agree_on_random_properties(seed: int) -> None:
    rng = random.Random(seed)
    network = network_of(rng, rng.choice(["small", "dyadic", "any", "wide"]), rng.randint(1, 2), 4)
    lines = verify(network, random_property(rng, network), max_nodes=rng.choice([2, 20, 100])).lines
    assert both(lines).kind in ("valid", "incomplete")
    mutated(lines, rng)


def mutated(lines: Iterable[bytes], rng: random.Random) -> None:
    """Records, numbers and words are changed; letters of words and alphas are exchanged."""
    kept = list(lines)
    records = parsed(kept)
    for _ in range(MUTANTS):
        both(mutant(records, rng)[1])
        if len(kept) > 3:
            both(respelled(kept, rng))


@pytest.mark.parametrize("letters", ["ab", "ib", "ub", "bu", "ba", "bi", "ai"])
def test_the_checkers_agree_on_other_words(letters: str) -> None:
    """A letter of each word stands for another one; the hash fails where nothing else does."""
    lines, old, new = list(lines_of_wide()), *letters
    kinds = set()
    for number, record in enumerate(parsed(lines)):
        if record["record"] == "relax":
            for layer, word in enumerate(record["words"]):
                changed = [*record["words"][:layer], word.replace(old, new, 1), *record["words"][layer + 1 :]]
                line = checker.canonical({"record": "relax", "words": changed})
                kinds.add(both([*lines[:number], line, *lines[number + 1 :]]).kind)
    assert "invalid" in kinds


# ------------------------------------------------------------------------------------------ What it computes


def passes_of(lines: Iterable[bytes], check: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """How often the stand-alone checker's rule bounds a form."""
    count, low = [0], relaxation.Relaxation.low

    def counted(*given: Any) -> int | None:
        count[0] += 1
        return low(*given)

    with monkeypatch.context() as patch:
        patch.setattr(relaxation.Relaxation, "low", counted)
        assert check(lines).kind == "valid"
    return count[0]


def test_bounds_of_neurons_are_computed_in_floats(monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of_wide()
    leaves = checker.check_lines(lines).counts["leaves"]
    alone = passes_of(lines, checker.check_lines, monkeypatch)
    fast = passes_of(lines, fast_checker.check_lines, monkeypatch)
    assert leaves <= fast < alone / 10, (leaves, fast, alone)


# -------------------------------------------------------------------------------------------------- Limits


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.99, 1.0])
def test_the_checkers_agree_on_too_many_products(part: float, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = lines_of_wide()
    monkeypatch.setattr(relaxation, "MAX_PRODUCTS", int(part * products(lines, monkeypatch)))
    assert both(lines).kind == ("valid" if part == 1 else "invalid")


def products(lines: Iterable[bytes], monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of them the stand-alone checker counts."""
    spent, spend = [0], relaxation.Relaxation.spend

    def counted(rule: relaxation.Relaxation, layer: int, passes: int) -> None:
        spend(rule, layer, passes)
        spent[0] = rule.spent

    with monkeypatch.context() as patch:
        patch.setattr(relaxation.Relaxation, "spend", counted)
        checker.check_lines(lines)
    return spent[0]


@pytest.mark.parametrize("most", [0, 36, 72, 144])
def test_the_checkers_agree_on_too_many_waiting_nodes(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MAX_STATES", most)
    for lines in CERTIFICATES.values():
        both(lines())


def test_numbers_that_floats_cannot_hold_are_left_to_the_checker() -> None:
    huge = ReLUNetwork.of([([[10**200], [-(10**200)]], [0, 0]), ([[1, 1]], [0])])
    assert both(verify(huge, bounds(huge, "box:-1,1", high={0: 10**200})).lines).kind == "valid"
