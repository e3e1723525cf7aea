"""Comparisons, signs and choices: exact where the result is continuous, refused as not continuous where it jumps."""

from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, integers, node
from verishallow.errors import InputError
from verishallow.rationals import vector
from verishallow.read.onnx.network import network_from_onnx
from verishallow.read.onnx.refusals import JUMPING
from verishallow.read.onnx.tensors import MULTIPLICATIVE

OPERATORS = {
    ">": "Greater", ">=": "GreaterOrEqual", "<": "Less", "<=": "LessOrEqual", "==": "Equal", "?": "Where",
    "+": "Add", "-": "Sub", "*": "Mul", "/": "Div",
}  # fmt: skip
NUMBERS: dict[str, Any] = {"0": [0], "1": [1], "-1": [-1], "half": [0.5], "-half": [-0.5], "slope": [0.25], "9": [9]}


def steps(text: str, hidden: Any = (), features: Any = 3, **constants: Any) -> Graph:
    """A model of one node a line: ``name = operator names``."""
    lines = [line.split() for line in text.split(";")]
    nodes = [
        node(OPERATORS.get(operator, operator), " ".join(inputs), name, **({"to": 1} if operator == "Cast" else {}))
        for name, _, operator, *inputs in lines
    ]
    read = {name for _, _, _, *inputs in lines for name in inputs}
    used = {name: entries for name, entries in NUMBERS.items() if name in read}
    return graph(*nodes, shape=("n", features), hidden=hidden, **used, **constants)


SHRUNK = "a = Abs x;g = > a half;s = Sign x;m = * s half;d = - x m;z = * x 0;"
POINT = [2, "1/4", -1]

