"""A certified property as VNN-LIB: what is read back is the same property."""

import random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.verify.random_cells import network_of
from tests.verify.test_verification import random_property
from verishallow import ReLUNetwork, prove
from verishallow.errors import InputError
from verishallow.read.properties.sugar import bounds, within
from verishallow.read.properties.vnnlib import property_of_vnnlib
from verishallow.slices import Slice
from verishallow.verify.verification import verify
from verishallow.write import export
from verishallow.write.logic.vnn_lib import vnnlib

MODULUS = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])


@given(st.integers(0, 10**6))
def test_what_is_written_is_read_as_the_same_property(seed: int) -> None:
    rng = random.Random(seed)
    network = network_of(rng, rng.choice(["small", "dyadic", "any"]), rng.randint(1, 3), 3)
    asked = random_property(rng, network)
    text = vnnlib(verify(network, asked, max_nodes=0).certificate).decode()
    if all(not any(form.linear[asked.inputs :]) for each in asked.unsafe for form in each.forms):
        return  # about inputs alone: no property for the reader
    read = property_of_vnnlib(text)
    assert (read.inputs, read.outputs) == (asked.inputs, asked.outputs)
    if len(asked.unsafe) > 1:
        # A union keeps the box around it as its domain; rows that always hold are left out.
        assert read.domain.key() >= asked.domain.key()
    for _ in range(20):
        point = [rng.randint(-20, 20) for _ in range(asked.inputs)]
        values = [rng.randint(-20, 20) for _ in range(asked.outputs)]
        assert (read.violated_at(point, values) is None) == (asked.violated_at(point, values) is None)


TEXTS = {
    "bounds of both sides": (
        bounds(MODULUS, "box:-1,2", low={0: 0}, high={0: "7/3"}),
        "(assert (or (and (> (- Y_0) 0)) (and (> (+ Y_0 (- (/ 7 3))) 0))))",
    ),
    "one bound": (bounds(MODULUS, "box:-1,2", high={0: 2}), "(assert (> (+ Y_0 (- 2)) 0))"),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_last_line_says_what_is_unsafe(name: str) -> None:
    asked, line = TEXTS[name]
    assert vnnlib(verify(MODULUS, asked).certificate).decode().splitlines()[-1] == line


def two_networks() -> Any:
    return verify(MODULUS, within(MODULUS, MODULUS, "box:-1,1", 1), other=MODULUS).certificate


def on_a_slice() -> Any:
    line = Slice.line([0], [1])
    return verify(MODULUS, bounds(MODULUS, "box:0,1", high={0: 1}), on_slice=line).certificate


REFUSED = {
    "two networks": (two_networks, "expected a property of one network"),
    "a slice": (on_a_slice, "expected a property of one network"),
    "another claim": (lambda: prove(MODULUS), "vnnlib: expected a certificate of"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_has_no_text_is_refused(name: str, tmp_path: Any) -> None:
    make, said = REFUSED[name]
    with pytest.raises(InputError, match=said):
        export(make(), "vnnlib", tmp_path / "out.vnnlib")
    assert list(tmp_path.iterdir()) == []
