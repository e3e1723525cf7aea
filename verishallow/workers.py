"""The executors behind ``--jobs`` and ``--dask``."""

import multiprocessing
import signal
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any

from verishallow.errors import InputError

DASK_AHEAD = 64
"""Shards in the hands of a cluster, whose size may change while it works."""


@contextmanager
def workers(jobs: int, dask: str | None) -> Iterator[tuple[Executor | None, int]]:
    """An executor and how many shards to keep in its hands: none for one job, processes, or a Dask cluster."""
    if dask is not None:
        with _cluster(dask) as executor:
            yield executor, DASK_AHEAD
    elif jobs > 1:
        with _processes(jobs) as executor:
            yield executor, 2 * jobs
    else:
        yield None, 1


@contextmanager
def _processes(jobs: int) -> Iterator[Executor]:
    # Fresh interpreters: a forked one would inherit locks of numpy's threads.
    executor = ProcessPoolExecutor(jobs, multiprocessing.get_context("spawn"), _leave_interrupts_to_the_parent)
    try:
        yield executor
    finally:
        executor.shutdown(cancel_futures=True)


def _leave_interrupts_to_the_parent() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str) -> Iterator[Executor]:
    try:
        from distributed import Client  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InputError("--dask needs the extra of that name: pip install 'verishallow[dask]'") from error
    connect: Any = Client
    try:
        client = connect(address, timeout="10s")
    except (OSError, ValueError) as error:
        raise InputError(f"dask: no scheduler answers at {address}") from error
    with client:
        yield client.get_executor(pure=False)
