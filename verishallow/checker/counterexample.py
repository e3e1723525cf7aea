# SPDX-License-Identifier: MIT
# Permission is hereby granted, free of charge, to any person obtaining a copy of this file, to deal in it
# without restriction, including without limitation the rights to use, copy, modify, merge, publish,
# distribute, sublicense, and/or sell copies, and to permit persons to whom it is furnished to do so, provided
# that this notice stays in all copies. THE FILE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.
"""The claim ``counterexample``: a point of D that is unsafe, evaluated exactly (FORMAT.md, section 26)."""

from fractions import Fraction
from typing import Any

from .network import Network
from .unsafe import check_unsafe, conjunction_in_words, fails_at, point_in_words, rows_of, shortened
from .values import Record, Row, common_denominator, fractions, natural, require
from .walk import Rules, Tree


class Counterexample(Tree):
    """There is nothing to walk through: the point is in D, and every row of one conjunction holds there."""

    def __init__(self, rules: Rules, header: Record, domain: list[Row], network: Network) -> None:
        super().__init__(rules, header, domain, network)
        point = fractions(header["point"], "the point", network.inputs)
        failing = fails_at(domain, header["strict"], point)
        require(failing is None, f"the point does not fulfil row {failing} of the domain")
        chosen = header["unsafe"][header["disjunct"]]
        failing = fails_at(rows_of(chosen), chosen["strict"], [*point, *values(network, point)])
        require(failing is None, f"row {failing} of the conjunction does not hold at the point")

    @staticmethod
    def check_claimed(header: Record) -> None:
        check_unsafe(header)
        number, many = natural(header["disjunct"], "disjunct"), len(header["unsafe"])
        require(number < many, f"there is no conjunction {number}, but {many} of them")


def values(network: Network, point: Any) -> list[Fraction]:
    """The outputs at a point: those of one network after the other."""
    common = common_denominator(a.denominator for a in point)
    homogeneous = [common, *(int(a * common) for a in point)]
    found = [[sum(a * x for a, x in zip(row, homogeneous)) for row in forms] for forms in network.start]
    for source in range(1, network.last):
        for value, terms in zip(found[source], network.feeds[source]):
            for layer, row, factor in terms if value > 0 else ():
                found[layer][row] += factor * value
    last_layers = range(network.last, len(network.widths))
    return [Fraction(value, network.scale[layer] * common) for layer in last_layers for value in found[layer]]


def counterexample_stated(header: Record, _counts: Record) -> str:
    rows = conjunction_in_words(header, header["unsafe"][header["disjunct"]])
    return f"x in D with {shortened(' and '.join(rows)) or 'any value'}: {point_in_words(header['point'])}"


COUNTEREXAMPLE = (
    Rules(
        claim="counterexample",
        walk=Counterexample,
        files=("unsafe", "counterexample"),
        statement=counterexample_stated,
        nodes={},
        counts=("leaves", "open"),
        header=("disjunct", "point", "strict", "unsafe", "other_network_sha256?"),
        everywhere=False,
    ),
)