CONTINUOUS: dict[str, tuple[Graph, list[Any]]] = {
    # name: (model with the widths of its hidden layers, its value by hand at (2, 1/4, -1))
    "x where it is positive, else 0": (steps("g = > x 0;y = ? g x 0", (3,)), [2, "1/4", 0]),
    "0 where it is not positive": (steps("g = <= x 0;y = ? g 0 x", (3,)), [2, "1/4", 0]),
    "the same with a negation": (steps("g = > x 0;n = Not g;y = ? n 0 x", (3,)), [2, "1/4", 0]),
    "a constant on the left": (steps("g = < 0 x;y = ? g x 0", (3,)), [2, "1/4", 0]),
    "leaky": (steps("g = > x 0;l = * x slope;y = ? g x l", (3,)), [2, "1/4", "-1/4"]),
    "leaky, at 0 as well": (steps("g = >= x 0;l = * x slope;y = ? g x l", (3,)), [2, "1/4", "-1/4"]),
    "the modulus": (steps("g = < x 0;n = Neg x;y = ? g n x", (3,)), [2, "1/4", 1]),
    "the modulus by its sign": (steps("s = Sign x;y = * x s", (3,)), [2, "1/4", 1]),
    "torch's threshold at its own value": (steps("g = <= x half;y = ? g half x", (3,)), [2, "1/2", "1/2"]),
    "torch's soft shrinkage": (steps(SHRUNK + "y = ? g d z", (6,)), ["3/2", 0, "-1/2"]),
    "shrinkage by hand": (
        steps("s = Sign x;a = Abs x;b = - a half;r = Relu b;y = * s r", (6,)), ["3/2", 0, "-1/2"]
    ),
    "shrinkage in three pieces": (
        steps("a = Abs x;g = > a half;p = > x 0;u = - x half;v = + x half;w = ? p u v;y = ? g w 0", (6,)),
        ["3/2", 0, "-1/2"],
    ),
    "a jump that another closes": (
        steps("a = Abs x;g = <= a half;h = ? g 0 x;s = Sign x;m = * s half;k = > a half;c = Cast k;q = * m c;y = - h q",
              (6,)),
        ["3/2", 0, "-1/2"],
    ),
    "hard shrinkage by 0": (steps("a = Abs x;g = <= a 0;y = ? g 0 x"), [2, "1/4", -1]),
    "clamped by choices": (
        steps("l = < x -half;h = > x half;i = ? h half x;y = ? l -half i", (6,)), ["1/2", "1/4", "-1/2"]
    ),
    "clamped where both hold": (
        steps("l = >= x -half;h = <= x half;b = And l h;s = Sign x;m = * s half;y = ? b x m", (6,)),
        ["1/2", "1/4", "-1/2"],
    ),
    "clamped where one holds": (
        steps("l = <= x -half;h = >= x half;b = Or l h;s = Sign x;m = * s half;y = ? b m x", (6,)),
        ["1/2", "1/4", "-1/2"],
    ),
    "where just one holds": (
        steps("l = > x -half;h = > x half;b = Xor l h;s = Sign x;m = * s half;y = ? b x m", (6,)),
        ["1/2", "1/4", "-1/2"],
    ),
    "times a mask": (steps("g = > x 0;c = Cast g;y = * x c", (3,)), [2, "1/4", 0]),
    "the other side of a mask": (steps("g = > x 0;c = Cast g;o = - 1 c;y = * x o", (3,)), [0, 0, -1]),
    "half a sign": (steps("s = Sign x;t = / s half;y = * x t", (3,)), [4, "1/2", 2]),
    "a value that counts at one point alone": (steps("g = == x 0;y = ? g 0 x"), [2, "1/4", -1]),
    "a condition that always holds": (steps("r = Relu x;g = > r -1;y = ? g x 9"), [2, "1/4", -1]),
    "a condition that never holds": (steps("r = Relu x;g = < r 0;y = ? g 9 x"), [2, "1/4", -1]),
    "a choice after a ReLU": (steps("r = Relu x;g = > r half;y = ? g r half", (3,)), [2, "1/2", "1/2"]),
    "a maximum by choice": (
        steps("n = MatMul x w;g = > x n;y = ? g x n", (2,), w=np.eye(3, dtype=np.float32)[::-1].copy()),
        [2, "1/4", 2],
    ),
    "a maximum by masks": (
        steps("n = MatMul x w;g = > x n;h = <= x n;c = Cast g;d = Cast h;p = * x c;q = * n d;y = + p q", (2,),
              w=np.eye(3, dtype=np.float32)[::-1].copy()),
        [2, "1/4", 2],
    ),
    "the largest of a sign and 0": (steps("s = Sign x;m = Max s 0;y = * x m", (3,)), [2, "1/4", 0]),
    "the least of a sign and 0": (steps("s = Sign x;m = Min s 0;y = * x m", (3,)), [0, 0, 1]),
    "the modulus of a sign": (steps("s = Sign x;m = Abs s;y = * x m"), [2, "1/4", -1]),
    # the modulus of a multiple of one leaky neuron has no other kink than that
    "a hidden layer with each": (
        steps("h = MatMul x w;g = > h 0;l = * h slope;r = ? g h l;k = MatMul r v;s = Sign k;y = * k s", (2, 1),
              w=floats(3, 2), v=floats(2, 2)),
        ["3/16", "5/256"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CONTINUOUS)
def test_the_value_is_the_one_by_hand(name: str) -> None:
    model, expected = CONTINUOUS[name]
    network = network_from_onnx(model.data)
    assert network(POINT) == vector(expected)
    assert network.widths[1:-1] == model.hidden


@pytest.mark.parametrize("name", CONTINUOUS)
def test_onnxruntime_computes_the_same(name: str) -> None:
    agrees_with_onnxruntime(CONTINUOUS[name][0].data, network_from_onnx(CONTINUOUS[name][0].data))


REFUSED: dict[str, tuple[Graph, str]] = {
    "hard shrinkage": (steps("a = Abs x;g = <= a half;y = ? g 0 x"), "node 3 'n_y' (Where): only piecewise-linear"),
    "a threshold at another value": (steps("g = <= x half;y = ? g 9 x"), JUMPING),
    "leaky at a half": (steps("g = > x half;l = * x slope;y = ? g x l"), JUMPING),
    "x where it is positive, else 1": (steps("g = > x 0;y = ? g x 1"), JUMPING),
    "another value at one point": (steps("g = == x 0;y = ? g 9 x"), JUMPING),
    "another value at one point of a kink": (steps("a = Abs x;g = > a 0;y = ? g a 9"), JUMPING),
    "the sign": (steps("y = Sign x"), "(Sign): only piecewise-linear operators are exact; its values jump"),
    "a mask": (steps("g = > x 0;y = Cast g"), JUMPING),
    "a condition as an output": (steps("y = > x 0"), JUMPING),
    "the mask of another": (steps("n = MatMul x w;g = > n 0;y = ? g x 0", w=floats(3, 3)), JUMPING),
    "a choice between what differs elsewhere": (steps("n = MatMul x w;g = > x 0;y = ? g n x", w=floats(3, 3)), JUMPING),
    "a choice of a neuron that another condition makes 0": (
        steps("n = MatMul x w;r = Relu n;d = - x r;m = Relu d;g = > x 0;y = ? g m 0", w=floats(3, 3)),
        "(Where): only piecewise-linear operators are exact; what it chooses between is not seen to be equal where",
    ),
    "a product with a mask": (
        steps("s = Sign x;g = > x 0;c = Cast g;p = + x c;y = * p p"), MULTIPLICATIVE
    ),
    "conditions on two forms": (
        steps("n = MatMul x w;g = > x 0;h = > n 0;b = And g h;y = ? b x 0", w=floats(3, 3)),
        "it is not continuous, across hyperplanes that are not parallel",
    ),
    "what a matrix reads": (
        steps("g = > x 0;h = ? g x 1;y = MatMul h w", w=floats(3, 2)),
        "node 3 'n_y' (MatMul): it reads node 2 'n_h' (Where): only piecewise-linear operators are exact; its values",
    ),
    "what a clip reads": (steps("s = Sign x;y = Clip s 0 1"), "it reads node 1 'n_s' (Sign): only piecewise-linear"),
    "a divisor that jumps": (steps("s = Sign x;y = / x s"), "expected a constant divisor other than 0"),
    "an infinity for the rest": (steps("g = > x 0;y = ? g x i", i=np.array([np.inf], np.float32)), "a finite number"),
    "shapes that differ": (steps("y = > x c", c=floats(2)), "cannot be broadcast together"),
    "a choice of too many pieces": (
        steps(";".join([f"a{k} = + x c{k};g{k} = Sign a{k}" for k in range(80)]
                       + ["t0 = + g0 g1"] + [f"t{k} = + t{k - 1} g{k + 1}" for k in range(1, 79)] + ["y = * x t78"]),
              **{f"c{k}": [k] for k in range(80)}),
        "expected at most 64 values at which a choice changes",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_jumps_is_refused_where_it_is_read(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_choice_is_the_layer_that_it_means() -> None:
    model = graph(
        node("MatMul", "x w", "m"), node("Add", "m b", "h"), node("Greater", "h z", "g"), node("Where", "g h z", "r"),
        node("MatMul", "r v", "y"), shape=("n", 2), w=floats(2, 3), b=floats(3), v=floats(3, 1), z=[0],
    )  # fmt: skip
    plain = graph(
        node("MatMul", "x w", "m"), node("Add", "m b", "h"), node("Relu", "h", "r"), node("MatMul", "r v", "y"),
        shape=("n", 2), w=floats(2, 3), b=floats(3), v=floats(3, 1),
    )  # fmt: skip
    assert network_from_onnx(model.data) == network_from_onnx(plain.data)


def test_soft_shrinkage_is_the_operator_of_that_name() -> None:
    model, _ = CONTINUOUS["torch's soft shrinkage"]
    operator = graph(node("Shrink", "x", "y", lambd=0.5, bias=0.5))
    points = [[Fraction(k, 4)] * 3 for k in range(-6, 7)]
    networks = [network_from_onnx(each.data) for each in (model, operator)]
    assert [networks[0](point) for point in points] == [networks[1](point) for point in points]
    assert networks[0].notes == (
        "node 7 'n_y' (Where): a choice that is continuous is a sum of ReLU, one per kink; neurons counted for it: 6",
    )


def test_what_jumps_may_be_moved_before_it_is_closed() -> None:
    model = graph(
        node("Sign", "x", "s"), node("Reshape", "s r", "t"), node("Transpose", "t", "u", perm=[1, 0]),
        node("Reshape", "x r", "v"), node("Transpose", "v", "w", perm=[1, 0]), node("Mul", "u w", "p"),
        node("Slice", "p one two one", "y"), shape=("n", 4), r=integers(2, 2), one=integers(1), two=integers(2),
        hidden=(2,),
    )  # fmt: skip
    network = network_from_onnx(model.data)
    assert network([1, -2, -3, 4]) == (3, 4)
    assert network.widths[1:-1] == model.hidden
    agrees_with_onnxruntime(model.data, network)


def test_deep_networks_are_unfolded_without_recursion() -> None:
    text, name = "", "x"
    for number in range(600):
        text += f"h{number} = + {name} half;g{number} = > h{number} 0;r{number} = ? g{number} h{number} 0;"
        name = f"r{number}"
    network = network_from_onnx(steps(text + f"y = - {name} 1", features=1).data)
    assert network([1]) == (300,)


# ---------------------------------------------------------------------------------------------- Drawn at random

NAMES = list(NUMBERS)
Line = tuple[str, str, int, int, int]


@st.composite
def programs(draw: st.DrawFn) -> list[Line]:
    kinds = st.sampled_from([">", ">=", "<", "<=", "==", "Not", "And", "Or", "Xor", *["?", "+", "-", "*"] * 2,
                             "Sign", "Abs", "Relu", "Neg", "Max", "Min", "Cast"])  # fmt: skip
    places = st.integers(0, 30)
    return [(f"v{k}", draw(kinds), draw(places), draw(places), draw(places)) for k in range(draw(st.integers(2, 9)))]


def translated(program: list[Line]) -> tuple[str, dict[str, Any]]:
    """The lines with their operands chosen among what is there, and how each is computed."""
    numbers, truths, lines = ["x", *NAMES], list[str](), list[tuple[str, str, list[str]]]()
    for name, kind, *places in program:
        boolean = kind in ("Not", "And", "Or", "Xor", "Cast")
        if (boolean or kind == "?") and not truths:
            continue
        pools = [truths, numbers, numbers] if kind == "?" else [truths if boolean else numbers] * 3
        count = {"?": 3, "Not": 1, "Cast": 1, "Sign": 1, "Abs": 1, "Relu": 1, "Neg": 1}.get(kind, 2)
        lines.append((name, kind, [pool[place % len(pool)] for pool, place in zip(pools, places, strict=True)][:count]))
        (truths if kind in RELATIONS or kind in ("Not", "And", "Or", "Xor") else numbers).append(name)
    text = ";".join(f"{name} = {kind} {' '.join(operands)}" for name, kind, operands in lines)
    return f"{text};y = + {numbers[-1]} x" if lines else f"y = + {numbers[-1]} x", {n: (k, o) for n, k, o in lines}


RELATIONS: dict[str, Any] = {
    ">": lambda a, b: a > b, ">=": lambda a, b: a >= b, "<": lambda a, b: a < b, "<=": lambda a, b: a <= b,
    "==": lambda a, b: a == b,
}  # fmt: skip
MEANINGS: dict[str, Any] = {
    **RELATIONS, "Not": lambda a: not a, "And": lambda a, b: a and b, "Or": lambda a, b: a or b,
    "Xor": lambda a, b: a != b, "?": lambda c, a, b: a if c else b, "+": lambda a, b: a + b, "-": lambda a, b: a - b,
    "*": lambda a, b: a * b, "Sign": lambda a: (a > 0) - (a < 0), "Abs": abs, "Relu": lambda a: max(a, 0),
    "Neg": lambda a: -a, "Max": max, "Min": min, "Cast": int,
}  # fmt: skip


def meant(name: str, computed: dict[str, Any], x: Fraction) -> Any:
    if name == "x":
        return x
    if name in NUMBERS:
        return Fraction(NUMBERS[name][0])
    kind, operands = computed[name]
    return MEANINGS[kind](*(meant(each, computed, x) for each in operands))


@settings(max_examples=300, deadline=None)
@given(programs())
def test_what_is_accepted_is_exact_at_every_kink(program: list[Line]) -> None:
    text, computed = translated(program)
    try:
        network = network_from_onnx(steps(text, features=1).data)
    except InputError as error:
        assert any(reason in str(error) for reason in (JUMPING, MULTIPLICATIVE))  # noqa: PT017 - it may be accepted
        return
    result = text.rpartition(" + ")[2].split()[0]
    for x in [Fraction(k, 8) for k in range(-90, 91)]:
        assert network([x]) == (meant(result, computed, x) + x,)
