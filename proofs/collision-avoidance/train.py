"""Trains the collision-avoidance network of this folder: 5 inputs, six hidden layers of 10, five advisories.

It has the shape of the ACAS Xu networks, and nothing else of them: an encounter of two aircraft is simulated for each
advisory, and the network learns how near they come. ``python proofs/collision-avoidance/train.py`` writes
``network.onnx``, ``slice.json`` and ``domain.json`` beside itself, the same bytes each time on one machine (another
linear algebra library may train other weights).

Inputs: the distance (in units of 60,000 feet), the angle from the own heading to the intruder and the heading of the
intruder (both in units of 180 degrees, to the left), the own speed and the intruder's (in 1,000 feet a second).
Outputs: the costs (up to one scale and one constant) of no turn, of weak turns to the left and to the right, of strong
turns to the left and to the right.
"""

import json
import warnings
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper
from sklearn.neural_network import MLPRegressor

from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.slices import slice_to_json
from verishallow.read.domains.texts import domain_to_json
from verishallow.slices import Slice
from verishallow.whole_file import written_whole

FOLDER = Path(__file__).resolve().parent
HIDDEN = (10,) * 6
DATA_SEED, SEED, ENCOUNTERS, EPOCHS = 0, 2, 20_000, 200
TURNS = np.array([0, 1.5, -1.5, 3, -3]) * np.pi / 180
"""Radians a second, to the left."""

SECONDS, STEP = 60, 0.5
NEAR = 10_000
"""Feet within which the cost rises."""

PLACES = 64
"""Weights are rounded to multiples of 1/64, so that exact numbers stay short."""

HEAD_ON = Slice.of([[0, 1, 0], [0, 0, 1], [1, 0, 0], ["3/5", 0, 0], ["3/5", 0, 0]])
"""Where the intruder is, distance and angle, when both fly against each other at 600 feet a second."""

Array = NDArray[np.float64]
AffineLayer = tuple[Array, Array]


def main() -> None:
    """Train, write the files, and report how often the network advises what the simulation does."""
    dice = np.random.default_rng(DATA_SEED)
    seen, unseen = encounters(dice), encounters(dice)
    layers = trained_layers(seen, costs(seen))
    with written_whole(FOLDER / "network.onnx") as stream:
        stream.write(onnx_model(layers).SerializeToString(deterministic=True))
    write_json("slice.json", slice_to_json(HEAD_ON))
    write_json("domain.json", domain_to_json(Polyhedron.box([("1/20", 1), (-1, 1)])))
    advised, best = outputs(layers, unseen).argmin(axis=1), costs(unseen)
    above = {"its advisories": best[np.arange(ENCOUNTERS), advised], "no turn at all": best[:, 0]}
    for name, cost in above.items():
        print(f"mean cost of {name} above the least one: {(cost - best.min(axis=1)).mean():.4f}")


def encounters(dice: np.random.Generator) -> Array:
    """Random inputs, one encounter a row."""
    lows, highs = np.array([0.05, -1, -1, 0.2, 0.2]), np.array([1, 1, 1, 1, 1])
    return lows + (highs - lows) * dice.random((ENCOUNTERS, 5))


def costs(inputs: Array) -> Array:
    """The cost of each advisory: how near the two aircraft come, and a little for the turn."""
    found = [nearness(inputs, turn) + 0.05 * abs(turn) / TURNS.max() for turn in TURNS]
    return np.stack(found, axis=1)


def nearness(inputs: Array, turn: float) -> Array:
    """1 for a collision, 0 for a least distance of many feet, if the own aircraft turns at this rate for a minute."""
    distance, angle, heading, own, other = inputs.T * np.array([[60_000], [np.pi], [np.pi], [1000], [1000]])
    x, y = distance * np.cos(angle), distance * np.sin(angle)
    least = np.hypot(x, y)
    for time in np.arange(0, SECONDS, STEP):
        x += STEP * (other * np.cos(heading) - own * np.cos(turn * time))
        y += STEP * (other * np.sin(heading) - own * np.sin(turn * time))
        least = np.minimum(least, np.hypot(x, y))
    return np.exp(-least / NEAR)


def trained_layers(inputs: Array, targets: Array) -> list[AffineLayer]:
    """The layers (weight with one column a neuron, bias) of a trained network, rounded."""
    regressor = MLPRegressor(
        hidden_layer_sizes=HIDDEN,
        learning_rate_init=3e-3,
        batch_size=200,
        max_iter=EPOCHS,
        n_iter_no_change=EPOCHS,
        random_state=SEED,
    )
    with warnings.catch_warnings(action="ignore"):  # so many epochs suffice, whatever the optimiser would like
        regressor.fit(inputs, 10 * (targets - targets.mean()))
    return [(rounded(w), rounded(b)) for w, b in zip(regressor.coefs_, regressor.intercepts_, strict=True)]


def rounded(array: Array) -> Array:
    """The nearest multiples of 1/64."""
    return np.round(array * PLACES) / PLACES


def outputs(layers: list[AffineLayer], inputs: Array) -> Array:
    """What the network answers, in float64."""
    *hidden, (weight, bias) = layers
    for weights, biases in hidden:
        inputs = np.maximum(inputs @ weights + biases, 0)
    return inputs @ weight + bias


def onnx_model(layers: list[AffineLayer]) -> onnx.ModelProto:
    """The float32 model: MatMul, Add, Relu, and so on."""
    nodes, initializers, value = [], [], "encounter"
    for number, (weight, bias) in enumerate(layers, start=1):
        names = [f"weight{number}", f"bias{number}"]
        arrays = zip((weight, bias), names, strict=True)
        initializers += [numpy_helper.from_array(array.astype(np.float32), name) for array, name in arrays]
        last = number == len(layers)
        affine = "costs" if last else f"affine{number}"
        nodes.append(helper.make_node("MatMul", [value, names[0]], [f"product{number}"], name=f"matmul{number}"))
        nodes.append(helper.make_node("Add", [f"product{number}", names[1]], [affine], name=f"add{number}"))
        if not last:
            value = f"hidden{number}"
            nodes.append(helper.make_node("Relu", [affine], [value], name=f"relu{number}"))
    encounter = helper.make_tensor_value_info("encounter", TensorProto.FLOAT, ["batch", 5])
    answer = helper.make_tensor_value_info("costs", TensorProto.FLOAT, ["batch", 5])
    graph = helper.make_graph(nodes, "collision-avoidance", [encounter], [answer], initializers)
    return helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)


def write_json(name: str, value: dict[str, object]) -> None:
    """One JSON object on one line, beside this file."""
    with written_whole(FOLDER / name) as stream:
        stream.write(json.dumps(value).encode() + b"\n")


if __name__ == "__main__":
    main()
