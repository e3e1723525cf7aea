"""Points as texts and as ``.npy`` files: every number exactly, and nothing else."""

import io
import pickle
import time
import tracemalloc
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq

from tests.read.mutated_files import outcomes
from verishallow.errors import InputError
from verishallow.read.domains.points import read_point


def npy(array: Any, **options: Any) -> bytes:
    stream = io.BytesIO()
    np.save(stream, array, **options)
    return stream.getvalue()


def read(data: bytes, folder: Path, dimension: int) -> list[Fraction]:
    (folder / "p.npy").write_bytes(data)
    return [Fraction(str(a)) for a in read_point(str(folder / "p.npy"), dimension)]


def test_a_text_has_one_number_a_coordinate() -> None:
    assert read_point("1/2, -3,0.1,1e-2", 4) == (mpq(1, 2), mpq(-3), mpq(1, 10), mpq(1, 100))


ARRAYS: dict[str, Any] = {
    "float16": np.array([0.1, -65504, 6e-8], np.float16),
    "float32": np.array([0.1, -3.4e38, 1e-45], np.float32),
    "float64": np.array([0.1, 1e308, 5e-324]),
    "float64 of the other byte order": np.array([0.1, -2.5], ">f8"),
    "int8": np.array([-128, 127], np.int8),
    "int64": np.array([-(2**63), 2**63 - 1]),
    "uint8, as pixels are": np.array([0, 255], np.uint8),
    "uint64": np.array([2**64 - 1], np.uint64),
    "an image, row by row": np.arange(6, dtype=np.float32).reshape(1, 2, 3),
    "columns first": np.asfortranarray(np.arange(6, dtype=np.float32).reshape(2, 3)),
    "a number alone": np.array(0.5),
    "minus zero": np.array([-0.0]),
}


@pytest.mark.parametrize("name", ARRAYS)
def test_an_array_is_read_exactly_in_row_major_order(name: str, tmp_path: Path) -> None:
    array = ARRAYS[name]
    assert read(npy(array), tmp_path, array.size) == [Fraction(entry.item()) for entry in array.reshape(-1)]


@pytest.mark.parametrize("version", [(1, 0), (2, 0)])
def test_both_versions_of_the_format_are_read(version: tuple[int, int], tmp_path: Path) -> None:
    stream = io.BytesIO()
    np.lib.format.write_array(stream, np.array([0.5, 2]), version)
    assert read(stream.getvalue(), tmp_path, 2) == [Fraction(1, 2), 2]


def test_the_suffix_may_be_in_capitals(tmp_path: Path) -> None:
    (tmp_path / "P.NPY").write_bytes(npy(np.array([0.25])))
    assert read_point(str(tmp_path / "P.NPY"), 1) == (mpq(1, 4),)


class RunsCode:
    def __reduce__(self) -> tuple[Any, ...]:
        return (pytest.fail, ("something was unpickled",))


def header(text: str) -> bytes:
    """The beginning of a file with this header."""
    padded = text.encode().ljust(118) + b"\n"
    return b"\x93NUMPY\x01\x00" + len(padded).to_bytes(2, "little") + padded


def claiming(shape: str, kind: str = "<f8") -> bytes:
    return header(f"{{'descr': '{kind}', 'fortran_order': False, 'shape': {shape}, }}") + bytes(16)


GOOD = npy(np.array([0.5, 2]))

