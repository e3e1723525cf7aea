"""ONNX files as exact networks: the graph is evaluated on affine expressions over the rationals."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate, pairwise
from pathlib import Path

import onnx

from verishallow.errors import SMALLER, LimitError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.onnx.affine_rows import AffineRows, stacked
from verishallow.read.onnx.constants import constant_tensor
from verishallow.read.onnx.graph import attributes_of, graph_of, input_shape, is_floating, needed_nodes, stored_tensors
from verishallow.read.onnx.neurons import Flags, Neurons
from verishallow.read.onnx.node import Notes
from verishallow.read.onnx.operators import FINAL, REARRANGING, apply, require_supported
from verishallow.read.onnx.tensors import Tensor, bounded_size
from verishallow.read.places import shown, within

MAX_WORK = 2**28
"""Entries and terms allowed in all tensors of a graph together."""


def network_from_onnx(data: bytes, folder: Path | None = None, *, logits: bool = False) -> ReLUNetwork:
    """The network that the bytes of an ONNX file define, with every number exact.

    Linear operators without a ReLU between them are multiplied out; a neuron goes into the first layer after those
    that it reads. The batch dimension is 1. Several inputs, and several outputs, are joined in the order of the file,
    each in row-major order. With ``logits`` a final Softmax, LogSoftmax, Hardmax, ArgMax, Sigmoid or Tanh is cut off.
    Data outside the file are looked for in the folder. The network's ``notes`` say what was changed.
    Raises :class:`~verishallow.errors.NetworkError`, which names the node or tensor.
    """
    try:
        return _network(graph_of(data), folder, logits=logits)
    except UnicodeDecodeError as error:
        raise NetworkError("damaged ONNX file: expected names in UTF-8, found other bytes") from error


def _network(graph: onnx.GraphProto, folder: Path | None, *, logits: bool) -> ReLUNetwork:
    stored = stored_tensors(graph)
    nodes, needed = needed_nodes(graph.node, [value.name for value in graph.output])
    given = [value for value in graph.input if value.name not in stored]
    inputs = _inputs(given, needed)
    count = sum(tensor.size for tensor in inputs.values())
    evaluation = Evaluation(stored, folder, logits, Neurons(count), dict(inputs))
    left_out = [f"input {shown(value.name)} is not needed and left out" for value in given if value.name not in inputs]
    evaluation.remarks += map(Remark, left_out)
    evaluation.note_joined("input", inputs)
    for number, node in nodes:
        evaluation.run(number, node)
    outputs = evaluation.outputs([value.name for value in graph.output])
    evaluation.note_joined("output", outputs)
    return evaluation.network(stacked([tensor.rows for tensor in outputs.values()]))


def _inputs(values: Sequence[onnx.ValueInfoProto], needed: set[str]) -> dict[str, Tensor]:
    """The inputs by name, their entries numbered consecutively; unused inputs that are not floats are left out."""
    kept = [value for value in values if value.name in needed or is_floating(value)]
    if not kept:
        raise NetworkError("expected at least one input, found none")
    if len({value.name for value in kept}) < len(kept):
        raise NetworkError("expected each input to have its own name, found one twice")
    shapes = [input_shape(value) for value in kept]
    firsts = list(accumulate(map(bounded_size, shapes), initial=0))
    bounded_size(firsts[-1:])
    return {v.name: Tensor.of_variables(first, shape) for v, first, shape in zip(kept, firsts, shapes, strict=False)}


@dataclass(frozen=True, slots=True)
class CutOff:
    """Where the network was cut off, and whether the entries still have their places."""

    place: str
    in_place: bool


@dataclass(frozen=True, slots=True)
class Remark:
    """A remark about the network, and the neurons that it counts, if any."""

    text: str
    neurons: range | None = None

    def said(self, live: Flags) -> str:
        """The text with the number of counted neurons that are live; empty where none is."""
        if self.neurons is None:
            return self.text
        count = int(live[self.neurons.start : self.neurons.stop].sum())
        return f"{self.text}; neurons counted for it: {count}" if count else ""


@dataclass(slots=True)
class Evaluation:
    """The graph evaluated so far: the tensor of each name, and the remarks about them."""

    stored: Mapping[str, onnx.TensorProto]
    folder: Path | None
    logits: bool
    neurons: Neurons
    tensors: dict[str, Tensor]
    cuts: dict[str, CutOff] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)
    work: int = 0

    def run(self, number: int, node: onnx.NodeProto) -> None:
        """Evaluate one node."""
        place, notes = f"node {number} {shown(node.name)} ({shown(node.op_type)[1:-1]})", Notes()
        made = len(self.neurons.depths)
        with within(place):
            names = self._new_names(node)
            results = self._results(place, node, len(names), notes)
            self._spend(results)
        self.tensors.update((name, tensor) for name, tensor in zip(names, results, strict=False) if name)
        self.unread.update((name, place) for name in names[len(results) :])
        self.remarks += [Remark(f"{place}: {note}") for note in notes.plain]
        neurons = range(made, len(self.neurons.depths))
        self.remarks += [Remark(f"{place}: {note}", neurons) for note in notes.counted]

    def tensor(self, name: str) -> Tensor:
        """The tensor of this name; constants are read when they are first needed."""
        if name not in self.tensors and name in self.stored:
            self.tensors[name] = constant_tensor(self.stored[name], self.folder)
        if name in self.unread:
            raise NetworkError(f"{shown(name)} is an output of {self.unread[name]} that cannot be read")
        if name not in self.tensors:
            raise NetworkError(f"{shown(name)} is neither the input, nor stored, nor the output of an earlier node")
        return self.tensors[name]

    def outputs(self, names: Sequence[str]) -> dict[str, Tensor]:
        """The outputs of the graph; where several are one tensor after the cut, the first of them."""
        found = {name: self.tensor(name) for name in names}
        for name, tensor in found.items():
            if tensor.defect:
                raise NetworkError(f"output {shown(name)}: {tensor.defect}")
        seen = {id(tensor.rows) for name, tensor in found.items() if name not in self.cuts}
        return {name: tensor for name, tensor in found.items() if name not in self.cuts or _is_new(tensor, seen)}

    def note_joined(self, kind: str, tensors: Mapping[str, Tensor]) -> None:
        """Note which entries belong to which input or output, where there are several."""
        ends = accumulate((tensor.size for tensor in tensors.values()), initial=0)
        parts = [
            f"{shown(name)} is {first} to {last - 1}"
            for name, (first, last) in zip(tensors, pairwise(ends), strict=True)
        ]
        if len(parts) > 1:
            self.remarks.append(Remark(f"{len(parts)} {kind}s are joined: {', '.join(parts)}"))

    def network(self, outputs: AffineRows) -> ReLUNetwork:
        """The network of these outputs, with all remarks."""
        live = self.neurons.live(outputs)
        return self.neurons.network(outputs, [said for remark in self.remarks if (said := remark.said(live))])

    def _results(self, place: str, node: onnx.NodeProto, outputs: int, notes: Notes) -> Sequence[Tensor]:
        if self.logits and node.op_type in FINAL and node.domain in ("", "ai.onnx") and node.input:
            return [self._cut_off(place, node, notes)]
        require_supported(node.op_type, node.domain)
        inputs = [self.tensor(name) if name else None for name in node.input]
        if cut := next((self.cuts[name] for name in node.input if name in self.cuts), None):
            if node.op_type not in REARRANGING:
                raise NetworkError(f"reads what {cut.place} gives: only a final one can be cut off")
            self.cuts.update(dict.fromkeys(node.output, cut))
            if not cut.in_place:
                return [self.tensor(node.input[0])]
        return apply(node.op_type, inputs, attributes_of(node), outputs, self.neurons, notes)

    def _cut_off(self, place: str, node: onnx.NodeProto, notes: Notes) -> Tensor:
        before = self.cuts.get(node.input[0])
        in_place = node.op_type != "ArgMax" and (before is None or before.in_place)
        self.cuts.update(dict.fromkeys(node.output, CutOff(place, in_place)))
        notes.plain.append("cut off; the outputs are what it reads")
        return self.tensor(node.input[0])

    def _new_names(self, node: onnx.NodeProto) -> list[str]:
        """The names of a node's outputs, all of which must be new; those left out at the end do not count."""
        names = list(node.output)
        while names and not names[-1]:
            names.pop()
        given = [name for name in names if name]
        known = any(name in self.tensors or name in self.stored or name in self.unread for name in given)
        if not given or known or len(set(given)) < len(given):
            raise NetworkError(f"expected outputs of new names, found {shown(given)}")
        return names

    def _spend(self, tensors: Sequence[Tensor]) -> None:
        self.work += sum(tensor.size + len(tensor.rows.variables) for tensor in tensors)
        if self.work > MAX_WORK:
            raise LimitError(f"all tensors up to here have more than {MAX_WORK} entries and terms together; {SMALLER}")


def _is_new(tensor: Tensor, seen: set[int]) -> bool:
    new = id(tensor.rows) not in seen
    seen.add(id(tensor.rows))
    return new
