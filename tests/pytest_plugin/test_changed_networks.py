"""A network that is another than the one proved about is shown where it differs."""

import re
from fractions import Fraction
from typing import Any

import pytest

from tests.examples import sawtooth
from tests.pytest_plugin.suites import (
    BENT_LATER,
    EQUALITY,
    KEPT,
    MODULUS,
    OF_THE_PLANE,
    RESCALED,
    STEEPER,
    TWO_OUTPUTS,
    Suite,
    failure,
    shown_point,
    shown_value,
)
from verishallow.certificate.certificate import Certificate
from verishallow.errors import VerishallowError
from verishallow.kept_proofs import changes
from verishallow.network import ReLUNetwork
from verishallow.read.domains.texts import parse_domain


@pytest.mark.parametrize(
    ("old", "new", "domain"),
    [
        (MODULUS, STEEPER, "box:-1,1"),
        (MODULUS, BENT_LATER, "box:-1,1"),
        (BENT_LATER, MODULUS, None),
        (ReLUNetwork.of(sawtooth(2)), ReLUNetwork.of(sawtooth(3)), "box:0,1"),
        (OF_THE_PLANE, ReLUNetwork.of([([[1, -1]], ["1/7"]), ([[0, 1, 1]], [0], [0, 1])]), "box:-1,1"),
        (TWO_OUTPUTS, ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1], [1, 1]], [0, 0])]), None),
    ],
    ids=["on one side", "in one interval", "on the line", "finer teeth", "in the plane", "in one of two outputs"],
)
def test_a_changed_network_is_shown_where_it_differs(
    suite: Suite, old: ReLUNetwork, new: ReLUNetwork, domain: str | None
) -> None:
    suite.proved(old, f'certificate.holds_for("controller.json", domain={domain!r})')
    suite.controller(new)
    text = failure(suite.run())
    assert "controller.json: the certificate is about another network" in text
    assert "the first region where it differs" in text
    point = shown_point(text)
    before, after = shown_value(text, "stored"), shown_value(text, "now")
    assert before == tuple(map(str, old(point)))
    assert after == tuple(map(str, new(point)))
    assert before != after
    assert parse_domain(domain, old.inputs).contains(point)
    region = text.partition("proved about is\n")[2].partition("\nand at the point")[0].splitlines()
    assert region
    assert all(line.endswith(" >= 0") and holds(line, point) for line in region)
    assert "pytest --certificates-update test_it.py::test_controller" in text


def holds(inequality: str, point: list[str]) -> bool:
    """Whether an inequality as it is shown holds at a point."""
    exact = re.sub(r"x(\d+)", lambda name: f"Fraction('{point[int(name[1])]}')", inequality)
    return bool(eval(exact, {"Fraction": Fraction}))  # noqa: S307 - a text of our own


def test_a_renewed_certificate_is_about_the_new_network(suite: Suite) -> None:
    suite.proved(MODULUS, EQUALITY)
    suite.controller(STEEPER)
    result = suite.update()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"written: {KEPT}"])
    assert Certificate.read(suite.root / KEPT).network == STEEPER
    suite.run().assert_outcomes(passed=1)


def test_another_network_that_is_the_same_function_is_called_so(suite: Suite) -> None:
    suite.proved(MODULUS, EQUALITY)
    suite.controller(RESCALED)
    text = failure(suite.run())
    assert "the certificate is about another network" in text
    assert "controller.json is another network, but the same function" in text
    assert "pytest --certificates-update" in text


@pytest.mark.parametrize(
    ("new", "words"),
    [
        (OF_THE_PLANE, "controller.json has 2 inputs; the network that was proved about has 1."),
        (TWO_OUTPUTS, "controller.json has 2 outputs; the network that was proved about has 1."),
    ],
    ids=["inputs", "outputs"],
)
def test_a_network_of_another_shape_cannot_be_compared(suite: Suite, new: ReLUNetwork, words: str) -> None:
    suite.proved(MODULUS, EQUALITY)
    suite.controller(new)
    assert words in failure(suite.run())


def test_a_difference_beyond_the_limits_does_not_hide_that_the_network_changed(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def limited(*_arguments: Any) -> None:
        raise VerishallowError("too many digits")

    suite.proved(MODULUS, EQUALITY)
    suite.controller(STEEPER)
    monkeypatch.setattr(changes, "difference", limited)
    assert "cannot be shown: too many digits" in failure(suite.run())
