"""The rule: what floats multiply is what fractions say, and no bound exceeds its form anywhere on the cell."""

import random
from fractions import Fraction
from math import inf
from typing import Any

import numpy as np
import pytest
from gmpy2 import mpq
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.verify import plain_relaxation as plain
from tests.verify.random_cells import KINDS, fraction, network_of, number, plain_layers, words_of
from verishallow.affine import AffineForm
from verishallow.errors import DomainError
from verishallow.network import ReLUNetwork
from verishallow.verify.integer_layers import IntegerLayers
from verishallow.verify.outputs import SourceForm, substituted
from verishallow.verify.precision import RoundingBits
from verishallow.verify.relaxation import Multipliers, Relaxation
from verishallow.verify.state import RelaxedCell

BITS = ((4, 16, 32, 100), (6, 20, 22, 30, 60), (0, 8, 32, 80))


class RandomCell:
    """A network, a point, a cell that holds the point, and a form to be bounded: in both spellings."""

    def __init__(self, seed: int) -> None:
        rng = self.rng = random.Random(seed)
        kind, inputs = rng.choice(KINDS), rng.randint(1, 3)
        self.network = network_of(rng, kind, inputs)
        self.precision = tuple(rng.choice(bits) for bits in BITS)
        self.point = [number(rng, "any") for _ in range(inputs)]
        self.box = [self._side(x) for x in self.point]
        self.domain = [self._row(inputs) for _ in range(2)]
        row = [number(rng, kind) for _ in range(1 + inputs + self.network.outputs)]
        self.form = substituted(self.network, AffineForm.of(row))
        self.plain_layers = plain_layers(self.network)
        layers = IntegerLayers.of(self.network, RoundingBits(*self.precision), [self.form])
        self.rule = Relaxation(layers, [AffineForm.of(each) for each in self.domain])
        self.cell = RelaxedCell.root(self.network, *(tuple(_finite(side[i]) for side in self.box) for i in (0, 1)))
        self.state: Any = [[(-inf, inf)] * layer.width for layer in self.network.hidden]
        self.signs: dict[tuple[int, int], int] = {}

    def _side(self, x: Fraction) -> tuple[Any, Any]:
        low, high = (abs(number(self.rng, "any")) / 3 for _ in range(2))
        return (x - low if self.rng.random() < 0.9 else -inf, x + high if self.rng.random() < 0.9 else inf)

    def _row(self, inputs: int) -> list[Fraction]:
        linear = [Fraction(self.rng.randint(-5, 5)) for _ in range(inputs)]
        least = -sum(a * x for a, x in zip(linear, self.point, strict=True))
        row = AffineForm.of([least + self.rng.randint(0, 3), *linear]).primitive().row
        return [fraction(a) for a in row]

    def relax(self) -> None:
        words = words_of(self.rng, self.state)
        (found,) = self.rule.relaxed([self.cell], [words])
        self.state = plain.relaxed(
            self.plain_layers, self.domain, self.box, self.state, self.signs, words, self.precision
        )
        assert found is not None
        self.cell = found

    def assume(self) -> None:
        """The sign that some unstable neuron has at the point, if there is such a neuron."""
        loose = [(k, i) for k, each in enumerate(self.state) for i, v in enumerate(each) if v not in ("a", "i")]
        if loose:
            k, i = self.rng.choice(loose)
            z = self.before()[k][i]
            sign = 1 if z > 0 else -1 if z < 0 else self.rng.choice((1, -1))
            self.cell, self.signs[k + 1, i] = self.cell.with_sign(k + 1, i, sign), sign
            self.state = [list(each) for each in self.state]
            self.state[k][i] = "a" if sign > 0 else "i"

    def before(self) -> list[Any]:
        """The pre-activations at the point."""
        sources, found = [tuple(map(mpq, self.point))], list[Any]()
        for layer in self.network.hidden:
            found.append(layer(sources))
            sources.append(tuple(max(z, mpq(0)) for z in found[-1]))
        return found

    def value(self) -> Fraction:
        """The form at the point."""
        sources = [tuple(map(mpq, self.point)), *(tuple(max(z, mpq(0)) for z in each) for each in self.before())]
        value: Fraction = fraction(self.form(sources))
        return value

    def multipliers(self) -> tuple[Multipliers, Any]:
        rng, unit = self.rng, 2 ** self.precision[1]
        alphas = tuple(
            np.array([rng.choice((-1, -1, 0, 64, rng.randint(0, 64))) for _ in each], dtype=np.int8)
            for each in self.state
        )
        betas = {key: rng.randint(1, 3 * unit) for key in sorted(self.signs) if rng.random() < 0.7}
        lambdas = {row: rng.randint(1, 3 * unit) for row in range(2) if rng.random() < 0.5}
        named = Multipliers(alphas, tuple((*key, t) for key, t in betas.items()), tuple(lambdas.items()))
        slopes = {
            (k + 1, i): Fraction(int(a), 64) for k, each in enumerate(alphas) for i, a in enumerate(each) if a >= 0
        }
        parts = (betas, lambdas)
        return named, (slopes, *({key: Fraction(t, unit) for key, t in part.items()} for part in parts))

    def plain_form(self) -> Any:
        parts = {0: self.form.inputs, **self.form.parts}
        return fraction(self.form.constant), {s: [fraction(a) for a in part] for s, part in parts.items()}

    def require_same_state(self) -> None:
        unit = 2 ** self.precision[2]
        for layer, expected in zip(self.cell.layers, self.state, strict=True):
            for kind, low, high, known in zip(layer.kinds, layer.lows, layer.highs, expected, strict=True):
                if known in ("a", "i"):
                    assert kind == (1 if known == "a" else -1)
                else:
                    found = (
                        -inf if low is None else Fraction(low, unit),
                        inf if high is None else Fraction(high, unit),
                    )
                    assert (kind, found) == (0, known)

    def require_sound_state(self) -> None:
        for z, each in zip(self.before(), self.state, strict=True):
            for value, known in zip(z, each, strict=True):
                low, high = {"a": (0, inf), "i": (-inf, 0)}.get(known, known)
                assert low <= value <= high


