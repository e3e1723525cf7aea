"""A signal ends a command inside a long exact program, and nothing half-written stays."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from verishallow.whole_file import remove_leftovers, written_whole

DEAF = """
import signal, sys, time
from verishallow.cli.guard import guarded
from verishallow.whole_file import written_whole
from verishallow.polyhedron import Polyhedron
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
guarded()
with written_whole("proof") as file:
    file.write(b"half")
    print("begun", flush=True)
    {work}
"""
VERTICES = "Polyhedron.box([(0, 1)] * 40).v_representation"
SLEEP = "time.sleep(60)"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize(("work", "answers"), [(VERTICES, False), (SLEEP, True)], ids=["inside cddlib", "in Python"])
def test_a_signal_ends_a_command_soon_and_nothing_half_written_stays(
    number: signal.Signals, work: str, answers: bool, tmp_path: Path
) -> None:
    program = [sys.executable, "-c", DEAF.format(work=work)]
    root = str(Path(__file__).resolve().parents[2])
    environment = {**os.environ, "PYTHONPATH": root}
    with subprocess.Popen(
        program, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        assert running.stdout.readline() == b"begun\n"
        time.sleep(0.2)
        start = time.monotonic()
        running.send_signal(number)
        _, errors = running.communicate(timeout=30)
        seconds = time.monotonic() - start
    assert seconds < 10  # two, on a machine that has nothing else to do
    assert (running.returncode == -signal.SIGKILL) == (not answers)
    assert (b"a file that was not finished is not there" in errors) == (not answers)
    time.sleep(0.1)
    assert list(tmp_path.iterdir()) == []


def dead_process() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as done:
        done.wait()
    return done.pid


def test_what_a_dead_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    left = tmp_path / f".verishallow-{dead_process()}-0123456789abcdef"
    others = [
        tmp_path / f".verishallow-{os.getpid()}-0123456789abcdef",
        tmp_path / ".verishallow-notes-of-mine",
        tmp_path / ".verishallow-0123456789abcdef",
        tmp_path / "verishallow-1-2",
    ]
    for path in (left, *others):
        path.write_bytes(b"half")
    with written_whole(tmp_path / "proof") as file:
        assert not left.exists()
        remove_leftovers(tmp_path)
        file.write(b"whole")
    assert (tmp_path / "proof").read_bytes() == b"whole"
    assert sorted(tmp_path.iterdir()) == sorted([*others, tmp_path / "proof"])
