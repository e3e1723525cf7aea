"""``.npz`` archives: namings, exact floats of every width, and refusals."""

import io
import pickle
import zipfile
from collections.abc import Mapping
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import ml_dtypes
import numpy as np
import pytest

from tests.read.mutated_files import outcomes
from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.arrays.npz import network_from_npz

ABSOLUTE = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
UP, DOWN = np.array([[1.0], [-1.0]]), np.array([[1.0, 1.0]])
ZERO_2, ZERO_1 = np.zeros(2), np.zeros(1)


def archive(arrays: Mapping[str, Any], *, compressed: bool = False) -> bytes:
    stream = io.BytesIO()
    (np.savez_compressed if compressed else np.savez)(stream, **arrays)
    return stream.getvalue()


NAMINGS = {
    "W1, b1": ("W1", "b1", "W2", "b2"),
    "from zero": ("W0", "b0", "W1", "b1"),
    "small letters": ("w1", "b1", "w2", "b2"),
    "words": ("weight_0", "bias_0", "weight_1", "bias_1"),
    "plural": ("weights1", "biases1", "weights2", "biases2"),
    "a Sequential": ("0.weight", "0.bias", "2.weight", "2.bias"),
    "a Sequential after a Flatten": ("1.weight", "1.bias", "3.weight", "3.bias"),
    "a list of layers": ("layers.0.weight", "layers.0.bias", "layers.1.weight", "layers.1.bias"),
    "a Sequential inside": ("net.0.weight", "net.0.bias", "net.2.weight", "net.2.bias"),
    "attributes": ("fc1.weight", "fc1.bias", "fc2.weight", "fc2.bias"),
    "digits in the prefix": ("m2.9x.0.weight", "m2.9x.0.bias", "m2.9x.1.weight", "m2.9x.1.bias"),
}


@pytest.mark.parametrize("name", NAMINGS)
@pytest.mark.parametrize("order", [1, -1])
def test_the_names_alone_give_the_order(name: str, order: int) -> None:
    arrays = dict(list(zip(NAMINGS[name], (UP, ZERO_2, DOWN, ZERO_1), strict=True))[::order])
    assert network_from_npz(archive(arrays)) == ABSOLUTE


def test_layers_are_ordered_as_numbers_not_as_texts() -> None:
    arrays = {f"fc{number}.weight": np.array([[number]]) for number in range(1, 12)}
    weights = [layer.weight[0][0] for layer in network_from_npz(archive(arrays)).layers]
    assert weights == list(range(1, 12))


def test_a_bias_that_is_not_there_is_zero() -> None:
    assert network_from_npz(archive({"W1": UP, "W2": DOWN, "b2": ZERO_1})) == ABSOLUTE


@pytest.mark.parametrize(
    "array",
    [
        np.array([[0.1, -65504]], np.float16),
        np.array([[0.1, 1e-45]], np.float32),
        np.array([[0.1, 5e-324]]),
        np.array([[0.1, 3]], ">f8"),
        np.array([[-3, 2**62 + 1]]),
        np.array([[2**64 - 1, 0]], np.uint64),
        np.asfortranarray([[0.5, 1.5], [2.5, 3.5]]),
    ],
    ids=lambda array: f"{array.dtype.str}{list(array.shape)}",
)
def test_every_number_is_the_rational_that_it_is(array: np.ndarray) -> None:
    layer = network_from_npz(archive({"W1": array}, compressed=True)).layers[0]
    assert [list(row) for row in layer.weight] == [[Fraction(entry) for entry in row] for row in array.tolist()]


