"""The networks of the benchmarks: random dyadic ones by their widths and seed, published ones by their file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from gmpy2 import mpq
from numpy.typing import NDArray

from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read import load
from verishallow.read.domains.usable_domain import usable_domain

SHARED = Path(__file__).resolve().parents[3] / "shared" / "networks"

SCALE = 64
"""Weights are integers over this."""

WHOLE = "R^n"
UNIT_BOX = "box:-1,1"

Floats = NDArray[np.float64]
FloatLayer = tuple[Floats, Floats, bool]
"""Weight, bias, and whether ReLU follows."""


@dataclass(frozen=True)
class Case:
    """A network on a domain. The name is widths such as ``2-16-16-1``, or a file of the shared folder."""

    name: str
    domain: str = UNIT_BOX
    seed: int = 0

    @property
    def path(self) -> Path | None:
        """The file of a published network."""
        return SHARED / self.name if "." in self.name else None

    @property
    def label(self) -> str:
        return self.name + (f" (seed {self.seed})" if self.seed else "")

    @cached_property
    def network(self) -> ReLUNetwork:
        return load(self.path) if self.path else dyadic_network([int(w) for w in self.name.split("-")], self.seed)

    @property
    def inputs(self) -> int:
        return int(self.name.split("-")[0]) if self.path is None else self.network.inputs

    @cached_property
    def polyhedron(self) -> Polyhedron:
        return usable_domain(None if self.domain == WHOLE else self.domain, self.network.inputs)

    @property
    def bounds(self) -> list[tuple[float, float]] | None:
        """The interval of each input; ``None`` for all of space."""
        if self.domain == WHOLE:
            return None
        ends = sorted(
            (i, float(-h.constant / a)) for h in self.polyhedron.inequalities for i, a in enumerate(h.linear) if a
        )
        return [(low, high) for (_, low), (_, high) in zip(ends[::2], ends[1::2], strict=True)]

    def float_layers(self) -> list[FloatLayer]:
        """The layers as a float tool reads them: those of a published file one by one, as they were published."""
        published = self.path is not None and self.path.suffix == ".onnx" and _published(self.path)
        return published or _rounded(self.network)


def dyadic_network(widths: list[int], seed: int) -> ReLUNetwork:
    """A random network with weights of about 6 bits, the same for a seed wherever numpy runs."""
    rng, layers = np.random.default_rng(seed), []
    for columns, rows in pairwise(widths):
        weight = np.round(rng.standard_normal((rows, columns)) * SCALE / np.sqrt(columns)).astype(int)
        bias = np.round(rng.standard_normal(rows) * SCALE / 2).astype(int)
        layers.append(([[mpq(int(a), SCALE) for a in row] for row in weight], [mpq(int(b), SCALE) for b in bias]))
    return ReLUNetwork.of(layers)


def _rounded(network: ReLUNetwork) -> list[FloatLayer]:
    last = len(network.layers) - 1
    if any(layer.reads != (number,) for number, layer in enumerate(network.layers)):
        raise ValueError("layers that skip are no chain")
    return [
        (np.array(layer.weight, dtype=np.float64), np.array(layer.bias, dtype=np.float64), number < last)
        for number, layer in enumerate(network.layers)
    ]


def _published(path: Path) -> list[FloatLayer]:
    """The layers of a chain of MatMul, Add and Relu; none where a file has other nodes."""
    import onnx  # noqa: PLC0415 - slow to import, and few cases need it

    graph = onnx.load(path).graph
    values: dict[str, Any] = {tensor.name: onnx.numpy_helper.to_array(tensor) for tensor in graph.initializer}
    layers: list[FloatLayer] = []
    for node in graph.node:
        constants = [values[name].astype(np.float64) for name in node.input if name in values]
        if node.op_type == "MatMul" and constants:
            layers.append((constants[0].T, np.zeros(constants[0].shape[1]), False))
        elif node.op_type == "Add" and constants and layers:
            layers[-1] = (layers[-1][0], layers[-1][1] + constants[0].reshape(-1), False)
        elif node.op_type == "Relu" and layers:
            layers[-1] = (layers[-1][0], layers[-1][1], True)
        else:
            return []
    return layers


RANDOM = (
    "2-16-16-1",
    "2-32-32-1",
    "2-64-64-64-1",
    "3-16-16-1",
    "3-32-32-1",
    "4-12-12-1",
    "4-16-16-1",
    "6-12-12-1",
    "8-10-10-1",
)
PUBLISHED = {
    "tll_n2_m8_0.onnx": "box:-2,2",
    "tll_n2_m8_1.onnx": "box:-2,2",
    "lindex.onnx": UNIT_BOX,
    "vdp.onnx": UNIT_BOX,
    "fc_2x25x25x25x2.onnx": UNIT_BOX,
}


def random_cases() -> list[Case]:
    return [Case(name, domain) for name in RANDOM for domain in (UNIT_BOX, WHOLE)]


def published_cases() -> list[Case]:
    """Those that are there."""
    return [Case(name, domain) for name, domain in PUBLISHED.items() if (SHARED / name).exists()]


def degenerate_cases() -> Iterator[tuple[Case, int]]:
    """The shared degenerate networks with their counts, which two independent exact oracles agreed on."""
    counts = SHARED / "degenerate" / "counts.json"
    for entry in json.loads(counts.read_text())["networks"] if counts.exists() else []:
        name = f"degenerate/{entry['network']}.json"
        yield Case(name, UNIT_BOX), entry["activation_regions_box"]
        yield Case(name, WHOLE), entry["activation_regions_Rn"]
