"""Runs in several processes, by pytest-xdist."""

import pytest

from tests.pytest_plugin.suites import MODULUS, TWO_TESTS, WITHOUT_TWO, Suite


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
