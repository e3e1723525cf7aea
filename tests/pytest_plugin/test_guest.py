"""The plug-in is a guest in a run: light, explained, and easily switched off or hidden."""

import sys

import pytest

from tests.pytest_plugin.suites import ALONE, MODULUS, Suite, in_a_test

HEAVY = {"cdd", "flint", "gmpy2", "numpy", "onnx", "rich", "sympy", "typer"}


def test_the_plug_in_is_light_to_load(pytester: pytest.Pytester) -> None:
    load = "import sys; import pytest; before = {*sys.modules}; import verishallow.pytest_plugin; "
    result = pytester.run(sys.executable, "-c", load + "print(*sorted({*sys.modules} - before), sep='\\n')")
    loaded = result.outlines
    assert "verishallow.pytest_plugin" in loaded
    assert {name.partition(".")[0] for name in loaded}.isdisjoint(HEAVY)
    assert [name for name in loaded if name.startswith("verishallow")] == [
        "verishallow",
        "verishallow.displayed",
        "verishallow.kept_proofs",
        "verishallow.kept_proofs.fixture",
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
