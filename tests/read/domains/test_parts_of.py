"""Domains in parts: every point of a union lies in a part, flat sets become slices, empty ones vanish."""

import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.strategies import directions, points, rationals
from verishallow.affine import AffineForm
from verishallow.errors import DomainError, InputError
from verishallow.polyhedron import Polyhedron
from verishallow.rationals import Vector
from verishallow.read.domains.parts_of import INPUTS_ALONE, DomainPart, domain_parts
from verishallow.slices import Slice


def declared(inputs: int) -> str:
    return "".join(f"(declare-const X_{i} Real)\n" for i in range(inputs)) + "(declare-const Y_0 Real)\n"


def parts(folder: Path, inputs: int, formulas: str, on_slice: Slice | None = None) -> tuple[DomainPart, ...]:
    (folder / "p.vnnlib").write_text(declared(inputs) + formulas)
    return domain_parts(str(folder / "p.vnnlib"), inputs, on_slice)


def rows(part: DomainPart) -> set[str]:
    """The inequalities, as texts, in primitive integers."""
    return {str(form.primitive()) for form in part.polyhedron.inequalities}


def affine(part: DomainPart) -> list[str]:
    """The inputs in the parameters of the part's slice."""
    assert part.slice is not None
    return [str(form) for form in part.slice.affine_map.forms]


# -------------------------------------------------------------------------------------- Without VNN-LIB


def test_a_box_is_one_part_of_the_inputs() -> None:
    (part,) = domain_parts("box:-1,1", 2)
    assert (part.slice, rows(part)) == (None, {"1 + x0", "1 - x0", "1 + x1", "1 - x1"})
    assert domain_parts(None, 3) == (DomainPart(Polyhedron.whole_space(3)),)


def test_on_a_slice_a_box_is_about_the_parameters() -> None:
    line = Slice.line([0, 0, 0], [1, 2, 3])
    (part,) = domain_parts("box:-1,2", 3, line)
    assert (part.slice, rows(part)) == (line, {"1 + x0", "2 - x0"})
    (unit,) = domain_parts(None, 3, line)
    assert rows(unit) == {"x0", "1 - x0"}


def test_on_a_slice_a_ball_is_about_the_inputs() -> None:
    plane = Slice.plane([0, 0, 0], [1, 0, 1], [0, 2, 0])
    (part,) = domain_parts("ball:linf:0,0,0:1", 3, plane)
    assert (part.slice, rows(part)) == (plane, {"1 - x0", "1 + x0", "1 - 2*x1", "1 + 2*x1"})


def test_a_slice_of_other_inputs_is_refused() -> None:
    for text in (None, "box:0,1", "ball:linf:0,0:1", "absent.vnnlib"):
        with pytest.raises(DomainError, match="slice: expected a row for each of the 2 inputs of the network, found 3"):
            domain_parts(text, 2, Slice.line([0, 0, 0], [1, 1, 1]))


# ---------------------------------------------------------------------------------------------- VNN-LIB

WHOLE: dict[str, tuple[str, list[set[str]]]] = {
    "a box": ("(assert (<= X_0 1)) (assert (>= X_0 0.5)) (assert (< X_1 2))", [{"1 - x0", "-1 + 2*x0", "2 - x1"}]),
    "nothing at all": ("", [set()]),
    "a polyhedron": ("(assert (<= 0 X_0 X_1 1))", [{"x0", "-x0 + x1", "1 - x1"}]),
    "a union": ("(assert (or (<= X_0 1) (and (>= X_0 2) (<= X_1 0))))", [{"1 - x0"}, {"-2 + x0", "-x1"}]),
    "a union with an empty part": ("(assert (or (and (<= X_0 1) (>= X_0 2)) (>= X_1 3)))", [{"-3 + x1"}]),
    "a union with a part of one point": ("(assert (or (and (= X_0 1) (= X_1 2)) (>= X_1 3)))", [{"-3 + x1"}]),
    "a union with an empty oblique part": (
        "(assert (or (and (<= (+ X_0 X_1) 1) (>= (+ X_0 X_1) 2)) (>= X_1 3)))",
        [{"-3 + x1"}],
    ),
    "a union with one part twice": ("(assert (or (<= X_0 1) (<= (* 2 X_0) 2)))", [{"1 - x0"}]),
    "what is always true": ("(assert (<= X_0 1)) (assert (<= 0 1)) (assert (= 2 2.0))", [{"1 - x0"}]),
    "a union with what is never true": ("(assert (or (<= 2 1) (= 0 1) (<= X_0 1)))", [{"1 - x0"}]),
}