REFUSED: dict[str, tuple[bytes, str]] = {
    "nothing": (b"", "expected an array in NumPy's .npy format, found a damaged header"),
    "text": (b"0.5, 2\n", "expected an array in NumPy's .npy format, found a damaged header"),
    "a header cut short": (GOOD[:60], "found a damaged header"),
    "data cut short": (GOOD[:-1], "expected as much data as fills its shape [2], found 15 bytes"),
    "data too long": (GOOD + b"\0", "expected as much data as fills its shape [2], found 17 bytes"),
    "a later version": (b"\x93NUMPY\x03\x00" + GOOD[8:], "of version 1 or 2, found another"),
    "objects": (
        npy(np.array([RunsCode(), 1], object), allow_pickle=True),
        "found entries of type object",
    ),
    "a bare pickle": (pickle.dumps([0.5, 2]), "found a damaged header"),
    "text entries": (npy(np.array(["a", "b"])), "expected an array of real numbers, found entries of type str"),
    "complex numbers": (npy(np.array([1j, 2])), "found entries of type complex128"),
    "truth values": (npy(np.array([True, False])), "found entries of type bool"),
    "dates": (npy(np.array(["2020-01-01", "2021-01-01"], "M8[D]")), "found entries of type datetime64[D]"),
    "records": (npy(np.zeros(2, [("a", "f8")])), "found entries of type void"),
    "long doubles": (npy(np.zeros(2, np.longdouble)), "expected floats of 16, 32 or 64 bits, or integers"),
    "NaN": (npy(np.array([0.5, float("nan")])), "point: entry 1: expected a finite number, found nan"),
    "an infinity": (npy(np.array([float("-inf"), 2])), "point: entry 0: expected a finite number, found -inf"),
    "other coordinates": (npy(np.zeros(3)), "expected 2 coordinates, found 3"),
    "none": (npy(np.zeros(0)), "expected 2 coordinates, found 0"),
    "a huge shape": (claiming("(10**12,)"), "found a damaged header"),
    "a huge number in the shape": (claiming("(1000000000000,)"), "fills its shape [1000000000000], found 16 bytes"),
    "a negative shape": (claiming("(-2, -1)"), "expected as much data as fills its shape [-2, -1], found 16 bytes"),
    "a shape that overflows": (claiming(f"({2**62}, 4)"), "expected as much data as fills its shape"),
    "a shape of floats": (claiming("(2.0,)"), "found a damaged header"),
    "code in the header": (header("__import__('os').abort()"), "found a damaged header"),
    "a deeply nested header": (header("(" * 118), "found a damaged header"),
    "an unknown type": (claiming("(2,)", "q9"), "found a damaged header"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_files_are_refused_with_one_line(name: str, tmp_path: Path) -> None:
    data, words = REFUSED[name]
    with pytest.raises(InputError) as caught:
        read(data, tmp_path, 2)
    assert str(caught.value).startswith(str(tmp_path / "p.npy"))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


BOMBS = {
    "a long header": b"\x93NUMPY\x02\x00" + (1 << 24).to_bytes(4, "little") + b"[" * (1 << 24),
    "a header that says it is long": b"\x93NUMPY\x02\x00\xff\xff\xff\xff{",
    "many dimensions": claiming("(" + "1," * 30 + ")"),
    "a large array": npy(np.zeros(2_000_000, np.uint8)),
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_hostile_ends_soon_in_little_memory(name: str, tmp_path: Path) -> None:
    (tmp_path / "p.npy").write_bytes(BOMBS[name])
    tracemalloc.start()
    start = time.perf_counter()
    with pytest.raises(InputError):
        read_point(str(tmp_path / "p.npy"), 2_000_000)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert time.perf_counter() - start < 10
    assert peak < 100_000_000


def test_damaged_files_are_read_or_refused(tmp_path: Path) -> None:
    found = outcomes(lambda data: read(data, tmp_path, 2), GOOD, 2000)
    assert min(found["read"], found["refused"]) > 100


TEXTS = {
    "another dimension": ("1,2,3", "expected 2 coordinates, found 3"),
    "a word": ("1,x", "point '1,x', x1: expected a rational"),
    "a hole": ("1,", "point '1,', x1: expected a rational"),
    "a file of another kind": ("point.txt", "point 'point.txt': expected 2 coordinates, found 1"),
    "no file": ("absent.npy", "absent.npy: cannot be read: No such file or directory"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_other_texts_are_refused(name: str) -> None:
    text, words = TEXTS[name]
    with pytest.raises(InputError) as caught:
        read_point(text, 2)
    assert words in str(caught.value)
