"""Networks in verishallow's own JSON: exact weights as texts, ReLU between the layers.

``{"format": "verishallow-network", "version": 1, "layers": [{"weight": [["1/2", "-3"]], "bias": ["0"]}]}``.
A layer may say which sources it reads (``"reads": [0, 1]``), and the object how many ``"inputs"`` it has.
"""

from collections.abc import Iterable
from typing import Any

from gmpy2 import mpq

from verishallow.errors import InputError, LimitError, NetworkError
from verishallow.network import Layer, ReLUNetwork
from verishallow.rationals import MAX_DIGITS, Vector, format_rational
from verishallow.read.places import within
from verishallow.read.strict_json import elements, exact, fields, natural, parse_json, require_format

FORMAT = "verishallow-network"


def network_from_json(data: bytes | str) -> ReLUNetwork:
    """The network that a JSON text spells; every number is read exactly as it is written.

    Raises :class:`~verishallow.errors.NetworkError`, which names the place.

    >>> text = '{"format": "verishallow-network", "version": 1, "layers": [{"weight": [[0.1]], "bias": ["1/3"]}]}'
    >>> network_from_json(text)([1])
    (mpq(13,30),)
    """
    try:
        return _network(parse_json(data))
    except InputError as error:
        raise NetworkError(str(error)) from error


def network_to_json(network: ReLUNetwork) -> dict[str, Any]:
    """The JSON object of a network, its rationals in their canonical spelling.

    >>> network_to_json(ReLUNetwork.of([([["2/4", 0]], [1])]))["layers"]
    [{'weight': [['1/2', '0']], 'bias': ['1']}]
    """
    layers = [_layer_to_json(number, layer) for number, layer in enumerate(network.layers, start=1)]
    return {"format": FORMAT, "version": 1, "inputs": network.inputs, "layers": layers}


def _network(value: Any) -> ReLUNetwork:
    entries = fields(value, "network", ("format", "version", "layers"), ("inputs",))
    require_format(entries, FORMAT)
    layers = elements(entries["layers"], "layers")
    network = ReLUNetwork.of(_layer(layer, f"layer {number}") for number, layer in enumerate(layers, start=1))
    if "inputs" in entries:
        _check_inputs(natural(entries["inputs"], "inputs"), network)
    return network


def _check_inputs(declared: int, network: ReLUNetwork) -> None:
    if declared != network.inputs:
        raise NetworkError(
            f"inputs: expected {network.inputs}, the number of weights per neuron of layer 1, found {declared}"
        )


def _layer(value: Any, place: str) -> tuple[Any, ...]:
    entries = fields(value, place, ("weight", "bias"), ("reads",))
    rows = elements(entries["weight"], f"{place}, weight")
    weight = [_row(row, f"{place}, weight row {number}", "column") for number, row in enumerate(rows)]
    bias = _row(entries["bias"], f"{place}, bias", "entry")
    return (weight, bias, _reads(entries["reads"], f"{place}, reads")) if "reads" in entries else (weight, bias)


def _row(value: Any, place: str, name: str) -> list[mpq]:
    return [exact(entry, f"{place}, {name} {number}") for number, entry in enumerate(elements(value, place))]


def _reads(value: Any, place: str) -> list[int]:
    return [natural(entry, f"{place}, entry {number}") for number, entry in enumerate(elements(value, place))]


def _layer_to_json(number: int, layer: Layer) -> dict[str, Any]:
    with within(f"layer {number}"):
        entries: dict[str, Any] = {"weight": [_texts(row) for row in layer.weight], "bias": _texts(layer.bias)}
    return entries if layer.reads == (number - 1,) else entries | {"reads": list(layer.reads)}


def _texts(row: Vector) -> list[str]:
    texts = [format_rational(entry) for entry in row]
    _require_readable(texts)
    return texts


def _require_readable(texts: Iterable[str]) -> None:
    # What is written can be read again, and reading stops at this number of digits.
    for text in texts:
        if len(text) > MAX_DIGITS and max(len(part.lstrip("-")) for part in text.split("/")) > MAX_DIGITS:
            raise LimitError(f"the format holds numbers of up to {MAX_DIGITS} digits, found {text[:20]}...")
