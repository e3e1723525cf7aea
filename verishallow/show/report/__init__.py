"""The report: one page about a certificate, to be read in any browser, without a network and without a server."""

from collections.abc import Sequence

from verishallow.errors import InputError, require
from verishallow.explain import Names
from verishallow.read.domains.usable_domain import Domain
from verishallow.read.sources import Model
from verishallow.show.certified import certified
from verishallow.show.report.contents import Contents
from verishallow.show.report.page import page
from verishallow.show.report.verification_page import verification_page
from verishallow.show.verified import verified

__all__ = ["Contents", "page", "report"]


def report(
    function: Model,
    title: str = "A ReLU network",
    names: Sequence[str] | None = None,
    output_names: Sequence[str] | None = None,
    volumes: bool | None = None,
    domain: Domain = None,
) -> bytes:
    """The page about a certificate, as UTF-8: the same certificate gives the same bytes.

    ``function`` is a certificate, or its file; a network, its file or a model is proved first, on the ``domain``.

    A certificate of a property, which may be incomplete, or of a counterexample has a page of the verification: the
    property, the tree and its leaves, or the point.

    ``names`` are those of the features. ``volumes`` says whether to compute volumes and what follows from them on a
    bounded domain (shares, means, feature importance); by default, where that is quick. The certificate is
    checked first. Raises :class:`~verishallow.errors.InvalidCertificateError` if it is not valid.

    >>> from verishallow import ReLUNetwork, prove
    >>> written = report(prove(ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])]), "box:-1,1"), "|x| & <b>")
    >>> written[:15], b"<h1>|x| &amp; &lt;b&gt;</h1>" in written
    (b'<!DOCTYPE html>', True)
    """
    require("title", title, str, "a text")
    if (found := verified(function)) is not None:
        _require_fitting(volumes, domain)
        return verification_page(found, title, names, output_names)
    certificate = certified(function, domain)
    network = certificate.network
    called = Names.of(network.inputs, network.outputs, names, output_names)
    return page(Contents.of(certificate, called, title, volumes))


def _require_fitting(volumes: bool | None, domain: Domain) -> None:
    """Refuse what a page of a verification has not."""
    if domain is not None:
        raise InputError("a certificate has its own domain, found another")
    if volumes:
        raise InputError("volumes: a certificate of a property lists no regions, whose volumes would be computed")
