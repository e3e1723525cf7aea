"""Everything a checker derives, derived anew: what is left to a forger are networks, domains, reasons and marks.

A change of a weight is refused at once, because planes and maps are compared. Here those follow the change, so
that only a reason, a witness or a mark can be what is wrong with a forged certificate.
"""

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction
from itertools import combinations
from typing import Any

from tests.checker.editing import Records, recounted
from verishallow import checker
from verishallow.checker.bounds import Bounds
from verishallow.checker.equal import Equal
from verishallow.checker.finite import Finite
from verishallow.checker.gated import Gated
from verishallow.checker.merge import Merge
from verishallow.checker.one_hidden import OneHidden
from verishallow.checker.quantised import Quantised
from verishallow.checker.regions import Regions

MOST_STRICT = 6


class Deriving(checker.Walk):
    """The checker's walk, writing where the checker compares: what is the same for all claims."""

    def rule_layer(self, state: Any, record: Any) -> None:
        forms = state.pending[state.layer + 1]
        planes = dict.fromkeys(checker.plane_of(forms[neuron]) for neuron in record["undecided"])
        record["planes"] = [[str(a) for a in plane] for plane in planes]
        super().rule_layer(state, record)

    def check_map(self, state: Any, layer: int, given: Any) -> None:
        scale = self.network.scale[layer]
        given[:] = [[str(Fraction(a, scale)) for a in form] for form in state.pending[layer]]
        super().check_map(state, layer, given)


class DerivingEquality(Deriving, checker.Equality):
    """Units and their faces as well."""

    def check_faces(self, record: Any, kept: Any, strict: Any) -> None:
        """Every set of strict constraints is a face, though it be empty."""
        if len(strict) <= MOST_STRICT:
            faces = [face for size in range(len(strict) + 1) for face in combinations(strict, size)]
            record["units"], record["absent"] = [{"face": list(face)} for face in faces], []
        super().check_faces(record, kept, strict)

    def check_unit(self, unit: Any, face: Any, kept: Any) -> None:
        gates = {self.side(number).violation for number in kept}
        gates |= {sign * self.side(number).violation for number in face for sign in (1, -1)}
        unit["-inf"] = sorted(gates, key=lambda gate: (abs(gate), gate))
        unit["weight"] = "-1" if len(face) % 2 else "1"
        super().check_unit(unit, face, kept)


class DerivingMerge(DerivingEquality, Merge):
    """Planes of cuts are the forger's own; a piece has the map of the last cell of its proof."""


class DerivingGated(DerivingEquality, Gated):
    """Nothing besides: there is no map."""


class DerivingQuantised(DerivingEquality, Quantised):
    """Gates as well; their reasons are the forger's own."""

    def check_leaf(self, state: Any, record: Any) -> None:
        numbered = enumerate(self.path, self.domain_rows)
        kept = [s.violation for i, s in numbered if i not in state.dropped or (s.strict and i not in state.positive)]
        record["gates"] = sorted(kept, key=abs)
        super().check_leaf(state, record)


class DerivingOneHidden(Deriving, OneHidden):
    """As of two equal networks."""


class DerivingFinite(Deriving, Finite):
    """Nothing besides: terms are the forger's own."""


class DerivingRegions(Deriving, Regions):
    """Nothing besides."""


class DerivingBounds(Deriving, Bounds):
    """Nothing besides: reasons are the forger's own."""


class DerivingEqual(Deriving, Equal):
    """The map of the second network, on which the first one's is tried again."""


WALKS: dict[str, type[Deriving]] = {
    "cells": DerivingEquality,
    "merge": DerivingMerge,
    "gated": DerivingGated,
    "one-hidden": DerivingOneHidden,
    "finite": DerivingFinite,
    "quantised": DerivingQuantised,
    "regions": DerivingRegions,
    "bounds": DerivingBounds,
    "equal": DerivingEqual,
}


def derive(records: Records) -> None:
    """Write planes, maps, units and counts anew, as far as the records can be walked."""
    try:
        header = records[0]
        first = 3 if "other_network_sha256" in header else 2
        network = checker.Network(records[1:first], header["inputs"], header["outputs"], header.get("slice"))
        rules = replace(checker.rules_of(header), walk=WALKS[header.get("construction", header["claim"])])
        _walk(rules.begin(header, checker.check_header(header), network), records[first:-1])
        recounted(records)
    except (checker.Invalid, ArithmeticError, AttributeError, LookupError, TypeError, ValueError):
        return


def _walk(walk: checker.Walk, nodes: Iterable[Any]) -> None:
    for node in nodes:
        if walk.waiting:
            walk.take(node)
