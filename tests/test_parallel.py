"""One proof by many workers: the same bytes, failures that are passed on, and nothing left behind."""

import multiprocessing
import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import names, network_text, run
from tests.cli.test_processes import INTERRUPTED, start
from tests.examples import EXAMPLES
from tests.regions.test_sharded import PROBLEMS, shards_of
from verishallow import prove
from verishallow.claims.equality import Equality
from verishallow.errors import ProofError
from verishallow.parallel import THREADS, workers
from verishallow.proof import proof_lines
from verishallow.shallow.signed_faces import Boundary

SMALL = 20
SMALL_SHARDS = f"import verishallow.regions.sharded as sharded; sharded.CELLS_OF_A_SHARD = {SMALL}"
RAISING = "import verishallow.parallel as p\ndef shard(*_): raise ArithmeticError('in a worker')\np.shard = shard"
DYING = "import os, verishallow.parallel as p\ndef shard(*_): os._exit(9)\np.shard = shard"

needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are listed in /proc")


@contextmanager
def processes(program: str = SMALL_SHARDS) -> Iterator[Executor]:
    """Two fresh interpreters that run a program before they work."""
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(2, spawn, exec, (program,)) as executor:
        yield executor


# --------------------------------------------------------------------------------------------- Same bytes


@pytest.mark.parametrize("boundary", ["exact", "ignore"])
@pytest.mark.parametrize("name", ["weights -1, 0 and 1 on a box", "layers that skip", "cells with lines"])
def test_threads_make_the_same_bytes(name: str, boundary: Boundary, monkeypatch: pytest.MonkeyPatch) -> None:
    shards_of(monkeypatch, SMALL)
    alone = prove(*PROBLEMS[name], boundary=boundary)
    with ThreadPoolExecutor(3) as executor:
        assert prove(*PROBLEMS[name], boundary=boundary, executor=executor).lines == alone.lines


def test_processes_make_the_same_bytes(monkeypatch: pytest.MonkeyPatch) -> None:
    shards_of(monkeypatch, SMALL)
    with processes() as executor:
        for name, problem in [*PROBLEMS.items()][::2]:
            together = prove(*problem, executor=executor)
            assert together.lines == prove(*problem).lines, name


@pytest.mark.parametrize("name", ["no hidden layer", "all neurons dead", "max of three", "cells that contain a line"])
def test_small_networks_make_the_same_bytes(name: str) -> None:
    example = EXAMPLES[name]
    with ThreadPoolExecutor(2) as executor:
        together = prove(example.network, example.domain, executor=executor)
    assert together.lines == prove(example.network, example.domain).lines


def test_the_reference_needs_no_executor() -> None:
    network, domain = PROBLEMS["layers that skip"]
    with Counting() as executor:
        assert (
            prove(network, domain, engine="cdd", executor=executor).lines == prove(network, domain, engine="cdd").lines
        )
    assert executor.submitted == 0


