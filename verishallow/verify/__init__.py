"""Properties of networks decided exactly, without listing regions: what is claimed, and how it is proved.

A property says that no point of a domain D is unsafe: (x, f(x)) lies in none of several conjunctions of affine rows.
Its proof is a tree of cells. On each leaf every conjunction is refuted by one lower bound, found by substitution
backwards through the layers (:mod:`verishallow.verify.relaxation`); cells are halved in the box of inputs, or split by
the sign of a neuron. Floats only say what to try: whatever is written has been computed over the integers.

>>> import verishallow
>>> from verishallow.read.properties.sugar import bounds
>>> from verishallow.verify.verification import verify
>>> modulus = verishallow.ReLUNetwork.of([([[1], [-1]], [0, 0]), ([[1, 1]], [0])])
>>> bool(verify(modulus, bounds(modulus, "box:-1,2", high={0: 2})))
True

Verdicts are about real arithmetic. A search depends on the number of nodes that it may bound, not on a clock; one that
is stopped leaves open nodes, from which another goes on.
"""
