"""What tests of readers need around them."""

import logging
import os
from collections.abc import Iterator
from typing import Any

import pytest

os.environ.setdefault("KERAS_BACKEND", "torch")
"""Before anything imports Keras."""


@pytest.fixture
def names_from_the_start() -> Iterator[None]:
    """Keras counts the layers of a session in their names; and it warns about the older kind of file."""
    keras: Any = pytest.importorskip("keras", reason="keras is not installed")
    keras.backend.clear_session(free_memory=False)
    logging.disable(logging.WARNING)
    yield
    logging.disable(logging.NOTSET)
