"""Domains A x <= b in .npz archives: exact floats, and refusals."""

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tests.read.mutated_files import outcomes
from verishallow.errors import DomainError, InputError
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.npz import rows_of_npz
from verishallow.read.domains.texts import parse_domain


def archive(**arrays: Any) -> bytes:
    stream = io.BytesIO()
    np.savez(stream, **arrays)
    return stream.getvalue()


def domain(folder: Path, dimension: int, **arrays: Any) -> Polyhedron:
    (folder / "d.npz").write_bytes(archive(**arrays))
    return parse_domain(str(folder / "d.npz"), dimension)


A = np.array([[1, 1], [-1, 0], [0, -1]])
B = np.array([1, 0, 0])


@pytest.mark.parametrize("kind", [np.int64, np.int8, np.float16, np.float32, np.float64, ">f8"])
@pytest.mark.parametrize("shape", [(3,), (3, 1)])
def test_a_triangle(kind: Any, shape: tuple[int, ...], tmp_path: Path) -> None:
    found = domain(tmp_path, 2, A=A.astype(kind), b=B.astype(kind).reshape(shape))
    assert [str(form) for form in found.inequalities] == ["1 - x0 - x1", "x0", "x1"]


def test_floats_are_the_rationals_that_they_are() -> None:
    (row,) = rows_of_npz(archive(A=np.array([[0.1, -3]], np.float32), b=np.array([0.3])))
    assert [Fraction(str(a)) for a in row] == [Fraction(0.3), -Fraction(float(np.float32(0.1))), 3]


def test_the_points_are_those_with_a_x_at_most_b(tmp_path: Path) -> None:
    dice = np.random.default_rng(3)
    matrix, bound = dice.integers(-4, 5, (6, 3)) / 4, dice.integers(1, 9, 6) / 8
    found = domain(tmp_path, 3, A=matrix, b=bound)
    inside = 0
    for point in dice.integers(-8, 9, (200, 3)):
        values = [Fraction(int(a), 8) for a in point]
        holds = bool((matrix @ (point / 8) <= bound).all())
        assert found.contains(values) == holds
        inside += holds
    assert 10 < inside < 190


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "no array": ({}, "expected the arrays A, one row per inequality, and b with A x <= b, found none"),
    "no b": ({"A": A}, "and b with A x <= b, found 'A'"),
    "another array": ({"A": A, "b": B, "c": B}, "and b with A x <= b, found 'A', 'b', 'c'"),
    "small letters": ({"a": A, "b": B}, "and b with A x <= b, found 'a', 'b'"),
    "a vector for A": ({"A": B, "b": B}, "found the shapes [3] and [3]"),
    "too few bounds": ({"A": A, "b": B[:2]}, "found the shapes [3, 2] and [2]"),
    "bounds in a row": ({"A": A, "b": B.reshape(1, 3)}, "found the shapes [3, 2] and [1, 3]"),
    "another dimension": ({"A": A[:, :1], "b": B}, "inequality 0: expected 3 numbers b, a1, ..., a2, found 2"),
    "no inputs": ({"A": A[:, :0], "b": B}, "inequality 0: expected 3 numbers b, a1, ..., a2, found 1"),
    "NaN": ({"A": A * np.nan, "b": B}, "A: entry 0: expected a finite number, found nan"),
    "an infinite bound": ({"A": A, "b": B + np.inf}, "b: entry 0: expected a finite number, found inf"),
    "text": ({"A": A.astype(str), "b": B}, "entries of type str"),
    "an empty domain": ({"A": A, "b": B - 1}, "inequality 2, with those before it: the polyhedron is empty"),
    "a flat domain": ({"A": A, "b": B * 0}, "inequality 2, with those before it: the polyhedron is flat"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_other_archives_are_refused_with_one_line(name: str, tmp_path: Path) -> None:
    arrays, words = REFUSED[name]
    with pytest.raises(DomainError) as caught:
        domain(tmp_path, 2, **arrays)
    assert str(caught.value).startswith(str(tmp_path / "d.npz"))
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)


def test_an_archive_of_objects_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DomainError, match="entries of type object"):
        domain(tmp_path, 1, A=np.array([[None]]), b=np.array([0]))


def test_no_rows_are_all_of_space(tmp_path: Path) -> None:
    assert domain(tmp_path, 2, A=np.zeros((0, 2)), b=np.zeros(0)) == Polyhedron.whole_space(2)


def test_what_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "d.npz").write_bytes(b"PK nothing")
    with pytest.raises(DomainError, match=r"d\.npz: not a zip archive, or a damaged one"):
        parse_domain(str(tmp_path / "d.npz"), 2)
    with pytest.raises(InputError, match=r"absent\.npz: cannot be read"):
        parse_domain("absent.npz", 2)


def test_damaged_files_are_read_or_refused() -> None:
    found = outcomes(rows_of_npz, archive(A=A.astype(np.float32), b=B.astype(np.float32)), 1500)
    assert min(found["read"], found["refused"]) > 50
