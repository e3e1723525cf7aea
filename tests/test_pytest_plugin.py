"""The pytest plug-in, in test suites of its users: small ones, made anew for each test by pytester."""

import gzip
import json
import os
import re
import shutil
import sys
from collections.abc import Iterable
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.examples import ABSOLUTE_VALUE, MAX_OF_TWO, sawtooth
from verishallow import checker, fast_checker, read
from verishallow.certificate import Certificate
from verishallow.claims import Equality, RegionCount
from verishallow.errors import InputError, StaleProofError, VerishallowError
from verishallow.kept_proofs import changes, keeping, statement
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import proof_lines
from verishallow.read.domains import parse_domain
from verishallow.read.network_json import network_to_json
from verishallow.read.onnx_network import network_from_onnx
from verishallow.records import certificate_lines, write_lines
from verishallow.regions.cell_tree import Open

pytest_plugins = "pytester"

NEEDED_ONCE = (read, network_from_onnx)
"""Pytester takes away what a run inside this process has imported, and numpy must not be imported twice."""

MODULUS = ReLUNetwork.of(ABSOLUTE_VALUE)
RESCALED = ReLUNetwork.of([([[-2], ["1/2"]], [0, 0]), ([["1/2", 2]], [0])])
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


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


def failure(result: pytest.RunResult) -> str:
    """What a failing test says, without pytest's margin."""
    result.assert_outcomes(failed=1)
    return "\n".join(line.removeprefix("E").strip() for line in result.outlines if line.startswith("E "))


# ----------------------------------------------------------------------------------- A proof, kept and checked


def test_a_missing_certificate_fails_and_says_how_to_make_it(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(in_a_test(EQUALITY))
    text = failure(suite.run())
    assert "controller.json: there is no certificate yet" in text
    assert f"certificate: {KEPT}" in text
    assert "pytest --certificates-update test_it.py::test_controller" in text
    assert not (suite.root / "__certificates__").exists()


def test_an_update_proves_and_writes_what_the_next_run_needs(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(in_a_test(EQUALITY))
    result = suite.update()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"written: {KEPT}"])
    assert suite.certificates() == [KEPT]
    verdict = checker.check(suite.root / KEPT)
    assert (verdict.kind, verdict.header["claim"], verdict.header["boundary"]) == ("valid", "equality", "exact")
    assert Certificate.read(suite.root / KEPT).network == MODULUS
    again = suite.run()
    again.assert_outcomes(passed=1)
    again.stdout.no_fnmatch_line("*certificates of verishallow*")


