"""The verified checker needs little stack and no square of the inputs; where a limit is met it gives no verdict."""

import gzip
import resource
import subprocess
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.checker.editing import Records, encoded, sealed
from tests.formal.building import FORMAL, Development
from tests.formal.test_development import GUIDE
from verishallow import checker

STACK = 128
"""Of KiB, as the guide says."""
MEBIBYTE = 1 << 20


# ------------------------------------------------------------------------------------------ Certificates


def certificate(inputs: int, domain: list[list[str]], layers: list[dict[str, Any]], nodes: Records) -> bytes:
    """A certificate of the claim regions, with one output."""
    header = {"claim": "regions", "format": "verishallow-certificate", "record": "header", "version": 1}
    header |= {"domain": domain, "inputs": inputs, "network_sha256": "", "outputs": 1}
    found, left = (sum(node["record"] == kind for node in nodes) for kind in ("leaf", "open"))
    end = {"activation_regions": found, "leaves": found, "open": left, "record": "end", "sha256": ""}
    return b"".join(sealed(encoded([header, {"layers": layers, "record": "network"}, *nodes, end])))


def layer(weight: list[list[str]], bias: list[str]) -> dict[str, Any]:
    return {"bias": bias, "weight": weight}


def entered(number: int, planes: list[list[str]], undecided: list[int], active: list[Any]) -> dict[str, Any]:
    fields = {"active": active, "inactive": [], "layer": number, "planes": planes, "undecided": undecided}
    return {"record": "layer", **fields}


def leaf(*witness: str) -> dict[str, Any]:
    return {"record": "leaf", "witness": list(witness)}


POSITIVE = ["0", "1"]
SAME = layer([["1"]], ["0"])
BY_THE_DOMAIN = [[0, "1"]]
"""The reason that x is at least 0, as the first row of the domain says."""


def many_rows(number: int) -> bytes:
    return certificate(1, [POSITIVE] * number, [SAME], [leaf("1")])


def many_inputs(number: int) -> bytes:
    """One neuron, the sum of all inputs."""
    plane, split = entered(1, [["0", *["1"] * number]], [0], []), {"record": "split", "neuron": 0}
    leaves = [leaf(*["1"] * number), leaf(*["-1"] * number)]
    return certificate(number, [], [layer([["1"] * number], ["0"]), SAME], [plane, split, *leaves])


def many_layers(number: int) -> bytes:
    """Each of one neuron, which is active."""
    nodes = [entered(k, [], [], [[0, BY_THE_DOMAIN]]) for k in range(1, number + 1)]
    return certificate(1, [POSITIVE], [SAME] * (number + 1), [*nodes, leaf("1")])


def many_neurons(number: int) -> bytes:
    """All the same, each found active by a record of its own."""
    nodes: Records = [entered(1, [POSITIVE], list(range(number)), [])]
    nodes += [{"record": "stable", "active": [[k, BY_THE_DOMAIN]], "inactive": []} for k in range(number)]
    wide = [layer([["1"]] * number, ["0"] * number), layer([["1"] * number], ["0"])]
    return certificate(1, [POSITIVE], wide, [*nodes, leaf("1")])


def many_splits(number: int) -> bytes:
    """At 0, -1, -2, ..., each within the positive side of the one before; the other sides are left open."""
    planes = [[str(k), "1"] for k in range(number)]
    first = layer([["1"]] * number, [str(k) for k in range(number)])
    nodes: Records = [entered(1, planes, list(range(number)), [])]
    nodes += [{"record": "split", "neuron": k} for k in range(number)]
    rest: Records = [leaf("1"), *[{"record": "open"}] * number]
    return certificate(1, [], [first, layer([["1"] * number], ["0"])], nodes + rest)


LONG: Mapping[str, tuple[Callable[[int], bytes], int, str]] = {
    "rows of the domain": (many_rows, 100_000, "valid"),
    "inputs": (many_inputs, 20_000, "valid"),
    "layers": (many_layers, 4_000, "valid"),
    "neurons": (many_neurons, 3_000, "valid"),
    "splits": (many_splits, 2_000, "incomplete"),
}
"""Certificates of which something is long: how one is made, how long, and what is to be said of it."""


