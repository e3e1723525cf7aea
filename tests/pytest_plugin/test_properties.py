"""Properties, robustness and nearness in a test suite: kept certificates, and violations in both forms of numbers."""

import pytest

from tests.pytest_plugin.suites import MODULUS, RESCALED, STEEPER, TWO_OUTPUTS, Suite, failure, in_a_test, write_network
from verishallow import checker

DECLARED = "(declare-const X_0 Real) (declare-const Y_0 Real) (assert (>= X_0 -1)) (assert (<= X_0 2))\n"
NEVER, MET = DECLARED + "(assert (> Y_0 2))\n", DECLARED + "(assert (>= Y_0 2))\n"
OF_A_FILE = 'certificate.property_holds("controller.json", "unsafe.vnnlib")'
IN_PYTHON = 'certificate.property_holds("controller.json", lambda x, y: y[0] > 2, domain="box:-1,2")'
ROBUST = 'certificate.is_robust("controller.json", at=["3/2"], radius="1/2", winner=1)'
NEAR = 'certificate.within("controller.json", "other.json", "1/100", domain=[(-1, 1)])'


@pytest.fixture(autouse=True)
def files(suite: Suite) -> None:
    """A property beside the tests, and another network."""
    (suite.root / "unsafe.vnnlib").write_text(NEVER, encoding="utf-8")
    write_network(suite.root, "other.json", RESCALED)


@pytest.mark.parametrize("call", [OF_A_FILE, IN_PYTHON, ROBUST, NEAR], ids=["file", "python", "robust", "near"])
def test_what_holds_is_proved_once_and_checked_in_every_run(suite: Suite, call: str) -> None:
    suite.proved(MODULUS, f"assert {call}")
    suite.run().assert_outcomes(passed=1)
    (kept,) = (suite.root / "__certificates__").rglob("*.cert.jsonl.gz")
    assert checker.check(kept).header["claim"] == "property"


VIOLATED = {
    OF_A_FILE: ("violated: y_0 >= 2, at", "x_0 = 2", "y_0 = 2"),
    'certificate.property_holds("controller.json", lambda x, y: y[0] >= "1/3", domain=[(-1, "1/3")])': ("y_0 >= 1/3",),
    'certificate.is_robust("controller.json", at=[1], radius=1, winner=1)': ("y_0 <= 0", "x_0 = 0", "y_0 = 0"),
    'certificate.within("controller.json", "other.json", "1/100", domain="box:-1,1")': ("f_0 = ", "g_0 = "),
}


@pytest.mark.parametrize("call", VIOLATED)
def test_a_violation_is_shown_and_nothing_is_written(suite: Suite, call: str) -> None:
    (suite.root / "unsafe.vnnlib").write_text(MET, encoding="utf-8")
    write_network(suite.root, "other.json", STEEPER)
    suite.controller(MODULUS)
    suite.tests(in_a_test(call))
    text = failure(suite.update())
    assert all(said in text for said in VIOLATED[call])
    assert not (suite.root / "__certificates__").exists()


def test_numbers_are_shown_in_both_forms(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(
        in_a_test('certificate.property_holds("controller.json", lambda x, y: x[0] >= "1/3", domain=[("1/3", "1/3")])')
    )
    assert "x_0 = 1/3  ~0.333333" in failure(suite.update())


STALE = {
    "without a certificate": (IN_PYTHON, None, "there is no certificate yet"),
    "another threshold": (IN_PYTHON, IN_PYTHON.replace("> 2", "> 3"), "about another property"),
    "strict or not": (IN_PYTHON.replace("> 2", ">= 3"), IN_PYTHON.replace("> 2", "> 3"), "about another property"),
    "another domain": (IN_PYTHON, IN_PYTHON.replace("-1,2", "-1,1"), "about another domain"),
    "another radius": (ROBUST, ROBUST.replace("1/2", "1/3"), "about another domain"),
    "another distance": (NEAR, NEAR.replace("1/100", "1/200"), "about another property"),
}


@pytest.mark.parametrize("case", STALE)
def test_another_statement_is_not_proved_by_a_kept_certificate(suite: Suite, case: str) -> None:
    kept, asked, said = STALE[case]
    if asked is None:
        suite.controller(MODULUS)
    else:
        suite.proved(MODULUS, kept)
    suite.tests(in_a_test(asked or kept))
    text = failure(suite.run())
    assert said in text
    assert "--certificates-update" in text


def test_a_changed_network_is_noticed(suite: Suite) -> None:
    suite.proved(MODULUS, NEAR)
    write_network(suite.root, "other.json", STEEPER)
    assert "about another network" in failure(suite.run())


BAD = {
    'certificate.property_holds("controller.json", 3)': "unsafe: expected a VNN-LIB file",
    'certificate.is_robust("controller.json", at=[1, 2], radius=1)': "expected 1 coordinates",
    'certificate.within("controller.json", "two.json", 1)': "as many inputs and outputs",
    'certificate.property_holds("controller.json", "absent.vnnlib")': "absent.vnnlib",
}


@pytest.mark.parametrize("call", BAD)
def test_bad_input_fails_in_one_line(suite: Suite, call: str) -> None:
    suite.controller(MODULUS)
    write_network(suite.root, "two.json", TWO_OUTPUTS)
    suite.tests(in_a_test(call))
    assert BAD[call] in failure(suite.run())
