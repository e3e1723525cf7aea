"""Slices in JSON: any rational affine map, spelled exactly; everything else is refused with one line."""

import json
import time
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq

from tests.read.mutated_files import outcomes
from verishallow.errors import DomainError, InputError
from verishallow.read.domains.slices import slice_from_file, slice_from_json, slice_to_json
from verishallow.read.files import utf8_text
from verishallow.slices import Slice

HEAD = {"format": "verishallow-slice", "version": 1}
PLANE = {**HEAD, "rows": [["1/2", "1", "0"], ["0", "-1/3", "2"], ["7", "0", "0"]]}


def test_a_row_is_an_input_in_the_parameters() -> None:
    plane = slice_from_json(json.dumps(PLANE))
    assert (plane.inputs, plane.parameters) == (3, 2)
    assert plane.embedding([3, 1]) == (mpq(7, 2), mpq(1), mpq(7))


def test_numbers_are_rationals_or_exact_decimals() -> None:
    text = '{"format": "verishallow-slice", "version": 1, "rows": [[0.1, 1e-2], ["-3/4", "2.5"]]}'
    assert slice_from_json(text) == Slice.of([["1/10", "1/100"], ["-3/4", "5/2"]])


def test_a_slice_is_written_as_it_is_read() -> None:
    plane = Slice.plane([0, 0, "1/3"], [1, 0, 1], [0, "2/7", 1])
    assert slice_from_json(json.dumps(slice_to_json(plane))) == plane


def test_a_map_need_not_be_one_to_one() -> None:
    assert slice_from_json(json.dumps({**HEAD, "rows": [["1", "0", "0"]]})).parameters == 2


def rows(value: Any) -> str:
    return json.dumps({**HEAD, "rows": value})


REFUSED: dict[str, tuple[str, str]] = {
    "nothing": ("", "not JSON: "),
    "no object": ("[]", "slice: expected an object {...}, found an array"),
    "no rows": (json.dumps(HEAD), "slice: the key 'rows' is missing"),
    "no format": (json.dumps({"version": 1, "rows": [["0", "1"]]}), "slice: the key 'format' is missing"),
    "another format": (json.dumps({**PLANE, "format": "verishallow-domain"}), "format: expected 'verishallow-slice'"),
    "another version": (json.dumps({**PLANE, "version": 2}), "version: expected 1, found 2"),
    "an unknown key": (json.dumps({**PLANE, "domain": []}), "slice: unknown key 'domain'"),
    "a key twice": ('{"format": "verishallow-slice", "version": 1, "rows": [], "rows": []}', "'rows' appears twice"),
    "no row": (rows([]), "rows: expected rows [b, a1, ..., ak] of one length, k >= 1, found lengths []"),
    "rows that are an object": (rows({}), "rows: expected an array [...], found an object"),
    "a row that is a text": (rows(["01"]), "row 0: expected an array [...], found '01'"),
    "an empty row": (rows([[]]), "rows: expected rows [b, a1, ..., ak] of one length, k >= 1, found lengths [0]"),
    "constants alone": (rows([["1"], ["2"]]), "k >= 1, found lengths [1]"),
    "rows of several lengths": (rows([["1", "2"], ["1", "2", "3"]]), "found lengths [2, 3]"),
    "a word": (rows([["0", "x"]]), "row 0, column 1: expected a rational such as"),
    "null": (rows([["0", None]]), "row 0, column 1: expected a rational such as"),
    "NaN": (
        '{"format": "verishallow-slice", "version": 1, "rows": [[0, NaN]]}',
        "row 0, column 1: expected a rational",
    ),
    "a division by zero": (rows([["0", "1/0"]]), "row 0, column 1: the denominator of '1/0' is zero"),
    "a huge exponent": (rows([["0", "1e99999"]]), "row 0, column 1: '1e99999' needs more than 4000 digits"),
    "cut short": (json.dumps(PLANE)[:-9], "not JSON: "),
    "nested too deep": (rows([["0", "1"]])[:-1] + ', "x": ' + "[" * 100_000, "brackets are nested too deeply"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_with_one_line(name: str, tmp_path: Path) -> None:
    text, words = REFUSED[name]
    (tmp_path / "slice.json").write_text(text)
    with pytest.raises(DomainError) as caught:
        slice_from_file(str(tmp_path / "slice.json"))
    assert str(caught.value).startswith(str(tmp_path / "slice.json"))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(InputError, match=r"absent\.json: cannot be read: No such file"):
        slice_from_file("absent.json")


def test_damaged_files_are_read_or_refused() -> None:
    start = time.perf_counter()
    found = outcomes(lambda data: slice_from_json(utf8_text(data)), json.dumps(PLANE).encode(), 2000)
    assert min(found["read"], found["refused"]) > 20
    assert time.perf_counter() - start < 60
