"""A folder to run the command line in."""

from pathlib import Path

import pytest

from tests.cli.command_line import network_text
from tests.examples import ABSOLUTE_VALUE, TWO_OUTPUTS
from verishallow import ReLUNetwork, prove


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder with the network of the absolute value, its certificate and another network."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.json").write_text(network_text(ABSOLUTE_VALUE))
    (tmp_path / "other.json").write_text(network_text(TWO_OUTPUTS))
    network = ReLUNetwork.of(ABSOLUTE_VALUE)
    prove(network, "box:-1,1").save("cert")
    prove(network, boundary="ignore").save("ignoring")
    return tmp_path
