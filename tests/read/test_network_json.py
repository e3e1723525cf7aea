"""verishallow's own JSON for networks: what is read, what is refused and where the message points."""

import json
from pathlib import Path

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from verishallow.errors import InputError, LimitError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.rationals import vector
from verishallow.read import load
from verishallow.read.network_json import network_from_json, network_to_json

HEAD = '{"format": "verishallow-network", "version": 1, '


def with_layers(layers: str) -> str:
    return HEAD + f'"layers": {layers}}}'


def with_weight(entry: str) -> str:
    return with_layers(f'[{{"weight": [[1, {entry}]], "bias": [0]}}]')


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ('"1/2"', "1/2"),
        ('"-4/6"', "-2/3"),
        ('"0.1"', "1/10"),
        ("0.1", "1/10"),
        ("-3", "-3"),
        ("1e-3", "1/1000"),
        ("25E2", "2500"),
        ("123456789012345678901234567890", "123456789012345678901234567890"),
        ("1" * 4000, "1" * 4000),
    ],
)
def test_an_entry_is_read_exactly(entry: str, value: str) -> None:
    network = network_from_json(with_weight(entry))
    assert network.layers[0].weight == (vector([1, value]),)


@pytest.mark.parametrize(
    ("entry", "fragment"),
    [
        ("NaN", "layer 1, weight row 0, column 1: expected a rational such as -3/4 or an exact decimal"),
        ("Infinity", "layer 1, weight row 0, column 1: expected a rational"),
        ("-Infinity", "column 1: expected a rational"),
        ('"nan"', "found 'nan'"),
        ("true", 'layer 1, weight row 0, column 1: expected a rational such as "-3/4" or 0.25, found true'),
        ("null", "found null"),
        ("[1]", "found an array"),
        ("{}", "found an object"),
        ('"1/0"', "the denominator of '1/0' is zero"),
        ('"0x10"', "found '0x10'"),
        ('"1_0"', "found '1_0'"),
        ('"+-1"', "found '+-1'"),
        ('"\\u0661"', "expected a rational"),
        ('"one\\nhalf"', "found 'one\\nhalf'"),
        ("1e999999999", "expected a rational"),
        ("1e99999", "needs more than 4000 digits"),
        ("1e-99999", "needs more than 4000 digits"),
        ("1" * 4001, "needs more than 4000 digits"),
        ("1" * 5000, "needs more than 4000 digits"),
        ('"1/' + "3" * 6000 + '"', "needs more than 4000 digits"),
    ],
)
def test_a_bad_entry_is_refused_where_it_stands(entry: str, fragment: str) -> None:
    assert fragment in refusal(with_weight(entry))


ONE_LAYER = '{"weight": [[1, 1]], "bias": [0]}'


@pytest.mark.parametrize(
    ("text", "fragment"),
    [
        ("", "not JSON: Expecting value at line 1, column 1"),
        ("network", "not JSON"),
        (with_layers("[")[:-1], "not JSON: Expecting value at line 1"),
        (with_layers(f"[{ONE_LAYER}]") + "{}", "not JSON: Extra data"),
        ("\ufeff{}", "not JSON: Unexpected UTF-8 BOM"),
        (b'{"format": "\xff"}', "expected UTF-8 text, found the byte 0xff at offset 12"),
        ("[" * 100_000, "nested too deeply"),
        ('{"a":' * 100_000, "nested too deeply"),
        ("[]", "network: expected an object {...}, found an array"),
        ("null", "found null"),
        ("1", "found 1"),
        ("{}", "the key 'format' is missing"),
        (HEAD[:-2] + "}", "the key 'layers' is missing"),
        (with_layers("[]"), "at least one layer"),
        (with_layers("{}"), "layers: expected an array [...], found an object"),
        (with_layers("[1]"), "layer 1: expected an object {...}, found 1"),
        (with_layers('[{"weight": [[1]]}]'), "layer 1: the key 'bias' is missing"),
        (with_layers('[{"weight": [], "bias": []}]'), "at least one neuron"),
        (with_layers('[{"weight": [[]], "bias": [0]}]'), "at least one input"),
        (with_layers('[{"weight": [1], "bias": [0]}]'), "layer 1, weight row 0: expected an array"),
        (with_layers('[{"weight": 1, "bias": [0]}]'), "layer 1, weight: expected an array"),
        (with_layers('[{"weight": [[1]], "bias": 0}]'), "layer 1, bias: expected an array"),
        (with_layers('[{"weight": [[1]], "bias": [false]}]'), "layer 1, bias, entry 0: expected a rational"),
        (with_layers('[{"weight": [[1]], "bias": [0, 0]}]'), "layer 1: 1 weight rows but 2 biases"),
        (with_layers('[{"weight": [[1], [1, 2]], "bias": [0, 0]}]'), "layer 1: expected 1 weights per neuron, found 2"),
        (with_layers(f"[{ONE_LAYER}, {ONE_LAYER}]"), "layer 2: expected 1 weights per neuron, found 2"),
        (with_layers('[{"weight": [[1]], "bias": [0], "bias": [1]}]'), "layer 1: the key 'bias' appears twice"),
        (with_layers('[{"weight": [[1]], "bias": [0], "b": [1]}]'), "layer 1: unknown key 'b', expected only 'weight'"),
        (HEAD + f'"layers": [{ONE_LAYER}], "layers": []}}', "network: the key 'layers' appears twice"),
        (HEAD + f'"layers": [{ONE_LAYER}], "inputs": 3}}', "inputs: expected 2, the number of weights per neuron"),
        (HEAD + f'"layers": [{ONE_LAYER}], "inputs": "2"}}', "inputs: expected an integer"),
        (HEAD + f'"layers": [{ONE_LAYER}], "inputs": true}}', "inputs: expected an integer"),
        (with_layers('[{"weight": [[1]], "bias": [0], "reads": [1]}]'), "layer 1: expected 'reads' to be increasing"),
        (with_layers('[{"weight": [[1]], "bias": [0], "reads": []}]'), "expected 'reads'"),
        (with_layers('[{"weight": [[1]], "bias": [0], "reads": [-1]}]'), "layer 1, reads, entry 0: expected an"),
        (with_layers('[{"weight": [[1]], "bias": [0], "reads": [0.0]}]'), "layer 1, reads, entry 0: expected an"),
        (with_layers('[{"weight": [[1]], "bias": [0], "reads": [9999999999]}]'), "expected an integer from 0"),
        (with_layers(f"[{ONE_LAYER}]").replace(": 1,", ": 2,"), "version: expected 1, found 2"),
        (with_layers(f"[{ONE_LAYER}]").replace(": 1,", ": true,"), "version: expected 1, found true"),
        (with_layers(f"[{ONE_LAYER}]").replace(": 1,", ": 1.0,"), "version: expected 1, found 1.0"),
        (with_layers(f"[{ONE_LAYER}]").replace("verishallow-n", "n"), "format: expected 'verishallow-network'"),
    ],
)
def test_a_malformed_text_is_refused(text: str | bytes, fragment: str) -> None:
    assert fragment in refusal(text)


