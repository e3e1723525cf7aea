"""Signs kept up along cut edges against exact arithmetic; the floats' bounds must hold however long the chain."""

import random
from collections.abc import Callable

import numpy as np
import pytest
from gmpy2 import mpq

from tests.regions.test_integer_network import deep, extreme, float32, homogeneous, ordinary, wide
from verishallow.affine import ZERO
from verishallow.network import ReLUNetwork
from verishallow.rationals import Vector
from verishallow.regions.face_lattice import LatticeCut, Signs
from verishallow.regions.integer_network import IntegerNetwork, Integers, sizes
from verishallow.regions.lattice_engine import crossings
from verishallow.regions.layer_signs import LayerSigns

INPUTS, NEURONS, MOST = 3, 14, 4
ENTRIES: dict[str, Callable[[random.Random], mpq]] = {
    "of 30 digits": wide,
    "of float32's whole range": float32,
    "of a trained network": ordinary,
    "beyond floats": extreme,
}


def exact_values(network: ReLUNetwork, points: Integers) -> list[Vector]:
    """The first layer at ``x / w``, or its linear part at ``x / max |x|`` where w = 0."""
    layer = network.layers[0]
    found = []
    for (w, *x), size in zip(points.tolist(), sizes(points).tolist(), strict=True):
        at = [mpq(a, size) for a in x]
        values = [sum((a * b for a, b in zip(row, at, strict=True)), ZERO) for row in layer.weight]
        found.append(tuple(z + b if w else z for z, b in zip(values, layer.bias, strict=True)))
    return found


def segments(signs: Signs) -> LatticeCut:
    """Segments from the latest positive to the latest negative points, as if they were edges of cells."""
    one, other = np.flatnonzero(signs > 0)[-MOST:], np.flatnonzero(signs < 0)[-MOST:]
    return LatticeCut([], [], np.repeat(one, len(other)), np.tile(other, len(one)), {})


@pytest.mark.parametrize("entries", ENTRIES)
@pytest.mark.parametrize("seed", range(3))
def test_chains_of_crossings(entries: str, seed: int) -> None:
    source = random.Random(seed)
    network = deep(source, ENTRIES[entries], [INPUTS, NEURONS, 1])
    integers = IntegerNetwork.of(network)
    layer = integers.layers[0]
    starts = [(w, *(source.randint(-9, 9) for _ in range(INPUTS))) for w in (1, 2, 3, 1, 10**20, 0, 0)]
    points, added, sure = homogeneous([row for row in starts if any(row)]), 0, 0
    kept = LayerSigns(integers, points, 0)
    for neuron in range(NEURONS):
        cut = segments(kept.signs[:, neuron])
        form = np.array([layer.bias[neuron], *layer.weight[neuron]], dtype=object)
        with np.errstate(over="ignore", invalid="ignore"):
            new = crossings(points, np.tile(form, (len(cut.positive), 1)), cut)
            kept.add(new, neuron)
        points, added = np.concatenate([points, new.points]), added + len(new.points)
        exact = [values[neuron + 1 :] for values in exact_values(network, new.points)]
        assert kept.points == len(points)
        signs = kept.signs[len(points) - len(new.points) :]
        assert not signs[:, neuron].any()
        assert signs[:, neuron + 1 :].tolist() == [[(z > 0) - (z < 0) for z in values] for values in exact]
        known = kept._values[
            len(points) - len(new.points) : len(points), :, kept._values.shape[2] - (NEURONS - neuron - 1) :
        ]
        for values, (floats, bounds) in zip(exact, known.tolist(), strict=True):
            for z, value, bound in zip(values, floats, bounds, strict=True):
                finite = np.isfinite(value) and np.isfinite(bound)
                assert not finite or abs(mpq(value) - z) <= mpq(bound)
                sure += bool(finite and abs(value) > bound)
    assert added > 40
    # Without this, bounds that are never useful would pass.
    assert entries == "beyond floats" or sure > added
