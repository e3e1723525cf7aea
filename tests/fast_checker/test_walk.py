"""The walk of the fast checker: what it accepts itself, and what it leaves to the stand-alone checker."""

import random
from fractions import Fraction

import pytest

from tests.checker.bases import BASES, base_lines
from tests.checker.editing import encoded, parsed, sealed
from tests.checker.mutations import mutant
from tests.fast_checker.two_checkers import CLAIMS, MUTANTS, both, certificate, claim_about, each_base, random_network
from verishallow import checker
from verishallow.claims.equality import Equality
from verishallow.fast_checker import farkas
from verishallow.fast_checker.farkas import DoubtError, Packing, Sizes
from verishallow.fast_checker.walk import FastWalk
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """The lines of nodes that the fast checker leaves to the stand-alone one, except the last line."""
    lines: list[bytes] = []
    take = FastWalk.take

    def watched(walk: FastWalk, line: bytes) -> bool:
        taken = take(walk, line)
        lines.extend([line] if not taken and (len(walk.waiting) > 1 or b'"layer"' in line) else [])
        return taken

    monkeypatch.setattr(FastWalk, "take", watched)
    return lines


@pytest.mark.parametrize("claim", CLAIMS)
@pytest.mark.parametrize(
    ("widths", "bits"), [((1, 9, 5, 2), 6), ((2, 9, 9, 1), 24), ((3, 6, 5, 2), 6), ((4, 5, 1), 53)]
)
def test_honest_records_are_accepted_at_a_glance(
    widths: tuple[int, ...], bits: int, claim: str, asked: list[bytes]
) -> None:
    network, domain = random_network(*widths, bits=bits), Polyhedron.box([(-1, 1)] * widths[0])
    lines = certificate(network, claim_about(network, domain, claim, random.Random(bits)), domain)
    assert both(lines).kind == "valid"
    assert asked == []


@each_base
def test_the_small_certificates_are_accepted_at_a_glance(name: str, asked: list[bytes]) -> None:
    assert both(base_lines(name)).kind in ("valid", "incomplete")
    assert asked == []


def test_a_reason_of_monstrous_multipliers_is_left_to_the_stand_alone_checker(asked: list[bytes]) -> None:
    records, tiny = parsed(base_lines("shut")), Fraction(1, 7**900)
    # The first neuron's form x + 2, on the interval x >= 0, 1 - x >= 0.
    records[2]["active"][0] = [0, [[0, str(1 + tiny)], [1, str(tiny)]]]
    lines = sealed(encoded(records))
    assert both(lines).kind == "valid"
    assert asked == [lines[2]]


@pytest.mark.parametrize(
    ("limit", "most"), [("MOST_MULTIPLIER_BITS", 2), ("MOST_MULTIPLIER_BITS", 5), ("MOST_BITS", 0)]
)
def test_records_may_be_left_to_the_stand_alone_checker_anywhere(
    limit: str, most: int, asked: list[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(farkas, limit, most)
    for widths in ((1, 9, 5, 2), (2, 7, 5, 1)):
        assert both(certificate(random_network(*widths), Equality())).kind == "valid"
    for name in BASES:
        assert both(base_lines(name)).kind in ("valid", "incomplete")
    assert bool(asked) == (limit == "MOST_MULTIPLIER_BITS")


@pytest.mark.parametrize("name", ["residual", "three inputs", "corner of a wedge"])
def test_the_checkers_agree_where_records_are_left_to_the_other(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(farkas, "MOST_MULTIPLIER_BITS", 3)
    rng, records = random.Random(name), parsed(base_lines(name))
    for _ in range(MUTANTS):
        both(mutant(records, rng)[1])


def test_many_inputs_are_left_to_the_stand_alone_checker(asked: list[bytes]) -> None:
    n = farkas.MOST_INPUTS + 1
    network = ReLUNetwork.of([([[1] * n], [0]), ([[1]], [0])])
    assert both(certificate(network, Equality(), Polyhedron.whole_space(n))).kind == "valid"
    assert asked == []


def test_absent_faces_are_proved_without_dropped_constraints() -> None:
    header, record = parsed(base_lines("bend"))[:2]
    judge = checker.rules_of(header).begin(header, [], checker.Network([record], 1, 1))
    walk = FastWalk(judge, Packing(2, Sizes(8, 8)))
    # x + 1 is 1 more than x, which is usable where it is kept.
    walk.packed, entry = [walk.packing.packed((0, 1)), walk.packing.packed((1, 1))], [[1], [[0, "1"]]]
    walk._check_absent(entry, (1,), [0, 1])
    with pytest.raises(DoubtError):
        walk._check_absent(entry, (1,), [1])
