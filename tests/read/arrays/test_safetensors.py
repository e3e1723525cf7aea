"""``.safetensors`` files: the layers of a state dictionary, exact floats of every width, and refusals."""

import json
import sys
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from tests.read.mutated_files import outcomes
from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.arrays.safetensors import network_from_safetensors

safetensors_numpy = pytest.importorskip("safetensors.numpy", reason="safetensors is not installed")

UP, DOWN = np.array([[1.0], [-1.0]], np.float32), np.array([[1.0, 1.0]], np.float32)
ABSOLUTE = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])


def stored(arrays: Mapping[str, np.ndarray]) -> bytes:
    data: bytes = safetensors_numpy.save(dict(arrays), metadata={"format": "pt"})
    return data


def spelt(header: Any, data: bytes = b"") -> bytes:
    """A file with exactly this header."""
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def entry(kind: str, shape: list[int], first: int, last: int) -> dict[str, Any]:
    return {"dtype": kind, "shape": shape, "data_offsets": [first, last]}


@pytest.mark.parametrize(
    "names", [("0", "2"), ("layers.0", "layers.1"), ("fc1", "fc2"), ("net.model.0", "net.model.2")]
)
def test_a_state_dictionary_gives_the_layers_in_the_order_of_their_numbers(names: tuple[str, str]) -> None:
    first, second = names
    bias = np.zeros(2, np.float64)  # the file is ordered by the width of its types
    assert (
        network_from_safetensors(stored({f"{second}.weight": DOWN, f"{first}.bias": bias, f"{first}.weight": UP}))
        == ABSOLUTE
    )


@pytest.mark.parametrize("kind", [np.float16, ml_dtypes.bfloat16, np.float32, np.float64])
def test_every_float_is_the_rational_that_it_is(kind: Any) -> None:
    weight = np.array([[0.1, -3.0], [1e-3, 0.0]]).astype(kind)
    weight[1, 1] = np.finfo(kind).smallest_subnormal if kind is not ml_dtypes.bfloat16 else 9.2e-41
    layer = network_from_safetensors(stored({"0.weight": weight})).layers[0]
    expected = [[Fraction(float(entry)) for entry in row] for row in weight]
    assert [list(row) for row in layer.weight] == expected
    assert all(all(row) for row in (expected[0], expected[1]))


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a safetensors file, or a damaged one"),
    "a text": (b"this is no safetensors file", "not a safetensors file, or a damaged one"),
    "a header longer than the file": ((1 << 40).to_bytes(8, "little") + b"{}", "not a safetensors file"),
    "no tensor": (spelt({}), "expected arrays named W1, b1"),
    "data cut short": (stored({"0.weight": UP})[:-1], "not a safetensors file, or a damaged one"),
    "data left over": (stored({"0.weight": UP}) + b"\0", "not a safetensors file, or a damaged one"),
    "more than the data": (spelt({"0.weight": entry("F32", [9, 9], 0, 8)}, bytes(8)), "not a safetensors file"),
    "overlapping data": (
        spelt({"0.weight": entry("F32", [1, 1], 0, 4), "0.bias": entry("F32", [1], 0, 4)}, bytes(4)),
        "not a safetensors file",
    ),
    "a size beyond all bounds": (
        spelt({"0.weight": entry("F32", [1 << 62, 1 << 62], 0, 4)}, bytes(4)),
        "not a safetensors file",
    ),
    "integers": (spelt({"0.weight": entry("I64", [1, 1], 0, 8)}, bytes(8)), "'0.weight': expected entries of type F16"),
    "eight bits": (spelt({"0.weight": entry("F8_E4M3", [1, 1], 0, 1)}, bytes(1)), "F32 or F64, found F8_E4M3"),
    "not finite": (stored({"0.weight": UP * np.inf}), "'0.weight': entry 0: expected a finite number, found inf"),
    "a batch normalisation": (
        stored({"0.weight": UP, "1.weight": np.ones(2), "1.running_mean": np.ones(2)}),
        "expected arrays named W1, b1, W2, b2, ... or 0.weight, 0.bias, 2.weight, ... (perhaps with a prefix), found",
    ),
    "a convolution": (stored({"0.weight": np.ones((2, 1, 3))}), "only dense layers are known by their names alone"),
    "an order that no number gives": (stored({"encoder.weight": UP, "head.weight": DOWN}), "found 'encoder.weight'"),
    "what stands between is open": (stored({"0.weight": UP, "3.weight": DOWN}), "load the model object itself"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_where_and_what(name: str) -> None:
    data, message = REFUSED[name]
    with pytest.raises(NetworkError) as caught:
        network_from_safetensors(data)
    assert message in str(caught.value)


def test_load_knows_the_suffix(tmp_path: Path) -> None:
    file = tmp_path / "network.safetensors"
    file.write_bytes(stored({"0.weight": UP, "2.weight": DOWN}))
    assert load(file) == ABSOLUTE


def test_without_the_library_the_message_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "safetensors", None)
    with pytest.raises(InputError, match=r"needs the extra of that name: pip install 'verishallow\[safetensors\]'"):
        network_from_safetensors(b"")


def test_damaged_files_are_read_or_refused() -> None:
    found = outcomes(network_from_safetensors, stored({"0.weight": UP, "0.bias": UP[:, 0], "2.weight": DOWN}), 400)
    assert found["refused"] > 200
    assert found["read"] > 5
