"""ONNX files as exact networks: the graph is evaluated on affine expressions over the rationals."""

from collections.abc import Sequence
from itertools import accumulate
from math import prod
from pathlib import Path

import onnx

from verishallow.errors import NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.onnx.affine_rows import stacked
from verishallow.read.onnx.evaluation import Evaluation, Remark, Shared
from verishallow.read.onnx.graph import Model, input_shape, is_floating, model_of, stored_tensors
from verishallow.read.onnx.neurons import Neurons
from verishallow.read.onnx.order import ordered_nodes
from verishallow.read.onnx.samples import SampleSizes, require_samples
from verishallow.read.onnx.tensors import Tensor, bounded_size
from verishallow.read.places import shown


def network_from_onnx(
    data: bytes, folder: Path | None = None, *, logits: bool = False, batch_axis: bool = False
) -> ReLUNetwork:
    """The network that the bytes of an ONNX file define, with every number exact.

    Linear operators without a ReLU between them are multiplied out; a neuron goes into the first layer after those
    that it reads. A first dimension of an input that is symbolic is a batch of 1; one that is fixed is part of the
    input, and with ``batch_axis`` a batch, of which one sample is read. Several inputs, and several outputs, are
    joined in the order of the file, each in row-major order. With ``logits`` a final Softmax, LogSoftmax, Hardmax,
    ArgMax, Sigmoid or Tanh is cut off. Data outside the file are looked for in the folder. What was done is said in
    the network's ``notes``. Raises :class:`~verishallow.errors.NetworkError`, which names the node or tensor.
    """
    try:
        return _read(model_of(data), folder, logits=logits, batch_axis=batch_axis)
    except UnicodeDecodeError as error:
        raise NetworkError("damaged ONNX file: expected names in UTF-8, found other bytes") from error


def _read(model: Model, folder: Path | None, *, logits: bool, batch_axis: bool) -> ReLUNetwork:
    network, sizes = _network(model, folder, logits=logits, batch_axis=batch_axis)
    if batch_axis and (batch := _batch(model)):
        require_samples(network, sizes, *_network(model, folder, logits=logits, batch_axis=False), batch)
    return network


def _network(model: Model, folder: Path | None, *, logits: bool, batch_axis: bool) -> tuple[ReLUNetwork, SampleSizes]:
    """The network, and how many numbers each input and each output has."""
    graph = model.graph
    stored, names = stored_tensors(graph), [value.name for value in graph.output]
    given = [value for value in graph.input if value.name not in stored]
    needed = ordered_nodes(graph.node, names, {*stored, *(value.name for value in given)}).needed
    kept = [value for value in given if value.name in needed or is_floating(value)]
    inputs = _inputs(kept, batch_axis=batch_axis)
    shared = Shared(model, folder, logits, Neurons(sum(tensor.size for tensor in inputs.values())))
    evaluation = Evaluation(shared, model.opset, stored, dict(inputs))
    left_out = [f"input {shown(value.name)} is not needed and left out" for value in given if value.name not in inputs]
    readings = [reading for value in kept if (reading := _reading(value, batch_axis=batch_axis))]
    shared.remarks += map(Remark, [*left_out, *readings])
    evaluation.note_joined("input", inputs)
    evaluation.run_all(graph.node, names)
    outputs = evaluation.outputs(names)
    evaluation.note_joined("output", outputs)
    network = shared.network(stacked([tensor.rows for tensor in outputs.values()]))
    return network, SampleSizes(*([tensor.size for tensor in part.values()] for part in (inputs, outputs)))


def _batch(model: Model) -> int | None:
    """How many samples the inputs' first dimensions fix; None where none does."""
    names = {proto.name for proto in model.graph.initializer}
    values = [value for value in model.graph.input if value.name not in names and is_floating(value)]
    firsts = {shape[0] for value in values if (shape := input_shape(value)) and shape[0] > 1}
    if len(firsts) > 1:
        raise NetworkError(f"expected one size of a batch, found the first dimensions {sorted(firsts)}")
    return next(iter(firsts), None)


def _inputs(values: Sequence[onnx.ValueInfoProto], *, batch_axis: bool) -> dict[str, Tensor]:
    """The inputs by name, their entries numbered one after the other."""
    if not values:
        raise NetworkError("expected at least one input, found none")
    if len({value.name for value in values}) < len(values):
        raise NetworkError("expected each input to have its own name, found one twice")
    shapes = [input_shape(value) for value in values]
    shapes = [(1, *shape[1:]) if batch_axis and shape else shape for shape in shapes]
    firsts = list(accumulate(map(bounded_size, shapes), initial=0))
    bounded_size(firsts[-1:])
    return {v.name: Tensor.of_variables(first, shape) for v, first, shape in zip(values, firsts, shapes, strict=False)}


def _reading(value: onnx.ValueInfoProto, *, batch_axis: bool) -> str | None:
    """What is said of an input whose first dimension is fixed, and may be a batch or not."""
    shape = input_shape(value)
    if not shape or shape[0] == 1:
        return None
    if batch_axis:
        return f"input {shown(value.name)} of shape {list(shape)}: axis 0 is a batch, of which one sample is read"
    if len(shape) == 1:
        return None
    return (
        f"input {shown(value.name)} of shape {list(shape)}: all its {prod(shape)} numbers are inputs; "
        "where axis 0 is a batch, --batch-axis (batch_axis=True) reads one sample"
    )
