"""Certificates of properties checked as they are specified, with fractions and nothing else: slow, and an oracle."""

import hashlib
import json
from fractions import Fraction
from math import inf
from typing import Any

from tests.verify import plain_relaxation as plain

LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz+/="


def rows_of(texts: Any) -> Any:
    return [[Fraction(t) for t in row] for row in texts]


def network_of(record: Any, inputs: Any) -> Any:
    """Layers as (reads, {source: matrix}, bias), the last one too."""
    widths, found = [inputs], []
    for number, layer in enumerate(record["layers"]):
        reads, bias = layer.get("reads", [number]), [Fraction(b) for b in layer["bias"]]
        rows, weights, start = rows_of(layer["weight"]), {}, 0
        for r in reads:
            weights[r] = [row[start : start + widths[r]] for row in rows]
            start += widths[r]
        found.append((reads, weights, bias))
        widths.append(len(bias))
    return found


def values(layers: Any, point: Any) -> Any:
    sources = [point]
    for reads, weights, bias in layers:
        z = [
            b + sum(w * v for r in reads for w, v in zip(weights[r][i], sources[r], strict=True))
            for i, b in enumerate(bias)
        ]
        sources.append([max(v, 0) for v in z])
    return z


def holds(rows: Any, strict: Any, point: Any) -> Any:
    found = [row[0] + sum(a * x for a, x in zip(row[1:], point, strict=True)) for row in rows]
    return all(v > 0 or (v == 0 and i not in strict) for i, v in enumerate(found))


def check(lines: Any) -> Any:
    """'valid', 'incomplete', or an AssertionError."""
    records = [json.loads(line) for line in lines]
    header, network, *nodes, end = records
    assert lines == tuple(json.dumps(r, sort_keys=True, separators=(",", ":")).encode() + b"\n" for r in records)
    layers, domain = network_of(network, header["inputs"]), rows_of(header["domain"])
    unsafe = [(rows_of(each["rows"]), each["strict"]) for each in header["unsafe"]]
    stripped = {k: v for k, v in end.items() if k != "sha256"}
    whole = [*lines[:-1], json.dumps(stripped, sort_keys=True, separators=(",", ":")).encode() + b"\n"]
    assert end["sha256"] == hashlib.sha256(b"".join(whole)).hexdigest()
    if header["claim"] == "counterexample":
        point = [Fraction(t) for t in header["point"]]
        rows, strict = unsafe[header["disjunct"]]
        assert not nodes
        assert holds(domain, header["strict"], point)
        assert holds(rows, strict, [*point, *values(layers, point)])
        return "valid"
    return Walk(header, layers, domain, unsafe).run(nodes, end)


