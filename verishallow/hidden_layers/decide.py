"""How many hidden layers a function needs: none, one, or more, decided exactly, with the reason either way.

A function is ``affine + sum of w ReLU(h)`` on a domain if and only if, along each hyperplane that carries a kink, the
gradient jumps by the same vector everywhere in the interior of the domain; where there is no kink the jump is 0. So the
reason for "no" is two points of one hyperplane with different jumps, and for "yes" a network that is proved equal.
"""

from dataclasses import dataclass, fields
from functools import cached_property

from verishallow.certificate.certificate import Certificate
from verishallow.claims.one_hidden import OneHidden
from verishallow.errors import InputError
from verishallow.proof import prove
from verishallow.read import load
from verishallow.read.domains.usable_domain import Domain, usable_domain
from verishallow.read.sources import Model
from verishallow.shallow.decision import DepthDecision, decision


@dataclass(frozen=True)
class Depth(DepthDecision):
    """How many hidden layers a network's function needs on a domain, why, and a certificate if one is enough."""

    @cached_property
    def certificate(self) -> Certificate:
        """The proof of "yes": the network equals the explicit one on the whole domain.

        Raises :class:`~verishallow.errors.InputError` if more than one hidden layer is needed.
        """
        if self.explicit is None:
            raise InputError(f"no network with one hidden layer equals this one: {self.reason}")
        return prove(self.network, self.domain, claim=OneHidden(self.explicit))

    def holds(self) -> bool:
        """Check the reason again: the proof of "yes", or the jumps of "no", recomputed from the network."""
        return self.jumps_differ() if self.explicit is None else self.certificate.check().kind == "valid"


def depth(network: Model, domain: Domain = None) -> Depth:
    """Decide whether a network's function is affine on a domain, needs one hidden layer, or needs more.

    ``domain`` is full-dimensional; by default all of R^n. With one input one hidden layer is always enough. Source for
    the least number of neurons of scalar functions on R^n: Dereich & Kassing, arXiv 2108.05643.

    >>> from verishallow import ReLUNetwork, depth
    >>> maximum = ReLUNetwork.of([([[1, -1]], [0]), ([[0, 1, 1]], [0], [0, 1])])
    >>> depth(maximum).least_neurons
    (3, 3)
    >>> found = depth(ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])]))
    >>> found.hidden_layers, found.reason
    (2, 'on the hyperplane x0 = 0 the gradient jumps at (0, 1) by (0, 0) and at (0, -1) by (1, 0)')
    """
    read = load(network)
    found = decision(read, usable_domain(domain, read.inputs))
    return Depth(**{field.name: getattr(found, field.name) for field in fields(found)})


def enough(inputs: int) -> int:
    """A number of hidden layers that is enough for every piecewise linear function of this number of inputs.

    Sources: arXiv 2503.13001 for two inputs, arXiv 2505.14338 from three on.

    >>> [enough(inputs) for inputs in (1, 2, 3, 4, 5, 10, 11)]
    [1, 2, 2, 2, 3, 3, 4]
    """
    if inputs < 3:
        return inputs
    layers = 0
    while 3**layers < inputs - 1:
        layers += 1
    return layers + 1
