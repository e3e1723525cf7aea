"""Slopes, weights of rows and multipliers of signs that make a bound large, by gradients, rounded on the way.

A bound is concave in none of them, but its gradient costs one pass: with x the point of the box where the form that is
left is least, let z and v go forwards from it through the *relaxed* layers (v = alpha z where the coefficient is
positive, m (z - l) where it is negative). Then d low / d alpha_i = max(A_i, 0) z_i, d low / d beta_i = - sigma z_i,
d low / d lambda_r = - d_r(x), and by the weight of a row it is minus that row at v.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from verishallow.verify.float_bounds import SURE, FloatCells, gates_of, least_on_boxes
from verishallow.verify.float_layers import Array, FloatLayers

SLOPE_STEPS = 16
"""Slopes are multiples of 1 / 16, so that they take few bytes."""

WEIGHT_STEPS = 64
BETA_STEPS = 1024
RATE, BETA_RATE, WEIGHT_RATE = 0.25, 0.1, 0.25
MEMORY, SPREAD, TINY = 0.9, 0.999, 1e-300


@dataclass(slots=True)
class Reasons:
    """Per pair of a cell and a conjunction: the bound in floats, what it was found with, and what is left of the form.

    ``weights`` are multiples of 1 / 64; ``alphas`` (0 to 1) and ``betas`` have one array per hidden layer; ``form`` is
    the linear form of the input, ``minimiser`` the point of the box where it is least; ``losses`` say per layer how
    much the bound loses at each unstable neuron, at most.
    """

    low: Array
    weights: Array
    alphas: list[Array]
    betas: list[Array]
    lambdas: Array
    form: Array
    minimiser: Array
    losses: list[Array]

    @classmethod
    def blank(cls, count: int, layers: FloatLayers, domain_rows: int) -> "Reasons":
        """Nothing found yet, for so many pairs."""
        widths = layers.widths[1:]
        return cls(
            np.full(count, -np.inf),
            np.zeros((count, len(layers.owner))),
            [np.zeros((count, width)) for width in widths],
            [np.zeros((count, width)) for width in widths],
            np.zeros((count, domain_rows)),
            np.zeros((count, layers.widths[0])),
            np.zeros((count, layers.widths[0])),
            [np.zeros((count, width)) for width in widths],
        )

    def put(self, lines: NDArray[np.intp], other: "Reasons") -> None:
        """Take over what another has for some lines."""
        self.low[lines], self.weights[lines] = other.low, other.weights
        self.lambdas[lines], self.form[lines], self.minimiser[lines] = other.lambdas, other.form, other.minimiser
        for mine, found in zip(
            (*self.alphas, *self.betas, *self.losses), (*other.alphas, *other.betas, *other.losses), strict=True
        ):
            mine[lines] = found

    def taken(self, lines: NDArray[np.intp]) -> "Reasons":
        """Some lines."""
        return Reasons(
            self.low[lines],
            self.weights[lines],
            [a[lines] for a in self.alphas],
            [b[lines] for b in self.betas],
            self.lambdas[lines],
            self.form[lines],
            self.minimiser[lines],
            [g[lines] for g in self.losses],
        )


class Ascent:
    """The search for multipliers, for all pairs (cell, conjunction) of a batch together.

    ``domain`` are rows [b, a1, ..., an] of the domain in floats, of which multiples may be taken off.
    """

    def __init__(self, layers: FloatLayers, domain: Array) -> None:
        self.layers, self.domain = layers, domain

    def reasons(self, cells: FloatCells, conjunctions: NDArray[np.intp], steps: int) -> Reasons:
        """The best found for each pair: line i is about cell i and conjunction ``conjunctions[i]``."""
        found = Reasons.blank(len(conjunctions), self.layers, len(self.domain))
        lines, climb = np.arange(len(conjunctions)), _Climb(self.layers, self.domain, cells, conjunctions)
        for step in range(steps):
            now, slopes = climb.evaluated()
            better = now.low > found.low[lines]
            found.put(lines[better], now.taken(np.nonzero(better)[0]))
            left = found.low[lines] <= SURE
            if step == steps - 1 or not left.any():
                break
            if left.sum() * 2 <= len(lines):
                kept = np.nonzero(left)[0]
                lines, slopes = lines[kept], [slope[kept] for slope in slopes]
                climb.keep(kept)
            climb.move(slopes)
        return found


class _Climb:
    """The pairs that are not done, with their variables and the memory of their gradients (Adam)."""

    def __init__(self, layers: FloatLayers, domain: Array, cells: FloatCells, conjunctions: NDArray[np.intp]) -> None:
        self.layers, self.domain, self.cells = layers, domain, cells
        self.gates = gates_of(cells)
        self.mine = layers.owner == conjunctions[:, None]
        self.depth, self.step, many = len(layers.hidden), 0, len(conjunctions)
        self.variables = [
            *(gate.positive.copy() for gate in self.gates),
            *(np.zeros_like(sign) for sign in cells.signs),
            np.zeros(self.mine.shape),
            np.zeros((many, len(domain))),
        ]
        self.variables[2 * self.depth] = self._first_weights()
        self.first, self.second = ([np.zeros_like(v) for v in self.variables] for _ in range(2))
        self.scale = np.ones(many)

    def _first_weights(self) -> Array:
        """Most weight on the row of which the middle of the box, or some point of it, sees least."""
        lows = np.where(np.isfinite(self.cells.lows), self.cells.lows, np.minimum(self.cells.highs, 0.0))
        lows = np.where(np.isfinite(lows), lows, 0.0)
        highs = np.where(np.isfinite(self.cells.highs), self.cells.highs, lows)
        values = self.layers.rows.values(self.layers.sources((lows + highs) / 2)[0])
        values = np.where(self.mine, values, np.inf)
        start = np.zeros(self.mine.shape)
        if start.shape[1]:
            start[np.arange(len(start)), values.argmin(axis=1)] = 3.0
        return start

    def keep(self, lines: NDArray[np.intp]) -> None:
        """Go on with some pairs."""
        self.cells = self.cells.taken(lines)
        self.gates = gates_of(self.cells)
        self.mine, self.scale = self.mine[lines], self.scale[lines]
        self.variables, self.first, self.second = (
            [v[lines] for v in each] for each in (self.variables, self.first, self.second)
        )

    # ------------------------------------------------------------------------------------------- The bound

    def rounded(self) -> tuple[Array, list[Array], list[Array], Array]:
        """Weights, slopes, multipliers of signs and of the domain as they will be written."""
        depth = self.depth
        alphas = [
            np.where(gate.loose, np.rint(np.clip(v, 0, 1) * SLOPE_STEPS) / SLOPE_STEPS, gate.positive)
            for v, gate in zip(self.variables[:depth], self.gates, strict=True)
        ]
        betas = [
            np.where(sign != 0, np.rint(np.maximum(v, 0) * BETA_STEPS) / BETA_STEPS, 0.0)
            for v, sign in zip(self.variables[depth : 2 * depth], self.cells.signs, strict=True)
        ]
        lambdas = np.rint(np.maximum(self.variables[-1], 0) * BETA_STEPS) / BETA_STEPS
        return self._weights(), alphas, betas, lambdas

    def _weights(self) -> Array:
        """Multiples of 1 / 64 that sum up to about 1; 1 where there is but one row."""
        raw = np.where(self.mine, self.variables[2 * self.depth], -np.inf)
        if not raw.shape[1]:
            return raw
        most = np.where(self.mine.any(axis=1), raw.max(axis=1), 0.0)
        powers = np.where(self.mine, np.exp(raw - most[:, None]), 0.0)
        shares = powers / np.maximum(powers.sum(axis=1, keepdims=True), TINY)
        several = self.mine.sum(axis=1, keepdims=True) > 1
        weights: Array = np.where(several, np.rint(shares * WEIGHT_STEPS) / WEIGHT_STEPS, shares)
        return weights

    def evaluated(self) -> tuple[Reasons, list[Array]]:
        """The bounds with the variables as they are, and their gradients."""
        weights, alphas, betas, lambdas = self.rounded()
        parts = {source: -(weights @ part) for source, part in self.layers.rows.parts.items()}
        constant = -(weights @ self.layers.rows.constant) if weights.shape[1] else np.zeros(len(weights))
        coefficients = list[Array]()
        for source in range(self.depth, 0, -1):
            a = parts.pop(source, np.zeros_like(alphas[source - 1]))
            coefficients.append(a)
            constant = constant + self._passed(source, a, alphas[source - 1], betas[source - 1], parts)
        coefficients.reverse()
        if len(self.domain):
            constant = constant - lambdas @ self.domain[:, 0]
            parts[0] = parts[0] - lambdas @ self.domain[:, 1:]
        low = constant + least_on_boxes(parts[0], self.cells.lows, self.cells.highs)
        point = np.where(parts[0] > 0, self.cells.lows, self.cells.highs)
        point = np.where(np.isinf(point), np.where(np.isfinite(self.cells.lows), self.cells.lows, 0.0), point)
        slopes, losses = self._gradients(point, coefficients, alphas, weights)
        return Reasons(low, weights, alphas, betas, lambdas, parts[0], point, losses), slopes

    def _passed(self, source: int, a: Array, alpha: Array, beta: Array, parts: dict[int, Array]) -> Array:
        """Put the layer's sources in the place of its neurons; the constants that are left."""
        gate, layer, down = self.gates[source - 1], self.layers.hidden[source - 1], np.minimum(a, 0.0)
        factors = (a - down) * alpha + down * gate.negative - beta * self.cells.signs[source - 1]
        constant: Array = factors @ layer.constant - np.einsum("ij,ij->i", down, gate.offset)
        if gate.blocked.any():
            constant[((down < 0) & gate.blocked).any(axis=1)] = -np.inf
        for reads, part in layer.parts.items():
            parts[reads] = parts[reads] + factors @ part if reads in parts else factors @ part
        return constant

    def _gradients(
        self, point: Array, coefficients: Sequence[Array], alphas: Sequence[Array], weights: Array
    ) -> tuple[list[Array], list[Array]]:
        values, by_alpha, by_beta, losses = [point], list[Array](), list[Array](), list[Array]()
        for layer, gate, a, alpha, sign in zip(
            self.layers.hidden, self.gates, coefficients, alphas, self.cells.signs, strict=True
        ):
            z = layer.values(values)
            relaxed = np.where(a > 0, alpha * z, gate.negative * z - gate.offset)
            values.append(relaxed)
            by_alpha.append(np.where(gate.loose, np.maximum(a, 0.0) * z, 0.0))
            by_beta.append(-sign * z)
            losses.append(np.where(gate.loose, a * (np.maximum(z, 0.0) - relaxed), 0.0))
        by_weight = -self.layers.rows.values(values)
        share = weights / np.maximum(weights.sum(axis=1, keepdims=True), TINY)
        mean = (by_weight * share).sum(axis=1, keepdims=True)
        by_lambda = (
            -(self.domain[:, 0] + point @ self.domain[:, 1:].T) if len(self.domain) else np.zeros((len(point), 0))
        )
        return [*by_alpha, *by_beta, share * (by_weight - mean), by_lambda], losses

    # ------------------------------------------------------------------------------------------- A step

    def move(self, slopes: Sequence[Array]) -> None:
        """One step of Adam upwards."""
        self.step += 1
        depth = self.depth
        rates = [RATE] * depth + [BETA_RATE] * depth + [WEIGHT_RATE, BETA_RATE]
        for number, (slope, rate) in enumerate(zip(slopes, rates, strict=True)):
            first, second = self.first[number], self.second[number]
            first *= MEMORY
            first += (1 - MEMORY) * slope
            second *= SPREAD
            second += (1 - SPREAD) * slope**2
            size = np.sqrt(second / (1 - SPREAD**self.step)) + 1e-8
            variable = self.variables[number]
            variable += rate * first / (1 - MEMORY**self.step) / size
            if number < depth:
                np.clip(variable, 0.0, 1.0, out=variable)
            elif number != 2 * depth:
                np.maximum(variable, 0.0, out=variable)
