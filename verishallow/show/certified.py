"""The certificate that a page or a picture is about: one that exists, or the proof of what is named."""

from verishallow.certificate.certificate import Certificate
from verishallow.certificate.meant import function_of
from verishallow.errors import InputError
from verishallow.proof import prove
from verishallow.read.domains.usable_domain import Domain
from verishallow.read.sources import Model


def certified(function: Model, domain: Domain = None) -> Certificate:
    """A certificate, or that in a file; of a network, its file or a model the proof on a domain.

    >>> from verishallow import ReLUNetwork
    >>> certified(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]), "box:-1,2").claim
    'equality'
    """
    found = function_of(function)
    if not isinstance(found, Certificate):
        return prove(found, domain)
    if domain is not None:
        raise InputError("a certificate has its own domain, found another")
    return found