@pytest.mark.parametrize("name", WHOLE)
def test_parts_with_interior_points_are_about_the_inputs(name: str, tmp_path: Path) -> None:
    formulas, expected = WHOLE[name]
    found = parts(tmp_path, 2, formulas)
    assert [part.slice for part in found] == [None] * len(expected)
    assert [rows(part) for part in found] == expected


ABOUT_OUTPUTS = {
    "an output": "(assert (<= Y_0 1))",
    "an output and an input": "(assert (<= X_0 1)) (assert (>= (+ X_0 Y_0) 2))",
    "an output in a union": "(assert (or (<= X_0 1) (and (>= X_0 2) (>= Y_0 3))))",
    "an output that is not a number": "(assert (!= Y_0 1))",
    "an output between inputs": "(assert (<= X_0 Y_0 X_1))",
}


@pytest.mark.parametrize("name", ABOUT_OUTPUTS)
def test_what_asserts_something_about_outputs_is_a_property_and_no_domain(name: str, tmp_path: Path) -> None:
    with pytest.raises(DomainError, match=r"a property and no domain: it asserts '.*Y_0.*--domain-only.*inputs:FILE"):
        parts(tmp_path, 2, ABOUT_OUTPUTS[name])
    assert domain_parts(f"{INPUTS_ALONE}{tmp_path / 'p.vnnlib'}", 2)


def test_outputs_that_are_declared_alone_make_no_property(tmp_path: Path) -> None:
    (part,) = parts(tmp_path, 2, "(declare-const Y_1 Real) (assert (<= X_0 1))")
    assert rows(part) == {"1 - x0"}


FLAT: dict[str, tuple[str, list[str], set[str]]] = {
    "a fixed input": (
        "(assert (= X_1 0.5)) (assert (<= 0 X_0 1)) (assert (<= X_2 3))",
        ["x0", "1/2", "x1"],
        {"x0", "1 - x0", "3 - x1"},
    ),
    "bounds that meet": (
        "(assert (<= X_1 1)) (assert (>= X_1 1)) (assert (<= 0 X_0 X_2 1))",
        ["x0", "1", "x1"],
        {"x0", "1 - x1", "-x0 + x1"},
    ),
    "an oblique equation": (
        "(assert (= (+ X_0 X_1) 1)) (assert (<= 0 X_0 1))",
        ["1 - x0", "x0", "x1"],
        {"1 - x0", "x0"},
    ),
    "oblique bounds that meet": (
        "(assert (<= (+ X_0 X_1) 1)) (assert (>= (+ X_0 X_1) 1)) (assert (<= 0 X_1 1))",
        ["1 - x0", "x0", "x1"],
        {"1 - x0", "x0"},
    ),
    "three bounds that meet in a line": (
        "(assert (<= 0 X_0)) (assert (<= 0 X_1)) (assert (<= (+ X_0 X_1) 0)) (assert (<= 0 X_2 1))",
        ["0", "0", "x0"],
        {"x0", "1 - x0"},
    ),
    "a fixed input and an oblique equation": (
        "(assert (= X_0 1)) (assert (= X_1 (* 2 X_2))) (assert (<= 0 X_1 4))",
        ["1", "2*x0", "x0"],
        {"x0", "2 - x0"},
    ),
}


@pytest.mark.parametrize("name", FLAT)
def test_a_flat_part_is_a_slice_of_its_affine_hull(name: str, tmp_path: Path) -> None:
    formulas, on_slice, expected = FLAT[name]
    (part,) = parts(tmp_path, 3, formulas)
    assert (affine(part), rows(part)) == (on_slice, expected)


def test_a_union_may_have_parts_of_several_dimensions(tmp_path: Path) -> None:
    box, line = parts(tmp_path, 2, "(assert (or (<= 0 X_0 1) (and (= X_0 2) (<= 0 X_1 1))))")
    assert (box.slice, box.polyhedron.dimension) == (None, 2)
    assert (affine(line), rows(line)) == (["2", "x0"], {"x0", "1 - x0"})


def test_on_a_slice_a_file_is_about_the_inputs(tmp_path: Path) -> None:
    plane = Slice.plane([0, 0, 1], [1, 0, 1], [0, 2, 1])
    found = parts(tmp_path, 3, "(assert (or (<= 0 X_0 X_1 1) (>= X_2 2) (<= X_0 -3 X_2)))", plane)
    assert [(part.slice, rows(part)) for part in found] == [
        (plane, {"x0", "-x0 + 2*x1", "1 - 2*x1"}),
        (plane, {"-3 - x0"}),
    ]


