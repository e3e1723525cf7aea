"""Keras models as the configuration in their files describes them, as graphs of ONNX operators."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from verishallow.errors import InputError
from verishallow.read.keras.layers import LAYERS, OPERATIONS, Call, Value
from verishallow.read.keras.settings import Settings, real
from verishallow.read.keras.weights import KerasWeights, LayerName, LayerPath, saved_names
from verishallow.read.onnx.builder import OnnxBuilder
from verishallow.read.places import shown, within
from verishallow.read.strict_json import Number, Object, elements, found

MAX_DEPTH = 16
"""Levels of models inside models."""
MAX_CALLS = 1000
"""Uses of layers in one model."""
MODELS = frozenset({"Functional", "Model", "Sequential"})

Key = tuple[str, int]
"""A layer's name, and the number of one of its uses."""


def onnx_of_config(config: Any, weights: KerasWeights) -> bytes:
    """The ONNX file of the model that a parsed configuration and its weights describe."""
    translation = _Translation(OnnxBuilder(), weights)
    model = _Layer.of(config)
    if model.kind not in MODELS:
        raise InputError(
            f"expected a Sequential or functional model, found {shown(model.kind)}; a subclass hides its layers"
        )
    with within(f"model {shown(model.name)}"):
        outputs = translation.model(model, (), None)
    return translation.graph.file([value.name for value in outputs])


@dataclass(frozen=True, slots=True)
class _Layer:
    """A layer's class, its own name, its settings, and for each of its uses the inputs (in a functional model)."""

    kind: str
    name: str
    is_operation: bool
    settings: Settings
    nodes: Sequence[Any]

    @classmethod
    def of(cls, value: Any) -> "_Layer":
        entry = Settings(value, "layer")
        kind, module = entry.text("class_name"), entry.value("module")
        if module is not None and str(module).split(".")[0] != "keras":
            raise InputError(f"expected Keras's own layers, found {shown(kind)} of {shown(module)}")
        settings, nodes = entry.object("config"), entry.value("inbound_nodes")
        # Files of an older kind leave the module out; but all layers say whether they are trainable.
        bare = kind != "InputLayer" and settings.value("trainable") is None
        is_operation = bare if module is None else str(module).startswith("keras.src.ops")
        return cls(
            kind,
            settings.text("name", "model"),
            is_operation,
            settings,
            [] if nodes is None else elements(nodes, "nodes"),
        )


