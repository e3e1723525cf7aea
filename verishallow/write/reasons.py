"""Sample reasons of a certificate, with the affine forms that they are about: one of each kind, and short."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate import Certificate
from verishallow.farkas import FarkasCertificate
from verishallow.network import ReLUNetwork
from verishallow.rationals import rational
from verishallow.regions.cell_tree import Pattern
from verishallow.side_by_side import side_by_side

SIDES = (("low", 1), ("high", -1))


@dataclass(frozen=True, slots=True)
class Sample:
    """A reason with all that it speaks of: ``form >= bound`` where every constraint holds and equations vanish.

    ``rule`` is "active", "inactive", "redundant", "absent", "low" or "high"; ``place`` says in numbers what it is
    about: (layer, neuron), (constraint,), the constraints of a face, or (output,). ``line`` counts from 1.
    """

    rule: str
    place: tuple[int, ...]
    line: int
    form: AffineForm
    reason: FarkasCertificate
    constraints: tuple[AffineForm, ...]
    domain_rows: int
    equations: tuple[int, ...] = ()

    @property
    def bound(self) -> mpq:
        """``l_0``, from the identity that the reason is, which is verified."""
        return self.reason.lower_bound(self.form, self.constraints, self.equations)


@dataclass(frozen=True, slots=True)
class _Node:
    """Where the walk stands: the splits above as (layer, neuron, sign), the layers decided, the one under way."""

    path: tuple[tuple[int, int, int], ...] = ()
    pattern: Pattern = ()
    layer: int = 0
    decided: tuple[tuple[int, bool], ...] = ()

    def entering(self, layer: int) -> "_Node":
        return _Node(self.path, self.whole_pattern(), layer)

    def deciding(self, record: dict[str, Any]) -> "_Node":
        found = [(neuron, kind == "active") for kind in ("active", "inactive") for neuron, _ in record[kind]]
        return replace(self, decided=(*self.decided, *found))

    def on_side(self, neuron: int, sign: int) -> "_Node":
        step = (self.layer, neuron, sign)
        return replace(self, path=(*self.path, step), decided=(*self.decided, (neuron, sign > 0)))

    def whole_pattern(self) -> Pattern:
        return (*self.pattern, tuple(on for _, on in sorted(self.decided))) if self.decided else self.pattern


@dataclass(frozen=True, slots=True)
class _Found:
    """A reason as the file spells it, and the node at which it stands."""

    rule: str
    place: tuple[int, ...]
    line: int
    pairs: list[Any]
    node: _Node

    def weight(self) -> tuple[bool, int]:
        """Reasons of two constraints or more first, then short ones."""
        return len(self.pairs) < 2, len(json.dumps(self.pairs))


def samples(certificate: Certificate) -> tuple[Sample, ...]:
    """A reason for a stable neuron, a redundant constraint, an absent face, and a bound: those that there are.

    >>> from verishallow import ReLUNetwork, prove
    >>> clipped = prove(ReLUNetwork.of([([[1], [1]], [0, -1]), ([[1, -1]], [0])]))
    >>> [(sample.rule, sample.place, str(sample.form), str(sample.bound)) for sample in samples(clipped)]
    [('inactive', (1, 1), '1 - x0', '1'), ('redundant', (0,), 'x0', '1')]
    """
    best: dict[str, _Found] = {}
    for found in _reasons(certificate):
        kind = KINDS[found.rule]
        if found.pairs and (kind not in best or found.weight() < best[kind].weight()):
            best[kind] = found
    return tuple(_sample(certificate, best[kind]) for kind in dict.fromkeys(KINDS.values()) if kind in best)


KINDS = {
    "active": "stable",
    "inactive": "stable",
    "redundant": "redundant",
    "absent": "absent",
    "low": "bound",
    "high": "bound",
}


def _reasons(certificate: Certificate) -> Iterator[_Found]:
    first = 2 if certificate.other is None else 3
    waiting = [_Node()]
    for number, line in enumerate(certificate.lines[first:-1], start=first + 1):
        record, node = json.loads(line), waiting.pop()
        kind = record["record"]
        if kind == "split":
            waiting += [node.on_side(record["neuron"], sign) for sign in (-1, 1)]
        elif kind in ("layer", "stable"):
            below = node.entering(record["layer"]) if kind == "layer" else node
            yield from (
                _Found(rule, (below.layer, neuron), number, pairs, below)
                for rule in ("active", "inactive")
                for neuron, pairs in record[rule]
            )
            waiting.append(below.deciding(record))
        elif kind == "redundant":
            yield from (_Found(kind, (dropped,), number, pairs, node) for dropped, pairs in record["constraints"])
            waiting.append(node)
        else:
            yield from _of_a_leaf(record, number, node, certificate)


def _of_a_leaf(record: dict[str, Any], number: int, node: _Node, certificate: Certificate) -> Iterator[_Found]:
    for face, pairs in record.get("absent", ()):
        yield _Found("absent", tuple(face), number, pairs, node)
    sides = [(bound, side) for bound in certificate.header.get("bounds", ()) for side, _ in SIDES if side in bound]
    for (bound, side), pairs in zip(sides, record.get("bounds", ()), strict=False):
        yield _Found(side, (bound["output"],), number, pairs, node)


def _sample(certificate: Certificate, found: _Found) -> Sample:
    network, domain = _explored(certificate), certificate.domain.inequalities
    pattern = _padded(network, found.node.whole_pattern() if KINDS[found.rule] == "bound" else found.node.pattern)
    forms = network.pre_activations_for(pattern)
    path = (forms[layer - 1][neuron].scaled(mpq(sign)).primitive() for layer, neuron, sign in found.node.path)
    constraints = (*domain, *path)
    reason = FarkasCertificate(tuple((number, rational(text)) for number, text in found.pairs))
    equations = found.place[:-1] if found.rule == "absent" else ()
    form = _form(certificate, found, constraints, pattern)
    return Sample(found.rule, found.place, found.line, form, reason, constraints, len(domain), equations)


def _explored(certificate: Certificate) -> ReLUNetwork:
    other = certificate.other
    return certificate.network if other is None else side_by_side(certificate.network, other)


def _padded(network: ReLUNetwork, pattern: Pattern) -> Pattern:
    """Layers that are not decided yet as inactive: no form of a lower one depends on them."""
    rest = network.hidden[len(pattern) :]
    return (*pattern, *((False,) * layer.width for layer in rest))


def _form(certificate: Certificate, found: _Found, constraints: tuple[AffineForm, ...], pattern: Pattern) -> AffineForm:
    """What the reason bounds below."""
    network = _explored(certificate)
    if KINDS[found.rule] == "stable":
        layer, neuron = found.place
        form = network.pre_activations_for(pattern)[layer - 1][neuron]
        return form if found.rule == "active" else -form
    if KINDS[found.rule] == "bound":
        entry = next(bound for bound in certificate.header["bounds"] if bound["output"] == found.place[0])
        form = network.affine_map_for(pattern).forms[found.place[0]]
        value = AffineForm((rational(entry[found.rule]), *(mpq(0),) * form.dimension))
        return form - value if found.rule == "low" else value - form
    return constraints[found.place[-1]]