def test_a_network_of_random_weights_agrees_with_floats() -> None:
    dice = np.random.default_rng(5)
    sizes = [3, 8, 5, 2]
    arrays: dict[str, np.ndarray] = {}
    for number, (columns, rows) in enumerate(pairwise(sizes), start=1):
        arrays |= {f"W{number}": dice.normal(size=(rows, columns)), f"b{number}": dice.normal(size=rows)}
    point = np.array([0.3, -1.25, 2.0])
    values = point
    for number in (1, 2, 3):
        values = arrays[f"W{number}"] @ values + arrays[f"b{number}"]
        values = values if number == 3 else np.maximum(values, 0)
    exact = network_from_npz(archive(arrays))([Fraction(coordinate) for coordinate in point])
    assert [float(value) for value in exact] == pytest.approx(values, rel=1e-12)


class RunsCode:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("something was unpickled",))


def pickled() -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.array([RunsCode()], object), allow_pickle=True)
    return zipped({"W1.npy": stream.getvalue()})


def zipped(members: Mapping[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return stream.getvalue()


def npy(array: np.ndarray) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array)
    return stream.getvalue()


def claiming(shape: str) -> bytes:
    """An array whose header claims another shape, in as many characters."""
    content = npy(UP)
    room = b"(2, 1), }" + b" " * (len(shape) - 6)
    assert room in content
    return zipped({"W1.npy": content.replace(room, f"{shape}, }}".encode())})


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "not a zip archive, or a damaged one"),
    "no zip": (b"PK\x03\x04 but no more", "not a zip archive, or a damaged one"),
    "no array": (archive({}), "expected arrays named W1, b1, W2, b2, ... or 0.weight, 0.bias, 2.weight, ..."),
    "another name": (archive({"W1": UP, "scale": ZERO_2}), "(perhaps with a prefix), found 'scale'"),
    "a number without name": (archive({"1": UP}), "expected arrays named W1"),
    "two namings": (archive({"W1": UP, "0.weight": DOWN}), "expected one naming, found 'W1' and '0.weight'"),
    "two prefixes": (archive({"a.0.weight": UP, "b.1.weight": DOWN}), "their order is not known"),
    "one place twice": (archive({"W1": UP, "weight_1": UP}), "expected one array for each place, found 'W1' and 'wei"),
    "a bias alone": (archive({"W1": UP, "b2": ZERO_1}), "'b2': expected a weight with the same number, found none"),
    "a layer is missing": (archive({"W1": UP, "W3": DOWN}), "'W1' and 'W3': their numbers leave open what stands betw"),
    "the first is missing": (archive({"W2": UP, "W3": DOWN}), "expected layers numbered from 0 or 1, found 'W2' first"),
    "Linear after Linear": (archive({"0.weight": UP, "1.weight": DOWN}), "expected steps of 2, with a ReLU between"),
    "steps of three": (archive({"n.0.weight": UP, "n.3.weight": DOWN}), "expected steps of 1 or of 2, with a ReLU"),
    "uneven steps": (
        archive({"n.0.weight": UP, "n.2.weight": DOWN, "n.3.weight": UP}),
        "'n.2.weight' and 'n.3.weight': their numbers leave open",
    ),
    "a vector": (archive({"W1": ZERO_2}), "'W1': expected a matrix, one row per output, found shape [2]"),
    "an empty matrix": (archive({"W1": np.zeros((0, 2))}), "found shape [0, 2]"),
    "transposed": (archive({"W1": UP, "W2": DOWN.T}), "'W2': expected one row per output and 2 columns, the outputs"),
    "bias of another width": (archive({"W1": UP, "b1": ZERO_1}), "'b1': expected shape [2], found [1]"),
    "NaN": (archive({"W1": np.array([[1, np.nan]])}), "'W1': entry 1: expected a finite number, found nan"),
    "infinity": (
        archive({"W1": UP, "b1": np.array([0, -np.inf])}),
        "'b1': entry 1: expected a finite number, found -inf",
    ),
    "complex": (
        archive({"W1": UP + 0j}),
        "member 'W1.npy': expected an array of real numbers, found entries of type com",
    ),
    "bools": (archive({"W1": UP > 0}), "found entries of type bool"),
    "texts": (archive({"W1": np.array([["a"]])}), "found entries of type str"),
    "extended floats": (archive({"W1": UP.astype(np.longdouble)}), "expected floats of 16, 32 or 64 bits, or integers"),
    "pickled objects": (pickled(), "member 'W1.npy': expected an array of real numbers, found entries of type object"),
    "not an array": (zipped({"W1.npy": b"text"}), "member 'W1.npy': expected an array in NumPy's .npy format"),
    "another version": (zipped({"W1.npy": b"\x93NUMPY\x09\x00"}), "of version 1 or 2, found another"),
    "more than the data": (claiming("(99, 1)"), "expected as much data as fills its shape [99, 1], found 16 bytes"),
    "far more than memory": (claiming("(9" + "0" * 18 + ", 1)"), "expected as much data as fills its shape"),
    "negative sizes": (claiming("(-2,-1)"), "expected as much data as fills its shape [-2, -1]"),
    "other compression": (zipped({"W1.npy": npy(UP)}, zipfile.ZIP_BZIP2), "expected it stored or deflated"),
    "too many weights": (archive({"W1": np.zeros((1001, 1000), np.int8)}), "expected at most 1000000 entries in one"),
    "too many together": (
        archive({f"W{number}": np.zeros((1000, 1000), np.int8) for number in range(1, 6)}, compressed=True),
        "expected at most 4000000 weights in one network, found 5000000",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_where_and_what(name: str) -> None:
    data, message = REFUSED[name]
    with pytest.raises(NetworkError) as caught:
        network_from_npz(data)
    assert message in str(caught.value)


def test_an_archive_that_grows_too_large_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("verishallow.read.arrays.archives.MAX_BYTES", 1 << 20)
    data = zipped({"W1.npy": bytes(1 << 20), "W2.npy": b"1"}, zipfile.ZIP_DEFLATED)
    assert len(data) < 2000
    with pytest.raises(NetworkError, match="expected members of at most 1 MiB together, found more"):
        network_from_npz(data)


def test_one_name_twice_is_refused() -> None:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as file:
        file.writestr("W1.npy", npy(UP))
        with pytest.warns(UserWarning, match="Duplicate name"):
            file.writestr("W1.npy", npy(UP))
    with pytest.raises(NetworkError, match=r"expected each member to have its own name, found 'W1\.npy' twice"):
        network_from_npz(stream.getvalue())


def test_load_knows_the_suffix(tmp_path: Path) -> None:
    file = tmp_path / "network.npz"
    file.write_bytes(archive({"W1": UP, "W2": DOWN}))
    assert load(file) == ABSOLUTE
    with pytest.raises(InputError, match=r"normalised: only \.nnet files store a normalisation"):
        load(file, normalised=True)


def test_a_bfloat16_array_is_refused_where_numpy_wrote_it_without_its_type() -> None:
    """NumPy's format has no bfloat16: it keeps the bytes and loses what they mean."""
    data = archive({"W1": UP.astype(ml_dtypes.bfloat16)})
    with pytest.raises(NetworkError, match="found entries of type void16"):
        network_from_npz(data)


@pytest.mark.parametrize("compressed", [False, True])
def test_damaged_files_are_read_or_refused(compressed: bool) -> None:
    data = archive({"W1": UP, "b1": ZERO_2, "W2": DOWN}, compressed=compressed)
    found = outcomes(network_from_npz, data, 300)
    assert found["refused"] > 100


def test_damaged_arrays_are_read_or_refused() -> None:
    """The archive's checksums would stop damage before it reaches the arrays."""
    found = outcomes(lambda data: network_from_npz(zipped({"W1.npy": data})), npy(UP), 400)
    assert found["refused"] > 100
    assert found["read"] > 10


def test_a_pickle_in_place_of_an_archive_is_not_opened() -> None:
    with pytest.raises(NetworkError, match="not a zip archive"):
        network_from_npz(pickle.dumps(RunsCode()))
