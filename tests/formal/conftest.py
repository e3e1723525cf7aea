"""The formal development, compiled once per session."""

import os

import pytest

from tests.formal.building import Development, built, missing


@pytest.fixture(scope="session")
def development(tmp_path_factory: pytest.TempPathFactory) -> Development:
    """The compiled development; of all processes of pytest-xdist one compiles it."""
    if absent := missing():
        pytest.skip(f"{', '.join(absent)} not installed")
    base = tmp_path_factory.getbasetemp()
    return built(base.parent if "PYTEST_XDIST_WORKER" in os.environ else base)
