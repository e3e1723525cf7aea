"""Gzipped files of every format: known by their content, unpacked within bounds, and no certificates by their name."""

import gzip
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.read.onnx.models import graph, node
from verishallow.errors import InputError, LimitError
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.domains.parts_of import domain_parts
from verishallow.read.domains.points import read_point, read_points
from verishallow.read.domains.slices import slice_from_file
from verishallow.read.files import is_certificate
from verishallow.show.plot.data import read_data

JSON = b'{"format": "verishallow-network", "version": 1, "layers": [{"weight": [[2]], "bias": ["1/3"]}]}'
NNET = b"1,1,1,1,\n1,1,\n0,\n0,\n1,\n0,0,\n1,1,\n2,\n1,\n"
VNNLIB = b"(declare-const X_0 Real)\n(assert (>= X_0 0))\n(assert (<= X_0 1))\n"
INE = b"H-representation\nbegin\n2 2 rational\n0 1\n1 -1\nend\n"
SLICE = b'{"format": "verishallow-slice", "version": 1, "rows": [["1", "2"]]}'


def saved(array: np.ndarray, save: Callable[..., None] = np.save) -> bytes:
    stream = io.BytesIO()
    save(stream, array)
    return stream.getvalue()


def onnx_of(weight: list[list[float]]) -> bytes:
    return graph(node("MatMul", "x w", "y"), shape=("n", len(weight)), w=weight).data


def unit_interval(path: str) -> Any:
    (part,) = domain_parts(path, 1)
    return part.polyhedron.contains([0]), part.polyhedron.contains(["1/2"]), part.polyhedron.contains([2])


FORMATS: dict[str, tuple[str, bytes, Callable[[str], Any]]] = {
    # a name without .gz, the content, and the reader
    "a network in ONNX": ("net.onnx", onnx_of([[2]]), load),
    "a network in JSON": ("net.json", JSON, load),
    "a network in JSON without a suffix": ("net", JSON, load),
    "a network of ACAS Xu": ("net.nnet", NNET, load),
    "a domain in VNN-LIB": ("domain.vnnlib", VNNLIB, unit_interval),
    "a domain of cddlib": ("domain.ine", INE, unit_interval),
    "a slice": ("slice.json", SLICE, slice_from_file),
    "a point": ("point.npy", saved(np.array([0.5, 2])), lambda path: read_point(path, 2)),
    "points": ("points.npy", saved(np.array([[0.5, 2], [1, 3]])), lambda path: read_points(path, 2)),
    "data": ("data.csv", b"x,y\n0.5,2\n", lambda path: read_data(path, 2)),
}


@pytest.mark.parametrize("name", FORMATS)
def test_a_gzipped_file_is_what_it_unpacks_to(tmp_path: Path, name: str) -> None:
    name, content, read = FORMATS[name]
    plain, named, unnamed = (tmp_path / each for each in (name, f"{name}.gz", f"packed-{name}"))
    plain.write_bytes(content)
    named.write_bytes(gzip.compress(content))
    unnamed.write_bytes(gzip.compress(content))
    assert read(str(plain)) == read(str(named)) == read(str(unnamed))
    assert not is_certificate(named)


def test_parts_that_were_packed_one_by_one_are_one_file(tmp_path: Path) -> None:
    (tmp_path / "net.json.gz").write_bytes(gzip.compress(JSON[:20]) + gzip.compress(JSON[20:]))
    assert load(tmp_path / "net.json.gz") == ReLUNetwork.of([([[2]], ["1/3"])])


def test_what_would_unpack_to_too_much_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.read.files.MAX_BYTES", 1 << 20)
    (tmp_path / "net.onnx.gz").write_bytes(gzip.compress(bytes((1 << 20) + 1)))
    with pytest.raises(LimitError, match=r"net\.onnx\.gz: gzipped: expected a file of at most 1 MiB, found a longer"):
        load(tmp_path / "net.onnx.gz")


@pytest.mark.parametrize(
    "content",
    [b"\x1f\x8b", b"\x1f\x8bnothing", gzip.compress(JSON)[:-9], gzip.compress(JSON)[:-8] + bytes(8)],
    ids=["two bytes", "no header", "cut short", "a wrong sum"],
)
def test_damaged_files_are_said_to_be(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "net.json.gz").write_bytes(content)
    with pytest.raises(InputError, match=r"net\.json\.gz: expected gzip's format as the first bytes say, found a dam"):
        load(tmp_path / "net.json.gz")


def test_a_pickle_is_one_in_a_gzipped_file_too(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a \.pt file may run any code"):
        load(tmp_path / "net.pt.gz")
