"""Three-layer networks: the guide of constructions and their sizes, of hidden layers, and of the paper's notation.

Every deep ReLU network f equals a network S of three layers, two of them hidden, with weights in the extended reals
(Villani & Schoots, arXiv 2306.11827). A function has several such networks; `--construction` chooses one.

| construction | its cells | infinite weights | for |
|---|---|---|---|
| `cells` | all activation regions | yes | every network, every domain; the default |
| `merge` | convex pieces on which the function is affine | yes | functions with few pieces |
| `gated` | those of all hidden layers but the last two | with three hidden layers or more | deep networks |
| `quantised` | all activation regions | none | inputs on a grid (`--grid 1/255`), a bounded domain |
| `finite` | none: the kinks of the function | none | one input or two |
| `one-hidden` | none: one hidden layer | none | where one hidden layer is enough |

`verishallow shallow NETWORK --construction merge` writes the certificate, `verishallow shallow NETWORK --compare`
prints the size of every construction beside the deep network's.

>>> import verishallow
>>> corner = verishallow.ReLUNetwork.of([([[1, 0], [0, 1]], [0, 0]), ([[1, -1]], [0]), ([[1]], [0])])
>>> cells = verishallow.prove(corner, "box:-1,1")
>>> finite = verishallow.prove(corner, "box:-1,1", claim=verishallow.finite(corner, "box:-1,1"))
>>> cells.counts["units"], cells.shallow.layer2.infinite_weights()
({'layer1': 10, 'layer2': 22}, 58)
>>> finite.counts["units"], finite.check().kind
({'layer1': 6, 'layer2': 6}, 'valid')

**`merge`** has one leaf per convex piece of the function: it cuts only where the function itself bends, and a proof
below each piece shows that every cell in it has the piece's map. The 433 activation regions of `tll_n2_m8_0.onnx` on
`box:-2,2` become 6 leaves, for 5 affine pieces. If the pieces of a function are not convex there may be more
leaves than cells.

**`gated`** makes cells only for the hidden layers before the last two, whose neurons become units themselves: networks
with one or two hidden layers keep their neurons, without any cell and without any weight -inf; the only further units
pass the inputs through, or are read by none. It needs a fourth of the cells of random networks with three hidden
layers, and saves nothing if nearly all kinks come from the front layers. Neither `merge` nor `gated` claims a number
of activation regions.

**`finite`**, for one input or two, has one hidden layer or two, made of the kinks of the function. The proof of
equality compares the jumps of the gradient, stretch by stretch on each line. It has three to five neurons per linear
region, both hidden layers together. Exported (`--to onnx`, `torch`, `npz`) it is an ordinary network in float64 that
any framework trains further (`notebooks/finite_weights.ipynb`).

**`quantised`** is for inputs on a known grid: pixels k/255, or the numbers of a sensor (`1/255@0,1/10@1/20`, a step
and an offset per input, if they differ). In place of -inf its gates have one finite weight. On the grid there is a gap
between the last value of a hyperplane's form on one side and the first one on the other: the gate is shifted into this
gap. The weight is the least power of two with which each gate alone outweighs the map of its leaf, wherever the gate is
positive in the domain; one linear program per leaf, gate and output proves it. Equality is claimed at every grid point
of the bounded domain, those on boundaries included.

**`--units one`** (for `cells` and `merge`) needs one unit of layer 2 per face and output instead of two, if all
outputs are bounded below: then `F - low` is not negative on its cell, and each leaf has the reason.

**Trimming.** `verishallow trim CERT --domain D -o OUT` keeps what a part of the domain needs: the new certificate is
proved there, by the same construction, and claims equality on all of it. `verishallow trim CERT --data FILE.npy -o
OUT` keeps only the cells that these points visit. Each leaf has its own signed faces, so its units add up to f on its
half-open cell and to 0 elsewhere, with or without the other leaves. The trimmed certificate claims
`equality-on-cells`: equality on the kept half-open cells and nowhere else. If another claim is expected (by `--claim
equality`, by the checker's `--domain` without the name of that claim, by the plug-in for pytest), it is invalid.
Exports that show all of the domain refuse it.

## What exact boundaries cost

`--boundary exact`, the default, claims equality everywhere. Facets shared by two cells must then not count twice, so
each cell has signed faces: about 2, 4, 7, 12 per region for n = 1..4 inputs on R^n, towards 2^n; fewer on a
box, whose own boundary needs none. Each face takes two units of layer 2 per output. `--boundary ignore` keeps the
cells alone and claims S(x) = k(x) f(x) with k(x) the number of closed cells that contain x: equality off the
hyperplanes where cells meet. `notebooks/signed_faces.ipynb` draws why.

Measured sizes of all constructions are in `tests/benchmarks/RESULTS.md`, and `notebooks/sizes_of_constructions.ipynb`
discusses them. None of them is smaller than its deep network: depth is traded for width.

## How many hidden layers?

`verishallow depth NETWORK` decides exactly whether the function is affine, has one hidden layer, or needs more. "One"
comes with the network, the least number of neurons if it is known (arXiv 2108.05643), and a certificate; "more" comes
with two points of one hyperplane at which the gradient jumps differently, which anyone can recompute:

>>> print(verishallow.depth(corner).reason)
on the hyperplane x0 = 0 the gradient jumps at (0, 1) by (0, 0) and at (0, -1) by (1, 0)
>>> print(verishallow.depth(corner, "box:[1,2]x[-5,5]").reason)
2 neurons are enough, and fewer are not

With one input one hidden layer is always enough. `verishallow depth NETWORK --bases` writes the function in one-sided
and two-sided basis functions (arXiv 2411.06728) and reads a trained network knot by knot: the sum on each interval, and
which neurons are dead, alike, or cancel. `verishallow.from_points(xs, ys)` is the network through given points, without
any training:

>>> verishallow.from_points([0, 1, 3], [1, 2, 0])([2])
(mpq(1,1),)

## The paper's notation and the code's

| paper | here |
|---|---|
| deep network f, weights W_k, biases b_k | `ReLUNetwork`, its `layers`: `Layer.weight`, `Layer.bias` |
| activation pattern | `Region.pattern`, `ReLUNetwork.pattern_at(x)` |
| (closed) region, polytope P_i with H-representation | `Region.polyhedron`, `h_representation`, `v_representation` |
| affine map of f on a region | `Region.affine_map`, `ReLUNetwork.affine_map_for(pattern)` |
| extended reals, 0 * inf = 0 | `ExtendedRational` |
| the three-layer (shallow) network S | `Certificate.shallow`: `ThreeLayerNetwork` with `layer1`, `layer2`, `layer3` |
| indicator neurons of half-spaces, weight -inf | violation units of layer 1, `infinite_weights()` of layer 2 |
| f = S | the claim `Equality`, `prove(network, domain)` |

Half-spaces are `b + a.x >= 0` throughout, with the row `[b, a]`.

## Questions that readers of the paper ask

- **Is this universal approximation?** No. Nothing is approximated: the three-layer network is the same function, at
  every point, and the certificate proves it. It is an identity, and it may be large.
- **Transformers?** No. Attention multiplies activations with each other; such a product is not piecewise linear, and
  the reader refuses it with an error that names the operator.
- **Can the three-layer network be trained?** Not as it stands: infinite weights have no gradient. It is a way to read
  and to prove a trained network. For one input or two there is an equal network of finite weights, which can be trained
  (`notebooks/finite_weights.ipynb`).
- **Does it save computation at inference?** Hardly ever: it has only two hidden layers, but they are wide.
  `notebooks/size_and_speed.ipynb` measures it.
"""
