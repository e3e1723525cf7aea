"""The constructions, as an option names them."""

from verishallow.claims import CONSTRUCTIONS

WHAT = (f"{name} ({construction.what})" for name, construction in CONSTRUCTIONS.items())
HELP = f"Of the three-layer network: {', '.join(WHAT)}."
