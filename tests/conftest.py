"""Skips are honest: where everything is installed (VERISHALLOW_TEST_ALL=1), a skipped test is a failure.

There Hypothesis draws the same examples every time, so that a result can be had again; all other runs draw new ones.
"""

import os
from collections.abc import Generator
from typing import Any

import pytest
from hypothesis import settings

if os.environ.get("VERISHALLOW_TEST_ALL"):
    settings.register_profile("the same every time", derandomize=True)
    settings.load_profile("the same every time")

ALLOWED = (
    "the superuser may write everywhere",
    "affinitree is not installed",
    "maraboupy is not installed",
    "polymake is not installed",
    "regioncam is not installed",
)
"""Reasons that no installation can remove, peers that only benchmarks compare with, and what is not packaged widely."""


def _refuse_skips(report: Any) -> None:
    if report.skipped and os.environ.get("VERISHALLOW_TEST_ALL") and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        if not reason.endswith(ALLOWED):
            report.outcome = "failed"
            report.longrepr = f"VERISHALLOW_TEST_ALL is set, yet: {reason}"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail skips of single tests that are not allowed."""
    report = yield
    _refuse_skips(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail skips of whole modules that are not allowed."""
    report = yield
    _refuse_skips(report)
    return report
