"""The claim ``counterexample``: a point of D is unsafe; it is evaluated exactly."""

from verishallow.claims.claim import ClaimKind

COUNTEREXAMPLE = ClaimKind("counterexample", "Certificate of a counterexample of a {ReLU} network", "26", asked=False)
