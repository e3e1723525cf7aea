"""Input constraints of VNN-LIB files: both versions, unions, exact numbers, refusals, and damaged files."""

import time
import tracemalloc
from collections.abc import Sequence
from contextlib import suppress
from itertools import pairwise
from typing import Any

import pytest
from gmpy2 import mpq
from hypothesis import given
from hypothesis import strategies as st

from tests.read.mutated_files import outcomes
from verishallow.errors import DomainError, InputError
from verishallow.rationals import Vector, parse_rational
from verishallow.read.domains import vnnlib
from verishallow.read.domains.vnnlib import InputConstraints, Linear, constraints_of_vnnlib
from verishallow.read.files import utf8_text

TWO = "(declare-const X_0 Real) (declare-const X_1 Real) (declare-const Y_0 Real) (declare-const Y_1 Real)\n"


def tensors(*members: str) -> str:
    return f"(vnnlib-version <2.0>)\n(declare-network f {' '.join(members)})\n"


def rows(forms: Sequence[Linear], inputs: int) -> list[list[str]]:
    """Dense rows, as texts."""
    return [[str(form.constant), *(str(dict(form.terms).get(i, mpq(0))) for i in range(inputs))] for form in forms]


def read(text: str) -> list[tuple[list[list[str]], list[list[str]]]]:
    """The inequalities and the equations of each part."""
    found = constraints_of_vnnlib(text)
    return [(rows(part.inequalities, found.inputs), rows(part.equations, found.inputs)) for part in found.parts]


def one(*inequalities: list[str]) -> list[Any]:
    return [(list(inequalities), [])]


AT_LEAST_2, AT_MOST_2 = ["-2", "1", "0"], ["2", "-1", "0"]

