"""Claims about the number of regions, and bounds on the outputs."""

from tests.pytest_plugin.suites import KEPT, MODULUS, STEEPER, TWO_OUTPUTS, Suite, failure, in_a_test, shown_value
from verishallow import checker


def test_a_number_of_regions_is_proved_and_returned(suite: Suite) -> None:
    suite.proved(
        MODULUS,
        'assert certificate.regions_of("controller.json", domain="box:-1,1", count=2) == 2',
        'verdict = certificate.holds_for("controller.json", claim="regions", regions=2)',
        'assert verdict.counts["activation_regions"] == 2',
        'assert certificate.regions_of("controller.json", name="without a count") == 2',
    )
    suite.run().assert_outcomes(passed=1)
    assert checker.check(suite.root / KEPT).header["claim"] == "regions"


def test_a_wrong_number_of_regions_fails_whether_or_not_it_is_renewed(suite: Suite) -> None:
    call = 'certificate.regions_of("controller.json", domain="box:-1,1", count=2)'
    suite.proved(MODULUS, call)
    before = (suite.root / KEPT).read_bytes()
    suite.tests(in_a_test(call.replace("count=2", "count=3")))
    for text in (failure(suite.run()), failure(suite.update())):
        assert "controller.json: expected 3 activation regions, found 2, which is proved" in text
        assert "--certificates-update" not in text
    assert (suite.root / KEPT).read_bytes() == before


def test_a_wrong_number_of_regions_is_never_written(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(in_a_test('certificate.regions_of("controller.json", count=3)'))
    assert "expected 3 activation regions, found 2" in failure(suite.update())
    assert not (suite.root / "__certificates__").exists()


def test_bounds_are_proved(suite: Suite) -> None:
    suite.proved(
        TWO_OUTPUTS,
        'certificate.bounds_hold_for("controller.json", {1: ("0", "1"), 0: (0, None)}, domain="box:-1,1")',
        "from fractions import Fraction",
        'certificate.holds_for("controller.json", claim="bounds", bounds={1: [Fraction(-1, 3), None]})',
    )
    suite.run().assert_outcomes(passed=1)
    assert checker.check(suite.root / KEPT).header["bounds"] == [
        {"output": 0, "low": "0"},
        {"output": 1, "low": "0", "high": "1"},
    ]


def test_a_refuted_bound_shows_a_point_and_the_value_there(suite: Suite) -> None:
    suite.controller(STEEPER)
    suite.tests(in_a_test('certificate.bounds_hold_for("controller.json", {0: (0, "5/3")}, domain="box:-1,1")'))
    text = failure(suite.update())
    assert "controller.json: 0 <= f_0 <= 5/3 does not hold: it fails by 1/3 at (-1)" in text
    assert "the values at x = (-1):" in text
    assert shown_value(text, "controller.json") == ("2",)
    assert not (suite.root / "__certificates__").exists()


def test_bounds_may_be_floats_which_are_the_rationals_that_they_are(suite: Suite) -> None:
    suite.proved(
        TWO_OUTPUTS,
        "import numpy as np",
        'certificate.bounds_hold_for("controller.json", {0: (-0.1, 1.0), 1: (np.float32(-0.5), 2)}, domain="box:-1,1")',
    )
    suite.run().assert_outcomes(passed=1)
    assert checker.check(suite.root / KEPT).header["bounds"] == [
        {"output": 0, "low": "-3602879701896397/36028797018963968", "high": "1"},
        {"output": 1, "low": "-1/2", "high": "2"},
    ]


def test_a_network_may_be_a_model(suite: Suite) -> None:
    suite.tests(
        "import warnings\n"
        "from sklearn.neural_network import MLPRegressor\n\n"
        "def test_controller(certificate):\n"
        "    warnings.simplefilter('ignore')\n"
        "    model = MLPRegressor(hidden_layer_sizes=[2], max_iter=1, random_state=0).fit([[0.0], [1.0]], [0.0, 1.0])\n"
        "    certificate.holds_for(model, domain='box:-1,1')\n"
        "    certificate.are_equal(model, model)\n"
    )
    suite.run_apart("--certificates-update").assert_outcomes(passed=1)
    suite.run_apart().assert_outcomes(passed=1)
    assert suite.certificates() == [
        "__certificates__/test_it/test_controller.network.2.cert.jsonl.gz",
        "__certificates__/test_it/test_controller.network.cert.jsonl.gz",
    ]
