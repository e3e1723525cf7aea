"""A proof is kept, and checked by later runs."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from tests.pytest_plugin.suites import EQUALITY, KEPT, MODULUS, Suite, failure, in_a_test
from verishallow import checker, fast_checker
from verishallow.certificate.certificate import Certificate
from verishallow.kept_proofs import changes, keeping
from verishallow.read.network_json import network_to_json


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