FORMULAS: dict[str, tuple[str, list[Any]]] = {
    "nothing about inputs": ("(assert (<= Y_0 Y_1))", [([], [])]),
    "no assertion": ("", [([], [])]),
    "at most": ("(assert (<= X_0 2))", one(AT_MOST_2)),
    "at least": ("(assert (>= X_0 2))", one(AT_LEAST_2)),
    "less, read as closed": ("(assert (< X_0 2))", one(AT_MOST_2)),
    "more, read as closed": ("(assert (> X_0 2))", one(AT_LEAST_2)),
    "a number first": ("(assert (<= 2 X_0))", one(AT_LEAST_2)),
    "a chain": ("(assert (<= -1 X_0 X_1 3))", one(["1", "1", "0"], ["0", "-1", "1"], ["3", "0", "-1"])),
    "a descending chain": ("(assert (> 3 X_0 -1))", one(["3", "-1", "0"], ["1", "1", "0"])),
    "a chain through an output": ("(assert (<= X_0 Y_0 X_1))", [([], [])]),
    "an equation": ("(assert (= X_0 1/2))", [([], [["-1/2", "1", "0"]])]),
    "an equation of version 2": ("(assert (== X_0 (* 2 X_1)))", [([], [["0", "1", "-2"]])]),
    "an inequation says nothing of the closure": ("(assert (!= X_0 2))", [([], [])]),
    "two bounds that meet": ("(assert (<= X_0 2)) (assert (>= X_0 2))", one(AT_MOST_2, AT_LEAST_2)),
    "one bound twice": ("(assert (<= X_0 2)) (assert (and (<= X_0 2.0)))", one(AT_MOST_2)),
    "sums": ("(assert (<= (+ X_0 X_1 1) (- X_1 3 X_0)))", one(["-4", "-2", "0"])),
    "a negative": ("(assert (<= (- X_0) (- 2)))", one(AT_LEAST_2)),
    "products": ("(assert (>= (* 2 (+ X_0 (* X_1 -3 0.5)) 1/2) 0))", one(["0", "1", "-3/2"])),
    "a product with 0": ("(assert (>= (+ X_0 (* 0 X_1)) 2))", one(AT_LEAST_2)),
    "quotients": ("(assert (<= (/ X_0 3) (/ 1.0 3.0)))", one(["1/3", "-1/3", "0"])),
    "a decimal": ("(assert (<= X_0 0.1))", one(["1/10", "-1", "0"])),
    "scientific decimals": ("(assert (<= 1e-3 X_0 -1.5E+2))", one(["-1/1000", "1", "0"], ["-150", "-1", "0"])),
    "many digits": ("(assert (<= X_0 0.6798577687000001))", one(["6798577687000001/10000000000000000", "-1", "0"])),
    "a union": ("(assert (or (<= X_0 2) (>= X_0 2)))", [*one(AT_MOST_2), *one(AT_LEAST_2)]),
    "a union of boxes": (
        "(assert (or (and (<= X_0 2) (<= X_1 0)) (and (>= X_0 2) (>= X_1 0))))",
        [*one(AT_MOST_2, ["0", "0", "-1"]), *one(AT_LEAST_2, ["0", "0", "1"])],
    ),
    "two unions": (
        "(assert (or (<= X_0 2) (>= X_0 2))) (assert (or (<= X_1 0) (>= X_1 0)))",
        [
            *one(AT_MOST_2, ["0", "0", "-1"]),
            *one(AT_MOST_2, ["0", "0", "1"]),
            *one(AT_LEAST_2, ["0", "0", "-1"]),
            *one(AT_LEAST_2, ["0", "0", "1"]),
        ],
    ),
    "a union and a bound": (
        "(assert (or (<= X_0 2) (>= X_0 2))) (assert (<= X_1 0))",
        [*one(["0", "0", "-1"], AT_MOST_2), *one(["0", "0", "-1"], AT_LEAST_2)],
    ),
    "a union with one part twice": ("(assert (or (<= X_0 2) (< X_0 2) (>= 2 X_0)))", one(AT_MOST_2)),
    "one part in another order": (
        "(assert (or (and (<= X_0 2) (<= X_1 0)) (and (<= X_1 0) (<= X_0 2))))",
        one(AT_MOST_2, ["0", "0", "-1"]),
    ),
    "inputs or outputs": ("(assert (or (<= X_0 2) (<= Y_0 2)))", [([], [])]),
    "inputs and outputs together": (
        "(assert (or (and (<= X_0 2) (<= Y_0 2)) (and (>= X_0 2) (>= Y_0 2))))",
        [*one(AT_MOST_2), *one(AT_LEAST_2)],
    ),
    "a relation of inputs and outputs": ("(assert (<= (+ X_0 Y_0) (* X_0 Y_1)))", [([], [])]),
    "an empty union": ("(assert (or))", []),
    "a comment": ("; (assert (<= X_0 0))\n(assert (<= X_0 2)) ; (assert\n", one(AT_MOST_2)),
    "comments in a formula": ("(assert ; here\n (<= X_0 ; )\n 2))", one(AT_MOST_2)),
    "one word a line": ("(\nassert\n(\n<=\r\n\tX_0\n2\n)\n)", one(AT_MOST_2)),
    "other statements": ('(set-info :source "here (there")(check-sat)(get-model)(assert (<= X_0 2))', one(AT_MOST_2)),
}


@pytest.mark.parametrize("name", FORMULAS)
def test_formulas_are_unions_of_polyhedra(name: str) -> None:
    formula, parts = FORMULAS[name]
    assert read(TWO + formula) == parts


@pytest.mark.parametrize("name", FORMULAS)
def test_both_versions_say_the_same(name: str) -> None:
    formula, parts = FORMULAS[name]
    for old, new in (("X_0", "X[0,0]"), ("X_1", "X[0, 1]"), ("Y_0", "Y[0]"), ("Y_1", "Y[ 1 ]")):
        formula = formula.replace(old, new)
    declared = tensors("(declare-input X float32 [1,2])", "(declare-output Y Real [2])")
    assert read(declared + formula) == parts


def test_inputs_have_the_place_of_their_number() -> None:
    text = "(declare-fun X_1 () Real) (declare-const Y_0 Real) (declare-fun X_0 () Real) (assert (<= X_1 2))"
    assert read(text) == one(["2", "0", "-1"])


