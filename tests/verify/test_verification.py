"""Verdicts on properties: exact, with certificates that a plain checker accepts."""

import random
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from gmpy2 import mpq

from tests.verify import plain_checker
from tests.verify.random_cells import network_of, number
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.read.properties.conjunction import Conjunction
from verishallow.read.properties.property import Property
from verishallow.read.properties.sugar import bounds, robustness, within
from verishallow.slices import Slice
from verishallow.verify.verification import Outcome, verify

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
BOTH = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 0], [0, 1]], [0, 0])])
"""ReLU(x) and ReLU(-x)."""

ZIGZAG = ReLUNetwork.of([([[1], [1]], [0, -1]), ([[2, -4]], [0]), ([[1]], [0])])


def interval(low: Any, high: Any, strict: tuple[int, ...] = ()) -> Conjunction:
    return Conjunction.of([[-mpq(low), 1], [mpq(high), -1]], strict)


def asked(domain: Conjunction, *rows: list[Any], strict: tuple[int, ...] = ()) -> Property:
    return Property.of(1, 1, domain, [Conjunction.of(rows, strict)])


VERDICTS = {
    "the greatest value is not exceeded": (MODULUS, bounds(MODULUS, "box:-1,2", high={0: 2}), "holds"),
    "it is attained": (MODULUS, asked(interval(-1, 2), [-2, 0, 1]), "violated"),
    "it is not attained in the open domain": (MODULUS, asked(interval(-1, 2, (1,)), [-2, 0, 1]), "holds"),
    "the least value is 0": (MODULUS, bounds(MODULUS, None, low={0: 0}), "holds"),
    "0 is attained on the whole line": (MODULUS, asked(Conjunction(), [0, 0, -1]), "violated"),
    "a tie is unsafe": (BOTH, robustness(BOTH, interval(0, 1), 0), "violated"),
    "no tie in the open domain": (BOTH, robustness(BOTH, interval(0, 1, (0,)), 0), "holds"),
    "rows in inputs and outputs": (MODULUS, asked(interval(-3, 3), [-1, 1, 0], [0, -1, 1], strict=(1,)), "holds"),
    "a domain of one point": (MODULUS, asked(interval(1, 1), [-1, 0, 1], strict=(0,)), "holds"),
    "an empty domain": (MODULUS, asked(interval(1, 0), [0, 0, 0]), "holds"),
    "a domain empty by strictness": (MODULUS, asked(interval(1, 1, (0,)), [0, 0, 0]), "holds"),
    "a zero row is always satisfied": (MODULUS, asked(interval(0, 1), [0, 0, 0]), "violated"),
    "a strict zero row never": (MODULUS, asked(interval(0, 1), [0, 0, 0], strict=(0,)), "holds"),
    "no row at all": (MODULUS, asked(interval(0, 1)), "violated"),
    "a hat never reaches above its top": (ZIGZAG, bounds(ZIGZAG, "box:0,2", high={0: 2}), "holds"),
}


@pytest.mark.parametrize(("network", "property_", "verdict"), VERDICTS.values(), ids=VERDICTS.keys())
def test_verdicts(network: ReLUNetwork, property_: Property, verdict: str) -> None:
    found = verify(network, property_, max_nodes=400)
    assert found.verdict == verdict
    assert bool(found) == (verdict == "holds")
    assert plain_checker.check(found.lines) == "valid"


def random_property(rng: random.Random, network: ReLUNetwork) -> Property:
    """A box, now and then cut, with strict sides; and thresholds at values of the network, so that ties are met."""
    n, rows = network.inputs, list[tuple[list[Any], bool]]()
    for i in range(n):
        low, high = sorted([number(rng, "any"), number(rng, "any")])
        unit = [int(j == i) for j in range(n)]
        rows += [([-low, *unit], rng.random() < 0.2), ([high, *(-a for a in unit)], rng.random() < 0.2)]
    if rng.random() < 0.3:
        rows.append(([rng.randint(-2, 4), *(rng.randint(-2, 2) for _ in range(n))], rng.random() < 0.3))
    domain = Conjunction.of([row for row, _ in rows], [i for i, (_, strict) in enumerate(rows) if strict])
    unsafe = [_threshold(rng, network) for _ in range(rng.randint(1, 2))]
    return Property.of(n, network.outputs, domain, unsafe)


def _threshold(rng: random.Random, network: ReLUNetwork) -> Conjunction:
    rows = []
    for _ in range(rng.randint(1, 2)):
        linear = [
            *(rng.choice([0, 0, 1, -1]) for _ in range(network.inputs)),
            *(rng.choice([1, -1, 0]) for _ in range(network.outputs)),
        ]
        point = [mpq(number(rng, "any")) for _ in range(network.inputs)]
        value = sum(a * b for a, b in zip(linear, [*point, *network(point)], strict=True))
        rows.append([-value + rng.choice([0, 0, -1, -5, -20]), *linear])
    return Conjunction.of(rows, [i for i in range(len(rows)) if rng.random() < 0.4])


