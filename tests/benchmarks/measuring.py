"""Tools in processes of their own, timed in turn: A B A B, so that a noisy machine is noisy for all of them.

Seconds are CPU seconds of the tool's own process, all its threads, unless a column says otherwise; wall-clock seconds
of a shared machine measure the neighbours too.
"""

import multiprocessing
import os
import platform
import resource
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from itertools import chain
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path
from statistics import median
from typing import Any

Work = Callable[[], int]
Tool = Callable[[Any], Work]
"""What turns a case into the work on it; the work returns a count. Only the work is timed."""

PACKAGES = ("numpy", "python-flint", "gmpy2", "pycddlib", "affinitree", "regioncam", "z3-solver")
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
BUSIEST = 30
"""Wall-clock seconds of the busiest machine for one CPU second."""

LONG = 30.0
"""CPU seconds of a round after which there is no other."""

ENOUGH = 0.2
"""Seconds below which work is repeated, and its mean taken."""

STATUS = Path("/proc/self/status")


@dataclass(frozen=True)
class Run:
    """One measurement; ``memory`` is the growth of the peak of resident bytes in the first run of a process."""

    count: int
    cpu: float
    wall: float
    memory: int


Outcome = Run | str
"""A run, or the reason why there is none."""


class Worker:
    """A tool in a process of its own: a crash or a hang is an answer, and CPU time and memory are the tool's."""

    def __init__(self, tool: Tool, warm_up: Any) -> None:
        context = multiprocessing.get_context("spawn")
        self._here, there = context.Pipe()
        self._process = context.Process(target=_serve, args=(tool, warm_up, there), daemon=True)
        with environment(ONE_THREAD):
            self._process.start()
        there.close()

    @property
    def alive(self) -> bool:
        return self._process.is_alive()

    def run(self, case: Any, seconds: float, enough: float) -> Outcome:
        """Work on a case, which may cost the process so many CPU seconds, and more on the clock of a busy machine."""
        if not self.alive:
            return "crashes"
        try:
            self._here.send((case, seconds, enough))
            if not self._here.poll(BUSIEST * seconds):
                self.close()
                return f"over {seconds:.0f} s"
            outcome: Outcome = self._here.recv()
        except (EOFError, OSError):
            self._process.join()
            outcome = f"over {seconds:.0f} s" if self._process.exitcode == -signal.SIGXCPU else "crashes"
        return outcome

    def close(self) -> None:
        self._process.kill()
        self._process.join()


def _serve(tool: Tool, warm_up: Any, there: Connection) -> None:
    # Some tools print how they are getting on, past Python.
    silence = os.open(os.devnull, os.O_WRONLY)
    os.dup2(silence, 1)
    os.dup2(silence, 2)
    tool(warm_up)()
    while True:
        case, seconds, enough = there.recv()
        _allow(seconds)
        try:
            there.send(measured(tool(case), enough))
        except Exception as error:  # noqa: BLE001 - whatever a peer raises is its answer
            there.send(f"fails ({type(error).__name__})")


def _allow(seconds: float) -> None:
    """The system ends this process after so many more CPU seconds."""
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (ceil(time.process_time() + seconds), hard))


def measured(work: Work, enough: float) -> Run:
    """The mean of as many runs as are needed to last long enough."""
    before, runs, memory, count = peak_bytes(), 0, 0, 0
    cpu, wall = time.process_time(), time.perf_counter()
    while not runs or time.process_time() - cpu < enough:
        count = work()
        runs += 1
        memory = memory if runs > 1 else peak_bytes() - before
    return Run(count, (time.process_time() - cpu) / runs, (time.perf_counter() - wall) / runs, memory)


def peak_bytes() -> int:
    """The most memory that this process has held."""
    if STATUS.exists():
        # Linux's getrusage counts what the parent held when it started this process, too.
        (line,) = (line for line in STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) * 1024
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


@contextmanager
def environment(settings: Mapping[str, str]) -> Iterator[None]:
    """Settings of the environment, for a while; processes that start meanwhile have them."""
    saved = dict(os.environ)
    os.environ.update(settings)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(saved)


def in_turn(
    tools: Mapping[str, Tool], case: Any, warm_up: Any, repeat: int, seconds: float, enough: float = ENOUGH
) -> dict[str, list[Outcome]]:
    """Every tool on a case, in turn; one that fails once is not asked again, and long rounds are not repeated."""
    workers = {name: Worker(tool, warm_up) for name, tool in tools.items()}
    outcomes: dict[str, list[Outcome]] = {name: [] for name in tools}
    try:
        for _ in range(repeat):
            for name, worker in workers.items():
                if all(isinstance(outcome, Run) for outcome in outcomes[name]):
                    outcomes[name].append(worker.run(case, seconds, enough))
            if sum(run.cpu for found in outcomes.values() for run in runs_of(found[:1])) > LONG:
                break
    finally:
        for worker in workers.values():
            worker.close()
    return outcomes


@contextmanager
def kept_workers(warm_up: Any) -> Iterator[Callable[[Tool, Any, float], Outcome]]:
    """Asks tools for single runs; a worker is started if none is running."""
    workers: dict[Tool, Worker] = {}

    def ask(tool: Tool, case: Any, seconds: float) -> Outcome:
        if tool not in workers or not workers[tool].alive:
            workers[tool] = Worker(tool, warm_up)
        return workers[tool].run(case, seconds, 0.0)

    try:
        yield ask
    finally:
        for worker in workers.values():
            worker.close()


def runs_of(outcomes: Iterable[Outcome]) -> list[Run]:
    return [outcome for outcome in outcomes if isinstance(outcome, Run)]


def ratio(above: Sequence[Outcome], below: Sequence[Outcome]) -> float | None:
    """The median over rounds of how many times the seconds of ``below`` those of ``above`` are."""
    pairs = zip(above, below, strict=False)
    ratios = [a.cpu / b.cpu for a, b in pairs if isinstance(a, Run) and isinstance(b, Run)]
    return median(ratios) if ratios else None


# ------------------------------------------------------------------------------------------- Markdown


def compared(above: Sequence[Outcome], below: Sequence[Outcome]) -> str:
    """How many times the seconds of ``below`` those of ``above`` are, or why that is not known."""
    reasons = [outcome for outcome in (*above[:1], *below[:1]) if isinstance(outcome, str)]
    return reasons[0] if reasons else times(ratio(above, below))


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """The lines of a table, each as soon as its row is there."""
    for line in chain([heads, ["---"] * len(heads)], rows):
        yield "| " + " | ".join(line) + " |"
    yield ""


def kept(items: Iterable[Any], keep: list[Any]) -> Iterator[Any]:
    """The rows of items, which are put on a list as they come."""
    for item in items:
        keep.append(item)
        yield item.row()


def times(value: float | None) -> str:
    """A ratio with two or three digits."""
    if value is None:
        return "-"
    return f"{value:.0f}x" if value >= 100 else f"{value:.1f}x" if value >= 10 else f"{value:.2f}x"


def number(value: float | None) -> str:
    return "-" if value is None else f"{value:,.0f}"


def versions() -> str:
    """What was measured, with what, on what."""
    found = ", ".join(f"{name} {_version(name)}" for name in PACKAGES)
    return f"Python {platform.python_version()}, {found}; {os.cpu_count()} cores, {platform.machine()}, one thread."


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "not installed"


def installed(module: str) -> bool:
    return find_spec(module) is not None