TENSORS: dict[str, tuple[tuple[str, ...], str, int, int]] = {
    "a vector": (("(declare-input X Real [3])",), "X[2]", 3, 2),
    "a matrix, the last index first": (("(declare-input X Real [2,3])",), "X[1,0]", 6, 3),
    "spaces in a shape": (("(declare-input X Real [ 1, 2 ,3 ])",), "X[0,1,1]", 6, 4),
    "a scalar": (("(declare-input X Real [])",), "X", 1, 0),
    "a tensor of one entry": (("(declare-input X Real [1,1])",), "X", 1, 0),
    "its one entry": (("(declare-input X Real [1,1])",), "X[0,0]", 1, 0),
    "two inputs": (("(declare-input A Real [2])", "(declare-input B Real [2,2])"), "B[0,1]", 6, 3),
    "another order": (("(declare-output Y Real [9])", "(declare-input X Real [2])"), "X[1]", 2, 1),
    "hidden ones": (('(declare-hidden H Real [1,2] "a (b")', "(declare-input X Real [2])"), "X[1]", 2, 1),
    "a word more": (("(declare-input X Real [2] initialized)",), "X[1]", 2, 1),
}


@pytest.mark.parametrize("name", TENSORS)
def test_tensors_are_numbered_through(name: str) -> None:
    declarations, entry, inputs, place = TENSORS[name]
    found = constraints_of_vnnlib(tensors(*declarations) + f"(assert (<= {entry} 0))")
    assert (found.inputs, found.parts[0].inequalities[0].terms) == (inputs, ((place, mpq(-1)),))


def test_an_acas_xu_property() -> None:
    bounds = [("0.6", "0.6798577687"), ("-0.5", "0.5"), ("-0.5", "0.5"), ("0.45", "0.5"), ("-0.5", "-0.45")]
    declared = "".join(f"(declare-const {name}_{i} Real)\n" for name in "XY" for i in range(5))
    lines = "".join(f"(assert (<= X_{i} {high}))\n(assert (>= X_{i} {low}))\n" for i, (low, high) in enumerate(bounds))
    found = constraints_of_vnnlib(f"; property 1\n{declared}{lines}(assert (>= Y_0 3.991125645861615))")
    ((inequalities, equations),) = read(f"{declared}{lines}")
    assert (found.inputs, len(found.parts), equations) == (5, 1, [])
    assert [row[0] for row in inequalities[:2]] == ["6798577687/10000000000", "-3/5"]
    assert [form.terms[0][0] for form in found.parts[0].inequalities] == [i for i in range(5) for _ in "<>"]


# ---------------------------------------------------------------------- What a formula says, at points

Formula = tuple[Any, ...]

numbers = st.sampled_from(["0", "1", "-1", "0.5", "-2.5e-1", "3", "1e1"])
variables = st.sampled_from(["X_0", "X_1"])
linear: st.SearchStrategy[Any] = st.recursive(
    st.one_of(numbers, variables),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map(lambda terms: ("+", *terms)),
        st.lists(inner, min_size=1, max_size=3).map(lambda terms: ("-", *terms)),
        st.tuples(st.just("*"), numbers, inner),
        st.tuples(st.just("*"), inner, numbers, numbers),
        st.tuples(st.just("/"), inner, st.sampled_from(["2", "-3"])),
    ),
    max_leaves=4,
)
comparisons = st.tuples(st.sampled_from(["<=", ">=", "<", ">", "="]), st.lists(linear, min_size=2, max_size=3)).map(
    lambda pair: (pair[0], *pair[1])
)
outputs = st.sampled_from([("<=", "Y_0", "X_0"), (">=", ("+", "Y_1", "1"), "0"), ("!=", "X_0", "X_1")])
formulas: st.SearchStrategy[Any] = st.recursive(
    st.one_of(comparisons, comparisons, outputs),
    lambda inner: st.tuples(st.sampled_from(["and", "or"]), st.lists(inner, min_size=1, max_size=3)).map(
        lambda pair: (pair[0], *pair[1])
    ),
    max_leaves=6,
)