def stored(folder: Path, content: bytes) -> Path:
    file = folder / "certificate.jsonl.gz"
    file.write_bytes(gzip.compress(content))
    return file


# ----------------------------------------------------------------------------------------------- Verdicts


@pytest.mark.parametrize("name", LONG)
def test_the_stack_does_not_grow_with_the_file(development: Development, name: str, tmp_path: Path) -> None:
    make, number, word = LONG[name]
    assert development.verdict(stored(tmp_path, make(number)), limits={resource.RLIMIT_STACK: STACK << 10})[0] == word


@pytest.mark.parametrize("name", LONG)
def test_short_ones_are_judged_alike(name: str, development: Development, tmp_path: Path) -> None:
    """The same certificates, short, are what is expected of the long ones; with another witness they are invalid."""
    make, _, word = LONG[name]
    content = make(2)
    assert checker.check_lines(content.splitlines(keepends=True)).kind == word
    assert development.verdict(stored(tmp_path, content))[0] == word
    assert development.verdict(stored(tmp_path, content.replace(b'"witness":["1"', b'"witness":["-3"')))[0] == "invalid"


def test_the_inputs_are_not_squared_in_memory(development: Development, tmp_path: Path) -> None:
    """A square of 5,000 cells each of three words takes 600 MB."""
    assert development.verdict(stored(tmp_path, many_inputs(5_000)), "--memory", "64")[0] == "valid"


# ------------------------------------------------------------------------------------------------- Limits


def test_where_the_stack_ends_there_is_no_verdict(development: Development, tmp_path: Path) -> None:
    """Arrays in arrays, as deep as they are read at all, are what takes most stack."""
    file = stored(tmp_path, b"[" * 990 + b"]" * 990 + b"\n")
    assert development.verdict(file) == ("invalid", "not an object")
    word, said = development.verdict(file, limits={resource.RLIMIT_STACK: 64 << 10})
    assert (word, said.partition(";")[0]) == ("no verdict", "the stack or the memory is exhausted")


@pytest.mark.parametrize("mebibytes", [32, 48, 64, 96])
@pytest.mark.parametrize("bound", ["its own", "the kernel's"])
def test_where_the_memory_ends_there_is_no_verdict(
    development: Development, bound: str, mebibytes: int, tmp_path: Path
) -> None:
    file = stored(tmp_path, many_rows(300_000))
    options = ("--memory", str(mebibytes)) if bound == "its own" else ()
    limits = {} if options else {resource.RLIMIT_AS: mebibytes * MEBIBYTE}
    assert development.verdict(file, *options, limits=limits)[0] == "no verdict"


def test_a_bomb_meets_the_bound(development: Development, tmp_path: Path) -> None:
    file = stored(tmp_path, bytes(200 * MEBIBYTE))
    assert development.verdict(file, "--memory", "128")[0] == "no verdict"


@pytest.mark.parametrize(
    "arguments", [[], ["--memory", "8"], ["--memory", "0", "x"], ["--memory", "much", "x"], ["-m", "8", "x"]]
)
def test_how_it_is_called_is_told(development: Development, arguments: list[str]) -> None:
    ran = subprocess.run(
        [development.folder / "verified_check", *arguments], capture_output=True, text=True, check=False
    )
    assert (ran.returncode, ran.stdout, ran.stderr.count("\n")) == (2, "", 1)
    assert ran.stderr.startswith("usage: verified_check [--memory MIB] CERTIFICATE")


def test_the_guide_states_the_limits_of_the_sources() -> None:
    """Those of the table that the sources name."""
    table = GUIDE.read_text(encoding="utf-8")
    sources = "".join(
        (FORMAL / name).read_text(encoding="utf-8") for name in ("certificate_file.ml", "verified_check.ml")
    )
    assert f"{STACK} KiB suffice" in table
    for name, bound, row in STATED:
        assert f"let {name} = {bound}" in sources
        assert row in table


STATED = (
    ("default_memory", "4096", "| memory | 4096 MiB"),
    ("max_line", "32 * 1024 * 1024", "| bytes of one line | 33554432"),
    ("max_digits", "4000", "| digits of a numerator, digits of a denominator | 4000"),
    ("max_index_digits", "15", "| characters of a bare integer, its sign included | 15"),
    ("max_nesting", "1000", "| depth of arrays and objects within each other | 1000"),
)
