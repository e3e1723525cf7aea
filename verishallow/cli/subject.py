"""What is to be explained: a network or a certificate, where, and what its features are called."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from verishallow.certificate import Certificate, is_certificate
from verishallow.cli.slicing import slice_named
from verishallow.errors import InputError
from verishallow.explain import Names
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.proof import parts_of
from verishallow.read import load
from verishallow.slices import Slice

Ends = tuple[str, str] | None
Corners = tuple[str, str, str] | None


@dataclass(frozen=True, slots=True)
class Subject:
    """A function on a domain, on a slice of the parameters; ``network`` is the deep one behind it."""

    function: ReLUNetwork | Certificate
    network: ReLUNetwork
    domain: Polyhedron
    names: Names
    slice: Slice | None = None

    @property
    def through(self) -> str:
        """Whose units are read."""
        return "three-layer network" if isinstance(self.function, Certificate) else "network"


def listed(names: str | None) -> list[str] | None:
    """Names separated by commas."""
    return None if names is None else names.split(",")


def subject_of_certificate(file: Path, given: Sequence[object], names: str | None, outputs: str | None) -> Subject:
    """The three-layer network of a certificate, on its domain; ``given`` are options that only networks have."""
    if any(given):
        raise InputError("a certificate has its own domain: leave out --domain, --line, --plane and --slice")
    found = Certificate.read(file)
    return Subject(found, found.network, found.domain, _names(found.network, found.slice, names, outputs), found.slice)


def subject_of_network(
    network: ReLUNetwork, domain: str | None, embedding: Slice | None, names: str | None, outputs: str | None
) -> Subject:
    """A network on a domain, restricted to the slice."""
    (part,) = parts_of(domain, network.inputs, embedding, most=1)
    restricted = part.slice.restricted(network) if part.slice else network
    return Subject(restricted, restricted, part.polyhedron, _names(restricted, part.slice, names, outputs), part.slice)


def subject_named(
    file: Path,
    domain: str | None,
    line: Ends,
    plane: Corners,
    slice_file: Path | None,
    names: str | None,
    outputs: str | None,
    *,
    logits: bool,
    normalised: bool,
) -> Subject:
    """The network or the certificate in a file."""
    if is_certificate(file):
        return subject_of_certificate(file, (domain, line, plane, slice_file), names, outputs)
    network = load(os.fsdecode(file), logits=logits, normalised=normalised)
    return subject_of_network(network, domain, slice_named(network.inputs, line, plane, slice_file), names, outputs)


def _names(network: ReLUNetwork, embedding: Slice | None, names: str | None, outputs: str | None) -> Names:
    """On a slice the features are its parameters."""
    parameters = embedding.parameter_names if embedding else None
    return Names.of(network.inputs, network.outputs, listed(names) or parameters, listed(outputs))