def spelled(expression: Any) -> str:
    return expression if isinstance(expression, str) else f"({' '.join(map(spelled, expression))})"


def value(expression: Any, point: Vector) -> mpq:
    if isinstance(expression, str):
        return point[int(expression[2:])] if expression.startswith("X") else parse_rational(expression)
    sign, *operands = expression[0], *(value(operand, point) for operand in expression[1:])
    first, *others = operands
    if sign == "-":
        return first - sum(others) if others else -first
    total = first
    for other in others:
        total = total + other if sign == "+" else total * other if sign == "*" else total / other
    return total


def holds(formula: Any, point: Vector) -> bool:
    """By the closed reading; of outputs nothing is known."""
    sign, *operands = formula
    if sign in ("and", "or"):
        return (all if sign == "and" else any)(holds(operand, point) for operand in operands)
    if "Y_" in spelled(formula) or sign == "!=":
        return True
    pairs = [(value(a, point), value(b, point)) for a, b in pairwise(operands)]
    return all(a <= b if sign in ("<", "<=") else a >= b if sign in (">", ">=") else a == b for a, b in pairs)


def contains(constraints: InputConstraints, point: Vector) -> bool:
    def at(form: Linear) -> mpq:
        return form.constant + sum(a * point[i] for i, a in form.terms)

    return any(
        all(at(form) >= 0 for form in part.inequalities) and all(at(form) == 0 for form in part.equations)
        for part in constraints.parts
    )


@given(st.lists(formulas, min_size=1, max_size=3), st.data())
def test_a_union_holds_just_the_points_where_the_formulas_hold(asserted: list[Any], data: st.DataObject) -> None:
    found = constraints_of_vnnlib(TWO + " ".join(f"(assert {spelled(formula)})" for formula in asserted))
    coordinates = st.sampled_from([mpq(a, 4) for a in (-12, -4, -3, -1, 0, 1, 2, 3, 4, 12, 40)])
    for point in data.draw(st.lists(st.tuples(coordinates, coordinates), min_size=8, max_size=8)):
        assert contains(found, point) == all(holds(formula, point) for formula in asserted)


# ------------------------------------------------------------------------------------------------ Refused

X2 = tensors("(declare-input X Real [2])")

