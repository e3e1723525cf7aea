"""Small test suites of users of the plug-in, made anew for each test by pytester, and what they are about."""

import json
import re
from pathlib import Path

import pytest

from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO, SCALED_MODULUS
from verishallow import read
from verishallow.network import ReLUNetwork
from verishallow.read.network_json import network_to_json
from verishallow.read.onnx.network import network_from_onnx

NEEDED_ONCE = (read, network_from_onnx)
"""Pytester takes away what a run inside this process has imported, and numpy must not be imported twice."""

MODULUS = ReLUNetwork.of(ABSOLUTE_VALUE)
RESCALED = ReLUNetwork.of(SCALED_MODULUS)
STEEPER = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 2]], [0])])
"""|x| for x >= 0, and -2x elsewhere."""
BENT_LATER = ReLUNetwork.of([([[1], [-1], [1]], [0, 0, "-1/2"]), ([[1, 1, "1/3"]], [0])])
"""|x| for x <= 1/2; another slope behind."""
OF_THE_PLANE = ReLUNetwork.of(MAX_OF_TWO)
TWO_OUTPUTS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1], [1, 0]], [0, 0])])


def write_network(folder: Path, name: str, network: ReLUNetwork) -> Path:
    path = folder / name
    path.write_text(json.dumps(network_to_json(network)), encoding="utf-8")
    return path


def in_a_test(*lines: str) -> str:
    """A test file with one test of these lines."""
    return "def test_controller(certificate):\n" + "".join(f"    {line}\n" for line in lines)


EQUALITY = 'certificate.holds_for("controller.json", domain="box:-1,1")'


ALONE = ("-p", "no:hypothesispytest", "-W", "error")
"""Hypothesis would be imported anew in each run: seconds."""


class Suite:
    """A user's test suite, run in this process."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester, self.root = pytester, pytester.path

    def controller(self, network: ReLUNetwork) -> None:
        write_network(self.root, "controller.json", network)

    def tests(self, source: str, name: str = "test_it") -> None:
        self.pytester.makepyfile(**{name: source})

    def run(self, *options: str) -> pytest.RunResult:
        return self.pytester.runpytest_inprocess(*ALONE, "-p", "no:cacheprovider", *options)

    def run_apart(self, *options: str) -> pytest.RunResult:
        return self.pytester.runpytest_subprocess(*ALONE, "-p", "no:cacheprovider", *options)

    def update(self, *options: str) -> pytest.RunResult:
        return self.run("--certificates-update", *options)

    def certificates(self) -> list[str]:
        return sorted(path.relative_to(self.root).as_posix() for path in self.root.rglob("*.cert.jsonl.gz"))

    def proved(self, network: ReLUNetwork, *lines: str) -> None:
        """A suite of one test that has its proof."""
        self.controller(network)
        self.tests(in_a_test(*lines))
        self.update().assert_outcomes(passed=1)


KEPT = "__certificates__/test_it/test_controller.controller.cert.jsonl.gz"


TWO_TESTS = (
    "import pytest\n"
    "def test_one(certificate):\n"
    "    certificate.holds_for('controller.json')\n"
    "def test_two(certificate):\n"
    "    certificate.holds_for('controller.json')\n"
)
WITHOUT_TWO = TWO_TESTS.partition("def test_two")[0]


def failure(result: pytest.RunResult) -> str:
    """What a failing test says, without pytest's margin."""
    result.assert_outcomes(failed=1)
    return "\n".join(line.removeprefix("E").strip() for line in result.outlines if line.startswith("E "))


def shown_point(text: str) -> list[str]:
    found = re.search(r"at the point x = \((.*)\) of it", text)
    assert found
    return found[1].split(", ")


def shown_value(text: str, name: str) -> tuple[str, ...]:
    found = re.search(rf"^{name} +\((.*)\)$", text, re.MULTILINE)
    assert found
    return tuple(found[1].split(", "))
