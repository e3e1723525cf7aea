"""The NumPy file: its exact texts are the network, its floats are those rounded, and a stranger can run it."""

import io
import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq

from tests.examples import each_boundary, each_example, example_certificate
from tests.write.constructions import constructed, each_chosen, each_construction
from tests.write.networks.float_points import Floats, broken_claims, points
from verishallow.errors import LimitError
from verishallow.rationals import Vector
from verishallow.shallow.signed_faces import Boundary
from verishallow.write import export
from verishallow.write.networks import npz_file
from verishallow.write.networks.float_network import float_network
from verishallow.write.networks.npz_file import npz

Arrays = dict[str, Any]


def arrays(data: bytes) -> Arrays:
    with np.load(io.BytesIO(data), allow_pickle=False) as file:
        return dict(file)


def dense(found: Arrays, name: str, values: Any) -> Any:
    _, first, second, outputs = found["widths"]
    matrix = np.zeros((second, first) if name == "W2" else (outputs, second), values.dtype)
    matrix[found[f"{name}_row"], found[f"{name}_column"]] = values
    return matrix


def shut(found: Arrays, first: Any) -> Any:
    _, _, second, _ = found["widths"]
    is_shut = np.zeros((*first.shape[:-1], second), bool)
    for row, column in zip(found["W2_minus_inf_row"], found["W2_minus_inf_column"], strict=True):
        is_shut[..., row] |= first[..., column] > 0
    return is_shut


def run(found: Arrays, at: Floats) -> Floats:
    """As documented, in NumPy alone."""
    first = np.maximum(at @ found["W1"].T + found["b1"], 0)
    second = np.maximum(first @ dense(found, "W2", found["W2_value"]).T + found["b2"], 0)
    second[shut(found, first)] = 0
    outputs: Floats = second @ dense(found, "W3", found["W3_value"]).T + found["b3"]
    return outputs


def run_exactly(found: Arrays, point: Vector) -> list[Fraction]:
    """The same with the exact texts."""

    def sums(name: str, bias: str, below: list[Fraction]) -> list[Fraction]:
        totals = [Fraction(text) for text in found[f"{bias}_exact"]]
        entries = zip(found[f"{name}_row"], found[f"{name}_column"], found[f"{name}_value_exact"], strict=True)
        for row, column, text in entries:
            totals[row] += Fraction(text) * below[column]
        return totals

    at, zero = [Fraction(str(x)) for x in point], Fraction(0)
    rows = [[Fraction(text) for text in row] for row in found["W1_exact"].tolist()]
    first = [
        sum((a * x for a, x in zip(row, at, strict=True)), Fraction(b))
        for row, b in zip(rows, found["b1_exact"], strict=True)
    ]
    first = [max(h, zero) for h in first]
    second = [max(h, zero) for h in sums("W2", "b2", first)]
    for row, column in zip(found["W2_minus_inf_row"], found["W2_minus_inf_column"], strict=True):
        second[row] = zero if first[column] else second[row]
    return sums("W3", "b3", second)


@each_boundary
@each_example
def test_exact_texts_are_the_network(name: str, boundary: Boundary) -> None:
    certificate = example_certificate(name, boundary)
    found = arrays(npz(certificate))
    for region in certificate.regions:
        for point in (region.witness, region.v_representation.vertices[0]):
            assert run_exactly(found, point) == [Fraction(str(y)) for y in certificate.shallow(point)]


@each_construction
@each_chosen
def test_exact_texts_are_the_network_of_other_constructions(name: str, construction: str) -> None:
    certificate = constructed(name, construction)
    found = arrays(npz(certificate))
    for region in example_certificate(name).regions:
        for point in (region.witness, region.v_representation.vertices[0]):
            assert run_exactly(found, point) == [Fraction(str(y)) for y in certificate.shallow(point)]


@each_example
def test_floats_are_the_exact_texts_rounded(name: str) -> None:
    found = arrays(npz(example_certificate(name)))
    pairs = [key for key in found if f"{key}_exact" in found]
    assert sorted(pairs) == ["W1", "W2_value", "W3_value", "b1", "b2", "b3"]
    for key in pairs:
        assert found[key].dtype == np.float64
        assert found[key].shape == found[f"{key}_exact"].shape
        assert found[key].ravel().tolist() == [float(Fraction(str(text))) for text in found[f"{key}_exact"].ravel()]


@each_chosen
def test_numpy_keeps_the_bound(name: str) -> None:
    certificate = example_certificate(name)
    network = float_network(certificate, "box:-8,8")
    at = points(certificate, network, random=20, near=1)
    outputs = run(arrays(npz(certificate, within="box:-8,8")), at)
    assert broken_claims(certificate, network, at, outputs) == []


def test_the_bound_is_there_in_words_and_as_arrays(tmp_path: Path) -> None:
    export(example_certificate("triangle"), "npz", tmp_path / "shallow.npz")
    found = arrays((tmp_path / "shallow.npz").read_bytes())
    about = json.loads(found["about"].item())
    assert json.loads(about["error_bound"]) == found["error_bound"].tolist()
    assert [text or "" for text in json.loads(about["margins"])] == found["margins"].tolist()
    assert mpq(about["margin"]) == max(mpq(text) for text in found["margins"].tolist() if text)
    assert found["widths"].tolist() == [2, len(found["b1"]), len(found["b2"]), 1]


def test_without_a_bound_the_arrays_are_empty() -> None:
    found = arrays(npz(example_certificate("absolute value")))
    assert found["error_bound"].shape == found["margins"].shape == (0,)


def test_texts_that_are_too_wide_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(npz_file, "MOST_BYTES", 100)
    with pytest.raises(LimitError, match=r"npz: \d+ exact weights of up to \d+ characters need more than 100 bytes"):
        npz(example_certificate("two layers in space"))