class Walk:
    def __init__(self, header: Any, layers: Any, domain: Any, unsafe: Any) -> None:
        self.header, (*self.hidden, self.last), self.domain, self.unsafe = header, layers, domain, unsafe
        p = header["precision"]
        self.precision, self.unit = (p["S"], p["P"], p["X"]), 2 ** p["P"]

    def root_box(self, state: Any) -> Any:
        box = [[-inf, inf] for _ in range(self.header["inputs"])]
        for row in self.domain:
            used = [j for j, a in enumerate(row[1:]) if a]
            if len(used) == 1:
                side = -row[0] / row[1 + used[0]]
                low, high = box[used[0]]
                box[used[0]] = [max(low, side), high] if row[1 + used[0]] > 0 else [low, min(high, side)]
        for j, side, w, lambdas in self.header.get("sides", ()):
            sign = 1 if side == "low" else -1
            form = (Fraction(0), {0: [Fraction(sign * int(w) * (i == j)) for i in range(len(box))]})
            named: Any = ({}, {}, {row: Fraction(int(t), self.unit) for row, t in lambdas})
            v = plain.low(self.hidden, self.domain, box, state, {}, form, self.precision, named)
            assert v > -inf
            low, high = box[j]
            box[j] = [max(low, v / int(w)), high] if sign > 0 else [low, min(high, -v / int(w))]
        return box

    def run(self, nodes: Any, end: Any) -> Any:  # noqa: C901 - one case per record
        if "witness" in self.header:
            assert holds(self.domain, self.header["strict"], [Fraction(t) for t in self.header["witness"]])
        state: Any = [[(-inf, inf)] * len(bias) for _, _, bias in self.hidden]
        waiting: Any = [(self.root_box(state), {}, state, False)]
        leaves, left, nodes = 0, 0, iter(nodes)
        while waiting:
            box, signs, state, relaxed = waiting.pop()
            record = next(nodes)
            match record["record"]:
                case "relax":
                    assert not relaxed
                    assert any(record["words"])
                    words = [t or "u" * len(s) for t, s in zip(record["words"], state, strict=True)]
                    for word, each in zip(words, state, strict=True):
                        assert all(c == "u" or kind not in ("a", "i") for c, kind in zip(word, each, strict=True))
                    new = plain.relaxed(self.hidden, self.domain, box, state, signs, words, self.precision)
                    assert new is not None
                    waiting.append((box, signs, new, True))
                case "halve":
                    j, at = record["input"], Fraction(record["at"])
                    low, high = box[j]
                    assert low < at < high
                    assert (at * 2 ** self.precision[2]).denominator == 1
                    waiting += [
                        ([*box[:j], side, *box[j + 1 :]], signs, state, False) for side in ([at, high], [low, at])
                    ]
                case "sign":
                    k, i = record["layer"], record["neuron"]
                    assert state[k - 1][i] not in ("a", "i")
                    for sign, letter in ((-1, "i"), (1, "a")):
                        new = [list(each) for each in state]
                        new[k - 1][i] = letter
                        waiting.append((box, {**signs, (k, i): sign}, new, False))
                case "refuted":
                    leaves += 1
                    assert len(record["disjuncts"]) == len(self.unsafe)
                    for (rows, strict), reason in zip(self.unsafe, record["disjuncts"], strict=True):
                        self.refuted(box, signs, state, rows, strict, reason)
                case "open":
                    left += 1
        assert next(nodes, None) is None
        assert (end["leaves"], end["open"]) == (leaves, left)
        return "incomplete" if left else "valid"

    def refuted(self, box: Any, signs: Any, state: Any, rows: Any, strict: Any, reason: Any) -> Any:
        weights = [int(w) for w in reason["w"]]
        assert len(weights) == len(rows)
        assert all(w >= 0 for w in weights)
        alphas = {
            (k, i): Fraction(LETTERS.index(c), 64)
            for k, text in enumerate(reason.get("alphas", ()), start=1)
            for i, c in enumerate(text)
            if c != "."
        }
        betas = {(k, i): Fraction(int(t), self.unit) for k, i, t in reason.get("betas", ())}
        assert all(key in signs for key in betas)
        lambdas = {row: Fraction(int(t), self.unit) for row, t in reason.get("lambdas", ())}
        assert all(t > 0 for t in (*betas.values(), *lambdas.values()))
        form = self.form(weights, rows)
        found = plain.low(self.hidden, self.domain, box, state, signs, form, self.precision, (alphas, betas, lambdas))
        tight = any(weights[j] for j in strict) or any(row in self.header["strict"] for row in lambdas)
        assert found > 0 or (found == 0 and tight), found

    def form(self, weights: Any, rows: Any) -> Any:
        n = self.header["inputs"]
        total = [
            -sum(w * row[c] for w, row in zip(weights, rows, strict=True)) for c in range(1 + n + len(self.last[2]))
        ]
        reads, matrices, bias = self.last
        c = total[0] + sum(a * b for a, b in zip(total[1 + n :], bias, strict=True))
        parts = {0: total[1 : 1 + n]}
        for r in reads:
            columns = [
                sum(a * w for a, w in zip(total[1 + n :], column, strict=True))
                for column in zip(*matrices[r], strict=True)
            ]
            parts[r] = [a + b for a, b in zip(parts.get(r, [0] * len(columns)), columns, strict=True)]
        return Fraction(c), {r: [Fraction(a) for a in part] for r, part in parts.items()}
