"""The rule of substitution backwards as it is written down, with fractions alone: what the fast one must equal."""

from fractions import Fraction
from math import ceil, floor, inf
from typing import Any

ZERO = Fraction(0)
NOTHING: Any = ({}, {}, {})


def floored(value: Any, bits: Any) -> Any:
    return Fraction(floor(value * 2**bits), 2**bits)


def low(  # noqa: C901 - the rule in one piece, as it is written down
    layers: Any,
    domain: Any,
    box: Any,
    state: Any,
    signs: Any,
    form: Any,
    precision: Any,
    named: Any = None,
) -> Any:
    """The bound of a form (constant, {source: coefficients}) on a cell; -inf where there is none.

    ``layers`` are triples (reads, {source: matrix}, bias) of the hidden ones, ``state`` pairs of lists: the kind of a
    neuron ("a", "i", or (l, u)); ``named`` has alphas {(s, i): alpha}, betas likewise, lambdas {row: lambda}.
    """
    s_bits, p_bits, x_bits = precision
    alphas, betas, lambdas = named or NOTHING
    c, parts = form[0], {s: list(row) for s, row in form[1].items()}
    parts = {s: [floored(a, s_bits) for a in row] if s else row for s, row in parts.items()}
    for s in range(len(layers), 0, -1):
        reads, weights, bias = layers[s - 1]
        row, g = parts.pop(s, [ZERO] * len(bias)), []
        for i, a in enumerate(row):
            factor, kind = ZERO, state[s - 1][i]
            if a == 0 or kind == "i":
                factor = ZERO
            elif kind == "a":
                factor = a
            elif a > 0:
                below, above = kind
                factor = a * alphas.get((s, i), Fraction(below > -inf and above > -below))
            else:
                below, above = kind
                if below == -inf:
                    return -inf
                m = Fraction(1) if above == inf else Fraction(ceil(2**p_bits * above / (above - below)), 2**p_bits)
                factor = a * m
                c -= a * m * below
            if (s, i) in signs:
                factor -= betas.get((s, i), ZERO) * signs[s, i]
            g.append(factor)
        c += sum(f * b for f, b in zip(g, bias, strict=True))
        for r in reads:
            columns = [sum(f * w for f, w in zip(g, column, strict=True)) for column in zip(*weights[r], strict=True)]
            before = parts.get(r, [ZERO] * len(columns))
            parts[r] = [a + (floored(b, s_bits) if r else b) for a, b in zip(before, columns, strict=True)]
    inputs = parts.get(0, [ZERO] * len(box))
    for number, factor in lambdas.items():
        c -= factor * domain[number][0]
        inputs = [a - factor * b for a, b in zip(inputs, domain[number][1:], strict=True)]
    for a, (lower, upper) in zip(inputs, box, strict=True):
        side = lower if a > 0 else upper
        if a and side in (inf, -inf):
            return -inf
        c += a * side if a else 0
    return floored(c, x_bits)


def relaxed(layers: Any, domain: Any, box: Any, state: Any, signs: Any, words: Any, precision: Any) -> Any:
    """The state after a relax record, or None where a word is untrue."""
    state = [list(each) for each in state]
    for k, ((_, weights, bias), word) in enumerate(zip(layers, words, strict=True)):
        found = list(state[k])
        for i, letter in enumerate(word):
            if letter == "u":
                continue
            z = (bias[i], {r: matrix[i] for r, matrix in weights.items()})
            minus = (-bias[i], {r: [-w for w in matrix[i]] for r, matrix in weights.items()})
            below = low(layers, domain, box, state, signs, z, precision)
            above = -low(layers, domain, box, state, signs, minus, precision)
            if letter in "ai":
                if not (below >= 0 if letter == "a" else above <= 0):
                    return None
                found[i] = letter
            else:
                low_, high = max(state[k][i][0], below), min(state[k][i][1], above)
                found[i] = "a" if low_ >= 0 else "i" if high <= 0 else (low_, high)
        state[k] = found
    return state
