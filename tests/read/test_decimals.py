"""Decimals such as ``1.``, ``.5``, ``+2`` and ``1.e-3`` in every text that is read."""

from collections.abc import Callable
from pathlib import Path

import pytest

from verishallow.rationals import vector
from verishallow.read import load
from verishallow.read.domains.parts_of import domain_parts
from verishallow.read.domains.points import read_point
from verishallow.read.domains.slices import slice_from_json
from verishallow.show.plot.data import read_data

SPELT = [("1.", "1"), (".5", "1/2"), ("+2", "2"), ("1.e-3", "1/1000"), ("+.25e+1", "5/2")]


def file_of(folder: Path, name: str, text: str) -> str:
    (folder / name).write_text(text)
    return str(folder / name)


def nnet(folder: Path, number: str) -> object:
    text = f"1,1,1,1,\n1,1,\n0,\n-{number.lstrip('+')},\n{number},\n0.,0.,\n1.,1.,\n{number},\n{number},\n"
    (layer,) = load(file_of(folder, "net.nnet", text), normalised=True).layers
    return layer.weight[0], layer.bias


def domain(text: str) -> object:
    return domain_parts(text, 1)[0].polyhedron


def json_network(folder: Path, number: str) -> object:
    layers = f'[{{"weight": [["{number}"]], "bias": ["{number}"]}}]'
    text = f'{{"format": "verishallow-network", "version": 1, "layers": {layers}}}'
    return load(file_of(folder, "net.json", text))


TEXTS: dict[str, Callable[[Path, str], object]] = {
    "texts in JSON": json_network,
    "a box": lambda _, number: domain(f"box:-3,{number}"),
    "the radius of a ball": lambda _, number: domain(f"ball:linf:{number}:{number}"),
    "VNN-LIB": lambda folder, number: domain(
        file_of(folder, "d.vnnlib", f"(declare-const X_0 Real)(assert (<= X_0 {number}))(assert (>= X_0 -3.))")
    ),
    "rows of cddlib": lambda folder, number: domain(
        file_of(folder, "d.ine", f"H-representation\nbegin\n2 2 rational\n{number} -1.\n+3 {number}\nend\n")
    ),
    "a slice": lambda _, number: slice_from_json(
        f'{{"format": "verishallow-slice", "version": 1, "rows": [["{number}", "{number}"]]}}'
    ),
    "a point": lambda _, number: read_point(f"{number},{number}", 2),
    "data": lambda folder, number: read_data(file_of(folder, "d.csv", f"{number},{number}\n"), 2),
}


@pytest.mark.parametrize(("number", "plain"), SPELT)
@pytest.mark.parametrize("kind", TEXTS)
def test_a_decimal_is_the_number_that_it_spells(tmp_path: Path, kind: str, number: str, plain: str) -> None:
    read = TEXTS[kind]
    fraction = plain if kind != "VNN-LIB" or "/" not in plain else f"(/ {plain.replace('/', ' ')})"
    assert read(tmp_path, number) == read(tmp_path, fraction)


@pytest.mark.parametrize(("number", "plain"), SPELT)
def test_weights_of_acas_xu_are_too(tmp_path: Path, number: str, plain: str) -> None:
    assert nnet(tmp_path, number) == (vector([plain]), vector([plain]))
