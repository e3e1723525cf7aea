"""The claim that two networks are equal."""

import re

import pytest

from tests.pytest_plugin.suites import (
    BENT_LATER,
    KEPT,
    MODULUS,
    RESCALED,
    STEEPER,
    Suite,
    failure,
    in_a_test,
    shown_value,
    write_network,
)
from verishallow.certificate.certificate import Certificate


def test_two_networks_are_proved_equal(suite: Suite) -> None:
    write_network(suite.root, "other.json", RESCALED)
    suite.proved(MODULUS, 'certificate.are_equal("controller.json", "other.json")')
    suite.run().assert_outcomes(passed=1)
    kept = Certificate.read(suite.root / KEPT)
    assert (kept.claim, kept.network, kept.other) == ("equal", MODULUS, RESCALED)


def test_two_networks_that_differ_are_shown_at_a_point(suite: Suite) -> None:
    write_network(suite.root, "other.json", STEEPER)
    suite.controller(MODULUS)
    suite.tests(in_a_test('certificate.holds_for("controller.json", claim="equal", other="other.json")'))
    text = failure(suite.update())
    found = re.search(r"the values at x = \((.*)\):", text)
    assert found
    point = found[1].split(", ")
    for name, network in (("controller.json", MODULUS), ("other.json", STEEPER)):
        assert shown_value(text, name) == tuple(map(str, network(point)))
    assert MODULUS(point) != STEEPER(point)
    assert suite.certificates() == []


@pytest.mark.parametrize("changed", ["controller.json", "other.json"])
def test_whichever_of_two_networks_changes_is_named(suite: Suite, changed: str) -> None:
    write_network(suite.root, "other.json", RESCALED)
    suite.proved(MODULUS, 'certificate.are_equal("controller.json", "other.json")')
    write_network(suite.root, changed, BENT_LATER)
    text = failure(suite.run())
    assert f"the certificate is about another network than {changed}\n" in text
    assert f"{changed}: the first region where it differs" in text
