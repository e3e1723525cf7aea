"""Claims about a slice of the inputs, or a ball."""

from fractions import Fraction

import numpy as np
import pytest

from tests.pytest_plugin.suites import MODULUS, OF_THE_PLANE, Suite, failure, in_a_test, shown_point, shown_value
from verishallow.network import ReLUNetwork

ON_A_LINE = (
    "from verishallow.slices import Slice",
    "line = Slice.line([0, 0], [1, '1/2'])",
    'certificate.holds_for("controller.json", domain="box:-1,1", on_slice=line)',
)


def test_a_claim_about_a_slice_is_one_about_that_slice(suite: Suite) -> None:
    suite.proved(OF_THE_PLANE, *ON_A_LINE)
    suite.run().assert_outcomes(passed=1)
    suite.tests(in_a_test(*ON_A_LINE).replace("'1/2'", "2"))
    text = failure(suite.run())
    assert "the certificate is about another slice\n" in text
    assert "the inputs (x0, 1/2*x0) of its parameters" in text
    assert "the inputs (x0, 2*x0) of its parameters" in text
    suite.tests(in_a_test('certificate.holds_for("controller.json", domain="box:-1,1")'))
    assert "the certificate is about another domain and another slice\n" in failure(suite.run())


def test_a_network_that_changed_on_a_slice_is_shown_at_an_input(suite: Suite) -> None:
    suite.proved(OF_THE_PLANE, *ON_A_LINE)
    new = ReLUNetwork.of([([[1, -1]], ["1/7"]), ([[0, 1, 1]], [0], [0, 1])])
    suite.controller(new)
    text = failure(suite.run())
    point = shown_point(text)
    assert Fraction(point[1]) == Fraction(point[0]) / 2
    assert shown_value(text, "stored") == tuple(map(str, OF_THE_PLANE(point)))
    assert shown_value(text, "now") == tuple(map(str, new(point)))


def test_a_refutation_on_a_slice_is_shown_at_an_input(suite: Suite) -> None:
    suite.controller(OF_THE_PLANE)
    suite.tests(in_a_test(*ON_A_LINE[:2], ON_A_LINE[2].replace(")", ', claim="bounds", bounds={0: (None, 0)})')))
    text = failure(suite.update())
    assert "it fails by 1 at (1), in the parameters of the slice" in text
    assert "the values at x = (1, 1/2):" in text


def test_balls_are_domains_too_and_their_centre_a_file(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    np.save(suite.root / "centre.npy", np.array([0.5]))
    suite.proved(MODULUS, 'certificate.regions_of("controller.json", domain="ball:linf:centre.npy:1/4", count=1)')
    monkeypatch.chdir(suite.pytester.mkdir("elsewhere"))
    suite.run("..").assert_outcomes(passed=1)
    suite.tests(in_a_test('certificate.regions_of("controller.json", domain="ball:linf:1/2:1/4", count=1)'))
    suite.run("..").assert_outcomes(passed=1)
