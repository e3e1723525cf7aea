"""The numbers of a certificate that a paper may quote: what each counts, and whether it is certified."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from verishallow.certificate.certificate import EQUALITIES, Certificate

REPORTED = ("affine_pieces", "linear_regions")
"""Counts of the end record that the checker does not verify."""

OF_THE_CONTAINER = ("record", "sha256", "open")
"""Members of the end record that are not sizes; ``open`` is 0 in a valid certificate."""


@dataclass(frozen=True, slots=True)
class Fact:
    """A number in words; ``standing`` is "given", "certified" by the checker, "derived" or "reported".

    Derived numbers are counted from units that the checker derives and compares; reported ones by the prover alone.
    """

    words: str
    value: int
    standing: str


def facts(certificate: Certificate) -> tuple[Fact, ...]:
    """The sizes of the whole network, the domain and the file, all counts of the end record, and the weights of ``S``.

    >>> from verishallow import ReLUNetwork, prove
    >>> for fact in facts(prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])))[8:11]:
    ...     print(fact.words, fact.value, fact.standing)
    certificate bytes 1092 given
    activation regions 2 certified
    affine pieces 2 reported
    """
    return (*_given(certificate), *_counted(certificate.counts), *_derived(certificate))


def _given(certificate: Certificate) -> Iterator[Fact]:
    network = certificate.whole_network
    sizes = {
        "inputs": network.inputs,
        **({"slice parameters": certificate.slice.parameters} if certificate.slice else {}),
        "outputs": network.outputs,
        "hidden layers": len(network.hidden),
        "hidden neurons": sum(layer.width for layer in network.hidden),
        "weights": sum(len(row) for layer in network.layers for row in layer.weight),
        "biases": sum(layer.width for layer in network.layers),
        "domain inequalities": len(certificate.domain.inequalities),
        "certificate lines": len(certificate.lines),
        "certificate bytes": sum(map(len, certificate.lines)),
    }
    return (Fact(words, value, "given") for words, value in sizes.items())


def _counted(record: Mapping[str, Any], before: str = "") -> Iterator[Fact]:
    for name, value in record.items():
        if isinstance(value, dict):
            yield from _counted(value, f"{name.replace('_', ' ')} in ")
        elif isinstance(value, int) and name not in OF_THE_CONTAINER:
            words = before + name.replace("_", " ").replace("layer", "layer ")
            yield Fact(words, value, "reported" if name in REPORTED else "certified")


def _derived(certificate: Certificate) -> Iterator[Fact]:
    if certificate.claim not in EQUALITIES:
        return
    layers = (certificate.shallow.layer1, certificate.shallow.layer2, certificate.shallow.layer3)
    infinite = sum(layer.infinite_weights() for layer in layers)
    yield Fact("infinite weights", infinite, "derived")
    yield Fact("finite weights", sum(layer.nonzeros() for layer in layers) - infinite, "derived")
