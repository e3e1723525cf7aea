"""``.nnet`` files: the exact network, its normalisation on request, and what is refused with which words."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import onnx
import pytest
from gmpy2 import mpq
from onnx import numpy_helper

from tests.read.mutated_files import outcomes
from verishallow.errors import InputError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read import load
from verishallow.read.nnet import network_from_nnet

SHARED = Path(__file__).resolve().parents[3] / "shared" / "networks"

LINES = [
    "// two inputs, one hidden layer of three, one output",
    "2,2,1,3,",
    "2,3,1,",
    "0,",
    "-1,-2,",
    "1,2,",
    "0.5,-1.0,0.1,",
    "2.0,4.0,3.0,",
    "1.0,-2.5e-01,",
    "0,1",
    "-1,1,",
    "0.1,",
    "-1,",
    "0,",
    "1,-2,0.3,",
    "",
    "-5,",
]
STORED = ReLUNetwork.of(
    [([[1, "-1/4"], [0, 1], [-1, 1]], ["1/10", -1, 0]), ([[1, -2, "3/10"]], [-5])],
)


def text(*changes: tuple[int, str]) -> bytes:
    lines = dict(enumerate(LINES)) | dict(changes)
    return "\n".join(lines[number] for number in sorted(lines)).encode()


def test_numbers_are_the_exact_decimals_that_they_spell() -> None:
    assert network_from_nnet(text()) == STORED


def test_the_normalisation_is_part_of_it_on_request() -> None:
    network = network_from_nnet(text(), normalised=True)
    point = [mpq(7, 3), mpq(-5, 2)]
    within = [(point[0] - mpq(1, 2)) / 2, (point[1] + 1) / 4]
    (expected,) = STORED(within)
    assert network(point) == (expected * 3 + mpq(1, 10),)


def test_the_normalisation_of_a_single_layer_is_on_both_sides() -> None:
    one = b"1,1,1,1,\n1,1,\n0,\n0,\n1,\n3,7,\n2,5,\n10,\n1,\n"
    assert network_from_nnet(one, normalised=True) == ReLUNetwork.of([([[25]], [-63])])


REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "expected the numbers of layers, inputs and outputs"),
    "only comments": (b"// nothing\n", "found the end of the file: it is cut short"),
    "not a text": (b"\xff\xfe", "expected UTF-8 text, found the byte 0xff at offset 0"),
    "header too short": (text((1, "2,2,1,")), "line 2: expected the numbers of layers"),
    "a layer without neurons": (
        text((2, "2,0,1,")),
        "line 3: expected the inputs and the width of each layer as posit",
    ),
    "a negative width": (text((2, "2,-3,1,")), "as positive integers, found '-3'"),
    "widths of other inputs": (text((2, "3,3,1,")), "line 3: expected widths from 2 to 1, found from 3 to 1"),
    "widths of other outputs": (text((2, "2,3,2,")), "expected widths from 2 to 1, found from 2 to 2"),
    "too wide": (text((1, "2,2,1,9,"), (2, "2,999999999,1,")), "line 3: expected at most 1000000 entries"),
    "too many layers": (text((1, "999999999,2,1,3,")), "line 3: expected the inputs and the width of each layer, 10"),
    "a flag": (text((3, "1,")), "line 4: expected the flag 0"),
    "no means": (text()[: text().index(b"0.5")], "expected the means of the inputs and of the outputs, found the end"),
    "a weight is missing": (text((9, "0,")), "line 10: expected a weight row of layer 1, 2 numbers, found '0,'"),
    "a weight too many": (text((9, "0,1,2,")), "line 10: expected a weight row of layer 1, 2 numbers, found '0,1,2,'"),
    "no number": (text((9, "0,one,")), "line 10: expected a rational such as -3/4 or an exact decimal"),
    "not finite": (text((9, "0,nan,")), "line 10: expected a rational"),
    "two biases in a line": (
        text((11, "0.1,0.2,")),
        "line 12: expected a bias of layer 1, one number, found '0.1,0.2,'",
    ),
    "cut short": (text()[:-4], "expected a bias of layer 2, found the end of the file: it is cut short"),
    "more behind": (text() + b"\n1,\n", "line 18: expected nothing after the last bias, found '1,'"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refusals_say_where_and_what(name: str) -> None:
    data, message = REFUSED[name]
    with pytest.raises(NetworkError) as caught:
        network_from_nnet(data)
    assert message in str(caught.value)


def test_many_weights_together_are_refused_before_any_is_read() -> None:
    widths = ",".join(["999"] * 7)
    with pytest.raises(NetworkError, match="expected at most 4000000 weights in one network, found 5988006"):
        network_from_nnet(f"6,999,999,999\n{widths}\n".encode())


def test_a_range_of_zero_matters_only_where_it_is_used() -> None:
    data = text((7, "2.0,0,3.0,"))
    assert network_from_nnet(data) == STORED
    with pytest.raises(NetworkError, match="normalisation: expected ranges other than 0"):
        network_from_nnet(data, normalised=True)


LOOSE: dict[str, list[tuple[int, str]]] = {
    # rows of the head that are not read
    "rows for more inputs": [(4, "-1,-2,0,7,"), (5, "1,2,100,3,"), (6, "0,0,35,0,0,"), (7, "1,1,100,6,1,")],
    "no number for the outputs": [(6, "0.5,-1.0,"), (7, "2.0,4.0,")],
    "one bound for all inputs": [(4, "-1,"), (5, "1,")],
    "bounds that are no numbers": [(4, "-inf,-inf,"), (5, "inf,,")],
}


@pytest.mark.parametrize("name", LOOSE)
def test_rows_that_the_reading_does_not_need_may_be_of_any_length(name: str) -> None:
    assert network_from_nnet(text(*LOOSE[name])) == STORED


NORMALISED: dict[str, list[tuple[int, str]]] = {
    # heads that say the same normalisation
    "bounds of any length": [(4, "-1,"), (5, "1,2,3,4,")],
    "the outputs' number more than once": [(6, "0.5,-1.0,0.1,0.1,"), (7, "2,4,3,7,3,")],
    "no comma at the end": [(6, "0.5,-1.0,0.1"), (7, "2.0,4.0,3.0")],
}


@pytest.mark.parametrize("name", NORMALISED)
def test_a_normalisation_needs_its_own_rows_alone(name: str) -> None:
    data = text(*NORMALISED[name])
    assert network_from_nnet(data, normalised=True) == network_from_nnet(text(), normalised=True)


NOT_NORMALISED: dict[str, tuple[tuple[int, str], str]] = {
    "no mean of the outputs": (
        (6, "0.5,-1.0,"),
        "line 7: expected the means of the 2 inputs and of the outputs, 3 numbers, found 2: --normalised needs that of",
    ),
    "no range of an input": (
        (7, "2.0,"),
        "line 8: expected the ranges of the 2 inputs and of the outputs, 3 numbers, ",
    ),
    "two means that may be the outputs'": (
        (6, "0.5,-1.0,7,0.1,"),
        "line 7: expected the means of 2 inputs and one number for the outputs, found 4 numbers: the outputs'",
    ),
    "no number": ((7, "2.0,four,3.0,"), "line 8: expected a rational such as"),
}


@pytest.mark.parametrize("name", NOT_NORMALISED)
def test_what_a_normalisation_needs_and_has_not_is_named(name: str) -> None:
    change, message = NOT_NORMALISED[name]
    assert network_from_nnet(text(change)) == STORED
    with pytest.raises(NetworkError) as caught:
        network_from_nnet(text(change), normalised=True)
    assert message in str(caught.value)


def test_load_knows_the_suffix_and_the_option(tmp_path: Path) -> None:
    file = tmp_path / "small.NNet"
    file.write_bytes(text())
    assert load(file) == STORED
    assert load(str(file), normalised=True) == network_from_nnet(text(), normalised=True)
    file.write_bytes(b"")
    with pytest.raises(InputError, match=r"small\.NNet: expected the numbers of layers"):
        load(file)


def test_damaged_files_are_read_or_refused() -> None:
    found = outcomes(lambda data: network_from_nnet(data, normalised=True), text(), 400)
    assert found["refused"] > 200
    assert found["read"] > 10


@pytest.fixture(scope="module")
def acas_xu() -> bytes:
    file = SHARED / "acasxu_1_1.nnet"
    if not file.exists():
        pytest.skip("the shared networks are not here")
    return file.read_bytes()


def test_acas_xu_rounds_to_the_weights_of_its_onnx_file(acas_xu: bytes) -> None:
    network = network_from_nnet(acas_xu)
    assert network.widths == (5, 50, 50, 50, 50, 50, 50, 5)
    stored = [numpy_helper.to_array(proto) for proto in onnx.load(SHARED / "acasxu_1_1.onnx").graph.initializer[1:]]
    for layer, (weight, bias) in zip(network.layers, list(pairwise(stored))[::2], strict=True):
        assert (np.array(layer.weight, float).astype(np.float32) == weight.T).all()
        assert (np.array(layer.bias, float).astype(np.float32) == bias).all()


def test_acas_xu_normalised_is_what_the_format_s_own_evaluator_computes(acas_xu: bytes) -> None:
    """The evaluation that the format's authors publish, in floats, at a point inside the stored box."""
    lines = [line for line in acas_xu.decode().splitlines() if not line.startswith("//")]
    rows = [[float(field) for field in line.rstrip(",").split(",")] for line in lines]
    widths, means, ranges = [int(width) for width in rows[1]], np.array(rows[5]), np.array(rows[6])
    physical = np.array([20000.0, 0.25, -1.5, 500.0, 300.0])
    values, row = (physical - means[:-1]) / ranges[:-1], 7
    for number, width in enumerate(widths[1:], start=1):
        values = np.array(rows[row : row + width]) @ values + np.ravel(rows[row + width : row + 2 * width])
        values, row = values if number == len(widths) - 1 else np.maximum(values, 0), row + 2 * width
    exact = network_from_nnet(acas_xu, normalised=True)([mpq(coordinate) for coordinate in physical])
    assert [float(value) for value in exact] == pytest.approx(values * ranges[-1] + means[-1], rel=1e-9)
