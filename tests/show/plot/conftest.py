"""A folder with the networks that are drawn."""

from pathlib import Path

import pytest

from tests.cli.command_line import network_text
from tests.examples import Layers

ABSOLUTE_VALUE: Layers = (([[1], [-1]], [0, 0]), ([[1, 1]], [0]))
STEPS: Layers = (([[1], [1], [1]], [0, -1, "-3/2"]), ([[2, -4, 2], [1, 0, 0]], [0, -1]))
BENT: Layers = (([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [-1]), ([[1]], [1]))
THREE_CLASSES: Layers = (([[1, 0], [0, 1]], [0, 0]), ([[1, 0], [0, 1], [0, 0]], [0, 0, 1]))
CORNER: Layers = (([[1, 0, 0], [0, 1, 0], [0, 0, 1]], [0, 0, 0]), ([[1, 2, 4]], [0]))
FOUR_INPUTS: Layers = (([[1, 1, 0, 0], [0, 0, 1, -1]], [0, 0]), ([[1, 1]], [0]))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder but for the networks."""
    monkeypatch.chdir(tmp_path)
    networks = {"line": STEPS, "plane": BENT, "classes": THREE_CLASSES, "space": CORNER, "four": FOUR_INPUTS}
    for name, layers in networks.items():
        (tmp_path / f"{name}.json").write_text(network_text(layers))
    return tmp_path