REFUSED: dict[str, tuple[str, str]] = {
    "nothing": ("", "expected declarations of inputs, X_0 or declare-input, found none"),
    "outputs alone": ("(declare-const Y_0 Real)", "expected declarations of inputs"),
    "no expression": ("hello", "expected a statement in parentheses, found 'hello'"),
    "cut short": (TWO + "(assert (<= X_0 2)", "an opening parenthesis without a closing one: the file is cut short"),
    "a parenthesis too many": (TWO + "(assert (<= X_0 2)))", "a closing parenthesis without an opening one"),
    "nested too deep": (TWO + "(assert " + "(and " * 300 + "(<= X_0 2)" + ")" * 301, "nested more than 200 deep"),
    "an unknown variable": (TWO + "(assert (<= X_2 2))", "statement 5: 'X_2' is not declared"),
    "a variable before it is declared": ("(assert (<= X_0 2)) (declare-const X_0 Real)", "statement 1: 'X_0' is not"),
    "a number that is missing": ("(declare-const X_0 Real) (declare-const X_2 Real)", "X_1 is not declared, but an"),
    "declared twice": (TWO + "(declare-const X_1 Real)", "statement 5: 'X_1' is declared twice"),
    "another name": ("(declare-const input Real)", "expected a variable X_0, X_1, ... or Y_0, ..., found 'input'"),
    "a leading zero": ("(declare-const X_00 Real)", "expected a variable X_0, X_1, ... or Y_0, ..., found 'X_00'"),
    "a declaration without a type": ("(declare-const X_0)", "expected (declare-const X_0 Real) or (declare-network"),
    "two networks": (X2 + X2, "statement 4: expected one network, found a second"),
    "a related network": (tensors("(equal-to g)", "(declare-input X Real [2])"), "one that is related to another"),
    "both versions": (TWO + X2, "'X': expected variables one by one or in a network, found both"),
    "a tensor without a shape": (tensors("(declare-input X Real)"), "expected (declare-input NAME TYPE [SIZES])"),
    "a shape of words": (tensors("(declare-input X Real [a])"), "'X': expected a shape such as [1,5], found '[a]'"),
    "a shape with nothing in it": (tensors("(declare-input X Real [2,0])"), "expected a shape such as [1,5], found"),
    "a shape with a sign": (tensors("(declare-input X Real [-2])"), "expected a shape such as [1,5], found '[-2]'"),
    "too few indices": (X2 + "(assert (<= X 0))", "expected an entry of X, of shape [2], found 'X'"),
    "too many indices": (X2 + "(assert (<= X[0,0] 0))", "expected an entry of X, of shape [2], found 'X[0,0]'"),
    "an index too large": (X2 + "(assert (<= X[2] 0))", "expected an entry of X, of shape [2], found 'X[2]'"),
    "an index below 0": (X2 + "(assert (<= X[-1] 0))", "expected an entry of X, of shape [2], found 'X[-1]'"),
    "a product of inputs": (TWO + "(assert (<= (* X_0 X_1) 2))", "a product of two variables is not linear"),
    "a square": (TWO + "(assert (<= (* 2 X_0 X_0) 2))", "a product of two variables is not linear"),
    "a division by an input": (TWO + "(assert (<= (/ 1 X_0) 2))", "expected a division by a number other than 0"),
    "a division by 0": (TWO + "(assert (<= (/ X_0 0.0) 2))", "expected a division by a number other than 0"),
    "another operator": (TWO + "(assert (<= (abs X_0) 2))", "expected a linear expression, found '(abs X_0)'"),
    "a sum of nothing": (TWO + "(assert (<= (+) 2))", "expected a linear expression, found '(+)'"),
    "a negation": (TWO + "(assert (not (<= X_0 2)))", "expected and, or, <=, >=, <, >, = or !=, found '(not (<= X_0 2"),
    "a word for a formula": (TWO + "(assert true)", "expected and, or, <=, >=, <, >, = or !=, found 'true'"),
    "an empty formula": (TWO + "(assert ())", "expected and, or, <=, >=, <, >, = or !=, found '()'"),
    "two formulas": (TWO + "(assert (<= X_0 2) (<= X_1 2))", "statement 5: expected one formula, found 2"),
    "no formula": (TWO + "(assert)", "statement 5: expected one formula, found 0"),
    "one side": (TWO + "(assert (<= X_0))", "a comparison needs two sides"),
    "an infinity": (TWO + "(assert (<= X_0 inf))", "'inf' is not declared"),
    "no number": (TWO + "(assert (<= X_0 1.2.3))", "expected a declared variable or a number: expected a rational"),
    "a huge exponent": (TWO + "(assert (<= X_0 1e99999))", "'1e99999' needs more than 4000 digits"),
    "too many parts": (
        TWO + "".join(f"(assert (or (<= X_0 {i}) (>= X_1 {i})))" for i in range(11)),
        "the union has more than 1024 parts",
    ),
    "a string without end": (TWO + '(set-info "x)', "found a quotation mark without a second one"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_read_is_refused_with_one_line(name: str) -> None:
    text, words = REFUSED[name]
    with pytest.raises(InputError) as caught:
        constraints_of_vnnlib(text)
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 300


# -------------------------------------------------------------------------------------- Hostile and damaged

HUGE = "1e3999"
BOMBS: dict[str, str] = {
    "many variables": tensors("(declare-input X Real [999999999])"),
    "variables beyond counting": tensors(f"(declare-input X Real [{','.join(['999999999'] * 16)}])"),
    "a long shape": tensors(f"(declare-input X Real [{','.join(['1'] * 100_000)}])"),
    "products of long numbers": TWO + f"(assert (<= (* {' '.join([HUGE] * 1000)} X_0) 0))",
    "nested products of long numbers": TWO + f"(assert (<= {f'(* {HUGE} ' * 150}X_0{')' * 150} 0))",
    "long numbers": tensors("(declare-input X Real [20000])")
    + f"(assert (<= (* {HUGE} (+ {' '.join(f'X[{i}]' for i in range(20_000))})) 0))",
    "unions of unions": TWO + "(assert (and" + " (or (<= X_0 1) (<= X_0 2) (<= X_0 3))" * 40 + "))",
    "a wide union": TWO + "(assert (or" + "".join(f" (<= X_0 {i})" for i in range(50_000)) + "))",
    "a union of unions": TWO + "(assert " + "(or (<= X_0 0) " * 150 + "(<= X_1 0)" + ")" * 151,
    "many bounds of many unions": TWO
    + "".join(f"(assert (<= X_0 {i}))" for i in range(20_000))
    + "".join(f"(assert (or (<= X_0 {i}) (>= X_1 {i})))" for i in range(10)),
    "one sum scaled often": tensors("(declare-input X Real [20000])")
    + f"(assert (<= {'(* 2 ' * 190}(+ {' '.join(f'X[{i}]' for i in range(20_000))}){')' * 190} 0))",
    "parentheses": "(" * 1_000_000,
    "closing parentheses": "()" * 200_000 + ")",
    "quotes": '(a "' * 1000,
    "backslashes": '("' + "\\" * 100_001,
    "brackets": "(a[" * 150 + "[" * 100_000,
    "a long word": "(" + "a" * 2_000_000,
}


@pytest.mark.parametrize("name", BOMBS)
def test_what_is_hostile_ends_soon(name: str) -> None:
    start = time.perf_counter()
    with suppress(InputError):
        constraints_of_vnnlib(BOMBS[name])
    assert time.perf_counter() - start < 30


@pytest.mark.parametrize("name", ["many variables", "a long shape", "nested products of long numbers", "long numbers"])
def test_what_is_hostile_takes_little_memory(name: str) -> None:
    tracemalloc.start()
    with suppress(InputError):
        constraints_of_vnnlib(BOMBS[name])
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 100_000_000


def test_a_file_too_long_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vnnlib, "MOST_TEXT", len(TWO))
    assert constraints_of_vnnlib(TWO).inputs == 2
    with pytest.raises(InputError, match="MiB of text, found more"):
        constraints_of_vnnlib(TWO + " ")


def test_hundreds_of_inputs_are_read_at_once() -> None:
    declared = "".join(f"(declare-const X_{i} Real)\n" for i in range(784))
    bounds = "".join(f"(assert (<= X_{i} 0.{i}1))\n(assert (>= X_{i} -0.1))\n" for i in range(784))
    start = time.perf_counter()
    found = constraints_of_vnnlib(declared + bounds)
    assert time.perf_counter() - start < 10
    assert (found.inputs, len(found.parts[0].inequalities)) == (784, 1568)


SMALL = {
    "version 1": TWO
    + "(assert (or (and (<= X_0 1.5e-1) (>= X_1 (* 2 X_0))) (= X_1 -3)))\n(assert (<= Y_0 (+ Y_1 1)))\n",
    "version 2": tensors(
        "(declare-input X Real [2, 2])", '(declare-hidden H Real [2] "n")', "(declare-output Y Real [])"
    )
    + "(assert (<= -1 X[0,1] (- (* 0.5 X[1,1]) 2) ))\n(assert (!= Y 3)) ; end\n",
}


@pytest.mark.parametrize("name", SMALL)
def test_damaged_files_are_read_or_refused(name: str) -> None:
    start = time.perf_counter()
    found = outcomes(lambda data: constraints_of_vnnlib(utf8_text(data)), SMALL[name].encode(), 3000)
    assert min(found["read"], found["refused"]) > 100
    assert time.perf_counter() - start < 60


def test_errors_are_about_the_domain() -> None:
    with pytest.raises(DomainError):
        constraints_of_vnnlib(TWO + "(assert true)")
