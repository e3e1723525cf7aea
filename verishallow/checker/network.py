# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The network over the integers (FORMAT.md, section 5).

Nothing about a function is read from a certificate but what stands here: all affine forms are computed from it.
"""

from typing import Any

from .values import (
    WORD,
    Record,
    array,
    common_denominator,
    members,
    naturals,
    rational,
    require,
    require_size,
    words_of,
)


class Network:
    """The deep network over integers: pre-activations of layer k are integer vectors over ``scale[k]``.

    Several networks stand side by side: the hidden layers of each in turn, then the last layer of each.

    ``start[k]`` are the forms of layer k with only biases and inputs summed; ``feeds[s][t]`` lists what an
    active neuron t of layer s adds to later layers, as (layer, row, integer factor).
    """

    def __init__(self, records: list[Record], n: int, m: int, embedding: Any = None) -> None:
        self.inputs, self.factors, self.growth = n, 0, 0  # growth: bits by which forms may outgrow their denominators
        self._add_inputs(embedding)
        self.start: list[list[list[int]]] = [[]]
        self.feeds: list[list[list[tuple[int, int, int]]]] = [[]]
        ends: list[tuple[Any, list[int]]] = []
        for record in records:
            members(record, "record", "layers")
            sources, layers = [0], array(record["layers"], "layers")
            require(layers, "there is no layer")
            self.depth = len(layers)  # in the end, that of the last network
            for layer in layers[:-1]:
                self._add(layer, sources)
                sources.append(len(self.widths) - 1)
            ends.append((layers[-1], sources))
        self.last = len(self.widths)
        for layer, sources in ends:
            self._add(layer, sources)
            require(self.widths[-1] == m, f"the last layer has {self.widths[-1]} neurons, expected {m} outputs")

    def _add_inputs(self, embedding: Any) -> None:
        """Source 0: the inputs, or on a slice their forms in its parameters, as pairs (index, integer)."""
        self.widths, self.scale, self.origin = [self.inputs], [1], list[list[tuple[int, int]]]()
        if embedding is not None:
            rows = [array(row, "a row of the slice", self.inputs + 1) for row in embedding]
            forms = [[rational(text) for text in row] for row in rows]
            self.widths, self.scale = [len(forms)], [common_denominator(q for form in forms for _, q in form)]
            self.growth = max(p.bit_length() for form in forms for p, _ in form)
            size = len(forms) * (self.inputs + 1) * self.scale[0].bit_length()
            require_size(words_of(size), "the slice is too large")
            self.origin = [[(i, p * (self.scale[0] // q)) for i, (p, q) in enumerate(form) if p] for form in forms]

    def _add(self, layer: Any, sources: list[int]) -> None:
        """Add a layer of a network whose sources, in its own order, are these."""
        number, index = len(sources), len(self.widths)
        self.reads = reads = [sources[source] for source in self._reads(number, layer)]
        bias = [rational(text) for text in array(layer["bias"], f"the bias of layer {number}")]
        require(bias, f"layer {number} has no neuron")
        columns = sum(self.widths[source] for source in reads)
        rows = array(layer["weight"], f"the weight of layer {number}", len(bias))
        weight = [[rational(text) for text in array(row, f"a weight row of layer {number}", columns)] for row in rows]
        below = common_denominator(self.scale[source] for source in reads)
        factor = common_denominator(q for row in weight for _, q in row)
        scale = common_denominator([below * factor, *(q for _, q in bias)])
        self.growth += max(p.bit_length() for row in [bias, *weight] for p, _ in row) + columns.bit_length()
        words = 1 + (self.growth + max(*self.scale, scale).bit_length()) // WORD
        self.coefficients = (sum(self.widths) + len(bias)) * (self.inputs + 1) * words
        self.factors += columns * len(bias)
        size = max(self.coefficients, self.factors * words, index**2)
        require_size(size, "the network is too wide, or too deep")
        self.widths.append(len(bias))
        self.scale.append(scale)
        self.start.append([[p * (scale // q)] + [0] * self.inputs for p, q in bias])
        self.feeds.append([[] for _ in bias])
        self._connect_sources(index, weight)

    def _reads(self, number: int, layer: Any) -> list[int]:
        if type(layer) is dict and "reads" not in layer:
            members(layer, "bias", "weight")
            return [number - 1]
        members(layer, "bias", "reads", "weight")
        reads = naturals(layer["reads"], f"reads of layer {number}", number)
        require(reads and reads != [number - 1], f"reads of layer {number} is empty, or spells the default")
        return reads

    def _connect_sources(self, index: int, weight: list[list[tuple[int, int]]]) -> None:
        offset = 0
        for source in self.reads:
            quotient = self.scale[index] // self.scale[source]  # a multiple of the denominator of each weight
            for row_number, row in enumerate(weight):
                for t, (p, q) in enumerate(row[offset : offset + self.widths[source]]):
                    self._connect(index, row_number, source, t, p * (quotient // q))
            offset += self.widths[source]

    def _connect(self, number: int, index: int, source: int, t: int, factor: int) -> None:
        if source == 0:
            for i, a in self.origin[t] if self.origin else [(1 + t, 1)]:
                self.start[number][index][i] += factor * a
        elif factor:
            self.feeds[source][t].append((number, index, factor))
