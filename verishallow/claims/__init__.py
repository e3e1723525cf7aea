"""What a certificate can claim, one file per claim or construction, and the list of all of them."""

from verishallow.claims.construction import Construction
from verishallow.claims.equality import CELLS
from verishallow.claims.finite import FINITE
from verishallow.claims.gated import GATED
from verishallow.claims.merge import MERGE
from verishallow.claims.one_hidden import ONE_HIDDEN
from verishallow.claims.quantised import QUANTISED

CONSTRUCTIONS: dict[str, Construction] = {
    construction.name: construction for construction in (CELLS, MERGE, GATED, QUANTISED, ONE_HIDDEN, FINITE)
}
"""The constructions of three-layer networks, by their names."""
