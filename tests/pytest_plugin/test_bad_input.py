"""Bad input fails in plain words that lead to the user's line."""

import re

import pytest

from tests.pytest_plugin.suites import (
    EQUALITY,
    MODULUS,
    OF_THE_PLANE,
    STEEPER,
    Suite,
    failure,
    in_a_test,
    write_network,
)


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ('holds_for("absent.json")', "absent.json: cannot be read: No such file or directory"),
        ('holds_for("test_it.py")', "test_it.py"),
        ("holds_for(7)", "network: expected a file or a ReLUNetwork, found int"),
        ('holds_for("controller.json", domain="box:1,0")', "expected low < high"),
        ('holds_for("controller.json", domain="nowhere")', "nowhere: cannot be read"),
        ('holds_for("controller.json", claim="truth")', "expected one of equality, regions, bounds, equal"),
        ('holds_for("controller.json", boundary="some")', "expected one of exact, ignore, found 'some'"),
        ('holds_for("controller.json", regions=2)', "regions belongs to claim='regions', found claim='equality'"),
        ('regions_of("controller.json", domain="box:[0,1]x[0,1]")', "expected 1 intervals"),
        ('holds_for("controller.json", claim="regions", boundary="exact")', "boundary belongs to claim='equality'"),
        ('holds_for("controller.json", claim="bounds")', "needs the keyword bounds={output: (low, high)}"),
        ('holds_for("controller.json", claim="equal")', "needs the keyword other=NETWORK"),
        ('bounds_hold_for("controller.json", {})', "at least one"),
        ('bounds_hold_for("controller.json", {0: (None, None)})', "expected a low or a high bound"),
        ('bounds_hold_for("controller.json", {0: "01"})', "expected a pair (low, high) for output 0, found '01'"),
        ('bounds_hold_for("controller.json", {0: (float("nan"), None)})', "expected a finite number, found nan"),
        ('bounds_hold_for("controller.json", {0: (None, float("inf"))})', "expected a finite number, found inf"),
        ('bounds_hold_for("controller.json", {0: (True, None)})', "found bool True"),
        ('bounds_hold_for("controller.json", {1: (0, None)})', "expected outputs from 0 to 0, found 1"),
        ('bounds_hold_for("controller.json", {-1: (0, None)})', "expected the number of an output, from 0, found -1"),
        ('are_equal("controller.json", "plane.json")', "networks with as many inputs can be compared"),
    ],
)
def test_bad_input_fails_in_plain_words(suite: Suite, call: str, words: str) -> None:
    suite.controller(MODULUS)
    write_network(suite.root, "plane.json", OF_THE_PLANE)
    suite.tests(in_a_test(f"certificate.{call}"))
    for result in (suite.run(), suite.update()):
        assert words in failure(result)
        assert internals(result) == []
    assert not (suite.root / "__certificates__").exists()


def internals(result: pytest.RunResult) -> list[str]:
    """Lines that lead into the package: a user cannot do anything with them."""
    return [line for line in result.outlines if re.search(r"pytest_plugin\.py|kept_proofs|Traceback|During", line)]


def test_a_failure_shows_the_user_s_line_and_none_of_ours(suite: Suite) -> None:
    suite.proved(MODULUS, EQUALITY, 'certificate.regions_of("controller.json", count=2)')
    suite.controller(STEEPER)
    result = suite.run()
    assert internals(result) == []
    result.stdout.fnmatch_lines([f">*{EQUALITY}", "test_it.py:2: Failed"])
