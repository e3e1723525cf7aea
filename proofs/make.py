"""Writes the networks of this library that a formula gives, and their certificates, the same bytes each time.

``python proofs/make.py`` also renews the certificates of networks that come from elsewhere, such as Iris.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from verishallow.certificate.certificate import Certificate
from verishallow.certificate.trimming import trimmed_to_points
from verishallow.claims.gated import gated
from verishallow.claims.merge import Merged
from verishallow.claims.quantised import quantised
from verishallow.kept_proofs.library import ProofFiles, proofs_in
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import prove
from verishallow.read import load
from verishallow.read.domains.texts import domain_to_json, parse_domain
from verishallow.read.network_json import network_to_json
from verishallow.shallow.grids import Grid
from verishallow.verify.asking import verify
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
    "sawtooth-3-gated": (sawtooth(3), "box:0,1"),
    "cancelling-merged": ((([[1], [3], [3]], [0, 1, 1]), ([[1, 5, -5]], [0])), None),
    "absolute-value-of-pixels": ((([[1], [-1]], [0, 0]), ([[1, 1]], [0])), "box:-1,1"),
    "xor-trimmed": ((([[1, 1], [1, 1]], [0, -1]), ([[1, -2]], [0])), None),
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


def gated_cells(network: ReLUNetwork, domain: Polyhedron) -> Certificate:
    """Cells for the layers before the last two."""
    return prove(network, domain, claim=gated(network))


def pieces(network: ReLUNetwork, domain: Polyhedron) -> Certificate:
    """Convex pieces, whatever the neurons do in them."""
    return prove(network, domain, claim=Merged())


def on_pixels(network: ReLUNetwork, domain: Polyhedron) -> Certificate:
    """Finite weights, for multiples of 1/255."""
    grid = Grid.of([(0, "1/255")] * network.inputs)
    claim = quantised(network, domain, grid, "cdd")
    return prove(network, domain, claim=claim, engine="cdd")


def where_both_agree(network: ReLUNetwork, domain: Polyhedron) -> Certificate:
    """The cells of the points (0, 0) and (1, 1) alone."""
    return trimmed_to_points(prove(network, domain), [[0, 0], [1, 1]])


OTHERS: dict[str, Callable[[ReLUNetwork, Polyhedron], Certificate]] = {
    "sawtooth-3-gated": gated_cells,
    "cancelling-merged": pieces,
    "absolute-value-of-pixels": on_pixels,
    "xor-trimmed": where_both_agree,
}
"""By folder: certificates of other networks than that of all cells."""

TRAINED = ("iris", "collision-avoidance", "digits", "digits-convolution")
"""Folders whose network, domain and slice their own script trains and writes."""


PROPERTIES = {"sawtooth-below-one": ("sawtooth-3", "below-one")}
"""By folder: the network whose property in a VNN-LIB file is proved, and the name of that file."""


def main() -> None:
    """Renew the library, and say how large each certificate is."""
    for name, (layers, domain) in NETWORKS.items():
        write_network(FOLDER / name, ReLUNetwork.of(layers), domain)
    for name in (*NETWORKS, *TRAINED):
        (files,) = proofs_in(FOLDER / name)
        print(f"{name}: {renew(files):,} bytes")
    for name, (network, asked) in PROPERTIES.items():
        write_network(FOLDER / name, ReLUNetwork.of(NETWORKS[network][0]), None)
        print(f"{name}: {renew_property(FOLDER / name, asked):,} bytes")


def renew_property(folder: Path, asked: str) -> int:
    """Prove a property once more, and write the certificate; its size in bytes."""
    outcome = verify(load(folder / "network.json"), folder / f"{asked}.vnnlib")
    target = folder / f"network.property.{asked}.cert.jsonl.gz"
    outcome.certificate.save(target)
    return target.stat().st_size


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
    if path.parent.name in OTHERS:
        OTHERS[path.parent.name](network, part.polyhedron).save(target)
    else:
        prove(network, part.polyhedron, on_slice=part.slice).save(target)
    return target.stat().st_size


if __name__ == "__main__":
    main()
