"""Test suites of users of the plug-in, in a folder of their own."""

import pytest

from tests.pytest_plugin.suites import MODULUS, TWO_TESTS, Suite


def pytest_configure(config: pytest.Config) -> None:
    """A conftest below the root may not ask for it by ``pytest_plugins``."""
    config.pluginmanager.import_plugin("pytester")


@pytest.fixture
def suite(pytester: pytest.Pytester) -> Suite:
    return Suite(pytester)


@pytest.fixture
def two_tests(suite: Suite) -> Suite:
    suite.controller(MODULUS)
    suite.tests(TWO_TESTS)
    suite.update().assert_outcomes(passed=2)
    return suite