def refusal(text: str | bytes) -> str:
    with pytest.raises(NetworkError) as caught:
        network_from_json(text)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_layers_read_what_they_say() -> None:
    text = with_layers(
        '[{"weight": [[1]], "bias": [0]}, {"weight": [[-1]], "bias": [0], "reads": [0]},'
        ' {"weight": [[1, 1]], "bias": [0], "reads": [1, 2]}]'
    )
    assert network_from_json(text)(["-2/3"]) == (mpq(2, 3),)


rationals = st.fractions(max_denominator=50).map(lambda value: mpq(value.numerator, value.denominator))


@st.composite
def networks(draw: st.DrawFn) -> ReLUNetwork:
    widths, layers = [draw(st.integers(1, 3))], []
    for number in range(1, draw(st.integers(1, 4)) + 1):
        reads = sorted(draw(st.sets(st.integers(0, number - 1), min_size=1))) if number > 1 else [0]
        columns, width = sum(widths[source] for source in reads), draw(st.integers(1, 3))
        row = st.lists(rationals, min_size=columns, max_size=columns)
        weight = draw(st.lists(row, min_size=width, max_size=width))
        layers.append((weight, draw(st.lists(rationals, min_size=width, max_size=width)), reads))
        widths.append(width)
    return ReLUNetwork.of(layers)


@given(networks())
def test_a_written_network_is_read_back(network: ReLUNetwork) -> None:
    assert network_from_json(json.dumps(network_to_json(network))) == network


def test_reads_are_written_only_where_they_say_something() -> None:
    network = ReLUNetwork.of([([[1]], [0]), ([[1]], [0]), ([[1]], [0], [1])])
    assert [list(layer) for layer in network_to_json(network)["layers"]] == [
        ["weight", "bias"],
        ["weight", "bias"],
        ["weight", "bias", "reads"],
    ]


def test_numbers_that_could_not_be_read_back_are_not_written() -> None:
    longest = ReLUNetwork.of([([[mpq(-(10**3999), 10**3999 + 1)]], [0])])
    assert network_from_json(json.dumps(network_to_json(longest))) == longest
    with pytest.raises(LimitError, match="layer 1: the format holds numbers of up to 4000 digits"):
        network_to_json(ReLUNetwork.of([([[mpq(1, 10**4000)]], [0])]))


def test_load_chooses_by_suffix_then_by_content(tmp_path: Path) -> None:
    text = with_layers(f"[{ONE_LAYER}]")
    for name in ("network.json", "network.JSON", "network", "network.txt"):
        (tmp_path / name).write_text(text)
        assert load(tmp_path / name).widths == (2, 1)
        assert load(str(tmp_path / name)).widths == (2, 1)


@pytest.mark.parametrize("name", ["absent.json", "folder", "zero\0byte"])
def test_load_refuses_what_is_no_file(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(InputError) as caught:
        load(tmp_path / name)
    assert "\n" not in str(caught.value)


def test_load_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "network.json"
    path.write_text(with_weight("null"))
    with pytest.raises(NetworkError, match=r"network\.json: layer 1, weight row 0, column 1: expected"):
        load(path)


def test_the_degenerate_networks_load() -> None:
    folder = Path(__file__).resolve().parents[3] / "shared" / "networks" / "degenerate"
    if not folder.is_dir():
        pytest.skip("the folder of degenerate networks is absent")
    paths = [path for path in sorted(folder.glob("*.json")) if path.name != "counts.json"]
    assert paths
    for path in paths:
        network = load(path)
        assert network_from_json(json.dumps(network_to_json(network))) == network
