"""The contents of a report: a checked certificate, its regions, and what can be computed from them on its domain."""

from dataclasses import dataclass
from functools import cached_property
from math import factorial

from gmpy2 import mpq

from verishallow.certificate.certificate import Certificate
from verishallow.checker import Verdict
from verishallow.errors import InputError, InvalidCertificateError
from verishallow.explain import Names, Summary, summarise, volume
from verishallow.polyhedron import Polyhedron
from verishallow.regions.region import Region
from verishallow.regions.region_shapes import containing_box

MOST_SIMPLICES = 200_000
"""Volumes are computed where the number of regions times n! is at most this."""

MOST_INPUTS_FOR_VOLUMES = 6
"""Inputs beyond which volumes are left out unless asked for."""


@dataclass(frozen=True)
class Contents:
    """A certificate with the stand-alone checker's verdict, and names of its features and outputs.

    ``volumes``: whether to compute volumes and what follows from them; ``None``: where that is quick.
    """

    certificate: Certificate
    verdict: Verdict
    names: Names
    title: str
    volumes: bool | None = None

    @classmethod
    def of(cls, certificate: Certificate, names: Names, title: str, volumes: bool | None = None) -> "Contents":
        """The contents, once the stand-alone checker has found the certificate valid.

        Raises :class:`~verishallow.errors.InvalidCertificateError` otherwise.
        """
        verdict = certificate.check()
        if verdict.kind != "valid":
            raise InvalidCertificateError(str(verdict))
        return cls(certificate, verdict, names, title, volumes)

    @property
    def inputs(self) -> int:
        """The dimension of the domain."""
        return self.certificate.domain.dimension

    @cached_property
    def no_regions(self) -> str | None:
        """Why no region is shown; ``None`` where they are."""
        try:
            self.certificate.regions  # noqa: B018 - asked for, to hear whether there are any
        except InputError as error:
            return (
                f"No region can be shown: {error}. A report with regions needs a certificate of the construction cells "
                "or merge; 'verishallow report NETWORK' makes one."
            )
        return None

    @cached_property
    def regions(self) -> tuple[Region, ...]:
        """The regions, if there are any."""
        return () if self.no_regions else self.certificate.regions

    @cached_property
    def bounded(self) -> bool:
        """Whether the domain is bounded."""
        return is_bounded(self.certificate.domain)

    @cached_property
    def no_volumes(self) -> str | None:
        """Why no volume is computed; ``None`` where they are."""
        if not self.bounded:
            return (
                "The domain is unbounded, so that shares of it and means over it do not exist. A bounded one: --domain."
            )
        if self.volumes is not None:
            return None if self.volumes else "Left out, as asked for (--no-volumes)."
        if self.inputs > MOST_INPUTS_FOR_VOLUMES:
            return (
                f"Exact volumes need all faces of all regions; with more than {MOST_INPUTS_FOR_VOLUMES} inputs (here "
                f"{self.inputs}) they are left out unless asked for (--volumes). A slice has fewer: --line, --plane."
            )
        if len(self.regions) * factorial(self.inputs) > MOST_SIMPLICES:
            return (
                f"Exact volumes of {len(self.regions)} regions with {self.inputs} inputs take minutes or more; they "
                "are left out unless asked for (--volumes)."
            )
        return None

    @cached_property
    def summary(self) -> Summary | None:
        """Means, ranges, importance and class shares, of a bounded domain."""
        if self.no_volumes is not None:
            return None
        names = self.names
        return summarise(self.certificate.network, self.certificate.domain, names.features, names.outputs)

    @cached_property
    def volume_of(self) -> tuple[mpq | None, ...]:
        """The volume of each region; ``None`` where it was not computed."""
        if self.summary is None:
            return (None,) * len(self.regions)
        # Pieces of several activation regions have no pattern, and cells of two networks have a longer one.
        known = {region.pattern: region.volume for region in self.summary.regions}
        return tuple(known.get(each.pattern) or volume(each.polyhedron) for each in self.regions)


def is_bounded(polyhedron: Polyhedron) -> bool:
    """Whether a non-empty polyhedron is bounded, by one linear program per direction; no vertex is listed.

    >>> is_bounded(Polyhedron.box([(0, 1)] * 20)), is_bounded(Polyhedron.of([[0, 1]]))
    (True, False)
    """
    return containing_box(polyhedron) is not None
