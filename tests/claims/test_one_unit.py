"""One unit of layer 2 for each face and output, where the outputs are bounded below."""

from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.claims.test_merge_and_gated import DEEP, MODULUS, TWO_OUTPUTS_OF_A_LINE, special_points
from tests.strategies import problems
from verishallow import fast_checker
from verishallow.certificate.trimming import trimmed_to_points
from verishallow.claims.bounds import output_range
from verishallow.claims.equality import Equality
from verishallow.claims.gated import Gated
from verishallow.claims.merge import Merged
from verishallow.errors import InputError, RefutedError
from verishallow.explain import explain
from verishallow.fast_checker.symbolic import symbolic_reading
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.rationals import Vector

Problem = tuple[ReLUNetwork, Polyhedron]


def lows(network: ReLUNetwork, domain: Polyhedron | str) -> Vector | None:
    """The least value of each output; ``None`` where one has none."""
    found = {bound.output: bound.low for bound in output_range(network, domain)}
    known = [found.get(output) for output in range(network.outputs)]
    return None if None in known else tuple(low for low in known if low is not None)


@given(problems(5), st.sampled_from([Equality, Merged]), st.sampled_from([0, 1, 5]))
@settings(max_examples=60, deadline=None)
def test_it_is_the_network_with_half_the_units(problem: Problem, claim: Any, below: int) -> None:
    network, domain = problem
    low = lows(network, domain)
    if low is None:
        return
    one = prove(network, domain, claim=claim("exact", tuple(bound - below for bound in low)))
    two = prove(network, domain, claim=claim())
    verdict, shallow = one.check(), one.shallow
    assert verdict.kind == "valid", verdict
    assert fast_checker.check_lines(one.lines) == verdict
    tried = special_points(network, domain)
    assert [point for point in tried if tuple(shallow(point)) != tuple(network(point))] == []
    assert one.counts["units"]["layer2"] == shallow.layer2.width
    assert two.counts["units"]["layer2"] == 2 * one.counts["units"]["layer2"]


def test_it_is_read_explained_and_trimmed_like_any_other() -> None:
    certificate = prove(MODULUS, "box:-1,2", claim=Equality(low=(mpq(0),)))
    assert certificate(["-1/2"]) == (mpq(1, 2),)
    assert certificate.regions == prove(MODULUS, "box:-1,2").regions
    assert symbolic_reading(certificate).regions == 2
    assert [str(region.affine_map.forms[0]) for region in explain(certificate, ["-1/2"]).regions] == ["-x0"]
    kept = trimmed_to_points(certificate, [["-1/2"]])
    assert (kept.check().kind, kept(["-1/2"])) == ("valid", (mpq(1, 2),))
    assert kept.counts["units"]["layer2"] == kept.counts["faces"] > 0


def test_two_outputs_have_each_their_bound() -> None:
    low = lows(TWO_OUTPUTS_OF_A_LINE, "box:-1,3")
    assert low is not None
    assert low[0] != low[1]
    certificate = prove(TWO_OUTPUTS_OF_A_LINE, "box:-1,3", claim=Equality(low=low))
    assert certificate.shallow.layer3.bias == low
    assert certificate.check().kind == "valid"


def test_a_bound_that_does_not_hold_is_refuted() -> None:
    with pytest.raises(RefutedError, match="fails by 1 at"):
        prove(MODULUS, "box:-1,2", claim=Equality(low=(mpq(1),)))


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        (lambda: Equality("ignore", (mpq(0),)), "needs the boundary 'exact'"),
        (lambda: Merged("ignore", (mpq(0),)), "needs the boundary 'exact'"),
        (lambda: Gated("exact", (mpq(0),)), "is one unit already"),
        (lambda: prove(DEEP, "box:-1,1", claim=Equality(low=(mpq(0), mpq(0)))), "for each of 1 outputs, found 2"),
    ],
)
def test_misunderstandings_are_refused(claim: Any, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        claim()