def test_a_run_checks_with_the_stand_alone_checker_and_enumerates_nothing(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    suite.proved(MODULUS, EQUALITY)
    checked = []

    def refuse(*_arguments: Any, **_options: Any) -> None:
        raise AssertionError("nothing of this is needed")

    def watched(path: Any, **expected: Any) -> checker.Verdict:
        checked.append(Path(path).name)
        return stand_alone(path, **expected)

    stand_alone = checker.check
    monkeypatch.setattr(checker, "check", watched)
    monkeypatch.setattr(fast_checker, "check", refuse)
    monkeypatch.setattr(keeping, "proof_lines", refuse)
    monkeypatch.setattr(changes, "difference", refuse)
    suite.run().assert_outcomes(passed=1)
    assert checked == [Path(KEPT).name]


def test_an_update_leaves_a_certificate_that_still_proves_the_claim(suite: Suite) -> None:
    suite.proved(MODULUS, EQUALITY)
    path = suite.root / KEPT
    path.write_bytes(plain := gzip.decompress(path.read_bytes()))
    result = suite.update()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("written:*")
    assert path.read_bytes() == plain


@pytest.mark.parametrize("claimed", ["boundary='exact'", "boundary='ignore'", "claim='regions'"])
def test_the_same_network_in_another_spelling_is_the_same_network(suite: Suite, claimed: str) -> None:
    call = f'certificate.holds_for("controller.json", domain="box:-1,1", {claimed})'
    suite.proved(MODULUS, call)
    text = json.dumps(network_to_json(MODULUS), indent=3).replace('"1"', '"2/2"')
    (suite.root / "controller.json").write_text(text, encoding="utf-8")
    suite.tests(in_a_test(call.replace("box:-1,1", "box:[-2/2,1]")))
    suite.run().assert_outcomes(passed=1)


# ---------------------------------------------------------------------------------------- A changed network


def shown_point(text: str) -> list[str]:
    found = re.search(r"at the point x = \((.*)\) of it", text)
    assert found
    return found[1].split(", ")


def shown_value(text: str, name: str) -> tuple[str, ...]:
    found = re.search(rf"^{name} +\((.*)\)$", text, re.MULTILINE)
    assert found
    return tuple(found[1].split(", "))


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
    return bool(eval(exact, {"Fraction": Fraction}))  # noqa: S307


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


# ------------------------------------------------------------------------------ Another claim than the stored one

BOUNDS = 'certificate.holds_for("controller.json", domain="box:-1,1", claim="bounds", bounds={0: ("0", 1)})'


@pytest.mark.parametrize(
    ("stored", "asked", "kind", "words"),
    [
        (EQUALITY, EQUALITY.replace("-1,1", "-1,2"), "domain", ("1 + x0 >= 0, 1 - x0 >= 0", "2 - x0 >= 0")),
        (EQUALITY, 'certificate.holds_for("controller.json")', "domain", ("1 + x0 >= 0", "all of R^1")),
        (EQUALITY, EQUALITY.replace(")", ', boundary="ignore")'), "boundary", ("exact", "ignore")),
        (EQUALITY, EQUALITY.replace(")", ', claim="regions")'), "claim", ("equality", "regions")),
        (BOUNDS, BOUNDS.replace("1)}", "2)}"), "bounds", ("0 <= f_0(x) <= 1", "0 <= f_0(x) <= 2")),
        (BOUNDS, BOUNDS.replace("1)}", "None)}"), "bounds", ("0 <= f_0(x) <= 1", "asked for  0 <= f_0(x)")),
        (BOUNDS, EQUALITY, "claim", ("bounds", "equality")),
        (
            EQUALITY,
            'certificate.are_equal("controller.json", "controller.json", domain="box:-1,1")',
            "claim",
            ("stored     equality", "asked for  equal"),
        ),
        (
            EQUALITY,
            'certificate.holds_for("controller.json", domain="box:-2,2", boundary="ignore")',
            "domain and another boundary",
            ("the domain:", "the boundary:"),
        ),
    ],
)
def test_a_certificate_of_another_claim_fails_until_it_is_renewed(
    suite: Suite, stored: str, asked: str, kind: str, words: Iterable[str]
) -> None:
    suite.proved(MODULUS, stored)
    suite.tests(in_a_test(asked))
    text = failure(suite.run())
    assert f"the certificate is about another {kind}\n" in text
    assert [word for word in words if word not in text] == []
    assert "pytest --certificates-update test_it.py::test_controller" in text
    suite.update().assert_outcomes(passed=1)
    suite.run().assert_outcomes(passed=1)


def test_a_smaller_set_of_the_same_rows_is_another_domain(suite: Suite) -> None:
    suite.proved(MODULUS, 'certificate.holds_for("controller.json", domain="box:0,1")')
    (suite.root / "half.json").write_text(
        '{"format": "verishallow-domain", "version": 1, "inequalities": [["0", "1"]]}', encoding="utf-8"
    )
    suite.tests(in_a_test('certificate.holds_for("controller.json", domain="half.json")'))
    assert "another domain" in failure(suite.run())


# ---------------------------------------------------------------------------------------- Regions and bounds


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


# --------------------------------------------------------------------------------------------- Two networks


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


# ------------------------------------------------------------------------------------------------- Slices

ON_A_LINE = (
    "from verishallow.slices import Slice",
    "line = Slice.line([0, 0], [1, '1/2'])",
    'certificate.holds_for("controller.json", domain="box:-1,1", embedding=line)',
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


# ------------------------------------------------------------------------------------ A certificate that is none


def tampered(lines: list[bytes]) -> list[bytes]:
    """Another point as the witness of the first leaf, with every hash made to fit."""
    number = next(i for i, line in enumerate(lines) if b'"record":"leaf"' in line)
    leaf = json.loads(lines[number]) | {"witness": ["-7"]}
    return [*lines[:number], checker.canonical(leaf), *lines[number + 1 :]]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (
            lambda data: gzip.compress(b"".join(tampered(gzip.decompress(data).splitlines(keepends=True)))),
            "(leaf): the witness is not strictly inside constraint",
        ),
        (lambda data: data[: len(data) // 2], "the gzip stream is truncated"),
        (lambda _data: b"", "line 1: the file ends before its end record"),
        (lambda _data: b"no certificate\n", "line 1: not one JSON value in ASCII"),
        (lambda data: data + b"\n", "bytes follow the gzip stream"),
    ],
    ids=["another witness", "truncated", "empty", "a text", "more bytes"],
)
def test_an_invalid_certificate_fails_with_the_checker_s_reason_until_it_is_renewed(
    suite: Suite, spoil: Any, words: str
) -> None:
    suite.proved(MODULUS, EQUALITY)
    path = suite.root / KEPT
    path.write_bytes(spoil(path.read_bytes()))
    text = failure(suite.run())
    assert "controller.json: the certificate is invalid: line " in text
    assert words in text
    assert "pytest --certificates-update" in text
    suite.update().assert_outcomes(passed=1)
    suite.run().assert_outcomes(passed=1)


def test_an_incomplete_certificate_fails(suite: Suite) -> None:
    suite.proved(MODULUS, EQUALITY)
    domain = parse_domain("box:-1,1", 1)
    with (suite.root / KEPT).open("wb") as file:
        write_lines(certificate_lines(MODULUS, domain, Equality(), [Open()]), file)
    assert checker.check(suite.root / KEPT).kind == "incomplete"
    text = failure(suite.run())
    assert "controller.json: the certificate is incomplete: 1 cell is left open" in text
    assert "pytest --certificates-update" in text


def test_a_certificate_that_cannot_be_opened_fails(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(in_a_test(EQUALITY))
    (suite.root / KEPT).mkdir(parents=True)
    for result in (suite.run(), suite.update()):
        assert "the certificate cannot be opened: Is a directory" in failure(result)


def test_a_proof_that_the_checker_refuses_is_not_written(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    suite.proved(MODULUS, EQUALITY)
    before = (suite.root / KEPT).read_bytes()
    suite.controller(STEEPER)
    monkeypatch.setattr(keeping, "proof_lines", lambda *of, **more: tampered(list(proof_lines(*of, **more))))
    assert "the checker refuses a new proof: invalid: " in failure(suite.update())
    assert (suite.root / KEPT).read_bytes() == before


def test_an_update_that_is_broken_off_leaves_the_older_certificate(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(source: Any, target: Any) -> None:
        target.write(source.read(20))
        raise MemoryError

    suite.proved(MODULUS, EQUALITY)
    before = (suite.root / KEPT).read_bytes()
    suite.controller(STEEPER)
    monkeypatch.setattr(shutil, "copyfileobj", half)
    suite.update().assert_outcomes(failed=1)
    assert [path.name for path in (suite.root / KEPT).parent.iterdir()] == [Path(KEPT).name]
    assert (suite.root / KEPT).read_bytes() == before


# --------------------------------------------------------------------------------------------------- Names


def test_certificates_are_named_after_test_and_network(suite: Suite) -> None:
    for name in ("a.json", "b.v2.json"):
        write_network(suite.root, name, MODULUS)
    suite.tests(
        "import pytest\n"
        "from verishallow import ReLUNetwork\n"
        "class TestClass:\n"
        "    @pytest.mark.parametrize('low', ['-1/2', '-1_2', '0.5-low'])\n"
        "    def test_method(self, certificate, low):\n"
        "        certificate.holds_for('a.json')\n"
        "def test_several(certificate):\n"
        "    certificate.holds_for('a.json')\n"
        "    certificate.holds_for('b.v2.json')\n"
        "    certificate.holds_for('a.json', domain='box:0,1')\n"
        "    certificate.holds_for('a.json', domain='box:0,2', name='wider')\n"
        "    certificate.holds_for(ReLUNetwork.of([([[1]], [0])]))\n"
    )
    suite.update().assert_outcomes(passed=4)
    suite.run().assert_outcomes(passed=4)
    names = [
        name.removeprefix("__certificates__/test_it/").removesuffix(".cert.jsonl.gz") for name in suite.certificates()
    ]
    assert [re.sub("-[0-9a-f]{8}", "-HASH", name) for name in names] == [
        "TestClass.test_method[-1_2]-HASH.a",
        "TestClass.test_method[-1_2].a",
        "TestClass.test_method[0.5-low].a",
        "test_several.a.2",
        "test_several.a",
        "test_several.b.v2",
        "test_several.network",
        "test_several.wider",
    ]


def test_names_fit_a_file_system_however_long_an_id_is(suite: Suite) -> None:
    suite.controller(MODULUS)
    suite.tests(
        "import pytest\n"
        "@pytest.mark.parametrize('text', ['x' * 300, 'x' * 301])\n"
        "def test_controller(certificate, text):\n"
        "    certificate.holds_for('controller.json')\n"
    )
    suite.update().assert_outcomes(passed=2)
    assert len(suite.certificates()) == 2


def test_files_are_found_relative_to_the_test(suite: Suite, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = suite.root / "deep" / "tests"
    (folder / "models").mkdir(parents=True)
    write_network(folder / "models", "net.json", MODULUS)
    (folder / "d.json").write_text('{"format": "verishallow-domain", "version": 1, "box": [[0, 1]]}', encoding="utf-8")
    (folder / "test_it.py").write_text(
        "from pathlib import Path\n"
        "from verishallow import Polyhedron\n"
        "def test_controller(certificate):\n"
        "    certificate.holds_for('models/net.json', domain='d.json')\n"
        "    certificate.holds_for(Path('models/net.json'), domain=Path('d.json'))\n"
        "    certificate.holds_for(Path(__file__).parent / 'models/net.json', domain=Polyhedron.box([(0, 1)]))\n",
        encoding="utf-8",
    )
    suite.update().assert_outcomes(passed=1)
    monkeypatch.chdir(folder / "models")
    suite.run("..").assert_outcomes(passed=1)
    assert [Path(name).parent.as_posix() for name in suite.certificates()] == [
        "deep/tests/__certificates__/test_it"
    ] * 3


def test_the_command_that_renews_names_the_test_from_where_one_is(
    suite: Suite, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = suite.root / "tests"
    folder.mkdir()
    write_network(folder, "controller.json", MODULUS)
    (folder / "test_it.py").write_text(in_a_test(EQUALITY), encoding="utf-8")
    assert "pytest --certificates-update tests/test_it.py::test_controller" in failure(suite.run())
    monkeypatch.chdir(folder)
    assert "pytest --certificates-update test_it.py::test_controller" in failure(suite.run())


# ----------------------------------------------------------------------------------------------- Bad input


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
        ('bounds_hold_for("controller.json", {0: (0.5, None)})', "found float 0.5"),
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


# ------------------------------------------------------------------------------------------ Unused certificates

TWO_TESTS = (
    "import pytest\n"
    "def test_one(certificate):\n"
    "    certificate.holds_for('controller.json')\n"
    "def test_two(certificate):\n"
    "    certificate.holds_for('controller.json')\n"
)
OF_TWO = "__certificates__/test_it/test_two.controller.cert.jsonl.gz"
UNUSED = f"unused, --certificates-update deletes it: {OF_TWO}"


@pytest.fixture
def two_tests(suite: Suite) -> Suite:
    suite.controller(MODULUS)
    suite.tests(TWO_TESTS)
    suite.update().assert_outcomes(passed=2)
    return suite


WITHOUT_TWO = TWO_TESTS.partition("def test_two")[0]


@pytest.mark.parametrize(
    "source",
    [WITHOUT_TWO, WITHOUT_TWO + "def test_two():\n    pass\n", TWO_TESTS.replace("test_two", "test_renamed"), ""],
    ids=["the test is gone", "the test does not use it", "the test has another name", "no test is left"],
)
def test_a_certificate_that_no_test_uses_is_reported_and_kept(two_tests: Suite, source: str) -> None:
    two_tests.tests(source)
    result = two_tests.run()
    result.stdout.fnmatch_lines([UNUSED])
    assert result.ret in (0, 1, 5)
    assert OF_TWO in two_tests.certificates()
    two_tests.run("test_it.py").stdout.fnmatch_lines([UNUSED])


@pytest.mark.parametrize(
    ("source", "options"),
    [
        (WITHOUT_TWO, ("test_it.py::test_one",)),
        (TWO_TESTS, ("-k", "one")),
        (TWO_TESTS, ("--deselect", "test_it.py::test_two")),
        (WITHOUT_TWO, ("--collect-only",)),
        (TWO_TESTS + "    assert False\n", ()),
        (TWO_TESTS.replace("(certificate):\n", "(certificate):\n    assert False\n"), ()),
        (TWO_TESTS.replace("def test_two", "@pytest.mark.skip\ndef test_two"), ()),
        (TWO_TESTS.replace("def test_two(certificate):", "def test_two():\n    pytest.xfail()"), ()),
        (TWO_TESTS.replace("test_one(certificate):", "test_one(certificate):\n    assert False"), ("-x",)),
        (WITHOUT_TWO + "import no_such_module\n", ()),
        (WITHOUT_TWO + "pytest.skip(allow_module_level=True)\n", ()),
        (WITHOUT_TWO, ("--ignore", "test_it.py")),
        (WITHOUT_TWO, ("nowhere.py",)),
    ],
    ids=[
        "one test by name",
        "by a keyword",
        "deselected",
        "nothing is run",
        "failed after it",
        "failed before it",
        "skipped",
        "expected to fail",
        "stopped at the first failure",
        "an error in the file",
        "the file is skipped",
        "the file is ignored",
        "wrong usage",
    ],
)
def test_nothing_is_called_unused_that_a_full_run_may_use(
    two_tests: Suite, source: str, options: tuple[str, ...]
) -> None:
    two_tests.tests(source)
    before = two_tests.certificates()
    for result in (two_tests.run(*options), two_tests.update(*options)):
        result.stdout.no_fnmatch_line("unused,*")
        result.stdout.no_fnmatch_line("deleted,*")
    assert two_tests.certificates() == before


def test_a_run_of_the_last_failures_calls_nothing_unused(two_tests: Suite) -> None:
    two_tests.tests("def test_fails():\n    assert False\n", "test_other")
    two_tests.pytester.runpytest_inprocess(*ALONE).assert_outcomes(passed=2, failed=1)
    result = two_tests.pytester.runpytest_inprocess(*ALONE, "--lf", "--certificates-update")
    result.assert_outcomes(failed=1)
    result.stdout.no_fnmatch_line("deleted,*")
    assert len(two_tests.certificates()) == 2


def test_items_that_a_plug_in_drops_without_a_word_keep_their_certificates(two_tests: Suite) -> None:
    two_tests.pytester.makeconftest("def pytest_collection_modifyitems(items):\n    del items[1:]\n")
    result = two_tests.update()
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("deleted,*")


def test_an_update_deletes_what_no_test_uses_and_nothing_else(two_tests: Suite) -> None:
    two_tests.tests(WITHOUT_TWO)
    beside = two_tests.root / "__certificates__" / "test_it" / "README.md"
    beside.write_text("ours", encoding="utf-8")
    result = two_tests.update()
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines([f"deleted, no test uses it: {OF_TWO}"])
    assert two_tests.certificates() == [OF_TWO.replace("two", "one")]
    assert beside.exists()
    two_tests.run().stdout.no_fnmatch_line("unused,*")


def test_empty_folders_go_with_the_last_certificate(two_tests: Suite) -> None:
    two_tests.tests("def test_one():\n    pass\ndef test_two():\n    pass\n")
    two_tests.update().assert_outcomes(passed=2)
    assert not (two_tests.root / "__certificates__").exists()


def test_certificates_of_a_file_that_is_gone_are_unused_if_its_folder_is_run(two_tests: Suite) -> None:
    (two_tests.root / "test_it.py").rename(two_tests.root / "notes.txt")
    two_tests.tests("def test_other():\n    pass\n", "test_other")
    result = two_tests.run("test_other.py")
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("unused,*")
    two_tests.run().stdout.fnmatch_lines([UNUSED.replace("two", "one"), UNUSED])
    two_tests.update().assert_outcomes(passed=1)
    assert not (two_tests.root / "__certificates__").exists()


def test_a_folder_that_cannot_be_read_disturbs_no_run(suite: Suite) -> None:
    if os.geteuid() == 0:
        pytest.skip("the superuser may write everywhere")
    suite.tests("def test_one():\n    pass\n")
    folder = suite.root / "__certificates__"
    folder.mkdir(mode=0)
    # Without this, pytest itself would look into it, and stop.
    suite.run("-o", "norecursedirs=__certificates__").assert_outcomes(passed=1)
    folder.chmod(0o700)


# ----------------------------------------------------------------------------------------- Several processes


def test_it_works_in_several_processes(suite: Suite) -> None:
    pytest.importorskip("xdist")
    suite.controller(MODULUS)
    many = "@pytest.mark.parametrize('high', range(4))\ndef test_two(certificate, high):\n"
    many += "    certificate.bounds_hold_for('controller.json', {0: (0, high)}, domain='box:0,1')\n"
    suite.tests(TWO_TESTS.partition("def test_two")[0] + many)
    result = suite.run_apart("-n", "2", "--certificates-update")
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["*0 <= f_0 <= 0 does not hold: it fails by 1 at (1)"])
    assert len([line for line in result.outlines if line.startswith("written: ")]) == len(suite.certificates()) == 4
    suite.tests(suite.root.joinpath("test_it.py").read_text(encoding="utf-8").replace("range(4)", "[1, 2]"))
    result = suite.run_apart("-n", "2")
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        ["unused, --certificates-update deletes it: *test_two?3?.controller.cert.jsonl.gz"], consecutive=True
    )
    assert len(suite.certificates()) == 4


def test_what_a_process_that_crashed_knew_is_not_guessed(two_tests: Suite) -> None:
    pytest.importorskip("xdist")
    two_tests.tests(WITHOUT_TWO + "def test_crash():\n    import os\n    os._exit(1)\n")
    result = two_tests.run_apart("-n", "1", "--certificates-update")
    result.stdout.fnmatch_lines(["*crashed*"])
    result.stdout.no_fnmatch_line("deleted,*")
    assert len(two_tests.certificates()) == 2


# ----------------------------------------------------------------------------------------- A guest in a run

HEAVY = {"cdd", "flint", "gmpy2", "numpy", "onnx", "rich", "sympy", "typer"}


def test_the_plug_in_is_light_to_load(pytester: pytest.Pytester) -> None:
    load = "import sys; import pytest; before = {*sys.modules}; import verishallow.pytest_plugin; "
    result = pytester.run(sys.executable, "-c", load + "print(*sorted({*sys.modules} - before), sep='\\n')")
    loaded = result.outlines
    assert "verishallow.pytest_plugin" in loaded
    assert {name.partition(".")[0] for name in loaded}.isdisjoint(HEAVY)
    assert [name for name in loaded if name.startswith("verishallow")] == [
        "verishallow",
        "verishallow.kept_proofs",
        "verishallow.kept_proofs.folders",
        "verishallow.pytest_plugin",
    ]


def test_a_run_without_certificates_loads_nothing_heavy(pytester: pytest.Pytester) -> None:
    pytester.makepyfile(
        f"""
        import sys
        def test_modules(request):
            assert request.config.pluginmanager.hasplugin("verishallow")
            assert {HEAVY!r}.isdisjoint(sys.modules)
        """
    )
    result = pytester.runpytest_subprocess(*ALONE)
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*certificates of verishallow*")


def test_the_fixture_and_the_option_explain_themselves(suite: Suite) -> None:
    suite.run("--fixtures").stdout.fnmatch_lines(["certificate -- *", "*Proofs about networks*"])
    suite.run("--help").stdout.fnmatch_lines(["verishallow:", "*--certificates-update*"])


def test_a_suite_may_have_a_fixture_of_that_name(suite: Suite) -> None:
    suite.tests(
        "import pytest\n@pytest.fixture\ndef certificate():\n    return 'mine'\n"
        "def test_controller(certificate):\n    assert certificate == 'mine'\n"
    )
    suite.run().assert_outcomes(passed=1)


def test_it_can_be_switched_off(suite: Suite) -> None:
    suite.tests(in_a_test("pass"))
    result = suite.run("-p", "no:verishallow")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*fixture 'certificate' not found*"])


def test_doctests_can_use_the_fixture(suite: Suite) -> None:
    suite.controller(MODULUS)
    (suite.root / "guide.md").write_text(
        ">>> getfixture('certificate').regions_of('controller.json')\n2\n", encoding="utf-8"
    )
    suite.update("--doctest-glob=*.md").assert_outcomes(passed=1)
    suite.run("--doctest-glob=*.md").assert_outcomes(passed=1)
    assert suite.certificates() == ["__certificates__/guide.md/guide.md.controller.cert.jsonl.gz"]


# ----------------------------------------------------------------------------------------- Without pytest


def test_a_statement_about_an_output_that_is_not_there_is_refused() -> None:
    claim = statement.claim_named("bounds", bounds={3: (0, 1)})
    with pytest.raises(InputError, match="expected outputs from 0 to 0, found 3"):
        statement.Statement(MODULUS, Polyhedron.whole_space(1), claim)


def test_a_long_domain_is_cut_short() -> None:
    text = changes.domain_text(Polyhedron.box([(0, 1)] * 10))
    assert text.endswith(", and 8 more")
    assert text.count(">= 0") == 12


def test_a_region_in_many_dimensions_is_shown_without_searching_for_its_vertices(tmp_path: Path) -> None:
    """A box of 24 inputs has 2^24 vertices."""
    wide = [ReLUNetwork.of([([[1, *[0] * 23]], [0]), ([[slope]], [0])]) for slope in (1, 2)]
    domain = Polyhedron.box([(-1, 1)] * 24)
    keeping.keep_proof(tmp_path / "wide", statement.Statement(wide[0], domain, RegionCount()))
    asked = statement.Statement(wide[1], domain, RegionCount())
    with pytest.raises(StaleProofError, match="and at the point x = "):
        keeping.check_kept(tmp_path / "wide", asked)
