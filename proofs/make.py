"""Writes the networks of this library that a formula gives, and their certificates, the same bytes each time.

``python proofs/make.py`` also renews the certificates of networks that come from elsewhere, such as Iris.
"""

import json
from pathlib import Path
from typing import Any

from verishallow.network import ReLUNetwork
from verishallow.proof import prove
from verishallow.proof_library import ProofFiles, proofs_in
from verishallow.read import load
from verishallow.read.domains import domain_to_json, parse_domain
from verishallow.read.network_json import network_to_json
from verishallow.whole_file import written_whole

FOLDER = Path(__file__).resolve().parent

Layers = tuple[tuple[Any, ...], ...]


def sawtooth(depth: int) -> Layers:
    """The tent map ``2 ReLU(x) - 4 ReLU(x - 1/2)``, composed with itself: 2^depth pieces on [0, 1]."""
    first = ([[1], [1]], [0, "-1/2"])
    again = ([[2, -4], [2, -4]], [0, "-1/2"])
    return (first, *(again for _ in range(depth - 1)), ([[2, -4]], [0]))


NETWORKS: dict[str, tuple[Layers, str | None]] = {
    "absolute-value": ((([[1], [-1]], [0, 0]), ([[1, 1]], [0])), None),
    "max-of-two": ((([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])), None),
    "max-of-three": ((([[1, -1, 0]], [0]), ([[0, 1, -1, 1]], [0], [0, 1]), ([[0, 0, 1, 1]], [0], [0, 2])), None),
    "max-of-five": (
        (
            ([[1, -1, 0, 0, 0], [0, 0, 1, -1, 0]], [0, 0]),
            ([[0, 1, 0, -1, 0, 1, -1]], [0], [0, 1]),
            ([[0, 0, 0, 1, -1, 0, 1, 1]], [0], [0, 1, 2]),
            ([[0, 0, 0, 0, 1, 1]], [0], [0, 3]),
        ),
        None,
    ),
    "sawtooth-3": (sawtooth(3), "box:0,1"),
    "sawtooth-8": (sawtooth(8), "box:0,1"),
    "xor": ((([[1, 1], [1, 1]], [0, -1]), ([[1, -2]], [0])), None),
    "coinciding-facets": (
        (
            ([[1, -1], [2, -2], [-3, 3]], [0, 0, 0]),
            ([[3, 0, -1], [0, -1, 1], [1, 1, 0]], [0, 0, 0]),
            ([[1, -1, 1]], [0]),
        ),
        None,
    ),
    "rank-deficient": (
        (
            ([[1, 2, -1], [-1, -2, 1], [2, 4, -2]], [0, 1, -6]),
            ([[1, -1, 0], [0, 1, 1]], [-1, -2]),
            ([[1, 1]], [0]),
        ),
        None,
    ),
    "all-dead": ((([[1, 1], [-1, 0]], [-3, -1]), ([[1, 1], [-1, 2]], [0, -1]), ([[1, 1]], ["5/7"])), "box:-1,1"),
    "all-duplicate": (
        (
            ([[1, 1], [1, 1], [1, 1]], [0, 0, 0]),
            ([[1, 1, 1], [1, 1, 1], [1, 1, 1]], [-1, -1, -1]),
            ([[1, 1, 1]], [0]),
        ),
        None,
    ),
}
"""By folder: the layers (weight, bias, and what a layer reads if not the one before), and the domain if not R^n."""

TRAINED = ("iris", "collision-avoidance", "digits", "digits-convolution")
"""Folders whose network, domain and slice their own script trains and writes."""


def main() -> None:
    """Renew the library, and say how large each certificate is."""
    for name, (layers, domain) in NETWORKS.items():
        write_network(FOLDER / name, ReLUNetwork.of(layers), domain)
    for name in (*NETWORKS, *TRAINED):
        (files,) = proofs_in(FOLDER / name)
        print(f"{name}: {renew(files):,} bytes")


def write_network(folder: Path, network: ReLUNetwork, domain: str | None) -> None:
    """A network and its domain as files of a folder."""
    folder.mkdir(exist_ok=True)
    write_json(folder / "network.json", network_to_json(network))
    if domain is not None:
        write_json(folder / "domain.json", domain_to_json(parse_domain(domain, network.inputs)))


def write_json(path: Path, value: dict[str, Any]) -> None:
    """One JSON object on one line."""
    with written_whole(path) as file:
        file.write(json.dumps(value).encode() + b"\n")


def renew(files: ProofFiles) -> int:
    """Prove once more, and write the certificate; its size in bytes."""
    (path,) = files.networks
    target, network = path.with_name(path.stem + ".cert.jsonl.gz"), load(path)
    part = files.part(network.inputs)
    prove(network, part.polyhedron, embedding=part.slice).save(target)
    return target.stat().st_size


if __name__ == "__main__":
    main()
