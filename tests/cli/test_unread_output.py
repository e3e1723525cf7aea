"""Output that nobody reads to its end, as in ``verishallow ... | head``, is no failure to speak of."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.command_line import network_text
from tests.examples import sawtooth


@pytest.mark.parametrize("depth", [2, 8], ids=["less than a pipe holds", "more than a pipe holds"])
def test_a_reader_may_stop_early(tmp_path: Path, depth: int) -> None:
    (tmp_path / "net.json").write_text(network_text(sawtooth(depth)))
    command = [sys.executable, "-m", "verishallow.cli", "explain", "net.json", "--domain", "box:0,1", "--json"]
    with subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait() == 141
