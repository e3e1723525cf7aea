"""The subject of an explanation: a network or a certificate, its domain and slice, and the names of its features."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verishallow.certificate.certificate import Certificate
from verishallow.cli.slicing import Where
from verishallow.explain import Names
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read import load
from verishallow.read.domains.strict import NOT_STRICT, StrictRows
from verishallow.read.files import is_certificate
from verishallow.slices import Slice


@dataclass(frozen=True, slots=True)
class CommandSubject:
    """A function on a domain, which on a slice is one of parameters; ``network`` is the deep network."""

    function: ReLUNetwork | Certificate
    network: ReLUNetwork
    domain: Polyhedron
    names: Names
    slice: Slice | None = None
    strict: StrictRows = NOT_STRICT

    @property
    def through(self) -> str:
        """The network whose units are read."""
        return "three-layer network" if isinstance(self.function, Certificate) else "network"


def listed(names: str | None) -> list[str] | None:
    """Names separated by commas."""
    return None if names is None else names.split(",")


def feature_names(names: str | None, on_slice: Slice | None) -> Sequence[str] | None:
    """The given names; on a slice by default those of its parameters."""
    return listed(names) or (on_slice.parameter_names if on_slice else None)


def subject_named(
    file: Path,
    where: Where,
    names: str | None,
    output_names: str | None,
    *,
    logits: bool,
    batch_axis: bool,
    normalised: bool,
) -> CommandSubject:
    """The network or the certificate in a file; a certificate on its own domain, read through its three layers."""
    if is_certificate(file):
        where.refuse()
        found = Certificate.read(file)
        called = _names(found.network, found.slice, names, output_names)
        return CommandSubject(found, found.network, found.domain, called, found.slice)
    network = load(os.fsdecode(file), logits=logits, batch_axis=batch_axis, normalised=normalised)
    part = where.only_part(network)
    restricted = part.slice.restricted(network) if part.slice else network
    called = _names(restricted, part.slice, names, output_names)
    return CommandSubject(restricted, restricted, part.polyhedron, called, part.slice, part.strict)


def _names(network: ReLUNetwork, on_slice: Slice | None, names: str | None, output_names: str | None) -> Names:
    return Names.of(network.inputs, network.outputs, feature_names(names, on_slice), listed(output_names))
