"""Properties of a network: a domain whose rows may be strict, and what is unsafe there."""
