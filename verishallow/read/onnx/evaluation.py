"""A graph evaluated on exact tensors, node by node, with the graphs inside it: branches, and functions of the file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Self

import onnx

from verishallow.affine import ONE
from verishallow.errors import SMALLER, LimitError, NetworkError
from verishallow.network import ReLUNetwork
from verishallow.read.onnx.affine_rows import AffineRows, stacked
from verishallow.read.onnx.constants import constant_tensor
from verishallow.read.onnx.cuts import (
    CHOOSING,
    CLASSIFIER,
    DECIDING,
    JOINING,
    LOOKING_UP,
    REARRANGING,
    CutOff,
    distinct,
    without_transform,
)
from verishallow.read.onnx.folding import ROUNDED, folded, is_folded
from verishallow.read.onnx.graph import Model, attributes_of, opset_of, stored_tensors
from verishallow.read.onnx.legacy import modernised
from verishallow.read.onnx.neurons import Flags, Neurons
from verishallow.read.onnx.node import Notes, one_number
from verishallow.read.onnx.operators import apply, is_supported, require_supported
from verishallow.read.onnx.order import ordered_nodes, place_of
from verishallow.read.onnx.pieces import is_seen_to_jump
from verishallow.read.onnx.refusals import FINAL, IN_INPUT, JUMPING, ONLY, UNSEEN
from verishallow.read.onnx.tensors import Tensor, multiplied
from verishallow.read.places import shown, within

MAX_WORK = 2**28
"""Entries and terms allowed in all tensors of a graph together."""

MAX_DEPTH = 32
"""Graphs allowed inside one another: branches, and functions that call functions."""

MAX_NODES = 2**20
"""Nodes allowed to be evaluated, those of a function once for each call."""


@dataclass(frozen=True, slots=True)
class Remark:
    """What is said of the network, and the neurons that are counted to it, if any."""

    text: str
    neurons: range | None = None

    def said(self, live: Flags) -> str:
        """The text with the number of those neurons that are live; nothing where there is none."""
        if self.neurons is None:
            return self.text
        count = int(live[self.neurons.start : self.neurons.stop].sum())
        return f"{self.text}; neurons counted for it: {count}" if count else ""


@dataclass(slots=True)
class Shared:
    """What all graphs of a file have in common: its functions, the neurons so far, and what is to be said."""

    model: Model
    folder: Path | None
    logits: bool
    neurons: Neurons
    remarks: list[Remark] = field(default_factory=list)
    work: int = 0
    nodes: int = 0

    def spend(self, tensors: Sequence[Tensor]) -> None:
        """Count the work of one node."""
        self.nodes += 1
        if self.nodes > MAX_NODES:
            raise LimitError(f"expected at most {MAX_NODES} nodes, found more, those of functions counted at each call")
        self.work += sum(tensor.size + tensor.terms for tensor in tensors)
        if self.work > MAX_WORK:
            raise LimitError(f"all tensors up to here have more than {MAX_WORK} entries and terms together; {SMALLER}")

    def network(self, outputs: AffineRows) -> ReLUNetwork:
        """The network of these outputs, with all remarks."""
        live = self.neurons.live(outputs)
        return self.neurons.network(outputs, [said for remark in self.remarks if (said := remark.said(live))])


@dataclass(slots=True)
class Evaluation:
    """A graph evaluated so far: the tensor of each name; a branch also sees the names of the graph around it."""

    shared: Shared
    opset: int
    stored: Mapping[str, onnx.TensorProto]
    tensors: dict[str, Tensor]
    around: Self | None = None
    attributes: Mapping[str, onnx.AttributeProto] | None = None
    """In a function, those that its caller has given."""
    inside: str = ""
    depth: int = 0
    cuts: dict[str, CutOff] = field(default_factory=dict)
    unread: dict[str, str] = field(default_factory=dict)
    united: dict[tuple[int, ...], Tensor] = field(default_factory=dict)

    def run_all(self, nodes: Sequence[onnx.NodeProto], outputs: Sequence[str]) -> None:
        """Evaluate the nodes that these outputs need, each after those that it reads."""
        ordered = ordered_nodes(nodes, outputs, {*self.tensors, *self.stored})
        if ordered.moved:
            self.shared.remarks.append(Remark(f"{self.inside}nodes read what later ones give: they are sorted"))
        for number, node in ordered.nodes:
            self.run(number, node)

    def run(self, number: int, node: onnx.NodeProto) -> None:
        """Evaluate one node."""
        place, notes = place_of(number, node), Notes()
        made = len(self.shared.neurons.depths)
        with within(place):
            names = self._new_names(node)
            results = self._results(place, node, len(names), notes)
            self.shared.spend(results)
        results = [_placed(tensor, f"{self.inside}{place}", self.shared.neurons.inputs) for tensor in results]
        self.tensors.update((name, tensor) for name, tensor in zip(names, results, strict=False) if name)
        self.unread.update((name, place) for name in names[len(results) :])
        self.shared.remarks += [Remark(f"{self.inside}{place}: {note}") for note in notes.plain]
        neurons = range(made, len(self.shared.neurons.depths))
        self.shared.remarks += [Remark(f"{self.inside}{place}: {note}", neurons) for note in notes.counted]

    def tensor(self, name: str) -> Tensor:
        """The tensor of this name; constants are read when they are first needed."""
        if name not in self.tensors and name in self.stored:
            self.tensors[name] = constant_tensor(self.stored[name], self.shared.folder)
        if name in self.unread:
            raise NetworkError(f"{shown(name)} is an output of {self.unread[name]} that cannot be read")
        if name not in self.tensors and self.around is not None:
            return self.around.tensor(name)
        if name not in self.tensors:
            raise NetworkError(f"{shown(name)} is neither the input, nor stored, nor the output of an earlier node")
        return self.tensors[name]

    def cut(self, name: str) -> CutOff | None:
        """Where what has this name was cut off, if it was."""
        if name in self.cuts or name in self.tensors or self.around is None:
            return self.cuts.get(name)
        return self.around.cut(name)

    def outputs(self, names: Sequence[str]) -> dict[str, Tensor]:
        """The outputs of the graph; of those that are one tensor after the network is cut off, the first."""
        found = {name: self.tensor(name) for name in names}
        for name, tensor in found.items():
            if tensor.defect:
                raise NetworkError(f"output {shown(name)}: {tensor.defect}")
        seen = {id(tensor.rows) for name, tensor in found.items() if name not in self.cuts}
        return {name: tensor for name, tensor in found.items() if name not in self.cuts or _is_new(tensor, seen)}

    def note_joined(self, kind: str, tensors: Mapping[str, Tensor]) -> None:
        """Say which entries are whose, where there are several inputs or outputs."""
        ends = accumulate((tensor.size for tensor in tensors.values()), initial=0)
        parts = [
            f"{shown(name)} is {first} to {last - 1}"
            for name, (first, last) in zip(tensors, pairwise(ends), strict=True)
        ]
        if len(parts) > 1:
            self.shared.remarks.append(Remark(f"{len(parts)} {kind}s are joined: {', '.join(parts)}"))

    def _results(self, place: str, node: onnx.NodeProto, outputs: int, notes: Notes) -> Sequence[Tensor]:
        function = self.shared.model.functions.get((node.domain, node.op_type))
        if function is not None:
            return self._called(place, node, function)
        standard = node.domain in ("", "ai.onnx")
        if self._is_final(node):
            return self._cut_off(place, node, outputs, notes)
        if cut := next((cut for name in node.input if (cut := self.cut(name))), None):
            return self._after_cut(node, cut, outputs, notes)
        if standard and node.op_type == "If":
            return self._branch(place, node)
        if not (standard and node.op_type in ROUNDED):
            require_supported(node.op_type, node.domain)
        return self._applied(node, outputs, notes)

    def _applied(
        self, node: onnx.NodeProto, outputs: int, notes: Notes, given: Sequence[Tensor | None] | None = None
    ) -> Sequence[Tensor]:
        if given is None:
            given = [self.tensor(name) if name else None for name in node.input]
        inputs, attributes = modernised(node.op_type, self.opset, given, attributes_of(node, self.attributes))
        standard = node.domain in ("", "ai.onnx")
        if standard and is_folded(node.op_type, inputs):
            return folded(node, max(self.opset, 7), inputs, attributes, notes)
        if not is_supported(node.op_type, node.domain):
            require_supported(node.op_type, node.domain)
        results = apply(node.op_type, node.domain, inputs, attributes, outputs, self.shared.neurons, notes)
        if any(tensor is not None and tensor.folded for tensor in inputs):
            return [tensor.as_folded() if tensor.is_constant() else tensor for tensor in results]
        return results

    # ------------------------------------------------------------------------------------- Graphs inside

    def _branch(self, place: str, node: onnx.NodeProto) -> Sequence[Tensor]:
        """The branch that a constant condition chooses."""
        condition = self.tensor(node.input[0]) if node.input else None
        if condition is None or not condition.is_constant():
            raise NetworkError("expected a constant condition, found one that depends on the network's input")
        name = "then_branch" if one_number(condition, "its condition") else "else_branch"
        graph = attributes_of(node, self.attributes).get(name)
        if not isinstance(graph, onnx.GraphProto) or len(graph.output) != len(node.output):
            raise NetworkError(f"attribute {name!r}: expected a graph of {len(node.output)} outputs, found another")
        inner = replace(
            self._within(place, name),
            opset=self.opset,
            stored=stored_tensors(graph),
            around=self,
            attributes=self.attributes,
        )
        return self._finished(inner, graph.node, [value.name for value in graph.output], node)

    def _called(self, place: str, node: onnx.NodeProto, function: onnx.FunctionProto) -> Sequence[Tensor]:
        """A function of the file: its nodes see what the caller gives it, and nothing else."""
        if len(node.input) > len(function.input) or len(node.output) > len(function.output):
            raise NetworkError(
                f"expected at most {len(function.input)} inputs and {len(function.output)} outputs, found "
                f"{len(node.input)} and {len(node.output)}"
            )
        inner = self._within(place, "")
        inner.opset = opset_of(function.opset_import, self.opset)
        defaults = {attribute.name: attribute for attribute in function.attribute_proto}
        given = {each.name: _resolved(each, self.attributes) for each in node.attribute}
        inner.attributes = defaults | {name: attribute for name, attribute in given.items() if attribute is not None}
        for outer, name in zip(node.input, function.input, strict=False):
            if outer:
                inner.tensors[name] = self.tensor(outer)
                if cut := self.cut(outer):
                    inner.cuts[name] = cut
        absent = {name for name in function.input if name not in inner.tensors}
        nodes = [_without(each, absent) for each in function.node] if absent else function.node
        return self._finished(inner, nodes, list(function.output[: len(node.output)]), node)

    def _within(self, place: str, name: str) -> "Evaluation":
        if self.depth == MAX_DEPTH:
            raise LimitError(f"expected at most {MAX_DEPTH} graphs and functions inside one another, found more")
        inside = f"{self.inside}{place}{f', {name}' if name else ''}: "
        return Evaluation(self.shared, self.opset, {}, {}, inside=inside, depth=self.depth + 1)

    def _finished(
        self, inner: "Evaluation", nodes: Sequence[onnx.NodeProto], names: Sequence[str], node: onnx.NodeProto
    ) -> Sequence[Tensor]:
        """What a graph inside this one gives to its node."""
        inner.run_all(nodes, names)
        for outer, name in zip(node.output, names, strict=False):
            if cut := inner.cut(name):
                self.cuts[outer] = cut
        return [inner.tensor(name) for name in names]

    # ---------------------------------------------------------------------------------------- Cut off

    def _is_final(self, node: onnx.NodeProto) -> bool:
        final = node.domain in ("", "ai.onnx") and node.op_type in FINAL
        if not self.shared.logits or not (final or (node.domain, node.op_type) == CLASSIFIER) or not node.input:
            return False
        again = self.cut(node.input[0]) is not None and node.op_type in ("LinearClassifier", "LpNormalization")
        return not again and not self.tensor(node.input[0]).is_constant()

    def _cut_off(self, place: str, node: onnx.NodeProto, outputs: int, notes: Notes) -> Sequence[Tensor]:
        notes.plain.append("cut off; the outputs are what it reads")
        if node.op_type == "LinearClassifier":
            return self._cut_classifier(place, node, outputs, notes)
        before, tensor = self.cut(node.input[0]), self.tensor(node.input[0])
        in_place = node.op_type != "ArgMax" and (before is None or before.logits is tensor)
        sigmoid = node.op_type == "Sigmoid" and before is None
        cut = CutOff(f"{self.inside}{place}", tensor if in_place else None, sigmoid)
        self.cuts.update(dict.fromkeys(node.output, cut))
        return [tensor]

    def _cut_classifier(self, place: str, node: onnx.NodeProto, outputs: int, notes: Notes) -> Sequence[Tensor]:
        """A linear classifier's scores, in place of its label and of its probabilities."""
        bare, transform = without_transform(node)
        _, scores = self._applied(bare, 2, notes)
        label = CutOff(f"{self.inside}{place}")
        odds = replace(label, logits=scores, sigmoid=transform == "LOGISTIC")
        self.cuts.update(zip(node.output, [label] if transform == "NONE" else [label, odds], strict=False))
        return [scores, scores][:outputs]

    def _after_cut(self, node: onnx.NodeProto, cut: CutOff, outputs: int, notes: Notes) -> Sequence[Tensor]:
        """What follows that which is cut off: done to its logits where all have their places, or left out."""
        pairs = [(self.tensor(name), found) for name in node.input if (found := self.cut(name))]
        tensors = distinct([tensor for tensor, _ in pairs])
        logits = self._logits_after(node, [found for _, found in pairs], outputs, notes)
        in_place = all(found.logits is tensor for tensor, found in pairs) and len(tensors) == len(pairs)
        if logits is not None and node.op_type != "Sub" and (in_place or node.op_type in CHOOSING):
            for name, each in zip(node.output, logits, strict=False):
                self.cuts[name] = replace(cut, logits=each)
            return logits
        joined = node.op_type in JOINING and len(pairs) == len(node.input)
        left_out = node.op_type in REARRANGING or joined or (self._decides(node) and self._has_constants(node))
        if not left_out or (len(tensors) > 1 and not joined):
            raise NetworkError(f"reads what {cut.place} gives: only a final one can be cut off")
        self.cuts.update(dict.fromkeys(node.output, replace(cut, logits=logits[0] if logits else None)))
        return [self._united(tensors)] * outputs

    def _logits_after(
        self, node: onnx.NodeProto, cuts: Sequence[CutOff], outputs: int, notes: Notes
    ) -> Sequence[Tensor] | None:
        """The logits of a node's outputs, where each of their entries is the probability of one."""
        if any(cut.logits is None for cut in cuts) or len({cut.sigmoid for cut in cuts}) > 1:
            return None
        given = [cut.logits if (cut := self.cut(name)) else self.tensor(name) for name in node.input if name]
        if node.op_type == "Sub" and cuts[0].sigmoid:
            ones = given[0] is not None and given[0].is_constant() and (given[0].rows.constants == ONE).all()
            return [multiplied(given[1], -1)] if ones and given[1] is not None else None
        chosen = node.op_type in CHOOSING and cuts[0].sigmoid and self.cut(node.input[0]) and len(cuts) == 1
        joined = node.op_type == "Concat" and len(cuts) == len(node.input)
        if not (node.op_type in REARRANGING or chosen or joined):
            return None
        return self._applied(node, outputs, notes, given)

    def _decides(self, node: onnx.NodeProto) -> bool:
        """Whether a node makes labels: by its operator, or as it looks up the place of the largest."""
        return node.op_type in DECIDING or (node.op_type in LOOKING_UP and self.cut(node.input[0]) is None)

    def _united(self, tensors: Sequence[Tensor]) -> Tensor:
        """The entries of several tensors, one after the other: the same tensor each time that it is asked for."""
        if len(tensors) == 1:
            return tensors[0]
        key = tuple(id(tensor.rows) for tensor in tensors)
        if key not in self.united:
            rows = stacked([tensor.rows for tensor in tensors])
            self.united[key] = Tensor((len(rows),), rows)
        return self.united[key]

    def _has_constants(self, node: onnx.NodeProto) -> bool:
        """Whether all that a node reads beside what is cut off is stored or constant, texts included."""
        others = [name for name in node.input if name and not self.cut(name)]
        return all(name in self.stored or self.tensor(name).is_constant() for name in others)

    def _new_names(self, node: onnx.NodeProto) -> list[str]:
        """The names of the outputs, none of which may be known; those left out at the end do not count."""
        names = list(node.output)
        while names and not names[-1]:
            names.pop()
        given = [name for name in names if name]
        known = any(name in self.tensors or name in self.stored or name in self.unread for name in given)
        if not given or known or len(set(given)) < len(given):
            raise NetworkError(f"expected outputs of new names, found {shown(given)}")
        return names


def _resolved(
    attribute: onnx.AttributeProto, given: Mapping[str, onnx.AttributeProto] | None
) -> onnx.AttributeProto | None:
    """An attribute of a call, which may itself stand for one of the function around it."""
    return attribute if not attribute.ref_attr_name else (given or {}).get(attribute.ref_attr_name)


def _without(node: onnx.NodeProto, absent: set[str]) -> onnx.NodeProto:
    """A node of a function, what the caller has left out being left out there too."""
    changed = onnx.NodeProto()
    changed.CopyFrom(node)
    for number, name in enumerate(changed.input):
        if name in absent:
            changed.input[number] = ""
    return changed


def _placed(tensor: Tensor, place: str, inputs: int) -> Tensor:
    """A tensor that jumps, with where it does so for the first time."""
    if tensor.steps is None or tensor.defect:
        return tensor
    seen = any(is_seen_to_jump(entry, inputs) for entry in tensor.steps.tolist())
    return replace(tensor, defect=f"{place}: {ONLY}; {JUMPING if seen else UNSEEN} {IN_INPUT}")


def _is_new(tensor: Tensor, seen: set[int]) -> bool:
    new = id(tensor.rows) not in seen
    seen.add(id(tensor.rows))
    return new