@dataclass(slots=True)
class _Translation:
    """A model while it is translated into a graph."""

    graph: OnnxBuilder
    weights: KerasWeights

    def model(self, model: _Layer, path: LayerPath, inputs: Sequence[Value] | None) -> list[Value]:
        """The outputs of a model on these inputs, or on new inputs of the graph."""
        if len(path) > MAX_DEPTH:
            raise InputError(f"expected at most {MAX_DEPTH} models inside one another, found more")
        entries = elements(model.settings.value("layers"), "layers")
        if len(entries) > MAX_CALLS:
            raise InputError(f"expected at most {MAX_CALLS} layers, found {len(entries)}")
        layers = [_Layer.of(entry) for entry in entries]
        saved = saved_names([layer.kind for layer in layers])
        named = {
            layer.name: (layer, (*path, LayerName(layer.name, name))) for layer, name in zip(layers, saved, strict=True)
        }
        if len(named) < len(layers):
            raise InputError("expected each layer to have its own name, found one twice")
        run = self._sequential if model.kind == "Sequential" else self._functional
        return run(model, list(named.values()), inputs)

    def _sequential(
        self, model: _Layer, layers: Sequence[tuple[_Layer, LayerPath]], inputs: Sequence[Value] | None
    ) -> list[Value]:
        values = list(inputs or [])
        for layer, path in layers:
            with within(f"layer {shown(layer.name)} ({shown(layer.kind)[1:-1]})"):
                if layer.kind != "InputLayer":
                    values = self._applied(layer, path, values or [self._input(model.settings, "build_input_shape")])
                elif not values:
                    values = [self._input(layer.settings, "batch_shape")]
        return values

    def _functional(
        self, model: _Layer, layers: Sequence[tuple[_Layer, LayerPath]], inputs: Sequence[Value] | None
    ) -> list[Value]:
        values = self._inputs(model, layers, inputs)
        waiting = [
            (layer, path, use, _Operands.of(node)) for layer, path in layers for use, node in enumerate(layer.nodes)
        ]
        if len(waiting) > MAX_CALLS:
            raise InputError(f"expected at most {MAX_CALLS} uses of layers, found {len(waiting)}")
        while waiting:
            ready = [each for each in waiting if each[3].sources <= values.keys()]
            if not ready:
                raise InputError("expected layers that read earlier ones, found a circle or a layer that is not there")
            for layer, path, use, operands in ready:
                with within(f"layer {shown(layer.name)} ({shown(layer.kind)[1:-1]})"):
                    values[layer.name, use] = self._applied(layer, path, operands.resolved(values), operands.keywords)
            waiting = [each for each in waiting if (each[0].name, each[2]) not in values]
        return [_chosen(values, reference) for reference in _references(model.settings.value("output_layers"))]

    def _inputs(
        self, model: _Layer, layers: Sequence[tuple[_Layer, LayerPath]], given: Sequence[Value] | None
    ) -> dict[Key, list[Value]]:
        named = {layer.name: layer for layer, _ in layers if layer.kind == "InputLayer"}
        names = [reference[0] for reference in _references(model.settings.value("input_layers"))]
        if not names or set(names) != set(named):
            raise InputError("expected each input layer among the model's inputs, found others")
        made = given or [self._input(named[name].settings, "batch_shape") for name in names]
        if len(made) != len(names):
            raise InputError(f"expected {len(names)} inputs, found {len(made)}")
        return {(name, 0): [value] for name, value in zip(names, made, strict=True)}

    def _input(self, settings: Settings, key: str) -> Value:
        _, *sizes = elements(settings.value(key), key) or [None]
        if not sizes or not all(isinstance(size, Number) for size in sizes):
            raise InputError(f"{key}: expected an input whose sizes are known, all but the batch, found {found(sizes)}")
        known = Settings(Object(((key, sizes),)), key).sizes(key, len(sizes))
        return Value(self.graph.input(known), len(known) + 1)

    def _applied(
        self, layer: _Layer, path: LayerPath, inputs: Sequence[Value | float], keywords: Sequence[str] = ()
    ) -> list[Value]:
        if keywords:
            raise InputError(f"expected it called with tensors alone, found {shown(keywords[0])} too")
        if layer.kind in MODELS and not layer.is_operation:
            return self.model(layer, path, [value for value in inputs if isinstance(value, Value)])
        rules = OPERATIONS if layer.is_operation else LAYERS
        if layer.kind not in rules:
            raise InputError(f"only piecewise-linear layers are exact; supported: {', '.join(sorted(rules))}")
        weights = [] if layer.is_operation else self.weights.of(path)
        self.graph.layer = "/".join(name.name for name in path)
        call = Call(self.graph, layer.settings, weights, inputs)
        value = rules[layer.kind](call)
        layer.settings.require_all_read()
        if call.used < len(weights):
            raise InputError(f"expected {call.used} weights, found {len(weights)}")
        return [value]


Reference = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class _Operands:
    """What one use of a layer is applied to: references to tensors, and numbers."""

    entries: Sequence[Reference | float]
    keywords: Sequence[str]

    @classmethod
    def of(cls, node: Any) -> "_Operands":
        entry = Settings(node, "node")
        arguments = elements(entry.value("args"), "args")
        flat = chain.from_iterable(each if isinstance(each, list) else [each] for each in arguments)
        keywords = entry.value("kwargs")
        pairs = keywords.pairs if isinstance(keywords, Object) else ()
        return cls([_operand(each) for each in flat], [key for key, value in pairs if value not in (None, False)])

    @property
    def sources(self) -> set[Key]:
        """The uses of layers that must come before."""
        return {entry[:2] for entry in self.entries if isinstance(entry, tuple)}

    def resolved(self, values: dict[Key, list[Value]]) -> list[Value | float]:
        """The tensors and numbers themselves."""
        return [_chosen(values, entry) if isinstance(entry, tuple) else entry for entry in self.entries]


def _operand(value: Any) -> Reference | float:
    if isinstance(value, Number):
        return real(value, "args")
    entry = Settings(value, "args")
    if entry.text("class_name") != "__keras_tensor__":
        raise InputError(f"args: expected tensors and numbers, found {shown(entry.text('class_name'))}")
    return _reference(entry.object("config").value("keras_history"))


def _reference(value: Any) -> Reference:
    parts = elements(value, "keras_history")
    if len(parts) != 3 or not isinstance(parts[0], str):
        raise InputError(f"expected a layer, its use and its output, found {found(value)}")
    use, output = Settings(Object((("history", parts[1:]),)), "history").integers("history")
    return parts[0], use, output


def _references(value: Any) -> list[Reference]:
    """One reference, or a list of them."""
    parts = elements(value, "the model's inputs and outputs")
    return [_reference(value)] if parts and isinstance(parts[0], str) else [_reference(part) for part in parts]


def _chosen(values: dict[Key, list[Value]], reference: Reference) -> Value:
    name, use, output = reference
    outputs = values.get((name, use), [])
    if not 0 <= output < len(outputs):
        raise InputError(f"expected outputs of layers that are there, found {shown(name)}, use {use}, output {output}")
    return outputs[output]
