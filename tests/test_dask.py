"""One proof by a Dask cluster: the same bytes, though a worker dies in the middle."""

import os
import signal
import sys
from collections.abc import Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import Any

import pytest

from tests.cli.command_line import names, network_text, run
from tests.cli.test_failures import fails_in_one_line
from tests.examples import EXAMPLES, sawtooth
from tests.regions.test_sharded import PROBLEMS, shards_of
from verishallow import ReLUNetwork, prove
from verishallow.claims.equality import Equality
from verishallow.proof import proof_lines
from verishallow.read.properties.sugar import bounds
from verishallow.verify.verification import verify

distributed: Any = pytest.importorskip("distributed")

SMALL = 10
NAME = "two layers in the plane"


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Two workers in processes of their own, and again after a restart, with small shards."""
    folder = tmp_path_factory.mktemp("dask")
    small_shards = folder / "small_shards.py"
    small_shards.write_text(
        f"import verishallow.regions.sharded as sharded\nsharded.CELLS_OF_A_SHARD = {SMALL}\n", encoding="utf-8"
    )
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=None,
        local_directory=str(folder),
        preload=[str(small_shards)],
        silence_logs=50,
    ) as found:
        yield found


@pytest.fixture
def client(cluster: Any) -> Iterator[Any]:
    with distributed.Client(cluster) as found:
        found.wait_for_workers(2, timeout=60)
        yield found


def alone(monkeypatch: pytest.MonkeyPatch, name: str = NAME) -> tuple[bytes, ...]:
    shards_of(monkeypatch, SMALL)
    return prove(*PROBLEMS[name]).lines


def sizes_of_shards(client: Any) -> set[int]:
    """What the workers use."""

    def size() -> int:
        from verishallow.regions import sharded  # noqa: PLC0415 - in the worker

        return sharded.CELLS_OF_A_SHARD

    return set(client.run(size).values())


@pytest.mark.parametrize("name", [NAME, "layers that skip", "cells with lines"])
def test_a_cluster_makes_the_same_bytes(client: Any, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert sizes_of_shards(client) == {SMALL}
    executor: Executor = client.get_executor(pure=False)
    assert prove(*PROBLEMS[name], executor=executor).lines == alone(monkeypatch, name)


def test_a_worker_that_is_killed_takes_nothing_with_it(client: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    workers, killed = list(client.run(os.getpid).values()), set[int]()
    network, domain = PROBLEMS[NAME]
    lines = proof_lines(network, domain, Equality(), "auto", client.get_executor(pure=False), 8)
    found = []
    for line in lines:
        found.append(line)
        if not killed and b'"record":"leaf"' in line:
            os.kill(workers[0], signal.SIGKILL)
            killed.add(workers[0])
    assert killed
    assert tuple(found) == alone(monkeypatch)
    client.wait_for_workers(2, timeout=60)
    assert killed.isdisjoint(client.run(os.getpid).values())
    assert sizes_of_shards(client) == {SMALL}


# --------------------------------------------------------------------------------------- The command line


@pytest.mark.usefixtures("client")
def test_the_command_line_works_with_a_cluster(cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    example = EXAMPLES["two layers on a cube"]
    Path("net.json").write_text(network_text(example.layers), encoding="utf-8")
    address = str(cluster.scheduler_address)
    result = run("prove", "net.json", "--domain", "box:[-1,1]x[-1,1]x[-1,3/2]", "--dask", address)
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.startswith("valid: ")
    shards_of(monkeypatch, SMALL)
    prove(example.network, "box:[-1,1]x[-1,1]x[-1,3/2]").save("expected")
    assert Path("net.cert.jsonl.gz").read_bytes() == Path("expected").read_bytes()


@pytest.mark.parametrize("address", ["nonsense", "foo://x:1", "localhost:port", ""])
def test_a_wrong_address_is_refused_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "net.json").write_text(network_text(EXAMPLES["absolute value"].layers), encoding="utf-8")
    fails_in_one_line(tmp_path, f"dask: no scheduler answers at {address}", "prove", "net.json", "--dask", address)
    assert names(tmp_path) == ["net.json"]


def test_a_scheduler_that_does_not_answer_is_told_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def silent(address: str, timeout: str) -> None:
        raise TimeoutError(f"timed out trying to connect to {address} after {timeout}")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(distributed, "Client", silent)
    (tmp_path / "net.json").write_text(network_text(EXAMPLES["absolute value"].layers), encoding="utf-8")
    fails_in_one_line(tmp_path, "dask: no scheduler answers at tcp://h:1", "prove", "net.json", "--dask", "tcp://h:1")


def test_without_the_extra_the_message_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setitem(sys.modules, "distributed", None)
    (tmp_path / "net.json").write_text(network_text(EXAMPLES["absolute value"].layers), encoding="utf-8")
    fails_in_one_line(tmp_path, "pip install 'verishallow[dask]'", "prove", "net.json", "--dask", "tcp://h:1")


class Deadly(Executor):
    """An executor that kills a process once several tasks are under way."""

    def __init__(self, executor: Executor, process: int) -> None:
        self.executor, self.process, self.tasks = executor, process, 0

    def submit(self, fn: Any, /, *arguments: Any, **options: Any) -> Any:
        self.tasks += 1
        if self.tasks == 4:
            os.kill(self.process, signal.SIGKILL)
        return self.executor.submit(fn, *arguments, **options)


def test_a_search_for_a_proof_of_a_property_survives_a_worker(client: Any) -> None:
    network = ReLUNetwork.of(sawtooth(8))
    asked = bounds(network, "box:0,1", high={0: "1000001/1000000"})
    process = next(iter(client.run(os.getpid).values()))
    deadly = Deadly(client.get_executor(pure=False), process)
    found = verify(network, asked, executor=deadly)
    assert deadly.tasks >= 4
    assert found.verdict == "holds"
    assert found.certificate.check().kind == "valid"
    client.wait_for_workers(2, timeout=60)
    assert process not in client.run(os.getpid).values()
