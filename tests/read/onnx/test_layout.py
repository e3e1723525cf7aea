"""Operators of ONNX files that move entries or compute shapes: onnxruntime computes the same, and which are refused."""

from typing import Any

import numpy as np
import pytest
from onnx import TensorProto, helper

from tests.read.onnx.models import Graph, agrees_with_onnxruntime, floats, graph, integers, node, one, scalar
from verishallow.errors import InputError
from verishallow.network import ReLUNetwork
from verishallow.read.onnx.network import network_from_onnx

BLOCK, IMAGE = (1, 2, 3), (1, 4, 2, 3)


def block(operator: str, inputs: str = "x", **entries: Any) -> Graph:
    """A model of one node whose input has shape 1, 2, 3."""
    return one(operator, inputs, **{"shape": BLOCK} | entries)


def weighted(*nodes: Any, shape: tuple[int | str, ...] = BLOCK, **constants: Any) -> Graph:
    """A model that adds what the nodes name c to x."""
    return graph(*nodes, node("Add", "x c", "y"), shape=shape, **constants)


FLOAT_OF_SHAPE = (node("Shape", "x", "s"), node("Cast", "s", "c", to=TensorProto.FLOAT))

ACCEPTED: dict[str, Graph] = {
    "flatten": block("Flatten"),
    "flatten from the end": block("Flatten", axis=-1),
    "flatten to one row": block("Flatten", axis=0),
    "flatten nothing": block("Flatten", axis=3),
    "reshape": block("Reshape", "x s", s=integers(3, 2)),
    "reshape with a rest": block("Reshape", "x s", s=integers(0, -1, 1)),
    "reshape to no axis": one("Reshape", "x s", shape=("n", 1), s=np.zeros(0, np.int64)),
    "transpose": block("Transpose"),
    "transpose in an order": block("Transpose", perm=[1, 0, 2]),
    "squeeze": block("Squeeze"),
    "squeeze an axis": block("Squeeze", "x a", a=integers(0)),
    "squeeze before opset 13": block("Squeeze", axes=[0], opset=11),
    "squeeze no axis": block("Squeeze", "x a", a=np.zeros(0, np.int64)),
    "unsqueeze": block("Unsqueeze", "x a", a=integers(0, -1)),
    "unsqueeze before opset 13": block("Unsqueeze", axes=[1, 4], opset=11),
    "concat": graph(node("Neg", "x", "m"), node("Concat", "x m x", "y", axis=1), shape=BLOCK),
    "concat along the last axis": block("Concat", "x c", c=floats(1, 2, 2), axis=-1),
    "concat of one": block("Concat", axis=0),
    "concat with relu": graph(
        node("Relu", "x", "r"), node("Concat", "x r", "c", axis=2), node("Relu", "c", "y"), shape=BLOCK, hidden=(6,)
    ),
    "split": graph(node("Split", "x", "a b", axis=1, num_outputs=2), node("Sub", "a b", "y"), shape=BLOCK),
    "split in parts": graph(
        node("Split", "x s", "a b", axis=2), node("Concat", "b a", "y", axis=2), shape=BLOCK, s=integers(1, 2)
    ),
    "split that does not fit": graph(
        node("Split", "x", "a b", axis=2, num_outputs=2), node("Concat", "b a", "y", axis=2), shape=BLOCK
    ),
    "split before opset 13": graph(
        node("Split", "x", "a b", axis=2, split=[2, 1]), node("Concat", "b a", "y", axis=2), shape=BLOCK, opset=11
    ),
    "split of relu, half of it read": graph(
        node("Relu", "x", "r"), node("Split", "r", "y z", axis=1, num_outputs=2), shape=BLOCK, hidden=(3,)
    ),
    "slice": block("Slice", "x s e", s=integers(0, 1, 0), e=integers(1, 2, 2)),
    "slice of axes": block("Slice", "x s e a", s=integers(-2), e=integers(2**62), a=integers(-1)),
    "slice with steps": block("Slice", "x s e a t", s=integers(0), e=integers(3), a=integers(2), t=integers(2)),
    "slice backwards": block(
        "Slice", "x s e a t", s=integers(-1), e=integers(-(2**62)), a=integers(2), t=integers(-1)
    ),
    "slice backwards by two": block(
        "Slice", "x s e a t", s=integers(9), e=integers(-4), a=integers(2), t=integers(-2)
    ),
    "slice before opset 10": block("Slice", starts=[1], ends=[2], axes=[1], opset=9),
    "gather": block("Gather", "x i", i=integers(2, 0, -1), axis=2),
    "gather one": block("Gather", "x i", i=np.array(-1, np.int64), axis=1),
    "gather a table": block("Gather", "x i", i=np.array([[0, 1], [1, 0]]), axis=1),
    "pad": block("Pad", "x p", p=integers(0, 1, 0, 0, 0, 2)),
    "pad with a value": block("Pad", "x p v", p=integers(0, 0, 1, 0, 0, 1), v=scalar(0.5)),
    "pad an axis": block("Pad", "x p - a", p=integers(1, 2), a=integers(2)),
    "pad and cut": block("Pad", "x p", p=integers(0, 0, -1, 0, 1, -1)),
    "pad with an edge": block("Pad", "x p", p=integers(0, 0, 2, 0, 1, 0), mode="edge"),
    "pad with a reflection": block("Pad", "x p", p=integers(0, 1, 2, 0, 0, 1), mode="reflect"),
    "pad around": block("Pad", "x p", p=integers(0, 0, 2, 0, 1, 0), mode="wrap"),
    "pad before opset 11": block("Pad", pads=[0, 0, 1, 0, 0, 1], value=0.25, opset=10),
    "pad, then relu": graph(
        node("Pad", "x p", "z"), node("Relu", "z", "y"), shape=BLOCK, p=integers(0, 0, 1, 0, 0, 0), hidden=(6,)
    ),
    "expand": block("Expand", "x s", s=integers(2, 1, 2, 1)),
    "expand to less": block("Expand", "x s", s=integers(1)),
    "tile": block("Tile", "x r", r=integers(1, 2, 2)),
    "where": block("Where", "c x v", c=np.array([True, False, True]), v=scalar(0.5)),
    "where of two": graph(
        node("Neg", "x", "m"), node("Where", "c x m", "y"), shape=BLOCK, c=np.array([[True], [False]])
    ),
    "depth to space": one("DepthToSpace", shape=IMAGE, blocksize=2),
    "depth to space by columns": one("DepthToSpace", shape=IMAGE, blocksize=2, mode="CRD"),
    "space to depth": one("SpaceToDepth", shape=(1, 1, 2, 4), blocksize=2),
    "upsample": one("Upsample", "x s", shape=IMAGE, s=np.array([1, 1, 2, 3], np.float32), opset=9),
    "upsample before opset 9": one("Upsample", shape=IMAGE, scales=[1.0, 1.0, 2.0, 2.0], opset=8),
    "resize before opset 11": one("Resize", "x s", shape=IMAGE, s=np.array([1, 1, 2, 1], np.float32), opset=10),
    "resize": one("Resize", "x - s", shape=IMAGE, s=np.array([1, 1, 2, 3], np.float32)),
    "resize to sizes": one("Resize", "x - - z", shape=IMAGE, z=integers(1, 4, 4, 3)),
    "resize down": one(
        "Resize", "x - s", shape=IMAGE, s=np.array([1, 0.5, 1, 1], np.float32), nearest_mode="floor",
        coordinate_transformation_mode="asymmetric",
    ),
    "resize with corners": one(
        "Resize", "x - s", shape=IMAGE, s=np.array([1, 1, 2, 2], np.float32), nearest_mode="round_prefer_ceil",
        coordinate_transformation_mode="align_corners",
    ),
    "resize with half pixels": one(
        "Resize", "x - s", shape=IMAGE, s=np.array([1, 1, 1, 2], np.float32), nearest_mode="ceil",
        coordinate_transformation_mode="pytorch_half_pixel",
    ),
    "identity": block("Identity"),
    "dropout": block("Dropout"),
    "dropout with a ratio": block("Dropout", "x r t", r=scalar(0.5), t=np.array(False)),
    "dropout before opset 12": block("Dropout", ratio=0.5, opset=10),
    "cast to float": block("Cast", to=TensorProto.FLOAT),
    "cast constants": weighted(node("Cast", "i", "c", to=TensorProto.FLOAT), i=integers(1, -2, 3)),
    "cast to integers and back": weighted(
        node("Cast", "f", "i", to=TensorProto.INT64), node("Cast", "i", "c", to=TensorProto.FLOAT), f=[-1.5, 1.5, 0]
    ),
    "cast like": weighted(node("CastLike", "i x", "c"), i=integers(1, 2, 3)),
    "constant": weighted(node("Constant", "", "c", value_floats=[-1.0, 2.0, 0.5])),
    "constant number": weighted(node("Constant", "", "c", value_float=0.5)),
    "constant tensor": weighted(node("Constant", "", "c", value=helper.make_tensor("", 1, [1], [0.5]))),
    "constant integers": graph(node("Constant", "", "s", value_ints=[3, 2]), node("Reshape", "x s", "y"), shape=BLOCK),
    "constant integer": graph(
        node("Constant", "", "i", value_int=1), node("Gather", "x i", "y", axis=1), shape=BLOCK
    ),
    "constant of a shape": weighted(node("Shape", "x", "s"), node("ConstantOfShape", "s", "c")),
    "constant of a shape with a value": weighted(
        node("ConstantOfShape", "s", "c", value=helper.make_tensor("v", 1, [1], [0.5])), s=integers(1, 3)
    ),
    "shape": weighted(*FLOAT_OF_SHAPE),
    "shape of some axes": graph(
        node("Shape", "x", "s", start=1), node("Reshape", "x s", "y"), shape=BLOCK
    ),
    "shape to an axis": weighted(node("Shape", "x", "s", end=-2), node("Cast", "s", "c", to=TensorProto.FLOAT)),
    "size": weighted(node("Size", "x", "s"), node("Cast", "s", "c", to=TensorProto.FLOAT)),
    "flatten as torch writes it": graph(
        node("Shape", "x", "s"), node("Gather", "s zero", "n"), node("Unsqueeze", "n axis", "u"),
        node("Concat", "u rest", "t", axis=0), node("Reshape", "x t", "y"),
        shape=("n", 2, 3), zero=np.array(0, np.int64), axis=integers(0), rest=integers(-1),
    ),
    "arithmetic of shapes": graph(
        node("Shape", "x", "s"), node("Div", "s two", "d"), node("Mul", "d two", "m"), node("Sub", "s m", "r"),
        node("Add", "r d", "q"), node("Neg", "q", "p"), node("Abs", "p", "e"), node("Mod", "e two", "o"),
        node("Cast", "o", "c", to=TensorProto.FLOAT), node("Add", "x c", "y"), shape=BLOCK, two=integers(2),
    ),
    "product of a shape": graph(
        node("Shape", "x", "s"), node("ReduceProd", "s", "p"), node("Reshape", "x p", "y"), shape=BLOCK
    ),
    "product of a shape without axis": weighted(
        node("Shape", "x", "s"), node("ReduceProd", "s", "p", keepdims=0), node("Cast", "p", "c", to=TensorProto.FLOAT)
    ),
    "range": weighted(node("Range", "a b t", "c"), a=scalar(0), b=scalar(1.5), t=scalar(0.5)),
    "range downwards": weighted(node("Range", "a b t", "c"), a=scalar(3), b=scalar(0), t=scalar(-1)),
    "floor and ceiling": weighted(
        node("Floor", "f", "a"), node("Ceil", "f", "b"), node("Sub", "a b", "c"), f=[-0.5, 2, 0.25]
    ),
    "expand as torch writes it": graph(
        node("Equal", "s minus", "q"), node("ConstantOfShape", "n", "o", value=helper.make_tensor("v", 7, [1], [1])),
        node("Where", "q o s", "t"), node("Expand", "x t", "y"),
        shape=BLOCK, s=integers(2, -1, -1), minus=integers(-1), n=integers(3),
    ),
    "comparisons": weighted(
        node("Less", "i j", "a"), node("GreaterOrEqual", "i j", "b"), node("Or", "a b", "o"), node("Not", "o", "n"),
        node("Greater", "i j", "g"), node("LessOrEqual", "i j", "l"), node("And", "g l", "h"), node("Xor", "n h", "z"),
        node("Where", "z u v", "c"), i=integers(1, 2, 3), j=integers(2, 2, 2), u=scalar(1), v=scalar(2),
    ),
    "constants fold": weighted(
        node("Constant", "", "a", value_floats=[-1.0, 2.0, 3.0]), node("Relu", "a", "r"), node("Add", "r r", "c")
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ACCEPTED)
def test_onnxruntime_computes_the_same(name: str) -> None:
    network = network_from_onnx(ACCEPTED[name].data)
    agrees_with_onnxruntime(ACCEPTED[name].data, network)


@pytest.mark.parametrize("name", ACCEPTED)
def test_moving_entries_makes_no_neurons(name: str) -> None:
    assert network_from_onnx(ACCEPTED[name].data).widths[1:-1] == ACCEPTED[name].hidden


REFUSED: dict[str, tuple[Graph, str]] = {
    "flatten beyond the axes": (block("Flatten", axis=4), "attribute 'axis': expected from -3 to 3, found 4"),
    "reshape to another size": (block("Reshape", "x s", s=integers(5)), "(Reshape): shape [1, 2, 3] does not fit into"),
    "reshape with a rest that does not fit": (block("Reshape", "x s", s=integers(-1, 4)), "does not fit into shape"),
    "reshape with two rests": (block("Reshape", "x s", s=integers(-1, -1)), "expected sizes with at most one -1, foun"),
    "reshape to a negative size": (block("Reshape", "x s", s=integers(-2)), "expected sizes with at most one -1"),
    "reshape that copies no axis": (block("Reshape", "x s", s=integers(1, 2, 3, 0)), "size 0 at axis 3 copies from sh"),
    "reshape to a half": (block("Reshape", "x s", s=floats(1)), "expected its shape to be a constant list of integers"),
    "reshape to what is computed": (block("Reshape", "x x"), "expected its shape to be a constant list of integers"),
    "reshape to 0": (block("Reshape", "x s", s=integers(0, -1), allowzero=1), "does not fit into shape"),
    "reshape to a table": (block("Reshape", "x s", s=np.array([[6]])), "to be a constant list of integers"),
    "reshape to many axes": (block("Reshape", "x s", s=integers(6, *[1] * 99)), "at most 32 axes, found 100"),
    "expand to many axes": (block("Expand", "x s", s=integers(*[1] * 40)), "at most 32 axes, found 40"),
    "transpose with an axis twice": (block("Transpose", perm=[0, 0, 1]), "'perm': expected an order of 3 axes, found"),
    "transpose with too few axes": (block("Transpose", perm=[1, 0]), "'perm': expected an order of 3 axes"),
    "transpose with negative axes": (block("Transpose", perm=[0, -1, 1]), "'perm': expected an order of 3 axes"),
    "squeeze a long axis": (block("Squeeze", "x a", a=integers(1)), "expected axes of size 1 in shape [1, 2, 3], foun"),
    "squeeze an axis that is not there": (block("Squeeze", "x a", a=integers(3)), "axes: expected from -3 to 2, found"),
    "squeeze an axis twice": (block("Squeeze", "x a", a=integers(0, -3)), "axes: expected each axis once"),
    "unsqueeze without axes": (block("Unsqueeze"), "expected axes, found none"),
    "unsqueeze an axis twice": (block("Unsqueeze", "x a", a=integers(0, 0)), "axes: expected each axis once"),
    "unsqueeze far away": (block("Unsqueeze", "x a", a=integers(5)), "axes: expected from -4 to 3, found 5"),
    "unsqueeze too many axes": (block("Unsqueeze", "x a", a=integers(*range(40))), "expected at most 32 axes, found 4"),
    "concat without axis": (block("Concat", "x x"), "attribute 'axis': expected an integer, found none"),
    "concat along an axis that is not there": (block("Concat", "x x", axis=3), "'axis': expected from -3 to 2, found"),
    "concat of shapes that differ": (block("Concat", "x c", c=floats(1, 3, 3), axis=2), "[1, 3, 3] differ off axis 2"),
    "concat of ranks that differ": (block("Concat", "x c", c=floats(2, 3), axis=1), "differ off axis 1"),
    "concat of a number and a row": (
        graph(node("Concat", "a b", "c", axis=-2), node("Add", "x c", "y"), a=floats(1, 1), b=floats(1)), "differ off"
    ),
    "concat of nothing": (block("Concat", "", axis=0), "expected at least 1 input, found 0"),
    "concat with one left out": (block("Concat", "x -", axis=0), "expected at least 1 input, found 1"),
    "split in the wrong number": (
        graph(node("Split", "x s", "y z", axis=2), shape=BLOCK, s=integers(1, 1, 1)), "do not make 2 outputs of 3"
    ),
    "split in parts that are too large": (
        graph(node("Split", "x s", "y z", axis=2), shape=BLOCK, s=integers(2, 2)), "of sizes [2, 2] do not make 2 outpu"
    ),
    "split in negative parts": (
        graph(node("Split", "x s", "y z", axis=2), shape=BLOCK, s=integers(4, -1)), "do not make 2 outputs of 3"
    ),
    "split by another number": (
        graph(node("Split", "x", "y z", axis=2, num_outputs=3), shape=BLOCK), "expected 2, as there are outputs, found"
    ),
    "split no axis": (block("Split", axis=7), "attribute 'axis': expected from -3 to 2, found 7"),
    "slice without ends": (block("Slice", "x s", s=integers(0)), "expected starts and ends, found none"),
    "slice with step 0": (
        block("Slice", "x s e a t", s=integers(0), e=integers(1), a=integers(0), t=integers(0)), "none of the steps 0"
    ),
    "slice of lengths that differ": (block("Slice", "x s e", s=integers(0, 0), e=integers(1)), "as many starts, ends,"),
    "slice of an axis twice": (
        block("Slice", "x s e a", s=integers(0, 0), e=integers(1, 1), a=integers(1, -2)), "expected each axis once"
    ),
    "slice of too many axes": (block("Slice", "x s e", s=integers(0, 0, 0, 0), e=integers(1, 1, 1, 1)), "axes: expect"),
    "slice to nothing": (block("Slice", "x s e", s=integers(1), e=integers(1)), "expected an output with at least one"),
    "slice from where it is computed": (block("Slice", "x x x"), "expected its starts to be a constant list of intege"),
    "gather beyond the end": (block("Gather", "x i", i=integers(3), axis=2), "expected indices from -3 to 2, found ot"),
    "gather between": (block("Gather", "x i", i=scalar(0.5), axis=2), "expected indices from -3 to 2, found others"),
    "gather what is computed": (block("Gather", "x x"), "expected its indices to be constant, found what depends on"),
    "gather along no axis": (block("Gather", "x i", i=integers(0), axis=3), "attribute 'axis': expected from -3 to 2"),
    "gather too many": (
        block("Gather", "x i", i=np.zeros(400_000, np.int64), axis=1), "has more than 1000000 entries"
    ),
    "gather elements": (block("GatherElements", "x i", i=integers(0)), "do not fit a tensor of shape [1, 2, 3]"),
    "pad without pads": (block("Pad"), "pads: expected 6 numbers, two per axis, found None"),
    "pad of too few pads": (block("Pad", "x p", p=integers(1, 1)), "pads: expected 6 numbers, two per axis"),
    "pad in another mode": (block("Pad", "x p", p=integers(*[0] * 6), mode="mirror"), "expected constant, reflect, ed"),
    "pad with too wide a reflection": (
        block("Pad", "x p", p=integers(0, 0, 3, 0, 0, 0), mode="reflect"), "too wide for 3 entries in mode 'reflect'"
    ),
    "pad far": (block("Pad", "x p", p=integers(0, 0, 2**40, 0, 0, 0)), "has more than 1000000 entries"),
    "pad with a computed value": (block("Pad", "x p x", p=integers(*[0] * 6)), "expected its value to be one constant"),
    "pad with infinity": (block("Pad", "x p v", p=integers(*[0] * 6), v=scalar(-np.inf)), "expected a finite number,"),
    "expand to a shape that does not fit": (block("Expand", "x s", s=integers(2, 2)), "cannot be broadcast together"),
    "expand to a negative size": (block("Expand", "x s", s=integers(-1)), "its shape to be of natural numbers, found"),
    "expand far": (block("Expand", "x s", s=integers(2**40, 1, 1, 1)), "has more than 1000000 entries"),
    "tile of too few repeats": (block("Tile", "x r", r=integers(2)), "expected 3 repeats, one per axis, found 1"),
    "tile far": (block("Tile", "x r", r=integers(2**40, 1, 1)), "has more than 1000000 entries"),
    "where of what is computed": (block("Where", "x x x"), "expected its condition to be constant"),
    "where of shapes that differ": (block("Where", "c x x", c=np.array([True, False])), "cannot be broadcast together"),
    "depth that makes no blocks": (one("DepthToSpace", shape=(1, 3, 2, 2), blocksize=2), "3 channels do not make bloc"),
    "depth of a list": (block("DepthToSpace", blocksize=1), "expected blocks of at least 1 and a tensor of rank 4"),
    "depth in another mode": (one("DepthToSpace", shape=IMAGE, blocksize=2, mode="RCD"), "expected DCR or CRD, found"),
    "space that makes no blocks": (one("SpaceToDepth", shape=IMAGE, blocksize=2), "does not fall into blocks of 2 by"),
    "upsample linearly": (
        one("Upsample", "x s", shape=IMAGE, s=floats(4), mode="linear", opset=9), "expected 4 positive scales, found"
    ),
    "upsample without scales": (one("Upsample", shape=IMAGE, opset=9), "expected 4 positive scales, found []"),
    "upsample by 0": (one("Upsample", "x s", shape=IMAGE, s=floats(4), opset=9), "expected 4 positive scales"),
    "resize linearly": (one("Resize", "x - s", shape=IMAGE, s=floats(4), mode="linear"), "expected 4 positive scales"),
    "resize by a fraction": (
        one("Resize", "x - s", shape=IMAGE, s=np.array([1, 1, 1.75, 1], np.float32)), "scales do not map sizes [1, 4, 2"
    ),
    "resize by half a factor": (one("Resize", "x - - z", shape=IMAGE, z=integers(1, 4, 3, 3)), "by a whole factor, fo"),
    "resize to too few sizes": (one("Resize", "x - - z", shape=IMAGE, z=integers(1, 4)), "expected 4 sizes, found 2"),
    "resize to nothing": (one("Resize", "x - - z", shape=IMAGE, z=integers(1, 4, 0, 3)), "expected positive sizes"),
    "resize in another mode": (
        one("Resize", "x - - z", shape=IMAGE, z=integers(1, 4, 2, 3), nearest_mode="simple"), "'nearest_mode': expected"
    ),
    "dropout while training": (block("Dropout", "x r t", r=scalar(0.5), t=np.array(True)), "expected dropout for inf"),
    "cast to integers": (block("Cast", to=TensorProto.INT64), "what becomes INT64 depends on the network's input; its"),
    "cast to truth values": (block("Cast", to=TensorProto.BOOL), "what becomes BOOL depends on the network's input"),
    "constant without a value": (weighted(node("Constant", "", "c")), "expected one of the attributes value, value_fl"),
    "constant of two values": (
        weighted(node("Constant", "", "c", value_float=1.0, value_int=1)), "expected one of the attributes value, "
    ),
    "constant of the wrong type": (weighted(node("Constant", "", "c", value=1.0)), "'value': expected TensorProto, fo"),
    "constant text": (weighted(node("Constant", "", "c", value_string="1")), "unknown attribute 'value_string'"),
    "constant NaN": (weighted(node("Constant", "", "c", value_float=float("nan"))), "expected a finite number, found"),
    "constant infinity": (weighted(node("Constant", "", "c", value_floats=[float("inf")])), "entry 0: expected a fini"),
    "constant of a huge shape": (weighted(node("ConstantOfShape", "s", "c"), s=integers(2**40)), "has more than 10000"),
    "constant of a negative shape": (weighted(node("ConstantOfShape", "s", "c"), s=integers(-1)), "natural numbers as"),
    "constant of two entries": (
        weighted(node("ConstantOfShape", "s", "c", value=helper.make_tensor("v", 1, [2], [1, 2])), s=integers(1)),
        "expected one finite number, found shape [2]",
    ),
    "range without end": (weighted(node("Range", "a b a", "c"), a=scalar(1e-30), b=scalar(1)), "has more than 1000000"),
    "range with step 0": (weighted(node("Range", "a b z", "c"), a=scalar(0), b=scalar(1), z=scalar(0)), "a step other"),
    "comparison of activations": (block("Greater", "x c", c=floats(1)), "its values jump: it is not continuous in wh"),
    "negation of activations": (block("Not"), "its values jump: it is not continuous"),
    "remainder of activations": (block("Mod", "x c", c=floats(1)), "its values jump: it is not continuous in"),
    "remainder by 0": (weighted(node("Mod", "i j", "c"), i=integers(1), j=integers(0)), "expected a divisor without z"),
    "product of activations": (block("ReduceProd"), "expected what it multiplies to be constant"),
    "loop": (block("Loop"), "(Loop): only piecewise-linear operators are exact"),
    "non zero": (block("NonZero"), "(NonZero): only piecewise-linear"),
    "top k of too many": (block("TopK", "x k", k=integers(4)), "expected a number k from 0 to 3, found [4]"),
    "top k in any order": (block("TopK", "x k", k=integers(2), sorted=0), "attribute 'sorted': expected 1"),
    "indices of the top k": (
        weighted(node("TopK", "x k", "v c"), k=integers(1)), "'c' is an output of node 1 'n_v c' (TopK) that cannot be"
    ),
    "bitwise and": (block("BitwiseAnd", "x x"), "(BitwiseAnd): only piecewise-linear"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_does_not_fit_is_refused(name: str) -> None:
    model, fragment = REFUSED[name]
    with pytest.raises(InputError) as caught:
        network_from_onnx(model.data)
    assert fragment in str(caught.value)
    assert "\n" not in str(caught.value)


def test_as_many_are_refused_as_accepted() -> None:
    assert len(REFUSED) >= len(ACCEPTED)


def test_a_constant_in_a_border_is_no_neuron() -> None:
    model = graph(node("Pad", "x p", "z"), node("Relu", "z", "y"), shape=("n", 1), p=integers(0, 1, 0, 0))
    assert network_from_onnx(model.data) == ReLUNetwork.of([([[1]], [0]), ([[0], [1]], [0, 0])])


def test_a_mask_of_dropout_is_constant() -> None:
    model = graph(
        node("Dropout", "x", "d m"), node("Cast", "m", "c", to=TensorProto.FLOAT), node("Add", "d c", "y"), shape=BLOCK
    )
    assert network_from_onnx(model.data).layers[0].bias == (1,) * 6
