"""Sample reasons of a certificate, with the affine forms that they are about: one of each kind, and short."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate import Certificate
from verishallow.farkas import FarkasCertificate
from verishallow.rationals import rational
from verishallow.write.tree import Node, explored, nodes, padded, path_constraints

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
class _Found:
    """A reason as the file spells it, and the node at which it stands."""

    rule: str
    place: tuple[int, ...]
    line: int
    pairs: list[Any]
    node: Node

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
    for number, record, node in nodes(certificate):
        match record["record"]:
            case "layer" | "stable":
                for rule in ("active", "inactive"):
                    yield from (
                        _Found(rule, (node.layer, neuron), number, pairs, node) for neuron, pairs in record[rule]
                    )
            case "redundant":
                for dropped, pairs in record["constraints"]:
                    yield _Found("redundant", (dropped,), number, pairs, node)
            case "leaf":
                yield from _of_a_leaf(record, number, node, certificate)


def _of_a_leaf(record: dict[str, Any], number: int, node: Node, certificate: Certificate) -> Iterator[_Found]:
    for face, pairs in record.get("absent", ()):
        yield _Found("absent", tuple(face), number, pairs, node)
    sides = [(bound, side) for bound in certificate.header.get("bounds", ()) for side, _ in SIDES if side in bound]
    for (bound, side), pairs in zip(sides, record.get("bounds", ()), strict=False):
        yield _Found(side, (bound["output"],), number, pairs, node)


def _sample(certificate: Certificate, found: _Found) -> Sample:
    domain = certificate.domain.inequalities
    constraints = (*domain, *path_constraints(explored(certificate), found.node))
    reason = FarkasCertificate(tuple((number, rational(text)) for number, text in found.pairs))
    equations = found.place[:-1] if found.rule == "absent" else ()
    form = _form(certificate, found, constraints)
    return Sample(found.rule, found.place, found.line, form, reason, constraints, len(domain), equations)


def _form(certificate: Certificate, found: _Found, constraints: tuple[AffineForm, ...]) -> AffineForm:
    """What the reason bounds below."""
    network, place = explored(certificate), found.place
    match found.rule:
        case "active" | "inactive":
            form = network.pre_activations_for(padded(network, found.node.pattern))[place[0] - 1][place[1]]
            return form if found.rule == "active" else -form
        case "low" | "high":
            entry = next(bound for bound in certificate.header["bounds"] if bound["output"] == place[0])
            form = network.affine_map_for(found.node.whole_pattern()).forms[place[0]]
            value = AffineForm((rational(entry[found.rule]), *(mpq(0),) * form.dimension))
            return form - value if found.rule == "low" else value - form
    return constraints[place[-1]]