def _finite(value: Any) -> mpq | None:
    return None if value in (inf, -inf) else mpq(value)


@settings(max_examples=120, deadline=None)
@given(st.integers(0, 2**40))
def test_the_fast_rule_is_the_plain_one_and_never_exceeds_the_form(seed: int) -> None:
    at = RandomCell(seed)
    for _ in range(at.rng.randint(0, 3)):
        at.relax()
        at.require_same_state()
        at.require_sound_state()
        if at.rng.random() < 0.7:
            at.assume()
    named, plain_named = at.multipliers()
    (low,) = at.rule.low(at.rule.layers.forms([at.form]), [at.cell], [named])
    found = -inf if low is None else Fraction(low, 2 ** at.precision[2])
    expected = plain.low(
        at.plain_layers, at.domain, at.box, at.state, at.signs, at.plain_form(), at.precision, plain_named
    )
    assert found == expected
    assert found <= at.value()


def test_many_cells_together_are_bounded_as_each_alone() -> None:
    at = RandomCell(11)
    cells = [at.cell, *at.cell.halved(0, mpq(at.point[0]))]
    words = [["b" * layer.width for layer in at.network.hidden]] * 3
    for together, cell in zip(at.rule.relaxed(cells, words), cells, strict=True):
        (alone,) = at.rule.relaxed([cell], words[:1])
        assert together is not None
        assert alone is not None
        assert [(*a.kinds, a.lows, a.highs) for a in together.layers] == [
            (*a.kinds, a.lows, a.highs) for a in alone.layers
        ]


@pytest.mark.parametrize(("letter", "true"), [("a", True), ("i", False), ("b", True), ("u", True)])
def test_a_word_that_is_untrue_makes_no_state(letter: str, true: bool) -> None:
    network = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    rule = Relaxation(IntegerLayers.of(network, RoundingBits()), ())
    (found,) = rule.relaxed([RelaxedCell.root(network, (mpq(1),), (mpq(2),))], [[letter]])
    assert (found is not None) == true


def test_rows_of_the_domain_that_are_no_integers_are_refused() -> None:
    network = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    with pytest.raises(DomainError, match="expected rows of the domain that are integers"):
        Relaxation(IntegerLayers.of(network, RoundingBits()), [AffineForm.of(["1/3", 1])])


def test_a_form_without_neurons_is_bounded_by_the_box_alone() -> None:
    network = ReLUNetwork.of([([[1]], [0]), ([[1]], [0])])
    form = SourceForm(mpq(1, 3), (mpq(-2),), {})
    layers = IntegerLayers.of(network, RoundingBits(bounds=4), [form])
    (low,) = Relaxation(layers, ()).low(layers.forms([form]), [RelaxedCell.root(network, (None,), (mpq(1, 3),))])
    assert low == -6  # the floor of -1/3 in sixteenths