def test_on_a_slice_what_follows_from_the_others_is_left_out(tmp_path: Path) -> None:
    box = "".join(f"(assert (<= -1 X_{i} {i + 1}))" for i in range(20))
    (part,) = parts(tmp_path, 20, box, Slice.line([0] * 20, [1] * 20))
    assert rows(part) == {"1 + x0", "1 - x0"}


def test_a_flat_part_of_a_slice_is_a_slice_of_a_slice(tmp_path: Path) -> None:
    plane = Slice.plane([0, 0, 0], [1, 0, 1], [0, 2, 0])
    (part,) = parts(tmp_path, 3, "(assert (= X_0 X_1)) (assert (<= 0 X_2 1))", plane)
    assert part.slice is not None
    assert (part.slice.inputs, part.slice.parameters) == (3, 1)
    for parameter in (mpq(0), mpq(1, 3)):
        x, y, z = part.slice.affine_map([parameter])
        assert x == y == z
    assert len(part.polyhedron.v_representation.vertices) == 2


REFUSED = {
    "no point": ("(assert (and (<= X_0 1) (>= X_0 2)))", "input constraints that hold at more than single points"),
    "one point": ("(assert (and (= X_0 1) (= X_1 2)))", "input constraints that hold at more than single points"),
    "one point in another way": (
        "(assert (and (<= 0 X_0) (<= 0 X_1) (<= (+ X_0 X_1) 0)))",
        "input constraints that hold at more than single points",
    ),
    "an empty union": ("(assert (or))", "input constraints that hold at more than single points"),
    "what is never true": ("(assert (<= 2 1))", "input constraints that hold at more than single points"),
    "an equation that is never true": ("(assert (= 2 (- X_0 X_0)))", "hold at more than single points, found none"),
    "no VNN-LIB": ("(assert X_0)", "p.vnnlib: statement 4: expected and, or, <="),
    "other inputs": ("(declare-const X_2 Real)", "p.vnnlib: expected 2 inputs, as the network has, found 3"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_files_without_a_domain_are_refused(name: str, tmp_path: Path) -> None:
    formulas, words = REFUSED[name]
    with pytest.raises(DomainError) as caught:
        parts(tmp_path, 2, formulas)
    assert words in str(caught.value)
    assert str(tmp_path / "p.vnnlib") in str(caught.value)


def test_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"absent\.vnnlib: cannot be read"):
        domain_parts("absent.vnnlib", 1)
    (tmp_path / "p.vnnlib").write_bytes(b"\xff\xfe")
    with pytest.raises(DomainError, match="expected UTF-8 text"):
        domain_parts(str(tmp_path / "p.vnnlib"), 1)


# -------------------------------------------------------------------------- The parts and the whole, at points


@st.composite
def constraints(draw: st.DrawFn) -> list[list[tuple[str, Sequence[Any], mpq]]]:
    """A union: lists of pairs (sign, linear part, right side), flat and empty ones often."""
    one = st.tuples(st.sampled_from(["<=", "<=", ">=", "="]), directions(3), rationals)
    return draw(st.lists(st.lists(one, min_size=1, max_size=5), min_size=1, max_size=3))


def spelled(union: list[list[tuple[str, Sequence[Any], mpq]]]) -> str:
    def one(sign: str, row: Sequence[Any], side: mpq) -> str:
        terms = " ".join(f"(* {a} X_{i})" for i, a in enumerate(row))
        return f"({sign} (+ {terms}) {side})"

    conjunctions = (f"(and {' '.join(one(*each) for each in conjunction)})" for conjunction in union)
    return f"(assert (or {' '.join(conjunctions)}))"


def holds(union: list[list[tuple[str, Sequence[Any], mpq]]], point: Vector) -> bool:
    def one(sign: str, row: Sequence[Any], side: mpq) -> bool:
        value = sum(a * x for a, x in zip(row, point, strict=True))
        return bool(value <= side if sign == "<=" else value >= side if sign == ">=" else value == side)

    return any(all(one(*each) for each in conjunction) for conjunction in union)


@given(constraints(), st.data())
@settings(max_examples=150, deadline=None)
def test_the_parts_are_the_set_but_for_single_points(
    tmp_path_factory: pytest.TempPathFactory, union: list[list[tuple[str, Sequence[Any], mpq]]], data: st.DataObject
) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        found = parts(folder, 3, spelled(union))
    except DomainError:
        found = ()
    for part in found:
        assert part.polyhedron.contains_strictly(part.polyhedron.interior_point())
        generators = part.polyhedron.v_representation
        for vertex in (*generators.vertices, part.polyhedron.interior_point()):
            assert holds(union, part.slice.affine_map(vertex) if part.slice else vertex)
    for point in data.draw(st.lists(points(3), min_size=4, max_size=4)):
        if any(part.slice is None and part.polyhedron.contains(point) for part in found):
            assert holds(union, point)
        elif holds(union, point):
            assert any(_on(part, point) for part in found) or _alone(union, point)


def _on(part: DomainPart, point: Vector) -> bool:
    """Whether a point is that of some parameters, which here are coordinates of it."""
    if part.slice is None:
        return part.polyhedron.contains(point)
    forms = part.slice.affine_map.forms
    k = part.slice.parameters
    where = [next(i for i, form in enumerate(forms) if form == AffineForm.coordinate(j, k)) for j in range(k)]
    parameters = [point[i] for i in where]
    return part.slice.affine_map(parameters) == point and part.polyhedron.contains(parameters)


def _alone(union: list[list[tuple[str, Sequence[Any], mpq]]], point: Vector) -> bool:
    """Whether each conjunction that holds there holds only there."""
    for conjunction in union:
        if holds([conjunction], point):
            sides = [(row, side, sign) for sign, row, side in conjunction]
            forms = [AffineForm.of([side, *(-a for a in row)]) for row, side, sign in sides if sign != ">="]
            forms += [AffineForm.of([-side, *row]) for row, side, sign in sides if sign != "<="]
            if Polyhedron(3, tuple(forms)).affine_dimension() != 0:
                return False
    return True


# ------------------------------------------------------------------------------------------ Many inputs


def image(n: int, free: int) -> str:
    """All inputs fixed but for the last few, as where a patch of an image may change."""
    fixed = "".join(f"(assert (<= X_{i} 0.5))\n(assert (>= X_{i} 0.5))\n" for i in range(n - free))
    return fixed + "".join(f"(assert (<= X_{i} 1))\n(assert (>= X_{i} 0))\n" for i in range(n - free, n))


def test_a_patch_of_a_large_image_is_a_slice(tmp_path: Path) -> None:
    start = time.perf_counter()
    (part,) = parts(tmp_path, 5000, image(5000, 3))
    assert time.perf_counter() - start < 30
    assert part.slice is not None
    assert (part.slice.inputs, part.slice.parameters) == (5000, 3)
    assert rows(part) == {f"{side}x{i}" for i in range(3) for side in ("", "1 - ")}


def test_a_box_around_an_image_is_read_at_once(tmp_path: Path) -> None:
    start = time.perf_counter()
    (part,) = parts(tmp_path, 300, "".join(f"(assert (<= -0.5 X_{i} 0.5))\n" for i in range(300)))
    assert time.perf_counter() - start < 20
    assert (part.slice, len(part.polyhedron.inequalities)) == (None, 600)


def test_too_many_free_inputs_ask_for_a_slice(tmp_path: Path) -> None:
    formulas = "".join(f"(assert (<= X_{i} 0.5))\n" for i in range(5000))
    with pytest.raises(DomainError, match=r"5000 free inputs in 5000 constraints are too many .*; name a slice, with"):
        parts(tmp_path, 5000, formulas)
    (part,) = parts(tmp_path, 5000, formulas, Slice.line([0] * 5000, [1] * 5000))
    assert rows(part) == {"1 - 2*x0"}


def test_the_parts_of_acas_xu_property_6(tmp_path: Path) -> None:
    """Two boxes that differ in one input."""
    one, other = ["-0.1", "0.5", "-0.5", "-0.5", "-0.5"], ["-0.1", "-0.5", "-0.5", "-0.5", "-0.5"]
    highs = (["0.7", "0.7", "-0.498", "0.5", "0.5"], ["0.7", "0", "-0.498", "0.5", "0.5"])
    boxes = (
        " ".join(f"(<= {low} X_{i} {high})" for i, (low, high) in enumerate(zip(*sides, strict=True)))
        for sides in zip((one, other), highs, strict=True)
    )
    found = parts(tmp_path, 5, f"(assert (or {' '.join(f'(and {box})' for box in boxes)}))")
    assert [len(part.polyhedron.inequalities) for part in found] == [10, 10]
    assert [len(part.polyhedron.v_representation.vertices) for part in found] == [32, 32]
