"""Exact linear regions: the guide of engines and counts; the cell tree, and what is read off it.

`verishallow regions NETWORK` counts without a proof: regions, pieces, f-vector, Euler characteristic, and how far the
search was pruned. `verishallow prove NETWORK --claim regions` proves the number.

>>> import verishallow
>>> network = verishallow.load("proofs/iris/network.onnx")
>>> (part,) = verishallow.parts_of("proofs/iris/domain.json", network.inputs)
>>> found = verishallow.enumerate_regions(network, part.polyhedron)
>>> found.activation_regions, found.affine_pieces, found.linear_regions
(34, 21, 21)
>>> cells = verishallow.polyhedral_complex(network, "proofs/iris/domain.json")
>>> cells.f_vector, cells.euler_characteristic, len(cells.neighbours())
((185, 512, 517, 223, 34), 1, 69)

## Three counts, never mixed up

- **Activation regions** are the maximal open sets on which each neuron is positive, negative or identically zero.
- **Affine pieces** are the distinct affine maps.
- **Linear regions** are the maximal connected sets, through facets, on which the network is one affine map.

The first is certified; the other two are derived again by the symbolic reading (`verishallow check --symbolic`).
They are reported with the three-layer networks that have a leaf per region, for a few hundredths of the proof's time:
the signs of the neurons on a facet name it, so nobody looks at pairs of regions. Other claims, `--claim regions` too,
report neither, and compute neither.

Float tools get them wrong, on published networks and on random ones: `python -m tests.benchmarks miscounts` compares
their counts with the number that a certificate proves, and `tests/benchmarks/RESULTS.md` keeps one run. It takes no
exotic network: two hyperplanes of neurons that meet exactly in a corner suffice (`notebooks/float_miscounts.ipynb`).

## Engines

`--engine` chooses one of three. All make the same splits in the same order, and the tests hold them against each
other.

| engine | how | the default |
|---|---|---|
| `lattice` | refines all faces of the whole complex at once, one neuron after the other | up to six inputs |
| `tree` | searches cell by cell, with a floating-point linear program as an oracle | from seven inputs on |
| `cdd` | every cell by cddlib's exact generators: the readable reference | never |

In `lattice` vertices are integer vectors, and their signs are exact: one floating-point pass with a proved error
bound, exact integers where it does not decide. No general position is assumed. Unbounded domains need no box: rays are
vertices at infinity. In `tree` every answer of the oracle is proved again exactly.

A proof is written as a stream. The domain is split until each part has at most 4,096 regions. Only one such
part per worker is in memory at a time; the counts of affine pieces and linear regions, which concern all regions
together, keep a few words per piece.

The reference engine finds and proves some hundreds of regions per second for two or three inputs; the checker, in
plain Python, checks five to thirty times as many in the same time. The number of regions itself grows with width and
depth: verishallow is for networks whose regions can be listed. ACAS Xu, on the whole of its five-dimensional box, has
far more. Speeds, also beside other tools, are in `tests/benchmarks/RESULTS.md`.
"""
