"""Each supported Keras layer in ONNX operators: one short rule per layer, and the table of the rules."""

from verishallow.read.keras.layers import activations, merging, shapes, weighted
from verishallow.read.keras.layers.calls import Call, Rule, Value
from verishallow.read.keras.layers.merging import OPERATIONS

__all__ = ["LAYERS", "OPERATIONS", "Call", "Value"]

LAYERS: dict[str, Rule] = activations.LAYERS | weighted.LAYERS | shapes.LAYERS | merging.LAYERS