@pytest.mark.parametrize("depth", [0, 2, 5])
@pytest.mark.parametrize("name", ["weights -1, 0 and 1 on a box", "layers that skip"])
def test_branches_of_the_tree_engine_make_the_same_bytes(
    name: str, depth: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("verishallow.regions.tree_engine.DEPTH_OF_A_BRANCH", depth)
    with ThreadPoolExecutor(3) as executor:
        together = prove(*PROBLEMS[name], engine="tree", executor=executor)
    assert together.lines == prove(*PROBLEMS[name], engine="tree").lines


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_number_of_jobs_leaves_no_trace(jobs: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("net.json").write_text(network_text(EXAMPLES["two layers in space"].layers), encoding="utf-8")
    result = run("prove", "net.json", "--jobs", str(jobs), "--no-check")
    assert (result.exit_code, result.stderr) == (0, "")
    example = EXAMPLES["two layers in space"]
    prove(example.network, example.domain).save("expected")
    assert Path("net.cert.jsonl.gz").read_bytes() == Path("expected").read_bytes()


# ---------------------------------------------------------------------------------------- Bounded memory


class Counting(Executor):
    """Works at once, and counts what is submitted and not yet taken."""

    def __init__(self) -> None:
        self.held = self.most = self.submitted = 0

    def submit(self, function: Callable[..., Any], /, *arguments: Any, **options: Any) -> Future[Any]:
        self.submitted += 1
        self.held += 1
        self.most = max(self.most, self.held)
        future = _Counted(self)
        future.set_result(function(*arguments, **options))
        return future


class _Counted(Future[Any]):
    def __init__(self, executor: Counting) -> None:
        super().__init__()
        self._executor = executor

    def result(self, timeout: float | None = None) -> Any:
        self._executor.held -= 1
        return super().result(timeout)


@pytest.mark.parametrize("ahead", [1, 2, 5, 16])
def test_a_bounded_number_of_shards_is_under_way(ahead: int, monkeypatch: pytest.MonkeyPatch) -> None:
    shards_of(monkeypatch, 5)
    network, domain = EXAMPLES["two layers on a cube"].network, EXAMPLES["two layers on a cube"].domain.normalised()
    alone = tuple(proof_lines(network, domain, Equality(), "auto"))
    executor = Counting()
    assert tuple(proof_lines(network, domain, Equality(), "auto", executor, ahead)) == alone
    assert executor.submitted > 6
    assert executor.held == 0
    assert min(ahead, 3) <= executor.most <= ahead


def test_lines_come_before_all_shards_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    shards_of(monkeypatch, 5)
    executor = Counting()
    lines = proof_lines(*PROBLEMS["two layers in the plane"], Equality(), "auto", executor, 2)
    while b'"record":"leaf"' not in next(lines):
        pass
    assert executor.submitted < 20


# ----------------------------------------------------------------------------------------------- Failures


def test_what_a_thread_raises_is_raised(monkeypatch: pytest.MonkeyPatch) -> None:
    def failing(*_arguments: Any) -> None:
        raise ProofError("a shard that fails")

    monkeypatch.setattr("verishallow.parallel.shard", failing)
    with ThreadPoolExecutor(2) as executor, pytest.raises(ProofError, match="a shard that fails"):
        prove(*PROBLEMS["layers that skip"], executor=executor)


def test_what_a_process_raises_is_raised() -> None:
    with processes(RAISING) as executor, pytest.raises(ArithmeticError, match="in a worker"):
        prove(*PROBLEMS["layers that skip"], executor=executor)


def test_a_process_that_dies_is_noticed() -> None:
    with processes(DYING) as executor, pytest.raises(BrokenProcessPool):
        prove(*PROBLEMS["layers that skip"], executor=executor)


@needs_proc
@pytest.mark.parametrize("error", [KeyboardInterrupt, ProofError])
def test_no_process_is_left_when_work_ends_early(error: type[BaseException]) -> None:
    def worker() -> int:
        with workers(2, None) as (executor, ahead):
            assert executor is not None
            assert ahead == 4
            found.append(executor.submit(os.getpid).result())
            raise error

    found: list[int] = []
    with pytest.raises(error):
        worker()
    assert found
    assert not any(map(alive, found))


# ------------------------------------------------------------------------------- The program, interrupted


def stat(process: int) -> list[str]:
    """State, parent and more of a process; nothing where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return []


def alive(process: int) -> bool:
    return stat(process)[:1] not in ([], ["Z"])


def children(process: int) -> list[int]:
    """The workers of a process."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [number for number in numbers if stat(number)[1:2] == [str(process)] and b"spawn_main" in command(number)]


def command(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


@pytest.fixture
def long_proof(tmp_path: Path) -> Iterator["subprocess.Popen[str]"]:
    """A proof by two processes that would take hours, once a part of it is written."""
    rows = [[(7 * i * i + 3 * j * j * i + j) % 19 - 9 for j in range(4)] for i in range(60)]
    layers = ((rows, [i % 5 - 2 for i in range(60)]), ([[1] * 60], [0]))
    (tmp_path / "net.json").write_text(network_text(layers), encoding="utf-8")
    process = start(tmp_path, "prove", "net.json", "--jobs", "2")
    for _ in range(1200):
        written = any(path.stat().st_size for path in tmp_path.glob(".verishallow-*"))
        if (written and len(children(process.pid)) == 2) or process.poll() is not None:
            break
        time.sleep(0.05)
    yield process
    for child in children(process.pid):
        os.kill(child, signal.SIGKILL)
    process.kill()
    process.communicate()


@needs_proc
@pytest.mark.parametrize(("number", "code", "stderr"), [(signal.SIGINT, 130, INTERRUPTED), (signal.SIGTERM, 143, "")])
def test_an_interrupt_leaves_no_process_and_no_file(
    long_proof: "subprocess.Popen[str]", tmp_path: Path, number: signal.Signals, code: int, stderr: str
) -> None:
    workers_ = children(long_proof.pid)
    assert len(workers_) == 2
    # Ctrl-C reaches all processes of a terminal.
    for process in (long_proof.pid, *(workers_ if number == signal.SIGINT else [])):
        os.kill(process, number)
    out, err = long_proof.communicate(timeout=120)
    assert (long_proof.returncode, out, err) == (code, "", stderr)
    assert names(tmp_path) == ["net.json"]
    assert not any(map(alive, workers_))


@needs_proc
def test_a_worker_that_is_killed_is_told_in_one_line(long_proof: "subprocess.Popen[str]", tmp_path: Path) -> None:
    os.kill(children(long_proof.pid)[0], signal.SIGKILL)
    out, err = long_proof.communicate(timeout=120)
    assert (err.startswith("verishallow: "), err.count("\n"), out) == (True, 1, "")
    assert long_proof.returncode in (2, 3)
    assert names(tmp_path) == ["net.json"]


def threads_said() -> list[str | None]:
    """What a worker reads of the number of threads."""
    return [os.environ.get(name) for name in THREADS]


def test_each_process_takes_one_thread_unless_the_user_says_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in THREADS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(THREADS[0], "3")
    with workers(2, None) as (executor, _):
        assert executor is not None
        assert executor.submit(threads_said).result() == ["3", "1", "1"]
    assert threads_said() == ["3", None, None]
