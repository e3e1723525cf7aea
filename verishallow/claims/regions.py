"""The claim ``regions``: the exact number of activation regions of f in D."""

from dataclasses import dataclass
from typing import ClassVar

from verishallow.claims.claim import Claim, ClaimKind


@dataclass(frozen=True, slots=True)
class RegionCount(Claim):
    """The claim of the exact number of activation regions.

    >>> from verishallow import ReLUNetwork, prove
    >>> modulus = ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
    >>> prove(modulus, claim=RegionCount()).counts["activation_regions"]
    2
    """

    name: ClassVar[str] = "regions"


REGIONS = ClaimKind(RegionCount.name, "Certificate of the number of activation regions of a {ReLU} network", "16")
