"""A certificate as one object: the deep network, the three-layer one, and the proof between them."""
