"""The subject of a picture: a function on a domain, and the names of its features and outputs."""

from collections.abc import Sequence
from dataclasses import dataclass

from verishallow.certificate.certificate import Certificate
from verishallow.certificate.meant import function_of
from verishallow.errors import InputError
from verishallow.explain.names import Names
from verishallow.network import ReLUNetwork
from verishallow.polyhedron import Polyhedron
from verishallow.read.domains.usable_domain import Domain, parts_of
from verishallow.read.sources import Model
from verishallow.slices import Slice


@dataclass(frozen=True, slots=True)
class Subject:
    """A network on a full-dimensional domain; on a slice, both in its parameters."""

    network: ReLUNetwork
    domain: Polyhedron
    names: Names
    on_slice: Slice | None = None

    @property
    def where(self) -> str:
        """On a slice a prefix that says so and names the parameters; else an empty text."""
        if self.on_slice is None:
            return ""
        parameters = f"parameter{'' if self.network.inputs == 1 else 's'} {', '.join(self.names.features)}"
        return f"a slice of R^{self.on_slice.inputs}, {parameters}: "

    def require_inputs(self, *allowed: int) -> None:
        """Refuse a function that cannot be drawn, and say how it can."""
        inputs = self.network.inputs
        if inputs not in allowed:
            expected = " or ".join(map(str, allowed))
            raise InputError(
                f"plot: expected a function of {expected} inputs, found {inputs}. "
                "Draw a line or a plane through a larger space: --line P Q, --plane P Q R, or --slice FILE"
            )


def subject_of(
    function: Model,
    domain: Domain = None,
    on_slice: Slice | None = None,
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
) -> Subject:
    """A network on a domain (by default all of R^n) and a slice, or the network of a certificate on its domain.

    A file or a model is as good as the network that it holds, and the file of a certificate as the certificate.

    >>> from verishallow import prove
    >>> subject_of(prove(ReLUNetwork.of([([[1]], [0]), ([[2]], [1])]), "box:-1,1")).names
    Names(features=('x0',), outputs=('y0',))
    """
    function = function_of(function)
    if isinstance(function, Certificate):
        if domain is not None or on_slice is not None:
            raise InputError("plot: a certificate has its own domain, found another")
        network, usable, on_slice = function.network, function.domain, function.slice
    else:
        (part,) = parts_of(domain, function.inputs, on_slice, most=1)
        on_slice = part.slice
        network, usable = on_slice.restricted(function) if on_slice else function, part.polyhedron
    parameters = on_slice.parameter_names if on_slice else None
    named = Names.of(network.inputs, network.outputs, names or parameters, output_names)
    return Subject(network, usable, named, on_slice)
