"""Certificates that no test uses: reported, deleted by an update, and never guessed."""

import os

import pytest

from tests.pytest_plugin.suites import ALONE, TWO_TESTS, WITHOUT_TWO, Suite

OF_TWO = "__certificates__/test_it/test_two.controller.cert.jsonl.gz"
UNUSED = f"unused, --certificates-update deletes it: {OF_TWO}"


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