@pytest.mark.parametrize("seed", range(40))
def test_random_properties_are_decided_and_the_plain_checker_agrees(seed: int) -> None:
    rng = random.Random(seed)
    network = network_of(rng, rng.choice(["small", "dyadic", "any"]), rng.randint(1, 2), 3)
    found = verify(network, random_property(rng, network), max_nodes=2000)
    assert found.verdict != "unknown"
    assert plain_checker.check(found.lines) == "valid"


def hat(depth: int) -> ReLUNetwork:
    """A sawtooth of 2^depth pieces on [0, 1]."""
    fold = ([[2, -4]], [0])
    tooth = ([[1], [1]], [0, "-1/2"])
    layers = [tooth]
    for _ in range(depth - 1):
        rows, bias = tooth
        layers.append(([[2 * a, -4 * a] for (a,) in rows], bias))
    return ReLUNetwork.of([*layers, fold])


SAW = hat(4)
SAW_OF_12 = hat(12)
BELOW_12 = bounds(SAW_OF_12, "box:0,1", high={0: "1000001/1000000"})
BELOW = bounds(SAW, "box:0,1", high={0: "1001/1000"})


def test_a_stopped_search_is_unknown_and_goes_on_where_it_stopped() -> None:
    stopped = verify(SAW, BELOW, max_nodes=3)
    assert stopped.verdict == "unknown"
    assert plain_checker.check(stopped.lines) == "incomplete"
    done = verify(SAW, BELOW, resume=stopped.lines)
    assert done.verdict == "holds"
    assert plain_checker.check(done.lines) == "valid"


def test_no_time_leaves_everything_open() -> None:
    found = verify(SAW, BELOW, timeout=0)
    assert (found.verdict, found.nodes) == ("unknown", 0)
    assert plain_checker.check(found.lines) == "incomplete"


def test_a_search_depends_on_nothing_but_its_budget() -> None:
    first, second = (verify(SAW, BELOW, max_nodes=200) for _ in range(2))
    assert first.lines == second.lines


def test_an_executor_closes_the_parts() -> None:
    with ThreadPoolExecutor(2) as executor:
        found = verify(SAW, BELOW, executor=executor)
    assert found.verdict == "holds"
    assert plain_checker.check(found.lines) == "valid"


def test_time_is_up_for_an_executor_s_workers_too() -> None:
    with ThreadPoolExecutor(2) as executor:
        found = verify(SAW_OF_12, BELOW_12, executor=executor, timeout=1)
    assert found.verdict == "unknown"
    assert found.seconds < 20
    assert plain_checker.check(found.lines) == "incomplete"


def test_two_networks_within_a_distance() -> None:
    near = ReLUNetwork.of([([[1], [-1]], [0, "1/100"]), ([[1, 1]], [0])])
    assert verify(MODULUS, within(MODULUS, near, "box:-1,1", "1/100"), other=near)
    found = verify(MODULUS, within(MODULUS, near, "box:-1,1", "1/200"), other=near)
    assert found.point is not None
    assert abs(MODULUS(found.point)[0] - near(found.point)[0]) > mpq(1, 200)


def test_on_a_slice_the_property_is_about_its_parameters() -> None:
    total = ReLUNetwork.of([([[1, 1]], [0]), ([[1]], [0])])
    line = Slice.line([0, 0], [1, -1])
    flat = Property.of(1, 1, Conjunction(), [Conjunction.of([[0, 0, 1]], [0])])
    assert verify(total, flat, on_slice=line).verdict == "holds"


def test_a_triangle_is_a_domain() -> None:
    total = ReLUNetwork.of([([[1, 1]], [0]), ([[1]], [0])])
    triangle = Conjunction.of([[0, 1, 0], [0, 0, 1], [1, -3, -3]])
    assert verify(total, bounds(total, triangle, high={0: "1/3"})).verdict == "holds"
    found = verify(total, bounds(total, triangle, high={0: "1/4"}))
    assert found.verdict == "violated"
    assert plain_checker.check(found.lines) == "valid"


def test_other_dimensions_are_refused() -> None:
    with pytest.raises(InputError, match="property: expected 1 inputs, as the network has, found 2"):
        verify(MODULUS, Property.of(2, 1, Conjunction(), [Conjunction()]))


def test_an_outcome_is_true_just_when_the_property_holds() -> None:
    assert [bool(Outcome(v, (), 0, 0, 0.0)) for v in ("holds", "violated", "unknown")] == [True, False, False]
