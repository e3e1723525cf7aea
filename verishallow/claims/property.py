"""The claim ``property``: no point of D is unsafe; its records are written where proofs of properties are found."""

from verishallow.claims.claim import ClaimKind

PROPERTY = ClaimKind("property", "Certificate of a property of a {ReLU} network", "25", asked=False)
