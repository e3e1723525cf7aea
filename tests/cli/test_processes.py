"""The command line as a process: its exit codes, its signals, and what it imports."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.command_line import names, network_text

ROOT = Path(__file__).resolve().parents[2]

ORDINARY_SIGNALS = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"
"""Tests may themselves run where SIGINT is ignored."""

INTERRUPTED = "verishallow: interrupted; no unfinished file is left\n"


def start(folder: Path, *arguments: str) -> "subprocess.Popen[str]":
    program = ORDINARY_SIGNALS + "from verishallow.cli import main\nmain()"
    return subprocess.Popen(
        [sys.executable, "-c", program, *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize(
    ("arguments", "code", "stdout", "stderr"),
    [
        (("eval", "net.json", "--at", "-1/3"), 0, "at (-1/3)\n  y0  1/3  ~0.333333\n", ""),
        (("check", "cert"), 0, "valid: ", ""),
        (("check", "cert", "--network", "other.json"), 1, "invalid: ", ""),
        (("eval", "cert", "--at", "2"), 2, "", "verishallow: the point lies outside the domain"),
    ],
)
def test_the_program_itself(folder: Path, arguments: tuple[str, ...], code: int, stdout: str, stderr: str) -> None:
    process = start(folder, *arguments)
    out, err = process.communicate(timeout=120)
    assert process.returncode == code
    assert out.startswith(stdout)
    assert err.startswith(stderr)
    assert bool(err) == bool(stderr)


@pytest.fixture
def long_proof(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A proof that would take hours, once a part of it is written."""
    rows = [[(7 * i * i + 3 * j * j * i + j) % 19 - 9 for j in range(4)] for i in range(60)]
    layers = ((rows, [i % 5 - 2 for i in range(60)]), ([[1] * 60], [0]))
    (tmp_path / "net.json").write_text(network_text(layers))
    process = start(tmp_path, "prove", "net.json", "--engine", "cdd")
    for _ in range(600):
        if any(path.stat().st_size for path in tmp_path.glob(".verishallow-*")) or process.poll() is not None:
            break
        time.sleep(0.05)
    yield process
    process.kill()
    process.communicate()


@pytest.mark.parametrize(
    ("number", "code", "stderr"),
    [(signal.SIGINT, 130, INTERRUPTED), (signal.SIGTERM, 143, "")],
)
def test_an_interrupted_proof_leaves_nothing(
    long_proof: "subprocess.Popen[str]", tmp_path: Path, number: signal.Signals, code: int, stderr: str
) -> None:
    assert [name.startswith(".verishallow-") for name in names(tmp_path)] == [True, False]
    long_proof.send_signal(number)
    out, err = long_proof.communicate(timeout=60)
    assert (long_proof.returncode, out, err) == (code, "", stderr)
    assert names(tmp_path) == ["net.json"]


def python(*arguments: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    finished = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=True)
    return finished.stdout


def test_importing_the_package_imports_nothing_heavy() -> None:
    heavy = ("sympy", "onnx", "cdd", "flint", "numpy", "typer", "rich", "gmpy2")
    program = f"import sys, verishallow; print([name for name in {heavy!r} if name in sys.modules])"
    assert python("-c", program).strip() == "[]"


def test_the_public_names_are_there_when_asked_for() -> None:
    program = "import verishallow; print(all(getattr(verishallow, name) for name in verishallow.__all__))"
    assert python("-c", program).strip() == "True"


def test_the_checker_needs_the_standard_library_alone(folder: Path) -> None:
    found = "import sys; sys.path.insert(0, sys.argv[1])\n"
    program = found + "from verishallow import checker; print(checker.check(sys.argv[2]))"
    assert python("-I", "-S", "-c", program, str(ROOT), str(folder / "cert")).startswith("valid: ")
    checker = ROOT / "verishallow" / "checker" / "__main__.py"
    assert python("-I", "-S", str(checker), str(folder / "cert")).startswith("valid: ")
