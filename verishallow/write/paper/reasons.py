"""Sample reasons of a certificate, with the affine forms that they are about: a short one of each kind."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gmpy2 import mpq

from verishallow.affine import AffineForm
from verishallow.certificate.cells import padded, path_constraints
from verishallow.certificate.certificate import Certificate
from verishallow.farkas import FarkasCertificate
from verishallow.rationals import rational
from verishallow.records.walk import Step

SIDES = (("low", 1), ("high", -1))


@dataclass(frozen=True, slots=True)
class Sample:
    """A reason with its forms: it proves ``form >= bound`` where every constraint holds and the equations vanish.

    ``rule`` is "active", "inactive", "redundant", "absent", "low" or "high"; ``place`` is what it is
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
        """The constant ``l_0`` of the identity, which is verified."""
        return self.reason.lower_bound(self.form, self.constraints, self.equations)


@dataclass(frozen=True, slots=True)
class _Found:
    """A reason as written in the file, what it is about, and the record that contains it."""

    rule: str
    about: tuple[int, ...]
    pairs: list[Any]
    step: Step

    def weight(self) -> tuple[bool, int]:
        """Reasons of two constraints or more first, then short ones."""
        return len(self.pairs) < 2, len(json.dumps(self.pairs))


def samples(certificate: Certificate) -> tuple[Sample, ...]:
    """Reasons for a stable neuron, a redundant constraint, an absent face, and a bound, if the certificate has them.

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
    for step in certificate.steps():
        match step.kind:
            case "layer" | "stable":
                for rule in ("active", "inactive"):
                    decided = (((step.place.layer, neuron), pairs) for neuron, pairs in step.record[rule])
                    yield from (_Found(rule, about, pairs, step) for about, pairs in decided)
            case "redundant":
                for dropped, pairs in step.record["constraints"]:
                    yield _Found("redundant", (dropped,), pairs, step)
            case "leaf":
                yield from _of_a_leaf(step, certificate)


def _of_a_leaf(step: Step, certificate: Certificate) -> Iterator[_Found]:
    for face, pairs in step.record.get("absent", ()):
        yield _Found("absent", tuple(face), pairs, step)
    sides = [(bound, side) for bound in certificate.header.get("bounds", ()) for side, _ in SIDES if side in bound]
    for (bound, side), pairs in zip(sides, step.record.get("bounds", ()), strict=False):
        yield _Found(side, (bound["output"],), pairs, step)


def _sample(certificate: Certificate, found: _Found) -> Sample:
    domain = certificate.domain.inequalities
    constraints = (*domain, *path_constraints(certificate.explored, found.step.place))
    reason = FarkasCertificate(tuple((number, rational(text)) for number, text in found.pairs))
    equations = found.about[:-1] if found.rule == "absent" else ()
    form = _form(certificate, found, constraints)
    return Sample(found.rule, found.about, found.step.line, form, reason, constraints, len(domain), equations)


def _form(certificate: Certificate, found: _Found, constraints: tuple[AffineForm, ...]) -> AffineForm:
    """The form that the reason bounds below."""
    network, about = certificate.explored, found.about
    match found.rule:
        case "active" | "inactive":
            form = network.pre_activations_for(padded(network, found.step.place.pattern))[about[0] - 1][about[1]]
            return form if found.rule == "active" else -form
        case "low" | "high":
            entry = next(bound for bound in certificate.header["bounds"] if bound["output"] == about[0])
            form = network.affine_map_for(found.step.place.whole_pattern()).forms[about[0]]
            value = AffineForm((rational(entry[found.rule]), *(mpq(0),) * form.dimension))
            return form - value if found.rule == "low" else value - form
    return constraints[about[-1]]
